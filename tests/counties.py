"""Counties to route messages in: the sample council, and the invented counties that are measured on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.wiring import Wiring
from knowledge.danger import danger
from knowledge.people import read_people, replace_people
from knowledge.places import read_places, replace_places
from knowledge.register.finding.enquiring import asks
from knowledge.register.finding.routing import Routed, route
from knowledge.register.importing import import_register
from knowledge.register.index import build_index
from knowledge.register.reader import RegisterReader
from knowledge.register.reading.file import read_register
from knowledge.services import catalogue
from knowledge.store import Store, open_store

DAY = date(2026, 11, 20)


@dataclass
class County:
    """A county's register, ready for routing."""

    store: Store
    reader: RegisterReader

    def route(self, text: str, division: str = "", day: date = DAY) -> Routed:
        """What a message is about."""
        return route(text, division, self.reader, day, asks=asks, at_risk=at_risk)


def at_risk(text: str) -> str:
    found = danger(text)
    return found.reason if found else ""


def load_county(store: Store, folder: Path) -> None:
    """Imports a county's register and places."""
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    with store.writing() as connection:
        import_register(connection, read_register(folder / "register.csv"), "register.csv", now)
        replace_places(connection, read_places(folder / "places.csv"), "places.csv", now)


def settle_county(wiring: Wiring, folder: Path) -> None:
    """Gives a desk a county's register, places and people, and its index of them."""
    load_county(wiring.store, folder)
    with wiring.store.writing() as connection:
        replace_people(connection, read_people(folder / "people.csv").rows)
    wiring.register.get()


def open_county(folder: Path, home: Path) -> County:
    """A record with a county's lists, and its index."""
    store, _ = open_store(f"sqlite:///{home / 'record.db'}")
    load_county(store, folder)
    build_index(store, catalogue(), home / "register-index.db")
    return County(store, RegisterReader(home / "register-index.db"))


def messages(folder: Path) -> list[dict[str, Any]]:
    """A county's messages with what is expected of each."""
    lines = (folder / "concerns.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]
