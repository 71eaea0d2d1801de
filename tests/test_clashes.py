"""Tenders for the same market within six weeks: shown before publishing, once, and on a list that stays fast."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from cast import OLIVE
from click.testing import CliRunner
from counties import load_county
from test_timeline_forms import does
from timeline import NOW, OURS, row, take, terms

from bot.__main__ import desk as command
from bot.wiring import Wiring
from handlers.desk import Desk
from handlers.intentions.clashes import market_words, near_words, where_words
from handlers.messages import Outcome
from knowledge import tables
from knowledge.store import Store
from knowledge.timeline.clashing import Clash, Tender, clash_of, clashes
from knowledge.timeline.nouns import Route, State

TODAY = NOW.date()
CARE = {"service": "home-care", "tender": "2027-03-01"}


@pytest.fixture
def desk(wiring: Wiring) -> Desk:
    load_county(wiring.store, cast.SAMPLE)
    return replace(wiring.desk, now=lambda: NOW, buyers=OURS)


def hold(store: Store, *given: dict[str, Any]) -> None:
    take(store, *(row(f"A-{at}", terms(f"Plan {at}", **said)) for at, said in enumerate(given, start=1)))


def found(store: Store, day: date = TODAY) -> list[Clash]:
    with store.reading() as connection:
        return clashes(connection, day)


def pairs(store: Store, day: date = TODAY) -> list[tuple[str, str]]:
    return [(one.one.reference, one.other.reference) for one in found(store, day)]


# --- what clashes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "clash"),
    [
        ({}, True), ({"tender": "2027-04-12"}, True), ({"tender": "2027-04-13"}, False),
        ({"tender": "2027-01-18"}, True), ({"tender": "2027-01-17"}, False),
        ({"tender": "April 2027"}, True), ({"tender": "May 2027"}, False), ({"tender": "Q1 2027/28"}, True),
        ({"tender": "Q2 2027/28"}, False), ({"tender": "2027"}, False), ({"tender": "2027/28"}, False),
        ({"service": "street-lighting"}, False), ({"state": State.WITHDRAWN}, False),
        ({"state": State.AWARDED}, False), ({"route": Route.GRANT}, False), ({"route": Route.IN_HOUSE}, False),
        ({"route": Route.FRAMEWORK}, True), ({"posted_by": "Larkfield Ltd", "subcontract": True}, False),
        ({"service": "street-lighting", "cpv": ("85312400",)}, True),
        ({"service": "street-lighting", "cpv": ("85121000",)}, False),
    ],
)  # fmt: skip
def test_two_for_the_same_market_within_six_weeks_clash(store: Store, other: dict[str, Any], clash: bool) -> None:
    hold(store, {**CARE, "cpv": ("85311300",)}, {**CARE, **other})
    assert bool(pairs(store)) is clash


@pytest.mark.parametrize(
    ("areas", "clash"),
    [
        ((("Brenmouth",), ("Brenmouth", "High Marl")), True),
        ((("Brenmouth",), ("High Marl",)), False),
        (((), ("High Marl",)), True),
        ((("Countywide",), ("Brenmouth",)), True),
    ],
)
def test_they_meet_where_their_areas_do(store: Store, areas: tuple[tuple[str, ...], ...], clash: bool) -> None:
    load_county(store, cast.SAMPLE)
    hold(store, *({**CARE, "area": area} for area in areas))
    assert bool(pairs(store)) is clash


def test_what_is_over_clashes_with_nothing_and_what_came_out_last_month_with_the_next(store: Store) -> None:
    hold(store, {**CARE, "tender": "2026-11-02", "route": Route.GRANT}, {**CARE, "tender": "2026-11-02"},
         {**CARE, "tender": "2026-12-01"}, {**CARE, "tender": "2026-10-20"})  # fmt: skip
    assert pairs(store) == [("A-4", "A-3"), ("A-2", "A-3")]
    assert pairs(store, date(2026, 12, 2)) == []


def test_each_pair_stands_once_the_soonest_first_and_says_what_they_share(store: Store) -> None:
    load_county(store, cast.SAMPLE)
    hold(store, {**CARE, "tender": "2027-06-01", "cpv": ("85312400",)},
         {**CARE, "tender": "2027-06-13", "cpv": ("85310000",), "area": ("Brenmouth",)},
         {**CARE, "tender": "March 2027"}, {**CARE, "tender": "2027-03-31"})  # fmt: skip
    assert pairs(store) == [("A-3", "A-4"), ("A-1", "A-2")]
    vague, near = found(store)
    assert (near_words(vague), near_words(near)) == ("may fall together", "12 days between them")
    assert (market_words(near), where_words(near), where_words(vague)) == ("Home care", "Brenmouth", "the whole county")


def test_another_buyers_tender_is_none_of_ours(store: Store) -> None:
    from timeline import statement, tender

    hold(store, CARE)
    take(store, statement(says=tender(service="home-care", tender="2027-03-01"), buyer="Elsewhere Council"))
    assert pairs(store) == []


# --- before publishing --------------------------------------------------------------------------------------------

FILLED = {"title": "Home care in Brenmouth", "service": "Home care", "route": "tender", "tender": "March 2027",
          "area": "Brenmouth"}  # fmt: skip


def test_whoever_publishes_near_another_is_told_once(desk: Desk) -> None:
    assert does(OLIVE, "new_intention", desk, **FILLED).outcome is Outcome.TIMELINE
    second = {**FILLED, "title": "Home care at night", "tender": "2027-04-20"}
    told = does(OLIVE, "new_intention", desk, **second)
    assert told.form is not None
    assert not told.form.errors
    first = told.form.entries[0]
    assert first.name == "anyway"
    assert "INT-1, Home care in Brenmouth (March 2027)" in first.hint
    given = {one.name: one.value for one in told.form.entries}
    assert given["title"] == "Home care at night"
    assert does(OLIVE, "new_intention", desk, **given).outcome is Outcome.TIMELINE
    assert pairs(desk.store) == [("INT-1", "INT-2")]


def test_the_same_form_once_more_is_told_nothing_of_itself(desk: Desk) -> None:
    for _ in range(2):
        assert does(OLIVE, "new_intention", desk, **FILLED).outcome is Outcome.TIMELINE


def test_a_tender_moved_near_another_is_told_of_and_other_changes_are_not(desk: Desk) -> None:
    does(OLIVE, "new_intention", desk, **FILLED)
    does(OLIVE, "new_intention", desk, **{**FILLED, "title": "Home care at night", "tender": "2027-12-01"})
    form = does(OLIVE, "change_intention", desk, "INT-2").form
    assert form is not None
    filled = {one.name: one.value for one in form.entries}
    moved = {**filled, "tender": "2027-03-15", "reason": "Sooner."}
    told = does(OLIVE, "change_intention", desk, form.about, **moved).form
    assert told is not None
    assert told.about == form.about
    again = {one.name: one.value for one in told.entries}
    assert again["reason"] == "Sooner."
    assert does(OLIVE, "change_intention", desk, told.about, **again).outcome is Outcome.TIMELINE
    form = does(OLIVE, "change_intention", desk, "INT-2").form
    assert form is not None
    plain = {one.name: one.value for one in form.entries} | {"description": "At night."}
    assert does(OLIVE, "change_intention", desk, form.about, **plain).outcome is Outcome.TIMELINE


def test_what_is_wrong_is_said_before_what_clashes(desk: Desk) -> None:
    does(OLIVE, "new_intention", desk, **FILLED)
    told = does(OLIVE, "new_intention", desk, **{**FILLED, "title": "", "value": "lots"}).form
    assert told is not None
    assert set(told.errors) == {"title", "value"}


# --- the list ----------------------------------------------------------------------------------------------------


def test_the_command_lists_them(desk: Desk, wiring: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    far = {**CARE, "tender": "2060-03-01"}
    hold(desk.store, far, {**far, "tender": "2060-03-08"})
    monkeypatch.setenv("DESK_HOME", str(wiring.settings.home))
    told = CliRunner().invoke(command, ["timeline", "clashes", "--json"])
    assert told.exit_code == 0, told.output
    [pair] = json.loads(told.output)
    assert [one["reference"] for one in pair["tenders"]] == ["A-1", "A-2"]
    assert (pair["days_between"], pair["market"], pair["where"]) == (7, "Home care", "the whole county")
    assert "A-1 Plan 1" in " ".join(CliRunner().invoke(command, ["timeline", "clashes"]).output.split())


def test_two_that_clash_are_the_same_two_in_either_order() -> None:
    one = Tender("A", "a", TODAY, TODAY, frozenset({"s:x"}), frozenset())
    other = one._replace(reference="B", first=TODAY + timedelta(days=42), last=TODAY + timedelta(days=50))
    assert clash_of(one, other, TODAY) is not None
    assert clash_of(one, other._replace(first=TODAY + timedelta(days=43)), TODAY) is None


def test_ten_times_as_many_are_compared_in_far_less_than_a_hundred_times_the_time(sqlite_store: Store) -> None:
    from coming_bulk import fill

    took = []
    for count in (1_000, 10_000):
        with sqlite_store.writing() as connection:
            for table in (tables.intention_time, tables.intention_kind, tables.intention_version, tables.intention):
                connection.execute(sa.delete(table))
        fill(sqlite_store, count)
        begun = time.perf_counter()
        assert found(sqlite_store)
        took.append(time.perf_counter() - begun)
    assert took[1] < 50 * took[0], took
