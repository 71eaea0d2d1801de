"""What people say of answers. Everybody's last word on an answer counts."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import party_of
from knowledge.store import insert_new
from knowledge.tables import rating

GOOD, BAD = "good", "bad"
REASONS = {
    "wrong": "It is wrong", "out_of_date": "It is out of date", "not_asked": "Not what I asked",
    "too_long": "It is too long",
}  # fmt: skip
"""Why an answer is no good, with the words for it."""


def rate(connection: Connection, question: int, who: str, verdict: str, now: datetime) -> None:
    """Writes down what somebody (an address) says of the answer to a question: their last word counts."""
    key = {"question": question, "party": party_of(connection, who)}
    values = {"verdict": verdict, "reason": "", "at": now}
    connection.execute(insert_new(connection, rating).values(**key, **values))
    mine = sa.and_(*(rating.c[name] == value for name, value in key.items()))
    same = sa.and_(mine, rating.c.verdict == verdict)  # the same press again leaves the reason there is
    if connection.execute(sa.select(rating.c.question).where(same)).first() is None:
        connection.execute(sa.update(rating).where(mine).values(**values))


def explain(connection: Connection, question: int, who: str, reason: str, now: datetime) -> None:
    """Writes down why: whoever says so finds the answer bad."""
    rate(connection, question, who, BAD, now)
    mine = sa.and_(rating.c.question == question, rating.c.party == party_of(connection, who))
    connection.execute(sa.update(rating).where(mine).values(reason=reason, at=now))


class Badly(NamedTuple):
    """How many found an answer bad, and the reasons they gave."""

    times: int = 0
    reasons: tuple[str, ...] = ()


def rated_badly(connection: Connection, since: datetime, until: datetime) -> dict[int, Badly]:
    """The questions whose answers somebody found bad between two moments, by their numbers."""
    when = sa.and_(rating.c.verdict == BAD, rating.c.at >= since, rating.c.at < until)
    found: dict[int, Badly] = {}
    for row in connection.execute(sa.select(rating).where(when).order_by(rating.c.at, rating.c.party)):
        before = found.get(row.question, Badly())
        reasons = (row.reason,) if row.reason else ()
        found[row.question] = Badly(before.times + 1, tuple(dict.fromkeys((*before.reasons, *reasons))))
    return found


def counts(connection: Connection, since: datetime, until: datetime) -> dict[str, int]:
    """How many found an answer good, and bad."""
    when = sa.and_(rating.c.at >= since, rating.c.at < until)
    query = sa.select(rating.c.verdict, sa.func.count()).where(when).group_by(rating.c.verdict)
    return {str(verdict): int(count) for verdict, count in connection.execute(query)}
