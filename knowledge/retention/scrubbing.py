"""What was deleted leaves the files of the record too, as far as a program can see to that.

SQLite: every deletion is overwritten as it happens (`secure_delete`); the write-ahead log, which holds pages as they
were, is emptied here, and the file rewritten where something was erased. PostgreSQL: a deleted row lies in its file
until VACUUM gives its place away, and in the server's own log until that is recycled.
"""

from __future__ import annotations

import sqlalchemy as sa

from knowledge.away import Away
from knowledge.store import Store

_PATIENCE = 2_000
"""Milliseconds to wait for readers."""
_TABLES = (
    "personal_text", "attachment", "draft", "turn", "question", "enquiry", "incoming", "notification", "party",
    "concern", "follower", "subscription", "subscription_match", "confirmation", "provider_contact", "posting",
    "checklist", "endpoint", "taking", "sign_in_link", "rating",
)  # fmt: skip


def scrub(store: Store, *, rewrite: bool = False) -> str:
    """Does it. `rewrite`: SQLite's file is written anew, what was deleted by an older desk left out. Returns what could
    not be done and why, "" where all was."""
    try:
        return _sqlite(store, rewrite) if store.dialect == "sqlite" else _postgresql(store)
    except (sa.exc.DBAPIError, Away) as error:
        why = type(getattr(error, "orig", error)).__name__
        return f"the record's files could not be cleaned ({why}); the next run tries again"


def _sqlite(store: Store, rewrite: bool) -> str:
    with store.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_PATIENCE}")
        try:
            if rewrite:
                connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        finally:
            connection.exec_driver_sql("PRAGMA busy_timeout=10000")
    return "somebody was reading: the record's log is emptied by the next run" if busy else ""


def _postgresql(store: Store) -> str:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in _TABLES:
            connection.exec_driver_sql(f'VACUUM "{name}"')
    return ""
