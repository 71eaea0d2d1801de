"""What may not happen to the timeline: something held that leaks, something said that is lost, one thing made two."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from timeline import MARLSHIRE, NOW, OURS, references, row, seen, statement, take, tender, terms

from knowledge import tables
from knowledge.store import Store
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.changing import change
from knowledge.timeline.history import whole
from knowledge.timeline.importing import Report, take_in
from knowledge.timeline.nouns import Source, Stage, State, Statement, Terms
from knowledge.timeline.overview import edition_of
from knowledge.timeline.publishing.released import told_of
from knowledge.timeline.reading.jsonfile import read_json_text
from knowledge.timeline.selecting import select, shown_of
from knowledge.timeline.wishing import Wish

FINDER = Source.CONTRACTS_FINDER
LATER = NOW + timedelta(days=1)
PLANNED = terms(stage=Stage.PLAN, state=State.PLANNED, high=500_000, tender="2027-02")
FENWOLD = Buyers.of("Fenwold County Council")


def shown(store: Store, reference: str) -> list[tuple[str, State | None]]:
    with store.reading() as connection:
        return [(one.reference, one.terms.state) for one in shown_of(connection, [reference])]


def opened(*keys: str, **more: Any) -> Statement:
    """A live tender of ours that Find a Tender does not have."""
    return statement("CF-1", tender(), source=FINDER, kind="CF-opportunity", keys=keys, **more)


def planned(number: int, *keys: str, says: Terms | None = None, **more: Any) -> Statement:
    about = says or terms(f"Plan {number}", state=State.PLANNED)
    return statement(f"{number:06}-2026", about, kind="UK1", day=f"2026-10-{number:02}", keys=keys, **more)


def published(store: Store) -> list[str]:
    """The notices that the releases of the first intention name."""
    with store.reading() as connection:
        return [one.id for one in told_of(connection, [1])[1].notices]


# --- joining ------------------------------------------------------------------------------------------------------


def test_two_rows_that_name_one_notice_stay_two_whatever_the_notice_says(store: Store) -> None:
    north = row("N-1", terms("Home care north"), notices=("000001-2026",))
    south = row("S-1", terms("Home care south"), notices=("000001-2026",))
    report = take(store, north, south)
    assert (report.added, report.problems) == (2, [])
    take(store, planned(1), now=LATER)
    assert list(references(store)) == ["N-1", "S-1"]
    assert seen(store, "S-1").intention.terms.title == "Home care south"
    assert take(store, planned(1), north, south, now=LATER).unchanged == 3


def test_a_row_that_names_its_notice_no_more_is_still_about_the_same(store: Store) -> None:
    take(store, planned(1))
    take(store, row("ASC-01", notices=("000001-2026",)))
    said = row("ASC-01").model_copy(update={"says": frozenset({"title", "notices"})})
    assert take(store, said, now=LATER).added == 0
    assert list(references(store)) == ["INT-1"]


def test_a_row_that_is_refused_joins_nothing(store: Store) -> None:
    take(store, planned(1, buyer="Fenwold"), planned(2, buyer="Fenwold"))
    report = take(store, row("R-1", notices=("000001-2026", "000002-2026")))
    assert len(report.problems) == 1
    assert list(references(store)) == ["INT-1", "INT-2"]


def test_a_row_that_names_the_notices_of_two_says_why_a_time_moves_by_that(store: Store) -> None:
    moved = terms("Plan 2", tender="2027-02")
    take(store, planned(1, says=terms("Plan 1", tender="2027-01")), planned(2, says=moved))
    named = ("000001-2026", "000002-2026")
    assert "needs a reason: tender" in take(store, row("R-1", notices=named)).problems[0].reason
    assert list(references(store)) == ["INT-1", "INT-2"]
    assert take(store, row("R-1", notices=named, reason="One plan of two.")).changed == 1
    assert list(references(store)) == ["INT-1"]


def test_a_reference_that_was_joined_twice_leads_everybody_to_the_one_that_stays(store: Store) -> None:
    take(store, planned(1, "ref:a"))
    take(store, planned(2, "ref:b"))
    take(store, planned(3, "ref:c"))
    take(store, planned(4, "ref:b", "ref:c"))
    take(store, planned(5, "ref:a", "ref:b"))
    assert seen(store, "INT-3").intention.reference == "INT-1"
    assert shown(store, "int-3") == [("INT-1", State.PLANNED)]
    with store.writing() as connection:
        change(connection, "INT-3", {"title": "All of it"}, "", LATER, OURS)
    assert seen(store, "INT-1").intention.terms.title == "All of it"


# --- held ---------------------------------------------------------------------------------------------------------


def test_our_live_tender_waits_though_another_buyer_told_of_it_first(store: Store) -> None:
    take(store, planned(1, "ocid:x-1", buyer="Fenwold County Council"))
    take(store, opened("ocid:x-1"), now=LATER)
    assert seen(store, "INT-1").intention.held
    assert shown(store, "INT-1") == [("INT-1", State.PLANNED)]


def test_the_notices_of_what_waits_are_in_no_release_though_it_was_joined_to_something_public(store: Store) -> None:
    take(store, planned(1, "ocid:x-1", says=PLANNED), opened("ocid:x-2", day="2026-10-20"))
    take(store, statement("000003-2026", PLANNED, kind="UK2", keys=("ocid:x-1", "ocid:x-2"), day="2026-10-10"))
    assert seen(store, "INT-1").intention.held
    assert published(store) == ["000001-2026"]


def test_the_notice_of_what_waits_is_in_no_release_though_it_comes_again(store: Store) -> None:
    take(store, planned(1, "ocid:x-1", says=PLANNED))
    take(store, opened("ocid:x-1", day="2026-11-02"))
    take(store, opened("ocid:x-1", day="2026-11-03", url="https://example.org/again"), now=LATER)
    assert published(store) == ["000001-2026"]


def test_a_changed_setting_takes_our_live_tender_back_and_lets_anothers_out(store: Store) -> None:
    take(store, planned(1, "ocid:x-1", says=PLANNED), buyers=FENWOLD)
    take(store, opened("ocid:x-1"), buyers=FENWOLD)
    take(store, statement("CF-2", source=FINDER, kind="CF-opportunity"), buyers=FENWOLD)
    assert [shown(store, one)[0][1] for one in references(store)] == [State.OPEN, State.OPEN]
    take(store, now=LATER)
    assert [bool(seen(store, one).intention.held) for one in references(store)] == [True, True]
    assert (shown(store, "INT-1"), shown(store, "INT-2")) == ([("INT-1", State.PLANNED)], [])
    with store.reading() as connection:
        assert select(connection, Wish(everyone=True, states=frozenset({State.OPEN})), NOW.date()).total == 0
    take(store, buyers=FENWOLD, now=LATER)
    assert [shown(store, one)[0][1] for one in references(store)] == [State.OPEN, State.OPEN]


def test_what_is_kept_of_the_timeline_is_let_go_when_something_is_taken_back(store: Store) -> None:
    take(store, planned(1, "ocid:x-1", says=PLANNED), opened("ocid:x-2"), buyers=FENWOLD)
    with store.writing() as connection:
        before = edition_of(connection)
        connection.execute(sa.update(tables.intention).where(tables.intention.c.id == 1).values(shown_at=None))
        assert edition_of(connection) != before


def test_a_change_that_was_begun_before_the_newest_is_seen_too(store: Store) -> None:
    take(store, row("A-1"), row("B-1", terms("Street lights")))
    take(store, row("A-1", terms("Home care")), now=LATER)
    with store.reading() as connection:
        before = edition_of(connection)
    take(store, row("B-1", terms("Street lighting")), now=LATER - timedelta(seconds=5))
    with store.reading() as connection:
        assert edition_of(connection) != before


# --- odd ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", ["ÉCOLE/ß.1", "../x", "a b/ü", "%41"])
def test_a_reference_in_any_letters_is_found_as_it_is_written(store: Store, reference: str) -> None:
    take(store, row(reference))
    assert take(store, row(reference)).unchanged == 1
    assert [name for name, _ in shown(store, reference)] == [reference]
    with store.writing() as connection:
        assert change(connection, reference, {"title": "Care"}, "", LATER, OURS).version == 2


def test_a_reference_with_a_nul_in_it_is_nobodys(store: Store) -> None:
    assert shown(store, "a\0b") == []
    with store.reading() as connection:
        assert whole(connection, "a\0b", NOW) is None


@pytest.mark.parametrize("path", ["/timeline", "/timeline.atom", "/timeline.ics", "/timeline.csv", "/timeline.json"])
def test_an_address_with_characters_that_no_text_holds_is_answered(app: Flask, path: str) -> None:
    answer = app.test_client().get(path, environ_overrides={"QUERY_STRING": 'words=a\x01\x0b"<b>'})
    assert answer.status_code in (200, 302)


LIVE = {"title": "Home care", "status": "active"}


@pytest.mark.parametrize(
    ("odd", "taken"),
    [
        ({"ocid": "q" * 200, "id": "i" * 200}, False),
        ({"id": "a\0b"}, True),
        ({"tender": {**LIVE, "title": "a\0b\ud800", "description": "d" * 3_000_000}}, True),
        ({"buyer": {"name": "b\0\ud800" * 3_000, "id": "\0" + "x" * 3_000}}, True),
        ({"tender": {**LIVE, "tenderPeriod": {"endDate": "9999-12-31T23:59:59-05:00"}}}, True),
    ],
)
def test_what_no_record_holds_is_cut_or_named(store: Store, odd: dict[str, Any], taken: bool) -> None:
    report = released(store, odd)
    assert (report.added, len(report.problems)) == (int(taken), int(not taken))
    with store.reading() as connection:
        assert select(connection, Wish(everyone=True, past=True, sme=True), NOW.date()).total == 0


def released(store: Store, odd: dict[str, Any]) -> Report:
    """Takes a release in, with these parts of it otherwise."""
    usual = {
        "ocid": "ocds-h6vhtk-000001", "id": "012345-2026", "date": "2026-11-01T00:00:00Z", "tag": ["tender"],
        "buyer": {"name": MARLSHIRE}, "tender": {**LIVE, "documents": [{"noticeType": "UK4"}]},
    }  # fmt: skip
    read = read_json_text(json.dumps({"uri": "x", "releases": [{**usual, **odd}]}).encode(), "x")
    with store.writing() as connection:
        return take_in(connection, read, NOW, OURS, source="x")
