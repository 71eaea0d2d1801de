"""Endpoints of invented providers, and webhooks owed to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import cast

from bot.wiring import Wiring
from handlers.letters import Letter
from handlers.messages import Outcome, Reply
from knowledge.outbox.owed import Owed
from knowledge.outbox.owing import owe
from knowledge.store import Store
from knowledge.subscriptions import endpoints, record
from knowledge.subscriptions.endpoint import Endpoint, by_number
from knowledge.subscriptions.nouns import Criteria

PRUE, HAL = "prue@provider.example.org", "hal@homes.example.org"
HOOK = "https://hooks.provider.example.org/desk"
EVENT = {
    "type": "commissioning_intention.changed", "timestamp": "2026-11-21T09:00:00+00:00",
    "data": {"reference": "INT-7", "title": "Day opportunities for £500,000: “Thanet”"},
}  # fmt: skip


def desk_of(store: Store, home: Path, **more: str) -> Wiring:
    """A desk with this record, whose webhooks may go to this machine."""
    made = Wiring(cast.settings(home, **{"DESK_WEBHOOK_LOOPBACK": "1", **more}))
    vars(made)["store"] = store  # as if it had opened it
    return made


def live(store: Store, url: str = HOOK, owner: str = PRUE) -> Endpoint:
    """An endpoint that has answered its test."""
    with store.writing() as connection:
        made = endpoints.make(connection, store.now(connection), owner=owner, url=url)
        endpoints.passed(connection, made.id)
        return now_of(store, made.id, connection)


def now_of(store: Store, id: int, connection: Any = None) -> Endpoint:
    """An endpoint as it stands now."""
    if connection is None:
        with store.reading() as opened:
            return now_of(store, id, opened)
    found = by_number(connection, id, store.now(connection))
    assert found
    return found


def subscribed(store: Store, recipient: str, owner: str = PRUE, channel: str = "webhook", **more: Any) -> int:
    """A subscription that counts."""
    with store.writing() as connection:
        now = store.now(connection)
        made = record.propose(
            connection, now, recipient=recipient, owner=owner, channel=channel, sentence="home care",
            criteria=Criteria(words=("home care",), **more), every="at once",
        )  # fmt: skip
        record.agree(connection, made, now)
        return made


def owe_hooks(store: Store, endpoint: Endpoint, count: int = 1, first: int = 0) -> None:
    """Owes an endpoint so many webhooks."""
    with store.writing() as connection:
        now = store.now(connection) - timedelta(seconds=1)
        for number in range(first, first + count):
            subject = f"intention:{number}:1"
            assert owe(connection, now, kind="intention", subject=subject, recipient=endpoint.address,
                       channel="webhook")  # fmt: skip


def letter_of(owed: Owed, event: Mapping[str, Any] = EVENT) -> Letter:
    """What a webhook is made from."""
    reply = Reply(outcome=Outcome.TIMELINE, text="It has moved.")
    return Letter(
        id=owed.id, kind=owed.kind, address=owed.recipient, subject="Home care", reply=reply, event=dict(event)
    )
