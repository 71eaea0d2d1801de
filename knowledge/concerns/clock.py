"""When what is due: deadlines, reminders and the ladder of escalation, in working time.

Everything is worked out from a concern and its events, so nothing is lost when the desk was away, and each step, which
leaves an event behind it, happens once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from knowledge.concerns.moves import REOPEN_WITHIN
from knowledge.concerns.nouns import OPEN, UNACKNOWLEDGED, Concern, Ending, Event, Move, Request, State
from knowledge.service_levels import Level
from knowledge.workdays import LONDON, MIDNIGHT, Calendar, Span, after_open_time, due, open_time, opening, share

HALF, FOUR_FIFTHS = 0.5, 0.8
_CHASES = 3
"""How often a provider is reminded before it is left to the manager."""
_BETWEEN_CHASES = Span(working_days=2)
_WAITING = Span(working_days=5)
"""After how long a Member is reminded that the desk waits for them."""
_RUNS_AGAIN = frozenset({Move.TELL_MORE, Move.AT_RISK})
_HANDS_OVER = frozenset({Move.PASS_ON, Move.WRONG_CONTRACT})
PASSED_OVER = "passed_over"
"""In what an event is about: its turn came when a later one had come too, so nothing was sent for it."""
ANEW = "anew"
"""In what an event is about: whoever has it now must acknowledge it, though it was in hand before."""
_ASKED_WHETHER_FIXED = frozenset({None, Ending.PUT_RIGHT, Ending.EXPLAINED})


class Step(NamedTuple):
    """Something to do at a moment. `name`: what exactly ("acknowledge-half"); `phase`: the number of the event or
    request it belongs to: once a phase is over, its steps are too."""

    at: datetime
    move: Move
    name: str
    phase: int


class Stand(NamedTuple):
    """From when to when the clock stood because the Member was waited for."""

    since: datetime
    until: datetime


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

    def part(self, start: datetime, end: datetime, part: float, stood: Sequence[Stand] = ()) -> datetime:
        """When a part of the working time between two moments has passed, less that during which the clock stood."""
        if end <= start:
            return start
        hours, calendar = self.level.hours, self.calendar
        if not stood:
            return share(start, end, part, hours, calendar)
        lost = sum((open_time(one.since, one.until, hours, calendar) for one in stood), timedelta())
        moment = after_open_time(start, (open_time(start, end, hours, calendar) - lost) * part, hours, calendar)
        for one in stood:
            if moment > one.since:
                moment = self.later_by(moment, one.since, one.until)
        return min(moment, end)


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


def began(events: Sequence[Event]) -> Event | None:
    """Since when the Member is owed the answer: when it was raised, or opened again after it had ended."""
    found, open_before = None, False
    for event in events:
        if event.state in OPEN and not open_before:
            found = event
        open_before = event.state in OPEN
    return found


def handed_over(events: Sequence[Event]) -> Event | None:
    """Since when whoever has it owes the acknowledgement: when it began, or changed hands since."""
    begun = began(events)
    given = [one for one in events if one.move in _HANDS_OVER or one.about.get(ANEW)]
    return max([*given[-1:], *([begun] if begun else [])], key=lambda one: one.id, default=None)


def _to_acknowledge(concern: Concern, events: Sequence[Event], clock: Clock) -> list[Step]:
    """Reminders, then up the ladder: deputy, lead director, triage, a span of the service level apart."""
    begun = handed_over(events)
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
    begun = began(events)
    if not concern.open or concern.waiting_since or begun is None:
        return []
    late = Step(clock.seen_at(concern.answer_by), Move.ESCALATE, "answer", begun.id)
    return [*_reminders("answer", begun, concern.answer_by, clock, _stands(events, begun)), late]


def _stands(events: Sequence[Event], begun: Event) -> list[Stand]:
    """When the clock stood since the answer is owed."""
    found: list[Stand] = []
    since: datetime | None = None
    for event in events:
        if event.id > begun.id and event.move is Move.ASK_MEMBER:
            since = since or event.at
        elif event.move in _RUNS_AGAIN and since:
            found.append(Stand(since, event.at))
            since = None
    return found


def _reminders(what: str, begun: Event, end: datetime, clock: Clock, stood: Sequence[Stand] = ()) -> list[Step]:
    return [
        Step(clock.seen_at(clock.part(begun.at, end, part, stood)), Move.REMIND, f"{what}-{name}", begun.id)
        for name, part in (("half", HALF), ("four-fifths", FOUR_FIFTHS))
    ]


def _of_member(concern: Concern, events: Sequence[Event], clock: Clock) -> list[Step]:
    """What is asked of the Member: an answer that is waited for; four weeks after an end, whether it was put right."""
    begun = began(events)
    if begun is None:
        return []
    since = [event for event in events if event.id > begun.id]
    asked, ended = _last(since, Move.ASK_MEMBER), _last(since, Move.REPLY, Move.CLOSE)
    if concern.open and concern.waiting_since and asked:
        return [Step(clock.due(asked.at, _WAITING), Move.REMIND, "waiting", asked.id)]
    told = _last(since, Move.PUT_RIGHT) or concern.outcome not in _ASKED_WHETHER_FIXED
    if concern.open or ended is None or told:
        return []
    return [Step(clock.seen_at(ended.at + REOPEN_WITHIN), Move.ASK_FIXED, "fixed", begun.id)]


def _of_provider(concern: Concern, request: Request, clock: Clock) -> list[Step]:
    """A late answer is chased; a promise whose day has passed is brought back to the manager, though the Member may
    have been answered meanwhile."""
    found: list[Step] = []
    if concern.open and request.open:
        late = request.answer_by
        for number in range(1, _CHASES + 1):
            found.append(Step(clock.seen_at(late), Move.CHASE, f"provider-{number}", request.id))
            late = clock.due(late, _BETWEEN_CHASES)
    elif request.promised and concern.state is not State.CLOSED:
        over = datetime.combine(request.promised + timedelta(days=1), MIDNIGHT, LONDON)
        found.append(Step(clock.seen_at(over), Move.REMIND, "promised", request.id))
    return found


def is_last_chase(name: str) -> bool:
    """Whether a step is the last time that a provider is reminded."""
    return name == f"provider-{_CHASES}"


def next_moment(found: Sequence[Step], now: datetime, soonest: timedelta = timedelta(seconds=1)) -> datetime | None:
    """When a concern must be looked at again; None where nothing is to come."""
    return max(found[0].at, now + soonest) if found else None


def _last(events: Sequence[Event], *moves: Move) -> Event | None:
    return next((event for event in reversed(events) if event.move in moves), None)
