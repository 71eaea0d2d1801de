"""Timed work: what nobody agreed to is removed, and addresses nobody is written to at are forgotten."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from knowledge.subscriptions.forgetting import empty_ended, forget_addresses, remove_unconfirmed


def forget(connection: Connection, desk: Desk) -> int:
    """Does it. Returns how much there was."""
    now = desk.now()
    removed = remove_unconfirmed(connection, now)
    return removed + empty_ended(connection, now) + forget_addresses(connection, now)
