"""How alerts are spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.intentions.saying import day_words, listed
from handlers.messages import Choice, Table
from handlers.timeline_cells import table as intentions
from knowledge.parties import is_slack_channel
from knowledge.subscriptions import pace
from knowledge.subscriptions.lately import Brought
from knowledge.subscriptions.nouns import Criteria, State, Subscription
from knowledge.subscriptions.understanding.nouns import Preview
from knowledge.subscriptions.understanding.telling import in_words, one_line
from knowledge.workdays import day_of

LATELY = 30
"""Days of which is told what came."""
_NAMED = 2
"""Intentions that are named where what came is told."""
_ENDED = {
    "unsubscribed": "stopped by the link in a message", "deleted": "deleted", "bounced": "nothing arrives there",
    "complaint": "a complaint came back", "gone": "the other side took it down", "failing": "nothing arrives there",
    "expired": "nobody started it",
}  # fmt: skip


def criteria_words(criteria: Criteria, every: str = "") -> str:
    """Criteria in sentences: "About: home care. Area: Thanet. How often: at once."."""
    return " ".join(f"{label}: {said.rstrip('.')}." for label, said in in_words(criteria, every))


def where_words(one: Subscription) -> str:
    """Where it goes, to whoever has it."""
    if is_slack_channel(one.recipient):
        return "into the Slack channel where it was made"
    if one.channel == "slack":
        return "in your direct messages"
    return "to a webhook" if one.channel == "webhook" else f"to {one.recipient}" if "@" in one.recipient else "here"


def state_words(one: Subscription) -> str:
    """How it stands: "On", "Paused since 3 November 2026"."""
    if one.state is State.PAUSED:
        return f"Paused since {day_words(day_of(one.paused_at))}" if one.paused_at else "Paused"
    if one.state is State.ENDED:
        return f"Ended: {_ENDED.get(one.ended_why, one.ended_why)}"
    return {State.ACTIVE: "On", State.UNCONFIRMED: "Not started"}[one.state]


def lately_words(brought: Sequence[Brought]) -> str:
    """What it brought in the last days: "3: Home care in Thanet (INT-1), ..."."""
    if not brought:
        return f"nothing in {LATELY} days"
    named = [f"{one.title} ({one.reference})" for one in brought[:_NAMED]]
    more = [f"{len(brought) - _NAMED} more"] if len(brought) > _NAMED else []
    return f"{len(brought)} in {LATELY} days: {listed([*named, *more])}"


def alerts_table(found: Sequence[Subscription], brought: dict[int, list[Brought]], total: int) -> Table:
    """Alerts in a table."""
    rows = tuple(
        (one_line(one.criteria), one.reference, state_words(one), _how(one), day_words(day_of(one.since)),
         lately_words(brought.get(one.id, ())))
        for one in found
    )  # fmt: skip
    columns = ("Alert", "Reference", "State", "How often", "Since", "Came lately")
    return Table(columns=columns, rows=rows, total=total, source="alerts")


def _how(one: Subscription) -> str:
    return f"{pace.in_words(one.every)}, {where_words(one)}"


def preview_words(found: Preview) -> str:
    """What of the past year would have been told, in a sentence."""
    if not found.compared:
        return "The timeline has nothing of the past year to compare with yet."
    if not found.total:
        return f"None of the {found.compared:,} intentions of the past year would have fitted."
    fitting = "1 intention" if found.total == 1 else f"{found.total:,} intentions"
    return f"In the past year {fitting} would have fitted; {_ahead(found)}."


def _ahead(found: Preview) -> str:
    if not found.coming:
        return "it is over" if found.total == 1 else "none of them is still to come"
    if found.coming == found.total:
        return {1: "it is", 2: "both are"}.get(found.total, "all of them are") + " still to come"
    return f"{found.coming:,} of them {'is' if found.coming == 1 else 'are'} still to come"


def preview_table(found: Preview, day: date) -> Table | None:
    """A few of those, as the timeline shows them; none where there are none."""
    shown = [one.shown for one in found.newest]
    return intentions(shown, len(shown), day, day, "") if shown else None


# --- buttons --------------------------------------------------------------------------------------------------------


def starting(reference: str, every: str | None) -> tuple[Choice, ...]:
    """The buttons under what was understood. `every`: how often was asked for, None where it was not said."""
    offered = dict.fromkeys((every or pace.AT_ONCE, pace.AT_ONCE, pace.DAILY, pace.WEEKLY))
    labels = {pace.AT_ONCE: "At once", pace.DAILY: "Daily round-up", pace.WEEKLY: "Weekly round-up"}
    first = f"Start: {pace.in_words(every or pace.AT_ONCE)}"
    starts = tuple(
        Choice(
            label=labels.get(one, "") if number else first, action="start_alert", about=f"{reference}|{one}",
            style="" if number else "primary",
        )
        for number, one in enumerate(offered)
    )  # fmt: skip
    change = Choice(label="Change", action="change_alert", about=reference, opens_form=True)
    return (*starts, change, Choice(label="No", action="no_alert", about=reference))


def minding(one: Subscription, *, several: bool = False, listed: bool = False) -> tuple[Choice, ...]:
    """The buttons of an alert somebody has. `several`: they stand among those of others; `listed`: a press is to leave
    those of the others."""
    of, about = f" {one.reference}" if several else "", one.reference + ("|list" if listed else "")
    if one.state is State.ENDED:
        return (Choice(label=f"Start{of} again", action="again_alert", about=one.reference),)
    paused = one.state is State.PAUSED
    return (
        Choice(label=f"{'Resume' if paused else 'Pause'}{of}", action="resume_alert" if paused else "pause_alert",
               about=about),
        Choice(label=f"Change{of}", action="change_alert", about=one.reference, opens_form=True),
        Choice(label=f"Delete{of}", action="delete_alert", about=about, style="" if several else "danger"),
    )  # fmt: skip
