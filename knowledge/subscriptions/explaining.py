"""Why somebody was told of an intention, or was not, field by field and then plainly."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import parties_of
from knowledge.store import aware
from knowledge.subscriptions.announcing import INTENTION, subject_of_notification
from knowledge.subscriptions.delivery import Delivery, deliveries
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.matching import CLOSING
from knowledge.subscriptions.nouns import Subscription, Verdict
from knowledge.subscriptions.reasons import Reason, bars, misses, not_public, why_not
from knowledge.subscriptions.subject import Subject, subject_of
from knowledge.tables import intention, intention_kind, intention_version, notification, subscription_match
from knowledge.timeline.nouns import Terms
from knowledge.timeline.references import also_called, go_by
from knowledge.workdays import day_of


class Telling(NamedTuple):
    """One time somebody was told. `kind`: new, changed, closing; `delivery`: None where nothing is owed for it."""

    version: int
    kind: str
    at: datetime
    delivery: Delivery | None


class Explanation(NamedTuple):
    """Whether a subscription fits an intention, and what came of it. `version`: the one that is public now, None for
    none; `verdicts`: of that; `told`: the oldest first; `why_not`: why that version was not told, none where it was;
    `next`: whether the next change will be, None where that shows when something is public."""

    subscription: Subscription
    reference: str
    title: str
    version: int | None
    verdicts: tuple[Verdict, ...]
    told: tuple[Telling, ...]
    why_not: tuple[Reason, ...]
    next: bool | None


def explain(connection: Connection, one: Subscription, reference: str, now: datetime) -> Explanation | None:
    """A subscription and an intention, whatever the case of its reference. None where there is no such intention. Says
    nothing of what is not public."""
    row = _row(connection, reference)
    if row is None:
        return None
    title, told, barred = Terms.model_validate(row.shown or {}).title, _told(connection, one, row.id), bars(one, row)
    if row.shown_version is None:
        return Explanation(one, row.reference, title, None, (), told, (*barred, not_public(row)), None)
    subject = subject_in_record(connection, row, now)
    verdicts = judge(one.criteria, subject)
    missing = () if told else tuple(misses(verdicts, subject))
    return Explanation(
        one, row.reference, title, row.shown_version, verdicts, told,
        _why_not(connection, one, row, told, (*barred, *missing)), not barred and not missing,
    )  # fmt: skip


def subject_in_record(connection: Connection, row: Any, now: datetime) -> Subject:
    """What everybody may read of an intention, as it is compared. `row`: its row."""
    kinds = connection.execute(sa.select(intention_kind).where(intention_kind.c.intention == row.id))
    services = {kind.kind: kind.share for kind in kinds}
    terms = Terms.model_validate(row.shown)
    also = also_called(connection, [row.id]).get(row.id, ())
    return subject_of(row.reference, terms, services, row.districts, row.words, day_of(now), also)


def _row(connection: Connection, reference: str) -> Any:
    row = connection.execute(sa.select(intention).where(go_by([reference.strip()]))).first()
    if row and row.joined_to:
        row = connection.execute(sa.select(intention).where(intention.c.id == row.joined_to)).first()
    return row


def _told(connection: Connection, one: Subscription, id: int) -> tuple[Telling, ...]:
    """Each time, of the intention or of one that has turned out to be the same."""
    table, same = subscription_match, sa.select(intention.c.id).where(intention.c.joined_to == id)
    of_it = sa.or_(table.c.intention == id, table.c.intention.in_(same))
    rows = connection.execute(sa.select(table).where(table.c.subscription == one.id, of_it).order_by(table.c.at)).all()
    found = _owed(connection, one, {row.intention for row in rows})
    return tuple(
        Telling(row.version, row.kind, aware(row.at), next((each for each in found if _is_of(each, row)), None))
        for row in rows
    )


def _owed(connection: Connection, one: Subscription, intentions: set[int]) -> list[Delivery]:
    """What the recipient is owed of these intentions on the subscription's channel."""
    columns = notification.c
    about = [columns.subject.startswith(f"{kind}:{id}:") for id in intentions for kind in (INTENTION, CLOSING)]
    to_them = columns.recipient.in_(parties_of(connection, [one.recipient])), columns.channel == one.channel
    return deliveries(connection, sa.and_(*to_them, sa.or_(*about))) if about else []


def _is_of(owed: Delivery, row: Any) -> bool:
    if row.kind == CLOSING:
        return owed.subject.startswith(f"{CLOSING}:{row.intention}:") and owed.made_at == aware(row.at)
    return owed.subject == subject_of_notification(row.intention, row.version)


def _why_not(
    connection: Connection, one: Subscription, row: Any, told: tuple[Telling, ...], reasons: tuple[Reason, ...]
) -> tuple[Reason, ...]:
    if any(each.version == row.shown_version and each.kind != CLOSING for each in told):
        return ()
    table = intention_version.c
    query = sa.select(table.said_at).where(table.intention == row.id, table.number == row.shown_version)
    return why_not(one, row, aware(connection.execute(query).scalar_one()), reasons, new=not told)
