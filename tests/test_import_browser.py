"""Taking a file in, in a browser: without JavaScript, wide and narrow, for everyone (axe), and undone again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import cast
import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from test_browser import WIDTHS, Seat, browser, nothing_found, seats_at
from test_import_pages import ADMIN, FORMULA
from test_timeline_browser import fits, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
ROWS = (
    f'Reference,Title,Boss,Value\nX-1,Home care,Ann,1000\nX-2,"{FORMULA.replace(chr(34), chr(34) * 2)}",Bob,2\n,x,,\n'
)


@pytest.fixture(scope="module")
def served_home(county_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample council's home."""
    return cast.copy_home(county_home, tmp_path_factory.mktemp("imports") / "desk")


@pytest.fixture(scope="module")
def imports_address(served_home: Path) -> Iterator[str]:
    """The same, served."""
    yield from serve(served_home)


@pytest.fixture
def sit(browser: Browser, imports_address: str) -> Iterator[type[Seat]]:
    yield from seats_at(browser, imports_address)


def signed_in(seat: Seat, home: Path) -> Page:
    """The administrator, whose session is signed as the desk signs it."""
    app, now = Flask("signing"), int(datetime.now(UTC).timestamp())
    app.secret_key = cast.settings(home).secret_key.get_secret_value()
    signing = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signing
    value = signing.dumps({"address": ADMIN, "way": "link", "since": now, "seen": now})
    seat.page.context.add_cookies([{"name": "session", "value": value, "url": seat.address}])
    return seat.open("/administration")


@pytest.mark.parametrize("width", [320])
def test_a_register_is_taken_in_and_undone(sit: type[Seat], served_home: Path, tmp_path: Path, width: int) -> None:
    seat = sit(width, scripts=False)
    page = signed_in(seat, served_home)
    assert fits(page), "administration"
    page.get_by_role("link", name="Take files in, and undo it").click()
    (tmp_path / "ours.csv").write_text(ROWS.replace("X-", f"W{width}-"), encoding="utf-8")
    page.get_by_label("The contract register").check()
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "ours.csv")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="What this would change").wait_for(timeout=30_000)
    assert fits(page), "shown"
    assert "2 added" in page.locator(".counts").inner_text()
    assert "new contract" in page.locator("main").inner_text()
    assert page.get_by_text("Rows that could not be taken").count()
    page.get_by_label("Boss").select_option("manager")
    page.get_by_role("button", name="Show again with these").click()
    page.get_by_role("button", name="Take it in").wait_for(timeout=30_000)
    assert page.get_by_label("Boss").count() == 0
    page.get_by_role("button", name="Take it in").click()
    page.get_by_text("It is taken in").wait_for(timeout=30_000)
    page.get_by_role("link", name="what was taken in").click()
    assert fits(page), "list"
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_role("button", name="Undo it").click(timeout=30_000)
    page.get_by_text("What was there before is there again").wait_for(timeout=30_000)
    page.get_by_role("link", name="Take files in").click()
    assert "Undone on" in page.locator(".takings li").first.inner_text()


@WIDTHS
def test_axe_finds_nothing_on_the_pages_of_an_administrator(
    sit: type[Seat], served_home: Path, tmp_path: Path, width: int
) -> None:
    seat = sit(width)
    page = signed_in(seat, served_home)
    nothing_found(page, "administration")
    page.goto(f"{seat.address}/administration/imports")
    nothing_found(page, "imports")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_text("There is a problem").wait_for()
    nothing_found(page, "nothing chosen")
    (tmp_path / "ours.csv").write_text(ROWS, encoding="utf-8")
    page.get_by_label("The contract register").check()
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "ours.csv")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="What this would change").wait_for(timeout=30_000)
    nothing_found(page, "shown")
