"""Who may see which report, and that it is accounted for.

Officers, and all above them, see every report; a contract manager those of the contracts they manage; Members, and
every manager, the committee's; providers none. No report names anybody, of the council's officers neither: it is made
to be passed on and put into papers, and who holds which contract is in the register, where it is kept up.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.concerns.case import sender
from handlers.desk import Desk
from handlers.messages import Message
from handlers.reports.nouns import About, Wish
from knowledge.audit import Deed, account, account_once
from knowledge.concerns.standing import addresses
from knowledge.models import Person, Role
from knowledge.parties import normal
from knowledge.people import list_people
from knowledge.register.contacts import stood_in_for
from knowledge.register.holding import Held, contracts

ALL = frozenset({Role.OFFICER, Role.DIRECTOR, Role.TRIAGE, Role.SAFEGUARDING, Role.ADMINISTRATOR})
"""Who sees every report."""
_COMMITTEE = ALL | {Role.MEMBER, Role.MANAGER}


class NoSuchReport(Exception):
    """There is none, or none that they may see. Its text says which."""


def may_see(wish: Wish, held: list[Held], message: Message, connection: Connection, desk: Desk) -> bool:
    """Whether whoever sends a message may see a report on these contracts."""
    if message.roles & ALL or (wish.about is About.COMMITTEE and may_see_committee(message)):
        return True
    if wish.about is not About.CONTRACT or Role.MANAGER not in message.roles:
        return False
    return bool(held) and all(manages(one, _mine(message, connection, desk)) for one in held)


def may_see_committee(message: Message) -> bool:
    """Whether whoever sends a message may see the committee's report."""
    return bool(message.roles & _COMMITTEE)


def manages(held: Held, mine: frozenset[str]) -> bool:
    """Whether one of these addresses is the contract's manager's, or the deputy's."""
    contract = held.contract
    return bool({normal(one) for one in (contract.manager_email, contract.deputy_email) if one} & mine)


def seen_contracts(message: Message, connection: Connection, desk: Desk) -> list[Held]:
    """The contracts whose reports whoever sends a message may see."""
    if message.roles & ALL:
        return contracts(connection)
    if Role.MANAGER not in message.roles:
        return []
    mine = _mine(message, connection, desk)
    return [one for one in contracts(connection) if manages(one, mine)]


def _mine(message: Message, connection: Connection, desk: Desk) -> frozenset[str]:
    """What they go by, and those who are away and for whom they act."""
    person: Person = sender(connection, message)
    for_whom = stood_in_for(person, list_people(connection), desk.day)
    return frozenset(one for each in (person, *for_whom) for one in addresses(each))


def account_for(
    wish: Wish, held: list[Held], connection: Connection, desk: Desk, by: str, *, exported: bool = False
) -> None:
    """Writes down that a report was seen, once an hour, or taken away as a file, each time: by the contract's key, or a
    provider's by that of the first of its contracts, for the name may be a person's."""
    key = "" if wish.about is About.COMMITTEE or not held else f":{held[0].contract.key}"
    about = f"{wish.about}{key}"
    if exported:
        account(connection, Deed.EXPORTED, "report", about, desk.now(), by=by)
    else:
        account_once(connection, Deed.SAW, "report", about, desk.now(), by=by)
