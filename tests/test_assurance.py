"""Assurance: whoever should have been told and was not is found within the hour, and a person hears of it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from cast import DEE, TESS
from click.testing import CliRunner
from council import at
from subscribing import FIRM, HOME_CARE, subscribe
from telling import Telling

from bot.__main__ import desk as command
from handlers.assuring import look
from handlers.telling import compose
from handlers.ticking import tell_parked
from knowledge.models import Role
from knowledge.outbox.owed import owed_of
from knowledge.people import Row, replace_people
from knowledge.store import Store
from knowledge.subscriptions.assurance import Check, check, last_check
from knowledge.tables import notification, subscription_match

BEFORE, MONDAY = at("2026-11-13"), at("2026-11-16")
LATE = timedelta(hours=1)
ADA = "ada.holm@example.org"


@pytest.fixture
def desk(sqlite_store: Store) -> Telling:
    return telling(sqlite_store)


def telling(store: Store, every: str = "at once") -> Telling:
    """One intention that one charity is owed."""
    made = Telling(store, MONDAY)
    with store.writing() as connection:
        people = [(DEE, Role.DIRECTOR), (TESS, Role.TRIAGE)]
        rows = [Row(one.email, "", role, {"name": one.name}) for one, role in people]
        replace_people(connection, [*rows, Row(ADA, "", Role.ADMINISTRATOR, {"name": "Ada Holm"})])
    subscribe(store, HOME_CARE, every=every, at=BEFORE)
    made.says(title="Home care", tender="June 2027")
    return made


def found(desk: Telling, now: datetime) -> Check:
    with desk.store.reading() as connection:
        return check(connection, now)


def changed(desk: Telling, **values: Any) -> None:
    """Has the notification stand otherwise."""
    with desk.store.writing() as connection:
        connection.execute(sa.update(notification).where(notification.c.kind == "intention").values(**values))


def test_what_was_sent_leaves_nothing_to_say(store: Store) -> None:
    desk = telling(store)
    desk.sent()
    assert found(desk, MONDAY + 2 * LATE) == Check(MONDAY + 2 * LATE)


def test_what_nobody_tries_for_an_hour_is_a_hole(store: Store) -> None:
    desk = telling(store)
    assert found(desk, MONDAY + LATE - timedelta(seconds=1)).holes == 0
    assert found(desk, MONDAY + LATE).untold == 1


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"attempts": 3, "problem": "Slack fails", "due_at": MONDAY + 3 * LATE}, "tried"),
        ({"attempts": 1, "lease_until": MONDAY + 3 * LATE}, "tried"),
        ({"attempts": 3, "problem": "Slack fails", "due_at": MONDAY}, "untold"),
        ({"attempts": 1, "lease_until": MONDAY}, "untold"),
        ({"state": "undeliverable"}, ""),
        ({"state": "moot"}, ""),
        ({"state": "parked", "settled_at": MONDAY}, "parked_unseen"),
        ({"state": "gathering"}, "ungathered"),
        ({"state": "gathered", "round_up": "gone", "settled_at": MONDAY}, "lost"),
    ],
)
def test_each_state_counts_for_what_it_is(desk: Telling, values: dict[str, Any], kind: str) -> None:
    changed(desk, **values)
    counts = {name: count for name, count in found(desk, MONDAY + 2 * LATE).counts().items() if count}
    assert counts == ({kind: 1} if kind else {})


def test_what_is_parked_counts_as_told_to_a_person_once_one_was(desk: Telling) -> None:
    changed(desk, state="parked", settled_at=MONDAY)
    with desk.store.reading() as connection:
        owed = owed_of(connection, connection.execute(sa.select(notification)).all())[0]
    tell_parked(owed, desk.desk)
    counts = found(desk, MONDAY + 2 * LATE)
    assert (counts.parked, counts.holes) == (1, 0)


def test_a_match_that_nobody_is_owed_is_a_hole(store: Store) -> None:
    desk = telling(store)
    with store.writing() as connection:
        connection.execute(sa.delete(notification))
    assert found(desk, MONDAY).unowed == 1


def test_each_recipient_of_a_match_is_looked_for(store: Store) -> None:
    desk = telling(store)
    subscribe(store, HOME_CARE, FIRM, at=BEFORE)
    desk.says("ASC-02", title="Home care at night", tender="June 2027")
    assert found(desk, MONDAY).unowed == 0
    with store.writing() as connection:
        recipient = connection.execute(sa.text("SELECT id FROM party WHERE address = :a"), {"a": FIRM}).scalar_one()
        connection.execute(sa.delete(notification).where(notification.c.recipient == recipient))
    assert found(desk, MONDAY).unowed == 1


def test_a_reminder_that_is_owed_to_nobody_is_a_hole(store: Store) -> None:
    desk = telling(store)
    desk.says(at=MONDAY, title="Home care", tender="June 2027", closes="2027-07-01")
    row = {"intention": 1, "version": 1, "subscription": 1, "kind": "closing", "why": [], "at": MONDAY}
    with store.writing() as connection:
        connection.execute(sa.insert(subscription_match).values(**row))
    assert found(desk, MONDAY).unowed == 1


def test_what_was_checked_before_is_not_gone_through_again(desk: Telling) -> None:
    with desk.store.writing() as connection:
        connection.execute(sa.delete(notification))
    desk.clock = MONDAY + timedelta(days=10)
    with desk.store.writing() as connection:
        assert look(connection, desk.desk).unowed == 1  # the first check looks back two months
        assert look(connection, desk.desk).unowed == 0


def test_an_administrator_hears_of_holes_once_a_day_and_reads_counts_only(store: Store) -> None:
    desk = telling(store)
    desk.clock = MONDAY + 2 * LATE
    changed(desk, lease_until=MONDAY)
    counted: list[tuple[str, int]] = []
    object.__setattr__(desk.desk, "count", lambda what, counts: counted.append((what, counts["untold"])))
    for minutes in (0, 20):
        desk.clock = MONDAY + 2 * LATE + timedelta(minutes=minutes)
        from handlers.timed import run_due

        run_due(desk.desk)
    assert desk.errors == []
    assert counted == [("assurance", 1), ("assurance", 1)]
    with store.reading() as connection:
        rows = connection.execute(sa.select(notification).where(notification.c.kind == "assurance")).all()
        (owed,) = owed_of(connection, rows)
        assert last_check(connection) == Check(desk.clock, untold=1)
    letter = compose(owed, desk.desk)
    assert letter is not None
    assert letter.address == ADA
    assert "1 due over an hour ago and not sent, and nobody is trying" in letter.reply.text
    assert "homecare-trust" not in letter.model_dump_json()


def test_the_command_shows_the_last_check_and_makes_one(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    run = CliRunner().invoke(command, ["assurance", "--json"])
    assert (run.exit_code, json.loads(run.stdout)["last"], json.loads(run.stdout)["now"]["holes"]) == (0, None, 0)
    assert "{" not in run.stderr, "what it counts stands in what it says, not beside it as a log"
    again = CliRunner().invoke(command, ["assurance"])
    assert again.exit_code == 0
    assert "Last check:" in again.stdout
    assert "everybody was told or is about to be" in again.stdout


def test_the_command_fails_while_somebody_was_not_told(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from knowledge.store import open_store

    monkeypatch.setenv("DESK_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'record.db'}")
    store, _ = open_store(f"sqlite:///{tmp_path / 'record.db'}")
    telling(store)
    store.close()
    run = CliRunner().invoke(command, ["assurance"])
    assert run.exit_code == 1
    assert "1 due over an hour ago and not sent" in " ".join(run.stdout.split())
