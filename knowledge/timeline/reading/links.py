"""What ties a release to other notices: keys of its own procurement, and what else it names."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.timeline.nouns import Source
from knowledge.timeline.reading.keys import notice_key, notice_numbers, notices_named, ocid_key, reference_key
from knowledge.timeline.reading.kinds import notice_of
from knowledge.timeline.reading.parts import Part, parts, text, word
from knowledge.timeline.reading.release import Release
from knowledge.timeline.sites import FIND_A_TENDER

_LONGEST = 500


def keys_of(release: Release, buyer: str) -> tuple[str, ...]:
    """What tells its procurement from all others: its OCID, its buyer's own reference, its notice's number."""
    reference = word(release.tender.get("id"))
    found = (
        ocid_key(release.ocid),
        "" if reference == release.ocid else reference_key(buyer, reference),
        _notice(release),
    )
    return tuple(key for key in found if key)


def related_of(release: Release) -> tuple[str, ...]:
    """The numbers and OCIDs of other notices and procurements that it names, once each, not its own."""
    found = [word(one.get("identifier")) for one in _related(release)]
    for document in release.documents:
        if "find-tender.service.gov.uk/notice/" in (url := word(document.get("url")).lower()):
            found += notice_numbers(url)
        elif key := notice_key(url):
            found.append(key)
    for said in (text(release.tender, "description"), text(release.whole, "description")):
        found += notices_named(said)
    own = (release.ocid.lower(), release.id.lower(), _notice(release))
    return tuple(dict.fromkeys(one for one in found if one and one.lower() not in own))


def url_of(release: Release) -> str:
    """Where the notice can be read."""
    if release.source is Source.FIND_A_TENDER and notice_numbers(release.id) == [release.id]:
        return f"{FIND_A_TENDER}{release.id}"
    return safe_url(word(notice_of(release).get("url")))


def safe_url(address: str) -> str:
    """An address a page may link to, "" for anything else."""
    fit = address.lower().startswith(("https://", "http://")) and len(address) <= _LONGEST and " " not in address
    return address if fit else ""


def _notice(release: Release) -> str:
    """The key of its notice on Contracts Finder, by its id or its notice's address."""
    if release.source is not Source.CONTRACTS_FINDER:
        return ""
    return notice_key(release.id) or notice_key(word(notice_of(release).get("url")))


def _related(release: Release) -> Iterator[Part]:
    holders = (release.whole, release.tender, *release.lots, *release.awards, *release.contracts)
    for holder in holders:
        yield from parts(holder, "relatedProcesses")
