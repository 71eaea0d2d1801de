"""A change of the timeline, as it reaches a provider's own program, and a provider's letter box by GOV.UK Notify: the
whole way, with nothing put in the place of anything but their servers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from council import at
from hook_server import HookServer
from hooks import HOOK, live
from notify_server import NotifyServer, receipt
from subscribing import CHARITY, HOME_CARE, subscribe
from telling import Telling

from bot.__main__ import desk as desk_command
from bot.channels import Channel
from bot.channels.notify import NotifyChannel, notify_of
from bot.channels.webhook import WebhookChannel
from bot.outgoing import Outgoing
from bot.wiring import Wiring
from bot.worker import Worker
from handlers.receipts import take_receipt
from handlers.telling import compose
from handlers.timed import run_due
from handlers.undelivered import undeliverable
from knowledge.store import Store
from knowledge.subscriptions import record
from knowledge.subscriptions.endpoint import Endpoint
from knowledge.subscriptions.suppressing import Reason, why_suppressed
from knowledge.tables import notification

BEFORE, MONDAY, TUESDAY = at("2026-11-13"), at("2026-11-16"), at("2026-11-17")


@pytest.fixture
def hooks() -> Iterator[HookServer]:
    with HookServer() as opened:
        yield opened


@pytest.fixture
def notify() -> Iterator[NotifyServer]:
    with NotifyServer() as opened:
        yield opened


def work(telling: Telling, home: Path, channels: dict[str, Channel]) -> int:
    """The real worker does what is due."""
    made = Wiring(cast.settings(home))
    vars(made)["store"] = telling.store
    with telling.store.writing() as connection:
        now = telling.store.now(connection) - timedelta(seconds=1)
        waits = notification.c.state == "waiting"
        connection.execute(sa.update(notification).where(waits).values(due_at=now, lease_until=now))
    return Worker(
        made, channels, lambda owed: compose(owed, telling.desk),
        lambda owed, reason: undeliverable(owed, reason, telling.desk), lambda: 0,
    ).run_until_idle()  # fmt: skip


def endpoint_of(store: Store, server: HookServer) -> Endpoint:
    made = live(store, server.url, CHARITY)
    server.secrets = list(made.secrets)
    return made


def test_a_program_hears_of_a_new_intention_of_its_change_and_of_its_withdrawal(
    store: Store, hooks: HookServer, tmp_path: Path
) -> None:
    telling = Telling(store, MONDAY)
    made = endpoint_of(store, hooks)
    subscribe(store, HOME_CARE, made.address, channel="webhook", at=BEFORE)
    by: dict[str, Channel] = {"webhook": WebhookChannel(lambda: store, Outgoing(loopback=True))}
    given: dict[str, Any] = {"title": "Home care: six contracts", "description": "Personal care.", "high": 480_000}
    telling.says(**given)
    assert work(telling, tmp_path, by) == 1
    telling.says(at=TUESDAY, reason="Prices have risen.", **{**given, "high": 520_000})
    assert work(telling, tmp_path, by) == 1
    telling.says(at=TUESDAY + timedelta(days=1), reason="No money.", **given, state="withdrawn")
    assert work(telling, tmp_path, by) == 1
    kinds = [got.event["type"].partition(".")[2] for got in hooks.got]
    assert kinds == ["published", "changed", "withdrawn"]
    data = [got.event["data"] for got in hooks.got]
    assert {one["reference"] for one in data} == {"ASC-01"}
    assert data[1]["reason"] == "Prices have risen."
    assert [(one["field"], one["after"]) for one in data[1]["changes"]] == [("high", "520000")]
    assert len({got.id for got in hooks.got}) == 3
    assert all(len(json.dumps(got.event)) < 20_000 for got in hooks.got)
    assert work(telling, tmp_path, by) == 0


def test_a_round_up_of_a_program_is_one_sending(sqlite_store: Store, hooks: HookServer, tmp_path: Path) -> None:
    telling = Telling(sqlite_store, MONDAY)
    made = endpoint_of(sqlite_store, hooks)
    subscribe(sqlite_store, HOME_CARE, made.address, channel="webhook", every="daily", at=BEFORE)
    for number in range(3):
        telling.says(f"ASC-0{number}", title=f"Home care {number}", description="Personal care.")
    telling.clock = TUESDAY
    run_due(telling.desk)
    work(telling, tmp_path, {"webhook": WebhookChannel(lambda: sqlite_store, Outgoing(loopback=True))})
    [got] = [one for one in hooks.got if one.event]
    assert got.event["type"] == "commissioning_intention.roundup"
    assert sorted(one["reference"] for one in got.event["data"]["items"]) == ["ASC-00", "ASC-01", "ASC-02"]


def test_a_charity_hears_by_notify_and_may_stop_with_one_click(
    store: Store, notify: NotifyServer, tmp_path: Path
) -> None:
    telling = Telling(store, MONDAY)
    mine = subscribe(store, HOME_CARE, at=BEFORE)
    wiring = Wiring(cast.settings(tmp_path, DESK_URL="https://desk.example.org", **notify.settings))
    vars(wiring)["store"] = store
    by: dict[str, Channel] = {"email": NotifyChannel(notify_of(wiring.settings), wiring.link_for)}
    telling.says(title="Home care: six contracts", description="Personal care.", high=480_000)
    assert work(telling, tmp_path, by) == 1
    [mail] = notify.arrived
    assert mail.given["email_address"] == CHARITY
    assert mail.says["subject"] == "New: Home care: six contracts"
    assert "Personal care." in mail.says["body"]
    assert "https://" not in mail.says["body"], "Notify would take it out"
    assert "https://desk.example.org/timeline/ASC-01" in mail.says["links"]
    stop = mail.given["one_click_unsubscribe_url"]
    assert stop.startswith("https://desk.example.org/alerts/unsubscribe/")
    assert mail.says["links"].count("https://desk.example.org/alerts/unsubscribe/") == 1, "and visibly"
    assert take_receipt(telling.desk, mail.given["reference"], mail.id, "delivered")
    with store.reading() as connection:
        row = connection.execute(sa.select(notification)).one()
        found = record.by_number(connection, mine)
    assert (row.state, row.receipt) == ("sent", "delivered")
    assert found
    assert found.state.value == "active"


def test_an_address_that_notify_finds_to_be_none_hears_of_nothing_more(
    store: Store, notify: NotifyServer, tmp_path: Path
) -> None:
    telling = Telling(store, MONDAY)
    mine = subscribe(store, HOME_CARE, at=BEFORE)
    wiring = Wiring(cast.settings(tmp_path, **notify.settings))
    vars(wiring)["store"] = store
    by: dict[str, Channel] = {"email": NotifyChannel(notify_of(wiring.settings), wiring.link_for)}
    telling.says(title="Home care", description="Personal care.")
    work(telling, tmp_path, by)
    said = receipt(notify.arrived[0], "permanent-failure")
    assert take_receipt(telling.desk, said["reference"], said["id"], said["status"])
    with store.reading() as connection:
        found = record.by_number(connection, mine)
        why = why_suppressed(connection, CHARITY)
    assert found
    assert (found.state.value, found.ended_why, why) == ("ended", "bounced", Reason.BOUNCED)
    telling.says(at=TUESDAY, reason="No money.", title="Home care", description="Personal care.", high=1)
    assert work(telling, tmp_path, by) == 0


def test_an_endpoint_is_subscribed_by_command_once_it_has_answered(tmp_path: Path) -> None:
    environment = cast.environment(tmp_path)
    wiring = Wiring(cast.settings(tmp_path))

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(desk_command, ["subscribe", *arguments], env=environment)
        return done.exit_code, done.stdout + done.stderr

    CliRunner().invoke(desk_command, ["endpoints", "add", "--owner", CHARITY, HOOK], env=environment)
    assert run("--endpoint", "1", "home care")[0] == 1
    made = live(wiring.store, HOOK + "/2", CHARITY)
    code, said = run("--endpoint", str(made.id), "home care under £500k", "--json")
    assert code == 0, said
    found = json.loads(said)
    assert (found["recipient"], found["channel"], found["state"]) == (made.address, "webhook", "active")
    assert run("--endpoint", made.address, "home care under £500k")[0] == 1, "it is told of it already"
    assert run("--endpoint", "seven", "home care")[0] == 2
    assert run("--endpoint", "1", "--email", CHARITY, "home care")[0] == 2
    wiring.store.close()
