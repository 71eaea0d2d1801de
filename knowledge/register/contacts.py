"""Who gets a concern about a contract: its manager, else a deputy, else the lead director, else the triage contact."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.models import Person, Role
from knowledge.register.contract import Contract, somebody

MANAGER, DEPUTY, DIRECTOR, TRIAGE = "contract manager", "deputy", "lead director", "triage contact"
_NOBODY_READS = re.compile(
    r"^(no[-_.]?reply|do[-_.]?not[-_.]?reply|noreply.*|mailer-daemon|postmaster)@", re.IGNORECASE
)


@dataclass(frozen=True)
class Contact:
    """A person who would get a concern. `role`: contract manager, deputy, lead director or triage contact; `because`:
    why not somebody before them, "" where there was nobody to pass over."""

    email: str
    name: str = ""
    role: str = ""
    because: str = ""


def contact_for(
    contract: Contract | None, people: Sequence[Person], day: date, unreachable: Collection[str] = ()
) -> Contact | None:
    """The live person who would get a concern on this day; None only where there is no triage contact either."""
    return next(iter(ladder(contract, people, day, unreachable)), None)


def ladder(
    contract: Contract | None, people: Sequence[Person], day: date, unreachable: Collection[str] = ()
) -> list[Contact]:
    """The live people who would get a concern, one after the other, each once. A triage contact comes last, even one
    who is away where all of them are: never nobody."""
    passed: list[str] = []
    found: list[Contact] = []
    for contact in _rungs(contract, people):
        person = _listed(contact.email, people)
        if person and _away(person, day):
            passed.append(f"the {contact.role} is away")
        elif contact.email and (reason := _deaf(contact.email, unreachable)):
            passed.append(f"the {contact.role} cannot be reached ({reason})")
        elif contact.email and contact.email.lower() not in {one.email.lower() for one in found}:
            name = contact.name or (person.name if person else "")
            found.append(Contact(contact.email, name, contact.role, _why(passed)))
        elif contact.because:
            passed.append(contact.because)
    return found if any(one.role == TRIAGE for one in found) else [*found, *_last_resort(people, passed)]


def _rungs(contract: Contract | None, people: Sequence[Person]) -> list[Contact]:
    """The people to try, in order; one without an address says why it is passed over."""
    steps = []
    if contract:
        manager = _step(contract.manager, contract.manager_email, MANAGER)
        deputy = _step(contract.deputy, contract.deputy_email, DEPUTY)
        if not deputy.email:
            deputy = Contact(_deputy(manager.email, people), "", DEPUTY)
        director = _step(contract.director, contract.director_email, DIRECTOR)
        steps = [manager, Contact(deputy.email, deputy.name, DEPUTY), director]
        steps.append(Contact(_deputy(director.email, people) if _is_away(director, people) else "", "", DIRECTOR))
    triage = [person for person in people if Role.TRIAGE in person.roles]
    return [*steps, *(Contact(person.email or person.slack_id, person.name, TRIAGE) for person in triage)]


def _is_away(contact: Contact, people: Sequence[Person]) -> bool:
    """Whether the list says that somebody is away at some time: then their own deputy is worth trying."""
    person = _listed(contact.email, people)
    return bool(person and person.away_from)


def _last_resort(people: Sequence[Person], passed: Sequence[str]) -> list[Contact]:
    triage = [person for person in people if Role.TRIAGE in person.roles]
    return [Contact(one.email or one.slack_id, one.name, TRIAGE, _why(passed)) for one in triage[:1]]


def _step(name: str, email: str, role: str) -> Contact:
    if name.strip() and not somebody(name):
        return Contact("", "", role, f"the post of {role} is vacant")
    if "@" not in email:
        return Contact("", "", role, f"the register names no {role} with an address")
    return Contact(email.strip(), name.strip(), role)


def _deaf(address: str, unreachable: Collection[str]) -> str:
    """Why nothing arrives at an address, "" where it does."""
    if _NOBODY_READS.match(address):
        return "nobody reads that address"
    return "messages come back" if address.lower() in unreachable else ""


def _deputy(email: str, people: Sequence[Person]) -> str:
    person = _listed(email, people)
    return person.deputy if person else ""


def _listed(email: str, people: Sequence[Person]) -> Person | None:
    return next((person for person in people if email and person.email == email.lower()), None)


def _away(person: Person, day: date) -> bool:
    return bool(person.away_from) and person.away_from <= day.isoformat() <= (person.away_to or "9999")


def _why(passed: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(passed))
