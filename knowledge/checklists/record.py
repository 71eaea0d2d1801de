"""Checklists as the record keeps them: a list's words as they stood when somebody opened it, and what is ticked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.checklists.sources import Source
from knowledge.documents.listing import items_of
from knowledge.models import Noun, Passage, slug
from knowledge.parties import parties_of, party_of
from knowledge.store import aware
from knowledge.tables import checklist

MOST = 50
"""Checklists that one person may have open."""
_BETWEEN = "|"
"""Between the anchors of passages, none of which holds it."""


class Point(Noun):
    """One thing to tick. `under`: the part of the list it stands in, "" where the list has one part."""

    text: str
    under: str = ""


class Checklist(Noun):
    """Somebody's working list. `ticked`: places among the points, from 0; `anchors`: the passages it was made of."""

    id: int
    name: str
    title: str
    document: str
    anchors: tuple[str, ...]
    points: tuple[Point, ...]
    ticked: frozenset[int]
    made_at: datetime
    changed_at: datetime


def points_of(passages: Sequence[Passage]) -> tuple[Point, ...]:
    """The points of these passages' lists, in order, each under its passage's own name where there are several."""
    several = len(passages) > 1
    return tuple(
        Point(text=item.text, under=_name(passage) if several else "")
        for passage in passages
        for item in items_of(passage)
    )


def open_checklist(
    connection: Connection, owner: str, source: Source, points: Iterable[Point], now: datetime
) -> Checklist:
    """A new checklist for somebody by their address."""
    row = {
        "owner": party_of(connection, owner), "name": source.name[:64], "title": source.title[:200],
        "document": source.document, "anchor": _BETWEEN.join(slug(one) for one in source.locators)[:400],
        "items": [point.model_dump() for point in points], "ticked": [], "made_at": now, "changed_at": now,
    }  # fmt: skip
    number = connection.execute(sa.insert(checklist).values(**row)).inserted_primary_key
    return _noun(connection.execute(sa.select(checklist).where(checklist.c.id == (number or (0,))[0])).one())


def of_number(connection: Connection, id: int, addresses: Collection[str]) -> Checklist | None:
    """Somebody's own checklist; None where there is none of theirs by this number."""
    row = connection.execute(_theirs(connection, addresses).where(checklist.c.id == id)).first()
    return _noun(row) if row else None


def mine(connection: Connection, addresses: Collection[str]) -> list[Checklist]:
    """Somebody's checklists, the one last worked on first."""
    rows = connection.execute(
        _theirs(connection, addresses).order_by(checklist.c.changed_at.desc(), checklist.c.id.desc()).limit(MOST)
    )
    return [_noun(row) for row in rows]


def tick(
    connection: Connection, id: int, addresses: Collection[str], among: Collection[int], ticked: Collection[int],
    now: datetime,
) -> Checklist | None:  # fmt: skip
    """Sets which of some points (`among`) are ticked, and leaves the others; None as above. Two presses at once each
    keep their own."""
    row = connection.execute(_theirs(connection, addresses).where(checklist.c.id == id).with_for_update()).first()
    if row is None:
        return None
    before = set(row.ticked)
    after = (before - set(among)) | {place for place in ticked if place in among and 0 <= place < len(row.items)}
    if after != before:
        change = sa.update(checklist).where(checklist.c.id == id)
        connection.execute(change.values(ticked=sorted(after), changed_at=now))
    return of_number(connection, id, addresses)


def delete(connection: Connection, id: int, addresses: Collection[str]) -> bool:
    """Deletes somebody's own checklist. False where there is none of theirs by this number."""
    if of_number(connection, id, addresses) is None:
        return False
    connection.execute(sa.delete(checklist).where(checklist.c.id == id))
    return True


def _theirs(connection: Connection, addresses: Collection[str]) -> sa.Select[tuple[object, ...]]:
    return sa.select(checklist).where(checklist.c.owner.in_(parties_of(connection, addresses)))


def _noun(row: sa.Row) -> Checklist:  # type: ignore[type-arg]
    return Checklist(
        id=row.id, name=row.name, title=row.title, document=row.document,
        anchors=tuple(row.anchor.split(_BETWEEN)), points=tuple(Point.model_validate(one) for one in row.items),
        ticked=frozenset(row.ticked), made_at=aware(row.made_at), changed_at=aware(row.changed_at),
    )  # fmt: skip


def _name(passage: Passage) -> str:
    """What a passage is called among its like: "Social" of "Table 3: Social"."""
    name = passage.locator.partition(": ")[2] or passage.locator
    return name[:1].upper() + name[1:]
