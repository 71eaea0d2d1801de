"""What else a sentence limits: kinds of opportunity, whom they are to suit, how often to be told, what to leave out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from knowledge.register.asking.reading import Reading
from knowledge.subscriptions.nouns import Offer
from knowledge.subscriptions.pace import AT_ONCE, DAILY, WEEKLY, read_every
from knowledge.subscriptions.understanding.phrases import said
from knowledge.timeline.asking.times import days_said

_GENERAL = r"(?:contracts?|tenders?|work|opportunit(?:y|ies)|bids?|procurements?)"
_JOINED = r"(?:\s*(?:,|/|&|\band/or\b|\bor\b|\band\b|\bas well as\b)\s*)+(?:any |also |other |small )*"
_GAP = r"\x1f[\x1f\s]*"
_BESIDE = re.compile(rf"(?<!\w){_GENERAL}{_JOINED}{_GAP}|{_GAP}{_JOINED}{_GENERAL}(?!\w)", re.IGNORECASE)
"""A kind of opportunity that was taken out, joined to a word for any kind: "grants or contracts"."""


def kinds_in(reading: Reading) -> tuple[Offer, ...]:
    """The kinds of opportunity asked for, taken out of the text. Beside a word for any kind they are examples."""
    found, start = dict[Offer, None](), reading.text
    for name in ("tender", "intention", "sub-contract", "partner", "engagement", "grant"):
        if reading.take_all(said("kinds")[name]):
            found[Offer(name)] = None
    only = {Offer.TENDER, Offer.INTENTION} & found.keys()
    if found and not only and _BESIDE.search(_only_new(start, reading.text)):
        return ()
    return tuple(kind for kind in Offer if kind in found)


def _only_new(before: str, after: str) -> str:
    """The text in which only what was taken now is marked."""
    return "".join(a if a != b or b != "\x1f" else " " for a, b in zip(after, before, strict=True))


def suited_in(reading: Reading, kinds: tuple[Offer, ...]) -> tuple[bool, bool]:
    """Whether small firms, whether charities are to be suited; taken out of the text. Who writes is no limit, and
    grants and sub-contracts are for them anyhow."""
    while who := reading.take(said("opening")["self"]):
        put = re.sub(r"^.*? an? ", " ", who.group(), count=1, flags=re.IGNORECASE)
        bare = Reading(put)
        for pattern in said("suited").values():
            bare.take_all(pattern)
        text = bare.text[: who.end() - who.start()]
        reading.text = reading.text[: who.start()] + text.rjust(who.end() - who.start()) + reading.text[who.end() :]
    sme, vcse = (reading.take_all(said("suited")[name]) for name in ("sme", "vcse"))
    if set(kinds) & {Offer.GRANT, Offer.SUBCONTRACT, Offer.PARTNER}:
        return False, False
    return sme, vcse


def every_in(reading: Reading) -> tuple[str | None, str]:
    """How often to be told, taken out of the text, None where it does not say; and what is to be said of it ("")."""
    patterns = said("every")
    days = reading.take(patterns["days"])
    found = {name: reading.take_all(patterns[name]) for name in ("longer", "weekly", "daily", "at once", "said")}
    if days:
        return _days(days.group()), ""
    if found["longer"]:
        return WEEKLY, "Once a week is the longest that alerts are gathered."
    return next(((every) for every in (DAILY, WEEKLY, AT_ONCE) if found[every]), None), ""


def _days(text: str) -> str | None:
    names = re.findall(r"mon|tue|wed|thu|fri|sat|sun", text.lower())
    return read_every(",".join(names)) if names else None


def without_in(reading: Reading) -> Iterator[str]:
    """What a sentence says is not wanted, taken out of it."""
    while found := reading.take(said("without")["not"]):
        yield " ".join(found["what"].replace("\x1f", " ").split())


def times_in(reading: Reading, today: date) -> Iterator[str]:
    """Times and lengths of time, taken out of a text: no alert looks at them."""
    while found := reading.take(said("lasting")["years"]):
        yield " ".join(found.group().split())
    before = reading.text
    if days_said(reading, today):
        yield " ".join("".join(a for a, b in zip(before, reading.text, strict=True) if a != b).split())
