"""An invented council's timeline: forty-two intentions, taken in three times, with what changed and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from knowledge.store import Store
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.importing import take_in
from knowledge.timeline.nouns import Read, Row, Terms
from knowledge.timeline.when import read_when

TODAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
BUYERS = Buyers.of("", "Marlshire County Council")
BEGUN = datetime(2026, 8, 3, 9, tzinfo=UTC)
_COLUMNS = (
    "reference", "title", "description", "directorate", "service", "stage", "route", "state", "low", "high",
    "engagement", "tender", "closes", "award", "start", "duration", "area", "suits", "contact_email", "related",
)  # fmt: skip
_ROWS = """
INT-01|Home care in people's own homes|Personal care visits for older and disabled adults, in six lots.|ADULTS|home-care|plan|light touch||62000000|75000000|2026-09-17|January 2027||June 2027|2027-10-01|60 months|Countywide|sme vcse|care@example.org|
INT-02|Night sitting service|Staff who sit through the night with people near the end of their lives.|ADULTS|live-in-night-care|analyse|undecided||400000|600000|Q2 2027/28||||autumn 2028|36 months|Countywide|vcse|care@example.org|
INT-03|Day opportunities for adults with a learning disability|What people want to do with their days: work, learning, friendships.|ADULTS|day-opportunities|analyse|undecided||5500000|7500000|February 2027|June 2027||November 2027|2028-04-01|60 months|Countywide|sme vcse|care@example.org|
INT-04|Support for unpaid carers|Advice, breaks and a helpline for people who look after a relative.|ADULTS|carers-support|plan|light touch||2400000|3100000|2026-10-08|March 2027||September 2027|2028-04-01|60 months|Countywide|sme vcse|carers@example.org|
INT-05|Independent advocacy|Advocates for people in decisions about their care.|ADULTS|advocacy|plan|light touch||700000|1000000|2026-12-03|spring 2027||July 2027|2028-01-01|48 months|Countywide|sme vcse|care@example.org|
INT-06|Domestic abuse refuges and outreach|Refuge rooms, a helpline and outreach workers.|ADULTS|domestic-abuse-refuge|plan|light touch||4000000|5200000|2026-12-10|March 2027||September 2027|2028-04-01|60 months|Countywide|sme vcse|care@example.org|
INT-07|Meals at home|Hot lunches brought to older people.|ADULTS|community-meals|do|tender|open|1600000|1900000||2026-11-02|2026-12-14|February 2027|2027-05-01|36 months|Countywide|sme vcse|care@example.org|040112-2026
INT-08|Supported living for people with mental ill health|Tenancies with support, in shared houses and flats.|ADULTS|supported-living-mh|plan|framework||9000000|12000000|January 2027|Q1 2027/28|||2027-11-01|48 months|Countywide|sme vcse|care@example.org|
INT-09|Befriending grants|Small grants for groups that visit or telephone people who live alone.|ADULTS|befriending-wellbeing|analyse|grant||90000|180000|January 2027|April 2027|||2027-09-01|36 months|Saltmarl Coast; High Marl|sme vcse|grants@example.org|
INT-10|Community equipment|Supply, fitting and collection of equipment.|ADULTS|community-equipment|do|tender|awarded|12000000|15000000|September 2025|2026-03-02||2026-10-20|2027-04-01|60 months|Countywide||care@example.org|021200-2026
INT-11|Sexual health clinics and online testing|Where clinics should be, and what can be done by post.|ADULTS|sexual-health|analyse|undecided||15000000|19000000|February 2027|May 2027||November 2027|2028-04-01|72 months|Countywide|vcse|publichealth@example.org|
INT-12|School taxis and minibuses|About 480 routes for children with special needs. Small operators may join at any time.|CHILDREN|send-transport-routes|plan|framework||22000000|28000000|2026-07-09|December 2026||April 2027|2027-09-01|48 months|Countywide|sme vcse|transport@example.org|
INT-13|School coaches|Coach routes to secondary schools.|CHILDREN|school-coaches|analyse|undecided||21000000|27000000|February 2027|September 2027||January 2028|2028-08-01|60 months|Countywide|sme|transport@example.org|
INT-14|Drug and alcohol recovery|Treatment and recovery for adults, with a fourth hub.|ADULTS|drug-alcohol-treatment|plan|light touch||13000000|16500000|October 2026|2027-04-12||October 2027|2028-04-01|72 months|Countywide|vcse|publichealth@example.org|
INT-15|Stop smoking service|Advisers in workplaces, pharmacies and on the telephone.|ADULTS|stop-smoking|plan|light touch||600000|750000|2027-01-20|April 2027||July 2027|2027-10-01|36 months|Countywide|sme vcse|publichealth@example.org|
INT-16|Health visiting: review|Review of the present service before deciding whether to extend it.|ADULTS|health-visiting|review|undecided||38000000|46000000|2027-01-21|||Q3 2027/28|2028-04-01|60 months|Countywide||publichealth@example.org|
INT-17|Children's homes: places close to home|Up to 16 places, so that fewer children live far from school and family.|CHILDREN|childrens-homes|analyse|undecided||18000000|26000000|March 2027|Q2 2027/28||February 2028|2028-09-01|60 months|Countywide|sme vcse|children@example.org|
INT-18|Fostering by independent agencies|A framework of fostering agencies.|CHILDREN|foster-agency-placements|plan|framework||30000000|40000000|2026-11-26|2027-02-08||May 2027|2027-09-01|48 months|Countywide|sme vcse|children@example.org|
INT-19|Short breaks for disabled children|Clubs, holiday schemes and overnight stays.|CHILDREN|short-breaks-activities|plan|grant||2700000|3400000|2026-11-03|April 2027||September 2027|2028-04-01|60 months|Countywide|sme vcse|children@example.org|
INT-20|Youth club grants|Three-year grants for youth clubs and detached youth work.|CHILDREN|youth-work|do|grant|open|600000|900000||2026-11-16|2027-01-11|March 2027|2027-06-01|36 months|Countywide|vcse|grants@example.org|
INT-21|School meals|Lunches for 118 primary schools.|CHILDREN|school-meals|analyse|undecided||28000000|36000000|2027-01-26|Q1 2027/28||December 2027|2028-08-01|60 months|Countywide|sme vcse|schools@example.org|
INT-22|Adult education courses|Courses, places and results, before present contracts end.|CHILDREN|adult-learning-skills|review|undecided||4500000|6000000|2026-11-26|2027-01-18||April 2027|2027-08-01|36 months|Countywide|sme vcse|schools@example.org|
INT-23|Speech and language therapy in schools|Therapists for children whose plans name therapy.|CHILDREN|school-therapies|plan|light touch||3000000|3600000||autumn 2027||February 2028|2028-04-01|48 months|Countywide|sme vcse|schools@example.org|
INT-24|Highways maintenance|Potholes, resurfacing, drains and bridges from 2028. Smaller works are kept apart for local firms.|PLACE|pothole-repairs|plan|tender||150000000|190000000|2026-06-23|2027-02-01||June 2027|2028-04-01|96 months|Countywide|sme|highways@example.org|
INT-25|Street lighting|Repair of all street lights and the change to LED.|PLACE|street-lighting|do|tender|awarded|21000000|26000000|November 2025|2026-04-13||2026-09-30|2027-07-01|84 months|Countywide||highways@example.org|019300-2026
INT-26|Resurfacing of footways in Brenmouth|Pavements in eleven streets.|PLACE|footway-repairs|plan|tender||300000|450000||January 2027||March 2027|2027-05-04|6 months|Brenmouth|sme|highways@example.org|
INT-27|Grass cutting on rural verges|Two cuts a year on 900 miles of verges.|PLACE|rural-verges-hedges|plan|tender||350000|500000||November 2026||January 2027|2027-04-01|24 months|Countywide|sme|highways@example.org|
INT-28|Bridge inspections|Inspection of 640 bridges and culverts.|PLACE|bridges-structures|plan|framework||800000|1100000||March 2027|||2027-08-01|36 months|Countywide|sme|highways@example.org|
INT-29|Household waste recycling centres|Opening hours, reuse shops, and who should run the eleven centres.|PLACE|recycling-centre-operation|analyse|undecided||33000000|42000000|September 2026|2027-05-10||October 2027|2028-04-01|84 months|Countywide|sme vcse|waste@example.org|
INT-30|Food waste treatment|Treatment of 30,000 tonnes of food waste a year.|PLACE|composting-garden-food-waste|plan|tender||5000000|7000000|March 2027|2027/28|||2028-10-01|120 months|Countywide||waste@example.org|
INT-31|Supported buses in High Marl and Quillendale|Nine routes and the bookable minibus.|PLACE|supported-buses|plan|tender||1900000|2600000|2026-10-15|2027-01-25||May 2027|2027-09-01|60 months|High Marl; Quillendale|sme vcse|transport@example.org|
INT-32|Community transport grants|Money for minibus clubs and volunteer drivers.|PLACE|community-transport|plan|grant||40000|80000||February 2027|2027-03-19||2027-06-01|24 months|Pellingarth|vcse|grants@example.org|
INT-33|Arts and festivals grants|For arts groups, theatre companies and village festivals.|PLACE|museums-and-arts|plan|grant||5000|120000||2027-01-05|2027-02-12|April 2027|2027-05-01|12 months|Countywide|sme vcse|grants@example.org|
INT-34|Libraries: review of our own service|Opening hours, buildings and the mobile libraries. It stays in-house.|PLACE|libraries|review|in-house||26000000|30000000|2027-01-19||||2028-04-01|60 months|Countywide||libraries@example.org|
INT-35|ICT service desk and networks|Help for staff, and the networks that join our buildings.|RESOURCES|ict-systems|plan|framework||9500000|13000000|2026-09-29|2027-02-08||June 2027|2028-01-01|60 months|Countywide|sme|ict@example.org|
INT-36|Cleaning of council buildings|Eighty-four buildings, in six lots so that local firms can bid for one.|RESOURCES|building-cleaning|plan|tender||3400000|4300000|2026-11-05|2027-04-19||September 2027|2028-04-01|48 months|Countywide|sme vcse|property@example.org|
INT-37|Small repairs to council buildings|Local trades work for our main contractor: plumbers, joiners, roofers.|RESOURCES|council-building-repairs|plan|tender||150000|250000||February 2027|||2027-05-01|24 months|Quillendale|sme sub|property@example.org|
INT-38|Temporary agency staff|Agency workers for all departments.|RESOURCES|recruitment-and-agency-staff|plan|framework||40000000|55000000||autumn 2027|||2028-06-01|36 months|Countywide||property@example.org|
INT-39|Translation and interpreting|Interpreters in person and by telephone.|RESOURCES|translation-interpreting|do|tender|open|150000|180000||2026-11-09|2026-12-01|January 2027|2027-04-01|36 months|Countywide|sme|property@example.org|040555-2026
INT-40|Solar panels on council roofs|Panels and batteries for 40 roofs.|RESOURCES|climate-and-nature|plan|tender||2000000|2800000|Q4 2026/27|autumn 2027|||2028-03-01|12 months|Countywide|sme|property@example.org|
INT-41|Country park cafe at Drumsand|A concession for the cafe and visitor centre.|PLACE|country-parks-coast|plan|tender||200000|280000|December 2026|March 2027|||2027-06-01|60 months|Saltmarl Coast|sme vcse|parks@example.org|
INT-42|Security guarding|Guards and alarm response for our buildings.|RESOURCES|building-security|do|tender|open|700000|900000||2026-11-20|2026-12-20|February 2027|2027-06-01|36 months|Countywide|sme|property@example.org|
"""  # noqa: E501
"""The last of them is live and waits for its notice: nobody may read of it."""
_DIRECTORATES = {
    "ADULTS": "Adults and Public Health", "CHILDREN": "Children and Education", "PLACE": "Place",
    "RESOURCES": "Resources",
}  # fmt: skip
_TIMES = ("engagement", "tender", "closes", "award", "start")
CHANGES: tuple[tuple[datetime, str, dict[str, Any], str], ...] = (
    (datetime(2026, 10, 5, 9, tzinfo=UTC), "INT-24", {"award": read_when("August 2027")},
     "Bidders asked for eight more weeks to inspect bridges."),
    (datetime(2026, 10, 5, 9, tzinfo=UTC), "INT-29", {"engagement": read_when("January 2027")},
     "It follows the county's waste survey."),
    (datetime(2026, 10, 19, 9, tzinfo=UTC), "INT-05", {"low": Decimal(950000), "high": Decimal(1400000)},
     "Care for under-18s has been added."),
    (datetime(2026, 11, 3, 9, tzinfo=UTC), "INT-27", {"state": "withdrawn"},
     "Parish councils will cut the verges themselves."),
    (datetime(2026, 11, 9, 9, tzinfo=UTC), "INT-19", {"route": "light touch"},
     "Families told us they need an assured number of nights."),
    (datetime(2026, 11, 12, 9, tzinfo=UTC), "INT-12", {"tender": read_when("February 2027")},
     "Operators asked for time to form partnerships."),
)  # fmt: skip
"""When, of which, what anew, and why."""


def rows() -> Iterator[Row]:
    """The intentions as the template's rows."""
    for line in _ROWS.strip().splitlines():
        yield _row(dict(zip(_COLUMNS, line.split("|"), strict=True)))


def _row(cells: Mapping[str, str]) -> Row:
    said: dict[str, Any] = {name: cells[name] for name in ("title", "description", "service", "duration")}
    said |= {name: cells[name] for name in ("stage", "route", "state", "contact_email") if cells[name]}
    said |= {name: read_when(cells[name]) for name in _TIMES if cells[name]}
    said |= {name: Decimal(cells[name]) for name in ("low", "high") if cells[name]}
    said["directorate"] = _DIRECTORATES[cells["directorate"]]
    said["area"] = tuple(part.strip() for part in cells["area"].split(";"))
    said |= {field: True for word, field in (("sme", "sme"), ("vcse", "vcse"), ("sub", "subcontract"))
             if word in cells["suits"].split()}  # fmt: skip
    said["related"] = tuple(cells["related"].split())
    terms = Terms(**said)
    return Row(reference=cells["reference"], says=frozenset(said), terms=terms, notices=terms.related)


def hold(store: Store) -> None:
    """Puts the timeline into a record."""
    given = {row.reference: row for row in rows()}
    take(store, list(given.values()), BEGUN)
    for at, reference, said, reason in CHANGES:
        row = given[reference]
        terms = row.terms.model_validate({**dict(row.terms), **said})
        given[reference] = row.model_copy(
            update={"terms": terms, "says": frozenset(row.says | said.keys()), "reason": reason}
        )
        take(store, [given[reference]], at)


def take(store: Store, taken: list[Row], at: datetime) -> None:
    """Takes rows in, as of a moment."""
    read = Read(records=len(taken), rows=tuple(enumerate(taken, start=1)))
    with store.writing() as connection:
        report = take_in(connection, read, at, BUYERS, source="timeline.csv")
    if report.problems:
        raise ValueError(str(report.problems))
