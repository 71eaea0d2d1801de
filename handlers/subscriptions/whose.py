"""Whose an alert is, and the way to whoever asks for one."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.engine import Connection

from handlers.concerns.case import goes_by, sender
from handlers.desk import Desk
from handlers.messages import Message
from knowledge.models import Role
from knowledge.parties import is_slack_channel, normal
from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import Subscription, number_of


class Way(NamedTuple):
    """How somebody is told. `recipient`: where it goes, an address; `owner`: whose it is; `channel`: of delivery."""

    recipient: str
    owner: str
    channel: str


def way_to(message: Message, desk: Desk) -> Way | None:
    """How the sender of a message is told, as far as the surface has proved who they are; None for a stranger. In Slack
    there; elsewhere by e-mail where the desk can, for that is what they signed in with."""
    owner = message.address or message.proved
    mail = next((one for one in message.addresses if "@" in one), "")
    here = message.proved or next((one for one in message.addresses if "@" not in one), "")
    if not owner:
        return None
    if "slack" in desk.channels and message.proved:
        return Way(message.proved, owner, "slack")
    if "email" in desk.channels and mail:
        return Way(mail, owner, "email")
    return Way(here or mail, owner, "slack") if "slack" in desk.channels else Way(mail or owner, owner, "screen")


def way_in(message: Message, where: str, desk: Desk) -> Way | None:
    """The same, into the Slack channel in which they asked where that is wanted: nobody else may have it told."""
    way = way_to(message, desk)
    if way is None or not is_slack_channel(where):
        return way
    return way._replace(recipient=where) if where == message.said_in and way.channel == "slack" else None


def addresses_of(connection: Connection, message: Message) -> tuple[str, ...]:
    """Everything the sender of a message goes by."""
    return tuple(dict.fromkeys(filter(None, (*goes_by(sender(connection, message), message), message.proved))))


def mine(connection: Connection, message: Message) -> list[Subscription]:
    """The alerts the sender of a message has, the oldest first."""
    return record.of_somebody(connection, addresses_of(connection, message))


def named(connection: Connection, message: Message) -> Subscription | None:
    """The alert a message is about; None where there is none of it that is the sender's. Whoever is told of it may end
    and change it as well as whoever made it; an administrator any."""
    number = number_of(message.about.partition("|")[0])
    found = record.by_number(connection, number) if number is not None else None
    return found if found and is_theirs(connection, message, found) else None


def is_theirs(connection: Connection, message: Message, one: Subscription) -> bool:
    """Whether the sender made an alert, or is told of it."""
    return bool({normal(one.owner), normal(one.recipient)} & {normal(own) for own in addresses_of(connection, message)})


def administers(connection: Connection, message: Message) -> bool:
    """Whether the sender may end anybody's."""
    return Role.ADMINISTRATOR in sender(connection, message).roles
