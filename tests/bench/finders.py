"""Ways of finding passages: the desk's own, and those that people would use instead. Each is built into a folder by one
process and asked in another, so that its size and memory can be told."""

from __future__ import annotations

import pickle
import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import Corpus

Finder = Callable[[str], Sequence[int]]
"""Gives the numbers of the passages for a question, best first, from 1."""
_WORD = re.compile(r"\w+")
TOP = 10


@dataclass(frozen=True)
class Way:
    """A way of finding. `patience`: seconds that building may take, and all asking; one that takes longer is left
    out."""

    name: str
    build: Callable[[Corpus, Path], None]
    open: Callable[[Path], Finder]
    patience: float = 3_600.0


def _build_desk(corpus: Corpus, folder: Path) -> None:
    from knowledge.documents.filling import fill
    from knowledge.indexfile import write_index
    from knowledge.pack import open_pack

    write_index(folder / "index.db", "bench", lambda db: fill(db, corpus.papers, open_pack("kent"), (), ()))


def _open_desk(folder: Path) -> Finder:
    from knowledge.documents.search import Index
    from knowledge.models import Access
    from knowledge.pack import open_pack

    index, everything = Index(folder / "index.db", open_pack("kent")), frozenset(Access)

    def find(question: str) -> Sequence[int]:
        query = index.asker.understand(question)
        found = index.search(query, everything)[:TOP]
        index.unsaid(query, everything)  # what its verdict is summed from
        return [one.number for one in found]

    return find


def _build_fts5(corpus: Corpus, folder: Path) -> None:
    connection = sqlite3.connect(folder / "fts5.db")
    connection.execute("CREATE VIRTUAL TABLE passage USING fts5(body)")
    rows = enumerate(corpus.texts(), start=1)
    connection.executemany("INSERT INTO passage (rowid, body) VALUES (?, ?)", rows)
    connection.commit()
    connection.close()


def _open_fts5(folder: Path) -> Finder:
    """What one would write in an afternoon: the question's words, OR, bm25, the first ten."""
    connection = sqlite3.connect(folder / "fts5.db")
    sql = "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY bm25(passage) LIMIT ?"

    def find(question: str) -> Sequence[int]:
        words = " OR ".join(f'"{word}"' for word in question.replace('"', " ").split())
        return [number for (number,) in connection.execute(sql, [words, TOP])]

    return find


def _build_bm25s(corpus: Corpus, folder: Path) -> None:
    import bm25s

    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(list(corpus.texts()), stopwords="en", show_progress=False), show_progress=False)
    retriever.save(str(folder / "bm25s"))


def _open_bm25s(folder: Path) -> Finder:
    import bm25s

    retriever = bm25s.BM25.load(str(folder / "bm25s"))

    def find(question: str) -> Sequence[int]:
        tokens = bm25s.tokenize(question, stopwords="en", show_progress=False)
        found, _ = retriever.retrieve(tokens, k=TOP, show_progress=False)
        return [int(place) + 1 for place in found[0]]

    return find


def _build_rank_bm25(corpus: Corpus, folder: Path) -> None:
    from rank_bm25 import BM25Okapi

    ranker = BM25Okapi([_WORD.findall(text.lower()) for text in corpus.texts()])
    (folder / "rank.pickle").write_bytes(pickle.dumps(ranker))


def _open_rank_bm25(folder: Path) -> Finder:
    ranker = pickle.loads((folder / "rank.pickle").read_bytes())

    def find(question: str) -> Sequence[int]:
        scores = ranker.get_scores(_WORD.findall(question.lower()))
        return [int(place) + 1 for place in scores.argsort()[::-1][:TOP]]

    return find


def _build_tantivy(corpus: Corpus, folder: Path) -> None:
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_integer_field("number", stored=True)
    schema.add_text_field("body", tokenizer_name="en_stem")
    index = tantivy.Index(schema.build(), path=str(folder))
    writer = index.writer()
    for number, text in enumerate(corpus.texts(), start=1):
        writer.add_document(tantivy.Document(number=number, body=text))
    writer.commit()
    writer.wait_merging_threads()


def _open_tantivy(folder: Path) -> Finder:
    import tantivy

    index = tantivy.Index.open(str(folder))
    searcher = index.searcher()

    def find(question: str) -> Sequence[int]:
        query = index.parse_query(" ".join(_WORD.findall(question.lower())), ["body"])
        return [searcher.doc(at)["number"][0] for _, at in searcher.search(query, TOP).hits]

    return find


WAYS = (
    Way("desk", _build_desk, _open_desk),
    Way("raw FTS5", _build_fts5, _open_fts5),
    Way("bm25s", _build_bm25s, _open_bm25s),
    Way("rank_bm25", _build_rank_bm25, _open_rank_bm25, patience=120.0),
    Way("tantivy", _build_tantivy, _open_tantivy),
)
