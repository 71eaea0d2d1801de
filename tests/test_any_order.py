"""Moves in any order, at anybody's hand and at any time, beside a small model of what the record should say: concerns,
alerts, notifications, links that sign in."""

from __future__ import annotations

from datetime import timedelta

import hypothesis.strategies as st
import sqlalchemy as sa
from council import CARE, DANIEL, DOREEN, HELEN, IMRAN, PRIYA, SUNITA, WENDY, Council, at
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from strategies import sayings, tried
from test_concern_walks import seen_unlisted, wrong

from handlers.concerns.case import Case, sender
from handlers.messages import Message, Outcome
from knowledge import sign_in_links
from knowledge.concerns import record as concerns
from knowledge.concerns.drafts import keep_draft
from knowledge.concerns.moves import RULES, refusal
from knowledge.concerns.nouns import Move, State, number_of
from knowledge.outbox import claiming
from knowledge.outbox.owing import owe
from knowledge.store import Store
from knowledge.subscriptions import confirming, record
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.nouns import State as Alert
from knowledge.tables import concern as concern_table
from knowledge.tables import notification, subscription_filed

MONDAY = at("2026-11-23", "10:00")
PROVIDER = "rota@harbourlight.example.org"
SAYERS = st.sampled_from((DOREEN, IMRAN, PRIYA, SUNITA, HELEN, WENDY, DANIEL))


def walked(machine: type[RuleBasedStateMachine], few: int, steps: int, share: float = 0.05) -> None:
    """Walks a machine in any order, so many times and so many steps."""
    run_state_machine_as_test(machine, settings=_settings(few, steps, share))


def _settings(few: int, steps: int, share: float) -> object:
    from hypothesis import Phase, settings

    def nothing() -> None:
        """What settings are put on."""

    made = tried(few, share)(nothing)._hypothesis_internal_use_settings  # type: ignore[attr-defined]
    return settings(made, stateful_step_count=steps, phases=(Phase.generate,))


def concern_machine(council: Council) -> type[RuleBasedStateMachine]:
    class Concern(RuleBasedStateMachine):
        """One concern, pressed by anybody. The model is its state by the table of moves."""

        @initialize(minutes=st.integers(0, 20_000))
        def raised(self, minutes: int) -> None:
            council.clock = MONDAY + timedelta(minutes=minutes)
            about = {"contracts": {CARE: ""}, "service": "", "lacks": "", "member": ""}
            with council.store.writing() as connection:
                connection.execute(sa.update(concern_table).values(next_check_at=concerns.FAR))
                connection.execute(sa.update(notification).values(state="sent"))
                draft = keep_draft(connection, DOREEN, "", "No carer came to her again.", about, council.clock)
            self.reference = council.press(DOREEN, "raise_new", f"{draft}|{CARE}").concern
            self.state = State.RAISED

        @rule(who=SAYERS, move=st.sampled_from(list(RULES)), text=sayings, to=SAYERS)
        def press(self, who: str, move: Move, text: str, to: str) -> None:
            """Anybody presses anything: it is done where the rule allows it, and is refused where it does not."""
            refused, before = self._refused(who, move), council.concern(self.reference)
            events = len(council.events(self.reference))
            fields = {"text": text, "to": PROVIDER if move is Move.ASK_PROVIDER else to, "contract": CARE,
                      "outcome": "explained"}  # fmt: skip
            reply = council.press(who, move.value, self.reference, **fields)
            after, moved = council.concern(self.reference), len(council.events(self.reference)) > events
            if refused:
                assert not moved, f"{who} may not {move}: {refused}"
                assert after.state is before.state
            elif moved:
                last = [one for one in council.events(self.reference)[events:] if one.move is move]
                wanted = RULES[move].after
                assert not last or wanted is None or last[0].state is wanted
            else:
                assert reply.outcome in (Outcome.FORM, Outcome.REFUSED, Outcome.CONCERN), reply.outcome
            self.state = after.state

        def _refused(self, who: str, move: Move) -> str:
            with council.store.reading() as connection:
                made = concerns.concern(connection, number_of(self.reference) or 0)
                assert made
                case = Case(connection, council.desk, made, council.clock)
                known = case.relations(sender(connection, Message(text="", addresses=(who,))))
                return refusal(made, move, known, council.clock)

        @rule(hours=st.sampled_from((0.1, 1, 5, 30, 200, 800)))
        def wait(self, hours: float) -> None:
            council.clock += timedelta(hours=hours)
            council.tick()
            self.state = council.concern(self.reference).state

        @rule(text=sayings)
        def provider(self, text: str) -> None:
            for one in [one for one in council.requests(self.reference) if one.open][:1]:
                council.answer(one.id, text)

        @invariant()
        def everything_holds(self) -> None:
            if hasattr(self, "reference"):
                assert wrong(council, self.reference) == []
                assert council.errors == []

        def teardown(self) -> None:
            """Whatever was done, its Member can bring it to an end."""
            if not hasattr(self, "reference"):
                return
            assert seen_unlisted(council, self.reference) == []
            if council.concern(self.reference).state is not State.CLOSED:
                council.press(DOREEN, "withdraw", self.reference)
            assert council.concern(self.reference).state is State.CLOSED

    return Concern


def test_a_concern_moves_only_as_the_table_of_moves_allows(sqlite_council: Council) -> None:
    walked(concern_machine(sqlite_council), few=4, steps=8)


def alert_machine(store: Store) -> type[RuleBasedStateMachine]:
    class Alerts(RuleBasedStateMachine):
        """Alerts of one address, asked for, confirmed, paused, taken up, ended. The model: the state of each."""

        def __init__(self) -> None:
            super().__init__()
            self.model: dict[int, Alert] = {}
            self.links: list[tuple[str, int, bool]] = []
            self.now = MONDAY

        def _one(self, at: int) -> int:
            return list(self.model)[at % len(self.model)]

        def _move(self, at: int, move: object, before: set[Alert], after: Alert, *more: object) -> None:
            id = self._one(at)
            with store.writing() as connection:
                done = move(connection, id, *more, self.now)  # type: ignore[operator]
            assert done == (self.model[id] in before)
            self.model[id] = after if done else self.model[id]

        @rule()
        def ask(self) -> None:
            with store.writing() as connection:
                id = record.propose(
                    connection, self.now, recipient="a@example.org", owner="a@example.org", channel="email",
                    sentence="x", criteria=Criteria(words=("care",)), every="at once",
                )  # fmt: skip
            self.model[id] = Alert.UNCONFIRMED

        @precondition(lambda self: self.model)
        @rule(at=st.integers(0, 99))
        def send_link(self, at: int) -> None:
            id = self._one(at)
            with store.writing() as connection:
                found = record.by_number(connection, id)
                assert found
                link = confirming.make(connection, found, self.now)
            self.links = [(one, of, newest and of != id) for one, of, newest in self.links] + [(link, id, True)]

        @precondition(lambda self: self.links)
        @rule(at=st.integers(0, 99))
        def use_link(self, at: int) -> None:
            place = at % len(self.links)
            link, id, newest = self.links[place]
            good = newest and self.model[id] is Alert.UNCONFIRMED
            with store.writing() as connection:
                assert confirming.use(connection, link, self.now) == (id if good else None)
                assert confirming.use(connection, link, self.now) is None, "a link works once"
            self.links[place] = (link, id, False)
            self.model[id] = Alert.ACTIVE if good else self.model[id]

        @precondition(lambda self: self.model)
        @rule(at=st.integers(0, 99))
        def pause(self, at: int) -> None:
            self._move(at, record.pause, {Alert.ACTIVE}, Alert.PAUSED)

        @precondition(lambda self: self.model)
        @rule(at=st.integers(0, 99))
        def resume(self, at: int) -> None:
            self._move(at, record.resume, {Alert.PAUSED}, Alert.ACTIVE)

        @precondition(lambda self: self.model)
        @rule(at=st.integers(0, 99))
        def end(self, at: int) -> None:
            self._move(at, record.end, {Alert.UNCONFIRMED, Alert.ACTIVE, Alert.PAUSED}, Alert.ENDED, "unsubscribed")

        @rule(hours=st.integers(1, 30))
        def wait(self, hours: int) -> None:
            self.now += timedelta(hours=hours)
            self.links = [one for one in self.links if self.now - MONDAY < confirming.VALID]

        @invariant()
        def the_record_says_the_same(self) -> None:
            with store.reading() as connection:
                held = {one.id: one.state for one in record.numbered(connection, self.model)}
                filed = set(connection.execute(sa.select(subscription_filed.c.subscription)).scalars())
                listed = {one.id for one in record.of_somebody(connection, ["a@example.org"])}
            assert held == self.model
            assert filed & set(held) == {id for id, state in held.items() if state is Alert.ACTIVE}
            assert listed & set(held) == {id for id, state in held.items() if state in (Alert.ACTIVE, Alert.PAUSED)}

    return Alerts


def test_an_alert_is_what_its_model_says(store: Store) -> None:
    walked(alert_machine(store), few=8, steps=20)


def outbox_machine(store: Store) -> type[RuleBasedStateMachine]:
    class Outbox(RuleBasedStateMachine):
        """What is owed and two workers. The model: the state of each, and who holds it at which try."""

        def __init__(self) -> None:
            super().__init__()
            self.model: dict[str, str] = {}
            self.held: list[tuple[str, object]] = []
            with store.writing() as connection:
                connection.execute(sa.delete(notification))

        @rule(number=st.integers(0, 5), urgent=st.booleans())
        def owe_one(self, number: int, urgent: bool) -> None:
            """The same thing owed twice is one notification."""
            with store.writing() as connection:
                owe(connection, store.now(connection), kind="news", subject=f"s{number}", recipient="a@example.org",
                    urgent=urgent, due=store.now(connection), channel="email", about={})  # fmt: skip
                rows = connection.execute(sa.select(notification.c.id, notification.c.state)).all()
            assert len(rows) <= len(self.model) + 1
            for id, state in rows:
                self.model.setdefault(id, state)

        @rule(worker=st.sampled_from(("w1", "w2")), urgent=st.booleans(), count=st.integers(1, 3))
        def claim(self, worker: str, urgent: bool, count: int) -> None:
            found = claiming.claim(store, worker, "email", urgent=urgent, count=count)
            holding = {one.id for _, one in self.held if self._lives(one)}  # type: ignore[attr-defined]
            assert not holding & {one.id for one in found}, "nobody takes what another holds"
            assert all(self.model[one.id] == "waiting" for one in found)
            self.held += [(worker, one) for one in found]

        def _lives(self, owed: object) -> bool:
            with store.reading() as connection:
                query = sa.select(notification.c.lease_until >= store.now(connection), notification.c.attempts)
                row = connection.execute(query.where(notification.c.id == owed.id)).one()  # type: ignore[attr-defined]
            return bool(row[0]) and row[1] == owed.attempts  # type: ignore[attr-defined]

        @precondition(lambda self: self.held)
        @rule(at=st.integers(0, 99), how=st.sampled_from(("sent", "moot", "parked", "undeliverable", "again")))
        def settle(self, at: int, how: str) -> None:
            worker, owed = self.held[at % len(self.held)]
            newest = all(one.attempts <= owed.attempts for _, one in self.held if one.id == owed.id)  # type: ignore[attr-defined]
            other = "w2" if worker == "w1" else "w1"
            assert not claiming.settle_moot(store, owed, other), "another cannot settle it"  # type: ignore[arg-type]
            does = {
                "sent": lambda: claiming.settle_sent(store, owed, worker, {}),  # type: ignore[arg-type]
                "moot": lambda: claiming.settle_moot(store, owed, worker),  # type: ignore[arg-type]
                "parked": lambda: claiming.park(store, owed, worker, "x\u202e" * 300),  # type: ignore[arg-type]
                "undeliverable": lambda: claiming.settle_undeliverable(store, owed, worker, "gone"),  # type: ignore[arg-type]
                "again": lambda: claiming.settle_again(store, owed, worker, "busy", timedelta()),  # type: ignore[arg-type]
            }
            done = does[how]()
            assert done == (newest and self.model[owed.id] == "waiting")  # type: ignore[attr-defined]
            if done and how != "again":
                self.model[owed.id] = how  # type: ignore[attr-defined]

        @rule()
        def lease_runs_out(self) -> None:
            with store.writing() as connection:
                past = store.now(connection) - timedelta(seconds=1)
                waits = notification.c.state == "waiting"
                connection.execute(sa.update(notification).where(waits).values(lease_until=past))

        @rule()
        def try_again(self) -> None:
            freed = claiming.unpark(store)
            parked = [id for id, state in self.model.items() if state == "parked"]
            assert freed >= len(parked)
            self.model.update(dict.fromkeys(parked, "waiting"))
            self.held = [(worker, one) for worker, one in self.held if one.id not in parked]  # type: ignore[attr-defined]

        @invariant()
        def the_record_says_the_same(self) -> None:
            with store.reading() as connection:
                rows = connection.execute(sa.select(notification.c.id, notification.c.state))
                assert dict(tuple(row) for row in rows) == self.model

    return Outbox


def test_a_notification_is_in_one_workers_hands_and_ends_once(store: Store) -> None:
    walked(outbox_machine(store), few=8, steps=15)


def link_machine(store: Store) -> type[RuleBasedStateMachine]:
    class Links(RuleBasedStateMachine):
        """Links that sign in. The model: of each its owner, when it was made, and whether it is used or overtaken."""

        def __init__(self) -> None:
            super().__init__()
            self.now, self.model = MONDAY, dict[str, list[object]]()

        @rule(who=st.sampled_from(("a@example.org", "b@example.org")))
        def make(self, who: str) -> None:
            with store.writing() as connection:
                link = sign_in_links.make(connection, who, self.now)
            for one in self.model.values():
                one[2] = one[2] or one[0] == who
            self.model[link] = [who, self.now, False]

        @precondition(lambda self: self.model)
        @rule(at=st.integers(0, 99))
        def use(self, at: int) -> None:
            link = list(self.model)[at % len(self.model)]
            who, made, over = self.model[link]
            good = not over and self.now < made + sign_in_links.VALID  # type: ignore[operator]
            with store.writing() as connection:
                assert sign_in_links.works(connection, link, self.now) == good
                assert sign_in_links.use(connection, link, self.now) == (who if good else None)
                assert sign_in_links.use(connection, link, self.now) is None
            self.model[link][2] = True

        @rule(minutes=st.integers(1, 20))
        def wait(self, minutes: int) -> None:
            self.now += timedelta(minutes=minutes)

        @rule(text=sayings)
        def guess(self, text: str) -> None:
            text = text.replace("\0", "").encode("utf-8", "replace").decode()
            with store.writing() as connection:
                assert text in self.model or sign_in_links.use(connection, text, self.now) is None

    return Links


def test_a_link_signs_in_once_and_in_time(store: Store) -> None:
    walked(link_machine(store), few=8, steps=15)
