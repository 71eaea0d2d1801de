"""Why somebody does not hear of an intention, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from knowledge.subscriptions.delivery import moment_in_words
from knowledge.subscriptions.nouns import State, Subscription, Verdict, fits
from knowledge.subscriptions.subject import Subject
from knowledge.workdays import day_of

_MISSED = (
    "When version {version} became public, {which} was not active or wanted something else, or it came with a first "
    "import, which tells nobody."
)


class Reason(NamedTuple):
    """Why somebody is not told. `code`: unconfirmed, paused, ended, not own, not public, misses, over, older, missed;
    `words`: a sentence for people."""

    code: str
    words: str


def bars(one: Subscription, row: Any) -> tuple[Reason, ...]:
    """What keeps a subscription from hearing anything of an intention."""
    states = {
        State.UNCONFIRMED: "nobody has agreed to it yet",
        State.PAUSED: f"it is paused since {moment_in_words(one.paused_at or one.since)}",
        State.ENDED: f"it has ended ({one.ended_why})",
    }
    stands = [Reason(one.state.value, f"{one.reference}: {states[one.state]}.")] if one.state in states else []
    other = f"{row.reference} is an intention of {row.buyer}; the desk tells of the council's own only."
    return (*stands, *([] if row.own else [Reason("not own", other)]))


def not_public(row: Any) -> Reason:
    """What is kept back is compared with nothing, and nothing is said of it."""
    return Reason("not public", f"{row.reference} is not public yet. Who wants to hear of it is told when it is.")


def misses(verdicts: tuple[Verdict, ...], subject: Subject) -> Iterator[Reason]:
    """What keeps it from being new to somebody."""
    if not fits(verdicts):
        fields = ", ".join(one.field for one in verdicts if not one.fits)
        yield Reason("misses", f"It is not what was asked for: {fields}.")
    if not subject.live:
        yield Reason("over", f"{subject.reference} is awarded, withdrawn, closed or over, which is new to nobody.")


def why_not(
    one: Subscription, row: Any, said_at: datetime, reasons: tuple[Reason, ...], *, new: bool
) -> tuple[Reason, ...]:
    """Why what is public now was not told. `said_at`: when that was said; `new`: nothing was told of it before."""
    if new and day_of(said_at) < day_of(one.since):
        said, since = moment_in_words(said_at), moment_in_words(one.since)
        words = f"It was said on {said}, before {one.reference} counted ({since})."
        reasons += (Reason("older", words),)
    return reasons or (Reason("missed", _MISSED.format(version=row.shown_version, which=one.reference)),)
