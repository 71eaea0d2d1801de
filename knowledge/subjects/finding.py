"""Where somebody is spoken of: for a request of access, and to say after an erasure what still stands, and where."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.concerns.nouns import reference_of
from knowledge.subjects.naming import plain, texts_in
from knowledge.tables import attachment, metadata, personal_text, taking
from knowledge.takings.record import unpack

_AT_ONCE = 1_000


def concerns_naming(connection: Connection, text: str) -> list[str]:
    """The references of the concerns in whose texts, or names of files, something stands: whatever the case and the
    spaces, the oldest first. Never what is written there. Files themselves are not read."""
    wanted, found = plain(text), set[int]()
    for table, column in ((personal_text, personal_text.c.body), (attachment, attachment.c.name)):
        query = sa.select(table.c.concern, column.label("said")).where(table.c.concern.is_not(None), column != "")
        for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
            if wanted in plain(row.said):
                found.add(row.concern)
    return [reference_of(number) for number in sorted(found)]


def standing(connection: Connection, texts: Iterable[str]) -> dict[str, int]:
    """Where any of these still stands in the record: how many rows, by column ("contract.about"). Looks through every
    table and every column that holds text."""
    wanted = [plain(one).encode() for one in texts if plain(one)]
    found: dict[str, int] = {}
    for table in metadata.sorted_tables if wanted else ():
        for row in connection.execute(sa.select(table).execution_options(yield_per=_AT_ONCE)):
            for name, value in row._mapping.items():
                if any(one in _bytes(_open(value) if table is taking else value) for one in wanted):
                    found[f"{table.name}.{name}"] = found.get(f"{table.name}.{name}", 0) + 1
    return found


def _open(value: object) -> object:
    """What an import can be undone by is kept compressed."""
    return unpack(bytes(value)) if isinstance(value, (bytes, memoryview)) else value


def _bytes(value: object) -> bytes:
    """A value of any column, to look for a text in."""
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).lower()
    return "\n".join(plain(text) for text in texts_in(value)).encode()
