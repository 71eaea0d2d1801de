"""Who saw, moved, exported, erased, imported and changed what: only ever added to, and nothing but numbers and keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import parties_of, party_of
from knowledge.store import aware
from knowledge.tables import audit, party

_LONGEST = 200
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


class Deed(StrEnum):
    """What can be done that must be accounted for. Refused: somebody known asked for what is not theirs."""

    SAW = "saw"
    MOVED = "moved"
    EXPORTED = "exported"
    ERASED = "erased"
    IMPORTED = "imported"
    UNDID = "undid"
    CHANGED = "changed"
    CLEARED = "cleared"
    SIGNED_IN = "signed_in"
    REFUSED = "refused"


class Entry(NamedTuple):
    """One row. `party`: the number of who did it, None for the command line and the desk itself; `address`: what the
    record has for that number, "" for none."""

    id: int
    at: datetime
    deed: Deed
    party: int | None
    address: str
    kind: str
    about: str
    counts: dict[str, int]


def account(
    connection: Connection,
    deed: Deed,
    kind: str,
    about: str | int,
    now: datetime,
    *,
    by: str = "",
    counts: Mapping[str, int] | None = None,
) -> None:
    """Writes down that it was done. `kind` and `about`: what to ("concern", 12; "contract", its key; "party", a number;
    "list", "register"; "setting", its name), never an address, a name or what anybody wrote; `by`: the address of who
    did it, kept as their number, "" for the command line and for the desk itself; `counts`: how much, by name. Raises
    ValueError for what is no number or key."""
    told, about = dict(counts or {}), str(about)
    if "@" in about or not about.isprintable():
        raise ValueError("the audit keeps numbers and keys, and no address or text")
    if not all(_NAME.fullmatch(name) and isinstance(number, int) for name, number in told.items()):
        raise ValueError("the audit counts by plain names, in whole numbers")
    connection.execute(
        sa.insert(audit).values(
            at=now, deed=deed.value, by=party_of(connection, by) if by else None, kind=kind, about=about[:_LONGEST],
            counts=told,
        )
    )  # fmt: skip


def lately(connection: Connection, deed: Deed, kind: str, about: str | int, now: datetime, by: str) -> bool:
    """Whether the same was done by the same in this hour of the clock."""
    a, hour = audit.c, now.replace(minute=0, second=0, microsecond=0)
    numbers = parties_of(connection, [by])
    same = sa.and_(a.kind == kind, a.about == str(about)[:_LONGEST], a.deed == deed.value, a.at >= hour)
    who = a.by.in_(numbers) if by else a.by.is_(None)
    return connection.execute(sa.select(a.id).where(same, who).limit(1)).first() is not None


def account_once(
    connection: Connection,
    deed: Deed,
    kind: str,
    about: str | int,
    now: datetime,
    *,
    by: str = "",
    counts: Mapping[str, int] | None = None,
) -> None:
    """The same as `account`, once for each hour of the clock: a page that is loaded again says nothing new."""
    if not lately(connection, deed, kind, about, now, by):
        account(connection, deed, kind, about, now, by=by, counts=counts)


class Wanted(NamedTuple):
    """Which rows. `abouts`: any of these; `by`: numbers, None for anybody; `desk`: those of the command line and of
    the desk itself; `before`: only rows with a smaller number."""

    since: datetime | None = None
    until: datetime | None = None
    deed: str = ""
    kind: str = ""
    abouts: tuple[str, ...] = ()
    by: frozenset[int] | None = None
    desk: bool = False
    before: int | None = None


def entries(connection: Connection, wanted: Wanted, limit: int | None = None) -> Iterator[Entry]:
    """The rows that are wanted, newest first."""
    query = (
        sa.select(audit, party.c.address)
        .outerjoin(party, audit.c.by == party.c.id)
        .where(*_where(wanted))
        .order_by(audit.c.id.desc())
        .limit(limit)
    )
    for row in connection.execute(query.execution_options(yield_per=1_000)):
        yield Entry(
            row.id, aware(row.at), Deed(row.deed), row.by, row.address or "", row.kind, row.about, dict(row.counts)
        )


def how_many(connection: Connection, wanted: Wanted) -> int:
    """How many rows are wanted."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(audit).where(*_where(wanted))).scalar_one())


def _where(wanted: Wanted) -> Sequence[sa.ColumnElement[bool]]:
    a = audit.c
    found: list[sa.ColumnElement[bool]] = []
    found += [a.at >= wanted.since] if wanted.since else []
    found += [a.at < wanted.until] if wanted.until else []
    found += [a.deed == wanted.deed] if wanted.deed else []
    found += [a.kind == wanted.kind] if wanted.kind else []
    found += [a.about.in_(wanted.abouts)] if wanted.abouts else []
    found += [a.by.in_(wanted.by)] if wanted.by is not None else []
    found += [a.by.is_(None)] if wanted.desk else []
    return [*found, a.id < wanted.before] if wanted.before is not None else found
