"""Intentions by the thousand, written straight into the record: for looking how fast lists are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import sqlalchemy as sa

from knowledge.services import catalogue
from knowledge.store import Store
from knowledge.tables import intention, intention_kind, intention_time

_AT = datetime(2026, 11, 1, tzinfo=UTC)


def fill(store: Store, count: int, seed: int = 6) -> None:
    """So many public tenders of the council's, spread over five years and over the catalogue's services."""
    dice, kinds = Random(seed), [one.key for one in catalogue().services]
    days = {number: date(2026, 11, 21) + timedelta(days=dice.randrange(5 * 365)) for number in range(1, count + 1)}
    with store.writing() as connection:
        connection.execute(sa.insert(intention), [_row(number, day) for number, day in days.items()])
        of_kind = [{"intention": one, "kind": kind, "share": 1.0} for one in days for kind in dice.sample(kinds, 2)]
        connection.execute(sa.insert(intention_kind), of_kind)
        times = [{"intention": one, "what": "tender", "first": day, "last": day} for one, day in days.items()]
        connection.execute(sa.insert(intention_time), times)


def _row(number: int, day: date) -> dict[str, object]:
    said = {
        "title": f"Plan {number}",
        "tender": {"said": day.isoformat(), "first": day.isoformat(), "last": day.isoformat()},
    }
    return {
        "id": number, "reference": f"B-{number}", "buyer": "", "buyer_id": "", "own": True, "version": 1, "about": said,
        "own_terms": {}, "held": "", "shown": said, "shown_version": 1, "shown_at": _AT, "title": said["title"],
        "stage": "plan", "state": "planned", "route": "tender", "directorate": "", "first_day": day, "last_day": day,
        "districts": "", "words": f" plan {number} ",
    }  # fmt: skip
