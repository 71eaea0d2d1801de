"""The figures as tables: the same ones in a conversation, in the terminal, in a file and in a report."""

from __future__ import annotations

from knowledge.supply.nouns import COUNTYWIDE, SEVERAL, Chain, Column, Figure, Section, Sector, Shares, Supply
from knowledge.supply.words import money, note_of, share

_SECTORS = (
    Column("providers", "Providers"), Column("contracts", "Contracts"), Column("pounds", "Worth a year"),
    Column("share", "Share"), Column("passed", "Passed on to such firms"), Column("share_passed", "Share with that"),
    Column("unsaid", "Not said"),
)  # fmt: skip
_DISTRICTS = (
    Column("district", "District"), Column("contracts", "Contracts"), Column("pounds", "Worth a year"),
    Column("sme_pounds", "SMEs a year"), Column("sme_share", "SME %"), Column("vcse_pounds", "VCSEs a year"),
    Column("vcse_share", "VCSE %"),
)  # fmt: skip
_CHAIN = (
    Column("what", "What the register says"),
    Column("contracts", "Contracts"),
    Column("share", "Share of contracts"),
)
_WHOLE = "All"
BESIDE = {SEVERAL: "Several districts, this one among them", COUNTYWIDE: "The whole county"}


def sections(found: Supply) -> tuple[Section, ...]:
    """Who gets how much; the same by district; what the register says of sub-contractors and of payment."""
    return by_sector(found), by_district(found), of_chain(found)


def by_sector(found: Supply) -> Section:
    """Both sorts of provider, a row each."""
    rows = tuple(_sector_row(name, sector, found.whole) for name, sector in both(found.whole))
    return Section("sectors", "Share of contract spend by SME and VCSE", _SECTORS, rows, note_of(found))


def both(shares: Shares) -> tuple[tuple[str, Sector], tuple[str, Sector]]:
    """The two sorts by name."""
    return ("SMEs", shares.sme), ("VCSEs", shares.vcse)


def _sector_row(name: str, sector: Sector, whole: Shares) -> tuple[Figure, ...]:
    return (
        _called(name), _count(sector.contracts), _sum(sector.pence), _part(whole.of(sector.pence)), _sum(sector.passed),
        _part(whole.of(sector.pence + sector.passed)), _sum(sector.unsaid),
    )  # fmt: skip


def by_district(found: Supply) -> Section:
    """A row a district, then those of no single one, then the whole; of one district, what serves it among others."""
    if found.district:
        return _of_district(found)
    rows = tuple(_district_row(name, shares) for name, shares in found.districts.items())
    note = "Every contract stands in one row, so that the rows add up. What serves several districts is not divided."
    title = "SME and VCSE spend by district"
    return Section("districts", title, _DISTRICTS, (*rows, _district_row(_WHOLE, found.whole)), note)


def _of_district(found: Supply) -> Section:
    alone = f"{found.district} alone" if found.beside else found.district
    named = {alone: found.whole, **{BESIDE[name]: one for name, one in found.beside.items()}}
    rows = tuple(_district_row(name, shares) for name, shares in named.items())
    note = f"What serves several districts or the whole county is not divided: it counts to {found.district} in no sum."
    return Section("districts", f"SME and VCSE spend: {found.district}", _DISTRICTS, rows, note)


def _district_row(name: str, shares: Shares) -> tuple[Figure, ...]:
    sme, vcse = shares.sme.pence, shares.vcse.pence
    return (
        _called(name), _count(shares.contracts), _sum(shares.pence), _sum(sme), _part(shares.of(sme)), _sum(vcse),
        _part(shares.of(vcse)),
    )  # fmt: skip


def of_chain(found: Supply) -> Section:
    """What contracts say of those below the provider."""
    chain = found.chain
    told = (
        ("Contracts in force with providers", chain.contracts),
        ("that name sub-contractors", chain.naming),
        ("that say when the council pays the provider", chain.terms),
        ("that say when sub-contractors are paid", chain.below),
        ("of these, within 30 days", chain.prompt),
        ("of these, later", chain.late),
        ("of these, in words that give no one number of days", _unclear(chain)),
    )
    rows = tuple((_called(name), _count(count), _of(count, chain.contracts)) for name, count in told)
    note = "A contract that says nothing may still have sub-contractors and terms: the register does not tell."
    return Section("chain", "Sub-contractors and payment terms", _CHAIN, rows, note)


def _unclear(chain: Chain) -> int:
    return chain.below - chain.prompt - chain.late


def _called(name: str) -> Figure:
    return Figure(name, name)


def _count(count: int) -> Figure:
    return Figure(f"{count:,}", count)


def _sum(pence: int) -> Figure:
    return Figure(money(pence), round(pence / 100, 2))


def _part(part: float | None) -> Figure:
    return Figure(share(part), None if part is None else round(part, 4))


def _of(count: int, whole: int) -> Figure:
    return _part(count / whole if whole else None)
