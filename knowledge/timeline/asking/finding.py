"""The intentions a question is about: those everybody may read, the best first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sqlalchemy.engine import Connection

from knowledge.register.reader import RegisterReader
from knowledge.timeline.asking.matching import Matcher
from knowledge.timeline.asking.nouns import Limits, TimelineQuestion, Want
from knowledge.timeline.nouns import State
from knowledge.timeline.selecting import Shown, held_own, select, shown_of
from knowledge.timeline.wishing import Wish

_MOST = 300
"""Intentions that are weighed for a word, a kind of service or a condition."""
_LIKE = 20
FAIR = 0.5
"""From here on an intention is what the words are about."""
_NEAR = 0.6
"""How near to the best another must come to be told of beside it; `_SAME` where one is asked for."""
_SAME = 0.93
_PAST = frozenset({State.AWARDED, State.WITHDRAWN})


@dataclass(frozen=True)
class Findings:
    """What fits. `shown`: the best first, all of them where something is named, else as many as were wanted; `total`:
    how many there are; `nearest`: what fits but for some of the conditions, where nothing fits them all; `sure`: how
    well the best is described by the words, 0 to 1; `wish`: what they were chosen by."""

    total: int = 0
    shown: tuple[Shown, ...] = ()
    nearest: tuple[Shown, ...] = ()
    sure: float = 0.0
    wish: Wish = field(default_factory=Wish)


def find(
    connection: Connection, question: TimelineQuestion, reader: RegisterReader, day: date, count: int = 10
) -> Findings:
    """The public intentions of a question."""
    about = question.about
    if about.references:
        shown = tuple(shown_of(connection, about.references))
        return Findings(len(shown), shown, sure=1.0)
    if about.unknown:
        return Findings(sure=1.0 if _like_ours(connection, about.unknown, day) else 0.0)
    everyone = not held_own(connection)
    wish = replace(wish_of(question), everyone=everyone)
    found = _chosen(connection, question, wish, reader, day, count)
    if found.total:
        return found
    for looser in _looser(question):
        near = _chosen(connection, looser, replace(wish_of(looser), everyone=everyone), reader, day, 3)
        if near.total:
            return Findings(nearest=near.shown[:3], sure=near.sure, wish=wish)
    return Findings(wish=wish)


def _like_ours(connection: Connection, reference: str, day: date) -> bool:
    """Whether intentions have references that begin as this one does."""
    opening = reference.casefold().partition("-")[0]
    alike = select(connection, Wish(words=opening, past=True, everyone=True), day, count=_LIKE).shown
    return any(one.reference.casefold().startswith(f"{opening}-") for one in alike)


def wish_of(question: TimelineQuestion) -> Wish:
    """The conditions of a question as a wish. One that asks what became of something asks for what is over too."""
    limits = question.limits
    past = question.definite or question.of_history or bool(limits.states & _PAST)
    value, history = limits.value, question.of_history
    return Wish(
        district=question.about.district, past=past or Want.AWARDED in question.wants,
        low=_pounds(value.low) if value else None, high=_pounds(value.high) if value else None,
        routes=limits.routes, states=limits.states, sme=limits.sme, vcse=limits.vcse,
        period=None if history else limits.period(), what=(limits.what,) if limits.what and limits.span else (),
        or_open=not (limits.what and limits.span),
    )  # fmt: skip


def _pounds(pence: int | None) -> int | None:
    return None if pence is None else pence // 100


def _looser(question: TimelineQuestion) -> Iterable[TimelineQuestion]:
    """The question with fewer and fewer conditions. Without a subject only the time is let go."""
    limits = question.limits
    steps = [replace(limits, what="")] if limits.what and limits.span else []
    steps += [replace(limits, span=None)]
    if question.about.named:
        steps += [replace(limits, span=None, value=None), Limits(what=limits.what)]
    yield from (replace(question, limits=one) for one in dict.fromkeys(steps) if one != limits)
    if question.about.named and question.about.district:
        about = replace(question.about, district="", place="")
        yield replace(question, limits=Limits(), about=about)


def _chosen(
    connection: Connection, question: TimelineQuestion, wish: Wish, reader: RegisterReader, day: date, count: int
) -> Findings:
    limits = question.limits
    offered = limits.subcontract or limits.partner
    if not (question.about.named or offered or question.order or question.about.district):
        found = select(connection, wish, question.since(day), count=_MOST if question.limits.what else count)
        by = [((0.0, one), one) for one in found.shown]
        by = sorted(by, key=lambda item: _order(item[0], question, question.since(day))) if question.limits.what else by
        return Findings(found.total, tuple(one for _, one in by), sure=0.0, wish=wish)
    matcher = Matcher(question.about, reader)
    several = matcher.wishes(wish) if question.about.named else [wish]
    rows = {one.id: one for each in several for one in select(connection, each, day, count=_MOST).shown}
    kept = [one for one in rows.values() if one.terms.subcontract or not limits.subcontract]
    kept = [one for one in kept if one.terms.partner or not limits.partner]
    scored = [(matcher.score(one), one) for one in kept]
    best = max((score for score, _ in scored), default=0.0)
    if question.about.named:
        least = max(FAIR, best * (_SAME if question.definite and not question.of_history else _NEAR))
        scored = [(score, one) for score, one in scored if score >= least]
    shown = tuple(one for _, one in sorted(scored, key=lambda item: _order(item, question, question.since(day))))
    return Findings(len(shown), shown, sure=best, wish=wish)


def _order(item: tuple[float, Shown], question: TimelineQuestion, day: date) -> tuple[object, ...]:
    """By what it is worth where that is asked; else by how well it fits, what serves the place itself first, what is
    still to come before what is over, and then by what happens next."""
    score, one = item
    worth = float(one.terms.high or one.terms.low or Decimal(0))
    sign = {"biggest": -worth, "smallest": worth}.get(question.order, 0.0)
    elsewhere = bool(question.about.district) and not _names(one, question.about.district, question.about.place)
    asked = (question.limits.what,) if question.limits.what else _TIMES
    times = [when.last for name, when in one.terms.said().items() if name in asked and when.last >= day]
    if question.limits.what == "tender" and one.terms.state is State.OPEN:
        times = [day]  # what can be bid for now comes before what can be later
    over = one.terms.state in _PAST
    return sign, -round(score, 1), elsewhere, over, min(times, default=date.max), one.id


_TIMES = ("engagement", "tender", "closes", "award", "start")


def _names(one: Shown, district: str, place: str) -> bool:
    """Whether it speaks of the district or of the place that was said."""
    text = " ".join((one.terms.title, *one.terms.area)).casefold()
    return district.casefold() in text or bool(place and place.casefold() in text)
