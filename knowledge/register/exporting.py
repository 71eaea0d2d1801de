"""The register as a CSV: the LGA's 38 columns in its order and by its names, then ours, then what rows came with.

A spreadsheet takes a cell that begins with = + - @ or a tab for a formula: it gets a ' in front, which an import takes
off again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TextIO

from knowledge.register.contract import Contract
from knowledge.register.reading.headings import EXPORTED

_TAKEN_FOR_A_FORMULA = re.compile(r"'*(?:\s*[=+\-@]|[\t\r\n])")

COLUMNS = {
    "OrganisationLabel": "organisation", "OrganisationURI": "organisation_uri", "ContractReference": "reference",
    "OpenContractingID": "ocid", "ContractTitle": "title", "ContractType": "contract_type",
    "OrganisationalUnit": "department", "ServiceCategoryLabel": "service", "ServiceCategoryURI": "service_uri",
    "Description": "description", "ProcurementCategory": "procurement_category", "CPVLabel": "cpv_label",
    "CPVCode": "cpv", "ProclassLabel": "proclass_label", "ProclassCode": "proclass", "StartDate": "start",
    "EndDate": "end", "ReviewDate": "review", "LastExtensionDate": "extension", "ContractValue": "value",
    "FixedCost": "fixed_cost", "IrrecoverableVAT": "irrecoverable_vat", "SupplierName": "supplier",
    "CompaniesHouseRegistrationNumber": "company_number", "CharityCommissionNumber": "charity_number",
    "OtherSupplierID": "other_supplier_id", "SMESupplier": "sme", "VCSESupplier": "vcse",
    "VCSESupplierType": "vcse_type", "ContactName": "contact_name", "ContactEmail": "contact_email",
    "ContactURL": "contact_url", "ProcessType": "process", "TenderDocumentURL": "tender_url",
    "ContractDocumentURL": "document_url", "PerformanceInformationURL": "performance_url",
    "AreaServedLabel": "area", "AreaServedURI": "area_uri", "ContractManager": "manager",
    "ContractManagerEmail": "manager_email", "DeputyManager": "deputy", "DeputyEmail": "deputy_email",
    "LeadDirector": "director", "LeadDirectorEmail": "director_email", "DeliveredBy": "delivered_by",
    "ParentContractReference": "parent", "ValueNote": "value_note", "EndNote": "end_note",
    "SubContractors": "subcontractors", "PaymentTerms": "payment_terms",
    "SubContractorPaymentTerms": "subcontractor_terms", "PercentToSMEs": "sme_share",
    "PercentToVCSEs": "vcse_share",
}  # fmt: skip
"""Heading -> field."""


def export_register(contracts: Sequence[Contract], file: TextIO) -> None:
    """Writes the contracts, a row each."""
    others = sorted({heading for one in contracts for heading in one.other})
    writer = csv.writer(file)
    writer.writerow([*COLUMNS, *(f"{EXPORTED}{heading}" for heading in others)])
    for one in contracts:
        cells = [cell(getattr(one, field)) for field in COLUMNS.values()]
        writer.writerow([*cells, *(cell(one.other.get(heading, "")) for heading in others)])


def cell(value: str | date | Decimal | bool | None) -> str:
    """A value as a cell: days as 2025-04-01, sums in pounds without marks, TRUE and FALSE, "" where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return value.isoformat()
    return safe_cell(str(value))


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, and from which `read_text` has the text back."""
    return f"'{text}" if _TAKEN_FOR_A_FORMULA.match(text) else text
