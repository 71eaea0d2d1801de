"""A message taken apart: whether it speaks of coming work, of which, and what it wants to know."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date

from knowledge.register.asking.filters import value_band
from knowledge.register.asking.reading import Reading
from knowledge.register.reader import RegisterReader
from knowledge.text import STOPWORDS, words
from knowledge.timeline.asking.changes import kinds_asked
from knowledge.timeline.asking.following import SHORT, followed, follows
from knowledge.timeline.asking.nouns import HISTORY, About, Cue, Limits, TimelineQuestion, Want
from knowledge.timeline.asking.phrases import mended, said
from knowledge.timeline.asking.times import days_said, what_is_timed
from knowledge.timeline.nouns import Route, State

_LONGEST = 45
"""Words of the longest message that may be a question to the timeline."""
_REFERENCE = re.compile(r"(?<![\w£/.-])(?=[\w/.-]*\d)[A-Za-z]{1,12}[-/]?[\w/.-]*\w(?![\w£])")
_LIKE_ONE = re.compile(r"(?<![\w£])[A-Za-z]{2,6}-\d{1,6}(?!\w)")
_OF_MANY = re.compile(
    r"(?<!\w)(?:any|anything|which|list|all|every|how many|tenders|opportunities|pipeline|timeline|intentions|"
    r"contracts|"
    r"procurements|frameworks|biggest|what(?:'s| is|s)? (?:coming|on|in|grants|work))(?!\w)",
    re.IGNORECASE,
)
_OPENS_DEFINITE = re.compile(r"^\W*(?:when|why|who|has|is(?! there)|will|how|can|status|where)", re.IGNORECASE)
_WHETHER = re.compile(r"^\W*(?:is|are|was|were|has|have|had|will|did|does|do)\b", re.IGNORECASE)
Known = Callable[[Sequence[str]], Sequence[str]]
"""Gives those of some references that intentions have."""


def understand(
    text: str, reader: RegisterReader, today: date, known: Known, *, earlier: TimelineQuestion | None = None,
    own: Collection[str] = (),
) -> TimelineQuestion | None:  # fmt: skip
    """The question of a message, None for one that asks for something else. `earlier`: what was asked before it in the
    conversation; `own`: words of the council's name."""
    reading = Reading(mended(text, reader))
    if not reading.whole or len(reading.whole.split()) > _LONGEST:
        return None
    never = said("never")
    if any(never[name].search(one) for name in ("people", "how") for one in (text, reading.whole)):
        return None
    new = _read(reading, reader, today, known, own)
    if earlier and follows(reading.whole, new):
        return followed(earlier, new)
    return new if new.cue or new.about.references or new.about.unknown else None


def _read(
    reading: Reading, reader: RegisterReader, today: date, known: Known, own: Collection[str]
) -> TimelineQuestion:
    whole = reading.whole
    references, unknown = _references(reading, known)
    limits = _limits(reading, today)
    wants = _wants(reading)
    order = next((name for name, pattern in said("order").items() if reading.take(pattern)), "")
    about = replace(_about(reading, reader, own), references=references, unknown=unknown)
    if HISTORY & set(wants):
        limits = replace(limits, routes=frozenset(), states=frozenset())
    if Want.SUITED in wants:
        limits = replace(limits, sme=False, vcse=False)
    many = bool(_OF_MANY.search(whole)) or not (about.words or references or about.area)
    definite = bool(references) or (not many and bool(_OPENS_DEFINITE.match(whole) or set(wants) - {Want.COUNT}))
    cue = _cue(whole)
    return TimelineQuestion(
        wants=wants or ((Want.WHEN,) if definite else (Want.LIST,)), about=about, limits=limits, cue=cue,
        order=order, definite=definite, asks=_asks(whole, cue), plain=bool(said("cue")["noun"].search(whole)),
        changes=kinds_asked(whole) if HISTORY & set(wants) else frozenset(), so=bool(_WHETHER.match(whole)),
    )  # fmt: skip


def _asks(whole: str, cue: Cue) -> bool:
    """Whether a message has the form of a question or of a search."""
    length = len(whole.split())
    short = length <= (2 * SHORT if cue is Cue.STRONG else SHORT)
    return short or "?" in whole or bool(said("ask")["ask"].search(whole) or said("cue")["noun"].match(whole))


def _cue(whole: str) -> Cue:
    cues = said("cue")
    if cues["strong"].search(whole) or cues["spread"].search(whole):
        return Cue.STRONG
    present = said("never")["present"].search(whole)
    return Cue.WEAK if cues["weak"].search(whole) and not present else Cue.NONE


def _references(reading: Reading, known: Known) -> tuple[tuple[str, ...], str]:
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


def _limits(reading: Reading, today: date) -> Limits:
    what = what_is_timed(reading.text)
    value = value_band(reading)
    timed = bool(re.match(r"\W*(?:when|how)\b", reading.whole, re.IGNORECASE))
    states = {} if timed else said("state")
    found = frozenset(State(name) for name, pattern in states.items() if reading.take_all(pattern))
    span = days_said(reading, today)
    sizes = {name: reading.take_all(pattern) for name, pattern in said("size").items()}
    routes = frozenset(Route(name) for name, pattern in said("route").items() if reading.take_all(pattern))
    return Limits(
        span, what, value, routes, found, sme=sizes["sme"], vcse=sizes["vcse"], subcontract=sizes["subcontract"]
    )


def _wants(reading: Reading) -> tuple[Want, ...]:
    wants = [Want(name) for name, pattern in said("want").items() if reading.take_all(pattern)]
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


def _about(reading: Reading, reader: RegisterReader, own: Collection[str]) -> About:
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
