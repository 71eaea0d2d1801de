"""Who gets a concern about a contract: its manager, else a deputy, else the lead director, else the triage contact."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.models import Person, Role
from knowledge.outbox.addresses import is_no_reply
from knowledge.parties import normal
from knowledge.register.contract import Contract, somebody

MANAGER, DEPUTY, DIRECTOR, TRIAGE = "contract manager", "deputy", "lead director", "triage contact"
_ACTING = "acting "
"""Before the role of whoever stands in for a lead director or a triage contact who is away."""
ACTING_TRIAGE = _ACTING + TRIAGE


@dataclass(frozen=True)
class Contact:
    """A person who would get a concern. `role`: contract manager, deputy, lead director or triage contact, or acting
    as one of the last two; `because`: why not somebody before them, "" where there was nobody to pass over."""

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
    found: dict[str, Contact] = {}
    absent = _absent(people, day, unreachable)
    for contact in _rungs(contract, people, absent):
        who = normal(contact.email)
        if not who:
            passed += [contact.because] if contact.because else []
        elif reason := absent(who):
            passed.append(f"the {contact.role} {reason}")
        elif who not in found:
            name = contact.name or _name(who, people)
            found[who] = Contact(contact.email, name, contact.role, _why(passed))
    some = list(found.values())
    return some if any(rung(one.role) == TRIAGE for one in some) else [*some, *_last_resort(people, found, passed)]


def rung(role: str) -> str:
    """The step of the ladder that a role stands on: whoever acts as something stands where they would."""
    return role.removeprefix(_ACTING)


def stand_in(address: str, people: Sequence[Person], day: date, unreachable: Collection[str] = ()) -> str:
    """Who acts for somebody who is away: the deputy that the people list names, or where they are away too, theirs.
    "" where nobody does."""
    absent = _absent(people, day, unreachable)
    return next((one for one in _deputies(address, people, absent) if not absent(one)), "")


def stood_in_for(person: Person, people: Sequence[Person], day: date) -> list[Person]:
    """The people who are away on a day and for whom somebody acts."""
    mine = {normal(one) for one in (person.email, person.slack_id) if one}
    gone = [one for one in people if is_away(one, day)]
    return [one for one in gone if normal(stand_in(one.email or one.slack_id, people, day)) in mine]


def is_away(person: Person, day: date) -> bool:
    """Whether the people list says that somebody is away on a day; without a last day, from the first one on."""
    return bool(person.away_from) and person.away_from <= day.isoformat() <= (person.away_to or "9999")


_Absent = Callable[[str], str]
"""Why somebody gets nothing today ("is away"), "" where they do."""


def _absent(people: Sequence[Person], day: date, unreachable: Collection[str]) -> _Absent:
    deaf = {normal(one) for one in unreachable}

    def absent(address: str) -> str:
        person = _listed(address, people)
        if person and is_away(person, day):
            return "is away"
        if is_no_reply(address):
            return "cannot be reached (nobody reads that address)"
        return "cannot be reached (messages come back)" if normal(address) in deaf else ""

    return absent


def _rungs(contract: Contract | None, people: Sequence[Person], absent: _Absent) -> Iterator[Contact]:
    """The people to try, in order; one without an address says why it is passed over."""
    if contract:
        manager = _step(contract.manager, contract.manager_email, MANAGER)
        deputy = _step(contract.deputy, contract.deputy_email, DEPUTY)
        director = _step(contract.director, contract.director_email, DIRECTOR)
        yield manager
        yield Contact(deputy.email, deputy.name, DEPUTY)  # that the register names none is no reason to give
        if not deputy.email or absent(deputy.email):
            for address in _deputies(deputy.email or manager.email, people, absent):
                yield Contact(address, "", DEPUTY)
        yield director
        yield from _acting(director, people, absent)
    for person in _triage(people):
        contact = Contact(person.email or person.slack_id, person.name, TRIAGE)
        yield contact
        yield from _acting(contact, people, absent)


def _acting(contact: Contact, people: Sequence[Person], absent: _Absent) -> Iterator[Contact]:
    """Those who may act for somebody who is absent."""
    if contact.email and absent(contact.email):
        for address in _deputies(contact.email, people, absent):
            yield Contact(address, "", f"{_ACTING}{contact.role}")


def _deputies(address: str, people: Sequence[Person], absent: _Absent) -> Iterator[str]:
    """Somebody's deputy by the people list; where they are absent, theirs, and so on, nobody twice."""
    seen = {normal(address)}
    person = _listed(address, people)
    while person and (deputy := normal(person.deputy)) and deputy not in seen:
        seen.add(deputy)
        person = _listed(deputy, people)
        if person or "@" in deputy:  # a name is nobody to write to
            yield deputy
        if not absent(deputy):
            return


def _last_resort(people: Sequence[Person], found: Collection[str], passed: Sequence[str]) -> list[Contact]:
    """A triage contact who is absent, where all of them are, and nobody acts for them."""
    triage = [(one.email or one.slack_id, one.name) for one in _triage(people)]
    return [Contact(who, name, TRIAGE, _why(passed)) for who, name in triage[:1] if normal(who) not in found]


def _triage(people: Sequence[Person]) -> list[Person]:
    return [person for person in people if Role.TRIAGE in person.roles]


def _step(name: str, email: str, role: str) -> Contact:
    if name.strip() and not somebody(name):
        return Contact("", "", role, f"the post of {role} is vacant")
    if "@" not in email:
        return Contact("", "", role, f"the register names no {role} with an address")
    return Contact(email.strip(), name.strip(), role)


def _listed(address: str, people: Sequence[Person]) -> Person | None:
    wanted = normal(address)
    return next((one for one in people if wanted and wanted in (one.email, one.slack_id)), None)


def _name(address: str, people: Sequence[Person]) -> str:
    person = _listed(address, people)
    return person.name if person else ""


def _why(passed: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(passed))
