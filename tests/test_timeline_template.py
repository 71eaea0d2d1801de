"""The desk's own template: written, filled in, read back."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from knowledge.documents.reading import Limits
from knowledge.register.reading.days import NoDay
from knowledge.timeline.nouns import Lot, Problem, Read, Route, Row, Stage, State, Terms
from knowledge.timeline.reading.bands import NoBand, read_band
from knowledge.timeline.reading.headings import fit, load_template
from knowledge.timeline.reading.tables import read_table
from knowledge.timeline.reading.template import template_rows, template_xlsx, write_template
from knowledge.timeline.when import read_when

SAMPLE = Path(__file__).parents[1] / "knowledge" / "data" / "sample" / "timeline.csv"


def read(tmp_path: Path, *rows: dict[str, str], delimiter: str = ",") -> Read:
    """What a file with these rows gives; its headings are those of the first row, Reference and Title added."""
    headings = list(dict.fromkeys(["Reference", "Title", *rows[0]]))
    path = tmp_path / "plan.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(headings)
        for number, row in enumerate(rows, start=1):
            said = {"Reference": f"M{number}", "Title": f"Plan {number}", **row}
            writer.writerow([said.get(heading, "") for heading in headings])
    return read_table(path, Limits())


def row(tmp_path: Path, **cells: str) -> Row:
    """The one row of a file; underscores stand for spaces in its headings."""
    found = read(tmp_path, {name.replace("_", " "): cell for name, cell in cells.items()})
    assert not found.problems
    return found.rows[0][1]


def problem(tmp_path: Path, **cells: str) -> Problem:
    """The problem that the one row of a file is."""
    found = read(tmp_path, {name.replace("_", " "): cell for name, cell in cells.items()})
    assert not found.rows
    return found.problems[0]


def test_the_template_reads_back_without_a_problem_as_csv_and_as_a_workbook(tmp_path: Path) -> None:
    stream = io.StringIO()
    write_template(stream)
    (tmp_path / "template.csv").write_text(stream.getvalue(), encoding="utf-8")
    template_xlsx(tmp_path / "template.xlsx")
    text, book = (read_table(tmp_path / name, Limits()) for name in ("template.csv", "template.xlsx"))
    assert (text.records, len(text.rows), text.problems) == (3, 3, ())
    assert book.rows == text.rows
    assert [note for note in text.notes if "delete it" in note] != []


def test_the_templates_examples_use_every_column_and_mean_what_they_say(tmp_path: Path) -> None:
    template_xlsx(tmp_path / "template.xlsx")
    rows = [one for _, one in read_table(tmp_path / "template.xlsx", Limits()).rows]
    said = {name for one in rows for name in one.terms.said()}
    lacking = {one.field for one in load_template().column if one.shown} - said
    assert lacking == {"reference", "notices", "reason"}
    assert [one.terms.route for one in rows] == [Route.LIGHT_TOUCH, Route.GRANT, Route.TENDER]
    assert rows[0].terms.lots[0] == Lot(title="Wexcombe", low=Decimal(15_000_000), high=Decimal(18_000_000))
    assert rows[2].notices == ("012345-2028",)
    assert all(one.terms.service for one in rows)


def test_the_workbook_offers_choices_and_keeps_what_is_typed(tmp_path: Path) -> None:
    template_xlsx(tmp_path / "template.xlsx")
    book = load_workbook(tmp_path / "template.xlsx")
    sheet = book["Timeline"]
    offered = {one.formula1 for one in sheet.data_validations.dataValidation}
    assert {'"analyse,plan,do,review"', '"Yes,No"'} <= offered
    assert sheet.column_dimensions["K"].number_format == "@"
    explained = [cell.value for cell in book["How to fill this in"]["A"]]
    assert explained == ["Column", *template_rows()[0]]


def test_a_row_says_what_its_columns_say(tmp_path: Path) -> None:
    one = row(
        tmp_path, Stage="Planning", Route="In house", Status="Withdrawn", Value_from="£1.2m", Value_to="2,000,000",
        Tender="March 2027", Tender_closes="2027-05-04", Award="Q3 2027/28", Area="Wexcombe; Oldmere, Farleigh",
        CPV_codes="85312400-9, 85000000", Region_codes="ukj4; TLJ3", Suitable_for_SMEs="Y", Suitable_for_VCSEs="no",
        Contact="Adults' team", Contact_e_mail="care@example.org", Follows_contract="MCC-1", Duration="4 years",
        Related_notices="'012345-2027, ocds-h6vhtk-0a1b2c", Reason_for_change="Stopped.\nNo money.",
        Service="home care",
    )  # fmt: skip
    found = one.terms
    assert (found.stage, found.route, found.state) == (Stage.PLAN, Route.IN_HOUSE, State.WITHDRAWN)
    assert (found.low, found.high) == (1_200_000, 2_000_000)
    assert found.tender
    assert (found.tender.said, found.tender.first, found.tender.last) == (
        "March 2027", date(2027, 3, 1), date(2027, 3, 31)
    )  # fmt: skip
    assert found.closes
    assert found.closes.is_day
    assert found.area == ("Wexcombe", "Oldmere", "Farleigh")
    assert found.cpv == ("85312400", "85000000")
    assert found.regions == ("UKJ4", "TLJ3")
    assert (found.sme, found.vcse) == (True, False)
    assert (found.category, found.service) == ("home care", "home-care")
    assert one.notices == ("012345-2027", "ocds-h6vhtk-0a1b2c")
    assert one.reason == "Stopped.\nNo money."
    assert Terms.model_validate(found.model_dump()) == found


def test_an_emptied_cell_is_said_and_a_column_that_is_lacking_is_not(tmp_path: Path) -> None:
    one = row(tmp_path, Tender="tbc", Service="", Related_notices="")
    assert one.terms.tender is None
    assert one.says == {"title", "tender", "service", "category", "notices"}


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("Tender", "soonish", "Tender: 'soonish' is no day, month or quarter (2027-03-15, March 2027, Q3 2026/27)"),
        ("Start", "31/02/2027", "is no day of the calendar"), ("End", "01/01/1985", "is in no year of a plan"),
        ("End", "1999", "is in no year of a plan"),
        ("Stage", "dreaming", "Stage: 'dreaming' is none of analyse, plan, do, review"),
        ("Route", "raffle", "Route: 'raffle' is none of undecided, in-house"), ("Status", "odd", "is none of planned"),
        ("CPV codes", "8531240", "'8531240' is no CPV code: eight digits"), ("CPV codes", "care", "is no CPV code"),
        ("Region codes", "South East", "is no region code"), ("Value from", "lots", "Value from: 'lots' is no sum"),
        ("Value to", "€5m", "is no sum in pounds"), ("Value from", "£50k a year", "is a sum a year"),
        ("Value to", "£1,000,000,000,000", "more than any council spends"), ("Value from", "-5", "is no sum in pounds"),
        ("Value from", "£250k-£100k", "goes from more to less"), ("Suitable for SMEs", "perhaps", "neither Yes nor No"),
        ("Sub-contracts", "12/05/2027", "neither Yes nor No"), ("Contact e-mail", "Priya", "is no e-mail address"),
        ("Related notices", "see website", "is no notice's number"), ("Duration", "60", "does not say of what"),
        ("Lots", "A (£9k-£1k)", "goes from more to less"), ("Lots", "400", "more lots than can be"),
        ("Reference", "", "no Reference"), ("Title", "", "no Title"), ("Reference", "x" * 201, "longer than 200"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_named_with_what_would_be(
    tmp_path: Path, column: str, cell: str, said: str
) -> None:
    [found] = read(tmp_path, {column: cell, "Area": "Wexcombe"}).problems
    assert said in found.reason
    assert found.record == 1
    assert found.cells["Area"] == "Wexcombe"


def test_cells_that_do_not_fit_each_other_are_both_named(tmp_path: Path) -> None:
    early = problem(tmp_path, Tender="March 2027", Tender_closes="2027-02-28")
    assert early.reason == "Tender closes (2027-02-28) is before Tender (March 2027)"
    assert "End (2026) is before Start (2027-01-01)" in problem(tmp_path, Start="2027-01-01", End="2026").reason
    assert "is before Tender" in problem(tmp_path, Tender="2027", Award="2026").reason
    more = problem(tmp_path, Value_from="£2m", Value_to="£1m")
    assert more.reason == "Value from (£2,000,000) is more than Value to (£1,000,000)"
    assert row(tmp_path, Tender="March 2027", Tender_closes="2027-03-01").terms.closes


def test_every_reason_is_told_at_once(tmp_path: Path) -> None:
    reason = problem(tmp_path, Reference="", Tender="soonish", Stage="dreaming").reason
    assert reason.split("; ")[0] == "no Reference"
    assert "Tender: " in reason
    assert "Stage: " in reason


@pytest.mark.parametrize(
    ("cell", "low", "high", "gross"),
    [
        ("£100k-£250k", 100_000, 250_000, None), ("£1-2m", 1_000_000, 2_000_000, None),
        ("between £500 and £1m", 500, 1_000_000, None), ("£1.2m to £1.5 million", 1_200_000, 1_500_000, None),
        ("up to £250,000", None, 250_000, None), ("over £1m", 1_000_000, None, None), ("90000", 90_000, 90_000, None),
        ("£2m excluding VAT", 2_000_000, 2_000_000, False), ("£2m inc VAT", 2_000_000, 2_000_000, True),
        ("0", None, None, None),
    ],
)  # fmt: skip
def test_a_value_is_a_sum_or_a_band(cell: str, low: int | None, high: int | None, gross: bool | None) -> None:
    assert read_band(cell) == (low, high, gross)


def test_a_band_needs_sums_at_both_ends() -> None:
    with pytest.raises(NoBand):
        read_band("£1m - £2m - £3m")


def test_one_cell_may_hold_both_ends_and_then_says_both(tmp_path: Path) -> None:
    one = row(tmp_path, Value_from="£100k-£250k")
    assert (one.terms.low, one.terms.high) == (100_000, 250_000)
    assert {"low", "high"} <= one.says
    alone = row(tmp_path, Value_from="£100k")
    assert (alone.terms.low, alone.terms.high) == (100_000, None)
    assert "high" not in alone.says
    assert row(tmp_path, Estimated_value="£3m").terms.high == 3_000_000
    clash = problem(tmp_path, Value_from="£100k-£250k", Value_to="£300k")
    assert clash.reason == "Value to: says another 'Value to' than the column before it"


def test_lots_stand_one_on_a_line_with_their_values_or_are_a_number(tmp_path: Path) -> None:
    lots = row(tmp_path, Lots="North (£1m-£2m)\n• South, with (some) coast; East (nights)").terms.lots
    assert lots == (
        Lot(title="North", low=Decimal(1_000_000), high=Decimal(2_000_000)), Lot(title="South, with (some) coast"),
        Lot(title="East (nights)"),
    )  # fmt: skip
    assert [lot.title for lot in row(tmp_path, Lots="2").terms.lots] == ["Lot 1", "Lot 2"]
    assert row(tmp_path, Lots="1").terms.lots == ()


def test_a_mere_number_of_months_is_known_by_its_heading(tmp_path: Path) -> None:
    assert row(tmp_path, Duration_months="60").terms.duration == "60 months"


def test_an_address_under_contact_is_the_contacts_address(tmp_path: Path) -> None:
    one = row(tmp_path, Contact="care@example.org")
    assert (one.terms.contact, one.terms.contact_email) == ("", "care@example.org")


def test_a_notice_may_be_named_by_its_page(tmp_path: Path) -> None:
    guid = "7751f55f-8045-4915-98fa-61a703d01305"
    pages = f"https://www.find-tender.service.gov.uk/Notice/012345-2027 https://www.contractsfinder.service.gov.uk/Notice/{guid}"
    assert row(tmp_path, Related_notices=pages).notices == ("012345-2027", f"cf:{guid}")


def test_the_same_reference_twice_is_a_problem_that_names_the_first(tmp_path: Path) -> None:
    found = read(tmp_path, {"Reference": "A 1"}, {"Reference": "B"}, {"Reference": "a  1"})
    assert [number for number, _ in found.rows] == [1, 2]
    assert [(one.record, one.reason) for one in found.problems] == [(3, "record 1 has the same reference, and counts")]
    again = read(tmp_path, {"Reference": "A", "Tender": "soonish"}, {"Reference": "A", "Tender": "2027"})
    assert [number for number, _ in again.rows] == [2]


def test_near_headings_are_known_and_strangers_noted(tmp_path: Path) -> None:
    found = read(
        tmp_path, {"Tender closing date": "2027-05-04", "Directorte": "Place", "Mood": "good", "Start date": ""}
    )
    terms = found.rows[0][1].terms
    assert terms.closes
    assert terms.directorate == "Place"
    assert "the column 'Mood' was left: the timeline has no such field" in found.notes
    double = read(tmp_path, {"Tender issued": "2026", "Tender": "2027"})
    assert "the column 'Tender' was left: 'Tender issued' means the same" in double.notes


@pytest.mark.parametrize("heading", ["Tended", "Contract", "Code", "Name", "State of mind", "", "x" * 500])
def test_a_heading_that_only_resembles_one_means_nothing(heading: str) -> None:
    assert [one.field for one in fit(heading)] in ([], ["tender"] if heading == "Tended" else [])


def test_every_heading_means_one_column() -> None:
    for column in load_template().column:
        for heading in (column.heading, *column.also, column.heading.upper()):
            assert [one.field for one in fit(heading)] == [column.field], heading


def test_titles_blank_rows_and_headings_over_again_are_no_plans(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Our plans,,\n\nReference,Title,Stage\nA,One,plan\n,,\nReference,Title,Stage\nB,Two,do\n")
    found = read_table(path, Limits())
    assert [(number, one.reference) for number, one in found.rows] == [(1, "A"), (3, "B")]
    assert [(one.record, one.reason) for one in found.problems] == [(2, "the headings over again")]
    assert found.records == 3


def test_the_sheet_with_the_headings_is_read_wherever_it_stands(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Read me first"])
    sheet = book.create_sheet("Plans")
    sheet.append(["Plans of 2027"])
    sheet.append(["Reference", "Title", "Start", "Value from", "Area"])
    sheet.append(["A", "One", date(2027, 4, 1), 250_000])
    book.save(tmp_path / "plan.xlsx")
    found = read_table(tmp_path / "plan.xlsx", Limits())
    assert "read the sheet 'Plans'" in found.notes
    [(_, one)] = found.rows
    assert one.terms.start
    assert (one.terms.start.said, one.terms.low) == ("2027-04-01", 250_000)


def test_the_sample_countys_plan_is_read_whole() -> None:
    found = read_table(SAMPLE, Limits())
    assert found.records == len(found.rows) > 20
    assert not found.problems
    assert found == read_table(SAMPLE, Limits())


@pytest.mark.parametrize(
    ("said", "first"), [("Q1 27/28", date(2027, 4, 1)), ("Q3 26-27", date(2026, 10, 1)), ("27/28 Q4", None)]
)
def test_years_of_two_figures_beside_a_quarter_are_a_councils(said: str, first: date | None) -> None:
    if first is None:
        with pytest.raises(NoDay):
            read_when(said)
    else:
        found = read_when(said)
        assert found is not None
        assert found.first == first
