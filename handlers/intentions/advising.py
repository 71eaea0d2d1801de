"""What a provider can do about an intention now, and by when."""

from __future__ import annotations

from datetime import date

from handlers.intentions.standing import listed
from handlers.intentions.times import when_words
from knowledge.timeline.nouns import Route, State, Terms


def now_words(terms: Terms, day: date) -> tuple[str, ...]:
    """What a provider can do now, the most pressing first, a sentence each: "Apply by 11 December 2026."."""
    state = terms.state or State.PLANNED
    if state is State.WITHDRAWN:
        return ("Nothing: it was withdrawn.",)
    if terms.posted_by:
        return _posted(terms, day)
    if state is State.AWARDED:
        return _after_award(terms)
    if state is State.CLOSED or _is_closed(terms, day):
        return (f"Wait for the decision{_expected(terms, day)}. It is too late to {_verb(terms)}.",)
    if state is State.OPEN:
        return _open(terms)
    return _planned(terms, day)


def _posted(terms: Terms, day: date) -> tuple[str, ...]:
    if _is_closed(terms, day):
        return (f"Nothing: it closed on {when_words(terms.closes)}.",)  # type: ignore[arg-type]
    by = f" by {when_words(terms.closes)}" if terms.closes else ""
    return (f"Write to {terms.posted_by}{by}: they offer it, and the council takes no part in it.",)


def now_short(terms: Terms, day: date) -> str:
    """The most pressing of it."""
    return now_words(terms, day)[0]


def _is_closed(terms: Terms, day: date) -> bool:
    return terms.closes is not None and terms.closes.last < day


def _verb(terms: Terms) -> str:
    return "apply" if terms.route is Route.GRANT else "bid"


def _expected(terms: Terms, day: date) -> str:
    return f", expected {_at(terms, 'award')}" if terms.award and terms.award.last >= day else ""


def _at(terms: Terms, what: str) -> str:
    """When, in a sentence: "on 1 March 2027", "in March 2027"."""
    when = getattr(terms, what)
    return f"{'on' if when.is_day else 'in'} {when_words(when)}"


def _open(terms: Terms) -> tuple[str, ...]:
    by = f" by {when_words(terms.closes)}" if terms.closes else ": it is open now"
    return (f"{_verb(terms).capitalize()}{by}.",)


def _after_award(terms: Terms) -> tuple[str, ...]:
    who = listed(terms.awarded_to) or "the provider"
    if terms.subcontract:
        return (f"Offer to work as a sub-contractor: parts of it may be passed on by {who}.",)
    again = f" It runs until {when_words(terms.end)}." if terms.end else ""
    return (f"Nothing: it is awarded{f' to {who}' if terms.awarded_to else ''}.{again}",)


def _planned(terms: Terms, day: date) -> tuple[str, ...]:
    said = []
    if terms.engagement and terms.engagement.last >= day:
        said.append(f"Say what you think: the council talks to providers {_at(terms, 'engagement')}.")
    if terms.route is Route.IN_HOUSE:
        said.append("There is nothing to bid for: the council does this itself.")
    elif terms.tender and terms.tender.last >= day:
        said.append(_get_ready(terms))
    elif terms.route in (None, Route.UNDECIDED) and not said:
        said.append("Tell the contact what you could offer: how it will be provided is not decided.")
    return tuple(said) or (f"Ask the contact how far it is{_to_come(terms, day)}.",)


def _to_come(terms: Terms, day: date) -> str:
    if expected := _expected(terms, day):
        return f": the decision is {expected.removeprefix(', ')}"
    return f": it is to start {_at(terms, 'start')}" if terms.start and terms.start.last >= day else ""


def _get_ready(terms: Terms) -> str:
    if terms.route is Route.GRANT:
        return f"Get ready to apply: applications open {_at(terms, 'tender')}."
    return f"Get ready to bid: the tender comes out {_at(terms, 'tender')}."
