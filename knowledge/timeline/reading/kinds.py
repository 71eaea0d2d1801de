"""Which kind of notice a release is: as its notice says, else its tag, else what is in it."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.timeline.notice_types import NoticeType, notice_type, notice_types
from knowledge.timeline.nouns import Source
from knowledge.timeline.reading.parts import Part, line, part, word
from knowledge.timeline.reading.release import NoStatement, Release, status
from knowledge.timeline.reading.times import read_moment

_LATER_FIRST = (
    "contractTermination", "tenderCancellation", "awardCancellation", "implementationUpdate", "implementation",
    "contractAmendment", "contractUpdate", "contract", "awardUpdate", "award", "tenderAmendment", "tenderUpdate",
    "tender", "planningUpdate", "planning",
)  # fmt: skip
"""Of the tags of one release, the one that tells most of where the procurement stands."""


def kind_of(release: Release) -> NoticeType:
    """The kind of a release's notice. Raises NoStatement for one that tells of no procurement."""
    kind = next((found for name in _names(release) if (found := notice_type(name))), None)
    kind = kind or notice_types()[_by_content(release)]
    if not kind.about:
        raise NoStatement(f"{kind.key} ({kind.name.lower()}) is of no procurement")
    return kind


def notice_of(release: Release) -> Part:
    """The document that is the release's own notice; an empty one where there is none."""
    return next(iter(_notices(release)), {})


def tag_of(release: Release) -> str:
    """The tag that tells most, "" for none."""
    return next((tag for tag in _LATER_FIRST if tag in release.tags), "")


def _notices(release: Release) -> list[Part]:
    """Documents that are notices, the release's own first: by its number in the address, else the newest, of the
    latest part."""
    found = [(place, one) for place, one in enumerate(release.documents) if _is_notice(one)]

    def rank(placed: tuple[int, Part]) -> tuple[bool, bool, float, int]:
        place, one = placed
        at = read_moment(one.get("datePublished"))
        number = _number(one)
        own = bool(number) and release.id.lower().startswith(number)
        return own, bool(word(one.get("noticeType"))), at.timestamp() if at else 0.0, place

    return [one for _, one in sorted(found, key=rank, reverse=True)]


def _is_notice(document: Part) -> bool:
    if word(document.get("noticeType")):
        return True
    on_site = word(document.get("description")).lower().endswith((" on contracts finder", " on find a tender"))
    return on_site or word(document.get("documentType")).endswith("Notice")


def _number(document: Part) -> str:
    """The last piece of a notice's address."""
    return word(document.get("url")).lower().split("?")[0].rstrip("/").rpartition("/notice/")[2]


def _names(release: Release) -> Iterator[str]:
    """What the release calls its kind, the surest first."""
    notice, tag = notice_of(release), tag_of(release)
    document, said = word(notice.get("documentType")), line(notice, "description")
    law = word(part(release.tender, "legalBasis").get("id"))
    if code := word(notice.get("noticeType")):
        yield from (code, tag, document)
        return
    if tag:
        yield f"{release.source} {tag}"
    yield said
    if release.source is Source.FIND_A_TENDER:
        yield said.removesuffix(" on Find a Tender")
    for first in (law, release.source.value):
        if first:
            yield f"{first} {tag}"
            yield f"{first} {document}"
    yield tag
    yield document


def _by_content(release: Release) -> str:
    if release.contracts:
        return "contract"
    if release.awards:
        return "award"
    planned = not release.tender or status(release.tender) in ("planning", "planned")
    return "planning" if planned else "tender"
