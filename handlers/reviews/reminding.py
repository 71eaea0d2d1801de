"""Timed: those who carry a contract are reminded of its review a while before, on the day, and once it is missed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.reviews.who import director, steps, tell
from knowledge.outbox.owed import Owed
from knowledge.outbox.owing import is_owed
from knowledge.register.contract import Contract
from knowledge.register.holding import contract as held_contract
from knowledge.reviews import Due, scheduled

BEFORE, TODAY, MISSED = "review_due", "review_today", "review_missed"
KINDS = (BEFORE, TODAY, MISSED)
_TOLD_FOR = timedelta(days=31)
"""How long after its day a missed review is told of. One of an older register stands in the gaps and in the reports:
nobody is sent a heap of letters because a register was imported."""
_LONGEST = 60
"""Characters of a reference that stands whole in a notification's subject."""


def remind(connection: Connection, desk: Desk) -> int:
    """Owes what is due: once for each contract and day of a review. Returns how many were told."""
    told = 0
    for one in scheduled(connection, desk.day):
        for kind in _kinds(one.on, desk):
            told += _remind(connection, one, kind, desk)
    return told


def _kinds(on: date, desk: Desk) -> Iterator[str]:
    left = (on - desk.day).days
    if 0 < left <= desk.review_days:
        yield BEFORE
    elif left == 0:
        yield TODAY
    elif 0 < -left <= _TOLD_FOR.days:
        yield MISSED


def _remind(connection: Connection, one: Due, kind: str, desk: Desk) -> int:
    if is_owed(connection, kind, subject_of(one)):  # said without looking for whom
        return 0
    about: dict[str, object] = {"contract": one.contract.key, "due": one.on.isoformat()}
    return tell(connection, desk, one.contract, _to(connection, one.contract, kind, desk), kind, subject_of(one), about)


def _to(connection: Connection, contract: Contract, kind: str, desk: Desk) -> list[str]:
    """The manager, else who comes after them; of what is missed the director."""
    found = steps(connection, contract, desk)
    to = director(found) if kind == MISSED else next(iter(found), None)
    return [to.email] if to else []


def subject_of(one: Due) -> str:
    """A contract and the day of its review, as a notification's subject."""
    key = one.contract.key
    short = key if len(key) <= _LONGEST else hashlib.sha256(key.encode()).hexdigest()[:_LONGEST]
    return f"review:{one.on.isoformat()}:{short}"


def pass_on(connection: Connection, owed: Owed, desk: Desk) -> None:
    """Whoever was to be told is not reached: whoever comes after them is."""
    held = held_contract(connection, str(owed.about.get("contract", "")))
    if held:
        to = _to(connection, held.contract, owed.kind, desk)
        tell(connection, desk, held.contract, to, owed.kind, owed.subject, owed.about, again=True)
