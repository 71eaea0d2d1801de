"""The Member's moves: take back, not this contract, tell more, withdraw, not fixed, put right, somebody is at risk."""

from __future__ import annotations

from handlers.concerns import forms
from handlers.concerns.carrying import end, hand_over, to_contract
from handlers.concerns.case import Case, known_as
from handlers.concerns.safeguarding import mark_at_risk
from handlers.messages import Message, Outcome, Reply
from knowledge.concerns.nouns import Ending, Move, State
from knowledge.concerns.record import told_of
from knowledge.concerns.texts import write_text
from knowledge.models import Person
from knowledge.outbox.owing import stop
from knowledge.register import contacts

TO_CARRIERS = (
    "raised", "at_risk", "reminded", "escalated", "told_more", "provider_answered", "provider_late",
    "provider_unreachable", "undelivered",
)  # fmt: skip
"""Kinds of notification that go to whoever carries a concern."""


def take_back(case: Case, person: Person, message: Message) -> None:
    """Stops what has not left; whoever was told already, and nobody else, is told that it is taken back."""
    _withdrawn(case, person, message, Move.TAKE_BACK)


def withdraw(case: Case, person: Person, message: Message) -> None:
    """The Member needs no answer any more."""
    _withdrawn(case, person, message, Move.WITHDRAW)


def _withdrawn(case: Case, person: Person, message: Message, move: Move) -> None:
    id, by = case.concern.id, known_as(person)
    stopped = stop(case.connection, id, case.now)
    carriers = told_of(case.connection, id, TO_CARRIERS, case.now)
    heard = told_of(case.connection, id, ("raised_for_you", "news"), case.now)
    unheard = () if case.concern.raised_by in heard else (case.concern.raised_by,)
    event = end(case, by, message.id, move, Ending.WITHDRAWN, {"stopped": stopped}, unheard)
    for address in carriers:
        case.tell("taken_back", address, f"event:{event}")


def put_right(case: Case, person: Person, message: Message) -> None:
    """The Member says that it was put right. Once is enough."""
    if case.events[-1].move is not Move.PUT_RIGHT:
        event = end(case, known_as(person), message.id, Move.PUT_RIGHT, Ending.PUT_RIGHT, {})
        case.tell_holder("put_right", event)


def not_fixed(case: Case, person: Person, message: Message) -> Reply | None:
    """Reopens it: whoever has it must acknowledge it and answer anew."""
    given, by = message.fields, known_as(person)
    body = given.get("text", "").strip()
    wrong = forms.wrong_text(body, case.desk) if body else ""
    if not given or wrong:
        note = forms.NOT_TO_TYPE
        return forms.written(
            "not_fixed", case, "It is not fixed", "What is still wrong?", given, wrong, note=note, send="Reopen"
        )
    text = {"text": write_text(case.connection, "more", body, by, case.now, concern=case.concern.id)} if body else {}
    holder = next(iter(case.ladder), None)
    acknowledge_by, answer_by = case.clock.deadlines(case.now)
    values = {"holder": holder.email, "holder_role": holder.role} if holder else {}
    event = case.change(
        Move.NOT_FIXED, by, source=message.id, about=text, state=State.REOPENED, outcome="", closed_at=None,
        answered_at=None, acknowledge_by=acknowledge_by, answer_by=answer_by, **values,
    )  # fmt: skip
    case.tell("raised", case.concern.holder, f"event:{event}")
    case.tell_member(event, but=(by,))
    _heed(case, by, body)
    return None


def tell_more(case: Case, person: Person, message: Message) -> Reply | None:
    """Tells whoever has it more; where they had asked, the clock runs again from here."""
    given, by = message.fields, known_as(person)
    body = given.get("text", "").strip()
    if wrong := forms.wrong_text(body, case.desk):
        error = wrong if given else ""
        return forms.written(
            "tell_more", case, "Tell more", "What should they know?", given, error, note=forms.NOT_TO_TYPE
        )
    number = write_text(case.connection, "more", body, by, case.now, concern=case.concern.id)
    values, since = {}, case.concern.waiting_since
    if since:
        values = {"waiting_since": None, "answer_by": case.clock.later_by(case.concern.answer_by, since, case.now)}
    event = case.change(Move.TELL_MORE, by, source=message.id, about={"text": number}, **values)
    case.tell_holder("told_more", event)
    _heed(case, by, body)
    return None


def wrong_contract(case: Case, person: Person, message: Message) -> Reply | None:
    """The Member says which contract it is about instead; where they do not know, triage finds out."""
    given = message.fields
    if not given:
        return forms.wrong_contract(case, given, (), "")
    if reference := given.get("contract", "").strip():
        return to_contract(case, person, message, reference, Move.WRONG_CONTRACT)
    triage = next((one for one in case.ladder if contacts.rung(one.role) == contacts.TRIAGE), None)
    if triage is None:
        text = "Nobody on the council's list finds out whose it is: tell the desk's administrator."
        return Reply(outcome=Outcome.REFUSED, text=text)
    hand_over(case, known_as(person), message.id, Move.WRONG_CONTRACT, triage.email, triage.role, {"contract": ""})
    return None


def at_risk(case: Case, person: Person, message: Message) -> None:
    """Somebody is at risk after all."""
    mark_at_risk(case, known_as(person), message.id)


def _heed(case: Case, by: str, body: str) -> None:
    """What is told of danger counts as danger, wherever it is written."""
    if not case.concern.at_risk and case.desk.at_risk(body):
        mark_at_risk(case, by, "")
