"""What a file or a feed gave, into the record: each record of it added, changed, unchanged, or named with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.facts import fact, set_fact
from knowledge.register.importing import keep_unread
from knowledge.register.reading.file import Problem as UnreadRow
from knowledge.subscriptions.announcing import Told
from knowledge.timeline.book import Book, checksum, keys_of
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.differing import unexplained
from knowledge.timeline.entry import Entry
from knowledge.timeline.folding import moment
from knowledge.timeline.gathering import TEMPLATE
from knowledge.timeline.ledger import Ledger
from knowledge.timeline.locking import lock
from knowledge.timeline.notice_types import notice_type
from knowledge.timeline.nouns import Change, Problem, Read, Row, Source, Statement
from knowledge.timeline.rows import take_row, twins_of_row
from knowledge.timeline.showing import Shower
from knowledge.timeline.twins import twins, weak_keys

LIST = "timeline"
"""The name of this list among the records that could not be read."""
_AT_ONCE = 2_000
SOURCES = {
    Source.FIND_A_TENDER: "Find a Tender",
    Source.CONTRACTS_FINDER: "Contracts Finder",
    Source.OTHER: "another site",
}


@dataclass
class Report:
    """What an import did. Each of `records` counts once: added, changed, unchanged or a problem. `others`: records of
    other buyers that were left out, as was asked; `held`: own live tenders that wait for their notice; `told`: who is
    told of it; `quiet`: nobody was to be."""

    records: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    others: int = 0
    problems: list[Problem] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    quiet: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """What became of how many."""
        return {"added": self.added, "changed": self.changed, "problems": len(self.problems)}


def take_in(
    connection: Connection, read: Read, now: datetime, buyers: Buyers, *, source: str, own_only: bool = False,
    announce: bool = True, ledger: Ledger | None = None,
) -> Report:  # fmt: skip
    """Writes down what a file or a feed gave. `source`: its name; what could not be taken is kept under it.
    `own_only`: notices of other buyers are left out; `announce`: whoever wants to hear of it is owed it;
    `ledger`: where what was there before is written down."""
    lock(connection)
    report = Report(problems=list(read.problems), quiet=not announce)
    shower = Shower(connection)
    refresh_own(connection, buyers, shower, now)
    taken = [(at, one) for at, one in read.statements if not own_only or buyers.own(one.buyer, one.buyer_id)]
    report.others = len(read.statements) - len(taken)
    report.records = read.records - report.others
    taken.sort(key=lambda item: (item[1].at, item[0]))
    for start in range(0, len(taken), _AT_ONCE):
        book = Book(connection, buyers, shower, now, announce=announce, ledger=ledger)
        _take_statements(book, [one for _, one in taken[start : start + _AT_ONCE]], report)
        book.write()
        report.told.add(book.told)
    for start in range(0, len(read.rows), _AT_ONCE):
        book = Book(connection, buyers, shower, now, announce=announce, ledger=ledger)
        _take_rows(book, read.rows[start : start + _AT_ONCE], report)
        book.write()
        report.told.add(book.told)
    report.problems.sort(key=lambda problem: problem.record)
    keep_unread(connection, LIST, source, [_unread(one) for one in report.problems], now)
    set_fact(connection, "timeline_date", now.isoformat())
    return report


def is_first(connection: Connection) -> bool:
    """Whether nothing of the council's own is on the timeline yet that everybody can read."""
    table = tables.intention
    own = sa.and_(table.c.own.is_(True), table.c.shown_at.is_not(None))
    return connection.execute(sa.select(table.c.id).where(own).limit(1)).first() is None


def refresh_own(connection: Connection, buyers: Buyers, shower: Shower, now: datetime) -> None:
    """Tells the council's intentions from others' anew where the setting has changed, and with that which of them have
    to wait; that is no news to anybody. What is in the council's own words (nobody else's buyer) stays its own."""
    if fact(connection, "timeline_buyers") == buyers.fingerprint:
        return
    table = tables.intention
    rows = connection.execute(sa.select(table.c.id, table.c.buyer, table.c.buyer_id, table.c.own)).all()
    turned = [row.id for row in rows if row.own != (not row.buyer or buyers.own(row.buyer, row.buyer_id))]
    for start in range(0, len(turned), _AT_ONCE):
        book = Book(connection, buyers, shower, now, announce=False)
        for one in book.take_up(turned[start : start + _AT_ONCE]):
            one.own, one.touched = not one.own, True
            one.turned = one.own and not one.joined_to
            if not one.joined_to:
                one.judge(now)
        book.write()
    set_fact(connection, "timeline_buyers", buyers.fingerprint)


def _take_statements(book: Book, statements: Sequence[Statement], report: Report) -> None:
    keys = {key for one in statements for key in (*keys_of(one), *weak_keys(one))}
    book.gather([(one.source.value, one.id) for one in statements], keys)
    for one in statements:
        _take(book, one, report)


def _take(book: Book, one: Statement, report: Report) -> None:
    """One notice. The same once more, or an older form of it, changes nothing."""
    known = book.notice(one.source.value, one.id)
    if known and (known.checksum == checksum(one) or known.at > one.at or _goes_back(book.entry(known.intention), one)):
        report.unchanged += 1
        return
    own = book.buyers.own(one.buyer, one.buyer_id)
    found = book.by_keys(keys_of(one))
    if known:
        before = book.entry(known.intention)
        found = [one for one in found if one is not before]
        found = [before, *found] if before.rows else sorted([*found, before], key=lambda one: one.id)
    found = found + twins(book, one, found, own=own)
    entry = book.join(found) if found else book.begin(one.buyer, one.buyer_id, own=own)
    fresh = entry.fresh and not entry.version
    if own:
        entry.claim(one.buyer, one.buyer_id)
    book.state(entry, one)
    book.add_keys(entry, weak_keys(one))
    more = () if known or fresh else (Change(field="notices", after=_name(one)),)
    made = entry.settle(book.now, one.at, _reason(one, entry, fresh=fresh), more=more)
    if entry.held:
        report.held.append(entry.reference)
    _count(report, fresh=fresh, made=made)


def _goes_back(entry: Entry, one: Statement) -> bool:
    """Whether a notice is held in a form that counts as later. An export says the day of publication, whatever becomes
    of the notice: of two exports the one in which it is further on is the newer."""
    held = (each for each in entry.statements if (each.source, each.id) == (one.source, one.id))
    return any(moment(each) > moment(one) for each in held)


def _take_rows(book: Book, rows: Sequence[tuple[int, Row]], report: Report) -> None:
    keys = {key for _, row in rows for key in twins_of_row(book.buyers, row)}
    book.gather([(TEMPLATE, row.reference) for _, row in rows], keys, {row.reference for _, row in rows})
    for at, row in rows:
        problem = take_row(book, at, row)
        if isinstance(problem, Problem):
            report.problems.append(problem)
            continue
        _count(report, fresh=problem.added, made=problem.made)
        if problem.held:
            report.held.append(problem.reference)


def _count(report: Report, *, fresh: bool, made: bool) -> None:
    if fresh:
        report.added += 1
    elif made:
        report.changed += 1
    else:
        report.unchanged += 1


def _name(one: Statement) -> str:
    kind = notice_type(one.kind)
    return f"{kind.name if kind else one.kind} {one.id}, {SOURCES[one.source]}"


def _reason(one: Statement, entry: Entry, *, fresh: bool) -> str:
    """What the notice gives as its reason; where it gives none and one is wanted, that it gives none."""
    if one.reason or fresh or not unexplained(entry.saying({})):
        return one.reason
    return f"{_name(one)}, says so. It gives no reason."


def _unread(problem: Problem) -> UnreadRow:
    cells = [f"{name}: {value}"[:500] for name, value in problem.cells.items()]
    return UnreadRow(problem.record, problem.reference, problem.reason, cells)
