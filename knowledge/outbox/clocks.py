"""The clock set back while notifications wait: what was made in an hour that is to come once more."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from knowledge.outbox.owing import WAITING
from knowledge.store import Store
from knowledge.tables import notification

APART = timedelta(minutes=1)
"""How far the clocks of machines may be apart."""


def bring_forward(store: Store) -> int:
    """Makes due now what was made in the future and was due at once, or waits for another try: it would wait until the
    clock has come so far again. What is due at an hour of its own stays. Returns how many."""
    with store.writing() as connection:
        now, n = store.now(connection), notification.c
        late = sa.and_(n.state == WAITING, n.made_at > now + APART, n.due_at > now)
        which = sa.and_(late, sa.or_(n.attempts > 0, n.due_at <= n.made_at))
        return connection.execute(sa.update(notification).where(which).values(due_at=now)).rowcount


class Watch:
    """Sees that the clock was set back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: datetime | None = None

    def look(self) -> int:
        """To be done now and then. At the first look, and where the clock has gone back since the last, brings forward
        what would wait too long. Returns how many."""
        with self._store.reading() as connection:
            now = self._store.now(connection)
        back = self._last is None or now < self._last - APART
        self._last = now
        return bring_forward(self._store) if back else 0
