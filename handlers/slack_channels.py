"""SLACK CHANNELS: what the desk answers where others read along, and who says so."""

from __future__ import annotations

import re

from handlers.concerns.case import known_as, sender
from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from knowledge.audit import Deed, account
from knowledge.models import Person, Role
from knowledge.parties import is_slack_channel
from knowledge.slack_channels import Mode, mode_of, set_mode

SETTERS = frozenset({Role.OFFICER, Role.ADMINISTRATOR})
"""Who may say what the desk does in a Slack channel."""
_SAYS = {
    Mode.ALL: "I answer whoever mentions me there",
    Mode.DOCUMENTS: "I answer questions about the papers there, and nothing else",
    Mode.OFF: "I answer nobody there",
}
_LABELS = {Mode.ALL: "Answer everything", Mode.DOCUMENTS: "Papers only", Mode.OFF: "Switch off"}
_ASKS = re.compile(r"^\W*(?:this )?(?:slack )?channel(?:\W+(?P<mode>all|on|documents|papers|off))?\W*$", re.IGNORECASE)
_ALSO = {"on": Mode.ALL, "papers": Mode.DOCUMENTS}
_OFF = (
    "I am switched off in this Slack channel, so only you see this. Ask me in a direct message, or with /desk. An "
    "officer switches me on with `/desk channel all`."
)
_WHERE = "Type it in the Slack channel that you mean: /desk channel off, /desk channel documents or /desk channel all."
_NOT_YOURS = "What I answer in a Slack channel is for officers and administrators to say."


def mode(message: Message, desk: Desk) -> Mode:
    """What is answered where a message was said: everything, unless others read along and somebody has said so."""
    if not (message.public and message.slack_channel):
        return Mode.ALL
    with desk.store.reading() as connection:
        return mode_of(connection, message.slack_channel, desk.slack_mode)


def switched_off() -> Reply:
    """What is said to whoever asks where the desk is off; the surface shows it to nobody else."""
    return Reply(outcome=Outcome.REFUSED, text=_OFF)


def read(message: Message, desk: Desk) -> Reply | None:
    """What a typed message asks of a Slack channel: the one in which it was typed, or beside which the desk is open.
    None where it asks for something else."""
    asked = _ASKS.match(message.text)
    if asked is None or not (message.slack_channel or message.viewing or message.surface == "slack"):
        return None
    channel = message.slack_channel or message.viewing
    if message.public or not channel:
        return Reply(outcome=Outcome.REFUSED, text=_WHERE)
    word = (asked["mode"] or "").lower()
    return _set(channel, _ALSO.get(word) or Mode(word), message, desk) if word else _shown(channel, message, desk)


def act(message: Message, desk: Desk) -> Reply:
    """What a button sets: `about` is a Slack channel's id and a mode, with "|" between."""
    channel, _, word = message.about.partition("|")
    if not is_slack_channel(channel) or word not in {one.value for one in Mode}:
        return Reply(outcome=Outcome.REFUSED, text=_WHERE)
    return _set(channel, Mode(word), message, desk)


def _set(channel: str, wanted: Mode, message: Message, desk: Desk) -> Reply:
    with desk.store.writing() as connection:
        person = sender(connection, message)
        if not person.roles & SETTERS:
            return Reply(outcome=Outcome.REFUSED, text=_NOT_YOURS)
        set_mode(connection, channel, wanted, known_as(person), desk.now())
        account(connection, Deed.CHANGED, "slack_channel", channel, desk.now(), by=known_as(person))
    return _said(f"Done: {_SAYS[wanted]} from now on.", channel, wanted, person)


def _shown(channel: str, message: Message, desk: Desk) -> Reply:
    with desk.store.reading() as connection:
        person, now = sender(connection, message), mode_of(connection, channel, desk.slack_mode)
    return _said(f"{_SAYS[now]}.", channel, now, person)


def _said(text: str, channel: str, now: Mode, person: Person) -> Reply:
    """What holds, with what else may be set by whoever may."""
    others = [one for one in Mode if one is not now] if person.roles & SETTERS else []
    choices = tuple(Choice(label=_LABELS[one], action="channel_mode", about=f"{channel}|{one.value}") for one in others)
    notes = (f"The Slack channel is {channel}. What /desk is asked there is answered to its asker, whatever is set.",)
    return Reply(outcome=Outcome.SETTING, text=text, choices=choices, notes=notes, slack_channel=channel)


ACTIONS = frozenset({"channel_mode"})
"""What buttons of this journey do."""
