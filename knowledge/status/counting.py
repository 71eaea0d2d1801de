"""The figures of the whole desk, from its record: the same whichever process counts them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.concerns.nouns import OPEN, UNACKNOWLEDGED
from knowledge.library import edition
from knowledge.outbox.owing import PARKED, WAITING
from knowledge.register.holding import register_edition
from knowledge.status.alive import by_kind
from knowledge.status.nouns import Assured, Enquiries, Figures, Intake, Overdue, Poll, Queue
from knowledge.store import Store, aware
from knowledge.subscriptions.assurance import last_check
from knowledge.subscriptions.endpoint import EndpointState
from knowledge.tables import concern, endpoint, enquiry, incoming, notification, posting, subscription, timed
from knowledge.timeline.polling import standing
from knowledge.workdays import day_of

_COUNT = sa.func.count()


def figures(store: Store) -> Figures:
    """Counts everything in one transaction that takes no lock."""
    version = store.version() or ""
    with store.reading() as connection:
        now = store.now(connection)
        live, failing = _endpoints(connection)
        return Figures(
            at=now, version=version, queues=_queues(connection, now), concerns=_concerns(connection, now),
            intake=_intake(connection, now), enquiries=_enquiries(connection, now),
            processes=by_kind(connection, now), poll=_poll(connection, now), assured=_assured(connection, now),
            subscriptions=_by_state(connection), endpoints=live, failing=failing, postings=_postings(connection),
            timed_late=_timed_late(connection, now), papers=edition(connection),
            register_edition=register_edition(connection),
        )  # fmt: skip


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _first(column: sa.ColumnElement[datetime], condition: sa.ColumnElement[bool]) -> sa.ColumnElement[datetime]:
    return sa.func.min(sa.case((condition, column)))


def _age(moment: datetime | None, now: datetime) -> float:
    """Seconds since a moment; 0 for none, and for one to come."""
    return max((now - aware(moment)).total_seconds(), 0.0) if moment else 0.0


def _queues(connection: Connection, now: datetime) -> dict[str, Queue]:
    """By channel, of what has not left."""
    n = notification.c
    due, waits = n.due_at <= now, n.state == WAITING
    urgent = sa.and_(waits, due, n.urgent.is_(True))
    query = sa.select(
        n.channel, _sum(waits).label("waiting"), _sum(sa.and_(waits, due)).label("due"),
        _sum(sa.and_(waits, n.problem != "")).label("again"), _sum(urgent).label("urgent"),
        _first(n.due_at, sa.and_(waits, due)).label("first"), _first(n.due_at, urgent).label("first_urgent"),
        _sum(n.state == PARKED).label("parked"),
    ).where(n.state.in_([WAITING, PARKED])).group_by(n.channel)  # fmt: skip
    return {
        row.channel: Queue(
            waiting=row.waiting, due=row.due, again=row.again, urgent=row.urgent, oldest=_age(row.first, now),
            oldest_urgent=_age(row.first_urgent, now), parked=row.parked,
        )
        for row in connection.execute(query)
    }  # fmt: skip


def _in(states: Iterable[str]) -> sa.ColumnElement[bool]:
    return concern.c.state.in_([str(state) for state in states])


def _concerns(connection: Connection, now: datetime) -> dict[str, Overdue]:
    """By service level. While the Member is waited for, the clock stands."""
    c = concern.c
    unanswered = sa.and_(c.waiting_since.is_(None), c.answer_by < now)
    unacknowledged = sa.and_(_in(UNACKNOWLEDGED), c.acknowledge_by < now)
    query = sa.select(c.level, _COUNT, _sum(unacknowledged), _sum(unanswered)).where(_in(OPEN)).group_by(c.level)
    return {
        level: Overdue(open=count, unacknowledged=first, unanswered=second)
        for level, count, first, second in connection.execute(query)
    }


def _intake(connection: Connection, now: datetime) -> Intake:
    i = incoming.c
    received = i.state == "received"
    query = sa.select(_sum(received), _first(i.received_at, received), _sum(i.state == "parked")).where(
        i.state.in_(["received", "parked"])
    )
    waiting, first, parked = connection.execute(query).one()
    return Intake(waiting=waiting, oldest=_age(first, now), parked=parked)


def _enquiries(connection: Connection, now: datetime) -> Enquiries:
    e = enquiry.c
    query = sa.select(_COUNT, _sum(e.due_on < day_of(now)), sa.func.min(e.made_at)).where(
        e.state.in_(["waiting", "claimed"])
    )
    waiting, overdue, first = connection.execute(query).one()
    return Enquiries(waiting=waiting, overdue=overdue, oldest=_age(first, now))


def _poll(connection: Connection, now: datetime) -> Poll:
    held = standing(connection)
    return Poll(
        silence=_age(held.ended, now) if held.ended else None, behind=_age(held.until, now) if held.until else None,
        at_it=bool(held.holder), problem=held.problem,
    )  # fmt: skip


def _assured(connection: Connection, now: datetime) -> Assured | None:
    found = last_check(connection)
    return Assured(silence=_age(found.at, now), holes=found.holes) if found else None


def _by_state(connection: Connection) -> dict[str, int]:
    query = sa.select(subscription.c.state, _COUNT.label("number")).group_by(subscription.c.state)
    return {row.state: row.number for row in connection.execute(query)}


def _endpoints(connection: Connection) -> tuple[int, int]:
    query = sa.select(_COUNT, _sum(endpoint.c.problem != "")).where(endpoint.c.state == EndpointState.LIVE.value)
    live, failing = connection.execute(query).one()
    return live, failing


def _postings(connection: Connection) -> int:
    return int(connection.execute(sa.select(_COUNT).where(posting.c.state == "waiting")).scalar_one())


def _timed_late(connection: Connection, now: datetime) -> float:
    return _age(connection.execute(sa.select(sa.func.min(timed.c.next_at))).scalar(), now)
