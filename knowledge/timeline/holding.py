"""Facts that several processes change: held by one transaction at a time, on both engines."""

from __future__ import annotations

from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.models import Noun
from knowledge.tables import fact

Held = TypeVar("Held", bound=Noun)

_MAKE = sa.text("INSERT INTO fact (name, value) VALUES (:name, '{}') ON CONFLICT (name) DO NOTHING")


def hold(connection: Connection, name: str, noun: type[Held]) -> Held:
    """A fact as a noun, with its defaults where there is none yet. Until this transaction ends, others wait here."""
    connection.execute(_MAKE, {"name": name})
    value = connection.execute(sa.select(fact.c.value).where(fact.c.name == name).with_for_update()).scalar_one()
    return noun.model_validate_json(value)


def write_held(connection: Connection, name: str, noun: Noun) -> None:
    """Writes down a fact that this transaction holds."""
    connection.execute(sa.update(fact).where(fact.c.name == name).values(value=noun.model_dump_json()))


def look_at(connection: Connection, name: str, noun: type[Held]) -> Held:
    """The same fact, to look at only."""
    value = connection.execute(sa.select(fact.c.value).where(fact.c.name == name)).scalar()
    return noun.model_validate_json(value or "{}")
