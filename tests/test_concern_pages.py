"""Concerns on the web: the pages of those who signed in, the conversation, signed links, the provider's page, and the
demonstration's messages."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from cast import Clock, Visitor, seen
from files import pdf
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from bot.links import path_for
from bot.wiring import Wiring
from handlers.concerns.overview import overview
from handlers.dispatch import handle
from handlers.letters import Letter
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.telling import compose
from knowledge import tokens
from knowledge.models import Role
from knowledge.outbox.owed import Owed, owed_of
from knowledge.outbox.owing import owe
from knowledge.outbox.shown import For, count_since, shown
from knowledge.people import read_people, replace_people
from knowledge.store import Store
from knowledge.tables import attachment, concern, concern_event, contract, draft, notification, personal_text, turn
from webhooks import create_app

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
"""A Tuesday, in opening hours."""
DOREEN, IMRAN = "doreen.haspell@example.org", "imran.thackley@example.org"
PRIYA, TOM, RUTH = "priya.venn@example.org", "tom.arkell@example.org", "ruth.calloway@example.org"
WENDY, FIRM = "wendy.larkspur@example.org", "office@firm.example.org"
CARER = "The carer has not come to an old chap in Gullhaven three mornings running"
HOLE = "A pothole in the road at Pellingarth as big as a bath"
ASKED = "Why were three calls missed?"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def picture() -> bytes:
    """A small photograph."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "PNG")
    return out.getvalue()


PNG = picture()


@dataclass
class House:
    """A desk with a clock, and what tests ask of it."""

    app: Flask
    wiring: Wiring
    clock: Clock

    def sit(self, address: str = "") -> Visitor:
        """Somebody at a browser, signed in with an address."""
        browser, now = Visitor(self.app), int(self.clock.now.timestamp())
        if address:
            with browser.client.session_transaction() as session:
                session.update(address=address, way="link", since=now, seen=now)
        return browser

    def do(self, who: str, action: str, about: str = "C-0001", **fields: str) -> Reply:
        """What somebody does elsewhere than on the web."""
        message = Message(text="", addresses=(who,), action=action, about=about, fields=fields)
        return handle(message, self.wiring.desk)

    def raise_one(self, text: str = CARER, who: str = DOREEN) -> str:
        """Raises a concern, and gives its reference."""
        role = frozenset({Role.MEMBER})
        found = handle(Message(text=text, thread=f"t:{text}", roles=role, addresses=(who,)), self.wiring.desk)
        return self.do(who, found.choices[0].action, found.choices[0].about).concern

    def rows(self, table: sa.Table) -> list[Any]:
        with self.wiring.store.reading() as connection:
            return list(connection.execute(sa.select(table)))

    def letters(self, kind: str = "") -> list[Letter]:
        """What is owed, as it would be sent."""
        with self.wiring.store.reading() as connection:
            owed: list[Owed] = owed_of(connection, connection.execute(sa.select(notification)).all())
        found = [compose(one, self.wiring.desk) for one in owed if kind in ("", one.kind)]
        return [one for one in found if one]

    def path(self, kind: str, action: str) -> str:
        """Where a button of the newest letter of a kind leads."""
        letter = self.letters(kind)[-1]
        choice = next(one for one in letter.reply.choices if one.action == action)
        return path_for(choice, letter, self.wiring)


@pytest.fixture
def house_with(county_home: Path, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Makes a desk with settings of one's own."""
    made: list[Wiring] = []

    def make(**more: str) -> House:
        made.append(Wiring(cast.settings(cast.copy_home(county_home, tmp_path / "desk"), **more)))
        clock = Clock(NOW)
        made[-1].__dict__["desk"] = replace(made[-1].desk, now=clock)
        return House(create_app(made[-1]), made[-1], clock)

    yield make
    for wiring in made:
        wiring.store.close()


@pytest.fixture
def house(house_with: Callable[..., House]) -> House:
    return house_with()


def text_of(answer: TestResponse) -> str:
    """What a page says."""
    return seen(answer.get_data(as_text=True))


def press_on(page: str, label: str) -> tuple[str, dict[str, str]]:
    """Where the form of a button leads and what it holds, as a browser would send it."""
    for action, body in re.findall(r'<form\b[^>]*\saction="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL):
        if re.search(rf"<button[^>]*>\s*{re.escape(label)}\b", body):
            hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', body))
            return html.unescape(action).split("#")[0], {name: html.unescape(said) for name, said in hidden.items()}
    raise AssertionError(f"there is no button {label!r}")


def press(browser: Visitor, page: str, label: str, *, follow: bool = True, **fields: Any) -> TestResponse:
    """Presses a button, its form filled in."""
    path, hidden = press_on(page, label)
    return browser.client.post(path, data={**hidden, **fields}, follow_redirects=follow)


def write(browser: Visitor, text: str = CARER, **fields: Any) -> TestResponse:
    """Fills the form for a concern in and sends it."""
    return press(browser, browser.open("/concerns/new"), "Go on", text=text, **fields)


# --- raising ------------------------------------------------------------------------------------------------------


def test_a_member_raises_a_concern_and_reads_once_who_has_it(house: House) -> None:
    doreen = house.sit(DOREEN)
    proposal = write(doreen, place="Gullhaven").get_data(as_text=True)
    assert "Home care: Brenmouth (MCC-0002), run by Harbourlight Homecare Ltd" in seen(proposal)
    assert house.rows(concern) == [], "nothing is raised before it is confirmed"
    raised = press(doreen, proposal, "Raise it", follow=False)
    assert (raised.status_code, raised.headers["Location"]) == (303, "/concerns/C-0001")
    card = seen(doreen.open("/concerns/C-0001"))
    assert "C-0001 is raised: Home care: Brenmouth (MCC-0002). Priya Venn (priya.venn@example.org)" in card
    assert CARER in card
    assert "C-0001 is raised" not in seen(doreen.open("/concerns/C-0001")), "it is said once"


def test_what_is_wrong_with_the_form_is_said_above_it_and_at_its_field(house: House) -> None:
    answer = write(house.sit(DOREEN), text="help", contract="ZZZ-1", place="Gull <b>haven</b>")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error: Raise a concern" in page
    summary = page[page.index('class="problems"') : page.index("<h1>")]
    for name, error in (("text", "Say in a sentence"), ("contract", "The register has no contract ZZZ-1")):
        assert f'href="#f-{name}"' in summary
        assert error in seen(summary)
        field = re.search(rf'<(?:input|textarea) id="f-{name}"[^>]*>', page)
        assert field
        assert 'aria-invalid="true"' in field[0]
        assert f"f-{name}-error" in field[0]
    assert 'value="Gull &lt;b&gt;haven&lt;/b&gt;"' in page, "what was filled in is still there"
    assert ">help</textarea>" in page


def test_what_not_to_type_stands_above_the_box_to_type_in(house: House) -> None:
    page = house.sit(DOREEN).open("/concerns/new")
    assert page.index("Please type no names, addresses") < page.index("<textarea")
    assert 'autocomplete="off"' in page[page.index("<textarea") :]


def test_an_officer_raises_for_a_member_and_sees_its_state_only(house: House) -> None:
    ruth = house.sit(RUTH)
    missing = write(ruth, HOLE)
    assert "This is not a Member" in text_of(missing)
    proposal = write(ruth, HOLE, member=DOREEN).get_data(as_text=True)
    card = text_of(press(ruth, proposal, "Raise it"))
    assert "C-0001" in card
    assert HOLE not in card
    assert HOLE in seen(house.sit(DOREEN).open("/concerns/C-0001"))


def test_the_same_press_twice_raises_one_concern(house: House) -> None:
    doreen = house.sit(DOREEN)
    proposal = write(doreen).get_data(as_text=True)
    for _ in range(2):
        assert "C-0001" in text_of(press(doreen, proposal, "Raise it"))
    assert len(house.rows(concern)) == 1


def test_a_form_sent_twice_with_somebody_at_risk_raises_one_concern(house: House) -> None:
    doreen = house.sit(DOREEN)
    page = doreen.open("/concerns/new")
    for _ in range(2):
        told = text_of(press(doreen, page, "Go on", text=CARER, at_risk="yes"))
        assert "If anyone is in danger, call 999 now." in told
    assert [one.at_risk for one in house.rows(concern)] == [True]
    other = press(doreen, page, "Go on", text=HOLE, at_risk="yes")
    assert other.status_code == 200
    assert len(house.rows(concern)) == 2, "another text is another concern"


def test_danger_told_with_a_contract_named_is_danger_all_the_same(house: House) -> None:
    told = "The carer in Gullhaven is hitting her mother right now, she is screaming"
    page = text_of(write(house.sit(DOREEN), told, contract="MCC-0002"))
    assert "call 999" in page
    assert [(one.at_risk, one.contract) for one in house.rows(concern)] == [(True, "mcc-0002")]


def test_an_officer_at_the_form_for_somebody_at_risk_raises_for_the_member(house: House) -> None:
    write(house.sit(RUTH), CARER, member=DOREEN, at_risk="yes")
    assert CARER in seen(house.sit(DOREEN).open("/concerns/C-0001"))


def test_what_is_added_where_it_is_confirmed_takes_the_place_of_what_was_written_first(house: House) -> None:
    doreen = house.sit(DOREEN)
    first = write(doreen, "The bus has not come again").get_data(as_text=True)
    assert "What service is it about?" in seen(first)
    assert ">The bus has not come again</textarea>" in first
    press(doreen, first, "Go on", text="The bus has not come again", place="Pellingarth")
    assert [one.body for one in house.rows(personal_text)] == ["The bus has not come again\nPellingarth"]
    assert len(house.rows(draft)) == 1


def test_the_same_again_is_offered_to_be_followed_and_hides_who_raised_it(house: House) -> None:
    house.raise_one()
    imran = house.sit(IMRAN)
    proposal = write(imran, CARER.replace("chap", "man")).get_data(as_text=True)
    offer = press(imran, proposal, "Raise it").get_data(as_text=True)
    assert "C-0001 about home care on this contract is open already" in seen(offer)
    card = text_of(press(imran, offer, "Follow C-0001"))
    assert "You follow C-0001 now" in card
    for hidden in (CARER, "Doreen", "Priya"):
        assert hidden not in card
        assert hidden not in seen(imran.open("/concerns")), "nor in the list"
        assert hidden not in imran.ask("my concerns"), "nor in the conversation"


# --- files --------------------------------------------------------------------------------------------------------


def body_of(fields: dict[str, str], files: list[tuple[str, bytes]]) -> bytes:
    """A form with files as a browser sends it. (The test client's own leaves a file of its own open.)"""
    parts = [f'name="{name}"\r\n\r\n{said}'.encode() for name, said in fields.items()]
    parts += [f'name="files"; filename="{name}"\r\n\r\n'.encode() + content for name, content in files]
    return b"".join(b"--edge\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--edge--\r\n"


def with_files(browser: Visitor, *files: tuple[str, bytes]) -> TestResponse:
    """The form for a concern with these files."""
    path, hidden = ("/concerns/new", {})
    if "Go on" in (page := browser.open("/concerns/new")):
        path, hidden = press_on(page, "Go on")
    body = body_of({**hidden, "text": CARER}, list(files))
    return browser.client.post(path, data=body, content_type="multipart/form-data; boundary=edge")


def with_file(browser: Visitor, name: str, content: bytes) -> TestResponse:
    return with_files(browser, (name, content))


def raised_with(house: House, name: str, content: bytes) -> str:
    """Raises a concern with a file, and gives the file's address."""
    doreen = house.sit(DOREEN)
    proposal = with_file(doreen, name, content).get_data(as_text=True)
    assert f"With it: {name}." in seen(proposal)
    card = press(doreen, proposal, "Raise it").get_data(as_text=True)
    found = re.search(r'href="(/concerns/C-0001/files/\d+)"', card)
    assert found
    return found[1]


def test_a_photograph_comes_with_a_concern_and_a_browser_runs_nothing_in_it(house: House) -> None:
    path = raised_with(house, "hole.png", PNG)
    answer = house.sit(PRIYA).client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_what_is_no_picture_is_handed_over_to_be_kept(house: House) -> None:
    path = raised_with(house, "letter.pdf", pdf([["Dear Sir"]]))
    answer = house.sit(DOREEN).client.get(path)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "letter.pdf" in answer.headers["Content-Disposition"]


def test_a_file_is_opened_only_by_whoever_sees_all_of_the_concern(house: House) -> None:
    path = raised_with(house, "hole.png", PNG)
    house.do(IMRAN, "follow", "C-0001")
    other = house.raise_one(HOLE, IMRAN)
    for who in (IMRAN, TOM, RUTH):
        assert house.sit(who).client.get(path).status_code == 404, who
    assert house.sit(IMRAN).client.get(path.replace("C-0001", other)).status_code == 404, "nor by way of another"
    assert house.sit().client.get(path).headers["Location"].startswith("/sign-in")
    assert house.sit(DOREEN).client.get("/concerns/C-0001/files/999").status_code == 404


def test_a_file_that_is_too_large_is_named_and_what_was_written_stays(house: House) -> None:
    answer = with_file(house.sit(DOREEN), "long.png", PNG + b"0" * 10_000_001)
    assert answer.status_code == 200
    assert "long.png:" in text_of(answer)
    assert "Raise it" in text_of(answer)
    assert house.rows(attachment) == []


def test_only_people_on_the_list_may_send_much_and_there_is_an_end_to_it(house: House) -> None:
    much, too_much = ("a.png", PNG + b"0" * 2_000_000), [(f"{number}.png", b"0" * 9_000_000) for number in range(6)]
    assert with_files(house.sit(), much).status_code == 413
    assert with_files(house.sit(DOREEN), much).status_code == 200
    answer = with_files(house.sit(DOREEN), *too_much)
    assert answer.status_code == 413
    assert "Send up to 5 files of 10 MB each." in text_of(answer)


# --- who sees and does what ---------------------------------------------------------------------------------------

PATHS = ("/concerns", "/concerns/new", "/concerns/C-0001", "/concerns/C-0001/files/1", "/messages")
PRESSES = ("/concerns/new", "/concerns/new/raise", "/concerns/C-0001/acknowledge", "/do")


def test_a_stranger_is_shown_where_to_sign_in_and_comes_back(house: House) -> None:
    house.raise_one()
    for path in PATHS:
        answer = house.sit().client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={path}")


def test_a_stranger_presses_nothing(house: House) -> None:
    house.raise_one()
    stranger = house.sit()
    for path in PRESSES:
        assert stranger.send(path, action="acknowledge", about="C-0001", follow=False).status_code == 401, path
    assert [one.move for one in house.rows(concern_event)] == ["raise"]


@pytest.mark.parametrize("path", [*PRESSES, "/do/made-up", "/answer/made-up"])
def test_a_press_without_its_token_is_refused(house: House, path: str) -> None:
    house.raise_one()
    answer = house.sit(PRIYA).client.post(
        path, data={"action": "acknowledge", "about": "C-0001", "text": "hello there"}
    )
    assert (answer.status_code, "That form has expired" in text_of(answer)) == (400, True)
    assert [one.move for one in house.rows(concern_event)] == ["raise"]


def test_a_concern_one_may_not_see_is_like_one_that_does_not_exist(house: House) -> None:
    reference = house.raise_one()
    for who in (IMRAN, TOM, RUTH):
        browser = house.sit(who)
        hidden, none = browser.client.get(f"/concerns/{reference}"), browser.client.get("/concerns/C-0099")
        assert hidden.status_code == none.status_code == 404
        assert text_of(hidden) == text_of(none)
        pressed = [browser.send(f"/concerns/{one}/acknowledge") for one in (reference, "C-0099")]
        assert [one.status_code for one in pressed] == [404, 404]
        assert reference not in browser.open("/concerns")
        said = [house.do(who, "acknowledge", one).text.replace(one, "") for one in (reference, "C-0099")]
        assert said[0] == said[1], "nor is it said elsewhere"


def test_an_action_that_is_none_does_not_exist(house: House) -> None:
    house.raise_one()
    for path in ("/concerns/C-0001/raise", "/concerns/C-0001/remind", "/concerns/new/acknowledge"):
        assert house.sit(PRIYA).send(path).status_code == 404, path


def test_the_list_begins_with_what_is_ones_own_to_carry_soonest_due_first(house: House) -> None:
    house.raise_one()
    house.clock.now += DAY
    house.raise_one("The carers never come on time to a lady in Brenmouth, and she misses her tablets")
    house.do(PRIYA, "pass_on", "C-0001", to=TOM)
    house.clock.now += 2 * DAY
    page = seen(house.sit(PRIYA).open("/concerns"))
    assert page.index("Yours to carry (1)") < page.index("C-0002") < page.index("Open, with somebody else (1)")
    assert page.index("Open, with somebody else (1)") < page.index("C-0001")
    assert "Late: it was to be acknowledged by" in page, "in words, not by colour alone"


def test_of_two_to_carry_the_one_due_first_comes_first(house: House) -> None:
    house.raise_one()
    house.clock.now += DAY
    house.raise_one("The carers never come on time to a lady in Brenmouth, and she misses her tablets")
    house.do(PRIYA, "acknowledge", "C-0001")
    page = seen(house.sit(PRIYA).open("/concerns"))
    assert page.index("C-0002") < page.index("C-0001"), "acknowledging is due before the answer"


def test_an_empty_list_says_what_to_do(house: House) -> None:
    page = seen(house.sit(DOREEN).open("/concerns"))
    assert "Nothing here yet." in page
    assert "Raise a concern" in page


def test_settled_concerns_come_last(house: House) -> None:
    house.raise_one()
    house.do(PRIYA, "close", outcome="explained", text="It snowed.")
    house.raise_one(HOLE)
    page = seen(house.sit(DOREEN).open("/concerns"))
    assert page.index("C-0002") < page.index("Settled") < page.index("C-0001")
    assert "Closed: explained" in page


def test_whoever_is_away_has_their_concerns_on_their_deputys_list_to_carry(house: House) -> None:
    house.raise_one()
    sunita = "sunita.marwood@example.org"
    assert "Yours to carry" not in seen(house.sit(sunita).open("/concerns"))
    with house.wiring.store.writing() as connection:
        rows = read_people(cast.SAMPLE / "people.csv").rows
        away = {"away_from": "2026-11-23", "away_to": "2026-11-27"}
        rows = [replace(one, about={**one.about, **away}) if one.email == PRIYA else one for one in rows]
        replace_people(connection, rows)
    assert "Yours to carry (1)" in seen(house.sit(sunita).open("/concerns"))
    carried = overview(Message(text="", addresses=(sunita,)), house.wiring.desk).carried
    assert [one.reference for one in carried] == ["C-0001"], "in Slack too"


def test_every_page_is_as_safe_as_the_others(house: House) -> None:
    path = asked(house)
    link, doreen = house.path("news", "open"), house.sit(DOREEN)
    pages = [doreen.client.get(one) for one in ("/concerns", "/concerns/new", link, "/messages", path, "/do/made-up")]
    pages += [write(doreen), write(doreen, "x")]
    for answer in pages:
        page = answer.get_data(as_text=True)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page)


# --- what is done on a concern's page ----------------------------------------------------------------------------


def test_a_button_does_it_and_the_page_says_so_once(house: House) -> None:
    house.raise_one()
    priya = house.sit(PRIYA)
    answer = press(priya, priya.open("/concerns/C-0001"), "Acknowledge", follow=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/concerns/C-0001")
    first, second = seen(priya.open("/concerns/C-0001")), seen(priya.open("/concerns/C-0001"))
    assert "You have C-0001 in hand; the Member is told." in first
    assert "You have C-0001 in hand" not in second
    assert "In hand. To be answered by" in second
    assert "Acknowledged by Priya Venn" in second


def test_what_was_done_is_not_told_on_another_concerns_page(house: House) -> None:
    house.raise_one()
    house.raise_one(HOLE)
    doreen = house.sit(DOREEN)
    press(doreen, doreen.open("/concerns/C-0001"), "Take back", follow=False)
    assert "taken back" not in seen(doreen.open("/concerns/C-0002"))


def test_a_button_that_needs_more_asks_for_it_on_a_page_of_its_own(house: House) -> None:
    house.raise_one()
    priya = house.sit(PRIYA)
    form = press(priya, priya.open("/concerns/C-0001"), "Ask the provider")
    assert form.status_code == 200
    wrong = press(priya, form.get_data(as_text=True), "Ask them", to="nowhere", text="")
    assert wrong.status_code == 422
    assert "<title>Error: Ask the provider, C-0001" in wrong.get_data(as_text=True)
    done = press(priya, wrong.get_data(as_text=True), "Ask them", to=FIRM, text=ASKED, follow=False)
    assert done.status_code == 303
    assert "With the provider." in seen(priya.open("/concerns/C-0001"))


def test_the_same_answer_sent_twice_is_one(house: House) -> None:
    house.raise_one()
    priya = house.sit(PRIYA)
    form = press(priya, priya.open("/concerns/C-0001"), "Reply to the Member").get_data(as_text=True)
    for _ in range(2):
        press(priya, form, "Send", text="It is put right.\r\nSorry.")
    replies = [one for one in house.rows(personal_text) if one.kind == "reply"]
    assert [one.body for one in replies] == ["It is put right.\nSorry."]


def test_what_cannot_be_done_any_more_is_said_on_the_concerns_page(house: House) -> None:
    house.raise_one()
    doreen = house.sit(DOREEN)
    page = doreen.open("/concerns/C-0001")
    house.clock.now += 11 * MINUTE
    assert "It is too late for that. C-0001 is as it was." in text_of(press(doreen, page, "Take back"))


def test_whoever_passes_on_what_they_then_see_no_more_reads_that_it_is_done(house: House) -> None:
    nothing = house.do(DOREEN, "new_concern", "", text="Something odd is going on with the thing", at_risk="no")
    house.do(DOREEN, "raise", next(one.about for one in nothing.choices if one.action == "raise"))
    wendy = house.sit(WENDY)
    form = press(wendy, wendy.open("/concerns/C-0001"), "Pass on").get_data(as_text=True)
    done = press(wendy, form, "Pass it on", to="", contract="MCC-0032")
    assert (done.status_code, "C-0001 is passed on to" in text_of(done)) == (200, True)
    assert wendy.client.get("/concerns/C-0001").status_code == 404


def test_html_in_what_people_write_is_text(house: House) -> None:
    nasty = f"{CARER} <script>alert(1)</script> <img src=x onerror=alert(2)> {{{{ 7*7 }}}}"
    house.raise_one(nasty)
    house.do(PRIYA, "ask_provider", to=FIRM, text=nasty)
    pages = [
        house.sit(DOREEN).open("/concerns/C-0001"),
        house.sit().open(house.path("provider_asked", "provider_answers")),
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert html.escape("<script>alert(1)</script>") in page
        assert "{{ 7*7 }}" in page


def test_a_message_with_characters_no_record_can_hold_is_taken_without_them(house: House) -> None:
    house.raise_one()
    assert house.do(PRIYA, "reply", text="It is\0 done").outcome is Outcome.CONCERN
    assert house.rows(personal_text)[-1].body == "It is  done"


# --- in the conversation ------------------------------------------------------------------------------------------


def test_a_concern_is_raised_in_the_conversation_and_the_conversation_keeps_none_of_it(house: House) -> None:
    doreen = house.sit(DOREEN)
    asked = press(doreen, doreen.open("/"), "Ask", text=CARER).get_data(as_text=True)
    answer = press(doreen, asked, "Raise it")
    assert (answer.status_code, answer.request.path) == (200, "/do")
    page = answer.get_data(as_text=True)
    assert "C-0001 is raised" in seen(page.split('id="latest"')[-1])
    assert "<h1>" in page, "the whole page"
    form = press(doreen, page, "Not this contract").get_data(as_text=True)
    wrong = press(doreen, form, "Send it there", contract="ZZZ-1")
    assert wrong.status_code == 422
    assert "The register has no contract ZZZ-1." in text_of(wrong)
    assert house.rows(turn) == []


def test_with_javascript_only_the_turn_of_a_press_comes_back(house: House) -> None:
    doreen = house.sit(DOREEN)
    asked = press(doreen, doreen.open("/"), "Ask", text=CARER).get_data(as_text=True)
    path, hidden = press_on(asked, "Raise it")
    fragment = doreen.client.post(path, data=hidden, headers={"X-Fragment": "turn"}).get_data(as_text=True)
    assert fragment.lstrip().startswith("<article")
    assert "C-0001 is raised" in seen(fragment)


def test_danger_told_twice_by_the_same_press_is_one_concern(house: House) -> None:
    doreen = house.sit(DOREEN)
    page = doreen.open("/")
    for _ in range(2):
        press(doreen, page, "Ask", text="ex kicking at her door now, says he will kill her, kids inside, Winnersea")
    assert len(house.rows(concern)) == 1


def test_a_concern_in_the_conversation_leads_to_its_page_and_its_buttons_work(house: House) -> None:
    house.raise_one()
    priya = house.sit(PRIYA)
    page = press(priya, priya.open("/"), "Ask", text="C-0001").get_data(as_text=True)
    assert CARER in seen(page)
    assert 'href="/concerns/C-0001"' in page
    assert "You have C-0001 in hand" in text_of(press(priya, page, "Acknowledge"))


def test_the_form_for_a_concern_asked_for_in_the_conversation_is_the_one_that_takes_files(house: House) -> None:
    doreen = house.sit(DOREEN)
    page = press(doreen, doreen.open("/"), "Ask", text="raise a concern").get_data(as_text=True)
    path, _ = press_on(page, "Go on")
    assert path == "/concerns/new"


# --- signed links -------------------------------------------------------------------------------------------------


def test_links_lead_to_the_desks_address_and_hold_no_address_of_anybody(house_with: Callable[..., House]) -> None:
    house = house_with(DESK_URL="https://desk.example.org")
    house.raise_one()
    house.do(PRIYA, "ask_provider", to=FIRM, text=ASKED)
    letters, made = house.letters(), []
    house.do(PRIYA, "reply", text="Done")
    for letter in letters + house.letters():
        made += [(one.action, house.wiring.link_for(one, letter)) for one in letter.reply.choices]
    assert {action for action, _ in made} >= {"open", "provider_answers", "not_fixed", "put_right"}
    for action, link in made:
        wanted = {"open": "/concerns/C-0001", "provider_answers": "/answer/"}.get(action, "/do/")
        assert link.startswith(f"https://desk.example.org{wanted}")
        assert "@" not in link
        assert "example.org" not in link.removeprefix("https://desk.example.org")


def test_without_a_key_to_sign_with_buttons_lead_to_the_concern(house_with: Callable[..., House]) -> None:
    house = house_with(DESK_URL="https://desk.example.org", DESK_SECRET_KEY="")
    house.raise_one()
    letter = house.letters("raised")[0]
    links = {house.wiring.link_for(one, letter) for one in letter.reply.choices}
    assert links == {"https://desk.example.org/concerns/C-0001"}


def test_without_an_address_of_its_own_the_desk_makes_no_links(house: House) -> None:
    house.raise_one()
    letter = house.letters("raised")[0]
    assert {house.wiring.link_for(one, letter) for one in letter.reply.choices} == {""}
    assert path_for(Choice(label="Again?", text="and then?"), letter, house.wiring) == ""


def test_looking_at_a_link_changes_nothing(house: House) -> None:
    house.raise_one()
    path = house.path("raised", "acknowledge")
    stranger = house.sit()
    for _ in range(3):
        page = stranger.open(path)
        assert stranger.client.head(path).status_code == 200
    assert "Acknowledge C-0001 about home care" in seen(page)
    assert "Priya Venn" in seen(page)
    assert [one.move for one in house.rows(concern_event)] == ["raise"]


def test_pressing_its_button_does_it_once_and_shows_nothing_that_was_written(house: House) -> None:
    house.raise_one()
    path = house.path("raised", "acknowledge")
    stranger = house.sit()
    page = stranger.open(path)
    done, again = (press(stranger, page, "Acknowledge") for _ in range(2))
    assert "You have C-0001 in hand; the Member is told." in text_of(done)
    assert "Sign in to read C-0001" in text_of(done)
    assert again.status_code == 200
    assert [one.move for one in house.rows(concern_event)] == ["raise", "acknowledge"]
    for shown_page in (page, done.get_data(as_text=True), again.get_data(as_text=True), stranger.open(path)):
        assert "Gullhaven" not in shown_page
        assert "Doreen" not in shown_page
    assert "Nothing is left to do here: C-0001 is in hand." in seen(stranger.open(path))


def test_a_link_that_needs_more_asks_for_it(house: House) -> None:
    house.raise_one()
    path = house.path("raised", "ask_provider")
    stranger = house.sit()
    form = press(stranger, stranger.open(path), "Ask the provider").get_data(as_text=True)
    wrong = press(stranger, form, "Ask them", to="nowhere", text=ASKED)
    assert wrong.status_code == 422
    assert "<title>Error:" in wrong.get_data(as_text=True)
    for _ in range(2):
        done = press(stranger, wrong.get_data(as_text=True), "Ask them", to=FIRM, text=ASKED)
        assert done.status_code == 200
    assert len([one for one in house.rows(personal_text) if one.kind == "request"]) == 1


def test_a_link_works_for_thirty_days(house: House) -> None:
    house.raise_one()
    path = house.path("raised", "acknowledge")
    house.clock.now += 30 * DAY - MINUTE
    assert house.sit().client.get(path).status_code == 200
    house.clock.now += 2 * MINUTE
    answer = house.sit().client.get(path)
    assert answer.status_code == 410
    assert "Everything it was for can be done once you sign in." in text_of(answer)
    assert house.sit().send(path).status_code == 410
    assert [one.move for one in house.rows(concern_event)] == ["raise"]


def forged(house: House) -> dict[str, str]:
    """Links that the desk did not write, or not for this."""
    secret, good = house.wiring.settings.secret_key.get_secret_value(), house.path("raised", "acknowledge")
    act = {"party": 1, "action": "acknowledge", "about": "C-0001"}
    return {
        "cut short": good[:-2],
        "another secret": f"/do/{tokens.sign('another secret', 'act', act, house.clock.now)}",
        "another purpose": f"/do/{tokens.sign(secret, 'answer', {'request': 1}, house.clock.now)}",
        "answer of another purpose": f"/answer/{good.removeprefix('/do/')}",
        "made up": "/do/made-up",
        "answer made up": "/answer/made-up",
        "no such request": f"/answer/{tokens.sign(secret, 'answer', {'request': 99}, house.clock.now)}",
        "not of words": f"/do/{tokens.sign(secret, 'act', {**act, 'party': 'x'}, house.clock.now)}",
        "no such concern": f"/do/{tokens.sign(secret, 'act', {**act, 'about': 'C-0099'}, house.clock.now)}",
    }


def test_a_link_the_desk_did_not_write_says_what_to_do(house: House) -> None:
    house.raise_one()
    stranger = house.sit()
    for name, path in forged(house).items():
        for answer in (stranger.client.get(path), stranger.send(path, text="hello")):
            assert answer.status_code == 410, name
            assert "This link does not work any more" in text_of(answer), name
    assert [one.move for one in house.rows(concern_event)] == ["raise"]


def test_a_link_is_worth_what_its_owner_may_do_now(house: House) -> None:
    house.raise_one()
    path = house.path("raised", "acknowledge")
    with house.wiring.store.writing() as connection:
        rows = [one for one in read_people(cast.SAMPLE / "people.csv").rows if one.email != PRIYA]
        replace_people(connection, rows)
        connection.execute(sa.delete(contract))  # nor does the register name her any more
    assert house.sit().client.get(path).status_code == 410
    assert house.sit().send(path).status_code == 410
    assert [one.move for one in house.rows(concern_event)] == ["raise"]


def test_links_are_not_pressed_without_end(house: House) -> None:
    house.raise_one()
    path, stranger = house.path("raised", "acknowledge"), house.sit()
    token = stranger.token()
    answers = [stranger.client.post(path, data={"csrf_token": token}).status_code for _ in range(32)]
    assert answers.count(429) == 2
    assert stranger.client.get(path).status_code == 200, "looking is not limited"


def test_no_link_is_in_the_logs_or_told_to_others(
    house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.raise_one()
    path = house.path("raised", "acknowledge")
    house.wiring.__dict__["desk"] = replace(house.wiring.desk, calendar=None)  # type: ignore[arg-type]
    answer = house.sit().send(path)
    assert answer.status_code == 500
    logged = "".join(capsys.readouterr())
    assert "failed" in logged
    assert path.removeprefix("/do/")[:20] not in logged
    assert house.sit().client.get(path).headers["Referrer-Policy"] == "no-referrer"


# --- the provider's page ------------------------------------------------------------------------------------------


def asked(house: House) -> str:
    """A provider is asked about a concern; the address of their page."""
    house.raise_one()
    house.do(PRIYA, "ask_provider", to=FIRM, text=ASKED)
    return house.path("provider_asked", "provider_answers")


def test_a_provider_sees_what_was_asked_by_whom_and_by_when_and_nothing_else(house: House) -> None:
    page = seen(house.sit().open(asked(house)))
    for said in ("Home care: Brenmouth (MCC-0002): C-0001", "An answer is awaited by", "Priya Venn asks", ASKED):
        assert said in page
    assert "Your answer goes to the contract manager at Marlshire County Council." in page
    for hidden in ("Gullhaven", "old chap", "Doreen", DOREEN, "Raised", "Acknowledged"):
        assert hidden not in page


def test_a_provider_answers_without_an_account_and_the_manager_hears_of_it(house: House) -> None:
    path, firm = asked(house), house.sit()
    wrong = press(firm, firm.open(path), "Send the answer", text="", promised="2026-11-01")
    assert wrong.status_code == 422
    assert "<title>Error:" in wrong.get_data(as_text=True)
    assert "This day has passed." in text_of(wrong)
    for _ in range(2):
        done = press(
            firm,
            wrong.get_data(as_text=True),
            "Send the answer",
            text="Short of staff\0; sorted.",
            promised="2026-12-01",
        )
        assert done.status_code == 200
    assert [one.body for one in house.rows(personal_text) if one.kind == "answer"] == ["Short of staff ; sorted."]
    assert len(house.letters("provider_answered")) == 1
    assert "You have answered this, thank you." in seen(firm.open(path))
    card = seen(house.sit(PRIYA).open("/concerns/C-0001"))
    assert "Short of staff" in card
    assert "Provider promises Tuesday 1 December 2026" in card


def test_a_provider_reads_thanks_after_answering(house: House) -> None:
    path, firm = asked(house), house.sit()
    done = press(firm, firm.open(path), "Send the answer", text="Sorted.", promised="")
    assert "Thank you. Your answer to C-0001 is with the contract manager." in text_of(done)


def test_looking_at_the_providers_page_changes_nothing(house: House) -> None:
    path = asked(house)
    before = len(house.rows(concern_event))
    for _ in range(2):
        assert house.sit().client.get(path).status_code == 200
        assert house.sit().client.head(path).status_code == 200
    assert len(house.rows(concern_event)) == before


def test_the_providers_page_takes_no_answer_once_the_concern_is_settled(house: House) -> None:
    path, firm = asked(house), house.sit()
    page = firm.open(path)
    house.do(PRIYA, "close", outcome="explained", text="Done")
    assert "This is no longer waiting for an answer." in seen(firm.open(path))
    press(firm, page, "Send the answer", text="Too late")
    assert [one for one in house.rows(personal_text) if one.kind == "answer"] == []


def test_the_providers_link_works_for_sixty_days(house: House) -> None:
    path = asked(house)
    house.clock.now += 60 * DAY - MINUTE
    assert house.sit().client.get(path).status_code == 200
    house.clock.now += 2 * MINUTE
    answer = house.sit().client.get(path)
    assert (answer.status_code, "Ask whoever sent it to you" in text_of(answer)) == (410, True)


# --- messages on the screen ---------------------------------------------------------------------------------------


@pytest.fixture
def demo(house_with: Callable[..., House]) -> House:
    return house_with(DESK_DEMO="true")


def be(house: House, browser: Visitor, who: str) -> str:
    """Plays somebody, and gives the start page."""
    return text_of(browser.send("/role", role=who)).replace(" ,", ",")


def test_in_the_demo_the_whole_journey_is_tried_by_changing_roles(demo: House) -> None:
    demo.clock.now = datetime(2026, 11, 21, 22, tzinfo=UTC)  # a Saturday night: nobody has to wait for Monday
    browser = Visitor(demo.app)
    assert "Messages" in be(demo, browser, f"member:{DOREEN}")
    press(browser, write(browser).get_data(as_text=True), "Raise it")
    assert "Messages (1 new )" in be(demo, browser, f"manager:{PRIYA}")
    messages = browser.open("/messages")
    assert "shown early here" in seen(messages)
    assert "Messages (" not in seen(messages), "they are read now"
    card = press(browser, messages, "Acknowledge").get_data(as_text=True)
    form = press(browser, card, "Ask the provider").get_data(as_text=True)
    press(browser, form, "Ask them", to=FIRM, text=ASKED)
    assert "Messages (1 new )" in be(demo, browser, "provider")
    told = browser.open("/messages/to-providers")
    assert f"To {FIRM}" in seen(told)
    path = re.search(r'href="(/answer/[^"]+)"', told)
    assert path
    press(browser, browser.open(path[1]), "Send the answer", text="Sorted.", promised="")
    be(demo, browser, f"manager:{PRIYA}")
    messages = browser.open("/messages")
    assert "C-0001: the provider has answered" in seen(messages)
    form = press(browser, messages, "Reply to the Member").get_data(as_text=True)
    press(browser, form, "Send", text="It is put right.")
    be(demo, browser, f"member:{DOREEN}")
    messages = browser.open("/messages")
    assert "C-0001: answered" in seen(messages)
    assert "C-0001: in hand" in seen(messages), "each message says how it stood then"
    assert messages.count(">Not fixed<") == 1, "only the newest about a concern offers what can be done"
    assert "closed as put right" in text_of(press(browser, messages, "It was put right"))


def test_messages_to_providers_are_read_in_the_demo_only_and_by_whoever_plays_one(
    demo: House, house_with: Callable[..., House]
) -> None:
    asked(demo)
    browser = Visitor(demo.app)
    assert browser.client.get("/messages/to-providers").status_code == 200
    be(demo, browser, f"member:{DOREEN}")
    assert browser.client.get("/messages/to-providers").status_code == 404
    real = House(create_app(Wiring(cast.settings(demo.wiring.settings.home))), demo.wiring, demo.clock)
    for who in ("", PRIYA):
        assert real.sit(who).client.get("/messages/to-providers").status_code == 404


def test_everybody_reads_their_own_messages_only(house: House) -> None:
    house.raise_one()
    assert "C-0001" in seen(house.sit(PRIYA).open("/messages"))
    for who in (DOREEN, TOM):
        assert "Nothing has been sent to you yet." in seen(house.sit(who).open("/messages"))


def test_a_message_is_shown_once_it_is_due(house: House) -> None:
    house.clock.now = datetime(2026, 11, 21, 22, tzinfo=UTC)
    house.raise_one()
    assert "C-0001" not in seen(house.sit(PRIYA).open("/messages"))
    house.clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    priya = house.sit(PRIYA)
    assert "Messages (1 new )" in seen(priya.open("/"))
    assert "C-0001" in seen(priya.open("/messages"))
    assert "Messages (" not in seen(priya.open("/"))


def test_a_message_that_was_read_and_is_dealt_with_says_so(house: House) -> None:
    house.raise_one()
    with house.wiring.store.writing() as connection:
        connection.execute(sa.update(notification).values(state="sent"))
    house.do(PRIYA, "close", outcome="explained", text="Done")
    assert "It needs nothing of you any more." in seen(house.sit(PRIYA).open("/messages"))


def test_where_messages_go_out_another_way_no_page_shows_them(house: House) -> None:
    house.wiring.__dict__["desk"] = replace(house.wiring.desk, channels=frozenset({"email"}))
    assert "Messages" not in seen(house.sit(PRIYA).open("/"))


def test_in_the_demo_a_link_to_sign_in_is_found_among_the_messages_and_works(demo: House) -> None:
    browser = Visitor(demo.app)
    browser.send("/sign-in", email=PRIYA)
    be(demo, browser, f"manager:{PRIYA}")
    path = re.search(r'href="(/sign-in/link/[^"]+)"', browser.open("/messages"))
    assert path
    press(browser, browser.open(path[1]), "Sign in")
    assert "Signed in as Priya Venn" in seen(browser.open("/"))


def test_one_plays_somebody_of_the_people_list_in_a_role_they_have(demo: House) -> None:
    browser = Visitor(demo.app)
    assert "You are Tom Arkell, contract manager" in be(demo, browser, f"manager:{TOM}")
    assert "You are Priya Venn, contract manager" in be(demo, browser, f"manager:{DOREEN}"), "she is no manager"
    assert "administrator" not in be(demo, browser, f"administrator:{RUTH}").replace("Farah", "")
    assert "You are Priya Venn" in seen(browser.open("/")), "what cannot be played changes nothing"


def test_notifications_on_the_screen_are_read_by_recipient_or_kind_newest_first(store: Store) -> None:
    def put(kind: str, to: str, minutes: int, channel: str = "screen") -> None:
        with store.writing() as connection:
            at = NOW + minutes * MINUTE
            owe(connection, at, kind=kind, subject=f"{kind}:{to}:{minutes}", recipient=to, channel=channel)

    put("raised", PRIYA, 0)
    put("news", DOREEN, 1)
    put("reminded", PRIYA, 2)
    put("reminded", PRIYA, 60)
    put("raised", PRIYA, 3, channel="email")
    put("provider_asked", FIRM, 4)
    mine, until = For(addresses=("Priya.Venn@example.org",)), NOW + 10 * MINUTE
    with store.reading() as connection:
        assert [one.owed.kind for one in shown(connection, mine, until, 50)] == ["reminded", "raised"]
        assert [one.at for one in shown(connection, mine, None, 1)] == [NOW + 60 * MINUTE]
        assert [one.owed.recipient for one in shown(connection, For(kinds=("provider_asked",)), until, 50)] == [FIRM]
        assert count_since(connection, mine, until, None) == 2
        assert count_since(connection, mine, until, NOW + MINUTE) == 1
        assert count_since(connection, For(addresses=()), until, None) == 0
