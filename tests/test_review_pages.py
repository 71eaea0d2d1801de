"""Reviews on the web: what comes up, a contract's page, the form on it; for those to whom they are something."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cast
import pytest
from cast import seen
from council import CARE, CARER, DANIEL, DOREEN, HELEN, PRIYA
from flask import Flask
from test_browser import WIDTHS, Seat, browser, nothing_found, seats_at
from test_patterns import TEXTS
from test_posting_pages import Guest
from test_timeline_browser import fits, serve
from test_timeline_pages import NOW

from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message
from handlers.timed import run_due
from knowledge.models import Role
from webhooks import create_app
from webhooks.safety import limiter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]
PAGE = f"/reviews/{CARE}"
GIVEN = {
    "outcome": "partly",
    "changes": "Visits at weekends are <b>checked</b>.",
    "next_on": "2027-12-01",
    "about": f"{CARE}|2026-09-30",
}


@pytest.fixture
def app(marlshire: Wiring) -> Flask:
    marlshire.__dict__["desk"] = replace(marlshire.desk, now=lambda: NOW)
    made = create_app(marlshire)
    limiter.reset()
    return made


def raises(wiring: Wiring, text: str = CARER, contract: str = CARE) -> None:
    """A Member raises a concern about a contract."""
    fields = {"text": text, "contract": contract, "at_risk": "no"}
    common = {"text": "", "roles": frozenset({Role.MEMBER}), "addresses": (DOREEN,)}
    message = Message(**common, id=text, action="new_concern", fields=fields)  # type: ignore[arg-type]
    reply = handle(message, wiring.desk)
    if not reply.concern:
        again = {"id": f"{text}2", "action": "raise_new", "about": reply.choices[-1].about}
        reply = handle(Message(**common, **again), wiring.desk)  # type: ignore[arg-type]
    assert reply.concern


def test_the_manager_records_the_review_with_the_concerns_beside_it(app: Flask) -> None:
    raises(app.extensions["wiring"])
    priya = Guest(app, PRIYA)
    assert "Missed: was due on 30 September 2026" in seen(priya.open("/reviews"))
    page = seen(priya.open(PAGE))
    assert "Its review was due on 30 September 2026 and is not recorded." in page
    assert "1 concern so far: 0 late, 0 reopened." in page
    assert "C-0001 raised 21 November 2026" in page
    assert "Gullhaven" not in page
    done = priya.send(PAGE, **GIVEN)
    assert (done.status_code, done.headers["Location"]) == (303, f"{PAGE}?done=recorded")
    after = priya.open(f"{PAGE}?done=recorded")
    assert "The review is recorded." in after
    assert "&lt;b&gt;checked" in after
    assert "Outcomes partly met Was due 30 September 2026, recorded 21 November 2026" in seen(after)
    assert priya.send(PAGE, **GIVEN).status_code == 409, "sent again it does nothing"


def test_what_is_wrong_stands_at_its_field_and_what_was_written_stays(app: Flask) -> None:
    answer = Guest(app, PRIYA).send(PAGE, **{**GIVEN, "changes": "Mrs Okafor moves.", "next_on": "soon"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert "personal data (a name)" in page
    assert "Mrs Okafor moves." in page
    assert Guest(app, PRIYA).send(PAGE, about=GIVEN["about"]).status_code == 422, "nothing filled in"


def test_it_is_taken_back_on_the_page(app: Flask) -> None:
    helen = Guest(app, HELEN)
    helen.send(PAGE, **GIVEN)
    page = helen.open(PAGE)
    assert f'value="{CARE}|1"' in page
    assert helen.send(PAGE, do="undo", about=f"{CARE}|2").status_code == 409
    assert helen.send(PAGE, do="undo", about=f"{CARE}|1").status_code == 303
    assert "None is recorded here yet." in helen.open(PAGE)


def test_officers_read_the_outcome_and_nothing_more(app: Flask) -> None:
    raises(app.extensions["wiring"])
    Guest(app, PRIYA).send(PAGE, **GIVEN)
    daniel = Guest(app, DANIEL)
    page = seen(daniel.open(PAGE))
    assert "Outcomes partly met" in page
    assert not any(word in page for word in ("weekends", "C-0001", "Record the review", "Undo"))
    assert daniel.send(PAGE, **GIVEN).status_code == 409


@pytest.mark.parametrize("path", ["/reviews", PAGE])
def test_members_find_no_such_page_and_strangers_are_asked_to_sign_in(app: Flask, path: str) -> None:
    Guest(app, DOREEN).open(path, 404)
    assert app.test_client().get(path).status_code in (302, 303, 401)
    Guest(app, PRIYA).open("/reviews/MCC-9999", 404)


def test_what_a_form_is_about_is_told_by_the_page(app: Flask) -> None:
    Guest(app, PRIYA).send(PAGE, **{**GIVEN, "about": "MCC-0010|2027-03-31"})
    assert "Outcomes partly met" in Guest(app, PRIYA).open(PAGE)
    assert "None is recorded" in Guest(app, PRIYA).open("/reviews/MCC-0010")


def test_a_pattern_stands_on_the_page_of_those_who_carry_it(app: Flask) -> None:
    wiring = app.extensions["wiring"]
    for text in TEXTS[:3]:
        raises(wiring, text)
    run_due(wiring.desk)
    assert "3 concerns in 30 days: C-0001, C-0002, C-0003." in Guest(app, PRIYA).open(PAGE)
    assert "3 concerns in 30 days" not in Guest(app, DANIEL).open(PAGE)


# --- in a browser -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(county_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration with four concerns on one contract."""
    home = cast.copy_home(county_home, tmp_path_factory.mktemp("reviews") / "desk")
    wiring = Wiring(cast.settings(home))
    for text in TEXTS[:4]:
        raises(wiring, text)
    run_due(wiring.desk)
    wiring.store.close()
    yield from serve(home, DESK_DEMO="true")


@pytest.fixture
def sit(browser: Browser, address: str) -> Iterator[type[Seat]]:
    yield from seats_at(browser, address)


@WIDTHS
def test_it_is_recorded_and_taken_back_in_a_browser(sit: type[Seat], width: int) -> None:
    """With pictures where TEST_SCREENSHOTS names a folder."""
    seat, folder = sit(width), os.environ.get("TEST_SCREENSHOTS", "")

    def look(what: str) -> None:
        nothing_found(seat.page, what)
        assert fits(seat.page), what
        if folder:
            seat.page.screenshot(path=f"{folder}/{width}-{what}.png", full_page=True)

    seat.be("Priya Venn, contract manager")
    seat.follow("Concerns")
    seat.follow("Reviews of contracts")
    look("reviews")
    seat.page.get_by_role("link", name="Home care: Brenmouth").first.click()
    look("review")
    seat.press("Record it")
    look("review-with-errors")
    seat.page.get_by_role("link", name="Choose what the review found.").click()
    assert seat.page.evaluate("document.activeElement.name") == "outcome"
    seat.page.get_by_label("Outcomes not met").check()
    seat.page.get_by_label("What changes?").fill("Visits at weekends are checked by the provider every month.")
    seat.page.get_by_label("When is the next review?").fill("2035-03-31")
    seat.press("Record it")
    look("review-recorded")
    seat.press("Undo the last review")
    assert "The review is taken back." in seat.page.inner_text("main")
