"""Somebody is at risk: who is told at once, at any hour, and what is said first."""

from __future__ import annotations

from typing import Any

from handlers.concerns.case import Case, known_as
from handlers.desk import Desk
from knowledge.concerns.moves import after
from knowledge.concerns.nouns import Move
from knowledge.models import Person, Role
from knowledge.outbox.heartbeats import last_beat
from knowledge.parties import party_of
from knowledge.register import contacts

_HEARD_WITHIN = 60.0
"""Seconds after which a worker that says nothing is taken for dead."""


def mark_at_risk(case: Case, by: str, source: str) -> None:
    """The safeguarding contact and whoever has it are told at once, and its times are those of danger; what had ended
    is open again."""
    level = case.desk.levels.of(case.concern.service, at_risk=True)
    values: dict[str, Any] = {"waiting_since": None}  # danger waits for no answer
    if not case.concern.open:
        values |= {"outcome": "", "closed_at": None, "answered_at": None}
    was_open, state = case.concern.open, after(case.concern, Move.AT_RISK)
    event = case.change(Move.AT_RISK, by, source=source, at_risk=True, level=level.name, state=state, **values)
    acknowledge_by, answer_by = case.clock.deadlines(case.now)
    if was_open:
        acknowledge_by = min(case.concern.acknowledge_by, acknowledge_by)
        answer_by = min(case.concern.answer_by, answer_by)
    case.change_dates({"acknowledge_by": acknowledge_by, "answer_by": answer_by})
    case.tell("at_risk", case.acting, f"event:{event}", urgent=True)
    tell_safeguarding(case, event)


def tell_safeguarding(case: Case, event: int) -> None:
    """Owes every safeguarding contact urgent word, and whoever acts for one who is away; where nobody of them is there,
    the triage contact."""
    listed = _safeguarding(case)
    acting = [
        contacts.stand_in(known_as(one), case.people, case.desk.day, case.deaf) for one in listed if _gone(case, one)
    ]
    for address in (*map(known_as, listed), *acting):
        case.tell("at_risk", address, f"event:{event}", urgent=True)
    if not any(acting) and all(_gone(case, one) for one in listed):
        tell_triage_instead(case, event)


def tell_triage_instead(case: Case, event: int) -> None:
    """Nobody for safeguarding can be reached: the triage contact gets it, and may open it."""
    triage = next((one for one in case.ladder if contacts.rung(one.role) == contacts.TRIAGE), None)
    if triage:
        about = {"step": "safeguarding", "to": party_of(case.connection, triage.email)}
        case.change(Move.ESCALATE, "", about=about)
        case.tell("at_risk", triage.email, f"event:{event}", urgent=True)


def signpost(desk: Desk) -> str:
    """What comes before everything else."""
    return f"If anyone is in danger, call 999 now.{out_of_hours(desk)}"


def out_of_hours(desk: Desk) -> str:
    """Whom to ring when nobody is there, in the council's words."""
    return f" Out of hours: {desk.out_of_hours}." if desk.out_of_hours else ""


def who_is_told(case: Case) -> str:
    """Who is told of the danger, by name."""
    told = " and ".join(one.name or known_as(one) for one in _safeguarding(case))
    if told:
        return f"{told} (safeguarding) is being told at once of {case.concern.reference}."
    return "Nobody for safeguarding is on the council's list: ring yourself."


def silence(case: Case) -> list[str]:
    """What a Member must know where no worker is heard of: nothing would be sent."""
    beat = last_beat(case.desk.store)
    if beat is not None and (case.now - beat).total_seconds() <= _HEARD_WITHIN:
        return []
    ring = " Do not wait for it: ring." if case.concern.at_risk else ""
    return [
        f"The desk's sending has not been heard of for a minute; it is written down and goes out once it is back.{ring}"
    ]


def said(case: Case) -> str:
    """The signpost, and who is told."""
    return f"{signpost(case.desk)} {who_is_told(case)}"


def _safeguarding(case: Case) -> list[Person]:
    return [one for one in case.people if Role.SAFEGUARDING in one.roles]


def _gone(case: Case, person: Person) -> bool:
    return contacts.is_away(person, case.desk.day) or known_as(person) in case.deaf
