"""OCDS and other JSON feeds: every record is a statement or a named problem, and a file that is none is refused."""

import copy
import json
import random
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.documents.reading import Limits
from knowledge.timeline.nouns import Route, Source, Stage, State
from knowledge.timeline.reading.errors import TimelineFileError
from knowledge.timeline.reading.jsonfile import read_json, read_json_text
from knowledge.timeline.reading.keys import reference_key
from knowledge.timeline.reading.parties import team_of
from knowledge.timeline.reading.repeats import settle

OCID = "ocds-h6vhtk-0a1b2c"
NUMBER = "012345-2026"
GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
UK = {"id": "2023/54", "scheme": "UKPGA"}


def notice(type_, document="tenderNotice", number=NUMBER):
    """A document that is a notice of the Act."""
    url = f"https://www.find-tender.service.gov.uk/Notice/{number}"
    return {
        "id": number,
        "documentType": document,
        "noticeType": type_,
        "url": url,
        "datePublished": "2026-03-02T09:00:00Z",
    }


def fts(tag="tender", type_="UK4", **parts):
    """A release as Find a Tender writes them, invented."""
    tender = {
        "id": OCID, "legalBasis": UK, "title": "Home care in Marlshire", "description": "Care at home for adults.",
        "status": "active", "mainProcurementCategory": "services", "specialRegime": ["lightTouch"],
        "value": {"amount": 1000000, "amountGross": 1200000, "currency": "GBP"}, "procurementMethod": "open",
        "procurementMethodDetails": "Open procedure", "tenderPeriod": {"endDate": "2026-04-30T12:00:00+01:00"},
        "items": [{
            "id": "1", "additionalClassifications": [{"scheme": "CPV", "id": id_} for id_ in ("85000000", "85312000")],
            "deliveryAddresses": [{"region": "UKJ4", "countryName": "United Kingdom"}, {"region": "UKJ4"}],
        }],
        "documents": [notice(type_)] if type_ else [],
    }  # fmt: skip
    tender.update(parts.pop("tender", {}))
    buyer = {
        "id": "GB-PPON-PAAA-1111-AAAA", "name": "Marlshire County Council", "roles": ["buyer"],
        "contactPoint": {"name": "Fay Tully", "email": "procurement@marlshire.example.org"},
    }  # fmt: skip
    made = {
        "ocid": OCID, "id": NUMBER, "date": "2026-03-02T09:00:00Z", "tag": [tag], "initiationType": "tender",
        "parties": [buyer], "buyer": {"id": buyer["id"], "name": buyer["name"]}, "tender": tender,
    }  # fmt: skip
    return {**made, **parts}


def package(*releases):
    return read_json_text(json.dumps({"version": "1.1", "releases": list(releases)}).encode(), "package.json")


def one(release):
    """The statement of the only release."""
    read = package(release)
    assert not read.problems
    return read.statements[0][1]


def why(release):
    """The reason for which the only release is a problem."""
    read = package(release)
    assert not read.statements
    return read.problems[0].reason


def counted_once(read):
    places = [*(place for place, _ in read.statements), *(problem.record for problem in read.problems)]
    return sorted(places) == list(range(1, read.records + 1))


# --- What a release says ---------------------------------------------------------------------------------------------


def test_a_tender_notice_is_read_whole():
    said = one(fts())
    assert (said.source, said.id, said.kind) == (Source.FIND_A_TENDER, NUMBER, "UK4")
    assert said.at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert (said.buyer, said.buyer_id) == ("Marlshire County Council", "GB-PPON-PAAA-1111-AAAA")
    assert said.url == f"https://www.find-tender.service.gov.uk/Notice/{NUMBER}"
    assert said.keys == (f"ocid:{OCID}",)
    terms = said.terms
    assert (terms.title, terms.category) == ("Home care in Marlshire", "services")
    assert (terms.stage, terms.state, terms.route) == (Stage.DO, State.OPEN, Route.LIGHT_TOUCH)
    assert (terms.low, terms.high, terms.gross) == (1200000, 1200000, True)
    assert (terms.tender.first, terms.closes.first) == (date(2026, 3, 2), date(2026, 4, 30))
    assert terms.cpv == ("85000000", "85312000")
    assert (terms.regions, terms.area) == (("UKJ4",), ())


def test_only_what_is_awarded_names_its_providers():
    assert one(fts("award", "UK6", **award("UK6"))).terms.awarded_to == ("Acme Care Ltd",)
    assert one(fts("award", "UK5", **award("UK5", "pending"))).terms.awarded_to == ()


def test_a_persons_name_is_left_out_and_a_teams_is_kept():
    assert one(fts()).terms.contact == "Marlshire County Council"
    assert one(fts()).terms.contact_email == "procurement@marlshire.example.org"
    release = fts()
    release["parties"][0]["contactPoint"]["name"] = "Adult Care Commissioning Team"
    assert one(release).terms.contact == "Adult Care Commissioning Team"


def planning(type_, document):
    return {"planning": {"documents": [notice(type_, document)]}, "tender": {"status": "planned", "documents": []}}


def award(type_, status="active"):
    documents = [notice(type_, "awardNotice")]
    supplier = {"id": "S1", "name": "Acme Care Ltd"}
    made = {
        "id": "1",
        "status": status,
        "date": "2026-05-01T00:00:00+01:00",
        "suppliers": [supplier],
        "documents": documents,
    }
    return {"awards": [made], "tender": {"status": "complete", "documents": []}}


def contract(type_, document="contractNotice", **more):
    made = {"id": "1", "status": "active", "title": "Home care", "documents": [notice(type_, document)], **more}
    return {"contracts": [made], "tender": {"status": "complete", "documents": []}}


ENDED = {"status": "cancelled", "statusDetails": "No bid was affordable."}
NOTICES = [
    ("UK1", "planning", planning("UK1", "plannedProcurementNotice"), Stage.PLAN, State.PLANNED),
    ("UK2", "planning", planning("UK2", "marketEngagementNotice"), Stage.PLAN, State.PLANNED),
    ("UK3", "planning", planning("UK3", "plannedProcurementNotice"), Stage.PLAN, State.PLANNED),
    ("UK4", "tender", {}, Stage.DO, State.OPEN),
    ("UK5", "award", award("UK5", "pending"), Stage.DO, State.CLOSED),
    ("UK6", "award", award("UK6", "pending"), Stage.DO, State.AWARDED),
    ("UK7", "contract", contract("UK7"), Stage.DO, State.AWARDED),
    ("UK8", "implementation", contract("UK8"), Stage.REVIEW, State.AWARDED),
    ("UK9", "implementation", contract("UK9", "implementationNotice"), Stage.REVIEW, State.AWARDED),
    ("UK10", "contractAmendment", contract("UK10"), Stage.REVIEW, State.AWARDED),
    ("UK11", "contractTermination", contract("UK11", status="terminated"), Stage.REVIEW, State.AWARDED),
    ("UK12", "tenderCancellation", {"tender": {**ENDED, "documents": [notice("UK12")]}}, Stage.DO, State.WITHDRAWN),
    ("UK13", "planning", planning("UK13", "plannedProcurementNotice"), Stage.PLAN, State.PLANNED),
    ("UK14", "tender", {}, Stage.DO, State.OPEN),
    ("UK15", "tenderUpdate", {}, Stage.DO, State.OPEN),
    ("UK16", "tenderUpdate", {}, Stage.REVIEW, State.WITHDRAWN),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "tag", "parts", "stage", "state"), NOTICES, ids=[row[0] for row in NOTICES])
def test_every_notice_of_the_act_says_where_its_procurement_stands(type_, tag, parts, stage, state):
    said = one(fts(tag, type_, **copy.deepcopy(parts)))
    assert (said.kind, said.terms.stage, said.terms.state) == (type_, stage, state)


def test_a_notice_on_payments_is_of_no_procurement():
    assert why(fts("planning", "UK17")) == "UK17 (payments compliance notice) is of no procurement"


def test_a_termination_gives_its_reason():
    assert one(fts("tenderCancellation", "UK12", tender=ENDED)).reason == "No bid was affordable."


def test_ending_some_lots_does_not_withdraw_the_others():
    lots = [{"id": "1", "title": "North", "status": "cancelled"}, {"id": "2", "title": "South", "status": "active"}]
    assert one(fts("tenderUpdate", "UK12", tender={"lots": lots})).terms.state == State.OPEN
    lots[1]["status"] = "cancelled"
    assert one(fts("tenderUpdate", "UK12", tender={"lots": lots})).terms.state == State.WITHDRAWN


def test_the_releases_own_notice_tells_its_kind_among_those_of_other_stages():
    earlier = notice("UK2", "marketEngagementNotice", "000111-2026")
    assert one(fts(planning={"documents": [earlier]})).kind == "UK4"
    assert one(fts(planning={"documents": [earlier]})).terms.related == ("000111-2026",)


def test_the_law_a_release_names_tells_its_kind_where_the_notice_does_not():
    old = {"id": "32014L0024", "scheme": "CELEX"}
    document = {"id": "1", "documentType": "tenderNotice"}
    assert one(fts(type_="", tender={"legalBasis": old, "documents": [document]})).kind == "F02"
    assert one(fts(type_="", tender={"documents": [document]})).kind == "UK4"


def test_a_kind_nobody_knows_falls_back_to_the_tags():
    assert one(fts("tenderUpdate", "UK99")).kind == "tenderUpdate"
    assert one(fts("newTag", "", tender={"documents": []})).kind == "tender"


def test_a_tender_whose_bids_are_in_is_closed_until_it_is_awarded():
    assert one(fts(tender={"status": "complete"})).terms.state == State.CLOSED
    assert one(fts("award", "UK6", **award("UK6"))).terms.state == State.AWARDED


def test_awards_that_all_came_to_nothing_leave_nothing_to_bid_for():
    assert one(fts("award", "UK6", **award("UK6", "unsuccessful"))).terms.state == State.WITHDRAWN


def test_the_reason_of_a_change_is_its_newest_amendments():
    amendments = [
        {"id": "2", "date": "2026-03-05T00:00:00Z", "rationale": "The tender period was too short."},
        {"id": "1", "date": "2026-03-03T00:00:00Z", "rationale": "A wrong date."},
    ]
    assert one(fts("tenderAmendment", tender={"amendments": amendments})).reason == "The tender period was too short."


def test_no_engagement_is_no_reason_for_a_change():
    assert one(fts(planning={"noEngagementNoticeRationale": "There was no time."})).reason == ""


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ({"title": "The release's"}, "The release's"),
        ({"tender": {"title": "n/a"}, "planning": {"project": {"title": "The project's"}}}, "The project's"),
        ({"tender": {"title": None}, "awards": [{"id": "1", "title": "The award's"}]}, "The award's"),
        ({"tender": {"title": "", "description": "Care at home. For adults."}}, "Care at home"),
        ({"tender": {"title": "", "description": "care " * 100}}, "care " * 28 + "care…"),
    ],
)
def test_a_release_without_a_title_takes_the_nearest(parts, title):
    assert one(fts(**parts)).terms.title == title


def test_no_title_and_nothing_to_take_one_from_is_a_problem():
    tender = {"title": " ", "description": "", "items": []}
    assert why(fts(tender=tender)) == "has no title, and nothing to take one from"


# --- Money, times, places, people ------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [0, 1, 9999999, 99999999.99, "NaN", True, None, 10**15, "many"])
def test_figures_that_stand_for_nothing_are_not_said(amount):
    terms = one(fts(tender={"value": {"amount": amount, "currency": "GBP"}})).terms
    assert (terms.low, terms.high, terms.gross) == (None, None, None)


def test_other_currencies_are_not_said():
    assert one(fts(tender={"value": {"amount": 5000, "currency": "EUR"}})).terms.high is None


def test_a_sum_without_vat_says_so_on_find_a_tender_only():
    net = {"value": {"amount": "1,000.50", "currency": "GBP"}, "minValue": {"amount": 500, "currency": "GBP"}}
    terms = one(fts(tender=net)).terms
    assert (terms.low, terms.high, terms.gross) == (500, Decimal("1000.5"), False)
    assert one(fts(ocid=f"ocds-b5fd17-{GUID}", tender=net)).terms.gross is None


def test_lots_are_summed_only_where_nothing_else_is_said():
    lots = [{"id": str(at), "title": f"Area {at}", "value": {"amount": at * 1000, "currency": "GBP"}} for at in (1, 2)]
    assert one(fts(tender={"lots": lots})).terms.high == 1200000
    terms = one(fts(tender={"lots": lots, "value": None})).terms
    assert (terms.low, terms.high) == (3000, 3000)
    assert [(lot.title, lot.high) for lot in terms.lots] == [("Area 1", 1000), ("Area 2", 2000)]


def test_a_lot_without_a_value_leaves_the_sum_unsaid():
    lots = [{"id": "1", "value": {"amount": 1000, "currency": "GBP"}}, {"id": "2"}]
    terms = one(fts(tender={"lots": lots, "value": None})).terms
    assert terms.high is None
    assert [lot.title for lot in terms.lots] == ["Lot 1", "Lot 2"]


def test_what_was_awarded_counts_once_it_is():
    parts = award("UK6")
    parts["awards"][0]["value"] = {"amount": 900000, "amountGross": 1080000, "currency": "GBP"}
    assert one(fts("award", "UK6", **parts)).terms.high == 1080000


def test_one_value_said_of_each_provider_is_said_once_and_others_are_summed():
    value = {"amount": 5000, "currency": "GBP"}
    awards = [{"id": str(at), "status": "active", "value": value} for at in range(3)]
    assert one(fts("award", "UK6", awards=awards)).terms.high == 5000
    awards[0] = {"id": "0", "status": "active", "value": {"amount": 700, "currency": "GBP"}}
    assert one(fts("award", "UK6", awards=awards)).terms.high == 10700


def test_days_are_londons_and_the_last_minute_of_a_day_is_that_day():
    period = {"startDate": "2026-06-30T23:00:00Z", "endDate": "2028-06-30T23:59:59Z"}
    terms = one(fts(tender={"contractPeriod": period})).terms
    assert (terms.start.first, terms.end.first) == (date(2026, 7, 1), date(2028, 6, 30))


def test_a_moment_without_a_zone_is_londons():
    assert one(fts(date="2026-07-01T00:30:00")).at == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert one(fts(date="2026-07-01T00:30:00.1234567+01")).at == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)


def test_placeholder_days_are_not_said_and_an_end_before_the_start_neither():
    terms = one(
        fts(tender={"contractPeriod": {"startDate": "0001-01-01T00:00:00Z", "endDate": "9999-12-31T23:59:59Z"}})
    ).terms
    assert (terms.start, terms.end) == (None, None)
    terms = one(fts(tender={"contractPeriod": {"startDate": "2027-01-01", "endDate": "2026-01-01"}})).terms
    assert (terms.start.first, terms.end) == (date(2027, 1, 1), None)


def test_a_planned_tender_and_its_engagement_have_their_days():
    planned = planning("UK2", "marketEngagementNotice")
    planned["planning"]["milestones"] = [{"id": "1", "type": "engagement", "dueDate": "2026-05-01T23:59:59+01:00"}]
    planned["tender"].update(communication={"futureNoticeDate": "2026-09-01T23:59:59+01:00"}, tenderPeriod=None)
    terms = one(fts("planning", "UK2", **planned)).terms
    assert (terms.engagement.first, terms.tender.first) == (date(2026, 5, 1), date(2026, 9, 1))
    assert terms.closes is None


def test_a_length_is_said_as_given():
    period = {"durationInDays": 730, "maxExtentDate": "2031-03-31T23:59:59+01:00"}
    assert one(fts(tender={"contractPeriod": period})).terms.duration == "730 days, may be extended to 2031-03-31"
    lots = [{"id": "1", "contractPeriod": {"durationInMonths": 24}, "renewal": {"description": "Two years more"}}]
    assert one(fts(tender={"lots": lots})).terms.duration == "24 months, renewal: Two years more"


def test_the_whole_world_is_no_area():
    world = [{"countryName": name} for name in ("Europe", "Isle of Man", "Rest of the World", "United Kingdom")]
    near = {"postalCode": "ct1 2ab", "region": "South East", "countryName": "United Kingdom"}
    assert one(fts(tender={"items": [{"id": "1", "deliveryAddresses": world}]})).terms.area == ()
    assert one(fts(tender={"items": [{"id": "1", "deliveryAddresses": [*world, near]}]})).terms.area == (
        "South East",
        "CT1 2AB",
    )


def test_one_provider_under_several_ids_is_one():
    suppliers = [{"id": "1", "name": "Acme Care Ltd"}, {"id": "2", "name": "ACME CARE LIMITED"}, {"id": "3"}]
    parties = [{"id": "3", "name": "Bright &amp; Co", "roles": ["supplier"]}]
    release = fts("award", "UK6", awards=[{"id": "1", "status": "active", "suppliers": suppliers}], parties=parties)
    assert one(release).terms.awarded_to == ("Acme Care Ltd", "Bright & Co")


@pytest.mark.parametrize(
    ("tender", "route"),
    [
        ({"procurementMethodDetails": "Call-off from a framework agreement"}, Route.FRAMEWORK),
        ({"procurementMethodDetails": "Other - Direct Award from a Framework Contract"}, Route.FRAMEWORK),
        ({"procurementMethodDetails": "Single tender action (below threshold)"}, Route.DIRECT),
        ({"procurementMethod": "direct"}, Route.DIRECT),
        ({"procurementMethodDetails": "Grant"}, Route.GRANT),
        ({"specialRegime": []}, Route.TENDER),
        ({"relatedProcesses": [{"relationship": ["framework"], "identifier": "ocds-h6vhtk-000001"}]}, Route.FRAMEWORK),
    ],
)
def test_the_route_is_as_the_notice_says(tender, route):
    assert one(fts(tender=tender)).terms.route == route


def test_other_procurements_are_related_and_no_key_of_this_one():
    related = [{"id": "1", "relationship": ["planning"], "identifier": "ocds-h6vhtk-000001"}]
    said = one(fts(relatedProcesses=related))
    assert said.terms.related == ("ocds-h6vhtk-000001",)
    assert said.keys == (f"ocid:{OCID}",)


def test_notices_that_a_description_names_are_related():
    said = (
        "Replaces 2024/S 000-004321, see https://www.find-tender.service.gov.uk/Notice/000777-2025; call 012345-2026."
    )
    assert one(fts(tender={"description": said})).terms.related == ("000777-2025", "004321-2024")


def test_an_identifier_is_kept_as_it_is():
    assert one(fts(id="Xrn1")).id == "Xrn1"
    assert "more than 200 characters" in why(fts(id="9" * 201))


def test_a_buyers_own_reference_is_a_key_and_a_mere_name_is_none():
    assert one(fts(tender={"id": "MARL-DN7567 86"})).keys[1] == "ref:marlshire county council|marldn756786"
    assert (
        reference_key("The Marlshire County Council", "marl/dn756786 - AWARD")
        == "ref:marlshire county council|marldn756786"
    )
    assert (
        reference_key("Marlshire", "Car park operator")
        == reference_key("", "MARL-12345")
        == reference_key("M", "2")
        == ""
    )


# --- Contracts Finder ------------------------------------------------------------------------------------------------


def finder(tag="tender", said="Opportunity notice on Contracts Finder", **parts):
    """A release as Contracts Finder writes them, invented."""
    document = {
        "id": "1", "documentType": "tenderNotice", "description": said,
        "url": f"https://www.contractsfinder.service.gov.uk/Notice/{GUID.upper()}",
    }  # fmt: skip
    return fts(tag, "", ocid=f"ocds-b5fd17-{GUID[::-1]}", id=f"{GUID}-1", tender={"documents": [document]}, **parts)


def test_contracts_finders_release_has_its_notices_number_as_a_key():
    said = one(finder())
    assert (said.source, said.kind) == (Source.CONTRACTS_FINDER, "CF-opportunity")
    assert f"cf:{GUID}" in said.keys


@pytest.mark.parametrize(
    ("tag", "said", "kind"),
    [
        ("planning", "Early engagement notice on Contracts Finder", "CF-engagement"),
        ("planning", "Future opportunity notice on Contracts Finder", "CF-future"),
        ("tenderAmendment", "Opportunity notice on Contracts Finder", "CF-amended"),
        ("tenderCancellation", "Opportunity notice on Contracts Finder", "CF-withdrawn"),
        ("awardUpdate", "Awarded contract notice on Contracts Finder", "CF-award"),
    ],
)
def test_contracts_finders_notices_are_told_apart(tag, said, kind):
    assert one(finder(tag, said)).kind == kind


def flat(**more):
    """A notice of a flat list, invented."""
    url = f"https://www.contractsfinder.service.gov.uk/Published/Notice/{GUID}"
    return {
        "id": GUID, "title": "Grounds &amp; trees", "description": "Mowing.", "organisation": "Marlshire Council",
        "status": "awarded", "notice_type": "Contract", "published_date": "2025-12-22", "deadline_date": "2025-08-28",
        "awarded_date": "2025-12-04", "value_low": 118000, "value_high": 0, "awarded_value": 118983.6,
        "awarded_supplier": "Acme Ltd,Parks, Gardens &amp; Trees Ltd,NOT AWARDED TO SUPPLIER", "cpv_codes": "77310000",
        "region": "North West,Any region", "postcode": "", "suitable_for_sme": True, "url": url, **more,
    }  # fmt: skip


def listed(*notices):
    return read_json_text(json.dumps({"meta": {}, "contracts": list(notices)}).encode(), "list.json")


@pytest.mark.parametrize(
    "reference", ["2025/26", "2025-2026", "01/04/2025", "2025-04-01", "Lot 1", "Care", "", "ocds-h6vhtk-1"]
)
def test_what_many_procurements_share_is_no_reference(reference):
    assert reference_key("Marlshire County Council", reference) == ""


def test_a_flat_list_of_notices_is_read():
    read = listed(flat(), flat(id="", url="", title=""), 7)
    (place, said), terms = read.statements[0], read.statements[0][1].terms
    assert (place, said.kind, said.keys) == (1, "CF-award", (f"cf:{GUID}",))
    assert (terms.title, terms.high, terms.area) == ("Grounds & trees", Decimal("118983.6"), ("North West",))
    assert terms.awarded_to == ("Acme Ltd", "Parks, Gardens & Trees Ltd")
    assert [(one.record, one.reason) for one in read.problems] == [(2, "has no id"), (3, "is not an object but '7'")]


@pytest.mark.parametrize(
    ("type_", "status", "kind", "state"),
    [
        ("Contract", "closed", "CF-opportunity", State.CLOSED),
        ("Contract", "open", "CF-opportunity", State.OPEN),
        ("PreProcurement", "closed", "CF-engagement", State.PLANNED),
        ("Pipeline", "closed", "CF-pipeline", State.PLANNED),
        ("Pipeline", "withdrawn", "CF-withdrawn", State.WITHDRAWN),
    ],
)
def test_a_flat_notice_is_what_its_type_and_status_say(type_, status, kind, state):
    said = listed(flat(notice_type=type_, status=status)).statements[0][1]
    assert (said.kind, said.terms.state) == (kind, state)


# --- Records ---------------------------------------------------------------------------------------------------------


def recorded(*records):
    return read_json_text(json.dumps({"records": list(records)}).encode(), "records.json")


def test_a_record_is_its_compiled_release():
    compiled = fts("compiled", id=f"{OCID}-2026-03-02")
    read = recorded(
        {"ocid": OCID, "releases": [{"url": "https://x.example.org/1", "tag": ["tender"]}], "compiledRelease": compiled}
    )
    assert [(place, said.id, said.kind) for place, said in read.statements] == [(1, f"{OCID}-2026-03-02", "UK4")]


def test_a_record_without_one_is_its_releases_merged_the_later_over_the_earlier():
    first = fts("tender", id="1", tender={"tenderPeriod": {"endDate": "2026-04-01"}, "title": "First"})
    later = {
        "ocid": OCID, "id": "2", "date": "2026-03-09T00:00:00Z", "tag": ["tenderUpdate"],
        "tender": {"tenderPeriod": {"endDate": "2026-05-05"}, "items": [{"id": "2", "description": "More"}]},
    }  # fmt: skip
    said = recorded({"ocid": OCID, "releases": [later, first]}).statements[0][1]
    assert (said.terms.title, said.terms.closes.first) == ("First", date(2026, 5, 5))
    assert said.terms.cpv == ("85000000", "85312000")
    assert said.at == datetime(2026, 3, 9, tzinfo=UTC)


def test_a_record_that_only_links_is_named():
    links = [{"url": "https://x.example.org/1", "date": "2026-01-01", "tag": ["tender"]}]
    read = recorded({"ocid": OCID, "releases": links}, {"ocid": OCID})
    assert [one.reason for one in read.problems] == [
        "only links to its releases and says nothing itself",
        "has no releases",
    ]


# --- Problems and repeats --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ocid": None}, "has no ocid"),
        ({"id": ""}, "has no id"),
        ({"date": "Last Tuesday", "tender": {"title": "Care"}}, "has a date that is none ('Last Tuesday')"),
        ({"date": None, "tender": {"title": "Care"}}, "has no date"),
    ],
)
def test_a_release_that_lacks_what_notices_have_is_named(change, reason):
    read = package({**fts(), **change})
    assert (read.problems[0].record, read.problems[0].reason) == (1, reason)


def test_a_problem_shows_what_to_look_for_and_nobodys_address():
    problem = package({**fts(), "id": None}).problems[0]
    assert problem.reference == OCID
    assert problem.cells["tender.title"] == "Home care in Marlshire"
    assert "procurement@" not in str(problem.cells)


def test_a_date_that_is_none_is_taken_from_the_newest_document():
    assert one(fts(date="soon")).at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert one(fts(date=None, tender={"documents": [], "datePublished": "2026-02-01"})).at.date() == date(2026, 2, 1)


def test_the_same_notice_twice_is_taken_twice():
    read = package(fts(), fts())
    assert [place for place, _ in read.statements] == [1, 2]
    assert not read.problems


def test_of_two_that_differ_the_latest_counts_and_the_other_names_it():
    read = package(fts(date="2026-03-09", title="New"), fts(title="Old"), fts(title="Older"))
    assert [place for place, _ in read.statements] == [1]
    assert [(one.record, one.reason) for one in read.problems] == [
        (2, f"is the notice {NUMBER} again and says otherwise: record 1 counts, which is the latest"),
        (3, f"is the notice {NUMBER} again and says otherwise: record 1 counts, which is the latest"),
    ]


def test_of_two_of_one_moment_the_last_in_the_file_counts():
    kept, problems = settle([(1, one(fts(title="A"))), (2, one(fts(title="B")))])
    assert ([place for place, _ in kept], [problem.record for problem in problems]) == ([2], [1])


def test_elsewhere_an_id_is_unique_only_within_its_procurement():
    read = package(fts(ocid="ocds-zzz-1", id="1"), fts(ocid="ocds-zzz-2", id="1"))
    assert [said.id for _, said in read.statements] == ["ocds-zzz-1/1", "ocds-zzz-2/1"]


# --- Files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alphabet", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_alphabet_is_read(alphabet):
    text = json.dumps({"releases": [fts(title="Café – £5")]}, ensure_ascii=False)
    assert read_json_text(text.encode(alphabet), "x.json").statements[0][1].terms.title == "Café – £5"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"[]", "holds a list"),
        (b"7", "holds a number"),
        (b"null", "holds nothing"),
        (b"{}", "neither releases nor records nor notices"),
        (b'{"releases": {}}', '"releases" is an object and no list'),
        (b'{"records": "x"}', '"records" is a text and no list'),
        (b"<html>\n<p>503</p></html>", "line 1: is no JSON"),
        (b'{"releases": [\n{"ocid": "x', "line 2: is no JSON"),
        (b"\xff\xfe{\x00\x00", "UTF-16"),
        (b"\x81\x00\x02\xff", "no text in any alphabet"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_reason(content, words):
    with pytest.raises(TimelineFileError) as error:
        read_json_text(content, "feed.json")
    assert str(error.value).startswith("feed.json")
    assert words in str(error.value)


def test_a_file_that_is_too_large_or_not_there_is_refused(tmp_path):
    path = tmp_path / "feed.json"
    path.write_text(json.dumps({"releases": [fts()]}))
    assert read_json(path, Limits()).records == 1
    for file, limits in ((path, Limits(file_bytes=10)), (tmp_path / "none.json", Limits()), (tmp_path, Limits())):
        with pytest.raises(TimelineFileError):
            read_json(file, limits)


@pytest.mark.parametrize(
    "number", ["1e9999", "1e99999999999999999999", "NaN", "-Infinity", " 000", "007", ".5", "+5", "", "9" * 5000]
)
def test_a_number_that_is_none_loses_no_release(number):
    text = json.dumps({"releases": [fts(id="1"), fts(id="2"), fts(id="3")]}, indent=1)
    read = read_json_text(text.replace('"amount": 1000000', f'"amount": {number}', 1).encode(), "x.json")
    assert (read.records, len(read.statements)) == (3, 3)


@pytest.mark.parametrize("wrong", ['"Open procedure', "[[[", "}", "Home } care", '"a" "b"', "tru"])
def test_a_release_that_is_broken_is_named_with_its_line_and_loses_no_other(wrong):
    whole = [json.dumps(fts(id=number), indent=1) for number in "123"]
    whole[1] = whole[1].replace('"Open procedure"', f'"Open procedure"{wrong}')
    read = read_json_text(('{"releases": [' + ",".join(whole) + "]}").encode(), "x.json")
    assert counted_once(read)
    assert [said.id for _, said in read.statements] == ["1", "3"]
    assert "line" in read.problems[0].reason


def test_a_download_that_was_cut_off_keeps_what_came():
    text = json.dumps({"releases": [fts(id="1"), fts(id="2")]}, indent=1)
    read = read_json_text(text[:-400].encode(), "x.json")
    assert [said.id for _, said in read.statements] == ["1"]
    assert (read.records, len(read.problems)) == (2, 1)
    assert "line" in read.notes[0]


def test_one_release_nested_too_deeply_loses_no_other():
    deep = json.dumps({"releases": [fts(id="1"), fts(id="2", x=7)]}).replace(
        '"x": 7', '"x": ' + "[" * 50_000 + "]" * 50_000
    )
    read = read_json_text(deep.encode(), "x.json")
    assert counted_once(read)
    assert read.statements[0][1].id == "1"


# --- Real files ------------------------------------------------------------------------------------------------------

SHARED_FILES = ("ocds_samples/*/*.json", "notices/cf_ocds_*.json", "notices/lancashire/*.json")
FICTIONAL = "ocds_samples/fictional_1.1/ocds-213czf-000-00001.json"


def test_every_real_and_broken_file_is_read_or_refused(shared):
    paths = [path for shape in SHARED_FILES for path in sorted((shared / "data").glob(shape))]
    assert len(paths) >= 48
    for path in paths:
        try:
            read = read_json(path)
        except TimelineFileError as error:
            assert str(error).startswith(path.name)  # noqa: PT017
            continue
        assert counted_once(read), path.name
        assert read == read_json(path), path.name


@pytest.mark.parametrize(
    "name",
    ["bad_toplevel_list", "latin1", "utf-16", "utf8", "release_schema_deprecated_fields"],
)
def test_fixtures_that_are_no_packages_are_refused(shared, name):
    with pytest.raises(TimelineFileError):
        read_json(shared / f"data/ocds_samples/cove_fixtures/{name}.json")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("1001_empty_releases", "has no ocid"),
        ("non_dict_json", "is not an object but true"),
        ("7_records", "has no title, and nothing to take one from"),
        ("ocds_release_nulls", "has no ocid"),
    ],
)
def test_fixtures_that_say_nothing_are_named(shared, name, reason):
    read = read_json(shared / f"data/ocds_samples/cove_fixtures/{name}.json")
    assert {problem.reason for problem in read.problems} == {reason}
    assert not read.statements


def test_a_package_with_a_comma_too_many_is_read(shared):
    read = read_json(shared / "data/ocds_samples/cove_fixtures/tenders_releases_2_releases_not_json.json")
    assert len(read.statements) == 2


def test_the_real_day_on_contracts_finder_is_read_whole(shared):
    read = read_json(shared / "data/notices/cf_ocds_releases_2025-01.json")
    said = [one for _, one in read.statements]
    assert (read.records, len(said)) == (100, 100)
    assert all(len(one.keys) >= 2 and one.terms.title and one.terms.state and one.url for one in said)
    assert sum(one.kind == "CF-award" for one in said) == 59


def test_the_six_councils_notices_are_read_whole(shared):
    reads = [read_json(path) for path in sorted((shared / "data/notices/lancashire").glob("*.json"))]
    assert sum(read.records for read in reads) == sum(len(read.statements) for read in reads) == 525


def test_the_worked_example_goes_through_its_stages(shared):
    said = [one for _, one in read_json(shared / "data" / FICTIONAL).statements]
    states = [State.PLANNED, State.OPEN, State.OPEN, State.AWARDED, State.AWARDED, State.AWARDED]
    assert [one.terms.state for one in said] == states
    assert len({one.keys for one in said}) == 1
    assert said[2].reason.startswith("The tender period has been extended")


# --- Whatever comes --------------------------------------------------------------------------------------------------

ODD = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    " ",
    "n/a",
    "x" * 300,
    "2026-13-45",
    "\ud800",
    [],
    [[]],
    [None],
    {},
    {"id": {}},
    {"a": []},
]


def _places(value, found):
    """Every object and list within a value."""
    if isinstance(value, dict | list):
        found.append(value)
        for inner in value.values() if isinstance(value, dict) else value:
            _places(inner, found)
    return found


def test_values_deleted_and_replaced_at_random_never_crash():
    chance = random.Random(5)
    full = {**fts(), **award("UK6"), **contract("UK7"), **planning("UK1", "plannedProcurementNotice")}
    for _ in range(600):
        whole = {"releases": [copy.deepcopy(full), fts(), finder()], "records": None}
        del whole["records"]
        for _ in range(chance.randint(1, 6)):
            place = chance.choice(_places(whole["releases"], []))
            if place:
                key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
                place[key] = copy.deepcopy(chance.choice(ODD))
        assert counted_once(read_json_text(json.dumps(whole).encode(), "x.json"))


def test_texts_cut_and_scrambled_at_random_never_crash():
    chance = random.Random(6)
    text = json.dumps({"releases": [fts(id=str(at)) for at in range(4)]}, indent=1)
    for _ in range(300):
        made = list(text)
        for _ in range(chance.randint(1, 4)):
            made[chance.randrange(len(made))] = chance.choice(["", '"', "{", "}", "]", ",", "\\", "\x00", "é"])
        try:
            assert counted_once(read_json_text("".join(made).encode(), "x.json"))
        except TimelineFileError:
            continue


def test_records_and_lists_scrambled_at_random_never_crash():
    chance = random.Random(7)
    for _ in range(300):
        record = {"ocid": OCID, "releases": [fts(id="1"), fts("award", "UK6", id="2", **award("UK6"))]}
        for whole in ({"records": [record]}, {"contracts": [flat(), flat(id="2")]}):
            place = chance.choice([one for one in _places(next(iter(whole.values())), []) if one])
            key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
            place[key] = copy.deepcopy(chance.choice(ODD))
            assert counted_once(read_json_text(json.dumps(whole).encode(), Path("x.json").name))


@pytest.mark.parametrize(
    ("given", "published"),
    [
        ("Procurement Team", "Procurement Team"),
        ("Jane Smith, Procurement", "Procurement"),
        ("Corporate Procurement (Mrs J Patel)", ""),
        ("Karen Okafor - Commissioning Officer", ""),
        ("Ian Smith", ""),
    ],
)
def test_of_a_contacts_name_only_what_names_nobody_is_published(given: str, published: str) -> None:
    assert team_of(given) == published
