"""The timeline for other programs: the table, the feed of changes, and how every feed is answered."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from feeds import ATOM, MARLSHIRE, NOW, URL, Publisher, full, statement, when
from lxml import etree

from knowledge.documents.reading import Limits
from knowledge.register.exporting import safe_cell
from knowledge.store import Store
from knowledge.timeline.importing import take_in
from knowledge.timeline.nouns import Route, Source, Stage, State, Terms
from knowledge.timeline.reading.tables import read_table

FEEDS = ("/timeline.csv", "/timeline.json", "/timeline.atom", "/timeline.ics")


@pytest.fixture
def desk(home: Path) -> Iterator[Publisher]:
    made = Publisher(home)
    yield made
    made.wiring.store.close()


# --- every feed -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_without_anything_is_a_feed(desk: Publisher, path: str) -> None:
    assert desk.get(path).status_code == 200
    assert desk.table() == []
    assert desk.package()["releases"] == []
    assert desk.feed().findall(f"{ATOM}entry") == []
    assert desk.events() == {}


@pytest.mark.parametrize(
    ("path", "kind", "how"),
    [
        ("/timeline.csv", "text/csv; charset=utf-8; header=present", "attachment; filename=timeline.csv"),
        ("/timeline.json", "application/json", "inline; filename=timeline.json"),
        ("/timeline.atom", "application/atom+xml; charset=utf-8", "inline; filename=timeline.atom"),
        ("/timeline.ics", "text/calendar; charset=utf-8; method=PUBLISH", "attachment; filename=timeline.ics"),
        ("/timeline/MARL-1.ics", "text/calendar; charset=utf-8; method=PUBLISH", "attachment; filename=intention.ics"),
    ],
)
def test_a_feed_says_what_it_is_and_that_anybody_may_keep_it(desk: Publisher, path: str, kind: str, how: str) -> None:
    desk.begin("MARL-1", **full())
    told = desk.get(path)
    assert (told.status_code, told.content_type, told.headers["Content-Disposition"]) == (200, kind, how)
    assert told.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in told.headers
    assert "MARL-1" in told.text


@pytest.mark.parametrize("path", [*FEEDS, "/timeline/MARL-1.ics"])
def test_who_has_a_feed_already_is_told_so(desk: Publisher, path: str) -> None:
    desk.begin("MARL-1", **full())
    first = desk.get(path)
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert not tag.startswith("W/")
    assert desk.get(path, If_None_Match=tag).status_code == 304
    assert desk.get(path, If_None_Match=tag).data == b""
    assert desk.get(path, If_Modified_Since=changed).status_code == 304
    assert desk.get(path).headers["ETag"] == tag
    desk.change("MARL-1", "Bidders asked for more time.", closes=when("2027-10-31"))
    again = desk.get(path, If_None_Match=tag)
    assert (again.status_code, again.headers["ETag"] != tag) == (200, True)
    assert desk.get(path, If_Modified_Since=changed).status_code == 200


@pytest.mark.parametrize("path", FEEDS)
def test_the_head_of_a_feed_can_be_asked_for_and_nothing_can_be_sent(desk: Publisher, path: str) -> None:
    desk.begin("MARL-1", **full())
    head = desk.client.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", desk.get(path).headers["ETag"])
    assert desk.client.post(path).status_code in (400, 405)


@pytest.mark.parametrize("path", [*FEEDS, "/timeline.json?history=1", "/timeline.csv?buyers=all"])
def test_what_waits_for_its_notice_is_in_no_feed(desk: Publisher, path: str) -> None:
    desk.begin("MARL-9", title="A secret tender", state=State.OPEN, high=Decimal(5_000_000))
    desk.begin("MARL-1", **full(route=Route.TENDER, related=()))
    before = desk.get(path).data
    desk.change("MARL-1", "It is out.", state=State.OPEN, stage=Stage.DO, title="Home care, now open")
    after = desk.get(path).data
    assert b"secret" not in after
    assert b"MARL-9" not in after
    assert b"now open" not in after
    assert after == before


def test_a_notice_whose_version_waits_is_not_told_of(desk: Publisher) -> None:
    desk.take(statement("000001-2026", "Street lighting"))
    opened = Terms(title="Street lighting", stage=Stage.DO, state=State.OPEN, high=Decimal(9_000_000))
    desk.later(days=1)
    finder = statement(
        "cf-77", "", source=Source.CONTRACTS_FINDER, kind="tender", at=desk.now, url="https://example.org/cf-77",
        keys=("ocid:ocds-h6vhtk-000001", "ocid:ocds-b5fd17-77"), terms=opened,
    )  # fmt: skip
    assert desk.take(finder).held
    told = desk.get("/timeline.json").text
    assert "000001-2026" in told
    assert "cf-77" not in told
    assert desk.release()["ocid"] == "ocds-h6vhtk-000001"
    desk.later(days=1)
    desk.take(statement("000002-2026", "", kind="UK4", at=desk.now, keys=("ocid:ocds-h6vhtk-000001",), terms=opened))
    assert "cf-77" in desk.get("/timeline.json").text


@pytest.mark.parametrize("path", FEEDS)
def test_other_buyers_are_in_a_feed_only_when_asked_for(desk: Publisher, path: str) -> None:
    desk.begin("MARL-1", title="Street lighting")
    desk.take(statement("000003-2026", "Bins of Fenwold", buyer="Fenwold District Council", buyer_id=""))
    with_time = Terms(title="Bins of Fenwold", state=State.PLANNED, tender=when("2027-05-01"))
    desk.take(statement("000003-2026", "", buyer="Fenwold District Council", buyer_id="", terms=with_time))
    assert "Bins" not in desk.get(path).text
    told = desk.get(f"{path}?buyers=all").text.replace("\r\n ", "")
    assert "Bins of Fenwold" in told
    assert "Fenwold District Council" in told


@pytest.mark.parametrize("path", FEEDS)
def test_where_nothing_is_the_councils_own_everybodys_are_in_the_feeds_as_on_the_page(
    desk: Publisher, path: str
) -> None:
    with_time = Terms(title="Bins of Fenwold", state=State.PLANNED, tender=when("2027-05-01"))
    desk.take(statement("000003-2026", "", buyer="Fenwold District Council", buyer_id="", terms=with_time))
    assert "Bins of Fenwold" in desk.get(path).text.replace("\r\n ", "")


@pytest.mark.parametrize("path", FEEDS)
def test_the_filters_of_the_page_are_the_filters_of_every_feed(desk: Publisher, path: str) -> None:
    desk.begin("MARL-1", **full())
    desk.begin("MARL-2", title="Street lighting", stage=Stage.DO, tender=when("2027-05-01"), high=Decimal(50_000))
    for query in ("words=lighting", "stage=do", "to=100000", "quarter=apr-jun-2027"):
        told = desk.get(f"{path}?{query}")
        assert ("MARL-2" in told.text, "MARL-1" in told.text) == (True, False), query
    assert desk.get(f"{path}?stage=dance").status_code == 400


def test_each_page_of_the_table_says_where_the_next_is(desk: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    from webhooks import feeds

    monkeypatch.setattr(feeds, "MOST_ROWS", 2)
    for number in range(3):
        desk.begin(f"MARL-{number}", title="Lamps", tender=when("2027-05-01"))
    first = desk.get("/timeline.csv?words=lamps")
    assert first.headers["Link"] == f'<{URL}/timeline.csv?words=lamps&page=2>; rel="next"'
    second = desk.get("/timeline.csv?words=lamps&page=2")
    assert second.headers["Link"] == f'<{URL}/timeline.csv?words=lamps>; rel="prev"'
    assert [row["Reference"] for row in desk.table("/timeline.csv?words=lamps&page=2")] == ["MARL-2"]


def test_without_an_address_of_its_own_a_feed_does_not_take_the_callers_word_for_it(home: Path) -> None:
    made = Publisher(home, DESK_URL="")
    made.begin("MARL-1", **full())
    for path in FEEDS:
        told = made.client.get(path, headers={"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com"}).text
        assert "evil" not in told
        assert "localhost" in told
    made.wiring.store.close()


# --- the table ------------------------------------------------------------------------------------------------------

HEADINGS = (
    "Reference,Title,Description,Directorate,Service,Stage,Route,Status,Value from,Value to,Market engagement,Tender,"
    "Tender closes,Award,Start,End,Duration,Area,CPV codes,Region codes,Lots,Suitable for SMEs,Suitable for VCSEs,"
    "Sub-contracts,Contact,Contact e-mail,Follows contract,Related notices,Reason for change,Version,Changed on,Page,"
    "Buyer,Partner wanted,Posted by"
)


def test_the_table_has_the_templates_columns_and_a_row_an_intention(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    desk.change("MARL-1", "The budget is set later.", tender=when("January 2028"), closes=when("2028-03-01"))
    text = desk.get("/timeline.csv").data
    assert text.startswith(b"\xef\xbb\xbf" + HEADINGS.encode() + b"\r\n")
    (row,) = desk.table()
    assert row == {
        "Reference": "MARL-1", "Title": "Home care in Thanet",
        "Description": "Personal care at home.\nPaid by the week; from 2028, “fairly”.",
        "Directorate": "Adults and Public Health", "Service": "Home care", "Stage": "plan", "Route": "light touch",
        "Status": "planned", "Value from": "250000", "Value to": "1200000.5", "Market engagement": "2027-03-15",
        "Tender": "January 2028", "Tender closes": "2028-03-01", "Award": "Q4 2027/28", "Start": "2028-04-01",
        "End": "2032-03-31", "Duration": "4 years", "Area": "Wexcombe; Oldmere", "CPV codes": "85312400; 85312000",
        "Region codes": "UKJ4", "Lots": "North (£100000-£200000); South", "Suitable for SMEs": "Yes",
        "Suitable for VCSEs": "No", "Sub-contracts": "No", "Contact": "Adults' commissioning team",
        "Contact e-mail": "commissioning@example.org", "Follows contract": "MCC-0001",
        "Related notices": "012345-2027; ocds-h6vhtk-0abcde", "Reason for change": "The budget is set later.",
        "Version": "2", "Changed on": "2026-11-22", "Page": f"{URL}/timeline/MARL-1",
        "Buyer": "Marlshire County Council", "Partner wanted": "", "Posted by": "",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@cmd", " =1", "\t=1", "\r=1"])
def test_no_cell_of_the_table_is_a_formula(desk: Publisher, text: str) -> None:
    desk.begin("MARL-1", title=text, description=text, area=(text,), contact=text)
    row = desk.table()[0]
    for heading in ("Title", "Description", "Area", "Contact"):
        assert row[heading] == f"'{text.strip()}", heading
    assert safe_cell(text).startswith("'")


def test_what_went_out_as_a_table_comes_in_again_as_unchanged(desk: Publisher, tmp_path: Path) -> None:
    desk.begin("MARL-1", **full(gross=None))
    desk.begin("MARL-2", **{**full(gross=None), "title": "=Lamps", "award": when("Autumn 2027"), "sme": None})
    desk.change("MARL-1", "Bidders asked for more time.", closes=when("2027-10-31"))
    path = tmp_path / "timeline.csv"
    path.write_bytes(desk.get("/timeline.csv").data)
    desk.later(days=1)
    with desk.wiring.store.writing() as connection:
        report = take_in(connection, read_table(path, Limits()), desk.now, MARLSHIRE, source="timeline.csv")
    assert (report.records, report.unchanged, report.problems) == (2, 2, [])


def test_what_was_never_said_is_an_empty_cell(desk: Publisher) -> None:
    desk.begin("MARL-1", title="Something")
    said = {name: cell for name, cell in desk.table()[0].items() if cell}
    assert said.keys() == {"Reference", "Title", "Version", "Changed on", "Page", "Buyer"}


def test_what_is_over_is_in_the_table_as_well_behind_what_is_coming(desk: Publisher) -> None:
    desk.begin("MARL-1", title="Old lamps", tender=when("2025-01-31"))
    desk.begin("MARL-2", title="New lamps", tender=when("2027-01-31"))
    assert [row["Reference"] for row in desk.table()] == ["MARL-2", "MARL-1"]


def test_the_table_reads_the_same_on_both_engines(store: Store) -> None:
    from datetime import timedelta

    from knowledge.timeline import changing
    from knowledge.timeline.publishing.newest import newest_of
    from knowledge.timeline.publishing.released import last_release, reasons_of, steps_of, told_of
    from knowledge.timeline.selecting import shown_of

    with store.writing() as connection:
        changing.begin(connection, full(), NOW, MARLSHIRE, reference="MARL-1")
        later = NOW + timedelta(days=1)
        changing.change(connection, "marl-1", {"high": Decimal(5_000)}, "A smaller service.", later, MARLSHIRE)
    with store.reading() as connection:
        (one,) = shown_of(connection, ["MARL-1"])
        assert reasons_of(connection, [one.id]) == {one.id: "A smaller service."}
        assert [step.at for step in steps_of(connection, [one.id])[one.id]] == [NOW, later]
        assert [found.version.number for found in newest_of(connection, [one.id], 10)] == [2, 1]
        assert told_of(connection, [one.id])[one.id].notices == []
        assert last_release(connection) == later


# --- the feed of changes --------------------------------------------------------------------------------------------


def entries(desk: Publisher, path: str = "/timeline.atom") -> list[etree._Element]:
    return desk.feed(path).findall(f"{ATOM}entry")


def text_of(entry: etree._Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}") or ""


def test_each_change_is_an_entry_with_what_was_what_is_and_why(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    desk.change("MARL-1", "Bidders & carers <asked> for it.", tender=when("January 2028"), closes=when("2028-03-01"))
    newest, first = entries(desk)
    assert text_of(newest, "id") == "tag:desk.example.org,2026:intention/MARL-1/v/2"
    assert text_of(newest, "updated") == "2026-11-22T10:00:00Z"
    assert text_of(newest, "title").startswith(
        "Changed: Home care in Thanet: tender moved from July 2027 to January 2028"
    )
    content = text_of(newest, "content")
    assert newest.find(f"{ATOM}content").get("type") == "html"  # type: ignore[union-attr]
    assert "<li>Tender moved from July 2027 to January 2028</li>" in content
    assert "<p>Why: Bidders &amp; carers &lt;asked&gt; for it.</p>" in content
    assert f'<a href="{URL}/timeline/MARL-1">' in content
    link = newest.find(f"{ATOM}link")
    assert link is not None
    assert (link.get("rel"), link.get("href")) == ("alternate", f"{URL}/timeline/MARL-1")
    category = newest.find(f"{ATOM}category")
    assert category is not None
    assert (category.get("term"), category.get("label")) == ("home-care", "Home care")
    assert text_of(first, "title") == "New: Home care in Thanet"
    assert "Award: January to March 2028" in text_of(first, "content")


def test_the_feed_says_whose_it_is_and_keeps_its_identity(desk: Publisher) -> None:
    empty = desk.feed()
    desk.begin("MARL-1", **full())
    feed = desk.feed()
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": f"{URL}/timeline.atom", "alternate": f"{URL}/timeline"}
    assert text_of(feed, "id") == text_of(empty, "id") == "tag:desk.example.org,2026:timeline"
    assert text_of(feed, "updated") == "2026-11-21T10:00:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Marlshire County Council"
    assert text_of(desk.feed("/timeline.atom?buyers=all"), "id") != text_of(feed, "id")


def test_a_withdrawal_and_what_is_taken_up_again_are_entries(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    desk.withdraw("MARL-1", "The service stays in-house.")
    desk.restore("MARL-1", "The council has changed its mind.")
    assert [text_of(one, "title") for one in entries(desk)] == [
        "Taken up again: Home care in Thanet", "Withdrawn: Home care in Thanet", "New: Home care in Thanet",
    ]  # fmt: skip


def test_the_feed_has_the_last_hundred(desk: Publisher) -> None:
    for number in range(105):
        desk.begin(f"MARL-{number}", title=f"Lamp {number}")
    found = [text_of(one, "id").split("/")[1] for one in entries(desk)]
    assert found == [f"MARL-{number}" for number in range(104, 4, -1)]


def test_a_text_that_no_xml_may_hold_does_not_break_the_feed(desk: Publisher) -> None:
    desk.begin("MARL / 1?", title="Bell \x07 and ]]> <script>alert(1)</script> & 🐝", description="\x00\x1b[31m")
    (entry,) = entries(desk)
    assert text_of(entry, "title") == "New: Bell  and ]]> <script>alert(1)</script> & 🐝"
    assert "<script" not in text_of(entry, "content")
    assert text_of(entry, "id") == "tag:desk.example.org,2026:intention/MARL%20%2F%201%3F/v/1"
