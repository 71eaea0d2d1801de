"""What `desk timeline` says."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.table import Table

from bot.terminal import clean, console, plain
from handlers.checking.findings import counted
from knowledge.register.reading.file import Problem as UnreadRow
from knowledge.timeline.differing import LABELS, TIMES, as_record
from knowledge.timeline.history import Whole
from knowledge.timeline.importing import Report
from knowledge.timeline.nouns import Change, Statement, Version

_SHOWN = 50


def as_json(report: Report) -> dict[str, Any]:
    """What an import did, for programs: each record counts once."""
    return {
        "records": report.records, "added": report.added, "changed": report.changed, "unchanged": report.unchanged,
        "others": report.others,
        "problems": [
            {"record": one.record, "reference": one.reference, "reason": one.reason} for one in report.problems
        ],
        "held": list(dict.fromkeys(report.held)),
        **_told_as_json(report),
    }  # fmt: skip


def _told_as_json(report: Report) -> dict[str, Any]:
    """`would_notify`: false for a first import without --announce; a dry run counts then who would have been told."""
    told = report.told
    return {
        "matches": told.matches, "notifications": told.notifications, "people": len(told.people),
        "would_notify": not report.quiet,
    }  # fmt: skip


def show_report(report: Report, notes: tuple[str, ...], name: str, *, dry_run: bool) -> None:
    """What an import did, for people."""
    for note in notes:
        console.print(clean(note), style="yellow", markup=False)
    for one in report.problems[:_SHOWN]:
        where = f"{clean(name)}, record {one.record}"
        said = f" ({clean(one.reference)})" if one.reference else ""
        console.print(f"{where}{said}: {clean(one.reason)}", style="red", markup=False)
    if len(report.problems) > _SHOWN:
        console.print(f"and {len(report.problems) - _SHOWN:,} records more: desk timeline problems")
    for reference in dict.fromkeys(report.held):
        console.print(f"{clean(reference)} waits: desk timeline show {clean(reference)}", style="yellow", markup=False)
    others = f"; {report.others:,} of other buyers left out" if report.others else ""
    done, taken = "Would take" if dry_run else "Took", report.records - len(report.problems)
    console.print(
        f"{done} {taken:,} of {report.records:,} records: "
        f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged; "
        f"{len(report.problems):,} named as problems{others}."
    )
    if heard := who_hears(report, dry_run=dry_run):
        console.print(heard)


def who_hears(report: Report, *, dry_run: bool) -> str:
    """Who is told of what an import brought; "" where nobody is, as on any day."""
    told = report.told
    people = f"{counted(len(told.people), 'person', 'people')} ({counted(told.matches, 'match', 'matches')})"
    if report.quiet and (report.added or report.changed):
        asked = f"--announce {'would tell' if dry_run else 'tells'} {people if dry_run else 'those who subscribed'}"
        return f"A first import: nobody {'would be' if dry_run else 'was'} told; {asked}."
    if not told.matches:
        return "Nobody would hear of it." if dry_run else ""
    return f"{'Would tell' if dry_run else 'Told'} {people} who asked to hear of it."


def problem_as_json(one: UnreadRow) -> dict[str, Any]:
    """A record that could not be taken."""
    return {"record": one.line, "reference": one.reference, "reason": one.reason, "cells": one.cells}


def one_as_json(found: Whole, *, history: bool = False) -> dict[str, Any]:
    """An intention for programs. Times are as given, with their first and last day; sums are pounds."""
    intention, terms = found.intention, as_record(found.intention.terms)
    told = {
        "reference": intention.reference, "buyer": intention.buyer, "own": intention.own, "version": intention.version,
        "public": intention.published is not None, "held": intention.held,
        "next": _next(found, date.today()),  # noqa: DTZ011 - the day where the desk stands
        **{name: terms.get(name) for name in type(intention.terms).model_fields},
        "notices": [_notice(one) for one in found.notices],
        "tender_notice": {"needed": found.necessity.needed, "there": found.necessity.there, "why": found.necessity.why},
    }  # fmt: skip
    return {**told, "history": [_version(one) for one in found.versions]} if history else told


def card(found: Whole) -> None:
    """An intention for people."""
    intention, terms = found.intention, as_record(found.intention.terms)
    head = f"{intention.reference}  {intention.terms.title}"
    console.print(clean(head), style="bold", markup=False)
    if intention.held:
        console.print(clean(intention.held), style="yellow", markup=False)
    drawn = Table(show_header=False, box=None, pad_edge=False)
    for name, value in terms.items():
        if name not in ("title", "gross"):
            drawn.add_row(plain(LABELS[name]), plain(told(name, value)))
    drawn.add_row(
        "tender notice", plain(f"{'needed' if found.necessity.needed else 'not needed'}: {found.necessity.why}")
    )
    console.print(drawn)
    for one in found.notices:
        console.print(clean(f"  {one.at:%d/%m/%Y}  {one.kind}  {one.id}  {one.url}"), style="dim", markup=False)
    for version in found.versions:
        _show_version(version)


def told(name: str, value: Any) -> str:
    """A field as people read it: from the form of the record."""
    if value is None:
        return "not said"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in ("low", "high"):
        return f"£{float(value):,.0f}"
    if isinstance(value, dict):
        return str(value.get("said", value))
    if isinstance(value, list | tuple):
        return "; ".join(str(one["title"]) if isinstance(one, dict) else str(one) for one in value)
    return str(value)


def _show_version(one: Version) -> None:
    waits = "" if one.released_at else " (not public yet)"
    console.print(f"version {one.number}, {one.at:%d/%m/%Y}: {one.kind.value}{waits}", style="dim")
    for change in one.changes:
        console.print(f"    {clean(_change(change))}", markup=False)
    if one.reason:
        console.print(f"    why: {clean(one.reason)}", markup=False)


def _change(one: Change) -> str:
    label = LABELS.get(one.field, one.field)
    if one.field == "notices":
        return f"notice: {one.after}"
    return f"{label}: {told(one.field, one.before)} -> {told(one.field, one.after)}"


def _next(found: Whole, day: date) -> str:
    """What happens next, as "tender 2027-03"."""
    said = found.intention.terms.said()
    coming = [(said[what].last, what, said[what].said) for what in TIMES if what in said and said[what].last >= day]
    return " ".join(min(coming)[1:]) if coming else ""


def _notice(one: Statement) -> dict[str, Any]:
    return {
        "source": one.source.value, "id": one.id, "kind": one.kind, "published": one.at.isoformat(), "url": one.url,
        "buyer": one.buyer,
    }  # fmt: skip


def _version(one: Version) -> dict[str, Any]:
    return {
        "version": one.number, "kind": one.kind.value, "at": one.at.isoformat(), "said_at": one.said_at.isoformat(),
        "public": one.released_at is not None,
        "changes": [change.model_dump(mode="json") for change in one.changes], "reason": one.reason,
    }  # fmt: skip
