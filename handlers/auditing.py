"""AUDIT: what was done with the record and by whom, for administrators. Reading it is itself accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy.engine import Connection

from handlers.accounting import refused
from handlers.concerns.case import known_as, sender
from handlers.desk import Desk
from handlers.messages import Message
from knowledge.audit import Deed, Entry, Wanted, account, entries, how_many
from knowledge.concerns.nouns import reference_of
from knowledge.concerns.standing import addresses
from knowledge.models import Role
from knowledge.parties import address_of, normal, parties_of
from knowledge.people import find_person
from knowledge.register.contract import key_of
from knowledge.subscriptions.stopping import FORGOTTEN
from knowledge.workdays import LONDON

NOBODY = "desk"
"""How one asks for what the command line and the desk itself did."""
_LETTERS = {"C": "concern", "E": "enquiry", "S": "subscription", "P": "posting"}
_REFERENCE = re.compile(r"([CESP])\s?-\s?0*(\d{1,9})", re.IGNORECASE)
_KINDS = {kind: letter for letter, kind in _LETTERS.items()}


class Asked(NamedTuple):
    """What is looked for. `since`, `until`: days, both with their whole day; `about`: a reference (C-0012, E-3, MCC-2)
    or a number or key as the audit has it; `by`: an address, "desk" for the command line and the desk itself; `before`:
    only rows older than this number."""

    since: date | None = None
    until: date | None = None
    deed: str = ""
    kind: str = ""
    about: str = ""
    by: str = ""
    before: int | None = None


class Line(NamedTuple):
    """A row in words. `by`: an address, "forgotten (party 12)", or "" for the command line and the desk itself."""

    id: int
    at: datetime
    by: str
    deed: str
    kind: str
    about: str
    what: str
    counts: dict[str, int]
    party: int | None

    @property
    def counted(self) -> str:
        """How much it was: "added 3, changed 1"."""
        return ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in self.counts.items())


class Page(NamedTuple):
    """Rows, newest first. `total`: how many fit; `older`: the number to go on before, None where there are no more."""

    lines: tuple[Line, ...]
    total: int
    older: int | None


def page(desk: Desk, asked: Asked, limit: int, *, by: str = "") -> Page:
    """A page of the audit, for an administrator or the command line: the caller has seen to that. That it was read is
    the next row, without which nothing is shown. `by`: the address of who reads."""
    with desk.store.reading() as connection:
        wanted = _wanted(connection, asked)
        found = list(entries(connection, wanted, limit + 1))
        lines = tuple(_lines(connection, found[:limit]))
        total = how_many(connection, wanted._replace(before=None))
    with desk.store.writing() as connection:
        account(connection, Deed.SAW, "audit", "", desk.now(), by=by, counts={"rows": len(lines)})
    return Page(lines, total, lines[-1].id if len(found) > limit else None)


def everything(desk: Desk, asked: Asked, *, by: str = "") -> Iterator[Line]:
    """All rows that fit, to be kept in a file; that is accounted for first. Others write meanwhile."""
    with desk.store.reading() as connection:
        wanted = _wanted(connection, asked)
        counts = {"rows": how_many(connection, wanted)}
        last = next((one.id for one in entries(connection, Wanted(), 1)), 0)
    with desk.store.writing() as connection:
        account(connection, Deed.EXPORTED, "audit", "", desk.now(), by=by, counts=counts)
    with desk.store.reading() as connection:
        yield from _lines(connection, entries(connection, wanted._replace(before=wanted.before or last + 1)))


def reader_of(connection: Connection, message: Message, page: str, desk: Desk) -> str:
    """The address of whoever sends a message, where they administer the desk; else "", and that they tried is accounted
    for under the name of the page."""
    person = sender(connection, message)
    if Role.ADMINISTRATOR in person.roles:
        return known_as(person)
    refused(connection, person, "page", page, desk)
    return ""


def _wanted(connection: Connection, asked: Asked) -> Wanted:
    asked = asked._replace(kind=_plain(asked.kind), about=_plain(asked.about), by=_plain(asked.by))
    kind, abouts = _about(asked)
    desk, by = asked.by.strip().lower() == NOBODY, None
    if asked.by.strip() and not desk:
        person = find_person(connection, email=asked.by) if "@" in asked.by else None
        by = frozenset(parties_of(connection, [asked.by, *(addresses(person) if person else ())]))
    until = _start(asked.until + timedelta(days=1)) if asked.until else None
    return Wanted(_start(asked.since) if asked.since else None, until, asked.deed, kind, abouts, by, desk, asked.before)


def _plain(text: str) -> str:
    """Text that every record can be asked for."""
    return "".join(one if one.isprintable() else "?" for one in text)


def _about(asked: Asked) -> tuple[str, tuple[str, ...]]:
    """The kind, and the ways in which the audit may have what is named."""
    about = asked.about.strip()
    found = _REFERENCE.fullmatch(about)
    if found and asked.kind in ("", _LETTERS[found[1].upper()]):
        return _LETTERS[found[1].upper()], (str(int(found[2])),)
    return asked.kind, tuple(dict.fromkeys((about, key_of(about)))) if about else ()


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _lines(connection: Connection, found: Iterable[Entry]) -> Iterator[Line]:
    for one in found:
        by = whose(one.party, one.address)
        what = _what(connection, one)
        yield Line(one.id, one.at, by, one.deed.value, one.kind, one.about, what, one.counts, one.party)


def whose(party: int | None, address: str) -> str:
    """Somebody by address; one whom the record has forgotten by number; "" for nobody."""
    if party is None:
        return ""
    return address if address and not address.startswith(FORGOTTEN) else f"forgotten (party {party})"


def _what(connection: Connection, one: Entry) -> str:
    """What it was done to: "concern C-0012", "party olive@example.org", "list register"."""
    number = int(one.about) if one.about.isdecimal() and len(one.about) < 10 else None
    if number is not None and one.kind in ("party", "suppression"):
        return f"{one.kind} {whose(number, normal(address_of(connection, number)))}"
    if number is not None and one.kind in _KINDS:
        shown = reference_of(number) if one.kind == "concern" else f"{_KINDS[one.kind]}-{number}"
        return f"{one.kind} {shown}"
    return f"{one.kind.replace('_', ' ')} {one.about}".strip()
