"""A desk with a timeline of its own, a clock moved by hand, and readers of what it publishes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import cast
from icalendar import Calendar, Event
from lxml import etree
from werkzeug.test import TestResponse

from bot.wiring import Wiring
from knowledge.timeline import changing
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.importing import Report, take_in
from knowledge.timeline.nouns import Lot, Read, Route, Source, Stage, State, Statement, Terms
from knowledge.timeline.when import When, read_when
from webhooks import create_app

URL = "https://desk.example.org"
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
MARLSHIRE = Buyers.of("Marlshire County Council")
ATOM = "{http://www.w3.org/2005/Atom}"


def when(text: str) -> When:
    """A time as it is written."""
    found = read_when(text)
    assert found, text
    return found


def full(**more: Any) -> dict[str, Any]:
    """Every field a council can say."""
    return {
        "title": "Home care in Thanet", "description": "Personal care at home.\nPaid by the week; from 2028, “fairly”.",
        "directorate": "Adults and Public Health", "service": "home-care", "category": "Home care",
        "stage": Stage.PLAN, "route": Route.LIGHT_TOUCH, "state": State.PLANNED, "low": Decimal(250_000),
        "high": Decimal("1200000.50"), "gross": True, "engagement": when("2027-03-15"), "tender": when("July 2027"),
        "closes": when("2027-09-30"), "award": when("Q4 2027/28"), "start": when("2028-04-01"),
        "end": when("2032-03-31"), "duration": "4 years", "area": ("Wexcombe", "Oldmere"),
        "cpv": ("85312400", "85312000"), "regions": ("UKJ4",),
        "lots": (Lot(title="North", low=Decimal(100_000), high=Decimal(200_000)), Lot(title="South")), "sme": True,
        "vcse": False, "subcontract": False, "contact": "Adults' commissioning team",
        "contact_email": "commissioning@example.org", "follows": "MCC-0001",
        "related": ("012345-2027", "ocds-h6vhtk-0abcde"), **more,
    }  # fmt: skip


def statement(id: str, title: str, *, kind: str = "UK3", at: datetime = NOW, **more: Any) -> Statement:
    """A notice of the council's on Find a Tender."""
    about = {
        "source": Source.FIND_A_TENDER, "id": id, "kind": kind, "at": at, "keys": (f"ocid:ocds-h6vhtk-{id[:6]}",),
        "buyer": "Marlshire County Council", "buyer_id": "GB-PPON-MARL-1234-SHIR",
        "url": f"https://www.find-tender.service.gov.uk/Notice/{id}",
        "terms": Terms(title=title, stage=Stage.PLAN, state=State.PLANNED),
    }  # fmt: skip
    return Statement.model_validate({**about, **more})


class Publisher:
    """A desk that publishes. `now`: what its clock says."""

    def __init__(self, home: Path, **more: str) -> None:
        self.now = NOW
        self.wiring = Wiring(cast.settings(home, **{"DESK_URL": URL, **more}))
        self.wiring.__dict__["desk"] = replace(self.wiring.desk, now=lambda: self.now)
        self.client = create_app(self.wiring).test_client()

    def later(self, **time: int) -> None:
        """Moves the clock on."""
        self.now += timedelta(**time)

    def begin(self, reference: str, **said: Any) -> None:
        """Begins an intention."""
        with self.wiring.store.writing() as connection:
            changing.begin(connection, said, self.now, MARLSHIRE, reference=reference)

    def change(self, reference: str, reason: str = "", /, **said: Any) -> None:
        """Changes one, a day later."""
        self.later(days=1)
        with self.wiring.store.writing() as connection:
            changing.change(connection, reference, said, reason, self.now, MARLSHIRE)

    def withdraw(self, reference: str, reason: str) -> None:
        """Withdraws one, a day later."""
        self.later(days=1)
        with self.wiring.store.writing() as connection:
            changing.withdraw(connection, reference, reason, self.now, MARLSHIRE)

    def restore(self, reference: str, reason: str) -> None:
        """Takes one up again, a day later."""
        self.later(days=1)
        with self.wiring.store.writing() as connection:
            changing.restore(connection, reference, reason, self.now, MARLSHIRE)

    def take(self, *statements: Statement) -> Report:
        """Takes notices in."""
        read = Read(records=len(statements), statements=tuple(enumerate(statements, start=1)))
        with self.wiring.store.writing() as connection:
            return take_in(connection, read, self.now, MARLSHIRE, source="a feed")

    def get(self, path: str, **headers: str) -> TestResponse:
        """What the desk answers; headers by their names with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, headers=named)

    def table(self, path: str = "/timeline.csv") -> list[dict[str, str]]:
        """The rows of the table."""
        return list(csv.DictReader(io.StringIO(self.get(path).data.decode("utf-8-sig"), newline="")))

    def package(self, path: str = "/timeline.json") -> dict[str, Any]:
        """The package of releases."""
        found: dict[str, Any] = json.loads(self.get(path).data)
        return found

    def release(self, path: str = "/timeline.json") -> dict[str, Any]:
        """The one release there is."""
        (found,) = self.package(path)["releases"]
        assert isinstance(found, dict)
        return found

    def feed(self, path: str = "/timeline.atom") -> etree._Element:
        """The feed of changes."""
        return etree.fromstring(self.get(path).data)

    def events(self, path: str = "/timeline.ics") -> Mapping[str, Event]:
        """The events of the calendar, by what stands before the @ of their identity."""
        made = Calendar.from_ical(self.get(path).data)
        return {str(one["UID"]).rpartition("@")[0]: one for one in made.walk("VEVENT")}
