"""Raising a concern: in one transaction the concern, its event and its notifications; then who has it, by when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.engine import Connection

from handlers.concerns import forms, safeguarding, saying
from handlers.concerns.case import Case, goes_by, known_as, open_case, sender, somebody
from handlers.concerns.proposing import NOBODY, about_of, clean, is_member, keep
from handlers.concerns.twins import offer_to_follow, twin_of
from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from knowledge.attachments import move_to_concern
from knowledge.concerns import record
from knowledge.concerns.clock import Clock
from knowledge.concerns.drafts import Draft, draft_of, forget_draft, note_member
from knowledge.concerns.moves import TAKE_BACK_WITHIN
from knowledge.concerns.nouns import Concern, Relation
from knowledge.concerns.standing import SAFEGUARDING
from knowledge.concerns.texts import give_to_concern
from knowledge.models import Person, Role
from knowledge.outbox.addresses import is_no_reply
from knowledge.parties import normal, party_of, unreachable
from knowledge.people import list_people
from knowledge.register import contacts
from knowledge.register.contacts import Contact, contact_for
from knowledge.register.contract import key_of
from knowledge.register.finding.routing import Routed
from knowledge.register.holding import contract as held_contract
from knowledge.service_levels import Level
from knowledge.workdays import day_of

_NOT_LISTED = "Only people on the council's list raise concerns."
_GONE = "That message is no longer here: it was raised, taken back, or cleared after a day. Write it again."


@dataclass(frozen=True)
class Raising:
    """What is to be raised. `contract`: a reference, "" for none; `member`: whose concern it is, an address."""

    draft: Draft
    contract: str
    member: str
    entered_by: str = ""
    at_risk: bool = False
    origin: dict[str, str] = field(default_factory=dict)
    message: str = ""

    @property
    def source(self) -> str:
        """The same however often the button is pressed, or the message that raised it comes."""
        return self.message or f"draft:{self.draft.id}"


def raise_draft(message: Message, desk: Desk, *, confirmed: bool = False, source: str = "") -> Reply:
    """A press of Raise. Unless `confirmed`, an open concern that tells of the same is offered to be followed.
    `source`: the message that raises it by itself, "" for a button."""
    id, _, reference = message.about.partition("|")
    reference = "" if reference == NOBODY else reference
    twin = None if confirmed else _twin(message, desk, id, reference)
    with desk.store.writing() as connection:
        person = sender(connection, message)
        if not person.roles - {Role.PROVIDER}:
            return Reply(outcome=Outcome.REFUSED, text=_NOT_LISTED)
        draft = draft_of(connection, id, goes_by(person, message))
        if draft is None:
            case = _raised_from(connection, f"draft:{id}", person, desk)
            return receipt(case) if case else Reply(outcome=Outcome.REFUSED, text=_GONE)
        member = member_of(connection, person, draft, message.fields.get("member", "").strip())
        if member is None:
            wanted = message.fields.get("member", "").strip() or str(draft.about.get("member", ""))
            error = "This is not a Member on the council's list." if wanted else ""
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
        if written is None or not person.roles - {Role.PROVIDER}:
            why = _GONE if person.roles - {Role.PROVIDER} else _NOT_LISTED
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
        if not person.roles - {Role.PROVIDER}:
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


def put_down(connection: Connection, raising: Raising, desk: Desk) -> int:
    """Writes a concern down, with everything that is owed because of it, and gives its number."""
    now, key = desk.now(), key_of(raising.contract)
    service = str(
        raising.draft.about.get("contracts", {}).get(raising.contract) or raising.draft.about.get("service", "")
    )
    level = desk.levels.of(service, raising.at_risk)
    clock = Clock(level, desk.calendar)
    acknowledge_by, answer_by = clock.deadlines(now)
    contract = held_contract(connection, key) if key else None
    people, deaf = list_people(connection), set(unreachable(connection))
    day = day_of(clock.seen_at(now))
    first = _first(level, people, day, deaf)
    holder = first or contact_for(contract.contract if contract else None, people, day, deaf)
    values = {
        "contract": key if contract else "", "service": service, "level": level.name, "at_risk": raising.at_risk,
        "holder_role": holder.role if holder else "", "origin": raising.origin,
        "acknowledge_by": acknowledge_by, "answer_by": answer_by,
    }  # fmt: skip
    made, new = record.raise_concern(
        connection, source=raising.source, raised_by=raising.member, entered_by=raising.entered_by,
        holder=holder.email if holder else "", now=now, values=values,
    )  # fmt: skip
    if new:
        case = Case(connection, desk, made, now)
        give_to_concern(connection, raising.draft.text, made.id)
        move_to_concern(connection, raising.draft.id, made.id)
        forget_draft(connection, raising.draft, and_text=False)
        _owe(case)
    return made.id


def _first(level: Level, people: list[Person], day: date, deaf: set[str]) -> Contact | None:
    """The safeguarding contact, where the service level says that they have it first though nobody is at risk."""
    if level.at_risk or level.first != "safeguarding":
        return None
    there = [one for one in people if Role.SAFEGUARDING in one.roles and not contacts.is_away(one, day)]
    found = [Contact(known_as(one), one.name, SAFEGUARDING) for one in there if known_as(one) not in deaf]
    return found[0] if found else None


def _owe(case: Case) -> None:
    """What raising owes: word to whoever has it, in their hours; at risk, to the safeguarding contact at any."""
    first = case.events[0].id
    case.tell("raised", case.concern.holder, f"event:{first}")
    if case.concern.at_risk:
        safeguarding.tell_safeguarding(case, first)
    if case.concern.entered_by:
        case.tell("raised_for_you", case.concern.raised_by, f"event:{first}")
    _tell_of_no_reply(case)
    case.set_clock()


def _tell_of_no_reply(case: Case) -> None:
    """Triage hears, once for each, of addresses in the register at which nobody reads."""
    named = case.contract and (case.contract.manager_email, case.contract.deputy_email, case.contract.director_email)
    for address in named or ():
        if is_no_reply(address):
            number = party_of(case.connection, address)
            about = {"reason": "nobody reads that address", "whose": number}
            case.tell_triage("undelivered", f"no-reply:{number}", about)


# --- what is said -------------------------------------------------------------------------------------------------


def receipt(case: Case) -> Reply:
    """Who has it, by when, the reference."""
    concern, desk = case.concern, case.desk
    about = saying.contract(case) if case.contract else "a service the desk could not name"
    sentences = [f"{concern.reference} is raised: {about}.", who_has_it(case), _seen(case), _dates(case)]
    notes = [*safeguarding.silence(case), f"Take back works for {int(TAKE_BACK_WITHIN.total_seconds() // 60)} minutes."]
    notes.append(f"If anyone is in danger, call 999.{safeguarding.out_of_hours(desk)}")
    return Reply(
        outcome=Outcome.RAISED, text=" ".join(part for part in sentences if part), notes=tuple(notes),
        choices=_after_raising(case), concern=concern.reference,
    )  # fmt: skip


def at_risk_reply(case: Case, danger: str) -> Reply:
    """The signpost first, then what was done."""
    notes = safeguarding.silence(case)
    if danger:
        notes.append(f"Why this comes first: {danger}.")
    if case.contract:
        notes.append(f"The contract it may touch: {saying.contract(case)}, {case.contract.supplier}.")
    return Reply(
        outcome=Outcome.SAFEGUARDING, text=f"{safeguarding.said(case)} {who_has_it(case)}", notes=tuple(notes),
        choices=_after_raising(case), concern=case.concern.reference,
    )  # fmt: skip


def who_has_it(case: Case) -> str:
    """Who has it, and why not somebody before them."""
    if not case.concern.holder:
        return "Nobody is named for it: tell the council's triage contact."
    because = next((one.because for one in case.ladder if one.email == case.concern.holder), "")
    why = f", because {because}" if because else ""
    return f"{saying.person(case.concern.holder, case.people)}, {case.concern.holder_role}, has it{why}."


def _seen(case: Case) -> str:
    """Out of hours: when whoever has it will see it."""
    at = case.clock.seen_at(case.now)
    return f"They see it on {saying.when(at)}, when their hours begin." if at > case.now else ""


def _dates(case: Case) -> str:
    concern = case.concern
    return (
        f"You hear that it is in hand by {saying.when(concern.acknowledge_by)}, and have an answer by "
        f"{saying.day(concern.answer_by)}."
    )


def _after_raising(case: Case) -> tuple[Choice, ...]:
    reference = case.concern.reference
    buttons = [
        Choice(label="Take back", action="take_back", about=reference),
        Choice(label="Not this contract", action="wrong_contract", about=reference, opens_form=True),
    ]
    if not case.concern.at_risk:
        buttons.append(Choice(label="Somebody is at risk now", action="at_risk", about=reference, style="danger"))
    return tuple(buttons)


# --- the same again -----------------------------------------------------------------------------------------------


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
