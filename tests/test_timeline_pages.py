"""The timeline's pages: what they show and what not, filter by filter, on both engines; what is hostile stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import cast
import pytest
from cast import seen
from conftest import _database
from counties import load_county
from flask import Flask
from marlshire_timeline import HELD, NEVER_SHOWN, SEPTEMBER, load_timeline, notice, row, take_notices, take_rows
from werkzeug.test import TestResponse

from bot.settings import SettingsError
from bot.wiring import Wiring
from handlers.intentions.advising import now_words
from handlers.intentions.saying import change_words, next_words, state_words, value_words, when_words
from knowledge.people import read_people, replace_people
from knowledge.periods import Period
from knowledge.store import Store, open_store
from knowledge.timeline.nouns import Change, Lot, Route, Source, Stage, State, Terms
from knowledge.timeline.overview import Kept, busy, count_of
from knowledge.timeline.selecting import select
from knowledge.timeline.when import read_when
from knowledge.timeline.wishing import Wish
from webhooks import create_app
from webhooks.timeline_quarters import quarter_at, quarters_from, read_quarter

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
TODAY = NOW.date()
OFFICER, MEMBER = "daniel.frome@example.org", "doreen.haspell@example.org"
NASTY = '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ 7*7 }} =cmd|calc'


@dataclass
class Site:
    """The desk's pages, at a moment that stands still."""

    app: Flask
    wiring: Wiring

    def get(self, path: str, address: str = "", **headers: str) -> TestResponse:
        """A page, for somebody who signed in or for a stranger."""
        client, now = self.app.test_client(), int(NOW.timestamp())
        if address:
            with client.session_transaction() as session:
                session.update(address=address, way="link", since=now, seen=now)
        return client.get(path, headers=headers)

    def page(self, path: str, address: str = "") -> str:
        """A page that is there."""
        answer = self.get(path, address)
        assert answer.status_code == 200, path
        return answer.get_data(as_text=True)

    def text(self, path: str, address: str = "") -> str:
        """What a page says."""
        return seen(self.page(path, address))

    def found(self, query: str = "") -> list[str]:
        """The references in the list, on every page of it."""
        first = self.page(f"/timeline?{query}")
        more = re.search(r"page 1 of (\d+)", first)
        pages = [first, *(self.page(f"/timeline?{query}&page={n}") for n in range(2, int(more[1]) + 1 if more else 2))]
        return [one for page in pages for one in re.findall(r'scope="row"><a href="/timeline/([^"]+)"', _list(page))]


def _list(page: str) -> str:
    return page.partition('<table class="intentions"')[2]


def site_of(store: Store, home: Path, **more: str) -> Site:
    wiring = Wiring(cast.settings(home, **more))
    wiring.__dict__["store"] = store
    wiring.__dict__["desk"] = replace(wiring.desk, now=lambda: NOW)
    with store.writing() as connection:
        replace_people(connection, read_people(cast.SAMPLE / "people.csv").rows)
    return Site(create_app(wiring), wiring)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A record with the sample council's timeline, on each engine in turn. Made once: write nothing in it."""
    if request.param == "sqlite":
        yield from _filled(f"sqlite:///{tmp_path_factory.mktemp('timeline') / 'record.db'}")
        return
    with _database(request.getfixturevalue("postgres"), "timeline") as address:
        yield from _filled(address)


def _filled(address: str) -> Iterator[Store]:
    store, _ = open_store(address)
    load_county(store, cast.SAMPLE)
    load_timeline(store)
    yield store
    store.close()


@pytest.fixture(scope="module")
def site(filled: Store, sample_home: Path) -> Site:
    """The sample council's pages."""
    return site_of(filled, sample_home, DESK_CONTACT="desk@example.org", DESK_DATA_PROTECTION="dpo@example.org")


@pytest.fixture
def own_site(store: Store, home: Path) -> Site:
    """Pages over an empty record, to be filled."""
    return site_of(store, home)


# --- the list -----------------------------------------------------------------------------------------------------


def test_everything_that_is_coming_is_listed_soonest_first_on_pages_of_twenty_five(site: Site) -> None:
    found = site.found()
    assert len(found) == len(set(found)) == 38
    assert found[:3] == ["MCI-019", "MCI-014", "MCI-042"]
    first, second = site.page("/timeline"), site.page("/timeline?page=2")
    assert "38 intentions" in seen(first)
    assert 'rel="next" href="/timeline?page=2#list"' in first
    assert 'rel="prev" href="/timeline#list"' in second
    assert 'rel="next"' not in second
    assert site.page("/timeline?page=99") == second, "a page beyond the last is the last"


def test_a_row_says_what_is_next_what_it_is_worth_and_what_one_can_do_now(site: Site) -> None:
    text = site.text("/timeline?words=warm+and+well")
    assert "Applications close: 11 December 2026" in text
    assert "Open now" in text
    assert "£60,000 to £90,000" in text
    assert "Apply by 11 December 2026." in text


def test_what_is_over_comes_only_when_asked_for(site: Site) -> None:
    assert {"MCI-031", "MCI-005", "MCI-021"} & set(site.found()) == set()
    assert {"MCI-031", "MCI-005", "MCI-021"} <= set(site.found("past=yes"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=school+taxi", {"MCI-014"}),
        ("directorate=Adults+and+Public+Health&quarter=oct-dec-2026", {"MCI-027"}),
        ("service=highways", {"MCI-020", "MCI-028", "MCI-029", "MCI-037"}),
        ("service=home-care", {"MCI-001"}),
        ("area=Brenmouth&service=education-and-send&stage=plan", {"MCI-014", "MCI-035"}),
        ("stage=do", {"MCI-027", "MCI-028", "MCI-029"}),
        ("from=100000000", {"MCI-020", "MCI-041"}),
        ("to=100000", {"MCI-011", "MCI-027", "MCI-028", "MCI-042"}),
        ("from=£200,000&to=250000", {"MCI-038"}),
        ("open=yes", {"MCI-027", "MCI-028", "MCI-029"}),
        ("stage=do&small=yes", {"MCI-028", "MCI-029"}),
        ("stage=do&charity=yes", {"MCI-027", "MCI-028"}),
        ("quarter=oct-dec-2026&service=education-and-send", {"MCI-014", "MCI-019", "MCI-035"}),
    ],
)
def test_each_filter_chooses(site: Site, query: str, found: set[str]) -> None:
    assert set(site.found(query)) == found


def test_what_has_passed_of_this_quarter_is_not_what_happens_in_it(site: Site) -> None:
    assert "MCI-026" not in site.found("quarter=oct-dec-2026"), "its engagement was on 5 November"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("stage=plam", "no stage “plam”"),
        ("quarter=soon", "“soon” is no quarter"),
        ("service=magic", "no service “magic”"),
        ("from=lots", "“lots” is no value"),
        ("to=99999999999999999999", "is no value"),
        ("small=perhaps", "nothing one can choose by"),
    ],
)
def test_a_filter_that_cannot_be_read_is_left_out_with_a_note(site: Site, query: str, told: str) -> None:
    text = site.text(f"/timeline?{query}")
    assert told in text
    assert "38 intentions" in text


@pytest.mark.parametrize(
    "query",
    [
        "page=-1", "page=x", "page=²", "page=999999999999999999999", "from=²", "words=%00", "words=%ff%fe",
        "words=%25_%27",
        "area=%25", "directorate=%7C", "quarter=jan-mar-2099", "words=" + "x" * 3000, "service=" + "y" * 3000,
        "from=1&from=2&words=a&words=b", "buyers=all", "unknown=1", "quarter=jan-mar-2000", "from=900&to=1",
    ],
)  # fmt: skip
def test_no_address_breaks_the_page(site: Site, query: str) -> None:
    answer = site.get(f"/timeline?{query}")
    answer = site.get(answer.location) if answer.status_code == 302 else answer
    assert answer.status_code == 200
    assert 'class="intentions"' in answer.get_data(as_text=True) or "Nothing matches" in answer.get_data(as_text=True)


def test_a_percent_sign_is_a_percent_sign(site: Site) -> None:
    assert len(site.found("area=%25")) < 38


def test_empty_fields_of_the_form_are_left_out_of_the_address(site: Site) -> None:
    answer = site.get("/timeline?words=&service=highways&quarter=&directorate=")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/timeline?service=highways")


def test_links_carry_the_filters_that_say_something_and_no_other(site: Site) -> None:
    page = site.page("/timeline?stage=plan&past=yes&from=lots&from=")
    links = re.findall(r'href="(/timeline\?[^"]*)"', page)
    assert [one for one in links if "lots" in one] == []
    assert all("stage=plan" in one and "past=yes" in one for one in re.findall(r'rel="next" href="([^"]*)"', page))


def test_only_filters_that_can_choose_something_are_offered(own_site: Site) -> None:
    take_rows(own_site.wiring.store, [row("A-1", title="One thing", stage=Stage.PLAN)])
    page = own_site.page("/timeline")
    assert set(re.findall(r' name="(\w+)"', page.partition("<form")[2])) <= {"words", "past", "quarter"}
    take_rows(
        own_site.wiring.store,
        [row("A-2", title="Other thing", stage=Stage.DO, directorate="Roads", low=Decimal(5), sme=True)],
    )
    assert {"stage", "from", "to", "small"} <= set(re.findall(r' name="(\w+)"', own_site.page("/timeline")))


def test_the_calendar_and_the_other_feeds_are_of_what_is_chosen(site: Site) -> None:
    page = site.page("/timeline?service=highways&stage=plan")
    for kind, begins in (("ics", "BEGIN:VCALENDAR"), ("csv", ""), ("atom", "<?xml"), ("json", "{")):
        link = re.search(rf'href="(/timeline\.{kind}[^"]*)"', page)
        assert link, kind
        assert link[1].replace("&amp;", "&").endswith("?service=highways&stage=plan")
        assert begins in site.page(link[1].replace("&amp;", "&"))
    one = re.search(r'href="([^"]+\.ics)"', site.page("/timeline/MCI-001"))
    assert one
    assert "BEGIN:VEVENT" in site.page(one[1])


def test_what_is_chosen_stays_chosen_in_the_form(site: Site) -> None:
    page = site.page(
        "/timeline?service=home-care&stage=plan&from=123456&small=yes&words=care&quarter=oct-dec-2030&past=yes"
    )
    for value in ("home-care", "plan", "123456", "oct-dec-2030"):
        assert f'<option value="{value}" selected>' in page, value
    assert 'name="small" value="yes" checked' in page
    assert 'name="words" value="care"' in page
    assert "<details open>" in page.partition("<form")[2]


def test_kinds_of_a_service_are_offered_once_its_group_is_chosen(site: Site) -> None:
    assert '<optgroup label="Highways">' not in site.page("/timeline")
    chosen = (
        site.page("/timeline?service=highways").partition('<optgroup label="Highways">')[2].partition("</optgroup>")[0]
    )
    assert "Highway trees" in chosen
    assert "Street lighting" not in chosen, "it is awarded, and what is over was not asked for"


def test_where_nothing_matches_the_page_says_what_to_leave_out(site: Site) -> None:
    page = site.page("/timeline?stage=do&directorate=Children+and+Education&words=grit")
    assert "Nothing matches" in page
    assert "without directorate</a>: 1 intention" in page
    hopeless = site.text("/timeline?words=zebra&stage=do&directorate=Children+and+Education")
    assert "any one of these is not enough" in hopeless


def test_an_empty_timeline_says_so(own_site: Site) -> None:
    assert "Nothing is planned here at the moment" in own_site.text("/timeline")


# --- whose --------------------------------------------------------------------------------------------------------


def test_where_no_intention_is_the_councils_everybodys_are_shown_and_the_page_says_so(own_site: Site) -> None:
    take_notices(own_site.wiring.store, [notice("000001-2026", "Elsewhere Borough", title="Bandstand paint")])
    text = own_site.text("/timeline")
    assert "Bandstand paint" in text
    assert "Elsewhere Borough" in text
    assert "These are notices of other buyers" in text
    assert "Also other buyers" not in text, "there is nothing to choose"
    assert "/timeline.ics?buyers=all" in own_site.page("/timeline")


def test_other_buyers_are_shown_only_when_asked_for(own_site: Site) -> None:
    take_rows(own_site.wiring.store, [row("A-1", title="Our hedges")])
    take_notices(own_site.wiring.store, [notice("000001-2026", "Elsewhere Borough", title="Bandstand paint")])
    assert "Bandstand" not in own_site.text("/timeline")
    assert "Also other buyers, not only Marlshire County Council" in own_site.text("/timeline")
    both = own_site.text("/timeline?buyers=all")
    assert "Bandstand paint" in both
    assert "Our hedges" in both
    assert "Other buyers’ notices are among them" in both


# --- the picture --------------------------------------------------------------------------------------------------


def test_the_picture_says_in_words_what_it_shows(site: Site) -> None:
    page = site.page("/timeline?words=taxi")
    picture = page.partition('<table class="picture"')[2].partition("</table>")[0]
    assert "Oct–Dec 2026" in picture
    assert "Q3 2026/27" in picture
    assert "Tender: 1 December 2026." in picture
    assert "Award: April 2027." in picture
    assert seen(picture).count("2027/28") == 4
    assert "In these quarters there are 1 tender or call for applications, 1 award and 1 start." in seen(page)


def test_a_time_wider_than_a_quarter_is_drawn_dashed_in_each(site: Site) -> None:
    picture = (
        site.page("/timeline?words=advocacy+children").partition('<table class="picture"')[2].partition("</table>")[0]
    )
    assert picture.count('class="mark tender vague"') == 2, "autumn lies in two quarters"


def test_the_stack_for_phones_says_the_same_as_the_picture(site: Site) -> None:
    page = site.page("/timeline?service=highways")
    picture, stacks = page.partition('<div class="stacks">')[0], page.partition('<div class="stacks">')[2]
    marks = re.compile(
        r'<span class="mark \w+(?: vague)?"><span aria-hidden="true">\w</span><span class="hidden">([^<]+)'
    )
    assert sorted(marks.findall(picture)) == sorted(marks.findall(stacks.partition("</section>")[0]))


def test_more_than_forty_intentions_are_drawn_as_numbers_that_lead_to_their_lists(own_site: Site) -> None:
    rows = [row(f"A-{n}", title=f"Pothole repairs {n}", tender=read_when("2027-02")) for n in range(45)]
    take_rows(own_site.wiring.store, rows)
    page = own_site.page("/timeline")
    picture = page.partition('<table class="picture numbers"')[2].partition("</table>")[0]
    link = re.search(r'href="([^"]*service=highways[^"]*quarter=jan-mar-2027[^"]*)">45<', picture.replace("&amp;", "&"))
    assert link
    assert "45 intentions match" in own_site.text(link[1])
    assert len(own_site.found()) == 45


def test_what_is_kept_of_the_picture_ends_with_a_change(own_site: Site) -> None:
    take_rows(own_site.wiring.store, [row("A-1", title="Hedges", stage=Stage.PLAN)], SEPTEMBER)
    assert 'value="do"' not in own_site.page("/timeline")
    take_rows(own_site.wiring.store, [row("A-2", title="Lamps", stage=Stage.DO)], SEPTEMBER + timedelta(minutes=1))
    assert 'value="do"' in own_site.page("/timeline")


def test_the_numbers_of_the_picture_are_those_of_the_lists(filled: Store) -> None:
    with filled.reading() as connection:
        for quarter in quarters_from(TODAY):
            period = quarter.from_day(TODAY)
            counted = {one.intention for one in busy(connection, Wish(), TODAY, [period])}
            assert len(counted) == count_of(connection, Wish(period=period), TODAY)


# --- one intention ------------------------------------------------------------------------------------------------


def test_an_intention_has_a_page_with_its_history_and_the_reasons(site: Site) -> None:
    text = site.text("/timeline/MCI-001")
    for said in (
        "Home care: six district contracts", "Get ready to bid: the tender comes out on 11 January 2027.",
        "£62 million to £75 million", "5 years, with up to 2 more", "Saltmarl Coast",
        "Home care: Marlchester (MCC-0001), now with Kindly Hours Care Ltd, until 30 September 2027",
        "Changed on 20 November 2026", "Tender moved from November 2026 to 11 January 2027",
        "so that the Commissioning Panel could see the plan before Cabinet", "Published on 7 September 2026",
        "Before bids are invited, a notice has to be on Find a Tender first: £90,000,000 with VAT is at or above the",
        "or above the £30,000 from which one is needed.",
    ):  # fmt: skip
        assert said in text, said
    page = site.page("/timeline/mci-001")
    assert 'aria-current="step"><strong>Plan</strong>' in page
    assert 'href="mailto:commissioning@example.org"' in page


def test_a_withdrawn_one_says_so_first_with_its_reason(site: Site) -> None:
    text = site.text("/timeline/MCI-031")
    assert text.index("Withdrawn on 20 November 2026") < text.index("Where it stands")
    assert "the present kiosks can be kept in repair until 2029" in text
    assert "What you can do now" not in text


def test_a_notice_that_is_not_needed_is_said_not_to_be_and_why(site: Site) -> None:
    assert "No notice on Find a Tender is needed: it is a grant" in site.text("/timeline/MCI-027")
    assert "Find a Tender has it as notice 999901-2026" in site.text("/timeline/MCI-029")
    assert 'href="https://www.find-tender.service.gov.uk/Notice/999901-2026" rel="noopener"' in site.page(
        "/timeline/MCI-029"
    )


def test_notices_lead_to_where_they_are_published_and_carry_the_licence(own_site: Site) -> None:
    take_notices(
        own_site.wiring.store, [notice("000001-2026", "Marlshire County Council", title="Hedges", low=Decimal(9))]
    )
    reference = own_site.found("past=yes")[0]
    page = own_site.page(f"/timeline/{reference}")
    assert '<a href="https://www.find-tender.service.gov.uk/Notice/000001-2026" rel="noopener">Tender notice' in page
    assert "Open Government Licence" in page


def test_an_address_that_is_no_web_address_is_no_link(own_site: Site) -> None:
    bad = notice("000001-2026", "Marlshire County Council", title="Hedges").model_copy(
        update={"url": "javascript:alert(1)"}
    )
    take_notices(own_site.wiring.store, [bad])
    page = own_site.page(f"/timeline/{own_site.found('past=yes')[0]}")
    assert "javascript:" not in page


@pytest.mark.parametrize("reference", ["nothing", "MCI-0", "a/b/c", "%3Cscript%3E", NEVER_SHOWN, "x" * 3000, "%00"])
def test_what_there_is_not_is_said_not_to_be_with_a_way_back(site: Site, reference: str) -> None:
    answer = site.get(f"/timeline/{reference}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert 'href="/timeline"' in page
    assert "<script>" not in page


def test_a_reference_may_have_a_slash_in_it(own_site: Site) -> None:
    take_rows(own_site.wiring.store, [row("ROADS/2027 #1?", title="Hedges")])
    link = own_site.found()[0]
    assert "Hedges" in own_site.text(f"/timeline/{link}")


# --- what waits ---------------------------------------------------------------------------------------------------


def test_what_waits_for_its_notice_is_nowhere_for_strangers_and_members(site: Site) -> None:
    for who in ("", MEMBER):
        assert "Planned." in site.text(f"/timeline/{HELD}", who)
        for path in (
            f"/timeline/{HELD}",
            "/timeline?words=adult+education",
            "/timeline?open=yes",
            "/timeline?past=yes",
        ):
            page = site.page(path, who)
            assert "19 November 2026" not in page, path
            assert "so bids are wanted now" not in page, path
            assert "Not public yet" not in page, path
        assert site.get(f"/timeline/{NEVER_SHOWN}", who).status_code == 404
        assert NEVER_SHOWN not in site.found("past=yes")
        assert "Supported employment" not in site.page("/timeline?past=yes", who)


def test_an_officer_sees_what_waits_and_why(site: Site) -> None:
    text = site.text(f"/timeline/{HELD}", OFFICER)
    assert "Not public yet" in text
    assert "Waits for its notice on Find a Tender" in text
    assert "Open now" in text
    assert "Everybody else still reads what stands below" in text
    unseen = site.text(f"/timeline/{NEVER_SHOWN}", OFFICER)
    assert "is told that there is no such intention" in unseen


def test_a_notice_that_came_with_what_waits_is_shown_to_officers_only(own_site: Site) -> None:
    store = own_site.wiring.store
    ours = row("A-1", title="Hedges", route=Route.TENDER, low=Decimal(500_000))
    take_rows(store, [ours.model_copy(update={"notices": ("ocds-h6vhtk-000077",)})], SEPTEMBER)
    late = notice("CF-77", "Marlshire County Council", "tender", title="Hedges", state=State.OPEN, low=Decimal(500_000))
    take_notices(
        store, [late.model_copy(update={"source": Source.CONTRACTS_FINDER, "keys": ("ocid:ocds-h6vhtk-000077",)})]
    )
    assert "CF-77" not in own_site.page("/timeline/A-1")
    assert "CF-77" in own_site.page("/timeline/A-1", OFFICER)


# --- born safe ----------------------------------------------------------------------------------------------------


def test_what_is_hostile_is_text_on_every_page(own_site: Site) -> None:
    store = own_site.wiring.store
    said = {
        "title": NASTY, "description": NASTY, "directorate": NASTY, "contact": NASTY, "area": (NASTY,),
        "duration": NASTY, "lots": (Lot(title=NASTY, description=NASTY),), "follows": NASTY,
        "awarded_to": (NASTY,), "category": NASTY,
        "contact_email": 'a"onmouseover="x@example.org', "cpv": (NASTY,), "regions": (NASTY,), "related": (NASTY,),
        "tender": read_when("2027-02"),
    }  # fmt: skip
    take_rows(store, [row("A-1", **said), row("A-2", title="Other", directorate="Roads")], SEPTEMBER)
    take_rows(store, [row("A-1", reason=NASTY, **{**said, "tender": read_when("2027-03"), "description": "x"})])
    for path in ("/timeline", "/timeline/A-1", f"/timeline?words={NASTY.replace(' ', '+').replace('#', '')}"):
        page = own_site.page(path)
        assert "<script>alert" not in page, path
        assert "<img" not in page, path
        assert 'onmouseover="' not in page, path
        assert "{{ 7*7 }}" in page or "words=" in path, path


def test_a_link_of_the_form_cannot_be_broken_out_of(site: Site) -> None:
    page = site.page('/timeline?directorate="><script>alert(1)</script>')
    assert "<script>alert" not in page


def test_pages_may_be_kept_for_a_moment_by_strangers_and_not_by_those_who_signed_in(site: Site) -> None:
    answer = site.get("/timeline")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers
    again = site.get("/timeline", **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    for path in ("/timeline", "/timeline/MCI-001"):
        assert site.get(path, OFFICER).headers["Cache-Control"] == "no-store"
    assert site.get("/timeline/nothing").headers["Cache-Control"] == "no-store"


def test_pages_only_look(site: Site) -> None:
    for path in ("/timeline", "/timeline/MCI-001", "/accessibility", "/privacy"):
        assert site.app.test_client().post(path).status_code in (400, 405)


# --- statements ---------------------------------------------------------------------------------------------------


def test_every_page_leads_to_the_timeline_and_to_the_statements(site: Site) -> None:
    for path in ("/", "/timeline", "/timeline/MCI-001", "/documents", "/sign-in", "/accessibility", "/privacy"):
        page = site.page(path)
        for link in ('href="/timeline"', 'href="/accessibility"', 'href="/privacy"'):
            assert link in page, (path, link)


def test_the_accessibility_statement_says_what_the_regulations_ask(site: Site) -> None:
    text = site.text("/accessibility")
    for said in (
        "Marlshire County Council", "partially compliant", "Web Content Accessibility Guidelines version 2.2", "AA",
        "Equality and Human Rights Commission", "Equality Advisory and Support Service", "desk@example.org",
        "prepared on 21 November 2026", "another format",
    ):  # fmt: skip
        assert said in text, said


def test_the_privacy_notice_names_whom_to_complain_to_and_in_which_order(site: Site) -> None:
    text = site.text("/privacy")
    assert "dpo@example.org" in text
    assert "acknowledges your complaint within 30 days" in text
    assert text.index("To the council first") < text.index("Then to the Information Commissioner")


def test_without_settings_the_statements_send_people_to_the_councils_website(own_site: Site) -> None:
    for path in ("/accessibility", "/privacy"):
        page = own_site.page(path)
        assert "mailto:" not in page
        assert "own website" in page


def test_a_contact_that_is_no_address_stops_the_start(home: Path) -> None:
    with pytest.raises(SettingsError, match="DESK_CONTACT: is one e-mail address"):
        cast.settings(home, DESK_CONTACT="ring us")


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("2027-03-01", "1 March 2027"), ("2027-04", "April 2027"), ("Q2 2027/28", "July to September 2027"),
        ("autumn 2027", "autumn 2027"), ("winter 2027", "winter 2027/28"), ("H2 2027/28", "October 2027 to March 2028"),
        ("2027/28", "2027/28 (April to March)"), ("2028", "2028"), ("Q4 2026", "October to December 2026"),
    ],
)  # fmt: skip
def test_a_time_is_said_no_more_exactly_than_it_was_given(given: str, said: str) -> None:
    when = read_when(given)
    assert when
    assert when_words(when) == said


@pytest.mark.parametrize(
    ("low", "high", "gross", "said"),
    [
        (None, None, True, ""), ("950000", "1400000", None, "£950,000 to £1.4 million"),
        (None, "180000", False, "up to £180,000 without VAT"), ("50000", None, True, "from £50,000 with VAT"),
        ("0", "7.5", None, "up to £7.50"), ("1234567", "1234567", None, "£1,234,567"),
        ("2000000000", "1e40", None, "£2 billion to £10,000,000,000,000,000,000,000,000,000,000 billion"),
    ],
)  # fmt: skip
def test_a_value_is_said_as_people_say_it(low: str | None, high: str | None, gross: bool | None, said: str) -> None:
    band = {name: Decimal(value) for name, value in (("low", low), ("high", high)) if value is not None}
    assert value_words(Terms.model_validate({**band, "gross": gross})) == said


def test_changes_are_said_in_a_clause() -> None:
    times = [when.model_dump(mode="json") for one in ("2026-11", "2027-01") if (when := read_when(one))]
    assert change_words(Change(field="tender", before=times[0], after=times[1])) == (
        "Tender moved from November 2026 to January 2027"
    )
    assert change_words(Change(field="tender", after=times[1])) == "Tender: January 2027 (not said before)"
    assert change_words(Change(field="high", before="700000")) == "Highest value taken out: it was £700,000"
    assert change_words(Change(field="state", before="planned", after="withdrawn")) == "Withdrawn"
    assert change_words(Change(field="state", before="withdrawn", after="planned")) == "Taken up again"
    assert change_words(Change(field="lots", before=[{}], after=[{}, {}])) == "Lots changed from 1 lot to 2 lots"


def test_every_field_can_be_said_of_a_change() -> None:
    full = Terms(
        title="a", stage=Stage.PLAN, route=Route.GRANT, state=State.OPEN, low=Decimal(1), gross=True, cpv=("1",),
        lots=(Lot(title="x"),), sme=True, start=read_when("2027"), service="home-care",
    ).model_dump(mode="json")  # fmt: skip
    for name in Terms.model_fields:
        if full[name] is not None:
            assert change_words(Change(field=name, before=full[name])), name
            assert change_words(Change(field=name, after=full[name])), name


def test_what_happens_next_and_what_one_can_do_about_it() -> None:
    day = date(2026, 11, 21)
    plan = Terms(engagement=read_when("2026-10"), tender=read_when("Q2 2027/28"), route=Route.TENDER)
    assert next_words(plan, day) == "Tender: July to September 2027"
    assert now_words(plan, day) == ("Get ready to bid: the tender comes out in July to September 2027.",)
    grant = Terms(state=State.OPEN, route=Route.GRANT, closes=read_when("2026-12-11"))
    assert state_words(grant, day) == "Open for applications until 11 December 2026"
    assert now_words(grant, day) == ("Apply by 11 December 2026.",)
    assert now_words(grant, date(2026, 12, 12)) == ("Wait for the decision. It is too late to apply.",)
    assert now_words(Terms(route=Route.IN_HOUSE), day) == (
        "There is nothing to bid for: the council does this itself.",
    )
    assert now_words(Terms(state=State.WITHDRAWN), day) == ("Nothing: it was withdrawn.",)
    assert next_words(Terms(state=State.WITHDRAWN, tender=read_when("2028")), day) == ""


def test_quarters_are_those_of_the_councils_year() -> None:
    assert [one.name for one in quarters_from(date(2026, 12, 31), 3)] == ["Q3 2026/27", "Q4 2026/27", "Q1 2027/28"]
    july = quarter_at(date(2027, 8, 1))
    assert (july.slug, july.months, july.name) == ("jul-sep-2027", "Jul–Sep 2027", "Q2 2027/28")
    assert read_quarter("Jul-Sep-2027") == july
    assert read_quarter("jul-oct-2027") is None
    assert july.from_day(date(2027, 9, 5)) == Period(date(2027, 9, 5), date(2027, 9, 30))
    assert july.from_day(date(2028, 1, 1)) == july.period


# --- selecting ----------------------------------------------------------------------------------------------------


def test_pages_of_the_selection_together_are_the_whole_of_it(filled: Store) -> None:
    with filled.reading() as connection:
        whole = [one.reference for one in select(connection, Wish(), TODAY, count=None).shown]
        pages = [select(connection, Wish(), TODAY, first=first, count=7).shown for first in range(0, 40, 7)]
        newest = select(connection, Wish(), TODAY, newest=True, count=None)
    assert [one.reference for page in pages for one in page] == whole
    assert [one.since for one in newest.shown] == sorted((one.since for one in newest.shown), reverse=True)


def test_what_is_kept_is_made_once_for_an_edition_and_never_more_than_there_is_room_for() -> None:
    kept, made = Kept(most=3), list[int]()
    for edition, key in (("1", 1), ("1", 1), ("1", 2), ("2", 1), ("2", 1)):
        kept.get(edition, key, lambda key=key: made.append(key))  # type: ignore[misc]
    assert made == [1, 2, 1]
    for key in range(10):
        kept.get("2", key, lambda key=key: made.append(key))  # type: ignore[misc]
    assert len(kept._held) == 3
