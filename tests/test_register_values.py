"""Cells of a register: days, sums, yes or no, packed suppliers, and the headings they stand under."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.register.reading.days import NoDay, read_day
from knowledge.register.reading.headings import FIELDS, TABLE, fit
from knowledge.register.reading.money import NoSum, read_money
from knowledge.register.reading.values import NotYesOrNo, read_sme_vcse, read_suppliers, read_text, read_yes_no

FIRST = date(2025, 4, 1)

# --- days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "01/04/2025", "1/4/2025", "01/04/25", "01-04-2025", "01.04.2025", "2025/04/01", "1-Apr-25", "1-Apr-2025",
        "01 Apr 2025", "2025-04-01", "2025-04-01T00:00:00Z", "2025-04-01T00:00:00.000Z", "2025-04-01T00:00:00+01:00",
        "2025-03-31T23:00:00Z", "2025-04-01 00:00:00", "01/04/2025 00:00", "01/04/2025 09:00:00", "1st April 2025",
        "1st of April 2025", "Tuesday 1 April 2025", "1 April, 2025", "April 1, 2025", "20250401", "45748", "45748.0",
        " 01 / 04 / 2025 ", "1Apr2025", "1 APRIL 2025",
    ],
)  # fmt: skip
def test_a_day_however_it_is_written(text: str) -> None:
    assert read_day(text) == (FIRST, "")


@pytest.mark.parametrize("text", ["Ongoing", "Rolling", "n/a", "N/A", "TBC", "-", "Until further notice", "12 months"])
def test_an_end_without_a_day_is_kept_as_it_is_written(text: str) -> None:
    assert read_day(text, last=True) == (None, text)


@pytest.mark.parametrize("text", ["01/01/1", "01/01/0001", "00/00/0000", "31/12/9999", "01/01/1900", "2026"])
def test_what_stands_for_no_day_is_none(text: str) -> None:
    assert read_day(text) == (None, text)


@pytest.mark.parametrize(
    "text",
    ["31/02/2025", "2025-02-29", "04/13/2025", "32/01/2025", "01/04/202", "01/04/1825", "Kindly Hours Care Ltd", "Yes",
     "1250000.00", "31/03/2025 - 31/03/2027", "1 Smarch 2025", "a@example.org"],
)  # fmt: skip
def test_what_can_be_no_day_is_refused(text: str) -> None:
    with pytest.raises(NoDay):
        read_day(text, last=True)


def test_a_month_is_its_first_day_or_its_last() -> None:
    assert read_day("March 2026") == (date(2026, 3, 1), "March 2026")
    assert read_day("Feb-28", last=True) == (date(2028, 2, 29), "Feb-28")


def test_words_behind_a_day_are_kept() -> None:
    text = "31/03/2027 with an option to extend"
    assert read_day(text, last=True) == (date(2027, 3, 31), text)


# --- sums ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("£1,250,000.00", "1250000.00"), ("1250000", "1250000.00"), ("1.25m", "1250000.00"), ("£94m", "94000000.00"),
        ("58k", "58000.00"), ("£58K", "58000.00"), ("£1.2 million", "1200000.00"), ("£1.5bn", "1500000000.00"),
        ("£0.00", "0.00"), ("0", "0.00"), ("£ 3,000", "3000.00"), ("3000 GBP", "3000.00"), ("1.25E+06", "1250000.00"),
        ("1 250 000", "1250000.00"), ("1.250.000,00", "1250000.00"), ("-500", "-500.00"), ("-£500.50", "-500.50"),
        ("99999999999.99", "99999999999.99"), ("10.005", "10.01"),
    ],
)  # fmt: skip
def test_a_sum_however_it_is_written(text: str, pounds: str) -> None:
    assert read_money(text) == (Decimal(pounds), "")


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("£21m (est.)", "21000000.00"), ("£50k-£100k", "100000.00"), ("£50,000 to £100,000", "100000.00"),
        ("1000000-4000000", "4000000.00"), ("£1-2m", "2000000.00"), ("between £1m and £2m", "2000000.00"),
        ("£500k-1m", "1000000.00"), ("up to £5m", "5000000.00"), ("£10,000 per annum", "10000.00"),
        ("c. £1m", "1000000.00"), ("£250,000 (over 5 years)", "250000.00"), ("(1,250.00)", "-1250.00"),
        ("nil", "0.00"),
    ],
)  # fmt: skip
def test_more_than_a_figure_is_kept_beside_it(text: str, pounds: str) -> None:
    assert read_money(text) == (Decimal(pounds), text)


@pytest.mark.parametrize(
    "text",
    ["TBC", "n/a", "-", "Commercially confidential", "€500,000", "5000000 EUR", "5 lots", "2 years at £50k", "5%",
     "£50k in year 1, £60k in year 2", "1,2345"],
)  # fmt: skip
def test_what_is_no_sum_in_pounds_is_none_and_kept(text: str) -> None:
    assert read_money(text) == (None, text)


@pytest.mark.parametrize("text", ["01/04/2025", "1-Apr-25", "2025-04-01", "Yes", "a@example.org", "9" * 40, "1e99"])
def test_what_can_be_no_sum_is_refused(text: str) -> None:
    with pytest.raises(NoSum):
        read_money(text)


# --- yes or no, text, suppliers -----------------------------------------------------------------------------------


def test_yes_or_no() -> None:
    for text in ("Y", "Yes", "TRUE", "1", "yes - a charity"):
        assert read_yes_no(text) is True
    for text in ("N", "no", "False", "0", "No (large)"):
        assert read_yes_no(text) is False
    for text in ("", "n/a", "TBC", "not known"):
        assert read_yes_no(text) is None
    for text in ("01/04/2025", "£5", "12345", "a@example.org"):
        with pytest.raises(NotYesOrNo):
            read_yes_no(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SME", (True, None)), ("VCS", (None, True)), ("SME and VCS", (True, True)), ("Both", (True, True)),
        ("SME: Y, VCS: N", (True, False)), ("No", (False, False)), ("Neither", (False, False)), ("Yes", (None, None)),
        ("Not an SME", (False, None)), ("Registered charity", (None, True)), ("", (None, None)),
    ],
)  # fmt: skip
def test_one_column_for_both(text: str, said: tuple[bool | None, bool | None]) -> None:
    assert read_sme_vcse(text) == said


def test_packed_suppliers_are_unpacked() -> None:
    text = (
        "[Anvil Ltd|1 High St,\nMarlchester|COMPANIES_HOUSE|01234567|Yes|No]"
        "[Bells|x|CHARITY|99|No|Yes][C|y|NONE||No|No]"
    )
    found = read_suppliers(text)
    assert (found.names, found.company_number, found.charity_number) == ("Anvil Ltd; Bells; C", "01234567", "99")
    assert (found.sme, found.vcse, found.packed) == (True, True, True)
    assert read_suppliers("Kindly Hours Care Ltd, 1 High St").names == "Kindly Hours Care Ltd, 1 High St"


def test_text_is_trimmed_and_the_mark_of_a_spreadsheet_comes_off() -> None:
    assert [read_text(one) for one in ("\ufeff a\xa0", "'=1+1", "'-5", "'tis", "a\x00\x07b")] == [
        "a", "=1+1", "-5", "'tis", "ab",
    ]  # fmt: skip


# --- headings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Contract Reference number / ID", "reference"), ("contract_id", "reference"),
        ("Contract Ref. No.", "reference"),
        ("Title of the Agreement", "title"), ("CONTRACT_TITLE", "title"), ("Contrct Titel", "title"),
        ("Local authority directorate/service responsible", "department"), ("Depatment", "department"),
        ("Procurement classification: CPV code", "cpv"), ("CPV Code(s)", "cpv"), ("validity_start", "start"),
        ("Contract start dates", "start"), ("START-DATE", "start"), ("Start date (dd/mm/yyyy)", "start"),
        ("Start Dte", "start"), ("enddate", "end"), ("CONTRACT_CURRENT_END_DATE", "end"), ("Reviw date", "review"),
        ("End date for the contract (without possible extensions)", "end"), ("MAXIMUM_CONTRACT_END_DATE", "extension"),
        ("End date (including extensions)", "extension"), ("Extension Period", "extension"),
        ("Total value of the contract over its planned term", "value"), ("Contract value (£)", "value"),
        ("Sum to be paid over the length of the contract", "value"),
        ("VAT that cannot be recovered", "irrecoverable_vat"),
        ("vendor", "supplier"), ("Supplier name and details", "supplier"), ("Suplier Name", "supplier"),
        ("Supplier [Name|Address|Ref type|Ref Number|Is SME|Is VCSE]", "supplier"), ("SME?", "sme"),
        ("SME and/or VCS organisation", "sme_vcse"), ("VCSE (Y/N)", "vcse"), ("Open Contracting ID", "ocid"),
        ("Invitation to quote or published invitation to tender", "process"), ("Location served label", "area"),
        ("Name of person(s) managing this contract", "manager"), ("Responsible Officer", "manager"),
        ("Contract manager email", "manager_email"), ("Contract Manager's e-mail", "manager_email"),
        ("Contract manager (e-mail)", "manager_email"), ("Deputy contract manager", "deputy"),
        ("Backup contact email", "deputy_email"), ("Service director", "director"), ("Head of service", "director"),
        ("Lead director e-mail address", "director_email"), ("Delivery model", "delivered_by"),
        ("Lead contract reference", "parent"), ("Parent Reference", "parent"),
        ("Nominated contact point: name", "contact_name"),
    ],
)  # fmt: skip
def test_headings_as_councils_write_them(heading: str, field: str) -> None:
    assert fit(heading).fields == (field,)


@pytest.mark.parametrize(
    "heading", ["Date", "Contract date", "Manager / director", "Registration number", "Email", "Supplier and manager"]
)
def test_a_heading_that_fits_two_fields_is_not_guessed(heading: str) -> None:
    assert len(fit(heading).fields) > 1


@pytest.mark.parametrize(
    "heading",
    ["Send date", "Contract status", "Award date", "Supplier contact name", "Annual value", "Favourite cheese", ""],
)
def test_a_heading_that_means_nothing_to_us_means_nothing(heading: str) -> None:
    assert fit(heading).fields == ()


def test_every_real_heading_that_has_a_field_is_known(shared: Path) -> None:
    with (shared / "data/schemas/real_contract_register_headings.csv").open(encoding="utf-8", newline="") as file:
        headings = [row["heading"] for row in csv.DictReader(file)]
    unmapped = [heading for heading in headings if len(fit(heading).fields) != 1]
    assert unmapped == [
        "contract_status", "Registration number", "Duration of extension in months",
        "Duration of second extension period in months", "Duration of third extension period in months",
        "CONTRACT_EXTENDABLE", "CONTRACT_EXTENDED",
    ]  # fmt: skip


def test_the_table_of_headings_names_fields_only() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        named = {row["field"] for row in csv.DictReader(file)}
    assert named <= {*FIELDS, "", "notice", "currency", "sme_vcse"}
    assert {*FIELDS} <= named
