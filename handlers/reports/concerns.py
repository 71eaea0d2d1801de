"""The sections of a report that are of concerns and of providers' answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from handlers.concerns.saying import ENDINGS
from handlers.reports.nouns import Cell, Section, Table
from handlers.reports.words import chart, columns, counted, counted_days, days, number, part, share_of, text
from knowledge.concerns.nouns import Ending
from knowledge.reports.nouns import Figures, Fixed, InTime, Tables

SOURCE = "Source: the desk’s record of concerns, as it stood on the day of this report."
_DUE = (
    "Counted here are concerns whose answer has been given, or was due by the day of this report. Those not due yet, "
    "waiting for the Member, or withdrawn before that are not."
)
_COLUMNS = columns(
    ("name", ""), ("concerns", "Concerns"), ("acknowledged_in_time", "Acknowledged in time"),
    ("answered_in_time", "Answered in time"), ("median_working_days", "Working days to answer (median)"),
    ("reopened", "Reopened"),
)  # fmt: skip
_ENDED = {
    "open": "Open",
    "answered": "Answered, not closed",
    **{one.value: ENDINGS[one].capitalize() for one in Ending},
}
_FIXED = {
    Fixed.YES: "Yes, put right", Fixed.NO: "No, not put right", Fixed.SILENT: "Asked, no answer yet",
    Fixed.NOT_ASKED: "Not asked",
}  # fmt: skip
Naming = Callable[[str], str]
"""What a row's key is called."""


def sections(found: Tables, contract: Naming, service: Naming) -> Iterator[Section]:
    """What is told of some concerns. `contract`, `service`: what keys of them are called."""
    yield _raised(found)
    yield _in_time(found.whole)
    yield from _by("contract", "contract", found.contracts, contract)
    yield from _by("service", "kind of service", found.services, service)
    yield from _by("area", "district", found.districts, lambda key: key or "District not said")
    yield _fixed(found)
    yield _providers(found)


def _raised(found: Tables) -> Section:
    rows = tuple((name, number(found.ended[key])) for key, name in _ENDED.items() if key in found.ended)
    table = Table(
        name="outcomes", caption="How the concerns stand, or ended", columns=columns(("outcome", "Outcome"),
        ("concerns", "Concerns")), rows=tuple((text(name), cell) for name, cell in rows),
        chart=chart("outcomes", "How the concerns stand, or ended", rows, "outcome"),
    )  # fmt: skip
    says = (
        "A concern is what a Member raised for a resident about a service that the council buys or provides. "
        f"In this period {_raised_words(found)}.",
        "“Put right” and “explained” are what whoever closed it chose; “not upheld” is a concern found to be without "
        "ground. Whether the Member agreed is told further down.",
    )
    return Section(name="concerns", title="Concerns and how they ended", says=says, tables=(table,), source=SOURCE)


def _raised_words(found: Tables) -> str:
    due = " whose answer has been given, or was due by the day of this report" if found.only_due else ""
    if found.raised is None:
        return f"so few were raised{due} that their number is not shown"
    return f"{counted(found.raised, 'was', 'were')} raised{due}" if found.raised else f"none was raised{due}"


def _in_time(whole: Figures) -> Section:
    rows = (("Acknowledged", whole.acknowledged), ("Answered", whole.answered))
    table = Table(
        name="in_time", caption="Acknowledged and answered in time",
        columns=columns(("step", "Step"), ("in_time", "In time"), ("late", "Late"), ("share", "Share in time")),
        rows=tuple((text(name), number(one.in_time), number(one.late), part(one)) for name, one in rows),
        chart=chart("in_time", "Share in time", ((name, part(one)) for name, one in rows), "step"),
    )  # fmt: skip
    says = (
        f"{_DUE} A concern is late where the day the council set for its kind of service passed, in any round: one "
        "opened again has a second one.",
        f"{_middle(whole.median_days)} For a concern opened again, the answer counts that came last.",
    )
    return Section(name="in_time", title="Acknowledged and answered in time", says=says, tables=(table,), source=SOURCE)


def _middle(value: float | None) -> str:
    if value is None:
        return "Fewer than five were answered: how many working days half of the answers took is not shown."
    return f"Half of the answers came within {counted_days(value)} of the day the concern was raised (the median)."


def _by(name: str, one: str, rows: Mapping[str, Figures], naming: Naming) -> Iterator[Section]:
    """Concerns row by row, where there is more than one row."""
    if not rows:
        return
    shown = [(naming(key), figures) for key, figures in rows.items() if figures.concerns is not None]
    others = len(rows) - len(shown)
    lines = [_line(called, figures) for called, figures in shown]
    if others:
        lines.append((text(f"{counted(others, 'other', 'others')}"), *[number(None)] * (len(_COLUMNS) - 1)))
    heading = _COLUMNS[0].model_copy(update={"heading": one.capitalize()})
    bars = [(called, number(figures.concerns)) for called, figures in shown]
    table = Table(
        name=f"by_{name}", caption=f"Concerns by {one}", columns=(heading, *_COLUMNS[1:]), rows=tuple(lines),
        chart=chart(f"by_{name}", f"Concerns by {one}", bars, one),
    )  # fmt: skip
    says = [_DUE]
    if name == "area":
        says.append("The district is that of the place a concern names, else that of the Member’s division.")
    if not shown:
        says.append("None of these figures is shown: each is under five, or would tell one that is.")
    tables = (table,) if shown else ()
    yield Section(name=f"by_{name}", title=f"Concerns by {one}", says=tuple(says), tables=tables, source=SOURCE)


def _line(name: str, found: Figures) -> tuple[Cell, ...]:
    return (
        text(name), number(found.concerns), part(found.acknowledged), part(found.answered), days(found.median_days),
        number(found.reopened),
    )  # fmt: skip


def _fixed(found: Tables) -> Section:
    rows = tuple((name, number(found.fixed[key])) for key, name in _FIXED.items() if key in found.fixed)
    table = Table(
        name="fixed", caption="What Members said when asked whether it was put right",
        columns=columns(("answer", "Answer"), ("concerns", "Concerns")),
        rows=tuple((text(name), cell) for name, cell in rows),
        chart=chart("fixed", "Was it put right?", [row for row in rows if row[0] != _FIXED[Fixed.NOT_ASKED]], "answer"),
    )  # fmt: skip
    yes, no = found.fixed.get(Fixed.YES, 0), found.fixed.get(Fixed.NO, 0)
    told = part(InTime(yes, no))
    says = (
        "Four weeks after an answer the desk asks the Member whether it was put right; a Member may also say so "
        f"unasked. Put right, of those who said: {told.said}.",
        f"Opened again because it was not, of those whose answer was given or due: "
        f"{share_of(found.whole.reopened, found.whole.concerns).said}.",
    )
    return Section(name="fixed", title="Was it put right?", says=says, tables=(table,), source=SOURCE)


def _line_of_all(total: InTime) -> tuple[Cell, ...]:
    return text("All providers"), number(total.in_time), number(total.late), part(total)


def _providers(found: Tables) -> Section:
    rows = [(name or "Provider not in the register", one) for name, one in found.providers.items()]
    shown = [(name, one) for name, one in rows if one.due is not None]
    lines = [(text(name), number(one.in_time), number(one.late), part(one)) for name, one in shown]
    if others := len(rows) - len(shown):
        lines.append((text(counted(others, "other", "others")), *[number(None)] * 3))  # type: ignore[arg-type]
    total = found.all_providers
    table = Table(
        name="providers", caption="Providers’ answers to what they were asked about concerns",
        columns=columns(("provider", "Provider"), ("in_time", "In time"), ("late", "Late"), ("share", "Share in time")),
        rows=(*lines, *([_line_of_all(total)] if len(rows) > 1 else [])),
        chart=chart("providers", "Answered in time", [(name, part(one)) for name, one in shown], "provider"),
    )  # fmt: skip
    says = (
        "A provider that is asked about a concern has a day by which to answer. Late is what came after that day, was "
        "chased, or is still owed. What is not due yet is not counted.",
    )
    if total.due == 0:
        return Section(name="providers", title="Providers’ answers", says=("No answer was due.",), source=SOURCE)
    return Section(name="providers", title="Providers’ answers", says=says, tables=(table,), source=SOURCE)
