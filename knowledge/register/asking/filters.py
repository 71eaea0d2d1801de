"""The conditions of a question: by value, by state, by who delivers, by what is lacking; and in what order."""

from __future__ import annotations

import re
from decimal import Decimal

from knowledge.register.asking.nouns import Band, Order, Shape
from knowledge.register.asking.phrases import phrases
from knowledge.register.asking.reading import Reading
from knowledge.register.contract import State

_SUM = r"£?\s?\d[\d,]*(?:\.\d+)?\s?(?:bn|billion|million|mil|m|k|grand|thousand)?(?![\w/]|\.\d)"
_A_SUM = re.compile(r"(£)?\s?(\d[\d,]*(?:\.\d+)?)\s?(bn|billion|million|mil|m|k|grand|thousand)?", re.IGNORECASE)
_SCALE = {
    "k": 1_000, "grand": 1_000, "thousand": 1_000, "m": 1_000_000, "mil": 1_000_000, "million": 1_000_000,
    "bn": 1_000_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_WORTH = (
    r"(?:(?:that are|which are|are|is|were|was)\s)?"
    r"(?:(?:each\s)?(?:worth|valued(?: at)?|costing|with a value(?: of)?|of a value)\s)?"
)
_OVER = "over|above|more than|greater than|exceeding|in excess of|bigger than|larger than|higher than|upwards of|>"
_UNDER = "under|below|less than|smaller than|lower than|cheaper than|<"
_VALUES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(r"(?<!\w)" + _WORTH + said, re.IGNORECASE), ends)
    for said, ends in (
        (rf"between ({_SUM}) (?:and|to|-) ({_SUM})", "[]"),
        (rf"from ({_SUM}) (?:up )?to ({_SUM})", "[]"),
        (rf"(?:{_OVER}) ({_SUM})", "("),
        (rf"(?:at least|no less than|not less than|minimum(?: of)?|>=) ({_SUM})", "["),
        (rf"(?:{_UNDER}) ({_SUM})", ")"),
        (rf"(?:up to|at most|no more than|not more than|maximum(?: of)?|<=) ({_SUM})", "]"),
        (rf"({_SUM})(?: or (?:more|over|above|higher|greater)|\+)", "["),
        (rf"({_SUM}) or (?:less|under|below|fewer)", "]"),
    )
)
_HOW_MANY = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twenty": 20,
}  # fmt: skip
_NOT = r"(?:not|non|other than|aren't|isn't|are not|is not)[ -](?:with |an? |to |held by )?"


def value_band(reading: Reading) -> Band | None:
    """The sums between which contracts must lie. A bare figure counts as money where it is large or has a scale."""
    for pattern, ends in _VALUES:
        for match in pattern.finditer(reading.text):
            if (sums := _sums(match)) is not None:
                reading.cut(match.start(), match.end())
                return _band(sums[0], sums[-1], ends)
    return None


def _sums(match: re.Match[str]) -> list[int] | None:
    """The sums of a match in pence; of "1 to 2 million" the first has the second's scale."""
    sums = [_pence(one) for one in match.groups()]
    if len(sums) == 2 and sums[0] is None and sums[1] is not None:
        sums[0] = _pence(f"£{match[1]}{re.sub('[^a-z]', '', match[2].lower())}")
    return None if None in sums else [one or 0 for one in sums]


def _pence(text: str) -> int | None:
    match = _A_SUM.match(text.strip())
    if not match:
        return None
    figure = Decimal(match[2].replace(",", ""))
    if not match[1] and not match[3] and (figure < 1_000 or figure in range(1900, 2101)):
        return None
    return int(figure * _SCALE.get((match[3] or "").lower(), 1) * 100)


def _band(first: int, last: int, ends: str) -> Band:
    one, other = pounds(first), pounds(last)
    return {
        "[]": Band(first, last, f"between {one} and {other}"),
        "(": Band(first + 1, None, f"over {one}"),
        "[": Band(first, None, f"of {one} or more"),
        ")": Band(None, first - 1, f"under {one}"),
        "]": Band(None, first, f"of {one} or less"),
    }[ends]


def pounds(pence: int) -> str:
    """A sum for people: "£3,600,000", "£12.50"."""
    return f"£{pence // 100:,}" + (f".{pence % 100:02}" if pence % 100 else "")


def lacking(reading: Reading) -> frozenset[str]:
    """The fields in which contracts must have nothing: "no manager or director" lacks both."""
    found = {field for field, pattern in phrases("lacking").items() if reading.take(pattern)}
    more = re.compile(
        r"(?<!\w)(?:and|or|nor) (?:no |lead |contract |named )*(director|manager|deput)\w*", re.IGNORECASE
    )
    if found and (match := reading.take(more)):
        found.add({"deput": "deputy"}.get(match[1].lower(), match[1].lower()))
    return frozenset(found)


def delivered(reading: Reading) -> str:
    """How the contracts asked for are delivered: in-house, external, grant, sla, or "" for any way."""
    found = [name for name, pattern in phrases("delivered").items() if reading.take_all(pattern)]
    return found[0] if found else ""


def sizes(reading: Reading) -> tuple[bool | None, bool | None]:
    """Whether providers must be small or medium, and whether of the voluntary sector; None where either will do."""
    sme, vcse = (_size(reading, name) for name in ("sme", "vcse"))
    return sme, vcse


def _size(reading: Reading, name: str) -> bool | None:
    pattern = phrases("size")[name]
    negative = reading.take(re.compile(rf"(?<!\w){_NOT}(?={pattern.pattern})", re.IGNORECASE))
    return (not negative) if reading.take_all(pattern) else None


def states(reading: Reading) -> frozenset[State]:
    """The states contracts must be in, where the question says so."""
    return frozenset(State(name) for name, pattern in phrases("state").items() if reading.take_all(pattern))


def order(reading: Reading) -> tuple[Order | None, int]:
    """Which contracts come first, and how many are asked for (0 for all)."""
    for name, pattern in phrases("order").items():
        if match := reading.take(pattern):
            said = next((one for one in match.groupdict().values() if one), "").lower()
            return Order(name), int(said) if said.isdigit() else _HOW_MANY.get(said, 0)
    return None, 0


def shape(reading: Reading) -> Shape:
    """Whether contracts are to be told, counted or added up."""
    for name, pattern in phrases("shape").items():
        if reading.take(pattern):
            return Shape(name)
    return Shape.TELL
