"""Intentions into the record: their rows, versions, notices and keys, and what everybody may read of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.store import aware
from knowledge.timeline.differing import undone
from knowledge.timeline.entry import Entry
from knowledge.timeline.gathering import parts
from knowledge.timeline.nouns import Change, State, Version
from knowledge.timeline.showing import Shower


class Released(NamedTuple):
    """An intention of which a version has become public. `row`, `kinds`: its rows, as they were written."""

    entry: Entry
    row: dict[str, Any]
    kinds: Sequence[dict[str, Any]]


def write_entries(connection: Connection, touched: Sequence[Entry], shower: Shower, now: datetime) -> list[Released]:
    """Writes intentions down that are new or have changed, with the versions made of them. Gives those that everybody
    can read anew."""
    rows = [shower.row(one) for one in touched]
    _insert(connection, tables.intention, [row for row, one in zip(rows, touched, strict=True) if one.fresh])
    _update(connection, [row for row, one in zip(rows, touched, strict=True) if not one.fresh])
    released = [one for one in touched if one.let_out or any(version.released_at for version in one.versions)]
    _release(connection, [one.id for one in released if not one.fresh], now)
    versions = [_version(one, version) for one in touched for version in one.versions]
    _insert(connection, tables.intention_version, versions)
    changed = [one for one in touched if one in released or one.joined_to or one.turned]
    kinds = _show(connection, changed, shower)
    by_id = {row["id"]: row for row in rows}
    return [Released(one, by_id[one.id], kinds.get(one.id, ())) for one in released]


def take_back(connection: Connection, entry: Entry) -> None:
    """Has everybody read of an intention what they could before it was open: it was shown as another buyer's, and turns
    out to be a live tender of the council's that waits."""
    table, said, least = tables.intention_version, dict(entry.shown or {}), 0
    released = sa.and_(table.c.intention == entry.id, table.c.released_at.is_not(None))
    entry.shown = entry.shown_version = entry.shown_at = None
    for row in connection.execute(sa.select(table).where(released).order_by(table.c.number.desc())).all():
        if said.get("state") != State.OPEN.value:
            entry.shown, entry.shown_version, entry.shown_at = said, row.number, aware(row.released_at)
            least = row.number
            break
        said = undone(said, map(Change.model_validate, row.changes))
        if not row.changes:
            break
    connection.execute(sa.update(table).where(released, table.c.number > least).values(released_at=None))


def _update(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    table = tables.intention
    if rows:
        values: dict[str, Any] = {c.name: sa.bindparam(c.name) for c in table.c if c.name != "id"}
        changed = sa.update(table).where(table.c.id == sa.bindparam("of")).values(values)
        connection.execute(changed, [{**row, "of": row["id"]} for row in rows])


def _release(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """What waited becomes public together with what came now."""
    table = tables.intention_version
    for part in parts(ids):
        waiting = sa.and_(table.c.intention.in_(part), table.c.released_at.is_(None))
        connection.execute(sa.update(table).where(waiting).values(released_at=now))


def _show(connection: Connection, changed: Sequence[Entry], shower: Shower) -> dict[int, list[dict[str, Any]]]:
    """What is searched of them anew; of one that has been joined to another, nothing. Gives their kinds of service."""
    shown = [one for one in changed if not one.joined_to]
    kinds = {one.id: shower.kinds(one) for one in shown}
    times = [row for one in shown for row in shower.times(one)]
    every_kind = [row for rows in kinds.values() for row in rows]
    for table, fresh in ((tables.intention_kind, every_kind), (tables.intention_time, times)):
        for part in parts([one.id for one in changed if not one.fresh]):
            connection.execute(sa.delete(table).where(table.c.intention.in_(part)))
        _insert(connection, table, fresh)
    return kinds


def write_notices(connection: Connection, fresh: Iterable[dict[str, Any]], again: Iterable[dict[str, Any]]) -> None:
    """Writes down what notices say: those that are new, and those that say something else than before."""
    table = tables.notice
    _insert(connection, table, list(fresh))
    rows = [{**row, "s": row["source"], "n": row["number"]} for row in again]
    if rows:
        values: dict[str, Any] = {name: sa.bindparam(name) for name in ("intention", "kind", "at", "checksum", "about")}
        where = sa.and_(table.c.source == sa.bindparam("s"), table.c.number == sa.bindparam("n"))
        connection.execute(sa.update(table).where(where).values(values), rows)


def write_keys(connection: Connection, entries: Iterable[Entry]) -> None:
    """Writes down by what else these intentions go."""
    rows = [{"key": key, "intention": one.id} for one in entries for key in sorted(one.keys)]
    _insert(connection, tables.notice_key, rows)


def write_joined(connection: Connection, entries: Iterable[Entry]) -> None:
    """Has the notices and keys of intentions that have been joined to another be the other's."""
    for one in entries:
        table, key, intention = tables.notice, tables.notice_key, tables.intention
        connection.execute(sa.update(intention).where(intention.c.joined_to == one.id).values(joined_to=one.joined_to))
        connection.execute(sa.update(table).where(table.c.intention == one.id).values(intention=one.joined_to))
        connection.execute(sa.delete(key).where(key.c.intention == one.id))


def _version(entry: Entry, version: Version) -> dict[str, Any]:
    return {
        "intention": entry.id, "number": version.number, "kind": version.kind.value, "at": version.at,
        "said_at": version.said_at, "released_at": version.released_at,
        "changes": [one.model_dump(mode="json") for one in version.changes], "reason": version.reason,
        "by": version.by,
    }  # fmt: skip


def _insert(connection: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), list(rows))
