"""Signed links: each is for one thing, for a while, for one person, and looking does nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from processes import ROOT

from bot import alert_links, links
from knowledge import sign_in_links, tokens
from knowledge.subscriptions import confirming

SECRET, OTHER = "a key of tests, long enough", "another key of tests, long enough"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


class Purpose(NamedTuple):
    """What links are for. `about`: what one holds; `read`: what reads it, falsy for nothing; `longest`: it works."""

    name: str
    about: dict[str, str | int]
    read: Callable[[str, str, datetime], Any]
    longest: timedelta


PURPOSES = (
    Purpose(links.ACT, {"party": 3, "action": "close", "about": "C-0001"}, links.act_in, links.ACTS_FOR),
    Purpose(links.ANSWER, {"request": 3}, links.request_in, links.ANSWERS_FOR),
    Purpose(links.POSTING, {"posting": "P-3"}, links.posting_in, links.POSTING_FOR),
    Purpose(alert_links.CONFIRM, {"link": "abc"}, alert_links.link_in, confirming.VALID),
    Purpose(alert_links.UNSUBSCRIBE, {"party": 3, "stops": "1,2"}, alert_links.stop_in, alert_links.STOPS_FOR),
    Purpose(alert_links.MANAGE, {"party": 3}, alert_links.manager_in, alert_links.MANAGES_FOR),
    Purpose(sign_in_links.PURPOSE, {"link": "abc"}, sign_in_links.link_in, sign_in_links.VALID),
)


def token(purpose: Purpose, secret: str = SECRET) -> str:
    return tokens.sign(secret, purpose.name, purpose.about, NOW)


def test_every_purpose_that_the_code_signs_for_is_here() -> None:
    signed = set()
    for path in [one for room in ("knowledge", "handlers", "bot", "webhooks") for one in (ROOT / room).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("tokens.sign", "sign"):
                signed.add((path.stem, ast.unparse(node.args[1])))
    modules: dict[str, Any] = {"links": links, "alert_links": alert_links, "sign_in_links": sign_in_links}
    assert {getattr(modules[module], name) for module, name in signed} == {one.name for one in PURPOSES}
    assert len({one.name for one in PURPOSES}) == len(PURPOSES)


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda one: one.name)
def test_a_link_works_to_the_end_of_its_time_and_no_longer(purpose: Purpose) -> None:
    made = token(purpose)
    assert purpose.read(SECRET, made, NOW)
    assert purpose.read(SECRET, made, NOW + purpose.longest)
    assert not purpose.read(SECRET, made, NOW + purpose.longest + timedelta(seconds=2))


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda one: one.name)
def test_a_link_is_for_one_purpose_and_of_this_desk(purpose: Purpose) -> None:
    made = token(purpose)
    assert [one.name for one in PURPOSES if one is not purpose and one.read(SECRET, made, NOW)] == []
    assert not purpose.read(OTHER, made, NOW), "a new key ends every link"
    for at in range(0, len(made), 7):
        forged = f"{made[:at]}{'A' if made[at] != 'A' else 'B'}{made[at + 1 :]}"
        assert not purpose.read(SECRET, forged, NOW) or forged[-1] != made[-1], at
    for nonsense in ("", ".", "..", made[:-1], made + ".x", "é", "\0", "a" * 10_000, made.replace(".", "")):
        assert not purpose.read(SECRET, nonsense, NOW), nonsense[:20]


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda one: one.name)
def test_a_link_that_says_something_else_than_it_should_is_none(purpose: Purpose) -> None:
    """Should another version of the desk ever have signed it."""
    for about in ({}, {"party": "3"}, {"request": "3"}, {"party": None}, {"stops": 3}):
        made = tokens.sign(SECRET, purpose.name, about, NOW)  # type: ignore[arg-type]
        assert not purpose.read(SECRET, made, NOW)


def test_no_link_holds_an_address() -> None:
    with pytest.raises(ValueError, match="no address"):
        tokens.sign(SECRET, "act", {"party": "ann@example.org"}, NOW)
