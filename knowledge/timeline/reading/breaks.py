"""Line breaks that lost their backslashes: Contracts Finder's feed writes `rn` where `\\r\\n` stood, and `t` for a tab.

A break is taken for one only where there is evidence: no English word has "rnrn" in it, begins with "rn", or has it
behind another consonant; and words that end in it are known.
"""

from __future__ import annotations

import re

_WORD = re.compile(
    r"turn|return|overturn|downturn|upturn|learn|relearn|unlearn|earn|yearn|discern|concern|barn|bairn|cairn|born|"
    r"unborn|newborn|stillborn|inborn|reborn|corn|acorn|popcorn|sweetcorn|unicorn|capricorn|horn|foghorn|longhorn|"
    r"thorn|hawthorn|blackthorn|buckthorn|worn|careworn|torn|sworn|shorn|forlorn|modern|postmodern|eastern|"
    r"western|northern|southern|northeastern|northwestern|southeastern|southwestern|midwestern|pattern|govern|"
    r"intern|extern|stern|astern|cistern|cavern|tavern|lantern|fern|tern|bittern|kern|quern|burn|sunburn|churn|"
    r"urn|spurn|yarn|darn|warn|forewarn|adjourn|sojourn|mourn|stubborn|scorn|adorn|morn|bourn|auburn|saturn|"
    r"malvern|wyvern|taciturn|nocturn|lucern|luzern|silverthorn|leathern|heathern|hibern|wivern|goldthorn"
)
_PLACE = re.compile(r"[a-z]{2,}(?:burn|bourn|thorn|horn|stern|born|corn)")
"""Blackburn, Redbourn, Copthorn: more of them than a list would hold."""
_LAST_WORD = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]+)\Z")
_RUN = re.compile(r"(?:rn[ \t]*(?=rn))*rn")
_NAMES = re.compile(r"(?:ib|li|as|id|hs|a|p|o)\b|[a-z0-9-]*\.(?:org|co|com|net|uk|gov)\b")
"""Behind "rn": the RNIB, RNLI and others in addresses, which begin with it."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*\Z|\S+@\S*\Z", re.I)
_NEW_LINE = re.compile(r"[A-Z0-9•·£]|\s{2,}|\n|\s+[•·o-]\s|\s*\Z")
_NEW_SENTENCE = re.compile(r"[A-Z0-9•·£]|[ ]{3,}")
"""Behind a vowel, where "rn" might as well end a name: Hearn, Osborn."""
_TAB = re.compile(r"(?<=[•·])t(?=[A-Z0-9])")
_LOOK_BACK = 100


def mend_breaks(text: str) -> str:
    """A text with its line breaks back, where it has lost any."""
    if "rn" in text:
        text = _RUN.sub(lambda found: _mended(found, text), text)
    return _TAB.sub(" ", text) if "•t" in text or "·t" in text else text


def _mended(found: re.Match[str], text: str) -> str:
    """The breaks of a run of them, after what of it belongs to the word before: "returnrnrn" ends in one "rn"."""
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    after = text[found.end() : found.end() + 40]
    of_word = _ends_a_word(before)
    count = found[0].count("rn") - of_word
    if not count or not (count > 1 or _is_break(before, after, of_word)):
        return found[0]
    return "rn" * of_word + "\n" * count


def _ends_a_word(before: str) -> bool:
    """Whether a word that ends in "rn" begins in the text before it."""
    if not (last := _LAST_WORD.search(before)):
        return False
    word = last[0].lower() + "rn"
    return _WORD.fullmatch(word) is not None or bool(_PLACE.fullmatch(word))


def _is_break(before: str, after: str, of_word: bool) -> bool:
    """Whether one "rn" between two texts was a line break. `of_word`: another one before it ends a word."""
    last = before[-1:]
    if of_word:
        return bool(re.match(r"[A-Z•·]|\s|\Z", after))
    if _ADDRESS.search(before):
        return last.isalnum() and last.lower() not in "aeiouy" and bool(re.match(r"[A-Z][a-z]|\s{2,}", after))
    if last.lower() in tuple("aeiouy"):
        return bool(_NEW_SENTENCE.match(after))
    if last.isdigit():
        return bool(_NEW_LINE.match(after))
    if last.isalpha():
        return bool(_NEW_LINE.match(after)) or after[:1].islower()
    return not _NAMES.match(after)
