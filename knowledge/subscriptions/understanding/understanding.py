"""A sentence becomes criteria."""

from __future__ import annotations

import re

from knowledge.register.asking.reading import Reading
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.understanding.codes import cpv_in, follows_in, no_code, regions_in
from knowledge.subscriptions.understanding.limits import every_in, kinds_in, suited_in, times_in, without_in
from knowledge.subscriptions.understanding.nouns import Teller, Wished
from knowledge.subscriptions.understanding.phrases import said
from knowledge.subscriptions.understanding.places import areas_in
from knowledge.subscriptions.understanding.subjects import subjects_in
from knowledge.subscriptions.understanding.sums import band_in
from knowledge.text import words
from knowledge.timeline.asking.phrases import mended

_LONGEST = 2000


def understand(text: str, teller: Teller) -> Wished:
    """What somebody who writes this wants to hear of. Never fails: what is not understood is in `left`."""
    reading = Reading(_plain(text[:_LONGEST]))
    notes, left = list[str](), list[str]()
    follows, like = follows_in(reading, teller.known)
    if like:
        notes.append(f"No intention {like} is on the timeline.")
        left.append(like)
    cpv, no_codes = cpv_in(reading)
    notes += map(no_code, no_codes)
    left += no_codes
    regions = regions_in(reading)
    (low, high), worth = band_in(reading, teller.today)
    every, often = every_in(reading)
    reading.take_all(said("opening")["ask"])
    for what in without_in(reading):
        notes.append(f"Leaving something out is not possible: alerts may speak of “{what}” too.")
        left.append(what)
    for when in times_in(reading, teller.today):
        notes.append(f"When it happens and how long it lasts are not looked at: “{when}” is left aside.")
        left.append(when)
    areas, strange, of_places = areas_in(reading, teller.reader, teller.own)
    typed = reading.text.replace("\x1f", " ")
    rest = Reading(mended(typed, teller.reader))
    rest.take_all(said("opening")["ask"])
    kinds = kinds_in(rest)
    sme, vcse = suited_in(rest, kinds)
    rest.take_all(said("everything")["all"])
    about = subjects_in(rest.text, teller.reader, teller.own)
    if low is not None and high is not None and low > high:
        low, high = high, low
    criteria = Criteria(
        words=_as_typed(about.words, typed, rest.whole), services=about.services, cpv=(*cpv, *about.cpv), follows=follows, areas=areas,
        regions=regions, low=low, high=high, kinds=kinds, sme=sme, vcse=vcse,
    )  # fmt: skip
    notes += [one for one in (often, worth) if one] + of_places
    return Wished(criteria, every, tuple(dict.fromkeys((*left, *strange, *about.left))), tuple(dict.fromkeys(notes)))


def _as_typed(phrases: tuple[str, ...], typed: str, mended_text: str) -> tuple[str, ...]:
    """Expressions in their own words: what names no kind of work that is known may be spelt as it was meant."""
    before, after = ([one.surface for one in words(text)] for text in (typed, mended_text))
    back = {new: old for old, new in zip(before, after, strict=True) if old != new} if len(before) == len(after) else {}
    return tuple(" ".join(back.get(one.casefold(), one) for one in phrase.split()) for phrase in phrases)


def _plain(text: str) -> str:
    """A text with what is easily mistaken written out: SEND and IT are words only in capitals; care at home is given
    in no care home."""
    for pattern, meant in _MISTAKEN:
        text = pattern.sub(meant, text)
    return text


_MISTAKEN = (
    (re.compile(r"(?<![\w.])SENDs?(?![\w.])(?! (?:ME|US)\b)"), "special educational needs"),
    (re.compile(r"(?<![\w.])I\.?T\.?(?![\w.])(?! (?:IS|WAS|WILL|HAS|GOES|CHANGES)\b)"), "ICT"),
    (re.compile(r"\bit (?=(?:support|services?|systems?|helpdesk|equipment|consult\w+|training|software|kit)\b)"), "ICT "),
    (re.compile(r"\bcare (?:at|in) (?:the |their |people's |your )?(?:own )?homes?\b", re.IGNORECASE), "home care"),
)  # fmt: skip
