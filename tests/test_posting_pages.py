"""Pages of what providers offer each other, and of those who keep the timeline: who sees and does what."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import cast
import pytest
import sqlalchemy as sa
from cast import seen
from counties import settle_county
from flask import Flask
from marlshire_timeline import load_timeline
from test_browser import WIDTHS, Seat, browser, nothing_found, seats_at
from test_postings import FILLED, LARK
from test_timeline_browser import fits, serve
from test_timeline_pages import MEMBER, NASTY, NOW, OFFICER
from werkzeug.test import TestResponse

from bot.links import own_posting, path_for
from bot.wiring import Wiring
from handlers.telling import compose
from knowledge import postings
from knowledge.outbox.owed import owed_of
from knowledge.tables import notification
from webhooks import create_app
from webhooks.safety import limiter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]
SENT = {**FILLED, "email": LARK, "contract": "MCC-0002"}


class Guest:
    """Somebody at a browser, signed in or a stranger, who takes each form's token from the page it stands on."""

    def __init__(self, app: Flask, address: str = "") -> None:
        self.client, now = app.test_client(), int(NOW.timestamp())
        if address:
            with self.client.session_transaction() as session:
                session.update(address=address, way="link", since=now, seen=now)

    def open(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, path
        return answer.get_data(as_text=True)

    def send(self, path: str, **fields: str) -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.open("/"))
        assert found
        return self.client.post(path, data={"csrf_token": found[1], **fields})


@pytest.fixture
def app(marlshire: Wiring) -> Flask:
    marlshire.__dict__["desk"] = replace(marlshire.desk, now=lambda: NOW)
    load_timeline(marlshire.store)
    made = create_app(marlshire)
    limiter.reset()
    return made


def wiring_of(app: Flask) -> Wiring:
    found = app.extensions["wiring"]
    assert isinstance(found, Wiring)
    return found


def published(app: Flask, **more: str) -> str:
    """A stranger posts, an officer publishes. Gives the link of its poster."""
    thanks = Guest(app).send("/opportunities/new", **{**SENT, **more}).get_data(as_text=True)
    link = re.search(r'href="(/opportunities/mine/[^"]+)"', thanks)
    assert link, thanks
    done = Guest(app, OFFICER).send("/opportunities/waiting/P-1/publish_posting")
    assert (done.status_code, done.headers["Location"]) == (303, "/timeline/INT-43")
    return html.unescape(link[1])


# --- posting ------------------------------------------------------------------------------------------------------


def test_anybody_posts_and_everybody_reads_it_once_it_is_published(app: Flask) -> None:
    stranger = Guest(app)
    assert "Where we write to you" in stranger.open("/opportunities/new")
    assert "Post it here" in stranger.open("/timeline")
    published(app)
    page = seen(stranger.open("/timeline/INT-43"))
    assert "Sub-contract available. Posted by Larkfield Care Ltd, not by the council." in page
    assert "Write to Larkfield Care Ltd by 15 January 2027: they offer it" in page
    assert "team@larkfield.example.org" in page
    assert LARK not in page
    assert "Find a Tender" not in page
    listed = seen(stranger.open("/timeline?words=sitting"))
    assert "posted by Larkfield Care Ltd, not by the council" in listed


def test_it_goes_out_as_a_table_a_feed_and_a_calendar_and_not_as_the_councils_procurement(app: Flask) -> None:
    published(app)
    stranger = Guest(app)
    rows = {
        one["Reference"]: one for one in csv.DictReader(io.StringIO(stranger.open("/timeline.csv").lstrip("\ufeff")))
    }
    assert [rows["INT-43"][name] for name in ("Posted by", "Buyer", "Sub-contracts", "Partner wanted")] == [
        "Larkfield Care Ltd", "Larkfield Care Ltd", "Yes", "",
    ]  # fmt: skip
    assert rows["MCI-001"]["Posted by"] == ""
    feed = stranger.open("/timeline.atom?words=sitting")
    assert "Posted by Larkfield Care Ltd, not by the council." in feed
    assert "<author><name>Larkfield Care Ltd</name></author>" in feed.replace("\n", "")
    diary = stranger.open("/timeline.ics?words=sitting").replace("\r\n ", "")
    assert "Posted by Larkfield Care Ltd\\, not by the council." in diary
    for query in ("", "?history=1", "?words=sitting"):
        package = stranger.client.get(f"/timeline.json{query}").get_json()
        assert all("Larkfield" not in str(one) for one in package["releases"]), query
    whole = stranger.client.get("/timeline.json").get_json()["releases"]
    assert len(whole) == len(rows) - 1


def test_what_is_wrong_comes_back_with_what_was_written(app: Flask) -> None:
    answer = Guest(app).send("/opportunities/new", **{**SENT, "closes": "soon", "title": NASTY})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "There is a problem" in page
    assert html.escape(NASTY, quote=False)[:20] in page
    assert "<script>alert(1)" not in page
    assert Guest(app).send("/opportunities/new").status_code == 422


def test_no_robot_fills_the_desk(app: Flask) -> None:
    stranger = Guest(app)
    answers = [stranger.send("/opportunities/new", **{**SENT, "title": f"Nights {n}"}).status_code for n in range(11)]
    assert answers[-1] == 429
    assert answers[0] == 200


# --- deciding -----------------------------------------------------------------------------------------------------


def test_whoever_has_a_network_has_one_robot(app: Flask) -> None:
    """An IPv6 network has more addresses than there are postings."""
    answers = []
    for number in range(12):
        robot = Guest(app)
        robot.client.environ_base["REMOTE_ADDR"] = f"2001:db8:0:7::{number:x}"
        answers.append(robot.send("/opportunities/new", **{**SENT, "title": ""}).status_code)
    assert answers == [422] * 10 + [429] * 2
    other = Guest(app)
    other.client.environ_base["REMOTE_ADDR"] = "2001:db8:0:8::1"
    assert other.send("/opportunities/new", **{**SENT, "title": ""}).status_code == 422


def test_an_officer_reads_all_of_it_and_refuses_with_a_reason(app: Flask) -> None:
    Guest(app).send("/opportunities/new", **{**SENT, "description": NASTY})
    officer = Guest(app, OFFICER)
    page = officer.open("/opportunities/waiting")
    assert LARK in page
    assert "with Harbourlight Homecare Ltd" in page
    assert "<script>alert(1)" not in page
    asked = officer.send("/opportunities/waiting/P-1/refuse_posting")
    assert "Whoever posted it is told this" in asked.get_data(as_text=True)
    wrong = officer.send("/opportunities/waiting/P-1/refuse_posting", reason=" ")
    assert wrong.status_code == 422
    done = officer.send("/opportunities/waiting/P-1/refuse_posting", reason="It is no contract of yours.")
    assert "P-1 is refused" in done.get_data(as_text=True)
    assert "Nothing waits." in officer.open("/opportunities/waiting")
    again = officer.send("/opportunities/waiting/P-1/publish_posting").get_data(as_text=True)
    assert "P-1 was refused" in again


def test_who_keeps_the_timeline_finds_the_pages_for_it_there(app: Flask) -> None:
    officers = ("/timeline/new", "/opportunities/waiting", "/timeline/ending", "/timeline/clashes")
    for guest, there in ((Guest(app), False), (Guest(app, OFFICER), True)):
        page = guest.open("/timeline")
        assert [f'href="{path}"' in page for path in officers] == [there] * 4


@pytest.mark.parametrize("path", ["/opportunities/waiting", "/timeline/new", "/timeline/ending", "/timeline/clashes"])
def test_pages_of_officers_are_nobody_elses(app: Flask, path: str) -> None:
    assert Guest(app).client.get(path).headers["Location"].startswith("/sign-in")
    Guest(app, MEMBER).open(path, 404)
    Guest(app, OFFICER).open(path)


def test_presses_of_others_do_nothing(app: Flask) -> None:
    Guest(app).send("/opportunities/new", **SENT)
    for path, status in (("/opportunities/waiting/P-1/publish_posting", 401), ("/timeline/new", 401)):
        assert Guest(app).send(path).status_code == status
        assert Guest(app, MEMBER).send(path).status_code == 404
    assert Guest(app, OFFICER).send("/opportunities/waiting/P-1/withdraw_posting").status_code == 404
    with wiring_of(app).store.reading() as connection:
        assert len(postings.waiting(connection)) == 1


# --- the poster's own page ----------------------------------------------------------------------------------------


def test_with_its_link_the_poster_changes_it_and_takes_it_back(app: Flask) -> None:
    path, stranger = published(app), Guest(app)
    page = stranger.open(path)
    assert "P-1 is published as INT-43" in page
    assert "P-1 is published as INT-43" in stranger.open(path), "looking changes nothing"
    form = stranger.send(f"{path}/change_posting").get_data(as_text=True)
    assert "Why does it change?" in form
    moved = {**FILLED, "closes": "2027-02-01", "contract": "MCC-0002", "reason": "More time."}
    assert "P-2 waits for an officer" in stranger.send(f"{path}/change_posting", **moved).get_data(as_text=True)
    Guest(app, OFFICER).send("/opportunities/waiting/P-2/publish_posting")
    assert "1 February 2027" in stranger.open("/timeline/INT-43")
    assert "Why?" in stranger.send(f"{path}/withdraw_posting").get_data(as_text=True)
    gone = stranger.send(f"{path}/withdraw_posting", reason="It is taken.").get_data(as_text=True)
    assert "INT-43 is withdrawn" in gone
    assert "It is taken." in stranger.open("/timeline/INT-43")


def test_a_link_that_is_forged_or_old_opens_nothing(app: Flask) -> None:
    published(app)
    forged = own_posting("another key of sixteen", "P-1", NOW)
    old = own_posting(app.config["SECRET_KEY"], "P-1", NOW.replace(year=2024))
    for path in (forged, old, "/opportunities/mine/nothing", own_posting(app.config["SECRET_KEY"], "P-9", NOW)):
        assert Guest(app).client.get(path).status_code == 410, path
        assert Guest(app).send(f"{path}/withdraw_posting", reason="Mine.").status_code == 410, path
    good = own_posting(app.config["SECRET_KEY"], "P-1", NOW)
    for action in ("publish_posting", "refuse_posting", "open_posting", "new_intention"):
        assert Guest(app).send(f"{good}/{action}").status_code == 404, action


def test_the_letters_lead_to_these_pages(app: Flask) -> None:
    published(app)
    wiring = wiring_of(app)
    with wiring.store.reading() as connection:
        found = owed_of(connection, connection.execute(sa.select(notification)).all())
    letter = next(made for one in found if one.kind == "posting_decided" and (made := compose(one, wiring.desk)))
    paths = [path_for(choice, letter, wiring) for choice in letter.reply.choices]
    assert all(one.startswith("/opportunities/mine/") for one in paths)
    assert "P-1 is published" in Guest(app).open(paths[0])


# --- keeping the timeline -----------------------------------------------------------------------------------------


def test_contracts_that_nothing_follows_lead_to_a_form_that_is_filled_in(app: Flask) -> None:
    officer = Guest(app, OFFICER)
    page = officer.open("/timeline/ending")
    assert "MCC-0002" in page
    link = re.search(r'href="(/timeline/new\?about=[^"]*MCC-0002)"', page)
    assert link
    form = officer.open(html.unescape(link[1]))
    assert 'value="Home care: Brenmouth"' in form
    fields = dict(re.findall(r'<input id="f-(\w+)"[^>]*? value="([^"]*)"', form))
    done = officer.send("/timeline/new", **{name: html.unescape(value) for name, value in fields.items()})
    assert (done.status_code, done.headers["Location"]) == (303, "/timeline/INT-43")
    assert "MCC-0002 ·" not in officer.open("/timeline/ending")
    assert officer.send("/timeline/new", title="").status_code == 422


def test_tenders_too_near_each_other_are_listed_and_told_before_publishing(app: Flask) -> None:
    officer = Guest(app, OFFICER)
    assert "pairs of tenders" in officer.open("/timeline/clashes")
    near = {"title": "Street lights", "service": "Street lighting", "tender": "2027-03-01", "route": "tender"}
    officer.send("/timeline/new", **near)
    told = officer.send("/timeline/new", **{**near, "title": "Lamps"})
    assert told.status_code == 200
    assert "These tenders for the same market fall within six weeks: INT-43" in told.get_data(as_text=True)
    assert officer.send("/timeline/new", **{**near, "title": "Lamps", "anyway": "yes"}).status_code == 303
    assert "INT-44" in officer.open("/timeline/clashes")


# --- for everyone -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def offers_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample council with its timeline, and a posting that is published."""
    home = cast.copy_home(sample_home, tmp_path_factory.mktemp("offers") / "desk")
    wiring = Wiring(cast.settings(home))
    wiring.__dict__["desk"] = replace(wiring.desk, now=lambda: NOW)
    settle_county(wiring, cast.SAMPLE)
    load_timeline(wiring.store)
    published(create_app(wiring))
    wiring.store.close()
    return home


@pytest.fixture(scope="module")
def offers(offers_home: Path) -> Iterator[str]:
    """A desk in a demonstration that serves it."""
    yield from serve(offers_home, DESK_DEMO="true")


@pytest.fixture
def sit(browser: Browser, offers: str) -> Iterator[type[Seat]]:
    """Gives seats at it."""
    yield from seats_at(browser, offers)


@WIDTHS
def test_axe_finds_nothing_and_nothing_scrolls_sideways(sit: type[Seat], width: int) -> None:
    seat = sit(width)
    for path in ("/opportunities/new", "/timeline/INT-43", "/timeline?words=sitting"):
        page = seat.open(path)
        nothing_found(page, path)
        assert fits(page), path
    page = seat.open("/opportunities/new")
    seat.press("Send it to the council")
    nothing_found(page, "with errors")
    page.get_by_role("link", name="Say what it is, in a few words.").click()
    assert page.evaluate("document.activeElement.id") == "f-title"


@WIDTHS
def test_it_is_posted_read_and_decided_in_a_browser(sit: type[Seat], width: int) -> None:
    seat = sit(width)
    page = seat.open("/opportunities/new")
    page.get_by_label("We look for a partner").check()
    for name, value in SENT.items():
        if name not in ("kind", "vcse"):
            page.locator(f"#f-{name}").fill(value if name != "title" else f"Partner for nights {width}")
    page.locator("#f-closes").fill((date.today() + timedelta(days=60)).isoformat())  # noqa: DTZ011 - as the desk has it
    seat.press("Send it to the council")
    nothing_found(page, "posted")
    seat.follow("the link to this posting")
    nothing_found(page, "the poster's own page")
    seat.press("Withdraw it")
    nothing_found(page, "withdrawing")
    seat.be("Daniel Frome, officer")
    for path in ("/opportunities/waiting", "/timeline/ending", "/timeline/clashes", "/timeline/new"):
        shown = seat.open(path)
        nothing_found(shown, path)
        assert fits(shown), path
    seat.open("/opportunities/waiting")
    seat.press("Publish")
    assert "Partner wanted. Posted by Larkfield Care Ltd, not by the council." in page.locator("main").inner_text()
    nothing_found(page, "published")
