"""Clearing of what is not a concern's: conversations, what came in, what was told, links, files taken in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import sign_in_links, tables
from knowledge.concerns.drafts import forget_old_drafts
from knowledge.concerns.nouns import OPEN
from knowledge.outbox.owing import GATHERING, PARKED, WAITING
from knowledge.postings import forget_old
from knowledge.questions.asked import clear_old
from knowledge.retention.periods import Periods
from knowledge.subscriptions.forgetting import empty_ended, forget_addresses, remove_unconfirmed
from knowledge.takings import record as takings

_NEEDED = (WAITING, GATHERING, PARKED)
"""How a notification stands that is still to be sent, or a person's to look at."""
_ALERTS = ("intention", "closing", "roundup")
"""Notifications of which it is kept for good what they were about (numbers), and in which words: equal treatment."""
EXPIRED = "expired"
"""How a message stands that could not be handled and is not kept any more."""
_AT_ONCE = 500


def clear_drafts(connection: Connection, now: datetime, periods: Periods) -> int:
    """Concerns that were written and not raised."""
    return forget_old_drafts(connection, now, periods.span("drafts"))


def clear_questions(connection: Connection, now: datetime, periods: Periods) -> int:
    """What was asked of the papers, by whom, and what an officer wrote back."""
    total = 0
    while done := clear_old(connection, periods.before("questions", now), now):
        total += done
    return total


def clear_conversations(connection: Connection, now: datetime, periods: Periods) -> int:
    """What was asked in a thread, and the replies."""
    turn = tables.turn
    old = turn.c.asked_at < periods.before("conversations", now)
    return connection.execute(sa.delete(turn).where(old)).rowcount


def clear_incoming(connection: Connection, now: datetime, periods: Periods) -> int:
    """That a message came in; of one that could not be handled, what it said: it stays as expired."""
    table, before = tables.incoming, periods.before("incoming", now)
    handled = sa.and_(table.c.state == "handled", table.c.received_at < before)
    left = sa.and_(table.c.state.in_(("received", "parked")), table.c.received_at < before)
    expired = {"state": EXPIRED, "payload": sa.null()}
    gone = connection.execute(sa.delete(table).where(handled)).rowcount
    return gone + connection.execute(sa.update(table).where(left).values(**expired)).rowcount


def clear_notifications(connection: Connection, now: datetime, periods: Periods) -> int:
    """Where a notification stands and what it was made from, but for alerts' numbers. Those of open concerns stay."""
    n, c = tables.notification, tables.concern
    open = sa.select(c.c.id).where(c.c.state.in_([state.value for state in OPEN]))
    old = sa.and_(
        n.c.state.not_in(_NEEDED), sa.func.coalesce(n.c.settled_at, n.c.made_at) < periods.before("notifications", now),
        sa.or_(n.c.concern.is_(None), n.c.concern.not_in(open)),
    )  # fmt: skip
    said = sa.or_(_holds(n.c.about), _holds(n.c.place), n.c.problem != "")
    others = sa.and_(old, n.c.kind.not_in(_ALERTS), said)
    cleared = connection.execute(sa.update(n).where(others).values(about={}, place={}, problem="")).rowcount
    return cleared + _clear_alerts(connection, sa.and_(old, n.c.kind.in_(_ALERTS), _names(n.c.place, "channel")))


def _clear_alerts(connection: Connection, which: sa.ColumnElement[bool]) -> int:
    """Of alerts the checksum of their words stays."""
    n, total = tables.notification, 0
    while rows := connection.execute(sa.select(n.c.id, n.c.place).where(which).limit(_AT_ONCE)).all():
        for row in rows:
            kept = {"words": row.place["words"]} if row.place.get("words") else {}
            connection.execute(sa.update(n).where(n.c.id == row.id).values(place=kept))
        total += len(rows)
    return total


def clear_unconfirmed(connection: Connection, now: datetime, periods: Periods) -> int:
    """Alerts that nobody agreed to, and the links that would have confirmed them."""
    removed = remove_unconfirmed(connection, now, periods.span("unconfirmed"))
    return removed + _clear_links(connection, "confirm", periods.before("unconfirmed", now))


def clear_links(connection: Connection, now: datetime, periods: Periods) -> int:
    """Links that signed somebody in, or would have."""
    removed = sign_in_links.clean(connection, now, periods.span("links"))
    return removed + _clear_links(connection, "sign_in", periods.before("links", now))


def _clear_links(connection: Connection, kind: str, before: datetime) -> int:
    n = tables.notification
    old = sa.and_(n.c.kind == kind, n.c.state.not_in(_NEEDED), n.c.made_at < before, _holds(n.c.about))
    return connection.execute(sa.update(n).where(old).values(about={})).rowcount


def clear_addresses(connection: Connection, now: datetime, periods: Periods) -> int:
    """What ended alerts asked for, and addresses nobody is written to at."""
    after = periods.span("addresses")
    return empty_ended(connection, now, after) + forget_addresses(connection, now, after=after)


def clear_postings(connection: Connection, now: datetime, periods: Periods) -> int:
    """What providers posted and is over."""
    return forget_old(connection, now, periods.span("postings"), periods.span("addresses"))


def clear_takings(connection: Connection, now: datetime, periods: Periods) -> int:
    """What was there before a file was taken in."""
    return takings.clear_old(connection, now, periods.undo)


def _holds(column: sa.ColumnElement[object]) -> sa.ColumnElement[bool]:
    """Whether there is anything in a column of JSON."""
    return sa.cast(column, sa.Text).not_in(("{}", "null"))


def _names(column: sa.ColumnElement[object], name: str) -> sa.ColumnElement[bool]:
    return sa.cast(column, sa.Text).like(f'%"{name}"%')
