"""Papers taken in, and put back."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import library
from knowledge.documents.importing import Report, index_documents
from knowledge.documents.reading import Limits
from knowledge.pack import Pack
from knowledge.store import Store, aware
from knowledge.tables import document, passage
from knowledge.takings.nouns import Bad, CannotUndo, Effect, Kind, Line, in_words, listed
from knowledge.takings.record import moment, write_down

_SHOWN = ("title", "publisher", "published", "kind", "status", "supersedes", "access", "note")


def take_papers(
    store: Store, paths: Sequence[Path], pack: Pack, limits: Limits | None = None,
    progress: Callable[[int, int, str], None] = lambda done, of, name: None, *, source: str = "", by: str = "",
    check: Callable[[Effect], None] = lambda effect: None,
) -> tuple[Report, Effect]:  # fmt: skip
    """Reads papers into the record as `index_documents` does, and writes down what was there before. `check`: is given
    what it does before it is done, and what it raises undoes it."""
    witness = _Witness(source or ", ".join(path.name for path in paths), by, check)
    report = index_documents(store, paths, pack, limits, progress, witness)
    return report, witness.effect


@dataclass
class _Witness:
    """Writes down what the papers were before."""

    source: str
    by: str
    check: Callable[[Effect], None]
    held: dict[str, Any] = field(default_factory=dict)
    effect: Effect = field(default_factory=lambda: Effect(rows=0))

    def before(self, connection: Connection, ids: Sequence[str]) -> None:
        self.held = {id: _whole(connection, id) for id in ids}

    def after(self, connection: Connection, report: Report, at: datetime) -> None:
        self.effect = _effect(connection, report, self.held)
        self.check(self.effect)
        if report.taken:
            marks = {id: _mark(connection, id) for id in self.held}
            before = {"documents": self.held, "after": marks}
            counts = self.effect.counts
            write_down(connection, Kind.DOCUMENT, self.source, at, counts=counts, by=self.by, before=before)


def undo_papers(connection: Connection, before: dict[str, Any]) -> Effect:
    """Removes the papers that were new, puts the former ones back, and raises the edition. Raises CannotUndo where one
    of them has changed since."""
    library.hold(connection)
    changed = [id for id, mark in before["after"].items() if _mark(connection, id) != mark]
    if changed:
        raise CannotUndo(f"taken in again, changed or removed since: {listed(sorted(changed))}")
    lines = []
    for id, was in before["documents"].items():
        now = _whole(connection, id)
        lines += _lines(id, now, was)
        _put(connection, id, was)
    if before["documents"]:
        library.raise_edition(connection)
    kept = [one for one in before["documents"].values() if one]
    counts = {"removed": len(before["documents"]) - len(kept), "put back": len(kept)}
    return Effect(rows=len(before["documents"]), counts=counts, lines=tuple(lines))


def _put(connection: Connection, id: str, was: dict[str, Any] | None) -> None:
    connection.execute(sa.delete(passage).where(passage.c.document == id))
    if was is None:
        connection.execute(sa.delete(document).where(document.c.id == id))
        return
    row = {**was["row"], "indexed_at": moment(was["row"]["indexed_at"])}
    connection.execute(sa.update(document).where(document.c.id == id).values(**row))
    rows = [{**one, "document": id} for one in was["passages"]]
    for start in range(0, len(rows), 500):
        connection.execute(sa.insert(passage), rows[start : start + 500])


def _whole(connection: Connection, id: str) -> dict[str, Any] | None:
    """A paper with all its passages, those gone as well, as JSON writes it; None where there is none."""
    row = connection.execute(sa.select(document).where(document.c.id == id)).first()
    if row is None:
        return None
    held = {name: row._mapping[name] for name in ("position", "checksum", "access", "about")}
    p = passage.c
    query = sa.select(p.anchor, p.position, p.gone, p.body).where(p.document == id).order_by(p.position, p.anchor)
    passages = [{**one._mapping, "gone": bool(one.gone)} for one in connection.execute(query)]
    return {"row": {**held, "indexed_at": aware(row.indexed_at).isoformat()}, "passages": passages}


def _mark(connection: Connection, id: str) -> str:
    """What tells whether a paper is as it was left, "" for none."""
    row = connection.execute(sa.select(document.c.about, document.c.checksum).where(document.c.id == id)).first()
    return hashlib.sha256(json.dumps([row.about, row.checksum], sort_keys=True).encode()).hexdigest() if row else ""


def _effect(connection: Connection, report: Report, held: dict[str, Any]) -> Effect:
    counts = Counter(one.state for one in report.taken)
    lines = [line for id, was in held.items() for line in _lines(id, was, _whole(connection, id))]
    notes = [f"{one.file}: {note}" for one in report.taken for note in one.notes]
    return Effect(
        rows=len(report.taken), counts={**counts, "not taken": len(report.problems)}, lines=tuple(lines),
        problems=tuple(Bad(line=0, about=one.file, reason=one.reason) for one in report.problems), notes=tuple(notes),
    )  # fmt: skip


def _lines(id: str, now: dict[str, Any] | None, then: dict[str, Any] | None) -> list[Line]:
    """What becomes of one paper: what is said of it, and how many passages there are."""
    before, after = _said(now), _said(then)
    if now is None or then is None:
        return [Line(about=id, what="new paper" if now is None else "removed", before=_sum(before), after=_sum(after))]
    return [
        Line(about=id, what=name, before=before.get(name, ""), after=after.get(name, ""))
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]


def _sum(said: dict[str, str]) -> str:
    return "; ".join(value for name, value in said.items() if name in ("title", "access", "passages") and value)


def _said(whole: dict[str, Any] | None) -> dict[str, str]:
    if whole is None:
        return {}
    there = [one for one in whole["passages"] if not one["gone"]]
    said = {name: in_words(whole["row"]["about"].get(name)) for name in _SHOWN}
    words = hashlib.sha256(json.dumps([one["body"] for one in there], sort_keys=True).encode()).hexdigest()[:8]
    return {**said, "passages": f"{len(there):,} passages", "text": f"as of sum {words}"}
