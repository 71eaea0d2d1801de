"""What kind of thing a question wants to hear, and whether a text holds one: a sum, a number, a date, a way to reach
somebody. A passage about the right subject that holds none does not answer "how much".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER_WORDS = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|half|third|quarter|none|majority"
_MONTHS = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"

_KINDS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    (
        "money",
        re.compile(
            r"\bhow much (?!of|more|notice|time|weight|detail|say|input|emphasis|influence|freedom|importance)|£|"
            r"\b(budget|price|cost|costs|salary|fee|paid|sum|max(imum)? grant|insurance) (of|is|for|to|we|limit|level)\b|"
            r"\bwhat (is|was|are|were) the (annual |total |current )?(budget|price|cost|value|salary|fee|rate)\b",
            re.IGNORECASE,
        ),
        re.compile(rf"[£€$]\s?\d|\d\s?(%|per cent|pounds|p\b)|\b\d[\d,.]*\s?(k|m|bn|million|billion)\b|\b({_NUMBER_WORDS})\b", re.IGNORECASE),
    ),
    (
        "share",
        re.compile(r"(\b(what|which)\s*(%|per ?cent|percentage|proportion|share)|^\s*%)", re.IGNORECASE),
        re.compile(r"\d\s?(%|per cent)|\bpercent|\b(half|third|quarter|majority)\b", re.IGNORECASE),
    ),
    ("number", re.compile(r"\bhow (many|often|long|old|big)\b", re.IGNORECASE), re.compile(rf"\d|\b({_NUMBER_WORDS}|annual\w*|month\w*|week\w*|quarterly)\b", re.IGNORECASE)),
    (
        "date",
        re.compile(r"^\s*(and |so |but )?when (is|was|are|were|does|did|do|will|must|should|can)\b|\bby when\b|\b(deadline|what date|which date|expir\w+|closing date)\b", re.IGNORECASE),
        re.compile(
            rf"\b(19|20)\d\d\b|\b\d\d?/\d\d\b|\b({_MONTHS}|spring|summer|autumn|winter|annual\w*|monthly|weekly|quarterly|daily|ongoing)\b|"
            r"\b(each|every|per|once an?|twice an?|within|after|before) (\w+ ){0,3}(day|week|month|quarter|year|stage)s?\b",
            re.IGNORECASE,
        ),
    ),
    (
        "contact",
        re.compile(r"\b(e-?mail( address)?|phone|telephone|tel|contact details?|postal address|web ?link|link to|url|web ?site|download|log ?-?in|password|username)\b", re.IGNORECASE),
        re.compile(r"@|https?://|www\.|\b0\d{3,4}[\s-]?\d{3}", re.IGNORECASE),
    ),
)  # fmt: skip


def wanted(question: str) -> frozenset[str]:
    """The kinds of thing a question wants: money, share, number, date, contact."""
    return frozenset(kind for kind, asks, _ in _KINDS if asks.search(question))


def lacking(kinds: Iterable[str], text: str) -> frozenset[str]:
    """Those kinds of which a text holds nothing."""
    holds = {kind: pattern for kind, _, pattern in _KINDS}
    return frozenset(kind for kind in kinds if not holds[kind].search(text))
