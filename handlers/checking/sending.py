"""Whether what is owed leaves, and what came in was handled."""

from __future__ import annotations

import sqlalchemy as sa

from handlers.checking.findings import Finding, counted, fine, missing, some, warning
from knowledge.incoming import parked
from knowledge.outbox.heartbeats import alive
from knowledge.outbox.owing import PARKED
from knowledge.store import Store
from knowledge.subscriptions.endpoint import EndpointState, every_endpoint
from knowledge.tables import notification

ABOUT = "Sending"


def check_sending(store: Store) -> list[Finding]:
    """The worker, and what waits for a person."""
    found = [_worker(store)]
    with store.reading() as connection:
        c = notification.c
        stuck = connection.execute(sa.select(sa.func.count()).where(c.state == PARKED)).scalar_one()
    if stuck:
        what = f"{counted(stuck, 'notification is', 'notifications are')} parked: those people have not been told."
        do = "See why with: desk notifications. Then try again with: desk notifications --retry"
        found.append(missing(ABOUT, what, do))
    if unanswered := len(parked(store)):
        what = f"{counted(unanswered, 'message has', 'messages have')} come in that could not be answered."
        do = "See them with: desk slack --parked. Then try again with: desk slack --retry"
        found.append(missing(ABOUT, what, do))
    return [*found, *_failing(store)]


def _failing(store: Store) -> list[Finding]:
    """Endpoints at which the last sending did not arrive."""
    with store.reading() as connection:
        live = [one for one in every_endpoint(connection, store.now(connection)) if one.state is EndpointState.LIVE]
    failing = [str(one.id) for one in live if one.problem]
    if not failing:
        return []
    what = f"Webhooks do not arrive at {counted(len(failing), 'endpoint', 'endpoints')} ({some(failing)})."
    return [warning(ABOUT, what, "See why with: desk endpoints. They end of themselves after ten tries in three days")]


def _worker(store: Store) -> Finding:
    if alive(store):
        return fine(ABOUT, "A worker is at work")
    what = "No worker has been heard of for a minute, so nothing is sent, no reminder and no warning."
    return missing(ABOUT, what, "Start one, and keep it running: desk work (or desk serve --all)")
