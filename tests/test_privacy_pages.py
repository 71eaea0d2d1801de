"""Who may open what of the pages that tell of people, and what logs and errors say: each page against each role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
from cast import Clock, Visitor
from click.testing import CliRunner
from council import COLIN, DOREEN, FARAH, GARETH, HELEN, PRIYA, RUTH, WENDY
from flask import Flask

from bot.__main__ import desk as desk_command
from bot.wiring import Wiring
from knowledge import tables
from knowledge.store import Store
from webhooks import create_app

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
DANIEL = "daniel.frome@example.org"
"""An officer; Ruth administers as well."""
PROVIDER = "rosa@provider.example.org"
EVERYBODY = frozenset({DOREEN, PRIYA, GARETH, HELEN, DANIEL, RUTH, WENDY, COLIN, FARAH})
ADMINISTRATORS = frozenset({RUTH, FARAH})
INSIDERS = EVERYBODY - {DOREEN}
REPORTS = INSIDERS - {PRIYA, GARETH}
"""Who sees every report."""
PAGES = {
    "/administration": ADMINISTRATORS,
    "/administration/audit": ADMINISTRATORS,
    "/administration/imports": ADMINISTRATORS,
    "/administration/imports/" + "x" * 32: frozenset(),
    "/reports": EVERYBODY,
    "/reports/committee": EVERYBODY,
    "/reports/committee?as=csv": EVERYBODY,
    "/reports/contract/MCC-0002": REPORTS | {PRIYA},
    "/reports/contract/MCC-0002?as=csv": REPORTS | {PRIYA},
    "/reports/contract/MCC-9999": frozenset(),
    "/reviews": INSIDERS,
    "/reviews/MCC-0002": INSIDERS,
}


@dataclass
class House:
    app: Flask
    wiring: Wiring

    def sit(self, address: str = "") -> Visitor:
        """Somebody at a browser, signed in with an address."""
        browser = Visitor(self.app)
        return browser.signs_in(address, NOW) if address else browser


@pytest.fixture
def house(county_home: Path, tmp_path: Path) -> Iterator[House]:
    wiring = Wiring(cast.settings(cast.copy_home(county_home, tmp_path / "desk")))
    wiring.__dict__["desk"] = replace(wiring.desk, now=Clock(NOW))
    yield House(create_app(wiring), wiring)
    wiring.store.close()


def test_each_page_opens_for_those_it_is_for_and_nobody_else(house: House) -> None:
    found = {path: {who for who in EVERYBODY if house.sit(who).client.get(path).status_code == 200} for path in PAGES}
    assert found == PAGES


def test_who_has_not_signed_in_or_is_on_no_list_is_led_to_sign_in(house: House) -> None:
    for path in PAGES:
        for browser in (house.sit(), house.sit(PROVIDER)):
            assert browser.client.get(path).status_code in (302, 303), path


def test_nothing_is_sent_to_these_pages_without_their_token(house: House) -> None:
    paths = ("", "/undo/1", "/" + "x" * 32 + "/take", "/" + "x" * 32 + "/drop", "/" + "x" * 32 + "/columns")
    sent = [f"/administration/imports{path}" for path in paths] + ["/reviews/MCC-0002"]
    house.app.config["WTF_CSRF_ENABLED"] = True
    for path in sent:
        assert house.sit(FARAH).client.post(path, data={"do": "undo"}).status_code == 400, path


def test_whoever_is_taken_off_the_list_is_signed_out(house: House) -> None:
    browser = house.sit(FARAH)
    assert browser.client.get("/administration/audit").status_code == 200
    with house.wiring.store.writing() as connection:
        connection.execute(sa.delete(tables.person).where(tables.person.c.email == FARAH))
    assert browser.client.get("/administration/audit").status_code == 303


def test_an_error_of_the_record_says_nothing_that_was_to_be_written(store: Store) -> None:
    with store.reading() as connection, pytest.raises(sa.exc.DBAPIError) as error:
        connection.execute(sa.text("SELECT * FROM nowhere WHERE said = :said"), {"said": "zeppelin"})
    assert "zeppelin" not in str(error.value)


def test_logs_hold_nothing_of_anybody_however_much_is_logged(county_home: Path, tmp_path: Path) -> None:
    home = cast.copy_home(county_home, tmp_path / "desk")
    environment = {**cast.environment(home), "DESK_LOG_LEVEL": "debug"}
    text = "the carer hasn't come to Mrs Quillfeather in Gullhaven three mornings running"
    said = ""
    for arguments in (
        ["concern", "raise", text, "--as", DOREEN, "--yes"],
        ["concern", "move", "C-0001", "acknowledge", "--as", PRIYA],
        ["subscribe", "--email", "rosa.tamarind@example.org", "home care"],
        ["work", "--once"],
        ["person", "erase", "rosa.tamarind@example.org", "--yes"],
        ["concern", "erase", "C-0001", "--yes"],
        ["retention", "run"],
    ):
        done = CliRunner(env=environment).invoke(desk_command, arguments)
        assert done.exit_code == 0, (arguments, done.output)
        said += done.stderr
    assert '"event"' in said, "something is logged, or this would say nothing"
    for word in ("quillfeather", "tamarind", "@example.org", "token"):
        assert word not in said.lower(), word
