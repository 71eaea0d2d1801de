"""Questions as they are written down: once each, nothing personal in them, cleared in time; and what people say of the
answers."""

from __future__ import annotations

from datetime import timedelta

import cast
import pytest
import sqlalchemy as sa
from council import DANIEL, DOREEN, IMRAN, MONDAY, RUTH, WENDY, Council, at

from bot.wiring import Wiring
from handlers.messages import Outcome, Reply
from handlers.questions.offering import offered_under
from handlers.questions.round_up import tell_weekly
from handlers.timed import run_due
from knowledge.models import Access, Role
from knowledge.personal import personal
from knowledge.questions.asked import Question, by_number, write_down
from knowledge.questions.likeness import grouped
from knowledge.questions.listing import report
from knowledge.questions.masking import MASK, asked_plainly, masked
from knowledge.questions.ratings import explain, rate
from knowledge.retention.clearing import clear_questions
from knowledge.retention.periods import Periods
from knowledge.store import Store
from knowledge.tables import party, question, rating

FOUND = "What questions must a diagnostic report answer?"
STRANGER = frozenset({Role.PROVIDER})
AISHA = "aisha.kettle@example.org"
NOT_FOUND = "Which parking permits do visiting inspectors use?"
PERSONAL = "Does the framework say who pays for Mrs Beryl Okafor's home care at 14 Orchard Close, beryl@example.org?"


def asked(council: Council, who: str, text: str, **more: object) -> Reply:
    return council.say(who, text, **more)


def kept(council: Council, number: int | None) -> Question:
    assert number is not None, "the reply has its question's number"
    with council.store.reading() as connection:
        found = by_number(connection, number)
    assert found
    return found


# --- writing down -------------------------------------------------------------------------------------------------


def test_a_question_is_written_down_with_what_became_of_it(council: Council) -> None:
    reply = asked(council, DOREEN, NOT_FOUND)
    found = kept(council, reply.question)
    assert (found.text, found.outcome, found.asker) == (NOT_FOUND, "not_in_documents", DOREEN)
    assert (found.readable, found.passages) == ({Access.PUBLIC, Access.INTERNAL}, ())
    assert found.asked_at == council.clock


def test_an_answered_question_keeps_the_passages_it_was_answered_with(council: Council) -> None:
    reply = asked(council, DOREEN, FOUND)
    assert reply.outcome is Outcome.ANSWERED
    assert kept(council, reply.question).passages == tuple(one.passage for one in reply.citations)


def test_the_same_message_twice_is_one_question(council: Council) -> None:
    first, again = (asked(council, DOREEN, NOT_FOUND, id="slack:1") for _ in range(2))
    assert first.question == again.question
    assert asked(council, DOREEN, NOT_FOUND, id="slack:2").question != first.question


@pytest.mark.parametrize(
    "text", ["hello", "help", "the carer hasn't come to an old chap in Gullhaven", "which contracts end next year?"]
)
def test_what_is_no_question_about_the_papers_is_not_written_down(sqlite_council: Council, text: str) -> None:
    assert asked(sqlite_council, DOREEN, text).question is None
    with sqlite_council.store.reading() as connection:
        assert connection.execute(sa.select(question.c.id)).first() is None


def test_a_trial_is_not_written_down(sqlite_council: Council) -> None:
    assert asked(sqlite_council, DOREEN, NOT_FOUND, trial=True).question is None


def test_a_stranger_is_answered_and_nobody_is_named(council: Council) -> None:
    reply = asked(council, "", NOT_FOUND, addresses=(), roles=STRANGER)
    assert kept(council, reply.question).asker == ""


def test_a_question_that_cannot_be_written_down_is_answered_all_the_same(sqlite_council: Council) -> None:
    council = sqlite_council
    with council.store.writing() as connection:
        connection.exec_driver_sql("DROP TABLE rating")
        connection.exec_driver_sql("ALTER TABLE question RENAME TO away")
    reply = asked(council, DOREEN, NOT_FOUND)
    assert (reply.outcome, reply.question) == (Outcome.NOT_IN_DOCUMENTS, None)
    assert len(council.errors) == 1


# --- masking ------------------------------------------------------------------------------------------------------

PAPERS = (
    "framework",
    "pays",
    "home",
    "care",
    "close",
    "orchard",
    "rose",
    "green",
    "grant",
    "budget",
    "mother",
    "dementia",
)


def known(stems: object) -> frozenset[str]:
    from knowledge.text import stem

    return frozenset(map(stem, PAPERS)) & frozenset(stems)  # type: ignore[arg-type]


def test_a_question_that_is_not_personal_is_kept_word_for_word() -> None:
    assert masked(NOT_FOUND, known) == NOT_FOUND


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (PERSONAL, ("Beryl", "Okafor", "14", "beryl@example.org", "Orchard")),
        ("my mother mary smith has dementia, who pays? ring 07700 900123", ("mary", "smith", "07700", "900123")),
        ("Rose Green lives at 3 Grant Close: who pays for her home care?", ("Rose", "rose", "Green", "green", "3")),
        ("NHS number 943 476 5919: is home care in the budget?", ("943", "476", "5919")),
        ("e-mail j.smith@example.org about the home care budget", ("smith", "example.org", "j.")),
    ],
)
def test_what_could_tell_of_somebody_is_masked(text: str, gone: tuple[str, ...]) -> None:
    said = masked(text, known)
    assert personal(text)
    assert [word for word in gone if word in said] == []
    assert MASK in said
    assert "care" in said or "pays" in said, "what is asked is still to be read"


def test_a_masked_question_is_what_the_record_holds(council: Council) -> None:
    reply = asked(council, DOREEN, PERSONAL)
    if reply.question is None:  # it may be taken for a concern, of which nothing is written down
        pytest.fail(f"this is about the papers, not {reply.outcome}")
    text = kept(council, reply.question).text
    assert "Okafor" not in text
    assert not personal(asked_plainly(text))


# --- clearing -----------------------------------------------------------------------------------------------------


def cleared(council: Council) -> int:
    with council.store.writing() as connection:
        return clear_questions(connection, council.desk.now(), council.desk.kept)


def test_words_are_cleared_after_ninety_days_and_not_before(council: Council) -> None:
    number = asked(council, DOREEN, NOT_FOUND).question
    council.press(DOREEN, "rate", f"{number}|bad")
    council.clock = MONDAY + timedelta(days=90)
    assert cleared(council) == 0
    council.clock += timedelta(seconds=1)
    assert cleared(council) == 1
    assert cleared(council) == 0
    found = kept(council, number)
    assert (found.text, found.asker, found.outcome) == ("", "", "not_in_documents")
    with council.store.reading() as connection:
        assert connection.execute(sa.select(rating)).first() is None


def test_how_long_they_are_kept_is_a_setting(sqlite_council: Council) -> None:
    council = sqlite_council
    council.with_desk(kept=Periods(questions=7))
    number = asked(council, DOREEN, NOT_FOUND).question
    council.clock = MONDAY + timedelta(days=8)
    assert cleared(council) == 1
    assert kept(council, number).text == ""


def test_clearing_is_timed_work(sqlite_council: Council) -> None:
    council = sqlite_council
    number = asked(council, DOREEN, NOT_FOUND).question
    council.clock = MONDAY + timedelta(days=91)
    run_due(council.desk)
    assert kept(council, number).text == ""
    assert council.errors == []


def test_the_words_of_an_open_enquiry_stay_until_it_is_settled(council: Council) -> None:
    number = asked(council, DOREEN, NOT_FOUND).question
    council.press(DOREEN, "ask_person", str(number))
    council.clock = MONDAY + timedelta(days=91)
    assert cleared(council) == 0
    council.press(RUTH, "drop_enquiry", "E-1", reason="Nobody knows.")
    assert cleared(council) == 1
    with council.store.reading() as connection:
        text = " ".join(str(row) for row in connection.exec_driver_sql("SELECT answer, asker, origin FROM enquiry"))
    assert "Nobody knows" not in text
    assert "None" in text


# --- ratings ------------------------------------------------------------------------------------------------------


def ratings(council: Council) -> list[tuple[str, str, str]]:
    with council.store.reading() as connection:
        query = sa.select(party.c.address, rating.c.verdict, rating.c.reason).join(party, party.c.id == rating.c.party)
        return [(row.address, row.verdict, row.reason) for row in connection.execute(query.order_by(party.c.address))]


def test_the_last_press_counts(council: Council) -> None:
    number = asked(council, DOREEN, FOUND).question
    for verdict in ("good", "bad", "good"):
        council.press(DOREEN, "rate", str(number), verdict=verdict)
    council.press(IMRAN, "rate", str(number), verdict="bad")
    assert ratings(council) == [(DOREEN, "good", ""), (IMRAN, "bad", "")]


def test_of_a_bad_answer_it_asks_why(council: Council) -> None:
    number = asked(council, DOREEN, FOUND).question
    reply = council.press(DOREEN, "rate", str(number), verdict="bad")
    assert [one.label for one in reply.choices] == [
        "It is wrong", "It is out of date", "Not what I asked", "It is too long", "Ask a person",
    ]  # fmt: skip
    for choice in (reply.choices[0], reply.choices[1], reply.choices[1]):
        council.press(DOREEN, choice.action, choice.about)
    assert ratings(council) == [(DOREEN, "bad", "out_of_date")]
    council.press(DOREEN, "rate", str(number), verdict="bad")
    assert ratings(council) == [(DOREEN, "bad", "out_of_date")], "the same press again forgets no reason"
    council.press(DOREEN, "rate", str(number), verdict="good")
    assert ratings(council) == [(DOREEN, "good", "")]


@pytest.mark.parametrize(
    ("action", "about", "fields"),
    [
        ("rate", "999", {"verdict": "good"}),
        ("rate", "drop table", {"verdict": "good"}),
        ("rate", "1", {"verdict": "splendid"}),
        ("rate", "1", {}),
        ("rate_why", "1|because", {}),
        ("rate_why", "999|wrong", {}),
        ("rate_why", "wrong", {}),
    ],
)
def test_other_presses_change_nothing(sqlite_council: Council, action: str, about: str, fields: dict[str, str]) -> None:
    asked(sqlite_council, DOREEN, FOUND)
    reply = sqlite_council.press(DOREEN, action, about, **fields)
    assert reply.outcome is Outcome.REFUSED
    assert ratings(sqlite_council) == []


def test_a_stranger_is_told_why_their_word_is_not_counted(sqlite_council: Council) -> None:
    number = asked(sqlite_council, "", FOUND, addresses=(), roles=STRANGER).question
    reply = sqlite_council.send(
        "", action="rate", about=f"{number}|good", addresses=(), roles=frozenset({Role.PROVIDER})
    )
    assert (reply.outcome, "Sign in" in reply.text) == (Outcome.REFUSED, True)


def test_somebody_only_slack_knows_may_rate(sqlite_council: Council) -> None:
    number = asked(sqlite_council, "", FOUND, addresses=(), proved="U0PRUE", roles=STRANGER).question
    sqlite_council.send(
        "", action="rate", about=f"{number}|good", addresses=(), proved="U0PRUE", roles=frozenset({Role.PROVIDER})
    )
    assert ratings(sqlite_council) == [("U0PRUE", "good", "")]


def test_under_an_answer_stands_what_can_be_said_of_it(sqlite_council: Council) -> None:
    reply = asked(sqlite_council, DOREEN, FOUND)
    assert [one.label for one in offered_under(reply)] == ["This helped", "This did not help", "Ask a person"]
    assert offered_under(asked(sqlite_council, DOREEN, "hello")) == ()


# --- what officers look at ----------------------------------------------------------------------------------------


def test_questions_alike_are_one_group_under_the_commonest_wording() -> None:
    texts = ["parking permits for inspectors?", "Parking permits for inspectors", "permits for inspectors' parking"]
    texts += ["What is the biscuit budget?"]
    found = grouped(list(enumerate(texts, start=1)))
    assert [(one.text, one.count) for one in found] == [
        ("parking permits for inspectors?", 3), ("What is the biscuit budget?", 1),
    ]  # fmt: skip
    assert found[0].questions == (1, 2, 3)


def test_groups_of_many_are_made_quickly() -> None:
    texts = [(n, f"question {n % 500} about thing{n % 91} and matter{n % 77}") for n in range(4_000)]
    assert sum(one.count for one in grouped(texts)) == 4_000


def ask_in_record(store: Store, at: object, text: str, outcome: str, passages: tuple[str, ...] = ()) -> int:
    with store.writing() as connection:
        return write_down(
            connection, at, message="", asker="jo@example.org", text=text, outcome=outcome,  # type: ignore[arg-type]
            surface="web", readable=frozenset({Access.PUBLIC}), passages=passages,
        )  # fmt: skip


def test_a_report_counts_a_period(store: Store) -> None:
    early, week = MONDAY - timedelta(days=8), MONDAY - timedelta(days=7)
    ask_in_record(store, early, "Too early", "not_in_documents")
    bad = ask_in_record(store, week, "Who pays?", "answered", ("002#r1",))
    ask_in_record(store, week, "Which permits?", "not_in_documents")
    ask_in_record(store, MONDAY, "Too late", "not_in_documents")
    with store.writing() as connection:
        rate(connection, bad, "jo@example.org", "good", week)
        explain(connection, bad, "mo@example.org", "too_long", week)
        explain(connection, bad, "al@example.org", "wrong", week)
    with store.reading() as connection:
        found = report(connection, week, MONDAY)
    assert (found.asked, found.answered, found.good, found.bad) == (2, 1, 1, 2)
    assert [one.text for one in found.not_found] == ["Which permits?"]
    assert [(one.question.id, one.times, set(one.reasons)) for one in found.rated_badly] == [
        (bad, 2, {"too_long", "wrong"})
    ]


def test_papers_that_answer_nothing_are_named(wiring: Wiring) -> None:
    now = wiring.desk.now()

    def silent() -> list[str]:
        with wiring.store.reading() as connection:
            return [one.id for one in report(connection, now - timedelta(days=1), now + timedelta(days=1)).silent]

    assert silent() == [], "where nothing was asked, no paper is to blame"
    first = cast.ask(wiring, FOUND, cast.DEE).citations[0].document
    held = set(wiring.index.get().documents)
    assert set(silent()) == held - {first}


def told_weekly(council: Council) -> list[str]:
    """Who is owed the week's round-up, once the timed work is done."""
    with council.store.writing() as connection:
        tell_weekly(connection, council.desk)
    return [who for kind, who, _ in council.owed("waiting") if kind == "questions"]


def test_the_weeks_round_up_comes_on_monday_at_eight_once(council: Council) -> None:
    assert told_weekly(council) == [], "a desk that begins tells of no week before"
    number = asked(council, DOREEN, NOT_FOUND).question
    council.press(DOREEN, "rate_why", f"{number}|out_of_date")
    council.clock = at("2026-11-30", "07:59")
    assert told_weekly(council) == []
    council.clock = at("2026-11-30", "08:00")
    assert told_weekly(council) == [AISHA, DANIEL, RUTH, WENDY]
    council.clock = at("2026-11-30", "08:05")
    assert told_weekly(council) == [AISHA, DANIEL, RUTH, WENDY]
    sent = [one for one in council.post.deliver() if one.kind == "questions"]
    assert len(sent) == 4
    assert NOT_FOUND in sent[0].text
    assert "(out of date)" in sent[0].text
    assert "Asked and not found" in sent[0].text
    council.clock = at("2026-12-07", "08:00")
    assert told_weekly(council) == [], "there was nothing to do about the week after"


def test_the_round_up_is_timed_work(sqlite_council: Council) -> None:
    council = sqlite_council
    run_due(council.desk)
    asked(council, DOREEN, NOT_FOUND)
    council.clock = MONDAY + timedelta(days=8)
    run_due(council.desk)
    assert ("questions", RUTH, "waiting") in council.owed()
    assert council.errors == []


def test_a_round_up_of_what_has_been_cleared_says_nothing(sqlite_council: Council) -> None:
    council = sqlite_council
    told_weekly(council)
    asked(council, DOREEN, NOT_FOUND)
    council.clock = MONDAY + timedelta(days=7)
    assert told_weekly(council) == [AISHA, DANIEL, RUTH, WENDY]
    council.with_desk(kept=Periods(questions=1))
    cleared(council)
    assert [one for one in council.post.deliver() if one.kind == "questions"] == []
