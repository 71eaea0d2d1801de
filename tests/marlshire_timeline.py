"""The timeline of the sample council: what it said in September, what it says in November, and what came between."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import cast

from knowledge.services import catalogue
from knowledge.store import Store
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.changing import change
from knowledge.timeline.importing import take_in
from knowledge.timeline.nouns import Lot, Read, Route, Row, Source, Stage, State, Statement, Terms
from knowledge.timeline.when import read_when

BUYERS = Buyers.of("", "Marlshire County Council")
SEPTEMBER = datetime(2026, 9, 7, 9, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = NOVEMBER.date().replace(day=21)
HELD = "MCI-019"
"""Planned, as everybody may read; a live tender whose notice is not on Find a Tender yet, as the council knows."""
NEVER_SHOWN = "MCI-030"
"""A live tender without its notice from the first."""
_TIMES = {
    "engagement": "Market engagement", "tender": "Tender", "closes": "Tender closes", "award": "Award",
    "start": "Start", "end": "End",
}  # fmt: skip
_TEXTS = {
    "title": "Title", "description": "Description", "directorate": "Directorate", "duration": "Duration",
    "contact": "Contact", "contact_email": "Contact e-mail", "follows": "Follows contract",
}  # fmt: skip
_LISTS = {"area": "Area", "cpv": "CPV codes", "regions": "Region codes", "related": "Related notices"}
_VALUES = {"low": "Value from", "high": "Value to"}
_YES = {"sme": "Suitable for SMEs", "vcse": "Suitable for VCSEs"}


def marlshire_rows(name: str = "timeline.csv") -> list[Row]:
    """The rows of a file of the sample."""
    with (cast.SAMPLE / name).open(encoding="utf-8", newline="") as stream:
        return [_row(cells) for cells in csv.DictReader(stream)]


def load_timeline(store: Store) -> None:
    """The sample council's timeline with its history: two files, and a tender that waits for its notice."""
    take_rows(store, marlshire_rows("timeline_2026-09.csv"), SEPTEMBER)
    take_rows(store, marlshire_rows(), NOVEMBER)
    with store.writing() as connection:
        said: dict[str, Any] = {"state": State.OPEN, "tender": read_when("2026-11-19")}
        change(connection, HELD, said, "The courses begin in August, so bids are wanted now.", NOVEMBER, BUYERS)


def take_rows(store: Store, rows: Sequence[Row], now: datetime = NOVEMBER) -> None:
    """Has the council say so. A row that cannot be taken fails the test."""
    with store.writing() as connection:
        read = Read(records=len(rows), rows=tuple(enumerate(rows, start=1)))
        assert take_in(connection, read, now, BUYERS, source="timeline.csv").problems == []


def take_notices(store: Store, statements: Iterable[Statement], now: datetime = NOVEMBER) -> None:
    """Has notices come in."""
    found = tuple(enumerate(statements, start=1))
    with store.writing() as connection:
        take_in(connection, Read(records=len(found), statements=found), now, BUYERS, source="notices")


def row(reference: str, *, reason: str = "", **said: Any) -> Row:
    """A row of one's own."""
    return Row(reference=reference, says=frozenset(said), terms=Terms(**said), reason=reason)


def notice(id: str, buyer: str, kind: str = "UK4", **said: Any) -> Statement:
    """A notice on Find a Tender of one's own."""
    return Statement(
        source=Source.FIND_A_TENDER, id=id, kind=kind, at=NOVEMBER, buyer=buyer, keys=(f"ocid:ocds-h6vhtk-{id}",),
        url=f"https://www.find-tender.service.gov.uk/Notice/{id}", terms=Terms(**said),
    )  # fmt: skip


def _row(cells: dict[str, str]) -> Row:
    names = {service.name: service.key for service in catalogue().services}
    said: dict[str, Any] = {name: cells[heading] for name, heading in _TEXTS.items()}
    said |= {name: tuple(_parts(cells[heading])) for name, heading in _LISTS.items()}
    said |= {name: read_when(cells[heading]) if cells[heading] else None for name, heading in _TIMES.items()}
    said |= {name: {"Yes": True, "No": False}.get(cells[heading]) for name, heading in _YES.items()}
    said |= {name: Decimal(cells[to]) if cells[to] else None for name, to in _VALUES.items()}
    said |= {"stage": Stage(cells["Stage"]), "route": Route(cells["Route"]), "state": State(cells["Status"])}
    said |= {"service": names[cells["Service"]], "subcontract": bool(cells["Sub-contracts"]) or None}
    said["lots"] = tuple(Lot(title=line) for line in cells["Lots"].splitlines())
    terms = Terms(**said)
    return Row(
        reference=cells["Reference"], says=frozenset(said), terms=terms, notices=terms.related,
        reason=cells["Reason for change"],
    )  # fmt: skip


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
