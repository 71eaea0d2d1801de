"""Figures in words: a number, a share, days; and what stands where one is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from handlers.reports.nouns import NOT_SHOWN, Bar, Cell, Chart, Column
from knowledge.dates import in_words
from knowledge.reports.nouns import InTime, Period

MOST_BARS = 12
"""Bars of a chart that people still read."""


def text(said: str) -> Cell:
    """A cell of words."""
    return Cell(said=said, value=said)


def on(day: date | None, otherwise: str = "") -> Cell:
    """A day."""
    return Cell(said=day_words(day), value=day.isoformat()) if day else Cell(said=otherwise)


def day_words(day: date) -> str:
    """A day for people: 23 November 2026."""
    return in_words(day.isoformat())


def period_words(period: Period) -> str:
    """A period for people."""
    return f"{day_words(period.first)} to {day_words(period.last)}"


def number(value: int | None) -> Cell:
    """A count; "not shown" for None."""
    if value is None:
        return Cell(said=NOT_SHOWN, hidden=True, number=True)
    return Cell(said=f"{value:,}", value=value, number=True)


def part(found: InTime) -> Cell:
    """A share that was in time, with the counts it is of."""
    if found.due is None:
        return Cell(said=NOT_SHOWN, hidden=True, number=True)
    if found.share is None:
        return Cell(said="none due", number=True)
    said = f"{percent(found.share)} ({found.in_time:,} of {found.due:,})"
    return Cell(said=said, value=round(found.share, 4), number=True)


def share_of(some: int | None, all: int | None) -> Cell:
    """A part of a whole."""
    return part(InTime(some, None if some is None or all is None else all - some))


def percent(share: float) -> str:
    """A share for people: not 100% where one is missing, nor 0% where there is one."""
    whole = round(100 * share)
    if whole == 100 and share < 1:
        return "over 99%"
    return "under 1%" if whole == 0 and share > 0 else f"{whole}%"


def days(value: float | None) -> Cell:
    """Working days."""
    if value is None:
        return Cell(said="–", number=True)
    return Cell(said=f"{value:g}", value=value, number=True)


def counted_days(value: float) -> str:
    """So many working days."""
    return f"{value:g} working {'day' if value == 1 else 'days'}"


def counted(count: int, one: str, many: str) -> str:
    """A count with its noun."""
    return f"{count:,} {one if count == 1 else many}" if count else f"no {many}"


def sentence(said: str) -> str:
    """The same with a capital first."""
    return said[:1].upper() + said[1:]


def columns(*headings: tuple[str, str]) -> tuple[Column, ...]:
    """The columns of a table: names for files, headings for people. The first has the rows' names."""
    return tuple(
        Column(name=name, heading=heading, number=bool(place)) for place, (name, heading) in enumerate(headings)
    )


def wordy(headings: tuple[Column, ...]) -> tuple[Column, ...]:
    """The same columns, of words rather than figures."""
    return tuple(one.model_copy(update={"number": False}) for one in headings)


def chart(name: str, title: str, rows: Iterable[tuple[str, Cell]], what: str) -> Chart | None:
    """A chart of figures by label, the longest bar the largest; None for fewer than two to compare. `what`: of what
    they are."""
    every = list(rows)
    found = every[:MOST_BARS]
    title += f" (the first {MOST_BARS} of {len(every)} in the table)" if len(every) > MOST_BARS else ""
    shown = [cell.value for _, cell in found if isinstance(cell.value, int | float)]
    most = max(shown, default=0)
    if len(shown) < 2 or not most:
        return None
    most = 1.0 if most <= 1 and any(isinstance(value, float) for value in shown) else most  # shares, of the whole
    bars = tuple(Bar(label=label, said=cell.said.split(" (")[0], length=_length(cell, most)) for label, cell in found)
    return Chart(name=name, title=title, describes=_describes(bars, what), bars=bars)


def _length(cell: Cell, most: float) -> float | None:
    return cell.value / most if isinstance(cell.value, int | float) else None


def _describes(bars: Sequence[Bar], what: str) -> str:
    said = "; ".join(f"{bar.label}: {bar.said}" for bar in bars)
    return f"A bar for each {what}. {said}."
