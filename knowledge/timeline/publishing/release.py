"""One version of an intention as a release of the Open Contracting Data Standard.

What the standard has no place for is told in words or left out; what was not said is not invented: a time that is no
day goes out as a milestone's text, never as a date.
"""

from __future__ import annotations

from typing import Any

from knowledge.timeline.nouns import Kind, State
from knowledge.timeline.publishing.moments import ends, moment
from knowledge.timeline.publishing.notice_documents import documents, related
from knowledge.timeline.publishing.site import Site, Words, plain
from knowledge.timeline.publishing.telling import Telling, buyer_of, ocid_of, parties, suppliers, tag_of
from knowledge.timeline.publishing.tender import tender, without_nothing
from knowledge.timeline.selecting import Shown
from knowledge.timeline.when import When

_STONES = {"engagement": "engagement", "tender": "procurement", "closes": "procurement", "award": "procurement",
           "start": "delivery", "end": "delivery"}  # fmt: skip
"""Time -> the standard's type of milestone."""


def release(telling: Telling, site: Site, words: Words) -> dict[str, Any]:
    """The release. Its id is unique in its process: the reference and the version."""
    one, told, buyer = telling.shown, telling.told, buyer_of(telling, site)
    found: dict[str, Any] = {
        "ocid": ocid_of(one.reference, told, site), "id": f"{one.reference}-v{one.version}",
        "date": moment(one.since), "tag": [tag_of(telling)], "initiationType": "tender", "language": "en",
        "buyer": buyer, "parties": parties(telling, site),
        "planning": _planning(telling, words), "tender": tender(telling.shown, telling.opened, buyer, words),
        "awards": _awards(telling), "relatedProcesses": related(one.terms),
        "links": [{"rel": "alternate", "href": site.page(one.reference)}],
    }  # fmt: skip
    found["tender"].update(
        without_nothing({"documents": _documents(telling, "tender"), "amendments": _amendments(telling, words)})
    )
    cleaned: dict[str, Any] = _cleaned(without_nothing(found))
    return cleaned


def _planning(telling: Telling, words: Words) -> dict[str, Any]:
    one = telling.shown
    kind = {"scheme": "x_service", "id": one.terms.service, "description": words.kinds((one.terms.service,))}
    project = {"id": one.reference, "title": one.terms.title, "sector": kind if one.terms.service else None}
    return without_nothing(
        {
            "project": without_nothing(project),
            "milestones": _milestones(one, words),
            "documents": _documents(telling, "planning"),
        }
    )


def _milestones(one: Shown, words: Words) -> list[dict[str, Any]]:
    """Engagement, whatever is known of it; and every time that is no day; and for how long it is planned."""
    found: list[dict[str, Any]] = []
    for what, type_ in _STONES.items():
        when: When | None = getattr(one.terms, what)
        if when and (what == "engagement" or not when.is_day):
            label = words.label(what, one.terms.route)
            said = {"id": what, "title": label, "type": type_, "dueDate": ends(when)}
            found.append(without_nothing({**said, "description": "" if when.is_day else _vaguely(when, words)}))
    if one.terms.duration:
        found.append({"id": "duration", "title": "Duration", "type": "delivery", "description": one.terms.duration})
    return found


def _vaguely(when: When, words: Words) -> str:
    said = words.when(when)
    return f"{said[:1].upper()}{said[1:]}, no day yet: between {when.first.isoformat()} and {when.last.isoformat()}"


def _awards(telling: Telling) -> list[dict[str, Any]]:
    if telling.shown.terms.state is not State.AWARDED:
        return []
    award = {
        "id": f"{telling.shown.reference}-award", "status": "active", "suppliers": suppliers(telling),
        "date": ends(telling.shown.terms.award), "documents": _documents(telling, "award"),
    }  # fmt: skip
    return [without_nothing(award)]


def _documents(telling: Telling, part: str) -> list[dict[str, Any]]:
    """The notices that stand in a part of the release; those of an award stand with the tender until it is awarded."""
    notices = telling.told.notices if telling.newest else []
    awarded = telling.shown.terms.state is State.AWARDED
    return documents(notices, (part,) if part != "tender" or awarded else ("tender", "award"))


def _amendments(telling: Telling, words: Words) -> list[dict[str, Any]]:
    """What each version but the first has changed, and why."""
    reference, numbers = telling.shown.reference, [step.number for step in telling.steps]
    return [
        without_nothing({
            "id": str(step.number), "date": moment(step.at), "rationale": step.reason,
            "description": "; ".join(words.change(one) for one in step.told()),
            "amendsReleaseID": f"{reference}-v{before}", "releaseID": f"{reference}-v{step.number}",
        })
        for before, step in zip(numbers, telling.steps[1:], strict=False)
        if step.kind is not Kind.ADDED
    ]  # fmt: skip


def _cleaned(value: Any) -> Any:
    """The same without characters no text may hold."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {name: _cleaned(one) for name, one in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, list) else value
