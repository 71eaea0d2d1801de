"""The section of a report that is of the council's intentions."""

from __future__ import annotations

from handlers.intentions.changes import change_words
from handlers.reports.nouns import Cell, Section, Table
from handlers.reports.words import chart, columns, counted, number, on, text, wordy
from knowledge.reports.intentions import Intentions, Told
from knowledge.timeline.nouns import Kind
from knowledge.workdays import day_of

_KINDS = {
    Kind.ADDED: "Published for the first time", Kind.CHANGED: "Changed", Kind.WITHDRAWN: "Withdrawn",
    Kind.RESTORED: "Taken up again",
}  # fmt: skip
_PERSONAL = frozenset({"contact", "contact_email", "posted_by"})
"""Fields of an intention that name somebody."""


def changed(found: Intentions) -> Section:
    """Intentions changed or withdrawn, and why."""
    counts = [(name, number(found.counts.get(kind, 0))) for kind, name in _KINDS.items()]
    summary = Table(
        name="intentions", caption="What was published of the council’s commissioning intentions",
        columns=columns(("what", "What"), ("versions", "Times")),
        rows=tuple((text(name), cell) for name, cell in counts),
        chart=chart("intentions", "What was published", counts, "kind of news"),
    )  # fmt: skip
    headings = wordy(columns(("day", "Day"), ("intention", "Intention"), ("what", "What changed"), ("why", "Why")))
    rows = tuple(_told(one) for one in found.told)
    table = Table(name="intentions_changed", caption="What changed, and why", columns=headings, rows=rows)
    total = sum(count for kind, count in found.counts.items() if kind is not Kind.ADDED)
    says = [
        "An intention is a planned commissioning exercise. Each change is published with its reason; this is what "
        "everybody can read on the timeline.",
    ]
    if found.without_reason:
        says.append(f"{counted(found.without_reason, 'change gives', 'changes give')} no reason.")
    if total > len(rows):
        says.append(f"The newest {len(rows)} of {total:,} are listed.")
    tables = (summary, table) if rows else (summary,)
    return Section(name="intentions", title="Intentions changed, and why", says=tuple(says), tables=tables,
                   source="Source: the council’s published timeline of commissioning intentions.")  # fmt: skip


def _told(one: Told) -> tuple[Cell, ...]:
    version = one.version
    changes = [change_words(change) for change in version.changes if change.field not in _PERSONAL]
    what = "; ".join(changes) or _KINDS[version.kind]
    released = version.released_at or version.at
    return on(day_of(released)), text(f"{one.title} ({one.reference})"), text(what), text(version.reason or "not said")
