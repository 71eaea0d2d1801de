"""A file of whom to ask at providers: read, and checked against the contract register."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import Connection

from knowledge.concerns.providers import keep_contact, provider_key
from knowledge.documents.reading import Unreadable, bytes_of, decode
from knowledge.outbox.addresses import is_no_reply
from knowledge.parties import is_email
from knowledge.register.contract import Contract, key_of

COLUMNS = ("provider", "email", "name", "contract")
NEAR = 75
"""How alike, of 100, a name must be to one of the register to be named as what may be meant."""


class ProviderFileError(Exception):
    """A file that is no list of providers' contacts. Its text says why."""


class Row(NamedTuple):
    """Whom to ask at a provider. `provider` and `contract` as the register writes them; `contract` "": for all."""

    provider: str
    address: str
    name: str
    contract: str


@dataclass
class Read:
    """What a file gave: the rows to take and, by line, why others were not."""

    rows: list[Row] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def read_provider_file(path: Path, held: Sequence[Contract]) -> Read:
    """The contacts in a CSV file with provider, email, name, contract (name and contract may be left out), checked
    against these contracts. A bad row is a problem, and the rest is read. Raises ProviderFileError."""
    known = _Register(held)
    found = Read()
    for line, given in _rows(path):
        row = {key: " ".join((given.get(key) or "").split()) for key in COLUMNS}
        if any(row.values()):
            try:
                found.rows.append(known.checked(row))
            except ValueError as error:
                found.problems.append((line, str(error)))
    return found


def keep_provider_file(connection: Connection, rows: Sequence[Row], given_by: str, now: datetime) -> int:
    """Keeps these contacts, with who gave them. Returns how many were not known before."""
    return sum(
        keep_contact(connection, row.provider, row.contract, row.address, row.name, given_by, now) for row in rows
    )


class _Register:
    """What of the register a row is checked against."""

    def __init__(self, held: Sequence[Contract]) -> None:
        self._providers = {provider_key(one.supplier): one.supplier for one in held if one.supplier.strip()}
        self._contracts = {one.key: one for one in held}

    def checked(self, row: dict[str, str]) -> Row:
        """A row as the record keeps it. Raises ValueError with what is wrong."""
        address = row["email"].lower()
        if not is_email(address):
            raise ValueError(f"{row['email']!r} is no e-mail address" if address else "no email")
        if is_no_reply(address):
            raise ValueError(f"{address}: nobody reads what arrives there")
        provider = self._provider(row["provider"])
        return Row(provider, address, row["name"], self._contract(row["contract"], provider))

    def _provider(self, name: str) -> str:
        if not name:
            raise ValueError("no provider")
        if (key := provider_key(name)) in self._providers:
            return self._providers[key]
        near = _nearest(key, list(self._providers))
        meant = f"; is {self._providers[near]!r} meant?" if near else ""
        raise ValueError(f"the register has no provider {name!r}{meant}")

    def _contract(self, reference: str, provider: str) -> str:
        if not reference:
            return ""
        held = self._contracts.get(key_of(reference))
        if held is None:
            near = _nearest(key_of(reference), list(self._contracts))
            meant = f"; is {self._contracts[near].reference} meant?" if near else ""
            raise ValueError(f"the register has no contract {reference!r}{meant}")
        if provider_key(held.supplier) != provider_key(provider):
            raise ValueError(f"contract {held.reference} is with {held.supplier or 'nobody'!r}, not {provider!r}")
        return held.reference


def _nearest(key: str, known: list[str]) -> str:
    from rapidfuzz import fuzz, process

    best = process.extractOne(key, known, scorer=fuzz.WRatio, score_cutoff=NEAR)
    return str(best[0]) if best else ""


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their lines, a broken one the last."""
    try:
        reader = csv.DictReader(io.StringIO(decode(bytes_of(path)), newline=""), strict=True)
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    except Unreadable as error:
        raise ProviderFileError(f"{path.name}: {error}") from None
    except csv.Error as error:
        raise ProviderFileError(f"{path.name}, line 1: {error}") from None
    if not {"provider", "email"} <= set(names):
        raise ProviderFileError(
            f"{path.name}, line 1: needs the columns provider and email; known are {', '.join(COLUMNS)}"
        )
    reader.fieldnames = names
    try:
        yield from ((reader.line_num, row) for row in reader)
    except csv.Error as error:
        where = f"{path.name}, line {reader.line_num}"
        raise ProviderFileError(f"{where}: {error}; is a quotation mark not closed?") from None
