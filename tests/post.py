"""The post: takes up what is due in the outbox as a worker would, composes it, and keeps what each person was sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from handlers.desk import Desk
from handlers.letters import Letter
from handlers.telling import compose
from handlers.undelivered import undeliverable
from knowledge.outbox.owed import Owed, owed_of
from knowledge.tables import notification
from knowledge.workdays import LONDON


@dataclass(frozen=True)
class Sent:
    """Something that somebody was sent. `at`: when; `id`: the notification's."""

    at: datetime
    id: str
    kind: str
    recipient: str
    channel: str
    urgent: bool
    letter: Letter

    @property
    def text(self) -> str:
        """What it says."""
        return self.letter.reply.text

    @property
    def everything(self) -> str:
        """All that leaves the desk: subject, text, buttons, forms."""
        return self.letter.model_dump_json()

    @property
    def buttons(self) -> tuple[str, ...]:
        """What may be pressed."""
        return tuple(choice.action for choice in self.letter.reply.choices)

    def __str__(self) -> str:
        """One line of a transcript: "Mon 23 Nov 09:00 priya raised: C-0001: Home care"."""
        when = self.at.astimezone(LONDON)
        name = self.recipient.partition("@")[0].partition(".")[0]
        return f"{when:%a} {when.day} {when:%b %H:%M} {name} {self.kind}: {self.letter.subject}"


@dataclass
class Post:
    """Delivers for a desk. `dead`: addresses at which nothing arrives, with the channel ("" for every one)."""

    desk: Desk
    dead: dict[tuple[str, str], str] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    moot: list[Owed] = field(default_factory=list)

    def deliver(self) -> list[Sent]:
        """Sends what is due, and what becomes due by sending. Gives what was sent."""
        before = len(self.sent)
        for _ in range(20):  # a letter that fails owes another, which may fail too
            if not (due := self._due()):
                return self.sent[before:]
            for owed in due:
                self._send(owed)
        raise AssertionError(f"the post never ends: {[(one.kind, one.recipient) for one in self._due()]}")

    def to(self, address: str) -> list[Sent]:
        """What somebody was sent so far."""
        return [one for one in self.sent if one.recipient == address]

    def lines(self, since: int = 0) -> list[str]:
        """The transcript from a place on."""
        return [str(one) for one in self.sent[since:]]

    def _due(self) -> list[Owed]:
        n = notification.c
        with self.desk.store.reading() as connection:
            rows = connection.execute(
                sa.select(notification).where(n.state == "waiting", n.due_at <= self.desk.now())
            ).all()
            found = owed_of(connection, rows)
        return sorted(found, key=lambda one: (not one.urgent, one.made_at, one.kind, one.recipient))

    def _send(self, owed: Owed) -> None:
        letter = compose(owed, self.desk)
        if letter is None:
            self.moot.append(owed)
            return self._settle(owed.id, "moot")
        if reason := self.dead.get((owed.channel, owed.recipient)) or self.dead.get(("", owed.recipient)):
            self._settle(owed.id, "undeliverable")
            return undeliverable(owed, reason, self.desk)
        now = self.desk.now()
        self.sent.append(Sent(now, owed.id, owed.kind, owed.recipient, owed.channel, owed.urgent, letter))
        return self._settle(owed.id, "sent")

    def _settle(self, id: str, state: str) -> None:
        with self.desk.store.writing() as connection:
            values = {"state": state, "settled_at": self.desk.now(), "attempts": 1}
            connection.execute(sa.update(notification).where(notification.c.id == id).values(**values))


def twice(sent: Iterable[Sent]) -> list[str]:
    """What somebody was told twice in the same words on one day, reminders apart."""
    seen: set[tuple[object, ...]] = set()
    found = []
    for one in sent:
        key = (one.recipient, one.kind, one.text, one.at.date())
        if key in seen and one.kind != "reminded":
            found.append(str(one))
        seen.add(key)
    return found
