"""The timeline of the sample council: what it said in September, what it says in November, and what came between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import cast

from knowledge.documents.reading import Limits
from knowledge.store import Store
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.importing import take_in
from knowledge.timeline.nouns import Read, Row, Source, State, Statement, Terms
from knowledge.timeline.reading.file import read_timeline
from knowledge.timeline.when import read_when

BUYERS = Buyers.of("", "Marlshire County Council")
SEPTEMBER = datetime(2026, 9, 7, 9, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = NOVEMBER.date().replace(day=21)
HELD = "MCI-019"
"""Planned, as everybody may read; a live tender whose notice is not on Find a Tender yet, as the council knows."""
NEVER_SHOWN = "MCI-030"
"""A live tender without its notice from the first."""


def marlshire_rows(name: str = "timeline.csv") -> list[Row]:
    """The rows of a file of the sample."""
    read = read_timeline(cast.SAMPLE / name, Limits())
    assert read.problems == ()
    return [one.model_copy(update={"says": frozenset(one.says)}) for _, one in read.rows]


def load_timeline(store: Store) -> None:
    """The sample council's timeline with its history: two files, and a tender that waits for its notice."""
    take_rows(store, marlshire_rows("timeline_2026-09.csv"), SEPTEMBER)
    take_rows(store, marlshire_rows(), NOVEMBER)
    why = "The courses begin in August, so bids are wanted now."
    take_rows(store, [row(HELD, reason=why, state=State.OPEN, tender=read_when("2026-11-19"))])


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
