"""The Member's moves: take back, not this contract, tell more, withdraw, not fixed, put right, somebody is at risk."""

from __future__ import annotations

from handlers.concerns import forms
from handlers.concerns.carrying import end, hand_over, to_contract
from handlers.concerns.case import Case, known_as
from handlers.concerns.raising import tell_safeguarding
from handlers.messages import Message, Reply
from knowledge.concerns.nouns import Ending, Move, State
from knowledge.concerns.texts import write_text
from knowledge.models import Person
from knowledge.outbox.owing import stop
from knowledge.register import contacts

_EMPTY = "Write something first."


def take_back(case: Case, person: Person, message: Message) -> None:
    """Stops what has not left; whoever was told already is told that it is taken back."""
    told = stop(case.connection, case.concern.id, case.now)
    end(case, known_as(person), message.id, Move.TAKE_BACK, Ending.WITHDRAWN, {"stopped": told})
    _tell_holder(case, "taken_back")


def withdraw(case: Case, person: Person, message: Message) -> None:
    """The Member needs no answer any more."""
    end(case, known_as(person), message.id, Move.WITHDRAW, Ending.WITHDRAWN, {})
    _tell_holder(case, "taken_back")


def put_right(case: Case, person: Person, message: Message) -> None:
    """The Member says that it was put right."""
    end(case, known_as(person), message.id, Move.PUT_RIGHT, Ending.PUT_RIGHT, {})
    _tell_holder(case, "put_right")


def not_fixed(case: Case, person: Person, message: Message) -> Reply | None:
    """Reopens it: whoever has it must acknowledge it and answer anew."""
    given, by = message.fields, known_as(person)
    body = given.get("text", "").strip()
    if not given:
        note = forms.NOT_TO_TYPE
        return forms.written(
            "not_fixed", case, "It is not fixed", "What is still wrong?", given, "", note=note, send="Reopen"
        )
    text = {"text": write_text(case.connection, "more", body, by, case.now, concern=case.concern.id)} if body else {}
    holder = next(iter(case.ladder), None)
    acknowledge_by, answer_by = case.clock.deadlines(case.now)
    values = {"holder": holder.email, "holder_role": holder.role} if holder else {}
    event = case.change(
        Move.NOT_FIXED, by, source=message.id, about=text, state=State.REOPENED, outcome="", closed_at=None,
        answered_at=None, acknowledge_by=acknowledge_by, answer_by=answer_by, **values,
    )  # fmt: skip
    case.tell("raised", case.concern.holder, f"event:{event}", due=case.clock.seen_at(case.now))
    case.tell_member(event, but=by)
    return None


def tell_more(case: Case, person: Person, message: Message) -> Reply | None:
    """Tells whoever has it more; where they had asked, the clock runs again from here."""
    given, by = message.fields, known_as(person)
    body = given.get("text", "").strip()
    if not body:
        error = _EMPTY if given else ""
        return forms.written(
            "tell_more", case, "Tell more", "What should they know?", given, error, note=forms.NOT_TO_TYPE
        )
    number = write_text(case.connection, "more", body, by, case.now, concern=case.concern.id)
    values, since = {}, case.concern.waiting_since
    if since:
        values = {"waiting_since": None, "answer_by": case.clock.later_by(case.concern.answer_by, since, case.now)}
    event = case.change(Move.TELL_MORE, by, source=message.id, about={"text": number}, **values)
    case.tell(
        "told_more", case.concern.holder, f"event:{event}", due=case.clock.seen_at(case.now), about={"event": event}
    )
    return None


def wrong_contract(case: Case, person: Person, message: Message) -> Reply | None:
    """The Member says which contract it is about instead; where they do not know, triage finds out."""
    given = message.fields
    if not given:
        return forms.wrong_contract(case, given, (), "")
    if reference := given.get("contract", "").strip():
        return to_contract(case, person, message, reference, Move.WRONG_CONTRACT)
    triage = next((one for one in case.ladder if one.role == contacts.TRIAGE), None)
    if triage:
        hand_over(
            case, known_as(person), message.id, Move.WRONG_CONTRACT, triage.email, contacts.TRIAGE, {"contract": ""}
        )
    return None


def at_risk(case: Case, person: Person, message: Message) -> None:
    """Somebody is at risk after all: the safeguarding contact is told at once, and its times are those of danger."""
    level = case.desk.levels.of(case.concern.service, at_risk=True)
    event = case.change(Move.AT_RISK, known_as(person), source=message.id, at_risk=True, level=level.name)
    if case.concern.open:
        acknowledge_by, answer_by = case.clock.deadlines(case.now)
        values = {
            "acknowledge_by": min(case.concern.acknowledge_by, acknowledge_by),
            "answer_by": min(case.concern.answer_by, answer_by),
        }
        case.change_dates(values)
    tell_safeguarding(case, event)


def _tell_holder(case: Case, kind: str) -> None:
    """Tells whoever has it that it has ended."""
    last = case.events[-1].id
    case.tell(kind, case.concern.holder, f"event:{last}", due=case.clock.seen_at(case.now))
