"""The figures as tables: the same ones in a conversation, in the terminal, in a file and in a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from knowledge.register.asking.filters import pounds
from knowledge.supply.nouns import COUNTYWIDE, NOWHERE, SEVERAL, Chain, Left, Section, Sector, Shares, Supply

YEARLY = (
    "A contract counts by its value a year: the register's value spread evenly from its start to its end. That is what "
    "contracts are worth, not what was paid. A firm may be both an SME and a VCSE, so the two are not to be added."
)
COLUMNS = (
    "District", "Contracts", "Worth a year", "SMEs a year", "SME %", "VCSEs a year", "VCSE %",
)  # fmt: skip
_WHOLE = "All"
BESIDE = {SEVERAL: "Several districts, this one among them", COUNTYWIDE: "The whole county"}


def sections(found: Supply) -> tuple[Section, ...]:
    """Who gets how much; the same by district; what the register says of sub-contractors and of payment."""
    return by_sector(found), by_district(found), of_chain(found)


def by_sector(found: Supply) -> Section:
    """Both sorts of provider, a row each."""
    rows = tuple(_sector_row(name, sector, found.whole) for name, sector in both(found.whole))
    columns = (
        "Providers", "Contracts", "Worth a year", "Share", "Passed on to such firms", "Share with that",
        "Not said",
    )  # fmt: skip
    return Section("Share of contract spend by SME and VCSE", columns, rows, note_of(found))


def both(shares: Shares) -> tuple[tuple[str, Sector], tuple[str, Sector]]:
    """The two sorts by name."""
    return ("SMEs", shares.sme), ("VCSEs", shares.vcse)


def _sector_row(name: str, sector: Sector, whole: Shares) -> tuple[str, ...]:
    return (
        name, f"{sector.contracts:,}", money(sector.pence), share(whole.of(sector.pence)), money(sector.passed),
        share(whole.of(sector.pence + sector.passed)), money(sector.unsaid),
    )  # fmt: skip


def by_district(found: Supply) -> Section:
    """A row a district, then those of no single one, then the whole; of one district, what serves it among others."""
    if found.district:
        return _of_district(found)
    rows = tuple(district_row(name, shares) for name, shares in found.districts.items())
    note = "Every contract stands in one row, so that the rows add up. What serves several districts is not divided."
    return Section("SME and VCSE spend by district", COLUMNS, (*rows, district_row(_WHOLE, found.whole)), note)


def _of_district(found: Supply) -> Section:
    alone = f"{found.district} alone" if found.beside else found.district
    named = {alone: found.whole, **{BESIDE[name]: one for name, one in found.beside.items()}}
    rows = tuple(district_row(name, shares) for name, shares in named.items())
    note = f"What serves several districts or the whole county is not divided: it counts to {found.district} in no sum."
    return Section(f"SME and VCSE spend: {found.district}", COLUMNS, rows, note)


def district_row(name: str, shares: Shares) -> tuple[str, ...]:
    """A row of the table by district."""
    return (
        name, f"{shares.contracts:,}", money(shares.pence), money(shares.sme.pence), share(shares.of(shares.sme.pence)),
        money(shares.vcse.pence), share(shares.of(shares.vcse.pence)),
    )  # fmt: skip


def of_chain(found: Supply) -> Section:
    """What contracts say of those below the provider."""
    chain = found.chain
    told = (
        ("Contracts with providers, in force", chain.contracts),
        ("name sub-contractors", chain.naming),
        ("say when the council pays the provider", chain.terms),
        ("say when sub-contractors are paid", chain.below),
        ("of these within 30 days", chain.prompt),
        ("of these later", chain.late),
        ("of these in words that give no one number of days", _unclear(chain)),
    )
    rows = tuple((name, f"{count:,}", _of(count, chain.contracts)) for name, count in told)
    note = "A contract that says nothing may still have sub-contractors and terms: the register does not tell."
    return Section("Sub-contractors and payment terms", ("", "Contracts", "Share of contracts"), rows, note)


def _unclear(chain: Chain) -> int:
    return chain.below - chain.prompt - chain.late


def _of(count: int, whole: int) -> str:
    return share(count / whole if whole else None)


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
