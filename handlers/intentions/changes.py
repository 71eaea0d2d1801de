"""What changed of an intention, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from handlers.intentions.standing import kind_words, listed, pounds_words, route_name, stage_name
from handlers.intentions.times import when_words
from knowledge.timeline.differing import LABELS, TIMES, VALUES
from knowledge.timeline.nouns import Change, Route, Stage, State
from knowledge.timeline.when import When


def change_words(change: Change) -> str:
    """A change in a clause: "Tender moved from November 2026 to January 2027"."""
    name, before, after = change.field, change.before, change.after
    label = LABELS[name][:1].upper() + LABELS[name][1:]
    if name == "notices":
        return f"Notice published: {after}"
    if name == "state":
        return _state(before, after)
    if name == "description":
        return "Description rewritten" if before and after else f"Description {'added' if after else 'taken out'}"
    was, now = said_words(name, before), said_words(name, after)
    if not was:
        return f"{label}: {now} (not said before)"
    if not now:
        return f"{label} taken out: it was {was}"
    if was == now:
        return f"{label} changed"
    if " to " in was or " to " in now:  # "from April to June to July to September" reads badly
        return f"{label} was {was}, and is now {now}"
    return f"{label} {'moved' if name in (*TIMES, 'stage') else 'changed'} from {was} to {now}"


def _state(before: Any, after: Any) -> str:
    if before == State.WITHDRAWN and after != State.WITHDRAWN:
        return "Taken up again" + (f": {_STATES[State(after)].lower()}" if after and after != State.PLANNED else "")
    return _STATES[State(after)] if after else "No longer said to be " + _STATES[State(before)].lower()


def said_words(name: str, value: Any) -> str:
    """A field's value as the record writes it, for people; "" for nothing."""
    if value is None or value in ("", []):
        return ""
    return (_SAID.get(name) or _plainly)(value)


def _plainly(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = listed([str(one) for one in value]) if isinstance(value, list) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


_LONGEST = 300
_STATES = {
    State.PLANNED: "Planned", State.OPEN: "Open now", State.CLOSED: "Closed: what came in is being looked at",
    State.AWARDED: "Awarded", State.WITHDRAWN: "Withdrawn",
}  # fmt: skip
_SAID: dict[str, Callable[[Any], str]] = {
    **{name: lambda value: when_words(When.model_validate(value)) for name in TIMES},
    **{name: lambda value: pounds_words(Decimal(str(value))) for name in VALUES},
    "stage": lambda value: stage_name(Stage(value)).lower(),
    "route": lambda value: route_name(Route(value)),
    "service": lambda value: kind_words((value,)) or str(value),
    "title": lambda value: f"“{_plainly(value)}”",
    "lots": lambda value: f"{len(value)} lot{'' if len(value) == 1 else 's'}",
}
