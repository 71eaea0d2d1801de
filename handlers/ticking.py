"""Timed work: what is due about concerns is done, each step once in the whole cluster, whatever was away meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from handlers.concerns.case import Case, channel_for, known_as, open_case
from handlers.desk import Desk
from knowledge.concerns import record
from knowledge.concerns.clock import PASSED_OVER, Step, handed_over, is_last_chase, steps
from knowledge.concerns.nouns import Move, reference_of
from knowledge.concerns.providers import count_chase, request
from knowledge.models import Role
from knowledge.outbox.owed import Owed
from knowledge.outbox.owing import owe
from knowledge.parties import address_of, normal, party_of
from knowledge.people import list_people
from knowledge.register import contacts

_MOST_AT_ONCE = 1_000
_PUT_OFF = timedelta(minutes=5)
"""After how long a concern that went wrong is tried again."""


def tick(desk: Desk) -> int:
    """Does what is due. Returns for how many concerns something was. A concern a transaction: one that goes wrong is
    reported, and put off, so that it holds up no other."""
    done = 0
    while done < _MOST_AT_ONCE and _tick_one(desk):
        done += 1
    return done


def _tick_one(desk: Desk) -> bool:
    number = None
    try:
        with desk.store.writing() as connection:
            number = record.to_check(connection, desk.now())
            if case := open_case(connection, desk, number) if number is not None else None:
                _do_due(case)
    except Exception as error:
        if number is None:  # it is the record that fails, not one concern
            raise
        desk.on_error(reference_of(number), error)
        with desk.store.writing() as connection:
            record.change(connection, number, {"next_check_at": desk.now() + _PUT_OFF})
    return number is not None


def _do_due(case: Case) -> None:
    due = [step for step in steps(case.concern, case.events, case.requests, case.clock) if step.at <= case.now]
    for step in due:
        _DO[step.move](case, step, _later(step, due))
    case.set_clock()


def _later(step: Step, due: list[Step]) -> bool:
    """Whether a later step of the same ladder is due as well: after a while away, one message and not three."""

    def ladder(one: Step) -> tuple[str, int]:
        return one.name.partition("-")[0], one.phase

    return any(other.at > step.at and ladder(other) == ladder(step) for other in due)


def _about(step: Step, superseded: bool = False) -> dict[str, object]:
    passed_over = {PASSED_OVER: True} if superseded else {}
    return {"step": step.name, "phase": step.phase, **passed_over}


def _tell(case: Case, kind: str, address: str, event: int, step: Step, **more: object) -> None:
    """Owes somebody word of a step."""
    case.tell(kind, address, f"event:{event}", about={**_about(step), **more})


def _remind(case: Case, step: Step, superseded: bool) -> None:
    event = case.change(Move.REMIND, "", about=_about(step, superseded))
    if superseded:
        return
    if step.name == "waiting":
        _tell(case, "waited_for", case.concern.raised_by, event, step)
    else:
        _tell(case, "reminded", case.acting, event, step)


def _escalate(case: Case, step: Step, superseded: bool) -> None:
    """Tells the next one up: of no acknowledgement the deputy, the lead director, triage; of no answer the director.
    Each is told, however many steps are due at once: they are different people."""
    to = next_up(case, step.name)
    number = party_of(case.connection, to) if to else None
    event = case.change(Move.ESCALATE, "", about={**_about(step), "to": number})
    if to:
        _tell(case, "escalated", to, event, step)


def next_up(case: Case, step: str) -> str:
    """The next of the ladder who has not been told, "" for nobody; for an answer, the lead director, or whoever stands
    for them."""
    roles = {contacts.DIRECTOR, contacts.TRIAGE}
    told = [case.concern.holder]
    if step != "answer":
        roles |= {contacts.MANAGER, contacts.DEPUTY}
        told += _told(case)
    known = {normal(one) for one in told}
    above = (one for one in case.ladder if contacts.rung(one.role) in roles and normal(one.email) not in known)
    return next((one.email for one in above), "")


def _told(case: Case) -> list[str]:
    """Who was told that it is not acknowledged, since it last changed hands."""
    begun = handed_over(case.events)
    since = [e for e in case.events if e.move is Move.ESCALATE and (begun is None or e.id > begun.id)]
    steps_up = [e for e in since if str(e.about.get("step", "")).startswith("acknowledge")]
    return [address_of(case.connection, e.about.get("to")) for e in steps_up]


def _chase(case: Case, step: Step, superseded: bool) -> None:
    """A provider is late: reminded, counted against the contract; the manager is told the first time, and the last."""
    found = request(case.connection, step.phase)
    event = case.change(Move.CHASE, "", about={**_about(step, superseded), "request": step.phase})
    if found is None or superseded:
        return
    count_chase(case.connection, step.phase)
    _tell(case, "provider_chased", found.asked_of, event, step, request=step.phase)
    if found.chased == 0 or is_last_chase(step.name):
        _tell(case, "provider_late", case.acting, event, step)


def _ask_fixed(case: Case, step: Step, superseded: bool) -> None:
    event = case.change(Move.ASK_FIXED, "", about=_about(step))
    _tell(case, "was_it_fixed", case.concern.raised_by, event, step)


_DO: dict[Move, Callable[[Case, Step, bool], None]] = {
    Move.REMIND: _remind,
    Move.ESCALATE: _escalate,
    Move.CHASE: _chase,
    Move.ASK_FIXED: _ask_fixed,
}


def tell_parked(owed: Owed, desk: Desk) -> None:
    """Tells the administrators, else triage, that notifications wait for a person: once a day, and never of a word
    about that itself."""
    if owed.kind == "parked":
        return
    with desk.store.writing() as connection:
        tell_administrators(connection, desk, "parked", f"parked:{desk.day}")


def tell_administrators(
    connection: Connection, desk: Desk, kind: str, subject: str, about: Mapping[str, Any] | None = None,
    due: datetime | None = None,
) -> None:  # fmt: skip
    """Owes the administrators, else triage, a notification, once for a subject; `due`: not before then."""
    people = list_people(connection)
    wanted = [one for one in people if Role.ADMINISTRATOR in one.roles]
    for person in wanted or [one for one in people if Role.TRIAGE in one.roles]:
        owe(
            connection, desk.now(), kind=kind, subject=subject, recipient=known_as(person),
            channel=channel_for(known_as(person), people, desk), about=about, due=due,
        )  # fmt: skip
