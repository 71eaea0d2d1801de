"""Words: how text is taken apart for searching and for marking. One analyser for everything, so that
what was indexed and what is asked always meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import snowballstemmer

_PREFIXES = "in|sub|co|pre|re|de|non|multi|inter|anti|over|under"
_TOKEN = re.compile(
    rf"""
    (?P<number>£?\d(?:[\d,]*\d)?(?:\.\d+)*(?:\s?(?:bn|billion|million|m|k)\b)?)
    | (?P<word>(?:(?:{_PREFIXES})-\s?|sub\s)?[^\W\d_]+(?:['’][^\W\d_]+)?\d*)
    | (?P<other>\w+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WRITTEN = re.compile(re.sub(r"\?P<\w+>", "?:", _TOKEN.pattern), _TOKEN.flags)
"""The same without names, which tells the words alone."""
_SCALE = {"k": 1_000, "m": 1_000_000, "million": 1_000_000, "bn": 1_000_000_000, "billion": 1_000_000_000}
_stemmer = snowballstemmer.stemmer("english")
_stemming = Lock()
"""A stemmer keeps the word it is at work on: two threads in it at once make stems of neither word."""

_LITTLE = (
    "didnt dont doesnt isnt wasnt werent arent cant wont ive im ill youre theyre thats whats wheres hows whos "
    "couldnt wouldnt shouldnt havent hasnt hadnt aint n u r ur thx ty define explain "
    "a about above after again all also am an and any anybody anyone anything are as ask at be because been before "
    "being but by can cannot can't could did didn't do does doesn't doing don't done each either else etc for from "
    "get gets give given go goes going got had has have haven't having he hello her here hers hi him his how i i'd "
    "i'll i'm i've if im in into is isn't it it's its just know let like look lot made make makes many may maybe me "
    "mean means might mine more most much my need needs no nor not now of off on one only onto or other our ours "
    "out over ok okay own per please pls plz put qs question questions really right said same say says see seem "
    "shall she should show so some somebody someone something somewhere sort still such sure take tell than thank "
    "thanks that that's the their theirs them then there there's these they thing things think this those though "
    "thru to too under until up upon us use used uses using must very want wants was we we're well were what what's "
    "whatever when where whether which while who whom whose why will with within won't would wouldn't yes yet you "
    "your yours"
)
STOPWORDS = frozenset(_LITTLE.split())
"""Little words: what a question is about is never said by them alone."""


class Word(NamedTuple):
    """A word of a text: its stem, its place in the text, and the letters as written (lower case)."""

    stem: str
    start: int
    end: int
    surface: str


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one lower-case word, its possessive taken off."""
    bare = re.sub(r"['’]s?$", "", word).replace("’", "'").replace("'", "")
    with _stemming:
        return str(_stemmer.stemWord(bare))


def words(text: str) -> Iterator[Word]:
    """Every word of a text, in order. "sub-contract" is one word; "£50k" and "50,000" are the same number."""
    for match in _WRITTEN.finditer(text):
        written = match.group()
        yield Word(stem_of(written), match.start(), match.end(), written.lower())


def written(text: str) -> list[str]:
    """Every word of a text as it is written there, in order."""
    return _WRITTEN.findall(text)


def stems(text: str) -> list[str]:
    """The stems of a text, in order, the little words included."""
    return list(map(stem_of, written(text)))


@lru_cache(maxsize=200_000)
def stem_of(written: str) -> str:
    """The stem of one word as it is written in a text, be it a number."""
    surface, match = written.lower(), _TOKEN.match(written)
    kind = match.lastgroup if match else None
    if kind == "number":
        return _number(surface)
    if kind == "word":
        return stem(surface if surface.isalpha() else re.sub(r"[-\s]", "", surface))
    return surface


def content(found: Iterable[Word]) -> list[Word]:
    """Those words that carry meaning."""
    return [word for word in found if word.surface.replace("’", "'") not in STOPWORDS and len(word.stem) > 0]


def _number(surface: str) -> str:
    """The figure behind a number as written: "£1.5m" -> "1500000"; paragraph numbers ("7.9.1") stay as they are."""
    match = re.fullmatch(r"£?(?P<figure>[\d,]+(?:\.\d+)*)\s?(?P<scale>[a-z]*)", surface)
    if not match:
        return surface
    figure = match["figure"].replace(",", "").rstrip(".")
    scale = _SCALE.get(match["scale"])
    if scale is None or figure.count(".") > 1:
        return figure
    return f"{float(figure) * scale:.0f}"
