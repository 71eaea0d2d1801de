"""What a release comes to, in the few words of a subject line."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from handlers.intentions.saying import band_words, route_name, stage_name, time_label, when_words
from knowledge.subscriptions.releases import Release
from knowledge.timeline.differing import LABELS, TIMES
from knowledge.timeline.nouns import Change, Stage, State, Terms
from knowledge.timeline.when import When

LONGEST_TITLE = 120


class What(StrEnum):
    """What a release does, for whoever reads it."""

    NEW = "new"
    ANALYSE = "analyse"
    CHANGED = "changed"
    OPEN = "open"
    CLOSED = "closed"
    RESTORED = "restored"
    AWARDED = "awarded"
    WITHDRAWN = "withdrawn"


def what_of(told: Release) -> What:
    """What a release does: of several things the gravest."""
    state, before = told.terms.state, told.before
    was = before.state if before else None
    if state is State.WITHDRAWN and was is not State.WITHDRAWN:
        return What.WITHDRAWN
    if state is State.AWARDED and was is not State.AWARDED:
        return What.AWARDED
    if before is None:
        return What.NEW
    if was is State.WITHDRAWN and state is not State.WITHDRAWN:
        return What.RESTORED
    if state is not was and state in _STATES:
        return _STATES[state]
    enters = told.terms.stage is Stage.ANALYSE and before.stage is not Stage.ANALYSE
    return What.ANALYSE if enters else What.CHANGED


_STATES = {State.OPEN: What.OPEN, State.CLOSED: What.CLOSED}


def options_open(told: Release) -> bool:
    """Whether it has just entered the stage in which nothing is decided: the time to have one's say."""
    what = what_of(told)
    return what is What.ANALYSE or (what is What.NEW and told.terms.stage is Stage.ANALYSE)


def is_beside(told: Release) -> bool:
    """Whether all that has changed lies beside the plans: notices, whom to ask. It is told, and for what it is."""
    return what_of(told) is What.CHANGED and bool(told.changes) and {one.field for one in told.changes} <= _BESIDE


_BESIDE = {"notices", "related", "contact", "contact_email"}


def title_of(terms: Terms) -> str:
    """A title in a line."""
    title = " ".join(terms.title.split()) or "An intention without a title"
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"


def headline(told: Release) -> str:
    """The subject line: "New: Home care: six district contracts"."""
    what, title = what_of(told), title_of(told.terms)
    if what is What.NEW and options_open(told):
        return f"New, options still open: {title}"
    if what is What.OPEN and told.terms.closes:
        return f"Open now: {title}, until {when_words(told.terms.closes)}"
    if what is What.CHANGED:
        return f"Changed: {title} – {in_short(told)}"
    return f"{_BEGINS[what]}: {title}"


_BEGINS = {
    What.NEW: "New", What.ANALYSE: "Enters analysis", What.OPEN: "Open now", What.CLOSED: "Closed",
    What.RESTORED: "Taken up again", What.AWARDED: "Awarded", What.WITHDRAWN: "Withdrawn",
}  # fmt: skip


def in_short(told: Release) -> str:
    """The change that matters most, and how many more there are: "the tender moves to March 2027, and one more"."""
    if not told.changes:
        return "changed, and changed back"
    known = {one.field: one for one in told.changes}
    first = next((name for name in _ORDER if name in known), told.changes[0].field)
    more = len({_one_thing(name) for name in known} - {_one_thing(first)})
    also = "" if not more else ", and one more change" if more == 1 else f", and {more} more changes"
    return _clause(known[first], told) + also


_ORDER = ("tender", "closes", "engagement", "award", "start", "end", "route", "low", "high", "stage", "area", "lots",
          "notices", "title")  # fmt: skip
_VALUE = ("low", "high", "gross")


def _one_thing(name: str) -> str:
    """Fields that people take for one."""
    return "low" if name in _VALUE else "service" if name == "category" else name


def _clause(change: Change, told: Release) -> str:
    if change.field in TIMES:
        return _time(change, told.terms)
    said = _CLAUSES.get(change.field)
    return said(told.terms) if said else f"{LABELS[change.field]} changed"


def _value(terms: Terms) -> str:
    band = band_words(terms.low, terms.high)
    return f"the value is now {band}" if band else "the value is no longer said"


_CLAUSES: dict[str, Callable[[Terms], str]] = {
    **dict.fromkeys(_VALUE, _value),
    "route": lambda terms: f"the route is now {route_name(terms.route)}",
    "stage": lambda terms: f"it is now at the stage {stage_name(terms.stage).lower()}" if terms.stage else "stage",
    "area": lambda terms: f"the area is now {', '.join(terms.area)[:80]}" if terms.area else "no area is said now",
    "notices": lambda terms: "its notice is published",
    "title": lambda terms: "it has a new name",
    "lots": lambda terms: f"it now has {len(terms.lots)} lots" if len(terms.lots) != 1 else "it now has one lot",
}


def _time(change: Change, terms: Terms) -> str:
    """ "the tender moves to March 2027"; of bids and applications "bids now close on 15 January 2027"."""
    label = time_label(change.field, terms.route)
    ends = label.endswith((" open", " close"))
    if change.after is None:
        return f"no date is given any more for {_its(change.field, label)}"
    when = When.model_validate(change.after)
    said = when_words(when)
    if terms.posted_by and change.field == "closes":
        return f"answers are now wanted by {said}"
    if ends:
        whose, verb = label.lower().split()
        return f"{whose} now {verb} {'on' if when.is_day else 'in'} {said}"
    return f"{_its(change.field, label)} {'moves to' if change.before else 'is planned for'} {said}"


def _its(what: str, label: str) -> str:
    return {"closes": "the close of bids", "engagement": "market engagement"}.get(what, f"the {label.lower()}")
