"""Headings as councils write them, and the fields they mean. The table is `data/register/headings.csv` (heading,field):
a heading with two fields is one nobody can settle without asking; one with no field is known and kept with the row.

Three fields are no field of a contract: `notice` (an id that stands in where there is no reference), `currency`, and
`sme_vcse` (one column for both).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.register.contract import Contract
from knowledge.register.reading.heading_words import by_words

TABLE = Path(__file__).parents[2] / "data" / "register" / "headings.csv"
FIELDS = tuple(name for name in Contract.model_fields if name != "other")
OTHER = "other"
"""Said of a heading that shall be kept with the row and mean nothing."""
EXPORTED = "Other: "
"""Begins the heading under which an export gives back what was kept with the row."""
_HIGH_BAR = 88
_JOINED_BAR = 93
_SHORT = {
    "no": "number", "num": "number", "nr": "number", "nos": "number", "ref": "reference", "desc": "description",
    "dept": "department", "mgr": "manager", "reg": "registration", "co": "company",
    "dir": "director", "est": "estimated",
}  # fmt: skip
"""What is written short."""
_SMALL = frozenset(("the", "of", "a", "an", "for", "this"))


@dataclass(frozen=True)
class Fit:
    """What a heading may mean: no field (nobody knows it, or it is known to be none), one, or several. `rank`: the
    lower, the likelier that this column is meant where two fit one field."""

    fields: tuple[str, ...] = ()
    rank: int = 1_000_000


@dataclass
class Table:
    """The table of headings, by their words as written, and by their words in any order."""

    exact: dict[str, Fit] = field(default_factory=dict)
    words: dict[str, Fit] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=10_000)
def fit(heading: str) -> Fit:
    """What a heading means: as it stands, then without what is in brackets, then nearly."""
    table = load_table()
    words = _bare(heading) or words_of(heading)
    found = known(heading) or _several(heading, table)
    if found:
        return found
    near = _near(words, table)
    return near if near.fields else _meant(words)


def _meant(words: str) -> Fit:
    """What a heading means that the table does not have, by its words; it gives way to one that the table has."""
    name = by_words(words)
    return Fit((name,), 500_000) if name else Fit()


def known(heading: str) -> Fit | None:
    """What a heading means that the table knows, whatever its case, marks, spaces and order of words."""
    table = load_table()
    for words in dict.fromkeys((words_of(heading), _bare(heading))):
        found = words and (table.exact.get(words) or table.words.get(_bag(words)) or _joined(words, table))
        if found:
            return found
    return None


def _bare(heading: str) -> str:
    return words_of(re.sub(r"[(\[{].*?[)\]}]", " ", heading))


def _several(heading: str, table: Table) -> Fit | None:
    """Two headings in one cell ("Supplier and service manager"): both fields, where they are not the same."""
    parts = [table.exact.get(words_of(part)) for part in re.split(r"[/&+,;]|\band\b|\bor\b", heading, flags=re.I)]
    fields = tuple(dict.fromkeys(name for part in parts if part for name in part.fields))
    return Fit(fields) if len(fields) > 1 and all(parts) else None


@cache
def load_table(path: Path = TABLE) -> Table:
    """The table in this file."""
    table = Table()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["heading"], row["field"].strip()) for row in csv.DictReader(file)]
    for rank, (heading, name) in enumerate([*rows, *((name, name) for name in FIELDS)]):
        words = words_of(heading)
        before = table.exact.get(words)
        if before and rank >= len(rows):
            continue
        fields = tuple(dict.fromkeys([*(before.fields if before else ()), *([name] if name else [])]))
        table.exact[words] = Fit(fields, before.rank if before else rank)
    for words, found in table.exact.items():
        table.joined.setdefault(words.replace(" ", ""), words)
        same = table.words.get(_bag(words))
        if same is None:
            table.words[_bag(words)] = found
        elif same.fields != found.fields:
            table.words[_bag(words)] = Fit(tuple(dict.fromkeys(same.fields + found.fields)), same.rank)
    return table


@lru_cache(maxsize=10_000)
def words_of(heading: str) -> str:
    """A heading's words: small letters, camel case and underscores apart, no marks, no plurals."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})", " ", heading.strip())
    text = re.sub(r"\be[-‐‑\s]?mails?\b", "email", text.replace("_", " "), flags=re.I)
    text = re.sub(r"%|\bper\s?cent(age)?\b|\bpercentage\b", " percent ", text, flags=re.I)
    text = re.sub(r"['’`]s?\b", "", text.replace("&", " and "))
    return " ".join(_SHORT.get(word) or _singular(word) for word in re.findall(r"[^\W_]+", text.lower()))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _bag(words: str) -> str:
    return " ".join(sorted(set(words.split()) - _SMALL))


def _joined(words: str, table: Table) -> Fit | None:
    """Words that only lack, or have too many, spaces between them."""
    same = table.joined.get(words.replace(" ", ""))
    return table.exact[same] if same else None


def _near(words: str, table: Table) -> Fit:
    """A slip of the pen: the best known heading over a high bar, or several fields where it is as near to another."""
    if len(words) < 5:
        return Fit()
    found = process.extract(words, table.exact.keys(), scorer=fuzz.ratio, score_cutoff=_HIGH_BAR, limit=8)
    slips = [(name, score) for name, score, _ in found if _slip(words, name)]
    if not slips:
        return Fit()
    best = [table.exact[name] for name, score in slips if score > slips[0][1] - 2]
    fields = tuple(dict.fromkeys(name for one in best for name in one.fields))
    return Fit(fields, 100_000 + best[0].rank)


def _slip(words: str, known: str) -> bool:
    """Whether each word is the known one's but for a slip; short words must be the same."""
    ours, theirs = words.split(), known.split()
    if len(ours) != len(theirs):
        return fuzz.ratio(words.replace(" ", ""), known.replace(" ", "")) >= _JOINED_BAR and len(known) > 8
    return all(OSA.distance(one, other) <= _slack(one, other) for one, other in zip(ours, theirs, strict=True))


def _slack(one: str, other: str) -> int:
    """How many letters a word may be off. A short one may lack a letter but its first: "dte"."""
    if min(len(one), len(other)) < 4:
        return int(len(one) != len(other) and one[0] == other[0])
    return 1 if len(other) < 8 else 2


@dataclass
class Columns:
    """Which column means what. `fields`: field -> column; `kept`: column -> heading, for what is kept with the row;
    `ambiguous`: heading -> the fields it fits; `weaker`: heading -> the field another column has."""

    fields: dict[str, int] = field(default_factory=dict)
    kept: dict[int, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    ambiguous: dict[str, tuple[str, ...]] = field(default_factory=dict)
    weaker: dict[str, str] = field(default_factory=dict)


def assign(headings: list[str], settled: dict[str, str], filled: Iterable[int]) -> Columns:
    """Gives each field its column. `settled`: heading -> field, as somebody said; `filled`: the columns that hold
    anything, since an empty one gives way to another that fits the same field."""
    said = {words_of(heading): name for heading, name in settled.items()}
    used, has = Columns(), set(filled)
    wanted: list[tuple[tuple[bool, bool, int], int, str]] = []
    names = _names(headings)
    for column, heading in enumerate(headings):
        found = Fit() if heading.startswith(EXPORTED) or not heading else fit(heading)
        name = said.get(words_of(heading)) if heading else None
        if name is None and len(found.fields) == 1:
            name = found.fields[0]
        if name and name != OTHER:
            wanted.append(((words_of(heading) not in said, column not in has, found.rank), column, name))
            continue
        used.kept[column] = names[column]
        if name is None and len(found.fields) > 1:
            used.ambiguous[names[column]] = found.fields
        elif name is None and not heading.startswith(EXPORTED) and (heading or column in has):
            used.unknown.append(names[column])
    for _, column, name in sorted(wanted):
        if name in used.fields:
            used.kept[column] = names[column]
            used.weaker[names[column]] = name
        else:
            used.fields[name] = column
    return used


def _names(headings: list[str]) -> list[str]:
    """A name a column, no two the same: the second "Notes" is "Notes (2)", one without a heading "column 7"."""
    names: list[str] = []
    for column, heading in enumerate(headings, start=1):
        name = heading.removeprefix(EXPORTED).strip() or f"column {column}"
        number = 2
        while name in names:
            name, number = f"{heading} ({number})", number + 1
        names.append(name)
    return names
