"""Working time in England: at closing, over holidays, through the changes of the clocks, across years."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest

from knowledge.workdays import (
    ANY_HOUR,
    LONDON,
    Calendar,
    Hours,
    Span,
    after_open_time,
    day_of,
    due,
    open_time,
    opening,
    share,
)

OFFICE = Hours()
ENGLAND = Calendar()
WEEK = Hours(every_day=True)
SECOND = timedelta(seconds=1)


def london(text: str) -> datetime:
    """ "2026-12-23 10:00", by London's clocks, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 12, 25), "Christmas"),
        (date(2026, 12, 28), "Boxing Day, which is a Saturday, is kept on the Monday"),
        (date(2027, 1, 1), "New Year"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 8, 31), "the August bank holiday"),
        (date(2026, 5, 4), "early May"),
        (date(2022, 9, 19), "a day given once"),
        (date(2027, 12, 28), "Boxing Day, a Sunday, after a Christmas on Saturday"),
        (date(2026, 7, 4), "a Saturday"),
        (date(2026, 7, 5), "a Sunday"),
    ],
)
def test_a_holiday_is_no_working_day(day: date, why: str) -> None:
    assert not ENGLAND.is_working(day), why


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 12, 29), date(2026, 3, 17), date(2026, 8, 3)])
def test_what_is_no_holiday_in_england_is_a_working_day(day: date) -> None:
    assert ENGLAND.is_working(day)


def test_a_council_closes_on_its_own_days() -> None:
    closed = Calendar(frozenset({date(2026, 12, 24)}))
    assert not closed.is_working(date(2026, 12, 24))
    assert due(london("2026-12-23 10:00"), Span(1), OFFICE, closed) == london("2026-12-29 17:00")


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-07-10 08:59:59", "2026-07-10 09:00"),
        ("2026-07-10 09:00", "2026-07-10 09:00"),
        ("2026-07-10 16:59:59", "2026-07-10 16:59:59"),
        ("2026-07-10 17:00", "2026-07-13 09:00"),
        ("2026-07-10 17:00:01", "2026-07-13 09:00"),
        ("2026-07-11 12:00", "2026-07-13 09:00"),
        ("2026-08-28 18:00", "2026-09-01 09:00"),
        ("2026-12-24 17:30", "2026-12-29 09:00"),
        ("2026-12-31 23:59:59", "2027-01-04 09:00"),
    ],
)
def test_somebody_is_there_at_the_next_opening(moment: str, opens: str) -> None:
    assert opening(london(moment), OFFICE, ENGLAND) == london(opens)


@pytest.mark.parametrize(
    ("moment", "days", "falls"),
    [
        ("2026-07-09 16:59:59", 1, "2026-07-10 17:00"),
        ("2026-07-09 17:00:01", 1, "2026-07-10 17:00"),
        ("2026-07-09 23:59:59", 1, "2026-07-10 17:00"),
        ("2026-07-10 00:00", 1, "2026-07-13 17:00"),
        ("2026-07-10 18:00", 1, "2026-07-13 17:00"),
        ("2026-07-11 10:00", 1, "2026-07-13 17:00"),
        ("2026-07-12 10:00", 3, "2026-07-15 17:00"),
        ("2026-08-28 10:00", 1, "2026-09-01 17:00"),
        ("2026-04-02 10:00", 1, "2026-04-07 17:00"),
        ("2026-12-23 10:00", 10, "2027-01-11 17:00"),
        ("2026-10-23 10:00", 1, "2026-10-26 17:00"),
        ("2026-03-27 10:00", 1, "2026-03-30 17:00"),
    ],
)
def test_days_end_at_the_closing_of_the_last(moment: str, days: int, falls: str) -> None:
    assert due(london(moment), Span(days), OFFICE, ENGLAND) == london(falls)


@pytest.mark.parametrize(
    ("moment", "hours", "falls"),
    [
        ("2026-07-10 16:00", 1, "2026-07-10 17:00"),
        ("2026-07-10 16:00:01", 1, "2026-07-13 09:00:01"),
        ("2026-07-11 03:00", 0.5, "2026-07-13 09:30"),
        ("2026-12-24 16:00", 9, "2026-12-29 17:00"),
    ],
)
def test_hours_are_open_hours(moment: str, hours: float, falls: str) -> None:
    assert due(london(moment), Span(hours=hours), OFFICE, ENGLAND) == london(falls)


def test_a_span_of_nothing_is_over_at_the_opening() -> None:
    assert due(london("2026-07-11 10:00"), Span(), OFFICE, ENGLAND) == london("2026-07-13 09:00")
    assert after_open_time(london("2026-07-11 10:00"), -SECOND, OFFICE, ENGLAND) == london("2026-07-13 09:00")


def test_at_any_hour_an_hour_is_an_hour() -> None:
    raised = london("2026-12-25 03:30")
    assert opening(raised, ANY_HOUR, ENGLAND) == raised
    assert due(raised, Span(hours=1), ANY_HOUR, ENGLAND) == raised + timedelta(hours=1)
    assert due(london("2026-12-31 23:30"), Span(hours=1), ANY_HOUR, ENGLAND) == london("2027-01-01 00:30")


def test_where_hours_are_of_every_day_days_are_calendar_days() -> None:
    assert due(london("2026-12-24 10:00"), Span(1), ANY_HOUR, ENGLAND) == london("2026-12-26 00:00")
    assert due(london("2026-12-24 10:00"), Span(1), WEEK, ENGLAND) == london("2026-12-25 17:00")


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [("2026-10-25 00:00", "2026-10-26 00:00", 25), ("2026-03-29 00:00", "2026-03-30 00:00", 23)],
)
def test_the_day_the_clocks_change_is_as_long_as_it_is(start: str, end: str, hours: int) -> None:
    assert open_time(london(start), london(end), ANY_HOUR, ENGLAND) == timedelta(hours=hours)
    assert after_open_time(london(start), timedelta(hours=hours), ANY_HOUR, ENGLAND) == london(end)


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-10-23 16:00", "2026-10-26 10:00"), ("2026-03-27 16:00", "2026-03-30 10:00")],
)
def test_a_weekend_when_the_clocks_change_has_the_usual_office_hours(start: str, end: str) -> None:
    assert open_time(london(start), london(end), OFFICE, ENGLAND) == timedelta(hours=2)
    assert due(london(start), Span(hours=2), OFFICE, ENGLAND) == london(end)


def test_hours_in_the_hour_that_is_skipped_do_not_run_backwards() -> None:
    night = Hours(time(1, 30), time(2), every_day=True)
    skipped = london("2026-03-29 00:00")
    assert open_time(skipped, skipped + timedelta(hours=20), night, ENGLAND) == timedelta()


def test_the_day_is_londons() -> None:
    assert day_of(datetime(2026, 7, 9, 23, 30, tzinfo=UTC)) == date(2026, 7, 10)
    assert due(datetime(2026, 7, 9, 23, 30, tzinfo=UTC), Span(1), OFFICE, ENGLAND) == london("2026-07-13 17:00")


def test_what_is_given_is_in_utc_whatever_was_taken() -> None:
    there = datetime(2026, 7, 10, 10, tzinfo=LONDON)
    given = [
        opening(there, OFFICE, ENGLAND),
        due(there, Span(1), OFFICE, ENGLAND),
        due(there, Span(hours=1), OFFICE, ENGLAND),
        share(there, there + timedelta(hours=3), 1, OFFICE, ENGLAND),
    ]
    assert [moment.tzinfo for moment in given] == [UTC] * 4


@pytest.mark.parametrize("call", [day_of, lambda moment: opening(moment, OFFICE, ENGLAND)])
def test_a_moment_without_a_zone_is_refused(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="zone"):
        call(datetime(2026, 7, 10, 10))


def test_there_is_no_open_time_where_the_end_is_not_later() -> None:
    friday, saturday = london("2026-07-10 18:00"), london("2026-07-11 18:00")
    assert open_time(friday, saturday, OFFICE, ENGLAND) == timedelta()
    assert open_time(saturday, london("2026-07-06 09:00"), OFFICE, ENGLAND) == timedelta()


def test_a_part_over_at_closing_is_told_when_somebody_is_there_again() -> None:
    raised = london("2026-07-12 12:00")
    answer = due(raised, Span(10), OFFICE, ENGLAND)
    assert share(raised, answer, 0.5, OFFICE, ENGLAND) == london("2026-07-20 09:00")
    assert share(raised, answer, 0.8, OFFICE, ENGLAND) == london("2026-07-23 09:00")


def test_half_of_the_way_over_christmas() -> None:
    raised = london("2026-12-24 13:00")
    answer = due(raised, Span(1), OFFICE, ENGLAND)
    assert answer == london("2026-12-29 17:00")
    assert share(raised, answer, 0.5, OFFICE, ENGLAND) == london("2026-12-29 11:00")


@pytest.mark.parametrize("hours", [OFFICE, WEEK, ANY_HOUR, Hours(time(8), time(0))])
@pytest.mark.parametrize("seed", range(12))
def test_shares_run_from_the_opening_to_the_end(hours: Hours, seed: int) -> None:
    rng = random.Random(seed)
    start = london("2026-01-01 00:00") + timedelta(seconds=rng.randrange(700 * 86400))
    end = due(start, rng.choice([Span(rng.randint(1, 30)), Span(hours=rng.randint(1, 99))]), hours, ENGLAND)
    whole = open_time(start, end, hours, ENGLAND)
    shares = [share(start, end, part / 20, hours, ENGLAND) for part in range(21)]
    assert shares[0] == opening(start, hours, ENGLAND)
    assert shares[-1] == end
    assert shares == sorted(shares)
    assert all(moment == opening(moment, hours, ENGLAND) for moment in shares[:-1])
    assert all(
        abs(open_time(start, moment, hours, ENGLAND) - whole * part / 20) < SECOND for part, moment in enumerate(shares)
    )


@pytest.mark.parametrize("hours", [OFFICE, ANY_HOUR])
@pytest.mark.parametrize("seed", range(12))
def test_open_time_passes_as_it_is_counted(hours: Hours, seed: int) -> None:
    rng = random.Random(seed)
    start = london("2026-01-01 00:00") + timedelta(seconds=rng.randrange(700 * 86400))
    span = timedelta(minutes=rng.randint(1, 20000))
    over = after_open_time(start, span, hours, ENGLAND)
    middle = start + (over - start) / 3
    assert open_time(start, over, hours, ENGLAND) == span
    assert open_time(start, middle, hours, ENGLAND) + open_time(middle, over, hours, ENGLAND) == span


def test_years_are_counted_day_by_day() -> None:
    start, end = london("2025-01-01 00:00"), london("2035-01-01 00:00")
    days = [start.date() + timedelta(days=number) for number in range((end - start).days)]
    working = sum(ENGLAND.is_working(day) for day in days)
    assert 2500 < working < 2540
    assert open_time(start, end, OFFICE, ENGLAND) == timedelta(hours=8 * working)
    assert after_open_time(start, timedelta(hours=8 * working), OFFICE, ENGLAND).year == 2034


@pytest.mark.parametrize(("days", "hours"), [(-1, 0), (0, -1), (1, 1)])
def test_a_span_is_days_or_hours(days: int, hours: float) -> None:
    with pytest.raises(ValueError, match="span"):
        Span(days, hours)


@pytest.mark.parametrize("closes", [time(9), time(8)])
def test_a_day_that_closes_before_it_opens_is_refused(closes: time) -> None:
    with pytest.raises(ValueError, match="not after 09:00"):
        Hours(closes=closes)
