"""A release's terms: what it says of a procurement, in the desk's words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.timeline.notice_types import NoticeType
from knowledge.timeline.nouns import State, Terms
from knowledge.timeline.reading.links import related_of
from knowledge.timeline.reading.money import band_of
from knowledge.timeline.reading.parties import Buyer, providers_of
from knowledge.timeline.reading.parts import Part, first, flag, line, part, parts, text
from knowledge.timeline.reading.places import area_of, cpv_of, lots_of, regions_of
from knowledge.timeline.reading.release import NoStatement, Release
from knowledge.timeline.reading.routes import route_of
from knowledge.timeline.reading.spans import duration_of, times_of
from knowledge.timeline.reading.states import stage_of

LONGEST_TITLE = 150


def terms_of(release: Release, kind: NoticeType, state: State | None, buyer: Buyer) -> Terms:
    """What a release says. Raises NoStatement where it has no title, and nothing to take one from."""
    low, high, gross = band_of(release, state)
    return Terms(
        title=_title(release), description=first(_descriptions(release)), category=_category(release),
        stage=stage_of(kind, state), route=route_of(release, kind), state=state, low=low, high=high, gross=gross,
        duration=duration_of(release), area=area_of(release), cpv=cpv_of(release), regions=regions_of(release),
        lots=lots_of(release), sme=_suits(release, "sme"), vcse=_suits(release, "vcse"), contact=buyer.contact,
        contact_email=buyer.email, related=related_of(release),
        awarded_to=providers_of(release) if state == State.AWARDED else (), **times_of(release, kind, state),
    )  # fmt: skip


def shorten(said: str, most: int = LONGEST_TITLE) -> str:
    """A text's first sentence, cut between two words where it is longer than a title may be."""
    sentence = " ".join(re.split(r"(?<=[a-z)\d][.!?])\s+(?=[A-Z])|\n", said.strip(), maxsplit=1)[0].split()).rstrip(".")
    if len(sentence) <= most:
        return sentence
    return sentence[: most - 1].rpartition(" ")[0].rstrip(" ,;:-") + "…" if " " in sentence[:most] else sentence[:most]


def _title(release: Release) -> str:
    if title := first(line(one, "title") for one in _holders(release)) or line(
        part(release.planning, "budget"), "project"
    ):
        return title if len(title) <= 2 * LONGEST_TITLE else shorten(title)
    items = [one for holder in (release.tender, *release.awards, *release.contracts) for one in parts(holder, "items")]
    described = first((*_descriptions(release), *(line(one, "description") for one in items)))
    if title := shorten(described) or line(part(release.tender, "classification"), "description"):
        return title
    raise NoStatement("has no title, and nothing to take one from")


def _holders(release: Release) -> Iterator[Part]:
    """Where titles and descriptions stand, the surest first."""
    yield release.whole
    yield release.tender
    yield part(release.planning, "project")
    yield from (*release.awards, *release.contracts, *parts(release.whole, "awards"), *release.lots)


def _descriptions(release: Release) -> Iterator[str]:
    yield text(release.tender, "description")
    yield text(release.whole, "description")
    yield text(part(release.planning, "project"), "description")
    yield text(release.planning, "rationale")
    yield text(part(release.planning, "budget"), "description")
    yield from (text(one, "description") for one in (*release.awards, *release.contracts, *release.lots))


def _category(release: Release) -> str:
    return first(line(one, "mainProcurementCategory") for one in (release.tender, *release.lots, *release.awards))


def _suits(release: Release, whom: str) -> bool | None:
    """Whether it suits them: as said of the whole, else of any lot."""
    said = [flag(part(one, "suitability").get(whom)) for one in (release.tender, *release.lots)]
    return said[0] if said[0] is not None else (True if True in said else False if False in said else None)
