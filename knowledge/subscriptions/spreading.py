"""Many rows written by one statement: the database gathers and spreads numbers by itself, so that a hundred thousand of
them need not pass one by one through our hands. Lists are written as JSON, which both engines read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.store import insert_new


def listed(connection: Connection, column: Any) -> Any:
    """All values of a group as the text of a JSON list."""
    if connection.dialect.name == "postgresql":
        return sa.cast(sa.func.json_agg(column), sa.Text)
    return sa.func.json_group_array(column)


def among(connection: Connection, values: Iterable[str]) -> Any:
    """A query of these texts, however many: one parameter for all."""
    given = sa.literal(json.dumps(sorted(values)), sa.Text)
    if connection.dialect.name == "postgresql":
        return sa.select(sa.func.json_array_elements_text(sa.cast(given, sa.JSON)).column_valued("given"))
    return sa.select(sa.func.json_each(given).table_valued("value", name="given").c.value)


def spread(connection: Connection, groups: Iterable[tuple[str, str]]) -> tuple[Any, Any]:
    """Groups as rows: a column of numbers, and a column of what is said of each number's group. `groups`: what is said,
    as JSON, and with it the numbers, as `listed` gives them."""
    given = sa.literal("[" + ",".join(f'{{"why":{why},"ids":{ids}}}' for why, ids in groups) + "]", sa.Text)
    if connection.dialect.name == "postgresql":
        each = sa.type_coerce(sa.func.json_array_elements(sa.cast(given, sa.JSON)).column_valued("each"), sa.JSON)
        parts = _apart(each["why"], each["ids"])
        return sa.cast(sa.func.json_array_elements_text(parts.c.ids), sa.Integer), parts.c.why
    one = sa.func.json_each(given).table_valued("value", name="each").c.value
    parts = _apart(sa.func.json_extract(one, "$.why"), sa.func.json_extract(one, "$.ids"))
    return sa.func.json_each(parts.c.ids).table_valued("value", name="one", joins_implicitly=True).c.value, parts.c.why


def _apart(why: Any, ids: Any) -> Any:
    """A row for each group. The OFFSET has both engines make it once: otherwise all groups' text is read again for each
    number, and a hundred thousand take minutes."""
    return sa.select(why.label("why"), ids.label("ids")).offset(0).subquery("parts")


def random_id(connection: Connection) -> Any:
    """An id nobody can guess, such as `secrets.token_hex(16)` gives, another one in every row."""
    if connection.dialect.name == "postgresql":
        return sa.func.replace(sa.cast(sa.func.gen_random_uuid(), sa.Text), "-", "")
    return sa.func.lower(sa.func.hex(sa.func.randomblob(16)))


def insert(connection: Connection, table: sa.Table, values: Mapping[str, Any], where: Any, group: Any = ()) -> Any:
    """A statement that writes a row for each that a query gives, except those that are there already. `values`: what
    each column is, from which the query's tables follow; `where`, `group`: the rest of it. SQLite wants a `where`."""
    rows = sa.select(*values.values()).where(where).group_by(*group)
    return insert_new(connection, table).from_select(list(values), rows)
