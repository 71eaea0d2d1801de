"""From the register to the timeline: contracts that nothing follows, told of once a month, drafted by a button."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from council import FARAH, GARETH, HELEN, MONDAY, PRIYA, RUTH, SUNITA, TOM, WENDY, Council, at
from post import Sent
from timeline import row, take, terms

from bot.__main__ import desk as command
from bot.wiring import Wiring
from handlers.intentions.ending import drafted, end_words, first_working_day, line
from handlers.messages import Outcome
from handlers.timed import run_due
from knowledge.register.contract import Contract
from knowledge.register.holding import Held
from knowledge.tables import contract as table
from knowledge.timeline.ending import Ending, ending, ending_of, followed_keys, months_after
from knowledge.timeline.history import whole
from knowledge.timeline.nouns import Route, Stage, State
from knowledge.workdays import Calendar

DECEMBER = at("2026-12-01", "09:30")
"""A Tuesday, and the first working day of its month."""


def found(council: Council, months: int = 18) -> list[Ending]:
    with council.store.reading() as connection:
        return ending(connection, council.desk.day, months)


def references(council: Council, months: int = 18) -> list[str]:
    return [one.contract.reference for one in found(council, months)]


def follow(council: Council, contract: str, *, state: State = State.PLANNED, name: str = "INT-A") -> None:
    take(council.store, row(name, terms(f"What follows {contract}", follows=contract, state=state)))


def month_passes(council: Council, moment: Any) -> list[Sent]:
    """The desk's timed work on a day, and what the post of its office hours brings of this."""
    council.clock = moment
    run_due(council.desk)
    council.clock = moment + timedelta(hours=1)
    return [one for one in council.post.deliver() if one.kind == "ending"]


# --- which ---------------------------------------------------------------------------------------------------------


def test_those_that_end_within_eighteen_months_and_that_nothing_follows_stand_soonest_first(council: Council) -> None:
    told = found(council)
    days = [one.ends for one in told]
    assert days == sorted(days)
    assert days[0] >= council.desk.day
    assert days[-1] <= date(2028, 5, 23)
    names = [one.contract.reference for one in told]
    assert {"MCC-0001", "MCC-0011", "MCC-0040"} <= set(names)
    assert not {"MCC-0012", "MCC-0034", "MCC-0048"} & set(names), "ended, too far off, hardly begun"
    assert set(references(council, 6)) < set(names)


@pytest.mark.parametrize(
    "said", ["MCC-0001", " mcc-0001 ", "MCC-0009; mcc-0001", "MCC-0009 and MCC-0001", "X, MCC-0001"]
)
def test_one_that_an_intention_follows_however_it_is_written_is_not_among_them(council: Council, said: str) -> None:
    assert "MCC-0001" in references(council)
    follow(council, said)
    assert "MCC-0001" not in references(council)


def test_a_withdrawn_intention_follows_nothing(council: Council) -> None:
    follow(council, "MCC-0001")
    take(council.store, row("INT-A", terms(state=State.WITHDRAWN), reason="It is not needed."))
    assert "MCC-0001" in references(council)


def test_what_is_called_off_from_a_contract_goes_with_it(council: Council) -> None:
    assert "MCC-0007" in references(council)
    follow(council, "MCC-0006")
    assert not {"MCC-0006", "MCC-0007"} & set(references(council))


def test_another_buyers_intention_follows_nothing_of_ours(council: Council) -> None:
    follow(council, "MCC-0001")
    with council.store.writing() as connection:
        connection.execute(sa.text("UPDATE intention SET own = false"))
        assert followed_keys(connection) == frozenset()


@pytest.mark.parametrize(
    ("end", "extension", "ends", "words"),
    [
        ("2027-09-30", None, "2027-09-30", "ends 30 September 2027"),
        ("2027-09-30", "2027-09-30", "2027-09-30", "ends 30 September 2027"),
        ("2027-09-30", "2029-09-30", "2027-09-30", "ends 30 September 2027 (can be extended to 30 September 2029)"),
        ("2026-11-23", None, "2026-11-23", "ends 23 November 2026"),
        ("2026-03-31", "2027-03-31", "2027-03-31",
         "its end, 31 March 2026, has passed; it can be extended to 31 March 2027"),
        ("2026-03-31", "2026-03-31", None, ""), ("2026-11-22", None, None, ""), (None, "2027-03-31", None, ""),
    ],
)  # fmt: skip
def test_when_a_contract_ends(end: str | None, extension: str | None, ends: str | None, words: str) -> None:
    days = {name: date.fromisoformat(day) for name, day in (("end", end), ("extension", extension)) if day}
    one = ending_of(Held(Contract(reference="C", title="T", **days)), date(2026, 11, 23))  # type: ignore[arg-type]
    assert (one.ends.isoformat() if one else None) == ends
    assert not one or end_words(one) == words


def test_one_that_a_complete_register_lacked_has_ended(sqlite_council: Council) -> None:
    with sqlite_council.store.writing() as connection:
        gone = sa.update(table).where(table.c.key == "mcc-0001").values(ended_on=date(2026, 11, 1))
        connection.execute(gone)
    assert "MCC-0001" not in references(sqlite_council)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [("2026-11-23", 18, "2028-05-23"), ("2026-08-31", 6, "2027-02-28"), ("2026-12-31", 12, "2027-12-31"),
     ("2026-01-31", 1, "2026-02-28")],
)  # fmt: skip
def test_so_many_months_later(day: str, months: int, after: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(after)


# --- telling ------------------------------------------------------------------------------------------------------


def test_on_the_first_working_day_every_manager_hears_of_theirs_once(council: Council) -> None:
    council.clock = at("2026-12-01", "00:10")
    assert run_due(council.desk) > 0
    assert council.post.deliver() == [], "nobody is woken"
    sent = month_passes(council, DECEMBER)
    assert {one.recipient for one in sent} == {PRIYA, SUNITA, TOM, GARETH, RUTH, FARAH}
    [mine] = [one for one in sent if one.recipient == PRIYA]
    assert "and nothing on the timeline follows them" in mine.text
    assert "MCC-0011, Community equipment: " in mine.text
    assert mine.text.index("MCC-0011") < mine.text.index("MCC-0001"), "soonest first"
    assert set(mine.buttons) == {"new_intention"}
    first = mine.letter.reply.choices[0]
    assert (first.about, first.opens_form) == ("follows:MCC-0011", True)
    for day in ("2026-12-02", "2026-12-15", "2026-12-31"):
        assert month_passes(council, at(day)) == []
    january = month_passes(council, at("2027-01-04"))
    assert {one.recipient for one in january} == {PRIYA, SUNITA, TOM, GARETH, RUTH, FARAH, HELEN}


def test_those_without_a_manager_go_to_the_deputy_the_director_or_the_administrators(council: Council) -> None:
    sent = {one.recipient: one.text for one in month_passes(council, DECEMBER)}
    assert "MCC-0025" in sent[GARETH], "Bernadette is away, and Gareth stands in for her"
    with council.store.reading() as connection:
        nobodys = [one for one in ending(connection, council.desk.day, 24) if not one.contract.manager_email]
    assert {one.contract.reference for one in nobodys} == {"MCC-0013", "MCC-0030", "MCC-0045"}
    assert "MCC-0045" in (sent.get(HELEN, "") + sent[RUTH])
    assert WENDY not in sent


def test_a_desk_that_was_away_on_the_day_tells_when_it_is_back(council: Council) -> None:
    assert month_passes(council, at("2026-12-09")) != []


def test_what_is_followed_meanwhile_is_not_told_of(council: Council) -> None:
    council.clock = at("2026-12-01", "00:10")
    run_due(council.desk)
    for number, one in enumerate(found(council, 24)):
        if one.contract.manager_email == TOM:
            follow(council, one.contract.reference, name=f"INT-{number}")
    assert TOM not in {one.recipient for one in month_passes(council, DECEMBER)}


@pytest.mark.parametrize(
    ("day", "first"), [("2026-11-21", "2026-11-02"), ("2027-01-20", "2027-01-04"), ("2026-12-31", "2026-12-01")]
)
def test_the_first_working_day_of_a_month(day: str, first: str) -> None:
    assert first_working_day(date.fromisoformat(day), Calendar()) == date.fromisoformat(first)


# --- drafting -----------------------------------------------------------------------------------------------------


def test_the_button_opens_the_form_with_what_the_register_has(council: Council) -> None:
    form = council.press(PRIYA, "new_intention", "follows:mcc-0002").form
    assert form is not None
    given = {one.name: one.value for one in form.entries if one.value}
    assert given == {
        "title": "Home care: Brenmouth", "directorate": "Adults and Public Health", "service": "Home care",
        "area": "Brenmouth", "value": "£12,240,000", "follows": "MCC-0002", "start": "2027-10-01",
        "stage": "plan", "route": "undecided", "description": given["description"],
    }  # fmt: skip
    assert given["description"].startswith("The contract MCC-0002 runs until 30 September 2027. Now with Harbourlight")
    reply = council.press(PRIYA, "new_intention", "", **given)
    assert reply.outcome is Outcome.TIMELINE
    assert "MCC-0002" not in references(council)
    with council.store.reading() as connection:
        made = whole(connection, "INT-1", MONDAY)
    assert made is not None
    said = made.intention.terms
    assert (said.follows, said.stage, said.route) == ("MCC-0002", Stage.PLAN, Route.UNDECIDED)
    assert (said.service, said.high) == ("home-care", Decimal(12_240_000))


def test_what_ends_in_more_than_a_year_is_to_be_analysed_first(sqlite_council: Council) -> None:
    with sqlite_council.store.reading() as connection:
        far = drafted(connection, "follows:MCC-0032", date(2026, 11, 23))
        assert drafted(connection, "follows:NOTHING", date(2026, 11, 23)) == {}
        assert drafted(connection, "", date(2026, 11, 23)) == {}
    assert (far["stage"], far["start"]) == ("analyse", "2028-04-01")


def test_who_may_not_write_to_the_timeline_drafts_nothing(sqlite_council: Council) -> None:
    assert sqlite_council.press("stranger@example.org", "new_intention", "follows:MCC-0002").outcome is Outcome.REFUSED


def test_in_house_services_are_named_as_such(sqlite_council: Council) -> None:
    [own] = [one for one in found(sqlite_council) if one.contract.reference == "MCC-0040"]
    assert "ends 31 March 2028, delivered in-house" in line(own)


def test_the_command_lists_them(marlshire: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_HOME", str(marlshire.settings.home))
    monkeypatch.setenv("DESK_ENDING_WITHIN", "120")
    told = CliRunner().invoke(command, ["timeline", "ending", "--json"])
    assert told.exit_code == 0, told.output
    listed = {one["reference"]: one for one in json.loads(told.output)}
    assert listed["MCC-0039"]["extension"] == "2030-03-31"
    assert listed["MCC-0039"]["ends"] == "2029-03-31"
    assert "Verges" in CliRunner().invoke(command, ["timeline", "ending"]).output
