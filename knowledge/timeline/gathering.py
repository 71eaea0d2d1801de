"""What the record holds of the intentions that a piece of work may touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.store import aware
from knowledge.timeline.entry import Entry
from knowledge.timeline.folding import Own
from knowledge.timeline.nouns import Statement, Terms
from knowledge.timeline.references import go_by

TEMPLATE = "template"
"""The source under which rows of the desk's own template are kept."""
_AT_ONCE = 400


class Known(NamedTuple):
    """A notice the record holds: whose intention, the sum of what it says, and when it said so. `row`: what it says,
    where it is a row of the template."""

    intention: int
    checksum: str
    at: datetime
    row: dict[str, Any] | None = None


def known_notices(connection: Connection, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Known]:
    """Those of these notices, by source and number, that the record holds."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, number in wanted:
        by_source[source].append(number)
    return {at: known for source, numbers in by_source.items() for at, known in _known(connection, source, numbers)}


def _known(connection: Connection, source: str, numbers: Sequence[str]) -> Iterator[tuple[tuple[str, str], Known]]:
    table = tables.notice
    about = table.c.about if source == TEMPLATE else sa.null().label("about")
    columns = (table.c.number, table.c.intention, table.c.checksum, table.c.at, about)
    for part in parts(numbers):
        for row in connection.execute(sa.select(*columns).where(table.c.source == source, table.c.number.in_(part))):
            yield (source, row.number), Known(row.intention, row.checksum, aware(row.at), row.about)


def owners(connection: Connection, keys: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Keys, each with an intention that goes by it."""
    table = tables.notice_key
    for part in parts(sorted(set(keys))):
        for row in connection.execute(sa.select(table).where(table.c.key.in_(part))):
            yield row.key, row.intention


def keys_held(connection: Connection, ids: Iterable[int]) -> Iterator[tuple[str, int]]:
    """Every key of these intentions."""
    table = tables.notice_key
    for part in parts(sorted(ids)):
        for row in connection.execute(sa.select(table).where(table.c.intention.in_(part))):
            yield row.key, row.intention


def by_number(connection: Connection, ids: Iterable[int]) -> dict[int, Entry]:
    """Intentions by their numbers in the record, with all their notices say."""
    return _entries(connection, sorted(set(ids)))


def by_reference(connection: Connection, references: Iterable[str]) -> dict[int, Entry]:
    """Intentions by their references, whatever the case. What has been joined to another gives the other."""
    table = tables.intention
    given = sorted(set(references))
    found: dict[int, Entry] = {}
    for part in parts(given):
        ids = connection.execute(sa.select(table.c.id).where(go_by(part))).scalars().all()
        found.update(by_number(connection, ids))
    joined = {one.joined_to for one in found.values() if one.joined_to} - found.keys()
    return {**found, **(by_number(connection, joined) if joined else {})}


def _entries(connection: Connection, wanted: Sequence[int]) -> dict[int, Entry]:
    found = {
        row.id: _entry(row)
        for part in parts(wanted)
        for row in connection.execute(sa.select(tables.intention).where(tables.intention.c.id.in_(part)))
    }
    table = tables.notice
    for part in parts(sorted(found)):
        where = sa.and_(table.c.intention.in_(part), table.c.source != TEMPLATE)
        for row in connection.execute(sa.select(table.c.intention, table.c.about).where(where)):
            found[row.intention].statements.append(Statement.model_validate(row.about))
        where = sa.and_(table.c.intention.in_(part), table.c.source == TEMPLATE)
        for row in connection.execute(sa.select(table.c.intention, table.c.number).where(where)):
            found[row.intention].rows.add(row.number)
    return found


def _entry(row: Any) -> Entry:
    return Entry(
        row.id, row.reference, row.buyer, row.buyer_id, row.own, row.version, dict(row.about),
        own_of(row.own_terms), row.held,
        row.shown, row.shown_version, aware(row.shown_at) if row.shown_at else None, row.joined_to,
        before=row.shown_version,
    )  # fmt: skip


def own_of(said: Mapping[str, Any]) -> dict[str, Own]:
    """What the council itself said, from the form of the record."""
    return {
        name: Own(getattr(Terms.model_validate({name: one["value"]}), name), aware(datetime.fromisoformat(one["at"])))
        for name, one in said.items()
    }


def parts(wanted: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """A list in pieces that every database takes."""
    for at in range(0, len(wanted), _AT_ONCE):
        yield wanted[at : at + _AT_ONCE]
