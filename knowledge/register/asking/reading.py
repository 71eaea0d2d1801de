"""A message while it is read: what has been understood is taken out of it, and what is left tells what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

_GONE = "\x1f"
_POLITE = re.compile(
    r"^\W*((hi|hiya|hello|hey|morning|good (morning|afternoon|evening)|dear)( there| all| desk| team)?\b[\s,!.:-]*)?"
    r"((quick|short|simple|another|one) (q|question|query)\b[\s,!.:–-]*|sorry[\s,]*(to bother you)?[\s,]*)?"
    r"((please|pls|plz)[\s,]+)?"
    r"((can|could|would|will) (you|u|i|we)( please| pls)? "
    r"(tell( me| us)?|show( me| us)?|list|give( me| us)?|find( me| us| out)?|say|let (me|us) know|look up|check|"
    r"have|see|get|remind (me|us))\b( of)?"
    r"|(do|does) (you|anyone|anybody|someone) (know|happen to know)\b|"
    r"i('m| am)? (would like|want|need|wonder|wondering|trying|looking)( to)?"
    r"( know| see| find out| find| for| a list of)?\b|i'd like( to)?( know| see| have)?\b|"
    r"we (want|need)( to)?( know| see| find| find out| have)\b|any idea\b|please|"
    r"(tell|remind) (me|us)( about)?\b)?[\s,:]*",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\W*\b(please|pls|plz|thanks?( you)?( very much| a lot| in advance)?|many thanks|ta|cheers|asap|urgently|"
    r"at your convenience)\W*$",
    re.IGNORECASE,
)


class Reading:
    """One message. `text` has what was taken out of it replaced, character for character, by a mark no word has."""

    def __init__(self, text: str) -> None:
        plain = text.replace("’", "'").replace("‘", "'").replace("\u00a0", " ")
        plain = _THANKS.sub("", " ".join(plain.split()))
        if (polite := _POLITE.match(plain)) and polite.end() < len(plain):
            plain = plain[polite.end() :]
        self.whole = plain
        self.text = plain

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What first fits the pattern, taken out."""
        match = pattern.search(self.text)
        if match and match.end() > match.start():
            self.cut(match.start(), match.end())
            return match
        return None

    def take_all(self, pattern: re.Pattern[str]) -> bool:
        """Everything that fits, taken out; whether there was any."""
        found = False
        while self.take(pattern):
            found = True
        return found

    def cut(self, start: int, end: int) -> None:
        """Takes out a stretch."""
        self.text = self.text[:start] + _GONE * (end - start) + self.text[end:]

    def cut_words(self, found: Iterable[str]) -> None:
        """Takes out words, whatever their case and with or without an apostrophe in them."""
        for word in found:
            pattern = "'?".join(map(re.escape, word))
            if match := re.search(rf"(?<!\w){pattern}(?:'s)?(?!\w)", self.text, re.IGNORECASE):
                self.cut(match.start(), match.end())

    def cut_text(self, found: str) -> None:
        """Takes out a name, whatever its case and what stands between its words."""
        pattern = r"\W+".join(map(re.escape, re.findall(r"\w+", found)))
        if match := re.search(rf"(?<!\w){pattern}(?:'s)?(?!\w)", self.text, re.IGNORECASE):
            self.cut(match.start(), match.end())

    @property
    def left(self) -> str:
        """What has not been taken."""
        return " ".join(self.text.replace(_GONE, " ").split())
