"""What was asked before in a conversation, for a journey that a message may follow up."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.messages import Message, Outcome
from knowledge.conversations import recent

TURNS = 5
_PASSED_OVER = frozenset({Outcome.SMALLTALK, Outcome.HELP, Outcome.TOO_LONG})


def asked_before(message: Message, desk: Desk, outcome: Outcome) -> tuple[str, ...]:
    """The questions right before this one that had such a reply, oldest first."""
    if not message.thread:
        return ()
    with desk.store.reading() as connection:
        turns = recent(connection, message.thread, TURNS)
    found: list[str] = []
    for turn in reversed(turns):
        came_of_it = turn.reply.get("outcome")
        if came_of_it in _PASSED_OVER:
            continue
        if came_of_it != outcome:
            break
        found.append(turn.question)
    return tuple(reversed(found))
