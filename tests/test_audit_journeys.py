"""What people do is accounted for, on both engines, and of what they are called, what they are reached at and what they
write nothing gets into the audit."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from cast import SAMPLE
from council import CARE, CARER, DOREEN, IMRAN, PRIYA, ROADS, RUTH, TOM, WENDY, Council, minutes

from bot.sample import load_sample
from bot.wiring import Wiring
from handlers.auditing import Asked, page
from handlers.concerns.answering import asked
from handlers.intentions.keeping import ACTIONS as TIMELINE
from handlers.messages import Outcome
from handlers.telling import compose
from knowledge import tables
from knowledge.audit import Deed, Wanted, entries
from knowledge.outbox.owed import owed_of
from knowledge.people import read_people

FIRM = "contact@plumtree.example.org"
MARK = "quincunx"
"""A word that stands in everything anybody writes here."""


def rows(council: Council, **wanted: Any) -> list[tuple[str, str, str, str]]:
    """Who did what, oldest first: address, deed, kind, about."""
    with council.store.reading() as connection:
        found = list(entries(connection, Wanted(**wanted)))[::-1]
    return [(one.address, one.deed.value, one.kind, one.about) for one in found]


def saw(council: Council) -> list[tuple[str, str]]:
    """Who saw which concern's text."""
    return [(by, about) for by, _, _, about in rows(council, deed="saw", kind="concern")]


def test_whoever_reads_a_concern_is_written_down_once_an_hour_however_often_they_look(council: Council) -> None:
    reference = council.raised()
    assert saw(council) == [], "whoever writes it sees what they wrote"
    for surface in ("slack", "slack", "web"):
        assert council.send(PRIYA, action="open", about=reference, surface=surface).written
    assert council.say(DOREEN, f"show {reference}", surface="slack").written
    assert saw(council) == [(PRIYA, "1"), (DOREEN, "1")]
    council.clock += minutes(60)
    council.send(PRIYA, action="open", about=reference, surface="web")
    assert saw(council) == [(PRIYA, "1"), (DOREEN, "1"), (PRIYA, "1")]


def test_each_look_in_somebodys_name_at_a_terminal_is_written_down_and_marked(council: Council) -> None:
    reference = council.raised()
    council.send(PRIYA, action="open", about=reference, surface="web")
    for _ in range(2):
        council.send(PRIYA, action="open", about=reference, surface="terminal")
    with council.store.reading() as connection:
        found = list(entries(connection, Wanted(deed="saw")))[::-1]
    assert [one.counts for one in found] == [{"texts": 1}, *[{"texts": 1, "terminal": 1}] * 2]


def test_what_cannot_be_written_down_is_not_shown(sqlite_council: Council) -> None:
    council, reference = sqlite_council, sqlite_council.raised()
    with council.store.writing() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
    reply = council.press(PRIYA, "open", reference)
    assert (reply.outcome, reply.written) == (Outcome.ERROR, ())
    assert len(council.errors) == 1


def test_whoever_sees_only_how_it_stands_has_seen_no_text(council: Council) -> None:
    reference = council.raised(DOREEN)
    twin = council.press(IMRAN, "new_concern", text=CARER, contract=CARE, at_risk="no")
    council.press(IMRAN, "follow", next(one.about for one in twin.choices if one.action == "follow"))
    assert not council.press(IMRAN, "open", reference).written
    assert IMRAN not in dict(saw(council))
    assert (IMRAN, "moved", "concern", "1") in rows(council)


def test_a_move_is_accounted_for_by_the_number_of_its_event(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.press(PRIYA, "reply", reference, text="It is put right.")
    with council.store.reading() as connection:
        found = list(entries(connection, Wanted(deed="moved")))[::-1]
    events = council.events(reference)
    assert [one.counts["event"] for one in found] == [event.id for event in events]
    assert [one.address for one in found] == [event.by for event in events] == [DOREEN, PRIYA, PRIYA]


def test_a_move_that_is_undone_leaves_no_row(council: Council) -> None:
    reference, before = council.raised(), rows(council)
    assert council.press(IMRAN, "acknowledge", reference).outcome is Outcome.REFUSED
    assert council.press(PRIYA, "reply", reference).form
    assert [one for one in rows(council) if one[1] == "moved"] == [one for one in before if one[1] == "moved"]


def test_whoever_asks_for_what_is_not_theirs_is_written_down_whether_it_exists_or_not(council: Council) -> None:
    council.raised()
    for about in ("C-0001", "C-0001", "C-0999"):
        assert council.press(TOM, "open", about).outcome is Outcome.REFUSED
    assert council.press(TOM, "acknowledge", "C-0001").outcome is Outcome.REFUSED
    council.press("stranger@example.org", "open", "C-0001")
    assert rows(council, deed="refused") == [(TOM, "refused", "concern", "1"), (TOM, "refused", "concern", "999")]


def test_a_provider_who_opens_their_link_has_seen_what_they_are_asked(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "ask_provider", reference, to=FIRM, text="Why were three calls missed?")
    number = council.requests(reference)[0].id
    assert asked(number, council.desk).written
    assert asked(number, council.desk).written
    assert rows(council, kind="request") == [(FIRM, "saw", "request", str(number))]


def test_a_text_that_is_sent_is_seen_by_whom_it_is_sent_to(sqlite_council: Council) -> None:
    council = sqlite_council
    told = tuple(replace(one, text_in_slack=True) for one in council.desk.levels.all)
    levels = replace(council.desk.levels, all=told)
    council.with_desk(levels=levels, channels=frozenset({"slack"}))
    council.raised(text="the bus shelter by the school is broken", contract=ROADS)
    with council.store.reading() as connection:
        raised = tables.notification.c.kind == "raised"
        [owed] = owed_of(connection, connection.execute(sa.select(tables.notification).where(raised)).all())
    letter = compose(owed, council.desk)
    assert letter
    assert letter.reply.written
    with council.store.reading() as connection:
        [row] = entries(connection, Wanted(deed="saw"))
    assert (row.address, row.about, row.counts) == (owed.recipient, "1", {"texts": 1, "sent": 1})


def test_what_officers_change_is_written_down_with_who_did(council: Council) -> None:
    council.press(RUTH, "channel_mode", "C0NOISE|off")
    council.press(RUTH, "new_intention", title="Winter gritting", kind="tender", description=MARK, reason=MARK,
                  services="highways-maintenance", value="100000", **{"from": "2027-04-01"})  # fmt: skip
    assert (RUTH, "changed", "slack_channel", "C0NOISE") in rows(council)
    assert council.press(DOREEN, "channel_mode", "C0NOISE|all").outcome is Outcome.REFUSED
    assert [one for one in rows(council) if one[0] == DOREEN] == []


def test_nothing_anybody_wrote_and_nobodys_name_or_address_gets_into_the_audit(council: Council) -> None:
    """Everything that can be written is written with a mark in it, over the journeys of a concern from end to end."""
    first = council.raised(text=f"the carer hasn't come to {MARK} in Gullhaven three mornings running")
    second = council.raised(IMRAN, ROADS, f"a pothole at Pellingarth like a {MARK}")
    council.press(DOREEN, "tell_more", first, text=f"ring {MARK} on 01632 960 001")
    council.press(PRIYA, "acknowledge", first)
    council.press(PRIYA, "ask_member", first, text=f"which {MARK}?")
    council.press(DOREEN, "tell_more", first, text=f"{MARK} of course")
    council.press(PRIYA, "ask_provider", first, to=FIRM, text=f"why {MARK}?")
    council.answer(council.requests(first)[0].id, f"because {MARK}", "2026-12-01")
    council.press(PRIYA, "reply", first, text=f"so {MARK}")
    council.press(PRIYA, "close", first, outcome="put_right", text=MARK)
    council.press(DOREEN, "not_fixed", first, text=f"still {MARK}")
    council.press(DOREEN, "at_risk", first)
    council.press(TOM, "pass_on", second, to=WENDY)
    council.press(IMRAN, "withdraw", second)
    council.press(PRIYA, "open", first)
    council.press(TOM, "open", f"C-0001 {MARK}")
    council.press(RUTH, "channel_mode", "C0NOISE|off")
    council.tick()
    assert council.errors == []
    with council.store.reading() as connection:
        found = connection.execute(sa.select(tables.audit)).all()
    assert len(found) >= 20
    whole = "\n".join(str(tuple(row)[2:]) for row in found).lower()
    people = read_people(SAMPLE / "people.csv").rows
    said = [f"{one.about.get('name', '')} {one.email.partition('@')[0]}".lower() for one in people]
    names = {part for one in said for part in re.split(r"\W+", one) if len(part) > 3}
    assert len(names) > 20
    wrong = (MARK, "@", "example", "plumtree", "gullhaven", "pothole", "01632", *names)
    assert [one for one in wrong if one in whole] == []


def test_the_demonstration_loads_without_anybodys_name_in_the_audit(wiring: Wiring) -> None:
    load_sample(wiring)
    with wiring.store.reading() as connection:
        found = list(entries(connection, Wanted()))
    assert {(one.deed, one.kind, one.about) for one in found} == {(Deed.IMPORTED, "list", "document")}


def test_the_actions_that_write_to_the_timeline_are_those_that_are_accounted_for() -> None:
    assert set(TIMELINE) == {"new_intention", "change_intention", "withdraw_intention", "restore_intention"}


@pytest.mark.parametrize("deed", list(Deed))
def test_a_deed_fits_into_its_column(deed: Deed) -> None:
    assert len(deed.value) <= 24


@pytest.mark.parametrize("field", ["about", "kind", "by"])
def test_whatever_is_looked_for_neither_engine_stumbles(council: Council, field: str) -> None:
    for text in ("\0", "\ud800", "x" * 5_000, "'; --"):
        assert page(council.desk, Asked(**{field: text}), 10).lines == ()
