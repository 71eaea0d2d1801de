"""Who is asking, looked up at every message. People of another workspace are providers."""

from __future__ import annotations

import time

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.slack.payloads import Payload
from knowledge.models import Person, Role
from knowledge.register.named import find_known
from knowledge.store import Store

_EMAILS_KEPT = 600.0
"""Seconds for which a Slack user's address is not asked for again."""
_HOME_AGAIN = 60.0
"""Seconds after which Slack is asked again which workspace is ours, where it has not said."""
_STRANGER = Person(roles=frozenset({Role.PROVIDER}))


class People:
    """Finds people by their Slack id, and by the address their workspace vouches for. `team`: the council's workspace
    as its settings name it, "" where Slack is to be asked."""

    def __init__(self, store: Store, client: WebClient, team: str = "") -> None:
        self._store = store
        self._client = client
        self._home = team if team.startswith("T") else ""
        self._home_asked_at = float("-inf")
        self._emails: dict[str, tuple[float, str]] = {}

    def person(self, user: str, payload: Payload) -> Person:
        """Who a user is. `payload`: `stranger`, `team` and `home`, as they are written down."""
        if not user or payload.get("stranger"):
            return _STRANGER
        person = self._listed(slack_id=user)
        if person is None and (email := self._email(user, self.home() or payload.get("home", ""))):
            person = self._listed(email=email)
        return _STRANGER if person is None or self.is_stranger(payload) else person

    def is_stranger(self, payload: Payload) -> bool:
        """Whether whoever sent something belongs to another workspace than the council's. What a press or a command
        says of workspaces may name the sender's only, so that it is held against our own."""
        if payload.get("stranger") or not payload.get("team"):
            return bool(payload.get("stranger"))
        home = self.home()
        return bool(home) and payload["team"] != home

    def home(self) -> str:
        """The council's workspace; "" where Slack does not say, or the desk is installed in many."""
        if not self._home and time.monotonic() - self._home_asked_at > _HOME_AGAIN:
            self._home_asked_at = time.monotonic()
            try:
                told = self._client.auth_test()
            except (SlackClientError, OSError):
                return ""
            team = "" if told.get("is_enterprise_install") else str(told.get("team_id") or "")
            self._home = team if team.startswith("T") else ""
        return self._home

    def _listed(self, **known: str) -> Person | None:
        """Somebody on the list. The record is let go of before Slack is asked: it has few connections."""
        with self._store.reading() as connection:
            return find_known(connection, **known)

    def _email(self, user: str, home: str) -> str:
        """The user's address, "" for somebody of another workspace: whoever runs that one could claim any address."""
        asked_at, email = self._emails.get(user, (0.0, ""))
        if time.monotonic() - asked_at < _EMAILS_KEPT and asked_at:
            return email
        try:
            found = self._client.users_info(user=user).get("user") or {}
        except (SlackClientError, OSError):
            return ""
        foreign = any(found.get(mark) for mark in ("is_stranger", "is_restricted", "is_bot", "deleted"))
        foreign = foreign or (home != "" and found.get("team_id") not in (None, home))
        email = "" if foreign else str((found.get("profile") or {}).get("email") or "")
        self._emails[user] = (time.monotonic(), email)
        return email


def addresses_of(person: Person, user: str) -> tuple[str, ...]:
    """What somebody goes by, e-mail address first; nothing for a stranger."""
    if not person.listed:
        return ()
    return tuple(dict.fromkeys(one for one in (person.email, person.slack_id or user) if one))
