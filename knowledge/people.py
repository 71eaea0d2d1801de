"""The people list: who is who. Whoever is not on it is a provider."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.documents.reading import Unreadable, decode
from knowledge.facts import fact, hold_fact, set_fact
from knowledge.models import Person, Role
from knowledge.parties import is_email
from knowledge.store import Store
from knowledge.tables import person

COLUMNS = ("email", "slack_id", "name", "role", "division", "directorate", "deputy", "away_from", "away_to")
NEVER_LACKING = (Role.TRIAGE, Role.SAFEGUARDING)
"""Roles that somebody must have before the desk serves Members: or a concern could reach nobody."""
_SLACK = re.compile(r"^[UW][A-Z0-9]{2,30}$")

_MARK = "people_mark"
_kept: dict[str, list[Person]] = {}


class PeopleError(Exception):
    """A file that is no people list. Its text says why."""


@dataclass(frozen=True)
class Row:
    """One row of the list: a person in one role."""

    email: str
    slack_id: str
    role: Role
    about: dict[str, str]


@dataclass
class Read:
    """What a file gave: the rows to take and, by line, why others were not."""

    rows: list[Row] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def read_people(path: Path) -> Read:
    """The list in a CSV file. A bad row is a problem, and the rest is read. Raises PeopleError."""
    try:
        reader = csv.DictReader(io.StringIO(decode(path.read_bytes()), newline=""), strict=True)
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    except (OSError, Unreadable) as error:
        raise PeopleError(f"{path.name}: {error}") from None
    except csv.Error as error:
        raise PeopleError(f"{path.name}, line 1: {error}") from None
    if "role" not in names or not {"email", "slack_id"} & set(names):
        raise PeopleError(
            f"{path.name}, line 1: needs the columns role, and email or slack_id; known are {', '.join(COLUMNS)}"
        )
    reader.fieldnames = names
    found = Read()
    for given in _rows(reader, path.name):
        row = {key: (value or "").strip() for key, value in given.items() if key and isinstance(value, str)}
        if not any(row.values()):
            continue
        try:
            found.rows.append(_row(row))
        except ValueError as error:
            found.problems.append((reader.line_num, str(error)))
    return found


def _rows(reader: csv.DictReader[str], name: str) -> Iterator[dict[str, str]]:
    """The rows. A list that breaks off is none: whoever comes after the break would lose their roles."""
    try:
        yield from reader
    except csv.Error as error:
        raise PeopleError(f"{name}, line {reader.line_num}: {error}; is a quotation mark not closed?") from None


def replace_people(connection: Connection, rows: Sequence[Row]) -> tuple[int, int]:
    """Makes these rows the list. Returns how many rows came and how many went."""
    hold_people(connection)
    before = {_key(row.email, row.slack_id, row.role) for row in connection.execute(sa.select(person))}
    after = {_key(row.email, row.slack_id, row.role.value) for row in rows}
    connection.execute(sa.delete(person))
    set_fact(connection, _MARK, secrets.token_hex(8))
    if rows:
        connection.execute(
            sa.insert(person),
            [{"email": r.email, "slack_id": r.slack_id, "role": r.role.value, "about": r.about} for r in rows],
        )
    return len(after - before), len(before - after)


def hold_people(connection: Connection) -> None:
    """Waits until nobody else changes the list, and keeps them from it until this transaction ends: two lists that come
    at once would else be put together, with everybody's roles of both."""
    hold_fact(connection, _MARK)


def find_person(connection: Connection, *, slack_id: str = "", email: str = "") -> Person | None:
    """Somebody by Slack id or address, with all their roles; None for a stranger."""
    email = email.strip().lower()
    wanted = []
    if slack_id:
        wanted.append(person.c.slack_id == slack_id)
    if email:
        wanted.append(person.c.email == email)
    if not wanted:
        return None
    rows = connection.execute(sa.select(person).where(sa.or_(*wanted)).order_by(person.c.id)).all()
    return _person(rows) if rows else None


def list_people(connection: Connection) -> list[Person]:
    """Everybody on the list, a person once. The list is kept in memory under the mark that every change of it leaves in
    the record: it is asked for in every move of a concern, while others wait for theirs."""
    mark = fact(connection, _MARK)
    if mark is None:
        return _read_list(connection)
    if mark not in _kept:
        found = _read_list(connection)
        _kept.clear()
        _kept[mark] = found
        return list(found)
    return list(_kept[mark])


def _read_list(connection: Connection) -> list[Person]:
    grouped: dict[str, list[sa.Row]] = {}  # type: ignore[type-arg]
    for row in connection.execute(sa.select(person).order_by(person.c.id)):
        grouped.setdefault(row.email or row.slack_id, []).append(row)
    return [_person(rows) for rows in grouped.values()]


def lacking_contacts(roles: Iterable[Role]) -> str:
    """What a list with these roles lacks for serving Members: "no triage contact", with "no safeguarding contact"; or
    ""."""
    given = set(roles)
    return " and ".join(f"no {role.value} contact" for role in NEVER_LACKING if role not in given)


def require_contacts(store: Store) -> None:
    """Raises PeopleError where nobody on the list is triage or safeguarding contact: what serves Members does not
    start then, or a concern could reach nobody."""
    with store.reading() as connection:
        roles = connection.execute(sa.select(person.c.role).distinct()).scalars().all()
    if lacking := lacking_contacts(Role(role) for role in roles):
        raise PeopleError(
            f"the people list names {lacking}, so a concern could reach nobody\n"
            "add a row for each, with the role triage or safeguarding, to people.csv (email,slack_id,name,role,...) "
            "and run `desk people import people.csv`; `desk check` says what else is missing"
        )


def _person(rows: Iterable[sa.Row]) -> Person:  # type: ignore[type-arg]
    rows = list(rows)
    about: dict[str, str] = {}
    for row in rows:
        about = {**row.about, **{key: value for key, value in about.items() if value}}
    return Person(
        email=next((row.email for row in rows if row.email), ""),
        slack_id=next((row.slack_id for row in rows if row.slack_id), ""),
        roles=frozenset(Role(row.role) for row in rows),
        **{key: about.get(key, "") for key in COLUMNS if key not in ("email", "slack_id", "role")},
    )


def _row(row: dict[str, str]) -> Row:
    email, slack_id, role = row.get("email", "").lower(), row.get("slack_id", ""), row.get("role", "").lower()
    if not email and not slack_id:
        raise ValueError("neither email nor slack_id")
    if email and not is_email(email):
        raise ValueError("the email is not an address")
    if slack_id and not _SLACK.match(slack_id):
        raise ValueError("the slack_id is not one (they look like U024BE7LH)")
    if role not in {one.value for one in Role if one is not Role.PROVIDER}:
        allowed = ", ".join(one.value for one in Role if one is not Role.PROVIDER)
        raise ValueError(f"role is {role!r}; it is one of {allowed}")
    for name in ("away_from", "away_to"):
        if row.get(name) and not _is_day(row[name]):
            raise ValueError(f"{name} is {row[name]!r}; it is a day like 2026-11-20")
    about = {key: row.get(key, "") for key in COLUMNS if key not in ("email", "slack_id", "role")}
    return Row(email, slack_id, Role(role), about)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _key(email: str, slack_id: str, role: str) -> tuple[str, str, str]:
    return email, slack_id, role
