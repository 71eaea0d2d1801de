"""The timeline as a calendar: events that keep their identity as they move, and say how sure they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from feeds import URL, Publisher, full, when
from icalendar import Calendar

from knowledge.timeline.nouns import Route, State


@pytest.fixture
def desk(home: Path) -> Iterator[Publisher]:
    made = Publisher(home)
    yield made
    made.wiring.store.close()


def test_every_milestone_is_an_event_of_whole_days(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    events = desk.events()
    assert events.keys() == {f"MARL-1-{what}" for what in ("engagement", "tender", "closes", "award", "start")}
    day, month, quarter = events["MARL-1-closes"], events["MARL-1-tender"], events["MARL-1-award"]
    assert (day.decoded("DTSTART"), day.decoded("DTEND")) == (date(2027, 9, 30), date(2027, 10, 1))
    assert (month.decoded("DTSTART"), month.decoded("DTEND")) == (date(2027, 7, 1), date(2027, 8, 1))
    assert (quarter.decoded("DTSTART"), quarter.decoded("DTEND")) == (date(2028, 1, 1), date(2028, 4, 1))
    assert [one["STATUS"] for one in (day, month, quarter)] == ["CONFIRMED", "TENTATIVE", "TENTATIVE"]
    assert day["DTSTART"].params["VALUE"] == "DATE"
    assert "Only the month is settled, no day yet." in month["DESCRIPTION"]
    assert "Only the quarter is settled, no day yet." in quarter["DESCRIPTION"]
    assert "settled" not in day["DESCRIPTION"]


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("May 2027", "month"),
        ("Q1 2027", "quarter"),
        ("Autumn 2027", "season"),
        ("first half of 2027", "half-year"),
        ("2027/28", "year"),
    ],
)
def test_what_is_no_day_says_how_much_of_it_is_settled(desk: Publisher, said: str, unit: str) -> None:
    desk.begin("MARL-1", title="Lamps", tender=when(said))
    assert f"Only the {unit} is settled, no day yet." in desk.events()["MARL-1-tender"]["DESCRIPTION"]


def test_an_event_says_what_it_is_of_and_where_to_read_more(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    event = desk.events()["MARL-1-tender"]
    assert event["UID"] == "MARL-1-tender@desk.example.org"
    assert event["SUMMARY"] == "Tender: Home care in Thanet"
    assert event["DESCRIPTION"].startswith("Tender: July 2027.\n")
    assert event["URL"] == f"{URL}/timeline/MARL-1"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["CATEGORIES"].cats == ["Home care"]
    assert event["LOCATION"] == "Wexcombe, Oldmere"
    assert event["SEQUENCE"] == 0
    assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED") == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_the_calendar_says_what_it_is_and_how_often_to_look(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    data = desk.get("/timeline.ics").data
    calendar = Calendar.from_ical(data)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert calendar["X-WR-CALNAME"] == "Commissioning timeline of Marlshire County Council"
    assert calendar.decoded("REFRESH-INTERVAL") == timedelta(hours=6)
    assert calendar.decoded("LAST-MODIFIED") == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in data


def test_an_event_that_moves_keeps_its_identity_and_counts_on(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    desk.change("MARL-1", "The budget is set later.", tender=when("2028-01-10"), closes=when("2028-03-01"))
    desk.change("MARL-1", contact="Another team")
    tender, award = desk.events()["MARL-1-tender"], desk.events()["MARL-1-award"]
    assert (tender["SEQUENCE"], tender["STATUS"], tender.decoded("DTSTART")) == (1, "CONFIRMED", date(2028, 1, 10))
    assert tender.decoded("LAST-MODIFIED") == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert "Why it changed: The budget is set later." in tender["DESCRIPTION"]
    assert (award["SEQUENCE"], award.decoded("LAST-MODIFIED")) == (0, datetime(2026, 11, 21, 10, tzinfo=UTC))
    desk.change("MARL-1", title="Home care in Wexcombe")
    assert [one["SEQUENCE"] for one in desk.events().values()] == [1, 2, 2, 1, 1]


def test_a_withdrawn_intention_stays_as_cancelled_until_it_is_taken_up_again(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    desk.withdraw("MARL-1", "The service stays in-house.")
    events = desk.events()
    assert len(events) == 5
    assert {one["STATUS"] for one in events.values()} == {"CANCELLED"}
    assert {one["SEQUENCE"] for one in events.values()} == {1}
    assert events["MARL-1-tender"]["SUMMARY"] == "Withdrawn: Tender: Home care in Thanet"
    assert events["MARL-1-tender"]["DESCRIPTION"].startswith(
        "Withdrawn. It was planned for July 2027.\nWhy it changed: The"
    )
    desk.restore("MARL-1", "The council has changed its mind.")
    assert {(one["STATUS"], one["SEQUENCE"]) for one in desk.events().values()} == {("TENTATIVE", 2), ("CONFIRMED", 2)}


def test_a_milestone_that_a_version_took_out_stays_as_cancelled(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    desk.change("MARL-1", "No engagement is needed.", engagement=None)
    gone, other = desk.events()["MARL-1-engagement"], desk.events()["MARL-1-tender"]
    assert (gone["STATUS"], gone["SEQUENCE"], gone.decoded("DTSTART")) == ("CANCELLED", 1, date(2027, 3, 15))
    assert gone["SUMMARY"].startswith("No longer planned: Market engagement")
    assert (other["STATUS"], other["SEQUENCE"]) == ("TENTATIVE", 0)
    desk.change("MARL-1", "It is wanted after all.", engagement=when("2027-04-01"))
    back = desk.events()["MARL-1-engagement"]
    assert (back["STATUS"], back["SEQUENCE"], back.decoded("DTSTART")) == ("CONFIRMED", 2, date(2027, 4, 1))


def test_lines_are_folded_at_75_octets_within_no_character_and_texts_are_escaped(desk: Publisher) -> None:
    title = "Bees 🐝, “wasps”; hornets\\and ünïcödé things that go on for longer than any line may be 🐝🐝🐝"
    desk.begin("MARL, 1; 2/ü", **full(title=title, area=("A, B", "C;D"), description="x"))
    desk.change("MARL, 1; 2/ü", "One\r\ntwo,\nBEGIN:VEVENT\x07 three 🐝" + "é" * 100, tender=when("2027-08-01"))
    data = desk.get("/timeline.ics").data
    assert data.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")
        assert b"\n" not in line
        assert b"\x07" not in line
    event = desk.events()["MARL, 1; 2/ü-tender"]
    assert event["SUMMARY"] == f"Tender: {title}"
    assert event["LOCATION"] == "A, B, C;D"
    assert "One\ntwo,\nBEGIN:VEVENT three 🐝é" in event["DESCRIPTION"]
    assert event["URL"] == f"{URL}/timeline/MARL%2C%201%3B%202/%C3%BC"
    assert len(Calendar.from_ical(data).walk("VEVENT")) == 5
    unfolded = data.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:Tender: Bees 🐝\\, “wasps”\\; hornets\\\\and ünïcödé" in unfolded


def test_the_calendar_is_what_the_library_itself_would_write(desk: Publisher) -> None:
    desk.begin("MARL-1", **full(title="Bees 🐝, “wasps”; hornets\\and " + "ünïcödé " * 20))
    data = desk.get("/timeline.ics").data
    parsed = Calendar.from_ical(data)
    assert not [error for one in parsed.walk() for error in one.errors]
    again = Calendar.from_ical(parsed.to_ical())
    for mine, theirs in zip(parsed.walk("VEVENT"), again.walk("VEVENT"), strict=True):
        assert {name: mine[name].to_ical() for name in mine} == {name: theirs[name].to_ical() for name in theirs}
    assert sorted(parsed.to_ical(sorted=False).split(b"\r\n")) == sorted(data.split(b"\r\n"))


def test_one_intention_has_a_calendar_of_its_own(desk: Publisher) -> None:
    desk.begin("MARL/1.a", **full())
    desk.begin("MARL-2", **full(title="Other"))
    path = "/timeline/MARL/1.a.ics"
    assert desk.events(path).keys() == {
        f"MARL/1.a-{what}" for what in ("engagement", "tender", "closes", "award", "start")
    }
    assert Calendar.from_ical(desk.get(path).data)["X-WR-CALNAME"] == "Home care in Thanet"
    assert desk.get("/timeline/NONE.ics").status_code == 404
    desk.begin("MARL-3", title="Waits", state=State.OPEN)
    assert desk.get("/timeline/MARL-3.ics").status_code == 404


def test_what_has_been_over_for_a_year_leaves_the_calendar(desk: Publisher) -> None:
    desk.begin("MARL-1", title="Lamps", tender=when("2025-11-20"), closes=when("2025-11-21"), start=when("2027-01-01"))
    assert desk.events().keys() == {"MARL-1-closes", "MARL-1-start"}
    assert len(desk.events("/timeline/MARL-1.ics")) == 3


def test_a_grant_has_the_words_of_a_grant(desk: Publisher) -> None:
    desk.begin("MARL-1", **full(route=Route.GRANT))
    assert desk.events()["MARL-1-closes"]["SUMMARY"] == "Applications close: Home care in Thanet"


def test_the_calendar_is_the_same_however_often_it_is_made(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    first = desk.get("/timeline.ics").data
    desk.later(hours=9)
    assert desk.get("/timeline.ics").data == first
