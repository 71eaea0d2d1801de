"""The parts of a question about coming work: what it names, under what conditions, what it wants, what it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date

from knowledge.register.asking.filters import value_band
from knowledge.register.asking.reading import Reading
from knowledge.register.reader import RegisterReader
from knowledge.text import STOPWORDS, words
from knowledge.timeline.asking.nouns import HISTORY, About, Limits, Want
from knowledge.timeline.asking.phrases import said
from knowledge.timeline.asking.times import days_said, what_is_timed
from knowledge.timeline.nouns import Route, State

_REFERENCE = re.compile(r"(?<![\w£/.-])(?=[\w/.-]*\d)[A-Za-z]{1,12}[-/]?[\w/.-]*\w(?![\w£])")
_LIKE_ONE = re.compile(r"(?<![\w£])[A-Za-z]{2,6}-\d{1,6}(?!\w)")
Known = Callable[[Sequence[str]], Sequence[str]]
"""Gives those of some references that intentions have."""


def references_in(reading: Reading, known: Known) -> tuple[tuple[str, ...], str]:
    """References of intentions that stand in the text, else something like one."""
    said_so = list(dict.fromkeys(one.group().strip(".") for one in _REFERENCE.finditer(reading.text)))
    found = tuple(known(said_so)) if said_so else ()
    if found:
        for one in said_so:
            reading.cut_text(one)
        return found, ""
    like = _LIKE_ONE.search(reading.text)
    if like:
        reading.cut(like.start(), like.end())
    return (), like.group() if like else ""


def limits_in(reading: Reading, today: date) -> Limits:
    """What intentions must be, taken out of the text."""
    what = what_is_timed(reading.text)
    value = value_band(reading)
    timed = bool(re.match(r"\W*(?:when|how)\b", reading.whole, re.IGNORECASE))
    states = {} if timed else said("state")
    found = frozenset(State(name) for name, pattern in states.items() if reading.take_all(pattern))
    span = days_said(reading, today)
    sizes = {name: reading.take_all(pattern) for name, pattern in said("size").items()}
    routes = frozenset(Route(name) for name, pattern in said("route").items() if reading.take_all(pattern))
    return Limits(
        span, what, value, routes, found, sme=sizes["sme"], vcse=sizes["vcse"], subcontract=sizes["subcontract"],
        partner=sizes["partner"],
    )  # fmt: skip


def wants_in(reading: Reading) -> tuple[Want, ...]:
    """What is wanted, taken out of the text."""
    wants = [Want(name) for name, pattern in said("want").items() if reading.take_all(pattern)]
    if said("want")["suited"].search(reading.whole):  # whom it is asked of has been taken for a condition by now
        wants.append(Want.SUITED)
    if HISTORY & set(wants):  # "why has the value gone up" asks for the change, not for the value
        wants = [want for want in wants if want in (*HISTORY, Want.STATE)]
    if re.match(r"\W*whens?\b", reading.whole, re.IGNORECASE) or re.search(
        r"\b(?:dates?|deadline|when)\b", reading.left, re.IGNORECASE
    ):
        wants.append(Want.WHEN)
    cues = said("cue")
    for pattern in (*said("what").values(), cues["strong"], cues["weak"]):
        reading.take_all(pattern)
    return tuple(dict.fromkeys(wants))


def about_in(reading: Reading, reader: RegisterReader, own: Collection[str]) -> About:
    """What the rest of the text is about: a place, a part of the council, words."""
    where = reader.gazetteer.where(reading.left)
    district = min(where.districts - where.outside) if where.districts - where.outside else ""
    place = ", ".join(mention.name.title() for mention in where.mentions)
    for mention in where.mentions:
        reading.cut_words(mention.name.split())
    every = _telling(reading.left, own)
    for groups, pattern in said("area").items():
        if pattern.search(reading.left) and not _telling(pattern.sub(" ", reading.left), own):
            kinds = [one.key for one in reader.kinds.services if one.group in groups.split(",") and one.ours]
            named = pattern.search(reading.left)
            area = named.group().strip() if named else ""
            return About(words=every, area=area, kinds=frozenset(kinds), district=district, place=place)
    return About(words=every, district=district, place=place)


def _telling(text: str, own: Collection[str]) -> tuple[str, ...]:
    """Words that say what the work is."""
    bare = said("little")["words"].sub(" ", text)
    found = (word.surface for word in words(bare))
    return tuple(dict.fromkeys(one for one in found if one not in STOPWORDS and one not in own and len(one) > 1))
