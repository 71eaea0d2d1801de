"""Shares of spending by SME and VCSE: what counts, where, what is left out and said to be, and that sums add up."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import cast
import pytest
from processes import child_environment, run_desk

from knowledge.register.contract import Contract
from knowledge.register.exporting import export_register
from knowledge.register.holding import Held
from knowledge.register.reading.file import read_register
from knowledge.register.reading.headings import fit
from knowledge.register.reading.shares import read_share
from knowledge.register.reading.terms import days_in
from knowledge.supply.figures import row_of, supply
from knowledge.supply.gathering import SupplyError, district_of, figures_of
from knowledge.supply.nouns import COUNTYWIDE, NOWHERE, SEVERAL, Figure, Shares, Where
from knowledge.supply.sections import by_district, sections
from knowledge.supply.words import note_of
from knowledge.supply.yearly import a_year

DAY = date(2026, 11, 20)
START, END = date(2025, 4, 1), date(2030, 3, 31)
COUNTY = frozenset({"Wexcombe", "Oldmere"})


def contract(reference: str = "A", **more: object) -> Contract:
    """A contract in force for five years at £50,000 a year."""
    usual = {"title": reference, "start": START, "end": END, "value": Decimal(250_000), "area": "Countywide"}
    return Contract.model_validate({"reference": reference, **usual, **more})


def said(row: Sequence[Figure]) -> tuple[str, ...]:
    return tuple(one.said for one in row)


def figures(*contracts: Contract, of: Mapping[str, frozenset[str]] | None = None) -> Any:
    return supply([Held(one) for one in contracts], Where(of or {}, COUNTY), DAY)


# --- what a contract counts ---------------------------------------------------------------------------------------


def test_a_value_is_spread_evenly_over_its_term() -> None:
    assert a_year(contract()) == 5_000_000


def test_a_term_under_a_year_counts_no_more_than_its_value() -> None:
    short = contract(start=date(2026, 9, 1), end=date(2026, 11, 30))
    assert a_year(short) == 25_000_000


@pytest.mark.parametrize("lacking", ["value", "start", "end"])
def test_what_has_no_value_or_no_term_is_left_out_and_counted(lacking: str) -> None:
    found = figures(contract("A", sme=True), contract("B", **{lacking: None}))
    assert (found.whole.contracts, found.left.contracts) == (1, 1)
    assert ("without a value" if lacking == "value" else "without a start or an end") in note_of(found)


def test_what_the_council_does_itself_is_no_spending_with_providers() -> None:
    found = figures(contract("A", sme=True), contract("B", delivered_by="In-house team"))
    assert (found.whole.of(found.whole.sme.pence), found.left.in_house, found.chain.contracts) == (1.0, 1, 1)


def test_contracts_not_in_force_do_not_count() -> None:
    found = figures(contract("A", end=date(2026, 1, 1)), contract("B", start=date(2027, 1, 1)))
    assert (found.whole, found.left.contracts) == (Shares(), 0)


def test_a_provider_of_whom_nothing_is_said_is_neither_and_is_told_apart() -> None:
    found = figures(contract("A", sme=True, vcse=False), contract("B", vcse=False))
    assert (found.whole.sme.pence, found.whole.sme.unsaid, found.whole.vcse.unsaid) == (5_000_000, 5_000_000, 0)
    assert "does not say whether the provider is an SME" in note_of(found)


def test_a_part_of_another_contract_is_not_counted_twice() -> None:
    found = figures(contract("A"), contract("B", parent=" a ", sme=True))
    assert (found.whole.contracts, found.whole.pence, found.left.within) == (1, 5_000_000, 1)


def test_sub_contracts_with_small_firms_count_as_passed_on() -> None:
    found = figures(contract("A", sme=False), contract("B", parent="A", sme=True, value=Decimal(50_000)))
    assert (found.whole.sme.pence, found.whole.sme.passed) == (0, 1_000_000)


def test_a_stated_share_goes_before_what_is_listed() -> None:
    main = contract("A", sme=False, sme_share=Decimal("18"))
    found = figures(main, contract("B", parent="A", sme=True))
    assert found.whole.sme.passed == 900_000


def test_what_a_small_firm_passes_on_to_others_is_not_counted_again() -> None:
    found = figures(contract("A", sme=True, sme_share=Decimal("40")))
    assert (found.whole.sme.pence, found.whole.sme.passed) == (5_000_000, 0)


def test_a_part_counts_where_the_whole_is_in_house() -> None:
    found = figures(contract("A", delivered_by="In-house"), contract("B", parent="A"))
    assert (found.whole.contracts, found.left.within) == (1, 0)


def test_contracts_that_name_each_other_as_parent_both_count() -> None:
    found = figures(contract("A", parent="B"), contract("B", parent="A"), contract("C", parent="C"))
    assert (found.whole.contracts, found.left.within) == (3, 0)


# --- where --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "districts", "row"),
    [
        ("Oldmere", {"Oldmere"}, "Oldmere"), ("Countywide", set(), COUNTYWIDE), ("", set(), NOWHERE),
        ("Wexcombe; Farleigh", {"Wexcombe", "Farleigh"}, SEVERAL), ("both", {"Wexcombe", "Oldmere"}, COUNTYWIDE),
    ],
)  # fmt: skip
def test_each_contract_stands_in_one_row(area: str, districts: set[str], row: str) -> None:
    assert row_of(contract(area=area), Where({"a": frozenset(districts)}, COUNTY)) == row


def test_a_district_alone_has_what_it_shares_with_others_beside_it() -> None:
    held = [Held(contract(one, vcse=True)) for one in "ABC"]
    where = Where({"a": frozenset({"Oldmere"}), "b": frozenset({"Oldmere", "Farleigh"})}, COUNTY)
    found = figures_of(held, where, DAY, {"a", "b", "c"}, "Oldmere")
    assert found.whole.contracts == 1
    assert {name: one.contracts for name, one in found.beside.items()} == {SEVERAL: 1, COUNTYWIDE: 1}


def test_a_district_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(SupplyError, match="Oldmere; Wexcombe"):
        district_of("Narnia", Where({}, COUNTY))


# --- sums add up --------------------------------------------------------------------------------------------------

_KEYS = "ABCDEFGH"
_REGISTERS = 200


def made_up(seed: int) -> tuple[list[Held], Where]:
    """A few contracts of any sort, in any place, part of each other or not: the same for the same seed."""
    draw = random.Random(seed)
    held, of = [], {}
    for key in _KEYS[: draw.randint(0, len(_KEYS))]:
        start = DAY - timedelta(days=draw.randint(-20, 2000))
        more = {
            "value": draw.choice([None, Decimal(draw.randint(0, 10**11)) / 100]),
            "start": draw.choice([start, start, None]),
            "end": draw.choice([start + timedelta(days=draw.randint(0, 4000))] * 3 + [None]),
            "sme": draw.choice([True, False, None]), "vcse": draw.choice([True, False, None]),
            "sme_share": draw.choice([None, Decimal(draw.randint(0, 1000)) / 10]),
            "parent": draw.choice(["", "", *_KEYS]), "area": draw.choice(["", "Countywide"]),
            "delivered_by": draw.choice(["", "In-house", "External"]),
        }  # fmt: skip
        held.append(Held(contract(key, **more)))
        of[key.lower()] = frozenset(draw.sample(["Wexcombe", "Oldmere", "Farleigh"], draw.randint(0, 3)))
    return held, Where(of, COUNTY)


registers = pytest.mark.parametrize("seeds", [range(_REGISTERS)], ids=["many registers"])


@registers
def test_the_rows_by_district_add_up_to_the_whole(seeds: range) -> None:
    for held, where in map(made_up, seeds):
        found = supply(held, where, DAY)
        assert sum(found.districts.values(), Shares()) == found.whole


@registers
def test_every_contract_in_force_is_counted_or_left_out_for_one_reason(seeds: range) -> None:
    for held, where in map(made_up, seeds):
        found = supply(held, where, DAY)
        live = sum(one.state(DAY).value == "in force" for one in held)
        assert found.whole.contracts + found.left.contracts == live
        assert found.chain.contracts + found.left.in_house == live


@registers
def test_no_sector_gets_more_than_there_is(seeds: range) -> None:
    for held, where in map(made_up, seeds):
        whole = supply(held, where, DAY).whole
        for sector in (whole.sme, whole.vcse):
            assert 0 <= sector.pence + sector.passed + sector.unsaid <= whole.pence


@registers
def test_districts_one_by_one_are_the_rows_of_the_table(seeds: range) -> None:
    for held, where in map(made_up, seeds):
        keys = {one.contract.key for one in held}
        every = supply(held, where, DAY)
        for name, shares in every.districts.items():
            assert figures_of(held, where, DAY, keys, name).whole == shares


# --- as tables ----------------------------------------------------------------------------------------------------


def test_tables_have_as_many_cells_as_columns_and_end_with_the_whole() -> None:
    found = figures(contract("A", sme=True), contract("B", area=""))
    assert all(len(row) == len(one.columns) for one in sections(found) for row in one.rows)
    assert said(by_district(found).rows[-1])[:3] == ("All", "2", "£100,000")


def test_no_figures_are_no_shares_rather_than_nothing_of_nothing() -> None:
    assert said(by_district(figures()).rows[-1]) == ("All", "0", "£0", "£0", "", "£0", "")


# --- what registers say -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Subcontractors", "subcontractors"), ("Payment terms (days)", "payment_terms"), ("% to SMEs", "sme_share"),
        ("Payment terms to sub-contractors", "subcontractor_terms"), ("Percentage of spend with VCSEs", "vcse_share"),
        ("SME", "sme"), ("Contractors", "supplier"), ("Sub-contract of", "parent"),
    ],
)  # fmt: skip
def test_headings_of_the_supply_chain_are_known(heading: str, field: str) -> None:
    assert fit(heading).fields == (field,)


def test_a_question_whether_a_sub_contractor_is_an_sme_is_no_list_of_them() -> None:
    assert fit("Sub-contractor SME").fields == ()


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30 days", 30), ("Net 30", 30), ("30", 30), ("within 14 days of a valid invoice", 14), ("4 weeks", 28),
        ("30 calendar days", 30), ("14 days for SMEs, else 30 days", None), ("as agreed", None), ("", None),
    ],
)  # fmt: skip
def test_payment_terms_give_days_where_they_give_one_number(text: str, days: int | None) -> None:
    assert days_in(text) == days


@pytest.mark.parametrize(
    ("text", "share"),
    [("18%", "18"), ("18 per cent", "18"), ("0.18", "18"), ("22.5", "22.5"), ("1", "1"), ("0.5%", "0.5"),
     ("140", None), ("about a fifth", None)],
)  # fmt: skip
def test_shares_are_read_and_never_guessed(text: str, share: str | None) -> None:
    assert read_share(text) == (None if share is None else Decimal(share))


def test_a_share_that_is_no_figure_is_kept_with_the_row(tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text("Reference,Title,% to SMEs,Sub-contractors\nA1,Meals,most,Dairy Ltd\n", encoding="utf-8")
    (taken,) = read_register(file).contracts.values()
    assert (taken.contract.sme_share, taken.contract.other) == (None, {"% to SMEs": "most"})
    assert taken.contract.subcontractors == "Dairy Ltd"


def test_an_export_gives_the_supply_chain_back_as_it_was(tmp_path: Path) -> None:
    before = contract(
        subcontractors="=Ash Ltd; Bee CIC", payment_terms="30 days", subcontractor_terms="14 days",
        sme_share=Decimal("18.5"), vcse_share=Decimal("0"),
    )  # fmt: skip
    file = tmp_path / "out.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        export_register([before], stream)
    (taken,) = read_register(file).contracts.values()
    assert taken.contract == before


# --- the command --------------------------------------------------------------------------------------------------


def run(demonstration: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    home = cast.copy_home(demonstration, folder / f"desk{len(list(folder.iterdir()))}")
    return run_desk(child_environment(home), "register", "supply", *arguments, cwd=folder)


def test_the_command_says_the_same_to_people_programs_and_spreadsheets(demonstration: Path, tmp_path: Path) -> None:
    told = json.loads(run(demonstration, tmp_path, "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(run(demonstration, tmp_path, "--csv", "-").stdout)))
    assert [row["District"] for row in rows] == [one["district"] for one in told["districts"]]
    assert sum(round(float(row["Pounds a year"]) * 100) for row in rows) == told["whole"]["pence"]
    shown = run(demonstration, tmp_path).stdout  # 80 columns wide: no figure is cut
    assert f"{told['whole']['vcse']['share']:.1%}" in shown.split("All ")[1]
    assert f"£{round(told['whole']['pence'] / 100):,}" in shown


def test_the_command_refuses_a_directorate_there_is_none_of(demonstration: Path, tmp_path: Path) -> None:
    done = run(demonstration, tmp_path, "--directorate", "Magic")
    assert done.returncode == 1
    assert "Place and Resources" in done.stderr


def test_every_figure_left_out_is_said() -> None:
    assert {one.name for one in fields(figures().left)} == {"in_house", "unvalued", "undated", "within"}
