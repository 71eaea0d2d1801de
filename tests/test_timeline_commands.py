"""`desk timeline change`, `withdraw`, `restore`: an officer at the terminal. And the sample council's timeline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cast
import pytest
from click.testing import CliRunner, Result

from bot.__main__ import desk as desk_command
from bot.sample import load_sample
from bot.wiring import Wiring
from knowledge.register.importing import unread_rows
from knowledge.timeline.importing import LIST

Run = Callable[..., Result]


@pytest.fixture
def home(demonstration: Path, tmp_path: Path) -> Path:
    return cast.copy_home(demonstration, tmp_path / "desk")


@pytest.fixture
def desk(home: Path) -> Run:
    """Runs `desk timeline` on the sample council."""
    return lambda *said: CliRunner(env={**cast.environment(home), "COLUMNS": "200"}).invoke(
        desk_command, ["timeline", *said]
    )


def test_an_officer_changes_one_field_with_a_reason(desk: Run) -> None:
    done = desk("change", "MCI-017", "Tender", "September 2027", "--reason", "More time to talk with clubs.")
    assert done.exit_code == 0, done.output
    assert "MCI-017 is at version 2." in done.output
    shown = desk("show", "MCI-017").output
    assert "September 2027" in shown
    assert "More time to talk with clubs." in shown


def test_several_notices_are_one_field(desk: Run) -> None:
    assert desk("change", "MCI-017", "Related notices", "012345-2027").exit_code == 0


@pytest.mark.parametrize("field", ["Value to", "Tender"])
def test_a_value_that_cannot_be_read_changes_nothing(desk: Run, field: str) -> None:
    before = desk("show", "MCI-017").output
    assert desk("change", "MCI-017", field, "lots", "--reason", "Because.").exit_code != 0
    assert desk("show", "MCI-017").output == before


def test_withdrawing_without_a_reason_says_what_is_missing(desk: Run) -> None:
    done = desk("withdraw", "MCI-017")
    assert done.exit_code != 0
    assert "needs a reason: it is withdrawn" in f"{done.output} {done.exception}"


def test_the_sample_loaded_again_takes_nothing_back(home: Path, desk: Run) -> None:
    desk("change", "MCI-017", "Tender", "September 2027", "--reason", "More time to talk with clubs.")
    before = desk("show", "MCI-017").output + desk("show", "MCI-001").output
    wiring = Wiring(cast.settings(home))
    load_sample(wiring)
    with wiring.store.reading() as connection:
        assert unread_rows(connection, LIST) == []
    wiring.store.close()
    assert desk("show", "MCI-017").output + desk("show", "MCI-001").output == before
