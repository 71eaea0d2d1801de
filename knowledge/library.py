"""The documents as the record holds them: put in, taken out, looked up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.audit import Deed, account
from knowledge.facts import fact, hold_fact, raise_number
from knowledge.models import Document, Passage
from knowledge.store import Store


def edition(connection: Connection) -> int:
    """The number of what is searched: raised whenever a document comes, changes or goes."""
    return int(fact(connection, "edition") or 0)


def hold(connection: Connection) -> None:
    """Waits until nobody else changes what is searched, and keeps them from it until this transaction ends."""
    hold_fact(connection, "edition")


def raise_edition(connection: Connection) -> int:
    """The next edition."""
    return raise_number(connection, "edition")


def documents(connection: Connection) -> list[Document]:
    """Every document, in the order they were first listed."""
    rows = connection.execute(
        sa.select(tables.document.c.about).order_by(tables.document.c.position, tables.document.c.id)
    )
    return [Document.model_validate(row.about) for row in rows]


def document(connection: Connection, id: str) -> Document | None:
    """One document by its id."""
    about = connection.execute(sa.select(tables.document.c.about).where(tables.document.c.id == id)).scalar()
    return Document.model_validate(about) if about else None


def passages(connection: Connection, id: str, *, gone: bool = False) -> list[Passage]:
    """A document's passages in order; or, with `gone`, those it once had."""
    table = tables.passage
    rows = connection.execute(
        sa.select(table.c.body).where(table.c.document == id, table.c.gone.is_(gone)).order_by(table.c.position)
    )
    return [Passage.model_validate(row.body) for row in rows]


def find_passage(connection: Connection, document: str, anchor: str) -> tuple[Passage | None, bool]:
    """A passage by its link, and whether it is still in the document. A passage that has gone gives the nearest."""
    table = tables.passage
    row = connection.execute(sa.select(table).where(table.c.document == document, table.c.anchor == anchor)).first()
    if row is None:
        return None, False
    if not row.gone:
        return Passage.model_validate(row.body), True
    nearest = connection.execute(
        sa.select(table.c.body)
        .where(table.c.document == document, table.c.gone.is_(False))
        .order_by(sa.func.abs(table.c.position - row.position), table.c.position)
        .limit(1)
    ).scalar()
    return (Passage.model_validate(nearest) if nearest else None), False


def put(connection: Connection, about: Document, cut: Sequence[Passage], position: int, at: datetime) -> str:
    """Puts one document in. Returns added, changed or unchanged; the caller raises the edition."""
    before = document(connection, about.id)
    if before == about and passages(connection, about.id) == list(cut):
        return "unchanged"
    table = tables.passage
    held = connection.execute(sa.select(table).where(table.c.document == about.id)).all()
    row = {
        "position": position,
        "checksum": about.checksum,
        "access": about.access.value,
        "about": about.model_dump(mode="json"),
        "indexed_at": at,
    }
    if before is None:
        connection.execute(sa.insert(tables.document).values(id=about.id, **row))
    else:
        connection.execute(sa.update(tables.document).where(tables.document.c.id == about.id).values(**row))
    connection.execute(sa.delete(table).where(table.c.document == about.id))
    there = {passage.anchor for passage in cut}
    rows = [_row(passage) for passage in cut] + [_gone(row) for row in held if row.anchor not in there]
    for start in range(0, len(rows), 500):
        connection.execute(sa.insert(table), rows[start : start + 500])
    return "changed" if before else "added"


def remove(store: Store, id: str, *, by: str = "") -> bool:
    """Takes a document out with its passages. False where there is none of this id. `by`: the address of who does."""
    with store.writing() as connection:
        hold(connection)
        if document(connection, id) is None:
            return False
        connection.execute(sa.delete(tables.passage).where(tables.passage.c.document == id))
        connection.execute(sa.delete(tables.document).where(tables.document.c.id == id))
        raise_edition(connection)
        account(connection, Deed.CHANGED, "document", id, store.now(connection), by=by, counts={"removed": 1})
    return True


def everything(connection: Connection) -> Iterable[tuple[Document, list[Passage]]]:
    """Every document with its passages, for building an index."""
    for about in documents(connection):
        yield about, passages(connection, about.id)


def _row(passage: Passage) -> dict[str, object]:
    return {
        "document": passage.document,
        "anchor": passage.anchor,
        "position": passage.position,
        "gone": False,
        "body": passage.model_dump(mode="json"),
    }


def _gone(row: sa.Row) -> dict[str, object]:  # type: ignore[type-arg]
    return {"document": row.document, "anchor": row.anchor, "position": row.position, "gone": True, "body": row.body}
