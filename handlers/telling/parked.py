"""What is told of what came in and could not be taken: what, when, and what to do; nothing of what anybody wrote."""

from __future__ import annotations

from handlers.concerns import safeguarding, saying
from handlers.desk import Desk
from handlers.telling.parts import Said
from knowledge.incoming import Parked, parked, parked_event
from knowledge.models import Person
from knowledge.outbox.owed import Owed

_NAMED = {
    "slack": ("message or press in Slack", "messages or presses in Slack"),
    "notices": ("sending of notices", "sendings of notices"),
}
_OTHER = ("thing of another kind", "things of another kind")
_DO = (
    "`desk slack --parked` lists them by their ids, under which the log says what went wrong. Once that is mended, "
    "`desk slack --retry` has the desk try them again. Until then they are kept, and nobody has had an answer."
)


def came_parked(owed: Owed, desk: Desk, person: Person | None) -> Said | None:
    """For whoever looks after the desk: how many of what, since when. None where nothing is parked any more."""
    found = parked(desk.store)
    if not found:
        return None
    lines = [_line([one for one in found if one.surface == name]) for name in sorted({one.surface for one in found})]
    said = "The desk tried several times and could not take what came in:"
    return "The desk could not take what came in", "\n".join((said, *lines, _DO)), ()


def _line(found: list[Parked]) -> str:
    one, many = _NAMED.get(found[0].surface, _OTHER)
    first, last = saying.when(found[0].received_at), saying.when(found[-1].received_at)
    if len(found) == 1:
        return f"- 1 {one}, which came on {first}"
    return f"- {len(found):,} {many}, the first on {first}, the last on {last}"


def yours_parked(owed: Owed, desk: Desk, person: Person | None) -> Said | None:
    """For whoever sent it. None where it was taken after all."""
    found = parked_event(desk.store, str(owed.about.get("event") or ""))
    if found is None:
        return None
    text = (
        f"What you sent the desk in Slack on {saying.when(found.received_at)} could not be taken, or not answered. "
        "It is kept, and whoever looks after the desk has been told, who can have it tried again: you need not send it "
        "anew. If it was about a concern, look at your concerns first: it may be done already.\n"
        f"If anyone is in danger, do not wait for the desk: call 999.{safeguarding.out_of_hours(desk)}"
    )
    return "What you sent could not be taken", text, ()
