"""A sweep over every point at which a process may die that imports news and tells whoever subscribed:
`python tests/telling_sweep.py FOLDER SMTP_PORT STEP IMPORT_STEP [POSTGRESQL]`, one JSON line a point.

A run takes a file in as `desk timeline import` does, and sends what is then owed by a real SMTP server. It is killed at
the n-th point: before each statement that writes, before and after each commit, before and after each e-mail; of the
points of the import at every IMPORT_STEP-th, while it sends at every STEP-th. Then another process takes the same file
in, and sends what is left.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sweep
import timeline
from subscribing import CHARITY, FIRM, matches, subscribe

from bot.channels import open_channels
from bot.wiring import Wiring
from bot.worker import Worker
from handlers.telling import compose
from handlers.undelivered import undeliverable
from knowledge.subscriptions.nouns import Criteria
from knowledge.tables import intention_version, notification, party
from knowledge.timeline.nouns import State
from knowledge.timeline.showing import prepare

MEALS = Criteria(words=("meals",))
NOW = datetime.now(UTC)
FIRST = (timeline.row(), timeline.row("ASC-03", timeline.terms("Meals in Saltmere")))
NEWS = (
    timeline.row(says=timeline.terms(tender=f"{NOW.year + 1}-09"), reason="More time"),
    timeline.row("ASC-02", timeline.terms("Home care and meals in Saltmere")),
    timeline.row("ASC-03", timeline.terms("Meals in Saltmere", state=State.WITHDRAWN), reason="No money"),
    timeline.statement(
        "000005-2026", timeline.tender(title="Home care in Thornley", closes=f"{NOW.year + 1}-12-01"),
        day=f"{NOW:%Y-%m-%d}",
    ),
)  # fmt: skip


def wiring_of(home: Path, port: int, url: str) -> Wiring:
    """The desk in a folder; its record is elsewhere where there is an address."""
    from bot.settings import load_settings

    environment = sweep.environment(home, port)
    return Wiring(load_settings({**environment, "DATABASE_URL": url} if url else environment))


def make(home: Path, port: int, url: str) -> None:
    """A council, two who were told of what it plans, and somebody whose round-up waits."""
    home.mkdir()
    wiring = wiring_of(home, port, url)
    day_before = NOW - timedelta(days=1)
    subscribe(wiring.store, at=day_before)
    subscribe(wiring.store, MEALS, FIRM, at=day_before)
    subscribe(wiring.store, MEALS, CHARITY, at=day_before)
    subscribe(wiring.store, Criteria(), "weekly@example.org", every="weekly", at=day_before)
    timeline.take(wiring.store, *FIRST, now=day_before)
    with wiring.store.writing() as connection:
        connection.execute(sa.update(notification).values(state="sent", problem="long ago"))
    wiring.store.close()


def run(home: Path, port: int, url: str, deadly: int) -> int:
    """The process that may die. Tells how many points it passed. Leaves behind at which its import was over."""
    wiring, points = wiring_of(home, port, url), sweep.Points(deadly)
    sa.event.listen(wiring.store.engine, "before_cursor_execute", lambda *said: writes(said[2]) and points.pass_one())
    sa.event.listen(wiring.store.engine, "commit", points.pass_one)
    timeline.take(wiring.store, *NEWS, now=datetime.now(UTC))
    points.pass_one()
    (home / "imported.txt").write_text(str(points.count))
    send(wiring, points.pass_one)
    return points.count


def writes(statement: str) -> bool:
    """Whether a statement changes the record."""
    return statement.lstrip().partition(" ")[0] in ("INSERT", "UPDATE", "DELETE", "WITH")


def follow(home: Path, port: int, url: str) -> int:
    """Another process, after one that died: takes the same file in, and sends what is left where any had left."""
    wiring = wiring_of(home, port, url)
    timeline.take(wiring.store, *NEWS, now=datetime.now(UTC))
    if (home / "imported.txt").exists():
        with wiring.store.writing() as connection:
            past = {"lease_until": sa.text("'2020-01-01 00:00:00.000000'")}
            connection.execute(sa.update(notification).where(notification.c.state == "waiting").values(**past))
        send(wiring, lambda: None)
    (home / "found.json").write_text(json.dumps(found(wiring)))
    return 0


def send(wiring: Wiring, point: Callable[[], None]) -> None:
    """Everything that waits."""
    channels = open_channels(wiring.settings, wiring.link_for)
    mail, desk = channels["email"], wiring.desk
    straight = mail.send

    def counted(letter: Any, again: bool) -> Any:
        point()
        place = straight(letter, again)
        point()
        return place

    mail.send = counted  # type: ignore[method-assign]
    told = lambda owed, reason: undeliverable(owed, reason, desk)  # noqa: E731
    Worker(wiring, channels, lambda owed: compose(owed, desk), told, lambda: 0).run_until_idle()


def found(wiring: Wiring) -> dict[str, Any]:
    """What the record holds after all."""
    with wiring.store.reading() as connection:
        n = notification.c
        query = sa.select(n.id, n.subject, n.state, n.place, party.c.address).join(party, party.c.id == n.recipient)
        rows = connection.execute(query.where(n.kind == "intention", n.problem != "long ago")).all()
        table = intention_version.c
        public = sa.select(table.intention, table.number).where(table.released_at.is_not(None))
        versions = connection.execute(public).all()
    return {
        "matches": matches(wiring.store), "versions": sorted(map(tuple, versions)),
        "owed": sorted([row.subject, row.address, row.state] for row in rows),
        "ids": {row.id: row.state for row in rows},
        "words": sorted({(row.subject, row.place["words"]) for row in rows if row.state == "sent"}),
    }  # fmt: skip


def fresh(made: Path, home: Path, server: str) -> str:
    """A copy of what was made. Gives its record's address, "" for a file in its folder."""
    shutil.copytree(made, home)
    if not server:
        return ""
    database(server, "sweep_home", "TEMPLATE sweep_made")
    return sa.make_url(server).set(database="sweep_home").render_as_string(hide_password=False)


def database(server: str, name: str, how: str = "") -> None:
    """A database anew."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name} {how}"))
    engine.dispose()


def main() -> None:
    """Every point in turn, until a run passes them all."""
    folder, (port, step, import_step) = Path(sys.argv[1]), map(int, sys.argv[2:5])
    server = sys.argv[5] if len(sys.argv) > 5 else ""
    made, home, deadly = folder / "made", folder / "home", 1
    sweep.load()
    prepare()
    if server:
        sweep.forked(lambda: database(server, "sweep_made") or 0)
    address = sa.make_url(server).set(database="sweep_made").render_as_string(hide_password=False) if server else ""
    sweep.forked(lambda: make(made, port, address) or 0)
    while True:
        url, imported = fresh(made, home, server), home / "imported.txt"
        passed = sweep.forked(lambda: run(home, port, url, deadly))  # noqa: B023
        sweep.forked(lambda: follow(home, port, url))  # noqa: B023
        result = {"point": deadly, "killed": passed is None, "imported": imported.exists()}
        print(json.dumps({**result, **json.loads((home / "found.json").read_text())}), flush=True)
        deadly += step if imported.exists() else import_step
        shutil.rmtree(home)
        if passed is not None:
            return


if __name__ == "__main__":
    main()
