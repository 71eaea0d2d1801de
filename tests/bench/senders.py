"""One sending process: `python -m bench.senders desk|huey|procrastinate WHERE PORT`, until it is ended. Each does
the same: takes up what waits, sends it to the sink, writes down that it is done."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.sink import Sending


def desk(where: str, sending: Sending) -> None:
    """Our worker, with one channel."""
    from bot.logs import set_up_logs
    from bot.settings import load_settings
    from bot.wiring import Wiring
    from bot.worker import Worker
    from handlers.letters import Letter
    from handlers.messages import Outcome, Reply
    from knowledge.outbox.owed import Owed

    class Post:
        def send(self, letter: Letter, again: bool) -> dict[str, Any]:
            sending.send(letter.id)
            return {}

    def compose(owed: Owed) -> Letter:
        reply = Reply(outcome=Outcome.CONCERN, text="Something for you.")
        return Letter(id=owed.id, kind=owed.kind, address=owed.recipient, subject="x", reply=reply, urgent=False)

    set_up_logs()
    home = tempfile.mkdtemp(dir=os.environ["BENCH_FOLDER"])
    wiring = Wiring(load_settings({"DATABASE_URL": where, "DESK_HOME": home, "DESK_PACKS": "sample"}))
    worker = Worker(wiring, {"post": Post()}, compose, lambda owed, reason: None, lambda: 0)
    signal.signal(signal.SIGTERM, lambda number, frame: worker.stop())
    worker.run()


def huey_app(where: str, sending: Sending) -> tuple[Any, Any]:
    """Huey on SQLite, as durable as the desk: it waits for the disk."""
    from huey import SqliteHuey

    app = SqliteHuey(filename=where, fsync=True)
    return app, app.task(name="post")(sending.send)


def huey(where: str, sending: Sending) -> None:
    """Huey's consumer with one worker."""
    app, _ = huey_app(where, sending)
    app.create_consumer(workers=1, periodic=False, initial_delay=0.01, max_delay=0.1).run()


def procrastinate_app(where: str, sending: Sending) -> tuple[Any, Any]:
    """Procrastinate on PostgreSQL."""
    import procrastinate as library

    app = library.App(connector=library.PsycopgConnector(conninfo=where))
    return app, app.task(name="post")(sending.send)


def procrastinate(where: str, sending: Sending) -> None:
    """Procrastinate's worker, one job at a time."""
    app, _ = procrastinate_app(where, sending)
    app.run_worker(concurrency=1)


if __name__ == "__main__":
    Path(os.environ["BENCH_FOLDER"]).mkdir(exist_ok=True)
    {"desk": desk, "huey": huey, "procrastinate": procrastinate}[sys.argv[1]](sys.argv[2], Sending(int(sys.argv[3])))
