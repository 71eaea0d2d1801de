"""The moves of whoever carries a concern: acknowledge, ask the provider, reply, ask the Member, pass on, close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.concerns import forms
from handlers.concerns.case import Case, known_as, somebody
from handlers.concerns.saying import ENDINGS
from handlers.messages import Message, Reply
from knowledge.concerns import providers
from knowledge.concerns.nouns import OPEN, Ending, Move, Relation, State
from knowledge.concerns.standing import SAFEGUARDING
from knowledge.concerns.texts import write_text
from knowledge.models import Person, Role
from knowledge.outbox.addresses import is_no_reply
from knowledge.parties import is_email, normal, party_of
from knowledge.register import contacts
from knowledge.register.contacts import contact_for
from knowledge.register.contract import key_of
from knowledge.register.holding import contract as held_contract

_NOBODY = "This is nobody on the council's list."
_NO_CONTRACT = "The register has no contract {}."
_CLOSES: dict[Ending, str] = {one: said for one, said in ENDINGS.items() if one is not Ending.WITHDRAWN}
"""How an officer may close; to withdraw is the Member's."""
_ROLES = (
    (Relation.DIRECTOR, contacts.DIRECTOR),
    (Relation.TRIAGE, contacts.TRIAGE),
    (Relation.SAFEGUARDING, SAFEGUARDING),
)


def acknowledge(case: Case, person: Person, message: Message) -> None:
    """Somebody says that they have it in hand, and has it from now on."""
    by = known_as(person)
    event = case.change(
        Move.ACKNOWLEDGE, by, source=message.id, state=State.ACKNOWLEDGED, acknowledged_at=case.now,
        **_taken_over(case, person),
    )  # fmt: skip
    case.tell_member(event, but=(by,))


def ask_provider(case: Case, person: Person, message: Message) -> Reply | None:
    """Sends the provider what the officer wrote, with a link to answer by; never what the Member wrote."""
    supplier = case.contract.supplier if case.contract else ""
    reference = case.contract.reference if case.contract else ""
    known = providers.contacts_of(case.connection, supplier, reference) if supplier else []
    given = {name: value.strip() for name, value in message.fields.items()}
    errors = _wrong_with_request(case, given) if given else {}
    if not given or errors:
        return forms.ask_provider(
            case, given, [(one.address, one.name) for one in known if not one.unreachable], errors
        )
    by, to = known_as(person), normal(given["to"])
    if supplier and to not in {one.address for one in known}:
        providers.keep_contact(case.connection, supplier, reference, to, "", by, case.now)
    question = write_text(case.connection, "request", given["text"], by, case.now, concern=case.concern.id)
    request = providers.ask(
        case.connection, concern=case.concern.id, contract=case.concern.contract, asked_by=by, asked_of=to,
        question=question, now=case.now, answer_by=case.clock.due(case.now, case.clock.level.provider_answer),
    )  # fmt: skip
    event = case.change(
        Move.ASK_PROVIDER, by, source=message.id, about={"request": request}, state=State.WITH_PROVIDER,
        **_in_hand(case, person),
    )  # fmt: skip
    case.tell("provider_asked", to, f"request:{request}", at_once=True, about={"request": request})
    case.tell_member(event, but=(by,))
    return None


def _wrong_with_request(case: Case, given: dict[str, str]) -> dict[str, str]:
    errors, to = {}, given.get("to", "")
    if not is_email(to):
        errors["to"] = "An e-mail address, please: name@firm.example.org"
    elif is_no_reply(to):
        errors["to"] = "Nobody reads what arrives there. Ask the provider for the address of a person."
    elif normal(to) in case.deaf:
        errors["to"] = "Messages to this address come back. Give another one."
    if wrong := forms.wrong_text(given.get("text", ""), case.desk):
        errors["text"] = wrong
    return errors


def reply(case: Case, person: Person, message: Message) -> Reply | None:
    """Answers the Member."""
    hint = "The Member reads it; a notification only says that it is there."
    asked = forms.written("reply", case, "Reply to the Member", "Your answer", message.fields, hint=hint)
    values = {"state": State.ANSWERED, "answered_at": case.now, "waiting_since": None}
    return _write_to_member(case, person, message, Move.REPLY, "reply", asked, values)


def ask_member(case: Case, person: Person, message: Message) -> Reply | None:
    """Asks the Member something; from now on the clock stands."""
    hint = "While you wait for the Member, the clock stands."
    asked = forms.written("ask_member", case, "Ask the Member", "Your question", message.fields, hint=hint)
    values = {"state": State.ACKNOWLEDGED, "waiting_since": case.concern.waiting_since or case.now}
    return _write_to_member(case, person, message, Move.ASK_MEMBER, "question", asked, values)


def _write_to_member(
    case: Case, person: Person, message: Message, move: Move, kind: str, asked: Reply, values: Mapping[str, Any]
) -> Reply | None:
    """Makes a move by which the Member is written to; the form it asks for where nothing fit was written."""
    body, by = message.fields.get("text", "").strip(), known_as(person)
    if forms.wrong_text(body, case.desk):
        return asked
    number = write_text(case.connection, kind, body, by, case.now, concern=case.concern.id)
    event = case.change(move, by, source=message.id, about={"text": number}, **{**values, **_in_hand(case, person)})
    case.tell_member(event, but=(by,))
    return None


def pass_on(case: Case, person: Person, message: Message) -> Reply | None:
    """Gives it to somebody else, or to whoever has another contract; its history stays with it."""
    given = {name: value.strip() for name, value in message.fields.items()}
    options = [
        (known_as(one), f"{one.name or known_as(one)} ({', '.join(sorted(one.roles))})"[:75])
        for one in case.people
        if one.roles - {Role.PROVIDER, Role.MEMBER} and known_as(one) != case.concern.holder
    ][:100]
    if not (given.get("to") or given.get("contract")):
        return forms.pass_on(case, given, options, {"to": "Say to whom, or to which contract."} if given else {})
    if given.get("contract"):
        return to_contract(case, person, message, given["contract"], Move.PASS_ON) or None
    to = somebody(given["to"], case.people)
    if to is None or (why := _cannot_have_it(case, to)):
        return forms.pass_on(case, given, options, {"to": why if to else _NOBODY})
    hand_over(case, known_as(person), message.id, Move.PASS_ON, known_as(to), _role_of(case, to), {})
    return None


def _cannot_have_it(case: Case, to: Person) -> str:
    """Why somebody cannot be given a concern, "" where they can."""
    if not to.roles - {Role.PROVIDER, Role.MEMBER}:
        return _NOBODY
    if normal(known_as(to)) == normal(case.concern.holder):
        return "They have it already."
    return f"They are away{f' until {to.away_to}' if to.away_to else ''}." if contacts.is_away(to, case.day) else ""


def to_contract(case: Case, person: Person, message: Message, reference: str, move: Move) -> Reply | None:
    """Gives a concern to whoever has a contract; a form again where there is no such contract."""
    held = held_contract(case.connection, reference)
    contact = contact_for(held.contract, case.people, case.day, case.deaf) if held else None
    error = "" if contact else "Nobody is named for this contract." if held else _NO_CONTRACT.format(reference)
    if held and key_of(held.contract.reference) == case.concern.contract:
        error = "It is with this contract already."
    if error and move is Move.PASS_ON:
        return forms.pass_on(case, message.fields, (), {"contract": error})
    if error or held is None or contact is None:
        return forms.wrong_contract(case, message.fields, (), error)
    values = {"contract": key_of(held.contract.reference)}
    hand_over(case, known_as(person), message.id, move, contact.email, contact.role, values)
    return None


def hand_over(case: Case, by: str, source: str, move: Move, to: str, role: str, values: dict[str, str]) -> None:
    """Makes somebody else its holder, who has to acknowledge it anew. The day of the answer stays, unless it was
    answered: then the Member is owed another answer from now on."""
    number = party_of(case.connection, to)
    before = {"from_contract": case.concern.contract} if "contract" in values else {}
    acknowledge_by, answer_by = case.clock.deadlines(case.now)
    again = {} if case.concern.state in OPEN else {"answer_by": answer_by, "answered_at": None}
    event = case.change(
        move, by, source=source, about={"to": number, **before}, state=State.TRANSFERRED, holder=to, holder_role=role,
        acknowledge_by=acknowledge_by, **again, **values,
    )  # fmt: skip
    case.tell("raised", to, f"event:{event}")
    case.tell_member(event, but=(by,))


def close(case: Case, person: Person, message: Message) -> Reply | None:
    """Closes it, with how it ended and what the Member is told."""
    given = {name: value.strip() for name, value in message.fields.items()}
    errors = {}
    if given.get("outcome") not in {one.value for one in _CLOSES}:
        errors["outcome"] = "Choose how it ended."
    if wrong := forms.wrong_text(given.get("text", ""), case.desk):
        errors["text"] = wrong
    if not given or errors:
        return forms.close(case, given, _CLOSES, errors if given else {})
    by = known_as(person)
    number = write_text(case.connection, "reply", given["text"], by, case.now, concern=case.concern.id)
    answered = case.concern.answered_at or case.now
    end(case, by, message.id, Move.CLOSE, Ending(given["outcome"]), {"text": number}, answered_at=answered)
    return None


def end(
    case: Case,
    by: str,
    source: str,
    move: Move,
    ending: Ending,
    about: dict[str, int],
    but: tuple[str, ...] = (),
    **values: object,
) -> int:
    """Closes a concern: nobody waits for anything any more. `but`: who is not told. Gives the event's number."""
    event = case.change(
        move, by, source=source, about={**about, "outcome": ending.value}, state=State.CLOSED, outcome=ending.value,
        closed_at=case.now, waiting_since=None, **values,
    )  # fmt: skip
    providers.end_requests(case.connection, case.concern.id)
    case.tell_member(event, but=(by, *but))
    return event


def _in_hand(case: Case, person: Person) -> dict[str, Any]:
    """Who does something about a concern has it in hand, without having said so first."""
    if case.concern.acknowledged_at and case.concern.state not in (State.REOPENED, State.TRANSFERRED, State.RAISED):
        return {}
    return {"acknowledged_at": case.now, **_taken_over(case, person)}


def _taken_over(case: Case, person: Person) -> dict[str, Any]:
    """Whoever acknowledges it has it."""
    mine = known_as(person)
    return (
        {} if normal(mine) == normal(case.concern.holder) else {"holder": mine, "holder_role": _role_of(case, person)}
    )


def _role_of(case: Case, person: Person) -> str:
    """As what somebody has a concern."""
    step = next((one.role for one in case.ladder if normal(one.email) == normal(known_as(person))), "")
    if step:
        return step
    mine = case.relations(person)
    return next((role for relation, role in _ROLES if relation in mine), next(iter(sorted(person.roles)), ""))
