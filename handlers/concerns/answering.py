"""A provider answers what they were asked, by a signed link and without an account."""

from __future__ import annotations

from datetime import date, timedelta

from handlers.concerns import forms, saying
from handlers.concerns.case import Case, open_case
from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply, Written
from knowledge.audit import Deed, account_once
from knowledge.concerns.moves import after, refusal
from knowledge.concerns.nouns import Move, Relation, Request
from knowledge.concerns.providers import answer_request, request
from knowledge.concerns.texts import text, write_text

_LONGEST = 5_000
_FURTHEST = timedelta(days=366)
"""How far away a promised day may be."""


def asked(number: int, desk: Desk) -> Reply:
    """What a provider was asked, and the form to answer it: what was released to them, and nothing else."""
    with desk.store.writing() as connection:
        found = request(connection, number)
        case = open_case(connection, desk, found.concern) if found else None
        if found is None or case is None:
            return Reply(outcome=Outcome.REFUSED, text="There is nothing to answer here.")
        account_once(connection, Deed.SAW, "request", number, case.now, by=found.asked_of)
        return _page(case, found, {}, {})


def answer(message: Message, number: int, desk: Desk) -> Reply:
    """Takes a provider's answer down, holds it and a promised day against the contract, and tells the manager."""
    given = {name: value.replace("\0", " ").strip() for name, value in message.fields.items()}
    with desk.store.writing() as connection:
        asked = request(connection, number)
        case = open_case(connection, desk, asked.concern, lock=True) if asked else None
        found = request(connection, number)  # as it stands now that nobody else answers it
        if found is None or case is None:
            return Reply(outcome=Outcome.REFUSED, text="There is nothing to answer here.")
        errors = _wrong(given, desk.day)
        if errors or not _may(case, found):
            return _page(case, found, given, errors)
        written = write_text(connection, "answer", given["text"], found.asked_of, case.now, concern=case.concern.id)
        promised = date.fromisoformat(given["promised"]) if given.get("promised") else None
        answer_request(connection, number, answer=written, promised=promised, now=case.now)
        about = {"request": number, "text": written, **({"promised": promised.isoformat()} if promised else {})}
        waited_for = any(one.open for one in case.requests)
        state = case.concern.state if waited_for else after(case.concern, Move.PROVIDER_ANSWERS)
        event = case.change(Move.PROVIDER_ANSWERS, found.asked_of, source=message.id, about=about, state=state)
        case.tell_holder("provider_answered", event)
        case.tell_member(event)
        case.set_clock()
    return Reply(
        outcome=Outcome.CONCERN, concern=case.concern.reference,
        text=f"Thank you. Your answer to {case.concern.reference} is with the contract manager"
        + (f", with {saying.day(promised)} as the day by which it will be right." if promised else "."),
    )  # fmt: skip


def _may(case: Case, found: Request) -> bool:
    """Whether an answer is still awaited."""
    return found.open and not refusal(case.concern, Move.PROVIDER_ANSWERS, frozenset({Relation.PROVIDER}), case.now)


def _wrong(given: dict[str, str], today: date) -> dict[str, str]:
    errors = {}
    if not given.get("text"):
        errors["text"] = "Write your answer first."
    elif len(given["text"]) > _LONGEST:
        errors["text"] = forms.too_long(given["text"], _LONGEST)
    if given.get("promised"):
        try:
            promised = date.fromisoformat(given["promised"])
            if promised < today:
                errors["promised"] = "This day has passed."
            elif promised > today + _FURTHEST:
                errors["promised"] = "This is more than a year away."
        except ValueError:
            errors["promised"] = "A day, please, like 2026-11-30."
    return errors


def _page(case: Case, found: Request, given: dict[str, str], errors: dict[str, str]) -> Reply:
    question = text(case.connection, found.question)
    body = question.body if question else "What was asked is no longer kept."
    by = saying.name(found.asked_by, case.people)
    shown = (Written(what=f"{by} asks", by=by, when=saying.when(found.asked_at), body=body),)
    about = f"{saying.contract(case)}: {case.concern.reference}"
    if not _may(case, found):
        said = (
            "You have answered this, thank you."
            if not found.open and found.answer
            else "This is no longer waiting for an answer."
        )
        return Reply(outcome=Outcome.CONCERN, text=f"{about}. {said}", written=shown, concern=case.concern.reference)
    form = forms.answer(str(found.id), f"Answer {case.concern.reference}", given, errors)
    lead = f"{about}. An answer is awaited by {saying.when(found.answer_by)}."
    return Reply(outcome=Outcome.FORM, text=lead, written=shown, form=form, concern=case.concern.reference)
