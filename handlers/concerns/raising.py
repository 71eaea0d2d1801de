"""Raising a concern: in one transaction the concern, its event and its notifications; then who has it, by when."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from handlers.concerns import forms, saying
from handlers.concerns.case import Case, known_as, open_case, sender, somebody
from handlers.concerns.proposing import NOBODY, about_of, is_member, keep
from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from knowledge import tables
from knowledge.attachments import move_to_concern
from knowledge.concerns import record
from knowledge.concerns.alike import most_alike
from knowledge.concerns.clock import Clock
from knowledge.concerns.drafts import Draft, draft_of, forget_draft
from knowledge.concerns.moves import TAKE_BACK_WITHIN
from knowledge.concerns.nouns import OPEN, Concern
from knowledge.concerns.texts import give_to_concern, texts_of
from knowledge.models import Person, Role
from knowledge.outbox.heartbeats import last_beat
from knowledge.parties import unreachable
from knowledge.people import list_people
from knowledge.register.contacts import contact_for
from knowledge.register.contract import key_of
from knowledge.register.finding.routing import Routed
from knowledge.register.holding import contract as held_contract

_HEARD_WITHIN = 60.0
"""Seconds after which a worker that says nothing is taken for dead."""
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


def raise_draft(message: Message, desk: Desk, *, confirmed: bool = False) -> Reply:
    """A press of Raise. Unless `confirmed`, an open concern that tells of the same is offered to be followed."""
    id, _, reference = message.about.partition("|")
    reference = "" if reference == NOBODY else reference
    with desk.store.writing() as connection:
        person = sender(connection, message)
        if not person.roles - {Role.PROVIDER}:
            return Reply(outcome=Outcome.REFUSED, text="Only people on the council's list raise concerns.")
        draft = draft_of(connection, id, message.addresses)
        if draft is None:
            return _raised_already(connection, f"draft:{id}", desk)
        if not is_member(person):
            wanted = message.fields.get("member", "").strip() or str(draft.about.get("member", ""))
            member = somebody(wanted, list_people(connection))
            if member is None or Role.MEMBER not in member.roles:
                error = "This is not a Member on the council's list." if wanted else ""
                return forms.for_a_member(message.about, list_people(connection), wanted, error)
            raising = Raising(draft, reference, known_as(member), known_as(person))
        else:
            raising = Raising(draft, reference, known_as(person), origin=message.origin)
        twin = None if confirmed else _twin(connection, draft, reference)
        if twin is not None:
            return _offer_to_follow(message.about, twin)
        case = put_down(connection, raising, desk)
        reply = receipt(case)
    return reply


def raise_at_risk(
    message: Message, desk: Desk, draft: str, reference: str = "", danger: str = "", *, once: bool = False
) -> Reply:
    """Somebody is at risk now: nothing is asked first. The concern, and an urgent word to the safeguarding contact.
    `once`: the message raises it by itself, so that the same message again raises no second one."""
    with desk.store.writing() as connection:
        person = sender(connection, message)
        written = draft_of(connection, draft, message.addresses)
        if written is None:
            case = _case_of_source(connection, f"draft:{draft}", desk)
            return at_risk_reply(case, danger) if case else Reply(outcome=Outcome.REFUSED, text=_GONE)
        raising = Raising(
            written, reference, **_for_whom(connection, written, person), at_risk=True, origin=message.origin,
            message=message.id if once else "",
        )  # fmt: skip
        case = put_down(connection, raising, desk)
        reply = at_risk_reply(case, danger)
    desk.kick()
    return reply


def raise_told_danger(message: Message, routed: Routed, desk: Desk, contract: str) -> Reply | None:
    """The same for a message that tells of danger; None where its sender is not on the list."""
    with desk.store.writing() as connection:
        person = sender(connection, message)
        if not person.roles - {Role.PROVIDER}:
            return None
        if message.id and (case := _case_of_source(connection, message.id, desk)):  # the same message once more
            return at_risk_reply(case, routed.danger)
        likely = routed.contracts[:1] if contract else ()
        draft, wrong = keep(connection, message, person, about_of(routed, likely), desk)
    reply = raise_at_risk(message, desk, draft, contract, routed.danger, once=True)
    return reply.model_copy(update={"notes": (*reply.notes, *wrong)})


def _for_whom(connection: Connection, draft: Draft, person: Person) -> dict[str, str]:
    """Whose concern it is: that of the Member it was written for, where an officer named one."""
    member = somebody(str(draft.about.get("member", "")), list_people(connection))
    if is_member(person) or member is None or Role.MEMBER not in member.roles:
        return {"member": known_as(person)}
    return {"member": known_as(member), "entered_by": known_as(person)}


def put_down(connection: Connection, raising: Raising, desk: Desk) -> Case:
    """Writes a concern down, with everything that is owed because of it."""
    now, key = desk.now(), key_of(raising.contract)
    service = str(
        raising.draft.about.get("contracts", {}).get(raising.contract) or raising.draft.about.get("service", "")
    )
    level = desk.levels.of(service, raising.at_risk)
    clock = Clock(level, desk.calendar)
    acknowledge_by, answer_by = clock.deadlines(now)
    contract = held_contract(connection, key) if key else None
    people, deaf = list_people(connection), set(unreachable(connection))
    holder = contact_for(contract.contract if contract else None, people, desk.day, deaf)
    values = {
        "contract": key if contract else "", "service": service, "level": level.name, "at_risk": raising.at_risk,
        "holder_role": holder.role if holder else "", "origin": raising.origin,
        "acknowledge_by": acknowledge_by, "answer_by": answer_by,
    }  # fmt: skip
    made, new = record.raise_concern(
        connection, source=raising.source, raised_by=raising.member, entered_by=raising.entered_by,
        holder=holder.email if holder else "", now=now, values=values,
    )  # fmt: skip
    case = Case(connection, desk, made, now)
    if new:
        give_to_concern(connection, raising.draft.text, made.id)
        move_to_concern(connection, raising.draft.id, made.id)
        forget_draft(connection, raising.draft, and_text=False)
        _owe(case, desk)
    return case


def _owe(case: Case, desk: Desk) -> None:
    """What raising owes: word to whoever has it, in their hours; at risk, to the safeguarding contact at any."""
    first = case.events[0].id
    case.tell("raised", case.concern.holder, f"event:{first}", due=case.clock.seen_at(case.now))
    if case.concern.at_risk or desk.levels.named(case.concern.level).first == "safeguarding":
        tell_safeguarding(case, first)
    if case.concern.entered_by:
        case.tell("raised_for_you", case.concern.raised_by, f"event:{first}")
    case.set_clock()


def tell_safeguarding(case: Case, event: int) -> None:
    """Owes every safeguarding contact urgent word."""
    for person in case.people:
        if Role.SAFEGUARDING in person.roles:
            case.tell("at_risk", known_as(person), f"event:{event}", urgent=True)


# --- what is said -------------------------------------------------------------------------------------------------


def receipt(case: Case) -> Reply:
    """Who has it, by when, the reference."""
    concern, desk = case.concern, case.desk
    about = saying.contract(case) if case.contract else "a service the desk could not name"
    sentences = [f"{concern.reference} is raised: {about}.", who_has_it(case), _seen(case), _dates(case)]
    notes = [*_silent(case), f"Take back works for {int(TAKE_BACK_WITHIN.total_seconds() // 60)} minutes."]
    notes.append(f"If anyone is in danger, call 999.{_line(desk)}")
    return Reply(
        outcome=Outcome.RAISED, text=" ".join(part for part in sentences if part), notes=tuple(notes),
        choices=_after_raising(case), concern=concern.reference,
    )  # fmt: skip


def at_risk_reply(case: Case, danger: str) -> Reply:
    """The signpost first, then what was done."""
    told = [one.name or one.email for one in case.people if Role.SAFEGUARDING in one.roles]
    who = (
        f"{' and '.join(told)} (safeguarding)"
        if told
        else "Nobody for safeguarding is on the list: ring yourself. Nobody"
    )
    sentences = [
        f"If anyone is in danger, call 999 now.{_line(case.desk)}",
        f"{who} is being told at once of {case.concern.reference}." if told else who,
        who_has_it(case),
    ]
    notes = [*_silent(case)]
    if danger:
        notes.append(f"Why this comes first: {danger}.")
    if case.contract:
        notes.append(f"The contract it may touch: {saying.contract(case)}, {case.contract.supplier}.")
    return Reply(
        outcome=Outcome.SAFEGUARDING, text=" ".join(sentences), notes=tuple(notes), choices=_after_raising(case),
        concern=case.concern.reference,
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


def _silent(case: Case) -> list[str]:
    """What a Member must know where no worker is heard of: nothing would be sent."""
    beat = last_beat(case.desk.store)
    if beat is not None and (case.now - beat).total_seconds() <= _HEARD_WITHIN:
        return []
    ring = " Do not wait for it: ring." if case.concern.at_risk else ""
    return [
        f"The desk's sending has not been heard of for a minute; it is written down and goes out once it is back.{ring}"
    ]


def _line(desk: Desk) -> str:
    return f" Out of hours: {desk.out_of_hours}." if desk.out_of_hours else ""


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


def _raised_already(connection: Connection, source: str, desk: Desk) -> Reply:
    case = _case_of_source(connection, source, desk)
    return receipt(case) if case else Reply(outcome=Outcome.REFUSED, text=_GONE)


def _case_of_source(connection: Connection, source: str, desk: Desk) -> Case | None:
    found = record.by_source(connection, source)
    return open_case(connection, desk, found.id) if found else None


def _twin(connection: Connection, draft: Draft, reference: str) -> Concern | None:
    """An open concern on the same contract that tells of the same."""
    key = key_of(reference)
    if not key:
        return None
    c = tables.concern.c
    others = record.concerns(connection, c.contract == key, c.state.in_(one.value for one in OPEN), limit=200)
    written = [(one.id, body) for one in others if (body := _first_text(connection, one.id))]
    held = held_contract(connection, key)
    common = [held.contract.title, held.contract.area] if held else []
    number = most_alike(draft.body, written, common)
    return next((one for one in others if one.id == number), None)


def _first_text(connection: Connection, concern: int) -> str:
    found = texts_of(connection, concern)
    return found[0].body if found else ""


def _offer_to_follow(about: str, twin: Concern) -> Reply:
    """Reference and service only: who raised it and what it says stay hidden."""
    return Reply(
        outcome=Outcome.CONTRACT,
        text=f"{twin.reference} about {saying.in_passing(saying.service(twin))} on this contract is open already, "
        "and may be the same. Following it, you hear how it goes.",
        choices=(
            Choice(
                label=f"Follow {twin.reference}",
                action="follow",
                about=f"{twin.reference}|{about.partition('|')[0]}",
                style="primary",
            ),
            Choice(label="Raise it all the same", action="raise_new", about=about),
        ),
    )
