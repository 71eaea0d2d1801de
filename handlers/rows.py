"""TABLE: which recommendations are delivered, whose they are, what is due when. From the rows of a paper's table, as of
the paper's day, with the cells that were asked for word for word."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.citing import cite
from handlers.desk import Desk
from handlers.messages import Citation, Message, Outcome, Reply, Table
from handlers.sought import sought
from handlers.understanding import Asked
from knowledge.dates import in_words
from knowledge.documents.ranking import Found
from knowledge.documents.references import Reference, in_locator
from knowledge.documents.rows import Plan, Row, plans
from knowledge.documents.rows_asked import Wanted, chosen, elsewhere, wanted
from knowledge.documents.rows_asked import plainly as named
from knowledge.documents.search import Index
from knowledge.models import Access
from knowledge.text import stems

_NAMED = 30
"""Rows that a sentence names."""
_FEW = 6
"""Rows of which what was done is shown, beside how they stand."""
_SAYS = {
    "done": "done", "going": "under way", "late": "late", "stopped": "stopped", "partly": "partly done",
    "not done": "not done", "none": "without a status",
}  # fmt: skip


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
        nothing = nothing or _none(ask, plan)
    return nothing


def each(asked: Asked, found: Sequence[Found], index: Index) -> list[Found]:
    """The rows that a question names where it names several, in the paper's order; [] otherwise."""
    if len(asked.references) < 2 or any(place not in _places(found, index) for place in asked.references):
        return []
    return sorted(found[:_NAMED], key=lambda one: one.number)


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
    text = _elsewhere_said(ask, rows, plan) if aside else _said(ask, rows, plan)
    return Reply(
        outcome=Outcome.ANSWERED, text=text, citations=tuple(citations), notes=_notes(ask, rows, plan),
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


def _said(ask: Wanted, rows: Sequence[Row], plan: Plan) -> str:
    what = [part for part in (_standing(ask, rows), _owned(ask, rows), _due(ask, rows)) if part]
    title = f"“{plan.document.title}”"
    if not what:
        return f"{title} has {_number(len(plan.rows), plan)}{_as_of(plan)}: {_standings(plan)}."
    of = f"{len(rows)} of the {_number(len(plan.rows), plan)} in {title}"
    return f"{of} {' and '.join(what)}{_as_of(plan)}: {_names(rows)}."


def _standing(ask: Wanted, rows: Sequence[Row]) -> str:
    if not ask.states or "any" in ask.states:
        return ""
    values = list(dict.fromkeys(row.cell("status") for row in rows if row.cell("status")))
    if not values:
        return f"{_were(rows)} given no status"
    return "stood at " + " or ".join(f"“{value}”" for value in values)


def _due(ask: Wanted, rows: Sequence[Row]) -> str:
    return f"{_were(rows)} timed {_time(ask)}" if ask.time else ""


def _time(ask: Wanted) -> str:
    return ask.time[:1].upper() + ask.time[1:]


def _were(rows: Sequence[Row]) -> str:
    return "was" if len(rows) == 1 else "were"


def _owned(ask: Wanted, rows: Sequence[Row]) -> str:
    if not ask.who:
        return ""
    owners = {owner for row in rows for owner in row.owners if _is(owner, ask)}
    return f"{_were(rows)} owned, alone or with others, by " + " or ".join(f"“{owner}”" for owner in sorted(owners))


def _is(owner: str, ask: Wanted) -> bool:
    return ask.who <= set(stems(owner))


def _elsewhere_said(ask: Wanted, rows: Sequence[Row], plan: Plan) -> str:
    times = list(dict.fromkeys(row.cell("when") for row in plan.rows if row.cell("when")))
    given = ", ".join(f"“{one}”" for one in times[:8])
    return (
        f"No {plan.noun} in “{plan.document.title}” is timed {_time(ask)}: its timescales are {given}. "
        f"{_names(rows)} {'speaks' if len(rows) == 1 else 'speak'} of it elsewhere."
    )


def _none(ask: Wanted, plan: Plan) -> Reply | None:
    """Nothing fits: the table is said to hold none, and what it holds."""
    if ask.topic or not (ask.states or ask.time):
        return None
    how = " or ".join(_SAYS.get(state, state) for state in ask.states) or f"timed {_time(ask)}"
    text = f"The documents do not say: “{plan.document.title}” gives no {plan.noun} as {how}{_as_of(plan)}."
    return Reply(outcome=Outcome.NOT_IN_DOCUMENTS, text=text, notes=(f"What there is: {_standings(plan)}.",))


def _notes(ask: Wanted, rows: Sequence[Row], plan: Plan) -> tuple[str, ...]:
    """Rows of which the table does not say how they stand are not passed over."""
    silent = [row for row in plan.rows if not row.cell("status")]
    if not ask.states or not silent or set(ask.states) & {"none", "any"} or ask.who or ask.topic:
        return ()
    return (f"For {_names(silent)} the table gives no status.",)


def _standings(plan: Plan) -> str:
    """How many rows there are of each status."""
    valued = plan.valued()
    parts = [f"{count} at “{value}”" for value, count in valued.items() if value]
    return ", ".join([*parts, *([f"{valued['']} without a status"] if "" in valued else [])])


def _names(rows: Sequence[Row]) -> str:
    return ", ".join(row.locator for row in rows[:_NAMED])


def _number(count: int, plan: Plan) -> str:
    return f"{count} {plan.noun}{'' if count == 1 else 's'}"


def _as_of(plan: Plan) -> str:
    published = in_words(plan.document.published)
    return f" as of {published}" if published else ""
