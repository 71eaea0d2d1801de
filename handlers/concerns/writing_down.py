"""A concern written down, in one transaction with everything that is owed because of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.engine import Connection

from handlers.concerns import safeguarding
from handlers.concerns.case import Case, known_as, somebody
from handlers.desk import Desk
from knowledge.attachments import move_to_concern
from knowledge.concerns import record
from knowledge.concerns.clock import Clock
from knowledge.concerns.drafts import Draft, forget_draft
from knowledge.concerns.standing import SAFEGUARDING
from knowledge.concerns.texts import give_to_concern
from knowledge.models import Person, Role
from knowledge.outbox.addresses import is_no_reply
from knowledge.parties import party_of, unreachable
from knowledge.people import list_people
from knowledge.register import contacts
from knowledge.register.contacts import Contact, contact_for
from knowledge.register.contract import key_of
from knowledge.register.holding import contract as held_contract
from knowledge.service_levels import Level
from knowledge.workdays import day_of


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
        "contract": key if contract else "", "service": service,
        "district": _district(raising, people, desk), "level": level.name, "at_risk": raising.at_risk,
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


def _district(raising: Raising, people: list[Person], desk: Desk) -> str:
    """The district of the place that was named, else of the Member's division: whoever typed it may have been somebody
    else. It stays when the concern goes to another contract: it is where the trouble is."""
    found = str(raising.draft.about.get("district", ""))
    member = somebody(raising.member, people)
    if found or member is None:
        return found
    return desk.register().gazetteer.where(raising.draft.body, member.division).district


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
        case.tell("raised_for_you", case.concern.raised_by, f"event:{first}", at_once=True)
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
