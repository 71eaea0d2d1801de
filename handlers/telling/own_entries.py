"""What is told to officers of what the desk has learnt, and of what it could not answer."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.questions.reviewing import choices, is_for_few, said_of
from handlers.questions.round_up import round_up
from handlers.telling.parts import WAITING, Word, offered
from knowledge.outbox.owed import Owed
from knowledge.questions import learnt
from knowledge.questions.learnt import Standing


def review(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """What the desk has learnt a year ago. Nothing where somebody has looked at it since."""
    one = learnt.by_id(connection, str(owed.about.get("entry", "")))
    if one is None or one.standing is not Standing.LIVE or one.review_on is None or one.review_on > desk.day:
        return None
    if is_for_few(one):
        text = "An answer of the desk's own that only managers and directors may read is due to be looked at again."
        return Word(("An answer is up for review", text, (WAITING,)))
    text = f"Is this still right? {said_of(one)}"
    return Word(("An answer is up for review", text, offered(owed, choices(one))))


def weekly(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """A week's questions. Nothing where there is nothing to do about them."""
    text = round_up(connection, str(owed.about.get("until", "")))
    return Word(("This week's questions", text, (WAITING,))) if text else None


MAKERS: dict[str, Callable[[Connection, Owed, Desk], Word | None]] = {"entry_review": review, "questions": weekly}
"""What each kind of notification says."""
