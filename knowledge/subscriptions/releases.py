"""What became public at one moment: an intention's terms before and after, what changed, and why. Read from its
versions, so that it is the same however late somebody reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.timeline.differing import as_record, differences, undone
from knowledge.timeline.history import versions_of
from knowledge.timeline.nouns import Change, Terms, Version


class Release(NamedTuple):
    """An intention as it became public. `before`: what everybody could read until then, None for nothing; `changes`:
    those between the two, and what else its versions tell; `reasons`: each once, the oldest first; `at`: when."""

    intention: int
    reference: str
    version: int
    before: Terms | None
    terms: Terms
    changes: tuple[Change, ...]
    reasons: tuple[str, ...]
    at: datetime


class Newer(NamedTuple):
    """An intention as it stands by now. `reference`: what it goes by."""

    reference: str
    terms: Terms


def release(connection: Connection, intention: int, version: int, before: int | None) -> Release | None:
    """What a version made public, with those that waited for it. `before`: the version that was public until then.
    None where nobody may read it any more."""
    table = tables.intention
    row = connection.execute(sa.select(table).where(table.c.id == intention)).first()
    versions = versions_of(connection, intention) if row else []
    told = [one for one in versions if (before or 0) < one.number <= version and one.released_at]
    if row is None or not told or told[0].number != version:
        return None
    after = _as_of(row.about, versions, version)
    was = _as_of(row.about, versions, before) if before else None
    return Release(
        intention, row.reference, version, None if was is None else Terms.model_validate(was),
        Terms.model_validate(after), _changes(was, after, told), _reasons(told, first=was is None),
        told[0].released_at or told[0].at,
    )  # fmt: skip


def newer(connection: Connection, told: Release) -> Newer | None:
    """An intention as everybody can read it by now, where a later version than this is public, or it has turned out to
    be the same as another; None where neither is."""
    table = tables.intention
    row = connection.execute(sa.select(table).where(table.c.id == told.intention)).one()
    if row.joined_to:
        row = connection.execute(sa.select(table).where(table.c.id == row.joined_to)).one()
    later = row.id != told.intention or (row.shown_version or 0) > told.version
    return Newer(row.reference, Terms.model_validate(row.shown)) if later and row.shown is not None else None


def _as_of(newest: dict[str, Any], versions: Iterable[Version], number: int) -> dict[str, Any]:
    """Terms as a version had them: each later change undone. `versions`: the newest first."""
    said = newest
    for later in versions:
        said = undone(said, later.changes) if later.number > number else said
    return as_record(Terms.model_validate(said))


def _changes(was: dict[str, Any] | None, after: dict[str, Any], told: Sequence[Version]) -> tuple[Change, ...]:
    if was is None:
        return ()
    beside = [one for version in reversed(told) for one in version.changes if one.field not in Terms.model_fields]
    return (*differences(was, after), *beside)


def _reasons(told: Sequence[Version], *, first: bool) -> tuple[str, ...]:
    """Why it was changed; of what was not public before, why it was changed after it was."""
    began = told[-1].released_at
    counted = [one for one in reversed(told) if not first or one.released_at != began]
    return tuple(dict.fromkeys(one.reason.strip() for one in counted if one.reason.strip()))
