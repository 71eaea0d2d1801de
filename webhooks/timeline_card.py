"""One intention for its page: what everybody may read of it, and for who keeps the timeline what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.engine import Connection

from handlers.intentions import saying
from handlers.intentions.advising import now_words
from handlers.intentions.saying import Event, change_words, day_words, events
from knowledge.parties import is_email
from knowledge.register.contract import Contract
from knowledge.register.holding import contract
from knowledge.timeline.differing import as_record, differences
from knowledge.timeline.history import Whole, versions_of, whole
from knowledge.timeline.necessity import Necessity, tender_notice
from knowledge.timeline.nouns import Kind, Route, Stage, State, Statement, Terms, Version
from knowledge.timeline.posted import offer_words, posted_words
from knowledge.timeline.selecting import Shown, shown_of
from knowledge.workdays import day_of
from webhooks.timeline_notices import Link, link_of, public_notices, related_of

_HAPPENED = {
    Kind.ADDED: "Published", Kind.CHANGED: "Changed", Kind.WITHDRAWN: "Withdrawn", Kind.RESTORED: "Taken up again",
}  # fmt: skip


class Entry(NamedTuple):
    """A version: when everybody could read it, what it does, what was and is, and why."""

    on: str
    what: str
    changes: tuple[str, ...]
    reason: str


class Step(NamedTuple):
    """A time of the intention. `state`: past, next or later."""

    event: Event
    state: str


class Waiting(NamedTuple):
    """What is not public yet: why, what it would change, the notices that came."""

    why: str
    changes: tuple[str, ...]
    notices: tuple[Link, ...]


class Card(NamedTuple):
    """An intention's page. `posted`, `offered`: of what a provider offers others, whose it is, and what."""

    reference: str
    own: bool
    buyer: str
    terms: Terms
    since: str
    stages: tuple[tuple[Stage, str], ...]
    steps: tuple[Step, ...]
    now: tuple[str, ...]
    state: str
    kinds: str
    follows: Contract | None
    notices: tuple[Link, ...]
    related: tuple[Link, ...]
    necessity: str
    history: tuple[Entry, ...]
    withdrawn: Entry | None
    email: str
    waiting: Waiting | None
    public: bool = True
    posted: str = ""
    offered: str = ""


def card_of(connection: Connection, reference: str, now: datetime, *, insider: bool) -> Card | None:
    """The page of a reference, whatever its case; None where there is nothing this reader may see."""
    found = shown_of(connection, [reference])
    if not found and not insider:
        return None
    held = whole(connection, reference, now)
    if held is None or not (found or held.intention.held):
        return None
    return _card(connection, found[0] if found else None, held, now, insider=insider)


def _card(connection: Connection, shown: Shown | None, held: Whole, now: datetime, *, insider: bool) -> Card:
    day, intention = day_of(now), held.intention
    terms = shown.terms if shown else intention.terms
    notices = public_notices(shown, held)
    history = tuple(_entry(one) for one in versions_of(connection, intention.id, released=True))
    after = contract(connection, terms.follows) if terms.follows else None
    return Card(
        intention.reference, intention.own, intention.buyer, terms, day_words(day_of(shown.since)) if shown else "",
        _stages(terms.stage), _steps(terms, day), now_words(terms, day), saying.state_words(terms, day),
        saying.kind_words(shown.kinds if shown else (), most=1) or terms.category,
        after.contract if after else None, tuple(map(link_of, notices)), related_of(terms, notices),
        _necessity(held, terms, notices, day), history, _withdrawn(terms, history),
        terms.contact_email if is_email(terms.contact_email) else "",
        _waiting(held, terms if shown else Terms(), notices) if insider and intention.held else None, shown is not None,
        posted_words(terms), offer_words(terms).capitalize(),
    )  # fmt: skip


def _stages(stage: Stage | None) -> tuple[tuple[Stage, str], ...]:
    """The four stages, each done, now or later; none of them now where nobody said."""
    order = list(Stage)
    at = order.index(stage) if stage else -1
    return tuple(
        (one, "later" if number > at else "now" if number == at else "done") for number, one in enumerate(order)
    )


def _steps(terms: Terms, day: date) -> tuple[Step, ...]:
    following = saying.next_event(terms, day)
    return tuple(
        Step(one, "next" if one == following else "past" if one.when.last < day else "later") for one in events(terms)
    )


def _necessity(held: Whole, terms: Terms, notices: Sequence[Statement], day: date) -> str:
    """Whether a notice on Find a Tender is needed before bids are invited, and why, in a sentence."""
    if not held.intention.own or terms.state is State.WITHDRAWN:
        return ""
    found = held.necessity if not held.intention.held else tender_notice(terms, notices, day)
    if not found.needed:
        return f"No notice on Find a Tender is needed: {found.why}."
    return f"{found.why[:1].upper()}{found.why[1:]}." if found.there else _not_there_yet(terms, found)


def _not_there_yet(terms: Terms, found: Necessity) -> str:
    """That the notice has to come first. What has not begun yet is as if it began today: its day is left out."""
    begun, _, value = found.why.partition(", and ")
    when = "If bids are to be invited" if terms.route in (None, Route.UNDECIDED) else "Before bids are invited"
    return f"{when}, a notice has to be on Find a Tender first: {value or begun}."


def _entry(version: Version) -> Entry:
    on = day_words(day_of(version.released_at or version.at))
    return Entry(on, _HAPPENED[version.kind], tuple(map(change_words, version.changes)), version.reason)


def _withdrawn(terms: Terms, history: Sequence[Entry]) -> Entry | None:
    if terms.state is not State.WITHDRAWN:
        return None
    return next((one for one in history if one.what == _HAPPENED[Kind.WITHDRAWN]), history[0] if history else None)


def _waiting(held: Whole, public: Terms, notices: Sequence[Statement]) -> Waiting:
    changes = differences(as_record(public), as_record(held.intention.terms))
    hidden = [one for one in held.notices if one not in notices]
    return Waiting(held.intention.held, tuple(map(change_words, changes)), tuple(map(link_of, hidden)))
