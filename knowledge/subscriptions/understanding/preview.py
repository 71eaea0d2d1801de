"""What of the past year would have been told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.periods import months_on
from knowledge.store import aware
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.nouns import Criteria, Verdict, fits
from knowledge.subscriptions.subject import Subject, subject_of
from knowledge.subscriptions.understanding.nouns import Preview, Would
from knowledge.text import stems
from knowledge.timeline.nouns import Terms
from knowledge.timeline.selecting import Shown, kinds_of
from knowledge.timeline.wishing import SURE

NEWEST = 5
"""Intentions that are shown."""


def would_have_matched(connection: Connection, criteria: Criteria, today: date, months: int = 12) -> Preview:
    """The council's own intentions made public, or changed, in the past months that these criteria fit."""
    table = tables.intention
    since = datetime.combine(months_on(today, -months), time(), UTC)
    where = sa.and_(table.c.own.is_(True), table.c.shown_at.is_not(None), table.c.joined_to.is_(None))
    where = sa.and_(where, table.c.shown_at >= since)
    compared = connection.execute(sa.select(sa.func.count()).select_from(table).where(where)).scalar_one()
    found = list(_judged(connection, sa.and_(where, *_narrower(criteria)), criteria, today))
    found.sort(key=lambda one: (one[0].shown_at, one[0].id), reverse=True)
    newest = [_would(connection, *one) for one in found[:NEWEST]]
    return Preview(compared, len(found), sum(subject.live for _, subject, _ in found), tuple(newest))


def _judged(
    connection: Connection, where: Any, criteria: Criteria, today: date
) -> Iterator[tuple[Any, Subject, tuple[Verdict, ...]]]:
    services = _services(connection, where)
    for row in connection.execute(sa.select(*_COLUMNS).where(where)):
        terms = Terms.model_validate(row.shown)
        subject = subject_of(row.reference, terms, services.get(row.id, {}), row.districts, row.words, today)
        verdicts = judge(criteria, subject)
        if fits(verdicts):
            yield row, subject, verdicts


def _services(connection: Connection, where: Any) -> dict[int, dict[str, float]]:
    kind, found = tables.intention_kind, dict[int, dict[str, float]]()
    wanted = sa.select(tables.intention.c.id).where(where)
    query = sa.select(kind.c.intention, kind.c.kind, kind.c.share).where(
        kind.c.share >= SURE, kind.c.intention.in_(wanted)
    )
    for id, key, share in connection.execute(query):
        found.setdefault(id, {})[key] = share
    return found


def _narrower(criteria: Criteria) -> list[Any]:
    """Conditions on the table that whatever fits fulfils, so that little is read; `judge` decides."""
    districts, found = tables.intention.c.districts, list[Any]()
    if criteria.about_something:
        found.append(sa.or_(*_of_subject(criteria)))
    if criteria.areas and all(area.district for area in criteria.areas):
        there = (districts.contains(f"|{area.district}|", autoescape=True) for area in criteria.areas)
        found.append(sa.or_(districts == "", *there))
    return found


def _of_subject(criteria: Criteria) -> Iterator[Any]:
    table, kind = tables.intention, tables.intention_kind
    if criteria.services:
        of_kind = sa.select(kind.c.intention).where(kind.c.kind.in_(criteria.services), kind.c.share >= SURE)
        yield table.c.id.in_(of_kind)
    if criteria.follows:
        yield sa.func.lower(table.c.reference).in_([one.lower() for one in criteria.follows])
    yield from (sa.cast(table.c.shown, sa.Text).contains(f'"{code}', autoescape=True) for code in criteria.cpv)
    for phrase in criteria.words:
        found = sorted(stems(phrase), key=len)
        yield table.c.words.contains(f" {found[-1]} ", autoescape=True) if found else sa.true()


def _would(connection: Connection, row: Any, subject: Subject, verdicts: tuple[Verdict, ...]) -> Would:
    terms = Terms.model_validate(row.shown)
    kinds = kinds_of(connection, [row.id]).get(row.id, ())
    shown = Shown(row.id, row.reference, row.buyer, True, row.shown_version, aware(row.shown_at), terms, kinds)
    return Would(shown, "; ".join(dict.fromkeys(one.found for one in verdicts)), not subject.live)


_COLUMNS = tuple(
    tables.intention.c[name]
    for name in ("id", "reference", "buyer", "shown_version", "shown_at", "shown", "districts", "words")
)
