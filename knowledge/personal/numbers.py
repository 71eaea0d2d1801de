"""Numbers that belong to one person: of the NHS, National Insurance, cases, cars, cards; dates that look like births.

Every pattern takes a bounded number of characters from where it begins, so that no text takes long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from knowledge.personal.reaching import mail, telephone

_FIGURES = re.compile(r"(?<!£)\d+(?:[ \-.]{1,3}\d+)*")
_NHS = re.compile(r"(?i)\bn\.?h\.?s\.?(?: ?(?:number|num|no|nr|id|ref))?\b[^\d\n]{0,20}\d(?:[ \-.]{0,3}\d){6,9}(?!\d)")
"""Said to be one: then also where a figure is amiss."""
_INSURANCE = re.compile(r"(?i:\b[a-z]{2}\d{6}[a-d]\b)|\b[A-Z]{2}(?:[ \-]?\d\d){3}[ \-]?[A-Da-d]\b")
_INSURANCE_SAID = re.compile(
    r"(?i)\b(?:national insurance|n\.? ?i|nino)\b\.? ?(?:no\b|num\b|number\b|nr\b)?[^\d\n]{0,12}\d\d"
)
_OWNED = (
    "case|client|customer|hospital|account|claim(?:ant)?|pupil|student|benefits?|rent|tenan(?:cy|t)|payroll|passport"
    "|(?:social|adult|children'?s) services|driving licen[cs]e|badge|pass|service user|social care|crime|his|her|their"
    "|patient|resident'?s?|council tax"
)
_SYSTEMS = "pcn|penalty charge notice|penalty charge|liquidlogic|mosaic|carefirst|upn|uln"
_REFERENCE = re.compile(
    rf"(?i)\b(?:(?:{_OWNED})(?:'s)? (?:id|no|num|number|nr|ref|reference|file)\b|(?:{_SYSTEMS})\b)"
    r"(?:[^\w\n]{1,3}[a-z]{1,12}\b){0,4}[^\w\n]{0,3}[a-z]{0,6}[\-/ ]?\d[\w\-/]{3,14}\b"
)
_ACCOUNT = re.compile(r"(?i)\b(?:case|client|account|patient|claim|passport)\b[.:#, ]{1,3}[a-z]{0,3}\d{5,12}\b")
_CODED = re.compile(r"\b[A-Z9]{5} ?\d{6} ?[A-Z0-9]{2}|\b[A-Z]\d{12}[A-Z]?\b")
"""A driving licence, a pupil's number."""
_BANK = re.compile(
    r"(?i)\bsort ?code\b[^\d\n]{0,12}\d|\b\d\d-\d\d-\d\d\b[^\d\n]{0,20}\d{8}\b|\biban\b[^\d\n]{0,6}[a-z]{2}\d"
)
_CARD = re.compile(r"(?<!\d)\d(?:[ \-]?\d){15}(?!\d)")
_CAR = re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b")
_CAR_SAID = re.compile(r"(?i)\b(?:reg|registration|number ?plate|vrm)\b[^\d\n]{0,12}\b[a-z]{1,3}\d{1,3} ?[a-z]{0,3}\b")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_LONG_AGO = r"(?:19\d\d|200\d)\b"
_DATE = re.compile(
    rf"(?i)(?<![\d/.\-])[0-3]?\d([/.\-])[01]?\d\1(?:{_LONG_AGO}|[3-9]\d(?![\d/.\-]\d|\d))"
    rf"|\b[0-3]?\d(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})[a-z]{{0,6}},? {_LONG_AGO}|\b{_LONG_AGO}-[01]\d-[0-3]\d\b"
)
"""A whole date so long ago that a complaint of today hardly gives it but for a birth."""


def reasons_in_numbers(written: str) -> Iterator[str]:
    """Why a plain text holds personal data, by the numbers in it, in words for people."""
    return (reason for reason, test in _TESTS if test(written))


def _nhs(written: str) -> bool:
    return bool(_NHS.search(written)) or any(_checks(ten) for ten in _tens(written))


def _tens(written: str) -> Iterator[str]:
    """Ten figures in a row: in one to four groups, or singly with nothing else near."""
    for match in _FIGURES.finditer(written):
        groups = re.findall(r"\d+", match.group())
        rows = ["".join(groups[n : n + length]) for n in range(len(groups)) for length in range(1, 5)]
        yield from (row for row in [*rows, "".join(groups)] if len(row) == 10)


def _checks(figures: str) -> bool:
    """Whether the last of ten figures is what the nine before it ask for, modulo 11."""
    weighed = sum(int(figure) * weight for figure, weight in zip(figures[:9], range(10, 1, -1), strict=True))
    return len(set(figures)) > 1 and (11 - weighed % 11) % 11 == int(figures[9])


def _bank(written: str) -> bool:
    return bool(_BANK.search(written)) or any(_luhn(_figures(match.group())) for match in _CARD.finditer(written))


def _luhn(figures: str) -> bool:
    """Whether sixteen figures are a payment card's, by their check digit."""
    doubled = (int(figure) * (2 - place % 2) for place, figure in enumerate(figures))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _figures(written: str) -> str:
    return re.sub(r"\D", "", written)


def _any(*patterns: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda written: any(pattern.search(written) for pattern in patterns)


_TESTS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("a telephone number", telephone),
    ("an e-mail address", mail),
    ("an NHS number", _nhs),
    ("a National Insurance number", _any(_INSURANCE, _INSURANCE_SAID)),
    ("a date of birth", _any(_DATE)),
    ("a case or client number", _any(_REFERENCE, _ACCOUNT, _CODED)),
    ("bank details", _bank),
    ("a car's number plate", _any(_CAR, _CAR_SAID)),
)
