"""What of a passage is shown: all of it where it is short or a whole list is wanted, else its best run of sentences,
word for word, an ellipsis for what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from knowledge.documents.query import Query
from knowledge.documents.units import QUOTE_LENGTH, Unit, join_units, units
from knowledge.models import LEFT_OUT, Passage
from knowledge.text import STOPWORDS, content, stems, words

_LEAD = 220
"""Characters of a passage's opening line that is kept above a run from further down."""
_TOLD = 0.05
"""What a word of the digest counts beside a rare word of the question."""


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
    return text if whole or len(text) <= QUOTE_LENGTH else _best_run(pieces, query, digest)


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


def _best_run(pieces: list[Unit], query: Query, digest: str) -> str:
    found = [Counter(stems(piece.text)) for piece in pieces]
    rarity = _rarity(found)
    told = {word.stem for word in content(words(digest))}
    best, span = -1.0, (0, 1)
    for start in range(len(pieces)):
        end, length, held = start, 0, Counter[str]()
        while end < len(pieces) and (length + len(pieces[end].text) <= QUOTE_LENGTH or end == start):
            length += len(pieces[end].text) + len(pieces[end].glue)
            held += found[end]
            end += 1
        score = query.told_by(held.keys()) + _TOLD * sum(rarity[stem] for stem in told if stem in held)
        score += 0.15 * (
            query.told_by(found[start].keys()) + _TOLD * sum(rarity[stem] for stem in told if stem in found[start])
        )
        if score > best:
            best, span = score, (start, end)
    return _framed(pieces, *span)


def _rarity(found: list[Counter[str]]) -> Counter[str]:
    """How much each stem tells within this passage: less, the more of its sentences hold it."""
    within = Counter(stem for words_of in found for stem in words_of)
    return Counter({stem: 1.0 / count for stem, count in within.items()})


def _framed(pieces: list[Unit], start: int, end: int) -> str:
    """A run with what shows where it stands: the passage's opening line, and ellipses for the rest."""
    text = join_units(pieces[start:end])[:4_000]
    lead = pieces[0].text
    if start > 0:
        kept = (
            lead + LEFT_OUT if start > 1 and len(lead) <= _LEAD and len(lead) + len(text) <= QUOTE_LENGTH else LEFT_OUT
        )
        text = kept.lstrip() + text
    return text + (LEFT_OUT.rstrip() if end < len(pieces) else "")
