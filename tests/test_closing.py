"""Closes in two weeks: told once, to those who were told of it and those who want it now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from council import at
from subscribing import CHARITY, FIRM, HOME_CARE, matches, subscribe
from telling import HOME, Telling, as_mail

from knowledge.store import Store
from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import Criteria
from knowledge.timeline.nouns import Route, State

BEFORE, TOLD = at("2026-11-13"), at("2026-11-16")
MARK = at("2027-01-01", "08:00")
"""Fourteen days before the day on which bids for home care close."""
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(sqlite_store: Store) -> Telling:
    made = Telling(sqlite_store, TOLD)
    subscribe(sqlite_store, HOME_CARE, at=BEFORE)
    return made


def opens(desk: Telling, **said: Any) -> None:
    """Home care is out to tender."""
    given: dict[str, Any] = {"title": "Home care", "state": State.OPEN, "closes": "2027-01-15", "tender": "2026-11-16",
                             "description": "Visits by day."}  # fmt: skip
    desk.says(reason=f"Asked on {desk.clock}.", notices=("040112-2026",), **{**given, **said})
    desk.sent()


def kinds(desk: Telling) -> list[str]:
    return [f"{one.recipient.partition('@')[0]} {one.kind}" for one in desk.post.sent]


def test_who_was_told_hears_two_weeks_before_and_once(store: Store) -> None:
    desk = Telling(store, TOLD)
    subscribe(store, HOME_CARE, at=BEFORE)
    opens(desk)
    assert desk.passes(MARK - HOUR) == []
    (sent,) = desk.passes(MARK)
    assert sent.letter.subject == "Closes on 15 January 2027: Home care"
    assert "Bids for Home care (ASC-01) close on 15 January 2027." in sent.text
    assert "Closes on" not in "".join(str(one) for hours in range(1, 30) for one in desk.passes(MARK + hours * HOUR))
    assert [match for match in matches(store) if match[3] == "closing"] == [(1, 1, 1, "closing")]


def test_the_letter_has_what_a_bidder_needs_and_its_event_is_thin(desk: Telling) -> None:
    opens(desk, high=90_000)
    (sent,) = desk.passes(MARK)
    text = as_mail(sent.letter)[0]
    for words in ("Visits by day.", "up to £90,000", "because of your alert S-1: home care", f"{HOME}/unsubscribe/1"):
        assert words in text
    assert sent.letter.event["type"] == "commissioning_intention.closing"
    assert sent.letter.event["data"]["closes"] == "2027-01-15"


def test_who_wants_it_only_now_hears_as_well_and_who_wants_other_things_does_not(desk: Telling) -> None:
    opens(desk)
    subscribe(desk.store, HOME_CARE, FIRM, at=TOLD + HOUR)
    subscribe(desk.store, Criteria(words=("bridges",)), "bridges@example.org", at=TOLD)
    assert {one.recipient for one in desk.passes(MARK)} == {CHARITY, FIRM}


def test_who_was_told_hears_even_where_it_fits_no_more(desk: Telling) -> None:
    subscribe(desk.store, Criteria(services=("home-care",), high=100_000), FIRM, at=BEFORE)
    opens(desk, high=90_000)
    desk.says(reason="More districts.", notices=("040112-2026",), at=TOLD + HOUR, title="Home care", state=State.OPEN,
              closes="2027-01-15", tender="2026-11-16", low=800_000, high=900_000)  # fmt: skip
    desk.sent()
    letters = {one.recipient: one.letter for one in desk.passes(MARK)}
    assert "told of this before" not in letters[CHARITY].reply.notes[0]
    assert "It no longer fits that (value: £800,000 to £900,000)" in letters[FIRM].reply.notes[0]


def test_a_closing_day_that_was_only_just_told_is_not_told_again(desk: Telling) -> None:
    desk.clock = MARK - 30 * HOUR
    opens(desk)
    assert desk.passes(MARK) == []
    assert desk.passes(MARK + 24 * HOUR) == []


def test_a_closing_day_that_moves_is_told_anew_at_its_time(desk: Telling) -> None:
    opens(desk)
    assert len(desk.passes(MARK)) == 1
    desk.clock += HOUR
    opens(desk, closes="2027-02-12")
    assert desk.passes(MARK + 48 * HOUR) == []
    (sent,) = desk.passes(at("2027-01-29", "08:00"))
    assert sent.letter.subject.startswith("Closes on 12 February 2027")


@pytest.mark.parametrize("said", [{"state": State.AWARDED}, {"state": State.CLOSED}, {"closes": "January 2027"}])
def test_what_is_over_or_has_no_closing_day_is_not_told(desk: Telling, said: dict[str, Any]) -> None:
    opens(desk, **said)
    assert "closing" not in {one.kind for one in desk.passes(MARK + 400 * HOUR)}


def test_what_is_withdrawn_before_the_reminder_leaves_makes_it_moot(desk: Telling) -> None:
    opens(desk)
    desk.clock = MARK
    from handlers.timed import run_due

    run_due(desk.desk)
    desk.says(reason="No money.", title="Home care", state=State.WITHDRAWN)
    assert [one.kind for one in desk.sent()] == ["intention"]
    assert ("closing", "moot") in desk.states()


def test_an_alert_on_some_days_has_it_in_its_round_up(desk: Telling) -> None:
    subscribe(desk.store, HOME_CARE, FIRM, every="weekly", at=BEFORE)
    opens(desk)
    assert {one.recipient for one in desk.passes(MARK)} == {CHARITY, FIRM}  # of the firm, the round-up of November
    assert [one.kind for one in desk.post.to(FIRM)] == ["roundup"]
    (sent,) = desk.passes(at("2027-01-04", "08:00"))
    (group,) = sent.letter.reply.groups
    assert (sent.recipient, group.heading) == (FIRM, "Closing soon")
    assert group.items[0].lines[0] == "Bids close on 15 January 2027."
    assert sent.letter.subject.endswith("1 closing soon")


@pytest.mark.parametrize("every", ["daily", "weekly"])
@pytest.mark.parametrize("late", [0, 1, 40])
def test_a_reminder_that_is_due_at_the_hour_of_a_round_up_is_in_that_one(desk: Telling, every: str, late: int) -> None:
    subscribe(desk.store, HOME_CARE, FIRM, every=every, at=BEFORE)
    opens(desk, closes="2027-01-18")
    desk.passes(at("2027-01-03", "09:00"))
    told = len(desk.post.to(FIRM))
    desk.passes(at("2027-01-04", "08:00") + timedelta(minutes=late))
    (sent,) = desk.post.to(FIRM)[told:]
    assert (sent.kind, sent.letter.subject.endswith("1 closing soon")) == ("roundup", True)
    assert desk.passes(at("2027-01-11", "08:00")) == []


def test_a_round_up_that_would_come_too_late_is_not_waited_for(desk: Telling) -> None:
    """No worker ran for ten days: the next Monday is the closing day itself."""
    subscribe(desk.store, HOME_CARE, FIRM, every="weekly", at=BEFORE)
    opens(desk, closes="2027-01-18")
    desk.passes(at("2026-11-23", "08:00"))
    sent = desk.passes(at("2027-01-14"))
    assert {one.recipient: one.kind for one in sent} == {CHARITY: "closing", FIRM: "closing"}


def test_applications_for_a_grant_close_as_applications(desk: Telling) -> None:
    opens(desk, route=Route.GRANT)
    assert desk.passes(MARK)[0].text.startswith("Applications for Home care (ASC-01) close on 15 January 2027.")


def test_somebody_who_stopped_hears_nothing(desk: Telling) -> None:
    opens(desk)
    with desk.store.writing() as connection:
        record.end(connection, 1, "deleted", TOLD)
    assert desk.passes(MARK) == []
    assert "closing" not in {kind for kind, _ in desk.states()}
