"""A contract as the register has it, and when it is in force."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from knowledge.models import Noun

VACANT = re.compile(r"\b(vacan\w*|recruit\w*|tbc|tba|to be (confirmed|appointed|advised)|none|unknown|n/?a)\b", re.I)
"""What stands in a register where there is nobody."""


class State(StrEnum):
    """How a contract stands on a day."""

    IN_FORCE = "in force"
    ENDED = "ended"
    TO_COME = "to come"


class Contract(Noun):
    """One row of a register. Text is as given and trimmed, "" where there is none; dates, sums and yes-or-no are None
    where the register does not say. The first 38 fields are the LGA's, in its order.

    `value` is in pounds; `value_note` keeps what was written where it is more than a figure ("£21m (est.)", "TBC"), and
    `end_note` what stands for an end without a day ("Ongoing", "Rolling"). `extension` is how far the contract could be
    extended, not proof that it was. `subcontractors`: names, as given; `payment_terms`: when the council pays the
    provider, `subcontractor_terms`: when the provider pays those below it, both as given ("30 days"); `sme_share` and
    `vcse_share`: how much of the contract's money goes to such firms at all, in per cent, 0 to 100. `other` keeps the
    columns the desk does not know, by their heading.
    """

    organisation: str = ""
    organisation_uri: str = ""
    reference: str
    ocid: str = ""
    title: str
    contract_type: str = ""
    department: str = ""
    service: str = ""
    service_uri: str = ""
    description: str = ""
    procurement_category: str = ""
    cpv_label: str = ""
    cpv: str = ""
    proclass_label: str = ""
    proclass: str = ""
    start: date | None = None
    end: date | None = None
    review: date | None = None
    extension: date | None = None
    value: Decimal | None = None
    fixed_cost: bool | None = None
    irrecoverable_vat: Decimal | None = None
    supplier: str = ""
    company_number: str = ""
    charity_number: str = ""
    other_supplier_id: str = ""
    sme: bool | None = None
    vcse: bool | None = None
    vcse_type: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_url: str = ""
    process: str = ""
    tender_url: str = ""
    document_url: str = ""
    performance_url: str = ""
    area: str = ""
    area_uri: str = ""
    manager: str = ""
    manager_email: str = ""
    deputy: str = ""
    deputy_email: str = ""
    director: str = ""
    director_email: str = ""
    delivered_by: str = ""
    parent: str = ""
    value_note: str = ""
    end_note: str = ""
    subcontractors: str = ""
    payment_terms: str = ""
    subcontractor_terms: str = ""
    sme_share: Decimal | None = None
    vcse_share: Decimal | None = None
    other: dict[str, str] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        """The reference as it is compared: trimmed, whatever its case."""
        return key_of(self.reference)

    def state(self, day: date) -> State:
        """How it stands: in force from its start to its end, both days included. A blank start has started, a blank
        end has not come."""
        if self.start and day < self.start:
            return State.TO_COME
        if self.end and self.end < day:
            return State.ENDED
        return State.IN_FORCE


def key_of(reference: str) -> str:
    """A reference as it is compared: " sc 12 " and "SC 12" are one."""
    return " ".join(reference.split()).casefold()


def somebody(name: str) -> bool:
    """Whether a cell names somebody, rather than nothing or a vacancy."""
    return bool(name.strip()) and not VACANT.search(name)
