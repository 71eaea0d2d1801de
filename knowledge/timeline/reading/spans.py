"""When things happen, as a release says: engagement, tender, award, start and end, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowledge.timeline.notice_types import NoticeType
from knowledge.timeline.nouns import State
from knowledge.timeline.reading.parts import Part, first, line, part, parts, word
from knowledge.timeline.reading.release import Release
from knowledge.timeline.reading.times import earliest, latest, read_date
from knowledge.timeline.when import When

_LONGEST = 200


def times_of(release: Release, kind: NoticeType, state: State | None) -> dict[str, Any]:
    """Each time there is, by the field of the terms it goes in."""
    start, end = _contract(release)
    if start and end and end.last < start.first:
        end = None
    return {
        "engagement": _engagement(release), "tender": _tender(release, kind, state), "closes": _closes(release),
        "award": _award(release), "start": start, "end": end,
    }  # fmt: skip


def duration_of(release: Release) -> str:
    """How long, in words: "730 days, may be extended to 2031-03-31"; "" where that is not said."""
    for period, holder in _periods(release):
        months, days = word(period.get("durationInMonths")), word(period.get("durationInDays"))
        length = f"{months} months" if _is_count(months) else f"{days} days" if _is_count(days) else ""
        if said := [one for one in (length, _extended(period), _renewed(holder)) if one]:
            return ", ".join(said)[:_LONGEST]
    return ""


def _engagement(release: Release) -> When | None:
    """The last day on which to take part: the end of engagement, as milestones give it."""
    stones = [*parts(release.planning, "milestones"), *parts(release.tender, "milestones")]
    return earliest(one.get("dueDate") for one in stones if word(one.get("type")) == "engagement")


def _tender(release: Release, kind: NoticeType, state: State | None) -> When | None:
    """The day of the tender: the one planned, else the one on which it was published."""
    tender = release.tender
    planned = [part(tender, "communication").get("futureNoticeDate"), part(tender, "tenderPeriod").get("startDate")]
    published = [tender.get("datePublished"), part(tender, "tenderPeriod").get("startDate")]
    if kind.tenders and "tender" in release.tags:
        published.append(release.at.isoformat())
    return _first_day(planned if state == State.PLANNED else published)


def _closes(release: Release) -> When | None:
    """The last day for bids, else for asking to take part."""
    tender = release.tender
    return _first_day([part(tender, "tenderPeriod").get("endDate"), tender.get("expressionOfInterestDeadline")])


def _award(release: Release) -> When | None:
    """The day of the award, else of the signature; before, the day planned for it."""
    made = earliest(one.get("date") for one in release.awards)
    if made := made or earliest(one.get("dateSigned") for one in release.contracts):
        return made
    period = part(release.tender, "awardPeriod")
    return _first_day([period.get("endDate"), period.get("startDate")])


def _contract(release: Release) -> tuple[When | None, When | None]:
    """The first day and the last, of the latest part that has them: contracts, awards, the tender, its lots."""
    groups = (
        [part(one, "period") for one in release.contracts],
        [part(one, "contractPeriod") for one in release.awards],
        [part(release.tender, "contractPeriod")],
        [part(one, "contractPeriod") for one in release.lots],
    )
    starts = (earliest(one.get("startDate") for one in group) for group in groups)
    ends = (latest(one.get("endDate") for one in group) for group in groups)
    return next((one for one in starts if one), None), next((one for one in ends if one), None)


def _periods(release: Release) -> list[tuple[Part, Part]]:
    """Each period of a contract with what has it."""
    found = [(part(one, "period"), one) for one in release.contracts]
    return found + [(part(one, "contractPeriod"), one) for one in (*release.awards, release.tender, *release.lots)]


def _extended(period: Part) -> str:
    last = read_date(period.get("maxExtentDate"))
    return f"may be extended to {last.isoformat()}" if last else ""


def _renewed(holder: Part) -> str:
    said = first((line(part(holder, "renewal"), "description"), line(part(holder, "options"), "description")))
    return f"renewal: {said}" if said else ""


def _is_count(text: str) -> bool:
    return text.isdigit() and 0 < int(text) < 40_000


def _first_day(values: Iterable[Any]) -> When | None:
    return next((found for value in values if (found := earliest([value]))), None)
