"""What everybody reads of a release, in the same words however and however late they are told."""

from __future__ import annotations

import hashlib
from datetime import date

from handlers.intentions.changes import said_words
from handlers.intentions.saying import (
    day_words,
    events,
    listed,
    next_event,
    route_words,
    state_words,
    value_words,
    when_words,
)  # fmt: skip
from handlers.intentions.times import Event
from handlers.messages import Table
from handlers.telling.headlines import What, is_beside, options_open, title_of, what_of
from handlers.timeline_cells import contact_words, lots_words, suits_words
from handlers.timeline_saying import lower
from knowledge.subscriptions.releases import Release
from knowledge.timeline.differing import LABELS, unexplained
from knowledge.timeline.nouns import Change, Route, State, Terms
from knowledge.timeline.posted import posted_words
from knowledge.workdays import day_of

_LONGEST = 420
_VALUE = ("low", "high", "gross")


def paragraphs(told: Release, council: str) -> list[str]:
    """What has happened, why, and what it is about."""
    said = [lead(told, council)]
    if told.before is not None:
        said.append(why(told))
    if what_of(told) in (What.NEW, What.ANALYSE, What.OPEN, What.RESTORED):
        said.append(shortened(told.terms.description))
    if options_open(told):
        said.append(_have_your_say(told.terms))
    if told.before is not None and what_of(told) not in (What.WITHDRAWN, What.AWARDED) and not is_beside(told):
        said.append(standing(told))
    return [one for one in said if one]


def lead(told: Release, council: str) -> str:
    """What has happened, in a sentence: with the reference, by which the council knows it."""
    terms, named = told.terms, f"{title_of(told.terms)} ({told.reference})"
    by = f"{council[:1].upper()}{council[1:]}"
    what = what_of(told)
    if terms.posted_by and what in _POSTED:
        return _POSTED[what].format(by=terms.posted_by, named=named)
    if is_beside(told):
        noticed = any(one.field == "notices" for one in told.changes)
        return f"{named}: {'a notice is published' if noticed else 'details have changed'}. {_AS_BEFORE}"
    if what is What.WITHDRAWN:
        return f"{by} has withdrawn {named}. It will not go ahead as planned."
    if what is What.AWARDED:
        to = f" to {listed(terms.awarded_to)}" if terms.awarded_to else ". The timeline does not say to whom"
        return f"{named} has been awarded{to}."
    if what is What.OPEN:
        return f"{named}: {lower(state_words(terms, day_of(told.at)))}."
    if what is What.CLOSED:
        return f"{named} is closed: what came in is being looked at."
    return _LEADS[what].format(by=by, named=named)


_AS_BEFORE = "What is planned, when and for how much stands as it did."
_LEADS = {
    What.NEW: "{by} has put a new piece of coming work on its timeline: {named}.",
    What.ANALYSE: "{by} has begun to look into {named}.",
    What.CHANGED: "{by} has changed its plans for {named}.",
    What.RESTORED: "{by} has taken up again what it had withdrawn: {named}.",
}
_POSTED = {
    What.NEW: "Posted by {by}, not by the council: {named}.",
    What.CHANGED: "{by} has changed what it posted: {named}. It is no work of the council's.",
    What.WITHDRAWN: "{by} has taken back what it posted: {named}.",
}
"""Of sub-contracts and partners wanted: it is a provider's, and the council has only let it through."""


def why(told: Release) -> str:
    """The reasons of a change, as they were given; where one is due and there is none, that none is given."""
    if not told.reasons:
        due = (what_of(told) is What.CHANGED and not is_beside(told)) or unexplained(told.changes)
        return "No reason is given." if due else ""
    given = [f"“{one.strip('“”')}”" for one in told.reasons]
    return (
        f"The reason given: {given[0]}"
        if len(given) == 1
        else f"The reasons given, the latest last: {'; '.join(given)}"
    )


def shortened(text: str, longest: int = _LONGEST) -> str:
    """A description, as far as a letter holds it: cut at the end of a sentence, else of a word."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    cut = text[:longest]
    end = cut.rfind(". ")
    return cut[: end + 1] if end > longest // 2 else cut.rsplit(" ", 1)[0].rstrip(" ,;") + " …"


def _have_your_say(terms: Terms) -> str:
    whom = contact_words(terms) or (f"{terms.directorate} at the council" if terms.directorate else "the council")
    return (
        "The options are not fixed yet: the council is finding out what people need, and how the service will be "
        f"provided is still open. This is the time to say what you know or think of it. Tell {whom}."
    )


def standing(told: Release) -> str:
    """How it stands after a change: value, area, what happens next; so that nobody need look it up."""
    terms, day = told.terms, day_of(told.at)
    ahead = next_event(terms, day)
    said = [f"Next step: {next_words(ahead)}."] if ahead else []
    said += [f"Value: {value}."] if (value := value_words(terms)) else []
    said += [f"Area: {', '.join(terms.area)}."] if terms.area else []
    return " ".join(said)


def next_words(ahead: Event) -> str:
    """What happens next, and when: "tender, June 2027", "answers by 5 December 2026"."""
    label = lower(ahead.label)
    return f"{label}{'' if label.endswith(' by') else ','} {when_words(ahead.when)}"


# --- tables ---------------------------------------------------------------------------------------------------------


def facts(told: Release) -> Table:
    """Value, area, and when what happens: a card."""
    terms = told.terms
    rows = [("Whose", posted_words(terms)), ("Value", value_words(terms) or "not said yet")]
    rows.append(("Area", ", ".join(terms.area)))
    rows += [(event.label, when_words(event.when)) for event in events(terms)]
    rows += [
        ("How long", terms.duration), ("How it will be provided", route_words(terms.route) if terms.route else ""),
        ("Lots", lots_words(terms)), ("Suited to", suits_words(terms)),
        ("Notices", ", ".join(terms.related[:3])), ("Contact", contact_words(terms)), ("Reference", told.reference),
    ]  # fmt: skip
    shown = tuple((name, " ".join(said.split())) for name, said in rows if said.strip())
    return Table(columns=("", ""), rows=shown, total=1, card=True, contracts=(told.reference,), source="timeline")


def differing(told: Release) -> Table | None:
    """What was, and what is now; None where nothing but the state says it all."""
    rows = [_row(one) for one in told.changes if one.field not in (*_VALUE, *_SAID_ALREADY.get(what_of(told), ()))]
    if told.before is not None and any(one.field in _VALUE for one in told.changes):
        was, now = value_words(told.before), value_words(told.terms)
        rows.insert(0, ("Value", was or "not said", now or "no longer said"))
    if not rows:
        return None
    return Table(columns=("What", "Was", "Is now"), rows=tuple(rows), total=len(rows), source="change")


_SAID_ALREADY = {
    What.WITHDRAWN: ("state",), What.AWARDED: ("state", "awarded_to"), What.OPEN: ("state",), What.CLOSED: ("state",),
    What.RESTORED: ("state",),
}  # fmt: skip


def _row(change: Change) -> tuple[str, str, str]:
    label = LABELS[change.field][:1].upper() + LABELS[change.field][1:]
    if change.field == "notices":
        return "Notice", "none", f"{change.after} is published"
    was, now = said_words(change.field, change.before), said_words(change.field, change.after)
    if change.field == "state":
        was, now = state_name(change.before), state_name(change.after)
    if was == now:
        now = f"{now}, changed: see the page"
    return label, was or "not said", now or "no longer said"


def state_name(state: str | None) -> str:
    """A state in a word or two."""
    known = State(state or State.PLANNED)
    return {State.OPEN: "open now", State.CLOSED: "closed, being looked at"}.get(known, known.value)


def table_of(told: Release) -> Table | None:
    """The table of a release: its facts where they are news, what changed where that is."""
    return facts(told) if told.before is None or what_of(told) is What.RESTORED else differing(told)


def checksum(*said: object) -> str:
    """A sum over what everybody is told alike."""
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()


def closing_lead(terms: Terms, reference: str, day: date) -> str:
    """That it closes soon: the day, and no count of days, which would be wrong in a letter that is late."""
    named = f"{title_of(terms)} ({reference})"
    if terms.posted_by:
        return f"Answers to {named}, posted by {terms.posted_by}, are wanted by {day_words(day)}."
    return f"{'Applications' if terms.route is Route.GRANT else 'Bids'} for {named} close on {day_words(day)}."
