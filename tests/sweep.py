"""A sweep over every point at which a process may die: `python tests/sweep.py FOLDER SMTP_PORT`, one JSON line a point.

A run takes in three presses (a Member raises, the manager acknowledges and asks the provider), each written down before
it is acknowledged, and sends what they owe by a real SMTP server. It is killed at the n-th point, for every n: before
and after each statement, each commit, each acknowledgement, each e-mail. Then another process takes up what was left.
It forks from one that has everything loaded, so that a point takes tenths of a second.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import cast
import sqlalchemy as sa
from counties import load_county

from bot.channels import open_channels
from bot.channels.settling import Duties
from bot.wiring import Wiring
from bot.worker import Worker
from handlers.dispatch import handle
from handlers.messages import Message, Outcome
from handlers.telling import compose
from handlers.ticking import tell_parked, tick
from handlers.undelivered import undeliverable
from knowledge.concerns.drafts import keep_draft
from knowledge.incoming import claim, settle, write_down
from knowledge.people import find_person, read_people, replace_people
from knowledge.service_levels import groups_of
from knowledge.services import catalogue
from knowledge.tables import concern, concern_event, draft, incoming, notification
from knowledge.workdays import Calendar

DOREEN, PRIYA = "doreen.haspell@example.org", "priya.venn@example.org"
NEVER = 10**9
DIALECTS = ("sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql")
_SURFACE = "slack"


class Points:
    """Counts points, and dies at one."""

    def __init__(self, deadly: int) -> None:
        self.deadly = deadly
        self.count = 0

    def pass_one(self, *_: object) -> None:
        """A point at which a process may die."""
        self.count += 1
        if self.count == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


def environment(home: Path, port: int) -> dict[str, str]:
    """A desk that sends e-mail."""
    return cast.environment(
        home, DESK_SMTP_HOST="127.0.0.1", DESK_SMTP_PORT=str(port), DESK_SMTP_SECURITY="none",
        DESK_MAIL_FROM="desk@example.org", DESK_URL="https://desk.example.org",
    )  # fmt: skip


def wiring_of(home: Path, port: int) -> Wiring:
    """The desk in a folder."""
    from bot.settings import load_settings

    return Wiring(load_settings(environment(home, port)))


def make(home: Path, port: int) -> None:
    """The sample council, and a draft of a Member's."""
    cast.make_home(home)
    wiring = wiring_of(home, port)
    load_county(wiring.store, cast.SAMPLE)
    wiring.register.get()
    with wiring.store.writing() as connection:
        replace_people(connection, read_people(cast.SAMPLE / "people.csv").rows)
        keep_draft(connection, DOREEN, "", "no carer came for three days", {"contracts": {"MCC-0002": "home-care"}},
                   wiring.desk.now())  # fmt: skip
    wiring.store.close()


def deliveries(wiring: Wiring) -> list[tuple[str, dict[str, Any]]]:
    """What Slack delivers, and delivers again until it is acknowledged."""
    with wiring.store.reading() as connection:
        id = connection.execute(sa.select(draft.c.id)).scalar()
    return [
        ("press-1", {"who": DOREEN, "action": "raise", "about": f"{id}|MCC-0002", "fields": {}}),
        ("press-2", {"who": PRIYA, "action": "acknowledge", "about": "C-0001", "fields": {}}),
        ("press-3", {"who": PRIYA, "action": "ask_provider", "about": "C-0001",
                     "fields": {"to": "help@provider.example.org", "text": "Why did nobody come?"}}),
    ]  # fmt: skip


def answer(wiring: Wiring, id: str, payload: dict[str, Any]) -> Outcome:
    """Handles one press, as the surface does."""
    with wiring.store.reading() as connection:
        person = find_person(connection, email=payload["who"])
    assert person is not None
    message = Message(
        text="", id=id, surface=_SURFACE, roles=person.roles, addresses=(payload["who"],), action=payload["action"],
        about=payload["about"], fields=payload["fields"],
    )  # fmt: skip
    return handle(message, wiring.desk).outcome


def take_in(
    wiring: Wiring, given: list[tuple[str, dict[str, Any]]], acknowledged: Path, point: Callable[[], None]
) -> None:
    """Each delivery: written down, acknowledged, handled, settled."""
    for id, payload in given:
        if id in acknowledged.read_text().split():
            continue
        fresh = write_down(wiring.store, id, _SURFACE, payload)
        point()
        with acknowledged.open("a") as ledger:
            ledger.write(f"{id}\n")
            ledger.flush()
            os.fsync(ledger.fileno())
        point()
        if fresh:
            assert answer(wiring, id, payload) is not Outcome.ERROR
            point()
            settle(wiring.store, id)


def take_up(wiring: Wiring) -> None:
    """What was acknowledged and not handled, in the order in which it came."""
    with wiring.store.writing() as connection:
        past = {"lease_until": sa.text("'2020-01-01 00:00:00.000000'")}
        connection.execute(sa.update(incoming).where(incoming.c.state == "received").values(**past))
        connection.execute(sa.update(notification).where(notification.c.state == "waiting").values(**past))
    for event in sorted(claim(wiring.store, _SURFACE), key=lambda one: one.id):
        assert answer(wiring, event.id, event.payload) is not Outcome.ERROR
        settle(wiring.store, event.id)


def send(wiring: Wiring, point: Callable[[], None]) -> None:
    """Everything owed, at whatever hour: the manager's is due in the morning."""
    with wiring.store.writing() as connection:
        waiting = notification.c.state == "waiting"
        connection.execute(sa.update(notification).where(waiting).values(due_at=notification.c.made_at))
    channels = open_channels(wiring.settings, wiring.link_for)
    mail = channels["email"]
    straight = mail.send

    def counted(letter: Any, again: bool) -> Any:
        point()
        place = straight(letter, again)
        point()
        return place

    mail.send = counted  # type: ignore[method-assign]
    desk = wiring.desk
    duties = Duties(
        compose=lambda owed: compose(owed, desk), undeliverable=lambda owed, reason: undeliverable(owed, reason, desk),
        tell_parked=lambda owed, reason: tell_parked(owed, desk),
    )  # fmt: skip
    Worker(wiring, channels, duties.compose, duties.undeliverable, lambda: tick(desk)).run_until_idle()


def run(home: Path, port: int, acknowledged: Path, deadly: int, *, after: bool) -> int:
    """One process: takes in, sends, and tells how many points it passed. `after`: it takes up what another left."""
    wiring, points = wiring_of(home, port), Points(deadly)
    given = deliveries(wiring) if not after else json.loads((home / "given.json").read_text())
    if not after:
        (home / "given.json").write_text(json.dumps(given))
    for name in ("before_cursor_execute", "commit"):
        sa.event.listen(wiring.store.engine, name, points.pass_one)
    if after:
        take_up(wiring)
    take_in(wiring, [(id, payload) for id, payload in given], acknowledged, points.pass_one)
    send(wiring, points.pass_one)
    return points.count


def forked(job: Callable[[], int]) -> int | None:
    """Runs a job in a process of its own. Gives its number, None where it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        code = 1
        try:
            os.write(writer, str(job()).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    told = os.read(reader, 100)
    os.close(reader)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    assert status == 0, f"the child failed: {status}"
    return int(told)


def found(home: Path, port: int) -> dict[str, Any]:
    """What the record holds after all."""
    wiring = wiring_of(home, port)
    with wiring.store.reading() as connection:
        states = connection.execute(sa.select(notification.c.id, notification.c.kind, notification.c.state)).all()
        result = {
            "concerns": connection.execute(sa.select(sa.func.count()).select_from(concern)).scalar(),
            "events": list(connection.execute(sa.select(concern_event.c.move).order_by(concern_event.c.id)).scalars()),
            "open": connection.execute(
                sa.select(sa.func.count()).select_from(incoming).where(incoming.c.state != "handled")
            ).scalar(),
            "notifications": sorted([kind, state] for _, kind, state in states),
            "ids": {id: kind for id, kind, _ in states},
        }
    wiring.store.close()
    return result


def load() -> None:
    """Reads once what each of the children would read again: modules imported when first wanted, the catalogue's files,
    the holidays."""
    for name in ("bot.channels.mail", "bot.channels.smtp", "bot.links", *DIALECTS):
        import_module(name)
    groups_of(catalogue())
    year = datetime.now(UTC).year
    for day in (date(year + more, 6, day) for more in (0, 1) for day in (1, 2, 3)):  # one at least is no weekend
        Calendar().is_working(day)


def main() -> None:
    """Every point in turn, until a run passes them all."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    step = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    made = folder / "made"
    load()
    forked(lambda: make(made, port) or 0)
    deadly = 1
    while True:
        home = Path(shutil.copytree(made, folder / "home"))
        acknowledged = home / "acknowledged.txt"
        acknowledged.touch()
        passed = forked(lambda: run(home, port, acknowledged, deadly, after=False))  # noqa: B023
        if passed is None:
            forked(lambda: run(home, port, acknowledged, NEVER, after=True))  # noqa: B023
        result = {"point": deadly, "killed": passed is None, "acknowledged": acknowledged.read_text().split()}
        forked(lambda: (home / "found.json").write_text(json.dumps(found(home, port))))  # noqa: B023
        print(json.dumps({**result, **json.loads((home / "found.json").read_text())}), flush=True)
        shutil.rmtree(home)
        if passed is not None:
            return
        deadly += step


if __name__ == "__main__":
    main()
