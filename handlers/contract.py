"""CONCERN, its first half: which contract a Member's message is about, and who would get it. What follows is in
`handlers/concerns`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from handlers.concerns.proposing import offer
from handlers.concerns.raising import raise_told_danger
from handlers.concerns.saying import in_passing
from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from knowledge.councils import council_of
from knowledge.dates import in_words
from knowledge.models import Role
from knowledge.people import list_people
from knowledge.register.contacts import Contact, contact_for
from knowledge.register.contract import State
from knowledge.register.finding.clues import Clues, read_clues
from knowledge.register.finding.enquiring import asks, leaning
from knowledge.register.finding.routing import Matter, Routed, route
from knowledge.register.finding.scoring import Candidate
from knowledge.register.holding import contract
from knowledge.services import UNITARY

SHOWN = 3
"""Contracts to choose from."""
_PLAINLY = 1.0
"""How far a message must lean for telling of trouble beyond doubt."""
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


def answer(message: Message, desk: Desk, *, answers: bool = False) -> Reply | None:
    """The reply to a concern; None where the message is none, or its writer may not raise one. `answers`: it says what
    the desk had asked for, so it is certainly a concern, and what can be chosen from is shown rather than asked on."""
    if not message.roles - {Role.PROVIDER} or not desk.register().size:
        return None
    routed = look(message.text, message.division, desk, desk.day)
    if routed.matter is Matter.SAFEGUARDING:
        return _at_risk(routed, message, desk)
    if answers:
        return _replied(_settled(routed), message, desk)
    if routed.matter is Matter.QUESTION or leaning(message.text, routed.clues) <= bar(message.roles):
        return None
    return _replied(routed, message, desk)


def answer_anyway(message: Message, desk: Desk) -> Reply:
    """The reply to what is taken for a concern, though it asks something too."""
    routed = route(message.text, message.division, desk.register(), desk.day, asks=_no, at_risk=desk.at_risk)
    return _at_risk(routed, message, desk) if routed.matter is Matter.SAFEGUARDING else _replied(routed, message, desk)


def _no(text: str, clues: Clues) -> bool:
    return False


def propose(routed: Routed, message: Message, desk: Desk, member: str = "") -> Reply:
    """The reply to what is certainly a concern, because it was written into the form for one, and tells of no danger.
    `member`: for which Member, where an officer writes."""
    settled = _settled(routed) if routed.matter is Matter.QUESTION else routed
    return _replied(settled, message, desk, member)


def _settled(routed: Routed) -> Routed:
    """What a message is about that certainly is a concern: the likeliest contracts, where there are any."""
    if routed.matter is Matter.NOT_OURS:
        return routed
    lacks = "" if routed.contracts else routed.lacks or "service"
    return replace(routed, matter=Matter.CONTRACT if routed.contracts else Matter.TOO_VAGUE, lacks=lacks)


def _replied(routed: Routed, message: Message, desk: Desk, member: str = "") -> Reply:
    replies: dict[Matter, Callable[[Routed, Desk, date], Reply]] = {
        Matter.NOT_OURS: _not_ours,
        Matter.TOO_VAGUE: _too_vague,
        Matter.CONTRACT: _found,
    }
    likely = routed.alike[:SHOWN] if routed.matter is Matter.CONTRACT else ()
    return offer(replies[routed.matter](routed, desk, desk.day), routed, message, desk, likely, member)


def tells(message: Message, desk: Desk) -> bool:
    """Whether a message plainly tells of somebody's trouble, however vague it is otherwise."""
    return leaning(message.text, read_clues(message.text, message.division, desk.register())) > _PLAINLY


def bar(roles: frozenset[Role]) -> float:
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


def _at_risk(routed: Routed, message: Message, desk: Desk) -> Reply:
    """Somebody is at risk now: it is raised without asking; to strangers and in the open, the signpost only."""
    contract = routed.contracts[0].row.reference if routed.contracts else ""
    raised = None if message.public else raise_told_danger(message, routed, desk, contract)
    if raised:
        return raised
    with desk.store.reading() as connection:
        people = [one for one in list_people(connection) if Role.SAFEGUARDING in one.roles]
    who = f" Then tell the safeguarding contact: {_address(people[0].name, people[0].email)}." if people else ""
    line = f" Out of hours: {desk.out_of_hours}." if desk.out_of_hours else ""
    notes = (f"Why this comes first: {routed.danger}.", "Nothing has been raised yet: write to me in a direct message.")
    return Reply(
        outcome=Outcome.SAFEGUARDING,
        text=f"Somebody may be at risk now. If anyone is in danger, call 999 first.{line}{who}",
        notes=notes,
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
        service = in_passing(routed.service.name) if routed.service and routed.service.ours else "this"
        text = f"Where is it? I take it to be about {service}, and the contract depends on the place."
        return Reply(outcome=Outcome.TOO_VAGUE, text=text, notes=("The town or village is enough.",))
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
    return Reply(outcome=Outcome.CONTRACT, text=" ".join(sentences), notes=(_saw(routed),))


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


def _person(contact: Contact) -> str:
    return f"{_address(contact.name, contact.email)}, {contact.role}"


def _address(name: str, email: str) -> str:
    return f"{name} ({email})" if name else email


def _saw(routed: Routed) -> str:
    """What of the message led there."""
    where = routed.clues.where
    seen = [in_passing(routed.service.name) if routed.service else ""]
    seen += [", ".join(dict.fromkeys(name.words for name in routed.clues.names[:2] if name.sure >= 0.75))]
    seen += [" and ".join(sorted(where.districts)) + (" (your division)" if where.source == "division" else "")]
    return "I went by: " + "; ".join(part for part in seen if part) + "."
