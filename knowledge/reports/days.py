"""London's days in the database's own reckoning, and how many working days lie between two."""

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
    last_hour = sa.and_(sa.func.substr(moment, 12, 2) == "23", sa.or_(*summers))  # the rest of the day is London's too
    return sa.case((last_hour, sa.func.date(moment, "+1 day")), else_=sa.func.substr(moment, 1, 10))


def _summers(first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """From when to when London's clocks are an hour ahead, in the years of these days."""
    for year in range(first.year, last.year + 1):
        days = [date(year, month, day) for month, day in ((3, 31), (10, 31))]
        sundays = [day - timedelta(days=(day.weekday() + 1) % 7) for day in days]
        start, end = (datetime.combine(day, time(1), UTC) for day in sundays)
        yield start, end


def working_days(calendar: Calendar, first: date, last: date) -> dict[str, int]:
    """How many working days there have been since the first day, by day as text."""
    numbers, number, day = {}, 0, first
    while day <= last:
        number += calendar.is_working(day)
        numbers[day.isoformat()] = number
        day += _DAY
    return numbers
