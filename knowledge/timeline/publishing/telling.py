"""A version that is told: which process it is of, what the release that tells of it is, who takes part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from knowledge.timeline.nouns import State
from knowledge.timeline.publishing.released import Step, Told
from knowledge.timeline.publishing.site import Site
from knowledge.timeline.publishing.tender import without_nothing
from knowledge.timeline.selecting import Shown

_BUYER = "buyer"
"""The id, within its release, of a buyer without a number."""


class Telling(NamedTuple):
    """A version that is told. `steps`: it and those before it; `before`: the states of those; `newest`: it is the
    newest public one, for which the notices speak."""

    shown: Shown
    steps: Sequence[Step]
    before: Sequence[State | None]
    told: Told
    newest: bool = True

    @property
    def opened(self) -> bool:
        """Whether bids have been invited before this version."""
        return any(state in (State.OPEN, State.CLOSED, State.AWARDED) for state in self.before)


def ocid_of(reference: str, told: Told, site: Site) -> str:
    """The identifier of its open contracting process: the one its notices go by, else one of the council's own."""
    return told.ocid or f"{site.prefix}-{quote(reference, safe='')}"


def tag_of(telling: Telling) -> str:
    """What the release is: before bids are invited planning, then a tender, then an award."""
    one, state = telling.shown, telling.shown.terms.state or State.PLANNED
    first = one.version == telling.steps[0].number
    if state is State.WITHDRAWN:
        return "tenderCancellation" if telling.opened else "planningUpdate" if not first else "planning"
    if state is State.AWARDED:
        return "awardUpdate" if State.AWARDED in telling.before else "award"
    if state is State.PLANNED:
        return "planning" if first else "planningUpdate"
    return "tenderUpdate" if telling.opened else "tender"


def buyer_of(telling: Telling, site: Site) -> dict[str, str]:
    """Whose intention it is."""
    return {"id": telling.told.buyer_id or _BUYER, "name": telling.shown.buyer or site.council}


def parties(telling: Telling, site: Site) -> list[dict[str, Any]]:
    """The buyer, with whom to ask, and those it was awarded to."""
    terms, buyer = telling.shown.terms, buyer_of(telling, site)
    listed = re.fullmatch(r"(GB-[A-Z]+)-(\S+)", buyer["id"])
    council = {
        **buyer, "roles": ["buyer", "procuringEntity"], "roleDetails": terms.directorate,
        "identifier": {"scheme": listed[1], "id": listed[2], "legalName": buyer["name"]} if listed else None,
        "contactPoint": without_nothing({"name": terms.contact, "email": terms.contact_email}),
    }  # fmt: skip
    return [without_nothing(council), *({**one, "roles": ["supplier"]} for one in suppliers(telling))]


def suppliers(telling: Telling) -> list[dict[str, Any]]:
    """Those it was awarded to."""
    names = telling.shown.terms.awarded_to if telling.shown.terms.state is State.AWARDED else ()
    return [{"id": f"supplier-{number}", "name": name} for number, name in enumerate(names, start=1)]
