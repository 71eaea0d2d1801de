"""The timeline as a release package of the Open Contracting Data Standard 1.1, with the extension for the UK."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from knowledge.timeline.differing import as_record
from knowledge.timeline.nouns import Terms
from knowledge.timeline.publishing.moments import moment
from knowledge.timeline.publishing.release import release
from knowledge.timeline.publishing.released import Step, Told
from knowledge.timeline.publishing.site import Site, Words
from knowledge.timeline.publishing.telling import Telling
from knowledge.timeline.selecting import Shown

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_OPEN_CONTRACTING = "https://raw.githubusercontent.com/open-contracting-extensions"
_EXTENSIONS = (
    "https://raw.githubusercontent.com/cabinetoffice/ocds_uk_extension/main/extension.json",
    f"{_OPEN_CONTRACTING}/ocds_lots_extension/v1.1.5/extension.json",
    f"{_OPEN_CONTRACTING}/ocds_suitability_extension/master/extension.json",
)


def package(
    releases: Iterable[dict[str, Any]], site: Site, uri: str, published: datetime, links: Mapping[str, str]
) -> dict[str, Any]:
    """A package of releases. `uri`: its own address; `published`: when the newest of it was; `links`: where the pages
    before and after it are, by "prev" and "next"."""
    return {
        "uri": uri, "version": "1.1", "extensions": list(_EXTENSIONS), "publishedDate": moment(published),
        "publisher": {"name": site.council, "uri": site.url}, "license": LICENCE, "releases": list(releases),
        **({"links": dict(links)} if links else {}),
    }  # fmt: skip


def releases(
    found: Iterable[Shown], steps: Mapping[int, Sequence[Step]], told: Mapping[int, Told], site: Site, words: Words,
    *, history: bool = False,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """A release an intention, of its newest public version; with `history` one a version, the oldest first."""
    for one in found:
        of = list(steps.get(one.id, ()))
        states = list(_as_it_stood(one, of))
        wanted = range(len(states)) if history else range(len(states))[-1:]
        for at in wanted:
            before = [Terms.model_validate(said).state for said in states[:at]]
            shown = one._replace(version=of[at].number, since=of[at].at, terms=Terms.model_validate(states[at]))
            telling = Telling(shown, of[: at + 1], before, told.get(one.id, Told([])), newest=at == len(states) - 1)
            yield release(telling, site, words)


def _as_it_stood(one: Shown, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The terms at each version, the oldest first, as the record writes them: each change undone, back from now."""
    now = as_record(one.terms)
    found = []
    for step in reversed(steps):
        found.append(now)
        now = dict(now)
        for change in step.changes:
            now.pop(change["field"], None)
            if change["field"] in Terms.model_fields and change["before"] is not None:
                now[change["field"]] = change["before"]
    return found[::-1]
