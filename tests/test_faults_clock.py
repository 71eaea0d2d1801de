"""Clocks that are set back in the middle of the work, or forward a day, and the nights in which England's change:
nothing is lost, nothing comes twice, and nothing waits for an hour to come round again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from council import DOREEN, PRIYA, Council, at
from sqlalchemy.engine import Connection
from subscribing import HOME_CARE, subscribe
from telling import Telling
from test_round_ups import care
from test_worker import Post, compose, states, wiring_of, worker_of

from bot.channels import Again
from knowledge import incoming, timed
from knowledge.outbox.claiming import claim, settle_again
from knowledge.outbox.clocks import Watch
from knowledge.outbox.heartbeats import alive, beat
from knowledge.outbox.owing import owe
from knowledge.store import Store
from knowledge.workdays import LONDON

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
NIGHTS = ("2026-10-24", "2027-03-27")
"""In the first 01:30 comes twice, in the second not at all."""


class Shifted(Store):
    """A record whose clock is wrong. `by`: how far it is ahead."""

    by = HOUR

    def now(self, connection: Connection) -> datetime:
        """What its clock shows."""
        return super().now(connection) + self.by


@pytest.fixture
def shifted(store: Store) -> Iterator[Shifted]:
    made = Shifted(store.url.render_as_string(hide_password=False))
    yield made
    made.close()


def owes(store: Store, what: str, after: timedelta = timedelta()) -> None:
    with store.writing() as connection:
        now = store.now(connection)
        owe(connection, now, kind=what, subject=what, recipient="max@example.org", channel="post", due=now + after)


# --- set back -----------------------------------------------------------------------------------------------------


def test_what_is_owed_when_the_clock_is_set_back_leaves_now_and_once(shifted: Shifted, tmp_path: Path) -> None:
    desk, post = wiring_of(shifted, tmp_path), Post()
    desk.__dict__["store"] = shifted
    worker = worker_of(desk, {"post": post})
    owes(shifted, "tried")
    post.will_raise.append(Again("busy", after=30 * MINUTE))
    worker.run_until_idle()
    owes(shifted, "taken up by one that died")
    assert [one.kind for one in claim(shifted, "dead", "post", urgent=False)] == ["taken up by one that died"]
    owes(shifted, "at once")
    owes(shifted, "tomorrow", DAY)
    shifted.by = timedelta()
    assert worker.run_until_idle() == 3, "what was due is not to wait for an hour"
    assert states(shifted) == ["sent"] * 3 + ["waiting"], "what is for tomorrow is for tomorrow"
    assert worker.run_until_idle() == 0
    assert len({id for id, _ in post.sent}) == len(post.sent) == 3


def test_a_worker_in_whose_hands_something_is_keeps_it_where_clocks_are_a_little_apart(shifted: Shifted) -> None:
    owes(shifted, "at once")
    assert claim(shifted, "at work", "post", urgent=False)
    shifted.by -= MINUTE
    Watch(shifted).look()
    assert claim(shifted, "another", "post", urgent=False) == []


def test_a_running_worker_sees_that_the_clock_was_set_back(shifted: Shifted) -> None:
    watch = Watch(shifted)
    watch.look()
    owes(shifted, "at once")
    assert watch.look() == 0
    shifted.by = timedelta()
    assert (watch.look(), watch.look()) == (1, 0)
    (taken,) = claim(shifted, "at work", "post", urgent=False)
    assert settle_again(shifted, taken, "at work", "busy", MINUTE)
    assert watch.look() == 0, "waits of its own making are left alone"
    assert compose(taken).id == taken.id


def test_what_came_in_before_the_clock_was_set_back_is_taken_up_now_and_once(shifted: Shifted) -> None:
    assert incoming.write_down(shifted, "Ev1", "slack", {"text": "x"})
    shifted.by = timedelta()
    assert [one.id for one in incoming.claim(shifted, "slack")] == ["Ev1"]
    assert incoming.claim(shifted, "slack") == [], "the new lease holds"


def test_an_event_that_is_to_wait_for_an_hour_waits(shifted: Shifted) -> None:
    assert incoming.write_down(shifted, "Ev1", "slack", {"text": "x"})
    incoming.release(shifted, "Ev1", HOUR)
    assert incoming.claim(shifted, "slack") == []


def test_timed_work_goes_on_when_the_clock_is_set_back_and_each_turn_is_one_processs(store: Store) -> None:
    now = at("2026-11-23")

    def turn(moment: datetime) -> bool:
        with store.writing() as connection:
            due = timed.is_due(connection, "job", moment, MINUTE)
            taken = timed.claim(connection, "job", moment, MINUTE)
        assert due == taken
        return taken

    assert [turn(now + HOUR), turn(now + HOUR + timedelta(seconds=30))] == [True, False]
    assert [turn(now), turn(now), turn(now + timedelta(seconds=59)), turn(now + MINUTE)] == [True, False, False, True]
    assert not turn(now - MINUTE), "clocks a little apart do not take turns of each other's"


def test_a_worker_that_died_before_the_clock_was_set_back_does_not_count_as_alive(shifted: Shifted) -> None:
    beat(shifted, "worker")
    assert alive(shifted)
    shifted.by = timedelta()
    assert not alive(shifted)
    beat(shifted, "worker")
    assert alive(shifted)


def test_a_round_up_that_was_sent_by_a_fast_clock_is_not_sent_again(sqlite_store: Store) -> None:
    desk = Telling(sqlite_store, at("2026-11-16"))
    subscribe(sqlite_store, HOME_CARE, every="weekly", at=at("2026-11-13"))
    desk.says(**care("ASC-1"))
    assert len(desk.passes(at("2026-11-23", "08:00"))) == 1
    for clock in ("07:00", "07:30", "08:00", "08:10", "09:00"):
        assert desk.passes(at("2026-11-23", clock)) == [], clock


# --- concerns -----------------------------------------------------------------------------------------------------


def climbed(council: Council, *shifts: timedelta, days: int = 14) -> list[tuple[str, str, int]]:
    """A concern that nobody does anything about. Gives what the desk did, with step and phase. `shifts`: how wrong its
    clock is, at each look in turn."""
    name = council.raised()
    start = council.clock
    for number in range(days * 8):
        wrong = shifts[number % len(shifts)] if shifts else timedelta()
        council.clock = start + number * 3 * HOUR + wrong
        council.tick()
    assert council.errors == []
    steps = [(one.move.value, str(one.about.get("step", "")), int(str(one.about.get("phase", 0))))
             for one in council.events(name)]  # fmt: skip
    return sorted(steps)


@pytest.mark.parametrize("shifts", [(HOUR, timedelta()), (timedelta(), DAY), (timedelta(), -HOUR, DAY)])
def test_reminders_and_the_ladder_come_once_whatever_the_clock_does(
    sqlite_council: Council, shifts: tuple[timedelta, ...]
) -> None:
    found = climbed(sqlite_council, *shifts)
    assert len(found) == len(set(found))
    assert len(sqlite_council.post.sent) == len({one.id for one in sqlite_council.post.sent})
    assert {"raise", "remind", "escalate"} <= {move for move, _, _ in found}


@pytest.mark.parametrize("night", NIGHTS)
def test_in_the_nights_when_the_clocks_change_each_reminder_of_a_danger_comes_once_and_in_its_order(
    sqlite_council: Council, night: str
) -> None:
    council = sqlite_council
    council.clock = at(night, "23:50")
    name = council.raised(DOREEN, at_risk="yes")
    began = council.clock
    for tick in range(6 * 12):
        council.clock = began + tick * 10 * MINUTE
        council.tick()
    steps = [(one.move, one.about.get("step"), one.about.get("phase")) for one in council.events(name)]
    assert len(steps) == len(set(steps)) > 3
    moments = [one.at for one in council.events(name)]
    assert moments == sorted(moments)
    council.press(PRIYA, "acknowledge", name)
    assert council.errors == []


@pytest.mark.parametrize("night", NIGHTS)
def test_daily_round_ups_come_at_eight_by_the_clock_on_the_wall_before_and_after_the_night(
    sqlite_store: Store, night: str
) -> None:
    """A Saturday, a Sunday, a Monday and a Tuesday."""
    first = at(night, "00:30") - DAY
    desk = Telling(sqlite_store, first)
    subscribe(sqlite_store, HOME_CARE, every="daily", at=first - 30 * DAY)
    sent: list[datetime] = []
    for hour in range(24 * 4):
        desk.clock = first + hour * HOUR - 30 * MINUTE
        if desk.clock.hour in range(10, 23):
            continue
        if desk.clock.hour == 23:
            desk.says(f"ASC-{hour}", at=desk.clock, title=f"Home care {hour}", tender="June 2028")
        sent += [desk.clock.astimezone(LONDON) for one in desk.passes(desk.clock) if one.kind == "roundup"]
    assert {f"{one:%H:%M}" for one in sent} == {"08:00"}
    assert len({one.date() for one in sent}) == len(sent) >= 2, "one a day"
