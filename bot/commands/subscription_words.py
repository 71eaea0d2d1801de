"""What `desk subscribe` and `desk subscriptions` say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.table import Table

from bot.terminal import console, plain
from handlers.subscriptions import saying
from knowledge.subscriptions import pace
from knowledge.subscriptions.lately import Brought
from knowledge.subscriptions.nouns import Criteria, State, Subscription
from knowledge.subscriptions.understanding.nouns import Preview
from knowledge.subscriptions.understanding.telling import in_words, one_line


def as_json(one: Subscription) -> dict[str, Any]:
    """A subscription for programs; moments in UTC, or null."""
    return {
        "id": one.id, "reference": one.reference, "state": one.state.value, "recipient": one.recipient,
        "owner": one.owner, "channel": one.channel, "every": one.every, "sentence": one.sentence,
        "criteria": one.criteria.model_dump(mode="json"), "in_words": saying.criteria_words(one.criteria),
        "since": one.since.isoformat(), "made_at": one.made_at.isoformat(), "confirmed_at": _moment(one.confirmed_at),
        "paused_at": _moment(one.paused_at), "ended_at": _moment(one.ended_at), "ended_why": one.ended_why or None,
    }  # fmt: skip


def preview_as_json(found: Preview) -> dict[str, Any]:
    """What would have been told, for programs."""
    return {
        "compared": found.compared, "total": found.total, "coming": found.coming,
        "examples": [
            {"reference": one.shown.reference, "title": one.shown.terms.title, "why": one.why, "over": one.over}
            for one in found.newest
        ],
    }  # fmt: skip


def brought_as_json(brought: Sequence[Brought]) -> list[dict[str, Any]]:
    """What came lately, for programs."""
    return [{"reference": one.reference, "title": one.title, "at": one.at.isoformat()} for one in brought]


def grid(found: Sequence[Subscription]) -> Table:
    """Subscriptions, a row each."""
    table = Table(box=None, header_style="dim")
    for name in ("alert", "state", "to", "channel", "how often", "of what"):
        table.add_column(name, overflow="fold", no_wrap=name in ("alert", "state"))
    for one in found:
        cells = (one.reference, one.state.value, one.recipient, one.channel, pace.in_words(one.every))
        table.add_row(*map(plain, (*cells, one_line(one.criteria))))
    return table


def card(one: Subscription, brought: Sequence[Brought]) -> None:
    """All of one, and what it brought lately."""
    table = Table(show_header=False, box=None)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    rows = [
        ("Alert", one.reference), ("State", saying.state_words(one)), ("To", f"{one.recipient} ({one.channel})"),
        ("Whose", one.owner), *in_words(one.criteria, one.every), ("As it was said", one.sentence),
        ("Since", f"{one.since:%d %B %Y %H:%M} UTC"), ("Came lately", saying.lately_words(brought)),
    ]  # fmt: skip
    for name, said in rows:
        table.add_row(plain(name), plain(said))
    console.print(table)


def unmade(sentence: str, criteria: Criteria) -> dict[str, Any]:
    """What would be set up, for programs."""
    return {
        "id": None, "reference": None, "state": None, "sentence": sentence,
        "criteria": criteria.model_dump(mode="json"), "in_words": saying.criteria_words(criteria),
    }  # fmt: skip


def how_agreed(made: Subscription, url: str) -> str:
    """How it is agreed to, in a sentence. `url`: the desk's public address, "" for none."""
    if made.state is State.ACTIVE:
        return "It is on."
    if made.channel == "screen":
        return f"Not on yet: desk subscriptions confirm {made.reference}"
    if made.channel == "slack":
        return "Not on yet: they are sent a button in Slack by desk work, and it is on once they press it."
    if not url:
        return "Not on yet: a letter has no link without DESK_URL. Set it, and subscribe again."
    return (
        "Not on yet: they are sent a link by desk work, and it is on once they press it. To hand it over yourself: "
        f"desk subscriptions confirm-link {made.reference}"
    )


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
