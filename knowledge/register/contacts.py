"""Who gets a concern about a contract: its manager, else a deputy, else the lead director, else the triage contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.models import Person, Role
from knowledge.register.contract import Contract, somebody


@dataclass(frozen=True)
class Contact:
    """A person who would get a concern. `role`: contract manager, deputy, lead director or triage contact; `because`:
    why not somebody before them, "" where there was nobody to pass over."""

    email: str
    name: str = ""
    role: str = ""
    because: str = ""


def contact_for(contract: Contract | None, people: Sequence[Person], day: date) -> Contact | None:
    """The live person who would get a concern on this day; None only where there is no triage contact either."""
    passed = []
    for contact in _ladder(contract, people):
        person = _listed(contact.email, people)
        if person and _away(person, day):
            passed.append(f"the {contact.role} is away")
        elif contact.email:
            return Contact(contact.email, contact.name or (person.name if person else ""), contact.role, _why(passed))
        elif contact.because:
            passed.append(contact.because)
    return None


def _ladder(contract: Contract | None, people: Sequence[Person]) -> list[Contact]:
    """The people to try, in order; one without an address says why it is passed over."""
    steps = []
    if contract:
        manager = _step(contract.manager, contract.manager_email, "contract manager")
        deputy = _step(contract.deputy, contract.deputy_email, "deputy")
        if not deputy.email and (stand_in := _deputy(manager.email, people)):
            deputy = Contact(stand_in, "", "deputy")
        director = _step(contract.director, contract.director_email, "lead director")
        steps = [manager, Contact(deputy.email, deputy.name, "deputy"), director]
    triage = (person for person in people if Role.TRIAGE in person.roles)
    return [*steps, *(Contact(person.email, person.name, "triage contact") for person in triage)]


def _step(name: str, email: str, role: str) -> Contact:
    if name.strip() and not somebody(name):
        return Contact("", "", role, f"the post of {role} is vacant")
    if "@" not in email:
        return Contact("", "", role, f"the register names no {role} with an address")
    return Contact(email.strip(), name.strip(), role)


def _deputy(email: str, people: Sequence[Person]) -> str:
    person = _listed(email, people)
    return person.deputy if person else ""


def _listed(email: str, people: Sequence[Person]) -> Person | None:
    return next((person for person in people if email and person.email == email.lower()), None)


def _away(person: Person, day: date) -> bool:
    return bool(person.away_from) and person.away_from <= day.isoformat() <= (person.away_to or "9999")


def _why(passed: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(passed))
