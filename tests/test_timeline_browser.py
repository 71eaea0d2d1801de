"""The timeline's pages in a browser: for everyone (axe), by keyboard alone, without JavaScript, zoomed, printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import cast
import pytest
from counties import settle_county
from fake_slack import until
from marlshire_timeline import HELD, load_timeline, row, take_rows
from processes import answers, child_environment, free_port, start_desk, stopped
from test_browser import WIDTHS, Seat, browser, focused, nothing_found, seats_at, tab_to

from bot.wiring import Wiring
from knowledge.timeline.when import read_when

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
PAGES = ["/timeline", "/timeline/MCI-001", "/timeline/MCI-031", "/timeline/MCI-027", "/accessibility", "/privacy"]
ODD = ["/timeline?words=zebra&stage=plan", "/timeline?past=yes&from=lots", "/timeline/nothing"]
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } "
    "p { margin-bottom: 2em !important }"
)
STYLED = "text => { const s = new CSSStyleSheet(); s.replaceSync(text); document.adoptedStyleSheets = [s] }"
SHAPES = "all => all.map(one => getComputedStyle(one)).map(s => [s.borderTopWidth, s.borderRadius, s.transform].join())"


def serve(home: Path, **more: str) -> Iterator[str]:
    port, environment = free_port(), child_environment(home, DESK_WEB_WORKERS="1", **more)
    child = start_desk(home / "log.txt", environment, "serve", "--port", str(port))
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "desk serve up", 30)
        yield f"http://127.0.0.1:{port}"
    finally:
        stopped(child)


@pytest.fixture(scope="module")
def timeline_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample council with its timeline."""
    home = cast.copy_home(sample_home, tmp_path_factory.mktemp("timeline") / "desk")
    wiring = Wiring(cast.settings(home))
    settle_county(wiring, cast.SAMPLE)
    load_timeline(wiring.store)
    wiring.store.close()
    return home


@pytest.fixture(scope="module")
def served(timeline_home: Path) -> Iterator[str]:
    """A desk that serves the sample council's timeline."""
    yield from serve(timeline_home)


@pytest.fixture
def sit(browser: Browser, served: str) -> Iterator[type[Seat]]:
    """Gives seats at it."""
    yield from seats_at(browser, served)


@pytest.fixture(scope="module")
def crowded(timeline_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A desk with more intentions than a picture of rows takes."""
    home = cast.copy_home(timeline_home, tmp_path_factory.mktemp("crowded") / "desk")
    wiring = Wiring(cast.settings(home))
    rows = [row(f"A-{n}", title=f"Pothole repairs {n}", tender=read_when("2028-02")) for n in range(30)]
    take_rows(wiring.store, rows)
    wiring.store.close()
    yield from serve(home)


@pytest.fixture
def sit_in_a_crowd(browser: Browser, crowded: str) -> Iterator[type[Seat]]:
    """Gives seats at that one."""
    yield from seats_at(browser, crowded)


@pytest.fixture
def play(browser: Browser, timeline_home: Path, tmp_path: Path) -> Iterator[type[Seat]]:
    """Gives seats in a demonstration of it."""
    for address in serve(cast.copy_home(timeline_home, tmp_path / "desk"), DESK_DEMO="true"):
        yield from seats_at(browser, address)


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@WIDTHS
@pytest.mark.parametrize("path", [*PAGES, *ODD])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(sit: type[Seat], width: int, path: str) -> None:
    page = sit(width).open(path)
    for summary in page.locator("summary:visible").all():
        if summary.evaluate("element => !element.parentElement.open"):
            summary.click()
    nothing_found(page, path)
    assert fits(page), path


@WIDTHS
def test_the_picture_of_many_is_for_everyone_too(sit_in_a_crowd: type[Seat], width: int) -> None:
    seat = sit_in_a_crowd(width)
    page = seat.open("/timeline")
    nothing_found(page, "numbers")
    assert fits(page)
    if width < 800:
        page.locator(".stacks summary", has_text="Jan–Mar 2028").click()
    shown = page.locator(".picture, .stacks").and_(page.locator(":visible"))
    with page.expect_navigation():
        shown.locator("a[href*='service=highways&quarter=jan-mar-2028']").click()
    assert "31 intentions match" in page.locator("#found").inner_text()


def test_on_a_phone_the_quarters_are_stacked_and_elsewhere_drawn(sit: type[Seat]) -> None:
    wide, phone = sit(1280).open("/timeline"), sit(320).open("/timeline")
    assert (wide.locator(".picture").is_visible(), wide.locator(".stacks").is_visible()) == (True, False)
    assert (phone.locator(".picture").is_visible(), phone.locator(".stacks").is_visible()) == (False, True)


def test_with_the_keyboard_alone_one_chooses_opens_an_intention_and_comes_back(sit: type[Seat]) -> None:
    page = sit().open("/timeline")
    tab_to(page, "f-service")
    page.keyboard.type("Highways")
    tab_to(page, "Show")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/timeline?service=highways"), "what says nothing is not in the address"
    assert "4 intentions match" in page.locator("#found").inner_text()
    page.keyboard.press("Tab")
    tab_to(page, "Go to the list")
    page.keyboard.press("Enter")
    tab_to(page, "Footpath and bridleway")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "one sees where the keyboard is"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Bid by 18 December 2026." in page.locator(".told.now").inner_text()
    page.go_back()
    page.wait_for_url("**service=highways*")
    assert page.locator("#f-service").input_value() == "highways"


def test_the_first_tab_skips_to_the_content(sit: type[Seat]) -> None:
    page = sit().open("/timeline")
    page.keyboard.press("Tab")
    assert "Skip to the content" in focused(page)


def test_the_same_without_javascript(sit: type[Seat]) -> None:
    seat = sit(scripts=False)
    page = seat.open("/timeline")
    page.locator("summary", has_text="More ways to choose").click()
    page.get_by_label("Stage").select_option("do")
    page.get_by_label("Also what is over").check()
    seat.press("Show")
    assert page.url.endswith("/timeline?stage=do&past=yes")
    seat.follow("Street lighting: the last 14,000 lamps")
    assert "Offer to work as a sub-contractor" in page.locator(".told.now").inner_text()
    seat.follow("All that is coming")
    seat.follow("Next")
    assert page.locator("#list").inner_text() == "The list, page 2 of 2"


@pytest.mark.parametrize("path", PAGES)
def test_with_wider_spacing_and_larger_letters_nothing_is_lost(sit: type[Seat], path: str) -> None:
    page = sit(320).open(path)
    page.evaluate(
        "text => { const s = new CSSStyleSheet(); s.replaceSync(text); document.adoptedStyleSheets = [s] }", SPACING
    )
    assert fits(page), "text spacing (1.4.12)"
    wide = sit(1280).open(path)
    wide.evaluate("document.documentElement.style.fontSize = '225%'")
    assert fits(wide), "letters of twice the size (1.4.4)"
    cut = wide.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => getComputedStyle(e).overflow === 'hidden' && "
        "!e.classList.contains('hidden') && e.scrollWidth > e.clientWidth + 1).length"
    )
    assert cut == 0


def test_printed_there_is_the_picture_and_no_form(sit: type[Seat]) -> None:
    page = sit(1000).open("/timeline")
    page.emulate_media(media="print")
    assert page.locator(".picture").is_visible()
    assert not page.locator(".filters").is_visible()
    assert not page.locator(".stacks").is_visible()


def test_without_colours_the_marks_keep_their_shapes(sit: type[Seat]) -> None:
    page = sit().open("/timeline?words=taxi")
    page.emulate_media(forced_colors="active")
    shapes = page.locator(".picture .mark").evaluate_all(SHAPES)
    assert len(set(shapes)) == len(shapes) == 3
    assert all(shape.startswith("2px") for shape in shapes)


def test_what_waits_is_for_every_officer_to_read(play: type[Seat]) -> None:
    for width in (1280, 320):
        seat = play(width)
        seat.be("Daniel Frome, officer")
        page = seat.open(f"/timeline/{HELD}")
        assert "Waits for its notice on Find a Tender" in page.locator(".urgent").inner_text()
        nothing_found(page, "what waits")
        assert fits(page)
