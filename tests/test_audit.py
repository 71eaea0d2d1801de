"""The audit: only ever added to, on both engines, and holding nothing but numbers and keys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from knowledge import tables
from knowledge.audit import Deed, account
from knowledge.store import Store

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
