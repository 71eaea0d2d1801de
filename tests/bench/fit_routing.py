"""`python -m tests.bench.fit_routing`: fits the weights by which a contract is found, on one invented county and the
casework of another, and checks them on a third that nothing is fitted on. Prints what it found; changes nothing."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from knowledge.places import read_places, replace_places
from knowledge.register.finding.clues import Clues, read_clues
from knowledge.register.finding.scoring import WEIGHTS, Weights, find_contracts
from knowledge.register.importing import import_register
from knowledge.register.index import build_index
from knowledge.register.reader import RegisterReader
from knowledge.register.reading.file import read_register
from knowledge.services import catalogue
from knowledge.store import open_store

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("TEST_SHARED", ROOT.parent.parent / "shared"))
DAY = date(2026, 11, 20)
STEPS = (0.6, 0.8, 0.9, 0.95, 1.05, 1.1, 1.25, 1.6)


@dataclass
class County:
    """A county's register and the messages about its contracts, their clues read once."""

    name: str
    reader: RegisterReader
    messages: list[tuple[dict[str, Any], Clues]]


def open_county(folder: Path, home: Path) -> County:
    """Imports a county's lists and reads its messages' clues."""
    store, _ = open_store(f"sqlite:///{home / folder.name}.db")
    now = datetime(2026, 11, 20, tzinfo=UTC)
    with store.writing() as connection:
        import_register(connection, read_register(folder / "register.csv"), folder.name, now)
        replace_places(connection, read_places(folder / "places.csv"), folder.name, now)
    index = home / f"{folder.name}-index.db"
    build_index(store, catalogue(), index)
    reader = RegisterReader(index)
    rows = [json.loads(line) for line in (folder / "concerns.jsonl").read_text(encoding="utf-8").splitlines() if line]
    wanted = [row for row in rows if row["expect"] == "contract"]
    clues = [read_clues(row["text"], row["member_division"] or "", reader) for row in wanted]
    return County(folder.name, reader, list(zip(wanted, clues, strict=True)))


def score(county: County, weights: Weights) -> tuple[float, float]:
    """Share of messages whose right contract comes first, and among the first three."""
    first = three = 0
    for row, clues in county.messages:
        right = {reference.strip().casefold() for reference in row["contracts"]}
        found = [one.row.key for one in find_contracts(clues, county.reader, DAY, weights)[:3]]
        first += found[:1] != [] and found[0] in right
        three += right <= set(found) if row["match"] == "all" else bool(right & set(found))
    return first / len(county.messages), three / len(county.messages)


def worth(counties: list[County], weights: Weights) -> float:
    """What is made as large as can be: first place, and half as much the first three, each county alike."""
    return sum(first + three / 2 for first, three in (score(county, weights) for county in counties)) / len(counties)


def variants(weights: Weights) -> Iterator[Weights]:
    """Each weight a little smaller and larger, one at a time."""
    for field in fields(weights):
        for step in STEPS:
            yield replace(weights, **{field.name: round(getattr(weights, field.name) * step, 3)})


def fit(counties: list[County], weights: Weights) -> Weights:
    """Goes from better to better until no single step helps by more than a message or so."""
    best = worth(counties, weights)
    while True:
        found = max(variants(weights), key=lambda one: worth(counties, one))
        if worth(counties, found) <= best + 0.002:
            return weights
        weights, best = found, worth(counties, found)
        print(f"{best:.4f}  {weights}", flush=True)


def main() -> None:
    """Fits, and says how the weights do on every county."""
    with tempfile.TemporaryDirectory(prefix="desk-fit-") as home:
        fitted = [
            open_county(folder, Path(home)) for folder in (SHARED / "casework", ROOT / "data" / "counties" / "fenwold")
        ]
        unseen = open_county(ROOT / "data" / "counties" / "derwentshire", Path(home))
        for label, weights in (("as they are", WEIGHTS), ("fitted", fit(fitted, WEIGHTS))):
            print(label, weights)
            for county in (*fitted, unseen):
                print("  {:14} first {:.3f}  in three {:.3f}".format(county.name, *score(county, weights)))


if __name__ == "__main__":
    main()
