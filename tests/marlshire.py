"""Marlshire in Slack: its Members and officers at their keyboards, and a post that brings what the desk owes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cast
import coming_work
import sqlalchemy as sa
from cast import Somebody
from fake_slack import FakeSlack, click_body, command_body, direct, event_body, home_opened, profile, submit_body, until
from workspace import FORM, Workspace, slack_settings, viewed

from bot.channels.slack import SlackChannel
from bot.wiring import Wiring
from handlers.desk import Desk
from handlers.letters import Letter
from handlers.telling import compose
from knowledge.models import Role
from knowledge.outbox.owed import Owed, owed_of
from knowledge.people import list_people
from knowledge.store import Store
from knowledge.tables import concern, notification
from webhooks import create_app

DOREEN = Somebody("Cllr Doreen Haspell", "doreen.haspell@example.org", "U0DOREEN", Role.MEMBER, listed=False)
IMRAN = Somebody("Cllr Imran Thackley", "imran.thackley@example.org", "U0IMRAN", Role.MEMBER, listed=False)
PRIYA = Somebody("Priya Venn", "priya.venn@example.org", "U0PRIYA", Role.MANAGER, listed=False)
RUTH = Somebody("Ruth Calloway", "ruth.calloway@example.org", "U0RUTH", Role.OFFICER, listed=False)
COLIN = Somebody("Colin Amadi", "colin.amadi@example.org", "U0COLIN", Role.SAFEGUARDING, listed=False)
WENDY = Somebody("Wendy Larkspur", "wendy.larkspur@example.org", "U0WENDY", Role.TRIAGE, listed=False)
COUNCIL = (DOREEN, IMRAN, PRIYA, RUTH, COLIN, WENDY)
"""On the sample's people list by their addresses."""
CARER = "the carer hasn't come to an old chap in Gullhaven three mornings running"
FRIDAY = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)


class Marlshire(Workspace):
    """The sample council's desk, its register in it, at a moment that tests move: `now`. `failures`: what went wrong
    inside the desk; `changes`: of the desk."""

    def __init__(self, home: Path, fake: FakeSlack, *, changes: dict[str, Any] | None = None, **more: str) -> None:
        self.now = [FRIDAY]
        self.failures: list[Exception] = []
        wiring = Wiring(cast.settings(home, **slack_settings(fake, **more)))
        fake.people |= {one.slack_id: profile(one) for one in COUNCIL}
        wiring.__dict__["desk"] = self._desk(wiring, changes or {})
        super().__init__(create_app(wiring), fake)

    def _desk(self, wiring: Wiring, changes: dict[str, Any]) -> Desk:
        return replace(
            wiring.desk, now=lambda: self.now[0], channels=frozenset({"slack"}),
            kick=lambda: None, on_error=lambda reference, error: self.failures.append(error), **changes,
        )  # fmt: skip

    def concerns(self) -> list[Any]:
        """The concerns there are, as they are kept."""
        with self.wiring.store.reading() as connection:
            return list(connection.execute(sa.select(concern).order_by(concern.c.id)))

    def post(self) -> list[Letter]:
        """Sends what is due by the desk's clock, through the worker's channel. Gives the letters."""
        settings = self.wiring.settings
        channel = SlackChannel(settings.slack_bot_token.get_secret_value(), self.fake.url, settings.url, pace=0)
        letters = [letter for one in self._due() if (letter := compose(one, self.wiring.desk))]
        places = {letter.id: channel.send(letter, again=False) for letter in letters}
        with self.wiring.store.writing() as connection:
            for id, place in places.items():
                connection.execute(sa.update(notification).where(notification.c.id == id).values(place=place))
        return letters

    def _due(self) -> list[Owed]:
        with self.wiring.store.writing() as connection:
            due = sa.and_(notification.c.state == "waiting", notification.c.due_at <= self.now[0])
            owed = owed_of(connection, connection.execute(sa.select(notification).where(due)).all())
            sent = notification.c.id.in_([one.id for one in owed])
            connection.execute(sa.update(notification).where(sent).values(state="sent"))
        return owed


@dataclass
class Seat:
    """Somebody in Slack."""

    who: Somebody
    workspace: Marlshire

    @property
    def fake(self) -> FakeSlack:
        return self.workspace.fake

    def writes(self, text: str, **more: Any) -> str:
        """Writes to the desk. Gives the message's ts once it is answered."""
        event = direct(self.who, text, **more)
        self.workspace.says(event)
        self.workspace.settled()
        return str(event["ts"])

    def types(self, text: str, **more: Any) -> None:
        """Types /desk and something."""
        assert self.workspace.deliver(command_body(self.who, text, **more), FORM).status_code == 200
        self.workspace.settled()

    def sees(self) -> list[dict[str, Any]]:
        """The messages of their direct messages with the desk, as they stand now."""
        mine = (self.who.slack_id, f"D0{self.who.slack_id}")
        return [one for one in self.fake.posted if one["channel"] in mine]

    def presses(self, label: str, message: dict[str, Any] | None = None, **more: Any) -> str:
        """Presses a button of a message, the newest where none is given. Gives what was delivered."""
        message = message or self.sees()[-1]
        block, button = button_of(message["blocks"], label)
        body = click_body(
            self.who, button["action_id"], button.get("value", ""), channel=f"D0{self.who.slack_id}",
            message=message, block_id=block.get("block_id", ""), **more,
        )  # fmt: skip
        assert self.workspace.deliver(body, FORM).status_code == 200
        self.workspace.settled()
        return body

    def opens(self, label: str, message: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """Presses a button that opens a modal, and gives the modal."""
        before = len(self.fake.made("views.open"))
        self.presses(label, message, **more)
        return self.modal(before + 1)

    def modal(self, count: int) -> dict[str, Any]:
        """The modal that was opened as the so many-th."""
        opened = viewed(self.fake.await_calls("views.open", count)[count - 1])
        return {"id": f"V{self.who.slack_id}{count}", **opened}

    def presses_in(self, view: dict[str, Any], label: str) -> dict[str, Any]:
        """Presses a button of a modal, and gives the modal that takes its place."""
        before = len(self.fake.made("views.update"))
        _, button = button_of(view["blocks"], label)
        body = click_body(self.who, button["action_id"], button.get("value", ""), view=view)
        assert self.workspace.deliver(body, FORM).status_code == 200
        updated = self.fake.await_calls("views.update", before + 1)[-1]
        self.workspace.settled()
        assert updated["view_id"] == view["id"]
        return {"id": view["id"], **viewed(updated)}

    def sends(self, view: dict[str, Any], *, trigger: str = "", **values: Any) -> dict[str, Any]:
        """Sends a form, and gives what Slack is answered."""
        answer = self.workspace.deliver(submit_body(self.who, view, values, trigger=trigger), FORM)
        assert answer.status_code == 200
        found = answer.get_json(silent=True) or {}
        self.workspace.settled()
        return dict(found)

    def opens_home(self) -> dict[str, Any]:
        """Opens App Home, and gives what is published there."""
        before = len(self._homes())
        assert self.workspace.deliver(event_body(home_opened(self.who))).status_code == 200
        until(lambda: len(self._homes()) > before, "App Home published")
        return viewed(self._homes()[-1])

    def _homes(self) -> list[dict[str, Any]]:
        return [one for one in self.fake.made("views.publish") if one["user_id"] == self.who.slack_id]


def button_of(blocks: list[dict[str, Any]], label: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The button of a label, and its block."""
    for block in blocks:
        for one in [*(block.get("elements") or ()), block.get("accessory") or {}]:
            if one.get("type") == "button" and one["text"]["text"] == label:
                return block, one
    raise AssertionError(f"no button {label}: {buttons(blocks)}")


def buttons(blocks: list[dict[str, Any]]) -> list[str]:
    """The labels of all buttons."""
    found = []
    for block in blocks:
        elements = [*(block.get("elements") or ()), block.get("accessory") or {}]
        found += [one["text"]["text"] for one in elements if one.get("type") == "button"]
    return found


@contextmanager
def opened(home: Path, fake: FakeSlack, **more: Any) -> Iterator[Marlshire]:
    """The sample council in Slack, closed at the end: nothing may have gone wrong inside the desk."""
    council = Marlshire(home, fake, **more)
    yield council
    fake.let_go()
    council.intake.stop()
    council.wiring.store.close()
    assert council.failures == []


def introduce(council: Marlshire) -> None:
    """Has Slack know everybody else on the people list too."""
    introduce_to(council.fake, council.wiring.store)


def introduce_to(fake: FakeSlack, store: Store) -> None:
    """Has a Slack know everybody on the people list."""
    fake.people |= {one.slack_id: profile(one) for one in COUNCIL}
    with store.reading() as connection:
        addresses = {one.email for one in list_people(connection)} - {one.email for one in COUNCIL}
    for number, address in enumerate(sorted(addresses)):
        somebody = Somebody(address, address, f"U0ELSE{number}", Role.OFFICER)
        fake.people[somebody.slack_id] = profile(somebody)


def with_timeline(county_home: Path, home: Path) -> Path:
    """The sample council's desk with its coming work, in a home of its own."""
    wiring = Wiring(cast.settings(cast.copy_home(county_home, home)))
    coming_work.hold(wiring.store)
    wiring.store.close()
    return home
