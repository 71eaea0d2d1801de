"""Notifications a second with 1, 2, 4 and 8 workers on both engines, beside huey and procrastinate doing the same.

Each worker is a process that sends one letter at a time to a server which takes five milliseconds over each.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from bench.engines import database, server
from bench.rows import Row
from bench.sink import Sending, Sink
from knowledge.outbox.owing import row_of
from knowledge.parties import party_of
from knowledge.store import open_store
from knowledge.tables import notification

WORKERS = (1, 2, 4, 8)
LETTERS = 600
_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60.0
_numbers = count(1)

Fill = Callable[[], None]


def rows(folder: Path, workers: tuple[int, ...] = WORKERS, letters: int = LETTERS) -> Iterator[Row]:
    """On each engine, beside the library whose home it is."""
    folder.mkdir(parents=True, exist_ok=True)
    with Sink() as sink:
        for many in workers:
            yield _on_sqlite(folder, sink, many, letters)
        with server() as url:
            for many in workers if url else ():
                yield _on_postgresql(folder, sink, url, many, letters)


def _on_sqlite(folder: Path, sink: Sink, many: int, letters: int) -> Row:
    number = next(_numbers)
    ours = _desk(folder, sink, f"sqlite:///{folder / f'record-{number}.db'}", many, letters)
    theirs = _huey(folder, sink, str(folder / f"huey-{number}.db"), many, letters)
    return Row("sending on SQLite", _workers(many), ours, "a second", "huey on SQLite, fsync", theirs)


def _on_postgresql(folder: Path, sink: Sink, url: str, many: int, letters: int) -> Row:
    with database(url, "desk") as where:
        ours = _desk(folder, sink, where, many, letters)
    with database(url, "procrastinate") as where:
        theirs = _procrastinate(folder, sink, where, many, letters)
    return Row("sending on PostgreSQL", _workers(many), ours, "a second", "procrastinate", theirs)


def _workers(many: int) -> str:
    return f"{many} worker" + ("s" if many > 1 else "")


def _desk(folder: Path, sink: Sink, url: str, many: int, letters: int) -> float:
    store, _ = open_store(url)
    with store.writing() as connection:
        now = store.now(connection)
        who = [party_of(connection, f"p{number}@example.org") for number in range(50)]
        given = {"kind": "raised", "channel": "post", "about": {}, "due_at": now}
        told = [row_of(now, subject=f"event:{n}", recipient=who[n % 50], **given) for n in range(letters)]
        connection.execute(notification.insert(), told)
    store.close()
    return _measured(folder, sink, "desk", url, many, letters)


def _huey(folder: Path, sink: Sink, where: str, many: int, letters: int) -> float:
    from bench.senders import huey_app

    _, post = huey_app(where, Sending(sink.port))
    for number in range(letters):
        post(str(number))
    return _measured(folder, sink, "huey", where, many, letters)


def _procrastinate(folder: Path, sink: Sink, url: str, many: int, letters: int) -> float:
    import procrastinate as library

    from bench.senders import procrastinate_app

    where = url.replace("postgresql+psycopg://", "postgresql://", 1)
    app, post = procrastinate_app(where, Sending(sink.port))
    with app.replace_connector(library.SyncPsycopgConnector(conninfo=where)) as replaced, replaced.open():
        replaced.schema_manager.apply_schema()
        post.batch_defer(*({"id": str(number)} for number in range(letters)))
    return _measured(folder, sink, "procrastinate", where, many, letters)


def _measured(folder: Path, sink: Sink, kind: str, where: str, many: int, letters: int) -> float:
    """Letters a second once they leave. The time that processes take to start is measured elsewhere."""
    sink.forget()
    with _processes(folder, kind, where, sink.port, many):
        end = time.monotonic() + _PATIENCE
        while len(sink.times) < letters and time.monotonic() < end:
            time.sleep(0.02)
    assert len(sink.arrived) == letters, f"{kind}: {len(sink.arrived)} of {letters} arrived"
    return sink.rate()


@contextmanager
def _processes(folder: Path, kind: str, where: str, port: int, many: int) -> Iterator[None]:
    """So many, all of them begun at once."""
    path = f"{_ROOT}:{_ROOT / 'tests'}"
    environment = {**os.environ, "BENCH_FOLDER": str(folder), "PYTHONPATH": path}
    command = [sys.executable, "-m", "bench.senders", kind, where, str(port)]
    with (folder / f"{kind}.log").open("ab") as log:
        begun = [subprocess.Popen(command, env=environment, cwd=_ROOT, stdout=log, stderr=log) for _ in range(many)]
    try:
        yield
    finally:
        for one in begun:
            one.send_signal(signal.SIGTERM)
        for one in begun:
            try:
                one.wait(20)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
