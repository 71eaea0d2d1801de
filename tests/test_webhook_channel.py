"""Webhooks: signed as the standard says, tried as the schedule says, one at a time to each server, and no server holds
up another."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fake_slack import until
from hook_server import Answers, HookServer
from hooks import EVENT, HAL, PRUE, desk_of, letter_of, live, now_of, owe_hooks, subscribed
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from bot.channels import Again, Never, channels_of, lanes_of, open_channels
from bot.channels.webhook import LONGEST_WAIT, WebhookChannel, judge, signed
from bot.outgoing import Answer, Outgoing
from bot.retry_after import asked_to_wait
from bot.worker import Worker
from handlers.letters import Letter
from handlers.undelivered import undeliverable
from knowledge.outbox.claiming import claim
from knowledge.outbox.listing import Standing, notifications
from knowledge.outbox.owed import Owed
from knowledge.outbox.retrying import most_attempts, wait_after
from knowledge.outbox.strangers import WAITS, put_off
from knowledge.store import Store
from knowledge.subscriptions import endpoints, record
from knowledge.subscriptions.assurance import check
from knowledge.subscriptions.endpoint import EndpointState
from knowledge.tables import notification

NOW = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
ID = "0123456789abcdef0123456789abcdef"
HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[HookServer]:
    with HookServer() as opened:
        yield opened


def channel_of(store: Store, longest: float = 5.0) -> WebhookChannel:
    return WebhookChannel(lambda: store, Outgoing(loopback=True, longest=longest))


def letter(address: str, **more: Any) -> Letter:
    owed = Owed(ID, "intention", "intention:7:2", address, "webhook", None, {}, False, 1, NOW, "")
    return letter_of(owed, **more)


def refusal(store: Store, sent: Letter) -> Again | Never:
    with pytest.raises((Again, Never)) as caught:
        channel_of(store).send(sent, False)
    assert isinstance(caught.value, Again | Never)
    assert "127.0.0.1" not in caught.value.reason, "reasons are stored and logged"
    return caught.value


# --- what is sent -------------------------------------------------------------------------------------------------


def test_an_event_arrives_signed_with_the_notifications_id(sqlite_store: Store, server: HookServer) -> None:
    made = live(sqlite_store, server.url)
    server.secrets = list(made.secrets)
    place = channel_of(sqlite_store).send(letter(made.address), False)
    [got] = server.got
    assert got.event == EVENT, "every character of it"
    assert (got.id, got.path, place) == (ID, "/hook", {"endpoint": made.id, "status": 200})
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["User-Agent"].startswith("CommissioningDesk/")
    assert got.headers["webhook-timestamp"].isdecimal()
    assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 10


def test_a_repeat_has_the_same_id_and_a_time_of_its_own(sqlite_store: Store, server: HookServer) -> None:
    made = live(sqlite_store, server.url)
    server.secrets = list(made.secrets)
    clock = iter([datetime.now(UTC) - timedelta(minutes=1)] * 2 + [datetime.now(UTC)] * 2)
    channel = WebhookChannel(lambda: sqlite_store, Outgoing(loopback=True), lambda: next(clock))
    for again in (False, True):
        channel.send(letter(made.address), again)
    assert server.ids == [ID, ID]
    first, second = (int(got.headers["webhook-timestamp"]) for got in server.got)
    assert 55 <= second - first <= 65


def test_a_moment_of_another_zone_is_signed_as_the_same_moment(sqlite_store: Store) -> None:
    """The package takes the hours of any zone for those of UTC."""
    made = live(sqlite_store)
    tokyo = NOW.astimezone(timezone(9 * HOUR))
    assert signed(made, ID, EVENT, tokyo) == signed(made, ID, EVENT, NOW)
    assert signed(made, ID, EVENT, NOW)[1]["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_the_bytes_that_are_signed_are_the_bytes_that_are_sent(sqlite_store: Store) -> None:
    made = live(sqlite_store)
    body, headers = signed(made, ID, EVENT, datetime.now(UTC))
    assert Webhook(made.secrets[0]).verify(body, headers) == EVENT == json.loads(body)
    with pytest.raises(WebhookVerificationError):
        Webhook(made.secrets[0]).verify(body + b" ", headers)


def test_while_a_secret_is_new_a_receiver_may_hold_either(sqlite_store: Store, server: HookServer) -> None:
    made = live(sqlite_store, server.url)
    with sqlite_store.writing() as connection:
        fresh = endpoints.rotate(connection, made.id, sqlite_store.now(connection))
    for held in (made.secrets[0], str(fresh)):
        server.secrets = [held]
        channel_of(sqlite_store).send(letter(made.address), False)
    assert server.ids == [ID, ID]
    assert len(server.got[0].headers["webhook-signature"].split()) == 2
    server.secrets = ["whsec_" + "A" * 32]
    channel_of(sqlite_store).send(letter(made.address), False)
    assert len(server.ids) == 2, "whoever holds another believes nothing"


# --- what an answer means -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_success(status: int) -> None:
    judge(Answer(status, "99", 0), NOW)


@pytest.mark.parametrize("status", [300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 408, 418, 422, 500, 501, 599])
def test_anything_else_is_tried_again_by_the_schedule(status: int) -> None:
    with pytest.raises(Again, match=str(status)) as told:
        judge(Answer(status, "30", 0), NOW)
    assert (told.value.after, told.value.whole_channel) == (None, False)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_says_when(status: int) -> None:
    with pytest.raises(Again) as told:
        judge(Answer(status, "30", 0), NOW)
    assert told.value.after == timedelta(seconds=30)
    with pytest.raises(Again) as told:
        judge(Answer(status, "", 0), NOW)
    assert told.value.after is None


def test_410_ends_it() -> None:
    with pytest.raises(Never) as told:
        judge(Answer(410, "", 0), NOW)
    assert (told.value.reason, told.value.unreachable) == (endpoints.GONE, True)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("1.5", timedelta(seconds=1.5)),
        (" 7 ", timedelta(seconds=7)),
        ("0", timedelta()),
        ("-5", timedelta()),
        ("Sat, 21 Nov 2026 09:10:00 GMT", timedelta(minutes=10)),
        ("Saturday, 21-Nov-26 09:10:00 GMT", timedelta(minutes=10)),
        ("Sat, 21 Nov 2026 10:10:00 +0100", timedelta(minutes=10)),
        ("Sat, 21 Nov 2020 09:10:00 GMT", timedelta()),
        ("999999999", LONGEST_WAIT),
        ("1e300", LONGEST_WAIT),
        ("inf", LONGEST_WAIT),
        ("Sat, 21 Nov 2099 09:10:00 GMT", LONGEST_WAIT),
        ("nan", None),
        ("", None),
        ("soon", None),
        ("Sat, 99 Nov 2026 09:10:00 GMT", None),
    ],
)
def test_a_wait_that_is_asked_for_is_understood_and_never_longer_than_a_day(
    header: str, wait: timedelta | None
) -> None:
    assert asked_to_wait(header, NOW, LONGEST_WAIT) == wait


# --- how an endpoint does -----------------------------------------------------------------------------------------


def test_a_failure_is_noted_with_the_endpoint_and_gone_when_something_arrives(
    sqlite_store: Store, server: HookServer
) -> None:
    made = live(sqlite_store, server.url)
    server.otherwise = Answers(500)
    assert refusal(sqlite_store, letter(made.address)).reason == "endpoint answered 500"
    found = now_of(sqlite_store, made.id)
    assert (found.problem, found.state) == ("endpoint answered 500", EndpointState.LIVE)
    assert found.failing_since
    server.otherwise = Answers(204)
    channel_of(sqlite_store).send(letter(made.address), True)
    found = now_of(sqlite_store, made.id)
    assert (found.problem, found.failing_since) == ("", None)


def test_what_cannot_be_sent_is_told_apart(sqlite_store: Store, server: HookServer) -> None:
    made = live(sqlite_store, server.url)
    with sqlite_store.writing() as connection:
        untested = endpoints.make(connection, NOW, owner=PRUE, url=server.url)
    empty = refusal(sqlite_store, letter(made.address, event={}))
    assert isinstance(empty, Never)
    assert not empty.unreachable, "the letter is at fault, not the endpoint"
    assert isinstance(refusal(sqlite_store, letter(untested.address)), Again)
    with sqlite_store.writing() as connection:
        endpoints.end(connection, made.id, "deleted", NOW)
    for address in (made.address, "endpoint:999", "jo@example.org"):
        ended = refusal(sqlite_store, letter(address))
        assert isinstance(ended, Never)
        assert ended.unreachable
    assert server.got == [], "nothing is sent before the test is answered, nor after the end"


def test_the_channel_is_open_wherever_there_is_a_worker_and_no_way_to_people(
    sqlite_store: Store, tmp_path: Path
) -> None:
    wiring = desk_of(sqlite_store, tmp_path)
    assert set(wiring.channels) == {"screen", "webhook"}
    assert channels_of(wiring.settings) == wiring.desk.channels == {"screen"}
    assert set(open_channels(wiring.settings, wiring.link_for)) == {"screen"}
    assert (lanes_of("webhook", True), lanes_of("webhook", False), lanes_of("email", True)) == (0, 4, 1)


# --- the schedule -------------------------------------------------------------------------------------------------


def test_the_schedule_is_the_published_one() -> None:
    hours = [wait_after(number, False, "webhook") / HOUR for number in range(1, most_attempts(False, "webhook"))]
    assert [round(one, 4) for one in hours] == [round(5 / 3600, 4), round(1 / 12, 4), 0.5, 2, 5, 10, 14, 20, 24]
    assert wait_after(3, False, "email") == wait_after(3, False) != wait_after(3, False, "webhook")


def test_what_failed_together_comes_back_apart() -> None:
    waits = {wait_after(4, False, "webhook", luck=luck) for luck in (0.0, 0.25, 0.5, 0.999)}
    assert len(waits) == 4
    assert all(2 * HOUR <= one < 2.2 * HOUR for one in waits)


def test_a_server_that_says_when_is_left_alone_so_long_but_not_tried_the_sooner() -> None:
    """One that always says "in a second" would have had its ten tries within the quarter of an hour."""
    assert wait_after(1, False, "webhook", asked=HOUR) == HOUR
    assert wait_after(5, False, "webhook", asked=timedelta(seconds=1)) == 5 * HOUR
    assert wait_after(1, False, "slack", asked=timedelta(seconds=1)) == timedelta(seconds=1)


# --- through the outbox -------------------------------------------------------------------------------------------


def worker_of(store: Store, home: Path, **more: Any) -> Worker:
    desk = desk_of(store, home)
    email = replace(desk.desk, channels=frozenset({"email"}))
    given: dict[str, Any] = {
        "compose": letter_of, "undeliverable": lambda owed, reason: undeliverable(owed, reason, email),
        "tick": lambda: 0, "every": 0.02, **more,
    }  # fmt: skip
    return Worker(desk, {"webhook": channel_of(store, more.pop("longest", 5.0))}, **given)


def standings(store: Store, endpoint: str = "") -> list[Standing]:
    found = notifications(store, settled=True)
    return [one for one in found if one.channel == "webhook" and endpoint in ("", one.recipient)]


def set_all(store: Store, **values: Any) -> None:
    with store.writing() as connection:
        connection.execute(sa.update(notification).where(notification.c.state == "waiting").values(**values))


def bring_due(store: Store) -> None:
    with store.writing() as connection:
        gone = store.now(connection) - timedelta(seconds=1)
    set_all(store, due_at=gone, lease_until=gone)


def test_what_is_owed_arrives_once_and_is_delivered(store: Store, server: HookServer, tmp_path: Path) -> None:
    made = live(store, server.url)
    server.secrets = list(made.secrets)
    owe_hooks(store, made, 3)
    assert worker_of(store, tmp_path).run_until_idle() == 3
    assert worker_of(store, tmp_path).run_until_idle() == 0
    assert sorted(server.ids) == sorted(one.id for one in standings(store))
    with store.reading() as connection:
        rows = connection.execute(sa.select(notification)).all()
    assert {(row.state, row.receipt) for row in rows} == {("sent", "delivered")}
    assert all(row.receipt_at == row.settled_at for row in rows)


def test_a_failure_puts_off_what_else_waits_for_that_server_and_for_no_other(
    store: Store, server: HookServer, tmp_path: Path
) -> None:
    """Otherwise each of a hundred would wait out a dead server's time-out."""
    dead, well = live(store, server.url + "/dead"), live(store, server.url + "/well", HAL)
    owe_hooks(store, dead, 20)
    owe_hooks(store, well, 3)
    server.will.append(Answers(500))
    set_all(store, attempts=2)
    with store.writing() as connection:  # the dead one's come first
        whose = sa.select(sa.func.min(notification.c.recipient)).scalar_subquery()
        early = store.now(connection) - HOUR
        connection.execute(sa.update(notification).where(notification.c.recipient == whose).values(due_at=early))
    assert worker_of(store, tmp_path).run_until_idle() == 4
    assert [got.path for got in server.got] == ["/hook/dead"] + ["/hook/well"] * 3
    put = standings(store, dead.address)
    wait = min(one.due_at for one in put) - datetime.now(UTC)
    assert timedelta(minutes=29) < wait <= timedelta(minutes=33), "all of them wait as long as the one that was tried"
    assert sorted(one.attempts for one in put) == [2] * 19 + [3], "and none of the others counts as tried"
    assert sorted(one.problem for one in put) == ["endpoint answered 500"] + [WAITS] * 19
    with store.reading() as connection:
        found = check(connection, store.now(connection) + timedelta(hours=1, minutes=5))
    assert (found.tried, found.holes) == (20, 0), "whoever looks sees that it is being tried"


def test_what_is_put_off_is_never_brought_forward(store: Store, server: HookServer) -> None:
    made = live(store, server.url)
    owe_hooks(store, made, 2)
    [held] = claim(store, "one", "webhook", urgent=False, count=1)
    with store.writing() as connection:
        later = store.now(connection) + 5 * HOUR
        connection.execute(sa.update(notification).where(notification.c.id != held.id).values(due_at=later))
    assert put_off(store, held, HOUR) == 0
    assert put_off(store, held, 6 * HOUR) == 1


def test_one_server_is_sent_one_thing_at_a_time(store: Store, server: HookServer) -> None:
    made, other = live(store, server.url), live(store, server.url, HAL)
    owe_hooks(store, made, 3)
    [held] = claim(store, "one", "webhook", urgent=False, count=1)
    assert claim(store, "two", "webhook", urgent=False) == []
    owe_hooks(store, other, 1)
    [found] = claim(store, "two", "webhook", urgent=False, count=1)
    assert (held.recipient, found.recipient) == (made.address, other.address)
    with store.writing() as connection:
        connection.execute(
            sa.update(notification).where(notification.c.id == held.id).values(lease_until=store.now(connection))
        )
    assert len(claim(store, "three", "webhook", urgent=False, count=1)) == 1, "a dead worker holds nothing up"


def test_a_slow_server_holds_up_no_other(sqlite_store: Store, tmp_path: Path) -> None:
    gate = threading.Event()
    with HookServer() as slow, HookServer() as quick:
        slow.otherwise = Answers(gate=gate)
        late, soon = live(sqlite_store, slow.url), live(sqlite_store, quick.url, HAL)
        owe_hooks(sqlite_store, late, 5)
        owe_hooks(sqlite_store, soon, 5)
        worker = worker_of(sqlite_store, tmp_path)
        thread = threading.Thread(target=worker.run)
        thread.start()
        try:
            until(lambda: len(quick.got) == 5, "everything to the quick one")
            assert len(slow.got) == 1, "and one thing at a time to the slow one"
            gate.set()
            until(lambda: len(slow.got) == 5, "everything to the slow one")
            assert slow.most_at_once == quick.most_at_once == 1
        finally:
            gate.set()
            worker.stop()
            thread.join(20)


def test_after_the_last_try_the_endpoint_ends_and_its_owner_is_told(
    store: Store, server: HookServer, tmp_path: Path
) -> None:
    made = live(store, server.url)
    mine = subscribed(store, made.address)
    server.otherwise = Answers(500)
    owe_hooks(store, made, 1)
    for _ in range(most_attempts(False, "webhook") - 1):
        assert worker_of(store, tmp_path).run_until_idle() == 1
        assert now_of(store, made.id).state is EndpointState.LIVE
        bring_due(store)
    worker_of(store, tmp_path).run_until_idle()
    assert len(server.got) == 10
    assert len({got.id for got in server.got}) == 1
    assert now_of(store, made.id).state is EndpointState.ENDED
    with store.reading() as connection:
        found = record.by_number(connection, mine)
    assert found
    assert found.ended_why == "failing"
    assert [one.state for one in standings(store)] == ["undeliverable"]
    [told] = [one for one in notifications(store) if one.channel != "webhook"]
    assert (told.kind, told.recipient) == ("endpoint_failed", PRUE)


def test_410_ends_an_endpoint_at_once(store: Store, server: HookServer, tmp_path: Path) -> None:
    made = live(store, server.url)
    mine = subscribed(store, made.address)
    server.otherwise = Answers(410)
    owe_hooks(store, made, 3)
    worker_of(store, tmp_path).run_until_idle()
    assert len(server.got) == 1, "what else was owed there is not even tried"
    with store.reading() as connection:
        found = record.by_number(connection, mine)
    assert found
    assert found.ended_why == "gone"
    assert {one.state for one in standings(store)} == {"undeliverable"}
    assert [one.kind for one in notifications(store)] == ["endpoint_failed"]


def test_where_its_owner_cannot_be_told_an_endpoint_does_not_end_unheard(
    sqlite_store: Store, server: HookServer, tmp_path: Path
) -> None:
    def broken(owed: Owed, reason: str) -> None:
        raise RuntimeError("the record is full")

    made = live(sqlite_store, server.url)
    server.otherwise = Answers(500)
    owe_hooks(sqlite_store, made)
    set_all(sqlite_store, attempts=30)
    worker_of(sqlite_store, tmp_path, undeliverable=broken).run_until_idle()
    [standing] = standings(sqlite_store)
    assert (standing.state, standing.attempts) == ("waiting", 31)
    bring_due(sqlite_store)
    worker_of(sqlite_store, tmp_path).run_until_idle()
    assert [one.state for one in standings(sqlite_store)] == ["undeliverable"]


def test_a_server_that_asks_for_an_hour_gets_it(sqlite_store: Store, server: HookServer, tmp_path: Path) -> None:
    made = live(sqlite_store, server.url)
    server.otherwise = Answers(429, {"Retry-After": "3600"})
    owe_hooks(sqlite_store, made, 3)
    assert worker_of(sqlite_store, tmp_path).run_until_idle() == 1
    waits = [one.due_at - datetime.now(UTC) for one in standings(sqlite_store)]
    assert all(timedelta(minutes=59) < one <= HOUR for one in waits)


def test_what_a_dead_worker_had_sent_comes_once_more_with_the_same_id(
    store: Store, server: HookServer, tmp_path: Path
) -> None:
    """The receiver knows it again by its id; nobody else can close that gap."""
    made = live(store, server.url)
    server.secrets = list(made.secrets)
    owe_hooks(store, made, 2)
    [held] = claim(store, "dead", "webhook", urgent=False, count=1)
    channel_of(store).send(letter_of(held), False)
    worker_of(store, tmp_path).run_until_idle()
    assert len(server.got) == 1, "what it held is nobody's yet, nor what goes to the same server"
    bring_due(store)
    worker_of(store, tmp_path).run_until_idle()
    assert sorted(server.ids) == sorted([held.id, *(one.id for one in standings(store))])
    assert [one.state for one in standings(store)] == ["sent", "sent"]
