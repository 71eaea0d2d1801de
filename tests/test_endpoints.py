"""Endpoints: added, tested before use, given another secret, ended by their owner or of themselves."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from cast import Clock
from click.testing import CliRunner
from hook_server import Answers, HookServer
from hooks import HAL, HOOK, PRUE, desk_of, live, now_of, subscribed

from bot.__main__ import desk as desk_command
from bot.settings import SettingsError, load_settings
from bot.wiring import Wiring
from handlers import endpoints as journey
from handlers.checking.sending import check_sending
from handlers.desk import Desk
from handlers.telling import compose
from handlers.undelivered import undeliverable
from knowledge.outbox.listing import notifications
from knowledge.outbox.owed import Owed, owed_of
from knowledge.store import Store
from knowledge.subscriptions import endpoints, record
from knowledge.subscriptions.endpoint import EndpointState, by_number, number_of, of_somebody
from knowledge.subscriptions.forgetting import forget_addresses
from knowledge.subscriptions.hooks import BadUrl
from knowledge.tables import endpoint, notification

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def desk(store: Store, tmp_path: Path, clock: Clock) -> Desk:
    return replace(desk_of(store, tmp_path).desk, now=clock)


@pytest.fixture
def server() -> Iterator[HookServer]:
    with HookServer() as opened:
        yield opened


# --- in the record ------------------------------------------------------------------------------------------------


def test_an_endpoint_is_a_recipient_of_its_own_with_a_secret_nobody_guesses(store: Store) -> None:
    with store.writing() as connection:
        one = endpoints.make(connection, NOW, owner=PRUE, url=HOOK)
        other = endpoints.make(connection, NOW, owner=PRUE, url=HOOK + "/2")
    assert (one.address, one.owner, one.url) == (f"endpoint:{one.id}", PRUE, HOOK)
    assert (one.state, one.problem, one.tested_at) == (EndpointState.UNTESTED, "", None)
    assert number_of(one.address) == one.id
    assert one.secrets[0].startswith("whsec_")
    assert 24 <= len(base64.b64decode(one.secrets[0].removeprefix("whsec_"), validate=True)) <= 64
    assert one.secrets != other.secrets
    with store.reading() as connection:
        assert [found.id for found in of_somebody(connection, [PRUE.upper()], NOW)] == [one.id, other.id]
        assert of_somebody(connection, [HAL, one.address], NOW) == []


@pytest.mark.parametrize("text", ["", "7a", "endpoint:", "endpoint:-7", "S-7", "12345678901", "٧"])
def test_what_names_no_endpoint(text: str) -> None:
    assert number_of(text) is None


def test_the_old_secret_counts_beside_the_new_one_for_a_day(store: Store) -> None:
    with store.writing() as connection:
        made = endpoints.make(connection, NOW, owner=PRUE, url=HOOK)
        fresh = endpoints.rotate(connection, made.id, NOW)

    def secrets(after: timedelta) -> tuple[str, ...]:
        with store.reading() as connection:
            found = by_number(connection, made.id, NOW + after)
            assert found
            return found.secrets

    assert fresh is not None
    assert fresh != made.secrets[0]
    assert secrets(timedelta(hours=24) - timedelta(seconds=1)) == (fresh, made.secrets[0])
    assert secrets(timedelta(hours=24)) == (fresh,)
    with store.writing() as connection:
        third = endpoints.rotate(connection, made.id, NOW + timedelta(hours=1))
    assert secrets(timedelta(hours=2)) == (third, fresh), "the oldest is out of use at once"


def test_an_endpoint_that_ends_forgets_its_secrets_and_takes_its_subscriptions_along(store: Store) -> None:
    one, other = live(store), live(store, HOOK + "/2")
    mine, hers = subscribed(store, one.address), subscribed(store, other.address)
    own = subscribed(store, PRUE, channel="email")
    with store.writing() as connection:
        assert endpoints.end(connection, one.id, "gone", NOW) == [mine]
        assert endpoints.end(connection, one.id, "gone", NOW) is None
        assert endpoints.rotate(connection, one.id, NOW) is None
        assert not endpoints.passed(connection, one.id)
        states = {id: record.by_number(connection, id) for id in (mine, hers, own)}
        row = connection.execute(sa.select(endpoint).where(endpoint.c.id == one.id)).one()
    assert [(found.state.value, found.ended_why) for found in states.values() if found] == [
        ("ended", "gone"), ("active", ""), ("active", ""),
    ]  # fmt: skip
    assert (row.secret, row.old_secret) == ("", "")
    assert now_of(store, one.id).secrets == ()


def test_it_counts_as_failing_since_the_first_failure_in_a_row(store: Store) -> None:
    made = live(store)
    with store.writing() as connection:
        endpoints.failing(connection, made.id, "endpoint answered 500", NOW)
        endpoints.failing(connection, made.id, "x" * 300, NOW + timedelta(hours=1))
    found = now_of(store, made.id)
    assert (found.failing_since, found.problem, found.state) == (NOW, "x" * 200, EndpointState.LIVE)
    with store.writing() as connection:
        assert endpoints.passed(connection, made.id)
    assert now_of(store, made.id)[6:] == (  # nothing is left of it
        "", found.made_at, None, None,
    )  # fmt: skip


def test_an_owner_is_forgotten_with_their_endpoints_when_nothing_is_sent_there_any_more(store: Store) -> None:
    with store.reading() as connection:
        now = store.now(connection)
    made, theirs = live(store, HOOK + "?key=prue"), live(store, owner=HAL)
    mine, hers = subscribed(store, made.address), subscribed(store, theirs.address, HAL)
    with store.writing() as connection:
        record.end(connection, mine, "unsubscribed", now + timedelta(days=30))
        assert forget_addresses(connection, now + timedelta(days=57)) == 0
        assert forget_addresses(connection, now + timedelta(days=58, minutes=1)) == 1
    gone, kept = now_of(store, made.id), now_of(store, theirs.id)
    assert (gone.state, gone.url, gone.secrets) == (EndpointState.ENDED, "", ())
    assert PRUE not in gone.owner
    assert (kept.state, kept.owner, kept.url) == (EndpointState.LIVE, HAL, HOOK)
    with store.reading() as connection:
        found = record.by_number(connection, hers)
    assert found
    assert found.recipient == theirs.address, "an endpoint is no person"


# --- the journey --------------------------------------------------------------------------------------------------


def test_an_address_is_added_tested_and_live(desk: Desk, server: HookServer) -> None:
    made = journey.add(desk, PRUE, f" {server.url} ")
    server.secrets = [made.secrets[0]]
    tried = journey.try_out(desk, made.id)
    assert tried.problem == ""
    assert tried.endpoint
    assert (tried.endpoint.state, tried.endpoint.tested_at) == (EndpointState.LIVE, NOW)
    [got] = server.got
    assert got.event["type"] == "webhook.test"
    assert got.event["timestamp"] == "2026-11-21T09:00:00+00:00"
    assert got.event["data"]["endpoint"] == made.id
    assert got.id.startswith("test_")
    assert "." not in got.id


@pytest.mark.parametrize("status", [199, 300, 301, 404, 410, 500])
def test_a_test_that_is_not_answered_with_a_2xx_makes_nothing_live(desk: Desk, server: HookServer, status: int) -> None:
    made = journey.add(desk, PRUE, server.url)
    server.otherwise = Answers(status if status != 199 else 304)
    tried = journey.try_out(desk, made.id)
    assert tried.problem.startswith("It did not pass: endpoint ")
    assert tried.endpoint
    assert tried.endpoint.state is EndpointState.UNTESTED
    assert tried.endpoint.problem


def test_a_live_endpoint_that_fails_a_test_stays_live_and_is_known_to_fail(
    desk: Desk, server: HookServer, clock: Clock
) -> None:
    made = journey.add(desk, PRUE, server.url)
    journey.try_out(desk, made.id)
    server.otherwise = Answers(500)
    clock.now += timedelta(seconds=20)
    assert journey.try_out(desk, made.id).problem == "It did not pass: endpoint answered 500."
    found = now_of(desk.store, made.id)
    assert (found.state, found.problem) == (EndpointState.LIVE, "endpoint answered 500")


def test_somebodys_endpoints_are_tested_three_times_a_minute_together(
    desk: Desk, server: HookServer, clock: Clock
) -> None:
    """A test goes to whatever server somebody names: it must be no way to pester a stranger."""
    one, other = journey.add(desk, PRUE, server.url), journey.add(desk, PRUE, server.url + "/2")
    theirs = journey.add(desk, HAL, server.url)
    assert journey.try_out(desk, one.id).problem == ""
    for id in (one.id, other.id):
        assert journey.try_out(desk, id).problem == journey.TOO_SOON
    assert journey.try_out(desk, theirs.id).problem == ""
    clock.now += timedelta(seconds=19)
    assert journey.try_out(desk, other.id).problem == journey.TOO_SOON
    clock.now += timedelta(seconds=1)
    assert journey.try_out(desk, other.id).problem == ""
    assert len(server.got) == 3


def test_servers_that_hang_do_not_take_all_of_the_page_servers_threads(desk: Desk) -> None:
    """A test waits for its answer, 20 seconds long: a few owners together could stop every page."""
    ids = [journey.add(desk, f"owner{number}@example.org", f"{HOOK}/{number}").id for number in range(5)]
    problems: list[str] = []

    def hangs(*_: object) -> str:
        """While one waits, the next begins."""
        if len(problems) < 4 and ids:
            problems.append(journey.try_out(busy, ids.pop()).problem)
        return ""

    busy = replace(desk, knock=hangs)
    journey.try_out(busy, ids.pop())
    assert problems == [journey.BUSY, "", ""]
    left = ids.pop()
    assert now_of(desk.store, left).tested_at is None
    assert journey.try_out(replace(desk, knock=lambda *_: ""), left).problem == "", "and then it is free again"


def test_addresses_are_few_and_no_way_round_that_is_to_end_and_add_them(desk: Desk, clock: Clock) -> None:
    def add(number: int) -> int:
        return journey.add(desk, PRUE, f"{HOOK}/{number}").id

    held = [add(number) for number in range(journey.MOST)]
    with pytest.raises(BadUrl, match="end one"):
        add(99)
    with pytest.raises(BadUrl, match="added this address before"):
        add(0)
    for number in range(journey.MOST_A_DAY - journey.MOST):
        journey.end(desk, held.pop())
        held.append(add(100 + number))
    journey.end(desk, held.pop())
    with pytest.raises(BadUrl, match="try again tomorrow"):
        add(200)
    clock.now += timedelta(days=1, seconds=1)
    assert add(200)


def test_an_address_inside_is_not_added_where_no_setting_allows_it(store: Store, tmp_path: Path) -> None:
    desk = desk_of(store, tmp_path, DESK_WEBHOOK_LOOPBACK="0").desk
    with pytest.raises(BadUrl):
        journey.add(desk, PRUE, "http://127.0.0.1:8000/hook")
    assert journey.owned(desk, PRUE) == []


def test_an_owner_has_their_own_endpoints_only(desk: Desk) -> None:
    mine, hers = journey.add(desk, PRUE, HOOK), journey.add(desk, HAL, HOOK)
    assert [one.id for one in journey.owned(desk, PRUE)] == [mine.id]
    assert journey.owned_one(desk, hers.id, PRUE) is None
    assert journey.owned_one(desk, mine.id, PRUE)


def test_what_has_ended_is_neither_tested_nor_listed(desk: Desk, server: HookServer) -> None:
    made = journey.add(desk, PRUE, server.url)
    assert journey.end(desk, made.id) == []
    assert journey.end(desk, made.id) is None
    assert journey.try_out(desk, made.id).problem == journey.ENDED
    assert journey.try_out(desk, 999).problem == journey.ENDED
    assert journey.rotate(desk, made.id) is None
    assert journey.owned(desk, PRUE) == []
    assert server.got == []


def test_what_a_subscription_hears_of_an_endpoint_of_its_owner_hears_of_too(desk: Desk) -> None:
    made, theirs = live(desk.store), live(desk.store, owner=HAL)
    mine = subscribed(desk.store, PRUE, channel="email", high=500_000)
    copied = journey.send_there(desk, made, mine)
    assert copied
    with desk.store.reading() as connection:
        one, other = record.by_number(connection, mine), record.by_number(connection, copied)
    assert one
    assert other
    assert (other.recipient, other.channel, other.owner) == (made.address, "webhook", PRUE)
    assert (other.criteria, other.sentence, other.every) == (one.criteria, one.sentence, one.every)
    assert other.state.value == "active"
    assert journey.send_there(desk, made, mine) is None, "it does already"
    assert journey.send_there(desk, theirs, mine) is None, "not theirs to send there"
    assert journey.send_there(desk, made, 999) is None
    untested = journey.add(desk, PRUE, HOOK + "/untested")
    assert journey.send_there(desk, untested, mine) is None, "it has not answered"


# --- it ends of itself --------------------------------------------------------------------------------------------


def owed_to(address: str) -> Owed:
    return Owed("a" * 32, "intention", "intention:1:1", address, "webhook", None, {}, False, 10, NOW, "")


def letters(desk: Desk) -> list[Any]:
    """What is owed, written."""
    with desk.store.reading() as connection:
        owed = owed_of(connection, connection.execute(sa.select(notification)).all())
    return [compose(one, desk) for one in owed]


@pytest.mark.parametrize(
    ("reason", "why", "says"),
    [(endpoints.GONE, "gone", "it answered that it is gone (410)"),
     ("endpoint answered 500", "failing", "in ten tries over three days. The last time: endpoint answered 500.")],
)  # fmt: skip
def test_an_endpoint_that_fails_for_good_ends_and_its_owner_is_told_once(
    desk: Desk, reason: str, why: str, says: str
) -> None:
    desk = replace(desk, channels=frozenset({"email"}))
    made = live(desk.store)
    mine = subscribed(desk.store, made.address)
    with desk.store.writing() as connection:
        endpoints.failing(connection, made.id, reason, NOW)
    for _ in range(2):
        undeliverable(owed_to(made.address), reason, desk)
    with desk.store.reading() as connection:
        found = record.by_number(connection, mine)
    assert found
    assert (found.state.value, found.ended_why) == ("ended", why)
    assert now_of(desk.store, made.id).state is EndpointState.ENDED
    [told] = notifications(desk.store)
    assert (told.kind, told.recipient, told.channel) == ("endpoint_failed", PRUE, "email")
    [letter] = letters(desk)
    assert says in letter.reply.text
    assert f"S-{mine}" in letter.reply.text
    assert "hooks.provider.example.org" in letter.subject
    assert HOOK not in letter.reply.text, "the rest of an address may be a secret"


@pytest.mark.parametrize("recipient", ["endpoint:999", "nobody@example.org"])
def test_what_names_no_endpoint_ends_nothing(desk: Desk, recipient: str) -> None:
    undeliverable(owed_to(recipient), "endpoint has ended", desk)
    assert notifications(desk.store) == []


def test_check_names_the_endpoints_that_fail(desk: Desk) -> None:
    well, failing, ended = (live(desk.store, f"{HOOK}/{number}") for number in range(3))
    with desk.store.writing() as connection:
        for one in (failing, ended):
            endpoints.failing(connection, one.id, "endpoint answered 500", NOW)
        endpoints.end(connection, ended.id, "failing", NOW)
    found = [one for one in check_sending(desk.store) if "Webhooks" in one.what]
    assert [one.what for one in found] == [f"Webhooks do not arrive at 1 endpoint ({failing.id})."]
    assert well.id != failing.id


# --- settings -----------------------------------------------------------------------------------------------------


def test_webhooks_to_this_machine_and_slack_do_not_go_together(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"DESK_WEBHOOK_LOOPBACK: .* SLACK_BOT_TOKEN"):
        load_settings(cast.environment(tmp_path, DESK_WEBHOOK_LOOPBACK="1", SLACK_BOT_TOKEN="xoxb-1"))
    assert not cast.settings(tmp_path, SLACK_BOT_TOKEN="xoxb-1").webhook_loopback


# --- desk endpoints -----------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """`desk endpoints ...`: exit code, and what it printed, as JSON where it is."""
    environment = cast.environment(tmp_path, DESK_WEBHOOK_LOOPBACK="1")
    Wiring(load_settings(environment)).store.close()

    def go(*arguments: str) -> tuple[int, Any]:
        done = CliRunner().invoke(desk_command, ["endpoints", *arguments], env=environment)
        text = done.stdout
        return done.exit_code, json.loads(text) if text.startswith(("{", "[")) else text + done.stderr

    return go


def test_commands_add_test_rotate_and_end_an_endpoint(run: Any, server: HookServer) -> None:
    code, added = run("add", "--owner", PRUE, server.url, "--json")
    assert (code, added["state"], added["owner"], added["url"]) == (0, "untested", PRUE, server.url)
    server.secrets = [added["secret"]]
    code, tried = run("test", str(added["id"]), "--json")
    assert (code, tried["state"], tried["problem"]) == (0, "live", "")
    assert len(server.ids) == 1
    code, rotated = run("rotate", str(added["id"]), "--json")
    assert code == 0
    assert rotated["secret"] != added["secret"]
    code, listed = run("--json")
    assert [(one["id"], one["state"]) for one in listed] == [(added["id"], "live")]
    assert "whsec_" not in json.dumps(listed), "a secret is shown once"
    assert "live" in run()[1]
    code, ended = run("end", str(added["id"]), "--json")
    assert (code, ended["state"]) == (0, "ended")
    assert run("end", str(added["id"]))[0] == 1
    assert run("test", str(added["id"]))[0] == 1
    assert run("rotate", "999")[0] == 1


def test_a_command_says_why_it_takes_an_address_not(run: Any) -> None:
    code, said = run("add", "--owner", PRUE, "https://10.0.0.1/")
    assert code == 2
    assert "public server" in said
    assert run("add", "--owner", "prue", HOOK)[0] == 2
    code, said = run("add", "--owner", PRUE, HOOK)
    assert code == 0
    assert said.count("whsec_") == 1
    assert "desk endpoints test 1" in said


def test_a_command_says_that_a_test_failed(run: Any, server: HookServer) -> None:
    run("add", "--owner", PRUE, server.url)
    server.otherwise = Answers(503)
    code, said = run("test", "1")
    assert code == 1
    assert "endpoint answered 503" in said
    assert "wait 20 seconds" in run("test", "1")[1]
