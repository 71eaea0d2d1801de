"""A desk in Slack: what is sent to it and what it does, and what of that Slack would take."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from fake_slack import BOT_TOKEN, SIGNING_SECRET, FakeSlack, event_body, signed, until
from flask import Flask
from werkzeug.test import TestResponse

from bot.wiring import Wiring
from knowledge.tables import incoming

FORM = "application/x-www-form-urlencoded"


class Workspace:
    """A desk in Slack: what is sent to it, and what it does."""

    def __init__(self, app: Flask, fake: FakeSlack) -> None:
        self.app, self.fake = app, fake
        self.wiring: Wiring = app.extensions["wiring"]
        self.intake = app.extensions["slack_intake"]

    def deliver(self, body: str, kind: str = "application/json", **headers: str) -> TestResponse:
        """A delivery of Slack's."""
        return self.app.test_client().post("/slack/events", data=body, headers={**signed(body, kind=kind), **headers})

    def says(self, event: dict[str, Any], **more: Any) -> str:
        """An event that the desk must acknowledge. Gives its body, for delivering it again."""
        body = event_body(event, **more)
        assert self.deliver(body).status_code == 200
        return body

    def posts(self, count: int = 1) -> list[dict[str, Any]]:
        """What the desk posted, once it has settled everything: exactly so many."""
        self.fake.await_calls("chat.postMessage", count)
        self.settled()
        assert len(self.fake.made("chat.postMessage")) == count
        return self.fake.made("chat.postMessage")

    def settled(self) -> None:
        """Waits until nothing is being answered."""
        until(lambda: all(row.state != "received" for row in self.rows()), "every event settled")

    def rows(self) -> list[Any]:
        """What is written down of what came in."""
        with self.wiring.store.reading() as connection:
            return list(connection.execute(sa.select(incoming).order_by(incoming.c.received_at)))

    def expire(self) -> None:
        """As if every lease had run out."""
        with self.wiring.store.writing() as connection:
            connection.execute(sa.update(incoming).values(lease_until=datetime(2020, 1, 1, tzinfo=UTC)))

    def released(self) -> Any:
        """The one event, once it has been given back to be tried again."""
        until(lambda: self.rows() and abs(lease_left(self.rows()[0]) - 60) > 5, "the event given back")
        [row] = self.rows()
        return row


def lease_left(row: Any) -> float:
    until_then = row.lease_until if row.lease_until.tzinfo else row.lease_until.replace(tzinfo=UTC)
    return float((until_then - datetime.now(UTC)) / timedelta(seconds=1))


def words(blocks: list[dict[str, Any]]) -> str:
    """All the text of some blocks."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            found.extend(value for key, value in node.items() if key == "text" and isinstance(value, str))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(blocks)
    return " ".join(" ".join(found).split())


def slack_settings(fake: FakeSlack, **more: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET, "SLACK_API_URL": fake.url, **more,
    }  # fmt: skip


def mrkdwn_of(node: Any) -> Iterator[str]:
    """Every text that Slack parses."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values():
            yield from mrkdwn_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from mrkdwn_of(value)


def harmless(text: str) -> bool:
    """Whether text that Slack parses holds no mention or link but the desk's own."""
    return not re.search(r"<(?!https://desk\.example\.org/)", text) and not re.search(r"&(?!amp;|lt;|gt;)", text)


def viewed(given: dict[str, Any]) -> dict[str, Any]:
    view = given["view"]
    found = json.loads(view) if isinstance(view, str) else view
    assert isinstance(found, dict)
    return found


def _boxes_within_limits(boxes: dict[str, Any]) -> None:
    assert 0 < len(boxes["options"]) <= 10
    assert all(one in boxes["options"] for one in boxes.get("initial_options", ()))
    for one in boxes["options"]:
        assert 0 < len(one["text"]["text"]) <= 75
        assert 0 < len(one.get("description", {"text": "-"})["text"]) <= 75


def within_limits(blocks: list[dict[str, Any]], most: int = 50) -> None:
    """Slack's documented limits, and the undocumented total."""
    assert 0 < len(blocks) <= most
    named = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(set(named)) == len(named), "a block's id stands once"
    assert most > 50 or len(words(blocks)) < 13_000
    for block in blocks:
        assert len(block.get("block_id", "")) <= 255
        if block["type"] == "section":
            assert 0 < len(block["text"]["text"] if "text" in block else block["fields"]) <= 3_000
            assert all(0 < len(one["text"]) <= 2_000 for one in block.get("fields", ()))
            assert len(block.get("fields", ())) <= 10
        elif block["type"] == "context":
            assert 0 < len(block["elements"]) <= 10
            assert all(0 < len(one["text"]) <= 3_000 for one in block["elements"])
        elif block["type"] == "actions":
            assert 0 < len(block["elements"]) <= 25
            assert len({one["action_id"] for one in block["elements"]}) == len(block["elements"])
            for one in block["elements"]:
                if one["type"] == "checkboxes":
                    _boxes_within_limits(one)
                    continue
                assert 0 < len(one["text"]["text"]) <= 75
                assert 0 < len(one.get("value", "-")) <= 2_000
                assert len(one["action_id"]) <= 255
                assert len(one.get("accessibility_label", "")) <= 75
        elif block["type"] == "rich_text":
            [quote] = block["elements"]
            assert quote["elements"], "an empty quotation is refused"
            assert all(one["text"] for one in quote["elements"])
        elif block["type"] == "header":
            assert 0 < len(block["text"]["text"]) <= 150
        elif block["type"] == "input":
            assert 0 < len(block["label"]["text"]) <= 2_000
        elif block["type"] == "context_actions":
            assert 0 < len(block["elements"]) <= 5
            for name in ("positive_button", "negative_button"):
                thumb = block["elements"][0][name]
                assert 0 < len(thumb["text"]["text"]) <= 75
                assert 0 < len(thumb["accessibility_label"]) <= 75
                assert 0 < len(thumb["value"]) <= 2_000
        elif block["type"] == "markdown":
            assert 0 < len(block["text"]) <= 12_000
        elif block["type"] != "divider":
            raise AssertionError(f"a block this desk does not use: {block['type']}")
