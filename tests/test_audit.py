"""The audit: only ever added to, on both engines, and holding nothing but numbers and keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from handlers.auditing import whose
from knowledge import tables
from knowledge.audit import Deed, Wanted, account, account_once, entries, how_many
from knowledge.parties import parties_of, party_of
from knowledge.settings_kept import note_settings
from knowledge.store import Store, open_store
from knowledge.subscriptions.forgetting import forget_addresses

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_what_was_done_is_written_down_without_an_address(store: Store) -> None:
    with store.writing() as connection:
        account(connection, Deed.SAW, "concern", 12, NOW, by="olive@example.org", counts={"texts": 2})
    with store.reading() as connection:
        row = connection.execute(sa.select(tables.audit)).one()
    assert (row.deed, row.kind, row.about, row.counts) == ("saw", "concern", "12", {"texts": 2})
    assert "olive" not in str(tuple(row))


@pytest.mark.parametrize("change", [sa.delete(tables.audit), sa.update(tables.audit).values(about="13")])
def test_what_is_in_the_audit_stays_as_it_is(store: Store, change: sa.Executable) -> None:
    with store.writing() as connection:
        account(connection, Deed.ERASED, "concern", 12, NOW)
    with pytest.raises(sa.exc.DBAPIError, match="stays as it is"), store.writing() as connection:
        connection.execute(change)
    with store.reading() as connection:
        assert connection.execute(sa.select(tables.audit.c.about)).scalar_one() == "12"


@pytest.mark.parametrize("about", ["olive@example.org", "two\nlines", "12\0"])
def test_what_is_no_number_or_key_is_refused(store: Store, about: str) -> None:
    with pytest.raises(ValueError, match="numbers and keys"), store.writing() as connection:
        account(connection, Deed.SAW, "concern", about, NOW)


@pytest.mark.parametrize("counts", [{"Olive Tanner": 1}, {"rows": "three"}, {"": 1}])
def test_what_is_counted_has_a_plain_name_and_a_number(store: Store, counts: Any) -> None:
    with pytest.raises(ValueError, match="plain names"), store.writing() as connection:
        account(connection, Deed.SAW, "concern", 1, NOW, counts=counts)


_PIECES = (
    "olive",
    "Olive Tanner",
    "@",
    "example.org",
    "C-0012",
    "\n",
    "\u2028",
    "\0",
    " ",
    "MCC-2",
    "7",
    "é",
    "_",
    "=",
)


def test_whatever_is_given_no_address_gets_into_it(sqlite_store: Store) -> None:
    chance = Random(8)
    taken = 0
    for _ in range(400):
        about, name = ("".join(chance.choices(_PIECES, k=chance.randint(0, 5))) for _ in range(2))
        by = f"{chance.choice('abcdef')}{chance.randint(1, 9)}@example.org"
        with suppress(ValueError), sqlite_store.writing() as connection:
            account(
                connection, Deed.CHANGED, "list", about, NOW, by=by, counts={name: 1} if chance.random() < 0.5 else {}
            )
            taken += 1
    with sqlite_store.reading() as connection:
        rows = connection.execute(sa.select(tables.audit)).all()
    assert len(rows) == taken > 40
    assert not [row for row in rows if "@" in str(tuple(row))]
    assert all(row.about.isprintable() for row in rows)
    assert all(re.fullmatch(r"[A-Za-z]\w*", name) for row in rows for name in row.counts)


def replaced(connection: sa.Connection) -> None:
    connection.exec_driver_sql("INSERT OR REPLACE INTO audit SELECT id, at, 'saw', by, kind, about, counts FROM audit")


def emptied(connection: sa.Connection) -> None:
    connection.exec_driver_sql("TRUNCATE audit")


@pytest.mark.parametrize(("engine", "deed"), [("sqlite", replaced), ("postgresql", emptied)])
def test_nor_is_there_a_way_about_it(
    request: pytest.FixtureRequest, engine: str, deed: Callable[[sa.Connection], None]
) -> None:
    """SQLite's REPLACE deletes without asking the triggers of deletion, PostgreSQL's TRUNCATE without those of rows."""
    store: Store = request.getfixturevalue(f"{engine}_store")
    with store.writing() as connection:
        account(connection, Deed.ERASED, "concern", 12, NOW)
    with pytest.raises(sa.exc.DBAPIError, match="stays as it is"), store.writing() as connection:
        deed(connection)
    with store.reading() as connection:
        assert connection.execute(sa.select(tables.audit.c.deed)).scalar_one() == "erased"


def test_the_same_is_written_down_once_an_hour_for_each_person_and_thing(store: Store) -> None:
    def saw(by: str, about: int, minutes: int) -> None:
        with store.writing() as connection:
            account_once(connection, Deed.SAW, "concern", about, NOW + timedelta(minutes=minutes), by=by)

    for minutes in (0, 1, 59, 60, 119):
        saw("olive@example.org", 12, minutes)
    saw("olive@example.org", 13, 0)
    saw("mo@example.org", 12, 0)
    saw("", 12, 0)
    saw("", 12, 30)
    with store.reading() as connection:
        found = [(one.address, one.about, one.at) for one in entries(connection, Wanted())][::-1]
    hour = timedelta(hours=1)
    assert found == [
        ("olive@example.org", "12", NOW), ("olive@example.org", "12", NOW + hour), ("olive@example.org", "13", NOW),
        ("mo@example.org", "12", NOW), ("", "12", NOW),
    ]  # fmt: skip


def numbers(connection: sa.Connection, **wanted: Any) -> list[str]:
    """What the three newest rows that are wanted were done to."""
    return [one.about for one in entries(connection, Wanted(**wanted), 3)]


def test_rows_are_found_by_what_they_say_newest_first(store: Store) -> None:
    with store.writing() as connection:
        for number in range(6):
            by = "olive@example.org" if number % 2 else ""
            account(connection, Deed.SAW, "concern", number, NOW + number * timedelta(days=1), by=by)
        account(connection, Deed.IMPORTED, "list", "people", NOW, counts={"rows": 3})
    with store.reading() as connection:
        olive = frozenset(parties_of(connection, ["olive@example.org"]))
        assert numbers(connection) == ["people", "5", "4"]
        assert numbers(connection, before=3) == ["1", "0"]
        assert numbers(connection, since=NOW + timedelta(days=4), kind="concern") == ["5", "4"]
        assert numbers(connection, until=NOW + timedelta(days=1), kind="concern") == ["0"]
        assert numbers(connection, deed="imported") == ["people"]
        assert numbers(connection, abouts=("2", "people")) == ["people", "2"]
        assert numbers(connection, by=olive) == ["5", "3", "1"]
        assert numbers(connection, by=frozenset()) == []
        assert numbers(connection, desk=True, kind="concern") == ["4", "2", "0"]
        assert how_many(connection, Wanted(kind="concern")) == 6


def test_settings_are_compared_with_those_of_the_last_start_and_no_value_is_kept(store: Store) -> None:
    def start(process: str = "serve", **values: str) -> list[str]:
        with store.writing() as connection:
            return note_settings(connection, process, values, NOW, "salt")

    assert start(DESK_SECRET_KEY="a long secret", DESK_URL="https://a.example.org") == []
    assert start(DESK_SECRET_KEY="a long secret", DESK_URL="https://a.example.org") == []
    assert start("work", DESK_SECRET_KEY="another", DESK_URL="") == [], "each process for itself"
    assert start(DESK_SECRET_KEY="a new secret", DESK_URL="https://a.example.org") == ["DESK_SECRET_KEY"]
    assert start(DESK_SECRET_KEY="a new secret", DESK_COUNCIL="Marlshire") == ["DESK_COUNCIL", "DESK_URL"]
    with store.reading() as connection:
        rows = [(one.deed, one.kind, one.about, one.counts) for one in entries(connection, Wanted())]
        kept = "".join(connection.execute(sa.select(tables.fact.c.value)).scalars())
    names = ["DESK_URL", "DESK_COUNCIL", "DESK_SECRET_KEY"]
    assert rows == [(Deed.CHANGED, "setting", name, {}) for name in names]
    assert 'secret"' not in kept.replace("DESK_SECRET", "")
    assert not [one for one in ("a long secret", "a new secret", "another", "example.org", "Marlshire") if one in kept]


def test_a_copy_of_the_record_guards_its_audit_too(sqlite_store: Store, tmp_path: Path) -> None:
    with sqlite_store.writing() as connection:
        account(connection, Deed.ERASED, "concern", 12, NOW)
    with sqlite_store.engine.connect() as connection:
        connection.exec_driver_sql(f"VACUUM INTO '{tmp_path / 'copy.db'}'")
    copy, made = open_store(f"sqlite:///{tmp_path / 'copy.db'}")
    assert not made
    with pytest.raises(sa.exc.DBAPIError, match="stays as it is"), copy.writing() as connection:
        connection.execute(sa.delete(tables.audit))
    copy.close()


def test_the_audit_keeps_nobodys_address_and_erasing_changes_no_row(store: Store) -> None:
    """Somebody who asked for alerts and ended them is forgotten though the audit has their number, which it keeps."""
    with store.writing() as connection:
        number = party_of(connection, "rosa@firm.example.org")
        account(connection, Deed.CHANGED, "endpoint", 3, NOW, by="rosa@firm.example.org")
        account(connection, Deed.EXPORTED, "party", number, NOW)
        before = connection.execute(sa.select(tables.audit)).all()
        assert forget_addresses(connection, NOW, [number]) == 1
    with store.reading() as connection:
        assert connection.execute(sa.select(tables.audit)).all() == before
        assert [one.party for one in entries(connection, Wanted())] == [None, number]
        assert [whose(one.party, one.address) for one in entries(connection, Wanted())] == [
            "", f"forgotten (party {number})"
        ]  # fmt: skip
