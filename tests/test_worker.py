"""The worker: everything owed leaves once, whatever is slow, dead, poisonous or killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from fake_slack import until
from mail import MailServer
from processes import ROOT, child_environment, stopped, while_alive

from bot.channels import Again, Channel, Never
from bot.channels.courier import Courier
from bot.channels.lane import Lane
from bot.channels.settling import Duties
from bot.settings import load_settings
from bot.wiring import Wiring
from bot.worker import Worker
from handlers.letters import Letter
from handlers.messages import Outcome, Reply
from knowledge.outbox.heartbeats import alive
from knowledge.outbox.listing import Standing, notifications
from knowledge.outbox.owed import Owed
from knowledge.outbox.owing import owe
from knowledge.outbox.retrying import most_attempts
from knowledge.store import Store
from knowledge.tables import notification

SECOND = timedelta(seconds=1)


class Post:
    """A channel that keeps what it sends. `will_raise`: what its next sends raise; `slow`: seconds each takes; `gate`:
    what must happen before anything leaves."""

    def __init__(self, *problems: Exception, slow: float = 0.0) -> None:
        self.sent: list[tuple[str, bool]] = []
        self.will_raise = deque(problems)
        self.slow = slow
        self.gate: threading.Event | None = None
        self.tries = 0

    def send(self, letter: Letter, again: bool) -> dict[str, Any]:
        self.tries += 1
        if self.gate:
            self.gate.wait(20)
        threading.Event().wait(self.slow)
        if self.will_raise:
            raise self.will_raise.popleft()
        self.sent.append((letter.id, again))
        return {"number": len(self.sent)}


def compose(owed: Owed) -> Letter:
    """A letter that says nothing much."""
    reply = Reply(outcome=Outcome.CONCERN, text="Something for you.")
    return Letter(
        id=owed.id, kind=owed.kind, address=owed.recipient, subject="The desk", reply=reply, urgent=owed.urgent
    )


def wiring_of(store: Store, home: Path) -> Wiring:
    """A desk with this record and nothing else."""
    return Wiring(cast.settings(home, DATABASE_URL=store.url.render_as_string(hide_password=False)))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Wiring]:
    """A desk that owes nobody anything."""
    made = Wiring(cast.settings(tmp_path))
    yield made
    made.store.close()


def worker_of(desk: Wiring, channels: dict[str, Channel], **more: Any) -> Worker:
    given = {"compose": compose, "undeliverable": lambda owed, reason: None, "tick": lambda: 0, "every": 0.02, **more}
    return Worker(desk, channels, **given)


def owe_some(store: Store, count: int = 1, channel: str = "post", **more: Any) -> None:
    with store.writing() as connection:
        now = store.now(connection) - SECOND
        for number in range(count):
            given = {"kind": "raised", "recipient": f"max{number}@example.org", **more}
            assert owe(connection, now, subject=f"event:{number}", channel=channel, **given)


def set_all(store: Store, **values: Any) -> None:
    """Changes every notification that waits."""
    with store.writing() as connection:
        connection.execute(sa.update(notification).where(notification.c.state == "waiting").values(**values))


def bring_due(store: Store) -> None:
    """Time passes: leases run out, and what was to be tried again is due."""
    with store.writing() as connection:
        gone = store.now(connection) - SECOND
    set_all(store, due_at=gone, lease_until=gone)


def standings(store: Store) -> list[Standing]:
    return notifications(store, settled=True)


def states(store: Store) -> list[str]:
    return sorted(one.state for one in standings(store))


@contextmanager
def running(worker: Worker) -> Iterator[list[int]]:
    """The worker at work in a thread of its own; its exit code afterwards."""
    code: list[int] = []
    thread = threading.Thread(target=lambda: code.append(worker.run()))
    thread.start()
    try:
        yield code
    finally:
        worker.stop()
        thread.join(20)


def test_what_is_owed_leaves_once_however_often_the_worker_runs(store: Store, tmp_path: Path) -> None:
    owe_some(store, 5)
    post = Post()
    desk = wiring_of(store, tmp_path)
    assert worker_of(desk, {"post": post}).run_until_idle() == 5
    assert worker_of(desk, {"post": post}).run_until_idle() == 0
    bring_due(store)
    assert worker_of(desk, {"post": post}).run_until_idle() == 0
    assert len({id for id, _ in post.sent}) == len(post.sent) == 5
    assert states(store) == ["sent"] * 5
    desk.store.close()


def test_a_notification_that_leaves_waits_for_the_disk_once(store: Store, tmp_path: Path) -> None:
    """Half of what sending cost was the second wait."""
    owe_some(store, 6)
    desk, written = wiring_of(store, tmp_path), []
    commits = lambda connection: written.append(connection)  # noqa: E731 - the event wants a function of its own
    sa.event.listen(desk.store.engine, "commit", commits)
    lane = Lane(desk.store, "post", Post(), Duties(compose, lambda owed, reason: None), urgent=False)
    assert lane.drain() == 6
    assert len(written) == 7
    assert states(store) == ["sent"] * 6
    desk.store.close()


def test_a_lane_that_is_to_stop_takes_up_nothing_more_and_leaves_nothing_leased(store: Store, tmp_path: Path) -> None:
    owe_some(store, 3)
    desk, told = wiring_of(store, tmp_path), []
    duties = Duties(compose, lambda owed, reason: None)
    lane = Lane(desk.store, "post", Post(), duties, urgent=False, stopping=lambda: bool(told))
    assert lane.one()
    told.append("stop")
    lane.end()
    assert states(store) == ["sent", "sent", "waiting"], "what was in hand is finished"
    assert not [one for one in standings(store) if one.in_hand]
    desk.store.close()


def test_two_workers_at_once_send_each_once(store: Store, tmp_path: Path) -> None:
    owe_some(store, 40)
    post = Post(slow=0.002)
    desk = wiring_of(store, tmp_path)
    with running(worker_of(desk, {"post": post})), running(worker_of(desk, {"post": post})):
        until(lambda: states(store) == ["sent"] * 40, "all are sent")
    assert len(post.sent) == len({id for id, _ in post.sent}) == 40
    desk.store.close()


def test_what_failed_is_tried_again_and_says_that_it_may_have_left(desk: Wiring) -> None:
    owe_some(desk.store)
    post = Post(Again("Slack fails"))
    worker = worker_of(desk, {"post": post})
    assert worker.run_until_idle() == 1
    [standing] = standings(desk.store)
    assert (standing.state, standing.problem, standing.attempts) == ("waiting", "Slack fails", 1)
    bring_due(desk.store)
    worker.run_until_idle()
    [standing] = standings(desk.store)
    assert (standing.state, standing.problem) == ("sent", "")
    assert post.sent == [(standing.id, True)]


def test_a_first_try_does_not_look_for_an_earlier_one(desk: Wiring) -> None:
    owe_some(desk.store)
    post = Post()
    worker_of(desk, {"post": post}).run_until_idle()
    assert [again for _, again in post.sent] == [False]


def test_where_there_is_nothing_left_to_say_nothing_leaves(desk: Wiring) -> None:
    owe_some(desk.store)
    post = Post()
    worker_of(desk, {"post": post}, compose=lambda owed: None).run_until_idle()
    assert post.tries == 0
    assert states(desk.store) == ["moot"]


# --- one channel's trouble is its own -----------------------------------------------------------------------------


def test_a_dead_channel_holds_up_no_other(desk: Wiring) -> None:
    owe_some(desk.store, 3, "dead")
    owe_some(desk.store, 3, "quick")
    dead, quick = Post(), Post()
    dead.gate = threading.Event()
    with running(worker_of(desk, {"dead": dead, "quick": quick})):
        until(lambda: len(quick.sent) == 3, "the quick channel has sent everything")
        assert dead.sent == []
        dead.gate.set()


def test_where_nothing_would_leave_the_channel_rests_and_the_others_go_on(desk: Wiring) -> None:
    owe_some(desk.store, 5, "broken")
    owe_some(desk.store, 5, "quick")
    broken, quick = Post(Again("password refused (535)", whole_channel=True)), Post()
    worker = worker_of(desk, {"broken": broken, "quick": quick})
    worker.run_until_idle()
    assert broken.tries == 1, "the other four are not tried in vain"
    assert len(quick.sent) == 5
    assert worker.run_until_idle() == 0
    assert sorted(one.attempts for one in standings(desk.store) if one.channel == "broken") == [0, 0, 0, 0, 1]


def test_a_channel_rests_as_long_as_it_says(desk: Wiring) -> None:
    owe_some(desk.store, 2)
    post = Post(Again("Slack asks to wait", after=timedelta(milliseconds=200), whole_channel=True))
    worker = worker_of(desk, {"post": post})
    began = time.monotonic()
    with running(worker):
        until(lambda: len(post.sent) == 2, "both are sent")
    assert 0.2 <= time.monotonic() - began < 5


def test_what_fails_alone_does_not_rest_the_channel(desk: Wiring) -> None:
    owe_some(desk.store, 3)
    post = Post(Again("recipient refused for now (450)"))
    worker_of(desk, {"post": post}).run_until_idle()
    assert len(post.sent) == 2


# --- the urgent lane ----------------------------------------------------------------------------------------------


def test_two_hundred_others_do_not_hold_up_what_is_urgent(desk: Wiring) -> None:
    owe_some(desk.store, 200)
    post = Post(slow=0.05)
    with running(worker_of(desk, {"post": post})):
        until(lambda: len(post.sent) >= 2, "the worker is at work")
        owe_some(desk.store, kind="at risk", recipient="safe@example.org", urgent=True)
        [urgent] = [one.id for one in standings(desk.store) if one.urgent]
        until(lambda: urgent in [id for id, _ in post.sent], "the urgent one is sent", 2.0)
        assert len(post.sent) < 100
        post.slow = 0.0


def test_a_dead_channel_does_not_hold_up_what_is_urgent_on_another(desk: Wiring) -> None:
    owe_some(desk.store, 1, "dead", urgent=True)
    owe_some(desk.store, 1, "quick", urgent=True)
    dead, quick = Post(), Post()
    dead.gate = threading.Event()
    with running(worker_of(desk, {"dead": dead, "quick": quick})):
        until(lambda: quick.sent, "what is urgent has left on the quick channel", 2.0)
        dead.gate.set()


def test_the_process_that_wrote_something_urgent_sends_it_at_once(desk: Wiring) -> None:
    owe_some(desk.store, 3)
    owe_some(desk.store, 2, urgent=True, kind="at risk")
    post = Post()
    courier = Courier(desk.store, {"post": post}, Duties(compose, lambda owed, reason: None))
    courier.kick()
    courier.wait()
    assert len(post.sent) == 2, "the urgent ones and no others"
    owe_some(desk.store, urgent=True, kind="at risk again")
    courier.kick()
    courier.wait()
    assert len(post.sent) == 3
    courier.kick()
    courier.wait()
    assert len(post.sent) == 3


def test_a_kick_returns_at_once_and_one_that_comes_meanwhile_is_not_lost(desk: Wiring) -> None:
    owe_some(desk.store, urgent=True)
    post = Post()
    post.gate = threading.Event()
    courier = Courier(desk.store, {"post": post}, Duties(compose, lambda owed, reason: None))
    courier.kick()
    until(lambda: post.tries == 1, "the courier is at work")
    owe_some(desk.store, urgent=True, kind="another")
    courier.kick()
    post.gate.set()
    courier.wait()
    assert len(post.sent) == 2


def test_a_courier_that_cannot_send_leaves_it_to_the_worker(desk: Wiring) -> None:
    owe_some(desk.store, urgent=True)
    courier = Courier(desk.store, {"post": Post(Again("Slack fails"))}, Duties(compose, lambda owed, reason: None))
    courier.kick()
    courier.wait()
    bring_due(desk.store)
    post = Post()
    worker_of(desk, {"post": post}).run_until_idle()
    assert len(post.sent) == 1


# --- never --------------------------------------------------------------------------------------------------------


class Told:
    """Keeps what it is told. `will_raise`: what its next calls raise."""

    def __init__(self, *problems: Exception) -> None:
        self.heard: list[tuple[str, str]] = []
        self.will_raise = deque(problems)

    def __call__(self, owed: Owed, reason: str) -> None:
        if self.will_raise:
            raise self.will_raise.popleft()
        self.heard.append((owed.recipient, reason))


def test_where_nothing_arrives_somebody_else_is_owed_it(desk: Wiring) -> None:
    """At least once: a worker that dies after telling tells again."""
    owe_some(desk.store)
    told = Told(OSError("the record was away"))
    post = Post(*(Never("recipient refused (550)", unreachable=True),) * 2)
    worker = worker_of(desk, {"post": post}, undeliverable=told)
    worker.run_until_idle()
    assert states(desk.store) == ["waiting"], "who comes next could not be owed it"
    bring_due(desk.store)
    worker.run_until_idle()
    assert told.heard == [("max0@example.org", "recipient refused (550)")]
    assert [(one.state, one.problem) for one in standings(desk.store)] == [("undeliverable", "recipient refused (550)")]


def test_what_nobody_would_take_is_parked_and_told(desk: Wiring) -> None:
    owe_some(desk.store, 2)
    told, gone = Told(), Told()
    post = Post(Never("Slack refuses it: msg_too_long", unreachable=False))
    worker_of(desk, {"post": post}, tell_parked=told, undeliverable=gone).run_until_idle()
    assert states(desk.store) == ["parked", "sent"]
    assert [reason for _, reason in told.heard] == ["Slack refuses it: msg_too_long"]
    assert gone.heard == []


def test_nothing_is_parked_before_somebody_is_told(desk: Wiring) -> None:
    owe_some(desk.store)
    never = Never("letter refused (554)", unreachable=False)
    told = Told(OSError())
    worker = worker_of(desk, {"post": Post(never, never)}, tell_parked=told)
    worker.run_until_idle()
    assert states(desk.store) == ["waiting"]
    bring_due(desk.store)
    worker.run_until_idle()
    assert states(desk.store) == ["parked"]
    assert len(told.heard) == 1


@pytest.mark.parametrize("urgent", [False, True])
def test_what_was_tried_often_enough_is_parked_and_told(desk: Wiring, urgent: bool) -> None:
    owe_some(desk.store, urgent=urgent)
    told = Told()
    post = Post(*(Again("Slack fails"),) * 2)
    set_all(desk.store, attempts=most_attempts(urgent) - 2)
    worker = worker_of(desk, {"post": post}, tell_parked=told)
    worker.run_until_idle()
    assert states(desk.store) == ["waiting"]
    bring_due(desk.store)
    worker.run_until_idle()
    assert states(desk.store) == ["parked"]
    assert [reason for _, reason in told.heard] == ["Slack fails"]


def poisonous(owed: Owed) -> Letter:
    """Cannot write to the first."""
    if owed.recipient == "max0@example.org":
        raise KeyError("max0@example.org")
    return compose(owed)


def test_a_poisonous_notification_is_tried_three_times_parked_and_told_while_others_go_on(
    desk: Wiring, capfd: pytest.CaptureFixture[str]
) -> None:
    owe_some(desk.store, 3)
    told = Told()
    post = Post()
    worker = worker_of(desk, {"post": post}, compose=poisonous, tell_parked=told)
    for attempts in (1, 2, 3):
        worker.run_until_idle()
        [first] = [one for one in standings(desk.store) if one.recipient == "max0@example.org"]
        assert first.attempts == attempts
        assert first.state == ("parked" if attempts == 3 else "waiting")
        bring_due(desk.store)
    assert len(post.sent) == 2
    assert told.heard == [("max0@example.org", "poison")]
    assert "max0@example.org" not in "".join(capfd.readouterr()), "what errors say is not logged"


def test_a_channel_that_stumbles_is_no_reason_to_stop(desk: Wiring) -> None:
    owe_some(desk.store, 3)
    post = Post(ZeroDivisionError())
    worker_of(desk, {"post": post}).run_until_idle()
    assert len(post.sent) == 2


def test_a_record_that_was_away_is_no_poison(desk: Wiring) -> None:
    owe_some(desk.store)
    away = sa.exc.OperationalError("SELECT", {}, Exception("database is locked"))
    post = Post(*(away,) * 4)
    worker = worker_of(desk, {"post": post})
    for _ in range(5):
        worker.run_until_idle()
        bring_due(desk.store)
    assert states(desk.store) == ["sent"]


def test_what_waits_an_hour_on_a_channel_that_is_off_is_parked_and_told(desk: Wiring) -> None:
    owe_some(desk.store, channel="gone")
    told = Told()
    worker = worker_of(desk, {"post": Post()}, tell_parked=told)
    worker.run_until_idle()
    assert states(desk.store) == ["waiting"]
    with desk.store.writing() as connection:
        late = desk.store.now(connection) - timedelta(minutes=61)
    set_all(desk.store, due_at=late)
    worker.run_until_idle()
    assert states(desk.store) == ["parked"]
    assert [reason for _, reason in told.heard] == ["channel is switched off"]


# --- time, and who is alive ---------------------------------------------------------------------------------------


def test_a_worker_at_work_is_heard_of_and_one_that_stopped_is_not(desk: Wiring) -> None:
    with running(worker_of(desk, {"post": Post()})) as code:
        until(lambda: alive(desk.store), "the worker is heard of")
    assert code == [0]
    assert not alive(desk.store)


def test_timed_work_is_done_and_what_it_owes_leaves_at_once(desk: Wiring) -> None:
    post = Post()
    timed = deque([1, 0])

    def tick() -> int:
        owe_some(desk.store, kind=f"reminder {len(timed)}") if timed else None
        return timed.popleft() if timed else 0

    worker_of(desk, {"post": post}, tick=tick).run_until_idle()
    assert len(post.sent) == 2


def test_timed_work_that_fails_does_not_end_the_worker(desk: Wiring) -> None:
    owe_some(desk.store)
    post = Post()
    ticked = threading.Event()

    def tick() -> int:
        ticked.set()
        raise ValueError("max0@example.org")

    with running(worker_of(desk, {"post": post}, tick=tick)) as code:
        until(lambda: post.sent and ticked.is_set(), "it sends all the same")
    assert code == [0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_one_of_whose_threads_has_died_ends_so_that_another_is_started(desk: Wiring) -> None:
    owe_some(desk.store)

    def compose_and_die(owed: Owed) -> Letter:
        raise SystemExit

    with running(worker_of(desk, {"post": Post()}, compose=compose_and_die)) as code:
        until(lambda: code, "it has ended by itself")
    assert code == [1]


# --- the commands -------------------------------------------------------------------------------------------------


def test_the_command_does_what_is_due_once_and_the_screen_shows_it(
    desk: Wiring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.commands.working import work

    ticked: list[object] = []

    def tick(desk: object) -> int:
        ticked.append(desk)
        return 0

    monkeypatch.setattr("bot.commands.working.tick", tick)
    monkeypatch.setattr("bot.wiring.compose", lambda owed, desk: compose(owed))
    owe_some(desk.store, 2, "screen")
    cast.list_people(desk.store, tmp_path)
    done = CliRunner(env=cast.environment(tmp_path)).invoke(work, ["--once"])
    assert done.exit_code == 0, done.output
    assert done.stdout.count("notification: The desk\n") == 2
    assert "2 notifications taken up" in done.stderr
    assert states(desk.store) == ["sent", "sent"]
    assert ticked


TOGETHER = """
import sys
from bot.children import run_together
wait = "import os, sys, time; open(sys.argv[1] + str(os.getpid()), 'w').close(); time.sleep(60)"
commands = [[sys.executable, "-c", wait, sys.argv[1]], [sys.executable, "-c", sys.argv[2] or wait, sys.argv[1]]]
sys.exit(run_together(commands, {}))
"""


@pytest.mark.parametrize(
    ("second", "code"), [("raise SystemExit(3)", 3), ("", 0), ("import os; os.kill(os.getpid(), 9)", 137)]
)
def test_children_stand_and_fall_together(tmp_path: Path, second: str, code: int) -> None:
    """One that dies ends the others, with its code; and being told to stop ends all."""
    parent = subprocess.Popen([sys.executable, "-c", TOGETHER, f"{tmp_path}{os.sep}", second], cwd=ROOT)
    if not second:
        until(lambda: len(list(tmp_path.iterdir())) == 2, "both run")
        parent.send_signal(signal.SIGTERM)
    assert parent.wait(20) == code
    assert not [path.name for path in tmp_path.iterdir() if is_there(int(path.name))]


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# --- killed -------------------------------------------------------------------------------------------------------


class Deadly:
    """A channel that kills its process at a point."""

    def __init__(self, channel: Channel, point: str) -> None:
        self._channel, self._point = channel, point

    def send(self, letter: Letter, again: bool) -> dict[str, Any]:
        die_at("taken up", self._point)
        place = self._channel.send(letter, again)
        die_at("sent", self._point)
        return place


def die_at(point: str, wanted: str) -> None:
    if point == wanted:
        os.kill(os.getpid(), signal.SIGKILL)


def work_in_child() -> None:
    """What the child processes of these tests run: a worker of the settings in the environment."""
    wiring = Wiring(load_settings())
    point = os.environ.get("TEST_DIES_AT", "")
    channels: dict[str, Channel] = {name: Deadly(channel, point) for name, channel in wiring.channels.items()}

    def told(owed: Owed, reason: str) -> None:
        die_at("told", point)

    worker = worker_of(wiring, channels, undeliverable=told)
    signal.signal(signal.SIGTERM, lambda number, frame: worker.stop())
    sys.exit(worker.run())


@pytest.fixture
def start_worker() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts workers, and leaves none behind, however the test ends."""
    started: list[subprocess.Popen[bytes]] = []

    def start(store: Store, home: Path, server: MailServer, **more: str) -> subprocess.Popen[bytes]:
        started.append(worker_process(store, home, server, **more))
        return started[-1]

    yield start
    for child in started:
        child.kill()
        child.wait(30)


def worker_process(store: Store, home: Path, server: MailServer, **more: str) -> subprocess.Popen[bytes]:
    given = {
        "DATABASE_URL": store.url.render_as_string(hide_password=False), "DESK_SMTP_HOST": "127.0.0.1",
        "DESK_SMTP_PORT": str(server.port), "DESK_SMTP_SECURITY": "none", "DESK_MAIL_FROM": "desk@example.org",
    }  # fmt: skip
    environment = {**child_environment(home, **given), **more, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    command = [sys.executable, "-c", "import test_worker; test_worker.work_in_child()"]
    return subprocess.Popen(command, env=environment, cwd=home, stdin=subprocess.DEVNULL)


def workers_of(store: Store) -> set[str]:
    """The workers that have taken something up."""
    with store.reading() as connection:
        return set(connection.execute(sa.select(notification.c.worker)).scalars()) - {""}


Start = Callable[..., subprocess.Popen[bytes]]


def test_a_worker_told_to_stop_finishes_what_is_in_hand(store: Store, tmp_path: Path, start_worker: Start) -> None:
    owe_some(store, 5, "email")
    with MailServer() as server:
        server.slow = 0.5
        child = start_worker(store, tmp_path, server)
        while_alive([child], lambda: server.conversations, "a letter is being sent")
        assert stopped(child) == 0
        assert len(server.ids) == 1
    found = standings(store)
    assert sorted(one.state for one in found) == ["sent", "waiting", "waiting", "waiting", "waiting"]
    assert not [one for one in found if one.in_hand]
    assert not alive(store)


@pytest.mark.parametrize("point", ["taken up", "sent", "told"])
def test_a_worker_killed_at_any_point_loses_nothing_and_a_repeat_carries_the_same_id(
    store: Store, tmp_path: Path, point: str, start_worker: Start
) -> None:
    owe_some(store, 2, "email")
    told = Told()
    with MailServer() as server:
        if point == "told":
            server.refuses["max0@example.org"] = "550 5.1.1 no such user"
        child = start_worker(store, tmp_path, server, TEST_DIES_AT=point)
        assert child.wait(120) == -signal.SIGKILL
        assert "waiting" in states(store)
        bring_due(store)
        desk = wiring_of(store, tmp_path)
        smtp = {"DESK_SMTP_HOST": "127.0.0.1", "DESK_SMTP_PORT": str(server.port), "DESK_SMTP_SECURITY": "none"}
        channels = Wiring(cast.settings(tmp_path, **smtp, DESK_MAIL_FROM="desk@example.org")).channels
        worker_of(desk, channels, undeliverable=told).run_until_idle()
        owed = {one.id: one.state for one in standings(store)}
        if point == "told":
            assert sorted(owed.values()) == ["sent", "undeliverable"]
            assert [who for who, _ in told.heard] == ["max0@example.org"]
            assert len(server.ids) == 1
        else:
            assert set(owed.values()) == {"sent"}
            assert set(server.ids) == set(owed)
            assert len(server.ids) == (3 if point == "sent" else 2)
    desk.store.close()


def test_of_two_workers_one_is_killed_and_nothing_is_lost(store: Store, tmp_path: Path, start_worker: Start) -> None:
    owe_some(store, 40, "email")
    with MailServer() as server:
        server.slow = 0.3  # until the second is there too: the first would have sent everything
        doomed, other = (start_worker(store, tmp_path, server) for _ in range(2))
        both = [doomed, other]
        while_alive(both, lambda: len(server.ids) >= 6 and len(workers_of(store)) == 2, "both are at work")
        server.slow = 0.03
        doomed.kill()
        doomed.wait(10)
        bring_due(store)
        while_alive([other], lambda: states(store) == ["sent"] * 40, "everything is sent")
        assert stopped(other) == 0
        ids = server.ids
    assert set(ids) == {one.id for one in standings(store)}
    assert len(ids) <= 42, "what repeats is what was in hand when one was killed, and the test let the leases run out"
