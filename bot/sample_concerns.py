"""A year of invented concerns of the sample council, so that its reports show something.

Nobody in them is real, and nothing is quoted: they were raised by Members who have left, and what was written is gone,
as it is after a year. Made by the same dice each time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.sample_year import ANYWHERE, DISTRICTS, REVIEWS, YEAR, About
from bot.wiring import Wiring
from knowledge.concerns.clock import Clock
from knowledge.concerns.nouns import Ending, Move, State
from knowledge.concerns.record import FAR
from knowledge.parties import party_of
from knowledge.register.holding import contract
from knowledge.tables import concern, concern_event, contract_review, personal_text, provider_request

_MEMBERS = ("former.member.one@example.org", "former.member.two@example.org", "former.member.three@example.org")
_ENDINGS = {Ending.PUT_RIGHT: 11, Ending.EXPLAINED: 5, Ending.NOT_UPHELD: 2, Ending.NOT_OURS: 1}
"""How often concerns end how."""
_QUESTION = "What happened, and what will be done so that it does not happen again?"


def load_year(wiring: Wiring) -> int:
    """Writes the year down and gives how many concerns it has; nothing where the record has concerns already."""
    with wiring.store.writing() as connection:
        if connection.execute(sa.select(concern.c.id).limit(1)).first():
            return 0
        maker = _Maker(connection, wiring)
        for about in YEAR:
            for number in range(about.many):
                maker.make(about, number)
        _reviews(connection, wiring.desk.now())
        return sum(about.many for about in YEAR)


def _reviews(connection: Connection, now: datetime) -> None:
    for key, outcome, ago in REVIEWS:
        held = now - timedelta(days=ago)
        of = contract(connection, key)
        row = {"contract": key, "due_on": held.date(), "outcome": outcome, "changes": "", "recorded_at": held,
               "next_on": of.contract.review if of else None}  # fmt: skip
        connection.execute(sa.insert(contract_review).values(**row))


class _Maker:
    """Concerns by dice."""

    def __init__(self, connection: Connection, wiring: Wiring) -> None:
        self._connection, self._levels, self._calendar = connection, wiring.desk.levels, wiring.desk.calendar
        self._now, self._dice = wiring.desk.now(), random.Random(8)  # noqa: S311 - no secret
        self._members = [party_of(connection, address) for address in _MEMBERS]
        row = {"kind": "request", "body": _QUESTION, "written_at": self._now}
        made = connection.execute(sa.insert(personal_text).values(**row).returning(personal_text.c.id))
        self._question = int(made.scalar_one())

    def make(self, about: About, number: int) -> None:
        """One concern and what happened to it."""
        level = self._levels.of(about.service, False)
        clock = Clock(level, self._calendar)
        raised = self._now - timedelta(days=self._dice.uniform(3, 358))
        acknowledge_by, answer_by = clock.deadlines(raised)
        row: dict[str, Any] = {
            "contract": about.contract, "service": about.service, "district": self._district(about),
            "level": level.name, "state": State.RAISED, "outcome": "", "at_risk": False,
            "raised_by": self._dice.choice(self._members), "holder_role": "contract manager", "origin": {},
            "source": f"sample:{about.contract}:{about.service}:{number}", "raised_at": raised,
            "acknowledge_by": acknowledge_by, "answer_by": answer_by, "next_check_at": FAR,
        }  # fmt: skip
        story = list(self._story(row, about))
        row = {name: value.value if isinstance(value, State) else value for name, value in row.items()}
        inserted = sa.insert(concern).values(**row).returning(concern.c.id)
        id = int(self._connection.execute(inserted).scalar_one())
        for at, move, state in story:
            event = {"concern": id, "at": at, "move": move.value, "state": state.value, "about": {}}
            self._connection.execute(sa.insert(concern_event).values(**event))
        if row["acknowledged_at"] and self._dice.random() < about.asks:
            self._ask(id, row, about)

    def _district(self, about: About) -> str:
        if about.district and self._dice.random() < 0.85:
            return about.district
        return self._dice.choices(DISTRICTS, ANYWHERE)[0]

    def _story(self, row: dict[str, Any], about: About) -> Iterator[tuple[datetime, Move, State]]:
        """What happened, as events; the concern is changed as it goes."""
        dice, raised = self._dice, row["raised_at"]
        row.update(acknowledged_at=None, answered_at=None, closed_at=None)
        yield raised, Move.RAISE, State.RAISED
        seen = self._between(raised, row["acknowledge_by"], dice.random() < about.late / 2)
        if seen > self._now:
            return
        row.update(acknowledged_at=seen, state=State.ACKNOWLEDGED)
        yield seen, Move.ACKNOWLEDGE, State.ACKNOWLEDGED
        told = max(seen, self._between(raised, row["answer_by"], dice.random() < about.late))
        if told > self._now:
            return
        row.update(answered_at=told, state=State.ANSWERED)
        yield told, Move.REPLY, State.ANSWERED
        closed = told + timedelta(days=dice.uniform(0.1, 6))
        if closed > self._now:
            return
        ending = dice.choices(list(_ENDINGS), list(_ENDINGS.values()))[0]
        row.update(closed_at=closed, state=State.CLOSED, outcome=ending.value)
        yield closed, Move.CLOSE, State.CLOSED
        yield from self._afterwards(row, closed, ending)

    def _between(self, start: datetime, by: datetime, late: bool) -> datetime:
        part = self._dice.uniform(1.05, 1.9) if late else self._dice.triangular(0.05, 0.98, 0.6)
        return start + (by - start) * part

    def _afterwards(
        self, row: dict[str, Any], closed: datetime, ending: Ending
    ) -> Iterator[tuple[datetime, Move, State]]:
        """What the Member said of it: some have it opened again, some say that it was put right, some say nothing."""
        dice, soon = self._dice, closed + timedelta(days=self._dice.uniform(1, 20))
        if dice.random() < 0.14 and soon + timedelta(days=8) < self._now:
            yield soon, Move.NOT_FIXED, State.REOPENED
            again = soon + timedelta(days=dice.uniform(2, 7))
            row.update(acknowledged_at=soon + timedelta(hours=5), acknowledge_by=soon + timedelta(days=1),
                       answered_at=again, answer_by=soon + timedelta(days=7), closed_at=again)  # fmt: skip
            yield again, Move.CLOSE, State.CLOSED
            closed = again
        asked = closed + timedelta(days=28)
        if asked < self._now and ending in (Ending.PUT_RIGHT, Ending.EXPLAINED):
            yield asked, Move.ASK_FIXED, State.CLOSED
            if dice.random() < 0.6 and asked + timedelta(days=2) < self._now:
                yield asked + timedelta(days=2), Move.PUT_RIGHT, State.CLOSED

    def _ask(self, id: int, row: dict[str, Any], about: About) -> None:
        asked = row["acknowledged_at"]
        by = asked + timedelta(days=5)
        answered: datetime | None = asked + timedelta(days=self._dice.uniform(0.5, 4.8))
        if self._dice.random() > about.fair:
            answered = by + timedelta(days=self._dice.uniform(0.5, 6))
        if answered and answered > self._now:
            answered = None
        values = {
            "concern": id, "contract": about.contract, "asked_by": self._members[0], "asked_of": self._members[0],
            "asked_at": asked, "answer_by": by, "answered_at": answered, "question": self._question, "chased": 0,
            "state": "answered" if answered else "ended",
        }  # fmt: skip
        self._connection.execute(sa.insert(provider_request).values(**values))
