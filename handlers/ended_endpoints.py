"""Endpoints that end of themselves, and who is told."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection

from handlers.concerns.case import channel_for
from handlers.desk import Desk
from knowledge.outbox.owed import Owed
from knowledge.outbox.owing import owe
from knowledge.people import list_people
from knowledge.subscriptions import endpoints
from knowledge.subscriptions.endpoint import Endpoint, by_number, number_of


def give_up(owed: Owed, reason: str, desk: Desk) -> None:
    """An endpoint is gone, or has failed for as long as the schedule goes: it and its subscriptions end, and its owner
    is told by another way. Doing it again does nothing twice."""
    number = number_of(owed.recipient)
    if number is None:
        return
    why = "gone" if reason == endpoints.GONE else "failing"
    with desk.store.writing() as connection:
        found = by_number(connection, number, desk.now())
        ended = endpoints.end(connection, number, why, desk.now())
        if ended is None:  # before, and something was sent there all the same
            endpoints.end_subscriptions(connection, number, why, desk.now())
        elif found:
            _tell_owner(connection, desk, found, {"endpoint": number, "why": why, "ended": ended})


def _tell_owner(connection: Connection, desk: Desk, found: Endpoint, about: dict[str, Any]) -> None:
    channel = channel_for(found.owner, list_people(connection), desk)
    owe(
        connection, desk.now(), kind="endpoint_failed", subject=found.address, recipient=found.owner,
        channel=channel, about=about,
    )  # fmt: skip
