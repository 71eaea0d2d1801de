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

_I_AM = re.compile(r"^.*? an? ", re.IGNORECASE)
_A_TIME = re.compile(
    r"\d|^(?:in|this|next|by|from|before|after|during|until|since|between|last|soon|the)\b", re.IGNORECASE
)
_GENERAL = r"(?:contracts?|tenders?|work|opportunit(?:y|ies)|bids?|procurements?)"
_JOINED = r"(?: ?(?:,|/|&|and/or|or|and|as well as) ?){1,2}(?:any |also |other |small )?"
_BESIDE = re.compile(rf"\b{_GENERAL}{_JOINED}<>|<>{_JOINED}{_GENERAL}\b", re.IGNORECASE)
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
    """The text on one line, with a mark for what was taken now."""
    marked = "".join("\0" if a != b else b for a, b in zip(before, after, strict=True)).replace("\x1f", " ")
    return " ".join(re.sub(r"\0+", "<>", marked).split())


def suited_in(reading: Reading, kinds: tuple[Offer, ...]) -> tuple[bool, bool]:
    """Whether small firms, whether charities are to be suited; taken out of the text. Who writes is no limit, and
    grants and sub-contracts are for them anyhow."""
    reading.take_all(said("opening")["name"])
    for who in list(said("opening")["self"].finditer(reading.text)):
        bare = Reading(_I_AM.sub(" ", who.group(), count=1))
        for pattern in said("suited").values():
            bare.take_all(pattern)
        kept = bare.text.rjust(who.end() - who.start())
        reading.text = reading.text[: who.start()] + kept + reading.text[who.end() :]
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
        when = " ".join("".join(a for a, b in zip(before, reading.text, strict=True) if a != b).split())
        if _A_TIME.search(when):
            yield when
        else:  # "winter maintenance"
            reading.text = before
