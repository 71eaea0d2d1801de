"""Many walks at random over what people press and time does, from seeds: what must always hold of a concern holds."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from council import (
    CARE,
    CARERS,
    COLIN,
    DANIEL,
    DOREEN,
    FARAH,
    HELEN,
    IMRAN,
    MARCUS,
    PRIYA,
    ROADS,
    SUNITA,
    TOM,
    WENDY,
    Council,
    at,
    minutes,
)  # fmt: skip

from handlers.concerns.case import Case, sender
from handlers.concerns.showing import concerns_of
from handlers.messages import Message, Outcome
from knowledge.concerns import record
from knowledge.concerns.clock import steps
from knowledge.concerns.drafts import keep_draft
from knowledge.concerns.moves import RULES, sight
from knowledge.concerns.nouns import IN_HAND, OPEN, Move, Sight, State
from knowledge.store import aware
from knowledge.tables import concern as concern_table
from knowledge.tables import notification, party

WALKS, LONGEST = 500, 5
PEOPLE = (DOREEN, IMRAN, PRIYA, SUNITA, TOM, HELEN, MARCUS, DANIEL, WENDY, COLIN, FARAH)
CARRIERS = (PRIYA, SUNITA, HELEN, TOM, WENDY, COLIN, DANIEL)
PROVIDER = "rota@harbourlight.example.org"
TEXTS = ("It is mended.", "Nothing has changed.", "Which street was it?")
CHANGES_STATE = {move for move, rule in RULES.items() if rule.after}


class Walk:
    """One concern, and what is done to it."""

    def __init__(self, council: Council, seed: int) -> None:
        self.council, self.chance = council, random.Random(seed)
        contract = self.chance.choice((CARE, CARERS, ROADS, "MCC-0013"))
        with council.store.writing() as connection:  # as a message would have left it, without the routing
            about = {"contracts": {contract: ""}, "service": "", "lacks": "", "member": ""}
            draft = keep_draft(connection, DOREEN, "", "No carer came to her again.", about, council.clock)
        at_risk = self.chance.random() < 0.1
        pressed = ("at_risk", draft) if at_risk else ("raise_new", f"{draft}|{contract}")
        self.reference = council.press(DOREEN, *pressed).concern

    def step(self) -> None:
        """Somebody presses something, or time passes, or a letter comes back."""
        does: tuple[Callable[[], None], ...] = (
            self._press, self._press_theirs, self._press_theirs, self._wait, self._provider, self._post, self._people,
        )  # fmt: skip
        self.chance.choice(does)()

    def _press(self) -> None:
        """Anybody anything: mostly refused."""
        self._make(self.chance.choice(PEOPLE), self.chance.choice(list(RULES)))

    def _press_theirs(self) -> None:
        """Somebody who may, what they are shown."""
        who = self.chance.choice((DOREEN, *CARRIERS))
        shown = [one.action for one in self.council.press(who, "open", self.reference).choices]
        if shown:
            self._make(who, Move(self.chance.choice(shown)))

    def _make(self, who: str, move: Move) -> None:
        fields = {
            Move.ASK_PROVIDER: {"to": PROVIDER, "text": self.chance.choice(TEXTS)},
            Move.PASS_ON: {"to": self.chance.choice(CARRIERS)},
            Move.WRONG_CONTRACT: {"contract": self.chance.choice((CARE, CARERS, ROADS, ""))},
            Move.CLOSE: {"outcome": self.chance.choice(("put_right", "explained", "not_ours")), "text": "So it is."},
            Move.NOT_FIXED: {"text": ""},
        }.get(move, {"text": self.chance.choice(TEXTS)})
        self.council.press(who, move.value, self.reference, **fields)

    def _wait(self) -> None:
        self.council.clock += timedelta(hours=self.chance.choice((0.1, 1, 5, 30, 200, 800)))
        self.council.tick()

    def _provider(self) -> None:
        waiting = [one.id for one in self.council.requests(self.reference) if one.open]
        if waiting:
            promised = (self.council.clock + timedelta(days=5)).date().isoformat()
            self.council.answer(waiting[0], promised=self.chance.choice(("", promised)))

    def _post(self) -> None:
        """For a moment nothing arrives at somebody's."""
        who = self.chance.choice((*CARRIERS, DOREEN, PROVIDER))
        self.council.post.dead["", who] = "bounced"
        self.council.post.deliver()
        self.council.post.dead.clear()
        with self.council.store.writing() as connection:
            connection.execute(sa.update(party).values(unreachable=""))

    def _people(self) -> None:
        name = self.chance.choice(("priya_venn", "sunita_marwood", "helen_straker", "wendy_larkspur"))
        gone = {"away_from": "2026-01-01"} if self.chance.random() < 0.5 else {"away_from": ""}
        self.council.list(**{name: gone})


def wrong(council: Council, reference: str) -> list[str]:
    """What does not hold of a concern that always should."""
    with council.store.reading() as connection:
        number = int(reference.partition("-")[2])
        made, events = record.concern(connection, number), record.events(connection, number)
        assert made, f"{reference} is in the record"
        case = Case(connection, council.desk, made, council.clock)
        check = aware(
            connection.execute(
                sa.select(concern_table.c.next_check_at).where(concern_table.c.id == number)
            ).scalar_one()
        )
        to_come = steps(made, events, case.requests, case.clock)
        told = connection.execute(
            sa.select(notification.c.subject, notification.c.kind, party.c.address)
            .join(party, notification.c.recipient == party.c.id)
            .where(notification.c.concern == number, notification.c.kind.in_(("news", "followed")))
        ).all()
        acting = case.acting
    taken = Counter((one.about["step"], one.about["phase"]) for one in events if "phase" in one.about)
    found = {
        "the last event says how it stands": events[-1].state is made.state,
        "an open concern has a holder": bool(made.holder),
        "somebody acts on it": bool(acting),
        "what waits has an open concern": made.waiting_since is None or made.open,
        "an ending is of a closed concern": (made.state is State.CLOSED) == (made.outcome is not None),
        "a closed concern says when": made.state is not State.CLOSED or made.closed_at is not None,
        "an answered concern says when": made.state is not State.ANSWERED or made.answered_at is not None,
        "in hand, somebody acknowledged it": made.state not in IN_HAND or made.acknowledged_at is not None,
        "the clock looks at it when something is due": check <= max(to_come[0].at, council.clock + timedelta(seconds=1))
        if to_come else check == record.FAR,
        "nobody waits for a provider of what is closed": made.state is not State.CLOSED
        or not any(one.open for one in case_requests(council, reference)),
        "each step was taken once": max(taken.values(), default=1) == 1,
        "each event was told once": len({(row.subject, row.address) for row in told}) == len(told),
        "each change of state is one event": changes(events),
    }  # fmt: skip
    return [f"{what}: {events[-1].move}" for what, holds in found.items() if not holds]


def seen_unlisted(council: Council, reference: str) -> list[str]:
    """Who sees a concern and does not find it among theirs, or the other way round."""
    number = int(reference.partition("-")[2])
    with council.store.reading() as connection:
        made = record.concern(connection, number)
        assert made
        case = Case(connection, council.desk, made, council.clock)
        people = [(who, sender(connection, Message(text="", addresses=(who,)))) for who in PEOPLE]
        day = council.desk.day
        listed = {who for who, one in people if number in {c.id for c in concerns_of(connection, one, day=day)}}
        seen = {who for who, one in people if sight(case.relations(one)) is not Sight.NOTHING}
    return sorted(listed ^ seen)


def case_requests(council: Council, reference: str) -> list[object]:
    return [one for one in council.requests(reference) if one.open]


def changes(events: list[record.Event]) -> bool:
    """Whether the state changed only at events whose move leads there."""
    before = State.RAISED
    for event in events[1:]:
        moved = event.state is not before
        may = event.move in CHANGES_STATE or event.move in (Move.PROVIDER_ANSWERS, Move.AT_RISK, Move.UNDELIVERED)
        expected = RULES[event.move].after if event.move in RULES else None
        if (moved and not may) or (expected and event.state is not expected):
            return False
        before = event.state
    return True


def walk(council: Council, seeds: range) -> None:
    """Walks from these seeds: on the way and at the end everything holds."""
    for seed in seeds:
        council.clock = at("2026-11-23", "10:00") + minutes(seed * 7)
        one = Walk(council, seed)
        for number in range(1 + seed % LONGEST):
            one.step()
            assert wrong(council, one.reference) == [], f"seed {seed}, step {number}"
        if seed % 10 == 9:
            assert seen_unlisted(council, one.reference) == [], f"seed {seed}"
        council.list(**{name: {"away_from": ""} for name in ("priya_venn", "sunita_marwood", "helen_straker")})
        assert council.press(DOREEN, "open", one.reference).outcome is Outcome.CONCERN
        if council.concern(one.reference).state in OPEN:
            council.press(DOREEN, "withdraw", one.reference)
        with council.store.writing() as connection:  # out of the way of the next walk
            connection.execute(sa.update(concern_table).values(next_check_at=record.FAR))
            connection.execute(sa.update(notification).values(state="sent"))
    assert council.errors == []


@pytest.mark.parametrize("part", range(10))
def test_whatever_is_pressed_everything_that_must_hold_holds(sqlite_council: Council, part: int) -> None:
    share = WALKS // 10
    walk(sqlite_council, range(part * share, (part + 1) * share))


def test_it_holds_on_the_other_engine(postgresql_council: Council) -> None:
    walk(postgresql_council, range(1000, 1007))


def test_the_walks_reach_every_state_and_most_moves(sqlite_council: Council) -> None:
    states, moves = set(), set()
    for seed in range(12):
        sqlite_council.clock = at("2026-11-23", "10:00") + minutes(seed)
        one = Walk(sqlite_council, seed)
        for _ in range(25):
            one.step()
            states.add(sqlite_council.concern(one.reference).state)
        moves |= {event.move for event in sqlite_council.events(one.reference)}
    assert states == set(State)
    assert len(moves) >= 16
