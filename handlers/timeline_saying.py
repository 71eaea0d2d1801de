"""What can be asked of one intention, a sentence each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from handlers.intentions.saying import (
    listed,
    next_event,
    route_words,
    stage_words,
    state_words,
    time_label,
    value_words,
    when_words,
)  # fmt: skip
from handlers.timeline_cells import contact_words, lots_words, suits_words
from knowledge.timeline.asking.nouns import Want
from knowledge.timeline.nouns import Route, State, Terms

_Sentence = Callable[[Terms, date, str], str]


def sentence(text: str) -> str:
    """A clause as a sentence."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")


def in_short(terms: Terms, day: date) -> str:
    """How it stands, what happens next and what it is worth."""
    ahead = None if terms.posted_by else next_event(terms, day)
    state = state_words(terms, day)
    said = [state] if terms.state not in (None, State.PLANNED) or not ahead else []
    said += [f"next step: {lower(ahead.label)}, {when_words(ahead.when)}"] if ahead else []
    said += [f"value {value}"] if (value := value_words(terms)) else []
    return "; ".join(said)


def lower(label: str) -> str:
    """A label inside a sentence."""
    return label[:1].lower() + label[1:]


def _when(terms: Terms, day: date, what: str) -> str:
    """When something happens: what was asked, else what happens next."""
    over = f"it has been awarded{_to(terms)}." if terms.state is State.AWARDED else ""
    if not what:
        return _join(over, "" if over else in_short(terms, day))
    if what == "tender" and terms.state is State.OPEN:
        return f"{state_words(terms, day)}."
    when, label = getattr(terms, what), time_label(what, terms.route)
    if when is None:
        ahead = next_event(terms, day)
        after = f" Next step: {lower(ahead.label)}, {when_words(ahead.when)}." if ahead else ""
        return _join(over, f"no date is given for {_ITS[what]} yet.{after}")
    tense = "was" if when.last < day else "is planned for"
    if what == "closes":
        return _join(over, f"{lower(label)} {'closed on' if when.last < day else 'on'} {when_words(when)}.")
    its = "the opening for applications" if label.endswith("open") else _ITS[what]
    on = "on " if when.is_day and tense == "was" else ""
    return _join(over, f"{its} {tense} {on}{when_words(when)}.")


_ITS = {
    "engagement": "market engagement", "tender": "the tender", "closes": "bids to close", "award": "the award",
    "start": "the start", "end": "the end",
}  # fmt: skip


def _join(*parts: str) -> str:
    said = [part for part in parts if part]
    return " ".join((*said[:1], *(sentence(part) for part in said[1:])))


def _to(terms: Terms) -> str:
    return f" to {listed(terms.awarded_to)}" if terms.awarded_to else ""


def _bid(terms: Terms, day: date, what: str) -> str:
    notice = f" Its notice on Find a Tender: {terms.related[0]}." if terms.related else ""
    contact = f" Ask {contact_words(terms)}." if contact_words(terms) else ""
    if terms.state is State.OPEN:
        return f"{state_words(terms, day)}.{notice}{contact}"
    if terms.state in (State.AWARDED, State.CLOSED):
        return f"{state_words(terms, day)}: it is too late."
    if terms.route is Route.IN_HOUSE:
        return "there is nothing to bid for: the council provides it itself."
    return _join("not open yet.", sentence(_when(terms, day, "tender" if terms.tender else "")), contact.strip())


def _suited(terms: Terms, day: date, what: str) -> str:
    suits, lots = suits_words(terms), lots_words(terms)
    said = f"it is said to be suited to {suits}." if suits else "nothing is said of whom it suits."
    about = f"“{terms.description}”" if "lot" in terms.description else ""
    return _join(said, f"Lots: {lots}." if lots else about)


def _state(terms: Terms, day: date, what: str) -> str:
    stage = f" Stage: {stage_words(terms.stage)}." if terms.stage else ""
    return f"{in_short(terms, day)}.{stage}"


def _awarded(terms: Terms, day: date, what: str) -> str:
    if terms.state is State.AWARDED:
        when = f" on {when_words(terms.award)}" if terms.award and terms.award.is_day else ""
        return f"it has been awarded{_to(terms)}{when}." + (
            "" if terms.awarded_to else " The timeline does not say to whom."
        )
    return f"it has not been awarded: {_when(terms, day, 'award')}"


def _plain(said: Callable[[Terms], str], before: str, lacking: str) -> _Sentence:
    return lambda terms, day, what: f"{before} {found}." if (found := said(terms).rstrip(".")) else lacking


SAYS: dict[Want, _Sentence] = {
    Want.WHEN: _when,
    Want.STATE: _state,
    Want.AWARDED: _awarded,
    Want.CONTACT: _plain(contact_words, "the contact is", "no contact is given."),
    Want.BID: _bid,
    Want.SUITED: _suited,
    Want.DURATION: _plain(lambda terms: terms.duration, "it is to last", "how long it lasts is not said yet."),
    Want.VALUE: _plain(value_words, "its value:", "no value is given yet."),
    Want.ROUTE: _plain(lambda terms: route_words(terms.route), "the route is", "the route is not said yet."),
}
"""A sentence on what is wanted: of an intention, on a day, with the time that is asked for."""
