"""Journeys in any order, at anybody's hand, beside a small model of each: questions for a person, what providers offer,
reviews, checklists, endpoints."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import hypothesis.strategies as st
import sqlalchemy as sa
from cast import Clock
from council import CARE, DANIEL, DOREEN, FARAH, HELEN, PRIYA, RUTH, WENDY, Council
from hooks import HAL, HOOK, PRUE, desk_of
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from strategies import nasty
from test_any_order import MONDAY, walked

from handlers import endpoints as hooks
from handlers.desk import Desk
from handlers.ended_endpoints import give_up
from handlers.messages import Outcome
from handlers.postings.who import DECIDERS
from handlers.questions.forms import LONGEST
from handlers.questions.who import SETTLERS
from knowledge import postings, reviews
from knowledge.checklists.record import MOST, mine
from knowledge.models import Access, Role, readable_by
from knowledge.outbox.owed import Owed
from knowledge.postings import State as Stands
from knowledge.questions.enquiries import State, by_number, number_of
from knowledge.register.holding import contract as held_contract
from knowledge.store import Store
from knowledge.subscriptions import endpoints, record
from knowledge.subscriptions.endpoint import EndpointState
from knowledge.subscriptions.endpoint import by_number as endpoint_of
from knowledge.subscriptions.hooks import BadUrl
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.nouns import State as Counts
from knowledge.tables import (
    checklist,
    contract,
    contract_review,
    endpoint,
    enquiry,
    notification,
    posting,
    subscription,
)
from knowledge.timeline.history import whole
from knowledge.timeline.nouns import State as Standing

STRANGER = "bids@larkfield.example.org"
RIVAL = "team@rival.example.org"
ANYBODY = st.sampled_from((DOREEN, RUTH, DANIEL, WENDY, FARAH, PRIYA, HELEN, STRANGER))
AT = st.integers(0, 99)
FILLED = {"answer": "Sign the book at reception.", "rests_on": "own", "asks": "How do inspectors park?"}


# --- questions for a person ---------------------------------------------------------------------------------------


def enquiry_machine(council: Council) -> type[RuleBasedStateMachine]:
    runs = count(1)

    class Enquiries(RuleBasedStateMachine):
        """One question for a person. The model: how it stands, who has it, who may read its answer, whether the desk
        knows it."""

        @initialize(who=st.sampled_from((DOREEN, STRANGER)))
        def asked(self, who: str) -> None:
            council.clock = MONDAY + timedelta(days=2 * next(runs))
            with council.store.writing() as connection:
                connection.execute(sa.update(enquiry).values(state="dropped"))
                connection.execute(sa.update(notification).values(state="sent"))
            number = council.say(who, "Which parking permits do visiting inspectors use?").question
            reply = council.press(who, "ask_person", str(number))
            assert reply.text.startswith("Passed on as E-"), reply.text
            self.reference = reply.text.split()[3].rstrip(":")
            assert self.reference in council.press(who, "ask_person", str(number)).text, "pressed twice, it asks once"
            self.state, self.holder, self.access, self.known = State.WAITING, "", None, False

        def _may(self, who: str) -> bool:
            return bool(council.roles(who) & SETTLERS)

        def _free(self, who: str) -> bool:
            return self._may(who) and self.state in (State.WAITING, State.CLAIMED) and self.holder in ("", who)

        @rule(who=ANYBODY)
        def claim(self, who: str) -> None:
            council.press(who, "claim_enquiry", self.reference)
            if self._may(who) and self.state is State.WAITING:
                self.state, self.holder = State.CLAIMED, who

        @rule(who=ANYBODY)
        def give_back(self, who: str) -> None:
            council.press(who, "return_enquiry", self.reference)
            theirs = self.holder == who or Role.ADMINISTRATOR in council.roles(who)
            if self._may(who) and self.state is State.CLAIMED and theirs:
                self.state, self.holder = State.WAITING, ""

        @rule(who=ANYBODY, access=st.sampled_from(list(Access)), teach=st.sampled_from(("yes", "no")))
        def answer(self, who: str, access: Access, teach: str) -> None:
            council.press(who, "answer_enquiry", self.reference, **FILLED, access=access.value, teach=teach)
            if self._free(who) and access in readable_by(council.roles(who)):
                self.state, self.access, self.known = State.ANSWERED, access, teach == "yes"

        @rule(who=ANYBODY, reason=nasty)
        def drop(self, who: str, reason: str) -> None:
            council.press(who, "drop_enquiry", self.reference, reason=reason)
            stands = self._stands()
            if self._free(who) and 0 < len(reason.strip("\0 \t\r\n")) <= LONGEST and stands is not self.state:
                self.state = State.DROPPED

        @rule(who=ANYBODY)
        def teach(self, who: str) -> None:
            council.press(who, "teach_enquiry", self.reference)
            if self.state is State.ANSWERED and self._may(who) and self.access in readable_by(council.roles(who)):
                self.known = True

        @rule(hours=st.sampled_from((1, 30, 200)))
        def wait(self, hours: int) -> None:
            council.clock += timedelta(hours=hours)
            council.post.deliver()

        def _stands(self) -> State:
            with council.store.reading() as connection:
                found = by_number(connection, number_of(self.reference) or 0)
            assert found
            return found.state

        @invariant()
        def the_record_says_the_same(self) -> None:
            if not hasattr(self, "reference"):
                return
            with council.store.reading() as connection:
                one = by_number(connection, number_of(self.reference) or 0)
                owed = sa.select(sa.func.count()).where(
                    notification.c.kind == "enquiry_settled",
                    notification.c.subject == f"enquiry:{number_of(self.reference)}",
                )
                told = connection.execute(owed).scalar_one()
            assert one
            assert (one.state, bool(one.entry)) == (self.state, self.known)
            assert one.state is not State.CLAIMED or one.claimed_by == self.holder
            assert told == int(not one.open), "whoever asked is told once, and not before"
            assert council.errors == []

    return Enquiries


def test_a_question_for_a_person_is_settled_once_by_whoever_may(sqlite_council: Council) -> None:
    walked(enquiry_machine(sqlite_council), few=5, steps=10)


# --- what providers offer -----------------------------------------------------------------------------------------

OFFER = {
    "kind": "sub-contract", "provider": "Larkfield Care Ltd", "description": "Two nights a week, for six people.",
    "service": "Home care", "area": "Gullhaven", "value": "£20k to £40k", "closes": "15/09/2027", "vcse": "yes",
    "contact_email": "team@larkfield.example.org",
}  # fmt: skip
WHY = st.sampled_from(("It moved.", "A slip."))
TITLES = st.sampled_from(("Night sitting", "Shopping trips", "Laundry"))


def posting_machine(council: Council) -> type[RuleBasedStateMachine]:
    runs = count(1)

    class Postings(RuleBasedStateMachine):
        """What two providers offer. The model: of each posting who wrote it, what it says, how it stands, and which
        offer on the timeline it is of; of each offer on the timeline what everybody reads."""

        def __init__(self) -> None:
            super().__init__()
            council.clock = MONDAY + timedelta(days=2 * next(runs))
            with council.store.writing() as connection:
                connection.execute(sa.delete(posting))
                connection.execute(sa.update(notification).values(state="sent"))
            self.model: dict[int, list[object]] = {}
            self.public: dict[str, str] = {}

        def _one(self, at: int) -> int:
            return list(self.model)[at % len(self.model)]

        def _news(self) -> list[int]:
            return [number for number in self._rows() if number not in self.model]

        def _rows(self) -> dict[int, list[object]]:
            with council.store.reading() as connection:
                every = postings._read(connection, sa.true())
            return {one.id: [one.posted_by, one.terms.title, one.state, one.on_timeline] for one in every}

        @rule(who=st.sampled_from((STRANGER, RIVAL)), title=TITLES)
        def offer(self, who: str, title: str) -> None:
            assert council.press(who, "new_posting", "", **OFFER, title=title).outcome is Outcome.POSTING
            same = [one for one in self.model.values() if one == [who, title, Stands.WAITING, ""]]
            for number in self._news():
                self.model[number] = [who, title, Stands.WAITING, ""]
                assert not same or number

        @precondition(lambda self: self.model)
        @rule(who=st.sampled_from((STRANGER, RIVAL)), at=AT, title=TITLES, why=WHY)
        def change(self, who: str, at: int, title: str, why: str) -> None:
            number = self._one(at)
            posted_by, _, state, on = self.model[number]
            reply = council.press(who, "change_posting", f"P-{number}", **OFFER, title=title, reason=why)
            gone = bool(on) and state is Stands.PUBLISHED and self.public[str(on)] == ""
            if posted_by != who or state not in (Stands.WAITING, Stands.PUBLISHED) or gone:
                assert reply.outcome is Outcome.REFUSED
                return
            made = reply.text.split()[0]
            waits = int(made.removeprefix("P-"))
            row = self._rows()[waits]
            assert row == [who, title, Stands.WAITING, on], "a change waits in the place of what it changes"
            self.model[waits] = row
            for id, one in self.model.items():
                if id != waits and one[2] is Stands.WAITING and (one[3] == on if on else id == number):
                    one[2] = Stands.WITHDRAWN

        @precondition(lambda self: self.model)
        @rule(who=ANYBODY, at=AT)
        def publish(self, who: str, at: int) -> None:
            number = self._one(at)
            one = self.model[number]
            council.press(who, "publish_posting", f"P-{number}")
            if not council.roles(who) & DECIDERS or one[2] is not Stands.WAITING:
                return
            row = self._rows()[number]
            if one[3] and (self.public[str(one[3])] in ("", one[1])):
                assert row[2] is Stands.WAITING, "nothing would change, or it is withdrawn"
                return
            assert row[2] is Stands.PUBLISHED
            assert row[3] == one[3] or not one[3]
            one[2:] = [Stands.PUBLISHED, row[3]]
            self.public[str(row[3])] = str(one[1])

        @precondition(lambda self: self.model)
        @rule(who=ANYBODY, at=AT, reason=st.sampled_from(("No contract of ours.", " ", "<!channel>")))
        def refuse(self, who: str, at: int, reason: str) -> None:
            one = self.model[number := self._one(at)]
            council.press(who, "refuse_posting", f"P-{number}", reason=reason)
            if council.roles(who) & DECIDERS and one[2] is Stands.WAITING and reason.strip():
                one[2] = Stands.REFUSED

        @precondition(lambda self: self.model)
        @rule(who=st.sampled_from((STRANGER, RIVAL)), at=AT)
        def take_back(self, who: str, at: int) -> None:
            number = self._one(at)
            posted_by, _, state, on = self.model[number]
            reply = council.press(who, "withdraw_posting", f"P-{number}", reason="We have found somebody.")
            if posted_by != who or state not in (Stands.WAITING, Stands.PUBLISHED):
                assert reply.outcome is Outcome.REFUSED
                return
            if state is Stands.PUBLISHED and self.public[str(on)] == "":
                assert reply.outcome is Outcome.REFUSED
                return  # it is withdrawn already, and what is refused changes nothing
            for id, one in self.model.items():
                if one[2] is Stands.WAITING and (one[3] == on if on else id == number):
                    one[2] = Stands.WITHDRAWN
            if state is Stands.PUBLISHED:
                self.public[str(on)] = ""

        @precondition(lambda self: self.public)
        @rule(at=AT)
        def an_officer_withdraws_it(self, at: int) -> None:
            reference = list(self.public)[at % len(self.public)]
            council.press(RUTH, "withdraw_intention", reference, reason="Not ours to publish.")
            self.public[reference] = ""

        @invariant()
        def the_record_says_the_same(self) -> None:
            assert self._rows() == self.model
            with council.store.reading() as connection:
                for reference, title in self.public.items():
                    found = whole(connection, reference, council.clock)
                    assert found
                    terms = found.intention.terms
                    assert terms.state is Standing.WITHDRAWN if title == "" else terms.title == title
            assert council.errors == []

    return Postings


def test_everybody_reads_of_an_offer_what_an_officer_has_read(sqlite_council: Council) -> None:
    walked(posting_machine(sqlite_council), few=10, steps=20)


# --- reviews ------------------------------------------------------------------------------------------------------


def review_machine(council: Council) -> type[RuleBasedStateMachine]:
    class Reviews(RuleBasedStateMachine):
        """The reviews of one contract. The model: those that stand, each with the day it was due, and what is due."""

        def __init__(self) -> None:
            super().__init__()
            council.clock = MONDAY
            with council.store.writing() as connection:
                connection.execute(sa.delete(contract_review))
                connection.execute(sa.update(contract).values(corrected={}))
            self.due, self.done = self._due(), list[date | None]()

        def _due(self) -> date | None:
            with council.store.reading() as connection:
                held = held_contract(connection, CARE)
                assert held
                return reviews.due_on(held.contract, connection)

        @rule(who=st.sampled_from((PRIYA, HELEN, FARAH, DANIEL, DOREEN)), days=st.sampled_from((1, 30, 31, 60, 400)))
        def record(self, who: str, days: int) -> None:
            next_on = MONDAY.date() + timedelta(days=days)
            about = council.press(who, "record_review", CARE).form
            given = {"outcome": "met", "changes": "", "next_on": next_on.isoformat()}
            reply = council.press(who, "record_review", about.about if about else CARE, **given)
            if who in (DANIEL, DOREEN):
                assert reply.outcome is Outcome.REFUSED
            elif next_on > council.desk.day and (next_on != self.due and next_on not in self.done):
                assert reply.outcome is Outcome.REVIEW, reply.text
            if reply.outcome is Outcome.REVIEW:
                self.done.append(self.due)
                self.due = next_on

        @rule(who=st.sampled_from((PRIYA, FARAH, DANIEL)))
        def undo(self, who: str) -> None:
            reply = council.press(who, "undo_review", CARE)
            if who != DANIEL and self.done:
                assert reply.outcome is Outcome.REVIEW
                self.due = self.done.pop()
            else:
                assert reply.outcome is Outcome.REFUSED

        @rule(days=st.sampled_from((0, 1, 29, 61)))
        def wait(self, days: int) -> None:
            in_force_until = MONDAY + timedelta(days=120)
            council.clock = min(council.clock + timedelta(days=days), in_force_until)

        @invariant()
        def the_record_says_the_same(self) -> None:
            assert self._due() == self.due
            with council.store.reading() as connection:
                late = [one.contract.reference for one in reviews.missed(connection, council.desk.day)]
            assert (CARE in late) == (self.due is not None and self.due < council.desk.day)
            assert council.errors == []

        def teardown(self) -> None:
            """Whatever was done, the review that is due can be recorded: none is missed for ever."""
            following = (council.desk.day + timedelta(days=777)).isoformat()
            reply = council.press(PRIYA, "record_review", CARE, outcome="met", next_on=following)
            assert reply.outcome is Outcome.REVIEW, reply.text

    return Reviews


def test_a_review_that_is_due_can_be_recorded_and_taken_back(sqlite_council: Council) -> None:
    walked(review_machine(sqlite_council), few=10, steps=8)


# --- checklists ---------------------------------------------------------------------------------------------------


def checklist_machine(council: Council) -> type[RuleBasedStateMachine]:
    whose = st.sampled_from((DANIEL, RUTH))

    class Checklists(RuleBasedStateMachine):
        """The checklists of two people, one of whom has nearly as many as there may be. The model: whose each is, and
        what is ticked."""

        def __init__(self) -> None:
            super().__init__()
            council.clock = MONDAY
            with council.store.writing() as connection:
                connection.execute(sa.delete(checklist))
            self.model: dict[int, tuple[str, frozenset[int]]] = {}
            for _ in range(MOST - 2):
                self.open(DANIEL)
                council.clock += timedelta(minutes=11)

        def _theirs(self, who: str) -> dict[int, frozenset[int]]:
            with council.store.reading() as connection:
                return {one.id: one.ticked for one in mine(connection, (who,))}

        @rule(who=whose)
        def open(self, who: str) -> None:
            reply = council.press(who, "open_checklist", "specification")
            held = [id for id, (owner, _) in self.model.items() if owner == who]
            fresh = set(self._theirs(who)) - set(held)
            assert len(fresh) <= int(len(held) < MOST)
            assert (reply.outcome is Outcome.REFUSED) <= (len(held) == MOST)
            self.model.update({id: (who, frozenset()) for id in fresh})

        @precondition(lambda self: self.model)
        @rule(who=whose, at=st.integers(-3, 3), ticked=st.sets(st.integers(0, 12)), part=st.sampled_from(("", ".0.4")))
        def tick(self, who: str, at: int, ticked: set[int], part: str) -> None:
            id = list(self.model)[at % len(self.model)]
            said = ",".join(map(str, sorted(ticked)))
            reply = council.press(who, "tick_checklist", f"{id}{part}", ticked=said)
            owner, before = self.model[id]
            if owner != who:
                assert reply.outcome is Outcome.REFUSED
                return
            assert reply.checklist
            points = range(len(reply.checklist.points))
            among = set(points[:5]) if part else set(points)
            self.model[id] = owner, frozenset((before - among) | (ticked & among))

        @precondition(lambda self: self.model)
        @rule(who=whose, at=st.integers(-3, 3))
        def delete(self, who: str, at: int) -> None:
            id = list(self.model)[at % len(self.model)]
            reply = council.press(who, "delete_checklist", str(id))
            assert (reply.outcome is Outcome.REFUSED) == (self.model[id][0] != who)
            if self.model[id][0] == who:
                del self.model[id]

        @rule(minutes=st.sampled_from((-60, 1, 11)))
        def wait(self, minutes: int) -> None:
            council.clock += timedelta(minutes=minutes)

        @invariant()
        def the_record_says_the_same(self) -> None:
            for who in (DANIEL, RUTH):
                assert self._theirs(who) == {id: ticks for id, (owner, ticks) in self.model.items() if owner == who}
            assert council.errors == []

    return Checklists


def test_a_checklist_is_its_owners_and_holds_what_they_ticked(sqlite_council: Council) -> None:
    walked(checklist_machine(sqlite_council), few=3, steps=12)


# --- endpoints ----------------------------------------------------------------------------------------------------


def sent_to(recipient: str, now: datetime) -> Owed:
    """A webhook that could not be delivered."""
    return Owed("n1", "intention", "intention:1:1", recipient, "webhook", None, {}, False, 9, now, "")


def endpoint_machine(desk: Desk, clock: Clock) -> type[RuleBasedStateMachine]:
    store = desk.store

    class Endpoints(RuleBasedStateMachine):
        """Endpoints of two owners. The model: of each its owner, how it stands, its secrets with the day each counts
        until, and what it hears of."""

        def __init__(self) -> None:
            super().__init__()
            clock.now = MONDAY
            with store.writing() as connection:
                connection.execute(sa.update(subscription).values(state="ended", ended_at=MONDAY))
                connection.execute(sa.delete(endpoint))
            self.model: dict[int, list[object]] = {}
            self.secrets: dict[int, list[tuple[str, datetime]]] = {}
            self.tested: dict[str, datetime] = {}

        def _one(self, at: int) -> int:
            return list(self.model)[at % len(self.model)]

        def _held(self, owner: str) -> list[int]:
            return [id for id, one in self.model.items() if one[0] == owner and one[1] is not EndpointState.ENDED]

        @rule(owner=st.sampled_from((PRUE, HAL)), at=st.integers(0, 6))
        def add(self, owner: str, at: int) -> None:
            url = f"{HOOK}/{at}"
            there = [self.model[id][2] for id in self._held(owner)]
            may = url not in there and len(there) < hooks.MOST
            made_today = sum(one[0] == owner for one in self.model.values())
            try:
                made = hooks.add(desk, owner, url)
            except BadUrl:
                assert not may or made_today >= hooks.MOST_A_DAY
                return
            assert may
            self.model[made.id] = [owner, EndpointState.UNTESTED, url, 0]
            self.secrets[made.id] = [(made.secrets[0], datetime.max.replace(tzinfo=MONDAY.tzinfo))]

        @precondition(lambda self: self.model)
        @rule(at=AT, problem=st.sampled_from(("", "it answers 500")))
        def test(self, at: int, problem: str) -> None:
            id = self._one(at)
            owner, state = str(self.model[id][0]), self.model[id][1]
            tried = hooks.try_out(replace(desk, knock=lambda *_: problem), id)
            if state is EndpointState.ENDED:
                assert tried.problem == hooks.ENDED
            elif clock.now - self.tested.get(owner, MONDAY - timedelta(days=1)) < endpoints.TESTED_EVERY:
                assert tried.problem == hooks.TOO_SOON
            else:
                self.tested[owner] = clock.now
                assert bool(tried.problem) == bool(problem)
                self.model[id][1] = state if problem else EndpointState.LIVE

        @precondition(lambda self: self.model)
        @rule(at=AT, twice=st.booleans())
        def rotate(self, at: int, twice: bool) -> None:
            id = self._one(at)
            seen = hooks.mark_of(self.secrets[id][0][0]) if self.secrets[id] else ""
            made = [hooks.rotate(desk, id, seen) for _ in range(1 + twice)]
            assert len(set(made)) == 1, "pressed twice, it is one new secret"
            assert (made[0] is None) == (self.model[id][1] is EndpointState.ENDED)
            if made[0] is not None:
                old, far = self.secrets[id][0]
                self.secrets[id] = [(made[0], far), (old, clock.now + endpoints.OLD_SECRET_FOR)]

        @precondition(lambda self: self.model)
        @rule(at=AT)
        def subscribe(self, at: int) -> None:
            one = self.model[id := self._one(at)]
            made = hooks.subscribe(desk, id, "anything", Criteria(services=("home-care",)), "at once")
            assert (made is not None) == (one[1] is EndpointState.LIVE and not one[3])
            one[3] = made or one[3]

        @precondition(lambda self: self.model)
        @rule(at=AT, how=st.sampled_from(("deleted", "gone", "failing")))
        def end(self, at: int, how: str) -> None:
            id = self._one(at)
            if how == "deleted":
                assert (hooks.end(desk, id) is None) == (self.model[id][1] is EndpointState.ENDED)
            else:
                reason = endpoints.GONE if how == "gone" else "it answers 500"
                give_up(sent_to(f"endpoint:{id}", clock.now), reason, desk)
            self.model[id][1], self.model[id][3], self.secrets[id] = EndpointState.ENDED, 0, []

        @rule(seconds=st.sampled_from((5, 20, 3_600, 24 * 3_600)))
        def wait(self, seconds: int) -> None:
            clock.now += timedelta(seconds=seconds)

        @invariant()
        def the_record_says_the_same(self) -> None:
            with store.reading() as connection:
                for id, (owner, state, url, heard) in self.model.items():
                    found = endpoint_of(connection, id, clock.now)
                    assert found
                    assert (found.owner, found.state, found.url) == (owner, state, url)
                    assert list(found.secrets) == [one for one, until in self.secrets[id] if until > clock.now]
                    every = record.of_somebody(connection, [str(owner)])
                    theirs = [one for one in every if one.state is Counts.ACTIVE]
                    assert [one.id for one in theirs if one.recipient == found.address] == [heard] * bool(heard)

    return Endpoints


def test_an_endpoint_is_used_once_it_has_answered_and_until_it_ends(store: Store, tmp_path: Path) -> None:
    clock = Clock(MONDAY)
    desk = replace(desk_of(store, tmp_path).desk, now=clock)
    walked(endpoint_machine(desk, clock), few=6, steps=15)
