"""Importing: papers into the record, on both engines. Every file is read or named with its reason; all or nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from knowledge import library, tables
from knowledge.documents.importing import Report, Taken, index_documents
from knowledge.documents.reading import Limits
from knowledge.models import Access, Document, Passage, slug
from knowledge.pack import Pack, open_pack
from knowledge.store import Store
from tests.files import pdf

HEAD = "id,file,title,published,supersedes,access,note\n"
AIMS = "1. Aims\n\n1.1 We buy well.\n\n1.2 We sell well.\n\n1.3 We tell why.\n"


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Two listed papers and their list."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "aims.txt").write_text(AIMS, encoding="utf-8")
    (folder / "costs.md").write_text("# Costs\n\nThey are low.\n", encoding="utf-8")
    (folder / "documents.csv").write_text(
        f"{HEAD}A,aims.txt,Our aims,2026-01-02,C 1.1,public,Read first.\nC,costs.md,Costs,,,confidential,\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """A pack with nothing in it."""
    (tmp_path / "pack").mkdir()
    return Pack(tmp_path / "pack")


def held(store: Store) -> dict[str, Document]:
    with store.reading() as connection:
        return {about.id: about for about in library.documents(connection)}


def texts(store: Store, id: str, *, gone: bool = False) -> list[str]:
    with store.reading() as connection:
        return [passage.text for passage in library.passages(connection, id, gone=gone)]


def everything(store: Store) -> list[tuple[Document, list[Passage]]]:
    with store.reading() as connection:
        return list(library.everything(connection))


def states(report: Report) -> dict[str, str]:
    return {taken.id: taken.state for taken in report.taken}


def problems(report: Report) -> list[tuple[str, str]]:
    return [(problem.file, problem.reason) for problem in report.problems]


def row(papers: Path, *rows: str) -> None:
    (papers / "documents.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")


# --- the list -----------------------------------------------------------------------------------------------------


def test_a_folder_is_read_with_what_its_list_says(store: Store, papers: Path, pack: Pack) -> None:
    report = index_documents(store, [papers], pack)
    assert report.problems == []
    assert report.taken == [Taken("aims.txt", "A", "added", 3), Taken("costs.md", "C", "added", 1)]
    about = held(store)["A"]
    assert (about.title, about.published, about.supersedes, about.access) == (
        "Our aims",
        "2026-01-02",
        "C 1.1",
        Access.PUBLIC,
    )
    assert held(store)["C"].access is Access.CONFIDENTIAL
    assert texts(store, "A") == ["1.1 We buy well.", "1.2 We sell well.", "1.3 We tell why."]


def test_a_file_without_a_row_is_internal_and_the_report_says_so(store: Store, papers: Path, pack: Pack) -> None:
    (papers / "New note.txt").write_text("Something new.", encoding="utf-8")
    report = index_documents(store, [papers], pack)
    (taken,) = [taken for taken in report.taken if taken.file == "New note.txt"]
    assert (taken.id, taken.notes) == ("New-note", ("not in documents.csv: taken as internal, its id New-note",))
    assert held(store)["New-note"].access is Access.INTERNAL


def test_a_folder_without_a_list_is_internal(store: Store, papers: Path, pack: Pack) -> None:
    (papers / "documents.csv").unlink()
    report = index_documents(store, [papers], pack)
    assert {about.access for about in held(store).values()} == {Access.INTERNAL}
    assert all(taken.notes for taken in report.taken)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("A,aims.txt,Aims,,,secret,", "access is 'secret'"),
        ("C,aims.txt,Aims,,,public,", "the id 'C' is used twice"),
        ("A,costs.md,Again,,,public,", "'costs.md' is listed twice"),
        ("A,,Aims,,,public,", "no file named"),
    ],
)
def test_a_bad_row_is_named_with_its_line(store: Store, papers: Path, pack: Pack, bad: str, says: str) -> None:
    row(papers, "C,costs.md,Costs,,,confidential,", bad)
    found = problems(index_documents(store, [papers], pack))
    assert [place for place, _ in found] == ["documents.csv, line 3"]
    assert says in found[0][1]


def test_a_file_whose_row_is_bad_waits_and_the_rest_goes_on(store: Store, papers: Path, pack: Pack) -> None:
    row(papers, "A,aims.txt,Aims,,,public,", "C,costs.md,Costs,,,confidental,")
    report = index_documents(store, [papers], pack)
    assert states(report) == {"A": "added"}
    assert "'costs.md' is not read until this is put right" in problems(report)[0][1]


def test_a_row_made_bad_leaves_the_paper_as_it_was(store: Store, papers: Path, pack: Pack) -> None:
    index_documents(store, [papers], pack)
    row(papers, "A,aims.txt,Our aims,2026-01-02,C 1.1,public,Read first.", "C,costs.md,Costs,,,confidental,")
    index_documents(store, [papers], pack)
    assert held(store)["C"].access is Access.CONFIDENTIAL


def test_a_list_that_breaks_off_holds_back_what_comes_after(store: Store, papers: Path, pack: Pack) -> None:
    row(papers, "A,aims.txt,Aims,,,public,", 'C,costs.md,"Costs,,,confidential,')
    report = index_documents(store, [papers], pack)
    assert states(report) == {"A": "added"}
    ((place, reason),) = problems(report)
    assert place.startswith("documents.csv, line ")
    assert "quotation mark" in reason


def test_a_list_without_files_is_told_and_not_used(store: Store, papers: Path, pack: Pack) -> None:
    (papers / "documents.csv").write_text("id,title\nA,Aims\n", encoding="utf-8")
    report = index_documents(store, [papers], pack)
    assert problems(report) == [("documents.csv", "line 1: no column named file, so the list was not used")]
    assert set(states(report)) == {"aims", "costs"}


def test_a_list_in_the_windows_code_page_is_read(store: Store, papers: Path, pack: Pack) -> None:
    (papers / "documents.csv").write_bytes(
        f"{HEAD}A,aims.txt,Café,,,public,\nC,costs.md,Costs,,,public,\n".encode("cp1252")
    )
    index_documents(store, [papers], pack)
    assert held(store)["A"].title == "Café"


def test_a_listed_file_that_is_not_there_is_named_in_every_folder(store: Store, papers: Path, pack: Pack) -> None:
    (papers / "sub").mkdir()
    row(papers, "A,aims.txt,Aims,,,public,", "C,costs.md,Costs,,,public,", "G,gone.txt,Gone,,,public,")
    (papers / "sub" / "documents.csv").write_text(f"{HEAD}H,lost.txt,Lost,,,public,\n", encoding="utf-8")
    (papers / "sub" / "own.txt").write_text("Here.", encoding="utf-8")
    found = problems(index_documents(store, [papers], pack))
    assert found == [
        ("documents.csv", "'gone.txt' is listed and not there"),
        ("documents.csv", "'lost.txt' is listed and not there"),
    ]


def test_a_file_named_by_itself_is_read_with_its_row(store: Store, papers: Path, pack: Pack) -> None:
    report = index_documents(store, [papers / "costs.md"], pack)
    assert (states(report), report.problems) == ({"C": "added"}, [])
    assert held(store)["C"].access is Access.CONFIDENTIAL


# --- again --------------------------------------------------------------------------------------------------------


def test_reading_again_changes_nothing(store: Store, papers: Path, pack: Pack) -> None:
    first = index_documents(store, [papers], pack)
    before = everything(store)
    second = index_documents(store, [papers], pack)
    assert states(second) == {"A": "unchanged", "C": "unchanged"}
    assert [taken.passages for taken in second.taken] == [taken.passages for taken in first.taken]
    assert second.edition == first.edition == 1
    assert everything(store) == before


def test_one_changed_file_raises_the_edition_once(store: Store, papers: Path, pack: Pack) -> None:
    index_documents(store, [papers], pack)
    (papers / "aims.txt").write_text(AIMS.replace("sell", "lend"), encoding="utf-8")
    report = index_documents(store, [papers], pack)
    assert (states(report), report.edition) == ({"A": "changed", "C": "unchanged"}, 2)
    assert texts(store, "A")[1] == "1.2 We lend well."


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("title", "A,aims.txt,New title,2026-01-02,C 1.1,public,Read first."),
        ("access", "A,aims.txt,Our aims,2026-01-02,C 1.1,confidential,Read first."),
        ("published", "A,aims.txt,Our aims,2027,C 1.1,public,Read first."),
        ("note", "A,aims.txt,Our aims,2026-01-02,C 1.1,public,Read last."),
    ],
)
def test_what_the_list_says_anew_is_a_change(store: Store, papers: Path, pack: Pack, field: str, new: str) -> None:
    index_documents(store, [papers], pack)
    before = getattr(held(store)["A"], field)
    row(papers, new, "C,costs.md,Costs,,,confidential,")
    report = index_documents(store, [papers], pack)
    assert (states(report), report.edition) == ({"A": "changed", "C": "unchanged"}, 2)
    assert getattr(held(store)["A"], field) != before


def test_an_outline_that_comes_is_a_change(store: Store, papers: Path, pack: Pack) -> None:
    index_documents(store, [papers], pack)
    (papers / "aims.outline.toml").write_text('spans = [["All", "x", "1. Aims"]]', encoding="utf-8")
    report = index_documents(store, [papers], pack)
    assert states(report) == {"A": "changed", "C": "unchanged"}
    with store.reading() as connection:
        assert [p.locator for p in library.passages(connection, "A")] == ["All"]


def test_a_new_file_leaves_the_others_unread(store: Store, papers: Path, pack: Pack) -> None:
    index_documents(store, [papers], pack)
    (papers / "b.txt").write_text("New.", encoding="utf-8")
    report = index_documents(store, [papers], pack)
    assert (states(report), report.edition) == ({"A": "unchanged", "b": "added", "C": "unchanged"}, 2)


def test_a_passage_that_has_gone_is_found_as_the_nearest(store: Store, papers: Path, pack: Pack) -> None:
    index_documents(store, [papers], pack)
    (papers / "aims.txt").write_text(AIMS.replace("1.2 We sell well.\n\n", ""), encoding="utf-8")
    index_documents(store, [papers], pack)
    with store.reading() as connection:
        found, still = library.find_passage(connection, "A", "1.2")
        assert found
        assert (found.locator, still) == ("1.3", False)
        assert library.find_passage(connection, "A", "1.3") == (found, True)
        assert library.find_passage(connection, "A", "9.9") == (None, False)
        assert library.find_passage(connection, "Z", "1.1") == (None, False)
    assert texts(store, "A", gone=True) == ["1.2 We sell well."]
    assert "1.2 We sell well." not in texts(store, "A")


def test_a_passage_that_comes_back_is_there_again(store: Store, papers: Path, pack: Pack) -> None:
    for text in (AIMS, AIMS.replace("1.2 We sell well.\n\n", ""), AIMS.replace("tell", "show")):
        (papers / "aims.txt").write_text(text, encoding="utf-8")
        index_documents(store, [papers], pack)
    with store.reading() as connection:
        found, still = library.find_passage(connection, "A", "1.2")
        assert found
        assert (found.text, still) == ("1.2 We sell well.", True)
    assert texts(store, "A", gone=True) == []


# --- all or nothing -----------------------------------------------------------------------------------------------

_REFUSE = {
    "sqlite": [
        "CREATE TRIGGER full BEFORE INSERT ON passage WHEN NEW.document = 'C'"
        " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$",
        "CREATE TRIGGER full_disk BEFORE INSERT ON passage FOR EACH ROW"
        " WHEN (NEW.document = 'C') EXECUTE FUNCTION full_disk()",
    ],
}


def test_a_failure_while_writing_leaves_the_old_edition(store: Store, papers: Path, pack: Pack) -> None:
    index_documents(store, [papers], pack)
    before = everything(store)
    with store.writing() as connection:
        for statement in _REFUSE[store.dialect]:
            connection.execute(sa.text(statement))
    (papers / "aims.txt").write_text(AIMS.replace("sell", "lend"), encoding="utf-8")
    (papers / "costs.md").write_text("# Costs\n\nThey are high.\n", encoding="utf-8")
    with pytest.raises(sa.exc.DBAPIError, match="the disk is full"):
        index_documents(store, [papers], pack)
    assert everything(store) == before
    with store.reading() as connection:
        assert library.edition(connection) == 1


def test_where_nothing_can_be_read_the_old_edition_stays(store: Store, papers: Path, pack: Pack) -> None:
    index_documents(store, [papers], pack)
    before = everything(store)
    (papers / "aims.txt").write_bytes(b"\x00\x01")
    (papers / "costs.md").write_bytes(b"")
    report = index_documents(store, [papers], pack)
    assert [place for place, _ in problems(report)] == ["aims.txt", "costs.md"]
    assert (report.taken, report.edition) == ([], 1)
    assert everything(store) == before


def test_readers_see_the_old_edition_or_the_new(store: Store, papers: Path, pack: Pack) -> None:
    seen: list[int] = []

    def watch(_done: int, _of: int, _name: str) -> None:
        seen.append(len(everything(store)))

    index_documents(store, [papers], pack, progress=watch)
    assert set(seen) == {0}
    assert len(everything(store)) == 2


# --- files --------------------------------------------------------------------------------------------------------


def test_two_files_with_one_id_are_told_and_the_first_is_taken(store: Store, papers: Path, pack: Pack) -> None:
    (papers / "sub").mkdir()
    (papers / "sub" / "A.txt").write_text("Another.", encoding="utf-8")
    report = index_documents(store, [papers], pack)
    assert problems(report) == [("A.txt", "the id 'A' is taken by another file of this run")]
    assert held(store)["A"].file == "aims.txt"


def test_a_file_met_twice_is_read_once(store: Store, papers: Path, pack: Pack) -> None:
    report = index_documents(store, [papers, papers / "aims.txt", papers / "." / "costs.md"], pack)
    assert (len(report.taken), report.problems) == (2, [])


def test_bad_files_are_named_and_the_others_are_read(store: Store, papers: Path, pack: Pack) -> None:
    (papers / "locked.pdf").write_bytes(pdf([["Secret."]], password="pass"))
    (papers / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (papers / "sheet.xlsx").write_bytes(b"PK")
    os.mkfifo(papers / "pipe.txt")
    (papers / "nowhere.txt").symlink_to(papers / "not-there.txt")
    report = index_documents(store, [papers, papers / "missing"], pack)
    assert set(states(report)) == {"A", "C"}
    assert {place for place, _ in problems(report)} == {
        "locked.pdf",
        "old.doc",
        "sheet.xlsx",
        "pipe.txt",
        "nowhere.txt",
        "missing",
    }


def test_a_large_file_of_another_kind_is_refused_unread(store: Store, tmp_path: Path, pack: Pack) -> None:
    film = tmp_path / "film.mp4"
    with film.open("wb") as file:
        file.truncate(2**40)  # a terabyte of nothing: reading it would not end
    ((place, reason),) = problems(index_documents(store, [film], pack))
    assert (place, "does not read .mp4" in reason) == ("film.mp4", True)


def test_a_file_over_the_limit_is_refused_unread(store: Store, tmp_path: Path, pack: Pack) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(2**40)
    assert "DESK_MAX_FILE_BYTES" in problems(index_documents(store, [large], pack))[0][1]


def test_the_limits_given_are_kept(store: Store, papers: Path, pack: Pack) -> None:
    report = index_documents(store, [papers], pack, Limits(file_bytes=40))
    assert set(states(report)) == {"C"}


@pytest.mark.parametrize(
    "name",
    [
        b"a\nb\x1b[31m.txt",
        b"\xff\xfe caf\xe9.txt",
        b"'; DROP TABLE document; --.txt",
        b"n" * 240 + b".txt",
        b"...txt.txt",
        b" .txt",
    ],
    ids=["control characters", "no text", "quotes", "long", "dots", "blank"],
)
def test_no_name_of_a_file_breaks_the_run_or_the_record(store: Store, tmp_path: Path, pack: Pack, name: bytes) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / os.fsdecode(name)).write_text("We buy well.", encoding="utf-8")
    names: list[str] = []
    report = index_documents(store, [folder / os.fsdecode(name)], pack, progress=lambda d, o, n: names.append(n))
    assert report.problems == []
    assert all(char.isprintable() for char in names[0])
    (about,) = held(store).values()
    assert texts(store, about.id) == ["We buy well."]
    assert len(about.id) <= 200
    assert "/" not in about.id


def test_hidden_files_are_left_alone(store: Store, papers: Path, pack: Pack) -> None:
    (papers / ".git").mkdir()
    (papers / ".git" / "x.txt").write_text("No.", encoding="utf-8")
    (papers / ".hidden.txt").write_text("No.", encoding="utf-8")
    assert set(states(index_documents(store, [papers], pack))) == {"A", "C"}


def test_text_of_every_alphabet_is_kept_as_it_is(store: Store, tmp_path: Path, pack: Pack) -> None:
    text = "Ŵy £5 “thus” 🙂 漢字 \uf0b7 done."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    index_documents(store, [tmp_path / "a.txt"], pack)
    assert texts(store, "a") == [text]


# --- taking out ---------------------------------------------------------------------------------------------------


def test_a_document_removed_is_gone_with_its_passages(store: Store, papers: Path, pack: Pack) -> None:
    index_documents(store, [papers], pack)
    assert library.remove(store, "A")
    assert set(held(store)) == {"C"}
    with store.reading() as connection:
        assert library.edition(connection) == 2
        assert library.find_passage(connection, "A", "1.1") == (None, False)
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.passage)).scalar() == 1


def test_removing_what_is_not_there_changes_nothing(store: Store, papers: Path, pack: Pack) -> None:
    index_documents(store, [papers], pack)
    assert not library.remove(store, "Z")
    with store.reading() as connection:
        assert library.edition(connection) == 1


def test_a_document_removed_comes_back_when_it_is_read_again(store: Store, papers: Path, pack: Pack) -> None:
    index_documents(store, [papers], pack)
    library.remove(store, "A")
    report = index_documents(store, [papers], pack)
    assert (states(report), report.edition) == ({"A": "added", "C": "unchanged"}, 3)


# --- what ships, and what is real ---------------------------------------------------------------------------------


def test_the_sample_council_is_read_without_a_problem(store: Store) -> None:
    pack = open_pack("sample")
    report = index_documents(store, [pack.folder / "documents"], pack)
    assert report.problems == []
    assert {taken.id: taken.notes for taken in report.taken} == dict.fromkeys(("FW", "AP", "ST", "CM", "MS"), ())
    with store.reading() as connection:
        rows = [p for p in library.passages(connection, "AP") if re.fullmatch(r"M\d+", p.locator)]
    assert [p.locator for p in rows] == [f"M{n}" for n in range(1, 13)]
    assert all(p.labelled("status") and p.labelled("owner") for p in rows)


@pytest.mark.parametrize("name", ["sample", "kent"])
def test_every_digest_entry_of_a_pack_rests_on_a_passage_or_a_section(store: Store, shared: Path, name: str) -> None:
    pack = open_pack(name)
    folder = pack.folder / "documents" if name == "sample" else shared / "documents"
    index_documents(store, [folder], pack)
    there = {
        (about.id, slug(name))
        for about, cut in everything(store)
        for passage in cut
        for name in (passage.locator, *passage.headings)
    }
    assert [(e.document, e.locator) for e in pack.digest if (e.document, slug(e.locator)) not in there] == []


def test_a_real_pdf_is_read_page_by_page(store: Store, shared: Path, pack: Pack) -> None:
    report = index_documents(store, [shared / "data/schemas/lga/LGTC_guidance_spending_and_procurement_v1.3.pdf"], pack)
    assert report.problems == []
    (taken,) = report.taken
    assert taken.pages == 58
    ((about, passages),) = everything(store)
    assert about.pages == 58
    pages = {part.page for passage in passages for part in passage.parts}
    assert None not in pages
    assert len(pages) >= 50
