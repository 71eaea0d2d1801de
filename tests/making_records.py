"""Makes a record of the version that a checkout of the desk was at, with people at work in it, and writes it down.

`git worktree add /tmp/old COMMIT && cd /tmp/old && PYTHONPATH=.:tests python .../tests/making_records.py OUT.jsonl.gz`
with the last commit at which that version was the newest. It uses what every version had, and says what it could not
do. What comes out is kept under `tests/data/records` and read by `test_migrating.py`.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
_PASSAGES = 150
"""Passages kept of the papers: the rest of them makes the file big and tells nothing more."""


def papers(wiring: Any, sample: Path) -> None:
    from knowledge.documents.importing import index_documents
    from knowledge.people import read_people, replace_people

    index_documents(wiring.store, [sample / "documents"], wiring.pack, wiring.limits)
    people = next(path for path in (sample / "people.csv", Path("people.csv")) if path.is_file())
    with wiring.store.writing() as connection:
        replace_people(connection, read_people(people).rows)


def asking(wiring: Any, sample: Path) -> None:
    from handlers.dispatch import handle
    from handlers.messages import Message
    from knowledge.models import Role

    for number, text in enumerate(("who signs off a grant?", "and for contracts?", "who pays for the blue permits?")):
        given = {"text": text, "roles": frozenset({Role.OFFICER}), "thread": "dm-1", "id": f"m{number}"}
        given = {name: value for name, value in given.items() if name in Message.model_fields}
        handle(Message.model_validate(given), wiring.desk)


def incoming(wiring: Any, sample: Path) -> None:
    import sqlalchemy as sa

    from knowledge.tables import incoming as table

    rows = [{"id": "Ev1", "state": "done", "payload": None}, {"id": "Ev2", "state": "parked", "payload": {"text": "ü"}}]
    with wiring.store.writing() as connection:
        for row in rows:
            connection.execute(sa.insert(table).values(surface="slack", received_at=NOW, lease_until=NOW, attempts=3,
                                                       **row))  # fmt: skip


def register(wiring: Any, sample: Path) -> None:
    from counties import load_county

    load_county(wiring.store, sample)


def concerns(wiring: Any, sample: Path) -> None:
    from council import DOREEN, PRIYA, open_council

    council = open_council(wiring.store, wiring.desk)
    first, second, _ = council.raised(), council.raised(text="the carer was rude to Mrs Ōta 🙂"), council.raised()
    council.press(PRIYA, "acknowledge", first)
    council.press(PRIYA, "ask_provider", first, to="rota@homecare.example.org", text="What happened on Monday?")
    council.answer(council.requests(first)[0].id)
    council.press(PRIYA, "acknowledge", second)
    council.press(PRIYA, "reply", second, text="The rota was wrong; it is mended.")
    council.press(DOREEN, "put_right", second)
    council.say(DOREEN, "the pothole in Salt Lane is still there")  # a draft
    council.post.deliver()
    council.raised()  # whose notifications wait


def timeline(wiring: Any, sample: Path) -> None:
    from bot.sample import load_sample

    load_sample(wiring)


def subscribing(wiring: Any, sample: Path) -> None:
    from knowledge.subscriptions.nouns import Criteria
    from knowledge.subscriptions.record import agree, propose

    with wiring.store.writing() as connection:
        for number, every in enumerate(("at once", "weekly", "daily")):
            who = f"alerts-{number}@charity.example.org"
            found = propose(connection, NOW, recipient=who, owner=who, channel="email", sentence="home care, please",
                            every=every, criteria=Criteria(services=("home-care",)))  # fmt: skip
            if every != "daily":
                agree(connection, found, NOW)


def announcing(wiring: Any, sample: Path) -> None:
    """A change of an intention, which two of them hear of."""
    import sqlalchemy as sa

    from knowledge import tables as t

    with wiring.store.writing() as connection:
        match = {"intention": 1, "version": 1, "kind": "new", "why": [], "at": NOW}
        held = connection.execute(sa.select(t.intention.c.id).limit(1)).scalar_one()
        rows = [{**match, "intention": held, "subscription": number} for number in (1, 2)]
        connection.execute(sa.insert(t.subscription_match), rows)


def enquiring(wiring: Any, sample: Path) -> None:
    from council import DANIEL, DOREEN, open_council

    council = open_council(wiring.store, wiring.desk)
    for text in ("Which parking permits do visiting inspectors use?", "Who feeds the ducks at Gullhaven library?"):
        number = council.say(DOREEN, text).question
        council.send(DOREEN, action="ask_person", about=str(number), thread="dm-2")
    council.press(DANIEL, "claim_enquiry", "E-1")
    filled = {
        "answer": "The blue one.",
        "rests_on": "own",
        "access": "internal",
        "teach": "yes",
        "asks": "Which permit?",
    }
    council.press(DANIEL, "answer_enquiry", "E-1", **filled)
    council.post.deliver()


def filling(wiring: Any, sample: Path) -> None:
    """A row of each table that has none yet."""
    import sqlalchemy as sa

    from knowledge.tables import metadata

    with wiring.store.writing() as connection:
        for table in metadata.sorted_tables:
            if connection.execute(sa.select(table).limit(1)).first() is None:
                row = {column.name: _something(connection, column) for column in table.columns}
                connection.execute(sa.insert(table).values(**row))


def _something(connection: Any, column: Any) -> Any:
    import sqlalchemy as sa

    for key in column.foreign_keys:
        return connection.execute(sa.select(sa.func.min(key.column))).scalar()
    given = {sa.Integer: 1, sa.DateTime: NOW, sa.Date: NOW.date(), sa.JSON: {"a": ["ü", None]}, sa.Boolean: True,
             sa.LargeBinary: bytes(range(256)), sa.Float: 0.3, sa.String: "x"}  # fmt: skip
    return next(value for kind, value in given.items() if isinstance(column.type, kind))


STEPS: tuple[Callable[[Any, Path], None], ...] = (
    papers, asking, incoming, register, timeline, subscribing, announcing, concerns, enquiring, filling,
)  # fmt: skip


def dump(record: Path, out: Path) -> dict[str, int]:
    """Writes every row as SQLite has it, a JSON line each: the table and the row, bytes in hexadecimal under "hex"."""
    counts = {}
    with sqlite3.connect(record) as connection, gzip.GzipFile(out, "wb", 9, mtime=0) as file:
        connection.row_factory = sqlite3.Row
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
        for (name,) in names:
            limit = f" LIMIT {_PASSAGES}" if name == "passage" else ""
            rows = [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"{limit}')]
            rows.sort(key=lambda row: row.get("joined_to") is not None)
            counts[name] = len(rows)
            for row in rows:
                held = {key: {"hex": value.hex()} if isinstance(value, bytes) else value for key, value in row.items()}
                file.write((json.dumps([name, held]) + "\n").encode())
    return counts


def main(out: Path) -> None:
    """Makes it."""
    import cast

    from bot.wiring import Wiring
    from knowledge.pack import open_pack

    sample = open_pack("sample").folder
    with tempfile.TemporaryDirectory() as folder:
        settings = cast.settings(Path(folder))
        wiring = Wiring(settings)
        for step in STEPS:
            try:
                step(wiring, sample)
            except Exception as error:  # an older version has no such thing
                print(f"{step.__name__}: {type(error).__name__}: {error}"[:300], file=sys.stderr)
        wiring.store.close()
        with suppress(AttributeError):
            print(wiring.store.version(), file=sys.stderr)
        counts = dump(Path(folder) / "record.db", out)
    print(
        {name: count for name, count in counts.items() if count}, {name for name, count in counts.items() if not count}
    )
    print(out.stat().st_size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
