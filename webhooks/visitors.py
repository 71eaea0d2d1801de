"""Who is at the browser: somebody signed in, somebody played in the demonstration, or a stranger."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import g, session
from sqlalchemy.engine import Connection

from knowledge.models import Access, Person, Role, readable_by
from knowledge.register.named import find_known
from webhooks.demonstration import TITLES, played
from webhooks.safety import current_wiring
from webhooks.sessions import forget_conversation, leave, signed_address


@dataclass(frozen=True)
class Visitor:
    """Whoever makes a request. `person`: theirs on the people list, None for a stranger; `addresses`: e-mail address
    first, Slack id after it; `signed_in`: False for a stranger and for somebody played."""

    person: Person | None = None
    addresses: tuple[str, ...] = ()
    name: str = ""
    roles: frozenset[Role] = frozenset({Role.PROVIDER})
    signed_in: bool = False

    @property
    def known(self) -> bool:
        """Whether the desk knows who this is."""
        return self.person is not None

    @property
    def division(self) -> str:
        """A Member's own division, "" for anyone else."""
        return self.person.division if self.person else ""

    @property
    def readable(self) -> frozenset[Access]:
        """The papers they may read."""
        return readable_by(self.roles)

    @property
    def titles(self) -> str:
        """Their roles in words."""
        return ", ".join(title for role, title in TITLES.items() if role in self.roles)


STRANGER = Visitor()


def visitor() -> Visitor:
    """Who makes this request; asked of the record once. A session whose owner is not on the people list, or that is
    too old, ends here."""
    if "visitor" not in g:
        g.visitor = _signed_in() or _played() or STRANGER
    found = g.visitor
    assert isinstance(found, Visitor)  # noqa: S101 - nobody else writes it
    return found


def listed(connection: Connection, address: str) -> Person | None:
    """Somebody on the people list by what they signed in with, with the roles of all their rows."""
    if "@" not in address:
        return find_known(connection, slack_id=address)
    person = find_known(connection, email=address)
    return find_known(connection, email=address, slack_id=person.slack_id) if person else None


def conversation(*, begin: bool = False) -> str:
    """The thread of this visitor's conversation, "" for none. What was told to somebody else, or to the same under
    other roles, is deleted: it is not theirs to read."""
    who = visitor()
    key = " ".join([*who.addresses[:1], *sorted(who.roles - {Role.PROVIDER})])
    if session.get("asker", "") != key:
        forget_conversation()
    if begin and "thread" not in session:
        session.update(thread=f"web:{secrets.token_urlsafe(16)}", asker=key)
    return str(session.get("thread", ""))


def _signed_in() -> Visitor | None:
    if "address" not in session:
        return None
    with current_wiring().store.reading() as connection:
        person = listed(connection, signed_address())
    if person is None:
        leave()
        return None
    return _as(person, signed_in=True)


def _played() -> Visitor | None:
    role, person = played()
    if person:
        return _as(person, signed_in=False)
    return None if role is Role.PROVIDER else Visitor(roles=frozenset({role}))


def _as(person: Person, *, signed_in: bool) -> Visitor:
    addresses = tuple(one for one in (person.email, person.slack_id) if one)
    return Visitor(person, addresses, person.name or addresses[0], person.roles, signed_in)
