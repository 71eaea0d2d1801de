"""What an index is filled with: papers and their passages, the digest's entries, what no paper says. Papers go in one
after the other, so that a council with very many needs no more memory than the largest of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from knowledge.documents.own import as_passage, stands_apart
from knowledge.documents.posting_rows import PostingRows, posting_tables
from knowledge.documents.shelving import Shelf
from knowledge.documents.supersession import superseded_by
from knowledge.documents.term_rows import write_surfaces, write_terms
from knowledge.models import DigestEntry, Document, Passage, slug
from knowledge.pack import Pack, Saying
from knowledge.questions.learnt import OwnEntry
from knowledge.text import stems


@dataclass(frozen=True)
class Papers:
    """The papers of an index, in order. `passages`: gives those of a document, in order."""

    documents: Sequence[Document]
    passages: Callable[[Document], Sequence[Passage]]

    def replaced(self) -> Iterator[tuple[Document, Passage, bool]]:
        """Every passage with its document, and whether a newer paper has replaced it."""
        newer = [about for about in self.documents if about.supersedes]
        for about in self.documents:
            for passage in self.passages(about):
                yield about, passage, superseded_by(passage, newer) is not None


def fill(db: Database, papers: Papers, pack: Pack, own: Sequence[OwnEntry], sayings: Sequence[Saying]) -> None:
    """Fills an empty index."""
    _tables(db)
    db.table("saying").insert_all({"say": one.say, "means": "|".join(one.means), "kind": one.kind} for one in sayings)
    db.table("document").insert_all(
        {"id": about.id, "position": position, "about": about.model_dump_json()}
        for position, about in enumerate(papers.documents)
    )
    entries = (*pack.digest, *(one.entry for one in own))
    wanted = {(one.document, slug(one.locator)) for one in entries}
    shelf = Shelf(db, wanted | {(one.document, slug(one.locator)) for one in pack.unsaid})
    shelf.put(papers.replaced())
    officers = _officers_answers(db, own, shelf)
    shelf.close()
    entry_stems = _entries(db, entries, shelf, officers)
    _unsaid(db, pack, shelf)
    write_terms(db, shelf.postings.counted, entry_stems)
    write_surfaces(db, shelf.surfaces, entries, (*pack.vocabulary, *sayings))
    _digested(db)


def _tables(db: Database) -> None:
    """Made explicitly: ids are text, whatever they look like."""
    posting_tables(db)
    db.table("document").create({"id": str, "position": int, "about": str}, pk="id")
    db.table("digested").create({"document": str}, pk="document")
    db.table("entry").create(
        {
            "n": int, "id": str, "document": str, "locator": str, "passage": int, "digest": str, "asks": str,
            "said": str, "body": str,
        },
        pk="n",
    )  # fmt: skip
    db.table("unsaid").create({"n": int, "passage": int, "body": str}, pk="n")
    db.table("own").create({"id": str, "about": str}, pk="id")
    db.table("term").create({"stem": str, "passages": int, "entries": int, "tells": float}, pk="stem")
    db.table("saying").create({"say": str, "means": str, "kind": str})
    db.table("word").create({"surface": str, "count": int}, pk="surface")


def _officers_answers(db: Database, own: Sequence[OwnEntry], shelf: Shelf) -> dict[str, int]:
    """Puts the council's entries in, those that rest on no passage as passages of their own, which their readers find;
    gives these passages' numbers by the entries' ids."""
    apart = [entry for entry in own if stands_apart(entry, shelf.numbered, shelf.documents)]
    found = {entry.id: shelf.size + place for place, entry in enumerate(apart, start=1)}
    shelf.put(((*as_passage(one), False) for one in apart), officers=True)
    db.table("own").insert_all({"id": entry.id, "about": entry.model_dump_json()} for entry in own)
    return found


def _entries(
    db: Database, entries: Sequence[DigestEntry], shelf: Shelf, officers: Mapping[str, int]
) -> Mapping[str, int]:
    """The digest's entries. One whose document is held and has no such place is left out: it is another paper's. Gives
    how many have each stem."""
    rows: list[dict[str, object]] = []
    postings = PostingRows(db, "entry")
    for entry in entries:
        passage = officers.get(entry.id) or shelf.numbered.get((entry.document, slug(entry.locator)))
        if entry.document in shelf.documents and passage is None:
            continue
        row = _entry_row(len(rows) + 1, entry, passage)
        body = str(row["body"]).split()
        postings.add(Counter(body), shelf.access[passage] if passage else None, long=len(body), own=len(body))
        rows.append(row)
    db.table("entry").insert_all(rows, batch_size=500)
    postings.close()
    return postings.counted


def _entry_row(number: int, entry: DigestEntry, passage: int | None) -> dict[str, object]:
    return {
        "n": number,
        "id": entry.id,
        "document": entry.document,
        "locator": entry.locator,
        "passage": passage,
        "digest": entry.digest,
        "asks": json.dumps([" ".join(stems(ask)) for ask in entry.asks]),
        "said": json.dumps(entry.asks),
        "body": " ".join(stems(" ".join((entry.digest, *entry.asks)))),
    }


def _unsaid(db: Database, pack: Pack, shelf: Shelf) -> None:
    """What no paper says, a row each way of asking, beside the passage where it is asked."""
    rows: list[dict[str, object]] = []
    postings = PostingRows(db, "unsaid")
    for one in pack.unsaid:
        passage = shelf.numbered.get((one.document, slug(one.locator)))
        for ask in one.asks if passage else ():
            assert passage is not None  # noqa: S101
            body = stems(ask)
            rows.append({"n": len(rows) + 1, "passage": passage, "body": " ".join(body)})
            postings.add(Counter(body), shelf.access[passage], long=len(body), own=len(body))
    db.table("unsaid").insert_all(rows, batch_size=500)
    postings.close()


def _digested(db: Database) -> None:
    """The documents of which the digest knows at least half the passages: of the others there is nothing that people
    would ask for. (One answer taught by an officer makes no digest.)"""
    with db.conn as connection:
        connection.execute(
            "INSERT INTO digested SELECT document FROM passage GROUP BY document"
            " HAVING 2 * sum(n IN (SELECT passage FROM entry) OR copy_of IS NOT NULL) >= count(*)"
        )
