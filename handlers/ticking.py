"""Timed work: what is due about concerns is done, each step once in the whole cluster, whatever was away meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers.concerns.case import Case, channel_for, known_as, open_case
from handlers.desk import Desk
from knowledge.concerns import record
from knowledge.concerns.clock import Step, steps
from knowledge.concerns.drafts import forget_old_drafts
from knowledge.concerns.nouns import Move
from knowledge.concerns.providers import count_chase, request
from knowledge.models import Role
from knowledge.outbox.owed import Owed
from knowledge.outbox.owing import owe
from knowledge.parties import address_of, mark_unreachable, normal, party_of
from knowledge.people import list_people
from knowledge.register import contacts

_MOST_AT_ONCE = 1_000
_CARRIES = frozenset({"raised", "reminded", "escalated", "provider_answered", "told_more", "at_risk"})
"""Kinds whose news somebody has to act on: where they do not arrive, the next person gets them."""


def tick(desk: Desk) -> int:
    """Does what is due. Returns for how many concerns something was. A concern a transaction: what goes wrong with one
    holds up no other for longer than until its turn comes again."""
    done = 0
    while done < _MOST_AT_ONCE and _tick_one(desk):
        done += 1
    with desk.store.writing() as connection:
        forget_old_drafts(connection, desk.now())
    return done


def _tick_one(desk: Desk) -> bool:
    with desk.store.writing() as connection:
        number = record.to_check(connection, desk.now())
        case = open_case(connection, desk, number) if number is not None else None
        if case is None:
            return False
        due = [step for step in steps(case.concern, case.events, case.requests, case.clock) if step.at <= case.now]
        for step in due:
            _DO[step.move](case, step, _later(step, due))
        case.set_clock()
    return True


def _later(step: Step, due: list[Step]) -> bool:
    """Whether a later step of the same ladder is due as well: after a while away, one message and not three."""
    what = step.name.partition("-")[0]
    return any(other.at > step.at and other.name.partition("-")[0] == what for other in due)


def _about(step: Step, **more: object) -> dict[str, object]:
    return {"step": step.name, "phase": step.phase, **more}


def _tell(case: Case, kind: str, address: str, event: int, step: Step, **more: object) -> None:
    """Owes somebody word of a step, in their hours: a worker may come back in the middle of the night."""
    case.tell(kind, address, f"event:{event}", due=case.clock.seen_at(case.now), about=_about(step, **more))


def _remind(case: Case, step: Step, superseded: bool) -> None:
    event = case.change(Move.REMIND, "", about=_about(step))
    if superseded:
        return
    if step.name == "waiting":
        _tell(case, "waited_for", case.concern.raised_by, event, step)
    else:
        _tell(case, "reminded", case.concern.holder, event, step)


def _escalate(case: Case, step: Step, superseded: bool) -> None:
    """Tells the next one up: of no acknowledgement the deputy, the lead director, triage; of no answer the director."""
    to = _next_up(case, step)
    number = party_of(case.connection, to) if to else None
    event = case.change(Move.ESCALATE, "", about=_about(step, to=number))
    if to:
        _tell(case, "escalated", to, event, step)


def _next_up(case: Case, step: Step) -> str:
    """The next of the ladder who has not been told; for an answer, the lead director, or whoever stands for them."""
    roles = (
        (contacts.DIRECTOR, contacts.TRIAGE)
        if step.name == "answer"
        else (contacts.DEPUTY, contacts.DIRECTOR, contacts.TRIAGE)
    )
    told = {case.concern.holder, *(one for one in _told(case) if step.name != "answer")}
    above = [one for one in case.ladder if one.role in roles and normal(one.email) not in {normal(who) for who in told}]
    return above[0].email if above else ""


def _told(case: Case) -> list[str]:
    """Who was told since it last changed hands."""
    begun = max(
        (e.id for e in case.events if e.move in (Move.RAISE, Move.NOT_FIXED, Move.PASS_ON, Move.WRONG_CONTRACT)),
        default=0,
    )
    up = [e for e in case.events if e.move is Move.ESCALATE and e.id > begun]
    return [address_of(case.connection, e.about.get("to")) for e in up]


def _chase(case: Case, step: Step, superseded: bool) -> None:
    """A provider is late: reminded, counted against the contract, and the manager told the first time."""
    found = request(case.connection, step.phase)
    event = case.change(Move.CHASE, "", about=_about(step, request=step.phase))
    if found is None or superseded:
        return
    count_chase(case.connection, step.phase)
    _tell(case, "provider_chased", found.asked_of, event, step, request=step.phase)
    _tell(case, "provider_late", case.concern.holder, event, step)


def _ask_fixed(case: Case, step: Step, superseded: bool) -> None:
    event = case.change(Move.ASK_FIXED, "", about=_about(step))
    _tell(case, "was_it_fixed", case.concern.raised_by, event, step)


_DO: dict[Move, Callable[[Case, Step, bool], None]] = {
    Move.REMIND: _remind,
    Move.ESCALATE: _escalate,
    Move.CHASE: _chase,
    Move.ASK_FIXED: _ask_fixed,
}


# --- what could not be delivered ----------------------------------------------------------------------------------


def undeliverable(owed: Owed, reason: str, desk: Desk) -> None:
    """Nothing arrives at an address on a channel: e-mail in place of Slack, else the next person; and triage is told.
    Doing it again does nothing twice."""
    with desk.store.writing() as connection:
        if owed.channel == "slack" and "@" in owed.recipient and "email" in desk.channels:
            _owe_by_email(connection, owed, desk)
            return
        mark_unreachable(connection, owed.recipient, reason, desk.now())
        case = open_case(connection, desk, owed.concern, lock=True) if owed.concern is not None else None
        if case is None:
            return
        if owed.kind in _CARRIES and case.concern.open:
            _to_the_next(case, owed)
        case.tell_triage("undelivered", f"undelivered:{owed.id}", {"reason": reason})


def _owe_by_email(connection: Connection, owed: Owed, desk: Desk) -> None:
    owe(
        connection, desk.now(), kind=owed.kind, subject=owed.subject, recipient=owed.recipient, channel="email",
        concern=owed.concern, about=owed.about, urgent=owed.urgent,
    )  # fmt: skip


def _to_the_next(case: Case, owed: Owed) -> None:
    """The next live person has the concern now; safeguarding's word goes to everybody there and to triage."""
    if owed.kind == "at_risk":
        case.tell_triage("at_risk", owed.subject, owed.about)
        return
    if normal(case.concern.holder) != normal(owed.recipient) or not case.ladder:
        return
    following = case.ladder[0]
    number = party_of(case.connection, following.email)
    values = {"holder": following.email, "holder_role": following.role}
    event = case.change(Move.UNDELIVERED, "", about={"to": number}, **values)
    case.tell("raised", following.email, f"event:{event}", due=case.clock.seen_at(case.now))
    case.set_clock()


def tell_parked(owed: Owed, desk: Desk) -> None:
    """Tells the administrators, else triage, that notifications wait for a person: once a day, and never of a word
    about that itself."""
    if owed.kind == "parked":
        return
    with desk.store.writing() as connection:
        people = list_people(connection)
        wanted = [one for one in people if Role.ADMINISTRATOR in one.roles]
        for person in wanted or [one for one in people if Role.TRIAGE in one.roles]:
            owe(
                connection, desk.now(), kind="parked", subject=f"parked:{desk.day}", recipient=known_as(person),
                channel=channel_for(known_as(person), people, desk),
            )  # fmt: skip
