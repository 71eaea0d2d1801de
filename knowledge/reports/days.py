"""Days in the database's own reckoning: London's, and how many working days lie between two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.workdays import LONDON, MIDNIGHT, Calendar

_DAY = timedelta(days=1)


def beginning(day: date) -> datetime:
    """The first moment of a day in London, in UTC."""
    return datetime.combine(day, MIDNIGHT, LONDON).astimezone(UTC)


def london_day(connection: Connection, moment: sa.ColumnElement[Any], first: date, last: date) -> sa.ColumnElement[Any]:
    """The day of a moment that lies between two days, as text: 2026-11-23."""
    if connection.dialect.name == "postgresql":
        return sa.func.to_char(sa.func.timezone(str(LONDON), moment), "YYYY-MM-DD")
    summers = [sa.and_(moment >= start, moment < end) for start, end in _summers(first, last)]
    hour = sa.case((sa.or_(*summers), "+1 hour"), else_="+0 hours") if summers else "+0 hours"
    return sa.func.date(moment, hour)


def _summers(first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """From when to when London's clocks are an hour ahead, in the years of these days."""
    for year in range(first.year, last.year + 1):
        days = [date(year, month, day) for month, day in ((3, 31), (10, 31))]
        sundays = [day - timedelta(days=(day.weekday() + 1) % 7) for day in days]
        start, end = (datetime.combine(day, time(1), UTC) for day in sundays)
        yield start, end


def working_days(calendar: Calendar, first: date, last: date) -> sa.CTE:
    """A table of days (`day`, as text) and how many working days have been since the first (`number`)."""
    rows, number, day = [], 0, first
    while day <= last:
        number += calendar.is_working(day)
        rows.append((day.isoformat(), number))
        day += _DAY
    columns = (sa.column("day", sa.String), sa.column("number", sa.Integer))
    return sa.values(*columns, name="working", literal_binds=True).data(rows).cte("working_day")
