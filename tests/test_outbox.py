"""What is owed: claimed once, held by one, tried again at growing intervals, parked where a person sees it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from bot.commands.working import notifications as command
from knowledge.outbox.addresses import is_no_reply
from knowledge.outbox.claiming import (
    LEASE,
    claim,
    claim_stranded,
    park,
    settle_again,
    settle_moot,
    settle_sent,
    settle_sent_and_claim,
    settle_undeliverable,
    unpark,
)
from knowledge.outbox.heartbeats import alive, beat, forget, last_beat
from knowledge.outbox.listing import Standing, notifications
from knowledge.outbox.owed import Owed
from knowledge.outbox.owing import owe, stop
from knowledge.outbox.retrying import most_attempts, wait_after
from knowledge.parties import party_of
from knowledge.store import Store, open_store
from knowledge.tables import concern, heartbeat, notification

SECOND = timedelta(seconds=1)


def owe_some(store: Store, count: int = 1, **more: object) -> None:
    """Owes Max so many notifications, due a second ago."""
    with store.writing() as connection:
        now = store.now(connection) - SECOND
        for number in range(count):
            given = {"kind": "raised", "recipient": "max@example.org", "channel": "email", **more}
            assert owe(connection, now, subject=f"event:{number}", **given)  # type: ignore[arg-type]


def raise_concern(store: Store) -> int:
    """A concern that stands in the record, and no more."""
    with store.writing() as connection:
        now = store.now(connection)
        who = party_of(connection, "mo@example.org")
        row = {
            "contract": "", "service": "potholes", "level": "", "state": "raised", "outcome": "", "at_risk": False,
            "raised_by": who, "holder_role": "manager", "origin": {}, "source": "test:1", "raised_at": now,
            "acknowledge_by": now, "answer_by": now, "next_check_at": now,
        }  # fmt: skip
        return int(connection.execute(sa.insert(concern).values(**row).returning(concern.c.id)).scalar_one())


def take(store: Store, worker: str = "one", **more: object) -> list[Owed]:
    return claim(store, worker, "email", urgent=False, **more)  # type: ignore[arg-type]


def let_leases_run_out(store: Store) -> None:
    with store.writing() as connection:
        gone = store.now(connection) - SECOND
        connection.execute(sa.update(notification).values(lease_until=gone))


def bring_due(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(sa.update(notification).values(due_at=store.now(connection) - SECOND))


def only(store: Store) -> Standing:
    [standing] = notifications(store, settled=True)
    return standing


def test_many_threads_take_up_each_notification_once(store: Store) -> None:
    owe_some(store, 60)
    taken: list[str] = []

    def work(name: str) -> None:
        while found := claim(store, name, "email", urgent=False, count=3):
            taken.extend(owed.id for owed in found)

    threads = [threading.Thread(target=work, args=(f"worker {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # a thread of PostgreSQL may find the last ones locked and stop before they are anybody's; nothing is due for long
    work("the last")
    assert len(taken) == 60
    assert len(set(taken)) == 60


def test_the_same_fact_is_owed_once_to_each_on_each_channel(store: Store) -> None:
    fact = {"kind": "raised", "subject": "event:1", "recipient": "max@example.org"}
    with store.writing() as connection:
        now = store.now(connection)
        assert owe(connection, now, channel="email", **fact)
        assert not owe(connection, now, channel="email", **fact)
        assert owe(connection, now, channel="slack", **fact)
    assert len(notifications(store)) == 2


def test_what_is_taken_up_says_what_it_is_and_to_whom(store: Store) -> None:
    number = raise_concern(store)
    owe_some(store, concern=number, about={"event": 12})
    [owed] = take(store)
    assert (owed.kind, owed.subject, owed.recipient, owed.channel) == ("raised", "event:0", "max@example.org", "email")
    assert (owed.concern, owed.about, owed.urgent, owed.attempts, owed.problem) == (number, {"event": 12}, False, 1, "")
    assert datetime.now(UTC) - owed.made_at < timedelta(minutes=1)


def test_the_urgent_the_others_and_other_channels_are_taken_up_apart(store: Store) -> None:
    owe_some(store)
    owe_some(store, urgent=True, kind="at risk")
    owe_some(store, channel="slack", kind="elsewhere")
    assert [owed.kind for owed in claim(store, "one", "email", urgent=True)] == ["at risk"]
    assert [owed.kind for owed in take(store)] == ["raised"]
    assert [owed.kind for owed in claim(store, "one", "slack", urgent=False)] == ["elsewhere"]


def test_the_longest_due_goes_first_and_what_is_not_due_stays(store: Store) -> None:
    with store.writing() as connection:
        now = store.now(connection)
        for name, ago in (("later", -3_600), ("second", 1), ("first", 2)):
            due = now - timedelta(seconds=ago)
            owe(connection, now, kind=name, subject="event:1", recipient="U0MANAGER", channel="email", due=due)
    assert [owed.kind for owed in take(store)] == ["first", "second"]


def test_a_dead_workers_notification_goes_to_the_next_when_its_lease_runs_out(store: Store) -> None:
    owe_some(store)
    [first] = take(store, "the dead")
    assert take(store, "the next") == []
    assert only(store).in_hand
    let_leases_run_out(store)
    [second] = take(store, "the next")
    assert (second.id, second.attempts) == (first.id, 2)


def test_who_was_too_slow_settles_nothing_any_more(store: Store) -> None:
    owe_some(store)
    [slow] = take(store, "slow")
    let_leases_run_out(store)
    [held] = take(store, "quick")
    assert not settle_sent(store, slow, "slow", {"ts": "1"})
    assert not settle_again(store, slow, "slow", "late", SECOND)
    assert not park(store, slow, "slow", "late")
    assert settle_sent(store, held, "quick", {"ts": "2"})
    assert not park(store, held, "quick", "twice")
    assert only(store).state == "sent"


def test_the_same_worker_cannot_settle_by_an_earlier_try(store: Store) -> None:
    owe_some(store)
    [first] = take(store)
    let_leases_run_out(store)
    take(store)
    assert not settle_sent(store, first, "one", {})


def test_who_held_it_before_a_person_had_it_tried_again_settles_nothing(store: Store) -> None:
    """The tries begin anew, so that the number of a try is no proof."""
    owe_some(store)
    take(store, "one")
    let_leases_run_out(store)
    [before] = take(store, "two")
    park(store, before, "two", "poison")
    unpark(store)
    [held] = take(store, "three")
    assert held.attempts == before.attempts
    assert not settle_sent(store, before, "two", {})
    assert settle_sent(store, held, "three", {})


def test_whoever_settles_one_has_the_next_of_its_lane_in_hand(store: Store) -> None:
    owe_some(store)
    owe_some(store, kind="second")
    owe_some(store, channel="slack", kind="elsewhere")
    owe_some(store, urgent=True, kind="at risk")
    [first] = claim(store, "one", "email", urgent=False, count=1)
    held, following = settle_sent_and_claim(store, first, "one", {"ts": "1"})
    assert held
    assert following
    assert {first.kind, following.kind} == {"raised", "second"}
    assert take(store, "two") == [], "it is in one worker's hands"
    assert settle_sent_and_claim(store, following, "one", {}) == (True, None)
    assert take(store, "two") == []


def test_whoever_was_too_slow_settles_nothing_and_goes_on_with_the_next(store: Store) -> None:
    owe_some(store)
    [slow] = take(store, "slow")
    let_leases_run_out(store)
    take(store, "quick")
    owe_some(store, kind="second")
    held, following = settle_sent_and_claim(store, slow, "slow", {})
    assert not held
    assert following
    assert following.kind == "second"


def test_a_lease_outlasts_the_slowest_channel() -> None:
    from bot.channels.smtp import LONGEST, PATIENCE

    assert timedelta(seconds=2 * PATIENCE + LONGEST) < LEASE


@pytest.mark.parametrize(
    ("settle", "state"),
    [
        (lambda store, owed: settle_sent(store, owed, "one", {"ts": "1"}), "sent"),
        (lambda store, owed: settle_moot(store, owed, "one"), "moot"),
        (lambda store, owed: settle_undeliverable(store, owed, "one", "no such user"), "undeliverable"),
        (lambda store, owed: park(store, owed, "one", "poison"), "parked"),
    ],
)
def test_what_is_settled_is_not_taken_up_again(store: Store, settle: object, state: str) -> None:
    owe_some(store)
    [owed] = take(store)
    assert settle(store, owed)  # type: ignore[operator]
    let_leases_run_out(store)
    bring_due(store)
    assert take(store) == []
    assert only(store).state == state
    assert only(store).settled_at


def test_what_failed_waits_its_time_and_is_tried_again(store: Store) -> None:
    owe_some(store)
    [owed] = take(store)
    assert settle_again(store, owed, "one", "Slack fails", timedelta(minutes=5))
    assert take(store) == []
    standing = only(store)
    assert timedelta(minutes=4) < standing.due_at - datetime.now(UTC) <= timedelta(minutes=5)
    assert (standing.state, standing.in_hand, standing.problem) == ("waiting", False, "Slack fails")
    bring_due(store)
    [again] = take(store)
    assert (again.id, again.attempts, again.problem) == (owed.id, 2, "Slack fails")


@pytest.mark.parametrize("urgent", [False, True])
def test_waits_grow_and_end(urgent: bool) -> None:
    waits = [wait_after(number, urgent) for number in range(1, most_attempts(urgent))]
    assert waits == sorted(waits)
    assert waits[0] <= timedelta(seconds=10)
    assert wait_after(0, urgent) == waits[0]


def test_what_breaks_on_a_friday_evening_may_be_mended_on_the_monday() -> None:
    total = sum((wait_after(number, False) for number in range(1, most_attempts(False))), timedelta())
    assert timedelta(hours=64) < total < timedelta(hours=72)


def test_the_urgent_is_tried_six_times_in_the_first_quarter_of_an_hour_and_through_a_night() -> None:
    waits = [wait_after(number, True) for number in range(1, most_attempts(True))]
    assert sum(waits[:5], timedelta()) < timedelta(minutes=15)
    assert sum(waits, timedelta()) > timedelta(hours=15)


def test_what_is_parked_is_tried_again_when_a_person_says_so(store: Store) -> None:
    owe_some(store, 2)
    first, second = take(store)
    park(store, first, "one", "letter refused (554)")
    park(store, second, "one", "letter refused (554)")
    assert unpark(store, first.id) == 1
    [again] = take(store)
    assert (again.id, again.attempts) == (first.id, 2), "the tries begin anew, but one of them may have left"
    assert unpark(store) == 1
    assert [owed.id for owed in take(store)] == [second.id]


def test_trying_again_brings_forward_what_waits_for_another_try_and_nothing_else(store: Store) -> None:
    owe_some(store, 3)
    with store.writing() as connection:
        later = store.now(connection) + timedelta(days=1)
        owe(connection, later, kind="reminder", subject="event:9", recipient="U1", channel="email", due=later)
    first, second, third = take(store)
    settle_again(store, first, "one", "Slack fails", timedelta(hours=4))
    settle_undeliverable(store, second, "one", "no such user")
    assert unpark(store) == 1, "not the reminder, nor what is in hand, nor what somebody else was owed instead"
    assert [owed.id for owed in take(store)] == [first.id]
    assert unpark(store, second.id) == 1, "by its id even that"
    assert unpark(store, third.id) == 0
    assert unpark(store, "no such id") == 0


def test_what_is_in_hand_cannot_be_stopped_and_the_rest_can(store: Store) -> None:
    number = raise_concern(store)
    owe_some(store, 2, concern=number)
    [held] = take(store, count=1)
    with store.writing() as connection:
        assert stop(connection, number, store.now(connection)) == 1
    assert settle_sent(store, held, "one", {})
    assert sorted(one.state for one in notifications(store, settled=True)) == ["sent", "stopped"]
    assert take(store) == []


def test_what_waits_on_a_channel_that_is_off_is_found_once_it_is_late(store: Store) -> None:
    owe_some(store, channel="slack")
    owe_some(store, channel="email")
    assert claim_stranded(store, "one", {"email"}, timedelta(hours=1)) == []
    assert [owed.channel for owed in claim_stranded(store, "one", {"email"}, timedelta())] == ["slack"]


# --- the list -----------------------------------------------------------------------------------------------------


def test_the_list_says_what_is_owed_to_whom_and_why(store: Store) -> None:
    number = raise_concern(store)
    owe_some(store, 2, concern=number)
    [sent] = take(store, count=1)
    settle_sent(store, sent, "one", {})
    [standing] = notifications(store)
    assert (standing.recipient, standing.channel, standing.kind) == ("max@example.org", "email", "raised")
    assert standing.concern == f"C-{number:04}"
    assert (standing.state, standing.attempts, standing.in_hand) == ("waiting", 0, False)
    assert len(notifications(store, settled=True)) == 2


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A desk that owes two notifications; one of them is parked."""
    store, _ = open_store(f"sqlite:///{tmp_path / 'record.db'}")
    owe_some(store, 2)
    [owed] = take(store, count=1)
    park(store, owed, "one", "poison")
    yield tmp_path
    store.close()


def run(home: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner(env={"DESK_HOME": str(home), "COLUMNS": "160"}).invoke(command, arguments)
    return done.exit_code, done.output


def test_the_command_lists_what_is_owed_and_what_is_parked(home: Path) -> None:
    rows = json.loads(run(home, "--json")[1])
    assert [(row["state"], row["problem"]) for row in rows] == [("parked", "poison"), ("waiting", "")]
    assert datetime.fromisoformat(rows[0]["due_at"]).tzinfo
    code, page = run(home)
    assert code == 0
    assert page.count("max@example.org") == 2
    assert "poison" in page


def test_the_command_has_what_is_parked_tried_again(home: Path) -> None:
    assert run(home, "--retry", "0" * 32) == (1, "desk: 0 to be tried again by the running desk\n")
    assert run(home, "--retry") == (0, "desk: 1 to be tried again by the running desk\n")
    assert {row["state"] for row in json.loads(run(home, "--json")[1])} == {"waiting"}


def test_the_command_says_where_nothing_is_owed(tmp_path: Path) -> None:
    assert "Nothing is owed." in run(tmp_path)[1]
    assert json.loads(run(tmp_path, "--json")[1].splitlines()[-1]) == []


# --- who is alive -------------------------------------------------------------------------------------------------


def test_a_worker_heard_of_within_a_minute_is_alive(store: Store) -> None:
    assert not alive(store)
    assert last_beat(store) is None
    beat(store, "one")
    beat(store, "one")
    assert alive(store)
    heard = last_beat(store)
    assert heard
    assert datetime.now(UTC) - heard < timedelta(seconds=20)


def test_a_worker_not_heard_of_for_a_minute_is_not_alive(store: Store) -> None:
    beat(store, "one")
    with store.writing() as connection:
        connection.execute(sa.update(heartbeat).values(at=store.now(connection) - timedelta(seconds=61)))
    assert not alive(store)
    assert alive(store, timedelta(seconds=90))


def test_workers_that_stopped_or_died_are_forgotten(store: Store) -> None:
    beat(store, "the dead")
    with store.writing() as connection:
        connection.execute(sa.update(heartbeat).values(at=store.now(connection) - timedelta(days=2)))
    beat(store, "the stopped")
    with store.reading() as connection:
        assert list(connection.execute(sa.select(heartbeat.c.name)).scalars()) == ["the stopped"]
    forget(store, "the stopped")
    assert last_beat(store) is None


@pytest.mark.parametrize(
    ("address", "nobody"),
    [
        ("noreply@example.org", True),
        ("No-Reply@example.org", True),
        ("council.no_reply@example.org", True),
        ("donotreply@example.org", True),
        ("do-not-reply+x@example.org", True),
        ("mailer-daemon@example.org", True),
        ("bruno.reply@example.org", False),
        ("reply@example.org", False),
        ("max@noreply.example.org", False),
    ],
)
def test_an_address_that_says_nobody_reads_it_is_known(address: str, nobody: bool) -> None:
    assert is_no_reply(address) is nobody
