"""What is known of each word of an index: where it stands, how surely it tells what is asked for, how it is written."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from sqlite_utils import Database

from knowledge.models import DigestEntry
from knowledge.pack import Saying
from knowledge.text import stems, written

_DOUBT, _EVEN = 3.0, 0.8
"""How many ways of asking it takes to be half sure how much a word tells, and what is thought of it before."""
_OF_ENTRIES = "SELECT n, body, head FROM passage WHERE n IN (SELECT passage FROM entry) ORDER BY n"
"""The passages that digest entries rest on."""
_ENTRIES = "SELECT n, passage, digest, asks FROM entry ORDER BY n"


def write_terms(db: Database, passages: Counter[str], entries: Mapping[str, int]) -> None:
    """Every stem: in how many passages, their digest taken with them, and in how many entries it stands. `passages`,
    `entries`: in how many of these by themselves."""
    own = {row["n"]: {*row["body"].split(), *row["head"].split()} for row in db.query(_OF_ENTRIES)}
    asked: dict[int, set[str]] = defaultdict(set)
    for row in db.query("SELECT n, passage, body FROM entry ORDER BY n"):
        asked[row["passage"] or -row["n"]].update(row["body"].split())
    together = passages.copy()
    for number, found in asked.items():
        together.update(found - own.get(number, set()))
    tells = _tells(db)
    db.table("term").insert_all(
        (
            {"stem": stem, "passages": count, "entries": entries.get(stem, 0), "tells": tells.get(stem, 1.0)}
            for stem, count in together.items()
        ),
        batch_size=1000,
    )


def write_surfaces(
    db: Database, passages: Counter[str], entries: Iterable[DigestEntry], sayings: Iterable[Saying]
) -> None:
    """Every word as written, for repairing the spelling of questions. `passages`: those of passages."""
    surfaces = passages.copy()
    for entry in entries:
        surfaces.update(letters(written(" ".join((entry.digest, *entry.asks)))))
    for saying in sayings:
        surfaces.update(letters(written(" ".join((saying.say, *saying.means)))))
    db.table("word").insert_all(
        ({"surface": word, "count": count} for word, count in surfaces.items()), batch_size=1000
    )


def letters(found: Iterable[str]) -> Iterable[str]:
    """Words as written, hyphens and apostrophes off: what a misspelt word is compared with."""
    return filter(None, map(_letters, found))


@lru_cache(maxsize=200_000)
def _letters(word: str) -> str:
    bare = re.sub(r"[-\s’']", "", word.lower())
    return bare if len(bare) > 2 and bare.isalpha() else ""


def _tells(db: Database) -> dict[str, float]:
    """How surely each stem that people ask with tells what they ask for, 0 to 1: how often, where one way of asking has
    it, the passage, its digest or another way of asking has it too. "Subcontract" comes again where it came once;
    "lately", "anybody", "my boss" hardly ever do, though papers seldom use them."""
    about: dict[int, Counter[str]] = defaultdict(Counter)
    for row in db.query(_OF_ENTRIES):
        about[row["n"]].update({*row["body"].split(), *row["head"].split()})
    entries = [(row["passage"] or -row["n"], row["digest"], json.loads(row["asks"])) for row in db.query(_ENTRIES)]
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
