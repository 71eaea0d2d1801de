"""desk register: what it prints, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cast import SAMPLE
from processes import child_environment, run_desk

Desk = Callable[..., "subprocess.CompletedProcess[str]"]
HEAD = "Reference,Title,Supplier,End date,Contract value,Contract manager,Review date\n"
ROWS = "SC1,Home care,Kindly,31/03/2099,£100k,Ann Archer,01/01/2027\nSC2,Day care,Anvil,Rolling,60000,Vacant,\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Runs `desk` on a record of its own."""

    def run(*arguments: str, given: str | bytes = b"", **more: str) -> subprocess.CompletedProcess[str]:
        return run_desk(child_environment(tmp_path / "home", **more), *arguments, cwd=tmp_path, given=given)

    run("register")
    return run


def filed(folder: Path, text: str, name: str = "register.csv") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    [line] = done.stdout.splitlines()
    return dict(json.loads(line))


def test_an_import_is_told_as_one_object(desk: Desk, tmp_path: Path) -> None:
    name = filed(
        tmp_path, "Our register\n" + HEAD.strip() + ",Date,Cheese\n" + ROWS + 'SC3,"a\nb",,31/02/2025,,,\nSC4\n'
    )
    done = desk("register", "import", name, "--json")
    report = told(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert [report[key] for key in ("rows", "added", "changed", "unchanged", "missing")] == [2, 2, 0, 0, 0]
    assert [(one["line"], one["reference"]) for one in report["problems"]] == [(5, "SC3"), (7, "SC4")]
    assert "31/02/2025" in report["problems"][0]["reason"]
    assert (report["unknown_headings"], report["ambiguous_headings"]) == (["Cheese"], {"Date": ["start", "end"]})
    kept = json.loads(desk("register", "problems", "--json").stdout)
    assert [(one["file"], one["line"], one["cells"][0]) for one in kept] == [(name, 5, "SC3"), (name, 7, "SC4")]
    assert "no day of the calendar" in " ".join(desk("register", "problems").stdout.split())


def test_exit_codes(desk: Desk, tmp_path: Path) -> None:
    name = filed(tmp_path, HEAD + ROWS)
    assert desk("register", "import", name).returncode == 0
    assert desk("register", "import", name).returncode == 0
    assert desk("register", "import", filed(tmp_path, HEAD + ",,,,,,\nSC9,,,,,,\n")).returncode == 1
    assert desk("register", "import", "nowhere.csv").returncode == 2
    assert desk("register", "import").returncode == 2


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html><table>", b"\x00\x01\x02" * 99, b"a,b\n1,2\n"])
def test_what_is_no_register_is_told_in_a_line(desk: Desk, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "odd.csv").write_bytes(data)
    done = desk("register", "import", "odd.csv", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("desk: odd.csv: ")
    assert done.stderr.count("\n") == 1


def test_a_heading_is_settled_by_people(desk: Desk, tmp_path: Path) -> None:
    name = filed(tmp_path, "Reference,Title,Manager / director\nSC1,A,Ann\n")
    assert "Manager / director=manager" in " ".join(desk("register", "import", name).stdout.split())
    assert desk("register", "import", name, "--map", "Manager / director=director").returncode == 0
    assert told(desk("register", "show", "SC1", "--json"))["director"] == "Ann"
    for wrong, says in (
        ("Cheese=manager", "Manager / director"),
        ("Title=cheese", "manager_email"),
        ("Title", "HEADING"),
    ):
        done = desk("register", "import", name, "--map", wrong)
        assert (done.returncode, says in done.stderr) == (2, True)


def test_a_dry_run_tells_field_by_field_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    desk("register", "import", filed(tmp_path, HEAD + ROWS))
    after = HEAD + ROWS.replace("Ann Archer", "Bob").replace("SC2", "SC3")
    done = desk("register", "import", filed(tmp_path, after), "--dry-run")
    assert "SC1: manager: Ann Archer → Bob" in done.stdout
    assert "new: SC3" in done.stdout
    assert "not in the file: SC2" in done.stdout
    assert told(desk("register", "show", "SC1", "--json"))["manager"] == "Ann Archer"
    report = told(desk("register", "import", filed(tmp_path, after), "--json"))
    assert (report["added"], report["changed"], report["missing"]) == (1, 1, 1)
    assert report["changes"] == [{"reference": "SC1", "field": "manager", "before": "Ann Archer", "after": "Bob"}]


def test_a_contract_is_shown(desk: Desk, tmp_path: Path) -> None:
    desk("register", "import", filed(tmp_path, HEAD + ROWS))
    assert told(desk("register", "show", " sc1 ", "--json")) == {
        "reference": "SC1", "title": "Home care", "supplier": "Kindly", "start": None, "end": "2099-03-31",
        "review": "2027-01-01", "value": "100000.00", "department": None, "service": None, "manager": "Ann Archer",
        "manager_email": None, "director": None, "director_email": None, "delivered_by": None, "area": None,
        "sme": None, "vcse": None, "parent": None, "subcontractors": None, "payment_terms": None,
        "subcontractor_terms": None, "sme_share": None, "vcse_share": None,
    }  # fmt: skip
    card = desk("register", "show", "SC2").stdout
    assert "Rolling" in card
    assert "£60,000.00" in card
    done = desk("register", "show", "SC11")
    assert (done.returncode, done.stdout, "SC1" in done.stderr) == (1, "", True)


def test_a_correction_is_made_and_taken_back(desk: Desk, tmp_path: Path) -> None:
    name = filed(tmp_path, HEAD + ROWS)
    desk("register", "import", name)
    assert desk("register", "correct", "SC1", "manager", "Cy Carter").returncode == 0
    desk("register", "import", name)
    assert told(desk("register", "show", "SC1", "--json"))["manager"] == "Cy Carter"
    assert "put right in the desk" in " ".join(desk("register", "show", "SC1").stdout.split())
    assert desk("register", "correct", "SC1", "manager", "--undo").returncode == 0
    assert told(desk("register", "show", "SC1", "--json"))["manager"] == "Ann Archer"
    wrong = {
        ("SC1", "cheese", "x"): 2,
        ("SC1", "end", "31/02/2025"): 1,
        ("SC9", "end", "01/01/2027"): 1,
        ("SC1", "end"): 2,
    }
    for arguments, code in wrong.items():
        done = desk("register", "correct", *arguments)
        assert (done.returncode, "Traceback" in done.stderr) == (code, False), arguments


def test_gaps_are_told(desk: Desk, tmp_path: Path) -> None:
    desk("register", "import", filed(tmp_path, HEAD + ROWS))
    found = told(desk("register", "gaps", "--json"))
    assert (found["contracts"], found["with"]) == (2, {"manager": 1, "director": 0, "review": 1, "whole": 0})
    assert found["shares"]["manager"] == 0.5
    assert [(one["reference"], one["lacks"], one["vacant"]) for one in found["lacking"]] == [
        ("SC1", ["director"], []), ("SC2", ["manager", "director", "review"], ["manager"]),
    ]  # fmt: skip
    assert "manager (says it is vacant)" in desk("register", "gaps").stdout


def test_an_export_comes_back(desk: Desk, tmp_path: Path) -> None:
    desk("register", "import", filed(tmp_path, HEAD + ROWS))
    assert desk("register", "export", "out.csv").returncode == 0
    report = told(desk("register", "import", "out.csv", "--json"))
    assert (report["unchanged"], report["changed"], report["problems"], report["unknown_headings"]) == (2, 0, [], [])
    printed = list(csv.reader(io.StringIO(desk("register", "export", "-").stdout)))
    assert (len(printed), printed[1][2]) == (3, "SC1")
    assert desk("register", "export", "nowhere/out.csv").returncode == 1


def test_the_summary(desk: Desk) -> None:
    assert "desk register import" in desk("register").stdout
    desk("register", "import", str(SAMPLE / "register.csv"))
    found = told(desk("register", "--json"))
    assert (found["contracts"], found["missing"], found["problems"]) == (48, 0, 0)
    assert found["in_force"] + found["ended"] + found["to_come"] == 48
    assert "48 contracts" in desk("register").stdout
