"""How the desk's promises stand: what is to leave, what came in, what is late, and who was told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from knowledge.status.nouns import Figures, Line, Queue
from knowledge.status.words import ago, counted

LATE, URGENT_LATE = 300.0, 60.0
"""Seconds for which something may have been due before it counts as late."""
_UNHANDLED = 300.0
"""Seconds after which what came in should be handled."""
_ASSURED_WITHIN = timedelta(days=2).total_seconds()
_MISSED_POLLS = 3


def sending(figures: Figures) -> Iterator[Line]:
    """What waits to leave, a line a channel."""
    if not figures.queues:
        yield Line(name="sending", said="nothing waits, nothing is parked")
    for channel, queue in sorted(figures.queues.items()):
        if queue.waiting or not queue.parked:
            yield _queue(channel, queue)
        if queue.parked:
            said = f"{counted(queue.parked, 'notification is', 'notifications are')} parked: those people were not told"
            do = "See why: desk notifications. Then try again: desk notifications --retry"
            yield Line(name=f"sending by {channel}", said=said, well=False, do=do)


def _queue(channel: str, queue: Queue) -> Line:
    late = queue.oldest > LATE or queue.oldest_urgent > URGENT_LATE
    parts = [f"{queue.waiting} waiting"]
    parts += [f"{queue.again} tried again"] if queue.again else []
    parts += [f"{queue.due} due, the oldest for {ago(queue.oldest)}"] if queue.due else []
    parts += [f"{queue.urgent} of them urgent, for {ago(queue.oldest_urgent)}"] if queue.urgent else []
    do = (
        "See that a worker runs, and what the channel says: desk notifications, desk check; or start another: desk work"
    )
    return Line(name=f"sending by {channel}", said=", ".join(parts), well=not late, do=do if late else "")


def intake(figures: Figures) -> Iterator[Line]:
    """What came in and is not handled."""
    came = figures.intake
    late = came.oldest > _UNHANDLED
    said = (
        f"{counted(came.waiting, 'message', 'messages')} not handled yet" if came.waiting else "everything is handled"
    )
    said += f", the oldest for {ago(came.oldest)}" if came.waiting else ""
    do = "See that what answers Slack runs (desk serve or desk slack), and its log" if late else ""
    yield Line(name="messages in", said=said, well=not late, do=do)
    if came.parked:
        said = f"{counted(came.parked, 'message', 'messages')} could not be answered"
        do = "See them: desk slack --parked. Then try again: desk slack --retry"
        yield Line(name="messages in", said=said, well=False, do=do)


def concerns(figures: Figures) -> Iterator[Line]:
    """Concerns that are open, and past their time."""
    total = sum(one.open for one in figures.concerns.values())
    late = {
        level: f"{level}: {one.unacknowledged} not acknowledged, {one.unanswered} not answered"
        for level, one in sorted(figures.concerns.items())
        if one.unacknowledged or one.unanswered
    }
    said = f"{total} open" + (f"; past their time, {'; '.join(late.values())}" if late else "")
    do = "See whose they are: desk concern list --open. Reminders have gone up the ladder by themselves" if late else ""
    yield Line(name="concerns", said=said, well=not late, do=do)


def enquiries(figures: Figures) -> Iterator[Line]:
    """Questions that wait for a person."""
    found = figures.enquiries
    said = f"{found.waiting} waiting" + (f", the oldest for {ago(found.oldest)}" if found.waiting else "")
    said += f"; {found.overdue} past the day promised" if found.overdue else ""
    do = "See them: desk enquiries" if found.overdue else ""
    yield Line(name="questions for a person", said=said, well=not found.overdue, do=do)


def polling(figures: Figures, every: timedelta) -> Iterator[Line]:
    """The feed of notices. `every`: how often it is polled; 0: never."""
    poll = figures.poll
    if not every and poll.silence is None:
        return
    silent = bool(every) and (poll.silence is None or poll.silence > _MISSED_POLLS * every.total_seconds())
    said = "never polled" if poll.silence is None else f"last polled {ago(poll.silence)} ago"
    said += f", which failed: {poll.problem}" if poll.problem else ""
    well = not poll.problem and (not silent or poll.at_it)
    do = "" if well else "Try it, and read what it says: desk timeline poll"
    yield Line(name="notices", said=said, well=well, do=do)


def telling(figures: Figures) -> Iterator[Line]:
    """Whether whoever subscribed is told, and where webhooks do not arrive."""
    assured, active = figures.assured, figures.subscriptions.get("active", 0)
    said = f"{counted(active, 'alert is', 'alerts are')} confirmed"
    if assured:
        said += f"; checked {ago(assured.silence)} ago, "
        said += f"{counted(assured.holes, 'was', 'were')} not told" if assured.holes else "everybody was told"
    well = not (assured and (assured.holes or assured.silence > _ASSURED_WITHIN))
    yield Line(
        name="alerts", said=said, well=well, do="" if well else "Check again, and read what it says: desk assurance"
    )
    if figures.failing:
        said = f"{figures.failing} of {counted(figures.endpoints, 'endpoint', 'endpoints')} does not take what is sent"
        do = "See why: desk endpoints. One that fails for three days ends by itself, and its owner is told"
        yield Line(name="webhooks", said=said, well=False, do=do)
    if figures.postings:
        yield Line(name="postings", said=f"{figures.postings} waiting for an officer")
