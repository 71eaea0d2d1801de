"""Whom an import tells: nobody the first time unless asked to, and a dry run says how many would hear."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cast
import pytest
from click.testing import CliRunner, Result
from feed_server import FeedServer, release
from subscribing import FIRM, matches, owed, subscribe, told
from timeline import statement

from bot.__main__ import desk as desk_command
from bot.notices import take_read
from bot.wiring import Wiring
from knowledge.store import Store
from knowledge.subscriptions.nouns import Criteria
from knowledge.timeline.nouns import Read

Run = Callable[..., Result]
HEAD = "Reference,Title,Tender\n"
LONG_AGO = datetime.now(UTC) - timedelta(days=30)


@pytest.fixture
def desk(home: Path) -> Run:
    return lambda *said: CliRunner(env={**cast.environment(home), "COLUMNS": "200"}).invoke(desk_command, said)


@pytest.fixture
def store(wiring: Wiring) -> Store:
    return wiring.store


def file(folder: Path, *titles: str) -> str:
    year = datetime.now(UTC).year + 1
    path = folder / "timeline.csv"
    path.write_text(HEAD + "".join(f"T-{at},{title},June {year}\n" for at, title in enumerate(titles, start=1)))
    return str(path)


def test_a_first_import_tells_nobody_and_says_so(desk: Run, store: Store, tmp_path: Path) -> None:
    subscribe(store, at=LONG_AGO)
    done = desk("timeline", "import", file(tmp_path, "Home care"))
    assert "nobody was told; --announce tells those who subscribed" in done.output
    assert matches(store) == []


def test_a_first_import_tells_whoever_subscribed_where_it_is_to(desk: Run, store: Store, tmp_path: Path) -> None:
    subscribe(store, at=LONG_AGO)
    subscribe(store, Criteria(), at=LONG_AGO)
    done = desk("timeline", "import", file(tmp_path, "Home care"), "--announce")
    assert "Told 1 person (2 matches)" in done.output
    assert len(owed(store)) == 1


def test_an_import_after_the_first_tells_whoever_subscribed(desk: Run, store: Store, tmp_path: Path) -> None:
    desk("timeline", "import", file(tmp_path, "Home care"))
    subscribe(store, at=LONG_AGO)
    report = json.loads(desk("timeline", "import", file(tmp_path, "Home care", "More home care"), "--json").output)
    assert (report["matches"], report["notifications"], report["people"], report["would_notify"]) == (1, 1, 1, True)
    assert [subject for _, subject in told(store)] == ["intention:2:1"]


def test_a_dry_run_says_how_many_would_hear_and_tells_nobody(desk: Run, store: Store, tmp_path: Path) -> None:
    subscribe(store, at=LONG_AGO)
    subscribe(store, recipient=FIRM, at=LONG_AGO)
    given = "timeline", "import", file(tmp_path, "Home care", "Care at home"), "--dry-run"
    assert "nobody would be told; --announce would tell 2 people (4 matches)" in desk(*given).output
    assert "Would tell 2 people (4 matches)" in desk(*given, "--announce").output
    report = json.loads(desk(*given, "--json").output)
    assert (report["matches"], report["people"], report["would_notify"]) == (4, 2, False)
    assert matches(store) == []


@pytest.fixture
def feed() -> Iterator[FeedServer]:
    """A feed with two notices of ours, published hours ago: they lie in two windows."""
    with FeedServer() as server:
        now = datetime.now(UTC)
        server.put(release(1, now - timedelta(hours=9)), release(2, now - timedelta(hours=1)))
        yield server


def poll(home: Path, feed: FeedServer, *said: str) -> Result:
    environment = cast.environment(home, DESK_NOTICES_URL=feed.url, COLUMNS="200")
    return CliRunner(env=environment).invoke(desk_command, ["timeline", "poll", *said])


def test_the_first_poll_of_an_empty_timeline_tells_nobody_of_any_page_and_the_next_tells(
    home: Path, store: Store, feed: FeedServer
) -> None:
    subscribe(store, Criteria(), at=LONG_AGO)
    assert "nobody was told; --announce tells those who subscribed" in poll(home, feed).output
    assert matches(store) == []
    feed.put(release(3, datetime.now(UTC) - timedelta(minutes=5)))
    assert json.loads(poll(home, feed, "--json").stdout)["matches"] == 1
    assert [subject for _, subject in told(store)] == ["intention:3:1"]


def test_a_first_poll_that_is_to_tell_tells(home: Path, store: Store, feed: FeedServer) -> None:
    subscribe(store, Criteria(), at=LONG_AGO)
    found = json.loads(poll(home, feed, "--json", "--announce").stdout)
    assert (found["matches"], found["people"], found["would_notify"]) == (2, 1, True)


def test_a_poll_that_found_nothing_of_ours_was_the_first(home: Path, store: Store, feed: FeedServer) -> None:
    subscribe(store, Criteria(), at=LONG_AGO)
    feed.releases = []
    poll(home, feed)
    feed.put(release(3, datetime.now(UTC) - timedelta(minutes=5)))
    assert json.loads(poll(home, feed, "--json").stdout)["matches"] == 1


def test_a_notice_that_is_sent_is_told_even_where_it_is_the_first(wiring: Wiring) -> None:
    subscribe(wiring.store, Criteria(), at=LONG_AGO)
    read = Read(records=1, statements=((1, statement(day=f"{datetime.now(UTC):%Y-%m-%d}")),))
    assert take_read(wiring, read, "sent-1").told.matches == 1
