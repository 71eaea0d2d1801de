"""A lexicon: groups of phrases in the language of phrases.py, and where each of them occurs in a text. It reads what
people type: without accents and apostrophes, in the spellings they use, with a letter of a long word amiss."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import heappop, heappush

from knowledge.danger.phrases import STOP, Phrase, Span, Token, end, parse, starts

_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['’`´][^\W\d_]+)*|[.!?;:\n]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_SHORTEST_MENDED = 8
"""A shorter word with a letter wrong is too often another word."""

_LONGEST_STEM = 20


def plain(text: str) -> str:
    """The text in ordinary letters: no accents, no invisible characters, no letters from fancy alphabets."""
    apart = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@dataclass
class Lexicon:
    """Groups of phrases, each of which may use the groups before it, and the spellings people use."""

    groups: Mapping[str, tuple[Phrase, ...]]
    spellings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._add_pairs()
        common = Counter(self._all_symbols())
        known = set(common)
        self._stems = {symbol[:-1] for symbol in known if symbol.endswith("*")}
        self._words = {symbol for symbol in known if symbol.isalpha()}
        self._ranges = [
            (symbol, int(low), int(high))
            for symbol in known
            if symbol.startswith("{")
            for low, high in [symbol.strip("{}").split("-")]
        ]
        self._mended = {
            slip: word for word in sorted(self._words) if len(word) >= _SHORTEST_MENDED for slip in _slips(word)
        }
        self._rarest = [(name, _by_rarest(phrases, common)) for name, phrases in self.groups.items()]
        self._wanting: dict[str, list[int]] = {}
        for place, (_, rarest) in enumerate(self._rarest):
            for symbol in rarest:
                self._wanting.setdefault(symbol, []).append(place)
        self.symbols = lru_cache(maxsize=50_000)(self._symbols)

    def _all_symbols(self) -> Iterator[str]:
        return (s for phrases in self.groups.values() for phrase in phrases for e in phrase for s in e.symbols)

    def _add_pairs(self) -> None:
        """Words that belong together, before the phrases that use them. Raises ValueError for an unknown group."""
        used = {symbol[1:-1] for symbol in self._all_symbols() if symbol[0] == "<"}
        missing = sorted(used - self.groups.keys())
        if wrong := [name for name in missing if "_" not in name]:
            raise ValueError(f"no such group: {', '.join(wrong)}")
        self.groups = {name: (parse(name.replace("_", " "), self.spellings),) for name in missing} | dict(self.groups)

    def tokens(self, text: str) -> list[Token]:
        """The words of a plain text, as the phrases spell them."""
        found: list[Token] = []
        for match in _TOKEN.finditer(text):
            word = re.sub(r"['’`´]", "", match.group().lower())
            spelt = self.spellings.get(word, word) if word[0].isalnum() else STOP
            if found and (pair := self.spellings.get(f"{found[-1].word} {word}")):
                found[-1] = Token(pair, found[-1].start, match.end())
            else:
                found += [Token(part, match.start(), match.end()) for part in spelt.split()]
        return found

    def find(self, tokens: list[Token]) -> defaultdict[str, list[Span]]:
        """Where each group occurs, in order."""
        standing: dict[str, dict[int, int]] = {}
        for place, token in enumerate(tokens):
            for symbol in self.symbols(token.word):
                standing.setdefault(symbol, {})[place] = place + 1
        waiting = sorted({place for symbol in standing for place in self._wanting.get(symbol, ())})
        noticed = set(waiting)
        while waiting:  # a heap: the groups that something in the text may be of, in order
            place = heappop(waiting)
            name, rarest = self._rarest[place]
            if spans := self._spans(self.groups[name], rarest, tokens, standing):
                standing[f"<{name}>"] = spans
                for later in self._wanting.get(f"<{name}>", ()):
                    if later > place and later not in noticed:
                        noticed.add(later)
                        heappush(waiting, later)
        found = {symbol[1:-1]: sorted(spans.items()) for symbol, spans in standing.items() if symbol[0] == "<"}
        return defaultdict(list, found)

    def _spans(
        self, phrases: Sequence[Phrase], rarest: Mapping[str, list[int]], tokens: list[Token],
        standing: Mapping[str, Mapping[int, int]],
    ) -> dict[int, int]:  # fmt: skip
        """Where phrases begin, and how far the longest of them goes from there."""
        spans: dict[int, int] = {}
        for number in {number for symbol in standing.keys() & rarest.keys() for number in rarest[symbol]}:
            for start in starts(phrases[number], standing):
                after = end(phrases[number], 0, start, tokens, standing)
                if after is not None:
                    spans[start] = max(after, spans.get(start, 0))
        return spans

    def _symbols(self, word: str) -> frozenset[str]:
        """What of the phrases this word can stand for: itself, its singular, a stem it begins with, a range."""
        if word.isdecimal():
            return frozenset({word, *(name for name, low, high in self._ranges if low <= int(word[:6]) <= high)})
        found = {word, word[:-1] if len(word) > 3 and word.endswith("s") else word} & self._words
        found |= {word[:n] + "*" for n in range(2, min(len(word), _LONGEST_STEM) + 1) if word[:n] in self._stems}
        if not found and len(word) + 1 >= _SHORTEST_MENDED and len(word) <= _LONGEST_STEM:
            doubled = {word[:n] + word[n + 1 :] for n in range(1, len(word) - 1) if len(word) > _SHORTEST_MENDED}
            found = {self._mended[word]} if word in self._mended else doubled & self._words
        return frozenset(found)


def _slips(word: str) -> Iterator[str]:
    """The word with an inner letter left out, or two of them changed about."""
    for n in range(1, len(word) - 1):
        yield word[:n] + word[n + 1 :]
        yield word[:n] + word[n + 1] + word[n] + word[n + 2 :]


def _by_rarest(phrases: Iterable[Phrase], common: Mapping[str, int]) -> dict[str, list[int]]:
    """The numbers of the phrases by what of each is least often asked for: without that, none need be tried."""
    found: dict[str, list[int]] = {}
    for number, phrase in enumerate(phrases):
        needed = [element.symbols for element in phrase if not element.optional]
        for symbol in min(needed, key=lambda symbols: sum(common[symbol] for symbol in symbols)):
            found.setdefault(symbol, []).append(number)
    return found
