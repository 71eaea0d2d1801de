"""What was taken in, put back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from knowledge.parties import party_of
from knowledge.takings.lists import undo_people, undo_places
from knowledge.takings.nouns import CannotUndo, Effect, Kind, Taking
from knowledge.takings.papers import undo_papers
from knowledge.takings.record import before_of, settle, taking_of, why_not
from knowledge.takings.registers import undo_register
from knowledge.takings.timeline_back import undo_timeline
from knowledge.timeline.buyers import Buyers


def undo(
    connection: Connection, number: int, now: datetime, buyers: Buyers, *, kept: int, by: str = ""
) -> tuple[Taking, Effect]:
    """Puts back what was there before a file was taken in, and accounts for it. `kept`: days for which that can be
    done; `by`: the address of who does it, "" for the command line. Raises CannotUndo."""
    one = taking_of(connection, number)
    if reason := why_not(connection, one, now, kept):
        raise CannotUndo(f"import {number} cannot be undone: {reason}")
    try:
        effect = _undo(connection, one, now, buyers, by)
    except CannotUndo as wrong:
        raise CannotUndo(f"import {number} cannot be undone: {wrong}") from None
    settle(connection, one, now, effect.counts, by)
    return one, effect


def _undo(connection: Connection, one: Taking, now: datetime, buyers: Buyers, by: str) -> Effect:
    before = before_of(connection, one.id)
    match one.kind:
        case Kind.REGISTER:
            return undo_register(connection, before, one.source)
        case Kind.PLACES:
            return undo_places(connection, before, one.source)
        case Kind.PEOPLE:
            return undo_people(connection, before)
        case Kind.DOCUMENT:
            return undo_papers(connection, before)
        case Kind.TIMELINE:
            number = party_of(connection, by) if by else None
            return undo_timeline(connection, before, one.source, now, buyers, by=number)
