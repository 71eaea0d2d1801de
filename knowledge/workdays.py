"""Working time in England: when somebody is there to act, and when something falls due.

Every moment taken or given is aware; what is given is in UTC. A day is London's. The moment of closing is shut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from holidays import country_holidays

LONDON = ZoneInfo("Europe/London")
MIDNIGHT = time(0)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The working days of a council: not weekends, not England's bank holidays, not its own closure days."""

    closures: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether the council works on a day."""
        return day.weekday() < 5 and day not in self.closures and day not in _bank_holidays(day.year)


@dataclass(frozen=True)
class Hours:
    """From when to when on a day somebody is there, by London's clocks; on working days, or on every day.

    Closing at 00:00 is midnight at the day's end. Raises ValueError where a day would close before it opens.
    """

    opens: time = time(9)
    closes: time = time(17)
    every_day: bool = False

    def __post_init__(self) -> None:
        if self.closes != MIDNIGHT and self.closes <= self.opens:
            raise ValueError(f"closes at {self.closes:%H:%M}, which is not after {self.opens:%H:%M}")

    def on(self, day: date) -> tuple[datetime, datetime]:
        """When a day opens and closes, were it one of those that do."""
        last = day + _DAY if self.closes == MIDNIGHT else day
        return _moment(day, self.opens), _moment(last, self.closes)


ANY_HOUR = Hours(MIDNIGHT, MIDNIGHT, every_day=True)


@dataclass(frozen=True)
class Span:
    """How long something may take: days, or open hours. Where the hours are of every day, days are calendar days.

    Raises ValueError for both, and for less than none.
    """

    working_days: int = 0
    hours: float = 0

    def __post_init__(self) -> None:
        if self.working_days < 0 or self.hours < 0 or (self.working_days and self.hours):
            raise ValueError("a span is a number of days or a number of hours")


def day_of(moment: datetime) -> date:
    """The day it is in London. Raises ValueError for a moment that does not say its zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} does not say its zone")
    return moment.astimezone(LONDON).date()


def opening(moment: datetime, hours: Hours, calendar: Calendar) -> datetime:
    """The moment itself where somebody is there, else when somebody is there next."""
    return next(_stretches(moment, hours, calendar))[0]


def due(moment: datetime, span: Span, hours: Hours, calendar: Calendar) -> datetime:
    """When a span from a moment is over.

    Days: the closing of the n-th day that opens after the moment's own, whatever the hour of the moment.
    Hours: when that many open hours have passed.
    """
    if not span.working_days:
        return after_open_time(moment, timedelta(hours=span.hours), hours, calendar)
    day, left = day_of(moment), span.working_days
    while left:
        day += _DAY
        left -= _opens(day, hours, calendar)
    return hours.on(day)[1]


def open_time(start: datetime, end: datetime, hours: Hours, calendar: Calendar) -> timedelta:
    """The open time between two moments; none where the end is not after the start."""
    stretches = takewhile(lambda stretch: stretch[0] < end, _stretches(start, hours, calendar))
    return sum((min(closes, end) - opens for opens, closes in stretches), timedelta())


def after_open_time(start: datetime, span: timedelta, hours: Hours, calendar: Calendar) -> datetime:
    """When so much open time has passed since the start; for none, or less, the opening."""
    left = max(span, timedelta())
    stretches = _stretches(start, hours, calendar)
    opens, closes = next(stretches)
    while left > closes - opens:
        left -= closes - opens
        opens, closes = next(stretches)
    return opens + left


def share(start: datetime, end: datetime, part: float, hours: Hours, calendar: Calendar) -> datetime:
    """When a part (0 to 1) of the open time between two moments has passed: 0 is the opening, 1 the end.

    Somebody is there then: a part over as a day closes is told at the next opening. Never later than the end.
    """
    last = end.astimezone(UTC)
    if part >= 1:
        return last
    passed = open_time(start, end, hours, calendar) * part
    return min(opening(after_open_time(start, passed, hours, calendar), hours, calendar), last)


def _stretches(start: datetime, hours: Hours, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of open time from a moment on, without end; the first begins no earlier than the moment."""
    day, start = day_of(start), start.astimezone(UTC)
    while True:
        opens, closes = hours.on(day)
        if _opens(day, hours, calendar) and max(opens, start) < closes:
            yield max(opens, start), closes
        day += _DAY


def _opens(day: date, hours: Hours, calendar: Calendar) -> bool:
    return hours.every_day or calendar.is_working(day)


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    """England's. A year at a time: an object of the package that fills itself when asked is not safe for threads."""
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))
