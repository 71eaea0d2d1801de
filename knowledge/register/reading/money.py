"""Sums of money as registers write them, in pounds."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from knowledge.register.reading.days import looks_like_a_day

MOST = Decimal(10) ** 15
"""More than any council ever spent: a number that size is no sum."""
_SCALES = {
    "k": 1_000, "thousand": 1_000, "m": 10**6, "mn": 10**6, "mil": 10**6, "mill": 10**6, "million": 10**6,
    "millions": 10**6, "bn": 10**9, "b": 10**9, "billion": 10**9,
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e\+?\d{1,2})?|\.\d+"
_FIGURE = (
    rf"(?P<sign>[-−–]\s?)?(?P<pound>£|gbp)?\s?(?P<minus>[-−–]\s?)?(?P<number>{_NUMBER})"
    r"(?:\s?(?P<scale>k|thousand|m|mn|mill?|millions?|bn|b|billion)(?![a-z]))?(?:\s?(?P<after>gbp|pounds|£)(?![a-z]))?"
)
_ONE = re.compile(_FIGURE, re.I)
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_CONTINENTAL = re.compile(r"£?\s?\d{1,3}(\.\d{3})+(,\d{1,2})?|£?\s?\d+,\d{2}")
_RANGE = re.compile(
    r"(?P<before>[^\d£]*?)(?P<low>£?\s?(?:" + _NUMBER + r")\s?(?:k|m|mn|million|thousand|bn|billion)?)\s*"
    r"(?:-|–|—|−|\bto\b|\band\b|/)\s*(?P<high>£?\s?(?:" + _NUMBER + r")\s?(?:k|m|mn|million|thousand|bn|billion)?)"
    r"(?P<rest>[^\d£]*)",
    re.I,
)
_QUALIFIED = re.compile(
    r"(\b(est|estimated?|estimate|approx\w*|circa|ca?|about|around|up|to|max\w*|min\w*|over|under|more|less|than|at|"
    r"least|p\.?a|per|annum|year|annual\w*|each|total|in|inc\w*|ex|excl\w*|including|excluding|plus|net|gross|of|vat|"
    r"gbp|pounds?|sterling|only|tbc|provisional\w*|indicative|budget|value|whole|life|the|for|contract|ceiling|"
    r"capped|cap|fixed|not|exceeding|annually|yearly|yr|guide|likely|spend|no|guaranteed|framework|initial|term)\b"
    r"|[\s().,:;/*~<>≤≥=+£'\"\[\]-])*",
    re.I,
)
_FOREIGN = re.compile(r"[€$¥]|\b(eur|euros?|usd|dollars?|chf|sek|nok|dkk|cad|aud|pln|huf|bgn|inr|aed)\b", re.I)
_NIL = re.compile(r"£?\s?(nil|zero|free|no (cost|value|charge))", re.I)
_STRANGER = re.compile(r"\S+@\S+\.\w+|https?://.*|www\..*|(yes|no|true|false|y|n)", re.I)


class NoSum(ValueError):
    """A cell that cannot be a sum. Its text says why."""


@lru_cache(maxsize=50_000)
def read_money(text: str) -> tuple[Decimal | None, str]:
    """The sum in a cell, and the cell's text where that says more than a figure. A range gives its upper end; what is
    not in pounds, or is words only, gives none. Raises NoSum for a day, an address, a yes or no."""
    text = " ".join(text.split())
    if not text:
        return None, ""
    if _PLAIN.fullmatch(text):
        return _sum(Decimal(text), text), ""
    if looks_like_a_day(text) or _STRANGER.fullmatch(text):
        raise NoSum(f"{text[:60]!r} is no sum of money")
    if _FOREIGN.search(text):
        return None, text
    if _NIL.fullmatch(text):
        return Decimal("0.00"), text
    if _CONTINENTAL.fullmatch(text):
        return _sum(Decimal(text.strip("£ ").replace(".", "").replace(",", ".")), text), ""
    if (found := _RANGE.fullmatch(text)) and _QUALIFIED.fullmatch(found["before"].lower().replace("between", "")):
        return _upper(found), text
    return _single(text)


def _upper(found: re.Match[str]) -> Decimal:
    """The upper end. "£1-2m" says its million once."""
    ends = [one for name in ("low", "high") if (one := _ONE.fullmatch(found[name].strip()))]
    shared = ends[-1]["scale"]
    return max(_value(one, one["scale"] or (shared if _value(one) < _value(ends[-1]) else None)) for one in ends)


def _single(text: str) -> tuple[Decimal | None, str]:
    accounting = re.fullmatch(r"£?\s?\(\s?(£?[\d,.]+)\s?\)", text)
    if accounting and (one := _ONE.fullmatch(accounting[1])):
        return -_value(one), text
    found = list(_ONE.finditer(text))
    if len(found) > 1 and [bool(one["pound"]) for one in found] == [True] + [False] * (len(found) - 1):
        found = found[: 1 if not any(one["scale"] for one in found[1:]) else None]
    if len(found) != 1:
        return None, text
    [one] = found
    before, after = text[: one.start()], text[one.end() :]
    glued = before[-1:].isalnum() or after[:1].isalnum() or after[:1] == "%"
    told = bool(one["pound"] or one["after"] or one["scale"])
    if told and re.search(r"\d", before):
        return None, text
    if glued or not (told or (_QUALIFIED.fullmatch(before) and _QUALIFIED.fullmatch(after))):
        return None, text
    return _value(one), text if before.strip() or after.strip() else ""


def _value(one: re.Match[str], scale: str | None = None) -> Decimal:
    number = Decimal(one["number"].replace(",", "").replace(" ", ""))
    number *= _SCALES[(scale or one["scale"] or "").lower()] if scale or one["scale"] else 1
    return _sum(-number if one["sign"] or one["minus"] else number, one[0])


def _sum(number: Decimal, text: str) -> Decimal:
    if abs(number) > MOST:
        raise NoSum(f"{text[:60]!r} is more than any contract")
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
