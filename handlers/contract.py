"""CONCERN, its first half: which contract a Member's message is about, and who would get it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from knowledge.councils import council_of
from knowledge.dates import in_words
from knowledge.models import Role
from knowledge.people import list_people
from knowledge.register.contacts import Contact, contact_for
from knowledge.register.contract import State
from knowledge.register.finding.clues import read_clues
from knowledge.register.finding.enquiring import asks, leaning
from knowledge.register.finding.routing import Matter, Routed, route
from knowledge.register.finding.scoring import Candidate
from knowledge.register.holding import contract
from knowledge.services import UNITARY

SHOWN = 3
"""Contracts to choose from."""
_PLAINLY = 1.0
"""How far a message must lean for telling of trouble beyond doubt."""
_NOT_RAISED = "Nothing has been raised yet: this is where it would go."
_WRITES_CONCERNS = frozenset({Role.MEMBER, Role.MANAGER, Role.DIRECTOR, Role.TRIAGE, Role.SAFEGUARDING})
_BODIES: dict[str, str] = {
    "district council": "the district council",
    "NHS": "the NHS",
    "water company": "the water company",
    "police": "the police",
    "train operator": "the train operator",
    "other": "another body",
    UNITARY: "the neighbouring council",
}


def look(text: str, division: str, desk: Desk, day: date) -> Routed:
    """What a message from a Member of this division is about."""
    return route(text, division, desk.register(), day, asks=asks, at_risk=desk.at_risk)


def answer(message: Message, desk: Desk) -> Reply | None:
    """The reply to a concern; None where the message is none, or its writer may not raise one."""
    if not message.roles - {Role.PROVIDER} or not desk.register().size:
        return None
    day = desk.day
    routed = look(message.text, message.division, desk, day)
    if routed.matter is Matter.SAFEGUARDING:
        return _at_risk(routed, desk)
    if routed.matter is Matter.QUESTION or leaning(message.text, routed.clues) <= _bar(message.roles):
        return None
    replies: dict[Matter, Callable[[Routed, Desk, date], Reply]] = {
        Matter.NOT_OURS: _not_ours,
        Matter.TOO_VAGUE: _too_vague,
        Matter.CONTRACT: _found,
    }
    return replies[routed.matter](routed, desk, day)


def tells(message: Message, desk: Desk) -> bool:
    """Whether a message plainly tells of somebody's trouble, however vague it is otherwise."""
    return leaning(message.text, read_clues(message.text, message.division, desk.register())) > _PLAINLY


def _bar(roles: frozenset[Role]) -> float:
    """How far a message must lean towards a concern: Members write little else, officers mostly questions."""
    return -1.0 if roles & _WRITES_CONCERNS else 1.0


def contact_of(reference: str, desk: Desk, day: date) -> Contact | None:
    """Who would get a concern about a contract."""
    with desk.store.reading() as connection:
        held = contract(connection, reference) if reference else None
        return contact_for(held.contract if held else None, list_people(connection), day)


def body_name(routed: Routed) -> str:
    """The name of the body that is responsible, "" where only its kind is known."""
    if routed.body in ("district council", UNITARY):
        return council_of(routed.district)
    return "National Highways" if routed.body == "National Highways" else ""


# --- replies --------------------------------------------------------------------------------------------------------


def _at_risk(routed: Routed, desk: Desk) -> Reply:
    with desk.store.reading() as connection:
        people = [one for one in list_people(connection) if Role.SAFEGUARDING in one.roles]
    who = f" Then tell the safeguarding contact: {_address(people[0].name, people[0].email)}." if people else ""
    notes = [f"Why this comes first: {routed.danger}."]
    if routed.contracts:
        best = routed.contracts[0].row
        notes.append(f"The contract it may touch: {best.title} ({best.reference}), {best.supplier}.")
    return Reply(
        outcome=Outcome.SAFEGUARDING,
        text=f"Somebody may be at risk now. If anyone is in danger, call 999 first.{who}",
        notes=(*notes, _NOT_RAISED),
    )


def _not_ours(routed: Routed, desk: Desk, day: date) -> Reply:
    whose = body_name(routed) or _BODIES.get(routed.body, routed.body)
    triage = contact_of("", desk, day)
    notes = [f"If you think it is ours all the same, {_person(triage)} decides."] if triage else []
    text = f"That is for {whose}, not for the county council. {_why(routed)}"
    return Reply(outcome=Outcome.NOT_OURS, text=text.strip(), notes=tuple(notes))


def _why(routed: Routed) -> str:
    """The reason another body is responsible."""
    if routed.body == UNITARY:
        return f"{routed.district} has a council of its own for all its services."
    service = next((service for service, _ in routed.clues.services if service.body == routed.body), None)
    return service.why if service else ""


def _too_vague(routed: Routed, desk: Desk, day: date) -> Reply:
    if routed.lacks == "place":
        service = routed.service.name.lower() if routed.service and routed.service.ours else "this"
        text = f"Where is it? I take it to be about {service}, and the contract depends on the place."
        return Reply(outcome=Outcome.TOO_VAGUE, text=text, notes=("Say it again with the town or village.",))
    return Reply(
        outcome=Outcome.TOO_VAGUE,
        text="What service is it about? I could not tell from this.",
        notes=("Say what happened, to whom in a word (“an elderly resident”), and where; no names or addresses.",),
    )


def _found(routed: Routed, desk: Desk, day: date) -> Reply:
    likely = routed.alike[:SHOWN]
    best = likely[0]
    sentences = [f"This is about {_named(best)}." if len(likely) == 1 else "It may be about one of these contracts."]
    sentences += _how_it_stands(best, desk) if len(likely) == 1 else []
    contact = contact_of(best.row.reference, desk, day)
    if contact and len(likely) == 1:
        because = f", because {contact.because}" if contact.because else ""
        sentences.append(f"It would go to {_person(contact)}{because}.")
    choices = [Choice(label=_label(one), text=f"contract {one.row.reference}") for one in likely if len(likely) > 1]
    return Reply(
        outcome=Outcome.CONTRACT, text=" ".join(sentences), choices=tuple(choices), notes=(_saw(routed), _NOT_RAISED)
    )


def _how_it_stands(one: Candidate, desk: Desk) -> list[str]:
    """What a Member must know where the contract is not simply in force."""
    if one.instead_of:
        with desk.store.reading() as connection:
            before = contract(connection, one.instead_of)
        if before and before.contract.end:
            ended = in_words(before.contract.end.isoformat())
            return [f"{before.contract.supplier or before.contract.title} had it until {ended}."]
    if one.state is State.ENDED and one.row.end:
        return [f"It ended on {in_words(one.row.end.isoformat())}, and nothing in the register takes its place."]
    if one.state is State.TO_COME and one.row.start:
        return [f"It begins on {in_words(one.row.start.isoformat())}."]
    return []


def _named(one: Candidate) -> str:
    provider = f", run by {one.row.supplier}" if one.row.supplier else ""
    return f"{one.row.title.strip()} ({one.row.reference}){provider}"


def _label(one: Candidate) -> str:
    return f"{one.row.title.strip()} · {one.row.supplier}" if one.row.supplier else one.row.title.strip()


def _person(contact: Contact) -> str:
    return f"{_address(contact.name, contact.email)}, {contact.role}"


def _address(name: str, email: str) -> str:
    return f"{name} ({email})" if name else email


def _saw(routed: Routed) -> str:
    """What of the message led there."""
    where = routed.clues.where
    seen = [routed.service.name.lower() if routed.service else ""]
    seen += [", ".join(dict.fromkeys(name.words for name in routed.clues.names[:2] if name.sure >= 0.75))]
    seen += [" and ".join(sorted(where.districts)) + (" (your division)" if where.source == "division" else "")]
    return "I went by: " + "; ".join(part for part in seen if part) + "."
