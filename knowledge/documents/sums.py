"""Sums of money and the bands papers put them in: "£20,000" falls in "from £5,000 and under £30,000"."""

from __future__ import annotations

import math
import re

_SUM = r"£\s?(\d[\d,]*(?:\.\d+)?)\s?(bn|billion|million|m|k)?\b"
_LOOSE = re.compile(
    r"£\s?(?P<a>\d[\d,]{0,30}(?:\.\d+)?)\s?(?P<as>bn|billion|million|m|k|grand)?\b"
    r"|\b(?P<b>\d[\d,]{0,30}(?:\.\d+)?)\s?(?P<bs>million|k|m|grand)\b"
    r"|\b(?P<c>\d{1,3}(?:,\d{3}){1,9}|\d{4,})\b",
    re.IGNORECASE,
)
_SCALE = {"k": 1e3, "grand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_YEARS = range(1900, 2101)

Band = tuple[float, float]
"""From and to, in pounds; the upper end belongs to it only where the paper says so."""

_UNDER = r"(?:under|below|less than)"
_BANDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), ends)
    for pattern, ends in (
        (rf"\bfrom {_SUM} (?:and|but|to) {_UNDER} {_SUM}", "[)"),
        (rf"\b(?:from|between) {_SUM} (?:and|to|up to) {_SUM}", "[]"),
        (rf"{_SUM}\s?(?:to|–|-)\s?{_SUM}", "[]"),
        (rf"\b{_UNDER} {_SUM}", "0)"),
        (rf"\b(?:up to|no more than|at most|not exceeding) {_SUM}", "0]"),
        (rf"{_SUM} or (?:less|under|below)", "0]"),
        (rf"\b(?:over|above|more than|greater than|exceeds?|exceeding) {_SUM}", "("),
        (rf"{_SUM} (?:or|and) (?:more|over|above|upwards)", "["),
    )
)


def sums_in(question: str) -> list[float]:
    """The sums a question names, in pounds. A year is none."""
    found = []
    for match in _LOOSE.finditer(question):
        figure, scale = match["a"] or match["b"] or match["c"], match["as"] or match["bs"]
        value = _pounds(figure, scale)
        if not (match["c"] and value in _YEARS):
            found.append(value)
    return found


def bands_in(text: str) -> list[Band]:
    """The bands of money a text speaks of."""
    found: list[Band] = []
    if "£" not in text:  # most texts: a look that costs nothing
        return found
    for pattern, ends in _BANDS:
        for match in pattern.finditer(text):
            found.append(_band(match, ends))
        text = pattern.sub(" ", text)
    return found


def falls_in(sums: list[float], bands: list[Band]) -> bool:
    """Whether every sum falls in some band."""
    return all(any(low <= value <= high for low, high in bands) for value in sums)


def _band(match: re.Match[str], ends: str) -> Band:
    values = [_pounds(figure, scale) for figure, scale in zip(match.groups()[::2], match.groups()[1::2], strict=True)]
    low = 0.0 if ends[0] == "0" else values[0] + (0.01 if ends[0] == "(" else 0.0)
    high = math.inf if len(ends) == 1 else values[-1] - (0.01 if ends[1] == ")" else 0.0)
    return low, high


def _pounds(figure: str, scale: str | None) -> float:
    return float(figure.replace(",", "")) * _SCALE.get((scale or "").lower(), 1.0)
