"""What an officer reads who has just written to the timeline: the intention as everybody reads it now."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.messages import Choice, Outcome, Reply
from handlers.timeline_cells import card, citation
from knowledge.timeline.history import Whole, whole
from knowledge.timeline.nouns import State
from knowledge.timeline.selecting import shown_of

_NOBODY = "Until then nobody but those who keep the timeline sees it."
_BEFORE = "Until then everybody reads what was public before."


def published(reference: str, desk: Desk, done: str) -> Reply:
    """The intention of a reference, after what was done to it."""
    with desk.store.reading() as connection:
        found = whole(connection, reference, desk.now())
        shown = shown_of(connection, [reference])
    assert found is not None  # noqa: S101 - just written
    intention = found.intention
    waits = f" {intention.held}. {_BEFORE if shown else _NOBODY}" if intention.held else ""
    return Reply(
        outcome=Outcome.TIMELINE,
        text=f"{intention.reference}, {intention.terms.title}, {done} (version {intention.version}).{waits}",
        citations=tuple(citation(one) for one in shown),
        table=card(shown[0], found.versions[0], desk.day) if shown and not intention.held else None,
        choices=_choices(found),
    )


def _choices(found: Whole) -> tuple[Choice, ...]:
    reference = found.intention.reference
    change = Choice(label="Change it", action="change_intention", about=reference, opens_form=True)
    if found.intention.terms.state is State.WITHDRAWN:
        return change, Choice(label="Take it up again", action="restore_intention", about=reference, opens_form=True)
    gone = Choice(label="Withdraw it", action="withdraw_intention", about=reference, opens_form=True, style="danger")
    return change, gone
