"""The sample council, for the demonstration."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.engine import Connection

from bot.terminal import console
from bot.wiring import Wiring
from knowledge.concerns.provider_file import keep_provider_file, read_provider_file
from knowledge.documents.importing import index_documents
from knowledge.documents.index import ensure_index
from knowledge.people import read_people, replace_people
from knowledge.places import read_places, replace_places
from knowledge.register.holding import contracts
from knowledge.register.importing import import_register
from knowledge.register.reading.file import read_register
from knowledge.timeline.importing import take_in
from knowledge.timeline.reading.file import read_timeline
from knowledge.timeline.selecting import held_own, select
from knowledge.timeline.wishing import Wish

_TIMELINES = (("timeline_2026-09.csv", datetime(2026, 9, 7, 9, tzinfo=UTC)), ("timeline.csv", None))
"""What the sample council's timeline said in September, so that it has a history, and what it says now."""


def load_sample(wiring: Wiring) -> None:
    """Loads the sample's papers, people, register, places, providers' contacts and timeline, and says how much there
    is. Loading them again changes nothing."""
    folder = wiring.pack.folder
    report = index_documents(wiring.store, [folder / "documents"], wiring.pack, wiring.limits)
    ensure_index(wiring.store, wiring.pack, wiring.settings.index_path)
    now = datetime.now(UTC)
    with wiring.store.writing() as connection:
        replace_people(connection, read_people(folder / "people.csv").rows)
        register = import_register(connection, read_register(folder / "register.csv"), "register.csv", now)
        places = replace_places(connection, read_places(folder / "places.csv"), "places.csv", now)
        providers = read_provider_file(folder / "providers.csv", [one.contract for one in contracts(connection)])
        keep_provider_file(connection, providers.rows, "providers.csv", now)
        if not held_own(connection):  # September said again would take back what has been said since
            for at in _TIMELINES:
                _load_timeline(connection, wiring, at, now)
        intentions = select(connection, Wish(past=True), now.date(), count=1).total
    wiring.register.get()
    console.print(
        f"{wiring.settings.council}: {len(report.taken)} papers, {sum(t.passages for t in report.taken)} passages; "
        f"{register.rows} contracts, {places.added + places.changed + places.unchanged} places; "
        f"whom to ask at {len({row.provider for row in providers.rows})} providers; {intentions} intentions."
    )


def _load_timeline(connection: Connection, wiring: Wiring, file: tuple[str, datetime | None], now: datetime) -> None:
    """Takes one file of the timeline in."""
    name, then = file
    read = read_timeline(wiring.pack.folder / name, wiring.limits)
    take_in(connection, read, min(then or now, now), wiring.buyers, source=name, announce=False)
