"""Records of the standard: everything said of one procurement, merged into one release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.timeline.nouns import Statement
from knowledge.timeline.reading.ocds import read_release
from knowledge.timeline.reading.parts import Part, part, parts, word, words
from knowledge.timeline.reading.release import NoStatement
from knowledge.timeline.reading.times import read_moment


def read_record(record: Part) -> Statement:
    """The statement of one record: of its compiled release, else of its releases merged. Raises NoStatement."""
    releases = sorted(parts(record, "releases"), key=_date)
    compiled = part(record, "compiledRelease")
    if not compiled:
        compiled = _merged(releases)
    last = releases[-1] if releases else {}
    return read_release({**compiled, **_identity(record, compiled, last)})


def _merged(releases: list[Part]) -> dict[str, Any]:
    embedded = [one for one in releases if not _is_link(one)]
    if not embedded:
        raise NoStatement("only links to its releases and says nothing itself" if releases else "has no releases")
    whole: dict[str, Any] = {}
    for one in embedded:
        whole = merge(whole, one)
    return whole


def merge(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """An object with a later one laid over it: objects within by name, objects in lists by their id, else the later
    value; null takes away."""
    merged = dict(before)
    for name, value in after.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _laid_over(merged.get(name), value)
    return merged


def _laid_over(before: Any, after: Any) -> Any:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return merge(before, after)
    if isinstance(before, list) and isinstance(after, list) and _have_ids(before) and _have_ids(after):
        by_id: dict[str, Any] = {word(one["id"]): one for one in before}
        for one in after:
            by_id[word(one["id"])] = _laid_over(by_id.get(word(one["id"])), one)
        return list(by_id.values())
    return after


def _have_ids(values: list[Any]) -> bool:
    return all(isinstance(one, Mapping) and word(one.get("id")) for one in values)


def _identity(record: Part, compiled: Part, last: Part) -> dict[str, Any]:
    """What tells the record: its OCID, and the id of its state; the tags of its newest release say what it is."""
    ocid = word(compiled.get("ocid")) or word(record.get("ocid"))
    date = word(compiled.get("date")) or word(last.get("date"))
    merged = not part(record, "compiledRelease")
    own = "" if merged else word(compiled.get("id"))
    tags = [tag for tag in words(compiled.get("tag")) if tag != "compiled"] or words(last.get("tag"))
    return {"ocid": ocid, "id": own or (f"{ocid}-{date}" if date else ""), "date": date, "tag": tags}


def _is_link(release: Part) -> bool:
    """Whether it is the address of a release rather than the release."""
    return bool(word(release.get("url"))) and not set(release) - {"url", "date", "tag"}


def _date(release: Part) -> float:
    at = read_moment(release.get("date"))
    return at.timestamp() if at else 0.0
