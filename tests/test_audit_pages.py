"""`desk audit` and its page: who may read it, what is found, and that reading it is written down; and what the web and
the command line account for."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from cast import Clock, Visitor, seen
from click.testing import CliRunner, Result
from flask import Flask
from PIL import Image

from bot.__main__ import desk as desk_command
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import File, Message
from knowledge import sign_in_links, tables
from knowledge.audit import Deed, Entry, Wanted, account, entries
from knowledge.models import Role
from knowledge.parties import party_of
from knowledge.store import Store
from webhooks import create_app
from webhooks.audit import SHOWN

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
DOREEN, PRIYA, TOM = "doreen.haspell@example.org", "priya.venn@example.org", "tom.arkell@example.org"
FARAH = "farah.lindqvist@example.org"
"""An administrator."""
PAGE = "/administration/audit"


@dataclass
class House:
    """A desk with its pages and commands."""

    app: Flask
    wiring: Wiring

    def sit(self, address: str = "") -> Visitor:
        """Somebody at a browser, signed in with an address."""
        browser = Visitor(self.app)
        return browser.signs_in(address, NOW) if address else browser

    def desk(self, *arguments: str) -> Result:
        """Runs a command."""
        environment = {**cast.environment(self.wiring.settings.home), "COLUMNS": "200"}
        return CliRunner().invoke(desk_command, arguments, env=environment)

    def told(self, *arguments: str) -> dict[str, Any]:
        """What `desk audit --json` says."""
        done = self.desk("audit", "--json", *arguments)
        assert done.exit_code == 0, done.output
        return dict(json.loads(done.stdout))

    def rows(self, **wanted: Any) -> list[Entry]:
        """The audit, oldest first."""
        with self.wiring.store.reading() as connection:
            return list(entries(connection, Wanted(**wanted)))[::-1]

    def raise_one(self) -> None:
        """Raises a concern with a photograph."""
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "green").save(out, "PNG")
        fields = {"text": "the carer has not come", "contract": "MCC-0002", "at_risk": "no"}
        handle(
            Message(text="", addresses=(DOREEN,), roles=frozenset({Role.MEMBER}), action="new_concern", fields=fields,
                    files=(File(name="hole.png", content=out.getvalue()),)), self.wiring.desk
        )  # fmt: skip


@pytest.fixture
def house(county_home: Path, tmp_path: Path) -> Iterator[House]:
    """The sample council's desk, on a day."""
    wiring = Wiring(cast.settings(cast.copy_home(county_home, tmp_path / "desk")))
    wiring.__dict__["desk"] = replace(wiring.desk, now=Clock(NOW))
    yield House(create_app(wiring), wiring)
    wiring.store.close()


def fill(store: Store, count: int = 6) -> None:
    """Rows on days one after another, every other one Priya's."""
    with store.writing() as connection:
        for number in range(count):
            by, at = PRIYA if number % 2 else "", NOW + timedelta(days=number)
            account(connection, Deed.SAW, "concern", number, at, by=by, counts={"texts": 1})


# --- the command --------------------------------------------------------------------------------------------------


def test_the_newest_rows_come_first_and_how_to_see_more_is_said(house: House) -> None:
    fill(house.wiring.store)
    said = house.desk("audit", "--limit", "2", "--kind", "concern").stdout
    assert said.index("C-0005") < said.index("C-0004")
    assert "C-0003" not in said
    found = re.search(r"2 of 6 rows that fit; older ones: --before (\d+)", said)
    assert found
    older = house.told("--before", found[1], "--limit", "2", "--kind", "concern")
    assert [one["about"] for one in older["rows"]] == ["3", "2"]
    assert house.told("--kind", "concern")["older"] is None
    assert house.told("--kind", "nothing") == {"total": 0, "older": None, "rows": []}
    assert "Nothing fits." in house.desk("audit", "--kind", "nothing").stdout


@pytest.mark.parametrize(
    ("arguments", "abouts"),
    [
        (["--since", "2026-11-28"], ["5", "4"]),
        (["--until", "2026-11-25"], ["1", "0"]),
        (["--since", "2026-11-25", "--until", "2026-11-25"], ["1"]),
        (["--about", "C-0003"], ["3"]),
        (["--about", "c-3", "--kind", "concern"], ["3"]),
        (["--about", "3"], ["3"]),
        (["--about", "E-3"], []),
        (["--by", PRIYA.upper()], ["5", "3", "1"]),
        (["--by", "desk"], ["4", "2", "0"]),
        (["--by", "nobody@example.org"], []),
        (["--deed", "erased"], []),
    ],
)
def test_rows_are_chosen_by_day_deed_person_and_what_it_was_done_to(
    house: House, arguments: list[str], abouts: list[str]
) -> None:
    fill(house.wiring.store)
    found = house.told("--kind", "concern", *arguments) if "E-3" not in arguments else house.told(*arguments)
    assert [one["about"] for one in found["rows"]] == abouts
    assert found["total"] == len(abouts)


def test_reading_the_audit_is_written_down_and_so_is_a_file_of_it(house: House, tmp_path: Path) -> None:
    fill(house.wiring.store, 3)
    house.told("--kind", "concern", "--limit", "2")
    house.desk("audit", "--csv", str(tmp_path / "audit.csv"))
    read, kept = house.rows(kind="audit")
    assert (read.deed, read.party, read.counts) == (Deed.SAW, None, {"rows": 2})
    assert (kept.deed, kept.counts["rows"]) == (Deed.EXPORTED, kept.id - 1)
    with (tmp_path / "audit.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["number"] for line in lines] == [str(number) for number in range(kept.id - 1, 0, -1)]
    [line] = [line for line in lines if line["by"] == PRIYA]
    assert {"deed": "saw", "kind": "concern", "about": "1", "counts": "texts 1"}.items() <= line.items()


def test_somebody_forgotten_is_a_number_and_their_rows_stay(house: House) -> None:
    fill(house.wiring.store, 2)
    with house.wiring.store.writing() as connection:
        number = party_of(connection, PRIYA)
        account(connection, Deed.EXPORTED, "party", number, NOW)
        values = {"address": f"forgotten:{number}"}
        connection.execute(sa.update(tables.party).where(tables.party.c.id == number).values(**values))
    gone = f"forgotten (party {number})"
    rows = house.told("--since", "2026-11-24")["rows"]
    assert [one["by"] for one in rows if one["kind"] == "concern"] == [gone, None]
    said = house.desk("audit").stdout
    assert f"party {gone}" in said
    assert PRIYA not in said


def test_a_file_that_cannot_be_written_is_said(house: House, tmp_path: Path) -> None:
    done = house.desk("audit", "--csv", str(tmp_path / "none" / "audit.csv"))
    assert done.exit_code == 1
    assert "No such file" in done.output


# --- the page -----------------------------------------------------------------------------------------------------


def test_an_administrator_reads_it_and_that_is_the_next_row(house: House) -> None:
    fill(house.wiring.store)
    page = seen(house.sit(FARAH).open(PAGE))
    assert "concern C-0005" in page
    assert "command line or desk" in page
    last = house.rows()[-1]
    assert (last.deed, last.kind, last.address) == (Deed.SAW, "audit", FARAH)


@pytest.mark.parametrize("who", [DOREEN, PRIYA])
def test_to_nobody_else_does_it_exist_and_that_they_tried_is_written_down(house: House, who: str) -> None:
    assert house.sit().client.get(PAGE).headers["Location"].startswith("/sign-in")
    for _ in range(2):
        assert house.sit(who).client.get(PAGE).status_code == 404
    [row] = house.rows(deed="refused")
    assert (row.address, row.kind, row.about) == (who, "page", "audit")
    assert house.rows(kind="audit") == []


def test_the_page_is_filtered_and_paged_by_its_address(house: House) -> None:
    fill(house.wiring.store, SHOWN + 5)
    farah = house.sit(FARAH)
    page = farah.open(f"{PAGE}?kind=concern&by={PRIYA}&deed=saw&about=C-0003")
    assert re.findall(r"concern C-\d+", seen(page)) == ["concern C-0003"]
    first = farah.open(f"{PAGE}?kind=concern")
    assert len(re.findall(r"concern C-\d+", first)) == SHOWN
    onward = re.search(r'href="([^"]+)" rel="next"', first)
    assert onward
    second = farah.open(onward[1].replace("&amp;", "&"))
    assert re.findall(r"concern (C-\d+)", seen(second)) == [f"C-000{number}" for number in (4, 3, 2, 1, 0)]
    assert 'rel="next"' not in second


@pytest.mark.parametrize(
    "query", ["since=yesterday", "until=9999-12-31", "before=-1", "before=١", "deed=<b>", "about=%00", "by=%ED%A0%80",
              "kind=%3Cscript%3E", f"about={'x' * 5000}", f"before={'9' * 30}", "by=@"],
)  # fmt: skip
def test_whatever_stands_in_the_address_a_page_comes_of_it(house: House, query: str) -> None:
    answer = house.sit(FARAH).client.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.get_data(as_text=True)


# --- what the web and the command line account for ----------------------------------------------------------------


def test_whoever_opens_a_file_of_a_concern_is_written_down(house: House) -> None:
    house.raise_one()
    page = house.sit(PRIYA).open("/concerns/C-0001")
    path = re.search(r'href="(/concerns/C-0001/files/(\d+))"', page)
    assert path
    for _ in range(2):
        assert house.sit(PRIYA).client.get(path[1]).status_code == 200
    assert house.sit(TOM).client.get(path[1]).status_code == 404
    [row] = house.rows(kind="attachment")
    assert (row.deed, row.address, row.about, row.counts) == (Deed.SAW, PRIYA, path[2], {"concern": 1})
    assert [one.address for one in house.rows(deed="saw", kind="concern")] == [PRIYA]
    assert [one.address for one in house.rows(deed="refused")] == [TOM]


def test_whoever_signs_in_is_written_down_once(house: House) -> None:
    browser = house.sit()
    browser.send("/sign-in", email=PRIYA)
    with house.wiring.store.reading() as connection:
        [owed] = connection.execute(sa.select(tables.notification).where(tables.notification.c.kind == "sign_in")).all()
    secret = house.wiring.settings.secret_key.get_secret_value()
    path = sign_in_links.path_of(secret, owed.about["link"], NOW)
    for status in (303, 410):
        assert browser.send(path, follow=False).status_code == status
    [row] = house.rows(deed="signed_in")
    assert (row.address, row.kind, row.about) == (PRIYA, "session", "link")


def test_imports_are_written_down_with_their_counts_and_those_only_tried_are_not(house: House, tmp_path: Path) -> None:
    people, places = tmp_path / "ann-archer.csv", tmp_path / "places.csv"
    people.write_text("email,role\nann@example.org,triage\nnobody,triage\n", encoding="utf-8")
    places.write_text("place,kind,district\nWexcombe,town,Wexcombe\n", encoding="utf-8")
    before = len(house.rows())
    for name, file in (("people", people), ("places", places)):
        house.desk(name, "import", str(file), "--dry-run")
    assert len(house.rows()) == before
    for name, file in (("people", people), ("places", places)):
        assert house.desk(name, "import", str(file)).exit_code == 0
    took, put = house.rows()[before:]
    assert (took.deed, took.kind, took.about, took.party) == (Deed.IMPORTED, "list", "people", None)
    assert (took.counts["added"], took.counts["not_taken"], took.counts["taking"]) == (1, 1, 1)
    assert (put.about, put.counts["added"], put.counts["taking"]) == ("places", 1, 2)


def corrected(house: House) -> tuple[str, ...]:
    house.desk("register", "correct", "MCC-0002", "supplier", "Ann Archer Ltd")
    return ("changed", "contract", "mcc-0002", '{"supplier": 1}')


def given_back(house: House) -> tuple[str, ...]:
    house.desk("register", "correct", "MCC-0002", "supplier", "Ann Archer Ltd")
    house.desk("register", "correct", "MCC-0002", "supplier", "--undo")
    return ("undid", "contract", "mcc-0002", '{"supplier": 1}')


def set_channel(house: House) -> tuple[str, ...]:
    house.desk("channels", "C0NOISE", "off")
    return ("changed", "slack_channel", "C0NOISE", "{}")


def silenced(house: House) -> tuple[str, ...]:
    house.desk("subscriptions", "suppress", "ann@example.org")
    return ("changed", "suppression", "", '{"suppressed": 1, "ended": 0}')


def taught(house: House) -> tuple[str, ...]:
    house.desk("vocabulary", "add", "the leaving do", "exit plan")
    return ("imported", "list", "vocabulary", '{"added": 1}')


def unreached(house: House) -> tuple[str, ...]:
    house.desk("providers", "unreachable", "ann@example.org")
    with house.wiring.store.writing() as connection:
        return ("changed", "party", str(party_of(connection, "ann@example.org")), '{"unreachable": 1}')


@pytest.mark.parametrize("do", [corrected, given_back, set_channel, silenced, taught, unreached])
def test_what_the_command_line_changes_is_written_down(house: House, do: Callable[[House], tuple[str, ...]]) -> None:
    expected = do(house)
    last = house.rows()[-1]
    assert (last.deed.value, last.kind, last.about, json.dumps(last.counts)) == expected
    assert last.party is None


def test_an_exported_register_is_written_down(house: House, tmp_path: Path) -> None:
    house.desk("register", "export", str(tmp_path / "out.csv"))
    last = house.rows()[-1]
    assert (last.deed, last.kind, last.about) == (Deed.EXPORTED, "list", "register")
    assert last.counts["rows"] > 20


def test_whoever_asks_for_the_pages_of_administrators_is_written_down(house: House) -> None:
    for path in ("/administration", "/administration/imports"):
        assert house.sit(PRIYA).client.get(path).status_code == 403
    [row] = house.rows(deed="refused")
    assert (row.address, row.kind, row.about) == (PRIYA, "page", "administration")


def test_a_timeline_that_is_taken_in_is_written_down_once(house: House, tmp_path: Path) -> None:
    file = tmp_path / "timeline.csv"
    house.desk("timeline", "template", str(file))
    before = len(house.rows())
    assert house.desk("timeline", "import", str(file)).exit_code == 0
    assert [(one.deed, one.about) for one in house.rows()[before:]] == [(Deed.IMPORTED, "timeline")]


def test_a_report_that_is_loaded_again_is_written_down_once_an_hour_and_every_file_of_it(house: House) -> None:
    for path in ("", "", "?as=csv", "?as=csv"):
        assert house.sit(FARAH).client.get(f"/reports/committee{path}").status_code == 200
    assert [one.deed for one in house.rows(kind="report")] == [Deed.SAW, Deed.EXPORTED, Deed.EXPORTED]
