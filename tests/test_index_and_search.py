"""The search index and the ranking: built beside, swapped, shared by threads, the same from every build."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest

from knowledge import library
from knowledge.current import Current
from knowledge.documents.current import current_index
from knowledge.documents.importing import index_documents
from knowledge.documents.index import build_index, ensure_index, stamp_of, wanted_stamp
from knowledge.documents.search import Index
from knowledge.models import Access
from knowledge.pack import Pack, open_pack
from knowledge.store import Store, open_store

ALL = frozenset(Access)
PUBLIC = frozenset({Access.PUBLIC})
HEAD = "id,file,access\n"
GRITTING = "Gritting lorries leave the depot at four in the morning whenever frost is forecast on the higher roads."
LENDING = "The mobile library calls at every village on alternate Tuesdays and lends large print and talking books."


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Store]:
    opened, _ = open_store(f"sqlite:///{tmp_path / 'record.db'}")
    yield opened
    opened.close()


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    (tmp_path / "pack").mkdir()
    return Pack(tmp_path / "pack")


def take(record: Store, pack: Pack, folder: Path, **papers: tuple[str, str]) -> None:
    """Reads papers: id=(access, text)."""
    folder.mkdir(exist_ok=True)
    rows = [f"{id},{id}.txt,{access}" for id, (access, _) in papers.items()]
    (folder / "documents.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    for id, (_, text) in papers.items():
        (folder / f"{id}.txt").write_text(text, encoding="utf-8")
    assert index_documents(record, [folder], pack).problems == []


def ask(index: Index, question: str, access: frozenset[Access] = ALL) -> list[str]:
    """The documents and places found, best first."""
    found = index.search(index.asker.understand(question), access)
    return [index.passage(one.number).id for one in found]


def built(record: Store, pack: Pack, path: Path) -> Index:
    ensure_index(record, pack, path)
    return Index(path, pack)


@pytest.fixture(scope="module")
def kent(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path]]:
    """The record and the index of the five real papers."""
    folder = tmp_path_factory.mktemp("kent")
    opened, _ = open_store(f"sqlite:///{folder / 'record.db'}")
    index_documents(opened, [shared / "documents"], open_pack("kent"))
    build_index(opened, open_pack("kent"), folder / "index.db")
    yield opened, folder / "index.db"
    opened.close()


# --- the stamp ----------------------------------------------------------------------------------------------------


def test_an_index_is_built_once_for_an_edition(record: Store, pack: Pack, tmp_path: Path) -> None:
    take(record, pack, tmp_path / "p", A=("public", GRITTING))
    assert ensure_index(record, pack, tmp_path / "i.db")
    assert not ensure_index(record, pack, tmp_path / "i.db")
    assert stamp_of(tmp_path / "i.db") == wanted_stamp(record, pack)


def test_another_edition_wants_another_index(record: Store, pack: Pack, tmp_path: Path) -> None:
    before = wanted_stamp(record, pack)
    take(record, pack, tmp_path / "p", A=("public", GRITTING))
    assert wanted_stamp(record, pack) != before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("vocabulary.csv", "say,means,kind\nlorry,truck,everyday\n"),
        ("papers.csv", "id,title\nA,Aims\n"),
        ("digest/A.jsonl", '{"id": "1", "document": "A", "locator": "Opening", "digest": "Roads are gritted."}\n'),
    ],
)
def test_another_pack_wants_another_index(record: Store, pack: Pack, tmp_path: Path, name: str, text: str) -> None:
    before = wanted_stamp(record, pack)
    (pack.folder / name).parent.mkdir(exist_ok=True)
    (pack.folder / name).write_text(text, encoding="utf-8")
    assert wanted_stamp(record, Pack(pack.folder)) != before
    assert wanted_stamp(record, pack) == before, "a running desk keeps its pack"


def damage_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    half = len(data) // 2 // 4096 * 4096
    data[half : half + 4 * 4096] = b"\x55" * (4 * 4096)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"not an index"),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        damage_the_middle,
        lambda path: path.unlink(),
        lambda path: sqlite3.connect(path).execute("DROP TABLE meta").connection.close(),
    ],
    ids=["no index", "empty", "half", "a hole", "gone", "no stamp"],
)
def test_a_damaged_index_is_built_anew(record: Store, pack: Pack, tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "i.db"
    take(record, pack, tmp_path / "p", A=("public", GRITTING), B=("public", LENDING))
    build_index(record, pack, path)
    damage(path)
    assert stamp_of(path) == ""
    assert ask(current_index(record, pack, path).get(), "when do the gritting lorries leave") == ["A#opening"]


@pytest.mark.parametrize("name", ["plain", "a b", "odd #1", "is it?", "50%20off", "päper"])
def test_an_index_can_stand_in_any_folder(record: Store, pack: Pack, tmp_path: Path, name: str) -> None:
    take(record, pack, tmp_path / "p", A=("public", GRITTING))
    assert ask(built(record, pack, tmp_path / name / "i.db"), "gritting") == ["A#opening"]
    assert not ensure_index(record, pack, tmp_path / name / "i.db")


def test_a_build_that_fails_leaves_the_old_index_and_nothing_beside_it(
    record: Store, pack: Pack, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    take(record, pack, tmp_path / "p", A=("public", GRITTING))
    index = built(record, pack, home / "i.db")
    (pack.folder / "digest").mkdir()
    (pack.folder / "digest" / "A.jsonl").write_text("not json\n", encoding="utf-8")
    with pytest.raises(Exception, match=r"A\.jsonl, line 1"):
        build_index(record, Pack(pack.folder), home / "i.db")
    assert [path.name for path in home.iterdir()] == ["i.db"]
    assert ask(index, "gritting") == ask(Index(home / "i.db", pack), "gritting") == ["A#opening"]


def test_an_index_of_nothing_finds_nothing(record: Store, pack: Pack, tmp_path: Path) -> None:
    assert ask(built(record, pack, tmp_path / "i.db"), "gritting") == []


# --- swapping -----------------------------------------------------------------------------------------------------


def test_an_open_index_stays_whole_when_another_is_put_in_its_place(record: Store, pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "i.db"
    take(record, pack, tmp_path / "p", A=("public", GRITTING), B=("public", LENDING))
    old = built(record, pack, path)
    assert old.passage(1).document == "A"
    library.remove(record, "A")
    build_index(record, pack, path)
    with ThreadPoolExecutor(1) as late:  # a thread that has never asked this index before
        assert late.submit(old.passage, 1).result().document == "A"
        assert late.submit(ask, old, "gritting lorries").result() == ["A#opening"]
    assert ask(Index(path, pack), "gritting lorries") == []


def test_an_index_is_read_while_another_is_built(record: Store, pack: Pack, tmp_path: Path) -> None:
    path, stop = tmp_path / "i.db", Event()
    take(record, pack, tmp_path / "p", A=("public", GRITTING), B=("public", LENDING))
    build_index(record, pack, path)

    def rebuild() -> None:
        while not stop.is_set():
            build_index(record, pack, path)

    builder = Thread(target=rebuild)
    builder.start()
    try:
        for _ in range(60):
            assert ask(Index(path, pack), "when do gritting lorries leave") == ["A#opening"]
    finally:
        stop.set()
        builder.join()


def test_several_builds_at_once_leave_one_good_index(record: Store, pack: Pack, tmp_path: Path) -> None:
    take(record, pack, tmp_path / "p", A=("public", GRITTING))
    path = tmp_path / "home" / "i.db"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: build_index(record, pack, path), range(8)))
    assert [one.name for one in path.parent.iterdir()] == ["i.db"]
    assert ask(Index(path, pack), "gritting") == ["A#opening"]


# --- the current index --------------------------------------------------------------------------------------------


def test_what_another_process_removed_is_gone_at_the_next_question(record: Store, pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "i.db"
    take(record, pack, tmp_path / "p", A=("public", GRITTING), B=("public", LENDING))
    current = current_index(record, pack, path)
    assert ask(current.get(), "gritting lorries") == ["A#opening"]
    other, _ = open_store(f"sqlite:///{tmp_path / 'record.db'}")
    assert library.remove(other, "A")
    ensure_index(other, pack, path)  # as `desk documents remove` does
    other.close()
    assert ask(current.get(), "gritting lorries") == []
    assert list(current.get().documents) == ["B"]


def settled(current: Current[Index], wanted: list[str]) -> bool:
    """Whether the current index comes to hold these documents."""
    for _ in range(500):
        if list(current.get().documents) == wanted:
            return True
        Event().wait(0.01)
    return False


def test_nobody_waits_for_a_new_edition_and_it_comes(record: Store, pack: Pack, tmp_path: Path) -> None:
    take(record, pack, tmp_path / "p", A=("public", GRITTING))
    current = current_index(record, pack, tmp_path / "i.db")
    first = current.get()
    assert current.get() is first
    take(record, pack, tmp_path / "q", B=("public", LENDING))
    assert current.get() is first
    assert settled(current, ["A", "B"])


def test_a_damaged_file_under_a_running_desk_is_made_anew(record: Store, pack: Pack, tmp_path: Path) -> None:
    take(record, pack, tmp_path / "p", A=("public", GRITTING))
    current = current_index(record, pack, tmp_path / "i.db")
    current.get()
    (tmp_path / "broken").write_bytes(b"not an index")
    shutil.move(tmp_path / "broken", tmp_path / "i.db")
    take(record, pack, tmp_path / "q", B=("public", LENDING))
    assert ask(current.get(), "gritting") == ["A#opening"]
    assert settled(current, ["A", "B"])


# --- copies -------------------------------------------------------------------------------------------------------

TALE = f"1.1 {GRITTING} {LENDING}\n"


def test_a_copy_is_shown_once_with_where_else_it_stands(record: Store, pack: Pack, tmp_path: Path) -> None:
    take(
        record,
        pack,
        tmp_path / "p",
        A=("public", TALE),
        B=("public", f"9.9 {GRITTING} {LENDING}\n"),
        C=("public", LENDING),
    )
    index = built(record, pack, tmp_path / "i.db")
    assert ask(index, "when do gritting lorries leave the depot") == ["A#1.1"]
    assert index.copies(1) == [("B", "9.9"), ("C", "Opening")]


def test_a_passage_said_twice_in_one_paper_is_no_copy(record: Store, pack: Pack, tmp_path: Path) -> None:
    take(record, pack, tmp_path / "p", A=("public", f"{TALE}\n1.2 {GRITTING} {LENDING}\n"))
    assert set(ask(built(record, pack, tmp_path / "i.db"), "gritting lorries")) == {"A#1.1", "A#1.2"}


@pytest.mark.parametrize("hidden", ["internal", "confidential"])
def test_a_copy_in_a_paper_someone_may_not_read_hides_nothing_and_is_not_told(
    record: Store, pack: Pack, tmp_path: Path, hidden: str
) -> None:
    take(record, pack, tmp_path / "p", A=(hidden, TALE), B=("public", TALE))
    index = built(record, pack, tmp_path / "i.db")
    assert ask(index, "when do gritting lorries leave", PUBLIC) == ["B#1.1"]
    (number,) = index.numbers(["B#1.1"])
    assert index.copies(number, PUBLIC) == []
    assert index.copies(number) == [("A", "1.1")]


def test_what_someone_may_not_read_is_not_found(record: Store, pack: Pack, tmp_path: Path) -> None:
    take(
        record,
        pack,
        tmp_path / "p",
        A=("public", GRITTING),
        B=("internal", LENDING),
        C=("confidential", "Frost costs lives."),
    )
    index = built(record, pack, tmp_path / "i.db")
    question = "gritting frost library lives"
    assert set(ask(index, question, PUBLIC)) == {"A#opening"}
    assert set(ask(index, question, PUBLIC | {Access.INTERNAL})) == {"A#opening", "B#opening"}
    assert set(ask(index, question)) == {"A#opening", "B#opening", "C#opening"}
    assert ask(index, question, frozenset()) == []


def test_the_report_in_the_agenda_pack_is_a_copy_of_the_paper(kent: tuple[Store, Path]) -> None:
    index = Index(kent[1], open_pack("kent"))
    for place in ("1.1", "2.3", "7.9"):
        (number,) = index.numbers([f"000#{place}"])
        assert ("003", f"Item 14, {place}") in index.copies(number)
    found = ask(index, "role of Members in a strategic commissioning authority, section 7.9")
    assert not [id for id in found if id.startswith("003#item-14-7.")]


# --- searching ----------------------------------------------------------------------------------------------------

QUESTIONS = [
    "who is accountable for the principles",
    "is the contracts register complete",
    "what should a specification answer",
    "how are small firms helped to bid",
    "social valeu in tenders",
    "prompt payment in the supply chain",
    "role of members in comissioning",
    "grants or contracts",
]


def ranking(index: Index, question: str) -> list[tuple[str, float]]:
    found = index.search(index.asker.understand(question), ALL)
    return [(index.passage(one.number).id, one.score) for one in found]


def test_two_builds_rank_alike(kent: tuple[Store, Path], tmp_path: Path) -> None:
    build_index(kent[0], open_pack("kent"), tmp_path / "again.db")
    first, second = Index(kent[1], open_pack("kent")), Index(tmp_path / "again.db", open_pack("kent"))
    for question in QUESTIONS:
        assert ranking(first, question) == ranking(second, question) != []


def test_many_threads_at_one_index_find_what_one_does(kent: tuple[Store, Path]) -> None:
    alone = [ranking(Index(kent[1], open_pack("kent")), question) for question in QUESTIONS]
    index = Index(kent[1], open_pack("kent"))
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert list(pool.map(lambda question: ranking(index, question), QUESTIONS)) == alone


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("is the contracts register complete", "001#r24"),
        ("prompt payment all the way down the supply chain", "001#r20"),
        ("who is accountable for the framework's principles", "002#introduction-accountability"),
    ],
)
def test_a_plain_question_finds_its_passage_among_the_first(
    kent: tuple[Store, Path], question: str, place: str
) -> None:
    assert place in ask(Index(kent[1], open_pack("kent")), question)[:3]


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?!",
        '"',
        "' OR 1=1 --",
        'body : "x" NEAR(',
        "a" * 4_000,
        "the of and",
        "NOT AND OR",
        "-*^:(){}",
        "\x00",
        "漢字 🙂",
        "£",
    ],
)
def test_no_question_breaks_the_search(kent: tuple[Store, Path], question: str) -> None:
    index = Index(kent[1], open_pack("kent"))
    query = index.asker.understand(question)
    assert list(index.search(query, ALL)) is not None
    assert isinstance(index.absent(query, frozenset(Access)), list)


def test_a_number_that_is_gone_is_left_out(kent: tuple[Store, Path]) -> None:
    index = Index(kent[1], open_pack("kent"))
    assert len(index.numbers(["001#r24", "001#r99", "nowhere", ""])) == 1
