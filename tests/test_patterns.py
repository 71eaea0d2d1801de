"""Several concerns on one contract within weeks: found once, told once, by references and what they have in common."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from council import CARE, DANIEL, DOREEN, HELEN, IMRAN, MARCUS, PRIYA, SUNITA, Council
from post import Sent

from handlers.home import parts
from handlers.messages import Message, Outcome
from handlers.timed import JOBS, run_due
from knowledge.patterns import Pattern, latest, patterns_of

TEXTS = (
    "The carer has not come to an old chap in Gullhaven three mornings running",
    "Medicines are given at the wrong hours in Brenmouth and nobody says sorry",
    "The agency sends a different girl every single day, complains a daughter",
    "Visits of half an hour last ten minutes at most in Gullhaven",
    "Home care visits come at noon and not at eight to get people up",
    "Nobody was told that the rota of visits had changed",
    "A visit was logged and the door camera shows that nobody was there",
)
OTHERS = "MCC-0003"
"""Home care elsewhere: Priya's too."""


def raised(council: Council, count: int, *, first: int = 0, contract: str = CARE) -> list[str]:
    found = []
    for text in TEXTS[first : first + count]:
        found.append(council.raised(text=text, contract=contract))
        council.clock += timedelta(minutes=10)
    return found


def told(council: Council) -> list[Sent]:
    """What is sent of patterns, once the timed work was done twice."""
    council.clock += timedelta(minutes=10)
    run_due(council.desk)
    council.clock += timedelta(minutes=10)
    run_due(council.desk)
    return [one for one in council.post.deliver() if one.kind == "pattern"]


def found(council: Council, contract: str = CARE) -> list[Pattern]:
    with council.store.reading() as connection:
        return patterns_of(connection, contract.lower())


def test_three_concerns_are_told_once_to_manager_and_director_with_what_they_have_in_common(council: Council) -> None:
    names = raised(council, 2)
    assert told(council) == []
    names += raised(council, 1, first=2)
    letters = told(council)
    assert sorted(one.recipient for one in letters) == [HELEN, PRIYA]
    text = letters[0].text
    assert text.startswith(f"3 concerns in 30 days on Home care: Brenmouth (MCC-0002): {', '.join(names)}.")
    assert "All about home care" in text
    assert "all in the week of 23 November 2026" in text
    assert "now 3 raised" in text
    assert "Brenmouth (" in text.partition("(MCC-0002)")[2]
    assert not {"carer", "Medicines", "daughter", "Gullhaven"} & set(text.split()), "nothing of what was written"
    assert told(council) == []
    [one] = found(council)
    assert len(one.concerns) == 3


def test_more_are_told_of_only_when_as_many_new_ones_have_come(council: Council) -> None:
    raised(council, 3)
    assert len(told(council)) == 2
    raised(council, 2, first=3)
    assert told(council) == []
    raised(council, 1, first=5)
    again = told(council)
    assert len(again) == 2
    assert "6 concerns in 30 days" in again[0].text
    assert [len(one.concerns) for one in found(council)] == [6, 3]


@pytest.mark.parametrize(("days", "tells"), [(28, True), (31, False)])
def test_they_count_for_thirty_days(sqlite_council: Council, days: int, tells: bool) -> None:
    raised(sqlite_council, 2)
    sqlite_council.clock += timedelta(days=days)
    raised(sqlite_council, 1, first=2)
    sqlite_council.clock += timedelta(hours=1)
    run_due(sqlite_council.desk)
    assert bool(found(sqlite_council)) is tells


def test_the_settings_say_how_many_in_how_many_days(sqlite_council: Council) -> None:
    sqlite_council.with_desk(pattern_concerns=2, pattern_days=10)
    raised(sqlite_council, 2)
    assert "2 concerns in 10 days" in told(sqlite_council)[0].text


def test_withdrawn_ones_do_not_count(council: Council) -> None:
    names = raised(council, 3)
    council.press(DOREEN, "withdraw", names[0])
    assert told(council) == []
    assert found(council) == []


def test_one_withdrawn_before_it_is_told_makes_it_nothing(council: Council) -> None:
    names = raised(council, 3)
    council.clock += timedelta(minutes=10)
    run_due(council.desk)
    assert len(found(council)) == 1
    council.press(DOREEN, "withdraw", names[0])
    assert [one for one in council.post.deliver() if one.kind == "pattern"] == []


def test_one_moved_to_another_contract_counts_there_and_no_longer_here(council: Council) -> None:
    raised(council, 2, contract=OTHERS)
    moved = raised(council, 2, first=2)
    council.press(PRIYA, "pass_on", moved[0], contract=OTHERS)
    letters = told(council)
    assert {one.letter.subject for one in letters} == {"MCC-0003: 3 concerns in 30 days"}
    assert found(council) == []
    raised(council, 1, first=4)
    assert told(council) == [], "two are left here"


def test_several_workers_write_it_down_once(postgresql_council: Council) -> None:
    raised(postgresql_council, 3)
    postgresql_council.clock += timedelta(minutes=10)
    jobs = tuple(one for one in JOBS if one.name == "patterns")
    threads = [threading.Thread(target=run_due, args=(postgresql_council.desk, jobs)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert postgresql_council.errors == []
    assert len(found(postgresql_council)) == 1
    postgresql_council.clock += timedelta(hours=1)
    assert len([one for one in postgresql_council.post.deliver() if one.kind == "pattern"]) == 2


def test_it_is_shown_to_those_who_carry_the_contract_and_to_nobody_else(council: Council) -> None:
    names = raised(council, 3)
    told(council)
    for who, sees in ((PRIYA, True), (HELEN, True), (DANIEL, False), (DOREEN, False), (MARCUS, False), (SUNITA, False)):
        said = f"{council.say(who, 'who manages MCC-0002?').notes}{council.press(who, 'open_review', CARE).notes}"
        assert (names[0] in said) is sees, who
        message = Message(text="", addresses=(who,), roles=council.roles(who))
        home = {part.title: part for part in parts(message, council.desk)}
        assert ("Several concerns on one contract" in home) is sees, who
        if sees:
            [row] = home["Several concerns on one contract"].rows
            assert "MCC-0002 Home care: Brenmouth: 3 concerns in 30 days" in row.what
            assert row.button
            assert council.press(who, row.button.action, row.button.about).outcome is Outcome.REVIEW


def test_what_no_longer_counts_is_shown_no_more(sqlite_council: Council) -> None:
    raised(sqlite_council, 3)
    told(sqlite_council)
    sqlite_council.clock += timedelta(days=40)
    assert not any("concerns in" in note for note in sqlite_council.say(PRIYA, "who manages MCC-0002?").notes)
    with sqlite_council.store.reading() as connection:
        assert latest(connection, sqlite_council.clock - timedelta(days=30)) == {}


def test_districts_come_from_the_place_that_is_told_or_else_from_the_members_division(sqlite_council: Council) -> None:
    sqlite_council.raised(who=DOREEN, text=TEXTS[4], contract=CARE)
    sqlite_council.raised(who=IMRAN, text=TEXTS[3], contract=CARE)
    sqlite_council.raised(who=IMRAN, text=TEXTS[0], contract=CARE)
    told(sqlite_council)
    [one] = found(sqlite_council)
    assert sum(one.common["districts"].values()) == 3
    assert "home-care" in one.common["services"]
    assert one.common["weeks"] == {"2026-11-23": 3}
