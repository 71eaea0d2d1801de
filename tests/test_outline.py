"""Outlines: how one paper is cut, and what is said where an outline does not fit it."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import library
from knowledge.documents.cutting import cut
from knowledge.documents.importing import index_documents
from knowledge.documents.outline import Outline, OutlineError, Span, divide, load_outline
from knowledge.documents.reading import Line, read
from knowledge.models import Passage
from knowledge.pack import Pack
from knowledge.store import open_store

TEXT = "Title page\n\nR1. Buy\nwell\n4\nand soon\n\nOwner: Ann\n\n1. Aims\n\n1.1 We buy.\n\n1.2 We sell.\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "D.toml"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(OutlineError) as raised:
        load_outline(path)
    return str(raised.value)


def cut_with(folder: Path, outline: str) -> list[Passage]:
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    return cut("D", read(folder / "a.txt"), load_outline(written(folder, outline)))


# --- fitting ------------------------------------------------------------------------------------------------------


def test_spans_gather_the_cells_of_a_row_and_leave_the_rest_to_the_rules(tmp_path: Path) -> None:
    found = cut_with(
        tmp_path,
        'drop = ["^4$"]\norder = ["owner", "recommended"]\n'
        'spans = [["", "heading", "R1. B"], ["R1", "recommended", "Buy"],'
        ' ["R1", "owner", "Owner:"], ["Item 2", "paragraphs", "1. Aims"]]\n',
    )
    assert [(p.locator, p.headings) for p in found] == [
        ("R1", ("R1.",)),
        ("Item 2, 1.1", ("R1.", "1. Aims")),
        ("Item 2, 1.2", ("R1.", "1. Aims")),
    ]
    assert found[0].labelled("owner") == "Owner: Ann"
    assert found[0].labelled("recommended") == "Buy well … and soon"
    assert found[0].text.startswith("Owner: Ann")


def test_what_stands_before_the_first_span_or_in_a_dropped_one_is_left_out(tmp_path: Path) -> None:
    found = cut_with(tmp_path, 'spans = [["", "drop", "R1. Buy"], ["", "paragraphs", "1. Aims"]]\n')
    assert [p.locator for p in found] == ["1.1", "1.2"]


def test_lines_can_be_dropped_without_any_span(tmp_path: Path) -> None:
    found = cut_with(tmp_path, 'drop = ["^Title", "^R1", "^well", "^4$", "^and soon$", "^Owner"]\n')
    assert [p.text for p in found] == ["1.1 We buy.", "1.2 We sell."]


def test_a_span_may_begin_in_the_middle_of_a_line_and_of_a_word() -> None:
    lines = divide(read_lines("one two three four"), Outline(spans=(Span("A", "x", "two th"), Span("B", "x", "four"))))
    assert [[line.text for line in found] for _, found in lines] == [["two three"], ["four"]]


def read_lines(text: str) -> list[Line]:
    return [Line(line) for line in text.split("\n")]


def test_the_same_words_begin_one_span_after_another() -> None:
    spans = (Span("A", "x", "Status"), Span("B", "x", "Status"))
    found = divide(read_lines("Status one\nStatus two"), Outline(spans=spans))
    assert [[line.text for line in lines] for _, lines in found] == [["Status one"], ["Status two"]]


# --- not fitting --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("spans = [", "D.toml"),
        ("drop = ['(']", "D.toml"),
        ("drop = 'abc'", "drop is a list"),
        ("drop = [5]", "5"),
        ("order = 5", "order is a list"),
        ("order = [1]", "order is a list of texts"),
        ("spans = 5", "spans is a list"),
        ("spans = ['abc']", "[locator, label, first words]"),
        ("spans = [['R1', 'x']]", "[locator, label, first words]"),
        ("spans = [['R1', 'x', 5]]", "[locator, label, first words]"),
        ("spans = [['R1', 'x', '  ']]", "'R1' has no first words"),
        ("span = [['R1', 'x', 'Buy']]", "'span' is none of drop, order, spans"),
    ],
)
def test_a_malformed_outline_is_named_with_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    said = complaint(written(tmp_path, text))
    assert said.startswith("D.toml: ")
    assert says in said


def test_an_outline_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "D.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert complaint(path).startswith("D.toml: ")


@pytest.mark.parametrize("words", ["Nowhere at all", "1.2 We sell. And", "Title page"])
def test_words_that_do_not_come_where_expected_are_named(tmp_path: Path, words: str) -> None:
    with pytest.raises(OutlineError, match="do not come where the outline expects them") as raised:
        cut_with(tmp_path, f'spans = [["A", "x", "Owner: Ann"], ["B", "x", "{words}"]]\n')
    assert words in str(raised.value)


@pytest.mark.parametrize("bad", ['spans = [["A", "x", "Nowhere"]]', "spans = [['A', 'x']]", "spans = [", "order = 5"])
@pytest.mark.parametrize("beside", [True, False], ids=["beside the file", "in the pack"])
def test_a_paper_whose_outline_does_not_fit_is_cut_by_the_rules_with_a_note(
    tmp_path: Path, bad: str, beside: bool
) -> None:
    papers, pack = tmp_path / "papers", tmp_path / "pack"
    (pack / "outlines").mkdir(parents=True)
    papers.mkdir()
    (papers / "D.txt").write_text(TEXT, encoding="utf-8")
    (papers / "D.outline.toml" if beside else pack / "outlines" / "D.toml").write_text(bad, encoding="utf-8")
    record, _ = open_store(f"sqlite:///{tmp_path / 'r.db'}")
    report = index_documents(record, [papers], Pack(pack))
    record.close()
    (taken,) = report.taken
    assert report.problems == []
    assert taken.passages == len(cut("D", read(papers / "D.txt")))
    assert [note for note in taken.notes if "outline does not fit" in note and "cut by the general rules" in note]


def test_an_outline_beside_the_file_goes_before_the_packs(tmp_path: Path) -> None:
    papers, pack = tmp_path / "papers", tmp_path / "pack"
    (pack / "outlines").mkdir(parents=True)
    papers.mkdir()
    (papers / "D.txt").write_text(TEXT, encoding="utf-8")
    (papers / "D.outline.toml").write_text('spans = [["Ours", "x", "Buy"]]', encoding="utf-8")
    (pack / "outlines" / "D.toml").write_text('spans = [["Theirs", "x", "Buy"]]', encoding="utf-8")
    record, _ = open_store(f"sqlite:///{tmp_path / 'r.db'}")
    index_documents(record, [papers], Pack(pack))
    with record.reading() as connection:
        assert [p.locator for p in library.passages(connection, "D")] == ["Ours"]
    record.close()


def test_a_document_whose_id_looks_like_a_path_finds_no_outline(tmp_path: Path) -> None:
    (tmp_path / "outlines").mkdir()
    (tmp_path / "secret.toml").write_text("drop = []", encoding="utf-8")
    assert Pack(tmp_path).outline("../secret") is None
    assert Pack(tmp_path).outline_bytes("../secret") == b""
