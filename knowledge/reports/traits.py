"""What a concern is to the figures, in the database's own words: in time or late, how it ended, whether put right."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from knowledge.concerns.nouns import OPEN, UNACKNOWLEDGED, Move, State
from knowledge.reports.nouns import Fixed, Timely
from knowledge.tables import concern, concern_event

_c, _e = concern.c, concern_event.c
_TOLD = (Move.ESCALATE, Move.NOT_FIXED, Move.PUT_RIGHT, Move.AT_RISK, Move.ASK_FIXED)


def told() -> sa.Subquery:
    """What events tell of a concern, a row for each that has any."""
    step = _e.about["step"].as_string()
    fixed_again = sa.or_(_e.move == Move.NOT_FIXED, sa.and_(_e.move == Move.AT_RISK, _e.state == State.REOPENED))
    return (
        sa.select(
            _e.concern,
            _any(sa.and_(_e.move == Move.ESCALATE, step.like("acknowledge%"))).label("acknowledged_late"),
            _any(sa.and_(_e.move == Move.ESCALATE, step == "answer")).label("answered_late"),
            _any(fixed_again).label("reopened"),
            _any(_e.move == Move.ASK_FIXED).label("asked"),
            _last(Move.PUT_RIGHT).label("yes"),
            _last(Move.NOT_FIXED).label("no"),
        )
        .where(_e.move.in_([move.value for move in _TOLD]))
        .group_by(_e.concern)
        .subquery()
    )


def _any(what: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.max(sa.case((what, 1), else_=0))


def _last(move: Move) -> sa.ColumnElement[int]:
    return sa.func.max(sa.case((_e.move == move, _e.id), else_=0))


def acknowledged(told: sa.Subquery, now: datetime) -> sa.ColumnElement[Any]:
    """Late where any deadline of it passed; an answer acknowledges too."""
    when = sa.func.coalesce(_c.acknowledged_at, _c.answered_at)
    waits = _c.state.in_([state.value for state in UNACKNOWLEDGED])
    late = sa.or_(
        told.c.acknowledged_late == 1, when > _c.acknowledge_by, sa.and_(waits, _c.acknowledge_by < moment(now))
    )
    return timely(late, when.is_not(None))


def answered(told: sa.Subquery, now: datetime) -> sa.ColumnElement[Any]:
    """Late where the day of an answer passed, unless the Member was waited for."""
    waits = sa.and_(_c.state.in_([state.value for state in OPEN]), _c.waiting_since.is_(None))
    overdue = sa.and_(waits, _c.answered_at.is_(None), _c.answer_by < moment(now))
    late = sa.or_(told.c.answered_late == 1, _c.answered_at > _c.answer_by, overdue)
    return timely(late, _c.answered_at.is_not(None))


def moment(now: datetime) -> sa.ColumnElement[Any]:
    """A moment as the database compares it."""
    return sa.literal(now, sa.DateTime(timezone=True))


def timely(late: sa.ColumnElement[bool], done: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    """In time or late where it was done or is overdue."""
    return _one_of((late, Timely.LATE), (done, Timely.IN_TIME), otherwise=Timely.PENDING)


def _one_of(*ways: tuple[sa.ColumnElement[bool], str], otherwise: str) -> sa.ColumnElement[Any]:
    """The word of the first that holds. Written out: PostgreSQL takes a parameter for another where it groups."""
    return sa.case(*((what, sa.literal_column(f"'{word}'")) for what, word in ways),
                   else_=sa.literal_column(f"'{otherwise}'"))  # fmt: skip


def ended() -> sa.ColumnElement[Any]:
    """How it ended; "open", or "answered" where it is not closed."""
    is_open = _c.state.in_([state.value for state in OPEN])
    words = sa.case((_c.state == State.ANSWERED.value, sa.literal_column("'answered'")), else_=_c.outcome)
    return sa.case((is_open, sa.literal_column("'open'")), else_=words)


def fixed(told: sa.Subquery) -> sa.ColumnElement[Any]:
    """What the Member said of it last."""
    return _one_of(
        (told.c.yes > told.c.no, Fixed.YES), (told.c.no > 0, Fixed.NO), (told.c.asked == 1, Fixed.SILENT),
        otherwise=Fixed.NOT_ASKED,
    )  # fmt: skip
