"""Lists that are asked for come whole and in order; the rows of a paper's table are answered from its cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cast
import pytest
from cast import MAX, PRUE, ask, in_the_paper, plain
from kent import astray

from bot.blocks.replies import blocks_of
from bot.wiring import Wiring
from handlers.messages import Citation, Outcome, Reply
from knowledge.checklists.record import points_of
from knowledge.documents.listing import asks_for_list, items_of, quote_list, runs_of
from knowledge.documents.replaced import replaced_of, replacement
from knowledge.documents.rows import plans, state_of
from knowledge.models import LEFT_OUT, Access, Part, Passage


@pytest.fixture(scope="module")
def wiring(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    made = Wiring(cast.settings(cast.copy_home(sample_home, tmp_path_factory.mktemp("lists") / "desk")))
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def kent(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    home = tmp_path_factory.mktemp("kent") / "desk"
    cast.make_home(home, shared / "documents", DESK_PACKS="kent")
    made = Wiring(cast.settings(home, DESK_PACKS="kent"))
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def papers(shared: Path, kent: Wiring) -> dict[str, str]:
    about = kent.index.get().documents.values()
    texts = {one.id: (shared / "documents" / one.file).read_text(encoding="utf-8-sig") for one in about}
    return {
        id: "".join(text.replace("\uf0b7", "").replace("•", "").replace("*", "").split()) for id, text in texts.items()
    }


def passage(*lines: str) -> Passage:
    parts = tuple(Part(text=line, joined=bool(place)) for place, line in enumerate(lines))
    return Passage(document="X", locator="1.1", position=0, parts=parts)


# --- what a list is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ("We check:", "• cost", "• need", "• law"),
        ("We check:", "(a) cost", "(b) need", "(c) law"),
        ("We check:", "1. cost", "2. need", "3. law"),
        ("Summary", "Principle 1:", "cost", "Principle 2:", "need", "Principle 3:", "law"),
    ],
)
def test_items_are_known_by_their_marks_however_a_paper_writes_them(lines: tuple[str, ...]) -> None:
    assert [item.text.rpartition(": ")[2] for item in items_of(passage(*lines))] == ["cost", "need", "law"]


def test_running_text_is_no_list() -> None:
    assert items_of(passage("The council buys care.", "It has done so for years.")) == ()


def test_two_lists_in_a_passage_are_two() -> None:
    runs = runs_of(passage("First:", "• a one", "• a two", "Then:", "• b one", "• b two"))
    assert [len(run.items) for run in runs] == [2, 2]
    assert [run.lead for run in runs] == [0, 3]


def test_of_a_long_passage_the_list_comes_with_what_leads_into_it(wiring: Wiring) -> None:
    long = passage("Words. " * 500, "We check three things:", "• cost", "• need", "• law", "More words. " * 50)
    said = quote_list(long, wiring.index.get().asker.understand("what do we check"))
    assert said == "We check three things:\n• cost\n• need\n• law"


@pytest.mark.parametrize(
    "question",
    [
        "what must a specification answer?", "which questions does the review report cover", "list the principles",
        "checklist for a contract", "what should I cover in a diagnostic report", "what are the eight principles",
        "bullet points please: setting outcomes", "what needs to go in a commissioning plan",
    ],
)  # fmt: skip
def test_asking_for_a_list_is_known(question: str) -> None:
    assert asks_for_list(question)


@pytest.mark.parametrize(
    "question", ["who signs?", "how long do tenders stay open", "how many outcomes can a specification have?"]
)
def test_asking_for_one_thing_is_not_asking_for_a_list(question: str) -> None:
    assert not asks_for_list(question)


# --- the sample council's lists -----------------------------------------------------------------------------------

NAMED = (
    ("what must a specification answer?", "Figure 1: Specification", 5),
    ("checklist for a diagnostic report", "Figure 1: Diagnostic report", 8),
    ("Which questions should I answer in my review report?", "Figure 1: Review report", 5),
    ("what should I check before setting outcomes?", "Principle 1: What this means in practice", 3),
    ("what are the eight principles", "The eight principles at a glance", 8),
)


@pytest.mark.parametrize(("question", "locator", "items"), NAMED)
def test_a_list_asked_for_comes_whole_with_its_count(wiring: Wiring, question: str, locator: str, items: int) -> None:
    reply = ask(wiring, question)
    first = reply.citations[0]
    assert (reply.outcome, first.locator, first.items) == (Outcome.ANSWERED, locator, items)
    assert f"all {items} items" in reply.text
    assert (first.quote or "").count("\n• ") in (items, 0)


def test_questions_of_every_paper_come_together_in_order(wiring: Wiring) -> None:
    reply = ask(wiring, "what questions must each paper answer?")
    assert [one.locator.removeprefix("Figure 1: ") for one in reply.citations] == [
        "Diagnostic report", "Commissioning plan", "Specification", "Contract and management plan", "Review report",
    ]  # fmt: skip
    assert "all 31 items of 5 lists" in reply.text


def test_a_question_about_one_item_of_a_named_list_is_answered_by_its_words(wiring: Wiring) -> None:
    assert "all 5 items" not in ask(wiring, "does the specification say who owns the data?").text


def test_a_stranger_gets_no_list_of_a_paper_that_is_not_public(wiring: Wiring) -> None:
    assert all(
        one.document != "CM" for one in ask(wiring, "list what managers must do in their first thirty days").citations
    )


# --- rows ---------------------------------------------------------------------------------------------------------

ROWS = (
    ("which recommendations are complete?", "“Complete”", "M1 M3 M5 M10 M11"),
    ("how many are behind?", "“Behind”", "M4 M7"),
    ("what has not been done?", "7 of the 12", "M2 M4 M6 M7 M8 M9 M12"),
    ("which recommendations are paused", "“Paused”", "M12"),
    ("what is due in December 2026", "December 2026", "M2 M4"),
    ("what is the Head of Human Resources responsible for?", "“Head of Human Resources”", "M10"),
    ("which recommendations does the director of place and resources own", "“Director of Place", "M3"),
    ("list the recommendations", "12 recommendations", " ".join(f"M{n}" for n in range(1, 13))),
    ("which recommendations about contracts are on track", "“On track”", "M6"),
)


@pytest.mark.parametrize(("question", "said", "places"), ROWS)
def test_rows_are_found_by_their_cells(wiring: Wiring, question: str, said: str, places: str) -> None:
    reply = ask(wiring, question)
    assert [one.locator for one in reply.citations] == places.split(), reply.text
    assert said in reply.text
    assert "as of 30 June 2026" in reply.text
    assert reply.table
    assert [row[1] for row in reply.table.rows] == places.split()


def test_rows_are_quoted_word_for_word(wiring: Wiring) -> None:
    paper = in_the_paper("action-plan.md")
    for question, _, _ in ROWS:
        for citation in ask(wiring, question).citations:
            assert all(plain(run) in paper for run in (citation.quote or "").split(LEFT_OUT.strip()))


def test_a_status_no_row_has_is_not_made_up(wiring: Wiring) -> None:
    reply = ask(wiring, "which recommendations are partly done?")
    assert reply.outcome is Outcome.NOT_IN_DOCUMENTS
    assert not reply.citations
    assert "5 at “Complete”" in reply.notes[0]


def test_several_rows_named_are_each_said(wiring: Wiring) -> None:
    text = ask(wiring, "where are we on M4 and M12?").text
    assert "M4 stood at “Behind”" in text
    assert "M12 stood at “Paused”" in text


@pytest.mark.parametrize(
    "question", ["which contracts are complete", "what is planned for December 2026", "who is late with invoices"]
)
def test_other_questions_are_not_taken_for_rows(wiring: Wiring, question: str) -> None:
    assert not (found := ask(wiring, question)).table or found.table.source != "documents"


def test_states_are_told_by_what_a_cell_says() -> None:
    said = ("Delivered", "Aspects delivered but ongoing", "On going", "Behind", "Paused", "Blue")
    assert [state_of(one) for one in said] == ["done", "partly", "going", "late", "stopped", ""]


def test_a_table_of_a_paper_one_may_not_read_has_no_rows(wiring: Wiring) -> None:
    assert [plan.document.id for plan in plans(wiring.index.get(), frozenset({Access.PUBLIC}))] == ["AP"]
    assert plans(wiring.index.get(), frozenset({Access.CONFIDENTIAL})) == []


# --- papers that have replaced others -----------------------------------------------------------------------------


def test_an_answer_from_a_replaced_part_says_so_and_shows_what_the_newer_paper_says(wiring: Wiring) -> None:
    reply = ask(wiring, "do lead suppliers pay subcontractors within 45 days?")
    assert [one.document for one in reply.citations[:2]] == ["ST", "FW"]
    assert "“Commissioning Well: Marlshire's commissioning framework” (FW) of 11 March 2025 has replaced" in reply.text
    assert "stands beside it" in reply.text
    assert "30 days" in (reply.citations[1].quote or "")


def test_an_answer_from_the_part_still_in_force_says_nothing_of_a_newer_paper(wiring: Wiring) -> None:
    reply = ask(wiring, "what does the strategy say about modern slavery and forced labour?")
    assert reply.citations[0].document == "ST"
    assert "has replaced" not in reply.text


def test_what_a_plan_became_is_found_by_the_packs_words() -> None:
    row = replaced_of(
        2, {"document": "X", "words": "Grand Plan", "by": "Y", "locator": "R2", "note": "It became a statement"}
    )
    assert replacement(passage("The grand plan is to come."), [row]) == row
    assert replacement(passage("Another plan."), [row]) is None
    with pytest.raises(ValueError, match=r"replaced\.csv, line 3: needs by"):
        replaced_of(3, {"document": "X", "words": "w", "locator": "l", "note": "n"})


# --- how surfaces show them ---------------------------------------------------------------------------------------


def cited(length: int, items: int) -> Citation:
    return Citation(document="X", title="X", locator="1", quote="w" * length, items=items)


def shown(reply: Reply) -> list[int]:
    blocks = [one for one in blocks_of(reply)[1] if one["type"] == "rich_text"]
    return [sum(len(run["text"]) for run in one["elements"][0]["elements"]) for one in blocks]


def test_lists_come_whole_in_a_message_as_far_as_they_fit_together() -> None:
    three = Reply(outcome=Outcome.ANSWERED, text="", citations=(cited(2_000, 9),) * 3)
    assert shown(three) == [2_000] * 3
    many = Reply(outcome=Outcome.ANSWERED, text="", citations=(cited(2_400, 9),) * 6)
    assert sum(shown(many)) < 10_000
    assert shown(many)[0] == 2_400
    plainly = Reply(outcome=Outcome.ANSWERED, text="", citations=(cited(2_000, 9), cited(2_000, 0)))
    assert shown(plainly)[1] <= 300


def test_all_rows_of_a_table_fit_into_one_message(wiring: Wiring) -> None:
    _, blocks = blocks_of(ask(wiring, "list the recommendations"))
    assert len(blocks) <= 50
    assert len(str(blocks)) < 13_000
    assert sum("accessory" in block for block in blocks) == 12


# --- the county's papers ------------------------------------------------------------------------------------------

KENT_LISTS = (
    ("what questions must a specification answer?", "Figure 1: Specification", 15),
    ("diagnostic report checklist", "Figure 1: Diagnostic report", 12),
    ("what should the commissioning plan cover", "Figure 1: Commissioning plan", 9),
    ("list the questions for an SLA", "Figure 1: Contract or SLA", 5),
    ("what questions should the management framework answer", "Figure 1: Contract/SLA management framework", 6),
    ("questions the review report should answer", "Figure 1: Contract/SLA review report", 8),
    ("what are the ten principles", "Summary of principles", 10),
    ("list supply chain principles for providers", "Table 4: providers", 9),
)


@pytest.mark.parametrize(("question", "locator", "items"), KENT_LISTS)
def test_the_countys_lists_come_whole(kent: Wiring, question: str, locator: str, items: int) -> None:
    first = ask(kent, question, PRUE).citations[0]
    assert (first.locator, first.items) == (locator, items)


def test_every_checklist_of_the_countys_pack_has_its_points(kent: Wiring) -> None:
    index = kent.index.get()
    points = {
        one.name: len(points_of([index.passage(n) for n in index.at(one.passages, frozenset(Access))]))
        for one in index.checklists
    }
    assert points == {
        "diagnostic report": 12, "commissioning plan": 9, "specification": 15, "contract or SLA": 5,
        "management framework": 6, "review report": 8, "social value": 13, "supply chain": 15,
    }  # fmt: skip


def test_social_value_comes_in_its_three_columns(kent: Wiring) -> None:
    reply = ask(kent, "what are the social value considerations?")
    assert [one.locator for one in reply.citations] == [
        "Table 3: Social",
        "Table 3: Environmental",
        "Table 3: Economic",
    ]
    assert "all 13 items of 3 lists" in reply.text


KENT_ROWS = (
    ("which recommendations are delivered", "R2 R4 R16 R22"),
    ("how many are delivered", "R2 R4 R16 R22"),
    ("what is due in autumn 2014", "R9 R14 R19 R21 R27"),
    ("what is the transformation team responsible for", "R1 R3 R12 R15"),
    ("which recommendations have no status", "R5 R13 R20 R23 R27"),
    ("list the recommendations", " ".join(f"R{n}" for n in range(1, 28))),
)


@pytest.mark.parametrize(("question", "places"), KENT_ROWS)
def test_the_action_plan_is_answered_from_its_table(kent: Wiring, question: str, places: str) -> None:
    reply = ask(kent, question, MAX)
    assert [one.locator for one in reply.citations] == places.split()
    assert "as of 2015" in reply.text


def test_a_time_that_stands_only_in_another_cell_is_said_to(kent: Wiring) -> None:
    reply = ask(kent, "what is due in autumn 2015")
    assert "is timed Autumn 2015" in reply.text
    assert [one.locator for one in reply.citations] == ["R19", "R26"]


def test_how_a_row_stands_and_whose_it_is(kent: Wiring) -> None:
    assert ask(kent, "Where are we on R9").text.startswith("R9 stood at “Ongoing” as of 2015.")
    assert "Transformation Team, Procurement" in ask(kent, "who owns R12").text


def test_the_plan_that_became_the_strategic_statement_is_said_to(kent: Wiring) -> None:
    reply = ask(kent, "what is the risk of the strategic commissioning plan?")
    assert reply.citations[0].document == "000"
    assert "Strategic Statement (001, R2)." in reply.text
    assert (reply.citations[1].document, reply.citations[1].locator) == ("001", "R2")


def test_what_the_framework_replaced_is_said_to_be_replaced(kent: Wiring) -> None:
    reply = ask(kent, "who will develop the commissioning framework?")
    assert reply.citations[0].locator.startswith("Section 6")
    assert "“A Commissioning Framework for Kent County Council” (002) of 2014 has replaced" in reply.text
    assert reply.citations[1].document == "002"


def test_the_countys_lists_and_rows_are_quoted_word_for_word(kent: Wiring, papers: dict[str, str]) -> None:
    for question, *_ in (
        *KENT_LISTS,
        *KENT_ROWS,
        ("what is due in autumn 2015",),
        ("what are the social value considerations",),
    ):
        assert astray(kent, question, papers) == []
