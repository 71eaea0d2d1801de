"""What a Member has written and not raised: nothing of it is lost before a day is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from knowledge.concerns.drafts import draft_of, keep_draft, waiting_draft
from knowledge.store import Store
from knowledge.tables import attachment

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MO = "mo@example.org"
THREAD = "a conversation"
LACKS = {"lacks": "place"}


def write(store: Store, body: str, about: dict[str, str], minutes: int = 0) -> str:
    with store.writing() as connection:
        return keep_draft(connection, MO, THREAD, body, about, NOW + timedelta(minutes=minutes))


def test_of_two_concerns_written_one_after_the_other_both_can_be_raised(store: Store) -> None:
    first, second = write(store, "No carer came", {}), write(store, "A pothole", {}, 1)
    with store.reading() as connection:
        assert [draft_of(connection, id, (MO,)) is not None for id in (first, second)] == [True, True]


def test_what_was_lacking_and_its_concern_become_one_with_its_photographs(store: Store) -> None:
    first = write(store, "The bus did not come", LACKS)
    with store.writing() as connection:
        row = {"draft": first, "name": "stop.jpg", "type": "image/jpeg", "checksum": "x", "content": b"x"}
        connection.execute(sa.insert(attachment).values(**row, added_at=NOW))
    second = write(store, "The bus did not come\nPellingarth", {}, 1)
    with store.reading() as connection:
        assert draft_of(connection, first, (MO,)) is None
        assert connection.execute(sa.select(attachment.c.draft)).scalars().all() == [second]


def test_only_the_last_thing_written_waits_for_what_it_lacks(store: Store) -> None:
    first = write(store, "The bus did not come", LACKS)
    with store.reading() as connection:
        waiting = waiting_draft(connection, (MO,), THREAD, NOW)
    assert waiting is not None
    assert waiting.id == first
    write(store, "A pothole", {}, 1)
    with store.reading() as connection:
        assert waiting_draft(connection, (MO,), THREAD, NOW) is None
