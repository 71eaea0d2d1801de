"""What the work is about that somebody wants to hear of: kinds of service, codes, and else words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from knowledge.register.reader import RegisterReader
from knowledge.subscriptions.understanding.naming import Subjects, names_of_work
from knowledge.subscriptions.understanding.parting import parts_of
from knowledge.subscriptions.understanding.phrases import said
from knowledge.subscriptions.understanding.spoken import changes, plainly
from knowledge.text import STOPWORDS, Word, words

_LONGEST = 6
_WORDS = 4
"""Words of the longest expression that can be looked for: all of them have to stand in an intention."""
_JOINT = re.compile(
    r"(?<!\w)(?:in|for|to|with|of|at|on|by|from|within|during|after|near|the|who|that)(?!\w)", re.IGNORECASE
)


def subjects_in(text: str, reader: RegisterReader, own: Collection[str] = ()) -> Subjects:
    """What a text is about that nothing else is to be read from."""
    found, before = list[Subjects](), ""
    for part in parts_of(text, reader):
        found.append(_shared(before, part, reader) or of_part(part, reader, own))
        before = part
    firm = [one for one in found if one and not one.faint]
    left = tuple(word for one in found for word in one.left)
    return replace(sum(firm or found, Subjects()), left=left)


def _shared(before: str, part: str, reader: RegisterReader) -> Subjects | None:
    """Of "domestic abuse refuges and outreach", what the second part is with the first one's opening words."""
    opening, rest = (_telling(one) for one in (before, part))
    if len(rest) != 1:
        return None
    names = names_of_work(reader)
    several = ([*opening[:count], *rest] for count in range(len(opening) - 1, 0, -1))
    found = (names.get(tuple(one.stem for one in few)) for few in several)
    return next((one for one in found if one is not None), None)


def of_part(text: str, reader: RegisterReader, own: Collection[str] = ()) -> Subjects:
    """What one expression is about."""
    tokens = _content(text, own)
    little = [_is_little(one) for one in tokens]
    named, taken = _named(tokens, little, reader)
    rest = [one for one, no, got in zip(tokens, little, taken, strict=True) if not (no or got)]
    if not any(taken) and all(said("little")["audience"].fullmatch(one.surface) for one in rest):
        return Subjects(words=(_phrase(text, rest),), faint=True) if rest else Subjects()
    if not rest or (any(taken) and not named.short and not changes(rest, named, reader)):
        return named
    spoken = [one for one, no in zip(tokens, little, strict=True) if not no]
    more = any(not said("little")["audience"].fullmatch(one.surface) for one in rest)
    if named.short and more and (plain := plainly(spoken, reader)):
        return plain
    if any(taken) and not changes(rest, named, reader):
        return named
    if any(taken) and not named.broad:
        opening = _opening(text, tokens, taken, little)
        if opening:
            return named + _by_words(text, opening, reader)
        if not _is_head(text, tokens, taken, little):
            return named
    if len(spoken) > _WORDS:
        return replace(named, left=tuple(one.surface for one in rest))
    return (Subjects() if named.broad else named) + _by_words(text, spoken, reader)


def _opening(text: str, tokens: Sequence[Word], taken: Sequence[bool], little: Sequence[bool]) -> list[Word]:
    """What stands before a preposition before the name for a kind of work: "linen" of "linen for care homes"."""
    first = taken.index(True)
    before = [one for one, no in zip(tokens[:first], little[:first], strict=True) if not no]
    if not before or not _JOINT.search(text[before[-1].end : tokens[first].start]):
        return []
    more = said("little")["audience"]
    return [] if all(more.fullmatch(one.surface) for one in before) else before


def _is_head(text: str, tokens: Sequence[Word], taken: Sequence[bool], little: Sequence[bool]) -> bool:
    """Whether another word than the name for a kind of work is what an expression ends on: "home care software", and
    not "stop smoking in pregnancy"."""
    last = max(at for at, got in enumerate(taken) if got)
    after = [one for one, no in zip(tokens[last + 1 :], little[last + 1 :], strict=True) if not no]
    return bool(after) and not _JOINT.search(text[tokens[last].end : after[0].start])


def _content(text: str, own: Collection[str] = ()) -> list[Word]:
    bare = said("little")["phrases"].sub(lambda found: " " * len(found.group()), text)
    return [one for one in words(bare) if one.surface not in STOPWORDS and one.surface not in own]


def _telling(text: str) -> list[Word]:
    return [one for one in _content(text) if not _is_little(one)]


def _named(tokens: Sequence[Word], little: Sequence[bool], reader: RegisterReader) -> tuple[Subjects, list[bool]]:
    """The longest names for kinds of work that stand in a text, and which of its words they are."""
    taken, several, lengths = [False] * len(tokens), list[Subjects](), list[int]()
    names = names_of_work(reader)
    for length in range(min(_LONGEST, len(tokens)), 0, -1):
        for at in range(len(tokens) - length + 1):
            if any(taken[at : at + length]) or all(little[at : at + length]):
                continue
            if (one := names.get(tuple(word.stem for word in tokens[at : at + length]))) is not None:
                several.append(one)
                lengths.append(length)
                taken[at : at + length] = [True] * length
    firm = [one for one in several if not one.faint] or several
    short = [length == 1 for length in lengths]
    whole = sum(firm, Subjects())
    return replace(whole, broad=_all(one.broad for one in firm), short=_all(short)), taken


def _by_words(text: str, rest: Sequence[Word], reader: RegisterReader) -> Subjects:
    """The kind of service words plainly speak of; else the words themselves."""
    return plainly(rest, reader) or Subjects(words=(_phrase(text, rest),))


def _phrase(text: str, rest: Sequence[Word]) -> str:
    """The words from the first telling one to the last, as they were written."""
    return " ".join(text[rest[0].start : rest[-1].end].replace("\x1f", " ").split())


def _all(of: Iterable[bool]) -> bool:
    """Whether there are any and all of them hold."""
    several = list(of)
    return bool(several) and all(several)


def _is_little(word: Word) -> bool:
    return bool(said("little")["words"].fullmatch(word.surface)) or word.surface.isdigit()
