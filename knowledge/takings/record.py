"""The takings as the record holds them: written down in the transaction that takes a file in."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.audit import Deed, account
from knowledge.parties import party_of
from knowledge.store import aware
from knowledge.tables import taking, unread_row
from knowledge.takings.nouns import CannotUndo, Kind, Taking

_WHOLE = (Kind.REGISTER, Kind.PLACES, Kind.PEOPLE)
"""Lists that are undone in order, the newest first; a paper, or an intention, is looked at by itself."""


def write_down(
    connection: Connection, kind: Kind, source: str, now: datetime, *, counts: Mapping[str, int],
    before: Mapping[str, Any], by: str = "",
) -> int:  # fmt: skip
    """Writes down that a file was taken in, and accounts for it. `before`: what was there, as JSON writes it; `by`: the
    address of who did it, "" for the command line. Gives its number."""
    row = {
        "list": kind.value, "source": source[:255], "made_by": party_of(connection, by) if by else None, "made_at": now,
        "counts": dict(counts), "before": pack(before), "undone_at": None,
    }  # fmt: skip
    number = int(connection.execute(sa.insert(taking).values(**row).returning(taking.c.id)).scalar_one())
    account(connection, Deed.IMPORTED, "list", kind.value, now, by=by, counts=_plain(counts, number))
    return number


def _plain(counts: Mapping[str, Any], number: int) -> dict[str, int]:
    """Counts as the audit keeps them, with the number under which it was taken in."""
    whole = {name.replace(" ", "_"): count for name, count in counts.items() if isinstance(count, int)}
    return {**whole, "taking": number}


def takings(connection: Connection, most: int = 100) -> list[Taking]:
    """What was taken in, the newest first."""
    return [_taking(row) for row in connection.execute(_query().order_by(taking.c.id.desc()).limit(most))]


def taking_of(connection: Connection, number: int) -> Taking:
    """One of them. Raises CannotUndo where there is none of this number."""
    row = connection.execute(_query().where(taking.c.id == number)).first()
    if row is None:
        raise CannotUndo(f"nothing was taken in under the number {number}; `desk imports` lists what was")
    return _taking(row)


def why_not(connection: Connection, one: Taking, now: datetime, kept: int) -> str:
    """Why something cannot be undone, as far as can be told without looking at what it was; "" where it can.
    `kept`: days for which it can be undone."""
    if one.undone_at:
        return "it is undone already"
    if not one.kept or one.made_at < now - timedelta(days=kept):
        return f"it was taken in too long ago: for {kept} days an import can be undone"
    later = taking.c.list == one.kind.value, taking.c.id > one.id, taking.c.undone_at.is_(None)
    newer = connection.execute(sa.select(sa.func.max(taking.c.id)).where(*later)).scalar()
    if one.kind in _WHOLE and newer:
        return f"a later file of the same list was taken in since: undo number {newer} first"
    return ""


def before_of(connection: Connection, number: int) -> dict[str, Any]:
    """What was there before a file was taken in."""
    packed = connection.execute(sa.select(taking.c.before).where(taking.c.id == number)).scalar()
    return unpack(packed) if packed else {}


def settle(connection: Connection, one: Taking, now: datetime, counts: Mapping[str, int], by: str = "") -> None:
    """Writes down that it is undone. What was there before is there again, and need be kept no more."""
    values = {"undone_at": now, "before": None}
    connection.execute(sa.update(taking).where(taking.c.id == one.id).values(**values))
    account(connection, Deed.UNDID, "list", one.kind.value, now, by=by, counts=_plain(counts, one.id))


def clear_old(connection: Connection, now: datetime, kept: int) -> int:
    """Lets go of what was there before files that can be undone no more. Returns of how many. `kept`: days."""
    old = taking.c.before.is_not(None), taking.c.made_at < now - timedelta(days=kept)
    return connection.execute(sa.update(taking).where(*old).values(before=None)).rowcount


def clear_naming(connection: Connection, words: Iterable[str]) -> int:
    """Lets go of what was there before, wherever it holds one of these words (an address, a name), whatever the case:
    for erasing somebody. Those files can be undone no more. Returns of how many."""
    wanted = [word.casefold() for word in words if word.strip()]
    rows = connection.execute(sa.select(taking.c.id, taking.c.before).where(taking.c.before.is_not(None)))
    found = [row.id for row in rows if any(word in _text(unpack(row.before)) for word in wanted)]
    if found:
        connection.execute(sa.update(taking).where(taking.c.id.in_(found)).values(before=None))
    return len(found)


def _text(before: Mapping[str, Any]) -> str:
    return json.dumps(before, ensure_ascii=False).casefold()


def pack(said: Mapping[str, Any]) -> bytes:
    """JSON, compressed."""
    return zlib.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack(packed: bytes) -> dict[str, Any]:
    """The same, read."""
    said = json.loads(zlib.decompress(packed))
    assert isinstance(said, dict)  # noqa: S101 - nothing else is packed
    return said


def unread_of(connection: Connection, list_: str, source: str) -> list[dict[str, Any]]:
    """The rows of a file's last import that could not be taken, as JSON writes them."""
    rows = connection.execute(sa.select(unread_row).where(*_of_file(list_, source)).order_by(unread_row.c.id))
    names = ("line", "reference", "reason", "cells")
    return [{**{name: row._mapping[name] for name in names}, "read_at": _iso(row.read_at)} for row in rows]


def restore_unread(connection: Connection, list_: str, source: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Puts them back, in the place of those that are there."""
    connection.execute(sa.delete(unread_row).where(*_of_file(list_, source)))
    back = [{**row, "list": list_, "source": source[:255], "read_at": moment(row["read_at"])} for row in rows]
    if back:
        connection.execute(sa.insert(unread_row), back)


def moment(text: str | None) -> datetime | None:
    """A moment as JSON writes it."""
    return datetime.fromisoformat(text) if text else None


def _iso(at: datetime) -> str:
    return aware(at).isoformat()


def _of_file(list_: str, source: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return unread_row.c.list == list_, unread_row.c.source == source[:255]


def _query() -> sa.Select[Any]:
    t = taking.c
    return sa.select(
        t.id, t.list, t.source, t.made_by, t.made_at, t.counts, t.undone_at, t.before.is_not(None).label("kept")
    )


def _taking(row: Any) -> Taking:
    return Taking(
        id=row.id, kind=Kind(row.list), source=row.source, made_by=row.made_by, made_at=aware(row.made_at),
        counts=row.counts, undone_at=aware(row.undone_at) if row.undone_at else None, kept=bool(row.kept),
    )  # fmt: skip
