"""A timeline's file undone: nobody who was told can be untold, so what it brought is withdrawn and what it changed is
put back, each as a new version with its reason. What was owed and has not gone yet is stopped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owing import GATHERING, STOPPED, WAITING
from knowledge.subscriptions.announcing import INTENTION, subject_of_notification
from knowledge.tables import intention, notice, notification
from knowledge.takings.nouns import CannotUndo, Effect, listed
from knowledge.takings.record import moment, restore_unread
from knowledge.takings.timelines import BETWEEN, version_lines
from knowledge.timeline.book import Book
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.entry import Entry
from knowledge.timeline.folding import Own
from knowledge.timeline.gathering import TEMPLATE, own_of, parts
from knowledge.timeline.importing import LIST
from knowledge.timeline.ledger import Ledger
from knowledge.timeline.locking import lock
from knowledge.timeline.nouns import State
from knowledge.timeline.showing import Shower

REASON = "Import undone: the file that said so was taken in by mistake."
_NEVER_SHOWN = "The file that brought it was taken back before anybody could read it."

Recipient = tuple[int, int, str]
"""An intention, somebody's number, a channel."""


def undo_timeline(
    connection: Connection, before: dict[str, Any], source: str, now: datetime, buyers: Buyers, *, by: int | None = None
) -> Effect:
    """Withdraws what a file brought and puts back what it changed. Raises CannotUndo where an intention has changed
    since."""
    lock(connection)
    joined = set(before["joined"])
    entries = {int(id): one for id, one in before["entries"].items() if int(id) not in joined}
    _check(connection, entries)
    stopped = [stop for id, one in entries.items() for stop in _stop(connection, id, one, now)]
    _restore_notices(connection, before["notices"], entries)
    ledger = Ledger()
    told: set[int] = set()
    for part in parts(sorted(entries)):
        book = Book(connection, buyers, Shower(connection), now, announce=before["announced"], ledger=ledger)
        for entry in book.take_up(part):
            _put_back(entry, entries[entry.id], now, by)
        book.write()
        told |= book.told.people
    untold = _stop_news(connection, stopped, ledger, now)
    restore_unread(connection, LIST, source, before["unread"])
    return _effect(connection, entries, ledger, joined, len(stopped), tuple(sorted(told - untold)))


def _check(connection: Connection, entries: dict[int, dict[str, Any]]) -> None:
    rows = [
        row
        for part in parts(sorted(entries))
        for row in connection.execute(
            sa.select(intention.c.id, intention.c.version, intention.c.joined_to).where(intention.c.id.in_(part))
        )
    ]
    changed = [entries[row.id]["reference"] for row in rows if row.joined_to or row.version != entries[row.id]["after"]]
    if changed:
        raise CannotUndo(f"changed again since, which undoing would lose: {listed(sorted(changed))}")


def _stop(connection: Connection, id: int, one: dict[str, Any], now: datetime) -> list[Recipient]:
    """Stops what is owed of the versions a file made, and no worker has in hand."""
    subjects = [subject_of_notification(id, version) for version in range(one["before"] + 1, one["after"] + 1)]
    return [recipient for part in parts(subjects) for recipient in _stop_all(connection, id, part, now, sa.true())]


def _stop_all(
    connection: Connection, id: int, subjects: Iterable[str], now: datetime, of: sa.ColumnElement[bool]
) -> list[Recipient]:
    n = notification.c
    there = sa.and_(
        n.kind == INTENTION, n.subject.in_(list(subjects)), n.state.in_((WAITING, GATHERING)), n.lease_until <= now, of
    )
    done = sa.update(notification).where(there).values(state=STOPPED, settled_at=now)
    return [(id, row.recipient, row.channel) for row in connection.execute(done.returning(n.recipient, n.channel))]


def _stop_news(connection: Connection, stopped: list[Recipient], ledger: Ledger, now: datetime) -> set[int]:
    """Whoever was not told what the file said need not be told that it is put back. Gives those who are not."""
    found: set[int] = set()
    for id, recipient, channel in stopped:
        subject = subject_of_notification(id, ledger.touched[id].after)
        of = sa.and_(notification.c.recipient == recipient, notification.c.channel == channel)
        found |= {one for _, one, _ in _stop_all(connection, id, [subject], now, of)}
    waiting = sa.select(notification.c.recipient).where(
        notification.c.kind == INTENTION, notification.c.made_at == now, notification.c.state != STOPPED
    )
    return found - set(connection.execute(waiting).scalars())


def _restore_notices(connection: Connection, notices: dict[str, Any], entries: dict[int, dict[str, Any]]) -> None:
    """What notices and rows said before. What a new intention says in notices stays, or it would say nothing."""
    for place, said in notices.items():
        source, number = place.split(BETWEEN, 1)
        here = sa.and_(notice.c.source == source, notice.c.number == number)
        of = connection.execute(sa.select(notice.c.intention).where(here)).scalar()
        if of not in entries:
            continue
        if said is not None:
            values = {**said, "at": moment(said["at"])}
            connection.execute(sa.update(notice).where(here).values(**values))
        elif source == TEMPLATE or entries[of]["before"]:
            connection.execute(sa.delete(notice).where(here))


def _put_back(entry: Entry, was: dict[str, Any], now: datetime, by: int | None) -> None:
    if was["before"]:
        entry.own_terms = own_of(was["own"])
        entry.settle(now, now, REASON, by=by)
        return
    hidden = entry.shown is None
    entry.own_terms = {**entry.own_terms, "state": Own(State.WITHDRAWN, now)}
    if entry.settle(now, now, REASON, by=by) and hidden:
        entry.versions[-1] = entry.versions[-1].model_copy(update={"released_at": None})
        entry.shown, entry.shown_version, entry.shown_at, entry.held = None, None, None, _NEVER_SHOWN


def _effect(
    connection: Connection, entries: dict[int, dict[str, Any]], ledger: Ledger, joined: set[int], stopped: int,
    told: tuple[int, ...],
) -> Effect:  # fmt: skip
    new = {one["reference"] for one in entries.values() if not one["before"]}
    made = {reference for reference, _, _ in ledger.versions}
    notes = ["Nobody who was told can be untold: they are told that it is put back."] if told else []
    if stopped:
        notes.append(f"{stopped:,} messages that have not gone yet are stopped.")
    if joined:
        notes.append(f"{len(joined):,} intentions that turned out to be the same as others stay as they are.")
    counts = {"withdrawn": len(made & new), "put back": len(made - new), "messages stopped": stopped}
    lines = tuple(line for reference, title, one in ledger.versions for line in version_lines(reference, title, one))
    return Effect(rows=len(entries), counts=counts, lines=lines, notes=tuple(notes), told=told)
