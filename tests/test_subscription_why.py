"""Why somebody was told of an intention, or was not: field by field, and then plainly."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from subscribing import FIRM, HOME_CARE, settle, subscribe
from timeline import NOW, OURS, row, statement, take, tender, terms

from bot.__main__ import desk
from bot.wiring import Wiring
from knowledge.store import Store
from knowledge.subscriptions.explaining import Explanation, explain
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.record import by_number, end, pause, propose, resume
from knowledge.tables import notification
from knowledge.timeline.changing import change
from knowledge.timeline.nouns import Route, State

LATER = NOW + timedelta(days=1)


def why(store: Store, id: int, reference: str = "ASC-01", now: datetime = NOW) -> Explanation:
    with store.reading() as connection:
        one = by_number(connection, id)
        assert one
        found = explain(connection, one, reference, now)
    assert found
    return found


def codes(found: Explanation) -> list[str]:
    return [one.code for one in found.why_not]


def move(store: Store, said: dict[str, object], at: datetime = LATER) -> None:
    with store.writing() as connection:
        change(connection, "ASC-01", said, "It had to be", at, OURS)


def test_what_was_told_says_when_of_what_and_how_it_stands(store: Store) -> None:
    id = subscribe(store)
    take(store, row())
    (telling,) = why(store, id).told
    assert (telling.version, telling.kind, telling.at) == (1, "new", NOW)
    assert telling.delivery
    assert telling.delivery.in_words() == "waiting to be sent, due 21 November 2026 09:00"
    settle(store, NOW)
    found = why(store, id, "asc-01")
    assert found.told[0].delivery
    assert found.told[0].delivery.in_words() == "sent 21 November 2026 09:00"
    assert (found.why_not, found.next) == ((), True)
    assert [one.fits for one in found.verdicts] == [True]


def test_what_is_kept_for_a_round_up_says_of_which_day(store: Store) -> None:
    id = subscribe(store, every="weekly")
    take(store, row())
    delivery = why(store, id).told[0].delivery
    assert delivery
    assert delivery.in_words() == "kept for the round-up of 23 November 2026 08:00"


def test_a_miss_names_the_field_with_what_was_wanted_and_found(store: Store) -> None:
    id = subscribe(store, Criteria(services=("home-care",), low=900_000))
    take(store, row(says=terms(high=500_000)))
    found = why(store, id)
    assert [(one.field, one.wanted, one.found) for one in found.verdicts if not one.fits] == [
        ("value", "from £900,000", "up to £500,000")
    ]
    assert (codes(found), found.told, found.next) == (["misses"], (), False)


def test_who_was_told_hears_the_next_change_though_it_fits_no_more(store: Store) -> None:
    id = subscribe(store, Criteria(services=("home-care",), high=600_000))
    take(store, row(says=terms(high=500_000)))
    move(store, {"high": Decimal(900_000)})
    found = why(store, id)
    assert [(one.version, one.kind) for one in found.told] == [(1, "new"), (2, "changed")]
    assert ([one.fits for one in found.verdicts], found.why_not, found.next) == ([True, False], (), True)


def test_what_keeps_somebody_from_hearing_is_said(store: Store) -> None:
    paused, ended = subscribe(store), subscribe(store)
    with store.writing() as connection:
        who = {"recipient": FIRM, "owner": FIRM, "channel": "email", "sentence": "", "every": "at once"}
        unconfirmed = propose(connection, NOW, criteria=HOME_CARE, **who)
        pause(connection, paused, NOW)
        end(connection, ended, "unsubscribed", NOW)
    take(store, row())
    for id, code in ((paused, "paused"), (ended, "ended"), (unconfirmed, "unconfirmed")):
        assert (codes(why(store, id)), why(store, id).next) == ([code], False)


def test_nothing_is_said_of_what_is_not_public(store: Store) -> None:
    id = subscribe(store)
    take(store, row(says=tender(route=Route.TENDER)))
    found = why(store, id)
    assert (codes(found), found.verdicts, found.title, found.next) == (["not public"], (), "", None)


def test_what_is_over_another_buyers_or_older_is_said(store: Store) -> None:
    id = subscribe(store)
    take(store, row(says=terms(state=State.AWARDED)))
    take(store, statement("1-2026", tender(title="Home care in Thornley"), day="2026-11-02"))
    take(store, statement("2-2026", tender(title="Home care in Wexcombe"), buyer="Saltmere Town Council"))
    assert codes(why(store, id)) == ["over"]
    assert (codes(why(store, id, "INT-2")), why(store, id, "INT-2").next) == (["older"], True)
    assert codes(why(store, id, "INT-3")) == ["not own", "older"]


@pytest.mark.parametrize("way", ["a first import", "a pause"])
def test_what_went_by_is_said(store: Store, way: str) -> None:
    id = subscribe(store)
    if way == "a pause":
        with store.writing() as connection:
            pause(connection, id, NOW)
    take(store, row(), announce=way != "a first import")
    if way == "a pause":
        with store.writing() as connection:
            resume(connection, id, NOW + timedelta(hours=1))
    found = why(store, id)
    assert (codes(found), found.next) == (["missed"], True)


def test_a_match_that_is_owed_nothing_is_called_a_fault(store: Store) -> None:
    id = subscribe(store)
    take(store, row())
    with store.writing() as connection:
        connection.execute(sa.delete(notification))
    assert why(store, id).told[0].delivery is None


def test_no_intention_of_a_reference_is_none(store: Store) -> None:
    id = subscribe(store)
    with store.reading() as connection:
        one = by_number(connection, id)
        assert one
        assert explain(connection, one, "NOWHERE", NOW) is None


def test_the_command_says_it_to_people_and_to_programs(home: Path) -> None:
    wiring = Wiring(cast.settings(home))
    id = subscribe(wiring.store, Criteria(services=("home-care",), low=900_000))
    take(wiring.store, row(says=terms(high=500_000)))
    wiring.store.close()
    run = CliRunner(env={**cast.environment(home), "COLUMNS": "160"})
    said = run.invoke(desk, ["why", f"S-{id}", "asc-01"]).output
    assert [line.strip() for line in said.splitlines()][1].startswith("ASC-01  "), "the intention has its own line"
    assert "does not fit" in said
    assert "It is not what was asked for: value." in said
    found = json.loads(run.invoke(desk, ["why", str(id), "ASC-01", "--json"]).output)
    assert (found["fits"], found["told"], found["why_not"][0]["code"]) == (False, [], "misses")
    for wrong in (["S-99", "ASC-01"], ["nonsense", "ASC-01"], ["S-1", "NOWHERE"]):
        assert run.invoke(desk, ["why", *wrong]).exit_code == 1
