"""What of an intention goes into a calendar: a milestone each time it has, or had until a version took it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from knowledge.timeline.nouns import State
from knowledge.timeline.publishing.released import Step
from knowledge.timeline.selecting import Shown
from knowledge.timeline.when import When

COMING = ("engagement", "tender", "closes", "award", "start")
_TELLING = frozenset(("title", "state", "route", "service", "area"))
"""Fields besides its time that a milestone tells of."""


class Milestone(NamedTuple):
    """`what`: the field of the terms; `cancelled`: why it will not be, "" where it will; `sequence`: how many versions
    have changed it; `changed`: when the last of them was released; `reason`: the last one given."""

    shown: Shown
    what: str
    when: When
    cancelled: str
    sequence: int
    created: datetime
    changed: datetime
    reason: str

    @property
    def after(self) -> date:
        """The day after its last."""
        return self.when.last + timedelta(days=1)


def milestones(one: Shown, steps: Sequence[Step], wanted: Sequence[str] = ()) -> Iterator[Milestone]:
    """The milestones of an intention. `steps`: its released versions, the oldest first; `wanted`: only these."""
    withdrawn = "Withdrawn" if one.terms.state is State.WITHDRAWN else ""
    for what in COMING:
        if wanted and what not in wanted:
            continue
        when: When | None = getattr(one.terms, what)
        gone = "" if when else "No longer planned"
        when = when or _last_said(what, steps)
        if when:
            yield _milestone(one, what, when, withdrawn or gone, steps)


def _milestone(one: Shown, what: str, when: When, cancelled: str, steps: Sequence[Step]) -> Milestone:
    touching = [step for step in steps if step.fields & {what, *_TELLING}]
    created, changed = (steps[0].at, (touching or steps[:1])[-1].at) if steps else (one.since, one.since)
    reason = next((step.reason for step in reversed(touching) if step.reason), "")
    return Milestone(one, what, when, cancelled, len(touching), created, changed, reason)


def _last_said(what: str, steps: Sequence[Step]) -> When | None:
    """The time that a version took out."""
    for step in reversed(steps):
        for change in step.changes:
            if change["field"] == what and change["before"] is not None:
                return When.model_validate(change["before"])
    return None
