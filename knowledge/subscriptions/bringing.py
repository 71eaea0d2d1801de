"""Which of somebody's subscriptions brought them a notification, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.subscriptions.nouns import State, Subscription, Verdict
from knowledge.subscriptions.record import numbered
from knowledge.tables import notification, subscription, subscription_match
from knowledge.timeline.gathering import parts


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
    known = {one.id: one for one in numbered(connection, _active(connection, recipient, channel))}
    found: dict[tuple[Told, int], Brought] = {}
    for row in _matches(connection, sorted(known), sorted({intention for intention, _, _ in wanted})):
        one = wanted.get((row.intention, row.version, row.kind == "closing"))
        if one is not None:
            made = Brought(known[row.subscription], one, row.kind, verdicts(row.why))
            held = found.get((one, row.subscription))
            found[one, row.subscription] = made if held is None or made.fits else held
    return sorted(found.values(), key=lambda one: one.subscription.id)


def _active(connection: Connection, recipient: int, channel: str) -> list[int]:
    s = subscription.c
    its_own = sa.and_(s.recipient == recipient, s.channel == channel, s.state == State.ACTIVE.value)
    return list(connection.execute(sa.select(s.id).where(its_own)).scalars())


def _matches(connection: Connection, subscriptions: Sequence[int], intentions: Sequence[int]) -> list[Any]:
    """Subscriptions first: of one intention there may be a hundred thousand matches."""
    match, rows = subscription_match.c, list[Any]()
    for some in parts(subscriptions):
        for others in parts(intentions):
            which = sa.and_(match.subscription.in_(some), match.intention.in_(others))
            rows += connection.execute(sa.select(subscription_match).where(which)).all()
    return rows


def verdicts(why: Any) -> tuple[Verdict, ...]:
    """A comparison as a match keeps it."""
    return tuple(Verdict(**one) if isinstance(one, dict) else Verdict(*one) for one in why or ())
