"""By what route a service is bought, as a notice says."""

from __future__ import annotations

import re

from knowledge.timeline.notice_types import NoticeType
from knowledge.timeline.nouns import Route
from knowledge.timeline.reading.parts import line, parts, word, words
from knowledge.timeline.reading.release import Release

_CALL_OFF = re.compile(
    r"call[- ]?off|further competition|mini[- ]?competition|(?:award|under|from|within).{0,20}framework", re.I
)
_DIRECT = re.compile(
    r"direct award|single (?:tender|source)|without (?:prior|competition|a call|publication)|^direct$", re.I
)
_GRANT = re.compile(r"\bgrants?\b", re.I)
_LIGHT_TOUCH = re.compile(r"light[- ]?touch|social and (?:other|similar)", re.I)
_TENDER = re.compile(
    r"open|restricted|competitive|quotation|negotiated|dialogue|innovation partnership|tender|selective", re.I
)


def route_of(release: Release, kind: NoticeType) -> Route | None:
    """The route, None where the notice does not say. To set up a framework is a tender; to call off from one is not."""
    return route_named(line(release.tender, "procurementMethodDetails")) or _by_codes(release, kind)


def route_named(said: str) -> Route | None:
    """The route a procedure's name tells of, None where it tells of none."""
    shapes = (
        (_CALL_OFF, Route.FRAMEWORK), (_DIRECT, Route.DIRECT), (_GRANT, Route.GRANT), (_LIGHT_TOUCH, Route.LIGHT_TOUCH),
    )  # fmt: skip
    return next((route for shape, route in shapes if shape.search(said)), None)


def _by_codes(release: Release, kind: NoticeType) -> Route | None:
    tender, method = release.tender, word(release.tender.get("procurementMethod"))
    if _is_call_off(release):
        return Route.FRAMEWORK
    if method == "direct" or kind.key in ("UK5", "F15"):
        return Route.DIRECT
    if any(_LIGHT_TOUCH.search(one) for one in words(tender.get("specialRegime"))) or _LIGHT_TOUCH.search(kind.name):
        return Route.LIGHT_TOUCH
    if method in ("open", "selective", "limited") or _TENDER.search(line(tender, "procurementMethodDetails")):
        return Route.TENDER
    return Route.TENDER if kind.tenders else None


def _is_call_off(release: Release) -> bool:
    """Whether another procurement that it names is the framework it buys from."""
    related = [*parts(release.whole, "relatedProcesses"), *parts(release.tender, "relatedProcesses")]
    return any("framework" in words(one.get("relationship")) for one in related)
