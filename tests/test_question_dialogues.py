"""Dialogues: what people ask of the sample council's papers, and what the desk replies."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cast
import pytest
from cast import MAX, MO, OLIVE, PRUE, Visitor, ask, in_the_paper, plain, words_of
from flask import Flask

from bot.wiring import Wiring
from handlers.desk import Desk
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from knowledge.models import LEFT_OUT
from knowledge.store import Store

PLAIN = (
    ("Who signs off a contract worth £600,000?", "FW", "9.5"),
    ("how long do tenders stay open", "FW", "7.4"),
    ("How many such contracts can one contract manager have at once?", "FW", "6.1"),
    ("How much notice before cutting a grant?", "FW", "10.7"),
    ("What share of the marks does social value carry in tenders above £1 million?", "FW", "8.2"),
)


@pytest.mark.parametrize(("question", "document", "locator"), PLAIN)
def test_a_plain_question_is_answered_with_its_place(
    wiring: Wiring, question: str, document: str, locator: str
) -> None:
    reply = ask(wiring, question)
    assert reply.outcome is Outcome.ANSWERED
    assert (document, locator) in [(one.document, one.locator) for one in reply.citations]
    assert all(one.path and one.path.startswith(f"/documents/{one.document}#") for one in reply.citations)


def test_quotes_stand_word_for_word_in_the_sample_file(wiring: Wiring) -> None:
    files = {about.id: about.file for about in wiring.index.get().documents.values()}
    questions = [one for one, _, _ in PLAIN] + (cast.SAMPLE / "questions.txt").read_text(encoding="utf-8").splitlines()
    checked = 0
    for question in questions:
        for citation in ask(wiring, question, MAX).citations:
            paper = in_the_paper(files[citation.document])
            for run in (citation.quote or "").split(LEFT_OUT.strip()):
                said = plain(run.replace(" | ", "\n"))
                assert said in paper.replace(" | ", " "), f"{question}: {citation.locator}: {said}"
                checked += 1
    assert checked > 15


def test_the_marks_of_a_quotation_lie_inside_it(wiring: Wiring) -> None:
    for question, _, _ in PLAIN:
        for citation in ask(wiring, question).citations:
            assert all(0 <= mark.start < mark.end <= len(citation.quote or "") for mark in citation.marks)


def test_a_list_comes_whole(wiring: Wiring) -> None:
    reply = ask(wiring, "What questions must a diagnostic report answer?")
    first = reply.citations[0]
    assert first.locator == "Figure 1: Diagnostic report"
    assert (first.quote or "").count("• ") == 8
    assert "What would happen if we stopped?" in (first.quote or "")


def test_a_status_says_as_of_when(wiring: Wiring) -> None:
    reply = ask(wiring, "Is M4 done?")
    assert reply.outcome is Outcome.ANSWERED
    assert reply.text.startswith("M4 stood at “Behind” as of 30 June 2026.")
    assert [one.locator for one in reply.citations] == ["M4"]
    assert "Twenty-nine of 40 contracts have a plan." in (reply.citations[0].quote or "")


def test_a_follow_up_keeps_the_subject(wiring: Wiring) -> None:
    ask(wiring, "Who signs off a contract worth £600,000?", thread="one")
    reply = ask(wiring, "and for grants?", thread="one")
    assert reply.outcome is Outcome.ANSWERED
    quotes = [one.quote or "" for one in reply.citations if one.locator.startswith("10.")]
    assert any("signs" in quote for quote in quotes), "who signs grants, not what grants are"


def test_a_follow_up_in_another_thread_has_no_subject(wiring: Wiring) -> None:
    ask(wiring, "Is M4 done?", thread="one")
    assert [one.locator for one in ask(wiring, "who owns it?", thread="one").citations][:1] == ["M4"]
    assert "M4" not in [one.locator for one in ask(wiring, "who owns it?", thread="another").citations]


def test_an_abbreviation_with_two_meanings_is_asked_about_and_the_choice_answered(wiring: Wiring) -> None:
    reply = ask(wiring, "What is CAB?", thread="one")
    assert reply.outcome is Outcome.CLARIFY
    assert reply.citations == ()
    assert [choice.label for choice in reply.choices] == ["Commissioning Board", "Citizens Advice Bureau"]
    chosen = ask(wiring, reply.choices[0].text, thread="one")
    assert chosen.outcome is Outcome.ANSWERED
    assert any("Commissioning Board" in (one.quote or "") for one in chosen.citations)


def test_a_place_that_several_papers_have_is_asked_about_and_the_choice_answered(wiring: Wiring) -> None:
    reply = ask(wiring, "paragraph 6.3", OLIVE)
    assert reply.outcome is Outcome.CLARIFY
    assert reply.citations == ()
    assert {choice.label.split(":")[0] for choice in reply.choices} == {
        "Commissioning Well", "Buying for Marlshire", "Contract managers' guide"
    }  # fmt: skip
    strategy = next(choice for choice in reply.choices if choice.label.startswith("Buying"))
    assert {one.locator for one in ask(wiring, strategy.text, OLIVE).citations} == {"6.3"}


def test_an_internal_paper_is_not_offered_to_a_provider(wiring: Wiring) -> None:
    reply = ask(wiring, "paragraph 6.3", PRUE)
    assert "Contract managers' guide" not in words_of(reply)
    assert len(reply.choices) == 2


@pytest.mark.parametrize(
    "question",
    [
        "What does the framework say about using artificial intelligence to mark bids?",
        "principle 99",
        "what is the best recipe for marmalade?",
        "who won the 1966 world cup?",
    ],
)
def test_what_the_papers_do_not_say_carries_no_citation(wiring: Wiring, question: str) -> None:
    reply = ask(wiring, question)
    assert reply.outcome is Outcome.NOT_IN_DOCUMENTS
    assert reply.citations == ()
    assert reply.text.startswith("The documents do not say")
    assert reply.notes, "it says where it looked, or what there is"


def test_a_replaced_paragraph_says_what_has_replaced_it(wiring: Wiring) -> None:
    cited = ask(wiring, "paragraph 2.2 of Buying for Marlshire").citations
    replaced = next(one for one in cited if one.document == "ST")
    assert replaced.note == "superseded by Commissioning Well: Marlshire's commissioning framework (FW)"


def test_a_paragraph_still_in_force_carries_no_such_note(wiring: Wiring) -> None:
    cited = ask(wiring, "Who do I tell if I suspect modern slavery?").citations
    assert ("6.3", "") in [(one.locator, one.note) for one in cited if one.document == "ST"]


GUIDE_QUESTION = "Contract managers' guide: paragraph 2.2"


@pytest.mark.parametrize("who", [OLIVE, MO, MAX])
def test_an_internal_paper_is_quoted_to_anyone_listed_without_a_link(wiring: Wiring, who: cast.Somebody) -> None:
    reply = ask(wiring, GUIDE_QUESTION, who)
    guide = [one for one in reply.citations if one.document == "CM"]
    assert guide, "the guide speaks of tiers"
    assert all(one.path is None for one in guide)


def test_an_internal_paper_is_not_quoted_to_a_provider(wiring: Wiring) -> None:
    reply = ask(wiring, GUIDE_QUESTION, PRUE)
    assert all(one.document != "CM" for one in reply.citations)
    assert "day a week" not in words_of(reply)


CEILING_QUESTIONS = (
    "affordability ceiling",
    "What is our affordability ceiling for the new home care contracts?",
    "market sensitivity note",
    "present hourly rates in Marlchester and High Marl",
    "What is the fallback for High Marl and Saltmarl Coast?",
    "Market sensitivity note: home care from 2027: paragraph 1",
    "£29.10 an hour",
)


@pytest.mark.parametrize("question", CEILING_QUESTIONS)
@pytest.mark.parametrize(("who", "public"), [(PRUE, False), (OLIVE, False), (MO, False), (MAX, True)])
def test_the_rate_ceiling_reaches_nobody_who_may_not_read_it(
    wiring: Wiring, who: cast.Somebody, public: bool, question: str
) -> None:
    reply = ask(wiring, question, who, public=public, thread="ceiling")
    others = tuple(choice for choice in reply.choices if choice.action == "journey")  # they hold what was asked
    said = words_of(reply.model_copy(update={"choices": tuple(set(reply.choices) - set(others))}))
    for secret in (cast.CEILING, "26.85", "29.10", "arket sensitivity note:", "draw every bid"):
        assert secret not in said.replace("“£29.10”", ""), "but for the echo of what was asked"
    assert '"MS"' not in said


def test_the_rate_ceiling_is_quoted_to_a_manager(wiring: Wiring) -> None:
    reply = ask(wiring, CEILING_QUESTIONS[0], MAX)
    assert cast.CEILING in words_of(reply)
    assert [one.path for one in reply.citations if one.document == "MS"] == [None]


def test_a_thread_does_not_carry_what_a_manager_read_to_somebody_else(wiring: Wiring) -> None:
    ask(wiring, CEILING_QUESTIONS[0], MAX, thread="shared")
    assert cast.CEILING not in words_of(ask(wiring, "and what is it for High Marl?", OLIVE, thread="shared"))


@pytest.mark.parametrize(("text", "says"), [("hello", "Hello"), ("Thanks a lot!", "welcome"), ("bye", "Goodbye")])
def test_small_talk_is_answered_in_kind(wiring: Wiring, text: str, says: str) -> None:
    reply = ask(wiring, text)
    assert (reply.outcome, reply.citations) == (Outcome.SMALLTALK, ())
    assert says in reply.text


def test_a_greeting_before_a_question_is_a_question(wiring: Wiring) -> None:
    assert ask(wiring, "hello, who signs off a contract worth £600,000?").outcome is Outcome.ANSWERED


@pytest.mark.parametrize("text", ["help", "?", "what can you do", "...", "🙂"])
def test_help_says_how_to_ask(wiring: Wiring, text: str) -> None:
    reply = ask(wiring, text)
    assert reply.outcome is Outcome.HELP
    assert "Marlshire County Council" in reply.text
    assert "alerts” shows" in words_of(reply)


@pytest.mark.parametrize(
    ("who", "public", "count"), [(PRUE, False, 3), (OLIVE, False, 4), (MAX, False, 5), (MAX, True, 3)]
)
def test_help_counts_only_the_papers_the_asker_may_read(
    wiring: Wiring, who: cast.Somebody, public: bool, count: int
) -> None:
    assert f"I hold {count} papers" in words_of(ask(wiring, "help", who, public=public))


def test_too_long_a_question_is_turned_back_with_both_numbers(wiring: Wiring) -> None:
    reply = ask(wiring, "a" * 4_001)
    assert (reply.outcome, reply.citations) == (Outcome.TOO_LONG, ())
    assert "4,001" in reply.text
    assert "4,000" in reply.text
    assert ask(wiring, "a" * 4_000).outcome is not Outcome.TOO_LONG


def test_a_long_tedious_greeting_is_not_slow(wiring: Wiring) -> None:
    started = time.process_time()
    ask(wiring, "ok " * 1_300 + "x")
    ask(wiring, "hello" * 790 + "!")
    assert time.process_time() - started < 2


def test_an_error_becomes_a_reply_with_a_reference_and_no_trace(wiring: Wiring) -> None:
    told: list[tuple[str, Exception]] = []

    def broken() -> None:
        raise RuntimeError("the secret words of a question")

    desk = replace(wiring.desk, index=broken, on_error=lambda reference, error: told.append((reference, error)))
    reply = handle(Message(text="who signs a contract?"), desk)
    assert reply.outcome is Outcome.ERROR
    [(reference, error)] = told
    assert reference in reply.text
    assert isinstance(error, RuntimeError)
    for leaked in ("Traceback", "RuntimeError", "secret words", ".py"):
        assert leaked not in words_of(reply)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("how quickly must a subcontracter be payed?", "30 days"),
        ("how much notise before cuting a grant?", "six months' notice"),
        ("Who sings off a contarct worth £600,000?", "The lead director signs"),
    ],
)
def test_typos_are_repaired(wiring: Wiring, text: str, says: str) -> None:
    reply = ask(wiring, text)
    assert reply.outcome is Outcome.ANSWERED
    assert any(says in (one.quote or "") for one in reply.citations)


def test_a_conversation_survives_odd_characters_on_both_engines(store: Store, wiring: Wiring) -> None:
    desk = replace(wiring.desk, store=store)
    for text in ("who signs a contract\0 worth £600,000?", "who signs \ud83d a contract worth £600,000?"):
        message = Message.model_construct(text=text, thread="odd", roles=frozenset({PRUE.role}), public=False)
        assert handle(message, desk).outcome is Outcome.ANSWERED


@pytest.fixture(scope="module")
def kent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    """A desk with the digest of Kent's papers, and none of the papers."""
    made = Wiring(cast.settings(tmp_path_factory.mktemp("kent"), DESK_PACKS="kent"))
    yield made
    made.store.close()


def test_a_digest_of_a_paper_not_held_answers_without_a_quote_and_says_whose_it_is(kent: Wiring) -> None:
    reply = ask(
        kent, "is strategic commissioning about privatising every service, being a strategic commissioning authority"
    )
    assert reply.outcome is Outcome.ANSWERED
    [citation] = reply.citations
    assert (citation.document, citation.quote, citation.path) == ("002", None, None)
    [note] = reply.notes
    assert "Kent County Council, A Commissioning Framework for Kent County Council (002)" in note
    assert citation.locator in note
    assert "not at hand" in note


def test_with_no_papers_held_nothing_is_invented(kent: Wiring) -> None:
    reply = ask(kent, "what is the best recipe for marmalade?")
    assert (reply.outcome, reply.citations) == (Outcome.NOT_IN_DOCUMENTS, ())


def test_what_is_remembered_of_a_turn_is_what_was_said(wiring: Wiring) -> None:
    from knowledge.conversations import recent

    reply = ask(wiring, "  Is M4 done?  ", thread="kept")
    with wiring.store.reading() as connection:
        [turn] = recent(connection, "kept", 5)
    assert turn.question == "Is M4 done?"
    assert Reply.model_validate(turn.reply) == reply


def test_an_error_is_not_remembered_as_a_turn(wiring: Wiring, tmp_path: Path) -> None:
    from knowledge.conversations import recent

    desk: Desk = replace(wiring.desk, index=lambda: (_ for _ in ()).throw(OSError("disk")))
    handle(Message(text="who signs?", thread="kept"), desk)
    with wiring.store.reading() as connection:
        assert recent(connection, "kept", 5) == []


# --- the same through the page, as a browser without JavaScript ---------------------------------------------------


def test_a_dialogue_through_the_page(app: Flask) -> None:
    visitor = Visitor(app)
    assert "Hello. Ask me" in visitor.ask("hello")
    assert "9.5 From £250,000 and under £1 million" in visitor.ask("Who signs off a contract worth £600,000?")
    assert "10.3 Larger grants normally run" in visitor.ask("and for grants?")
    assert "M4 stood at “Behind” as of 30 June 2026." in visitor.ask("Is M4 done?")
    assert "What would happen if we stopped?" in visitor.ask("What questions must a diagnostic report answer?")
    assert "superseded by Commissioning Well" in visitor.ask("paragraph 2.2 of Buying for Marlshire")
    assert "I read up to 4,000" in visitor.ask("a" * 4_001)
    assert "You are welcome" in visitor.ask("thanks")


def test_a_choice_on_the_page_is_a_button_that_asks(app: Flask) -> None:
    visitor = Visitor(app)
    page = visitor.send("/ask", text="What is CAB?").get_data(as_text=True)
    assert "can stand for more than one thing" in page
    values = re.findall(r'<button name="text" value="([^"]+)">', page)
    assert values == ["What is the Commissioning Board?", "What is the Citizens Advice Bureau?"]
    assert "Commissioning Board" in visitor.ask(values[0])


def test_the_page_shows_no_citation_under_what_is_not_said(app: Flask) -> None:
    visitor = Visitor(app)
    page = visitor.send("/ask", text="what is the best recipe for marmalade?").get_data(as_text=True)
    assert "The documents do not say." in page
    assert "<blockquote" not in page
    assert "see it in its place" not in page


@pytest.mark.parametrize("question", CEILING_QUESTIONS)
def test_the_rate_ceiling_is_not_on_the_page(app: Flask, question: str) -> None:
    said = Visitor(app).ask(question).replace("“£29.10”", "").replace(f"You asked: {question}", "")
    for secret in (cast.CEILING, "26.85", "29.10", "draw every bid"):
        assert secret not in said


def test_what_no_paper_speaks_of_is_said_as_it_was_typed(wiring: Wiring) -> None:
    assert "“CPV”" in ask(wiring, "what is CPV").notes[0]
