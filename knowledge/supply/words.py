"""What is said of the figures: how they are counted, what is left out, sums and shares in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from knowledge.register.asking.filters import pounds
from knowledge.supply.nouns import NOWHERE, Left, Shares, Supply

YEARLY = (
    "A contract counts by its value a year: the register's value spread evenly from its start to its end. That is what "
    "contracts are worth, not what was paid. A firm may be both an SME and a VCSE, so the two are not to be added."
)


def note_of(found: Supply) -> str:
    """How it is counted, and what is left out."""
    return " ".join((YEARLY, *_left_out(found.left), *_unsaid(found.whole), *_nowhere(found.districts)))


def _left_out(left: Left) -> Iterator[str]:
    parts = [
        f"{count:,} {why}"
        for count, why in (
            (left.in_house, "done by the council itself"), (left.unvalued, "without a value"),
            (left.undated, "without a start or an end, of which no year can be worked out"),
            (left.within, "part of another that counts"),
        )
        if count
    ]  # fmt: skip
    if parts:
        yield f"In force and not counted: {'; '.join(parts)}."


def _unsaid(whole: Shares) -> Iterator[str]:
    for name, sector in (("an SME", whole.sme), ("a VCSE", whole.vcse)):
        if sector.unsaid_contracts:
            count = sector.unsaid_contracts
            counted = f"{count:,} {'contract' if count == 1 else 'contracts'} ({money(sector.unsaid)} a year)"
            yield (f"Of {counted} the register does not say whether the provider is {name}: the share may be more.")


def _nowhere(districts: Mapping[str, Shares]) -> Iterator[str]:
    if NOWHERE in districts:
        yield f"{districts[NOWHERE].contracts:,} counted name no place the list of places has."


def money(pence: int) -> str:
    """A sum in whole pounds."""
    return pounds(round(pence / 100) * 100)


def share(part: float | None) -> str:
    """A share for people: "18.4%"; "" where there is nothing to share."""
    return "" if part is None else f"{part:.1%}"
