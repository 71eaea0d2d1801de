"""Raising a concern: by a press of Raise, by danger told, by the form. What is written down is in `writing_down`, what
is said of it in `receipts`."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers.concerns import forms, safeguarding
from handlers.concerns.case import Case, goes_by, known_as, open_case, sender, somebody
from handlers.concerns.proposing import NOBODY, about_of, clean, is_member, keep
from handlers.concerns.receipts import at_risk_reply, receipt
from handlers.concerns.twins import offer_to_follow, twin_of
from handlers.concerns.writing_down import Raising, put_down
from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from knowledge.concerns import record
from knowledge.concerns.drafts import Draft, draft_of, note_member
from knowledge.concerns.nouns import Concern, Relation
from knowledge.models import Person
from knowledge.parties import normal
from knowledge.people import list_people
from knowledge.register.finding.routing import Routed

NOT_LISTED = "Only people on the council's list raise concerns."
NO_MEMBER = "This is not a Member on the council's list."
_GONE = "That message is no longer here: it was raised, taken back, or cleared after a day. Write it again."


def raise_draft(message: Message, desk: Desk, *, confirmed: bool = False, source: str = "") -> Reply:
    """A press of Raise. Unless `confirmed`, an open concern that tells of the same is offered to be followed.
    `source`: the message that raises it by itself, "" for a button."""
    id, _, reference = message.about.partition("|")
    reference = "" if reference == NOBODY else reference
    twin = None if confirmed else _twin(message, desk, id, reference)
    with desk.store.writing() as connection:
        person = sender(connection, message)
        if not person.listed:
            return Reply(outcome=Outcome.REFUSED, text=NOT_LISTED)
        draft = draft_of(connection, id, goes_by(person, message))
        if draft is None:
            case = _raised_from(connection, f"draft:{id}", person, desk)
            return receipt(case) if case else Reply(outcome=Outcome.REFUSED, text=_GONE)
        member = member_of(connection, person, draft, message.fields.get("member", "").strip())
        if member is None:
            wanted = message.fields.get("member", "").strip() or str(draft.about.get("member", ""))
            error = NO_MEMBER if wanted else ""
            return forms.for_a_member(message.about, list_people(connection), wanted, error)
        if member != person:
            note_member(connection, draft, known_as(member))
        raising = _to_raise(draft, reference, person, member, message, source)
        if twin is not None:
            return offer_to_follow(message.about, twin, normal(twin.raised_by) == normal(known_as(person)))
        number = put_down(connection, raising, desk)
    return _of_raised(number, desk, receipt)


def _twin(message: Message, desk: Desk, id: str, reference: str) -> Concern | None:
    """An open concern that tells of the same. Looked for before anything is locked: comparing takes its time."""
    with desk.store.reading() as connection:
        draft = draft_of(connection, id, goes_by(sender(connection, message), message))
        return twin_of(connection, draft, reference) if draft else None


def member_of(connection: Connection, person: Person, draft: Draft, chosen: str = "") -> Person | None:
    """Whose concern it is: a Member's own; an officer's that of the Member whom they chose; None for nobody on the
    list."""
    if is_member(person):
        return person
    found = somebody(chosen or str(draft.about.get("member", "")), list_people(connection))
    return found if found and is_member(found) else None


def _to_raise(
    draft: Draft,
    reference: str,
    person: Person,
    member: Person,
    message: Message,
    source: str,
    *,
    at_risk: bool = False,
) -> Raising:
    """An officer enters it, and the Member hears of it wherever they are rather than in the officer's thread."""
    own = member == person
    return Raising(
        draft, reference, known_as(member), "" if own else known_as(person), at_risk, message.origin if own else {},
        source,
    )  # fmt: skip


def raise_at_risk(
    message: Message, desk: Desk, draft: str, reference: str = "", danger: str = "", *, source: str = ""
) -> Reply:
    """Somebody is at risk now: nothing is asked first. The concern, and an urgent word to the safeguarding contact.
    Whoever may not raise it, or comes too late to, reads the signpost all the same."""
    with desk.store.writing() as connection:
        person = sender(connection, message)
        written = draft_of(connection, draft, goes_by(person, message))
        if written is None or not person.listed:
            why = _GONE if person.listed else NOT_LISTED
            text = f"{safeguarding.signpost(desk)} Nothing has been raised. {why}"
            return Reply(outcome=Outcome.SAFEGUARDING, text=text)
        member = member_of(connection, person, written) or person
        raising = _to_raise(written, reference, person, member, message, source, at_risk=True)
        number = put_down(connection, raising, desk)
    desk.kick()
    return _of_raised(number, desk, lambda case: at_risk_reply(case, danger))


def _of_raised(number: int, desk: Desk, say: Callable[[Case], Reply]) -> Reply:
    """What is said of a concern that was just raised. Said after it is written down, so that nobody else waits for the
    words."""
    with desk.store.reading() as connection:
        case = open_case(connection, desk, number)
        assert case is not None  # noqa: S101 - it was raised a moment ago
        return say(case)


def raise_told_danger(message: Message, routed: Routed, desk: Desk, contract: str) -> Reply | None:
    """The same for a message that tells of danger; None where its sender is not on the list."""
    files, wrong = clean(message.files)
    with desk.store.writing() as connection:
        person = sender(connection, message)
        if not person.listed:
            return None
        if message.id and (case := _raised_from(connection, message.id, person, desk)):  # the same message once more
            return at_risk_reply(case, routed.danger)
        likely = routed.contracts[:1] if contract else ()
        draft = keep(connection, message, person, about_of(routed, likely), desk, files)
    reply = raise_at_risk(message, desk, draft, contract, routed.danger, source=message.id)
    return reply.model_copy(update={"notes": (*reply.notes, *wrong)})


def raised_from(draft: str, message: Message, desk: Desk) -> str:
    """The reference of the concern that a draft of the sender's own has become, "" where it has not."""
    with desk.store.reading() as connection:
        case = _raised_from(connection, f"draft:{draft}", sender(connection, message), desk)
        return case.concern.reference if case else ""


def raised_by(message: Message, desk: Desk) -> Reply | None:
    """What is said of the concern that this very message has raised before; None where it has raised none."""
    with desk.store.reading() as connection:
        case = _raised_from(connection, message.id, sender(connection, message), desk) if message.id else None
        if case is None:
            return None
        return at_risk_reply(case, "") if case.concern.at_risk else receipt(case)


def _raised_from(connection: Connection, source: str, person: Person, desk: Desk) -> Case | None:
    """What somebody has raised themselves from a draft or by a message."""
    found = record.by_source(connection, source)
    case = open_case(connection, desk, found.id) if found else None
    theirs = {Relation.RAISER, Relation.ENTERER}
    return case if case and theirs & case.relations(person) else None
