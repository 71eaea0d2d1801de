"""A release of the Open Contracting Data Standard as a statement."""

from __future__ import annotations

from knowledge.timeline.nouns import Statement
from knowledge.timeline.reading.kinds import kind_of
from knowledge.timeline.reading.links import keys_of, url_of
from knowledge.timeline.reading.parties import buyer_of
from knowledge.timeline.reading.parts import Part
from knowledge.timeline.reading.release import open_release
from knowledge.timeline.reading.states import reason_of, state_of
from knowledge.timeline.reading.terms import terms_of


def read_release(entry: Part) -> Statement:
    """The statement of one release. Raises NoStatement."""
    release = open_release(entry)
    kind, buyer = kind_of(release), buyer_of(release)
    state = state_of(release, kind)
    return Statement(
        source=release.source, id=release.number, kind=kind.key, at=release.at, keys=keys_of(release, buyer.name),
        buyer=buyer.name, buyer_id=buyer.id, url=url_of(release), reason=reason_of(release, state),
        terms=terms_of(release, kind, state, buyer),
    )  # fmt: skip
