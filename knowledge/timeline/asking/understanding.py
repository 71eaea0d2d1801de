"""A message taken apart: whether it speaks of coming work, of which, and what it wants to know."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from knowledge.register.asking.reading import Reading
from knowledge.register.reader import RegisterReader
from knowledge.timeline.asking.changes import kinds_asked
from knowledge.timeline.asking.following import BACK, SHORT, followed, follows
from knowledge.timeline.asking.nouns import HISTORY, Cue, TimelineQuestion, Want
from knowledge.timeline.asking.parts import Known, about_in, limits_in, references_in, wants_in
from knowledge.timeline.asking.phrases import mended, said
from knowledge.timeline.asking.times import ahead, behind

_LONGEST = 45
"""Words of the longest message that may be a question to the timeline."""
_PARTS = 5
"""Sentences of the longest."""
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_OF_MANY = re.compile(
    r"(?<!\w)(?:any|anything|which|list|all|every|how many|tenders|opportunities|pipeline|timeline|intentions|"
    r"contracts|"
    r"procurements|frameworks|biggest|what(?:'s| is|s)? (?:coming|on|in|grants|work))(?!\w)",
    re.IGNORECASE,
)
_OPENS_DEFINITE = re.compile(r"^\W*(?:when|why|who|has|is(?! there)|will|how|can|status|where)", re.IGNORECASE)
_WHETHER = re.compile(r"^\W*(?:is|are|was|were|has|have|had|will|did|does|do)\b", re.IGNORECASE)


class Teller(NamedTuple):
    """What a message is read with: the register's index, which has the catalogue by people's words and the council's
    places, whether or not it has a contract; the day it is; which references there are; words of the council's name.
    """

    reader: RegisterReader
    today: date
    known: Known
    own: Collection[str] = ()


def understand(text: str, teller: Teller, earlier: TimelineQuestion | None = None) -> TimelineQuestion | None:
    """The question of a message, None for one that asks for something else. `earlier`: what was asked before it in the
    conversation."""
    reading = Reading(mended(text, teller.reader))
    if not reading.whole or len(reading.whole.split()) > _LONGEST:
        return None
    if _asks_else(text, reading):
        return None
    new = _read(reading, teller)
    if earlier and follows(reading.whole, new):
        return followed(earlier, new)
    return new if new.cue or new.about.references or new.about.unknown else None


def understand_parts(text: str, teller: Teller) -> TimelineQuestion | None:
    """The question of a message of several sentences, each read with those before it behind it: "We lost the respite
    tender. When is it out again?"; None where it has only one, or asks for something else."""
    parts = [part for part in _SENTENCE.split(text.strip()) if part]
    if not 1 < len(parts) <= _PARTS or any(_asks_else(part, Reading(part)) for part in parts):
        return None
    question, before = None, ""
    for part in parts:
        new = understand(part, teller, earlier=question)
        if new and new.points_back:
            new = about_that(new, before, teller) if before else None
        question, before = new or question, part
    return question


def understand_anyway(text: str, teller: Teller) -> TimelineQuestion | None:
    """The question of a message that is meant for the timeline, in whatever words; None where it has none. What asks
    how things are to be done, or tells of people, has no cue."""
    reading = Reading(mended(text, teller.reader))
    if not reading.whole:
        return None
    cue, question = _cue(reading.whole), _read(reading, teller)
    return replace(question, points_back=False, cue=Cue.NONE if _asks_else(text, reading) else cue)


def _asks_else(text: str, reading: Reading) -> bool:
    never = said("never")
    return any(never[name].search(one) for name in ("people", "how") for one in (text, reading.whole))


def about_that(question: TimelineQuestion, before: str, teller: Teller) -> TimelineQuestion | None:
    """A question that says "it", about what another question was about; None where that says nothing either."""
    about = _read(Reading(mended(before, teller.reader)), teller).about
    wants = tuple(Want.WHEN if want is Want.LIST else want for want in question.wants)
    return replace(question, about=about, wants=wants, definite=True, plain=True) if about.named else None


def _read(reading: Reading, teller: Teller) -> TimelineQuestion:
    whole = reading.whole
    references, unknown = references_in(reading, teller.known)
    limits = limits_in(reading, teller.today)
    wants = wants_in(reading)
    order = next((name for name, pattern in said("order").items() if reading.take(pattern)), "")
    about = replace(about_in(reading, teller.reader, teller.own), references=references, unknown=unknown)
    if HISTORY & set(wants):
        limits = replace(limits, routes=frozenset(), states=frozenset(), span=behind(limits.span, teller.today))
    elif Want.AWARDED not in wants:
        limits = replace(limits, span=ahead(limits.span, teller.today))
    many = bool(_OF_MANY.search(whole)) or not (about.words or references or about.area)
    definite = bool(references) or (not many and bool(_OPENS_DEFINITE.match(whole) or set(wants) - {Want.COUNT}))
    if Want.SUITED in wants and definite:  # "can small firms bid for it" asks of it what else would choose
        limits = replace(limits, sme=False, vcse=False)
    cue = _cue(whole)
    return TimelineQuestion(
        wants=wants or ((Want.WHEN,) if definite else (Want.LIST,)), about=about, limits=limits, cue=cue,
        order=order, definite=definite, asks=_asks(whole, cue), plain=bool(said("cue")["noun"].search(whole)),
        changes=kinds_asked(whole) if HISTORY & set(wants) else frozenset(), so=bool(_WHETHER.match(whole)),
        points_back=not (about.named or about.district or limits) and bool(BACK.search(whole)),
    )  # fmt: skip


def _cue(whole: str) -> Cue:
    cues = said("cue")
    if cues["strong"].search(whole) or cues["spread"].search(whole):
        return Cue.STRONG
    present = said("never")["present"].search(whole)
    return Cue.WEAK if cues["weak"].search(whole) and not present else Cue.NONE


def _asks(whole: str, cue: Cue) -> bool:
    """Whether a message has the form of a question or of a search."""
    length = len(whole.split())
    short = length <= (2 * SHORT if cue is Cue.STRONG else SHORT)
    return short or "?" in whole or bool(said("ask")["ask"].search(whole) or said("cue")["noun"].match(whole))
