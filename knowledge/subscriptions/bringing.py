"""Which of somebody's subscriptions brought them a notification, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.subscriptions.nouns import State, Subscription, Verdict
from knowledge.subscriptions.record import numbered
from knowledge.tables import notification, subscription, subscription_match


class Told(NamedTuple):
    """What somebody is told of: an intention's version, as the matches of a kind have it; `before`: the version that
    was public until then; `closes`: the closing day of which it reminds, "" for none."""

    intention: int
    version: int
    before: int | None = None
    closes: str = ""


class Brought(NamedTuple):
    """A subscription that brought something. `kind`: new, changed, closing; `why`: the comparison, field by field."""

    subscription: Subscription
    told: Told
    kind: str
    why: tuple[Verdict, ...]

    @property
    def fits(self) -> bool:
        """Whether it is what the subscription asks for; otherwise it was, when it was told before."""
        return all(one.fits for one in self.why)


def told_in(about: dict[str, Any]) -> Told:
    """What a notification tells of, by its `about`."""
    before = about.get("before")
    return Told(int(about["intention"]), int(about["version"]), int(before) if before else None,
                str(about.get("closes") or ""))  # fmt: skip


def recipient_of(connection: Connection, id: str) -> int | None:
    """The number of a notification's recipient."""
    return connection.execute(sa.select(notification.c.recipient).where(notification.c.id == id)).scalar()


def gathered_in(connection: Connection, round_up: str) -> list[Told]:
    """What a round-up tells of, in the order in which it was owed."""
    query = sa.select(notification.c.about).where(notification.c.round_up == round_up)
    return [told_in(about) for about in connection.execute(query.order_by(notification.c.made_at)).scalars()]


def brought(connection: Connection, recipient: int, channel: str, told: Iterable[Told]) -> list[Brought]:
    """The active subscriptions of a recipient on a channel that brought these, by number; where one brought the same
    twice, by what it asks for before what it was told of before."""
    wanted = {(one.intention, one.version, bool(one.closes)): one for one in told}
    rows = _matches(connection, recipient, channel, {intention for intention, _, _ in wanted})
    known = {one.id: one for one in numbered(connection, {row.subscription for row in rows})}
    found: dict[tuple[Told, int], Brought] = {}
    for row in rows:
        one = wanted.get((row.intention, row.version, row.kind == "closing"))
        if one is not None:
            made = Brought(known[row.subscription], one, row.kind, verdicts(row.why))
            held = found.get((one, row.subscription))
            found[one, row.subscription] = made if held is None or made.fits else held
    return sorted(found.values(), key=lambda one: one.subscription.id)


def _matches(connection: Connection, recipient: int, channel: str, intentions: set[int]) -> list[Any]:
    table, rows = subscription_match, list[Any]()
    active = sa.and_(
        subscription.c.recipient == recipient, subscription.c.channel == channel,
        subscription.c.state == State.ACTIVE.value,
    )  # fmt: skip
    wanted = sorted(intentions)
    for start in range(0, len(wanted), 400):
        query = sa.select(table).join(subscription, subscription.c.id == table.c.subscription)
        rows += connection.execute(query.where(active, table.c.intention.in_(wanted[start : start + 400]))).all()
    return rows


def verdicts(why: Any) -> tuple[Verdict, ...]:
    """A comparison as a match keeps it."""
    return tuple(Verdict(**one) if isinstance(one, dict) else Verdict(*one) for one in why or ())
