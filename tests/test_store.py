"""The record: versions, migrations and transactions, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import knowledge
from knowledge import tables
from knowledge.retention.erasures import KEY
from knowledge.store import HEAD, Store, StoreError, aware, open_store, safe_url


def url_of(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def pretend_version(store: Store, version: str) -> None:
    with store.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def facts(store: Store) -> dict[str, str]:
    with store.reading() as connection:
        rows = connection.execute(sa.select(tables.fact).where(tables.fact.c.name != KEY))  # which every record has
        return {row.name: row.value for row in rows}


def write_fact(store: Store, name: str) -> None:
    with store.writing() as connection:
        connection.execute(sa.insert(tables.fact).values(name=name, value="1"))


# --- versions -----------------------------------------------------------------------------------------------------


def test_a_new_record_stands_at_the_newest_version(store: Store) -> None:
    assert store.version() == HEAD


def test_a_record_is_made_once(store: Store) -> None:
    again, made = open_store(url_of(store))
    assert not made
    again.close()


def test_a_record_that_is_not_there_is_made_with_its_folder(tmp_path: Path) -> None:
    made, new = open_store(f"sqlite:///{tmp_path / 'a' / 'b' / 'record.db'}")
    assert new
    assert (tmp_path / "a" / "b" / "record.db").is_file()
    made.close()


def test_an_older_record_is_refused_with_what_to_do_and_left_alone(store: Store) -> None:
    pretend_version(store, "0000")
    with pytest.raises(StoreError, match="run `desk migrate`"):
        open_store(url_of(store))
    assert store.version() == "0000"


def test_a_newer_record_is_refused_with_what_to_do(store: Store) -> None:
    pretend_version(store, "9999")
    with pytest.raises(StoreError, match="install a newer desk"):
        open_store(url_of(store))


def test_migrating_again_changes_nothing(store: Store) -> None:
    write_fact(store, "kept")
    store.migrate()
    assert store.version() == HEAD
    assert facts(store) == {"kept": "1"}


def test_several_that_make_the_record_at_once_make_one(tmp_path: Path) -> None:
    opened: list[Store] = []
    url = f"sqlite:///{tmp_path / 'record.db'}"
    threads = [Thread(target=lambda: opened.append(open_store(url)[0])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.version() for one in opened] == [HEAD] * 4
    for one in opened:
        one.close()


def test_a_file_that_is_no_record_is_refused(tmp_path: Path) -> None:
    (tmp_path / "record.db").write_bytes(b"not a database at all, " * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path / 'record.db'}")


def test_a_place_where_no_record_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'record.db'}")


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreError, match="cannot be opened") as refused:
        open_store("postgresql+psycopg://desk:hunter2@127.0.0.1:9/desk")
    assert "hunter2" not in str(refused.value)
    assert "127.0.0.1" in str(refused.value)


def test_an_address_is_shown_without_its_password() -> None:
    assert "hunter2" not in safe_url(sa.make_url("postgresql+psycopg://desk:hunter2@db/desk"))


# --- migrations ---------------------------------------------------------------------------------------------------


def test_the_migrations_make_the_tables_of_the_code(store: Store) -> None:
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(knowledge.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


# --- transactions -------------------------------------------------------------------------------------------------


def test_what_is_written_is_kept(store: Store) -> None:
    write_fact(store, "a")
    assert facts(store) == {"a": "1"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_fails_is_undone_whole(store: Store, error: type[BaseException]) -> None:
    def write_and_fail() -> None:
        with store.writing() as connection:
            connection.execute(sa.insert(tables.fact).values(name="a", value="1"))
            raise error

    with pytest.raises(error):
        write_and_fail()
    assert facts(store) == {}


def test_what_is_written_while_reading_is_not_kept(store: Store) -> None:
    with store.reading() as connection:
        connection.execute(sa.insert(tables.fact).values(name="a", value="1"))
    assert facts(store) == {}


def test_a_writer_after_one_that_failed_is_not_kept_waiting(store: Store) -> None:
    write_fact(store, "a")
    with pytest.raises(sa.exc.IntegrityError):
        write_fact(store, "a")
    write_fact(store, "b")
    assert set(facts(store)) == {"a", "b"}


def test_a_reader_does_not_see_what_is_not_yet_committed(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(sa.insert(tables.fact).values(name="a", value="1"))
        assert facts(store) == {}
    assert set(facts(store)) == {"a"}


def test_writers_in_several_threads_lose_nothing(store: Store) -> None:
    threads = [Thread(target=write_fact, args=(store, f"n{number}")) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(facts(store)) == 12


def test_a_passage_needs_its_document(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError), store.writing() as connection:
        connection.execute(
            sa.insert(tables.passage).values(document="none", anchor="a", position=0, gone=False, body={})
        )


# --- time ---------------------------------------------------------------------------------------------------------


def test_the_clock_of_the_record_has_a_zone(store: Store) -> None:
    with store.writing() as connection:
        now = store.now(connection)
    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_moment_without_a_zone_is_in_utc() -> None:
    assert aware(datetime(2026, 7, 1, 12)) == datetime(2026, 7, 1, 12, tzinfo=UTC)
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    assert aware(summer) == datetime(2026, 7, 1, 11, tzinfo=UTC)
