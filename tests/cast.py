"""The cast: invented people of an invented council, each with a role, and a desk that holds its papers.

Whoever is not on the people list is a provider, so Prue is not on it.
"""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from bot.settings import Settings, load_settings
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message, Reply
from knowledge.documents.importing import index_documents
from knowledge.documents.index import ensure_index
from knowledge.models import Role
from knowledge.pack import open_pack
from knowledge.people import read_people, replace_people
from knowledge.store import Store

SAMPLE = open_pack("sample").folder
PAPERS = SAMPLE / "documents"
CEILING = "27.60"
"""The figure in the confidential note that nobody may read but managers, directors and administrators."""
HOME_TEAM = "T01MARL"


@dataclass(frozen=True)
class Somebody:
    """One of the cast. `slack_id` is theirs in Slack; `listed`: whether the people list gives it."""

    name: str
    email: str
    slack_id: str
    role: Role
    listed: bool = True


OLIVE = Somebody("Olive Tanner", "olive@example.org", "U0OLIVE", Role.OFFICER)
MO = Somebody("Cllr Mo Adeyemi", "mo@example.org", "U0MEMBERMO", Role.MEMBER)
MAX = Somebody("Max Ferris", "max@example.org", "U0MANAGER", Role.MANAGER)
ELSIE = Somebody("Elsie Grange", "elsie@example.org", "U0ELSIE", Role.MANAGER, listed=False)
"""On the people list by her address only."""
DEE = Somebody("Dee Marchant", "dee@example.org", "U0DIRECTOR", Role.DIRECTOR)
TESS = Somebody("Tess Okoye", "tess@example.org", "U0TESS", Role.TRIAGE)
SAM = Somebody("Sam Whitlow", "sam@example.org", "U0SAM", Role.SAFEGUARDING)
PRUE = Somebody("Prue Provider", "prue@provider.example.org", "U0PRUE", Role.PROVIDER, listed=False)
EVERYBODY = (OLIVE, MO, MAX, ELSIE, DEE, TESS, SAM, PRUE)
LISTED = (OLIVE, MO, MAX, ELSIE, DEE, TESS, SAM)
"""The people list of every home that `make_home` makes."""
ALWAYS_LISTED = (DEE, TESS, SAM)
"""Without a triage and a safeguarding contact nothing serves Members."""


@dataclass
class Clock:
    """A clock moved by hand."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


_COLUMNS = "email,slack_id,name,role"


def people_csv(*people: Somebody) -> str:
    """The people list with these on it."""
    rows = [f"{one.email},{one.slack_id if one.listed else ''},{one.name},{one.role.value}" for one in people]
    return "\n".join((_COLUMNS, *rows)) + "\n"


def list_people(store: Store, folder: Path, *people: Somebody) -> None:
    """Makes these, and those who are always on it, the people list."""
    path = folder / "people.csv"
    path.write_text(people_csv(*dict.fromkeys((*people, *ALWAYS_LISTED))), encoding="utf-8")
    with store.writing() as connection:
        replace_people(connection, read_people(path).rows)


def environment(home: Path, **more: str) -> dict[str, str]:
    """The settings of a desk for the sample council, as environment variables."""
    return {
        "DESK_HOME": str(home),
        "DESK_PACKS": "sample",
        "DESK_COUNCIL": "Marlshire County Council",
        "DESK_SECRET_KEY": "a key of tests, long enough",
        "DESK_QUESTIONS_PER_MINUTE": "100000",
        **more,
    }


def settings(home: Path, **more: str) -> Settings:
    """The same, read."""
    return load_settings(environment(home, **more))


def make_home(home: Path, papers: Path = PAPERS, **more: str) -> None:
    """A record with these papers and the cast, and both its indexes, made once and then copied: whoever asks first on a
    desk without them waits most of a second, even where the register is empty."""
    wiring = Wiring(settings(home, **more))
    index_documents(wiring.store, [papers], wiring.pack, wiring.limits)
    list_people(wiring.store, home, *LISTED)
    ensure_index(wiring.store, wiring.pack, wiring.settings.index_path)
    wiring.register.get()
    wiring.store.close()


def copy_home(made: Path, home: Path) -> Path:
    """A home of one's own with what `make_home` put in."""
    shutil.copytree(made, home, dirs_exist_ok=True)
    return home


def ask(wiring: Wiring, text: str, who: Somebody = PRUE, **more: object) -> Reply:
    """What the desk replies to somebody."""
    return handle(Message.model_validate({"text": text, "roles": frozenset({who.role}), **more}), wiring.desk)


def words_of(reply: Reply) -> str:
    """Everything a reply says, in one text."""
    return reply.model_dump_json()


def in_the_paper(file: str) -> str:
    """A paper's words as they stand in its file, without the marks of Markdown and of lines."""
    return plain((PAPERS / file).read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """Text less what a reader of Markdown does not see: heading and list marks, table rules, line ends."""
    lines = []
    for line in text.splitlines():
        bare = line.strip().strip("|").strip()
        bare = bare.lstrip("#•-").strip()
        if bare.replace("|", "").replace("-", "").strip():
            lines.append(" ".join(bare.split()))
    return " ".join(" ".join(lines).replace(" | ", " ").split())


def merged(*parts: Mapping[str, str]) -> dict[str, str]:
    """Environments, the later over the earlier."""
    return {name: value for part in parts for name, value in part.items()}


class Visitor:
    """Somebody at a browser without JavaScript: takes the form's token from the page, as a browser would."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def signs_in(self, address: str, at: datetime) -> Visitor:
        """The same browser, in which somebody signed in by a link at a moment."""
        moment = int(at.timestamp())
        with self.client.session_transaction() as session:
            session.update(address=address, way="link", since=moment, seen=moment)
        return self

    def open(self, path: str = "/") -> str:
        """A page's HTML."""
        return self.client.get(path).get_data(as_text=True)

    def token(self) -> str:
        """The token of the page's forms."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.open())
        assert found, "every form on the page carries a token"
        return found[1]

    def send(
        self, path: str, *, follow: bool = True, headers: Mapping[str, str] | None = None, **fields: str
    ) -> TestResponse:
        """Sends a form with its token."""
        data = {"csrf_token": self.token(), **fields}
        return self.client.post(path, data=data, follow_redirects=follow, headers=dict(headers or {}))

    def ask(self, text: str) -> str:
        """Asks, and gives the text of the newest turn as a reader sees it."""
        page = self.send("/ask", text=text).get_data(as_text=True)
        return seen(page.split('id="latest"')[-1].split("<form", 1)[0] if 'id="latest"' in page else page)


def seen(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
