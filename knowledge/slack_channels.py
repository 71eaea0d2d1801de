"""What the desk does in each Slack channel, as officers have set it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import address_of, party_of
from knowledge.store import aware
from knowledge.tables import slack_channel


class Mode(StrEnum):
    """What the desk answers in a Slack channel: everything, questions about the papers only, nothing."""

    ALL = "all"
    DOCUMENTS = "documents"
    OFF = "off"


class Setting(NamedTuple):
    """What was set for a Slack channel, by its id. `by`: an address, "" for the command line."""

    channel: str
    mode: Mode
    by: str
    at: datetime


def mode_of(connection: Connection, channel: str, usual: Mode) -> Mode:
    """What the desk does in a Slack channel; `usual` where nobody has set anything."""
    found = connection.execute(sa.select(slack_channel.c.mode).where(slack_channel.c.id == channel)).scalar()
    return Mode(found) if found else usual


def set_mode(connection: Connection, channel: str, mode: Mode, by: str, now: datetime) -> bool:
    """Sets what the desk does in a Slack channel. `by`: an address, "" for the command line. False where it was so."""
    table = slack_channel
    was = connection.execute(sa.select(table.c.mode).where(table.c.id == channel)).scalar()
    if was == mode.value:
        return False
    values = {"mode": mode.value, "changed_by": party_of(connection, by) if by else None, "changed_at": now}
    if was is None:
        connection.execute(sa.insert(table).values(id=channel, **values))
    else:
        connection.execute(sa.update(table).where(table.c.id == channel).values(**values))
    return True


def settings_made(connection: Connection) -> list[Setting]:
    """What was set, by id."""
    rows = connection.execute(sa.select(slack_channel).order_by(slack_channel.c.id))
    return [
        Setting(row.id, Mode(row.mode), address_of(connection, row.changed_by), aware(row.changed_at)) for row in rows
    ]
