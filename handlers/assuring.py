"""Timed: whether everybody was told who asked to be; and if not, the administrators hear of it, once a day."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.ticking import tell_administrators
from knowledge.subscriptions.assurance import Check, check, keep


def assure(connection: Connection, desk: Desk) -> int:
    """Checks, writes the check down, and tells of holes. Returns how many there are."""
    found = look(connection, desk)
    return found.holes


def look(connection: Connection, desk: Desk) -> Check:
    """The same, for whoever wants to read what was found."""
    found = check(connection, desk.now())
    keep(connection, found)
    desk.count("assurance", found.counts())
    if found.holes:
        tell_administrators(connection, desk, "assurance", f"assurance:{desk.day}", found.counts())
    return found
