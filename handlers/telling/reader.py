"""The part of a letter that is its reader's own: which of their alerts brought it, and what they can do about that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.intentions.saying import listed
from handlers.messages import Choice
from knowledge.subscriptions.bringing import Brought
from knowledge.subscriptions.nouns import Criteria, Subscription, Verdict
from knowledge.subscriptions.pace import in_words
from knowledge.subscriptions.releases import Newer, Release
from knowledge.subscriptions.understanding.telling import KINDS, one_line
from knowledge.timeline.nouns import State

_KINDS = {kind.value: words for kind, words in KINDS.items()}


def because(found: Sequence[Brought]) -> tuple[str, ...]:
    """Which alerts brought one intention, a sentence each."""
    return tuple(_because(one) for one in found)


def overtaken(told: Release, newest: Newer | None) -> tuple[str, ...]:
    """That something else is public by now: a letter may be late, and reach somebody after one of a later version."""
    if newest is None:
        return ()
    if newest.reference != told.reference:
        return (f"It has turned out to be the same as {newest.reference}: that page says how it stands now.",)
    state = newest.terms.state or State.PLANNED
    what = {State.WITHDRAWN: "been withdrawn", State.AWARDED: "been awarded"}.get(state, "changed")
    return (f"It has {what} since then: its page says how it stands now.",)


def _because(one: Brought) -> str:
    alert = named(one.subscription)
    if not one.fits:
        missing = listed([f"{why.field}: {why.found}" for why in one.why if not why.fits])
        return f"You were told of this before, because of {alert}. It no longer fits that ({missing})."
    found = matched(one)
    return f"You hear of this because of {alert}." + (f" What fits: {found}." if found else "")


def matched(one: Brought) -> str:
    """What of an intention fitted, field by field: "home care; Thanet". Nothing of one that is followed: the alert
    itself says which it is."""
    if one.subscription.criteria == Criteria(follows=one.subscription.criteria.follows):
        return ""
    return "; ".join(f"{why.found}, so it may fit" if _unsaid(why) else _found(why) for why in one.why if why.fits)


def _found(why: Verdict) -> str:
    """What was found, with kinds of opportunity as people call them."""
    if why.field != "kind":
        return why.found
    return " or ".join(_KINDS.get(kind, kind) for kind in why.found.split(" or "))


def _unsaid(why: Verdict) -> bool:
    """Whether it fits only because nothing is said that would rule it out."""
    return why.field in ("value", "region") and why.found.startswith("no ")


def named(one: Subscription) -> str:
    """An alert by its name and what it asks for: "your alert S-12: home care, in Thanet"."""
    wanted = one_line(one.criteria)
    begins = wanted[:1].lower() if wanted[1:2].islower() else wanted[:1]
    return f"your alert {one.reference}: {begins}{wanted[1:]}"


def alerts_of(found: Iterable[Brought]) -> list[Subscription]:
    """The subscriptions that brought these, each once, the oldest first."""
    return [one for _, one in sorted({one.subscription.id: one.subscription for one in found}.items())]


def round_up_notes(alerts: Sequence[Subscription]) -> tuple[str, ...]:
    """Which alerts a round-up is for, and when the next one comes."""
    if len(alerts) == 1:
        return (f"You get this round-up because of {named(alerts[0])}, {in_words(alerts[0].every)}.",)
    lines = (f"{one.reference}: {one_line(one.criteria)}, {in_words(one.every)}" for one in alerts)
    return ("You get this round-up because of these alerts of yours:", *lines)


def choices(alerts: Sequence[Subscription], channel: str, reference: str = "") -> tuple[Choice, ...]:
    """What the reader can do: open it, change the alert, stop. In Slack the buttons act there; elsewhere they lead to
    pages."""
    numbers = ",".join(str(one.id) for one in alerts)
    one = len(alerts) == 1
    change = Choice(label="Change this alert" if one else "My alerts", action="manage_alerts",
                    about=numbers if one else "")  # fmt: skip
    stop = Choice(
        label="Stop this alert" if one else "Stop these alerts",
        action="stop_alert" if channel == "slack" else "unsubscribe", about=numbers,
    )  # fmt: skip
    return (*((opening(reference),) if reference else ()), change, stop)


def opening(reference: str) -> Choice:
    """What opens an intention."""
    label = "Open it on the timeline"
    return Choice(label=label, action="open_intention", about=reference, opens_form=True, style="primary")
