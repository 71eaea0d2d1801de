"""What feeds break and how it is mended: text read in the wrong alphabet, figures and days that stand for nothing."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from knowledge.register.reading.values import read_text
from knowledge.timeline.reading.breaks import mend_breaks
from knowledge.timeline.reading.mojibake import mend_alphabet, mend_entities

MOST = Decimal(10) ** 11
"""More pounds than any English council ever spent on one contract."""
_STAND_INS = re.compile(r"9{7,}(\.9+)?0*|1234567\d*|1{7,}")
"""Figures typed to get past a form."""
_UNSEEN = re.compile(
    r"[\x80-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]|\\r\\n|<br ?/?>", re.I)
_TAGS = re.compile(r"</?(?:p|div|span|strong|b|i|em|u|ul|ol|li|h[1-6])(?: [^<>]{0,300})?/?>", re.I)


def mend_text(text: str) -> str:
    """A text as it was meant: its alphabet put right, its entities and tags undone, its line breaks back, at most one
    empty line between two, and nothing in it that nobody sees."""
    if not text.isascii() or "&" in text:
        text = unicodedata.normalize("NFC", mend_alphabet(mend_entities(text)))
        text = _SPACES.sub(" ", _UNSEEN.sub("", text))
    text = _LINES.sub("\n", text)
    if "<" in text:
        text = _TAGS.sub("", re.sub(r"</(?:p|div|li|h[1-6])>", "\n", text, flags=re.I))
    return _spaced(mend_breaks(read_text(text)))


def mend_line(text: str) -> str:
    """The same on one line."""
    return " ".join(mend_text(text).split())


def plausible_sum(amount: Decimal) -> Decimal | None:
    """A sum in pounds, None where it stands for nothing: below two pounds, more than any contract, or nothing but
    nines."""
    if not amount.is_finite() or not 1 < amount <= MOST:
        return None
    return None if _STAND_INS.fullmatch(format(amount, "f")) else amount


def plausible_day(day: date) -> date | None:
    """A day, None where it stands for none: before 1990, or a placeholder far ahead (31/12/2099)."""
    return day if 1990 <= day.year < 2080 else None


def _spaced(text: str) -> str:
    """Without blanks at the ends of lines, more than one between words, or more than one empty line."""
    if "\n" not in text and "  " not in text and "\t" not in text:
        return text.strip()
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
