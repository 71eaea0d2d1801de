"""A process that takes documents, a register and a timeline in, over and over, changing the edition:
`python -m tests.soak.indexer NUMBER`, with the desk's settings in the environment."""

from __future__ import annotations

import csv
import io
import signal
import sys
import threading
import time
from datetime import UTC, datetime

from bot.logs import log, set_up_logs, where_of
from bot.settings import load_settings
from bot.wiring import Wiring
from knowledge.away import StoreError
from knowledge.documents.importing import index_documents
from knowledge.register.reading.file import read_register
from knowledge.takings.registers import take_register
from knowledge.timeline.importing import take_in
from knowledge.timeline.reading.file import read_timeline

_HEAD = "Reference,Title,Service,Tender,Value to,Reason for change\n"


class Indexer:
    """Takes files in. `number`: which of several; each has rows and a paper of its own, and one that both change."""

    def __init__(self, wiring: Wiring, number: int) -> None:
        self._wiring, self._number = wiring, number
        self._folder = wiring.settings.home / f"papers{number}"
        self._folder.mkdir(exist_ok=True)
        self._turn = int(time.time() * 10) % 10_000_000

    def round(self) -> None:
        """One round: papers, register, timeline."""
        self._turn += 1
        self._papers()
        self._register()
        self._timeline()

    def _papers(self) -> None:
        text = "# {}\n\n## Part 1\n\nOn day {} the kettle ceiling of the sluice committee is {} pounds.\n"
        for name in (f"soak-{self._number}.md", "soak-both.md"):
            path = self._folder / name
            path.write_text(text.format(name, self._turn, self._turn % 997), encoding="utf-8")
        index_documents(self._wiring.store, [self._folder], self._wiring.pack, self._wiring.limits)

    def _register(self) -> None:
        rows = list(csv.DictReader(io.StringIO((self._wiring.pack.folder / "register.csv").read_text("utf-8-sig"))))
        rows[5]["ContractValue"] = str(1_000_000 + self._turn % 1_000)
        path = self._folder.parent / f"register{self._number}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        read = read_register(path, {}, self._wiring.limits)
        with self._wiring.store.writing() as connection:
            take_register(connection, read, "register.csv", self._wiring.store.now(connection))

    def _timeline(self) -> None:
        year = datetime.now(UTC).year + 1
        rows = [(f"SOAK-{self._number}-{self._turn}", "Home care visits"), ("SOAK-BOTH", "Home care at night")]
        said = [f"{ref},{title} {ref},Home care,June {year},{100_000 + self._turn},More\n" for ref, title in rows]
        path = self._folder.parent / f"timeline{self._number}.csv"
        path.write_text(_HEAD + "".join(said), encoding="utf-8")
        read = read_timeline(path, self._wiring.limits)
        with self._wiring.store.writing() as connection:
            now = self._wiring.store.now(connection)
            take_in(connection, read, now, self._wiring.buyers, source=path.name)


def main() -> None:
    """Round after round until told to stop. What goes wrong because the record is away is tried again; anything else
    is a fault, and its place is logged."""
    settings = load_settings()
    set_up_logs(settings.log_level)
    indexer = Indexer(Wiring(settings), int(sys.argv[1]))
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: over.set())
    while not over.wait(0.5):
        try:
            indexer.round()
        except StoreError as error:
            log.warning("indexer", state=getattr(error, "reason", "away"), where=where_of(error))
        except Exception as error:
            log.error("indexer", error=type(error).__name__, where=where_of(error))


if __name__ == "__main__":
    main()
