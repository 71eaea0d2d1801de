"""Links of alerts: to confirm one, to stop it, to change what one has. They hold numbers only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.letters import Letter
from handlers.messages import Choice
from knowledge import tokens
from knowledge.subscriptions import confirming

CONFIRM, UNSUBSCRIBE, MANAGE = "confirm alert", "unsubscribe", "manage alerts"
"""What tokens are for."""
STOPS_FOR, MANAGES_FOR = timedelta(days=3_653), timedelta(days=366)
"""How long links work. That which stops must outlive every letter that holds it."""
ACTIONS = frozenset({"confirm_alert", "unsubscribe", "manage_alerts", "open_intention"})
"""Actions of choices that lead to pages of alerts."""


class Stop(NamedTuple):
    """What a link stops: these subscriptions of somebody (by their number)."""

    party: int
    numbers: tuple[int, ...]


def path_of(choice: Choice, letter: Letter, party: int, secret: str, now: datetime) -> str:
    """Where a choice about an alert leads for the reader of a letter, below the desk's address; "" for nowhere. The
    `about` of a choice: for confirm_alert the link's random part, for open_intention a reference; for unsubscribe and
    manage_alerts numbers of subscriptions, "" for all that brought the letter, or all the reader has."""
    if choice.action == "open_intention":
        return f"/timeline/{choice.about}" if choice.about else "/timeline"
    if not secret:
        return ""
    if choice.action == "confirm_alert":
        return confirm_path(secret, choice.about, now)
    if choice.action == "unsubscribe":
        return unsubscribe_path(secret, Stop(party, numbers_in(choice.about or letter.unsubscribe)), now)
    path = manage_path(secret, party, now)
    return f"{path}/{choice.about}" if choice.about.isdigit() else path


def numbers_in(text: str) -> tuple[int, ...]:
    """The numbers of "3,7"."""
    parts = (part.strip() for part in text.split(","))
    return tuple(int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 10)


def confirm_path(secret: str, link: str, now: datetime) -> str:
    """Where a link that confirms leads: signed when it is sent, so that the record alone opens nothing."""
    return f"/alerts/confirm/{tokens.sign(secret, CONFIRM, {'link': link}, now)}"


def unsubscribe_path(secret: str, stop: Stop, now: datetime) -> str:
    """Where a link that stops leads, "" where it would stop nothing."""
    if not stop.numbers:
        return ""
    about: dict[str, str | int] = {"party": stop.party, "stops": ",".join(map(str, stop.numbers))}
    return f"/alerts/unsubscribe/{tokens.sign(secret, UNSUBSCRIBE, about, now)}"


def manage_path(secret: str, party: int, now: datetime) -> str:
    """Where somebody sees and changes all they have."""
    return f"/alerts/manage/{tokens.sign(secret, MANAGE, {'party': party}, now)}"


def link_in(secret: str, token: str, now: datetime) -> str:
    """The link a token holds; "" where the desk did not write it, or it is too old."""
    about = tokens.read(secret, CONFIRM, token, longest=confirming.VALID, now=now) or {}
    return str(about.get("link", ""))


def stop_in(secret: str, token: str, now: datetime, longest: timedelta = STOPS_FOR) -> Stop | None:
    """What a token stops; None as above. `longest`: how old it may be."""
    about = tokens.read(secret, UNSUBSCRIBE, token, longest=longest, now=now) or {}
    party, stops = about.get("party"), about.get("stops")
    return Stop(party, numbers_in(stops)) if isinstance(party, int) and isinstance(stops, str) else None


def manager_in(secret: str, token: str, now: datetime) -> int | None:
    """Whose alerts a token lets its holder change, by their number; None as above."""
    party = (tokens.read(secret, MANAGE, token, longest=MANAGES_FOR, now=now) or {}).get("party")
    return party if isinstance(party, int) else None
