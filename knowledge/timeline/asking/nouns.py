"""A question to the timeline: what is wanted, of which intentions, within which days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from knowledge.periods import Period
from knowledge.register.asking.nouns import Band, Span
from knowledge.timeline.nouns import Route, State


class Want(StrEnum):
    """What a question wants to know of intentions. LIST: which there are."""

    LIST = "list"
    WHEN = "when"
    CHANGES = "changes"
    WHY = "why"
    WITHDRAWN = "withdrawn"
    STATE = "state"
    AWARDED = "awarded"
    CONTACT = "contact"
    BID = "bid"
    SUITED = "suited"
    DURATION = "duration"
    VALUE = "value"
    ROUTE = "route"
    COUNT = "count"


HISTORY = frozenset({Want.CHANGES, Want.WHY, Want.WITHDRAWN})
"""What is answered from versions."""


class Cue(StrEnum):
    """How plainly a message speaks of coming work. WEAK: it does if what it is about is on the timeline."""

    STRONG = "strong"
    WEAK = "weak"
    NONE = ""


@dataclass(frozen=True)
class About:
    """What a question is about. `words`: as asked, misspellings mended; `area`: a part of the council by name, with
    the kinds of service that are its; `references`: of intentions there are; `unknown`: something like one that there
    is not; `district`: one of the county's, `place` as it was said."""

    words: tuple[str, ...] = ()
    area: str = ""
    kinds: frozenset[str] = frozenset()
    references: tuple[str, ...] = ()
    unknown: str = ""
    district: str = ""
    place: str = ""

    @property
    def named(self) -> bool:
        """Whether it says what the work is, not only where."""
        return bool(self.words or self.area or self.references or self.unknown)

    @property
    def said(self) -> str:
        """It in words, "" for any work."""
        return self.unknown or " ".join(self.words) or self.area


@dataclass(frozen=True)
class Limits:
    """What intentions must be, beside what they are about. `what`: the time that is asked for, or that `span` is about
    (tender, closes, start ...), "" for any; `sme`, `vcse`, `subcontract`: said to be suited, or to be one;
    `partner`: a provider looks for one."""

    span: Span | None = None
    what: str = ""
    value: Band | None = None
    routes: frozenset[Route] = frozenset()
    states: frozenset[State] = frozenset()
    sme: bool = False
    vcse: bool = False
    subcontract: bool = False
    partner: bool = False

    def __bool__(self) -> bool:
        return replace(self, what="") != Limits()

    def with_more(self, more: Limits) -> Limits:
        """These, with what the others say over them."""
        none = Limits()
        return replace(self, **{name: said for name, said in vars(more).items() if said != getattr(none, name)})

    def period(self) -> Period | None:
        """The days, open ends far away."""
        if self.span is None:
            return None
        return Period(self.span.first or date.min, self.span.last or date.max)


@dataclass(frozen=True)
class TimelineQuestion:
    """A question that the timeline may answer. `order`: biggest, smallest, ""; `definite`: of one intention rather
    than of all that fit; `asks`: it has the form of a question or of a search; `plain`: it names coming work by a word
    for it (tender, grant, pipeline); `changes`: the kinds of change it speaks of; `so`: it asks whether something is
    so; `points_back`: it says "it", and not what that is."""

    wants: tuple[Want, ...]
    about: About
    limits: Limits
    cue: Cue
    order: str = ""
    definite: bool = False
    asks: bool = True
    plain: bool = False
    changes: frozenset[str] = frozenset()
    so: bool = False
    points_back: bool = False

    def since(self, day: date) -> date:
        """The day from which on what happens next is told: today, or later where only later days are asked about."""
        first = self.limits.span.first if self.limits.span and not self.of_history else None
        return max(day, first) if first else day

    @property
    def of_history(self) -> bool:
        """Whether versions answer it."""
        return bool(HISTORY & set(self.wants))
