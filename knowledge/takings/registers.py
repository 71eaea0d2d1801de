"""A register taken in, and put back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.facts import fact, set_fact
from knowledge.register.contract import key_of
from knowledge.register.holding import hold_register, raise_register_edition
from knowledge.register.importing import LIST, Report, import_register
from knowledge.register.reading.file import Read
from knowledge.store import aware
from knowledge.tables import concern, contract, contract_review
from knowledge.takings.nouns import Bad, CannotUndo, Effect, Kind, Line, in_words, listed
from knowledge.takings.record import moment, restore_unread, unread_of, write_down

_FACT = "register_date"


def take_register(
    connection: Connection, read: Read, source: str, now: datetime, *, complete: bool = False, by: str = ""
) -> Report:
    """Takes a register in, and writes down what was there before. A file of which nothing could be read changes no
    contract and is no taking."""
    hold_register(connection)  # before anything is looked at: it may have to be put back one day
    held, unread, day = _rows(connection), unread_of(connection, LIST, source), fact(connection, _FACT)
    report = import_register(connection, read, source, now, complete=complete)
    if read.contracts:
        after = _rows(connection)
        before = {key: held.get(key) for key, row in after.items() if held.get(key) != row}
        write_down(
            connection, Kind.REGISTER, source, now, counts=_counts(report, read), by=by,
            before={"rows": before, "unread": unread, "date": day},
        )  # fmt: skip
    return report


def effect_of_register(report: Report, read: Read, *, complete: bool = False) -> Effect:
    """What it does, in words."""
    lines = [Line(about=one, what="new contract", after=_sum(read, one)) for one in report.new]
    lines += [
        Line(
            about=one.reference, what=one.field.replace("_", " ") + (" (corrected here: that stays)" * one.corrected),
            before=in_words(one.before), after=in_words(one.after),
        )
        for one in report.changes
    ]  # fmt: skip
    lacked = "ends, not being in the file" if complete else "missing from the file"
    lines += [Line(about=one, what=lacked) for one in report.lacked]
    unknown: dict[str, tuple[str, ...]] = {**dict.fromkeys(read.columns.unknown, ()), **read.columns.ambiguous}
    second = read.columns.weaker.items()
    notes = [f"“{heading}” says the {field} too; another column has it" for heading, field in second]
    return Effect(
        rows=report.rows, counts=_counts(report, read), lines=tuple(lines),
        problems=tuple(Bad(line=one.line, about=one.reference, reason=one.reason) for one in read.problems),
        notes=(*read.notes, *notes), unknown=unknown,
        warnings=(f"{report.missing:,} contracts end, not being in the file.",) if complete and report.missing else (),
    )  # fmt: skip


def undo_register(connection: Connection, before: dict[str, Any], source: str) -> Effect:
    """Puts the contracts back that a file changed. Corrections stay. Raises CannotUndo where something hangs on a
    contract that would go."""
    hold_register(connection)
    now, was = _rows(connection), before["rows"]
    gone = [key for key, row in was.items() if row is None and key in now]
    _check(connection, gone)
    if gone:
        one = sa.delete(contract).where(contract.c.key == sa.bindparam("of"))
        connection.execute(one, [{"of": key} for key in gone])
    back = {key: row for key, row in was.items() if row is not None}
    for key, row in back.items():
        connection.execute(sa.update(contract).where(contract.c.key == key).values(**_values(row)))
    restore_unread(connection, LIST, source, before["unread"])
    set_fact(connection, _FACT, before["date"] or "")
    raise_register_edition(connection)
    lines = [Line(about=_name(now[key], key), what="contract", before="there", after="gone") for key in gone]
    lines += [line for key, row in back.items() for line in _lines(now[key], row, key)]
    counts = {"removed": len(gone), "put back": len(back)}
    return Effect(rows=len(was), counts=counts, lines=tuple(lines))


def _check(connection: Connection, gone: list[str]) -> None:
    """Whether anything hangs on contracts that would go: what people said of them would be lost."""
    for table, why in ((concern, "concerns were raised"), (contract_review, "reviews were recorded")):
        used = set(connection.execute(sa.select(table.c.contract).distinct()).scalars()) & set(gone)
        if used:
            raise CannotUndo(f"{why} since on contracts that this file brought: {listed(sorted(used))}")
    rows = connection.execute(sa.select(contract.c.key, contract.c.corrected))
    corrected = sorted(row.key for row in rows if row.corrected and row.key in set(gone))
    if corrected:
        raise CannotUndo(f"contracts that this file brought were corrected since: {listed(corrected)}")


def _sum(read: Read, reference: str) -> str:
    """A new contract in a line."""
    found = read.contracts[key_of(reference)].contract
    value = f"£{found.value:,.0f}" if found.value is not None else ""
    return " · ".join(filter(None, (found.title, found.supplier, value)))


def _counts(report: Report, read: Read) -> dict[str, int]:
    return {
        "added": report.added, "changed": report.changed, "unchanged": report.unchanged, "missing": report.missing,
        "not taken": len(read.problems),
    }  # fmt: skip


def _rows(connection: Connection) -> dict[str, dict[str, Any]]:
    """Every contract as JSON writes it, without what people corrected."""
    return {
        row.key: {
            "about": row.about, "source": row.source, "line": row.line, "imported_at": _iso(row.imported_at),
            "missing_since": _iso(row.missing_since), "ended_on": row.ended_on.isoformat() if row.ended_on else None,
        }
        for row in connection.execute(sa.select(contract))
    }  # fmt: skip


def _values(row: dict[str, Any]) -> dict[str, Any]:
    ended = date.fromisoformat(row["ended_on"]) if row["ended_on"] else None
    times = {name: moment(row[name]) for name in ("imported_at", "missing_since")}
    return {**row, **times, "ended_on": ended}


def _iso(at: datetime | None) -> str | None:
    return aware(at).isoformat() if at else None


def _day(moment: str | None) -> str:
    return (moment or "")[:10]


def _name(row: dict[str, Any], key: str) -> str:
    return str(row["about"].get("reference", key))


def _lines(now: dict[str, Any], was: dict[str, Any], key: str) -> list[Line]:
    """What becomes of one contract, field by field."""
    pairs = [(name, now["about"].get(name), was["about"].get(name)) for name in {**now["about"], **was["about"]}]
    pairs += [(name, _day(now[name]), _day(was[name])) for name in ("missing_since", "ended_on")]
    return [
        Line(about=_name(now, key), what=name.replace("_", " "), before=in_words(one), after=in_words(other))
        for name, one, other in pairs
        if one != other
    ]
