"""How somebody stands to a concern, from which it follows what they see and may do."""

from __future__ import annotations

from collections.abc import Collection

from knowledge.concerns.nouns import Concern, Relation
from knowledge.models import Person, Role
from knowledge.parties import normal
from knowledge.register.contract import Contract

TRIAGE = "triage contact"


def relations(
    concern: Concern, contract: Contract | None, person: Person, told: Collection[str] = (), following: bool = False
) -> frozenset[Relation]:
    """The ways in which a person stands to a concern. `told`: addresses it was escalated to; `following`: whether they
    follow it. Roles come from the people list, so whoever leaves it stands to nothing."""
    if not person.roles - {Role.PROVIDER}:
        return frozenset()
    mine = addresses(person)
    found = {
        Relation.RAISER: normal(concern.raised_by) in mine,
        Relation.ENTERER: normal(concern.entered_by) in mine,
        Relation.FOLLOWER: following,
        Relation.MANAGER: _manages(concern, contract, mine) or bool(mine & {normal(one) for one in told}),
        Relation.DIRECTOR: _directs(contract, person, mine),
        Relation.TRIAGE: Role.TRIAGE in person.roles and (concern.holder_role == TRIAGE or not concern.contract),
        Relation.SAFEGUARDING: Role.SAFEGUARDING in person.roles and concern.at_risk,
    }
    return frozenset(one for one, holds in found.items() if holds)


def addresses(person: Person) -> frozenset[str]:
    """What a person goes by."""
    return frozenset(normal(one) for one in (person.email, person.slack_id) if one)


def _manages(concern: Concern, contract: Contract | None, mine: frozenset[str]) -> bool:
    """Whoever has it, and the contract's manager and deputy."""
    named = {concern.holder}
    if contract:
        named |= {contract.manager_email, contract.deputy_email}
    return bool(mine & {normal(one) for one in named if one})


def _directs(contract: Contract | None, person: Person, mine: frozenset[str]) -> bool:
    """The contract's lead director, and every director of its directorate."""
    if contract is None:
        return False
    if contract.director_email and normal(contract.director_email) in mine:
        return True
    own = person.directorate.strip().casefold()
    return Role.DIRECTOR in person.roles and bool(own) and own == contract.department.strip().casefold()
