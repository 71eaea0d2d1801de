"""What tests of letters are made of: a desk whose clock is moved by hand, what it owes, and how that reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from typing import Any

import sqlalchemy as sa
from post import Post, Sent
from timeline import MARLSHIRE, NOW, OURS, row, take, terms

from bot.channels.mail import mail_of
from handlers.desk import Desk
from handlers.letters import Letter
from handlers.messages import Choice
from handlers.timed import run_due
from knowledge.store import Store
from knowledge.tables import notification

SENDER = Address("Marlshire County Council", addr_spec="desk@example.org")
HOME = "https://desk.example.org"


def not_at_hand() -> Any:
    """What no letter needs."""
    raise AssertionError("a letter is written from the record")


@dataclass
class Telling:
    """A desk that tells. `clock`: what time it is; `errors`: what went wrong in its timed work."""

    store: Store
    clock: datetime = NOW
    channels: frozenset[str] = frozenset({"email", "slack"})
    errors: list[tuple[str, Exception]] = field(default_factory=list)
    post: Post = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(
            store=self.store, index=not_at_hand, register=not_at_hand, council=MARLSHIRE, buyers=OURS,
            now=lambda: self.clock, channels=self.channels, address=HOME,
            on_error=lambda what, error: self.errors.append((what, error)),
        )  # fmt: skip
        self.post = Post(self.desk)

    def says(self, reference: str = "ASC-01", *, reason: str = "", at: datetime | None = None,
             notices: tuple[str, ...] = (), **said: Any) -> None:  # fmt: skip
        """The council says something of an intention; None empties a field. `notices`: those it names."""
        self.clock = at or self.clock
        given = terms(**{name: value for name, value in said.items() if value is not None})
        one = row(reference, given, reason=reason).model_copy(update={"says": frozenset(said), "notices": notices})
        report = take(self.store, one, now=self.clock)
        assert not report.problems, report.problems

    def passes(self, to: datetime) -> list[Sent]:
        """Time passes: timed work is done and the post goes out. Gives what was sent."""
        self.clock = to
        run_due(self.desk)
        assert self.errors == []
        return self.post.deliver()

    def sent(self) -> list[Sent]:
        """What goes out now."""
        return self.post.deliver()

    def one(self) -> Letter:
        """The one letter that goes out now."""
        (found,) = self.post.deliver()
        return found.letter

    def states(self) -> list[tuple[str, str]]:
        """Kind and state of everything owed, by subject."""
        with self.store.reading() as connection:
            query = sa.select(notification.c.kind, notification.c.state).order_by(notification.c.subject)
            return [(kind, state) for kind, state in connection.execute(query)]


def link_for(choice: Choice, letter: Letter) -> str:
    """Where a button leads in these tests."""
    return f"{HOME}/{choice.action}/{choice.about}"


def as_mail(letter: Letter) -> tuple[str, str]:
    """A letter as an e-mail: its plain text and its page."""
    mail = mail_of(letter, SENDER, link_for, NOW)
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    return plain.get_content(), page.get_content()
