"""What has changed: of the one intention that is asked about, or of all of them."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.engine import Connection

from knowledge.timeline.asking.changes import meant, within
from knowledge.timeline.asking.finding import Findings
from knowledge.timeline.asking.nouns import TimelineQuestion
from knowledge.timeline.history import newest_changes, versions_of
from knowledge.timeline.nouns import Kind, Version
from knowledge.timeline.selecting import Shown, held_own

_CHANGES = 500
"""Versions that are looked through for a question about all changes."""
_BEST = 10


class Told(NamedTuple):
    """A version, and what it is one of."""

    reference: str
    title: str
    version: Version


def told(connection: Connection, question: TimelineQuestion, found: Findings) -> tuple[Shown | None, list[Told]]:
    """The one intention whose history answers; or none, and the versions that do, the newest first."""
    if question.about.named:
        return _of_some(connection, question, found)
    everyone = not held_own(connection)
    span, asked = question.limits.span, question.changes
    kinds = tuple(Kind) if "added" in asked else tuple(kind for kind in Kind if kind is not Kind.ADDED)
    changes = newest_changes(connection, _CHANGES, everyone=everyone, kinds=kinds)
    rows = [Told(one.reference, one.title, one.version) for one in changes]
    return None, [one for one in rows if within([one.version], span) and meant(one.version, asked)]


def _of_some(connection: Connection, question: TimelineQuestion, found: Findings) -> tuple[Shown | None, list[Told]]:
    """Of those the words may mean, the one that has such a change; where none has, the best."""
    best, rows = None, list[Told]()
    for one in found.shown[:_BEST]:
        versions = within(versions_of(connection, one.id, released=True), question.limits.span)
        fitting = [each for each in versions if meant(each, question.changes)]
        best = best or (one if fitting else None)
        rows += [Told(one.reference, one.terms.title, each) for each in fitting]
    if question.definite or found.total == 1 or len({row.reference for row in rows}) == 1:
        return best or found.shown[0], rows
    return None, sorted(rows, key=lambda row: row.version.released_at or row.version.at, reverse=True)
