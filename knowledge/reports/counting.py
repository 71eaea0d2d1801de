"""Concerns and questions to providers, counted by the database: nothing is read one by one, and no text at all."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.concerns.nouns import OPEN, UNACKNOWLEDGED, Move, State
from knowledge.reports.days import beginning, london_day, working_days
from knowledge.reports.nouns import Asked, Counted, Fixed, Kind, Scope, Timely
from knowledge.tables import concern, concern_event, provider_request
from knowledge.workdays import Calendar, day_of

_c, _e, _r = concern.c, concern_event.c, provider_request.c
_TOLD = (Move.ESCALATE, Move.NOT_FIXED, Move.PUT_RIGHT, Move.AT_RISK, Move.ASK_FIXED)


def count(connection: Connection, scope: Scope, calendar: Calendar, now: datetime) -> Counted:
    """The concerns raised in a scope, and what providers were asked about them."""
    return Counted(
        _kinds(connection, scope, now), _days(connection, scope, calendar, now), _asked(connection, scope, now)
    )


def _within(scope: Scope) -> sa.ColumnElement[bool]:
    period = scope.period
    raised = sa.and_(_c.raised_at >= beginning(period.first), _c.raised_at < beginning(period.last + timedelta(days=1)))
    return raised if scope.contracts is None else sa.and_(raised, _c.contract.in_(scope.contracts))


def _kinds(connection: Connection, scope: Scope, now: datetime) -> dict[Kind, int]:
    told = _told()
    traits = (
        _c.contract, _c.service, _c.district, _acknowledged(told, now), _answered(told, now), _ended(),
        sa.func.coalesce(told.c.reopened, 0), _fixed(told),
    )  # fmt: skip
    named = [trait.label(f"trait{place}") for place, trait in enumerate(traits)]
    each = sa.select(*named).outerjoin_from(concern, told, _c.id == told.c.concern).where(_within(scope)).subquery()
    rows: Any = connection.execute(sa.select(*each.c, sa.func.count()).group_by(*each.c))
    found: dict[Kind, int] = {}
    for contract, service, district, acknowledged, answered, ended, reopened, fixed, number in rows:
        done = Timely(acknowledged), Timely(answered)
        found[Kind(contract, service, district, *done, ended, bool(reopened), Fixed(fixed))] = number
    return found


def _told() -> sa.Subquery:
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


def _acknowledged(told: sa.Subquery, now: datetime) -> sa.ColumnElement[Any]:
    """Late where any deadline of it passed; an answer acknowledges too."""
    when = sa.func.coalesce(_c.acknowledged_at, _c.answered_at)
    waits = _c.state.in_([state.value for state in UNACKNOWLEDGED])
    late = sa.or_(
        told.c.acknowledged_late == 1, when > _c.acknowledge_by, sa.and_(waits, _c.acknowledge_by < _moment(now))
    )
    return _timely(late, when.is_not(None))


def _answered(told: sa.Subquery, now: datetime) -> sa.ColumnElement[Any]:
    """Late where the day of an answer passed, unless the Member was waited for."""
    waits = sa.and_(_c.state.in_([state.value for state in OPEN]), _c.waiting_since.is_(None))
    overdue = sa.and_(waits, _c.answered_at.is_(None), _c.answer_by < _moment(now))
    late = sa.or_(told.c.answered_late == 1, _c.answered_at > _c.answer_by, overdue)
    return _timely(late, _c.answered_at.is_not(None))


def _moment(now: datetime) -> sa.ColumnElement[Any]:
    return sa.literal(now, sa.DateTime(timezone=True))


def _timely(late: sa.ColumnElement[bool], done: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return _one_of((late, Timely.LATE), (done, Timely.IN_TIME), otherwise=Timely.PENDING)


def _one_of(*ways: tuple[sa.ColumnElement[bool], str], otherwise: str) -> sa.ColumnElement[Any]:
    """The word of the first that holds. Written out: PostgreSQL takes a parameter for another where it groups."""
    return sa.case(*((what, sa.literal_column(f"'{word}'")) for what, word in ways),
                   else_=sa.literal_column(f"'{otherwise}'"))  # fmt: skip


def _ended() -> sa.ColumnElement[Any]:
    is_open = _c.state.in_([state.value for state in OPEN])
    words = sa.case((_c.state == State.ANSWERED.value, sa.literal_column("'answered'")), else_=_c.outcome)
    return sa.case((is_open, sa.literal_column("'open'")), else_=words)


def _fixed(told: sa.Subquery) -> sa.ColumnElement[Any]:
    return _one_of(
        (told.c.yes > told.c.no, Fixed.YES), (told.c.no > 0, Fixed.NO), (told.c.asked == 1, Fixed.SILENT),
        otherwise=Fixed.NOT_ASKED,
    )  # fmt: skip


_Days = dict[tuple[str, str, str], Counter[int]]


def _days(connection: Connection, scope: Scope, calendar: Calendar, now: datetime) -> _Days:
    """How many working days answers took, by contract, service and district."""
    first, last = scope.period.first, max(scope.period.last, day_of(now))
    days = [london_day(connection, moment, first, last) for moment in (_c.raised_at, _c.answered_at)]
    keys = (_c.contract, _c.service, _c.district, days[0].label("raised"), days[1].label("answered"))
    each = sa.select(*keys).where(_within(scope), _c.answered_at.is_not(None)).subquery()
    rows: Any = connection.execute(sa.select(*each.c, sa.func.count()).group_by(*each.c))
    numbers = working_days(calendar, first, last)
    found: _Days = {}
    for contract, service, district, raised, answered, number in rows:
        took = numbers[answered] - numbers[raised]
        found.setdefault((contract, service, district), Counter())[took] += number
    return found


def _asked(connection: Connection, scope: Scope, now: datetime) -> dict[Asked, int]:
    """What providers were asked, and whether their first answer came in time; chased is late."""
    first = (
        sa.select(_e.about["request"].as_integer().label("request"), sa.func.min(_e.at).label("at"))
        .where(_e.move == Move.PROVIDER_ANSWERS)
        .group_by(sa.literal_column("1"))
        .subquery()
    )
    when = sa.func.coalesce(first.c.at, _r.answered_at)
    overdue = sa.and_(_r.state == "open", _r.answer_by < _moment(now))
    late = sa.or_(_r.chased > 0, when > _r.answer_by, overdue)
    timely = _timely(late, _r.answered_at.is_not(None)).label("timely")
    each = (
        sa.select(_r.contract, timely)
        .join_from(provider_request, concern, _r.concern == _c.id)
        .outerjoin(first, first.c.request == _r.id)
        .where(_within(scope))
        .subquery()
    )
    rows = connection.execute(sa.select(*each.c, sa.func.count()).group_by(*each.c))
    return {Asked(row[0], Timely(row[1])): row[2] for row in rows}
