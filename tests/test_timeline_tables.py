"""Contracts Finder's export, and every file that is none."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from knowledge.documents.reading import Limits
from knowledge.timeline.notice_types import notice_types
from knowledge.timeline.nouns import Read, Route, Stage, State, Statement, Terms
from knowledge.timeline.reading.contracts_finder import PRIVATE
from knowledge.timeline.reading.errors import TimelineFileError
from knowledge.timeline.reading.finder_kinds import NoKind, kind_of, route_of
from knowledge.timeline.reading.keys import reference_key
from knowledge.timeline.reading.opening import _windowed
from knowledge.timeline.reading.packed import supplier_names
from knowledge.timeline.reading.tables import read_table

EXPORT = "notices/contractsfinder_search_export_2020-10.csv"
ID = "SC-2014 (Marlshire County Council)"
GUID = "7751f55f-8045-4915-98fa-61a703d01305"
HEADINGS = (
    "Notice Identifier", "Notice Type", "Organisation Name", "Status", "Published Date", "Title", "Description",
    "Nationwide", "Postcode", "Region", "Cpv Codes", "Contact Name", "Contact Email", "Contact Telephone", "Links",
    "Start Date", "End Date", "Closing Date", "Is sub-contract", "Parent Reference", "Suitable for SME",
    "Suitable for VCO", "Value Low", "Value High", "Awarded Date", "Awarded Value",
    "Supplier [Name|Address|Ref type|Ref Number|Is SME|Is VCSE]", "Supplier's contact name", "Contract start date",
    "Contract end date", "OJEU Procedure Type", "Closing Time",
)  # fmt: skip
AWARD = {
    "Notice Identifier": "SC-2014", "Notice Type": "Contract", "Organisation Name": "Marlshire County Council",
    "Status": "Awarded", "Published Date": "2026-10-02T00:30:00+01:00", "Title": "Home care",
    "Description": "Care.\nIn lots.", "Postcode": "wx1 2aa", "Region": "South East,London",
    "Cpv Codes": "85312400 85000000 ", "Contact Name": "Priya Venn",
    "Contact Email": "care@example.org", "Contact Telephone": "01632 960000", "Start Date": "01/04/2027",
    "End Date": "31/03/2030", "Closing Date": "01/07/2026", "Is sub-contract": "NO", "Suitable for SME": "Yes",
    "Suitable for VCO": "No", "Value Low": "0", "Value High": "1", "Awarded Date": "28/09/2026",
    "Awarded Value": "1250000.50", "OJEU Procedure Type": "OpenOJEU ", "Contract start date": "02/04/2027",
    "Supplier [Name|Address|Ref type|Ref Number|Is SME|Is VCSE]":
        "[Oak Ltd|1 Lane,\nWexcombe|NONE||No|No][Elm CIC|null|NONE||No|Yes]",
    "Contract end date": "01/01/1", "Supplier's contact name": "Owen Tarrant", "Closing Time": "12:00",
}  # fmt: skip


def export(tmp_path: Path, *rows: dict[str, str], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """An export of these rows: each the award above but for what it says otherwise."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow([{**AWARD, **row}.get(heading, "") for heading in HEADINGS])
    path = tmp_path / "export.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def read(tmp_path: Path, *rows: dict[str, str]) -> Read:
    """What an export of these rows gives."""
    return read_table(export(tmp_path, *rows), Limits())


def terms(tmp_path: Path, **said: str) -> Terms:
    """The terms of one row, headings with underscores for spaces."""
    return only(read(tmp_path, {name.replace("_", " "): value for name, value in said.items()})).terms


def only(found: Read) -> Statement:
    """The one statement of an export of one row."""
    assert not found.problems
    [(number, statement)] = found.statements
    assert number == 1
    return statement


def test_an_award_says_who_won_what_and_when(tmp_path: Path) -> None:
    one = only(read(tmp_path, {}))
    assert (one.id, one.kind, one.buyer) == (
        "SC-2014 (Marlshire County Council)",
        "CF-award",
        "Marlshire County Council",
    )
    assert one.at == datetime(2026, 10, 1, 23, 30, tzinfo=UTC)
    assert one.keys == (reference_key("Marlshire County Council", "SC-2014"),)
    assert one.terms.awarded_to == ("Oak Ltd", "Elm CIC")
    assert one.terms.low == one.terms.high == Decimal("1250000.50")
    assert one.terms.award
    assert one.terms.award.first == date(2026, 9, 28)
    assert (one.terms.stage, one.terms.state, one.terms.route) == (Stage.DO, State.AWARDED, Route.TENDER)
    assert one.terms.area == ("South East", "London", "WX1 2AA")
    assert one.terms.cpv == ("85312400", "85000000")
    assert (one.terms.sme, one.terms.vcse, one.terms.subcontract) == (True, False, False)
    assert one.terms.description == "Care.\nIn lots."


def test_the_contracts_own_days_win_and_a_sentinel_gives_way(tmp_path: Path) -> None:
    found = terms(tmp_path)
    assert found.start
    assert found.start.said == "2027-04-02"
    assert found.end
    assert found.end.said == "2030-03-31"


def test_terms_of_a_table_are_what_the_noun_allows(tmp_path: Path) -> None:
    found = terms(tmp_path)
    assert Terms.model_validate(found.model_dump()) == found
    assert found.model_fields_set == set(found.said())


def test_nobodys_name_or_telephone_is_kept(tmp_path: Path) -> None:
    whole = read(tmp_path, {}, {"Status": "Muddled"}).model_dump_json()
    for heading in PRIVATE:
        assert AWARD[heading] not in whole
    assert "care@example.org" in whole


@pytest.mark.parametrize(
    ("type_", "status", "kind", "state"),
    [
        ("Pipeline", "Open", "CF-pipeline", State.PLANNED), ("Pipeline", "Closed", "CF-pipeline", State.PLANNED),
        ("PreProcurement", "Open", "CF-engagement", State.PLANNED),
        ("Pipeline", "Withdrawn", "CF-withdrawn", State.WITHDRAWN),
        ("Early engagement", "Closed", "CF-engagement", State.PLANNED),
        ("Future opportunity", "Open", "CF-future", State.PLANNED), ("Contract", "Open", "CF-opportunity", State.OPEN),
        ("contract", "CLOSED", "CF-opportunity", State.CLOSED), ("Contract", "Awarded", "CF-award", State.AWARDED),
        ("Contract", "Withdrawn", "CF-withdrawn", State.WITHDRAWN),
    ],
)  # fmt: skip
def test_type_and_status_together_say_what_a_notice_is(type_: str, status: str, kind: str, state: State) -> None:
    found = kind_of(type_, status)
    assert (found.key, found.state) == (kind, state)
    assert kind in notice_types()


def test_a_type_or_status_nobody_knows_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoKind):
        kind_of("Sonnet", "Open")
    [problem] = read(tmp_path, {"Status": "Muddled"}).problems
    assert "Status: 'Muddled'" in problem.reason
    assert problem.record == 1
    assert problem.reference == "SC-2014"
    assert problem.cells["Title"] == "Home care"


def test_the_closing_day_of_early_engagement_is_when_the_talks_end(tmp_path: Path) -> None:
    found = terms(tmp_path, Notice_Type="PreProcurement", Status="Open")
    assert found.closes is None
    assert found.engagement
    assert found.engagement.said == "2026-07-01"


@pytest.mark.parametrize(
    ("procedure", "route"),
    [
        ("CallOffFromFrameworkAgreement ", Route.FRAMEWORK),
        ("Other Direct Award from Framework Agreement", Route.FRAMEWORK),
        ("NegotiatedProcedureWithoutPriorPublicationOJEU", Route.DIRECT), ("SingleTenderActionNonOJEU", Route.DIRECT),
        ("Restricted", Route.TENDER), ("CompetitiveQuotationNonOJEU", Route.TENDER), ("Open", Route.TENDER),
        ("Other Light Touch Regime", Route.LIGHT_TOUCH), ("Other Grant", Route.GRANT), ("NotSpecified", None),
        ("Other", None), ("", None),
    ],
)  # fmt: skip
def test_a_procedures_name_tells_the_route(procedure: str, route: Route | None) -> None:
    assert route_of(procedure) == route


@pytest.mark.parametrize(
    ("low", "high", "band"),
    [("0", "340000", (None, 340000)), ("1", "", (None, None)), ("90000", "", (90000, 90000)),
     ("90000", "0", (90000, 90000)), ("90000", "20000", (20000, 90000)), ("1e30", "", None)],
)  # fmt: skip
def test_values_that_stand_for_nothing_say_nothing(tmp_path: Path, low: str, high: str, band: object) -> None:
    found = read(tmp_path, {"Status": "Open", "Value Low": low, "Value High": high})
    if band is None:
        assert "Value Low" in found.problems[0].reason
    else:
        assert (only(found).terms.low, only(found).terms.high) == band


def test_an_end_before_the_start_and_an_award_years_ahead_are_left_out(tmp_path: Path) -> None:
    found = terms(tmp_path, Contract_end_date="01/01/2020", Awarded_Date="22/09/2034")
    assert found.start
    assert found.end is None
    assert found.award is None


def test_a_notice_without_a_day_of_publishing_takes_its_awards(tmp_path: Path) -> None:
    assert only(read(tmp_path, {"Published Date": "01/01/1"})).at == datetime(2026, 9, 27, 23, tzinfo=UTC)
    assert only(read(tmp_path, {"Published Date": "0001-01-01T00:00:00Z"})).at.year == 2026
    never = {"Published Date": "", "Awarded Date": "", "Closing Date": ""}
    assert "no Published Date" in read(tmp_path, never).problems[0].reason


def test_a_link_to_the_site_is_a_key_but_a_call_off_only_relates_to_it(tmp_path: Path) -> None:
    links = {"Links": f"https://www.contractsfinder.service.gov.uk/Notice/{GUID.upper()} https://example.org"}
    one = only(read(tmp_path, links))
    assert f"cf:{GUID}" in one.keys
    assert one.url.endswith(GUID)
    called_off = only(read(tmp_path, {**links, "OJEU Procedure Type": "CallOffFromFrameworkAgreement"}))
    assert f"cf:{GUID}" not in called_off.keys
    assert called_off.terms.related == (f"cf:{GUID}",)


def test_an_identifier_of_the_sites_own_is_the_id_and_a_key(tmp_path: Path) -> None:
    one = only(read(tmp_path, {"Notice Identifier": GUID, "Parent Reference": "RM-1"}))
    assert one.id == GUID
    assert f"cf:{GUID}" in one.keys
    assert one.terms.related == ("RM-1",)


def test_two_buyers_may_give_the_same_identifier(tmp_path: Path) -> None:
    found = read(tmp_path, {}, {"Organisation Name": "Dravenport Council"})
    assert [one.id for _, one in found.statements] == [
        "SC-2014 (Marlshire County Council)",
        "SC-2014 (Dravenport Council)",
    ]


def test_the_same_notice_twice_is_taken_twice_and_of_differing_ones_the_latest(tmp_path: Path) -> None:
    later = {"Published Date": "2026-11-01T00:00:00Z", "Title": "Home care at night"}
    found = read(tmp_path, {}, later, {}, later)
    assert [number for number, _ in found.statements] == [2, 4]
    assert [one.record for one in found.problems] == [1, 3]
    assert "says otherwise: record 4 counts" in found.problems[0].reason
    assert found.records == 4
    same_day = read(tmp_path, {}, {"Title": "Corrected"})
    assert [one.terms.title for _, one in same_day.statements] == ["Corrected"]


def test_the_same_notice_with_another_status_counts_where_it_is_further_on(tmp_path: Path) -> None:
    for statuses in (("Open", "Awarded", "Closed"), ("Awarded", "Closed", "Open")):
        found = read(tmp_path, *({"Status": status} for status in statuses))
        assert [one.terms.state for _, one in found.statements] == [State.AWARDED]
        assert len(found.problems) == 2


def test_a_notice_on_find_a_tender_that_a_row_names_is_related(tmp_path: Path) -> None:
    said = {
        "Links": "https://www.find-tender.service.gov.uk/Notice/012345-2026",
        "Description": "Of 2026/S 000-012344.",
    }
    assert only(read(tmp_path, said)).terms.related == ("012345-2026", "012344-2026")
    assert only(read(tmp_path, {"Description": "Ring 012345-2026."})).terms.related == ()


def test_a_notice_without_title_takes_the_beginning_of_its_description(tmp_path: Path) -> None:
    assert terms(tmp_path, Title="", Description="Care\nat home").title == "Care at home"
    assert "no Title" in read(tmp_path, {"Title": "", "Description": "."}).problems[0].reason


def test_a_row_one_cell_short_is_taken_and_any_other_length_named(tmp_path: Path) -> None:
    path = export(tmp_path, {}, {"Notice Identifier": "B"}, {"Notice Identifier": "C"})
    rows = list(csv.reader(io.StringIO(path.read_text())))
    rows[1].pop()
    rows[2] = rows[2][:-4]
    rows[3].append("astray")
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([*rows, [], [""] * 5])
    found = read_table(path, Limits())
    assert [number for number, _ in found.statements] == [1]
    assert ["too few cells" in found.problems[0].reason, "too many cells" in found.problems[1].reason] == [True, True]
    assert found.records == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_an_export_is_known_in_every_alphabet_and_with_every_delimiter(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    path = export(tmp_path, {"Title": "Café; “tea, cake”"}, delimiter=delimiter, encoding=encoding)
    assert only(read_table(path, Limits())).terms.title == "Café; “tea, cake”"


def test_an_export_saved_as_a_workbook_says_the_same(tmp_path: Path) -> None:
    book, path = Workbook(), tmp_path / "export.xlsx"
    book.worksheets[0].append(["Saved on 3 October"])
    book.worksheets[0].append(HEADINGS)
    row = {**AWARD, "Closing Time": "", "Published Date": datetime(2026, 10, 2), "Awarded Value": 1250000.5}
    book.worksheets[0].append([row.get(heading, "") for heading in HEADINGS])
    book.save(path)
    one = only(read_table(path, Limits()))
    assert one.terms == only(read(tmp_path, {})).terms
    assert one.at == datetime(2026, 10, 1, 23, tzinfo=UTC)


def test_packed_suppliers_are_named_once_each(tmp_path: Path) -> None:
    assert supplier_names("[A [North] Ltd|x|NONE||No|No]\n[ a [north]  ltd |y|NONE||No|No][null|z|NONE||No|No]") == (
        "A [North] Ltd",
    )
    assert supplier_names("Plain Ltd") == ("Plain Ltd",)
    assert supplier_names("") == supplier_names("NOT AWARDED TO SUPPLIER") == ()


def test_an_identifier_that_tells_nothing_is_no_key(tmp_path: Path) -> None:
    assert only(read(tmp_path, {"Notice Identifier": "Lot 1"})).keys == ()


def test_a_text_read_in_windows_gives_every_row_once() -> None:
    text = "a,b\n" + "".join(f'{n},"line\none, {"x" * (n % 7)}"\n' for n in range(2_000)) + '9,"odd\n10,z'
    whole = [(row.line, row.cells) for row in _windowed(text, ",")]
    assert len(whole) >= 2_003
    for window in (500, 9_001, 20_000):
        assert [(row.line, row.cells) for row in _windowed(text, ",", window)] == whole


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.csv", b"", "empty"), ("blank.csv", b"\n\n,,\n", "no line"), ("paper.csv", b"%PDF-1.7 x", "a PDF"),
        ("page.csv", b"<!DOCTYPE html><p>", "web page"), ("feed.csv", b'{"releases": []}', "JSON"),
        ("noise.csv", bytes(range(256)) * 4, "binary"), ("book.csv", b"PK\x03\x04zz", "workbook"),
        ("broken.xlsx", b"PK\x03\x04zz", "damaged"), ("odd.csv", b"colour,shape\nred,round\n", "'colour', 'shape'"),
        ("half.csv", b"Title,Stage,Tender\nx,plan,2027\n", "`desk timeline template`"),
        ("register.csv", b"Reference,Title,Supplier,Start,End,Value\n1,x,y,,,\n", "`desk register import`"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_timeline_is_refused_by_name_with_what_was_found(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(TimelineFileError) as caught:
        read_table(tmp_path / name, Limits())
    assert str(caught.value).startswith(f"{name}: ")
    assert said in str(caught.value)


def test_a_file_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TimelineFileError, match="more than the 40 allowed"):
        read_table(export(tmp_path, {}), Limits(file_bytes=10))


def test_every_row_of_the_real_export_is_a_statement(shared: Path) -> None:
    found = read_table(shared / "data" / EXPORT, Limits())
    assert (found.records, len(found.statements), found.problems) == (1_000, 1_000, ())
    assert {one.kind for _, one in found.statements} == {"CF-award"}
    assert all(one.terms.awarded_to and one.terms.high and one.terms.cpv for _, one in found.statements)
    assert found == read_table(shared / "data" / EXPORT, Limits())


@pytest.mark.parametrize("name", ["pipeline/govuk_pipeline_2013_headerless.csv", "notices/ted_ojeu_uk_awards_2020.csv"])
def test_real_tables_of_other_kinds_are_refused(shared: Path, name: str) -> None:
    with pytest.raises(TimelineFileError, match="Contracts Finder's CSV export"):
        read_table(shared / "data" / name, Limits())
