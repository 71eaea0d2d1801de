"""The pages in a browser: with and without JavaScript, by keyboard alone, wide and narrow, and for everyone (axe)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import cast
import pytest
from cast import Visitor
from conftest import lacking
from fake_slack import until
from processes import answers, child_environment, free_port, start_desk, stopped

from bot.links import path_for
from bot.wiring import Wiring
from handlers.letters import Letter
from handlers.messages import Choice, Outcome, Reply
from webhooks import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
QUESTION = "Who signs off a contract worth £600,000?"
ANSWER = "9.5 From £250,000 and under £1 million"
WIDTHS = pytest.mark.parametrize("width", [1280, 320])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("the package playwright")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        lacking("no chromium (.ci/run installs it)")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield made
        made.close()


@pytest.fixture(scope="module")
def address(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A desk that serves the sample council."""
    home = cast.copy_home(sample_home, tmp_path_factory.mktemp("browser") / "desk")
    port = free_port()
    child = start_desk(home / "log.txt", child_environment(home, DESK_WEB_WORKERS="1"), "serve", "--port", str(port))
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "desk serve up", 30)
        yield f"http://127.0.0.1:{port}"
    finally:
        stopped(child)


@pytest.fixture(scope="module")
def demo_home(county_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demonstration: the sample council with its register and its people."""
    return cast.copy_home(county_home, tmp_path_factory.mktemp("demo") / "desk")


@pytest.fixture(scope="module")
def demo(demo_home: Path) -> Iterator[str]:
    """A demonstration that is served."""
    port = free_port()
    environment = child_environment(demo_home, DESK_WEB_WORKERS="1", DESK_DEMO="true")
    child = start_desk(demo_home / "log.txt", environment, "serve", "--port", str(port))
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "desk serve up", 30)
        yield f"http://127.0.0.1:{port}"
    finally:
        stopped(child)


@dataclass
class Seat:
    """Somebody at a browser: their page, and what it asked for and complained of."""

    page: Page
    address: str
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> Page:
        """Opens a page of the desk."""
        self.page.goto(self.address + path)
        return self.page

    def ask(self, text: str) -> None:
        """Types a question and presses the button."""
        turns = self.page.locator(".turn").count()
        self.page.get_by_label("Your question").fill(text)
        self.page.get_by_role("button", name="Ask", exact=True).click()
        self.page.locator(".turn").nth(turns).wait_for()

    def be(self, who: str) -> None:
        """Plays somebody of the demonstration."""
        self.open().get_by_label("You are").select_option(label=who)
        self.press("Change")

    def press(self, name: str, *, of: str = "", stays: bool = False) -> None:
        """Presses a button, which loads a page unless it `stays`; `of`: words of the turn it is in."""
        within = self.page.locator("article", has_text=of).first if of else self.page
        button = within.get_by_role("button", name=name).first
        if stays:
            button.click()
            return
        with self.page.expect_navigation():
            button.click()

    def follow(self, name: str) -> None:
        """Follows a link to another page."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()


@pytest.fixture
def sit(browser: Browser, address: str) -> Iterator[type[Seat]]:
    """Gives seats; at the end none may have heard of another host or complained."""
    yield from seats_at(browser, address)


@pytest.fixture
def play(browser: Browser, demo: str) -> Iterator[type[Seat]]:
    """Gives seats in the demonstration."""
    yield from seats_at(browser, demo)


def seats_at(browser: Browser, address: str) -> Iterator[type[Seat]]:
    contexts: list[BrowserContext] = []
    seats: list[Seat] = []

    def take(width: int = 1280, *, scripts: bool = True) -> Seat:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=scripts, reduced_motion="reduce"
        )
        contexts.append(context)
        seat = Seat(context.new_page(), address)
        seat.page.set_default_timeout(8_000)
        seat.page.on("request", lambda request: seat.hosts.add("/".join(request.url.split("/")[:3])))
        seat.page.on(
            "console", lambda said: seat.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        seat.page.on("pageerror", lambda error: seat.complaints.append(str(error)))
        seats.append(seat)
        return seat

    yield take  # type: ignore[misc]
    for context in contexts:
        context.close()
    for seat in seats:
        assert seat.hosts == {address}, "nothing comes from another host"
        assert [one for one in seat.complaints if "status of 4" not in one] == [], "the browser complains of nothing"


# --- asking -------------------------------------------------------------------------------------------------------


def test_a_question_is_answered_without_loading_the_page_again(sit: type[Seat]) -> None:
    seat = sit()
    page = seat.open()
    page.evaluate("window.stillHere = true")
    seat.ask(QUESTION)
    assert ANSWER in page.locator(".turn").inner_text()
    assert page.evaluate("window.stillHere") is True
    assert page.get_by_label("Your question").input_value() == ""
    assert page.locator(".try").count() == 0
    seat.ask("and for grants?")
    assert page.locator(".turn").count() == 2
    page.reload()
    assert page.locator(".turn").count() == 2, "the conversation is kept"


def test_the_same_without_javascript(sit: type[Seat]) -> None:
    seat = sit(scripts=False)
    page = seat.open()
    seat.ask(QUESTION)
    assert page.url.endswith("/#latest")
    assert ANSWER in page.locator(".turn").inner_text()
    seat.ask("What is CAB?")
    page.get_by_role("button", name="Commissioning Board").click()
    page.locator(".turn").nth(2).wait_for()
    page.get_by_role("button", name="Start again").click()
    page.locator(".try").wait_for()
    assert page.locator(".turn").count() == 0
    page.get_by_role("button", name="Is M4 done?").click()
    page.locator(".turn").wait_for()
    assert "as of 30 June 2026" in page.locator(".turn").inner_text()


def test_a_choice_and_a_thing_to_try_are_answered_with_javascript_too(sit: type[Seat]) -> None:
    seat = sit()
    page = seat.open()
    page.get_by_role("button", name="Is M4 done?").click()
    page.locator(".turn").wait_for()
    seat.open("/")
    seat.page.get_by_role("button", name="Start again").click()
    page.locator(".try").wait_for()
    seat.ask("What is CAB?")
    page.get_by_role("button", name="Citizens Advice Bureau").click()
    page.locator(".turn").nth(1).wait_for()
    assert "What is the Citizens Advice Bureau?" in page.locator(".turn").nth(1).inner_text()


def test_an_empty_question_is_told_so_with_and_without_javascript(sit: type[Seat]) -> None:
    for scripts in (True, False):
        page = sit(scripts=scripts).open()
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text("Type a question first").wait_for()
        assert page.locator(".turn").count() == 0


def test_a_question_of_html_is_shown_as_it_was_typed(sit: type[Seat]) -> None:
    seat = sit()
    page = seat.open()
    seat.ask("<img src=x onerror=\"document.title='owned'\"><b>who signs?</b>")
    assert "<b>who signs?</b>" in page.locator(".asked").inner_text()
    assert page.locator(".turn img").count() == 0
    assert "owned" not in page.title()


def test_a_desk_that_is_away_is_told_and_the_question_kept(sit: type[Seat]) -> None:
    seat = sit()
    page = seat.open()
    page.route("**/ask", lambda route: route.abort())
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_text("That did not reach the desk").wait_for()
    assert page.get_by_label("Your question").input_value() == QUESTION
    seat.complaints.clear()


# --- the viewer ---------------------------------------------------------------------------------------------------


def test_the_viewer_highlights_the_passage_of_the_link(sit: type[Seat]) -> None:
    seat = sit()
    page = seat.open()
    seat.ask(QUESTION)
    page.locator(".passage.first").get_by_role("link").first.click()
    page.wait_for_url("**/documents/FW#9.5")
    target = page.locator(":target")
    assert "9.5 From" in target.inner_text()
    others = page.locator(".place:not(:target)").first
    colour = "element => getComputedStyle(element).backgroundColor"
    assert target.evaluate(colour) != others.evaluate(colour)
    assert target.evaluate(
        "element => { const box = element.getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight }"
    )


@WIDTHS
def test_no_page_is_wider_than_the_screen(sit: type[Seat], width: int) -> None:
    seat = sit(width)
    for path in ("/", "/documents", "/documents/FW", "/documents/AP", "/nowhere", "/sign-in"):
        page = seat.open(path)
        if path == "/":
            seat.ask("What questions must a diagnostic report answer?")
            seat.ask("x" * 300)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


# --- keyboard -----------------------------------------------------------------------------------------------------


def focused(page: Page) -> str:
    """What the keyboard is on."""
    return str(
        page.evaluate(
            "(() => { const e = document.activeElement; return [e.tagName, e.id, e.innerText || ''].join(' ') })()"
        )
    )


def tab_to(page: Page, wanted: str, most: int = 60) -> None:
    """Presses Tab until the keyboard is there."""
    for _ in range(most):
        if wanted in focused(page):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted!r}; it is on {focused(page)!r}")


def test_with_the_keyboard_alone_one_asks_opens_the_details_and_follows_the_link(sit: type[Seat]) -> None:
    page = sit().open()
    page.keyboard.press("Tab")
    assert "Skip to the content" in focused(page)
    assert page.locator(".skip").evaluate("element => element.getBoundingClientRect().left >= 0"), (
        "it shows when reached"
    )
    tab_to(page, "TEXTAREA")
    page.keyboard.type("What must an exit plan say?")
    page.keyboard.press("Enter")
    page.locator(".turn").wait_for()
    assert "TEXTAREA" in focused(page), "ready for the next question"
    page.locator("details").first.wait_for()
    page.evaluate("document.getElementById('main').focus()")
    tab_to(page, "SUMMARY")
    assert page.locator("details").first.get_attribute("open") is None
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "one sees where the keyboard is"
    page.keyboard.press("Shift+Tab")
    tab_to(page, "see it in its place")
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/*#*")
    page.locator(":target").wait_for()


def test_shift_enter_makes_a_new_line_and_does_not_send(sit: type[Seat]) -> None:
    page = sit().open()
    page.get_by_label("Your question").focus()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    assert page.get_by_label("Your question").input_value() == "one\ntwo"
    assert page.locator(".turn").count() == 0


# --- for everyone -------------------------------------------------------------------------------------------------


def nothing_found(page: Page, where: str) -> None:
    """axe, which checks what a machine can of WCAG 2.2 AA."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES).response
    assert found["passes"], "axe has run"
    told = [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found["violations"]]
    assert told == [], where


@WIDTHS
def test_axe_finds_nothing_on_the_chat_page(sit: type[Seat], width: int) -> None:
    seat = sit(width)
    page = seat.open()
    nothing_found(page, "empty")
    for question in (
        QUESTION,
        "What is CAB?",
        "What questions must a diagnostic report answer?",
        "recipe for marmalade?",
        "help",
    ):
        seat.ask(question)
    seat.ask("paragraph 2.2 of Buying for Marlshire")
    for summary in page.locator("summary").all():
        summary.click()
    nothing_found(page, "with answers")
    page.reload()
    nothing_found(page, "with answers, loaded again")


@WIDTHS
def test_axe_finds_nothing_on_the_page_with_an_error(sit: type[Seat], width: int) -> None:
    page = sit(width).open()
    page.evaluate("document.getElementById('ask').submit()")
    page.locator("#problem").wait_for()
    assert page.title().startswith("Error:")
    assert "problem" in (page.get_by_label("Your question").get_attribute("aria-describedby") or "")
    nothing_found(page, "with an error")


@WIDTHS
@pytest.mark.parametrize("path", ["/documents", "/documents/FW#9.5", "/documents/AP", "/nowhere", "/ask", "/sign-in"])
def test_axe_finds_nothing_on_the_other_pages(sit: type[Seat], width: int, path: str) -> None:
    page = sit(width).open(path)
    if path.startswith("/documents/"):
        page.locator("summary").first.click()
    nothing_found(page, path)


# --- concerns -----------------------------------------------------------------------------------------------------

MEMBER, MANAGER = "Cllr Doreen Haspell, Member", "Priya Venn, contract manager"
CARER = "The carer has not come to an old chap in Gullhaven three mornings running"
Look = Callable[[str], None]


def raise_one(seat: Seat, text: str, look: Look) -> str:
    """A Member raises a concern with the form. Gives its reference."""
    seat.be(MEMBER)
    seat.follow("Concerns")
    look("the list")
    seat.follow("Raise a concern")
    look("the form")
    seat.press("Go on")
    seat.page.get_by_role("link", name="Say in a sentence what has happened.").click()
    look("the form with an error")
    seat.page.get_by_label("What has happened?").fill(text)
    seat.page.get_by_label("Where?").fill("Gullhaven")
    seat.page.get_by_label("No", exact=True).check()
    seat.press("Go on")
    look("what was found")
    seat.press("Raise it")
    if seat.page.get_by_role("button", name="Raise it all the same").count():
        look("one like it")
        seat.press("Raise it all the same")
    look("the card")
    return seat.page.url.rpartition("/")[2]


def carry(seat: Seat, reference: str, look: Look) -> None:
    """The manager acknowledges it, asks the provider, who answers, and replies; it was put right."""
    seat.be(MANAGER)
    seat.follow("Messages")
    look("the manager's messages")
    seat.press(f"Acknowledge {reference}")
    seat.page.get_by_text(f"You have {reference} in hand").wait_for()
    seat.press("Ask the provider")
    seat.page.get_by_label("Address at").fill("nowhere")
    seat.press("Ask them")
    look("the request with errors")
    seat.page.get_by_label("Address at").fill("office@firm.example.org")
    seat.page.get_by_label("What they are asked").fill("Why were three calls missed?")
    seat.press("Ask them")
    seat.page.get_by_text(f"The provider is asked about {reference}").wait_for()
    seat.be("a provider")
    seat.follow("Messages")
    look("the messages to providers")
    seat.follow(f"Read and answer {reference}")
    look("the provider's page")
    seat.press("Send the answer")
    seat.page.get_by_role("link", name="Write your answer first.").wait_for()
    look("the provider's page with an error")
    seat.page.get_by_label("Your answer").fill("Two carers were ill. A relief rota is in place.")
    seat.page.get_by_label("By which day").fill((datetime.now(UTC) + timedelta(days=7)).date().isoformat())
    seat.press("Send the answer")
    seat.page.get_by_text("Thank you. Your answer").wait_for()
    look("the provider's page, answered")
    seat.be(MANAGER)
    seat.follow("Messages")
    seat.press(f"Reply to the Member {reference}")
    seat.page.get_by_label("Your answer").fill("A relief rota is in place, and I look again on Friday.")
    seat.press("Send")
    look("the card, answered")
    seat.be(MEMBER)
    seat.follow("Messages")
    look("the Member's messages")
    seat.press(f"It was put right {reference}")
    seat.page.get_by_text(f"{reference} is closed as put right.").wait_for()
    look("the card, closed")


@WIDTHS
def test_a_concern_is_carried_to_its_end_and_every_page_on_the_way_is_for_everyone(
    play: type[Seat], width: int
) -> None:
    seat = play(width)

    def look(where: str) -> None:
        nothing_found(seat.page, where)
        assert seat.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where

    carry(seat, raise_one(seat, f"{CARER}, and {width} of them", look), look)


def test_a_concern_is_carried_to_its_end_without_javascript(play: type[Seat]) -> None:
    seat = play(375, scripts=False)
    carry(seat, raise_one(seat, "The meals on wheels came cold all week to a lady in Brenmouth", print), print)


def test_an_error_in_the_summary_leads_to_its_field(play: type[Seat]) -> None:
    seat = play(320)
    seat.be(MEMBER)
    page = seat.open("/concerns/new")
    seat.press("Go on")
    page.get_by_role("link", name="Say in a sentence what has happened.").click()
    assert "TEXTAREA f-text" in focused(page)


def test_a_concern_is_raised_in_the_conversation_with_and_without_javascript(play: type[Seat]) -> None:
    for scripts in (True, False):
        seat = play(scripts=scripts)
        seat.be("Cllr Imran Thackley, Member")
        seat.ask(f"The grass on the verge at Gullhaven is so high that drivers cannot see {scripts}")
        seat.press("Raise it", stays=scripts)
        seat.page.get_by_text("is raised: Verges").or_(seat.page.get_by_text("is open already")).first.wait_for()
        if scripts:
            assert seat.page.url.endswith("/"), "the page was not loaded again"
            seat.press("Not this contract", of="is raised", stays=True)
            seat.page.get_by_label("Which contract").fill("ZZZ-1")
            seat.press("Send it there", stays=True)
            seat.page.locator(".problems").wait_for()
            assert seat.page.get_by_label("Which contract").count() == 1, "the form with its error takes its place"
            assert "problems" in str(seat.page.evaluate("document.activeElement.className")), "and is read first"
            nothing_found(seat.page, "a form in the conversation")
        else:
            assert seat.page.url.endswith("/do#latest")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_checklist_is_ticked_in_the_conversation(play: type[Seat], scripts: bool) -> None:
    seat = play(320, scripts=scripts)
    seat.be(MANAGER)
    seat.ask("checklist for a specification")
    boxes = seat.page.get_by_role("checkbox")
    assert boxes.count() >= 5
    turns = seat.page.locator(".turn").count()
    boxes.nth(1).check()
    seat.press("Keep my ticks", stays=scripts)
    seat.page.get_by_text("1 of 5 done").wait_for()
    assert [box.is_checked() for box in boxes.all()][:3] == [False, True, False]
    if scripts:
        assert seat.page.locator(".turn").count() == turns, "the list stays where it stood"
        assert "Your ticks are kept" in seat.page.locator("#status").inner_text()
        nothing_found(seat.page, "a checklist in the conversation")
    assert seat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@WIDTHS
def test_a_signed_link_leads_to_a_page_for_everyone(play: type[Seat], demo_home: Path, width: int) -> None:
    seat = play(width)
    reference = raise_one(seat, f"The carers in Brenmouth are rude to a lady, {width} times", lambda where: None)
    wiring = Wiring(cast.settings(demo_home))
    letter = Letter(
        id="x",
        kind="raised",
        address="priya.venn@example.org",
        subject="",
        reply=Reply(outcome=Outcome.CONCERN, text=""),
    )
    paths = {
        action: path_for(Choice(label="", action=action, about=reference), letter, wiring)
        for action in ("acknowledge", "ask_provider")
    }
    wiring.store.close()
    stranger = play(width)
    for path, button in ((paths["ask_provider"], "Ask the provider"), (paths["acknowledge"], "Acknowledge")):
        page = stranger.open(path)
        nothing_found(page, f"the page of {button}")
        stranger.press(button)
        page.get_by_text("You do this as").wait_for()
        nothing_found(page, f"after {button}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "You have" in page.locator("main").inner_text()
    nothing_found(stranger.open("/do/made-up"), "a link that does not work")


@WIDTHS
def test_the_page_of_how_the_desk_does_is_for_everyone(play: type[Seat], demo_home: Path, width: int) -> None:
    seat = play(width)
    wiring = Wiring(cast.settings(demo_home))
    visitor = Visitor(create_app(wiring)).signs_in("farah.lindqvist@example.org", datetime.now(UTC))
    cookie = visitor.client.get_cookie("session")
    wiring.store.close()
    assert cookie
    seat.page.context.add_cookies([{"name": "session", "value": cookie.value, "url": seat.address}])
    page = seat.open("/administration/status")
    assert page.get_by_role("heading", name="How the desk does now").count() == 1, page.locator("main").inner_text()
    assert "Start one, and keep it running" in page.locator("main").inner_text()
    nothing_found(page, "how the desk does")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
