"""TABLE: which recommendations are delivered, whose they are, what is due when. From the rows of a paper's table, as of
the paper's day, with the cells that were asked for word for word."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.citing import cite
from handlers.desk import Desk
from handlers.messages import Citation, Message, Outcome, Reply, Table
from handlers.rows_saying import MOST_NAMED, elsewhere_words, none_words, without_status, words_of
from handlers.sought import sought
from handlers.understanding import Asked
from knowledge.documents.found import Found
from knowledge.documents.references import Reference, in_locator
from knowledge.documents.rows import Plan, Row, plans
from knowledge.documents.rows_asked import Wanted, chosen, elsewhere, wanted
from knowledge.documents.rows_asked import plainly as named
from knowledge.documents.search import Index
from knowledge.models import Access

_FEW = 6
"""Rows of which what was done is shown, beside how they stand."""


def plainly(message: Message, desk: Desk) -> Reply | None:
    """The rows a message asks for by what they are called, or by whose they are: no other journey knows them better."""
    it = sought(message, desk)
    if not any((ask := wanted(message.text, one)) and named(message.text, ask) for one in plans(it.index, it.access)):
        return None
    reply = by_cells(it.asked, it.index, it.access)
    return reply if reply and reply.citations else None


def by_cells(asked: Asked, index: Index, access: frozenset[Access]) -> Reply | None:
    """The rows a question asks for, or None where it asks for no rows. Of several tables the newest that has some."""
    if asked.references:
        return None
    nothing = None
    for plan in plans(index, access):
        if (ask := wanted(asked.text, plan)) is None:
            continue
        if reply := _rows(asked, ask, plan, index, access):
            return reply
        nothing = nothing or none_words(ask, plan)
    return nothing


def each(asked: Asked, found: Sequence[Found], index: Index) -> list[Found]:
    """The rows that a question names where it names several, in the paper's order; [] otherwise."""
    if len(asked.references) < 2 or any(place not in _places(found, index) for place in asked.references):
        return []
    return sorted(found[:MOST_NAMED], key=lambda one: one.number)


def _places(found: Sequence[Found], index: Index) -> set[Reference]:
    """The places where these passages are."""
    return {place for one in found for place in in_locator(index.passage(one.number).locator)}


def _rows(asked: Asked, ask: Wanted, plan: Plan, index: Index, access: frozenset[Access]) -> Reply | None:
    rows, aside = chosen(ask, plan), False
    if not rows and ask.time:
        rows, aside = elsewhere(ask, plan), True
    if not rows:
        return None
    labels = frozenset[str]() if aside else _labels(ask, rows)
    citations = [cite(asked, Found(row.number, 1.0, 1.0), row.passage, index, access, labels=labels) for row in rows]
    text = elsewhere_words(ask, rows, plan) if aside else words_of(ask, rows, plan)
    return Reply(
        outcome=Outcome.ANSWERED, text=text, citations=tuple(citations), notes=without_status(ask, rows, plan),
        table=_table(plan, rows, citations),
    )  # fmt: skip


def _labels(ask: Wanted, rows: Sequence[Row]) -> frozenset[str]:
    """The cells asked about; where none is, what each row is about. Beside how a few rows stand, what was done."""
    kinds = {*ask.kinds, "progress"} if ask.states and len(rows) <= _FEW else ask.kinds
    asked = frozenset[str]().union(*(row.labels(kind) for row in rows for kind in kinds))
    return asked or frozenset(row.about for row in rows)


def _table(plan: Plan, rows: Sequence[Row], citations: Sequence[Citation]) -> Table:
    """The rows as a table: what each is about, its place, and its small cells as they stand."""
    kinds = [kind for kind in ("when", "owner", "status") if any(row.cell(kind) for row in plan.rows)]
    return Table(
        columns=(plan.noun.capitalize(), "Place", *(kind.capitalize() for kind in kinds)),
        rows=tuple((row.subject, row.locator, *(_cell(row, kind) for kind in kinds)) for row in rows),
        total=len(rows), source="documents", as_of=plan.document.published,
        contracts=tuple(row.locator for row in rows),
    )  # fmt: skip


def _cell(row: Row, kind: str) -> str:
    return ", ".join(row.owners) if kind == "owner" else row.cell(kind)
