"""The notices of an intention, and where they can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from handlers.intentions.saying import day_words
from knowledge.timeline.history import Whole
from knowledge.timeline.importing import SOURCES
from knowledge.timeline.notice_types import notice_type
from knowledge.timeline.nouns import Source, Statement, Terms
from knowledge.timeline.publishing.released import told_already
from knowledge.timeline.reading.keys import is_notice_number
from knowledge.timeline.selecting import Shown
from knowledge.timeline.sites import FIND_A_TENDER
from knowledge.workdays import day_of


class Link(NamedTuple):
    """Something to read elsewhere. `url`: "" where there is none; `about`: what it is."""

    name: str
    url: str
    about: str = ""


def public_notices(shown: Shown | None, held: Whole) -> list[Statement]:
    """The notices that tell nobody what waits: all, where nothing does."""
    if not held.intention.held:
        return held.notices
    return [one for one in held.notices if told_already(one, shown.since if shown else None)]


def link_of(one: Statement) -> Link:
    """A notice with the page it is published on; nothing that is no web address becomes a link."""
    kind = notice_type(one.kind)
    url = one.url if one.url.startswith(("https://", "http://")) else ""
    if not url and one.source is Source.FIND_A_TENDER and is_notice_number(one.id):
        url = FIND_A_TENDER + one.id
    return Link(
        f"{kind.name if kind else 'Notice'} {one.id}", url, f"{SOURCES[one.source]}, {day_words(day_of(one.at))}"
    )


def related_of(terms: Terms, notices: Sequence[Statement]) -> tuple[Link, ...]:
    """What it names beside the notices that are listed."""
    known = {one.id for one in notices} | {key.partition(":")[2] for one in notices for key in one.keys}
    return tuple(
        Link(one, FIND_A_TENDER + one if is_notice_number(one) else "") for one in terms.related if one not in known
    )
