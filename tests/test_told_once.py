"""Told once, and of how things stand: what several versions, alerts and processes together do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from council import at
from sqlalchemy.engine import Connection
from subscribing import CHARITY, HOME_CARE, subscribe, told
from telling import Telling
from timeline import NOW, OURS, row, seen, statement, take, tender, terms

from handlers.telling import compose
from knowledge.outbox.owed import owed_of
from knowledge.store import Store
from knowledge.subscriptions.explaining import explain
from knowledge.subscriptions.lately import passed_by
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.record import agree, change, numbered, pause, propose, resume
from knowledge.tables import notification
from knowledge.timeline.importing import take_in
from knowledge.timeline.nouns import Read, State

MONDAY, NEXT = at("2026-11-16"), at("2026-11-23", "08:00")
Wants = Callable[[Connection], object]


def proposed(store: Store) -> Wants:
    with store.writing() as connection:
        id = propose(
            connection, NOW, recipient=CHARITY, owner=CHARITY, channel="email", sentence="tell me", every="at once",
            criteria=HOME_CARE,
        )  # fmt: skip
    return lambda connection: agree(connection, id, NOW)


def paused(store: Store) -> Wants:
    id = subscribe(store)
    with store.writing() as connection:
        pause(connection, id, NOW)
    return lambda connection: resume(connection, id, NOW)


def wanting_something_else(store: Store) -> Wants:
    id = subscribe(store, Criteria(services=("libraries",)))
    return lambda connection: change(connection, id, criteria=HOME_CARE)


@pytest.mark.parametrize("before", [proposed, paused, wanting_something_else])
def test_whoever_begins_to_want_it_while_an_import_is_at_work_begins_after_it_or_is_told(
    postgresql_store: Store, before: Callable[[Store], Wants]
) -> None:
    store = postgresql_store
    wants, wanted = before(store), threading.Event()

    def begins() -> None:
        with store.writing() as connection:
            assert wants(connection)
        wanted.set()

    with store.writing() as connection:
        take_in(connection, Read(records=1, rows=((1, row()),)), NOW, OURS, source="test")
        somebody = threading.Thread(target=begins)
        somebody.start()
        earlier = wanted.wait(0.3)  # than the public page shows it
    somebody.join()
    assert wanted.is_set()
    assert not earlier or told(store) == [(CHARITY, "intention:1:1")]


def home_care(desk: Telling, at: datetime, **said: Any) -> None:
    desk.says(at=at, **{"reference": "ASC-1", "title": "Home care", "tender": "June 2027", "high": 500_000, **said})


def test_a_round_up_that_comes_after_a_later_version_was_told_says_that_it_has_changed(sqlite_store: Store) -> None:
    desk = Telling(sqlite_store, MONDAY)
    subscribe(desk.store, every="weekly", at=MONDAY)
    subscribe(desk.store, Criteria(services=("home-care",), low=800_000), at=MONDAY)
    home_care(desk, MONDAY)
    home_care(desk, MONDAY + timedelta(days=1), tender="September 2027", high=900_000, reason="More people")
    assert [one.letter.subject[:8] for one in desk.sent()] == ["Changed:"]
    (sent,) = desk.passes(NEXT)
    (item,) = sent.letter.reply.groups[0].items
    assert "It has changed since then: its page says how it stands now." in item.lines


def test_a_letter_that_leaves_after_a_later_one_says_so_beside_the_words_all_read(sqlite_store: Store) -> None:
    desk = Telling(sqlite_store, MONDAY)
    subscribe(desk.store, at=MONDAY)
    home_care(desk, MONDAY)
    with desk.store.reading() as connection:
        (first,) = owed_of(connection, connection.execute(sa.select(notification)).all())
    (in_time,) = desk.sent()
    home_care(desk, MONDAY + timedelta(hours=1), state=State.WITHDRAWN, reason="No money")
    late = compose(first, desk.desk)
    assert late is not None
    assert late.reply.notes[0] == "It has been withdrawn since then: its page says how it stands now."
    assert late.reply.notes[1:] == in_time.letter.reply.notes
    assert (late.subject, late.reply.text, late.words) == (
        in_time.letter.subject, in_time.letter.reply.text, in_time.letter.words
    )  # fmt: skip


def test_a_round_up_says_which_of_two_have_turned_out_to_be_the_same(sqlite_store: Store) -> None:
    desk = Telling(sqlite_store, MONDAY)
    subscribe(desk.store, Criteria(), every="weekly", at=MONDAY)
    for number, key, title in ((1, "ocid:a", "Home care"), (2, "ocid:b", "Care at home in Saltmere")):
        one = terms(title=title, tender="June 2027")
        take(desk.store, statement(f"{number}-2026", one, kind="UK2", keys=(key,), day="2026-11-16"), now=MONDAY)
    tendered = statement("3-2026", tender(), keys=("ocid:a", "ocid:b"), day="2026-11-17")
    take(desk.store, tendered, now=MONDAY + timedelta(days=1))
    (sent,) = desk.passes(NEXT)
    first, second = sent.letter.reply.groups[0].items
    said = "It has turned out to be the same as INT-1: that page says how it stands now."
    assert (second.reference, said in second.lines, said in first.lines) == ("INT-2", True, False)


def test_what_waits_for_its_notice_is_not_hinted_at(sqlite_store: Store) -> None:
    desk = Telling(sqlite_store, MONDAY)
    subscribe(desk.store, at=MONDAY)
    home_care(desk, MONDAY)
    home_care(desk, MONDAY + timedelta(hours=1), state=State.OPEN, reason="It is out")
    assert seen(desk.store, "ASC-1").intention.held
    assert not any("since then" in note for note in desk.one().reply.notes)


def test_a_notice_that_changes_nothing_else_is_told_for_what_it_is(sqlite_store: Store) -> None:
    desk = Telling(sqlite_store, MONDAY)
    take(desk.store, statement("1-2026", tender(), keys=("ocid:a",)), now=MONDAY)
    subscribe(desk.store, at=at("2026-10-31"))
    take(desk.store, statement("2-2026", tender(), keys=("ocid:a",), day="2026-11-16"), now=MONDAY)
    letter = desk.one()
    assert letter.subject.endswith(" – its notice is published")
    assert letter.reply.text == (
        "Home care in Gullhaven (INT-1): a notice is published. "
        "What is planned, when and for how much stands as it did."
    )


def test_whom_to_ask_is_no_change_of_plans_and_a_reason_is_still_told(sqlite_store: Store) -> None:
    desk = Telling(sqlite_store, MONDAY)
    subscribe(desk.store, at=MONDAY)
    home_care(desk, MONDAY)
    desk.sent()
    home_care(desk, MONDAY + timedelta(hours=1), contact="Care team")
    assert "changed its plans" not in (text := desk.one().reply.text)
    assert "No reason" not in text
    home_care(desk, MONDAY + timedelta(hours=2), contact="Care office", reason="They moved")
    assert "The reason given: “They moved”" in desk.one().reply.text
    home_care(desk, MONDAY + timedelta(hours=3), contact="Care team", description="More of it")
    assert "changed its plans" in desk.one().reply.text


@pytest.mark.parametrize("beside", [False, True])
def test_what_waited_for_a_round_up_that_a_pause_kept_it_from_is_named_when_it_is_resumed(
    store: Store, beside: bool
) -> None:
    desk = Telling(store, MONDAY)
    id = subscribe(desk.store, every="weekly", at=MONDAY)
    if beside:
        subscribe(desk.store, Criteria(words=("library",)), every="weekly", at=MONDAY)
        desk.says(reference="LIB-1", title="Library books", at=MONDAY)
    home_care(desk, MONDAY)
    with desk.store.writing() as connection:
        pause(connection, id, MONDAY + timedelta(hours=1))
    assert len(desk.passes(NEXT)) == beside
    with desk.store.writing() as connection:
        (one,) = numbered(connection, [id])
        assert [each.reference for each in passed_by(connection, one, MONDAY + timedelta(hours=1), NEXT.date())] == [
            "ASC-1"
        ]


def test_what_still_waits_for_its_round_up_when_it_is_resumed_is_told_and_not_named(sqlite_store: Store) -> None:
    desk = Telling(sqlite_store, MONDAY)
    id = subscribe(desk.store, every="weekly", at=MONDAY)
    home_care(desk, MONDAY)
    with desk.store.writing() as connection:
        pause(connection, id, MONDAY + timedelta(hours=1))
        assert resume(connection, id, MONDAY + timedelta(hours=2))
        (one,) = numbered(connection, [id])
        assert passed_by(connection, one, MONDAY + timedelta(hours=1), NEXT.date()) == []
    assert len(desk.passes(NEXT)) == 1


def test_whoever_follows_one_that_turns_out_to_be_another_hears_of_the_other(store: Store) -> None:
    for number, key, title in ((1, "ocid:a", "Home care"), (2, "ocid:b", "Care at home in Saltmere")):
        one = terms(title=title, tender="June 2027")
        take(store, statement(f"{number}-2026", one, kind="UK2", keys=(key,), day="2026-11-16"), now=MONDAY)
    id = subscribe(store, Criteria(follows=("int-2",)), at=MONDAY + timedelta(hours=1))
    later = MONDAY + timedelta(days=1)
    take(store, statement("3-2026", tender(), keys=("ocid:a", "ocid:b"), day="2026-11-17"), now=later)
    assert told(store) == [(CHARITY, "intention:1:2")]
    with store.reading() as connection:
        (one,) = numbered(connection, [id])
        found = explain(connection, one, "INT-2", later)
    assert found is not None
    assert (found.verdicts[0].found, found.next) == ("it is INT-2", True)
