"""A question to the register: what is wanted, of which contracts, in what order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from knowledge.register.contract import State


class Want(StrEnum):
    """What a question wants to know of a contract."""

    MANAGER = "manager"
    DEPUTY = "deputy"
    DIRECTOR = "director"
    CONTACT = "contact"
    PROVIDER = "provider"
    START = "start"
    END = "end"
    REVIEW = "review"
    EXTENSION = "extension"
    VALUE = "value"
    DELIVERED = "delivered"
    SME = "sme"
    VCSE = "vcse"
    STATE = "state"
    DEPARTMENT = "department"
    SERVICE = "service"
    AREA = "area"
    DESCRIPTION = "description"
    PROCESS = "process"
    KIND = "kind"
    REFERENCE = "reference"
    PARENT = "parent"
    NUMBERS = "numbers"
    SUBCONTRACTORS = "subcontractors"
    PAYMENT = "payment_terms"
    PAYMENT_BELOW = "subcontractor_terms"
    SME_SHARE = "sme_share"
    VCSE_SHARE = "vcse_share"
    CARD = "card"


class Shape(StrEnum):
    """In what form: the contracts themselves, how many, or their values added up."""

    TELL = "tell"
    COUNT = "count"
    SUM = "sum"


class Order(StrEnum):
    """Which contracts come first."""

    BIGGEST = "biggest"
    SMALLEST = "smallest"
    SOONEST = "soonest"
    LATEST = "latest"
    NEWEST = "newest"
    OLDEST = "oldest"


PEOPLE = frozenset({Want.MANAGER, Want.DEPUTY, Want.DIRECTOR})
"""Who looks after a contract: told to the council's own people only."""
KEPT = PEOPLE | {Want.SUBCONTRACTORS, Want.PAYMENT, Want.PAYMENT_BELOW}
"""All that is told to the council's own people only. The LGA's published register has no sub-contractors and no terms,
and a sub-contractor may be one person."""


@dataclass(frozen=True)
class Span:
    """A stretch of days, either end open, both included. `said`: as a reply says it."""

    first: date | None = None
    last: date | None = None
    said: str = ""


@dataclass(frozen=True)
class Band:
    """A stretch of value in pence, either end open. `said`: as a reply says it."""

    low: int | None = None
    high: int | None = None
    said: str = ""


@dataclass(frozen=True)
class Paid:
    """Within how many days is paid, both included: `by` the council (payment_terms) or by the provider to those below
    (subcontractor_terms). `said`: as a reply says it."""

    by: str
    low: int = 0
    high: int = 999
    said: str = ""


@dataclass(frozen=True)
class Filters:
    """What contracts must be. `days`: by the date they go by (start, end, review); `lacking`: fields without anything,
    `having`: fields with something; `paid`: within how many days is paid; `delivered`: in-house, external, grant, sla;
    `outside`: districts named that are not the county's; `person`: who manages, deputises or directs, `person_as` which
    of these."""

    days: dict[str, Span] = field(default_factory=dict)
    value: Band | None = None
    delivered: str = ""
    sme: bool | None = None
    vcse: bool | None = None
    lacking: frozenset[str] = frozenset()
    having: frozenset[str] = frozenset()
    paid: Paid | None = None
    states: frozenset[State] = frozenset()
    districts: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    countywide: bool = False
    person: str = ""
    person_as: str = ""

    def __bool__(self) -> bool:
        return self != _NONE

    def with_more(self, more: Filters) -> Filters:
        """These, with what the others say over them."""
        said = {name: value for name, value in vars(more).items() if value != getattr(_NONE, name)}
        return replace(self, **said)

    @property
    def of_people(self) -> bool:
        """Whether contracts are chosen by what only the council's own people are told."""
        return bool(self.person or self.paid) or bool((self.lacking | self.having) & KEPT)


_NONE = Filters()


@dataclass(frozen=True)
class Subject:
    """What the question is about. `numbers`: the contracts it fits, None where it names none in particular; `said`: in
    the asker's words; `strange`: words no contract has; `named`: how surely a provider or a scheme was named;
    `nearest`: names or references near to one that no contract has; `below`: the name is a sub-contractor's alone."""

    numbers: frozenset[int] | None = None
    said: str = ""
    strange: tuple[str, ...] = ()
    provider: str = ""
    nearest: tuple[str, ...] = ()
    reference: str = ""
    named: bool = False
    under: bool = False
    below: bool = False


@dataclass(frozen=True)
class RegisterQuestion:
    """A question that the register answers. `definite`: of one contract rather than of all that fit; `yes_no`: whether
    something is so; `whether`: the way of delivery it asks after."""

    wants: tuple[Want, ...]
    subject: Subject
    filters: Filters
    shape: Shape = Shape.TELL
    order: Order | None = None
    most: int = 0
    definite: bool = False
    yes_no: bool = False
    whether: str = ""
