"""Finding passages by arrays: the same that FTS5 proposes, and judged as one would judge them one word at a time."""

from __future__ import annotations

import os
import random
import sqlite3
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import pytest
from bench.finders import Way
from bench.searching import LeftOut, measured
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from knowledge.documents.aside import PARTS, Aside
from knowledge.documents.bags import Bag, Numbering, Sets
from knowledge.documents.copies import Copies
from knowledge.documents.kept import Kept
from knowledge.documents.overlay import Overlay, gathered
from knowledge.documents.posting_rows import PostingRows, posting_tables
from knowledge.documents.postings import Postings
from knowledge.documents.query import Alternative, Query, Term
from knowledge.documents.voices import CHORUS, WEIGHTS, Heard, alike, hear
from knowledge.models import Access

ALL, PUBLIC = frozenset(Access), frozenset({Access.PUBLIC})
Bodies = list[list[str]]
WORDS = ["bus", "care", "gritting", "home", "library", "lorry", "meal", "road", "school", "winter"]
texts = st.lists(st.lists(st.sampled_from(WORDS), min_size=0, max_size=12), min_size=1, max_size=25)
clauses_asked = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True), min_size=1)
alternatives = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True), st.sampled_from([1.0, 0.9, 0.7, 0.35])
    ),
    min_size=1,
    max_size=4,
)
queries = st.lists(st.tuples(alternatives, st.sampled_from([0.0, 0.31, 0.7, 1.0])), min_size=1, max_size=6)
EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "30"))
proof = settings(derandomize=True, deadline=None, database=None, max_examples=EXAMPLES)


def joined(parts: Iterable[list[str]]) -> list[str]:
    return list(chain.from_iterable(parts))


def asked(given: Sequence[tuple[Sequence[tuple[Sequence[str], float]], float]]) -> Query:
    terms = (
        Term(
            f"w{n}", tuple(Alternative(tuple(stems), share) for stems, share in ways), weight, 0.1 + weight, known=True
        )
        for n, (ways, weight) in enumerate(given)
    )
    return Query("?", tuple(terms))


def posted(db: Database, heads: Bodies, bodies: Bodies, readers: Sequence[Access], at_once: int) -> Postings:
    posting_tables(db)
    rows = PostingRows(db, "passage", at_once)
    for head, body, access in zip(heads, bodies, readers, strict=True):
        rows.add(Counter(body) + Counter(head * 2), access, long=len(head) + len(body), own=len(body))
    rows.close(np.arange(1, len(bodies) + 1, dtype=np.int32))
    return Postings("passage", lambda sql, given: list(db.execute(sql, list(given)).fetchall()))


def proposed_by_fts5(heads: Bodies, bodies: Bodies, hidden: set[int], query: str, count: int) -> list[int]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE passage USING fts5(head, body)")
    rows = [(n, " ".join(head), " ".join(body)) for n, (head, body) in enumerate(zip(heads, bodies, strict=True), 1)]
    connection.executemany("INSERT INTO passage (rowid, head, body) VALUES (?, ?, ?)", rows)
    sql = "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY bm25(passage, 2.0, 1.0), rowid"
    found = [n for (n,) in connection.execute(sql, [query]) if n not in hidden][:count]
    connection.close()
    return found


@proof
@given(
    texts, texts, st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True), min_size=1), st.data()
)
def test_what_is_proposed_is_what_fts5_proposes(
    heads: Bodies, bodies: Bodies, clauses: Bodies, data: st.DataObject
) -> None:
    size = min(len(heads), len(bodies))
    heads, bodies, count = heads[:size], bodies[:size], data.draw(st.integers(1, 8))
    readers = data.draw(st.lists(st.sampled_from([Access.PUBLIC, Access.INTERNAL]), min_size=size, max_size=size))
    postings = posted(Database(memory=True), heads, bodies, readers, data.draw(st.sampled_from([3, 100])))
    clauses = list(dict.fromkeys(map(tuple, clauses)))  # type: ignore[arg-type]
    query = " OR ".join(f"({' AND '.join(clause)})" if len(clause) > 1 else clause[0] for clause in clauses)
    hidden = {n for n, access in enumerate(readers, 1) if access is Access.INTERNAL}
    assert postings.best(clauses, ALL, count) == proposed_by_fts5(heads, bodies, set(), query, count)
    assert postings.best(clauses, PUBLIC, count) == proposed_by_fts5(heads, bodies, hidden, query, count)


# --- laid over ----------------------------------------------------------------------------------------------------


def curve(query: Query, words: Counter[str], long: float) -> list[tuple[int, float]]:
    """BM25's curve, one word at a time."""
    found = []
    for place in query.met_in(words.keys()):
        counts = ((one.share, min(words[stem] for stem in one.stems)) for one in query.terms[place].alternatives)
        found.append((place, max(share * count / (count + long) for share, count in counts)))
    return found


def likeness(query: Query, stems: frozenset[str]) -> float:
    """How alike a way of asking is, one word at a time."""
    if not stems:
        return 0.0
    met = sum(query.terms[place].ask_weight * share for place, share in query.met_in(stems).items())
    return met / (query.ask_weight or 1.0) * (1.0 - WEIGHTS.spare * len(stems - query.all_stems) / len(stems))


@proof
@given(queries, texts)
def test_texts_judged_together_are_judged_as_one_by_one(given: list, bodies: Bodies) -> None:  # type: ignore[type-arg]
    query, numbering = asked(given), Numbering()
    bags = [Bag.of(" ".join(body), numbering) for body in bodies]
    over = Overlay(query, numbering)
    counts = over.counted(bags)
    long = np.array([0.4 + 0.6 * bag.long / 7 for bag in bags])
    told, strong = over.told(over.met(counts), over.weights), over.told(over.strengths(counts, long), over.weights)
    for place, body in enumerate(bodies):
        words = Counter(body)
        assert told[place] == query.told_by(words.keys())
        one_by_one = sum(query.terms[n].weight * strength for n, strength in curve(query, words, float(long[place])))
        assert strong[place] == pytest.approx(one_by_one, abs=1e-12)


@proof
@given(queries, st.lists(texts, min_size=1, max_size=4))
def test_entries_heard_together_are_heard_as_one_by_one(given: list, each: list[list[list[str]]]) -> None:  # type: ignore[type-arg]
    query, numbering = asked(given), Numbering()
    entries = [
        Heard(n, n, Bag.of(" ".join(joined(asks)), numbering), Sets.of([" ".join(ask) for ask in asks], numbering))
        for n, asks in enumerate(each)
    ]
    over = Overlay(query, numbering)
    for entry, voice in zip(
        entries, hear(over, entries, over.counted([one.words for one in entries]), 9.0), strict=True
    ):
        alikes = [likeness(query, frozenset(ask)) for ask in each[entry.number]]
        assert list(alike(over, entry.asks)) == pytest.approx(alikes, abs=1e-12)
        assert (voice.close, voice.ask) == (pytest.approx(max(alikes)), alikes.index(max(alikes)))
        assert voice.chorus == pytest.approx(sum(sorted(alikes, reverse=True)[:CHORUS]) / CHORUS)
        long = 1.2 * (0.25 + 0.75 * entry.words.long / 9.0)
        strong = curve(query, Counter(joined(each[entry.number])), long)
        broad = sum(query.terms[n].ask_weight * 2.2 * strength for n, strength in strong) / query.ask_weight
        assert voice.broad == pytest.approx(broad)


def test_what_several_texts_have_comes_together_in_the_column_they_share() -> None:
    counts = np.array([[1, 0, 2, 5], [0, 3, 1, 0]], np.int32)
    assert gathered(counts, [2, 0, 2, 2], 4).tolist() == [[0, 0, 8, 0], [3, 0, 1, 0]]
    assert gathered(counts[:, :0], [], 2).tolist() == [[0, 0], [0, 0]]


# --- copies -------------------------------------------------------------------------------------------------------


def copies_one_by_one(bodies: Bodies, papers: list[int], closed: list[int]) -> dict[int, int]:
    """The first that says the same, a passage at a time, those first that more people may read."""
    first: dict[tuple[str, ...], int] = {}
    found: dict[int, int] = {}
    for place in sorted(range(len(bodies)), key=lambda place: (closed[place], place)):
        body = bodies[place]
        runs = {tuple(body[at : at + 8]) for at in range(len(body) - 7)}
        met = Counter(first[run] for run in runs if run in first and papers[first[run]] != papers[place])
        best = min(met, key=lambda other: (-met[other], closed[other], other), default=None)
        if best is not None and met[best] >= 0.6 * len(runs):
            found[place] = found.get(best, best)
        for run in runs:
            first.setdefault(run, place)
    return found


@pytest.mark.parametrize("at_once", [10, 1_000])
@pytest.mark.parametrize("seed", range(8))
def test_copies_are_those_that_say_most_of_what_another_paper_says(seed: int, at_once: int) -> None:
    chance, numbering = random.Random(seed), Numbering()
    parts = [[chance.choice(WORDS) for _ in range(chance.randrange(4, 14))] for _ in range(9)]
    bodies = [joined(chance.choices(parts, k=chance.randrange(1, 4))) for _ in range(40)]
    papers = sorted(chance.randrange(5) for _ in bodies)
    closed = [chance.randrange(3) for _ in bodies]
    copies = Copies(Database(memory=True), at_once)
    for body, paper, few in zip(bodies, papers, closed, strict=True):
        copies.add(numbering.of(body), paper, few)
    found = {copy: of for copy, of in enumerate(copies.originals().tolist()) if of != copy}
    assert found == copies_one_by_one(bodies, papers, closed) != {}


def test_of_nothing_and_of_few_words_nothing_is_a_copy() -> None:
    assert Copies(Database(memory=True)).originals().tolist() == []
    copies, numbering = Copies(Database(memory=True)), Numbering()
    for paper, body in enumerate([["bus"] * 7, [], ["bus"] * 7]):
        copies.add(numbering.of(body), paper, 0)
    assert copies.originals().tolist() == [0, 1, 2]


def test_what_is_put_aside_comes_back_part_by_part_in_its_order() -> None:
    chance, aside = random.Random(5), Aside(Database(memory=True), "numbers")
    put: dict[int, list[tuple[int, int]]] = {}
    for _ in range(4):
        keys = [chance.randrange(2**64) for _ in range(50)]
        aside.put(
            np.array([key % PARTS for key in keys], np.uint8), np.array(keys, np.uint64), np.arange(50, dtype="i")
        )
        for place, key in enumerate(keys):
            put.setdefault(key % PARTS, []).append((key, place))
    taken = [list(zip(keys.tolist(), beside.tolist(), strict=True)) for keys, beside in aside.taken()]
    assert taken == [put[part] for part in sorted(put)]


def most_held(size: int, path: Path) -> int:
    """The bytes held at most while so many texts are counted and compared."""
    chance, db = random.Random(3), Database(path)
    posting_tables(db)
    tracemalloc.start()
    rows, copies = PostingRows(db, "passage", 50), Copies(db, 5_000)
    for paper in range(size):
        body = chance.choices(WORDS, k=100)
        rows.add(Counter(body), Access.PUBLIC, long=100, own=100)
        copies.add(rows.numbering.of(body), paper, 0)
    rows.close(copies.originals())
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    db.close()
    return held


def test_four_times_as_many_texts_need_hardly_more_memory(tmp_path: Path) -> None:
    assert most_held(1_600, tmp_path / "many.db") < 1.5 * most_held(400, tmp_path / "few.db")


# --- what is kept -------------------------------------------------------------------------------------------------


def test_what_was_read_is_kept_while_there_is_room() -> None:
    read: list[list[int]] = []

    def fetch(keys: Sequence[int]) -> dict[int, str]:
        read.append(list(keys))
        return {key: str(key) for key in keys if key < 10}

    kept = Kept[int, str](fetch, room=3)
    assert kept.get([1, 2, 99]) == ["1", "2"]
    assert kept.get([2, 1, 99]) == ["2", "1"]
    assert read == [[1, 2, 99]], "what there is not is not asked for twice either"
    assert kept.get([3, 4]) == ["3", "4"]
    assert kept.get([1, 4]) == ["1", "4"]
    assert read == [[1, 2, 99], [3, 4], [1]], "the first had to go"
    assert kept.get([1, 2, 3, 4, 5]) == ["1", "2", "3", "4", "5"], "more than there is room for is read all the same"


def test_many_threads_are_given_what_they_ask_for() -> None:
    kept = Kept[int, int](lambda keys: {key: -key for key in keys}, room=5)
    spans = [list(range(n, n + 7)) for n in range(40)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(kept.get, spans)) == [[-key for key in span] for span in spans]


def test_numbers_of_stems_are_one_after_the_other_in_many_threads() -> None:
    numbering = Numbering()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: numbering.of(f"w{k}" for k in range(n, n + 50)), range(200)))
    assert all(after - before == 1 for before, after in pairwise(sorted(numbering.values())))
    assert len(set(numbering.values())) == len(numbering) == 249


# --- the bench ----------------------------------------------------------------------------------------------------


def test_a_way_that_fails_is_left_out_of_the_bench_with_what_it_said(tmp_path: Path) -> None:
    nowhere = Way("desk", lambda corpus, folder: None, lambda folder: lambda question: [])
    with pytest.raises(LeftOut, match="it could not build: FileNotFoundError"):
        measured(nowhere, 0, tmp_path / "no papers.json", tmp_path / "desk-0")


def test_a_way_that_takes_too_long_is_left_out_of_the_bench(tmp_path: Path) -> None:
    slow = Way("desk", lambda corpus, folder: None, lambda folder: lambda question: [], patience=0.01)
    with pytest.raises(LeftOut, match="more than 0 s to build"):
        measured(slow, 0, tmp_path / "no papers.json", tmp_path / "desk-0")
