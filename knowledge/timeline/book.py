"""The intentions a piece of work touches: found in the record, worked on in memory, written together."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.store import aware
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.entry import Entry
from knowledge.timeline.folding import Own
from knowledge.timeline.nouns import Statement, Terms
from knowledge.timeline.showing import Shower

_LOCK = 4_701_533_263
"""The number of the PostgreSQL lock under which one process at a time works on the timeline."""
_AT_ONCE = 400
TEMPLATE = "template"
"""The source under which rows of the desk's own template are kept."""


class Known(NamedTuple):
    """A notice the record holds: whose intention, and the sum of what it says."""

    intention: int
    checksum: str
    at: datetime


def lock(connection: Connection) -> None:
    """Waits until nobody else works on the timeline. SQLite has one writer anyhow."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def keys_of(statement: Statement) -> tuple[str, ...]:
    """What tells a statement's procurement from all others, the notice's own number included."""
    return (f"{statement.source.value}:{statement.id}", *filter(None, statement.keys))


def checksum(said: Any) -> str:
    """A sum over what a statement or a row says."""
    return hashlib.sha256(said.model_dump_json().encode()).hexdigest()


class Book:
    """A unit of work on the timeline, under the lock."""

    def __init__(self, connection: Connection, buyers: Buyers, shower: Shower, now: datetime) -> None:
        lock(connection)
        self._connection = connection
        self.buyers, self._shower, self.now = buyers, shower, now
        self._entries: dict[int, Entry] = {}
        self._notices: dict[tuple[str, str], Known] = {}
        self._keys: dict[str, set[int]] = defaultdict(set)
        self._written: list[dict[str, Any]] = []
        self._rewritten: list[dict[str, Any]] = []
        self._next = 1 + (connection.execute(sa.select(sa.func.max(tables.intention.c.id))).scalar() or 0)

    # --- finding --------------------------------------------------------------------------------------------------

    def gather(self, notices: Iterable[tuple[str, str]], keys: Iterable[str], references: Iterable[str] = ()) -> None:
        """Reads what the record holds of these notices, of whatever goes by these keys, and of these references."""
        self._gather_notices(list(notices))
        wanted = {known.intention for known in self._notices.values()}
        table = tables.notice_key
        for part in _parts(sorted({_key(key) for key in keys})):
            for row in self._connection.execute(sa.select(table).where(table.c.key.in_(part))):
                self._keys[row.key].add(row.intention)
                wanted.add(row.intention)
        self._load(tables.intention.c.id, wanted - self._entries.keys())
        self._load(sa.func.lower(tables.intention.c.reference), {reference.casefold() for reference in references})

    def _gather_notices(self, wanted: Sequence[tuple[str, str]]) -> None:
        table = tables.notice
        columns = (table.c.source, table.c.number, table.c.intention, table.c.checksum, table.c.at)
        by_source: dict[str, list[str]] = defaultdict(list)
        for source, number in wanted:
            by_source[source].append(number)
        for source, numbers in by_source.items():
            for part in _parts(numbers):
                query = sa.select(*columns).where(table.c.source == source, table.c.number.in_(part))
                for row in self._connection.execute(query):
                    self._notices[row.source, row.number] = Known(row.intention, row.checksum, aware(row.at))

    def _load(self, by: Any, wanted: set[Any]) -> None:
        found: dict[int, Entry] = {}
        for part in _parts(sorted(wanted)):
            for row in self._connection.execute(sa.select(tables.intention).where(by.in_(part))):
                if row.id not in self._entries:
                    found[row.id] = _entry(row)
        table = tables.notice
        for part in _parts(sorted(found)):
            query = sa.select(table.c.intention, table.c.about).where(
                table.c.intention.in_(part), table.c.source != TEMPLATE
            )
            for row in self._connection.execute(query):
                found[row.intention].statements.append(Statement.model_validate(row.about))
        self._entries.update(found)

    def notice(self, source: str, number: str) -> Known | None:
        """A notice the record holds."""
        return self._notices.get((source, number))

    def row_of(self, reference: str) -> dict[str, Any] | None:
        """What the template last said of a reference."""
        table = tables.notice
        query = sa.select(table.c.about).where(table.c.source == TEMPLATE, table.c.number == reference)
        found: dict[str, Any] | None = self._connection.execute(query).scalar()
        return found

    def entry(self, id: int) -> Entry:
        """An intention that was gathered or begun."""
        return self._entries[id]

    def by_reference(self, reference: str) -> Entry | None:
        """The intention of a reference, whatever its case."""
        wanted = reference.casefold()
        return next((one for one in self._entries.values() if one.reference.casefold() == wanted), None)

    def by_keys(self, keys: Iterable[str]) -> Entry | None:
        """The oldest intention that goes by one of these keys."""
        found = [id for key in keys for id in self._keys.get(_key(key), ())]
        return self._entries[min(found)] if found else None

    def all_by_key(self, key: str) -> list[Entry]:
        """Every intention that goes by a key."""
        return [self._entries[id] for id in sorted(self._keys.get(_key(key), ()))]

    # --- writing --------------------------------------------------------------------------------------------------

    def begin(self, buyer: str, buyer_id: str, *, own: bool, reference: str = "") -> Entry:
        """A new intention. Without a reference it gets one of the desk's: INT-7."""
        id, self._next = self._next, self._next + 1
        entry = Entry(id, reference or f"INT-{id}", buyer[:400], buyer_id[:100], own, fresh=True)
        self._entries[id] = entry
        return entry

    def add_keys(self, entry: Entry, keys: Iterable[str]) -> None:
        """Has an intention go by these keys too."""
        for key in map(_key, keys):
            if entry.id not in self._keys[key]:
                self._keys[key].add(entry.id)
                entry.keys.add(key)

    def keep(self, entry: Entry, source: str, number: str, kind: str, at: datetime, said: Any) -> None:
        """Keeps what a notice, or a row of the template, says, in the place of what it said before."""
        held = self._notices.get((source, number))
        known = Known(entry.id, checksum(said), at)
        self._notices[source, number] = known
        about = said.model_dump(mode="json", exclude_defaults=True)
        row = {
            "source": source, "number": number, "intention": entry.id, "kind": kind, "at": at,
            "checksum": known.checksum, "about": about,
        }  # fmt: skip
        (self._rewritten if held else self._written).append(row)

    def state(self, entry: Entry, statement: Statement) -> None:
        """Has a notice speak of an intention."""
        entry.statements = [
            one for one in entry.statements if (one.source, one.id) != (statement.source, statement.id)
        ] + [statement]
        self.keep(entry, statement.source.value, statement.id, statement.kind, statement.at, statement)
        self.add_keys(entry, keys_of(statement))

    def write(self) -> None:
        """Writes everything down that was worked on."""
        touched = [one for one in self._entries.values() if one.touched]
        self._write_entries(touched)
        self._write_notices()
        rows = [{"key": key, "intention": one.id} for one in self._entries.values() for key in sorted(one.keys)]
        _insert(self._connection, tables.notice_key, rows)
        for one in self._entries.values():
            one.touched, one.fresh, one.versions, one.keys = False, False, [], set()

    def _write_entries(self, touched: Sequence[Entry]) -> None:
        table = tables.intention
        versions = [self._version(one, version) for one in touched for version in one.versions]
        released = [one for one in touched if any(version.released_at for version in one.versions)]
        rows = [self._shower.row(one) for one in touched]
        _insert(self._connection, table, [row for row, one in zip(rows, touched, strict=True) if one.fresh])
        old = [{**row, "of": row["id"]} for row, one in zip(rows, touched, strict=True) if not one.fresh]
        if old:
            values: dict[str, Any] = {c.name: sa.bindparam(c.name) for c in table.c if c.name != "id"}
            self._connection.execute(sa.update(table).where(table.c.id == sa.bindparam("of")).values(values), old)
        self._release([one.id for one in released if not one.fresh])
        _insert(self._connection, tables.intention_version, versions)
        self._write_shown(released)

    def _release(self, ids: Sequence[int]) -> None:
        """What waited becomes public together with what came now."""
        table = tables.intention_version
        for part in _parts(ids):
            waiting = sa.and_(table.c.intention.in_(part), table.c.released_at.is_(None))
            self._connection.execute(sa.update(table).where(waiting).values(released_at=self.now))

    def _write_shown(self, released: Sequence[Entry]) -> None:
        for table, rows_of in (
            (tables.intention_kind, self._shower.kinds),
            (tables.intention_time, self._shower.times),
        ):
            for part in _parts([one.id for one in released if not one.fresh]):
                self._connection.execute(sa.delete(table).where(table.c.intention.in_(part)))
            _insert(self._connection, table, [row for one in released for row in rows_of(one)])

    def _write_notices(self) -> None:
        table = tables.notice
        written = {(row["source"], row["number"]): row for row in self._written}
        again: dict[tuple[str, str], dict[str, Any]] = {}
        for row in self._rewritten:
            at = (row["source"], row["number"])
            (written if at in written else again)[at] = row
        _insert(self._connection, table, list(written.values()))
        if again:
            values: dict[str, Any] = {
                name: sa.bindparam(name) for name in ("intention", "kind", "at", "checksum", "about")
            }
            where = sa.and_(table.c.source == sa.bindparam("s"), table.c.number == sa.bindparam("n"))
            rows = [{**row, "s": row["source"], "n": row["number"]} for row in again.values()]
            self._connection.execute(sa.update(table).where(where).values(values), rows)
        self._written, self._rewritten = [], []

    @staticmethod
    def _version(entry: Entry, version: Any) -> dict[str, Any]:
        return {
            "intention": entry.id, "number": version.number, "kind": version.kind.value, "at": version.at,
            "said_at": version.said_at, "released_at": version.released_at,
            "changes": [one.model_dump(mode="json") for one in version.changes], "reason": version.reason,
            "by": version.by,
        }  # fmt: skip


def _key(key: str) -> str:
    """A key as it is compared and kept."""
    return key.casefold()[:500]


def _entry(row: Any) -> Entry:
    own = {
        name: Own(getattr(Terms.model_validate({name: said["value"]}), name), aware(datetime.fromisoformat(said["at"])))
        for name, said in row.own_terms.items()
    }
    return Entry(
        row.id, row.reference, row.buyer, row.buyer_id, row.own, row.version, dict(row.about), own, row.held,
        row.shown, row.shown_version, aware(row.shown_at) if row.shown_at else None,
    )  # fmt: skip


def _insert(connection: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), list(rows))


def _parts(wanted: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """A list in pieces that every database takes."""
    for at in range(0, len(wanted), _AT_ONCE):
        yield wanted[at : at + _AT_ONCE]
