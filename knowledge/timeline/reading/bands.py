"""Values in pounds as officers write them: one sum, or a band."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from knowledge.register.reading.money import NoSum, read_money
from knowledge.timeline.reading.mending import MOST, plausible_sum

EXAMPLES = "£250,000, £250k, £1.2m, £100k-£250k"
_BETWEEN = re.compile(r"\s*(?:-|–|—|−|\bto\b|\band\b)\s*", re.I)
_BEFORE = re.compile(r"^\s*(?:between|from)\s+", re.I)
_SCALE = re.compile(r"\d\s?(k|thousand|mn?|millions?|bn|billion)\b", re.I)
_AT_MOST = re.compile(r"^(?:up to|under|less than|below|no more than|not more than|at most|max\w*)\b|^<", re.I)
_AT_LEAST = re.compile(r"^(?:over|at least|more than|above|min\w*|from)\b|^>|\+$", re.I)
_A_YEAR = re.compile(r"\b(?:p\.?\s?a\.?|per annum|(?:per|a|each) year|annual\w*|yearly|/\s?(?:yr|year))(?!\w)", re.I)
_WITH_VAT = re.compile(r"\b(?:inc\w*|with|plus)\.?\s+(?:of\s+)?vat\b|\bgross\b", re.I)
_WITHOUT_VAT = re.compile(r"\b(?:ex\w*|without|net of|plus)\.?\s+(?:of\s+)?vat\b|\bnet\b|\+\s?vat\b", re.I)


class NoBand(ValueError):
    """A cell that is no value in pounds. Its text says why."""


class Band(NamedTuple):
    """From and to, in pounds; None for an end that is not said. `gross`: with VAT, where the cell says."""

    low: Decimal | None
    high: Decimal | None
    gross: bool | None = None


def read_band(text: str) -> Band:
    """The value in a cell: "£250k" is both ends, "up to £1m" the upper, "over £1m" the lower one. Raises NoBand."""
    text = " ".join(text.split())
    if _A_YEAR.search(text):
        raise NoBand(f"{text[:60]!r} is a sum a year: the value over the whole life is read ({EXAMPLES})")
    gross = False if _WITHOUT_VAT.search(text) else True if _WITH_VAT.search(text) else None
    bare = _BEFORE.sub("", text) if _BETWEEN.search(_BEFORE.sub("", text)) else text
    parts = _BETWEEN.split(bare)
    if len(parts) == 2 and all(re.search(r"\d", part) for part in parts):
        return Band(*_both(parts[0], parts[1], text), gross)
    sum_ = _sum(text, text)
    low, high = None if _AT_MOST.match(text) else sum_, None if _AT_LEAST.search(text) else sum_
    return Band(low, high, gross)


def _both(low: str, high: str, text: str) -> tuple[Decimal | None, Decimal | None]:
    """Both ends. "£1-2m" says its million once."""
    scale = _SCALE.search(high)
    first, last = _sum(low, text), _sum(high, text)
    if scale and not _SCALE.search(low) and (scaled := _sum(f"{low} {scale[1]}", text)) and last and scaled < last:
        first = scaled
    if first is not None and last is not None and first > last:
        raise NoBand(f"{text[:60]!r} goes from more to less")
    return first, last


def _sum(part: str, text: str) -> Decimal | None:
    """One sum; None for one that stands for nothing (0 or 1)."""
    try:
        value, _ = read_money(part)
    except NoSum:
        value = None
    if value is None or value < 0:
        raise NoBand(f"{text[:60]!r} is no sum in pounds ({EXAMPLES})")
    if value > MOST:
        raise NoBand(f"{text[:60]!r} is more than any council spends on one contract")
    return plausible_sum(value)
