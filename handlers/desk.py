"""What handlers work with: the record, the index, the clock, and what the council has settled. Handed in by the
wiring, so that every rule can be tested at its boundary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from knowledge.documents.search import Index
from knowledge.register.reader import RegisterReader
from knowledge.store import Store


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """One council's desk, wired up."""

    store: Store
    index: Callable[[], Index]
    register: Callable[[], RegisterReader]
    council: str = "the council"
    longest_question: int = 4_000
    now: Callable[[], datetime] = utc_now
    at_risk: Callable[[str], str] = lambda text: ""
    on_error: Callable[[str, Exception], None] = lambda reference, error: None
