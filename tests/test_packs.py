"""The packs that ship: readable, true to their papers' places, and in our own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.documents.importing import index_documents
from knowledge.documents.outline import load_outline
from knowledge.models import slug
from knowledge.pack import Pack, PackError, open_pack
from knowledge.store import open_store

LONGEST_RUN = 6
"""Words in a row that our words may share with a paper."""


def places(pack: Pack, papers: Path, home: Path) -> dict[str, set[str]]:
    store, _ = open_store(f"sqlite:///{home / 'record.db'}")
    index_documents(store, [papers], pack)
    from knowledge import library

    with store.reading() as connection:
        found = {about.id: {one.anchor for one in passages} for about, passages in library.everything(connection)}
    store.close()
    return found


def strays(pack: Pack, held: dict[str, set[str]]) -> list[str]:
    return [one.id for one in (*pack.digest, *pack.unsaid) if slug(one.locator) not in held[one.document]]


def test_every_entry_of_the_kent_digest_names_a_place_of_its_paper(shared: Path, tmp_path: Path) -> None:
    pack = open_pack("kent")
    assert len(pack.digest) > 900
    assert strays(pack, places(pack, shared / "documents", tmp_path)) == []


def test_every_entry_of_the_sample_digest_names_a_place_of_its_paper(tmp_path: Path) -> None:
    pack = open_pack("sample")
    assert strays(pack, places(pack, pack.folder / "documents", tmp_path)) == []


@pytest.mark.parametrize("name", ["kent", "sample"])
def test_entries_have_ids_of_their_own_and_ways_of_asking(name: str) -> None:
    entries = open_pack(name).digest
    assert len({entry.id for entry in entries}) == len(entries)
    unsaid = open_pack(name).unsaid
    assert len({one.id for one in unsaid}) == len(unsaid)
    assert all(one.asks for one in unsaid)
    assert all(entry.digest and len(entry.asks) >= 4 for entry in entries)


def runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z]+|£?\d[\d.,/%]*", text.lower().replace("’", "'").replace("'", ""))
    return zip(*(words[start:] for start in range(length)), strict=False)


def ours(pack: Pack) -> Iterator[tuple[str, str]]:
    for entry in pack.digest:
        for text in (entry.digest, *entry.asks):
            yield entry.id, text
    for one in pack.unsaid:
        yield from ((one.id, text) for text in one.asks)
    for group in pack.same:
        yield from (("same.csv", words) for words in (*group.words, *group.asking))


@pytest.mark.parametrize("name", ["kent", "sample"])
def test_no_more_than_six_words_in_a_row_are_a_papers(name: str, shared: Path) -> None:
    theirs: set[tuple[str, ...]] = set()
    for paper in (shared / "documents").glob("*.txt"):
        theirs.update(runs(paper.read_text(encoding="utf-8"), LONGEST_RUN + 1))
    copied = [
        where for where, text in ours(open_pack(name)) if any(run in theirs for run in runs(text, LONGEST_RUN + 1))
    ]
    assert copied == []


@pytest.mark.parametrize(
    "path", sorted((open_pack("kent").folder / "outlines").glob("*.toml")), ids=lambda path: path.stem
)
def test_an_outline_holds_no_more_of_a_paper_than_the_words_a_span_begins_with(path: Path) -> None:
    longest = max(load_outline(path).spans, key=lambda span: len(span.starts.split()))
    assert len(longest.starts.split()) <= 16


def test_a_pack_of_ones_own_is_opened_by_its_folder(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.csv").write_text("say,means,kind,note\nbin,waste|refuse,everyday,\n", encoding="utf-8")
    assert open_pack(str(tmp_path)).vocabulary[0].means == ("waste", "refuse")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("vocabulary.csv", "say,means,kind,note\nbin,,everyday,\n", "vocabulary.csv, line 2"),
        ("vocabulary.csv", "say,means,kind,note\nbin,waste,sometimes,\n", "everyday"),
        ("digest/X.jsonl", '{"id": "1"}\n', "X.jsonl, line 1"),
        ("digest/X.jsonl", "not json\n", "X.jsonl, line 1"),
    ],
)
def test_a_bad_line_of_a_pack_is_named(name: str, text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "digest").mkdir()
    (tmp_path / name).write_text(text, encoding="utf-8")
    pack = open_pack(str(tmp_path))
    with pytest.raises(PackError, match=re.escape(reason)):
        _ = pack.vocabulary, pack.digest


def test_a_pack_that_is_nowhere_is_named() -> None:
    with pytest.raises(PackError, match="nowhere"):
        open_pack("nowhere")
