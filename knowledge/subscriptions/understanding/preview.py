"""What of the past year would have been told."""

from __future__ import annotations

from datetime import date

from sqlalchemy.engine import Connection

from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.understanding.nouns import Preview


def would_have_matched(connection: Connection, criteria: Criteria, today: date, months: int = 12) -> Preview:
    """The council's own intentions made public, or changed, in the past months that these criteria fit."""
    raise NotImplementedError
