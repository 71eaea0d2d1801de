"""What a procurement is worth, as a release says: a band in pounds, with or without VAT."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from knowledge.timeline.nouns import Source, State
from knowledge.timeline.reading.mending import plausible_sum
from knowledge.timeline.reading.parts import Part, part, parts, word
from knowledge.timeline.reading.release import Release

_PENNY = Decimal("0.01")


class Value(NamedTuple):
    """One sum, without VAT (or as it may be) and with it; None where that is not said."""

    net: Decimal | None = None
    gross: Decimal | None = None


class Band(NamedTuple):
    """From and to, in pounds. `gross`: with VAT; None where the source does not say."""

    low: Decimal | None = None
    high: Decimal | None = None
    gross: bool | None = None


def band_of(release: Release, state: State | None) -> Band:
    """What it is worth: once awarded, what was awarded; before, its estimate; each for want of the other."""
    ways = (_awarded, _estimated) if state == State.AWARDED else (_estimated, _awarded)
    return next((found for way in ways if (found := way(release))), Band())


def value_of(release: Release, of: Part) -> Value:
    """An object of the standard that is a value; nothing where it is in another currency, or no sum."""
    currency = word(of.get("currency")).upper()
    if currency != "GBP" and (currency or release.source is Source.OTHER):
        return Value()
    return Value(read_sum(of.get("amount")), read_sum(of.get("amountGross")))


def read_sum(value: Any) -> Decimal | None:
    """A figure, or a text that is one ("£1,200.50"), in pounds; None where it stands for nothing."""
    if isinstance(value, str):
        value = re.sub(r"[£,\s]", "", value[:40])
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        amount = plausible_sum(Decimal(value))
    except InvalidOperation:
        return None
    return amount.quantize(_PENNY).normalize() + 0 if amount else None


def spread(release: Release, values: Sequence[Value]) -> Band:
    """The band from the least to the most of some values: with VAT where each is known with it."""
    values = [value for value in values if value != Value()]
    with_vat = [value.gross for value in values if value.gross is not None]
    if values and len(with_vat) == len(values):
        return Band(min(with_vat), max(with_vat), True)
    without = [value.net for value in values if value.net is not None]
    if not without:
        return Band()
    return Band(min(without), max(without), False if release.source is Source.FIND_A_TENDER else None)


def _estimated(release: Release) -> Band | None:
    tender = release.tender
    least, most = (value_of(release, part(tender, name)) for name in ("minValue", "value"))
    if least != Value() and most == Value():
        return spread(release, [least])._replace(high=None)
    if most != Value():
        return spread(release, [least, most])
    others = (
        [value_of(release, part(tender, "techniques", "frameworkAgreement", "value"))],
        _sum(value_of(release, part(lot, "value")) for lot in release.lots),
        [value_of(release, part(release.planning, "budget", "amount"))],
        _sum(
            value_of(release, part(one, "amount")) for one in parts(part(release.planning, "budget"), "budgetBreakdown")
        ),
    )
    return next((found for values in others if (found := spread(release, values)) != Band()), None)


def _awarded(release: Release) -> Band | None:
    """What was awarded. Of several awards that say the same (a framework's whole value, said of each provider) it is
    said once; others are summed."""
    for holders in (release.contracts, release.awards):
        values = [value_of(release, part(one, "value")) for one in holders]
        values = [value for value in values if value != Value()]
        summed = values[:1] if len(set(values)) == 1 else _sum(values)
        if (found := spread(release, summed)) != Band():
            return found
    return None


def _sum(values: Iterable[Value]) -> list[Value]:
    """All of them as one; none where one of them is not known."""
    given = list(values)
    net, gross = (
        sum((one for one in figures if one is not None), Decimal(0)) if None not in figures else None
        for figures in ([one.net for one in given], [one.gross for one in given])
    )
    return [Value(net, gross)] if given else []
