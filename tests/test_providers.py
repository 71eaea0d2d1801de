"""desk providers: whom to ask at each provider, as an administrator hands it in."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cast
import pytest
import register
from click.testing import CliRunner, Result

from bot.__main__ import desk as desk_command
from bot.wiring import Wiring
from knowledge.concerns.provider_file import ProviderFileError, Read, keep_provider_file, read_provider_file
from knowledge.concerns.providers import all_contacts, contacts_of
from knowledge.parties import unreachable
from knowledge.register.contract import Contract
from knowledge.store import Store

Desk = Callable[..., Result]
HEAD = "provider,email,name,contract\n"
LARKFIELD = "Larkfield Care Ltd,care@larkfield.example.org,Lena Ross,\n"
HELD = [Contract.model_validate(about) for about in register.contracts()]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "desk"
    wiring = Wiring(cast.settings(home))
    register.hold(wiring.store, register.contracts())
    wiring.store.close()
    return home


@pytest.fixture
def desk(home: Path) -> Desk:
    """Runs `desk` on a record with a register."""

    def run(*arguments: str) -> Result:
        return CliRunner(env={**cast.environment(home), "COLUMNS": "200"}).invoke(desk_command, list(arguments))

    return run


def filed(folder: Path, text: str | bytes, name: str = "contacts.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(folder: Path, text: str | bytes) -> Read:
    return read_provider_file(filed(folder, text), HELD)


def told(done: Result) -> Any:
    [line] = done.stdout.splitlines()
    return json.loads(line)


# --- the file -----------------------------------------------------------------------------------------------------


def test_a_row_is_whom_to_ask_for_all_or_for_one_contract(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + LARKFIELD + "larkfield  CARE ltd,Night@Larkfield.example.org,, sc23-03 \n")
    assert found.problems == []
    assert [tuple(row) for row in found.rows] == [
        ("Larkfield Care Ltd", "care@larkfield.example.org", "Lena Ross", ""),
        ("Larkfield Care Ltd", "night@larkfield.example.org", "", "SC23-03"),
    ]


def test_columns_may_come_in_any_order_case_and_encoding_and_two_may_be_left_out(tmp_path: Path) -> None:
    text = " EMAIL ,Provider,other\r\ncare@larkfield.example.org,Larkfield Care Ltd,x\r\n,,\r\n"
    for data in (text.encode("utf-8-sig"), text.encode("cp1252"), text.encode("utf-16")):
        [row] = read(tmp_path, data).rows
        assert tuple(row) == ("Larkfield Care Ltd", "care@larkfield.example.org", "", "")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Larkfield Care Limited,a@x.example.org,,", "'Larkfield Care Limited'; is 'Larkfield Care Ltd' meant?"),
        ("Zyzzyva,a@x.example.org,,", "the register has no provider 'Zyzzyva'"),
        (",a@x.example.org,,", "no provider"),
        ("Larkfield Care Ltd,,,", "no email"),
        ("Larkfield Care Ltd,a at x,,", "'a at x' is no e-mail address"),
        (f"Larkfield Care Ltd,{'a' * 250}@x.example.org,,", "is no e-mail address"),
        ("Larkfield Care Ltd,no-reply@x.example.org,,", "nobody reads what arrives there"),
        ("Larkfield Care Ltd,a@x.example.org,,SC23-9", "the register has no contract 'SC23-9'; is SC23-0"),
        ("Larkfield Care Ltd,a@x.example.org,,QQQ", "the register has no contract 'QQQ'"),
        ("Larkfield Care Ltd,a@x.example.org,,SC23-02", "SC23-02 is with 'Oxenfold Homecare CIC', not 'Larkfield"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_with_its_line_and_the_rest_is_read(tmp_path: Path, row: str, says: str) -> None:
    found = read(tmp_path, HEAD + LARKFIELD + row + "\n" + LARKFIELD.replace("care@", "other@"))
    assert [one.address for one in found.rows] == ["care@larkfield.example.org", "other@larkfield.example.org"]
    [(line, reason)] = found.problems
    assert line == 3
    assert says in reason


@pytest.mark.parametrize(
    "data", [b"", b"provider,name\nx,y\n", b"\x00\x01\x02", HEAD.encode() + b'x,"a@x.example.org,,\n'],
    ids=["empty", "no email", "binary", "a quotation mark not closed"],
)  # fmt: skip
def test_what_is_no_such_list_is_refused_whole(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ProviderFileError, match=r"contacts\.csv"):
        read(tmp_path, data)


def test_contacts_are_kept_once_with_who_gave_them(store: Store, tmp_path: Path) -> None:
    rows = read(tmp_path, HEAD + LARKFIELD + LARKFIELD.replace(",\n", ",SC23-03\n")).rows
    with store.writing() as connection:
        assert keep_provider_file(connection, rows, "contacts.csv", NOW) == 2
        assert keep_provider_file(connection, rows[:1], "olive@example.org", NOW) == 0
        found = contacts_of(connection, "larkfield care ltd", "SC23-03")
    assert [(one.contract, one.given_by, one.name) for one in found] == [
        ("sc23-03", "contacts.csv", "Lena Ross"), ("", "olive@example.org", "Lena Ross"),
    ]  # fmt: skip


def test_the_sample_list_is_read_without_a_problem() -> None:
    with (cast.SAMPLE / "register.csv").open(encoding="utf-8-sig", newline="") as table:
        held = [
            Contract(reference=row["ContractReference"], title="x", supplier=row["SupplierName"])
            for row in csv.DictReader(table)
        ]
    found = read_provider_file(cast.SAMPLE / "providers.csv", held)
    assert (found.problems, len(found.rows)) == ([], 12)


# --- the commands -------------------------------------------------------------------------------------------------


def test_an_import_is_told_and_what_it_took_is_listed(desk: Desk, tmp_path: Path) -> None:
    assert desk("providers").stdout == "No contacts of providers yet. Try: desk providers import FILE\n"
    path = filed(tmp_path, HEAD + LARKFIELD + "Larkfeild Care,a@x.example.org,,\n")
    done = desk("providers", "import", str(path))
    assert done.exit_code == 0
    assert "Took 1 contacts: 1 new, 0 known before." in done.stdout
    assert "contacts.csv, line 3: the register has no provider 'Larkfeild Care'; is 'Larkfield Care Ltd'" in done.stdout
    again = told(desk("providers", "import", str(path), "--json"))
    assert (again["rows"], again["added"], [one["line"] for one in again["problems"]]) == (1, 0, [3])
    [listed] = told(desk("providers", "--json"))
    assert listed.pop("given_at") > "2026"
    assert listed == {
        "provider": "Larkfield Care Ltd", "contract": None, "email": "care@larkfield.example.org", "name": "Lena Ross",
        "given_by": "contacts.csv", "unreachable": None,
    }  # fmt: skip
    shown = desk("providers").stdout
    assert (
        "Larkfield Care Ltd\n  care@larkfield.example.org  Lena Ross · all contracts · given by contacts.csv" in shown
    )


def test_whoever_gave_a_list_may_be_named(desk: Desk, tmp_path: Path) -> None:
    path = filed(tmp_path, HEAD + LARKFIELD.replace(",\n", ",SC23-01\n"))
    assert desk("providers", "import", str(path), "--by", "olive@example.org").exit_code == 0
    [listed] = told(desk("providers", "--json"))
    assert (listed["given_by"], listed["contract"]) == ("olive@example.org", "SC23-01")
    assert desk("providers", "import", str(path), "--by", "olive").exit_code == 2


def test_a_dry_run_takes_nothing(desk: Desk, tmp_path: Path) -> None:
    done = desk("providers", "import", str(filed(tmp_path, HEAD + LARKFIELD)), "--dry-run")
    assert "Would take 1 contacts: 1 new" in done.stdout
    assert told(desk("providers", "--json")) == []


def test_a_list_without_one_good_row_is_not_done(desk: Desk, tmp_path: Path) -> None:
    done = desk("providers", "import", str(filed(tmp_path, HEAD + "x,y,,\n")), "--json")
    assert (done.exit_code, told(done)["rows"]) == (1, 0)
    assert "desk: no row could be taken" in done.stderr
    assert isinstance(desk("providers", "import", str(filed(tmp_path, "x"))).exception, ProviderFileError)


def test_an_address_is_marked_and_unmarked(desk: Desk, home: Path, tmp_path: Path) -> None:
    both = HEAD + LARKFIELD + LARKFIELD.replace("care@", "office@")
    desk("providers", "import", str(filed(tmp_path, both)))
    done = desk("providers", "unreachable", "Office@larkfield.example.org")
    assert (done.exit_code, "office@larkfield.example.org: marked that nothing arrives" in done.stdout) == (0, True)
    store = Wiring(cast.settings(home)).store
    with store.reading() as connection:
        assert unreachable(connection) == {"office@larkfield.example.org": "bounced"}
        first, last = contacts_of(connection, "Larkfield Care Ltd")
    assert (first.address, last.address) == ("care@larkfield.example.org", "office@larkfield.example.org")
    assert "    nothing arrives there: bounced" in desk("providers").stdout
    assert desk("providers", "unreachable", "office@larkfield.example.org", "--undo").exit_code == 0
    with store.reading() as connection:
        assert unreachable(connection) == {}
        assert len(all_contacts(connection)) == 2
    undone = desk("providers", "unreachable", "office@larkfield.example.org", "--undo")
    assert (undone.exit_code, undone.stderr) == (1, "desk: office@larkfield.example.org is not marked\n")
    assert desk("providers", "unreachable", "office").exit_code == 2
    assert desk("providers", "unreachable", "C0OFFICERS").exit_code == 0, "nor in a Slack channel"
