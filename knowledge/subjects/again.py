"""What was erased, and a backup that was restored has brought back, is erased again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import address_of
from knowledge.retention.erasures import Entry, once
from knowledge.subjects import concern_erasing, person_erasing
from knowledge.subjects.concern_erasing import Knows, erase_concern
from knowledge.subjects.person_erasing import erase_person
from knowledge.subjects.somebody import holds, somebody
from knowledge.tables import attachment, personal_text


def erase_again(connection: Connection, entries: Iterable[Entry], now: datetime, knows: Knows) -> int:
    """Erases those of the list that are there again, by number and mark. Returns how many. Somebody who has something
    open again by that backup is left until that is over."""
    steps = {concern_erasing.KIND: _concern, person_erasing.KIND: _person}
    return sum(steps[one.kind](connection, one, now, knows) for one in once(entries) if one.kind in steps)


def _concern(connection: Connection, entry: Entry, now: datetime, knows: Knows) -> bool:
    text, file = personal_text.c, attachment.c
    at = datetime.fromisoformat(entry.at)  # what was written since was not erased
    written = sa.exists().where(text.concern == entry.number, text.body != "", text.written_at <= at)
    kept = sa.exists().where(file.concern == entry.number, file.added_at <= at)
    if not connection.execute(sa.select(sa.or_(written, kept))).scalar():
        return False
    there = concern_erasing.entry_of(connection, entry.number, now)
    if there is None or there.mark != entry.mark:
        return False
    erase_concern(connection, entry.number, now, knows=knows)
    return True


def _person(connection: Connection, entry: Entry, now: datetime, knows: Knows) -> bool:
    address = address_of(connection, entry.number)
    if person_erasing.is_forgotten(address):
        return False
    if person_erasing.entry_of(connection, entry.number, now).mark != entry.mark:
        return False
    found = somebody(connection, address)
    if holds(connection, found):
        return False
    erase_person(connection, found, now)
    return True
