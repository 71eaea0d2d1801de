"""Scheduled reviews: who is reminded when, who may record one, what then is due, what is answered and shown."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta

import cast
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from council import CARE, DANIEL, DOREEN, GARETH, HELEN, JOANNA, PRIYA, RUTH, SUNITA, Council, at
from post import Sent

from bot.__main__ import desk as command
from bot.links import path_for
from bot.wiring import Wiring
from handlers.home import parts
from handlers.messages import Message, Outcome, Reply
from handlers.reviews.words import Asks, wanted
from handlers.timed import run_due
from handlers.undelivered import undeliverable
from knowledge import reviews
from knowledge.concerns.since import since
from knowledge.documents.reading import Limits
from knowledge.outbox.owed import owed_of
from knowledge.register.contract import Contract
from knowledge.register.correcting import correct
from knowledge.register.holding import contract as held_contract
from knowledge.register.importing import import_register
from knowledge.register.reading.file import read_register
from knowledge.reviews import CannotRecord, Finding, Review
from knowledge.tables import audit, notification

DUE = "MCC-0014"
"""Sunita manages it, Helen directs it; its review is due on 31 December 2026."""
OWN, GRANT = "MCC-0022", "MCC-0028"
"""In-house, due on 31 December 2026; a grant, due on 31 March 2027."""
NEXT = "2027-12-01"
KINDS = ("review_due", "review_today", "review_missed")


def contract_of(council: Council, reference: str = CARE) -> Contract:
    with council.store.reading() as connection:
        held = held_contract(connection, reference)
    assert held
    return held.contract


def due(council: Council, reference: str = CARE) -> date | None:
    with council.store.reading() as connection:
        return reviews.due_on(contract_of(council, reference), connection)


def past(council: Council, reference: str = CARE) -> list[Review]:
    with council.store.reading() as connection:
        return reviews.reviews_of(connection, contract_of(council, reference))


def form_of(council: Council, who: str = PRIYA, reference: str = CARE) -> str:
    """What the form that somebody opens is about."""
    form = council.press(who, "record_review", reference).form
    assert form
    return form.about


def records(council: Council, who: str = PRIYA, reference: str = CARE, /, **more: str) -> Reply:
    given = {"outcome": "partly", "changes": "Visits at weekends are checked.", "next_on": NEXT, **more}
    return council.press(who, "record_review", reference, **given)


def missed(council: Council) -> list[str]:
    with council.store.reading() as connection:
        return [one.contract.reference for one in reviews.missed(connection, council.desk.day)]


def deeds(council: Council) -> list[tuple[str, str, str]]:
    with council.store.reading() as connection:
        rows = connection.execute(sa.select(audit).where(audit.c.kind == "review").order_by(audit.c.id)).all()
    assert all(set(row.counts) == set() for row in rows)
    return [(row.deed, row.kind, row.about) for row in rows]


def day_passes(council: Council, day: str) -> list[Sent]:
    """The desk's timed work on a day, twice, and what is sent of reviews."""
    council.clock = at(day, "09:30")
    run_due(council.desk)
    council.clock = at(day, "11:00")
    run_due(council.desk)
    return [one for one in council.post.deliver() if one.kind in KINDS]


# --- what is due --------------------------------------------------------------------------------------------------


def test_the_registers_review_date_counts_until_the_review_is_recorded(council: Council) -> None:
    assert due(council) == date(2026, 9, 30)
    assert CARE in missed(council)
    reply = records(council)
    assert reply.outcome is Outcome.REVIEW, reply.text
    assert "outcomes partly met. The next is due on 1 December 2027" in reply.text
    assert due(council) == date(2027, 12, 1)
    assert CARE not in missed(council)
    [one] = past(council)
    assert (one.outcome, one.due_on, one.recorded_by) == (Finding.PARTLY, date(2026, 9, 30), PRIYA)
    assert contract_of(council).review == date(2027, 12, 1), "the register has it too, for lists and exports"


def test_undoing_brings_back_what_was_due(council: Council) -> None:
    records(council)
    records(council, next_on="2028-06-01")
    assert due(council) == date(2028, 6, 1)
    for day in (date(2027, 12, 1), date(2026, 9, 30)):
        assert council.press(PRIYA, "undo_review", CARE).outcome is Outcome.REVIEW
        assert due(council) == day
    assert past(council) == []
    assert council.press(PRIYA, "undo_review", CARE).outcome is Outcome.REFUSED
    assert deeds(council) == [("changed", "review", "mcc-0002")] * 2 + [("undid", "review", "mcc-0002")] * 2


def test_undoing_leaves_a_day_that_somebody_has_put_there_since(sqlite_council: Council) -> None:
    records(sqlite_council)
    with sqlite_council.store.writing() as connection:
        correct(connection, CARE, "review", "2027-05-05")
    sqlite_council.press(PRIYA, "undo_review", CARE)
    assert due(sqlite_council) == date(2027, 5, 5)


def test_one_without_a_review_date_can_be_reviewed_and_undone(sqlite_council: Council) -> None:
    with sqlite_council.store.writing() as connection:
        correct(connection, CARE, "review", "")
    assert due(sqlite_council) is None
    records(sqlite_council)
    assert past(sqlite_council)[0].due_on == sqlite_council.desk.day
    sqlite_council.press(PRIYA, "undo_review", CARE)
    assert due(sqlite_council) == date(2026, 9, 30), "the file's own day, which had been emptied, counts again"


def test_a_corrected_later_day_in_the_register_counts_and_an_earlier_one_does_not(sqlite_council: Council) -> None:
    records(sqlite_council)
    with sqlite_council.store.writing() as connection:
        correct(connection, CARE, "review", "2027-06-30")
    assert due(sqlite_council) == date(2027, 6, 30)
    with sqlite_council.store.writing() as connection:
        correct(connection, CARE, "review", "2026-09-30")
    assert due(sqlite_council) == date(2027, 12, 1), "that one is done"


def test_missed_are_those_in_force_whose_day_has_passed_the_longest_first(council: Council) -> None:
    assert missed(council)[0] == "MCC-0011"
    assert not {"MCC-0018", "MCC-0042", "MCC-0012"} & set(missed(council)), "they have ended"
    assert DUE not in missed(council)
    council.clock = at("2026-12-31")
    assert not {DUE, OWN} & set(missed(council)), "today is not too late"
    council.clock = at("2027-01-01")
    assert {DUE, OWN} <= set(missed(council)), "in-house services too"
    council.clock = at("2027-04-01")
    assert GRANT in missed(council), "and grants"


def test_two_who_record_the_same_review_record_it_once(council: Council) -> None:
    about = form_of(council)
    assert records(council, PRIYA, about).outcome is Outcome.REVIEW
    second = records(council, HELEN, about)
    assert (second.outcome, "recorded already" in second.text) == (Outcome.REFUSED, True)
    assert len(past(council)) == 1


def test_at_the_same_moment_on_postgresql_too(postgresql_council: Council) -> None:
    contract, told = contract_of(postgresql_council), []
    barrier = threading.Barrier(3, timeout=5)

    def record() -> None:
        try:
            with postgresql_council.store.writing() as connection:
                barrier.wait()
                reviews.record(connection, contract, Finding.MET, "", date(2028, 1, 1), postgresql_council.clock)
                told.append("recorded")
        except CannotRecord:
            told.append("refused")

    threads = [threading.Thread(target=record) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(told) == ["recorded", "refused", "refused"]
    assert len(past(postgresql_council)) == 1


# --- reminding ----------------------------------------------------------------------------------------------------


def test_the_manager_is_reminded_a_month_before_on_the_day_and_the_director_once_it_is_missed(council: Council) -> None:
    def of_it(day: str) -> list[tuple[str, str]]:
        return [(one.kind, one.recipient) for one in day_passes(council, day) if DUE in one.letter.subject]

    assert of_it("2026-11-30") == []
    assert of_it("2026-12-01") == [("review_due", SUNITA)]
    assert of_it("2026-12-02") == []
    assert of_it("2026-12-31") == [("review_today", SUNITA)]
    assert of_it("2027-01-04") == [("review_missed", HELEN)]
    assert of_it("2027-01-05") == []
    assert of_it("2027-03-01") == []


def test_a_reminder_says_what_the_last_review_found_and_how_many_concerns_there_were(council: Council) -> None:
    council.raised(contract=DUE)
    [letter] = [one for one in day_passes(council, "2026-12-01") if DUE in one.letter.subject]
    assert letter.letter.subject == "MCC-0014 is to be reviewed by 31 December 2026"
    assert "1 concern so far: 0 late, 0 reopened." in letter.text
    assert "Gullhaven" not in letter.text, "nothing that anybody wrote"
    [button] = letter.letter.reply.choices
    assert (button.action, button.about, button.opens_form) == ("record_review", DUE, True)


def test_the_setting_says_how_long_before(sqlite_council: Council) -> None:
    sqlite_council.with_desk(review_days=60)
    assert DUE in " ".join(one.text for one in day_passes(sqlite_council, "2026-11-03"))


def test_who_is_away_is_stood_in_for_and_nobody_is_told_twice(council: Council) -> None:
    council.list(sunita_marwood={"away_from": "2026-11-25", "away_to": "2026-12-04"})
    told = [one.recipient for one in day_passes(council, "2026-12-01") if DUE in one.letter.subject]
    assert told == [PRIYA]
    again = [one.recipient for one in day_passes(council, "2026-12-07") if DUE in one.letter.subject]
    assert again == [], "back, and it was told already"


def test_what_does_not_arrive_goes_to_the_next_on_the_ladder(council: Council) -> None:
    council.clock = at("2026-12-01", "09:30")
    run_due(council.desk)
    with council.store.reading() as connection:
        rows = connection.execute(sa.select(notification).where(notification.c.kind == "review_due")).all()
        [owed] = [one for one in owed_of(connection, rows) if one.about["contract"] == DUE.lower()]
    undeliverable(owed, "bounced", council.desk)
    council.clock = at("2026-12-01", "11:00")
    told = [one.recipient for one in council.post.deliver() if DUE in one.letter.subject and one.kind in KINDS]
    assert set(told) - {SUNITA} == {PRIYA}, "her deputy by the people list"


def test_a_manager_whom_only_the_register_names_is_reminded_and_records(sqlite_council: Council) -> None:
    sqlite_council.list(sunita_marwood=None)
    [letter] = [one for one in day_passes(sqlite_council, "2026-12-01") if DUE in one.letter.subject]
    assert (letter.recipient, [one.action for one in letter.letter.reply.choices]) == (SUNITA, ["record_review"])
    assert records(sqlite_council, SUNITA, DUE).outcome is Outcome.REVIEW


def test_what_is_recorded_meanwhile_is_told_no_more(council: Council) -> None:
    council.clock = at("2026-12-01", "00:10")
    run_due(council.desk)
    records(council, SUNITA, DUE)
    council.clock = at("2026-12-01", "11:00")
    assert [one for one in council.post.deliver() if DUE in one.letter.subject and one.kind in KINDS] == []


def test_a_register_full_of_old_dates_brings_no_heap_of_letters(council: Council) -> None:
    told = day_passes(council, "2026-11-23")
    subjects = " ".join(one.letter.subject for one in told)
    assert "MCC-0045" in subjects, "missed three weeks ago"
    assert "MCC-0011" not in subjects, "missed in March"


# --- recording ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"), [(PRIYA, True), (HELEN, True), (RUTH, True), (DANIEL, False), (GARETH, False), (JOANNA, False),
                     (DOREEN, False), ("stranger@example.org", False)]
)  # fmt: skip
def test_only_who_carries_the_contract_records(council: Council, who: str, may: bool) -> None:
    reply = records(council, who)
    assert (reply.outcome is Outcome.REVIEW) is may, reply.text
    assert len(past(council)) == int(may)
    assert (council.press(who, "undo_review", CARE).outcome is Outcome.REVIEW) is may


def test_who_acts_for_a_manager_who_is_away_may_record(council: Council) -> None:
    assert records(council, SUNITA).outcome is Outcome.REFUSED
    council.list(priya_venn={"away_from": "2026-11-20", "away_to": "2026-12-20"})
    assert records(council, SUNITA).outcome is Outcome.REVIEW


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"outcome": ""}, "outcome"), ({"outcome": "splendid"}, "outcome"), ({"next_on": ""}, None),
        ({"next_on": "soon"}, "next_on"), ({"next_on": "2026-11-23"}, "next_on"), ({"next_on": "2026-11-24"}, None),
        ({"next_on": "24/11/2026"}, None), ({"next_on": "2046-01-01"}, "next_on"), ({"changes": ""}, None),
        ({"changes": "x" * 4_001}, "changes"), ({"changes": "Mrs Okafor is to be visited at nine."}, "changes"),
        ({"outcome": "not-met"}, None), ({"outcome": "not_met"}, None),
    ],
)  # fmt: skip
def test_errors_stand_at_their_fields(sqlite_council: Council, given: dict[str, str], wrong: str | None) -> None:
    reply = records(sqlite_council, PRIYA, CARE, **given)
    assert (list(reply.form.errors) if reply.form else []) == ([wrong] if wrong else [])
    assert len(past(sqlite_council)) == int(wrong is None)


def test_what_looks_personal_is_refused_with_the_reason(sqlite_council: Council) -> None:
    reply = records(sqlite_council, PRIYA, CARE, changes="Mrs Okafor at 14 High Street is to be visited earlier.")
    assert reply.form
    assert "personal data (a name with an address)" in reply.form.errors["changes"]
    assert {one.name: one.value for one in reply.form.entries}["changes"].startswith("Mrs Okafor"), "to be put right"


def test_what_ends_within_a_year_needs_no_next_review(sqlite_council: Council) -> None:
    assert records(sqlite_council, PRIYA, CARE, next_on="").outcome is Outcome.REVIEW
    assert due(sqlite_council) is None
    reply = records(sqlite_council, PRIYA, "MCC-0008", next_on="")
    assert reply.form
    assert "runs for more than a year" in reply.form.errors["next_on"]


def test_beside_the_form_stand_the_concerns_since_the_last_review_without_a_word_of_them(council: Council) -> None:
    first = council.raised()
    council.clock += timedelta(days=1)
    records(council)
    council.clock += timedelta(days=1)
    second = council.raised(text="The carers leave after ten minutes in Brenmouth every evening")
    council.press(PRIYA, "close", second, outcome="put_right", text="They stay for the whole visit now.")
    council.press(DOREEN, "not_fixed", second, text="They left early again yesterday.")
    third = council.raised(text="Medicines are given at the wrong hours in Gullhaven")
    council.clock += timedelta(days=40)
    form = council.press(PRIYA, "record_review", CARE).form
    assert form
    assert form.beside
    assert [row[0] for row in form.beside.rows] == [third, second]
    assert first not in str(form)
    assert form.beside.rows[1][1] == "reopened, late"
    assert "2 concerns since the last review (24 November 2026): 2 late, 1 reopened." in form.heading
    assert not {"Gullhaven", "medicines", "evening"} & set(str(form).split())


def test_a_concern_moved_to_another_contract_is_counted_there(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "pass_on", reference, contract="MCC-0010")
    with council.store.reading() as connection:
        assert since(connection, CARE.lower(), None, council.clock).concerns == ()
        [one] = since(connection, "mcc-0010", None, council.clock).concerns
    assert one.reference == reference


# --- asking -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "asks", "what"),
    [
        ("record the review of MCC-0012", Asks.RECORD, "MCC-0012"),
        ("Please record the outcome of the review for home care in Brenmouth.", Asks.RECORD, "home care in Brenmouth"),
        ("what did the last review of MCC-0002 find?", Asks.FOUND, "MCC-0002"),
        ("what was the outcome of the latest review of home care", Asks.FOUND, "home care"),
        ("how did the review of MCC-0002 go?", Asks.FOUND, "MCC-0002"),
        ("when is the review of MCC-0002?", Asks.WHEN, "MCC-0002"),
        ("when is the next review of the leisure centres due", Asks.WHEN, "the leisure centres"),
        ("when will MCC-0002 be reviewed next?", Asks.WHEN, "MCC-0002"),
        ("which contracts have missed their review?", Asks.MISSED, ""), ("missed reviews", Asks.MISSED, ""),
        ("what reviews were missed?", Asks.MISSED, ""), ("my reviews", Asks.MINE, ""),
        ("which reviews are coming up?", Asks.MINE, ""),
    ],
)  # fmt: skip
def test_what_is_asked_of_reviews(text: str, asks: Asks, what: str) -> None:
    assert wanted(text) == (asks, what)


@pytest.mark.parametrize(
    "text",
    ["what does the framework say about reviews?", "which contracts are due for review this year", "review the plan",
     "my mother's review was missed by the social worker", "how often must contracts be reviewed?"],
)  # fmt: skip
def test_what_asks_for_something_else(text: str) -> None:
    assert wanted(text) is None


def test_typing_opens_the_form_for_who_carries_it(council: Council) -> None:
    form = council.say(PRIYA, "record the review of mcc-0002").form
    assert form
    assert (form.action, form.about) == ("record_review", "MCC-0002|2026-09-30")
    assert council.say(PRIYA, "record the review of home care in Brenmouth").form == form
    assert council.say(DANIEL, "record the review of MCC-0002").outcome is Outcome.REFUSED
    assert council.say(DOREEN, "record the review of MCC-0002").form is None


def test_a_name_that_fits_several_is_asked_about(sqlite_council: Council) -> None:
    reply = sqlite_council.say(PRIYA, "record the review of home care")
    assert {one.action for one in reply.choices} == {"record_review"}
    assert len(reply.choices) > 2


def test_what_the_last_review_found_is_told_by_who_asks(council: Council) -> None:
    ask = "what did the last review of home care in Brenmouth find?"
    assert "No review is recorded here yet" in council.say(DANIEL, ask).text
    records(council)
    officer, manager, member = (council.say(one, ask) for one in (DANIEL, PRIYA, DOREEN))
    for told in (officer, manager):
        assert "found its outcomes partly met" in told.text
        assert "Its next review is due on 1 December 2027" in told.text
    assert "weekends" in manager.text
    assert "weekends" not in officer.text
    assert officer.choices == ()
    assert officer.table is None
    assert [one.action for one in manager.choices] == ["record_review", "undo_review"]
    assert "partly" not in member.text


def test_when_it_is_due_next_is_answered_by_the_register_and_with_what_was_recorded(council: Council) -> None:
    assert "30 September 2026" in council.say(DANIEL, "when is the review of MCC-0002?").text
    records(council)
    for who in (DANIEL, DOREEN):
        assert "1 December 2027" in council.say(who, "when is the review of MCC-0002?").text
    assert "outcomes partly met" in council.say(DANIEL, "when is the review of MCC-0002?").text
    assert any("outcomes partly met" in note for note in council.say(DANIEL, "who manages MCC-0002?").notes)
    assert not any("partly" in note for note in council.say(DOREEN, "who manages MCC-0002?").notes)


def test_which_have_missed_their_review(council: Council) -> None:
    reply = council.say(DANIEL, "which contracts have missed their review?")
    assert reply.table
    assert reply.table.contracts[0] == "MCC-0011"
    assert set(reply.table.contracts) == set(missed(council))
    assert f"{len(missed(council))} contracts in force have missed their review" in reply.text
    assert council.say(DOREEN, "which contracts have missed their review?").outcome is not Outcome.REVIEW
    gaps = council.say(DANIEL, "what share of contracts have a review date?")
    assert any("missed their review" in note for note in gaps.notes)


def test_a_manager_finds_reviews_on_app_home(council: Council) -> None:
    def home(who: str) -> dict[str, list[str]]:
        message = Message(text="", addresses=(who,), roles=council.roles(who))
        return {part.title: [f"{row.what} {row.small}" for row in part.rows] for part in parts(message, council.desk)}

    told = home(PRIYA)["Reviews coming up"]
    assert told[0].startswith("MCC-0011")
    assert "Missed: was due on 31 March 2026" in told[0]
    assert "MCC-0014" in " ".join(home(SUNITA)["Reviews coming up"])
    assert "Reviews coming up" not in home(DANIEL)
    assert "Reviews coming up" not in home(DOREEN)
    assert "MCC-0011, " in council.say(PRIYA, "my reviews").text


def test_a_letters_button_leads_to_the_page(sqlite_council: Council, marlshire: Wiring) -> None:
    [letter] = [one for one in day_passes(sqlite_council, "2026-12-01") if DUE in one.letter.subject]
    assert path_for(letter.letter.reply.choices[0], letter.letter, marlshire) == "/reviews/MCC-0014"


# --- the terminal -------------------------------------------------------------------------------------------------


@pytest.fixture
def terminal(marlshire: Wiring, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DESK_HOME", str(marlshire.settings.home))
    return CliRunner()


def test_the_terminal_lists_records_and_undoes(terminal: CliRunner) -> None:
    def told(*more: str) -> dict[str, dict[str, object]]:
        done = terminal.invoke(command, ["review", "list", "--json", *more])
        assert done.exit_code == 0, done.output
        return {one["reference"]: one for one in json.loads(done.output)}

    assert told()[CARE]["last"] is None
    given = ["--outcome", "not-met", "--changes", "A new plan.", "--next", "2035-03-31", "--as", PRIYA]
    done = terminal.invoke(command, ["review", "record", CARE, *given])
    assert done.exit_code == 0, done.output
    one = told()[CARE]
    assert (one["due_on"], one["missed"]) == ("2035-03-31", False)
    assert one["last"]["outcome"] == "not_met"  # type: ignore[index]
    assert CARE not in told("--missed")
    assert "outcomes not met" in terminal.invoke(command, ["review", "list"]).output
    gaps = json.loads(terminal.invoke(command, ["register", "gaps", "--json"]).output)
    assert CARE not in {late["reference"] for late in gaps["missed_reviews"]}
    assert terminal.invoke(command, ["review", "undo", CARE]).exit_code == 0
    assert told("--missed")[CARE]["due_on"] == "2026-09-30"
    assert terminal.invoke(command, ["review", "undo", CARE]).exit_code == 1
    assert "missed its review" in terminal.invoke(command, ["register", "gaps"]).output


@pytest.mark.parametrize(
    ("more", "said"),
    [(["--as", DANIEL], "records its reviews"), (["--as", PRIYA, "--next", "yesterday"], "--next"),
     (["--as", PRIYA, "--changes", "Mrs Okafor moves."], "--changes")],
)  # fmt: skip
def test_the_terminal_says_what_is_wrong(terminal: CliRunner, more: list[str], said: str) -> None:
    done = terminal.invoke(command, ["review", "record", CARE, "--outcome", "met", "--next", "2035-01-01", *more])
    assert done.exit_code != 0
    assert said in done.output


def test_the_next_day_stays_when_the_register_is_taken_in_again(sqlite_council: Council) -> None:
    records(sqlite_council)
    with sqlite_council.store.writing() as connection:
        read = read_register(cast.SAMPLE / "register.csv", {}, Limits())
        import_register(connection, read, "register.csv", sqlite_council.clock)
    assert due(sqlite_council) == date(2027, 12, 1)


def test_the_next_review_is_on_no_day_whose_review_is_recorded_already(council: Council) -> None:
    """Each day's review is recorded once: one that came back to such a day could never be, and was missed for ever."""
    council.clock = at("2026-11-23")
    first = due(council, DUE)
    assert first
    records(council, SUNITA, DUE, next_on="2026-12-08")
    reply = records(council, SUNITA, DUE, next_on=first.isoformat())
    assert reply.form
    assert "recorded already" in reply.form.errors["next_on"]
    same = records(council, SUNITA, DUE, next_on="2026-12-08").form
    assert same
    assert "or is this one" in same.errors["next_on"]
    assert records(council, SUNITA, DUE, next_on="2027-01-08").outcome is Outcome.REVIEW
    council.clock = at("2027-01-09")
    assert DUE in missed(council)
    assert records(council, SUNITA, DUE, next_on=NEXT).outcome is Outcome.REVIEW
