"""A sentence becomes criteria."""

from __future__ import annotations

from knowledge.register.asking.reading import Reading
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.understanding.codes import cpv_in, follows_in, no_code, regions_in
from knowledge.subscriptions.understanding.limits import every_in, kinds_in, suited_in, without_in
from knowledge.subscriptions.understanding.nouns import Teller, Wished
from knowledge.subscriptions.understanding.phrases import said
from knowledge.subscriptions.understanding.places import areas_in
from knowledge.subscriptions.understanding.subjects import subjects_in
from knowledge.subscriptions.understanding.sums import band_in
from knowledge.timeline.asking.phrases import mended

_LONGEST = 2000


def understand(text: str, teller: Teller) -> Wished:
    """What somebody who writes this wants to hear of. Never fails: what is not understood is in `left`."""
    reading = Reading(text[:_LONGEST])
    notes, left = list[str](), list[str]()
    follows, like = follows_in(reading, teller.known)
    if like:
        notes.append(f"No intention {like} is on the timeline.")
        left.append(like)
    cpv, no_codes = cpv_in(reading)
    notes += map(no_code, no_codes)
    left += no_codes
    regions = regions_in(reading)
    reading.take_all(said("opening")["ask"])
    every, often = every_in(reading)
    (low, high), worth = band_in(reading, teller.today)
    for what in without_in(reading):
        notes.append(f"Leaving something out is not possible: alerts may speak of “{what}” too.")
        left.append(what)
    areas, strange, of_places = areas_in(reading, teller.reader, teller.own)
    rest = Reading(mended(reading.text.replace("\x1f", " "), teller.reader))
    rest.take_all(said("opening")["ask"])
    kinds = kinds_in(rest)
    sme, vcse = suited_in(rest, kinds)
    rest.take_all(said("everything")["all"])
    about = subjects_in(rest.text, teller.reader, teller.own)
    if low is not None and high is not None and low > high:
        low, high = high, low
    criteria = Criteria(
        words=about.words, services=about.services, cpv=(*cpv, *about.cpv), follows=follows, areas=areas,
        regions=regions, low=low, high=high, kinds=kinds, sme=sme, vcse=vcse,
    )  # fmt: skip
    notes += [one for one in (often, worth) if one] + of_places
    return Wished(criteria, every, tuple(dict.fromkeys((*left, *strange, *about.left))), tuple(dict.fromkeys(notes)))
