"""Processes by their kind: how many are alive, where, and how many fell silent."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from sqlalchemy.engine import Connection

from knowledge.outbox.heartbeats import Process, processes
from knowledge.status.nouns import Processes


def by_kind(connection: Connection, now: datetime) -> dict[str, Processes]:
    """Those heard of within a day."""
    kinds: dict[str, list[Process]] = defaultdict(list)
    for one in processes(connection, now):
        kinds[one.kind].append(one)
    return {kind: _together(found, now) for kind, found in kinds.items()}


def _together(found: list[Process], now: datetime) -> Processes:
    return Processes(
        alive=sum(one.alive for one in found), lost=sum(one.lost for one in found),
        silence=max((now - max(one.at for one in found)).total_seconds(), 0.0),
        machines=dict(Counter(one.machine for one in found if one.alive)),
    )  # fmt: skip
