"""The nouns of the timeline.

A *statement* is what one record of a feed or a file says of one procurement; an *intention* is what all its statements
say together; every change of it is a *version*.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import Field

from knowledge.models import Noun
from knowledge.timeline.when import When


class Stage(StrEnum):
    """Where in the commissioning cycle an intention stands."""

    ANALYSE = "analyse"
    PLAN = "plan"
    DO = "do"
    REVIEW = "review"


class Route(StrEnum):
    """How the service is to be had. Direct awards are in no plan, but notices tell of them."""

    UNDECIDED = "undecided"
    IN_HOUSE = "in-house"
    GRANT = "grant"
    FRAMEWORK = "framework"
    TENDER = "tender"
    LIGHT_TOUCH = "light touch"
    DIRECT = "direct award"


class State(StrEnum):
    """What has become of it. OPEN: a provider can bid or apply now; CLOSED: bids are in, and nothing is awarded yet."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    AWARDED = "awarded"
    WITHDRAWN = "withdrawn"


class Lot(Noun):
    """A part of an intention that is awarded by itself. `low`, `high`: pounds."""

    title: str
    description: str = ""
    low: Decimal | None = None
    high: Decimal | None = None


class Terms(Noun):
    """What can be said of an intention. Empty ("", None, ()) is: not said.

    `service`: a key of the catalogue; `category`: what the source calls the kind of service; `low`, `high`: the value
    band in pounds, `gross` whether with VAT, None where the source does not say; `area`: places as given; `cpv`: eight
    digits each; `regions`: codes as given (UKJ4); `engagement` ... `end`: when, `closes` being the last day for bids;
    `duration`: as given; `follows`: the reference of the contract it replaces; `related`: notice numbers and
    procurement identifiers it names; `awarded_to`: providers; `subcontract`, `partner`: a sub-contract to be had, a
    partner wanted, `posted_by` a provider, "" where the council says so itself.
    """

    title: str = ""
    description: str = ""
    directorate: str = ""
    service: str = ""
    category: str = ""
    stage: Stage | None = None
    route: Route | None = None
    state: State | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    gross: bool | None = None
    engagement: When | None = None
    tender: When | None = None
    closes: When | None = None
    award: When | None = None
    start: When | None = None
    end: When | None = None
    duration: str = ""
    area: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    lots: tuple[Lot, ...] = ()
    sme: bool | None = None
    vcse: bool | None = None
    subcontract: bool | None = None
    partner: bool | None = None
    posted_by: str = ""
    contact: str = ""
    contact_email: str = ""
    follows: str = ""
    related: tuple[str, ...] = ()
    awarded_to: tuple[str, ...] = ()

    def said(self) -> dict[str, Any]:
        """The fields that say something, as they are."""
        return {name: value for name, value in self if not is_empty(value)}


def is_empty(value: Any) -> bool:
    """Whether a field says nothing."""
    return value is None or value == "" or value == ()


class Source(StrEnum):
    """Who published a statement. Notices of one source have numbers of their own, unique within it."""

    FIND_A_TENDER = "find-a-tender"
    CONTRACTS_FINDER = "contracts-finder"
    OTHER = "other"


class Statement(Noun):
    """What one notice says of one procurement.

    `id`: the notice's number, unique in its source; `kind`: a key of the table of notice types; `at`: when it was
    published, in UTC; `keys`: whatever else tells its procurement from all others (an OCID, the buyer's own reference
    with the buyer before it), the same in every notice about it; `reason`: why it changes what was said before, in the
    notice's words; `url`: where it can be read.
    """

    source: Source
    id: str
    kind: str
    at: datetime
    keys: tuple[str, ...] = ()
    buyer: str = ""
    buyer_id: str = ""
    url: str = ""
    reason: str = ""
    terms: Terms


class Row(Noun):
    """What a row of the desk's own template says: the council speaking for itself. `says`: the fields whose columns
    the file has, so that an emptied cell empties the field; `notices`: numbers and OCIDs of notices about it."""

    reference: str
    says: frozenset[str]
    terms: Terms
    notices: tuple[str, ...] = ()
    reason: str = ""


class Problem(Noun):
    """A record that could not be taken. `record`: its position in the file, from 1; `cells`: what it held, for a
    person to look at."""

    record: int
    reason: str
    reference: str = ""
    cells: dict[str, Any] = Field(default_factory=dict)


class Read(Noun):
    """What a file gave. `records`: how many it has; each of them is in exactly one of the three. The numbers beside
    statements and rows are positions in the file, from 1."""

    records: int
    statements: tuple[tuple[int, Statement], ...] = ()
    rows: tuple[tuple[int, Row], ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


class Change(Noun):
    """One field of one version: before and after as the record writes them, None for nothing."""

    field: str
    before: Any = None
    after: Any = None


class Kind(StrEnum):
    """What a version does."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


class Version(Noun):
    """One state of an intention. `at`: when the desk wrote it down; `said_at`: when whoever said it published it;
    `released_at`: when everybody could read it, None while it waits for its notice; `by`: who, as a number."""

    number: int
    at: datetime
    said_at: datetime
    released_at: datetime | None
    kind: Kind
    changes: tuple[Change, ...] = ()
    reason: str = ""
    by: int | None = None


class Intention(Noun):
    """A planned commissioning exercise, as it stands in one version. `own`: it is this council's; `held`: why its
    newest version is not public yet, "" where it is; `published`: the day this version was released."""

    id: int
    reference: str
    version: int
    own: bool
    buyer: str
    held: str = ""
    published: date | None = None
    terms: Terms
