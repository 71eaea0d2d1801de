"""Somebody of whom the desk holds something, by all the addresses they go by."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.concerns.nouns import OPEN, reference_of
from knowledge.models import Person
from knowledge.parties import normal, parties_of
from knowledge.people import find_person
from knowledge.register.named import find_known, named_in_register
from knowledge.tables import concern, posting, provider_request, taking
from knowledge.takings.nouns import Kind
from knowledge.takings.record import unpack

_SLACK = re.compile(r"[UuWw][A-Za-z0-9]{2,30}")


class Somebody(NamedTuple):
    """A data subject. `addresses`: an e-mail address, a Slack id, as the people list joins them; `numbers`: theirs in
    the record; `person`: as the people list or the register has them, None for neither."""

    addresses: tuple[str, ...]
    numbers: tuple[int, ...]
    person: Person | None

    @property
    def in_audit(self) -> tuple[int | str, ...]:
        """What the audit calls them: each of their numbers; of somebody whom only a list names, that."""
        return self.numbers or ("listed",)

    @property
    def looked_for(self) -> tuple[str, ...]:
        """What tells of them wherever it stands: addresses, and a name of two words or more."""
        name = self.person.name if self.person else ""
        return (*self.addresses, *([name] if " " in name.strip() else []))


def somebody(connection: Connection, address: str) -> Somebody:
    """Who goes by an e-mail address or Slack id; of somebody the desk does not know, no numbers."""
    address = _as_kept(address)
    person = _known(connection, address)
    more = (normal(person.email), person.slack_id) if person else ()
    more = (*more, *_formerly(connection, {address, *more} - {""}))
    addresses = tuple(dict.fromkeys(one for one in (address, *more) if one))
    return Somebody(addresses, tuple(sorted(parties_of(connection, addresses))), person)


def _as_kept(address: str) -> str:
    """As the record has it: Slack's ids are in capitals, however they were typed."""
    address = normal(address)
    return address.upper() if _SLACK.fullmatch(address) else address


def _known(connection: Connection, address: str) -> Person | None:
    email, slack_id = (address, "") if "@" in address else ("", address)
    return find_known(connection, email=email, slack_id=slack_id)


def _formerly(connection: Connection, addresses: AbstractSet[str]) -> list[str]:
    """What else former people lists, as far as they are kept for undoing an import, say that somebody goes by: of
    whoever has left nothing else joins Slack id and e-mail. Not what is now another's."""
    t = taking.c
    kept = connection.execute(sa.select(t.before).where(t.list == Kind.PEOPLE.value, t.before.is_not(None))).scalars()
    pairs = {(normal(one["email"]), one["slack_id"]) for before in kept for one in unpack(before)["people"]}
    found = {one for pair in pairs if set(pair) & addresses for one in pair if one} - addresses
    return sorted(one for one in found if _known(connection, one) is None)


def holds(connection: Connection, one: Somebody) -> list[str]:
    """Why somebody's address cannot be forgotten yet, each with what to do about it; none where it can."""
    found = []
    emails = [address for address in one.addresses if "@" in address]
    if any(find_person(connection, email=address, slack_id=address) for address in one.addresses):
        found.append("they are on the people list, by which they may sign in: take them off it first")
    if any(named_in_register(connection, address) for address in emails):
        found.append("the contract register names them, and concerns go to them: name somebody else there first")
    found += [
        f"{ref} is open and theirs to hear of or to answer: close or pass it on first" for ref in _open(one, connection)
    ]
    found += [
        f"{ref} waits for their answer as a provider: it ends with the concern" for ref in _asked(one, connection)
    ]
    published = sa.and_(posting.c.posted_by.in_(one.numbers), posting.c.state == "published")
    for number in connection.execute(sa.select(posting.c.id).where(published)).scalars():
        found.append(
            f"P-{number} is published, and answers come to them: it is forgotten after it closes or is withdrawn"
        )
    return found


def _open(one: Somebody, connection: Connection) -> list[str]:
    c = concern.c
    theirs = sa.or_(*(column.in_(one.numbers) for column in (c.raised_by, c.entered_by, c.holder)))
    open = c.state.in_([state.value for state in OPEN])
    return [reference_of(id) for id in connection.execute(sa.select(c.id).where(theirs, open).order_by(c.id)).scalars()]


def _asked(one: Somebody, connection: Connection) -> list[str]:
    r = provider_request.c
    waits = sa.and_(r.asked_of.in_(one.numbers), r.state == "open")
    query = sa.select(r.concern).where(waits).distinct().order_by(r.concern)
    return [reference_of(id) for id in connection.execute(query).scalars()]
