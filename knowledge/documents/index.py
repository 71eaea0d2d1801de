"""The search index: a SQLite FTS5 file built with sqlite-utils from the record and the pack. It can be thrown away;
it is made anew beside the old one and swapped in when what it was built from has changed."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sqlite_utils import Database

from knowledge import library
from knowledge.documents.own import as_passage, stands_apart
from knowledge.documents.ranking import STANDING
from knowledge.documents.sayings import own_sayings
from knowledge.documents.sums import bands_in
from knowledge.documents.supersession import superseded_by
from knowledge.indexfile import stamp_of, write_index
from knowledge.models import Access, DigestEntry, Document, Passage, slug
from knowledge.pack import Pack, Saying
from knowledge.questions.learnt import OwnEntry, live
from knowledge.store import Store
from knowledge.text import stems, words

FORMAT = "10"
"""Raised when the index is laid out or analysed in another way."""
_SHINGLE = 8
"""Words in a row by which a copy of a passage is recognised."""
_COPIED = 0.6
"""Share of a passage's shingles that stand in another for it to be its copy."""

_DOUBT, _EVEN = 3.0, 0.8
"""How many ways of asking it takes to be half sure how much a word tells, and what is thought of it before."""


def ensure_index(store: Store, pack: Pack, path: Path) -> bool:
    """Builds the index where there is none or what it was built from has changed. True where it was built."""
    if stamp_of(path) == wanted_stamp(store, pack):
        return False
    build_index(store, pack, path)
    return True


def wanted_stamp(store: Store, pack: Pack) -> str:
    """What an index built now would be built from."""
    with store.reading() as connection:
        return _stamp(library.edition(connection), pack)


def _stamp(edition: int, pack: Pack) -> str:
    return f"{FORMAT}:{edition}:{pack.fingerprint}"


def build_index(store: Store, pack: Pack, path: Path) -> None:
    """Builds the whole index beside the old one, then puts it in its place in one step."""
    with store.reading() as connection:
        stamp = _stamp(library.edition(connection), pack)
        papers, own, sayings = list(library.everything(connection)), live(connection), own_sayings(connection)
    write_index(path, stamp, lambda db: _fill(db, papers, pack, own, sayings))


def _fill(
    db: Database, papers: Sequence[tuple[Document, list[Passage]]], pack: Pack, own: Sequence[OwnEntry],
    sayings: Sequence[Saying],
) -> None:  # fmt: skip
    _tables(db)
    db.table("saying").insert_all({"say": one.say, "means": "|".join(one.means), "kind": one.kind} for one in sayings)
    numbered = _passages(db, papers)
    officers = _officers_answers(db, own, numbered, {about.id: about.access for about, _ in papers})
    entries = (*pack.digest, *(one.entry for one in own))
    _entries(db, entries, numbered, officers)
    _unsaid(db, pack, numbered)
    _words(db, entries, (*pack.vocabulary, *sayings))
    for table in _FTS:
        db.table(table).enable_fts(_FTS[table], tokenize="unicode61", create_triggers=False)


_FTS = {"passage": ["head", "body"], "entry": ["body"], "unsaid": ["body"]}


def _tables(db: Database) -> None:
    """Made explicitly: ids are text, whatever they look like."""
    db.table("document").create({"id": str, "position": int, "about": str}, pk="id")
    db.table("passage").create(
        {
            "n": int, "document": str, "locator": str, "anchor": str, "position": int, "access": str,
            "source": str, "head": str, "body": str, "copy_of": int, "superseded": int, "bands": str, "standing": float,
        },
        pk="n",
    )  # fmt: skip
    db.table("entry").create(
        {
            "n": int,
            "id": str,
            "document": str,
            "locator": str,
            "passage": int,
            "digest": str,
            "asks": str,
            "said": str,
            "body": str,
        },
        pk="n",
    )
    db.table("unsaid").create({"n": int, "passage": int, "body": str}, pk="n")
    db.table("own").create({"id": str, "about": str}, pk="id")
    db.table("term").create({"stem": str, "passages": int, "entries": int, "tells": float}, pk="stem")
    db.table("saying").create({"say": str, "means": str, "kind": str})
    db.table("word").create({"surface": str, "count": int}, pk="surface")


def _passages(db: Database, papers: Sequence[tuple[Document, list[Passage]]]) -> dict[tuple[str, str], int]:
    """Puts the passages in; gives their numbers by document and anchor."""
    numbered: dict[tuple[str, str], int] = {}
    rows = []
    held = [about for about, _ in papers]
    for position, (about, passages) in enumerate(papers):
        db.table("document").insert({"id": about.id, "position": position, "about": about.model_dump_json()})
        for passage in passages:
            number = len(numbered) + 1
            numbered[about.id, passage.anchor] = number
            rows.append(_passage_row(number, about, passage, superseded_by(passage, held) is not None))
    _mark_copies(rows)
    db.table("passage").insert_all(rows, batch_size=500)
    return numbered


def _passage_row(number: int, about: Document, passage: Passage, superseded: bool) -> dict[str, object]:
    head = " ".join((passage.locator, *passage.headings, about.title))
    return {
        "n": number,
        "document": about.id,
        "locator": passage.locator,
        "anchor": passage.anchor,
        "position": passage.position,
        "access": about.access.value,
        "source": passage.model_dump_json(),
        "head": " ".join(stems(head)),
        "body": " ".join(stems(passage.text)),
        "copy_of": None,
        "superseded": int(superseded),
        "bands": json.dumps(bands_in(passage.text)),
        "standing": STANDING.get(about.status.lower(), 1.0),
    }


def _mark_copies(rows: list[dict[str, object]]) -> None:
    """A passage that repeats another document's is marked with the one it repeats: the first by order of documents.
    The most open documents come first, so that whoever may read the copy may read what is shown for it."""
    first: dict[tuple[str, ...], int] = {}
    by_number = {row["n"]: row for row in rows}
    open_first = [access.value for access in (Access.PUBLIC, Access.INTERNAL, Access.CONFIDENTIAL)]
    for row in sorted(rows, key=lambda row: open_first.index(str(row["access"]))):
        shingles = _shingles(str(row["body"]))
        met = Counter(first[s] for s in shingles if s in first and by_number[first[s]]["document"] != row["document"])
        if met:
            number, count = met.most_common(1)[0]
            if count >= _COPIED * len(shingles):
                row["copy_of"] = by_number[number]["copy_of"] or number
        for shingle in shingles:
            first.setdefault(shingle, int(str(row["n"])))


def _shingles(body: str) -> set[tuple[str, ...]]:
    found = body.split()
    return {tuple(found[at : at + _SHINGLE]) for at in range(len(found) - _SHINGLE + 1)}


def _officers_answers(
    db: Database, own: Sequence[OwnEntry], numbered: dict[tuple[str, str], int], access: dict[str, Access]
) -> dict[str, int]:
    """Puts the council's entries in, those that rest on no passage as passages of their own, which their readers find;
    gives these passages' numbers by the entries' ids."""
    apart = [entry for entry in own if stands_apart(entry, numbered, access)]
    found = {entry.id: len(numbered) + place for place, entry in enumerate(apart, start=1)}
    rows = [{**_passage_row(found[one.id], *as_passage(one), superseded=False), "head": ""} for one in apart]
    db.table("passage").insert_all(rows, batch_size=500)
    db.table("own").insert_all({"id": entry.id, "about": entry.model_dump_json()} for entry in own)
    return found


def _entries(
    db: Database, entries: Sequence[DigestEntry], numbered: dict[tuple[str, str], int], officers: Mapping[str, int]
) -> None:
    """The digest's entries. One whose document is held and has no such place is left out: it is another paper's."""
    held = {document for document, _ in numbered}
    rows: list[dict[str, object]] = []
    for entry in entries:
        passage = officers.get(entry.id) or numbered.get((entry.document, slug(entry.locator)))
        if entry.document in held and passage is None:
            continue
        rows.append(_entry_row(len(rows) + 1, entry, passage))
    db.table("entry").insert_all(rows, batch_size=500)


def _unsaid(db: Database, pack: Pack, numbered: dict[tuple[str, str], int]) -> None:
    """What no paper says, a row each way of asking, beside the passage where it is asked."""
    rows = [
        {"passage": numbered[one.document, slug(one.locator)], "body": " ".join(stems(ask))}
        for one in pack.unsaid
        for ask in one.asks
        if (one.document, slug(one.locator)) in numbered
    ]
    db.table("unsaid").insert_all({"n": n, **row} for n, row in enumerate(rows, start=1))


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


def _words(db: Database, entered: Sequence[DigestEntry], sayings: Sequence[Saying]) -> None:
    """How many passages hold each stem, and every word as written, for repairing the spelling of questions."""
    passages: Counter[str] = Counter()
    entries: Counter[str] = Counter()
    surfaces: Counter[str] = Counter()
    asked: dict[int, set[str]] = defaultdict(set)
    for row in db.query("SELECT n, head, body, source FROM passage"):
        asked[row["n"]].update(row["body"].split(), row["head"].split())
        passage = Passage.model_validate_json(row["source"])
        surfaces.update(_letters(" ".join((passage.text, passage.locator, *passage.headings))))
    for row in db.query("SELECT n, passage, body FROM entry"):
        asked[row["passage"] or -row["n"]].update(row["body"].split())
        entries.update(set(row["body"].split()))
    for found in asked.values():
        passages.update(found)
    for entry in entered:
        surfaces.update(_letters(" ".join((entry.digest, *entry.asks))))
    for saying in sayings:
        surfaces.update(_letters(" ".join((saying.say, *saying.means))))
    tells = _tells(db)
    db.table("term").insert_all(
        (
            {"stem": stem, "passages": count, "entries": entries[stem], "tells": tells.get(stem, 1.0)}
            for stem, count in passages.items()
        ),
        batch_size=1000,
    )
    db.table("word").insert_all(
        ({"surface": word, "count": count} for word, count in surfaces.items()), batch_size=1000
    )


def _tells(db: Database) -> dict[str, float]:
    """How surely each stem that people ask with tells what they ask for, 0 to 1: how often, where one way of asking has
    it, the passage, its digest or another way of asking has it too. "Subcontract" comes again where it came once;
    "lately", "anybody", "my boss" hardly ever do, though papers seldom use them."""
    about: dict[int, Counter[str]] = defaultdict(Counter)
    for row in db.query("SELECT n, body, head FROM passage"):
        about[row["n"]].update({*row["body"].split(), *row["head"].split()})
    entries = [
        (row["passage"] or -row["n"], row["digest"], json.loads(row["asks"])) for row in db.query("SELECT * FROM entry")
    ]
    for passage, digest, asks in entries:
        for said in (stems(digest), *(ask.split() for ask in asks)):
            about[passage].update(set(said))
    asked, again = Counter[str](), Counter[str]()
    for passage, _, asks in entries:
        for ask in asks:
            found = set(ask.split())
            asked.update(found)
            again.update(stem for stem in found if about[passage][stem] > 1)
    return {stem: (again[stem] + _DOUBT * _EVEN) / (count + _DOUBT) for stem, count in asked.items()}


def _letters(text: str) -> Iterable[str]:
    """The words of a text as written, hyphens and apostrophes off: what a misspelt word is compared with."""
    bare = (re.sub(r"[-\s’']", "", word.surface) for word in words(text))
    return (word for word in bare if word.isalpha() and len(word) > 2)
