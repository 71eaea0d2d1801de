"""Events that could not be handled."""

from __future__ import annotations

from knowledge.incoming import park
from knowledge.store import Store


def park_one(store: Store, id: str, attempts: int = 1) -> None:
    """Leaves an event to a person, telling nobody."""
    with store.writing() as connection:
        assert park(connection, store.now(connection), id, attempts)
