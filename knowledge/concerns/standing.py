"""How somebody stands to a concern, from which it follows what they see and may do."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from knowledge.concerns.nouns import Concern, Relation
from knowledge.models import Person, Role
from knowledge.parties import normal
from knowledge.register.contacts import TRIAGE, rung
from knowledge.register.contract import Contract

SAFEGUARDING = "safeguarding contact"
"""The role of a safeguarding contact who has a concern."""


def relations(
    concern: Concern,
    contract: Contract | None,
    person: Person,
    told: Collection[str] = (),
    following: bool = False,
    acts_for: Collection[Person] = (),
) -> frozenset[Relation]:
    """The ways in which a person stands to a concern. `told`: addresses it was escalated to; `following`: whether they
    follow it; `acts_for`: those who are away today and whose deputy they are. Roles come from the people list, so
    whoever leaves it stands to nothing."""
    if not person.listed:
        return frozenset()
    mine = addresses(person)
    found = {
        Relation.RAISER: normal(concern.raised_by) in mine,
        Relation.ENTERER: normal(concern.entered_by) in mine,
        Relation.FOLLOWER: following,
        Relation.MANAGER: bool(mine & {normal(one) for one in told}),
    }
    carries = {relation for one in (person, *acts_for) for relation in _carries(concern, contract, one)}
    return frozenset(one for one, holds in found.items() if holds) | carries


def _carries(concern: Concern, contract: Contract | None, person: Person) -> Iterator[Relation]:
    """As what somebody carries a concern, or would."""
    mine = addresses(person)
    if _manages(concern, contract, mine):
        yield Relation.MANAGER
    if _directs(contract, person, mine):
        yield Relation.DIRECTOR
    if Role.TRIAGE in person.roles and (rung(concern.holder_role) == TRIAGE or not concern.contract):
        yield Relation.TRIAGE
    if Role.SAFEGUARDING in person.roles and concern.at_risk:
        yield Relation.SAFEGUARDING


def addresses(person: Person) -> frozenset[str]:
    """What a person goes by."""
    return frozenset(normal(one) for one in (person.email, person.slack_id) if one)


def _manages(concern: Concern, contract: Contract | None, mine: frozenset[str]) -> bool:
    """Whoever has it, and the contract's manager, and the deputy whom the register names for it."""
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
