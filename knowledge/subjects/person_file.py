"""What the desk holds with somebody, for a request of access: every row of every table that names their number, so that
a table that is added later is in it too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.concerns.nouns import reference_of
from knowledge.register.contract import Contract
from knowledge.store import aware
from knowledge.subjects.somebody import Somebody
from knowledge.subscriptions.suppressing import why_suppressed
from knowledge.tables import audit, contract, metadata, party, person

_SECRET = frozenset({"endpoint.secret", "endpoint.old_secret", "confirmation.id", "confirmation.asked_from",
                     "sign_in_link.id", "notification.about", "notification.worker", "taking.before"})  # fmt: skip
"""Columns that open something, or tell of nobody."""
_OF_WHOM = {
    "concern.origin": "raised_by", "concern.source": "raised_by", "enquiry.origin": "asker",
    "posting.said": "posted_by", "provider_contact.name": "party",
}  # fmt: skip
"""Columns that tell of one of those whom a row names, by whose number stands where: an officer who decided about
somebody's posting is not handed that."""
THEIRS, ANOTHER = "this person", "somebody else"


def person_file(connection: Connection, one: Somebody) -> dict[str, Any]:
    """All of it, as JSON can hold it: `addresses`, `people_list`, `register`, `not_written_to`, and `record`, by table
    a list of rows. People other than they are "somebody else"."""
    return {
        "addresses": list(one.addresses),
        "people_list": _listed(connection, one),
        "register": _register(connection, one),
        "not_written_to": _suppressed(connection, one),
        "record": dict(_tables(connection, one)),
    }


def _listed(connection: Connection, one: Somebody) -> list[dict[str, Any]]:
    named = sa.or_(person.c.email.in_(one.addresses), person.c.slack_id.in_(one.addresses))
    rows = connection.execute(sa.select(person).where(named))
    return [{"email": row.email, "slack_id": row.slack_id, "role": row.role, **row.about} for row in rows]


def _register(connection: Connection, one: Somebody) -> list[dict[str, str]]:
    """The contracts that name them, and as what."""
    found = []
    for row in connection.execute(sa.select(contract)):
        held = Contract.model_validate({**row.about, **row.corrected})
        for field in ("manager", "deputy", "director"):
            if getattr(held, f"{field}_email").lower() in one.addresses:
                found.append({"contract": held.reference, "title": held.title, "as": field})
    return found


def _suppressed(connection: Connection, one: Somebody) -> list[str]:
    reasons = (why_suppressed(connection, address) for address in one.addresses)
    return [reason.value for reason in reasons if reason]


def _tables(connection: Connection, one: Somebody) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if names_somebody(column)]
        where: list[sa.ColumnElement[bool]] = [column.in_(one.numbers) for column in columns]
        if table is party:
            where = [party.c.id.in_(one.numbers)]
        if table is audit:
            where.append(sa.and_(audit.c.kind == "party", audit.c.about.in_([str(number) for number in one.numbers])))
        rows = connection.execute(sa.select(table).where(sa.or_(*where))).all() if where else []
        if rows:
            yield table.name, [_row(table, row._mapping, one) for row in rows]


def names_somebody(column: sa.Column[Any]) -> bool:
    """Whether a column holds a number of somebody."""
    return any(key.column is party.c.id for key in column.foreign_keys)


def _row(table: sa.Table, row: Any, one: Somebody) -> dict[str, Any]:
    found = {}
    for column in table.columns:
        value, name = row[column.name], f"{table.name}.{column.name}"
        of_another = name in _OF_WHOM and row[_OF_WHOM[name]] not in one.numbers
        if name in _SECRET or of_another or value in (None, ""):
            continue
        if names_somebody(column):
            value = THEIRS if value in one.numbers else ANOTHER
        elif name in ("concern.id", f"{table.name}.concern"):
            value = reference_of(value)
        found[column.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return aware(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return f"{len(value):,} bytes" if isinstance(value, (bytes, memoryview)) else value
