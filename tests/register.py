"""A register of the cast's county: a few invented contracts, put straight into a record."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from knowledge import tables
from knowledge.facts import set_fact
from knowledge.register.contract import Contract
from knowledge.register.holding import raise_register_edition
from knowledge.store import Store

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLACES = (
    ("Wexcombe", "district", "Wexcombe"), ("Oldmere", "district", "Oldmere"), ("Harrow Sands", "town", "Oldmere"),
    ("Pitchford", "village", "Wexcombe"), ("Farleigh", "unitary", "Farleigh"),
)  # fmt: skip
ADULTS, HIGHWAYS = "Adult Social Care and Health - Commissioning", "Growth and Transport - Highways and Streets"
PLACE = "Growth and Transport - Communities"
_COLUMNS = (
    "reference", "title", "service", "department", "supplier", "start", "end", "review", "value", "delivered_by",
    "area", "manager", "director", "sme", "vcse", "description",
)  # fmt: skip
_ROWS = """
HT24-040|Street Lighting Maintenance|Street lighting|HIGHWAYS|Glowbright Electrical Ltd|2024-02-01|2031-01-31|2029-02-01|39000000|External|Countywide|Priya Venn|Helen Straker|no|no|Columns, lamps and the control system.
HT16-014|Street Lighting Conversion|Street lighting|HIGHWAYS|Halfcrown Lamps Ltd|2016-03-01|2024-01-31||21000000|External|Countywide|Priya Venn|Helen Straker|no|no|Conversion to LED and maintenance.
HT25-001|Highway Term Maintenance|Highway maintenance|HIGHWAYS|Ballastone Roads plc|2025-05-01|2032-04-30|2030-05-01|154000000|External|Countywide|Owen Tarrant|Helen Straker|no|no|Potholes, kerbs and gritting crews.
HT25-001-S1|Gully Emptying|Highway maintenance|HIGHWAYS|Swirlpool Drainage Ltd|2025-06-01|2032-04-30||6300000|External|Countywide|Vacant - recruiting|Helen Straker|yes|no|Drainage jetting, part of the term contract.
SC23-01|Home Care - Lot 1 Wexcombe|Home care|ADULTS|Larkfield Care Ltd|2024-04-01|2029-03-31|2027-03-01|8450000|External|Wexcombe|Sunita Rao|Marcus Bell|yes|no|Personal care in people's own homes.
SC23-02|Home Care - Lot 2 Oldmere|Home care|ADULTS|Oxenfold Homecare CIC|2024-04-01|2029-03-31|2027-03-01|7200000|External|Oldmere|Sunita Rao|Marcus Bell|yes|yes|Personal care in people's own homes.
SC23-03|Home Care - Night Visits|Home care|ADULTS|Larkfield Care Ltd|2025-04-01|2027-03-31|2026-12-01|940000|External|Countywide||Marcus Bell|yes|no|Overnight visits.
SC17-02|Home Care - Oldmere|Home care|ADULTS|Penhallow Support Ltd|2017-04-01|2024-03-31||6900000|External|Oldmere|Sunita Rao|Marcus Bell|yes|no|Personal care in people's own homes.
SC25-13|Meals at Home|Wellbeing|ADULTS|Hotplate Kitchens Ltd|2025-05-01|2028-04-30|2027-05-01|1850000|External|Countywide|Dora Finch|Marcus Bell|yes|no|Hot meals delivered to older people.
SC24-09|Advocacy Hub|Wellbeing|ADULTS|=Speakwell Advocacy|2024-04-01|2026-12-31|2026-01-15|410000|External|Countywide|Dora Finch||yes|yes|<b>Advocacy</b> & representation.
SC26-58|Extra Care at Saltmarsh Court|Extra care housing|ADULTS|Vinewell Partnership LLP|2027-02-01|2032-01-31||9200000|External|Oldmere|Dora Finch|Marcus Bell|no|no|Care teams on site.
GR26-01|Village Halls Grant|Communities|PLACE|Rural Hearth Trust|2026-04-01|2027-03-31|2027-01-10|60000|Grant|Wexcombe|Abel Stone|Joan Pike|yes|yes|Grants for village halls.
GR26-02|Lunch Clubs Grant|Communities|PLACE|Second Helping CIO|2026-04-01|2027-03-31||24000|Grant|Wexcombe|Abel Stone|Joan Pike|yes|yes|Lunch clubs for older people.
LR-01|Libraries|Libraries and archives|PLACE|Marlshire County Council - Libraries (in-house)|2026-04-01|2027-03-31||9600000|In-house|Countywide|Abel Stone|Joan Pike|no|no|Branches and home delivery.
LR24-03|Library Self Service Kiosks|Libraries and archives|PLACE|Bookgate Systems Ltd|2024-06-01|2028-05-31||310000|External|Countywide|Abel Stone|Joan Pike|yes|no|Kiosks and public computers.
WD24-01|Recycling Centres - operation|Waste disposal|PLACE|Oasthouse Services Ltd|2024-11-01|2034-10-31||44000000|SLA|Countywide|Abel Stone|Joan Pike|no|no|Household waste recycling centres.
WD23-14|Food Waste Treatment|Waste disposal|PLACE|Digestwell Organics Ltd|2023-04-01|2028-03-31|2026-06-30|5200000|External|Countywide|Abel Stone|Joan Pike|yes|no|Anaerobic digestion of food waste.
"""  # noqa: E501
_DEPARTMENTS = {"ADULTS": ADULTS, "HIGHWAYS": HIGHWAYS, "PLACE": PLACE}


def contracts() -> list[dict[str, Any]]:
    """The contracts as the record holds them."""
    return [_contract(dict(zip(_COLUMNS, line.split("|"), strict=True))) for line in _ROWS.strip().splitlines()]


def _contract(row: dict[str, Any]) -> dict[str, Any]:
    row["department"] = _DEPARTMENTS[row["department"]]
    row["sme"], row["vcse"] = row["sme"] == "yes", row["vcse"] == "yes"
    post = row["service"].lower().replace(" ", ".")
    row |= {"contact_name": f"{row['service']} contracts desk", "contact_email": f"{post}@example.org"}
    for who in ("manager", "director"):
        if row[who] and "Vacant" not in row[who]:
            row[f"{who}_email"] = row[who].split()[0].lower() + "@example.org"
    row["parent"] = "HT25-001" if row["reference"] == "HT25-001-S1" else ""
    row["other"] = {"Budget code": f"B-{row['reference']}"}
    row["extension"] = "2034-01-31" if row["reference"] == "HT24-040" else None
    return {name: value for name, value in row.items() if value not in ("", None)}


def hold(store: Store, given: Iterable[Mapping[str, Any]], places: Iterable[tuple[str, str, str]] = PLACES) -> None:
    """Puts contracts and places into a record, as an import would."""
    with store.writing() as connection:
        rows = [
            {
                "key": Contract.model_validate(about).key, "about": dict(about), "corrected": {},
                "source": "register.csv", "line": line, "imported_at": NOON,
            }
            for line, about in enumerate(given, start=2)
        ]  # fmt: skip
        connection.execute(sa.insert(tables.contract), rows)
        known = [{"name": name, "kind": kind, "district": district} for name, kind, district in places]
        if known:
            connection.execute(sa.insert(tables.place), known)
        set_fact(connection, "register_date", DAY.isoformat())
        raise_register_edition(connection)


_HEADINGS = {
    "ContractReference": "reference", "ContractTitle": "title", "OrganisationalUnit": "department",
    "ServiceCategoryLabel": "service", "Description": "description", "CPVLabel": "cpv_label", "CPVCode": "cpv",
    "SupplierName": "supplier", "AreaServedLabel": "area", "ContractManager": "manager",
    "ContractType": "contract_type",
    "ContractManagerEmail": "manager_email", "LeadDirector": "director", "LeadDirectorEmail": "director_email",
    "DeliveredBy": "delivered_by", "ParentContractReference": "parent", "ContactName": "contact_name",
    "ContactEmail": "contact_email", "ContractValue": "value",
}  # fmt: skip
_DAYS = {"StartDate": "start", "EndDate": "end", "ReviewDate": "review", "LastExtensionDate": "extension"}


def casework(folder: Path) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
    """The shared register and its places."""
    with (folder / "register.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = [_read(row) for row in csv.DictReader(table)]
    with (folder / "places.csv").open(encoding="utf-8-sig", newline="") as table:
        places = [(row["place"], row["kind"], row["district"]) for row in csv.DictReader(table)]
    return rows, places


def _read(row: Mapping[str, str]) -> dict[str, Any]:
    about: dict[str, Any] = {name: row[heading].strip() for heading, name in _HEADINGS.items() if row[heading].strip()}
    for heading, name in _DAYS.items():
        if row[heading]:
            day, month, year = row[heading].split("/")
            about[name] = f"{year}-{month}-{day}"
    about["sme"], about["vcse"] = row["SMESupplier"] == "TRUE", row["VCSESupplier"] == "TRUE"
    return about
