"""Concerns and questions to providers, counted by the database: nothing is read one by one, and no text at all."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.concerns.nouns import Move
from knowledge.reports import traits
from knowledge.reports.days import beginning, london_day, working_days
from knowledge.reports.nouns import Asked, Counted, Fixed, Kind, Scope, Timely
from knowledge.tables import concern, concern_event, provider_request
from knowledge.workdays import Calendar, day_of

_c, _e, _r = concern.c, concern_event.c, provider_request.c


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
    told = traits.told()
    keys = (
        _c.contract, _c.service, _c.district, traits.acknowledged(told, now), traits.answered(told, now),
        traits.ended(), sa.func.coalesce(told.c.reopened, 0), traits.fixed(told),
    )  # fmt: skip
    named = [trait.label(f"trait{place}") for place, trait in enumerate(keys)]
    each = sa.select(*named).outerjoin_from(concern, told, _c.id == told.c.concern).where(_within(scope)).subquery()
    rows: Any = connection.execute(sa.select(*each.c, sa.func.count()).group_by(*each.c))
    found: dict[Kind, int] = {}
    for contract, service, district, acknowledged, answered, ended, reopened, fixed, number in rows:
        done = Timely(acknowledged), Timely(answered)
        found[Kind(contract, service, district, *done, ended, bool(reopened), Fixed(fixed))] = number
    return found


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
    overdue = sa.and_(_r.state == "open", _r.answer_by < traits.moment(now))
    late = sa.or_(_r.chased > 0, when > _r.answer_by, overdue)
    timely = traits.timely(late, _r.answered_at.is_not(None)).label("timely")
    each = (
        sa.select(_r.contract, timely)
        .join_from(provider_request, concern, _r.concern == _c.id)
        .outerjoin(first, first.c.request == _r.id)
        .where(_within(scope))
        .subquery()
    )
    rows = connection.execute(sa.select(*each.c, sa.func.count()).group_by(*each.c))
    return {Asked(row[0], Timely(row[1])): row[2] for row in rows}
