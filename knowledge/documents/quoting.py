"""What of a passage is shown: all of it where it is short or a whole list is wanted, else the sentences that
say most of what is asked, word for word, an ellipsis for what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from functools import lru_cache

from knowledge.documents.query import Query
from knowledge.documents.units import QUOTE_LENGTH, Unit, join_units, units
from knowledge.models import LEFT_OUT, Passage
from knowledge.text import STOPWORDS, content, stems, words

_LEAD = 220
"""Characters of a passage's opening line that is kept above a run from further down."""
_TOLD = 0.1
"""What a word of the digest counts beside a rare word of the question."""
_AGAIN = 0.4
"""What a word counts that is shown already."""
_BESIDE = 0.05
"""What it counts that a unit stands beside one that is shown: sentences in a row read better."""
_EVEN = 800
"""Characters added to a unit's length when what it says is set against it, so that short scraps do not win."""


def quote(
    passage: Passage,
    query: Query,
    *,
    whole: bool = False,
    labels: Collection[str] = (),
    aside: Collection[str] = (),
    digest: str = "",
) -> str:
    """The words of a passage to show for a question. `labels`: the cells of a row it asks about, shown under what the
    row is about; `aside`: cells that are left out unless asked for; `digest`: our words on the very thing, which know
    the place in a long passage where the question's words may not."""
    pieces = units(passage)
    if any(piece.label in labels for piece in pieces):
        kept = [piece for piece in pieces if piece.label in labels] + _opening(pieces)
    else:
        kept = [piece for piece in pieces if piece.label not in aside]
    if not whole and len(kept) < len(pieces):
        pieces = _ordered(pieces, kept)
    text = join_units(pieces)
    return text if whole or len(text) <= QUOTE_LENGTH else _most_telling(pieces, query, digest)


def _opening(pieces: list[Unit]) -> list[Unit]:
    """What a row is about: its first cell where that is short, else the first line of it."""
    first = [piece for piece in pieces if piece.label == pieces[0].label]
    return first if len(join_units(first)) <= _LEAD + _LEAD // 2 else first[:1]


def marks(text: str, query: Query) -> list[tuple[int, int]]:
    """Where in a text the words stand that the question asked for."""
    wanted = query.all_stems
    return [(word.start, word.end) for word in words(text) if word.stem in wanted and word.surface not in STOPWORDS]


def _ordered(pieces: list[Unit], chosen: list[Unit]) -> list[Unit]:
    """The chosen units in the passage's order, an ellipsis wherever one before was not chosen."""
    kept: list[Unit] = []
    skipped = False
    picked = {id(piece) for piece in chosen}
    for piece in pieces:
        if id(piece) not in picked:
            skipped = True
            continue
        kept.append(piece._replace(glue=LEFT_OUT) if skipped and kept else piece)
        skipped = False
    return kept


def _most_telling(pieces: list[Unit], query: Query, digest: str) -> str:
    """The units that together say most of what is asked, as many as there is room for, in the passage's order. One
    after the other, the most for its length first: a long table row answers in two cells that stand far apart."""
    stock = _Stock(query, [_counted(piece.text) for piece in pieces], {word.stem for word in content(words(digest))})
    room, picked = QUOTE_LENGTH, set[int]()
    while True:
        fits = [place for place, piece in enumerate(pieces) if place not in picked and len(piece.text) <= room]
        if not picked and not fits:
            fits = list(range(len(pieces)))
        if not fits:
            return _framed(pieces, sorted(picked))
        gains = {place: stock.gain(place) + _BESIDE * bool(picked & {place - 1, place + 1}) for place in fits}
        best = max(fits, key=lambda place: (gains[place] / (len(pieces[place].text) + _EVEN), -place))
        if picked and gains[best] <= 0:
            return _framed(pieces, sorted(picked))
        picked.add(best)
        stock.take(best)
        room -= len(pieces[best].text) + len(LEFT_OUT)


@lru_cache(maxsize=4_096)
def _counted(text: str) -> Counter[str]:
    """The stems of a unit, counted; not to be changed. What is quoted once is often quoted again."""
    return Counter(stems(text))


class _Stock:
    """What each unit of a passage has of what is looked for: the question's words, and the digest's; and what those
    taken have together."""

    def __init__(self, query: Query, found: list[Counter[str]], told: set[str]) -> None:
        self._query, self._found = query, found
        rarity = _rarity(found)
        self._told = {stem: _TOLD * rarity[stem] for stem in sorted(told) if stem in rarity}
        self._own = [self._worth(words_of.keys()) for words_of in found]
        self._held, self._has = frozenset[str](), 0.0

    def gain(self, place: int) -> float:
        """What a unit adds to what is held already; what it only says again counts less."""
        return self._worth(self._held | self._found[place].keys()) - self._has + _AGAIN * self._own[place]

    def take(self, place: int) -> None:
        """Takes a unit to what is held."""
        self._held |= self._found[place].keys()
        self._has = self._worth(self._held)

    def _worth(self, held: AbstractSet[str]) -> float:
        return self._query.told_by(held) + sum(worth for stem, worth in self._told.items() if stem in held)


def _rarity(found: list[Counter[str]]) -> Counter[str]:
    """How much each stem tells within this passage: less, the more of its sentences hold it."""
    within = Counter(stem for words_of in found for stem in words_of)
    return Counter({stem: 1.0 / count for stem, count in within.items()})


def _framed(pieces: list[Unit], picked: list[int]) -> str:
    """The chosen units with what shows where they stand: the passage's opening line, and ellipses for the rest."""
    first, lead = picked[0], pieces[0].text
    shown = [pieces[place]._replace(glue=pieces[place].glue if place - 1 in picked else LEFT_OUT) for place in picked]
    text = join_units(shown)[:4_000]
    if first > 1 and len(lead) <= _LEAD and len(lead) + len(text) <= QUOTE_LENGTH:
        text = lead + LEFT_OUT + text
    elif first:
        text = LEFT_OUT.lstrip() + text
    return text + (LEFT_OUT.rstrip() if picked[-1] < len(pieces) - 1 else "")
