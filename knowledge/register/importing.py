"""A register's file into the record: a second import is a difference, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.facts import set_fact
from knowledge.register.contract import key_of
from knowledge.register.holding import hold_register, raise_register_edition
from knowledge.register.reading.duplicates import Taken
from knowledge.register.reading.file import Problem, Read

LIST = "register"
"""The name of this list among the rows that could not be read."""


@dataclass(frozen=True)
class Change:
    """One field of one contract. `before` and `after` are as the record writes them, None where there is nothing.
    `corrected`: people put the field right in the desk, so what they said still counts."""

    reference: str
    field: str
    before: Any
    after: Any
    corrected: bool = False


@dataclass
class Report:
    """What an import did. `missing`: contracts held that the file lacks, and that had not ended by such a lack."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: int = 0
    new: list[str] = field(default_factory=list)
    lacked: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass
class _Work:
    """What is to be written."""

    insert: list[dict[str, Any]] = field(default_factory=list)
    update: list[dict[str, Any]] = field(default_factory=list)
    touched: bool = False


def import_register(
    connection: Connection, read: Read, source: str, now: datetime, *, complete: bool = False
) -> Report:
    """Writes down what a file gave. `complete`: the file is the whole register, so that what it lacks ends today. A
    file of which nothing could be read changes no contract."""
    hold_register(connection)
    keep_unread(connection, LIST, source, read.problems, now)
    report, work = Report(rows=len(read.contracts)), _Work()
    if not read.contracts:
        return report
    held = {row.key: row for row in connection.execute(sa.select(tables.contract))}
    for key, taken in read.contracts.items():
        _take(report, work, key, taken, held.get(key), source, now)
    named = {key_of(problem.reference) for problem in read.problems if problem.reference}
    lacking = [row for key, row in held.items() if key not in read.contracts and key not in named]
    _lack(report, work, lacking, now, complete)
    _write(connection, work)
    set_fact(connection, "register_date", now.date().isoformat())
    if report.added or report.changed or work.touched:
        raise_register_edition(connection)
    return report


def _take(report: Report, work: _Work, key: str, taken: Taken, row: Any, source: str, now: datetime) -> None:
    about = taken.contract.model_dump(mode="json", exclude_defaults=True)
    fresh = {"about": about, "source": source[:255], "line": taken.line, "missing_since": None, "ended_on": None}
    if row is None:
        report.added += 1
        report.new.append(taken.contract.reference)
        work.insert.append({**fresh, "key": key, "corrected": {}, "imported_at": now})
        return
    found = list(_differences(taken.contract.reference, row, about))
    report.changes += found
    if found:
        report.changed += 1
    else:
        report.unchanged += 1
    if found or (row.source, row.line) != (fresh["source"], taken.line):
        work.update.append({**fresh, "of": key, "imported_at": now if found else row.imported_at})


def _differences(reference: str, row: Any, about: dict[str, Any]) -> Iterator[Change]:
    """Field by field; what is kept of unknown columns by its heading."""
    if row.about != about:
        for name in dict.fromkeys((*row.about, *about)):
            before, after = row.about.get(name), about.get(name)
            if before == after:
                continue
            if name != "other":
                yield Change(reference, name, before, after, name in row.corrected)
                continue
            before, after = before or {}, after or {}
            for heading in dict.fromkeys((*before, *after)):
                if before.get(heading) != after.get(heading):
                    yield Change(reference, f"other: {heading}", before.get(heading), after.get(heading))
    if row.missing_since:
        yield Change(reference, "missing_since", _day(row.missing_since), None)
    if row.ended_on:
        yield Change(reference, "ended_on", _day(row.ended_on), None)


def _day(moment: date | datetime) -> str:
    return moment.date().isoformat() if isinstance(moment, datetime) else moment.isoformat()


def _lack(report: Report, work: _Work, lacking: Iterable[Any], now: datetime, complete: bool) -> None:
    """What the file lacks is missing since the first that lacked it; a complete file ends it."""
    for row in lacking:
        if row.ended_on:
            continue
        report.missing += 1
        report.lacked.append(row.about.get("reference", row.key))
        if complete or not row.missing_since:
            work.touched = True
            work.update.append(
                {
                    "of": row.key, "about": row.about, "source": row.source, "line": row.line,
                    "missing_since": row.missing_since or now, "ended_on": now.date() if complete else None,
                    "imported_at": row.imported_at,
                }
            )  # fmt: skip


def _write(connection: Connection, work: _Work) -> None:
    table = tables.contract
    if work.insert:
        connection.execute(sa.insert(table), work.insert)
    if work.update:
        names = ("about", "source", "line", "missing_since", "ended_on", "imported_at")
        changed: dict[str, Any] = {name: sa.bindparam(name) for name in names}
        connection.execute(sa.update(table).where(table.c.key == sa.bindparam("of")).values(changed), work.update)


def keep_unread(connection: Connection, list_: str, source: str, problems: Sequence[Problem], now: datetime) -> None:
    """Keeps the rows that could not be taken, in the place of those of the file's last import."""
    table = tables.unread_row
    connection.execute(sa.delete(table).where(table.c.list == list_, table.c.source == source[:255]))
    if problems:
        connection.execute(
            sa.insert(table),
            [
                {
                    "list": list_, "source": source[:255], "line": one.line, "reference": one.reference[:200],
                    "reason": one.reason, "cells": one.cells, "read_at": now,
                }
                for one in problems
            ],
        )  # fmt: skip


def unread_rows(connection: Connection, list_: str = LIST) -> list[tuple[str, Problem]]:
    """The rows that could not be taken, each with the name of its file."""
    table = tables.unread_row
    rows = connection.execute(sa.select(table).where(table.c.list == list_).order_by(table.c.source, table.c.line))
    return [(row.source, Problem(row.line, row.reference, row.reason, row.cells)) for row in rows]
