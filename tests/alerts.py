"""The pages of alerts in tests: a desk with a clock, what it owes, and people at browsers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cast
import sqlalchemy as sa
from cast import Clock, Visitor, seen
from flask import Flask
from werkzeug.test import TestResponse

from bot import alert_links
from bot.wiring import Wiring
from knowledge.parties import parties_of
from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import Criteria, Subscription
from knowledge.tables import notification
from webhooks import create_app

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ROSA = "rosa@charity.example.org"
"""She manages a charity that looks after people at home."""
MAIL = {
    "DESK_SMTP_HOST": "127.0.0.1", "DESK_SMTP_SECURITY": "none", "DESK_MAIL_FROM": "The desk <desk@marl.example.org>",
    "DESK_URL": "https://desk.example.org",
}  # fmt: skip
WANTED = Criteria(services=("home-care",), high=500_000)


@dataclass
class Place:
    """A desk's pages, its clock, and its record."""

    app: Flask
    wiring: Wiring
    clock: Clock

    @property
    def secret(self) -> str:
        """What it signs with."""
        return self.wiring.settings.secret_key.get_secret_value()

    def owed(self, kind: str = "confirm") -> list[Any]:
        """What is owed to people, oldest first."""
        with self.wiring.store.reading() as connection:
            query = sa.select(notification).where(notification.c.kind == kind)
            return list(connection.execute(query.order_by(notification.c.made_at, notification.c.id)))

    def all(self) -> list[Subscription]:
        """Every subscription there is."""
        with self.wiring.store.reading() as connection:
            return record.every_subscription(connection, ended=True)

    def confirming(self) -> str:
        """Where the newest link leads."""
        with self.wiring.store.reading() as connection:
            query = sa.select(notification.c.about).where(notification.c.kind == "confirm")
            rows = list(connection.execute(query.order_by(notification.c.made_at)).scalars())
        return alert_links.confirm_path(self.secret, rows[-1]["link"], self.clock.now)

    def party(self, address: str = ROSA) -> int:
        """Somebody's number."""
        with self.wiring.store.reading() as connection:
            return min(parties_of(connection, [address]))

    def stopping(self, *numbers: int, address: str = ROSA) -> str:
        """The link of a letter that stops these."""
        return alert_links.unsubscribe_path(
            self.secret, alert_links.Stop(self.party(address), numbers), self.clock.now
        )  # fmt: skip

    def managing(self, address: str = ROSA) -> str:
        """The link of a letter to all that somebody has."""
        return alert_links.manage_path(self.secret, self.party(address), self.clock.now)

    def subscribe(self, address: str = ROSA, criteria: Criteria = WANTED, every: str = "at once") -> int:
        """Somebody who has confirmed."""
        with self.wiring.store.writing() as connection:
            id = record.propose(
                connection, self.clock.now, recipient=address, owner=address, channel="email",
                sentence="home care under £500k", criteria=criteria, every=every,
            )  # fmt: skip
            assert record.agree(connection, id, self.clock.now)
        return id

    def ask(self, browser: Visitor, said: str, email: str, **more: str) -> TestResponse:
        """Asks, and gives an address without changing anything."""
        page = browser.send("/alerts", say=said).get_data(as_text=True)
        return browser.send("/alerts", **as_filled(page), **{"do": "ask", "email": email, **more})


@contextmanager
def place_of(home: Path, **more: str) -> Iterator[Place]:
    """A desk that sends e-mail, its clock moved by hand."""
    wiring = Wiring(cast.settings(home, **{**MAIL, **more}))
    clock = Clock(NOW)
    wiring.__dict__["desk"] = replace(wiring.desk, now=clock)
    try:
        yield Place(create_app(wiring), wiring, clock)
    finally:
        wiring.store.close()


def as_filled(page: str) -> dict[str, Any]:
    """What a browser would send of a page's form where nothing is touched: no buttons, and of ticks the ticked."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="criteria"' in one)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or (re.search(r'type="(checkbox|radio)"', tag) and " checked" not in tag):
            continue
        said = _plain(value[1] if value else "")
        found.setdefault(name[1], []).append(said)
    for name_, said in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name_] = [_plain(said)]
    one_each = {name: said[0] if len(said) == 1 else said for name, said in found.items()}
    return {name: said for name, said in one_each.items() if name not in ("csrf_token", "email")}


def _plain(text: str) -> str:
    return html.unescape(text)


def text_of(answer: TestResponse) -> str:
    """What an answer says."""
    return seen(answer.get_data(as_text=True))
