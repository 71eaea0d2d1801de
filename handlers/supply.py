"""The supply chain in figures: what share of what contracts are worth goes to SMEs and to VCSEs, and where.

Everybody may ask: councils publish both columns (Local Government Transparency Code), and so what they add up to.
"""

from __future__ import annotations

from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply, Table
from handlers.register_cells import day_of
from knowledge.register.asking.sharing import Sharing, share_asked
from knowledge.register.contract import Contract
from knowledge.register.holding import contracts, register_date
from knowledge.supply.gathering import figures_of, where_of
from knowledge.supply.nouns import Section, Sector, Supply
from knowledge.supply.sections import both, by_district, by_sector
from knowledge.supply.words import money, share


def answer(message: Message, desk: Desk) -> Reply | None:
    """The reply to a question about shares of spending; None where it is none, or not all of it is understood."""
    reader = desk.register()
    if not reader.size:
        return None
    asked = share_asked(message.text, reader, desk.day, desk.own_words, reader.labels["department"])
    if asked is None:
        return None
    with desk.store.reading() as connection:
        held, as_of = contracts(connection), register_date(connection)
    keys = {one.contract.key for one in held if _fits(one.contract, asked)}
    found = figures_of(held, where_of(reader), desk.day, keys, asked.district)
    source = f"The register as of {day_of(as_of)}." if as_of else "The register; of which day is not known."
    section = by_sector(found)
    shown = by_district(found) if asked.by_district or asked.district else section
    notes = tuple(dict.fromkeys((source, section.note, shown.note)))
    return Reply(outcome=Outcome.REGISTER, text=_said(found, asked), notes=notes, table=_table(shown))


def _fits(contract: Contract, asked: Sharing) -> bool:
    """Whether a contract is among those asked about, wherever it is."""
    of_department = not asked.department or contract.department == asked.department
    return of_department and (asked.keys is None or contract.key in asked.keys)


def _said(found: Supply, asked: Sharing) -> str:
    """The shares in a sentence or two."""
    of = f"contracts{_of(asked)}"
    if not found.whole.pence:
        return f"No {of} in force, with a value and a term, can be counted."
    told = dict(both(found.whole))
    wanted = [name for name, said in (("SMEs", asked.sme), ("VCSEs", asked.vcse)) if said] or list(told)
    count = found.whole.contracts
    of = of if count != 1 else of.replace("contracts", "contract", 1)
    counted = f"Of {money(found.whole.pence)} a year in {count:,} {of}"
    parts = " and ".join(_part(name, told[name], found) for name in wanted)
    return " ".join((f"{counted}, {parts}.", *(_passed(name, told[name], found) for name in wanted))).strip()


def _of(asked: Sharing) -> str:
    parts = [f" of {asked.department}"] if asked.department else []
    parts += [f" that fit “{asked.said}”"] if asked.keys is not None else []
    parts += [f" ({asked.district} alone)"] if asked.district else []
    return "".join(parts)


def _part(name: str, sector: Sector, found: Supply) -> str:
    of = share(found.whole.of(sector.pence))
    least = "at least " if sector.unsaid_contracts else ""
    return f"{least}{money(sector.pence)} ({of}) is with {name}"


def _passed(name: str, sector: Sector, found: Supply) -> str:
    if not sector.passed:
        return ""
    of = share(found.whole.of(sector.pence + sector.passed))
    return (
        f"Other providers pass {money(sector.passed)} a year on to {name}, as far as the register says: {of} with that."
    )


def _table(section: Section) -> Table:
    rows = tuple(tuple(one.said for one in row) for row in section.rows)
    return Table(columns=tuple(one.heading for one in section.columns), rows=rows, total=len(rows))
