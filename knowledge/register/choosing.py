"""Contracts chosen from the register's index: by words, by kind, by the conditions of a question."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from knowledge.register.asking.nouns import Filters, Order
from knowledge.register.contract import State
from knowledge.register.reader import RegisterReader

_STATE = (
    "CASE WHEN ended_on != '' AND ended_on <= :day THEN 'ended' WHEN start != '' AND :day < start THEN 'to come' "
    "WHEN end != '' AND end < :day THEN 'ended' ELSE 'in force' END"
)
_SURELY = 0.999
"""How near to a contract's best a kind must come for the contract to be one of that kind."""
_DELIVERED = {
    "in-house": "(lower(delivered_by) LIKE 'in%house%')",
    "not in-house": "(lower(delivered_by) NOT LIKE 'in%house%')",
    "external": "(lower(delivered_by) LIKE 'external%' OR lower(delivered_by) LIKE 'outsourc%')",
    "grant": "(lower(delivered_by) LIKE '%grant%' OR lower(contract_type) LIKE '%grant%')",
    "sla": "(lower(delivered_by) LIKE '%sla%' OR lower(delivered_by) LIKE 'service level%')",
}
_LACKING = {"value": "pence IS NULL"}
_ORDERS = {
    Order.BIGGEST: "pence IS NULL, pence DESC", Order.SMALLEST: "pence IS NULL, pence", Order.SOONEST: "end = '', end",
    Order.LATEST: "end != '', end DESC", Order.NEWEST: "start DESC", Order.OLDEST: "start = '', start",
}  # fmt: skip


class Chosen(NamedTuple):
    """A contract that fits. `pence`: its value, None where the register gives none; `countywide`: it names no
    district."""

    n: int
    key: str
    title: str
    supplier: str
    pence: int | None
    state: State
    countywide: bool


def choose(
    reader: RegisterReader, numbers: Collection[int] | None, filters: Filters, day: date, order: Order | None = None
) -> list[Chosen]:
    """The contracts among `numbers` (None: all) that fit, in order."""
    where, given = _conditions(reader, filters)
    given["day"] = day.isoformat()
    few = numbers is not None and len(numbers) <= _FEW
    if few and numbers is not None:
        where.append(f"n IN ({','.join(str(int(number)) for number in numbers)})")
    sql = (
        f"SELECT n, key, title, supplier, pence, {_STATE} AS state, districts = '[]' FROM contract "
        f"WHERE {' AND '.join(where) or '1'} ORDER BY {_order(filters, order)}"
    )
    rows = reader.select(sql, given)
    wanted = None if few or numbers is None else set(numbers)
    states = {state.value: state for state in State}
    return [
        Chosen(n, key, title, supplier, pence, states[state], bool(wide))
        for n, key, title, supplier, pence, state, wide in rows
        if wanted is None or n in wanted
    ]


_FEW = 400


def _order(filters: Filters, order: Order | None) -> str:
    if order:
        return f"{_ORDERS[order]}, key"
    by = next((name for name in ("end", "start", "review") if name in filters.days), None)
    return f"{by} = '', {by}, key" if by else "districts = '[]', key" if filters.districts else "key"


def _conditions(reader: RegisterReader, filters: Filters) -> tuple[list[str], dict[str, object]]:
    where: list[str] = []
    given: dict[str, object] = {}
    for by, span in filters.days.items():
        where.append(f"{by} != ''")
        for edge, sign, day in (("first", ">=", span.first), ("last", "<=", span.last)):
            if day:
                where.append(f"{by} {sign} :{by}_{edge}")
                given[f"{by}_{edge}"] = day.isoformat()
    if filters.value:
        where.append("pence BETWEEN :low AND :high")
        given |= {"low": filters.value.low or 0, "high": filters.value.high or 1 << 60}
    if filters.delivered:
        where.append(_DELIVERED[filters.delivered])
    where += [f"{name} = {int(wanted)}" for name in ("sme", "vcse") if (wanted := getattr(filters, name)) is not None]
    where += [_LACKING.get(field, f"{field} = ''") for field in sorted(filters.lacking)]
    where += [f"{field} != ''" for field in sorted(filters.having)]
    if filters.paid:
        where.append(f"{filters.paid.by}_days BETWEEN :soonest AND :latest")
        given |= {"soonest": filters.paid.low, "latest": filters.paid.high}
    if filters.states:
        where.append(f"({_STATE}) IN ({','.join(repr(state.value) for state in sorted(filters.states))})")
    if filters.countywide:
        where.append("districts = '[]'")
    elif filters.districts or filters.outside:
        where.append("(districts = '[]' OR (areas & :areas) != 0)")
        given["areas"] = reader.area_of(filters.districts)
    if filters.person:
        columns = [filters.person_as] if filters.person_as else ["manager", "deputy", "director"]
        where.append("(" + " OR ".join(f"{column} = :person" for column in columns) + ")")
        given["person"] = filters.person
    return where, given


def with_words(reader: RegisterReader, stems: Sequence[str], *, head: bool) -> set[int]:
    """Contracts that have all these words; `head`: in title, service or reference."""
    wanted = " AND ".join('"' + re.sub(r'["\s]', "", stem) + '"' for stem in stems if stem.strip('"'))
    if not wanted:
        return set()
    query = f"head : ({wanted})" if head else wanted
    return {row[0] for row in reader.select("SELECT rowid FROM contract_fts WHERE contract_fts MATCH ?", [query])}


def with_phrase(reader: RegisterReader, stems: Sequence[str]) -> set[int]:
    """Contracts whose title or service has these words one after the other."""
    phrase = " ".join(re.sub(r'["\s]', "", stem) for stem in stems)
    sql = "SELECT rowid FROM contract_fts WHERE contract_fts MATCH ?"
    return {row[0] for row in reader.select(sql, [f'head : "{phrase}"'])}


def with_labels(reader: RegisterReader, column: str, labels: Iterable[str]) -> set[int]:
    """Contracts of these departments or services."""
    wanted = list(labels)
    marks = ",".join("?" * len(wanted))
    return {row[0] for row in reader.select(f"SELECT n FROM contract WHERE {column} IN ({marks})", wanted)}


def of_kinds(reader: RegisterReader, kinds: Iterable[str]) -> set[int]:
    """Contracts of these kinds of service before all others."""
    wanted = list(kinds)
    marks = ",".join("?" * len(wanted))
    sql = f"SELECT n FROM of_kind WHERE kind IN ({marks}) AND share >= ?"
    return {row[0] for row in reader.select(sql, [*wanted, _SURELY])}


def titles(reader: RegisterReader, numbers: Collection[int]) -> dict[int, frozenset[str]]:
    """The words of these contracts' titles, a few hundred at the most."""
    some = ",".join(str(int(number)) for number in sorted(numbers)[:_FEW])
    return {
        n: frozenset(said.split()) for n, said in reader.select(f"SELECT n, titled FROM contract WHERE n IN ({some})")
    }


def under(reader: RegisterReader, keys: Iterable[str]) -> set[int]:
    """Contracts whose parent is one of these."""
    wanted = list(keys)
    marks = ",".join("?" * len(wanted))
    return {row[0] for row in reader.select(f"SELECT n FROM contract WHERE lower(trim(parent)) IN ({marks})", wanted)}


def naming_below(reader: RegisterReader, numbers: Iterable[int]) -> set[int]:
    """Those of these contracts that name sub-contractors."""
    some = ",".join(str(int(number)) for number in sorted(numbers))
    return {row[0] for row in reader.select(f"SELECT n FROM contract WHERE n IN ({some}) AND subcontractors != ''")}


def by_reference(reader: RegisterReader, said: str) -> set[int]:
    """The contract of this reference; else the lots whose references begin with it."""
    exact = {row[0] for row in reader.select("SELECT n FROM contract WHERE key = ?", [said])}
    if exact or len(said) < 4:
        return exact
    sql = "SELECT n FROM contract WHERE key >= ? AND key < ? AND substr(key, ?, 1) IN ('-', '/', '.', ' ')"
    return {row[0] for row in reader.select(sql, [said, said + "\uffff", len(said) + 1])}
