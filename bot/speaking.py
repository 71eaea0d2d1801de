"""Somebody who speaks to the desk from a terminal, with the rights the people list gives them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import click

from bot.wiring import Wiring
from handlers.desk import Desk
from handlers.dispatch import handle
from handlers.messages import Choice, File, Message, Reply
from knowledge.models import Person, Role
from knowledge.people import PeopleError
from knowledge.register.named import find_known
from knowledge.store import Rehearsal


def _thread() -> str:
    return f"terminal:{secrets.token_hex(8)}"


@dataclass(frozen=True)
class Speaker:
    """One conversation of one person with the desk."""

    desk: Desk
    person: Person
    thread: str = field(default_factory=_thread)

    def say(self, text: str, files: tuple[File, ...] = ()) -> Reply:
        """Writes something."""
        return self._send(text=text, files=files)

    def press(self, choice: Choice) -> Reply:
        """Takes what the desk offered."""
        return self.act(choice.action, choice.about) if choice.action else self.say(choice.text)

    def act(
        self, action: str, about: str = "", fields: Mapping[str, str] | None = None, files: tuple[File, ...] = ()
    ) -> Reply:
        """Presses a button, or sends the form behind it."""
        return self._send(action=action, about=about, fields=dict(fields or {}), files=files)

    def _send(self, **what: object) -> Reply:
        """Each message is its own: the same words twice are meant twice."""
        person = self.person
        common = {
            "text": "", "id": f"terminal:{secrets.token_hex(16)}", "thread": self.thread, "roles": person.roles,
            "division": person.division, "name": person.name,
            "addresses": tuple(one for one in (person.email, person.slack_id) if one),
        }  # fmt: skip
        return handle(Message.model_validate({**common, **what}), self.desk)


def speaker_of(wiring: Wiring, who: str) -> Speaker:
    """Somebody by e-mail address or Slack id, or anybody by a role, who is nobody in particular. Raises PeopleError."""
    if who in {role.value for role in Role}:
        return Speaker(_desk(wiring), Person(roles=frozenset({Role(who)})))
    return Speaker(_desk(wiring), person_of(wiring, who))


def rehearsing(speaker: Speaker) -> Speaker:
    """The same person, whose presses change nothing: for saying what would be done."""
    desk = replace(speaker.desk, store=Rehearsal(speaker.desk.store), learn=lambda: None, kick=lambda: None)
    return replace(speaker, desk=desk)


def _desk(wiring: Wiring) -> Desk:
    """The desk of a command that soon ends: it stays until urgent word is on its way. Where there is only the screen,
    that is the worker's, and word is left to it."""
    if "screen" in wiring.desk.channels:
        return replace(wiring.desk, kick=lambda: None)
    click.get_current_context().call_on_close(lambda: wiring.courier.wait())
    return wiring.desk


def person_of(wiring: Wiring, who: str) -> Person:
    """Somebody on the people list. Raises PeopleError where they are not on it."""
    who = who.strip()
    with wiring.store.reading() as connection:
        found = find_known(connection, email=who) if "@" in who else find_known(connection, slack_id=who)
    if found is None:
        raise PeopleError(f"{who} is not on the people list; `desk people` shows who is")
    return found
