"""What is said of rows of a paper's table, in sentences, as of the paper's day."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.messages import Outcome, Reply
from knowledge.dates import in_words
from knowledge.documents.rows import Plan, Row
from knowledge.documents.rows_asked import Wanted
from knowledge.text import stems

MOST_NAMED = 30
"""Rows that a sentence names."""
_SAYS = {
    "done": "done", "going": "under way", "late": "late", "stopped": "stopped", "partly": "partly done",
    "not done": "not done", "none": "without a status",
}  # fmt: skip


def words_of(ask: Wanted, rows: Sequence[Row], plan: Plan) -> str:
    """How many of a table's rows fit, how they stand, and which they are."""
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


def elsewhere_words(ask: Wanted, rows: Sequence[Row], plan: Plan) -> str:
    """No row is timed so: which timescales there are, and which rows speak of it otherwise."""
    times = list(dict.fromkeys(row.cell("when") for row in plan.rows if row.cell("when")))
    given = ", ".join(f"“{one}”" for one in times[:8])
    return (
        f"No {plan.noun} in “{plan.document.title}” is timed {_time(ask)}: its timescales are {given}. "
        f"{_names(rows)} {'speaks' if len(rows) == 1 else 'speak'} of it elsewhere."
    )


def none_words(ask: Wanted, plan: Plan) -> Reply | None:
    """Nothing fits: the table is said to hold none, and what it holds."""
    if ask.topic or not (ask.states or ask.time):
        return None
    how = " or ".join(_SAYS.get(state, state) for state in ask.states) or f"timed {_time(ask)}"
    text = f"The documents do not say: “{plan.document.title}” gives no {plan.noun} as {how}{_as_of(plan)}."
    return Reply(outcome=Outcome.NOT_IN_DOCUMENTS, text=text, notes=(f"What there is: {_standings(plan)}.",))


def without_status(ask: Wanted, rows: Sequence[Row], plan: Plan) -> tuple[str, ...]:
    """Rows of which the table does not say how they stand are not passed over."""
    silent = [row for row in plan.rows if not row.cell("status")]
    if not ask.states or not silent or set(ask.states) & {"none", "any"} or ask.who or ask.topic:
        return ()
    return (f"For {_names(silent)} the table gives no status.",)


def _standings(plan: Plan) -> str:
    """How many rows there are of each status."""
    valued = plan.valued
    parts = [f"{count} at “{value}”" for value, count in valued.items() if value]
    return ", ".join([*parts, *([f"{valued['']} without a status"] if "" in valued else [])])


def _names(rows: Sequence[Row]) -> str:
    return ", ".join(row.locator for row in rows[:MOST_NAMED])


def _number(count: int, plan: Plan) -> str:
    return f"{count} {plan.noun}{'' if count == 1 else 's'}"


def _as_of(plan: Plan) -> str:
    published = in_words(plan.document.published)
    return f" as of {published}" if published else ""
