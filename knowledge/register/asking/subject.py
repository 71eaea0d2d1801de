"""What a question is about, in its words: contracts of a department, a service, a kind, a title."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum

from knowledge.register.asking.phrases import phrases
from knowledge.register.asking.reading import Reading
from knowledge.register.choosing import of_kinds, titles, with_labels, with_phrase, with_words
from knowledge.register.finding.clues import repaired
from knowledge.register.finding.kinds import telling
from knowledge.register.reader import RegisterReader
from knowledge.text import STOPWORDS, Word, stems, words


class Fit(IntEnum):
    """How well words describe contracts: in passing; in title, service or reference; by a label of theirs, which is a
    department, a service, a kind of service or the better part of a title."""

    LOOSE = 0
    HEAD = 1
    LABEL = 2


def telling_words(reading: Reading, reader: RegisterReader, own: Collection[str]) -> list[Word]:
    """What is left that says what the contracts are for. `own`: words of the council's name."""
    little = phrases("little")
    text = little["words"].sub(" ", little["lost"].sub(" ", reading.left))
    return [
        Word(repaired(word, reader), word.start, word.end, word.surface)
        for word in words(text)
        if word.surface not in STOPWORDS and word.surface not in own and len(word.surface) > 1
    ]


def fitting(said: Sequence[Word], reader: RegisterReader, *, definite: bool) -> tuple[set[int], Fit]:
    """The contracts that these words describe, and how well."""
    wanted = telling(dict.fromkeys(word.stem for word in said))
    if not wanted:
        return set(), Fit.LOOSE
    head = with_words(reader, wanted, head=True)
    phrase = with_phrase(reader, wanted) if len(wanted) > 1 else head
    title = titles(reader, head)
    entitled = {n for n in head if set(wanted) <= title.get(n, frozenset())}
    label = _labelled(wanted, said, reader)
    exact = of_kinds(reader, reader.kinds.expressions.get(frozenset(wanted), ()))
    much = any(2 * len(wanted) >= len(telling(title[n])) for n in entitled)
    fit = Fit.LABEL if label or exact or much else Fit.HEAD if head else Fit.LOOSE
    if definite:
        best = label if len(wanted) == 1 else entitled & label
        found = best or entitled or phrase or label or exact or head
    else:
        found = (label | phrase) if label else (phrase | exact) or head
    return found or _loosely(wanted, reader), fit


def _loosely(wanted: Sequence[str], reader: RegisterReader) -> set[int]:
    """By the kinds of service whose expressions hold these words; else by descriptions."""
    kinds = (
        key for said, keys in reader.kinds.expressions.items() if set(wanted) <= said and len(said) <= len(wanted) + 1
        for key in keys
    )  # fmt: skip
    return with_words(reader, wanted, head=False) or of_kinds(reader, kinds)


def _labelled(wanted: Sequence[str], said: Sequence[Word], reader: RegisterReader) -> set[int]:
    """By department and service: the label begins with these words, has most of them, or goes by these initials."""
    initials = {word.surface for word in said} if len(said) == 1 and len(said[0].surface) < 6 else set()
    found: set[int] = set()
    for column, half in (("department", False), ("service", True)):
        labels = [one for one in reader.labels[column] if _goes_by(one, wanted, initials, half=half)]
        found |= with_labels(reader, column, labels) if labels else set()
    return found


def _goes_by(label: str, wanted: Sequence[str], initials: Collection[str], *, half: bool) -> bool:
    for part in (label, *re.split(r" [-–] ", label)):
        its = telling(stems(part))
        if set(wanted) <= set(its) and (its[: len(wanted)] == list(wanted) or (half and 2 * len(wanted) >= len(its))):
            return True
        if (
            initials
            and "".join(word[0] for word in re.findall(r"\w+", part.lower()) if word not in STOPWORDS) in initials
        ):
            return True
    return False


def strange_words(said: Iterable[Word], reader: RegisterReader) -> tuple[str, ...]:
    """Words that no contract has."""
    said = list(said)
    known = reader.weights(word.stem for word in said) if said else {}
    return tuple(word.surface for word in said if word.stem not in known and not reader.kinds.knows(word.stem))
