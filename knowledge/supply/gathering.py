"""The supply chain of the register as it is held, of a directorate, of a district."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from knowledge.register.holding import Held
from knowledge.register.reader import RegisterReader
from knowledge.supply.figures import row_of, supply
from knowledge.supply.nouns import APART, COUNTYWIDE, SEVERAL, Shares, Supply, Where


class SupplyError(ValueError):
    """A directorate or a district that there is none of. Its text names those there are."""


def where_of(reader: RegisterReader) -> Where:
    """Where contracts are, as the register's index has it: by their area and the list of places, as concerns are
    routed."""
    rows = reader.select("SELECT key, districts FROM contract")
    return Where({key: frozenset(json.loads(said)) for key, said in rows}, frozenset(reader.gazetteer.districts))


def gather(
    held: Sequence[Held], reader: RegisterReader, day: date, *, directorate: str = "", district: str = ""
) -> Supply:
    """The figures of a day; of one directorate, or of the contracts that serve one district alone, where these are
    named. Raises SupplyError."""
    where = where_of(reader)
    meant = set(_of(directorate, held)) if directorate else set()
    keys = {one.contract.key for one in held if not directorate or one.contract.department in meant}
    return figures_of(held, where, day, keys, district_of(district, where) if district else "")


def figures_of(held: Sequence[Held], where: Where, day: date, keys: Collection[str], district: str = "") -> Supply:
    """The figures of the contracts of these keys; of those of them that serve this district alone, where it is named,
    with what serves it among others beside them."""
    every = supply(held, where, day, keys)
    if not district:
        return every
    alone = {one.contract.key for one in held if row_of(one.contract, where) == district} & set(keys)
    shared, wide = every.shared.get(district, Shares()), every.districts.get(COUNTYWIDE, Shares())
    beside = {} if district in APART else {SEVERAL: shared, COUNTYWIDE: wide}
    found = supply(held, where, day, alone)
    return replace(found, district=district, districts={district: found.whole}, beside=beside)


def district_of(said: str, where: Where) -> str:
    """The district, or the row beside them, that is meant. Raises SupplyError."""
    known = sorted(where.county | {name for names in where.of.values() for name in names}) + list(APART)
    found = _meant(said, known)
    if len(found) != 1:
        raise SupplyError(f"no district {said!r}; there are: {'; '.join(known)}")
    return found[0]


def _of(said: str, held: Sequence[Held]) -> list[str]:
    known = departments(held)
    found = _meant(said, known)
    if not found:
        raise SupplyError(f"no directorate {said!r}; there are: {'; '.join(known)}")
    return found


def departments(held: Iterable[Held]) -> list[str]:
    """The directorates that contracts name, in order of name."""
    return sorted({one.contract.department for one in held if one.contract.department}, key=str.casefold)


def _meant(said: str, known: Sequence[str]) -> list[str]:
    """The names that are this, or else that begin with these words: "Adults" for "Adults and Public Health"."""
    wanted = _plain(said)
    same = [name for name in known if _plain(name) == wanted]
    return same or [name for name in known if wanted and f"{_plain(name)} ".startswith(f"{wanted} ")]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
