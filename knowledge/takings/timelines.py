"""A timeline's file taken in, and what was there before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from knowledge.takings.nouns import Bad, Effect, Kind, Line, in_words
from knowledge.takings.record import unread_of, write_down
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.differing import LABELS
from knowledge.timeline.importing import LIST, Report, take_in
from knowledge.timeline.ledger import Ledger
from knowledge.timeline.nouns import Kind as Did
from knowledge.timeline.nouns import Read, Version
from knowledge.timeline.showing import own_record

BETWEEN = "\t"
"""What stands between the source and the number of a notice in JSON."""


def take_timeline(
    connection: Connection, read: Read, now: datetime, buyers: Buyers, *, source: str, own_only: bool = False,
    announce: bool = True, by: str = "",
) -> tuple[Report, Ledger]:  # fmt: skip
    """Takes a timeline's file in as `take_in` does, and writes down what was there before. `announce`: whoever wants to
    hear of it is owed it."""
    ledger, unread = Ledger(), unread_of(connection, LIST, source)
    report = take_in(connection, read, now, buyers, source=source, own_only=own_only, announce=announce, ledger=ledger)
    if report.added or report.changed or report.unchanged:
        before = {**before_of_ledger(ledger), "unread": unread, "announced": announce}
        write_down(connection, Kind.TIMELINE, source, now, counts=_counts(report), by=by, before=before)
    return report, ledger


def effect_of_timeline(report: Report, ledger: Ledger, notes: tuple[str, ...]) -> Effect:
    """What it does, in words."""
    quiet = ("This is the first file, so nobody is told of it.",) if report.quiet and report.added else ()
    held = tuple(f"{one} waits for its notice on Find a Tender, and is not public until then." for one in report.held)
    return Effect(
        rows=report.added + report.changed + report.unchanged, counts=_counts(report),
        lines=tuple(line for reference, title, one in ledger.versions for line in version_lines(reference, title, one)),
        problems=tuple(Bad(line=one.record, about=one.reference, reason=one.reason) for one in report.problems),
        notes=(*notes, *quiet, *held), told=() if report.quiet else tuple(sorted(report.told.people)),
    )  # fmt: skip


def version_lines(reference: str, title: str, one: Version) -> list[Line]:
    """What a version of an intention changes, in words."""
    if one.kind is Did.ADDED:
        return [Line(about=reference, what="new intention", after=in_words(title))]
    return [
        Line(
            about=reference, what=LABELS.get(change.field, change.field), before=in_words(change.before),
            after=in_words(change.after),
        )
        for change in one.changes
    ]  # fmt: skip


def before_of_ledger(ledger: Ledger) -> dict[str, Any]:
    """What was there before, as JSON writes it."""
    entries = {
        str(id): {
            "reference": one.reference, "before": one.version, "after": one.after, "own": own_record(one.own_terms),
        }
        for id, one in ledger.touched.items()
    }  # fmt: skip
    notices = {BETWEEN.join(place): said for place, said in ledger.notices.items()}
    return {"entries": entries, "notices": notices, "joined": sorted(ledger.joined)}


def _counts(report: Report) -> dict[str, int]:
    return {
        "added": report.added, "changed": report.changed, "unchanged": report.unchanged, "others": report.others,
        "not taken": len(report.problems),
    }  # fmt: skip
