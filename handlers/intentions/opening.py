"""One intention as everybody may read it, opened from where it was told of."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from handlers.timeline_cells import card, citation
from knowledge.timeline.history import versions_of
from knowledge.timeline.selecting import shown_of

ACTION = "open_intention"


def opened(message: Message, desk: Desk) -> Reply:
    """The intention as it stands now, with its last change."""
    with desk.store.reading() as connection:
        shown = shown_of(connection, [message.about])
        last = versions_of(connection, shown[0].id, released=True)[:1] if shown else []
    if not shown:
        return Reply(outcome=Outcome.REFUSED, text=f"There is no intention {message.about} on the timeline.")
    return Reply(
        outcome=Outcome.TIMELINE,
        text=f"{shown[0].terms.title} ({shown[0].reference}), as it stands now.",
        table=card(shown[0], last[0] if last else None, desk.day),
        citations=(citation(shown[0]),),
    )
