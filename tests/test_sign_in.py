"""Signing in on the web: by a link to a listed address, with Slack, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import cast
import openid
import pytest
import sqlalchemy as sa
from cast import ELSIE, MAX, MO, OLIVE, PRUE, Clock, Visitor, seen
from flask import Flask, abort
from itsdangerous import TimestampSigner
from werkzeug.test import TestResponse

from bot.settings import SettingsError
from bot.wiring import Wiring
from knowledge import sign_in_links
from knowledge.parties import address_of
from knowledge.people import read_people, replace_people
from knowledge.store import Store
from knowledge.tables import notification, sign_in_link
from webhooks import create_app
from webhooks.safety import signed_in
from webhooks.sessions import own_path

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SENT = "If that address is on our list, a link is on its way; it works once, for 30 minutes."
GUIDE = "Contract managers&#39; guide"


@dataclass
class House:
    """A desk with a clock, and what tests ask of it."""

    app: Flask
    wiring: Wiring
    clock: Clock

    def owed(self) -> list[Any]:
        """The links that are owed to people, oldest first."""
        with self.wiring.store.reading() as connection:
            rows = sa.select(notification).where(notification.c.kind == "sign_in").order_by(notification.c.made_at)
            return list(connection.execute(rows))

    def links(self) -> list[Any]:
        """The links there are."""
        with self.wiring.store.reading() as connection:
            return list(connection.execute(sa.select(sign_in_link).order_by(sign_in_link.c.made_at)))

    def path(self) -> str:
        """The way in that the newest letter gives, as it is made when the letter is sent."""
        link = self.owed()[-1].about["link"]
        return sign_in_links.path_of(self.wiring.settings.secret_key.get_secret_value(), link, self.clock.now)

    def ask(self, browser: Visitor, email: str, **more: str) -> TestResponse:
        """Asks for a link."""
        return browser.send("/sign-in", email=email, **more)

    def enter(self, email: str = MO.email, **more: str) -> Visitor:
        """Somebody who has signed in by a link."""
        browser = Visitor(self.app)
        self.ask(browser, email, **more)
        assert browser.send(self.path(), follow=False).status_code == 303
        return browser


@pytest.fixture
def house_with(home: Path) -> Iterator[Callable[..., House]]:
    """Makes a desk with settings of one's own."""
    made: list[Wiring] = []

    def make(**more: str) -> House:
        made.append(Wiring(cast.settings(home, **more)))
        clock = Clock(NOW)
        made[-1].__dict__["desk"] = replace(made[-1].desk, now=clock)
        app = create_app(made[-1])
        app.add_url_rule("/inside", view_func=signed_in(inside), methods=["GET", "POST"])
        return House(app, made[-1], clock)

    yield make
    for wiring in made:
        wiring.store.close()


def inside() -> str:
    """A page for people on the list."""
    return "you are inside"


@pytest.fixture
def house(house_with: Callable[..., House]) -> House:
    return house_with()


@pytest.fixture
def provider() -> Iterator[openid.Provider]:
    with openid.Provider() as made:
        yield made


def name_on(browser: Visitor) -> str:
    """Who the page says is signed in."""
    found = re.search(r"Signed in as <strong>([^<]+)</strong>", browser.open())
    return found[1] if found else ""


def token_on(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


# --- the links of the record --------------------------------------------------------------------------------------


def make(store: Store, address: str = "mo@example.org", at: datetime = NOW) -> str:
    with store.writing() as connection:
        return sign_in_links.make(connection, address, at)


def use(store: Store, link: str, at: datetime = NOW) -> str | None:
    with store.writing() as connection:
        return sign_in_links.use(connection, link, at)


def test_a_link_works_once(store: Store) -> None:
    link = make(store, "Mo@Example.org")
    assert use(store, link) == "mo@example.org"
    assert use(store, link) is None


def test_a_link_works_for_half_an_hour(store: Store) -> None:
    first, second = make(store, "a@example.org"), make(store, "b@example.org")
    assert use(store, first, NOW + 30 * MINUTE) is None
    assert use(store, second, NOW + 30 * MINUTE - timedelta(seconds=1)) == "b@example.org"


def test_a_newer_link_overtakes_older_ones_of_the_same_address_only(store: Store) -> None:
    old, others, new = make(store), make(store, "else@example.org"), make(store, at=NOW + MINUTE)
    assert use(store, old, NOW + MINUTE) is None
    assert use(store, others, NOW + MINUTE) == "else@example.org"
    assert use(store, new, NOW + MINUTE) == "mo@example.org"


def test_looking_at_a_link_does_not_use_it_up(store: Store) -> None:
    link = make(store)
    with store.reading() as connection:
        assert sign_in_links.works(connection, link, NOW)
        assert not sign_in_links.works(connection, link, NOW + 30 * MINUTE)
        assert not sign_in_links.works(connection, "made up", NOW)
        assert not sign_in_links.works(connection, "", NOW)
    assert use(store, link)


def test_of_two_at_once_one_is_let_in(store: Store) -> None:
    link, gate, got = make(store), Barrier(4), []

    def press() -> None:
        gate.wait()
        got.append(use(store, link))

    threads = [Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got, key=str) == [None, None, None, "mo@example.org"]


def test_the_last_hours_links_are_counted_by_address(store: Store) -> None:
    for minutes in (0, 10, 20):
        make(store, at=NOW + minutes * MINUTE)
    make(store, "else@example.org")
    with store.reading() as connection:
        count = [sign_in_links.recent(connection, "MO@example.org", NOW + minutes * MINUTE) for minutes in (20, 65, 90)]
        assert count == [3, 2, 0]
        assert sign_in_links.recent(connection, "nobody@example.org", NOW) == 0


def test_old_links_are_deleted(store: Store) -> None:
    make(store)
    make(store, "else@example.org", NOW + DAY)
    with store.writing() as connection:
        assert sign_in_links.clean(connection, NOW + DAY) == 0
        assert sign_in_links.clean(connection, NOW + DAY + MINUTE) == 1


# --- asking for a link --------------------------------------------------------------------------------------------


def test_a_listed_address_is_owed_a_link_at_once(house: House) -> None:
    answer = house.ask(Visitor(house.app), " MO@example.org ")
    assert SENT in seen(answer.get_data(as_text=True))
    (owed,) = house.owed()
    (link,) = house.links()
    with house.wiring.store.reading() as connection:
        assert address_of(connection, owed.recipient) == MO.email
    assert (owed.channel, owed.urgent, owed.subject) == ("screen", True, f"link:{link.id[:16]}")
    assert owed.about == {"link": link.id}


def test_what_lies_in_the_record_does_not_sign_anybody_in(house: House) -> None:
    browser = Visitor(house.app)
    house.ask(browser, MO.email)
    assert browser.send(f"/sign-in/link/{house.links()[0].id}").status_code == 410
    assert name_on(browser) == ""


@pytest.mark.parametrize("address", [PRUE.email, "nobody", "made.up@example.org", "%@example.org"])
def test_the_reply_is_the_same_for_an_address_that_is_not_listed(
    house: House, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same second: a cookie and a form's token carry the one they are made in."""
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda signer: int(NOW.timestamp()))
    browser = Visitor(house.app)
    listed = house.ask(browser, MO.email)
    other = house.ask(browser, address if "@" in address else f"{address}@example.org")
    assert other.status_code == listed.status_code == 200
    assert other.get_data() == listed.get_data()
    differ = {name for name, value in other.headers.items() if listed.headers[name] != value}
    assert differ <= {"X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After", "Date"}, "the time of day, no more"
    assert len(house.owed()) == 1


def test_it_takes_as_much_work_to_answer_for_an_address_that_is_not_listed(house: House) -> None:
    browser, work = Visitor(house.app), []
    for address in (MO.email, PRUE.email, MO.email, PRUE.email):
        statements: list[str] = []
        with counted(house.wiring.store, statements):
            house.ask(browser, address)
        work.append(statements)
    assert len(work[2]) == len(work[3]) > 5
    assert sum("INSERT" in one for one in work[2]) == sum("INSERT" in one for one in work[3]) == 2


class counted:
    """Keeps the statements a record is asked while it lasts."""

    def __init__(self, store: Store, into: list[str]) -> None:
        self.engine, self.into = store.engine, into

    def _take(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.into.append(statement)

    def __enter__(self) -> None:
        sa.event.listen(self.engine, "before_cursor_execute", self._take)

    def __exit__(self, *_: object) -> None:
        sa.event.remove(self.engine, "before_cursor_execute", self._take)


def test_an_address_is_sent_three_links_an_hour_and_the_fourth_is_not_told(house: House) -> None:
    browser = Visitor(house.app)
    pages = [house.ask(browser, MO.email).get_data() for _ in range(5)]
    assert len(set(pages)) == 1
    assert len(house.owed()) == 3
    assert browser.send(house.path(), follow=False).status_code == 303, "what was not sent overtakes nothing"
    house.clock.now += HOUR + MINUTE
    house.ask(Visitor(house.app), MO.email)
    assert len(house.owed()) == 4


def test_a_web_address_may_ask_ten_times_an_hour(house: House) -> None:
    browser = Visitor(house.app)
    codes = [house.ask(browser, f"no{number}@example.org").status_code for number in range(11)]
    assert codes == [200] * 10 + [429]
    assert "Wait an hour" in house.ask(browser, MO.email).get_data(as_text=True)


@pytest.mark.parametrize("address", ["", "mo", "@", "mo@", "@example.org", "m@" + "x" * 260])
def test_what_is_no_address_is_told_on_the_form(house: House, address: str) -> None:
    answer = house.ask(Visitor(house.app), address)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Type your e-mail address" in page
    assert "<title>Error:" in page
    assert house.links() == []


def test_html_in_an_address_is_text(house: House) -> None:
    page = house.ask(Visitor(house.app), '"><script>alert(1)</script>').get_data(as_text=True)
    assert "<script>alert" not in page


# --- using it -----------------------------------------------------------------------------------------------------


def test_somebody_signs_in_by_a_link(house: House) -> None:
    browser = Visitor(house.app)
    house.ask(browser, MO.email)
    page = browser.client.get(house.path())
    assert page.status_code == 200
    assert name_on(browser) == "", "opening the link signs nobody in"
    answer = browser.client.post(house.path(), data={"csrf_token": token_on(page.get_data(as_text=True))})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert name_on(browser) == MO.name


def test_a_mail_scanner_that_follows_the_link_changes_nothing(house: House) -> None:
    browser = Visitor(house.app)
    house.ask(browser, MO.email)
    before = house.links()
    scanner = house.app.test_client()
    for _ in range(3):
        answer = scanner.get(house.path())
        assert answer.status_code == 200
        assert MO.email not in answer.get_data(as_text=True)
        assert scanner.head(house.path()).status_code == 200
    assert house.links() == before
    assert browser.send(house.path(), follow=False).status_code == 303


def test_a_link_used_twice_is_told_so(house: House) -> None:
    house.enter()
    other = Visitor(house.app)
    for answer in (other.client.get(house.path()), other.send(house.path())):
        assert answer.status_code == 410
        assert "This link does not work any more" in answer.get_data(as_text=True)
    assert name_on(other) == ""


@pytest.mark.parametrize("late", [30 * MINUTE, DAY])
def test_a_link_that_has_expired_is_told_so(house: House, late: timedelta) -> None:
    browser = Visitor(house.app)
    house.ask(browser, MO.email)
    house.clock.now += late
    assert browser.client.get(house.path()).status_code == 410
    assert browser.send(house.path()).status_code == 410
    assert name_on(browser) == ""


@pytest.mark.parametrize("token", ["made-up", "a.b.c", "..%2f..%2fetc", "%00", "x" * 3_000])
def test_a_link_nobody_wrote_is_told_so(house: House, token: str) -> None:
    assert house.app.test_client().get(f"/sign-in/link/{token}").status_code in (404, 410)


def test_a_link_signed_for_something_else_does_not_sign_in(house: House) -> None:
    from knowledge.tokens import sign

    browser = Visitor(house.app)
    house.ask(browser, MO.email)
    secret = house.wiring.settings.secret_key.get_secret_value()
    token = sign(secret, "answer", {"link": house.links()[0].id}, NOW)
    assert browser.send(f"/sign-in/link/{token}").status_code == 410


def test_somebody_who_left_the_list_meanwhile_is_not_let_in(house: House, tmp_path: Path) -> None:
    browser = Visitor(house.app)
    house.ask(browser, MO.email)
    cast.list_people(house.wiring.store, tmp_path, OLIVE)
    answer = browser.send(house.path())
    assert answer.status_code == 403
    assert "You are not on the council’s list" in answer.get_data(as_text=True)
    assert name_on(browser) == ""


def test_the_session_is_made_new_when_somebody_signs_in(house: House) -> None:
    browser = Visitor(house.app)
    stale = browser.token()
    browser.ask("Is M4 done?")
    house.ask(browser, MO.email)
    browser.send(house.path())
    assert browser.client.post("/ask", data={"csrf_token": stale, "text": "hello"}).status_code == 400
    assert "M4 stood" not in browser.open(), "what was said before is not kept"
    with browser.client.session_transaction() as session:
        assert {"address": session["address"], "way": session["way"]} == {"address": MO.email, "way": "link"}
        assert set(session) <= {"address", "way", "since", "seen", "csrf_token"}


# --- next ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/inside?a=1", "/documents/CM"])
def test_one_goes_on_to_the_page_one_wanted(house: House, path: str) -> None:
    browser = Visitor(house.app)
    house.ask(browser, MO.email, next=path)
    assert browser.send(house.path(), follow=False).headers["Location"] == path


ELSEWHERE = [
    "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "/\n/evil.example", "javascript:alert(1)", "evil.example", "", "/ /evil.example", "http:/evil.example",
    "///evil.example", "/sign-in", "/sign-out", "/" + "a" * 600, "/x\x7f",
]  # fmt: skip


@pytest.mark.parametrize("path", ELSEWHERE)
def test_one_is_not_sent_on_to_another_host(house: House, path: str) -> None:
    assert own_path(path) == "/"
    browser = Visitor(house.app)
    page = browser.client.get("/sign-in", query_string={"next": path}).get_data(as_text=True)
    assert 'name="next" value="/"' in page
    house.ask(browser, MO.email, next=path)
    assert browser.send(house.path(), follow=False).headers["Location"] == "/"
    assert browser.client.get("/sign-in", query_string={"next": path}).headers["Location"] == "/"


def test_what_is_no_path_at_all_leads_to_the_start() -> None:
    assert [own_path(one) for one in (None, 3, ["/x"])] == ["/"] * 3


# --- pages for people on the list -----------------------------------------------------------------------------------


def test_a_stranger_is_shown_where_to_sign_in_and_comes_back(house: House) -> None:
    browser = Visitor(house.app)
    answer = browser.client.get("/inside?a=1&b=%20x")
    assert answer.status_code == 303
    page = browser.client.get(answer.headers["Location"]).get_data(as_text=True)
    onward = re.search(r'name="next" value="([^"]+)"', page)
    assert onward
    assert onward[1].startswith("/inside?a=1")
    post = browser.send("/inside", follow=False)
    assert post.status_code == 401
    assert "Sign in first" in post.get_data(as_text=True)
    assert browser.client.post("/inside").status_code == 400, "a form without its token comes first"


def test_somebody_on_the_list_gets_in(house: House) -> None:
    browser = house.enter()
    assert browser.open("/inside") == "you are inside"
    assert browser.send("/inside").get_data(as_text=True) == "you are inside"


def test_the_papers_are_those_one_may_read(house: House) -> None:
    stranger, member, manager = Visitor(house.app), house.enter(), house.enter(MAX.email)
    for browser, codes in ((stranger, (200, 404, 404)), (member, (200, 200, 404)), (manager, (200, 200, 200))):
        assert tuple(browser.client.get(f"/documents/{id}").status_code for id in ("FW", "CM", "MS")) == codes
    assert GUIDE not in stranger.open("/documents")
    assert GUIDE in member.open("/documents")
    assert "Market sensitivity" not in member.open("/documents")
    assert "Market sensitivity" in manager.open("/documents")


def test_a_paper_one_may_not_read_looks_like_one_that_is_not_there(house: House) -> None:
    for browser in (Visitor(house.app), house.enter()):
        pages = [browser.open(f"/documents/{id}").replace(id, "X") for id in ("MS", "NO")]
        pages = [re.sub(r'value="[^"]{40,}"', "", page) for page in pages]
        assert pages[0] == pages[1]
        assert "Some papers need a sign-in" in pages[0]


def test_one_asks_with_ones_own_rights_and_nobody_reads_on_after(house: House) -> None:
    browser = house.enter(MAX.email)
    assert cast.CEILING in browser.ask("affordability ceiling")
    browser.send("/sign-out")
    assert cast.CEILING not in browser.open()
    assert cast.CEILING not in browser.ask("affordability ceiling")


def test_what_one_was_told_under_a_role_goes_with_the_role(house: House, tmp_path: Path) -> None:
    browser = house.enter(MAX.email)
    browser.ask("affordability ceiling")
    assert cast.CEILING in browser.open()
    cast.list_people(house.wiring.store, tmp_path, replace(MAX, role=cast.Role.OFFICER))
    assert name_on(browser) == MAX.name
    assert cast.CEILING not in browser.open()


# --- how it ends --------------------------------------------------------------------------------------------------


def test_whoever_signs_out_is_out(house: House) -> None:
    browser = house.enter()
    answer = browser.send("/sign-out", follow=False)
    assert answer.status_code == 303
    assert name_on(browser) == ""
    assert browser.client.get("/inside").status_code == 303


def test_whoever_leaves_the_list_is_out_at_once(house: House, tmp_path: Path) -> None:
    browser = house.enter()
    browser.ask("Is M4 done?")
    cast.list_people(house.wiring.store, tmp_path, OLIVE)
    assert browser.client.get("/inside").status_code == 303
    assert "M4 stood" not in browser.open()
    cast.list_people(house.wiring.store, tmp_path, OLIVE, MO)
    assert name_on(browser) == "", "coming back to the list does not sign in"


def test_a_session_ends_after_twelve_hours_of_nothing(house: House) -> None:
    browser = house.enter()
    for _ in range(3):
        house.clock.now += 12 * HOUR - MINUTE
        assert name_on(browser) == MO.name
    house.clock.now += 12 * HOUR
    assert name_on(browser) == ""


def test_a_session_ends_after_a_week_whatever_one_does(house: House) -> None:
    browser = house.enter()
    for _ in range(7 * 4 - 1):
        house.clock.now += 6 * HOUR
        assert name_on(browser) == MO.name
    house.clock.now += 6 * HOUR
    assert name_on(browser) == ""


def test_a_cookie_of_another_key_signs_nobody_in(house: House, house_with: Callable[..., House]) -> None:
    cookie = house.enter().client.get_cookie("session")
    assert cookie
    for key, name in (("a key of tests, long enough", MO.name), ("another key of tests", "")):
        other = Visitor(house_with(DESK_SECRET_KEY=key).app)
        other.client.set_cookie("session", cookie.value)
        assert name_on(other) == name


def test_the_cookie_is_kept_from_scripts_and_other_sites(house_with: Callable[..., House]) -> None:
    house = house_with(DESK_URL="https://desk.example.org")
    browser = Visitor(house.app)
    base = "https://desk.example.org"
    page = browser.client.get("/sign-in", base_url=base).get_data(as_text=True)
    data = {"csrf_token": token_on(page), "email": MO.email}
    sent = browser.client.post("/sign-in", data=data, base_url=base)
    assert sent.status_code == 200, "our pages tell browsers to name no referrer, so none can be asked for"
    answer = browser.client.post(house.path(), data=data, base_url=base)
    assert answer.status_code == 303
    for flag in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert flag in answer.headers["Set-Cookie"]
    assert "Expires" not in answer.headers["Set-Cookie"], "it ends with the browser"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/link/x", "/sign-out"])
@pytest.mark.parametrize("fields", [{}, {"csrf_token": "made up"}])
def test_no_form_of_signing_in_or_out_goes_without_its_token(house: House, path: str, fields: dict[str, str]) -> None:
    browser = house.enter()
    assert browser.client.post(path, data={"email": OLIVE.email, **fields}).status_code == 400
    assert name_on(browser) == MO.name
    assert len(house.owed()) == 1


def test_a_failure_of_the_record_shows_its_page_to_somebody_signed_in_too(house: House) -> None:
    browser = house.enter()
    with house.wiring.store.writing() as connection:
        connection.execute(sa.text("ALTER TABLE person RENAME TO persons"))
    for path in ("/", "/nowhere", "/inside"):
        answer = browser.client.get(path)
        assert answer.status_code == 500
        assert "Something went wrong on our side" in answer.get_data(as_text=True)


# --- with Slack ---------------------------------------------------------------------------------------------------


@dataclass
class AtSlack:
    """A desk that signs in with Slack, and the Slack it asks."""

    house: House
    provider: openid.Provider

    def try_as(self, who: cast.Somebody, path: str = "/", **approval: Any) -> tuple[Visitor, TestResponse]:
        """Somebody goes to Slack, presses Allow and comes back."""
        browser = Visitor(self.house.app)
        sent = browser.client.get("/sign-in/slack", query_string={"next": path})
        assert sent.status_code == 302
        return browser, browser.client.get(self.provider.approve(sent.headers["Location"], who, **approval))

    def refuses(self, status: int, who: cast.Somebody = MO, **approval: Any) -> str:
        """What the page says to somebody who is not signed in."""
        browser, answer = self.try_as(who, **approval)
        assert answer.status_code == status
        assert name_on(browser) == ""
        assert browser.client.get("/inside").status_code == 303
        return seen(answer.get_data(as_text=True))


@pytest.fixture
def slack(house_with: Callable[..., House], provider: openid.Provider) -> AtSlack:
    return AtSlack(house_with(**provider.settings()), provider)


def test_somebody_signs_in_with_slack_by_their_slack_id(slack: AtSlack) -> None:
    browser, answer = slack.try_as(replace(MO, email="other@example.org"), "/inside")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/inside")
    assert name_on(browser) == MO.name
    with browser.client.session_transaction() as session:
        assert (session["address"], session["way"]) == (MO.email, "slack")
        assert set(session) <= {"address", "way", "since", "seen", "csrf_token"}, "no state is left behind"


def test_somebody_signs_in_with_slack_by_a_verified_address(slack: AtSlack) -> None:
    browser, _ = slack.try_as(ELSIE)
    assert name_on(browser) == ELSIE.name
    assert cast.CEILING in browser.ask("affordability ceiling")


def test_somebody_listed_by_slack_id_alone_signs_in_with_slack(slack: AtSlack, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("slack_id,name,role\nU0MEMBERMO,Mo,member\n", encoding="utf-8")
    with slack.house.wiring.store.writing() as connection:
        replace_people(connection, read_people(path).rows)
    browser, _ = slack.try_as(MO)
    assert name_on(browser) == "Mo"


def test_slack_is_asked_nothing_until_somebody_signs_in_with_it(slack: AtSlack) -> None:
    page = Visitor(slack.house.app).open("/sign-in?next=/inside")
    assert 'href="/sign-in/slack?next=/inside"' in page
    assert slack.provider.asked == []
    slack.try_as(MO)
    slack.try_as(MAX)
    assert slack.provider.asked == ["/.well-known/openid-configuration", "/token", "/keys", "/token"]


def test_the_way_to_slack_names_the_workspace_and_where_to_come_back_to(slack: AtSlack) -> None:
    answer = Visitor(slack.house.app).client.get("/sign-in/slack", headers={"Host": "evil.example"})
    assert f"team={cast.HOME_TEAM}" in answer.headers["Location"]
    assert "redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2Fsign-in%2Fslack%2Fback" in answer.headers["Location"]
    assert re.search(r"&state=\w{20,}", answer.headers["Location"])
    assert re.search(r"&nonce=\w{20,}", answer.headers["Location"])


def test_a_stranger_in_slack_is_not_let_in_and_told_no_more(slack: AtSlack) -> None:
    said = slack.refuses(403, PRUE)
    assert "You are not on the council’s list" in said
    assert PRUE.email not in said


def test_an_address_slack_has_not_verified_does_not_count(slack: AtSlack) -> None:
    slack.refuses(403, ELSIE, verified=False)
    slack.provider.says["email_verified"] = "true"
    slack.refuses(403, ELSIE)


def test_people_of_another_workspace_are_refused(slack: AtSlack) -> None:
    slack.refuses(403, team="T0OTHER")
    slack.provider.leaves_out = {"https://slack.com/team_id"}
    slack.refuses(403)


@pytest.mark.parametrize(
    "says",
    [
        {"nonce": "made up"}, {"iss": "https://evil.example"}, {"aud": "another client"}, {"exp": 1_600_000_000},
        {"aud": ["another client", "a third"]}, {"at_hash": "made up"},
    ],
)  # fmt: skip
def test_a_token_that_does_not_hold_signs_nobody_in(slack: AtSlack, says: dict[str, Any]) -> None:
    slack.provider.says.update(says)
    assert "Signing in with Slack did not work" in slack.refuses(400)


@pytest.mark.parametrize("claim", ["nonce", "iss", "aud", "exp", "sub"])
def test_a_token_that_leaves_something_out_signs_nobody_in(slack: AtSlack, claim: str) -> None:
    slack.provider.leaves_out = {claim}
    slack.refuses(400)


def test_a_token_signed_by_another_signs_nobody_in(slack: AtSlack) -> None:
    slack.provider.key = openid.OTHER_KEY
    slack.refuses(400)


def test_a_state_that_is_not_this_sessions_is_refused_before_slack_is_asked(slack: AtSlack) -> None:
    victim, attacker = Visitor(slack.house.app), Visitor(slack.house.app)
    sent = attacker.client.get("/sign-in/slack")
    back = slack.provider.approve(sent.headers["Location"], PRUE)
    victim.client.get("/sign-in/slack")
    for path in (back, re.sub(r"state=\w+", "state=made-up", back), "/sign-in/slack/back", back.split("&state")[0]):
        answer = victim.client.get(path)
        assert answer.status_code == 400
        assert "Signing in with Slack did not work" in answer.get_data(as_text=True)
    assert "/token" not in slack.provider.asked
    assert name_on(victim) == ""


def test_an_answer_is_worth_one_signing_in(slack: AtSlack) -> None:
    browser = Visitor(slack.house.app)
    sent = browser.client.get("/sign-in/slack")
    back = slack.provider.approve(sent.headers["Location"], MO)
    assert browser.client.get(back).status_code == 303
    browser.send("/sign-out")
    assert browser.client.get(back).status_code == 400
    assert name_on(browser) == ""


def test_a_code_that_has_expired_is_told_so(slack: AtSlack) -> None:
    browser = Visitor(slack.house.app)
    sent = browser.client.get("/sign-in/slack")
    back = slack.provider.approve(sent.headers["Location"], MO)
    slack.provider.codes.clear()
    answer = browser.client.get(back)
    assert answer.status_code == 400
    assert "too old" in answer.get_data(as_text=True)


def test_whoever_presses_cancel_is_told_so(slack: AtSlack) -> None:
    browser = Visitor(slack.house.app)
    browser.client.get("/sign-in/slack")
    answer = browser.client.get("/sign-in/slack/back?error=access_denied&error_description=<b>no</b>")
    assert answer.status_code == 400
    assert "<b>no" not in answer.get_data(as_text=True)


def test_a_slack_that_is_away_is_told_so(slack: AtSlack, capsys: pytest.CaptureFixture[str]) -> None:
    slack.provider.status = 503
    assert "Slack does not answer" in slack.refuses(503)
    logged = "".join(capsys.readouterr())
    assert "HTTPError" in logged
    assert "code=" not in logged


def test_a_slack_that_is_not_there_is_told_so(house_with: Callable[..., House], provider: openid.Provider) -> None:
    house = house_with(**{**provider.settings(), "DESK_SLACK_ISSUER": "http://127.0.0.1:9"})
    answer = Visitor(house.app).client.get("/sign-in/slack")
    assert answer.status_code == 503
    assert "Slack does not answer" in answer.get_data(as_text=True)


def test_tries_at_slack_do_not_pile_up_in_the_cookie(slack: AtSlack) -> None:
    browser = Visitor(slack.house.app)
    for _ in range(12):
        sent = browser.client.get("/sign-in/slack")
    cookie = browser.client.get_cookie("session")
    assert cookie
    assert len(cookie.value) < 1_500
    assert browser.client.get(slack.provider.approve(sent.headers["Location"], MO)).status_code == 303


def test_signing_in_with_slack_is_not_there_until_it_is_set_up(house: House) -> None:
    browser = Visitor(house.app)
    assert "Slack" not in browser.open("/sign-in")
    assert browser.client.get("/sign-in/slack").status_code == 404
    assert browser.client.get("/sign-in/slack/back?code=1&state=2").status_code == 404


@pytest.mark.parametrize("name", ["DESK_SLACK_CLIENT_SECRET", "DESK_SLACK_TEAM", "DESK_URL"])
def test_what_signing_in_with_slack_lacks_is_told_at_the_start(
    tmp_path: Path, provider: openid.Provider, name: str
) -> None:
    with pytest.raises(SettingsError, match=f"{name}: is needed to sign in with Slack"):
        cast.settings(tmp_path, **{**provider.settings(), name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [("DESK_SLACK_ISSUER", "http://slack.example.org"), ("DESK_SLACK_TEAM", "marlshire"), ("DESK_SLACK_TEAM", "U01")],
)
def test_a_slack_that_cannot_be_one_is_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        cast.settings(tmp_path, **{name: value})


# --- in the demonstration -----------------------------------------------------------------------------------------


def test_in_the_demo_one_is_somebody_of_the_list(house_with: Callable[..., House]) -> None:
    house = house_with(DESK_DEMO="true")
    with house.wiring.store.writing() as connection:
        replace_people(connection, read_people(cast.SAMPLE / "people.csv").rows)
    browser = Visitor(house.app)
    assert "Sign in" in browser.open()
    for role, name in (
        ("member", "Cllr Doreen Haspell, Member"), ("manager", "Priya Venn, contract manager"),
        ("director", "Helen Straker, lead director"), ("triage", "Wendy Larkspur, triage contact"),
        ("safeguarding", "Colin Amadi, safeguarding contact"), ("officer", "Daniel Frome, officer"),
    ):  # fmt: skip
        browser.send("/role", role=role)
        assert f"You are {name}" in seen(browser.open()).replace(" ,", ",")
        assert browser.open("/inside") == "you are inside"
    assert browser.client.get("/documents/MS").status_code == 404, "an officer, not the administrator they also are"
    browser.send("/role", role="provider")
    assert browser.client.get("/inside").status_code == 303


def test_in_the_demo_too_somebody_signed_in_is_themselves(house_with: Callable[..., House]) -> None:
    house = house_with(DESK_DEMO="true")
    browser = Visitor(house.app)
    browser.send("/role", role="manager")
    house.ask(browser, OLIVE.email)
    browser.send(house.path())
    assert name_on(browser) == OLIVE.name
    assert 'name="role"' not in browser.open()
    browser.send("/role", role="manager")
    assert browser.client.get("/documents/MS").status_code == 404


def test_an_error_is_a_page_for_whoever_is_signed_in(house: House) -> None:
    house.app.add_url_rule("/teapot", view_func=lambda: abort(418))
    answer = house.enter().client.get("/teapot")
    assert answer.status_code == 418
    assert MO.name in answer.get_data(as_text=True)
