"""Questions about shares of spending: "what share of our spend goes to SMEs", "spend with charities in Thanet"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.register.asking.nouns import Shape
from knowledge.register.asking.parts import Parts
from knowledge.register.asking.phrases import phrases
from knowledge.register.asking.reading import Reading
from knowledge.register.reader import RegisterReader

_FILE = "sharing.toml"


@dataclass(frozen=True)
class Sharing:
    """A question about shares. `sme`, `vcse`: which of the two is asked after; `by_district`: for every district;
    `district`, `department`: of one, "" for all; `keys`: of the contracts that words describe, `said` being these
    words, None for all."""

    sme: bool
    vcse: bool
    by_district: bool = False
    district: str = ""
    department: str = ""
    keys: frozenset[str] | None = None
    said: str = ""


def share_asked(
    text: str, reader: RegisterReader, today: date, own: Collection[str], departments: Sequence[str]
) -> Sharing | None:
    """What of shares a message asks; None where it asks something else, or has words over that say nothing here."""
    cues = phrases("cue", _FILE)
    sizes = phrases("size")
    whole = Reading(text)
    if not (sizes["sme"].search(whole.text) or sizes["vcse"].search(whole.text)) or cues["never"].search(whole.text):
        return None
    if not (cues["money"].search(whole.text) or cues["share"].search(whole.text)):
        return None
    by_district = whole.take_all(cues["by_district"])
    department = _department(whole, departments)
    for name in ("share", "money", "little"):
        whole.take_all(cues[name])
    where = reader.gazetteer.where(whole.left)  # before names: titles have districts in them
    for mention in where.mentions:
        whole.cut_words(mention.name.split())
    parts = Parts(whole.left, reader, today, own)
    if len(where.districts) > 1 or where.outside or not _is_whole(parts):
        return None
    return _sharing(parts, next(iter(where.districts), ""), department, by_district=by_district)


def _department(reading: Reading, departments: Sequence[str]) -> str:
    """The directorate that is named in full."""
    for name in sorted(departments, key=len, reverse=True):
        if match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", reading.text, re.IGNORECASE):
            reading.cut(match.start(), match.end())
            return name
    return ""


def _is_whole(parts: Parts) -> bool:
    """Whether nothing stands in it but the sort of provider, a place, and words that describe contracts."""
    named = parts.reference or parts.provider or parts.person or parts.unknown
    conditions = (
        parts.lacking or parts.having or parts.paid or parts.value or parts.days or parts.delivered or parts.order
        or parts.shape is not Shape.TELL or parts.sme is False or parts.vcse is False
    )  # fmt: skip
    described = not parts.words or (bool(parts.numbers) and not parts.strange)
    return bool(parts.sme or parts.vcse) and not named and not conditions and described


def _sharing(parts: Parts, district: str, department: str, *, by_district: bool) -> Sharing:
    district = district or ("Countywide" if parts.countywide else "")
    some = bool(parts.words)
    keys = frozenset(row.key for row in parts.reader.rows_of(parts.numbers)) if some else None
    said = " ".join(word.surface for word in parts.words)
    return Sharing(bool(parts.sme), bool(parts.vcse), by_district, district, department, keys, said)
