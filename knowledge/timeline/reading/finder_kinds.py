"""What a notice on Contracts Finder is, by its type and its status, and by what route it buys."""

from __future__ import annotations

import re
from typing import NamedTuple

from knowledge.timeline.notice_types import notice_type, notice_types
from knowledge.timeline.nouns import Route, Stage, State

_STATUS = {
    "open": State.OPEN, "published": State.OPEN, "live": State.OPEN, "closed": State.CLOSED, "awarded": State.AWARDED,
    "withdrawn": State.WITHDRAWN, "cancelled": State.WITHDRAWN, "terminated": State.WITHDRAWN,
}  # fmt: skip
_ROUTES = (
    (Route.LIGHT_TOUCH, r"light[- ]?touch"),
    (Route.GRANT, r"\bgrants?\b"),
    (Route.FRAMEWORK, r"framework|call-?off|dynamic ?purchasing|\bdps\b|further competition|mini[- ]?competition"),
    (Route.DIRECT, r"without ?(prior|competition|a call)|single ?(tender|source)|direct ?award"),
    (Route.TENDER, r"^open|\bopen\b|^restricted|\brestricted\b|negotiat|competitive|quotation|dialog|\btender\b"),
)


class NoKind(ValueError):
    """A type or status the desk does not know. Its text says which."""


class Kind(NamedTuple):
    """A key of the table of notice types, and what the notice says of its procurement."""

    key: str
    stage: Stage | None
    state: State


def kind_of(type_: str, status: str) -> Kind:
    """What a notice is. Raises NoKind."""
    found = notice_type(f"Contracts Finder: {type_}")
    state = _STATUS.get(" ".join(status.casefold().split()))
    if found is None or found.state is None:
        raise NoKind(f"Notice Type: {type_[:60]!r} is none the desk knows (Pipeline, PreProcurement, Contract ...)")
    if state is None:
        raise NoKind(f"Status: {status[:60]!r} is none the desk knows (Open, Closed, Awarded, Withdrawn)")
    if state == State.WITHDRAWN or found.state == State.WITHDRAWN:
        return Kind("CF-withdrawn", found.stage, State.WITHDRAWN)
    if state == State.AWARDED or found.state == State.AWARDED:
        return Kind("CF-award", notice_types()["CF-award"].stage, State.AWARDED)
    return Kind(found.key, found.stage, found.state if found.state == State.PLANNED else state)


def route_of(procedure: str) -> Route | None:
    """The route a procedure's name tells of ("CallOffFromFrameworkAgreement"), None where it tells of none."""
    text = procedure.casefold().removeprefix("other ").strip()
    return next((route for route, pattern in _ROUTES if re.search(pattern, text)), None)
