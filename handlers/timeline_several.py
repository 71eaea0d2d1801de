"""What is said of several intentions, and of several changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.intentions.saying import change_words, next_event, route_name, time_label, when_words
from handlers.timeline_cells import reason_words
from handlers.timeline_saying import lower
from knowledge.timeline.asking.nouns import TimelineQuestion, Want
from knowledge.timeline.nouns import State, Version
from knowledge.timeline.selecting import Shown

_WHATS = {
    "engagement": "market engagement", "tender": "tender", "closes": "closing", "award": "award", "start": "start",
    "end": "end",
}  # fmt: skip
_STATES = {State.OPEN: "open now", State.AWARDED: "awarded", State.WITHDRAWN: "withdrawn"}


def of_several(question: TimelineQuestion, total: int, shown: Sequence[Shown], day: date) -> str:
    """The sentence over a table."""
    said = conditions_of(question)
    fit = (
        f"{_count(total)} on the timeline {'fits' if total == 1 else 'fit'}"
        if said
        else f"{_count(total)} on the timeline"
    )
    first = f" {_first(question, shown[0], day)}" if shown else ""
    if {Want.BID, Want.CONTACT} & set(question.wants) and shown:
        first += f" Whom to ask and what to do stands with each: ask “how do I apply for {shown[0].reference}?”."
    return f"{fit}{': ' + ', '.join(said) if said else ''}.{first}"


def _first(question: TimelineQuestion, one: Shown, day: date) -> str:
    """The best of them, and what happens to it."""
    what = question.limits.what
    when = getattr(one.terms, what, None) if what else None
    ahead = next_event(one.terms, question.since(day))
    name = f"{one.terms.title.strip()} ({one.reference})"
    opening = "The biggest" if question.order == "biggest" else "First"
    if what and when and when.last >= question.since(day):
        return f"{opening}: {name}, {lower(time_label(what, one.terms.route))} {when_words(when)}."
    if ahead is None:
        return f"{opening}: {name}."
    return f"{opening}: {name}, {ahead.label[:1].lower()}{ahead.label[1:]} {when_words(ahead.when)}."


def conditions_of(question: TimelineQuestion) -> list[str]:
    """The conditions as they were understood, so that a reader can check them."""
    limits, about = question.limits, question.about
    said = [f"“{about.said}”"] if about.said else []
    said += [f"in {about.place or about.district}"] if about.district else []
    said += [route_name(route) for route in sorted(limits.routes)]
    said += [_STATES[state] for state in sorted(limits.states) if state in _STATES]
    if limits.span and not question.of_history:
        said.append(f"{_WHATS[limits.what] + ' ' if limits.what else ''}{limits.span.said}")
    said += [limits.value.said] if limits.value else []
    given = (("suited to small firms", limits.sme), ("suited to charities and social enterprises", limits.vcse),
             ("sub-contracts", limits.subcontract), ("partners wanted", limits.partner))  # fmt: skip
    return said + [name for name, wanted in given if wanted]


def of_changes(question: TimelineQuestion, rows: Sequence[tuple[str, str, Version]]) -> str:
    """The sentence over a table of changes."""
    span = question.limits.span
    when = f" {span.said}" if span else ""
    what = next((_KINDS[one] for one in sorted(question.changes) if one in _KINDS), "change")
    about = f" to “{question.about.said}”" if question.about.said else ""
    if not rows:
        return f"The timeline has no {what}{about}{when}."
    count = f"One {what}" if len(rows) == 1 else f"{len(rows):,} {what}s"
    reference, title, version = rows[0]
    last = "; ".join(change_words(one) for one in version.changes) or version.kind.value
    told = f"{title.strip()} ({reference}), {last[:1].lower()}{last[1:]}.{reason_words(version)}"
    return f"{count}{about}{when}. The last: {told}"


_KINDS = {
    "withdrawn": "withdrawal", "later": "delay", "value": "change of value", "route": "change of route",
    "added": "new intention",
}  # fmt: skip


def _count(total: int) -> str:
    return "One intention" if total == 1 else f"{total:,} intentions"
