"""The timeline as OCDS releases: valid by the standard's schemas, telling what was said and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from feeds import NOW, URL, Publisher, full, statement, when
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from knowledge.timeline.nouns import Lot, Route, Source, Stage, State, Terms

formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@formats.checks("uri")
def is_address(value: object) -> bool:
    return not isinstance(value, str) or (bool(urlsplit(value).scheme) and value.isascii() and " " not in value)


@pytest.fixture
def desk(home: Path) -> Iterator[Publisher]:
    made = Publisher(home)
    yield made
    made.wiring.store.close()


def merged(base: Any, over: Any) -> Any:
    """A JSON merge patch (RFC 7396), as extensions of the standard are applied."""
    if not isinstance(over, dict):
        return over
    found = dict(base) if isinstance(base, dict) else {}
    for name, value in over.items():
        found[name] = merged(found.get(name), value)
    return found


@pytest.fixture(scope="module")
def schema(shared: Path) -> Draft4Validator:
    """The schema of a release package, with the extension for the UK over that of a release."""
    folder = shared / "data" / "schemas"
    package = json.loads((folder / "ocds" / "release-package-schema.json").read_text(encoding="utf-8"))
    release = json.loads((folder / "ocds" / "release-schema.json").read_text(encoding="utf-8"))
    uk = json.loads((folder / "ocds_uk_extension" / "release-schema.json").read_text(encoding="utf-8"))
    both = Resource(contents=merged(release, uk), specification=DRAFT4)
    where = package["properties"]["releases"]["items"]["$ref"]
    return Draft4Validator(package, registry=Registry().with_resource(where, both), format_checker=formats)


def wrong(schema: Draft4Validator, package: Any) -> list[str]:
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in schema.iter_errors(package)
    ]


VARIED: dict[str, dict[str, Any]] = {
    "everything": full(),
    "nearly nothing": {"title": "Something"},
    "no exact time": {**full(), **{what: when("Autumn 2027") for what in ("engagement", "tender", "closes")},
                      "award": when("2028/29"), "start": when("April 2029"), "end": when("2033")},
    "an open grant": full(route=Route.GRANT, stage=Stage.DO, state=State.OPEN, tender=when("2026-10-01"),
                          gross=None, cpv=(), duration="3 years, with up to 2 more"),
    "closed": full(route=Route.IN_HOUSE, state=State.CLOSED, gross=False, low=None, regions=()),
    "awarded": full(state=State.AWARDED, stage=Stage.DO, awarded_to=("Kindly Hours Ltd", "Örtchen & Söhne")),
    "awarded to nobody named": full(state=State.AWARDED, route=Route.DIRECT, award=when("2026-11-01")),
    "withdrawn at once": full(state=State.WITHDRAWN),
    "odd texts": full(title="Bell \x07 🐝", description="\x00", follows="a/b c", area=("St Mary’s",),
                      related=("cf:0b6e3d34-3b7e-4d3c-9f2b-0f1e2d3c4b5a", "a reference"), contact_email=""),
    "many lots": full(lots=tuple(Lot(title=f"Lot {n}", low=Decimal(n) or None) for n in range(1, 40))),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIED)
def test_a_package_is_valid_by_the_standards_schema(desk: Publisher, schema: Draft4Validator, name: str) -> None:
    desk.begin("MARL / 1?", **VARIED[name])
    package = desk.package()
    assert [release["id"] for release in package["releases"]] == ["MARL / 1?-v1"]
    assert wrong(schema, package) == []


def test_a_history_with_every_kind_of_notice_is_valid(desk: Publisher, schema: Draft4Validator) -> None:
    said = Terms(title="Street lighting", stage=Stage.PLAN, state=State.PLANNED, tender=when("2026-12-01"))
    desk.take(statement("000001-2026", "", kind="UK1", terms=said))
    for number, kind in enumerate(("UK2", "UK3", "UK4", "UK6", "UK7", "UK12"), start=2):
        desk.later(days=1)
        state = {"UK4": State.OPEN, "UK6": State.AWARDED, "UK7": State.AWARDED, "UK12": State.WITHDRAWN}.get(kind)
        terms = said.model_copy(
            update={"state": state or State.PLANNED, "awarded_to": ("Lamps Ltd",) if number > 4 else ()}
        )
        notice = statement(f"00000{number}-2026", "", kind=kind, at=desk.now, terms=terms,
                           keys=("ocid:ocds-h6vhtk-000001",))  # fmt: skip
        assert desk.take(notice).problems == []
    package = desk.package("/timeline.json?history=1")
    assert wrong(schema, package) == []
    assert [release["tag"] for release in package["releases"]] == [
        ["planning"], ["planningUpdate"], ["planningUpdate"], ["tender"], ["award"], ["awardUpdate"],
        ["tenderCancellation"],
    ]  # fmt: skip
    assert {release["ocid"] for release in package["releases"]} == {"ocds-h6vhtk-000001"}
    assert len({release["id"] for release in package["releases"]}) == 7
    newest = desk.release()
    found = {
        document["noticeType"]: document for part in ("planning", "tender") for document in newest[part]["documents"]
    }
    assert found.keys() == {"UK1", "UK2", "UK3", "UK4", "UK6", "UK7", "UK12"}
    assert found["UK2"]["documentType"] == "marketEngagementNotice"
    assert found["UK4"]["url"] == "https://www.find-tender.service.gov.uk/Notice/000004-2026"
    assert newest["tender"]["status"] == "cancelled"
    assert newest["parties"][0]["identifier"]["scheme"] == "GB-PPON"


def test_a_release_tells_what_was_said(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    release = desk.release()
    tender = release["tender"]
    assert (release["ocid"], release["id"], release["tag"]) == ("ocds-desk00-MARL-1", "MARL-1-v1", ["planning"])
    assert (release["date"], release["initiationType"]) == ("2026-11-21T10:00:00Z", "tender")
    assert (tender["title"], tender["status"]) == ("Home care in Thanet", "planned")
    assert tender["value"] == {"amountGross": 1200000.5, "currency": "GBP"}
    assert tender["minValue"] == {"amountGross": 250000, "currency": "GBP"}
    assert tender["contractPeriod"] == {
        "startDate": "2028-04-01T00:00:00+01:00", "endDate": "2032-03-31T23:59:59+01:00", "durationInMonths": 48,
    }  # fmt: skip
    assert tender["tenderPeriod"] == {"endDate": "2027-09-30T23:59:59+01:00"}
    assert "awardPeriod" not in tender
    assert tender["items"][0]["classification"] == {"scheme": "CPV", "id": "85312400"}
    places = [{"region": "UKJ4"}, {"description": "Wexcombe"}, {"description": "Oldmere"}]
    assert tender["items"][0]["deliveryAddresses"] == places
    assert [lot["title"] for lot in tender["lots"]] == ["North", "South"]
    assert tender["suitability"] == {"sme": True, "vcse": False}
    assert release["buyer"]["name"] == release["parties"][0]["name"] == "Marlshire County Council"
    assert release["parties"][0]["contactPoint"]["email"] == "commissioning@example.org"
    assert [one["identifier"] for one in release["relatedProcesses"]] == [
        "MCC-0001",
        "012345-2027",
        "ocds-h6vhtk-0abcde",
    ]


def test_a_time_that_is_no_day_goes_out_in_words_and_never_as_a_date(desk: Publisher) -> None:
    desk.begin("MARL-1", **VARIED["no exact time"])
    release = desk.release()
    stones = {stone["id"]: stone for stone in release["planning"]["milestones"]}
    assert stones["tender"]["description"] == "Autumn 2027, no day yet: between 2027-09-01 and 2027-11-30"
    assert stones.keys() == {"engagement", "tender", "closes", "award", "start", "end", "duration"}
    assert not [stone for stone in stones.values() if "dueDate" in stone]
    assert not {"tenderPeriod", "awardPeriod"} & release["tender"].keys()
    assert release["tender"]["contractPeriod"] == {"durationInMonths": 48}


def test_each_change_is_an_amendment_with_its_reason(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    desk.change("MARL-1", "The budget is smaller.", high=Decimal(900_000))
    desk.withdraw("MARL-1", "The service stays in-house.")
    release = desk.release()
    assert (release["id"], release["tag"], release["tender"]["status"]) == (
        "MARL-1-v3",
        ["planningUpdate"],
        "withdrawn",
    )
    first, second = release["tender"]["amendments"]
    assert first == {
        "id": "2", "date": "2026-11-22T10:00:00Z", "rationale": "The budget is smaller.",
        "description": "Highest value changed from £1,200,000.50 to £900,000", "amendsReleaseID": "MARL-1-v1",
        "releaseID": "MARL-1-v2",
    }  # fmt: skip
    assert (second["rationale"], second["description"]) == ("The service stays in-house.", "Withdrawn")


def test_with_its_history_each_version_is_as_it_stood(desk: Publisher, schema: Draft4Validator) -> None:
    desk.begin("MARL-1", **full(high=None))
    desk.change("MARL-1", "It is dearer.", high=Decimal(900_000), title="Home care everywhere")
    desk.change("MARL-1", "Not yet settled.", high=None)
    package = desk.package("/timeline.json?history=1")
    assert wrong(schema, package) == []
    told = [
        (one["id"], one["tender"]["title"], one["tender"].get("value", {}).get("amountGross"))
        for one in package["releases"]
    ]
    assert told == [
        ("MARL-1-v1", "Home care in Thanet", None), ("MARL-1-v2", "Home care everywhere", 900_000),
        ("MARL-1-v3", "Home care everywhere", None),
    ]  # fmt: skip
    assert [len(one["tender"].get("amendments", ())) for one in package["releases"]] == [0, 1, 2]


def test_the_package_says_whose_it_is_and_under_which_licence(desk: Publisher) -> None:
    desk.begin("MARL-1", **full())
    package = desk.package()
    assert package["uri"] == f"{URL}/timeline.json"
    assert package["publisher"] == {"name": "Marlshire County Council", "uri": URL}
    assert package["license"].endswith("/open-government-licence/version/3/")
    assert package["publishedDate"] == "2026-11-21T10:00:00Z"
    assert any("ocds_uk_extension" in one for one in package["extensions"])
    assert "links" not in package


def test_more_than_a_page_of_releases_says_where_the_next_is(desk: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    from webhooks import feeds

    monkeypatch.setattr(feeds, "MOST_RELEASES", 2)
    for number in range(5):
        desk.begin(f"MARL-{number}", title="Lamps")
    found, path = [], "/timeline.json?history=1"
    while path:
        package = desk.package(path)
        found += [one["id"] for one in package["releases"]]
        path = package["links"].get("next", "").removeprefix(URL)
    assert sorted(found) == [f"MARL-{number}-v1" for number in range(5)]
    assert "page=2" in package["links"]["prev"]
    assert desk.package("/timeline.json?page=99999999999999999999")["releases"] == []
    assert len(desk.package("/timeline.json?page=-3")["releases"]) == 2


def test_the_councils_own_prefix_is_a_setting(home: Path) -> None:
    made = Publisher(home, DESK_OCID_PREFIX="ocds-abc123")
    made.begin("MARL 1/2", title="Lamps")
    assert made.release()["ocid"] == "ocds-abc123-MARL%201%2F2"
    made.wiring.store.close()


def test_the_identifier_of_find_a_tender_goes_before_contracts_finders(desk: Publisher) -> None:
    desk.take(
        statement("cf-1", "Lamps", source=Source.CONTRACTS_FINDER, keys=("ocid:ocds-b5fd17-1", "ocid:ocds-h6vhtk-1"))
    )
    assert desk.release()["ocid"] == "ocds-h6vhtk-1"


def test_the_desk_reads_its_own_package_back(desk: Publisher) -> None:
    from knowledge.timeline.reading.jsonfile import read_json_text

    desk.begin("MARL-1", **full(tender=when("2027-07-01"), award=when("2028-01-31")))
    desk.begin("MARL-2", title="Something")
    desk.begin("MARL-3", **VARIED["no exact time"])
    read = read_json_text(desk.get("/timeline.json").data, "timeline.json")
    assert (read.records, read.problems) == (3, ())
    by_id = {one.id.rpartition("/")[2]: one for _, one in read.statements}
    terms, said = by_id["MARL-1-v1"].terms, full(tender=when("2027-07-01"), award=when("2028-01-31"))
    kept = ("title", "stage", "route", "state", "low", "high", "gross", "engagement", "tender", "closes", "award",
            "start", "end", "cpv", "regions", "area", "sme", "vcse", "contact", "contact_email")  # fmt: skip
    assert {name: getattr(terms, name) for name in kept} == {name: said[name] for name in kept}
    assert [lot.title for lot in terms.lots] == ["North", "South"]
    vague = by_id["MARL-3-v1"].terms
    assert {
        what: getattr(vague, what) for what in ("engagement", "tender", "closes", "award", "start", "end")
    } == dict.fromkeys(("engagement", "tender", "closes", "award", "start", "end"))
    assert by_id["MARL-1-v1"].at == NOW
