"""Cutting: where a text is cut, what its passages are called, and that not a word of them is ours."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from knowledge.documents.cutting import cut
from knowledge.documents.outline import GENERAL
from knowledge.documents.reading import read
from knowledge.models import Passage
from knowledge.pack import open_pack

PAPERS = {
    "000": "000-towards-a-strategic-commissioning-authority.txt",
    "001": "001-select-committee-action-plan.txt",
    "002": "002-commissioning-framework.txt",
    "003": "003-county-council-agenda-pack.txt",
    "004": "004-member-working-group-report.txt",
}
MORE = "It goes on for a while, as the text under a heading does, and then comes to its end."


def cut_text(folder: Path, text: str, name: str = "a.txt") -> list[Passage]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return cut("D", read(path))


def places(passages: list[Passage]) -> list[str]:
    return [passage.locator for passage in passages]


def at(passages: list[Passage], locator: str) -> Passage:
    return next(passage for passage in passages if passage.locator == locator)


# --- numbers ------------------------------------------------------------------------------------------------------


def test_each_numbered_paragraph_is_a_passage_named_by_its_number(tmp_path: Path) -> None:
    found = cut_text(tmp_path, "1. Aims\n\n1.1 We buy well.\n\n1.2 We sell well.\n\n1.2.1 We lend, too.\n")
    assert [(p.locator, p.text) for p in found] == [
        ("1.1", "1.1 We buy well."),
        ("1.2", "1.2 We sell well."),
        ("1.2.1", "1.2.1 We lend, too."),
    ]
    assert {p.headings for p in found} == {("1. Aims",)}


def test_a_number_that_comes_again_is_named_with_its_section(tmp_path: Path) -> None:
    text = "1. Aims\n\n1.1 We buy.\n\n1.2 We sell.\n\n6. Gaps\n\n1.2 We lack.\n\n1.3 We learn.\n"
    assert places(cut_text(tmp_path, text)) == ["1.1", "1.2", "Section 6, 1.2", "Section 6, 1.3"]


def test_counted_paragraphs_are_passages(tmp_path: Path) -> None:
    text = "1. The council must publish what it spends.\n2. It may say more.\n3. Nobody else need do so.\n"
    assert [(p.locator, p.text) for p in cut_text(tmp_path, text)] == [
        ("1", "1. The council must publish what it spends."),
        ("2", "2. It may say more."),
        ("3", "3. Nobody else need do so."),
    ]


def test_long_lettered_paragraphs_are_passages_of_their_own(tmp_path: Path) -> None:
    text = f"5. The duties are these.\n\n(1) {MORE * 4}\n\n(2) {MORE * 5}\n"
    assert places(cut_text(tmp_path, text)) == ["5", "5 (1)", "5 (2)"]


def test_short_lettered_lines_stay_with_the_paragraph_they_belong_to(tmp_path: Path) -> None:
    found = cut_text(tmp_path, "5.1 The council may:\n(a) buy,\n(b) sell.\n\n5.2 No more.\n")
    assert places(found) == ["5.1", "5.2"]
    assert found[0].text == "5.1 The council may:\n(a) buy,\n(b) sell."


def test_a_sum_of_money_begins_no_paragraph(tmp_path: Path) -> None:
    assert places(
        cut_text(tmp_path, "7.1 The service costs\n£1.2 million a year and\n3.5 million people use it.\n")
    ) == ["7.1"]


def test_a_numbered_paragraph_under_a_figure_stands_under_its_section(tmp_path: Path) -> None:
    found = cut_text(tmp_path, f"4. Skills\n\n4.1 {MORE}\n\nFigure 2: the cycle\n\n4.2 {MORE}\n")
    assert at(found, "4.2").headings == ("4. Skills",)


# --- lists --------------------------------------------------------------------------------------------------------


def test_a_list_stays_with_the_line_that_opens_it(tmp_path: Path) -> None:
    found = cut_text(tmp_path, "2.1 The council asks for:\n• fair pay\n• clear\nterms\n\n2.2 That is all.\n")
    assert [part.text for part in found[0].parts] == ["2.1 The council asks for:", "• fair pay", "• clear terms"]
    assert found[0].text == "2.1 The council asks for:\n• fair pay\n• clear terms"


@pytest.mark.parametrize("bullet", ["•", "-", "–", "*", "o", "l", "\uf0b7"])
def test_bullets_of_every_kind_become_one(tmp_path: Path, bullet: str) -> None:
    found = cut_text(tmp_path, f"2.1 We ask for:\n{bullet} Fair pay\n{bullet} Clear terms\n")
    assert found[0].text == "2.1 We ask for:\n• Fair pay\n• Clear terms"


def test_a_short_counted_list_is_kept_whole_under_its_opening_line(tmp_path: Path) -> None:
    found = cut_text(tmp_path, f"Aims\n\n{MORE}\n\nThe panel asks us to:\n\n1. Buy well\n2. Sell well\n3. Tell why\n")
    assert next(p.text for p in found if "Buy well" in p.text).endswith(
        "The panel asks us to:\n1. Buy well\n2. Sell well\n3. Tell why"
    )


def test_no_line_of_a_short_counted_list_is_lost(tmp_path: Path) -> None:
    found = cut_text(tmp_path, "Our priorities\n\n1. Buy well\n2. Sell well\n3. Tell why\n")
    assert [line for line in ("Buy well", "Sell well", "Tell why") if not any(line in p.text for p in found)] == []


def test_counted_headings_with_paragraphs_under_them_stay_headings(tmp_path: Path) -> None:
    found = cut_text(tmp_path, f"1. Aims\n\n1.1 {MORE}\n\n2. Means\n\n2.1 {MORE}\n\n3. Ends\n\n{MORE}\n")
    assert [(p.locator, p.headings) for p in found] == [
        ("1.1", ("1. Aims",)), ("2.1", ("2. Means",)), ("Ends", ("3. Ends",)),
    ]  # fmt: skip


# --- headings, wrapped lines, length ------------------------------------------------------------------------------


def test_a_heading_that_names_a_unit_names_its_passage(tmp_path: Path) -> None:
    found = cut_text(
        tmp_path, f"Principle 3: Our aim\n\nWe are fair. {MORE}\n\nPrinciple 4: Our goal\n\nWe are kind. {MORE}\n"
    )
    assert places(found) == ["Principle 3", "Principle 4"]
    assert found[0].headings == ("Principle 3: Our aim",)
    assert "We are fair." in found[0].text


def test_headings_of_markdown_stand_above_their_passages_by_level(tmp_path: Path) -> None:
    found = cut_text(tmp_path, f"# Plan\n\n## Homes\n\nOf homes. {MORE}\n\n## Roads\n\nOf roads. {MORE}\n", "a.md")
    assert [(p.locator, p.headings) for p in found] == [("Homes", ("Plan", "Homes")), ("Roads", ("Plan", "Roads"))]


def test_wrapped_lines_and_a_page_break_are_mended(tmp_path: Path) -> None:
    found = cut_text(tmp_path, "1.1 The council\nbuys what it\n\f\nneeds and no more.\n")
    assert [p.text for p in found] == ["1.1 The council buys what it needs and no more."]


def test_a_paragraph_that_has_ended_is_not_run_into_the_next(tmp_path: Path) -> None:
    found = cut_text(tmp_path, "Of care.\n\nthat is a new one.\n")
    assert [part.text for part in found[0].parts] == ["Of care.", "that is a new one."]


def test_running_text_is_cut_by_its_length_at_a_paragraphs_end(tmp_path: Path) -> None:
    paragraphs = [
        f"Paragraph {word} says this. {MORE * 4}" for word in ("one", "two", "three", "four", "five", "six", "seven")
    ]
    found = cut_text(tmp_path, "\n\n".join(paragraphs))
    assert len(found) > 1
    assert [part.text for p in found for part in p.parts] == paragraphs
    assert all(len(p.text) < 2_000 for p in found)


def test_a_page_of_a_pdf_or_text_is_the_place_where_there_is_no_other(tmp_path: Path) -> None:
    found = cut_text(tmp_path, "Of homes and hearths.\n\f\nOf roads and rails.\n")
    assert [(p.locator, p.page) for p in found] == [("page 1", 1), ("page 2", 2)]


# --- tables -------------------------------------------------------------------------------------------------------

TABLE = (
    "# Plan\n\n| Ref | Recommendation | Status: |\n|---|---|---|\n| R1 | Buy well | Ongoing |\n| R2. | Sell well | |\n"
)


def test_a_table_with_references_is_cut_into_its_rows_and_labelled(tmp_path: Path) -> None:
    found = cut_text(tmp_path, TABLE, "a.md")
    assert places(found) == ["R1", "R2"]
    assert [(part.label, part.text) for part in found[0].parts] == [
        ("ref", "R1"), ("recommendation", "Buy well"), ("status", "Ongoing"),
    ]  # fmt: skip
    assert found[0].labelled("status") == "Ongoing"


def test_a_reference_may_stand_before_the_words_of_its_cell(tmp_path: Path) -> None:
    rows = "| M1 Write it down | Ann | Done |\n| M2: “Say” it | Bob | |\n"
    found = cut_text(tmp_path, f"# Plan\n\n| What | Owner | Status |\n|---|---|---|\n{rows}", "a.md")
    assert places(found)[:2] == ["M1", "M2"]
    assert at(found, "M1").labelled("what") == "M1 Write it down"


def test_an_empty_cell_is_no_part(tmp_path: Path) -> None:
    assert at(cut_text(tmp_path, TABLE, "a.md"), "R2").labelled("status") == ""
    assert [part.label for part in at(cut_text(tmp_path, TABLE, "a.md"), "R2").parts] == ["ref", "recommendation"]


def test_a_small_table_is_one_passage_with_its_header(tmp_path: Path) -> None:
    found = cut_text(tmp_path, "# Lots\n\n| Lot | Sum |\n|---|---|\n| North | 5 |\n| South | 6 |\n", "a.md")
    assert [p.text for p in found] == ["Lots\nLot | Sum\nNorth | 5\nSouth | 6"]


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        ["Costs", "Costs", "Costs"],
        ["Costs", "Costs (2)", "Costs!", "costs"],
        ["Мир", "Мір", "2", "Συν"],
        ["A, B", "A B", "A-B", "A B (2)"],
    ],
)
def test_no_two_passages_of_a_document_share_a_locator_or_a_link(tmp_path: Path, headings: list[str]) -> None:
    text = "".join(f"# {heading}\n\nUnder {place}. {MORE}\n\n" for place, heading in enumerate(headings))
    found = cut_text(tmp_path, text, "a.md")
    assert len(found) == len(headings)
    assert len({p.locator for p in found}) == len(found)
    assert len({p.anchor for p in found}) == len(found)


def test_a_very_long_heading_gives_a_short_locator(tmp_path: Path) -> None:
    found = cut_text(tmp_path, f"# {'word ' * 60}\n\n{MORE}\n", "a.md")
    assert len(found[0].locator) < 90
    assert found[0].locator.endswith(" …")


def test_what_was_cut_is_the_same_when_it_is_cut_again(tmp_path: Path) -> None:
    assert cut_text(tmp_path, TABLE, "a.md") == cut_text(tmp_path, TABLE, "a.md")


# --- the real papers ----------------------------------------------------------------------------------------------


@cache
def paper(folder: Path, id: str) -> list[Passage]:
    return cut(id, read(folder / "documents" / PAPERS[id]), open_pack("kent").outline(id) or GENERAL)


_BULLETS = {"•", "▪", "‣", "◦", "*", "-", "–", "—", "o", "l"}


def bare(text: str) -> str:
    """The words in a row, between spaces: no bullets, no white space, no marks of bold."""
    words = re.sub(r"[\ue000-\uf8ff]", " ", text.replace("**", "")).split()
    return f" {' '.join(word for word in words if word not in _BULLETS)} "


def astray(passage: Passage, source: str) -> list[str]:
    """The runs of a passage, between its ellipses, that do not stand in the source word for word."""
    return [run for run in re.split(r" …[ \n]", passage.text) if bare(run) not in source]


def test_the_checker_finds_a_changed_a_missing_and_a_moved_word() -> None:
    source = bare("The council\n\uf0b7 buys what - it needs\n  and no more.")
    part = {"document": "D", "locator": "1", "position": 0}
    for text, runs in [
        ("council\n• buys what it needs", 0), ("The council … no more.", 0), ("council sells", 1), ("council what", 1),
        ("The council … more no", 1), ("The counc", 1),
    ]:  # fmt: skip
        assert len(astray(Passage(**part, parts=({"text": text},)), source)) == runs, text  # type: ignore[arg-type]


@pytest.mark.parametrize("id", PAPERS)
def test_every_passage_of_a_paper_stands_in_it_word_for_word(shared: Path, id: str) -> None:
    source = bare((shared / "documents" / PAPERS[id]).read_text(encoding="utf-8-sig"))
    wrong = {p.locator: runs for p in paper(shared, id) if (runs := astray(p, source))}
    assert wrong == {}


@pytest.mark.parametrize(("id", "least"), [("000", 0.97), ("002", 0.9), ("003", 0.97), ("004", 0.97)])
def test_hardly_a_word_of_a_paper_is_left_out(shared: Path, id: str, least: float) -> None:
    source = bare((shared / "documents" / PAPERS[id]).read_text(encoding="utf-8-sig"))
    kept = sum(len(bare(p.text)) + sum(map(len, p.headings[-1:])) for p in paper(shared, id))
    assert kept >= least * len(source)


@pytest.mark.parametrize("id", PAPERS)
def test_the_locators_and_links_of_a_paper_are_its_own(shared: Path, id: str) -> None:
    found = paper(shared, id)
    assert len({p.locator for p in found}) == len({p.anchor for p in found}) == len(found)
    assert [p.position for p in found] == list(range(len(found)))


def test_the_action_plan_gives_its_27_recommendations_in_order(shared: Path) -> None:
    assert places(paper(shared, "001")) == [f"R{n}" for n in range(1, 28)]


@pytest.mark.parametrize(
    ("locator", "label", "begins", "ends"),
    [
        ("R24", "status", "Ongoing", "Ongoing"),
        ("R24", "owner", "• Procurement", "• Procurement"),
        ("R24", "recommended", "R 24. Complete", "Lead Director"),
        ("R26", "status", "Aspects delivered", ""),
        ("R26", "owner", "• Policy", ""),
        ("R2", "status", "Delivered", "Delivered"),
        ("R2", "when", "April 2015", "April 2015"),
        ("R4", "status", "Delivered", "Delivered"),
        ("R16", "status", "Delivered", "Delivered"),
        ("R13", "owner", "• Procurement", "• Procurement"),
        ("R1", "when", "Early 2015", "Early 2015"),
    ],
)  # fmt: skip
def test_the_cells_of_the_action_plan_stand_in_their_rows(
    shared: Path, locator: str, label: str, begins: str, ends: str
) -> None:
    cell = at(paper(shared, "001"), locator).labelled(label)
    assert cell.startswith(begins)
    assert cell.endswith(ends)


@pytest.mark.parametrize("locator", ["R5", "R13", "R20", "R23", "R27"])
def test_a_recommendation_without_a_status_is_given_none(shared: Path, locator: str) -> None:
    assert at(paper(shared, "001"), locator).labelled("status") == ""


def test_every_recommendation_of_the_action_plan_has_its_words_its_proposal_and_its_progress(shared: Path) -> None:
    for passage in paper(shared, "001"):
        assert re.match(rf"R\s?{passage.locator[1:]}\.", passage.labelled("recommended")), passage.locator
        assert len(passage.labelled("proposed")) > 10, passage.locator
        assert passage.labelled("progress"), passage.locator
        assert passage.labelled("owner").startswith("•"), passage.locator


@pytest.mark.parametrize(
    ("locator", "stage", "question"),
    [
        ("Diagnostic report", "Analyse", "What are the challenges"),
        ("Commissioning plan", "Plan", "What options are available"),
        ("Specification", "Plan", "How is the contract expected to be staffed"),
        ("Contract/SLA management framework", "", "What are the short, medium"),
        ("Contract or SLA", "", "What contractually"),
    ],
)
def test_the_questions_of_figure_1_stand_under_their_deliverable(
    shared: Path, locator: str, stage: str, question: str
) -> None:
    found = paper(shared, "002")
    passage = at(found, f"Figure 1: {locator}")
    assert question in passage.labelled("questions")
    assert f"Stage: {stage}" in passage.labelled("deliverable")
    assert [p.locator for p in found if question in p.labelled("questions")] == [passage.locator]


def test_the_paper_that_restarts_its_numbers_has_both_paragraphs(shared: Path) -> None:
    found = paper(shared, "000")
    assert at(found, "1.2").headings == ("1. Introduction",)
    assert at(found, "Section 6, 1.2").headings[0].startswith("6. ")
    assert at(found, "1.2").text != at(found, "Section 6, 1.2").text


def test_no_running_head_or_page_number_of_the_framework_survives(shared: Path) -> None:
    for passage in paper(shared, "002"):
        assert "A commissioning framework for Kent County Council" not in passage.text, passage.locator
        for part in passage.parts:
            assert not re.fullmatch(r"0?\d{1,2}", part.text.strip()), passage.locator
            assert part.label == "title" or not re.search(r"[a-z.] 0?\d{1,2}$", part.text), passage.locator


def test_the_paragraphs_of_each_report_in_the_agenda_pack_are_named_by_its_item(shared: Path) -> None:
    found = places(paper(shared, "003"))
    assert {"Item 10, 1.1", "Item 14, 7.9", "Item 14, 6.2"} <= set(found)
    assert all(place.startswith(("Item ", "Agenda")) for place in found)
