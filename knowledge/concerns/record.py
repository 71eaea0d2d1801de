"""Concerns in the record. Every change is made here, with its event, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.audit import Deed, account
from knowledge.concerns.nouns import OPEN, Concern, Event, Move, State
from knowledge.outbox.owing import SENT, WAITING
from knowledge.parties import party_of
from knowledge.store import aware

FAR = datetime(9999, 1, 1, tzinfo=UTC)
"""When nothing is to come."""

_raiser, _enterer, _holder = (tables.party.alias(name) for name in ("raiser", "enterer", "held_by"))
_asked = (
    sa.select(sa.func.max(tables.concern_event.c.at))
    .where(tables.concern_event.c.concern == tables.concern.c.id, tables.concern_event.c.move == Move.ASK_FIXED)
    .correlate(tables.concern)
    .scalar_subquery()
)


def raise_concern(
    connection: Connection,
    *,
    source: str,
    raised_by: str,
    entered_by: str,
    holder: str,
    now: datetime,
    values: Mapping[str, Any],
    about: Mapping[str, Any] | None = None,
) -> tuple[Concern, bool]:
    """Writes a concern down with its first event. False where `source` has raised one already: that one is given.
    `values`: the columns contract, service, district, level, at_risk, holder_role, origin, acknowledge_by and
    answer_by."""
    if found := by_source(connection, source):
        return found, False
    row = {
        **values,
        "source": source,
        "state": State.RAISED.value,
        "outcome": "",
        "raised_by": party_of(connection, raised_by),
        "entered_by": party_of(connection, entered_by) if entered_by else None,
        "holder": party_of(connection, holder) if holder else None,
        "raised_at": now,
        "next_check_at": now,
    }
    inserted = sa.insert(tables.concern).values(**row).returning(tables.concern.c.id)
    try:
        with connection.begin_nested():
            id = int(connection.execute(inserted).scalar_one())
    except sa.exc.IntegrityError:  # PostgreSQL: another process was first, between the look and the write
        first = by_source(connection, source)
        if first is None:
            raise
        return first, False
    add_event(connection, id, Move.RAISE, entered_by or raised_by, State.RAISED, now, about, source=source)
    made = concern(connection, id)
    assert made is not None  # noqa: S101 - it was written one line above
    return made, True


def concern(connection: Connection, id: int, *, lock: bool = False) -> Concern | None:
    """A concern by its number. `lock`: no other transaction changes it until this one ends."""
    if lock:
        connection.execute(sa.select(tables.concern.c.id).where(tables.concern.c.id == id).with_for_update())
    found = concerns(connection, tables.concern.c.id == id)
    return found[0] if found else None


def by_source(connection: Connection, source: str) -> Concern | None:
    """The concern that a message or form has raised."""
    found = concerns(connection, tables.concern.c.source == source)
    return found[0] if found else None


def concerns(
    connection: Connection, *where: sa.ColumnElement[bool], limit: int | None = None, open_first: bool = False
) -> list[Concern]:
    """Concerns that fit, newest first; with `open_first`, those before that are owed an answer."""
    c = tables.concern.c
    rank = sa.case((c.state.in_([one.value for one in OPEN]), 0), else_=1)
    query = (
        sa.select(
            tables.concern,
            _raiser.c.address.label("raiser"),
            _enterer.c.address.label("enterer"),
            _holder.c.address.label("held_by"),
            _asked.label("asked_fixed_at"),
        )
        .join(_raiser, c.raised_by == _raiser.c.id)
        .outerjoin(_enterer, c.entered_by == _enterer.c.id)
        .outerjoin(_holder, c.holder == _holder.c.id)
        .where(*where)
        .order_by(*([rank] if open_first else []), c.id.desc())
        .limit(limit)
    )
    return [_concern(row) for row in connection.execute(query)]


def change(connection: Connection, id: int, values: Mapping[str, Any]) -> None:
    """Changes columns of a concern. `holder` is an address here; whatever changes is looked at by the clock anew."""
    given = dict(values)
    if "holder" in given:
        given["holder"] = party_of(connection, given["holder"]) if given["holder"] else None
    connection.execute(sa.update(tables.concern).where(tables.concern.c.id == id).values(**given))


def add_event(
    connection: Connection,
    concern: int,
    move: Move,
    by: str,
    state: State,
    now: datetime,
    about: Mapping[str, Any] | None = None,
    *,
    source: str | None = None,
) -> int:
    """Adds an event, accounts for it by its number, and gives that. `by`: an address, "" for the desk itself."""
    row = {
        "concern": concern, "at": now, "move": move.value, "by": party_of(connection, by) if by else None,
        "state": state.value, "about": dict(about or {}), "source": source or None,
    }  # fmt: skip
    inserted = sa.insert(tables.concern_event).values(**row).returning(tables.concern_event.c.id)
    number = int(connection.execute(inserted).scalar_one())
    account(connection, Deed.MOVED, "concern", concern, now, by=by, counts={"event": number})
    return number


def event_of_source(connection: Connection, source: str) -> Event | None:
    """The event that a message or form has made already, None where it is new."""
    if not source:
        return None
    found = _events(connection, tables.concern_event.c.source == source)
    return found[0] if found else None


def events(connection: Connection, concern: int) -> list[Event]:
    """What has happened to a concern, oldest first."""
    return _events(connection, tables.concern_event.c.concern == concern)


def event(connection: Connection, id: int) -> Event | None:
    """One event by its number."""
    found = _events(connection, tables.concern_event.c.id == id)
    return found[0] if found else None


def to_check(connection: Connection, now: datetime) -> int | None:
    """A concern for which something is due, locked until the transaction ends; None where there is none."""
    c = tables.concern.c
    query = (
        sa.select(c.id)
        .where(c.next_check_at <= now)
        .order_by(c.next_check_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return connection.execute(query).scalar()


def follow(connection: Connection, concern: int, address: str, origin: Mapping[str, str], now: datetime) -> bool:
    """Makes somebody a follower. False where they are one already."""
    number = party_of(connection, address)
    f = tables.follower.c
    if connection.execute(sa.select(f.concern).where(f.concern == concern, f.party == number)).first():
        return False
    row = {"concern": concern, "party": number, "origin": dict(origin), "since": now}
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(tables.follower).values(**row))
    except sa.exc.IntegrityError:  # PostgreSQL: another press of the same button was first
        return False
    return True


def told_of(connection: Connection, concern: int, kinds: Collection[str], now: datetime) -> list[str]:
    """The addresses to which a notification of these kinds about a concern has left, or is just leaving."""
    n, p = tables.notification.c, tables.party.c
    left = sa.or_(n.state == SENT, sa.and_(n.state == WAITING, n.lease_until > now))
    query = sa.select(p.address).join_from(tables.notification, tables.party, n.recipient == p.id).distinct()
    return sorted(connection.execute(query.where(n.concern == concern, n.kind.in_(kinds), left)).scalars())


def followers(connection: Connection, concern: int) -> dict[str, dict[str, str]]:
    """The followers of a concern, with where each of them follows it."""
    f, p = tables.follower.c, tables.party.c
    rows = connection.execute(
        sa.select(p.address, f.origin).join_from(tables.follower, tables.party).where(f.concern == concern)
    )
    return {row.address: row.origin for row in rows}


def _events(connection: Connection, where: sa.ColumnElement[bool]) -> list[Event]:
    c = tables.concern_event.c
    query = (
        sa.select(tables.concern_event, tables.party.c.address)
        .outerjoin(tables.party, c.by == tables.party.c.id)
        .where(where)
        .order_by(c.id)
    )
    return [
        Event(
            id=row.id, concern=row.concern, at=aware(row.at), move=Move(row.move), by=row.address or "",
            state=State(row.state), about=row.about,
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def _concern(row: sa.Row[Any]) -> Concern:
    moments = (
        "raised_at", "acknowledge_by", "answer_by", "acknowledged_at", "answered_at", "closed_at", "waiting_since",
        "asked_fixed_at",
    )  # fmt: skip
    given: dict[str, Any] = {
        name: aware(moment) if (moment := _moment(getattr(row, name))) else None for name in moments
    }
    return Concern(
        id=row.id, contract=row.contract, service=row.service, district=row.district, level=row.level,
        state=row.state, outcome=row.outcome or None, at_risk=row.at_risk, raised_by=row.raiser,
        entered_by=row.enterer or "", holder=row.held_by or "", holder_role=row.holder_role, origin=row.origin, **given,
    )  # fmt: skip


def _moment(value: Any) -> datetime | None:
    """SQLite gives a computed moment back as text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
