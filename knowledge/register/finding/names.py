"""Names in the register as people write them: providers, homes, schools and schemes, in spite of typos and nicknames.

A name is matched by its core: "Isle Hearth Care Ltd" by "isle hearth". Words that many names share, or that are
ordinary words of the field, are not part of a core. A message says a name when it has the core's words, one after the
other or run together ("Islehearth", "Quilly Mead"), spelt nearly so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LEGAL_WORDS = "ltd limited llp plc cic cio inc co company uk group holdings partnership the and of t/a trading as for"
_LEGAL = frozenset(_LEGAL_WORDS.split())
_GENERIC_WORDS = (
    "care homecare home homes services service support trust solutions community housing association "
    "society council school academy court house lodge centre college hospital nhs foundation cars taxis "
    "travel transport coaches minibuses highways construction contractors cleaning catering consultancy "
    "consulting systems group"
)
_GENERIC = frozenset(_GENERIC_WORDS.split())
"""Words of names that never make a name on their own."""
_DIGITS = {
    "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
    "9": "nine", "10": "ten",
}  # fmt: skip
_NEAR = 84.0
"""How alike a misspelt core must be, of 100."""
_COMMON = 3
"""A word that more names than this share says none of them surely."""


class Said(NamedTuple):
    """A name found in a message: which, how surely (0 to 1), and the words that said it."""

    name: str
    sure: float
    words: str


class Names:
    """Every name of a register, by core. `ordinary`: the field's ordinary words, in lower case."""

    def __init__(self, names: Iterable[str], ordinary: Collection[str] = (), places: Collection[str] = ()) -> None:
        self._ordinary = frozenset(ordinary)
        self._places = frozenset(token for place in places for token in _tokens(place))
        self._cores: dict[str, list[str]] = defaultdict(list)
        self._by_token: dict[str, list[str]] = defaultdict(list)
        squeezed_as: dict[str, set[str]] = defaultdict(set)
        for name in sorted(set(names)):
            core = self._core(name)
            if core:
                self._cores[" ".join(core)].append(name)
                squeezed_as["".join(core)].add(" ".join(core))
                squeezed_as["".join(self._bare(name))].add(" ".join(core))
        for core_text in self._cores:
            for token in core_text.split():
                self._by_token[token].append(core_text)
        self._squeezed = {squeezed: sorted(cores) for squeezed, cores in squeezed_as.items()}
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for squeezed in self._squeezed:
            self._by_length[len(squeezed)].append(squeezed)

    def _core(self, name: str) -> list[str]:
        """The run of a name's telling words; where all are ordinary, all of them but what follows from the kind of
        body it is."""
        tokens = [token for token in _tokens(re.sub(r"\(.*?\)", " ", name)) if token not in _LEGAL]
        telling = [place for place, token in enumerate(tokens) if self._tells(token)]
        if telling:
            return tokens[telling[0] : telling[-1] + 1]
        bare = self._bare(name)
        return bare if len(bare) > 1 else []

    @staticmethod
    def _bare(name: str) -> list[str]:
        """A name's words without what it is by law, and without the kind of body it is at the end."""
        tokens = [token for token in _tokens(re.sub(r"\(.*?\)", " ", name)) if token not in _LEGAL]
        while len(tokens) > 2 and tokens[-1] in _GENERIC:
            tokens = tokens[:-1]
        return tokens

    def _tells(self, token: str) -> bool:
        return token not in _GENERIC and token not in self._places and token not in self._ordinary

    def find(self, text: str) -> list[Said]:
        """The names a text says, the surest first, each once."""
        best: dict[str, Said] = {}
        tokens = list(_tokens(text))
        for said in (*self._whole(tokens), *self._part(tokens), *self._nearly(tokens)):
            if said.name not in best or best[said.name].sure < said.sure:
                best[said.name] = said
        return sorted(best.values(), key=lambda said: (-said.sure, said.name))

    def _whole(self, tokens: Sequence[str]) -> Iterator[Said]:
        """A core whole, its words apart or run together."""
        for at in range(len(tokens)):
            for length in range(1, min(4, len(tokens) - at) + 1):
                run = tokens[at : at + length]
                for core in self._squeezed.get("".join(run), ()):
                    if not self._is_ordinary(core.split()) or length > 1:
                        yield from self._say(core, 1.0 if not self._all_ordinary(core) else 0.7, run)

    def _part(self, tokens: Sequence[str]) -> Iterator[Said]:
        """One telling word of a longer core: "Penhallow" for Penhallow Mobility Stores."""
        for token in dict.fromkeys(tokens):
            if token in self._ordinary or token in self._places or len(token) < 4:
                continue
            cores = [core for core in self._by_token.get(token, ()) if " " in core]
            for core in cores:
                yield from self._say(core, 0.8 if len(cores) <= _COMMON else 0.5, [token])

    def _nearly(self, tokens: Sequence[str]) -> Iterator[Said]:
        """A core misspelt, its words apart or run together."""
        for at in range(len(tokens)):
            for length in (1, 2, 3):
                run = tokens[at : at + length]
                squeezed = "".join(run)
                if len(run) < length or len(squeezed) < 6 or not self._may_be_a_name(run):
                    continue
                near = [other for size in range(-3, 4) for other in self._by_length.get(len(squeezed) + size, ())]
                for other, alike, _ in process.extract(
                    squeezed, near, scorer=fuzz.ratio, score_cutoff=_NEAR - (2 if len(squeezed) > 8 else 0), limit=2
                ):
                    if other[0] == squeezed[0] and other != squeezed:
                        for core in self._squeezed[other]:
                            yield from self._say(core, 0.9 * alike / 100, run)

    def _may_be_a_name(self, run: Sequence[str]) -> bool:
        """No run of ordinary words alone, and none that begins or ends in a little word."""
        edges = (run[0], run[-1])
        if any(len(token) < 2 or token in _LEGAL for token in edges):
            return False
        return not all(token in self._ordinary or token in self._places for token in run)

    def _is_ordinary(self, core: Sequence[str]) -> bool:
        return len(core) == 1 and (core[0] in self._ordinary or core[0] in self._places)

    def _all_ordinary(self, core: str) -> bool:
        return all(token in self._ordinary or token in self._places for token in core.split())

    def _say(self, core: str, sure: float, run: Sequence[str]) -> Iterator[Said]:
        for name in self._cores[core]:
            yield Said(name, sure, " ".join(run))


def named_in(text: str, ordinary: Collection[str]) -> list[str]:
    """Proper names in a title or a description: runs of capitalised words that are no ordinary words alone."""
    if text.isupper():
        text = text.title()
    found = []
    for match in re.finditer(r"[A-Z][\w'’]+(?:\s+[A-Z][\w'’]+)*", text):
        tokens = _tokens(match.group())
        if any(token not in ordinary and token not in _GENERIC and len(token) > 3 for token in tokens):
            found.append(match.group())
    return found


def _tokens(text: str) -> list[str]:
    found = []
    for match in _TOKEN.finditer(text):
        token = match.group().lower().replace("’", "").replace("'", "")
        found.append(_DIGITS.get(token, token))
    return found
