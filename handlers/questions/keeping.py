"""Timed work: the words of old questions are cleared, and who asked them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from knowledge.questions.asked import clear_old


def clear_questions(connection: Connection, desk: Desk) -> int:
    """Does it. Returns how many."""
    return clear_old(connection, desk.now() - timedelta(days=desk.questions_kept), desk.now())
