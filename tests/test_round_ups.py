"""Round-ups: one message for a person and a period, each intention once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from council import at
from subscribing import CHARITY, HOME_CARE, subscribe
from telling import HOME, Telling, as_mail
from timeline import row, take, terms

from bot.blocks import blocks_of
from handlers.letters import Letter
from knowledge.store import Store
from knowledge.subscriptions import record
from knowledge.subscriptions.gathering import gather
from knowledge.subscriptions.nouns import Criteria
from knowledge.tables import notification
from knowledge.timeline.nouns import State

BEFORE, MONDAY = at("2026-11-13"), at("2026-11-16")
NEXT = at("2026-11-23", "08:00")


@pytest.fixture
def desk(sqlite_store: Store) -> Telling:
    return Telling(sqlite_store, MONDAY)


def care(reference: str, **said: Any) -> dict[str, Any]:
    return {"reference": reference, "title": f"Home care {reference}", "tender": "June 2027", **said}


def round_up(desk: Telling, now: datetime = NEXT) -> Letter:
    (sent,) = desk.passes(now)
    assert sent.kind == "roundup"
    return sent.letter


def rows(store: Store, kind: str) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(sa.select(notification).where(notification.c.kind == kind)))


def test_a_week_comes_in_one_message_on_monday_at_eight(store: Store) -> None:
    desk = Telling(store, MONDAY)
    subscribe(store, HOME_CARE, every="weekly", at=BEFORE)
    for number in range(3):
        desk.says(at=MONDAY + timedelta(days=number), **care(f"ASC-{number}"))
    assert desk.passes(NEXT - timedelta(minutes=1)) == []
    letter = round_up(desk)
    assert letter.subject == "Your round-up of coming work: 3 new"
    assert "3 new, since Monday 16 November" in letter.reply.text
    assert [one.reference for one in letter.reply.groups[0].items] == ["ASC-0", "ASC-1", "ASC-2"]
    assert {one.round_up for one in rows(store, "intention")} == {rows(store, "roundup")[0].id}
    assert desk.states() == [("intention", "gathered")] * 3 + [("roundup", "sent")]


def test_nothing_is_gathered_twice(store: Store) -> None:
    desk = Telling(store, MONDAY)
    subscribe(store, HOME_CARE, every="weekly", at=BEFORE)
    desk.says(**care("ASC-1"))
    with store.writing() as connection:
        assert [gather(connection, NEXT), gather(connection, NEXT)] == [1, 0]
    assert len(desk.passes(NEXT)) == 1
    assert desk.passes(NEXT + timedelta(days=7)) == []


def test_what_happened_several_times_is_told_once_from_the_first_state_to_the_last(desk: Telling) -> None:
    desk.says(**care("ASC-1"))
    subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE)
    desk.says(at=MONDAY + timedelta(hours=1), reason="Late.", **care("ASC-1", tender="July 2027"))
    desk.says(at=MONDAY + timedelta(hours=2), reason="Later.", **care("ASC-1", tender="August 2027", area=("Thorne",)))
    (group,) = round_up(desk).reply.groups
    assert (group.heading, len(group.items)) == ("Changed", 1)
    said = "\n".join(group.items[0].lines)
    assert "Tender moved from June 2027 to August 2027" in said
    assert "July" not in said
    assert "“Late.”; “Later.”" in said


def test_what_is_new_and_changed_in_one_period_is_new_as_it_stands_now_with_the_reason(desk: Telling) -> None:
    subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE)
    desk.says(**care("ASC-1"))
    desk.says(at=MONDAY + timedelta(hours=1), reason="Later.", **care("ASC-1", tender="July 2027"))
    (group,) = round_up(desk).reply.groups
    assert (group.heading, len(group.items)) == ("New", 1)
    said = "\n".join(group.items[0].lines)
    assert "Next: tender, July 2027." in said
    assert "It has been changed since it was new. The reason given: “Later.”" in said


def test_new_changed_awarded_and_withdrawn_stand_apart_sorted_by_what_happens_next(desk: Telling) -> None:
    for name in ("ASC-1", "ASC-2", "ASC-3"):
        desk.says(at=BEFORE, **care(name))
    subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE + timedelta(hours=1))
    desk.says(at=MONDAY, reason="So.", **care("ASC-1", tender="July 2027"))
    desk.says(at=MONDAY, reason="So.", **care("ASC-2", tender="May 2027"))
    desk.says(at=MONDAY, **care("ASC-4"))
    desk.says(at=MONDAY, **care("ASC-5", tender="2027-03-01"))
    desk.says(at=MONDAY + timedelta(hours=1), **care("ASC-1", tender="July 2027", state=State.AWARDED))
    desk.says(at=MONDAY + timedelta(hours=1), reason="Not wanted.", **care("ASC-4", state=State.WITHDRAWN))
    letter = round_up(desk)
    found = [(group.heading, [one.reference for one in group.items]) for group in letter.reply.groups]
    assert found == [("New", ["ASC-5"]), ("Changed", ["ASC-2"]), ("Awarded", ["ASC-1"]), ("Withdrawn", ["ASC-4"])]
    assert letter.subject.endswith("1 new, 1 changed, 1 awarded, 1 withdrawn")


def test_a_worker_that_was_away_over_the_weekend_sends_one_message(desk: Telling) -> None:
    subscribe(desk.store, HOME_CARE, every="daily", at=BEFORE)
    for day in range(3):
        desk.says(at=at("2026-11-20") + timedelta(days=day), **care(f"ASC-{day}"))
    letter = round_up(desk, at("2026-11-23", "09:17"))
    assert letter.subject.endswith("3 new")
    assert "since Friday 20 November" in letter.reply.text


def test_a_second_round_up_counts_from_the_first(desk: Telling) -> None:
    subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE)
    desk.says(**care("ASC-1"))
    round_up(desk)
    desk.says(at=at("2026-12-16"), **care("ASC-2"))
    assert "since Monday 23 November" in round_up(desk, at("2026-12-21", "08:00")).reply.text


@pytest.mark.parametrize(("day", "hour"), [("2026-10-26", 8), ("2027-03-29", 7)])
def test_eight_is_eight_in_winter_and_in_summer(desk: Telling, day: str, hour: int) -> None:
    """The clocks change on 25 October 2026 and on 28 March 2027."""
    noon = at(day) - timedelta(days=3)
    subscribe(desk.store, HOME_CARE, every="weekly", at=noon - timedelta(days=30))
    desk.says(at=noon, **care("ASC-1", tender="2028"))
    eight = datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")
    assert desk.passes(eight - timedelta(minutes=1)) == []
    assert len(desk.passes(eight)) == 1


def test_what_comes_in_late_for_a_day_comes_in_a_second_message(desk: Telling) -> None:
    subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE)
    desk.says(**care("ASC-1"))
    round_up(desk)
    take(desk.store, row("ASC-2", terms("Home care for all", tender="June 2027")), now=NEXT - timedelta(seconds=1))
    assert round_up(desk, NEXT + timedelta(minutes=5)).reply.groups[0].items[0].reference == "ASC-2"


def test_an_alert_that_is_paused_after_gathering_sends_nothing(desk: Telling) -> None:
    id = subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE)
    desk.says(**care("ASC-1"))
    with desk.store.writing() as connection:
        gather(connection, NEXT)
        record.pause(connection, id, NEXT)
    assert desk.passes(NEXT) == []
    assert desk.states() == [("intention", "gathered"), ("roundup", "moot")]


def test_what_was_missed_while_paused_does_not_come_later(desk: Telling) -> None:
    id = subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE)
    desk.says(**care("ASC-1"))
    with desk.store.writing() as connection:
        record.pause(connection, id, MONDAY + timedelta(hours=1))
    desk.says(at=MONDAY + timedelta(hours=2), **care("ASC-2"))
    assert desk.passes(NEXT) == []
    with desk.store.writing() as connection:
        record.resume(connection, id, NEXT + timedelta(hours=1))
    assert desk.passes(NEXT + timedelta(days=7)) == []


def test_of_two_alerts_each_intention_says_which_it_fits(desk: Telling) -> None:
    subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE)
    subscribe(desk.store, Criteria(words=("meals",)), every="weekly", at=BEFORE)
    desk.says(**care("ASC-1"))
    desk.says(**care("ASC-2", title="Hot meals brought to homes"))
    letter = round_up(desk)
    lines = {one.reference: one.lines[-1] for one in letter.reply.groups[0].items}
    assert lines["ASC-1"] == "What fits: S-1 (Home care)"
    assert "S-2 (“meals”)" in lines["ASC-2"]
    assert letter.unsubscribe == "1,2"
    assert letter.reply.notes[1:] == ("S-1: Home care, every Monday morning", "S-2: “meals”, every Monday morning")


def test_a_person_with_two_channels_has_a_round_up_on_each(desk: Telling) -> None:
    subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE)
    subscribe(desk.store, HOME_CARE, every="weekly", channel="slack", recipient="U0PRUE", at=BEFORE)
    desk.says(**care("ASC-1"))
    assert [one.recipient for one in desk.passes(NEXT)] == ["U0PRUE", CHARITY]


def test_a_long_one_is_whole_by_mail_and_cut_in_slack_with_the_way_to_the_rest(desk: Telling) -> None:
    subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE)
    said = [row(f"ASC-{n}", terms(f"Home care {n}", tender="June 2027", description="words " * 90)) for n in range(70)]
    take(desk.store, *said, now=MONDAY)
    letter = round_up(desk)
    blocks = blocks_of(letter.reply, HOME)[1]
    assert len(blocks) <= 50
    assert len(json.dumps(blocks)) < 16_000
    told = sum(block["type"] == "section" for block in blocks) - 2
    assert f"And {70 - told} more than fit into one message" in json.dumps(blocks)
    assert as_mail(letter)[0].count("Home care ") >= 70
    assert len(json.dumps(letter.event)) < 20_000
    assert len(letter.event["data"]["items"]) + letter.event["data"]["more"] == 70


def test_a_round_up_reads_plainly_and_links_each_intention(desk: Telling) -> None:
    subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE)
    desk.says(**care("ASC-1", description="Visits by day.", high=90_000, area=("Gullhaven",)))
    text, page = as_mail(round_up(desk))
    assert (
        "NEW\n---\n\nHome care ASC-1 (ASC-1)\n  Visits by day.\n"
        "  Next: tender, June 2027 · up to £90,000 · Gullhaven.\n"
        f"  What fits: Home care\n  {HOME}/open_intention/ASC-1\n"
    ) in text.replace("\r\n", "\n")
    assert f'<a href="{HOME}/open_intention/ASC-1">Home care ASC-1</a>' in page
    assert text.index("You get this round-up because of your alert S-1") < text.index("Stop this alert")


def test_a_posting_says_by_when_answers_are_wanted(desk: Telling) -> None:
    subscribe(desk.store, HOME_CARE, every="weekly", at=BEFORE)
    desk.says(**care("ASC-1", tender=None, closes="2026-12-05", posted_by="Larkfield Care Ltd", subcontract=True))
    [item] = round_up(desk).reply.groups[0].items
    assert item.lines[0].startswith("Next: answers by 5 December 2026")


def test_a_heap_at_a_time_is_gathered_whole_and_the_rest_in_the_next_run(store: Store) -> None:
    desk = Telling(store, MONDAY)
    for address in (CHARITY, "ann@example.org", "bea@example.org"):
        subscribe(store, HOME_CARE, recipient=address, every="weekly", at=BEFORE)
    for number in range(3):
        desk.says(at=MONDAY + timedelta(days=number), **care(f"ASC-{number}"))
    with store.writing() as connection:
        assert [gather(connection, NEXT, most=4) for _ in range(4)] == [1, 1, 1, 0]
    assert sorted(len(sent.letter.reply.groups[0].items) for sent in desk.passes(NEXT)) == [3, 3, 3]


def test_a_heap_beyond_the_limit_is_not_left_for_ever(store: Store) -> None:
    desk = Telling(store, MONDAY)
    subscribe(store, HOME_CARE, every="weekly", at=BEFORE)
    for number in range(3):
        desk.says(at=MONDAY + timedelta(days=number), **care(f"ASC-{number}"))
    with store.writing() as connection:
        assert [gather(connection, NEXT, most=2) for _ in range(3)] == [1, 1, 0]
