"""The pages of alerts in a browser: for everyone (axe), by keyboard alone, without JavaScript, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import cast
import pytest
import sqlalchemy as sa
from alerts import MAIL, ROSA, WANTED
from counties import settle_county
from hooks import live
from marlshire_timeline import load_timeline
from test_browser import WIDTHS, Seat, browser, focused, nothing_found, seats_at, tab_to
from test_timeline_browser import SPACING, STYLED, fits, serve

from bot import alert_links
from bot.alert_links import Stop
from bot.wiring import Wiring
from knowledge.parties import parties_of
from knowledge.store import Store
from knowledge.subscriptions import endpoints, record
from knowledge.subscriptions.nouns import Criteria
from knowledge.tables import notification

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
SAID = "home care or school transport under £900k, every Tuesday and Friday"
SETTINGS = {name: value for name, value in MAIL.items() if name != "DESK_URL"}


@pytest.fixture(scope="module")
def alerts_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample council with its timeline, and somebody with alerts."""
    home = cast.copy_home(sample_home, tmp_path_factory.mktemp("alerts") / "desk")
    wiring = Wiring(cast.settings(home))
    settle_county(wiring, cast.SAMPLE)
    load_timeline(wiring.store)
    for criteria in (WANTED, Criteria(words=("ferries",)), Criteria(follows=("MCI-001",))):
        _subscribe(wiring.store, criteria)
    made = live(wiring.store, owner=ROSA)
    with wiring.store.writing() as connection:
        endpoints.failing(connection, made.id, "endpoint answered 500", datetime.now(UTC))
    wiring.store.close()
    return home


def _subscribe(store: Store, criteria: Criteria) -> None:
    now = datetime.now(UTC)
    with store.writing() as connection:
        id = record.propose(connection, now, recipient=ROSA, owner=ROSA, channel="email", sentence="home care",
                            criteria=criteria, every="mon,thu")  # fmt: skip
        record.agree(connection, id, now)


@pytest.fixture(scope="module")
def served(alerts_home: Path) -> Iterator[str]:
    """A desk that serves it, and sends e-mail."""
    yield from serve(alerts_home, **SETTINGS)


@pytest.fixture
def sit(browser: Browser, served: str) -> Iterator[type[Seat]]:
    """Gives seats at it."""
    yield from seats_at(browser, served)


def paths_of(home: Path) -> dict[str, str]:
    """Where the links of letters lead; `confirm`: that of the newest, where one was asked for."""
    wiring, now = Wiring(cast.settings(home)), datetime.now(UTC)
    secret = wiring.settings.secret_key.get_secret_value()
    with wiring.store.reading() as connection:
        party = min(parties_of(connection, [ROSA]))
        query = sa.select(notification.c.about).where(notification.c.kind == "confirm")
        rows = list(connection.execute(query.order_by(notification.c.made_at)).scalars())
    wiring.store.close()
    found = {
        "manage": alert_links.manage_path(secret, party, now),
        "webhooks": alert_links.manage_path(secret, party, now).replace("/manage/", "/webhooks/"),
        "stop": alert_links.unsubscribe_path(secret, Stop(party, (1, 2)), now),
    }
    return {**found, "confirm": alert_links.confirm_path(secret, rows[-1]["link"], now)} if rows else found


@pytest.fixture
def paths(alerts_home: Path) -> dict[str, str]:
    return paths_of(alerts_home)


def good(page: Page, what: str) -> None:
    """A page that everybody can use: folded parts open, axe content, nothing wider than the window."""
    for summary in page.locator("summary:visible").all():
        if summary.evaluate("element => !element.parentElement.open"):
            summary.click()
    nothing_found(page, what)
    assert fits(page), what
    small = page.evaluate(
        "[...document.querySelectorAll('main :is(button, .button, input:not([type=hidden], [type=radio], "
        "[type=checkbox]), select, textarea)')].filter(e => e.offsetHeight && e.offsetHeight < 40).length"
    )
    assert small == 0, "fingers are wide"


@WIDTHS
def test_from_a_sentence_to_the_inbox_every_page_is_for_everyone(sit: type[Seat], width: int) -> None:
    seat = sit(width)
    page = seat.open("/alerts")
    good(page, "start")
    page.get_by_label("What do you want to hear of?").fill(SAID)
    seat.press("Go on")
    good(page, "shown back")
    page.get_by_label("Where", exact=True).fill("Nowhere at all")
    seat.press("Send me these alerts")
    good(page, "a problem")
    assert page.title().startswith("Error:")
    page.get_by_label("Where", exact=True).fill("Brenmouth")
    page.get_by_label("Your e-mail address").fill(f"rosa{width}@example.org")
    seat.press("Show what that finds")
    assert "Brenmouth" in page.locator(".wish").inner_text()
    seat.press("Send me these alerts")
    assert "Check your inbox" in page.locator("h1").inner_text()
    good(page, "sent")


@WIDTHS
def test_the_pages_behind_links_are_for_everyone(sit: type[Seat], paths: dict[str, str], width: int) -> None:
    seat = sit(width)
    behind = (paths["manage"], f"{paths['manage']}/1", paths["webhooks"], paths["stop"])
    for path in ("/alerts?follow=MCI-001", *behind, "/alerts/manage/old", "/alerts/mine"):
        good(seat.open(path), path[:20])
    page = seat.open(paths["webhooks"])
    page.get_by_label("Where your program listens").fill("https://10.0.0.1/")
    seat.press("Add")
    good(page, "an address that is refused")


def test_a_link_is_followed_and_pressed_without_javascript(sit: type[Seat], alerts_home: Path) -> None:
    seat = sit(320, scripts=False)
    page = seat.open("/timeline/MCI-001")
    seat.follow("Tell me of changes")
    assert "Home care: six district contracts" in page.locator("h1").inner_text()
    page.get_by_label("Your e-mail address").fill("mina@example.org")
    page.get_by_label("Every Monday morning").check()
    seat.press("Send me these alerts")
    page = seat.open(paths_of(alerts_home)["confirm"])
    seat.press("Yes, send me these alerts")
    assert "You will hear every Monday morning" in page.locator(".told").inner_text()
    seat.follow("See, change or pause")
    seat.press("Pause")
    assert "is paused" in page.locator(".told").inner_text()
    seat.press("Delete")
    seat.follow("Start again")
    seat.press("Start again")
    assert "Started again" in page.locator("h1").inner_text()


def test_with_the_keyboard_alone_one_asks(sit: type[Seat]) -> None:
    page = sit().open("/alerts")
    page.keyboard.press("Tab")
    assert "Skip to the content" in focused(page)
    tab_to(page, "say")
    page.keyboard.type("home care")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    tab_to(page, "Change what you hear of")
    page.keyboard.press("Enter")
    tab_to(page, "high")
    page.keyboard.type("300k")
    tab_to(page, "every-1")
    page.keyboard.press("ArrowDown")
    tab_to(page, "email")
    page.keyboard.type("keys@example.org")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "one sees where the keyboard is"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "up to £300,000" in page.locator(".wish").inner_text(), "shown before it counts"
    tab_to(page, "email")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "keys@example.org" in page.locator(".told").inner_text()
    assert "every morning" in page.locator("main").inner_text()


def test_with_wider_spacing_and_larger_letters_nothing_is_lost(sit: type[Seat], paths: dict[str, str]) -> None:
    for path in ("/alerts", "/alerts?follow=MCI-001", paths["manage"], f"{paths['manage']}/1"):
        page = sit(320).open(path)
        page.evaluate(STYLED, SPACING)
        assert fits(page), "text spacing (1.4.12)"
        wide = sit(1280).open(path)
        wide.evaluate("document.documentElement.style.fontSize = '225%'")
        assert fits(wide), "letters of twice the size (1.4.4)"
