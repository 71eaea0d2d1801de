"""Whether concerns about contracts reach somebody who owns them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from handlers.checking.findings import Finding, counted, fine, missing, some, warning
from knowledge.models import Person, Role
from knowledge.outbox.addresses import is_no_reply
from knowledge.parties import normal
from knowledge.register.contacts import ladder
from knowledge.register.contract import Contract, State
from knowledge.register.holding import Held

ABOUT = "Contracts"
_CORRECT = "put them right in the register, or with: desk register correct REF manager_email ADDRESS"


def check_contracts(
    held: Sequence[Held], people: Sequence[Person], day: date, deaf: Collection[str]
) -> list[Finding]:  # fmt: skip
    """The contracts in force on a day: who owns them, and who could act on a concern. `deaf`: addresses at which
    nothing arrives."""
    if not held:
        what = "There is no contract register, so every concern would go to triage."
        return [missing(ABOUT, what, "Import one: desk register import FILE")]
    in_force = [one.contract for one in held if one.state(day) is State.IN_FORCE]
    addresses = sorted({normal(one) for contract in in_force for one in _named(contract)})
    return [
        *_owned(in_force, people, day, deaf),
        *_strangers(addresses, people),
        *_nobody_reads(addresses),
        *_come_back(addresses, people, deaf),
    ]


def _owned(
    in_force: Sequence[Contract], people: Sequence[Person], day: date, deaf: Collection[str]
) -> list[Finding]:  # fmt: skip
    """Whoever is away still owns a contract; triage owns none."""
    there = [one.model_copy(update={"away_from": "", "roles": one.roles - {Role.TRIAGE}}) for one in people]
    nobodys = [one.reference for one in in_force if not ladder(one, there, day, deaf)]
    total = counted(len(in_force), "contract", "contracts")
    if not nobodys:
        return [fine(ABOUT, f"{total} in force, each with somebody who owns it")]
    lacking = f"{len(nobodys):,} of {total} in force name no manager, deputy or lead director whom word reaches"
    what = f"{lacking}; concerns about them go to triage: {some(nobodys)}."
    return [warning(ABOUT, what, f"Find out whose they are, and {_CORRECT}")]


def _strangers(addresses: Sequence[str], people: Sequence[Person]) -> list[Finding]:
    """People who would be told of concerns, and have no right to do anything about them."""
    listed = {normal(one.email) for one in people if one.email}
    unknown = [one for one in addresses if one not in listed and not is_no_reply(one)]
    if not unknown:
        return []
    number = counted(len(unknown), "person whom the register names is", "people whom the register names are")
    what = f"{number} not on the people list, so they are told of concerns and cannot act on them: {some(unknown)}."
    return [warning(ABOUT, what, "Give them a role in people.csv, and run: desk people import people.csv")]


def _nobody_reads(addresses: Sequence[str]) -> list[Finding]:
    found = [one for one in addresses if is_no_reply(one)]
    if not found:
        return []
    what = f"Addresses in the register that nobody reads: {some(found)}. The next person is told instead."
    return [warning(ABOUT, what, f"Find the addresses people read, and {_CORRECT}")]


def _come_back(addresses: Sequence[str], people: Sequence[Person], deaf: Collection[str]) -> list[Finding]:
    wanted = {*addresses, *(normal(one.email or one.slack_id) for one in people)}
    found = sorted(wanted & set(deaf))
    if not found:
        return []
    what = f"Messages have come back from: {some(found)}."
    do = "Mend the address where it is wrong; where it works again: desk providers unreachable ADDRESS --undo"
    return [warning(ABOUT, what, do)]


def _named(contract: Contract) -> list[str]:
    addresses = (contract.manager_email, contract.deputy_email, contract.director_email)
    return [one for one in addresses if "@" in one]
