"""A sentence becomes criteria."""

from __future__ import annotations

from typing import Any, NamedTuple

from knowledge.register.asking.reading import Reading
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.understanding.codes import cpv_in, follows_in, no_code, regions_in
from knowledge.subscriptions.understanding.limits import every_in, kinds_in, suited_in, times_in, without_in
from knowledge.subscriptions.understanding.nouns import Teller, Wished
from knowledge.subscriptions.understanding.phrases import said, trades, written_out
from knowledge.subscriptions.understanding.places import areas_in
from knowledge.subscriptions.understanding.subjects import subjects_in
from knowledge.subscriptions.understanding.sums import band_in
from knowledge.text import words
from knowledge.timeline.asking.phrases import mended

_LONGEST = 1000
"""Characters of a sentence that are read."""


class _Aside(NamedTuple):
    """What could not be taken: the words, and what is to be said of them."""

    left: list[str]
    notes: list[str]

    def put(self, words: str, note: str) -> None:
        self.left.append(words)
        self.notes.append(note)


def understand(text: str, teller: Teller) -> Wished:
    """What somebody who writes this wants to hear of. Never fails: what is not understood is in `left`."""
    reading, aside = Reading(written_out(text[:_LONGEST])), _Aside([], [])
    if len(text) > _LONGEST:
        aside.notes.append(f"Only the first {_LONGEST:,} characters were read.")
    coded = _coded(reading, teller, aside)
    (low, high), worth = band_in(reading, teller.today)
    every, often = every_in(reading)
    aside.notes.extend(filter(None, (worth, often)))
    reading.take_all(said("opening")["ask"])
    where = _where(reading, teller, aside)
    about = _about(reading, teller, aside)
    about["cpv"] = (*coded.pop("cpv"), *about["cpv"])
    if low is not None and high is not None and low > high:
        low, high = high, low
    criteria = Criteria(**coded, **where, **about, low=low, high=high)
    return Wished(criteria, every, tuple(dict.fromkeys(aside.left)), tuple(dict.fromkeys(aside.notes)))


def _coded(reading: Reading, teller: Teller, aside: _Aside) -> dict[str, Any]:
    """What is written as a reference or a code."""
    follows, like = follows_in(reading, teller.known)
    if like:
        aside.put(like, f"No intention {like} is on the timeline.")
    cpv, no_codes = cpv_in(reading)
    for code in no_codes:
        aside.put(code, no_code(code))
    return {"follows": follows, "cpv": cpv, "regions": regions_in(reading)}


def _where(reading: Reading, teller: Teller, aside: _Aside) -> dict[str, Any]:
    """The areas; and what no alert can look at, which may stand about them."""
    for what in without_in(reading):
        aside.put(what, f"Leaving something out is not possible: alerts may speak of “{what}” too.")
    for when in times_in(reading, teller.today):
        aside.put(when, f"When it happens and how long it lasts are not looked at: “{when}” is left aside.")
    areas, left, notes = areas_in(reading, teller.reader, teller.own)
    aside.left.extend(left)
    aside.notes.extend(notes)
    return {"areas": areas}


def _about(reading: Reading, teller: Teller, aside: _Aside) -> dict[str, Any]:
    """The kinds of opportunity, whom they suit, and what the work is about: the rest of the text, spelt right."""
    typed = reading.text.replace("\x1f", " ")
    rest = Reading(mended(typed, teller.reader))
    rest.take_all(said("opening")["ask"])
    kinds = kinds_in(rest)
    sme, vcse = suited_in(rest, kinds)
    rest.take_all(said("everything")["all"])
    found = subjects_in(rest.text, teller.reader, teller.own)
    aside.left.extend(found.left)
    phrases = _as_typed(found.words, typed, rest.whole)
    return {
        "words": phrases, "services": found.services, "cpv": found.cpv, "kinds": kinds, "sme": sme, "vcse": vcse,
    }  # fmt: skip


def _as_typed(phrases: tuple[str, ...], typed: str, spelt: str) -> tuple[str, ...]:
    """Expressions in their own words: what names no kind of work that is known may be spelt as it was meant."""
    before, after = ([one.surface for one in words(text)] for text in (typed, spelt))
    if len(before) != len(after):
        return phrases
    back = {new: old for old, new in zip(before, after, strict=True) if old != new}
    ours = {one for trade in trades() for one in trade.words}
    return tuple(
        phrase if phrase in ours else " ".join(back.get(one.casefold(), one) for one in phrase.split())
        for phrase in phrases
    )
