"""Places and people taken in, and put back: lists that a file replaces whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import people as people_list
from knowledge.models import Role
from knowledge.people import Row, lacking_contacts, replace_people
from knowledge.places import Difference, Place, ReadPlaces, places, replace_places
from knowledge.register.holding import hold_register, raise_register_edition
from knowledge.tables import person, place
from knowledge.takings.nouns import Bad, CannotUndo, Effect, Kind, Line
from knowledge.takings.record import restore_unread, unread_of, write_down

_PLACES = "places"


def take_places(connection: Connection, found: ReadPlaces, source: str, now: datetime, *, by: str = "") -> Difference:
    """Makes these places the list, and writes down what was there before."""
    hold_register(connection)
    before, unread = places(connection), unread_of(connection, _PLACES, source)
    did = replace_places(connection, found, source, now)
    if found.places:
        was = [[one.name, one.kind, one.district] for one in before]
        counts = {**_counts(did), "not taken": len(found.problems)}
        write_down(connection, Kind.PLACES, source, now, counts=counts, by=by, before={"places": was, "unread": unread})
    return did


def effect_of_places(before: Sequence[Place], found: ReadPlaces, did: Difference) -> Effect:
    """What it does, in words."""
    return Effect(
        rows=len(found.places), counts={**_counts(did), "not taken": len(found.problems)},
        lines=tuple(_moved([_place(one) for one in before], [_place(one) for one in found.places])),
        problems=tuple(Bad(line=one.line, about=one.reference, reason=one.reason) for one in found.problems),
    )  # fmt: skip


def undo_places(connection: Connection, before: dict[str, Any], source: str) -> Effect:
    """Puts the former list back."""
    hold_register(connection)
    now, was = places(connection), [Place(*one) for one in before["places"]]
    connection.execute(sa.delete(place))
    if was:
        rows = [{"name": one.name, "kind": one.kind, "district": one.district} for one in was]
        connection.execute(sa.insert(place), rows)
    restore_unread(connection, _PLACES, source, before["unread"])
    raise_register_edition(connection)
    return _put_back([_place(one) for one in now], [_place(one) for one in was])


def take_people(
    connection: Connection, found: people_list.Read, source: str, now: datetime, *, by: str = ""
) -> tuple[int, int]:
    """Makes these rows the people list, and writes down what was there before. Gives how many came and went."""
    if not found.rows:
        return 0, 0
    people_list.hold_people(connection)
    before = [dict(row._mapping) for row in connection.execute(_people())]
    came, went = replace_people(connection, found.rows)
    counts = {"added": came, "removed": went, "not taken": len(found.problems)}
    write_down(connection, Kind.PEOPLE, source, now, counts=counts, by=by, before={"people": before})
    return came, went


def people_rows(connection: Connection) -> list[Row]:
    """The people list, row by row."""
    return [Row(row.email, row.slack_id, Role(row.role), row.about) for row in connection.execute(_people())]


def effect_of_people(before: Sequence[Row], found: people_list.Read, came: int, went: int) -> Effect:
    """What it does, in words."""
    lines = tuple(_moved([_person(one) for one in before], [_person(one) for one in found.rows]))
    lacking = lacking_contacts(one.role for one in found.rows) if found.rows else ""
    return Effect(
        rows=len(found.rows), lines=lines,
        counts={
            "added": came, "changed": sum(line.what == "changed" for line in lines), "removed": went,
            "not taken": len(found.problems),
        },
        problems=tuple(Bad(line=line, about="", reason=reason) for line, reason in found.problems),
        warnings=(f"This list names {lacking}: a concern could reach nobody.",) if lacking else (),
    )  # fmt: skip


def undo_people(connection: Connection, before: dict[str, Any]) -> Effect:
    """Puts the former list back. Raises CannotUndo where it names nobody whom a concern can reach."""
    was = [Row(one["email"], one["slack_id"], Role(one["role"]), one["about"]) for one in before["people"]]
    if lacking := lacking_contacts(one.role for one in was):
        raise CannotUndo(f"the list before names {lacking}: a concern could reach nobody. Import another list instead")
    now = people_rows(connection)
    replace_people(connection, was)
    return _put_back([_person(one) for one in now], [_person(one) for one in was])


def _people() -> sa.Select[Any]:
    return sa.select(person.c.email, person.c.slack_id, person.c.role, person.c.about).order_by(person.c.id)


def _counts(did: Difference) -> dict[str, int]:
    return {"added": did.added, "changed": did.changed, "unchanged": did.unchanged, "gone": did.missing}


def _place(one: Place) -> tuple[str, str]:
    return one.name, ", ".join(filter(None, (one.kind, one.district)))


def _person(one: Row) -> tuple[str, str]:
    about = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in one.about.items() if value)
    return f"{one.email or one.slack_id} ({one.role.value})", ", ".join(filter(None, (one.slack_id, about))) or "listed"


def _moved(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> list[Line]:
    """Rows that come, go or change, each known by the first of the pair."""
    went, came = Counter(before) - Counter(after), Counter(after) - Counter(before)
    old: dict[str, list[str]] = {}
    for about, said in went.elements():
        old.setdefault(about, []).append(said)
    lines = []
    for about, said in came.elements():
        former = old[about].pop(0) if old.get(about) else ""
        lines.append(Line(about=about, what="changed" if former else "new", before=former, after=said))
    return lines + [Line(about=about, what="gone", before=said) for about, rest in old.items() for said in rest]


def _put_back(now: Sequence[tuple[str, str]], was: Sequence[tuple[str, str]]) -> Effect:
    lines = _moved(now, was)
    counts = Counter({"new": "put back", "gone": "removed", "changed": "changed back"}[one.what] for one in lines)
    return Effect(rows=len(was), counts=dict(counts), lines=tuple(lines))
