"""Polling Find a Tender: nothing lost, nothing twice, never more than it allows, whatever it does to us."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import cast
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from fake_slack import until as wait_until
from feed_server import BROKEN, OURS, OURS_ID, THEIRS, Fault, FeedServer, release
from mail import certificate
from processes import child_environment, run_desk
from sqlalchemy.engine import Connection

from bot.channels.settling import tell_nobody
from bot.checking.notices import check_notices
from bot.commands.timeline_poll import poll as poll_command
from bot.feeds.asking import Times, wait_asked
from bot.feeds.errors import FeedError, Silent, Stopped
from bot.feeds.find_a_tender import FindATender
from bot.feeds.holder import is_dead
from bot.feeds.page import page_of
from bot.feeds.poller import Poller
from bot.polling import poll_when_due
from bot.settings import SettingsError, load_settings
from bot.wiring import Wiring
from bot.worker import Worker
from handlers.checking.findings import Severity
from knowledge import tables
from knowledge.store import Store, open_store
from knowledge.timeline.importing import Report
from knowledge.timeline.nouns import Read
from knowledge.timeline.polling import LEASE, claim, standing

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
BUSY = '{"message": "12 request limit in 2 minute exceeded"}'


@dataclass
class Day:
    """A day on which time passes by waiting. `waits`: seconds of each; `hook`: is called at each."""

    now: datetime = NOON
    waits: list[float] = field(default_factory=list)
    hook: Callable[[], object] = lambda: None

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)
        return bool(self.hook())

    @property
    def waited(self) -> float:
        return sum(self.waits)


def take(connection: Connection, read: Read, now: datetime, name: str) -> Report:
    """Keeps how often each release was taken in, in the transaction that it is handed."""
    report = Report(records=read.records, problems=list(read.problems))
    for _, one in read.statements:
        key = {"name": f"taken:{one.id}"}
        times = connection.execute(sa.text("SELECT value FROM fact WHERE name = :name"), key).scalar()
        sql = "UPDATE fact SET value = :value" if times else "INSERT INTO fact (name, value) VALUES (:name, :value)"
        sql += " WHERE name = :name" if times else ""
        connection.execute(sa.text(sql), {**key, "value": str(int(times or 0) + 1)})
        report.added += not times
        report.unchanged += bool(times)
    return report


def taken(store: Store) -> dict[str, int]:
    """How often each release was taken in."""
    with store.reading() as connection:
        rows = connection.execute(sa.text("SELECT name, value FROM fact WHERE name LIKE 'taken:%'")).all()
    return {row.name.removeprefix("taken:"): int(row.value) for row in rows}


def ids(feed: FeedServer) -> set[str]:
    return {str(one["id"]) for one in feed.releases}


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def feed(day: Day) -> Iterator[FeedServer]:
    with FeedServer(lambda: day.now) as server:
        yield server


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """An empty record on one engine, for what has nothing to do with the record."""
    opened, _ = open_store(f"sqlite:///{tmp_path / 'record.db'}")
    yield opened
    opened.close()


def poller(store: Store, feed: FeedServer, day: Day, **more: Any) -> Poller:
    how = {"patience": more.pop("patience", 5.0)}
    client = FindATender(more.pop("url", feed.url), more.pop("most_bytes", 50_000_000), **how)
    return Poller(store, client, more.pop("take", take), Times(lambda connection: day.now, day.wait), **more)


def fill(feed: FeedServer, count: int, since: timedelta = timedelta(hours=20), until: datetime = NOON) -> None:
    """So many releases, evenly over a span of time before a moment."""
    feed.put(*(release(number, until - since + since / count * number) for number in range(count)))


def mark(store: Store) -> datetime | None:
    with store.reading() as connection:
        return standing(connection).until


# --- nothing lost, nothing twice ----------------------------------------------------------------------------------


def test_every_release_of_every_page_and_window_is_taken_in_once(store: Store, feed: FeedServer, day: Day) -> None:
    fill(feed, 430, since=timedelta(hours=20))
    done = poller(store, feed, day).poll(first=NOON - 24 * HOUR)
    assert set(taken(store)) == ids(feed)
    assert set(taken(store).values()) == {1}
    assert (done.records, done.report.added, done.windows, done.until) == (430, 430, 4, NOON)


def test_windows_are_six_hours_join_and_end_now(store: Store, feed: FeedServer, day: Day) -> None:
    day.now = NOON + timedelta(milliseconds=700)
    poller(store, feed, day).poll(first=NOON - 20 * HOUR)
    found = feed.windows()
    assert found[0][0] == NOON - 20 * HOUR
    assert [end - start for start, end in found] == [6 * HOUR, 6 * HOUR, 6 * HOUR, 2 * HOUR]
    assert [one[1] for one in found[:-1]] == [one[0] for one in found[1:]]
    assert found[-1][1] == NOON


def test_the_first_poll_looks_two_days_back(store: Store, feed: FeedServer, day: Day) -> None:
    poller(store, feed, day).poll()
    assert feed.windows()[0][0] == NOON - timedelta(days=2)
    assert len(feed.windows()) == 8


def test_a_second_poll_goes_on_from_the_mark_and_changes_nothing(store: Store, feed: FeedServer, day: Day) -> None:
    fill(feed, 30)
    poller(store, feed, day).poll(first=NOON - 24 * HOUR)
    feed.asked.clear()
    day.now += HOUR
    done = poller(store, feed, day).poll()
    assert feed.windows() == [(NOON - 10 * MINUTE, NOON + HOUR)]
    assert done.report.added == 0
    assert mark(store) == NOON + HOUR


def test_the_overlap_catches_a_release_that_appears_late(store: Store, feed: FeedServer, day: Day) -> None:
    feed.put(release(1, NOON - 4 * MINUTE, appears=NOON + MINUTE))
    assert poller(store, feed, day).poll(first=NOON - HOUR).records == 0
    day.now += HOUR
    assert poller(store, feed, day).poll().report.added == 1


def test_another_feed_is_read_from_its_beginning(store: Store, feed: FeedServer, day: Day) -> None:
    poller(store, feed, day).poll(first=NOON - HOUR)
    with FeedServer(lambda: day.now) as other:
        fill(other, 3, since=3 * HOUR)
        assert poller(store, other, day).poll(first=NOON - 4 * HOUR).report.added == 3


def test_since_looks_again_and_the_mark_never_goes_back(store: Store, feed: FeedServer, day: Day) -> None:
    poller(store, feed, day).poll(first=NOON - HOUR)
    fill(feed, 5, since=9 * HOUR)
    feed.will(Fault(), Fault(404, body="{}"))
    with pytest.raises(FeedError):
        poller(store, feed, day).poll(since=NOON - 10 * HOUR)
    assert mark(store) == NOON
    poller(store, feed, day).poll(since=NOON - 10 * HOUR)
    assert set(taken(store)) == ids(feed)


def test_since_after_the_mark_leaves_nothing_out(store: Store, feed: FeedServer, day: Day) -> None:
    poller(store, feed, day).poll(first=NOON - HOUR)
    day.now += 24 * HOUR
    feed.put(release(1, NOON + HOUR))
    poller(store, feed, day).poll(since=NOON + 20 * HOUR)
    assert set(taken(store)) == ids(feed)


def test_a_release_with_a_number_that_is_none_loses_neither_the_others_nor_the_next_page(
    store: Store, feed: FeedServer, day: Day
) -> None:
    feed.page = 2
    fill(feed, 7, since=HOUR)
    feed.releases[1]["tender"]["value"] = {"amount": BROKEN, "currency": "GBP"}
    feed.releases[4]["tender"]["value"] = {"amount": float("inf"), "currency": "GBP"}
    done = poller(store, feed, day).poll(first=NOON - 2 * HOUR)
    assert done.records == 7
    assert ids(feed) - set(taken(store)) <= {feed.releases[1]["id"], feed.releases[4]["id"]}


def test_problems_are_numbered_over_all_pages(store: Store, feed: FeedServer, day: Day) -> None:
    feed.page = 2
    fill(feed, 5, since=HOUR)
    del feed.releases[3]["ocid"], feed.releases[3]["id"]
    feed.releases[3]["id"] = ""
    done = poller(store, feed, day).poll(first=NOON - 2 * HOUR)
    assert done.records == done.report.added + done.report.unchanged + len(done.report.problems) == 5
    assert {one.record for one in done.report.problems} <= {4}


def test_a_dry_run_takes_nothing_in_and_moves_no_mark(store: Store, feed: FeedServer, day: Day) -> None:
    fill(feed, 12)
    done = poller(store, feed, day, dry=True).poll(first=NOON - 24 * HOUR)
    assert done.report.added == 12
    assert taken(store) == {}
    assert mark(store) is None


# --- its pace -----------------------------------------------------------------------------------------------------


def test_no_more_than_twelve_requests_are_made_in_any_two_minutes(store: Store, feed: FeedServer, day: Day) -> None:
    poller(store, feed, day).poll(first=NOON - timedelta(days=10))
    assert len(feed.asked) == 40
    assert feed.most_in_two_minutes() == 12
    assert {one.status for one in feed.asked} == {200}, "it was never refused"
    assert day.waited == pytest.approx(3 * 125, abs=1)


def test_two_runs_one_after_the_other_keep_the_pace_together(store: Store, feed: FeedServer, day: Day) -> None:
    poller(store, feed, day).poll(first=NOON - 60 * HOUR)
    assert (len(feed.asked), day.waited) == (10, 0)
    day.now += 30 * SECOND
    poller(store, feed, day).poll(since=NOON - 60 * HOUR)
    assert len(feed.asked) == 21
    assert feed.most_in_two_minutes() <= 12
    assert {one.status for one in feed.asked} == {200}


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("", 120, 121), ("1.5", 1.5, 2), ("30", 30, 31), ("0", 120, 121), ("soon", 120, 121), ("-5", 120, 121),
        ("nan", 120, 121), ("Fri, 20 Nov 2026 12:00:40 GMT", 40, 41), ("Fri, 20 Nov 2026 11:00:00 GMT", 120, 121),
    ],
)  # fmt: skip
def test_a_feed_that_has_had_enough_is_left_alone_for_as_long_as_it_asks(
    sqlite_store: Store, feed: FeedServer, day: Day, status: int, header: str, least: float, most: float
) -> None:
    fill(feed, 3)
    feed.will(Fault(status, {"Retry-After": header} if header else {}, BUSY))
    poller(sqlite_store, feed, day).poll(first=NOON - 24 * HOUR)
    assert set(taken(sqlite_store)) == ids(feed)
    assert least <= day.waited <= most


def test_a_rest_is_kept_by_the_next_run_too(store: Store, feed: FeedServer, day: Day) -> None:
    feed.will(Fault(429, {}, BUSY))
    day.hook = lambda: True
    with pytest.raises(Stopped):
        poller(store, feed, day).poll(first=NOON - HOUR)
    day.hook, asked = lambda: False, len(feed.asked)
    day.waits.clear()
    poller(store, feed, day).poll(first=NOON - HOUR)
    assert len(feed.asked) == asked + 1
    assert day.waited == pytest.approx(90)


def test_a_feed_that_wants_hours_of_rest_ends_the_poll_at_once(store: Store, feed: FeedServer, day: Day) -> None:
    feed.will(Fault(503, {"Retry-After": "7200"}, ""))
    for _ in range(2):
        with pytest.raises(FeedError, match="left alone for another 120 minutes"):
            poller(store, feed, day).poll(first=NOON - HOUR)
    assert (len(feed.asked), day.waits) == (1, [])
    day.now += 2 * HOUR
    poller(store, feed, day).poll(first=NOON - HOUR)


def test_a_feed_that_counts_otherwise_is_still_read_to_its_end(store: Store, feed: FeedServer, day: Day) -> None:
    """As if another program at the same address had used up what it allows."""
    fill(feed, 40)
    feed.will(*[Fault(429, {}, BUSY)] * 4)
    poller(store, feed, day).poll(first=NOON - 24 * HOUR)
    assert set(taken(store)) == ids(feed)


def test_a_clock_that_was_put_right_stops_nothing(store: Store, feed: FeedServer, day: Day) -> None:
    feed.limit = False
    day.now += timedelta(days=400)
    poller(store, feed, day).poll(first=day.now - 72 * HOUR)
    day.now = NOON
    fill(feed, 6)
    done = poller(store, feed, day).poll(first=NOON - 24 * HOUR)
    assert day.waited < 10
    assert set(taken(store)) == ids(feed)
    assert done.until == mark(store) == NOON


# --- its bad days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault(504, body="<html>"), Fault(502, body=""), Fault(cut=True), Fault(body="<html>A page</html>"),
        Fault(body='{"message": "later"}'), Fault(body='{"releases": [{"id": "1"}'), Fault(body='{"releases": '),
        Fault(body=""), Fault(body="[]"),
    ],
    ids=["504", "502", "half", "page", "message", "torn", "open", "nothing", "list"],
)  # fmt: skip
def test_an_answer_that_is_none_is_asked_for_again(
    sqlite_store: Store, feed: FeedServer, day: Day, fault: Fault
) -> None:
    fill(feed, 3, since=HOUR)
    feed.will(fault, fault)
    poller(sqlite_store, feed, day).poll(first=NOON - 2 * HOUR)
    assert set(taken(sqlite_store)) == ids(feed)
    assert day.waits == [2.0, 8.0], "each wait is longer"


def test_a_feed_that_stays_silent_ends_the_poll_and_the_next_goes_on(store: Store, feed: FeedServer, day: Day) -> None:
    fill(feed, 40)
    feed.will(Fault(), Fault(), *[Fault(504, body="")] * 5)
    failed = poller(store, feed, day)
    with pytest.raises(FeedError, match=r"HTTP 504.*5 times"):
        failed.poll(first=NOON - 24 * HOUR)
    assert mark(store) == failed.summary.until == NOON - 12 * HOUR
    assert failed.summary.windows == 2
    poller(store, feed, day).poll()
    assert set(taken(store)) == ids(feed)
    assert feed.most_in_two_minutes() <= 12


def test_nobody_there_is_told_in_plain_words(store: Store, feed: FeedServer, day: Day) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        with pytest.raises(FeedError, match="it did not answer"):
            poller(store, feed, day, url=url).poll(first=NOON - HOUR)
    assert day.waits == [2.0, 8.0, 30.0, 30.0, 30.0, 30.0, 30.0]


def test_a_slow_answer_is_given_up(sqlite_store: Store, feed: FeedServer, day: Day) -> None:
    gate = threading.Event()
    feed.will(Fault(gate=gate))
    poller(sqlite_store, feed, day, patience=0.2).poll(first=NOON - HOUR)
    gate.set()
    assert (len(feed.asked), day.waits) == (2, [2.0])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(sqlite_store: Store, feed: FeedServer, day: Day, status: int) -> None:
    with FeedServer(lambda: day.now) as other:
        feed.will(Fault(status, {"Location": f"{other.url}/api/1.0/ocdsReleasePackages"}, ""))
        with pytest.raises(FeedError, match="sends us to another address"):
            poller(sqlite_store, feed, day).poll(first=NOON - HOUR)
        assert other.asked == []
    assert (len(feed.asked), mark(sqlite_store)) == (1, None)


def test_only_the_cursor_is_taken_from_a_link(sqlite_store: Store, feed: FeedServer, day: Day) -> None:
    with FeedServer(lambda: day.now) as other:
        feed.next_host, feed.page = other.url, 2
        fill(feed, 5, since=HOUR)
        poller(sqlite_store, feed, day).poll(first=NOON - 2 * HOUR)
        assert other.asked == []
    assert set(taken(sqlite_store)) == ids(feed)


@pytest.mark.parametrize(
    ("link", "why"),
    [("?cursor=round", "circle"), ("https://feed.example.org/next", "without a cursor"), (7, "without a cursor")],
)
def test_pages_that_lead_nowhere_end_the_poll(
    sqlite_store: Store, feed: FeedServer, day: Day, link: object, why: str
) -> None:
    page = Fault(body=json.dumps({"releases": [], "links": {"next": link}}))
    feed.will(*[page] * 5)
    with pytest.raises(FeedError, match=why):
        poller(sqlite_store, feed, day).poll(first=NOON - HOUR)
    assert len(feed.asked) <= 2
    assert mark(sqlite_store) is None


def test_an_answer_that_is_too_large_is_not_read(sqlite_store: Store, feed: FeedServer, day: Day) -> None:
    fill(feed, 50)
    with pytest.raises(FeedError, match="DESK_MAX_FILE_BYTES"):
        poller(sqlite_store, feed, day, most_bytes=2_000).poll(first=NOON - 24 * HOUR)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_not_tried_again(sqlite_store: Store, feed: FeedServer, day: Day, status: int) -> None:
    feed.will(Fault(status, body="{}"))
    with pytest.raises(FeedError, match=f"HTTP {status}"):
        poller(sqlite_store, feed, day).poll(first=NOON - HOUR)
    assert len(feed.asked) == 1


def test_a_server_with_a_certificate_nobody_vouches_for_is_not_read(
    sqlite_store: Store, day: Day, feed: FeedServer, tmp_path: Path
) -> None:
    theirs, _ = certificate(tmp_path)
    feed.server.socket = theirs.wrap_socket(feed.server.socket, server_side=True)
    with pytest.raises(FeedError, match="certificate"):
        poller(sqlite_store, feed, day, url=feed.url.replace("http:", "https:")).poll(first=NOON - HOUR)


# --- one at a time ------------------------------------------------------------------------------------------------


def test_a_crash_between_pages_leaves_whole_pages_and_the_next_poll_goes_on(
    store: Store, feed: FeedServer, day: Day
) -> None:
    feed.page = 10
    fill(feed, 45, since=5 * HOUR)

    def fails(connection: Connection, read: Read, now: datetime, name: str) -> Report:
        report = take(connection, read, now, name)
        if name.endswith("page 3"):
            raise OSError("the disk is full")
        return report

    with pytest.raises(OSError, match="disk"):
        poller(store, feed, day, take=fails).poll(first=NOON - 6 * HOUR)
    assert len(taken(store)) == 20, "two pages, and nothing of the third"
    assert mark(store) is None
    done = poller(store, feed, day).poll(first=NOON - 6 * HOUR)
    assert set(taken(store)) == ids(feed)
    assert (done.report.added, done.report.unchanged) == (25, 20)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_whoever_is_stopped_leaves_a_good_state(
    store: Store, feed: FeedServer, day: Day, error: type[BaseException]
) -> None:
    fill(feed, 40)

    def stops(connection: Connection, read: Read, now: datetime, name: str) -> Report:
        report = take(connection, read, now, name)
        if len(taken_in(connection)) > 15:
            raise error
        return report

    with pytest.raises(error):
        poller(store, feed, day, take=stops).poll(first=NOON - 24 * HOUR)
    with store.reading() as connection:
        held = standing(connection)
    assert (held.holder, held.until is not None) == ("", True)
    poller(store, feed, day).poll()
    assert set(taken(store)) == ids(feed)


def taken_in(connection: Connection) -> list[Any]:
    return list(connection.execute(sa.text("SELECT name FROM fact WHERE name LIKE 'taken:%'")))


def hold(store: Store, now: datetime, holder: str, feed: FeedServer) -> None:
    """Somebody begins to poll, and is heard of no more."""
    with store.writing() as connection:
        assert claim(connection, now, holder, feed.url)


def test_a_poll_waits_for_another_and_takes_over_when_its_lease_is_out(
    store: Store, feed: FeedServer, day: Day
) -> None:
    fill(feed, 5)
    hold(store, NOON, "elsewhere:1:abcd", feed)
    told: list[str] = []
    poller(store, feed, day, tell=told.append).poll(first=NOON - 24 * HOUR)
    assert day.waited == pytest.approx(LEASE.total_seconds(), abs=2)
    assert "another process is polling" in told[0]
    assert set(taken(store)) == ids(feed)


def test_a_process_of_this_machine_that_is_dead_holds_nothing(store: Store, feed: FeedServer, day: Day) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    hold(store, NOON, f"{socket.gethostname()[:24]}:{child.pid}:abcd", feed)
    poller(store, feed, day).poll(first=NOON - HOUR)
    assert day.waits == []


def test_only_a_process_of_this_machine_is_known_to_be_dead() -> None:
    here = socket.gethostname()[:24]
    assert not is_dead(f"{here}:{os.getpid()}:abcd")
    assert not is_dead("elsewhere:999999999:abcd")
    assert not is_dead(f"{here}:what:abcd")
    assert not is_dead("")


def test_two_polls_at_once_poll_once(store: Store, feed: FeedServer, day: Day) -> None:
    feed.page, feed.limit = 5, False
    fill(feed, 33)
    day.hook = lambda: threading.Event().wait(0.005)
    polls = [poller(store, feed, day) for _ in range(2)]
    failed: list[Exception] = []

    def run(one: Poller) -> None:
        try:
            one.poll(first=NOON - 24 * HOUR)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in polls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert set(taken(store)) == ids(feed)
    assert set(taken(store).values()) == {1}
    assert sorted(one.requests for one in polls)[0] == 0


def test_a_poll_that_was_too_slow_takes_nothing_in_any_more(store: Store, feed: FeedServer, day: Day) -> None:
    fill(feed, 5)
    slow = poller(store, feed, day)
    feed.will(Fault(504, body=""))

    def overtaken() -> None:
        day.now += 2 * LEASE
        hold(store, day.now, "elsewhere:1:abcd", feed)

    day.hook = overtaken
    with pytest.raises(FeedError, match="another process has taken over"):
        slow.poll(first=NOON - 24 * HOUR)
    assert (taken(store), mark(store)) == ({}, None)
    with store.reading() as connection:
        assert standing(connection).holder == "elsewhere:1:abcd"


def test_whoever_waits_says_that_it_is_alive(store: Store, feed: FeedServer, day: Day) -> None:
    feed.will(Fault(429, {"Retry-After": "600"}, BUSY))
    leases: list[datetime] = []

    def look() -> None:
        with store.reading() as connection:
            leases.append(standing(connection).lease_until or NOON)
            assert day.now < leases[-1] <= day.now + LEASE

    day.hook = look
    poller(store, feed, day).poll(first=NOON - HOUR)
    assert len(leases) == 20


# --- what is asked ------------------------------------------------------------------------------------------------


def test_a_request_is_one_that_the_api_knows_and_says_who_asks(store: Store, feed: FeedServer, day: Day) -> None:
    poller(store, feed, day).poll(first=NOON - HOUR)
    [asked] = feed.asked
    assert asked.query == {"updatedFrom": "2026-11-20T11:00:00", "updatedTo": "2026-11-20T12:00:00", "limit": "100"}
    assert asked.headers["User-Agent"].startswith("CommissioningDesk/")
    assert "Authorization" not in asked.headers


@pytest.mark.parametrize(
    ("text", "cursor"),
    [
        ('{"releases": [], "links": {"next": "https://x.example.org/a?b=1&cursor=a%2Bb%3D"}}', "a+b="),
        ('{"releases": [], "links": {"next": null}}', ""),
        ('{"releases": []}', ""),
        ('{"links": {"next": "?cursor=c1"}, "releases": [{"value":  000,, "text": "links: {\\"next\\": 1}"}]}', "c1"),
        ('{"releases": [{"links": {"next": "?cursor=no"}, "value": 000,}], "links": {"next": "?cursor=yes"}}', "yes"),
        ('\ufeff{"releases": [{"a": 00}]}', ""),
    ],
)
def test_the_next_page_is_found_also_where_the_answer_is_no_json(text: str, cursor: str) -> None:
    assert page_of(text.encode()).cursor == cursor


@pytest.mark.parametrize("text", ['{"releases": [{"a": 00}', '{"releases": [{"a": 00}]} }', '{"a": 00}', "x", "[[["])
def test_what_is_not_whole_is_no_page(text: str) -> None:
    with pytest.raises(Silent):
        page_of(text.encode())


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    assert wait_asked("1.5", NOON) == timedelta(seconds=1.5)
    assert wait_asked("1e30", NOON) == timedelta(days=1)
    assert wait_asked("Fri, 20 Nov 2026 12:05:00 GMT", NOON) == 5 * MINUTE
    assert wait_asked("", NOON) is None
    assert wait_asked("inf", NOON) is None


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def today() -> Iterator[FeedServer]:
    """A feed of the real day: eight releases of ours, three of others, in the last five hours."""
    now = datetime.now(UTC)
    with FeedServer() as server:
        fill(server, 8, since=5 * HOUR, until=now - 5 * MINUTE)
        server.put(*(release(90 + number, now - HOUR, buyer=THEIRS) for number in range(3)))
        yield server


def run_poll(home: Path, feed: FeedServer, *arguments: str, **more: str) -> Any:
    since = f"{datetime.now(UTC) - 12 * HOUR:%Y-%m-%d}"
    environment = cast.environment(home, DESK_NOTICES_URL=feed.url, DESK_NOTICES_SINCE=since, **more)
    return CliRunner(env=environment).invoke(poll_command, [*arguments])


def test_the_command_takes_our_own_notices_and_says_so_in_json(tmp_path: Path, today: FeedServer) -> None:
    told = run_poll(tmp_path, today, "--json")
    assert told.exit_code == 0, told.output
    said = json.loads(told.stdout)
    assert (said["added"], said["changed"], said["problems"]) == (8, 0, [])
    assert said["records"] == said["added"] + said["changed"] + said["unchanged"]
    assert said["requests"] == said["windows"] == len(today.asked)
    assert datetime.fromisoformat(said["until"]) <= datetime.now(UTC)
    again = json.loads(run_poll(tmp_path, today, "--json").stdout)
    assert (again["added"], again["changed"]) == (0, 0)


def test_all_takes_everybodys(tmp_path: Path, today: FeedServer) -> None:
    assert json.loads(run_poll(tmp_path, today, "--json", "--all").stdout)["added"] == 11


def test_the_council_is_known_by_the_number_of_its_buyer_too(tmp_path: Path, today: FeedServer) -> None:
    assert json.loads(run_poll(tmp_path, today, "--json", DESK_BUYERS=OURS_ID).stdout)["added"] == 8
    assert json.loads(run_poll(tmp_path, today, "--json", DESK_BUYERS=f"{OURS}; x").stdout)["added"] == 0


def test_a_later_release_of_the_same_procurement_changes_it(tmp_path: Path, today: FeedServer) -> None:
    run_poll(tmp_path, today)
    first = today.releases[0]
    today.put(release(0, datetime.now(UTC) - MINUTE, id="777777-2026", ocid=first["ocid"], title="Another title"))
    said = json.loads(run_poll(tmp_path, today, "--json").stdout)
    assert (said["added"], said["changed"]) == (0, 1)


def test_a_dry_run_of_the_command_says_what_it_would_do(tmp_path: Path, today: FeedServer) -> None:
    assert "Would take" in run_poll(tmp_path, today, "--dry-run").stdout
    assert json.loads(run_poll(tmp_path, today, "--json").stdout)["added"] == 8


def test_a_feed_that_fails_is_told_with_what_was_reached(tmp_path: Path, today: FeedServer) -> None:
    today.will(Fault(404, body="SECRETBODY"))
    told = run_poll(tmp_path, today, "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["until"] is None
    assert "ended early: it refuses our request (HTTP 404)" in told.stderr
    assert "the next poll begins anew" in told.stderr
    assert "SECRETBODY" not in told.output
    assert run_poll(tmp_path, today).exit_code == 0


def test_without_a_name_for_the_council_nothing_is_asked(tmp_path: Path, today: FeedServer) -> None:
    told = run_poll(tmp_path, today, DESK_COUNCIL="")
    assert isinstance(told.exception, SettingsError)
    assert "DESK_BUYERS" in str(told.exception)
    assert today.asked == []


def test_ctrl_c_ends_the_command_with_a_sentence_and_the_next_goes_on(tmp_path: Path, today: FeedServer) -> None:
    """A real process, stopped while it waits for an answer. It heeds Ctrl-C though whoever runs the tests, being in the
    background of a shell, may not."""
    gate = threading.Event()
    today.will(Fault(gate=gate))
    since = f"{datetime.now(UTC) - 12 * HOUR:%Y-%m-%d}"
    environment = child_environment(tmp_path, DESK_NOTICES_URL=today.url, DESK_NOTICES_SINCE=since)
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    script = f"{heeding}; from bot.commands.timeline_poll import poll; poll(['--json'])"
    child = subprocess.Popen(
        [sys.executable, "-c", script], env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        wait_until(lambda: today.asked, "the first request", 20)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=20)
    finally:
        gate.set()
        child.kill()
        child.communicate()
    assert child.returncode == 1
    assert b"stopped" in err
    assert b"Traceback" not in err
    assert json.loads(out)["added"] == 0
    assert json.loads(run_poll(tmp_path, today, "--json").stdout)["added"] == 8


def test_a_killed_command_holds_up_no_other(tmp_path: Path, today: FeedServer) -> None:
    gate = threading.Event()
    today.will(Fault(gate=gate))
    since = f"{datetime.now(UTC) - 12 * HOUR:%Y-%m-%d}"
    environment = child_environment(tmp_path, DESK_NOTICES_URL=today.url, DESK_NOTICES_SINCE=since)
    script = "from bot.commands.timeline_poll import poll; poll([])"
    child = subprocess.Popen([sys.executable, "-c", script], env=environment, cwd=tmp_path)
    try:
        wait_until(lambda: today.asked, "the first request", 20)
    finally:
        child.kill()
        child.wait()
        gate.set()
    started = time.monotonic()
    assert json.loads(run_poll(tmp_path, today, "--json").stdout)["added"] == 8
    assert time.monotonic() - started < 10


# --- by the worker ------------------------------------------------------------------------------------------------


class OpenDesk(Protocol):
    """Opens a desk with the test's record that polls the feed of today."""

    def __call__(self, **more: str) -> Wiring: ...


@pytest.fixture
def open_desk(store: Store, tmp_path: Path, today: FeedServer) -> Iterator[OpenDesk]:
    opened: list[Wiring] = []

    def make(**more: str) -> Wiring:
        since = f"{datetime.now(UTC) - 12 * HOUR:%Y-%m-%d}"
        given = {"DESK_NOTICES_URL": today.url, "DESK_NOTICES_EVERY": "60", "DESK_NOTICES_SINCE": since, **more}
        url = store.url.render_as_string(hide_password=False)
        opened.append(Wiring(cast.settings(tmp_path, DATABASE_URL=url, **given)))
        return opened[-1]

    yield make
    for one in opened:
        one.store.close()


def test_the_worker_polls_when_it_is_due_and_not_before(store: Store, open_desk: OpenDesk, today: FeedServer) -> None:
    desk = open_desk()
    assert poll_when_due(desk) == 8
    asked = len(today.asked)
    assert poll_when_due(desk) == poll_when_due(open_desk()) == 0
    assert len(today.asked) == asked
    back_by(store, 2 * HOUR)
    poll_when_due(desk)
    assert len(today.asked) > asked


def back_by(store: Store, span: timedelta) -> None:
    """As if the last poll had begun so long ago."""
    with store.writing() as connection:
        held = standing(connection)
        assert held.began
        until = held.until - span if held.until else None
        then = held.model_copy(update={"began": held.began - span, "until": until})
        sql = sa.update(tables.fact).where(tables.fact.c.name == "notices_poll").values(value=then.model_dump_json())
        connection.execute(sql)


def test_the_worker_does_not_poll_unless_it_is_asked_to(store: Store, open_desk: OpenDesk, today: FeedServer) -> None:
    assert poll_when_due(open_desk(DESK_NOTICES_EVERY="0")) == 0
    assert today.asked == []


def test_many_workers_poll_once(store: Store, open_desk: OpenDesk, today: FeedServer) -> None:
    desks = [open_desk() for _ in range(4)]
    counts: list[int] = []
    threads = [threading.Thread(target=lambda one=one: counts.append(poll_when_due(one))) for one in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(counts) == [0, 0, 0, 8]


def test_what_a_dead_poller_left_is_due_at_once_when_its_lease_is_out(
    store: Store, open_desk: OpenDesk, today: FeedServer
) -> None:
    desk = open_desk()
    hold(store, datetime.now(UTC) - MINUTE, "elsewhere:1:abcd", today)
    assert poll_when_due(desk) == 0, "it may be alive"
    with store.writing() as connection:
        connection.execute(sa.delete(tables.fact).where(tables.fact.c.name == "notices_poll"))
    hold(store, datetime.now(UTC) - 2 * LEASE, "elsewhere:1:abcd", today)
    assert poll_when_due(desk) == 8


def test_a_failure_is_logged_without_words_shown_by_check_and_gone_after_the_next_poll(
    store: Store, open_desk: OpenDesk, today: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.logs import set_up_logs

    set_up_logs("debug")
    desk = open_desk()
    [before] = check_notices(desk.settings, store)
    today.will(Fault(403, body="SECRETBODY"))
    assert poll_when_due(desk) == 0
    said = capsys.readouterr().err
    assert '"state": "failed"' in said
    assert "SECRET" not in said
    [finding] = check_notices(desk.settings, store)
    assert (before.severity, finding.severity) == (Severity.WARNING, Severity.WARNING)
    assert "HTTP 403" in finding.what
    assert "desk timeline poll" in finding.do
    back_by(store, 2 * HOUR)
    poll_when_due(desk)
    [finding] = check_notices(desk.settings, store)
    assert finding.severity is Severity.FINE
    assert OURS not in capsys.readouterr().err
    back_by(store, 9 * HOUR)
    [finding] = check_notices(desk.settings, store)
    assert "No poll has been made since" in finding.what


def test_a_desk_that_does_not_poll_is_not_told_about_it(store: Store, open_desk: OpenDesk, today: FeedServer) -> None:
    desk = open_desk(DESK_NOTICES_EVERY="0")
    assert check_notices(desk.settings, store) == []


def test_a_worker_that_stops_does_not_wait_for_the_feed(store: Store, open_desk: OpenDesk, today: FeedServer) -> None:
    today.will(Fault(429, {"Retry-After": "600"}, BUSY))
    desk, stopping = open_desk(), threading.Event()
    thread = threading.Thread(target=poll_when_due, args=(desk, stopping.wait))
    thread.start()
    wait_until(lambda: today.asked, "the first request")
    stopping.set()
    thread.join(5)
    assert not thread.is_alive()
    with store.reading() as connection:
        assert (standing(connection).holder, standing(connection).problem) == ("", "")


def test_errands_have_threads_of_their_own_and_hold_up_neither_the_worker_nor_its_end(open_desk: OpenDesk) -> None:
    ticks: list[int] = []
    begun = threading.Event()

    def errand(wait: Callable[[float], bool]) -> int:
        begun.set()
        assert wait(60)
        return 0

    def fails(wait: Callable[[float], bool]) -> int:
        raise OSError

    def tick() -> int:
        ticks.append(1)
        return 0

    worker = Worker(
        open_desk(DESK_NOTICES_EVERY="0"), {}, lambda owed: None, tell_nobody, tick,
        errands=(errand, fails),
    )  # fmt: skip
    code: list[int] = []
    thread = threading.Thread(target=lambda: code.append(worker.run()))
    thread.start()
    assert begun.wait(10)
    wait_until(lambda: ticks, "a tick")
    worker.stop()
    thread.join(10)
    assert code == [0]


def test_a_worker_that_does_all_that_is_due_polls_too(home: Path, today: FeedServer) -> None:
    since = f"{datetime.now(UTC) - 12 * HOUR:%Y-%m-%d}"
    given = {"DESK_NOTICES_URL": today.url, "DESK_NOTICES_EVERY": "60", "DESK_NOTICES_SINCE": since}
    done = run_desk(child_environment(home, **given), "work", "--once", cwd=home)
    assert done.returncode == 0, done.stderr
    assert len(today.asked) >= 2


# --- settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {"DESK_NOTICES_URL": "http://feed.example.org"}, {"DESK_NOTICES_URL": "ftp://127.0.0.1"},
        {"DESK_NOTICES_SINCE": "last week"}, {"DESK_NOTICES_EVERY": "-1"}, {"DESK_NOTICES_EVERY": "60"},
        {"DESK_NOTICES_SECRET": "plain"}, {"DESK_NOTICES_SECRET": "whsec_c2hvcnQ="},
    ],
)  # fmt: skip
def test_settings_that_do_not_do_are_named(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=f"{next(iter(given))}|DESK_BUYERS"):
        load_settings(given)
