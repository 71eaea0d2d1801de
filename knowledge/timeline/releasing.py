"""What becomes public, as it is compared with what people want to hear of."""

from __future__ import annotations

from datetime import datetime

from knowledge.subscriptions.matching import News
from knowledge.subscriptions.subject import Subject, subject_of
from knowledge.timeline.entry import Entry
from knowledge.timeline.nouns import Terms
from knowledge.timeline.writing import Released
from knowledge.workdays import day_of


def news_of(released: Released, now: datetime) -> News | None:
    """A version of the council's own that everybody can read from now on; None where there is none: it is another
    buyer's, has turned out to be another intention, or has been taken back."""
    entry = released.entry
    if not entry.own or entry.joined_to or (entry.shown_version or 0) <= (entry.before or 0):
        return None
    return News(entry.id, entry.shown_version or 0, entry.before, _said_at(entry, now), _subject(released, now))


def _subject(released: Released, now: datetime) -> Subject:
    services = {row["kind"]: row["share"] for row in released.kinds}
    terms = Terms.model_validate(released.entry.shown or {})
    row = released.row
    return subject_of(row["reference"], terms, services, row["districts"], row["words"], day_of(now))


def _said_at(entry: Entry, now: datetime) -> datetime:
    """When the newest of what becomes public was said; what only waited is said now."""
    said = [one.said_at for one in entry.versions if one.released_at]
    return now if entry.let_out or not said else said[-1]
