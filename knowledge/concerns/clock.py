"""When what is due: deadlines, reminders and the ladder of escalation, in working time.

Everything is worked out from a concern and its events, so nothing is lost when the desk was away, and each step, which
leaves an event behind it, happens once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from knowledge.concerns.moves import REOPEN_WITHIN
from knowledge.concerns.nouns import UNACKNOWLEDGED, Concern, Ending, Event, Move, Request, State
from knowledge.service_levels import Level
from knowledge.workdays import Calendar, Span, after_open_time, due, open_time, opening, share

HALF, FOUR_FIFTHS = 0.5, 0.8
_CHASES = 3
"""How often a provider is reminded before it is left to the manager."""
_BETWEEN_CHASES = Span(working_days=2)
_WAITING = Span(working_days=5)
"""After how long a Member is reminded that the desk waits for them."""
_BEGINS = frozenset({Move.RAISE, Move.NOT_FIXED})
_HANDS_OVER = _BEGINS | {Move.PASS_ON, Move.WRONG_CONTRACT}
_ASKED_WHETHER_FIXED = frozenset({None, Ending.PUT_RIGHT, Ending.EXPLAINED})


class Step(NamedTuple):
    """Something to do at a moment. `name`: what exactly ("acknowledge-half"); `phase`: the number of the event or
    request it belongs to: once a phase is over, its steps are too."""

    at: datetime
    move: Move
    name: str
    phase: int


class Clock(NamedTuple):
    """A service level's times in a council's calendar."""

    level: Level
    calendar: Calendar

    def deadlines(self, start: datetime) -> tuple[datetime, datetime]:
        """By when a concern raised at `start` must be acknowledged, and answered."""
        return self.acknowledge_by(start), self.due(start, self.level.answer)

    def acknowledge_by(self, start: datetime) -> datetime:
        """By when somebody who got it at `start` must acknowledge it."""
        return self.due(start, self.level.acknowledge)

    def due(self, start: datetime, span: Span) -> datetime:
        """A span of working time later."""
        return due(start, span, self.level.hours, self.calendar)

    def seen_at(self, moment: datetime) -> datetime:
        """When somebody who works these hours sees what is sent at a moment."""
        return opening(moment, self.level.hours, self.calendar)

    def later_by(self, deadline: datetime, since: datetime, until: datetime) -> datetime:
        """A deadline, put off by the working time for which the clock stood."""
        stood = open_time(since, until, self.level.hours, self.calendar)
        return after_open_time(deadline, stood, self.level.hours, self.calendar) if stood else deadline

    def part(self, start: datetime, end: datetime, part: float) -> datetime:
        """When a part of the working time between two moments has passed."""
        return share(start, end, part, self.level.hours, self.calendar) if end > start else start


def steps(concern: Concern, events: Sequence[Event], requests: Sequence[Request], clock: Clock) -> list[Step]:
    """What is still to be done about a concern, soonest first."""
    done = {(event.about.get("step"), event.about.get("phase")) for event in events}
    found = [
        *_to_acknowledge(concern, events, clock),
        *_to_answer(concern, events, clock),
        *_of_member(concern, events, clock),
        *(step for request in requests for step in _of_provider(concern, request, clock)),
    ]
    return sorted(step for step in found if (step.name, step.phase) not in done)


def _to_acknowledge(concern: Concern, events: Sequence[Event], clock: Clock) -> list[Step]:
    """Reminders, then up the ladder: deputy, lead director, triage, a span of the service level apart."""
    begun = _last(events, _HANDS_OVER)
    if concern.state not in UNACKNOWLEDGED or begun is None:
        return []
    found = _reminders("acknowledge", begun, concern.acknowledge_by, clock)
    late = concern.acknowledge_by
    for rung in (1, 2, 3):
        found.append(Step(clock.seen_at(late), Move.ESCALATE, f"acknowledge-{rung}", begun.id))
        late = clock.due(late, clock.level.acknowledge)
    return found


def _to_answer(concern: Concern, events: Sequence[Event], clock: Clock) -> list[Step]:
    """Reminders to whoever has it, then the lead director. While the Member is waited for, the clock stands."""
    begun = _last(events, _BEGINS)
    if not concern.open or concern.waiting_since or begun is None:
        return []
    late = Step(clock.seen_at(concern.answer_by), Move.ESCALATE, "answer", begun.id)
    return [*_reminders("answer", begun, concern.answer_by, clock), late]


def _reminders(what: str, begun: Event, end: datetime, clock: Clock) -> list[Step]:
    return [
        Step(clock.seen_at(clock.part(begun.at, end, part)), Move.REMIND, f"{what}-{name}", begun.id)
        for name, part in (("half", HALF), ("four-fifths", FOUR_FIFTHS))
    ]


def _of_member(concern: Concern, events: Sequence[Event], clock: Clock) -> list[Step]:
    """What is asked of the Member: an answer that is waited for, and after four weeks whether it was put right."""
    found = []
    asked = _last(events, frozenset({Move.ASK_MEMBER}))
    if concern.waiting_since and concern.open and asked:
        found.append(Step(clock.due(concern.waiting_since, _WAITING), Move.REMIND, "waiting", asked.id))
    ended = _last(events, frozenset({Move.REPLY, Move.CLOSE}))
    settled = concern.state is State.ANSWERED or concern.state is State.CLOSED
    if settled and ended and concern.outcome in _ASKED_WHETHER_FIXED and not _last(events, frozenset({Move.PUT_RIGHT})):
        found.append(Step(clock.seen_at(ended.at + REOPEN_WITHIN), Move.ASK_FIXED, "fixed", _first(events)))
    return found


def _of_provider(concern: Concern, request: Request, clock: Clock) -> list[Step]:
    """A late answer is chased; a promise whose day has passed is brought back to the manager."""
    found: list[Step] = []
    if not concern.open:
        return found
    if request.open:
        late = request.answer_by
        for number in range(1, _CHASES + 1):
            found.append(Step(clock.seen_at(late), Move.CHASE, f"provider-{number}", request.id))
            late = clock.due(late, _BETWEEN_CHASES)
    elif request.promised:
        day_after = clock.due(_noon(request), Span(working_days=1))
        found.append(Step(day_after, Move.REMIND, "promised", request.id))
    return found


def _noon(request: Request) -> datetime:
    assert request.promised is not None  # noqa: S101 - asked by the caller
    asked = request.asked_at
    return datetime(request.promised.year, request.promised.month, request.promised.day, 12, tzinfo=asked.tzinfo)


def next_moment(found: Sequence[Step], now: datetime, soonest: timedelta = timedelta(seconds=1)) -> datetime | None:
    """When a concern must be looked at again; None where nothing is to come."""
    return max(found[0].at, now + soonest) if found else None


def _last(events: Sequence[Event], moves: frozenset[Move]) -> Event | None:
    return next((event for event in reversed(events) if event.move in moves), None)


def _first(events: Sequence[Event]) -> int:
    return events[0].id if events else 0
