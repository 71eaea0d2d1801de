"""A register in: files as councils publish them, rows that are none, and a second import as a difference."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from cast import SAMPLE
from openpyxl import Workbook

from knowledge.documents.reading import Limits
from knowledge.register.contract import Contract, State
from knowledge.register.correcting import correct, undo
from knowledge.register.exporting import COLUMNS, export_register
from knowledge.register.gaps import gaps
from knowledge.register.holding import Held, contract, contracts, register_date, register_edition
from knowledge.register.importing import Report, import_register, unread_rows
from knowledge.register.reading.file import MappingError, Read, read_register
from knowledge.register.reading.grid import RegisterError
from knowledge.store import Store

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
HEAD = "Reference,Title,Supplier,Start date,End date,Contract value,SME,Contract manager\n"
ONE = "SC1,Home care,Kindly Ltd,01/04/2025,31/03/2028,£50k,Y,Ann Archer\n"
TWO = "SC2,Day care,Anvil,01/04/2025,31/03/2028,1000,N,\n"


def filed(folder: Path, text: str | bytes, name: str = "register.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(folder: Path, text: str | bytes, **settled: str) -> Read:
    return read_register(filed(folder, text), settled)


def booked(folder: Path, *sheets: Sequence[Sequence[object]], name: str = "register.xlsx") -> Path:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(list(row))
    book.save(folder / name)
    return folder / name


def the(found: Read, reference: str) -> Contract:
    return found.contracts[reference.casefold()].contract


def take(store: Store, path: Path, now: datetime = NOW, *, complete: bool = False) -> Report:
    with store.writing() as connection:
        return import_register(connection, read_register(path), path.name, now, complete=complete)


def held(store: Store, reference: str) -> Held:
    with store.reading() as connection:
        found = contract(connection, reference)
    assert found
    return found


def edition(store: Store) -> int:
    with store.reading() as connection:
        return register_edition(connection)


def problems_of(found: Read) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in found.problems]


# --- files as they come -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_encoding_delimiter_and_line_end(tmp_path: Path, encoding: str, delimiter: str, ending: str) -> None:
    text = (HEAD + ONE.replace("Kindly Ltd", "Zoë & Søn")).replace(",", delimiter).replace("\n", ending)
    found = read(tmp_path, text.encode(encoding))
    assert found.problems == []
    one = the(found, "SC1")
    assert (one.supplier, one.value, one.start, one.sme) == ("Zoë & Søn", Decimal(50_000), date(2025, 4, 1), True)


def test_titles_above_totals_below_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    text = (
        "Contract register,,,,,,,\nas of 1 April 2025\n" + HEAD + ONE + "\n,,,,,,,\n" + TWO + ',Total,,,,"£51,000",,\n'
    )
    found = read(tmp_path, text)
    assert (list(found.contracts), found.problems) == (["sc1", "sc2"], [])
    assert found.contracts["sc2"].line == 7
    assert "line 8 is a total" in found.notes


@pytest.mark.parametrize("total", ["Total,,,,,51000,,", "GRAND TOTAL,,,,,51000,,", ",,,,Total value:,51000,,", "Total"])
def test_a_total_is_known_by_its_name(tmp_path: Path, total: str) -> None:
    assert read(tmp_path, HEAD + ONE + total + "\n").problems == []


def test_a_contract_about_totals_is_a_contract(tmp_path: Path) -> None:
    assert list(read(tmp_path, HEAD + "T1,Total,Total Ltd,,,5,,\n" + ONE).contracts) == ["t1", "sc1"]


def test_a_line_is_where_the_record_begins(tmp_path: Path) -> None:
    text = (
        "The register\n\n"
        + HEAD
        + 'SC1,"Home\ncare\r\nfor all",K,,,,,\nSC2,"Day\ncare",K,31/02/2025,,,,\nSC3,x,,,,,,\n'
    )
    found = read(tmp_path, text)
    assert [one.line for one in found.contracts.values()] == [4, 9]
    assert the(found, "SC1").title == "Home\ncare\nfor all"
    [(line, reason)] = problems_of(found)
    assert (line, "31/02/2025" in reason) == (7, True)


def test_ids_stay_text(tmp_path: Path) -> None:
    found = read(tmp_path, "Reference,Title,Company number\n00123,A,00456789\n sc  9 ,B,1.0\n")
    assert the(found, "00123").company_number == "00456789"
    assert the(found, "SC 9").reference == "sc 9"


def test_a_workbook_is_read_as_it_looks(tmp_path: Path) -> None:
    head = ["Ref", "Title", "Start date", "End date", "Value", "SME"]
    rows = [
        ["Our register", None], [], head,
        [1234, "Home care", datetime(2025, 4, 1), date(2028, 3, 31), 1250000.5, True],
        [], ["SC2", "Day care", 45748, "Ongoing", "TBC", "N"], [None, "Total", None, None, 99],
        ["SC3", None, None, None, None, None],
    ]  # fmt: skip
    found = read_register(booked(tmp_path, [["Notes"], ["See the next sheet"]], rows))
    one, two = the(found, "1234"), the(found, "SC2")
    assert (one.start, one.end, one.value, one.sme) == (
        date(2025, 4, 1),
        date(2028, 3, 31),
        Decimal("1250000.50"),
        True,
    )
    assert (two.start, two.end, two.end_note, two.value, two.value_note) == (
        date(2025, 4, 1),
        None,
        "Ongoing",
        None,
        "TBC",
    )
    assert problems_of(found) == [(8, "no title")]
    assert "read the sheet 'Sheet 2'" in found.notes


def test_zeros_that_a_sheet_shows_are_kept(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Reference", "Title"])
    sheet.append([123, "Home care"])
    sheet["A2"].number_format = "00000"
    book.save(tmp_path / "r.xlsx")
    assert list(read_register(tmp_path / "r.xlsx").contracts) == ["00123"]


def test_a_formula_that_was_never_worked_out_is_named(tmp_path: Path) -> None:
    path = booked(
        tmp_path, [["Reference", "Title", "Value"], ["SC1", "A", "=1+1"], ["SC2", "B", 5], ["Total", None, "=9"]]
    )
    found = read_register(path)
    assert list(found.contracts) == ["sc2"]
    [(line, reason)] = problems_of(found)
    assert (line, "formula" in reason) == (2, True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("r.csv", b""), ("r.csv", b"\xef\xbb\xbf\r\n"), ("r.csv", b"PK\x03\x04 and so on"), ("r.csv", b"%PDF-1.7"),
        ("r.csv", b"<!DOCTYPE html><html><table><tr><td>Reference</td></tr></table></html>"),
        ("r.csv", bytes(range(256)) * 10), ("r.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("r.csv", b'{"a": 1}'),
        ("r.csv", b"name,colour\nAnn,red\n"), ("r.csv", b"Title,Supplier\nHome care,Kindly\n"), ("r.csv", b"\xff\xfea"),
        ("r.xlsx", b"Reference,Title\nSC1,A\n"), ("r.xlsx", b"PK\x03\x04 and so on"), ("r.xlsx", b""),
        ("r.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("r.csv", b"just words"),
    ],
)  # fmt: skip
def test_what_is_no_register_is_refused_in_a_line(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(RegisterError, match=rf"^{name}: [^\n]+$"):
        read_register(filed(tmp_path, data, name))


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    limits = Limits(file_bytes=1_000, unpacked_bytes=1_000)
    with pytest.raises(RegisterError, match="DESK_MAX_FILE_BYTES"):
        read_register(filed(tmp_path, HEAD + ONE * 1_000), limits=limits)
    with pytest.raises(RegisterError, match="DESK_MAX_UNPACKED_BYTES"):
        read_register(booked(tmp_path, [["Reference", "Title"]]), limits=Limits(unpacked_bytes=1_000))
    with pytest.raises(RegisterError):
        read_register(tmp_path)


# --- columns ------------------------------------------------------------------------------------------------------


def test_what_no_heading_tells_is_kept_with_the_row(tmp_path: Path) -> None:
    found = read(tmp_path, "Reference,Title,Cheese,Date,,Cheese\nSC1,A,Brie,1 May,x,Stilton\n")
    assert the(found, "SC1").other == {"Cheese": "Brie", "Date": "1 May", "column 5": "x", "Cheese (2)": "Stilton"}
    assert found.columns.unknown == ["Cheese", "column 5", "Cheese (2)"]
    assert found.columns.ambiguous == {"Date": ("start", "end")}


def test_a_heading_that_fits_two_is_settled_by_people(tmp_path: Path) -> None:
    text = "Reference,Title,Manager / director,Cheese\nSC1,A,Ann,Brie\n"
    assert the(read(tmp_path, text), "SC1").manager == ""
    found = read(tmp_path, text, **{"manager/director": "manager", "Cheese": "area"})
    assert (the(found, "SC1").manager, the(found, "SC1").area, found.columns.ambiguous) == ("Ann", "Brie", {})
    for settled in ({"Wine": "manager"}, {"Cheese": "taste"}):
        with pytest.raises(MappingError):
            read(tmp_path, text, **settled)


def test_of_two_columns_for_one_field_the_likelier_counts(tmp_path: Path) -> None:
    head = "Reference,Title,Start date,Contract start date,Description,Description\n"
    found = read(tmp_path, head + "SC1,A,01/01/2025,01/04/2025,,Care\n")
    one = the(found, "SC1")
    assert (one.start, one.description) == (date(2025, 4, 1), "Care")
    assert one.other == {"Start date": "01/01/2025"}
    assert set(found.columns.weaker) == {"Start date", "Description"}


def test_an_id_stands_where_there_is_no_reference(tmp_path: Path) -> None:
    found = read(tmp_path, "OCID,Notice ID,Title\nocds-1,N1,A\nocds-2,N1,B\n")
    assert list(found.contracts) == ["ocds-1", "ocds-2"]
    assert the(found, "ocds-1").ocid == "ocds-1"


def test_a_description_stands_where_there_is_no_title(tmp_path: Path) -> None:
    found = read(tmp_path, "contract_id,contract_description,vendor\n1,Home care,Kindly\n")
    assert (the(found, "1").title, the(found, "1").description) == ("Home care", "Home care")


def test_a_sum_in_another_currency_is_no_value_in_pounds(tmp_path: Path) -> None:
    found = read(tmp_path, "Reference,Title,Value,Currency\nSC1,A,500,EUR\nSC2,B,500,GBP\n")
    assert (the(found, "SC1").value, the(found, "SC1").value_note) == (None, "500.00 EUR")
    assert the(found, "SC2").value == Decimal(500)


# --- bad rows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",Home care,K,,,,,", "no reference"), ("SC9,,K,,,,,", "no title"), ("SC9, ,K,,,,,", "no title"),
        ("SC9,A,K,31/02/2025,,,,", "no day of the calendar"), ("SC9,A,K,04/13/2025,,,,", "days are read before months"),
        ("SC9,A,K,01/04/2025,31/03/2025,,,", "before it starts"), ("SC9,A,K", "too few cells: 3"),
        ("SC9,A,K,01/04/2025,31/03/2028,100,Y,Ann,extra", "too many cells: 9"),
        ("SC9,A,K, Ltd,01/04/2025,31/03/2028,100,Y,Ann", "too many cells: 9"), ("SC9", "too few cells"),
        ("SC9,A,01/04/2025,31/03/2028,£100,Y,Ann,", "is no day"),
        ("SC9,A,K,x,01/04/2025,31/03/2028,Y,Ann", "is no sum of money"),
        ("SC9,A,K,01/04/2025,31/03/2028,Y,Ann,x", "is no sum of money"), (f"{'9' * 201},A,K,,,,,", "longer than 200"),
        ("SC9,A,K,01/04/2025,31/03/2028," + "9" * 30 + ",Y,Ann", "more than any contract"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_rest_is_read(tmp_path: Path, row: str, says: str) -> None:
    found = read(tmp_path, HEAD + ONE + TWO + row + "\n" + "SC3,C,K,01/04/2025,31/03/2028,5,N,Ann\n")
    assert list(found.contracts) == ["sc1", "sc2", "sc3"]
    [(line, reason)] = problems_of(found)
    assert line == 4
    assert says in reason


def test_short_rows_are_read_where_nothing_is_lost(tmp_path: Path) -> None:
    head = "Reference,Title,Start date,Parent reference,Closing time\n"
    rows = "SC1,A,01/04/2025,,12:00\nSC2,B,01/04/2025,\nSC3,C,01/04/2025,,11:00\nSC4,D,01/04/2025\n"
    found = read(tmp_path, head + rows)
    assert (len(found.contracts), found.problems) == (4, [])


def test_a_quotation_mark_that_is_not_closed_breaks_its_own_line_only(tmp_path: Path) -> None:
    more = "".join(f'SC{n},"Care, {n}",K,01/04/2025,31/03/2028,5,N,Ann\n' for n in range(10, 200))
    for after in (more, TWO):
        found = read(tmp_path, HEAD + ONE + 'SC9,"Home care,K,,,,,\n' + after)
        assert len(found.contracts) == 1 + after.count("\n")
        assert [one.line for one in found.problems] == [3]


def test_odd_quotation_marks_in_a_whole_row_do_no_harm(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + ONE + 'SC9,"Home" care,"K" ,,,5" pipe,,\n' + TWO)
    assert (list(found.contracts), found.problems) == (["sc1", "sc9", "sc2"], [])


def test_every_row_is_loaded_or_named(tmp_path: Path) -> None:
    rows = [ONE, ONE, ONE.replace("Kindly", "Other"), ONE.replace("Home", "Day"), TWO, "\n", ",,,,,,,x\n", "SC7\n"]
    found = read(tmp_path, HEAD + "".join(rows))
    lines = sorted([one.line for one in found.problems] + [one.line for one in found.contracts.values()])
    assert lines == [2, 3, 4, 5, 6, 8, 9]


# --- duplicates ---------------------------------------------------------------------------------------------------


def test_the_same_row_twice_is_one_contract(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + ONE + ONE.replace("SC1", " sc1 "))
    assert [one.line for one in found.contracts.values()] == [2]
    assert problems_of(found) == [(3, "the same row as line 2")]


def test_of_one_reference_and_title_the_later_counts(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + ONE + TWO + ONE.replace("£50k", "£60k"))
    assert the(found, "SC1").value == Decimal(60_000)
    [(line, reason)] = problems_of(found)
    assert line == 2
    assert "lines 2 and 4" in reason
    assert "(value)" in reason


def test_of_one_reference_and_two_titles_the_first_counts(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + ONE + ONE.replace("Home care", "Bins"))
    assert the(found, "SC1").title == "Home care"
    [(line, reason)] = problems_of(found)
    assert (line, "line 2" in reason, "line 3" in reason) == (3, True, True)


def test_the_winners_of_one_notice_are_together(tmp_path: Path) -> None:
    found = read(
        tmp_path, "Notice ID,Title,Supplier,Value\nN1,A,Ann Ltd,5\nN1,A,Bob Ltd,5\nN1,A,Cy Ltd,5\nN2,B,Dee,6\n"
    )
    assert the(found, "N1").supplier == "Ann Ltd; Bob Ltd; Cy Ltd"
    assert [one.line for one in found.problems] == [2, 3]


# --- the record ---------------------------------------------------------------------------------------------------


def test_an_import_is_in_the_record_with_its_day(store: Store, tmp_path: Path) -> None:
    report = take(store, filed(tmp_path, HEAD + ONE + TWO + "SC9,,,,,,,\n"))
    assert (report.rows, report.added, report.changed, report.unchanged, report.missing) == (2, 2, 0, 0, 0)
    one = held(store, " sc1 ")
    assert (one.contract.value, one.source, one.line, one.imported_at) == (Decimal(50_000), "register.csv", 2, NOW)
    with store.reading() as connection:
        assert register_date(connection) == NOW.date()
        [(file, problem)] = unread_rows(connection)
    assert (file, problem.line, problem.reference, problem.cells[0]) == ("register.csv", 4, "SC9", "SC9")
    take(store, filed(tmp_path, HEAD + ONE + TWO))
    with store.reading() as connection:
        assert unread_rows(connection) == []


def test_the_same_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = filed(tmp_path, HEAD + ONE + TWO)
    take(store, path)
    before, number = held(store, "SC1"), edition(store)
    report = take(store, path, LATER)
    assert (report.added, report.changed, report.unchanged, report.changes) == (0, 0, 2, [])
    assert (held(store, "SC1"), edition(store)) == (before, number)
    with store.reading() as connection:
        assert register_date(connection) == LATER.date()


def test_a_second_file_is_a_difference_field_by_field(store: Store, tmp_path: Path) -> None:
    take(store, filed(tmp_path, HEAD + ONE + TWO))
    number = edition(store)
    report = take(store, filed(tmp_path, HEAD + ONE.replace("£50k", "£60k").replace("Ann Archer", "") + TWO), LATER)
    assert (report.changed, report.unchanged) == (1, 1)
    assert {(one.reference, one.field, one.before, one.after) for one in report.changes} == {
        ("SC1", "value", "50000.00", "60000.00"), ("SC1", "manager", "Ann Archer", None),
    }  # fmt: skip
    assert edition(store) == number + 1


def test_what_a_file_lacks_is_missing_and_comes_back(store: Store, tmp_path: Path) -> None:
    take(store, filed(tmp_path, HEAD + ONE + TWO))
    assert take(store, filed(tmp_path, HEAD + ONE), LATER).missing == 1
    two, number = held(store, "SC2"), edition(store)
    assert (two.missing_since, two.ended_on, two.state(LATER.date())) == (LATER, None, State.IN_FORCE)
    assert (take(store, filed(tmp_path, HEAD + ONE), LATER).missing, edition(store)) == (1, number)
    report = take(store, filed(tmp_path, HEAD + ONE + TWO), LATER)
    assert (report.missing, report.changed, held(store, "SC2").missing_since) == (0, 1, None)


def test_what_a_complete_file_lacks_has_ended_until_it_comes_back(store: Store, tmp_path: Path) -> None:
    take(store, filed(tmp_path, HEAD + ONE + TWO))
    assert take(store, filed(tmp_path, HEAD + ONE), LATER, complete=True).missing == 1
    two = held(store, "SC2")
    assert (two.ended_on, two.state(LATER.date())) == (LATER.date(), State.ENDED)
    assert take(store, filed(tmp_path, HEAD + ONE), LATER, complete=True).missing == 0
    take(store, filed(tmp_path, HEAD + ONE + TWO), LATER)
    assert (held(store, "SC2").ended_on, held(store, "SC2").missing_since) == (None, None)


def test_a_row_that_cannot_be_read_is_not_missing(store: Store, tmp_path: Path) -> None:
    take(store, filed(tmp_path, HEAD + ONE + TWO))
    text = HEAD + ONE + TWO.replace("01/04/2025", "31/02/2025")
    assert take(store, filed(tmp_path, text), complete=True).missing == 0
    assert held(store, "SC2").ended_on is None


def test_a_file_without_a_good_row_ends_nothing(store: Store, tmp_path: Path) -> None:
    take(store, filed(tmp_path, HEAD + ONE))
    report = take(store, filed(tmp_path, HEAD + ",,,,,,,x\n"), LATER, complete=True)
    assert (report.rows, report.missing, held(store, "SC1").ended_on) == (0, 0, None)


# --- put right by people ------------------------------------------------------------------------------------------


def test_a_correction_survives_the_next_import_and_can_be_taken_back(store: Store, tmp_path: Path) -> None:
    take(store, filed(tmp_path, HEAD + ONE))
    number = edition(store)
    with store.writing() as connection:
        correct(connection, "sc1", "value", "£21m (est.)")
        correct(connection, "sc1", "end", "Ongoing")
        correct(connection, "sc1", "sme", "N")
        correct(connection, "sc1", "manager", "")
    assert edition(store) > number
    take(store, filed(tmp_path, HEAD + ONE.replace("Archer", "Other")), LATER)
    one = held(store, "SC1").contract
    assert (one.value, one.value_note, one.end, one.end_note) == (Decimal(21_000_000), "£21m (est.)", None, "Ongoing")
    assert (one.sme, one.manager) == (False, "")
    with store.writing() as connection:
        undo(connection, "sc1", "value")
        undo(connection, "sc1", "manager")
    one = held(store, "SC1").contract
    assert (one.value, one.value_note, one.manager) == (Decimal(50_000), "", "Ann Other")
    with store.writing() as connection, pytest.raises(RegisterError):
        undo(connection, "sc1", "manager")


@pytest.mark.parametrize(
    ("field", "text"),
    [("end", "31/02/2025"), ("end", "01/01/2020"), ("value", "Yes"), ("sme", "perhaps"), ("title", " "),
     ("manager_email", "Ann"), ("start", "soon")],
)  # fmt: skip
def test_a_correction_is_read_like_a_cell(store: Store, tmp_path: Path, field: str, text: str) -> None:
    take(store, filed(tmp_path, HEAD + ONE))
    with pytest.raises(RegisterError), store.writing() as connection:
        correct(connection, "SC1", field, text)
    assert held(store, "SC1").corrected == {}


# --- out again ----------------------------------------------------------------------------------------------------


def test_an_export_imports_back_to_the_same(store: Store, tmp_path: Path) -> None:
    head = HEAD.strip() + ",Cheese,Date,Description,Description\n"
    rows = [
        "SC1,=1+1,+Kindly,01/04/2025,31/03/2028,£50k-£60k,Y,@Ann,-Brie,x,a,b\n", "SC2,B,C,,Rolling,TBC,N,,,,,\n",
        '00123,"two\nlines, ""said""",C,,31/03/2028 (est),-5,,Vacant,,,,\n',
    ]  # fmt: skip
    path = filed(tmp_path, head + "".join(rows))
    first = read_register(path)
    take(store, path)
    out = io.StringIO(newline="")
    with store.reading() as connection:
        export_register([one.contract for one in contracts(connection)], out)
    lines = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert list(COLUMNS)[:38] == lines[0][:38]
    assert not [cell for line in lines[1:] for cell in line if cell.startswith(("=", "+", "-", "@", "\t"))]
    again = filed(tmp_path, out.getvalue(), "again.csv")
    assert {key: one.contract for key, one in read_register(again).contracts.items()} == {
        key: one.contract for key, one in first.contracts.items()
    }
    number = edition(store)
    assert (take(store, again).unchanged, edition(store)) == (3, number)


# --- gaps ---------------------------------------------------------------------------------------------------------


def test_gaps_are_of_contracts_in_force_above_the_sum() -> None:
    def one(reference: str, **about: object) -> Held:
        given = {
            "value": "50000.01",
            "department": "Adults",
            "manager": "Ann",
            "director": "Dee",
            "review": "2026-01-01",
        }
        return Held(Contract.model_validate({"reference": reference, "title": "T", **given, **about}))

    day = date(2026, 11, 20)
    found = gaps(
        [
            one("whole"), one("at the sum", value="50000.00", manager=""), one("unsaid", value=None),
            one("ended", end="2026-11-19", manager=""), one("to come", start="2026-11-21", manager=""),
            one("vacant", manager="Vacant - recruiting", department="Children"), one("bare", manager="", review=None),
        ],
        day,
    )  # fmt: skip
    assert (found.share.contracts, found.share.manager, found.share.director, found.share.review) == (3, 1, 3, 2)
    assert [(one.reference, one.lacks, one.vacant) for one in found.lacking] == [
        ("vacant", ("manager",), ("manager",)), ("bare", ("manager", "review"), ()),
    ]  # fmt: skip
    assert {name: share.whole for name, share in found.departments.items()} == {"Adults": 1, "Children": 0}
    assert found.unvalued == 1
    assert gaps([], day).share.of(0) is None


# --- real files ---------------------------------------------------------------------------------------------------


def test_the_sample_register_is_read_without_a_problem(store: Store) -> None:
    report = take(store, SAMPLE / "register.csv")
    assert report.added == 48
    assert read_register(SAMPLE / "register.csv").problems == []


def test_the_register_of_the_casework_loads_whole(store: Store, shared: Path) -> None:
    found = read_register(shared / "casework/register.csv")
    assert (len(found.contracts), found.problems, found.columns.unknown) == (327, [], [])
    take(store, shared / "casework/register.csv")
    with store.reading() as connection:
        states = [one.state(date(2026, 11, 20)) for one in contracts(connection)]
    counted = [states.count(state) for state in (State.IN_FORCE, State.ENDED, State.TO_COME)]
    assert counted == [289, 35, 3]


@pytest.mark.parametrize(
    ("name", "rows", "loaded"),
    [("contractsfinder_search_export_2020-10.csv", 1_000, 1_000), ("ted_ojeu_uk_awards_2020.csv", 7_042, 3_024)],
)
def test_every_row_of_a_notices_export_is_loaded_or_named(
    store: Store, shared: Path, name: str, rows: int, loaded: int
) -> None:
    path = shared / "data/notices" / name
    found = read_register(path)
    lines = [one.line for one in found.contracts.values()] + [one.line for one in found.problems]
    assert (len(found.contracts), len(set(lines)), len(lines)) == (loaded, rows, rows)
    assert take(store, path).added == loaded
    number = edition(store)
    assert (take(store, path).unchanged, edition(store)) == (loaded, number)
