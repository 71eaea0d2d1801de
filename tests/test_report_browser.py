"""The pages of reports in a browser: for everyone (axe), wide and on a phone, and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import cast
import pytest
from council import CARE
from test_browser import WIDTHS, Seat, browser, nothing_found, seats_at
from test_timeline_browser import fits, serve

from bot.sample_concerns import load_year
from bot.wiring import Wiring

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

__all__ = ["browser"]
OFFICER = "Ruth Calloway, officer"
PAGES = ("/reports", "/reports/committee", f"/reports/contract/{CARE}", "/reports/provider/Kindly Hours Care Ltd")
OVERLAPS = """all => all.filter(one => {
    const label = one.getBoundingClientRect(), amount = one.nextElementSibling.getBoundingClientRect()
    return label.right > amount.left
}).map(one => one.textContent)"""


@pytest.fixture(scope="module")
def reported(county_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration with a year of concerns."""
    home = cast.copy_home(county_home, tmp_path_factory.mktemp("reports") / "desk")
    wiring = Wiring(cast.settings(home))
    load_year(wiring)
    wiring.store.close()
    yield from serve(home, DESK_DEMO="true")


@pytest.fixture
def sit(browser: Browser, reported: str) -> Iterator[type[Seat]]:
    """Gives seats at it."""
    yield from seats_at(browser, reported)


@WIDTHS
def test_axe_finds_nothing_on_reports_and_nothing_scrolls_sideways(sit: type[Seat], width: int) -> None:
    seat = sit(width)
    seat.be(OFFICER)
    for path in PAGES:
        page = seat.open(path)
        nothing_found(page, path)
        assert fits(page), path


@WIDTHS
def test_no_label_of_a_bar_runs_into_its_figure(sit: type[Seat], width: int) -> None:
    seat = sit(width)
    seat.be(OFFICER)
    for path in PAGES[1:]:
        labels = seat.open(path).locator(".chart text.of")
        assert labels.count() > 3
        assert labels.evaluate_all(OVERLAPS) == [], path


def test_on_paper_a_report_stands_without_the_desk_around_it(sit: type[Seat]) -> None:
    seat = sit()
    seat.be(OFFICER)
    page = seat.open("/reports/committee")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 950})
    assert fits(page)
    assert page.get_by_role("heading", name="Spend with SMEs and VCSEs").is_visible()
    for part in (".report-form", ".take-away", ".back", ".top"):
        assert page.locator(part).first.is_hidden(), part
