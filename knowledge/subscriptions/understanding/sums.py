"""Sums of money in what people write."""

from __future__ import annotations

import re
from datetime import date

from knowledge.register.asking.filters import value_band
from knowledge.register.asking.reading import Reading
from knowledge.timeline.thresholds import thresholds_on

Ends = tuple[int | None, int | None]
"""Whole pounds, the lowest and the highest; None for no limit."""
_SCALES = {
    "hundred thousand": 100_000,
    "thousand": 1_000,
    "grand": 1_000,
    "k": 1_000,
    "million": 1_000_000,
    "m": 1_000_000,
}
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "fifteen": 15, "twenty": 20, "twenty five": 25, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy five": 75, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
_COUNT = "|".join(sorted((one.replace(" ", "[- ]") for one in _COUNTS), key=len, reverse=True))
_HALVES = {
    "half a million": "500000", "half a mil": "500000", "half million": "500000", "quarter of a million": "250000",
    "quarter million": "250000", "three quarters of a million": "750000", "a million and a half": "1500000",
    "one and a half million": "1500000", "half a mill": "500000",
}  # fmt: skip
_HALF = re.compile(rf"(?<!\w)(?:an? )?({'|'.join(sorted(_HALVES, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
_IN_WORDS = re.compile(
    rf"(?<![\w£.,])({_COUNT})[- ](hundred thousand|thousand|grand|k|million|m)(?: pounds| quid)?(?!\w)", re.IGNORECASE
)
_TWO = re.compile(
    rf"(?<![\w£.,])({_COUNT}) (and|to|or) ({_COUNT})[- ](hundred thousand|thousand|grand|k|million|m)(?!\w)",
    re.IGNORECASE,
)
"""Of "one to two million" the first has the second's scale."""
_PRETTY = (
    (re.compile(r"(?<=[\dkm])(?: pounds?)?,? (?:(?:a|per|each) (?:year|annum)|pa|annually)\b", re.IGNORECASE), ""),
    (re.compile(r"\b(?:no|not|never) (?:more|greater|larger|bigger|higher) than\b", re.IGNORECASE), "up to"),
    (re.compile(r"\b(?:no|not|never) (?:less|smaller|lower) than\b", re.IGNORECASE), "at least"),
    (re.compile(r"(?<=\d)\s?(?:pounds?(?: sterling)?|quid|gbp)\b", re.IGNORECASE), ""),
    (re.compile(r"\bgbp\s?(?=\d)", re.IGNORECASE), "£"),
    (re.compile(r"(?<=\d)\s?mill?\b", re.IGNORECASE), "m"),
    (re.compile(r"(?<=[\dkm])\s*(?:-|–|—)\s*(?=£?\d)", re.IGNORECASE), " to "),
)
_BARE = r"£?\s?\d[\d,]*(?:\.\d+)?\s?(?:bn|billion|million|m|k|grand|thousand)?"
_RANGE = re.compile(
    rf"(?<!\w)(?:of |worth |between |from )?(?P<one>{_BARE}) (?:to|and|up to) (?P<other>{_BARE})(?![\w/])",
    re.IGNORECASE,
)
_BESIDE = (
    (re.compile(rf"(?P<sum>{_BARE}) (?:max(?:imum)?|tops|or so at most|at most)(?!\w)", re.IGNORECASE), "up to "),
    (re.compile(rf"(?P<sum>{_BARE}) (?:min(?:imum)?|at least|upwards|plus|and above|and over|and up)(?!\w)",
                re.IGNORECASE), "at least "),
    (re.compile(rf"(?<!\w)(?:max(?:imum)?|sub|no bigger than|nothing over|nothing above|not over|not above|not "
                rf"exceeding|no larger than|no higher than|capped at|limit(?:ed)?(?: to| of)?|within|as much as)"
                rf"(?: value)?[ :-]*(?:of )?(?P<sum>{_BARE})(?!\w)", re.IGNORECASE), "up to "),
    (re.compile(rf"(?<!\w)(?:min(?:imum)?|nothing under|nothing below|not under|not below|no smaller than|starting at|"
                rf"beginning at|from)(?: value)?[ :-]*(?:of )?(?P<sum>{_BARE})(?!\w)(?! (?:up )?to\b)", re.IGNORECASE),
     "at least "),
)  # fmt: skip
_ABOUT = re.compile(
    r"(?<!\w)(?:worth )?(?:around|about|roughly|approx(?:imately)?\.?|circa|c\.|~) ?(?P<sum>£\s?\d[\d,]*(?:\.\d+)?"
    r"\s?(?:million|m|k|thousand)?|\d[\d,.]*\s?(?:million|m|k|grand|thousand))(?!\w)",
    re.IGNORECASE,
)
_THRESHOLD = re.compile(
    r"(?<!\w)(?P<how>(?:under|below|sub)|(?:over|above))[- ](?:the )?(?:\w+ )?thresholds?(?!\w)", re.IGNORECASE
)


def band_in(reading: Reading, today: date) -> tuple[Ends, str]:
    """The least and the most something may be worth, taken out of a text, and what is to be said of it ("")."""
    reading.text = spelt_out(reading.text)
    if threshold := reading.take(_THRESHOLD):
        return _by_threshold(threshold["how"], today)
    if near := reading.take(_ABOUT):
        return _near(near["sum"])
    for pattern, plain in _BESIDE:
        if (found := pattern.search(reading.text)) and (ends := _ends(Reading(plain + found["sum"]))) != (None, None):
            reading.cut(*found.span())
            return _both(ends, reading), ""
    if found := _RANGE.search(reading.text):
        ends = _ends(Reading(f"between {found['one']} and {found['other']}"))
        if ends != (None, None):
            reading.cut(*found.span())
            return ends, ""
    return _both(_ends(reading), reading), ""


def _both(ends: Ends, reading: Reading) -> Ends:
    """ "Over 20k and under 100k" says two things."""
    if (ends[0] is None) == (ends[1] is None):
        return ends
    low, high = _ends(reading)
    return (ends[0] if ends[0] is not None else low, ends[1] if ends[1] is not None else high)


def _ends(reading: Reading) -> Ends:
    """The ends as people mean them: "under 100k" is up to 100k, for a penny is nobody's limit."""
    band = value_band(reading)
    if band is None:
        return None, None
    low, high = (None if end is None else (end + 50) // 100 for end in (band.low, band.high))
    return low, high


def spelt_out(text: str) -> str:
    """A text with its sums in figures: "half a million" becomes "£500000"."""
    text = _HALF.sub(lambda found: "£" + _HALVES[found[1].lower()], text)
    text = _TWO.sub(r"\1 \4 \2 \3 \4", text)
    text = _IN_WORDS.sub(
        lambda found: f"£{_COUNTS[found[1].lower().replace('-', ' ')] * _SCALES[found[2].lower()]}", text
    )
    for pattern, plain in _PRETTY:
        text = pattern.sub(plain, text)
    return text


def read_sum(text: str) -> int:
    """A sum written alone, in whole pounds: "£500k", "half a million", "20,000". Raises ValueError."""
    plain = spelt_out(text.strip()[:40])
    figures = plain if plain.startswith("£") else f"£{plain}"
    ends = _ends(Reading(f"up to {figures}"))
    if not re.fullmatch(rf"{_BARE}", figures, re.IGNORECASE) or ends[1] is None:
        raise ValueError(f"{text.strip()[:40]!r} is no sum of money: write 500000 or 500k")
    return ends[1]


def _near(text: str) -> tuple[Ends, str]:
    amount = read_sum(text)
    ends = amount // 2, amount * 2
    return ends, f"“Around” is taken as £{ends[0]:,} to £{ends[1]:,}."


def _by_threshold(how: str, today: date) -> tuple[Ends, str]:
    known = thresholds_on(today)
    if known is None:
        return (None, None), "No threshold is known for today."
    amount = known.goods_and_services
    note = f"The threshold is taken as £{amount:,}, that for goods and services; other kinds of contract have others."
    return ((None, amount) if how.lower() in ("under", "below", "sub") else (amount, None)), note
