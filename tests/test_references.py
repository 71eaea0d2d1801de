"""Places named in words, in questions and in locators."""

from __future__ import annotations

import pytest

from knowledge.documents.references import Reference, in_locator, in_question, what_there_is, without_references

LETTERS = frozenset({"R", "M"})


@pytest.mark.parametrize(
    ("question", "kind", "number"),
    [
        ("what does R24 say", "R", "24"),
        ("and r 24?", "R", "24"),
        ("principle 6", "principle", "6"),
        ("PRINCIPLE No. 6", "principle", "6"),
        ("principles 6", "principle", "6"),
        ("rec 24", "recommendation", "24"),
        ("fig. 1", "figure", "1"),
        ("para 7.9", "paragraph", "7.9"),
        ("section 7.9", "paragraph", "7.9"),
        ("section 6", "section", "6"),
        ("what is in 7.10?", "paragraph", "7.10"),
        ("see 7.9.1.", "paragraph", "7.9.1"),
        ("table number 3", "table", "3"),
        ("page 12", "page", "12"),
    ],
)
def test_a_place_is_known_however_it_is_asked_for(question: str, kind: str, number: str) -> None:
    assert in_question(question, LETTERS) == [Reference(kind, number)]


@pytest.mark.parametrize(
    "question",
    [
        "contracts over £1.5 million", "a rise of 7.5%", "7.5 per cent", "2.5m people", "£50k", "in 2015",
        "the A24 road", "covid19", "records 24", "it took 10 days", "a £7.50 charge",
    ],
)  # fmt: skip
def test_a_figure_is_no_place(question: str) -> None:
    assert in_question(question, LETTERS) == []


def test_a_letter_numbers_rows_only_where_a_document_does_so() -> None:
    assert in_question("the A24 road", frozenset({"A"})) == [Reference("A", "24")]


def test_several_places_come_in_order_and_once() -> None:
    found = in_question("R2, R3, 7.9 and R2 of principle 6", LETTERS)
    assert sorted(found) == sorted(
        [Reference("principle", "6"), Reference("R", "2"), Reference("R", "3"), Reference("paragraph", "7.9")]
    )


@pytest.mark.parametrize(
    ("locator", "places"),
    [
        ("R24", {("R", "24"), ("recommendation", "24")}),
        ("M3", {("M", "3")}),
        ("7.9", {("paragraph", "7.9"), ("section", "7")}),
        ("Section 6, 1.2", {("section", "6"), ("paragraph", "1.2")}),
        ("Principle 6: our goal", {("principle", "6")}),
        ("Figure 1: Diagnostic report", {("figure", "1")}),
        ("Item 14, 7.9", {("item", "14"), ("paragraph", "7.9"), ("section", "7")}),
        ("Costs (2)", set()),
        ("Opening", set()),
    ],
)
def test_a_locator_stands_for_its_places(locator: str, places: set[tuple[str, str]]) -> None:
    assert {tuple(reference) for reference in in_locator(locator)} == places


def test_a_question_without_its_places_keeps_its_subject() -> None:
    assert without_references("who owns R24 and principle 6 of 7.9", LETTERS).split() == ["who", "owns", "and", "of"]
    assert without_references("the R24 bus", frozenset()).split() == ["the", "R24", "bus"]


@pytest.mark.parametrize(
    ("kind", "numbers", "told"),
    [
        ("R", ["2", "1", "27"], "R1 to R27"),
        ("principle", ["1", "10"], "principles 1 to 10"),
        ("principle", ["3"], "principle 3"),
        ("R", ["3"], "R3"),
        ("paragraph", ["7.9"], ""),
        ("table", [], ""),
    ],
)
def test_what_there_is_of_a_kind_is_told(kind: str, numbers: list[str], told: str) -> None:
    assert what_there_is(kind, numbers) == told
