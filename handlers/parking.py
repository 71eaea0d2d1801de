"""What came in and cannot be taken: parked, and people told, in one transaction."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy.engine import Connection

from handlers.concerns.case import channel_for, known_as
from handlers.desk import Desk
from handlers.ticking import tell_administrators
from knowledge.incoming import park
from knowledge.outbox.owing import WAITING, owe, states_of
from knowledge.people import find_person, list_people
from knowledge.workdays import LONDON

CAME, YOURS = "came_parked", "yours_parked"
"""The notifications: for whoever looks after the desk, and for whoever sent it in Slack."""
_MORNING = time(8)
_HELD = frozenset({WAITING})


def park_event(desk: Desk, event: str, attempts: int, sender: str = "", *, listed: bool = True) -> bool:
    """Parks an event and owes the administrators, else triage, word that something waits for them: once a day.
    `sender`: the Slack id of whoever sent it, who is told once that it is kept; `listed`: whether they are of our
    workspace. False where it is handled already, or another process has it."""
    with desk.store.writing() as connection:
        if not park(connection, desk.store.now(connection), event, attempts):
            return False
        _tell_carers(connection, desk)
        if sender and "slack" in desk.channels:
            _tell_sender(connection, desk, event, sender, listed)
    return True


def _tell_carers(connection: Connection, desk: Desk) -> None:
    """Today; where today's has left already, tomorrow morning, and that says nothing if nothing is parked by then."""
    today = f"{CAME}:{desk.day}"
    left = states_of(connection, CAME, today) - _HELD
    if not left:
        tell_administrators(connection, desk, CAME, today)
        return
    tomorrow = desk.day + timedelta(days=1)
    morning = datetime.combine(tomorrow, _MORNING, LONDON).astimezone(desk.now().tzinfo)
    tell_administrators(connection, desk, CAME, f"{CAME}:{tomorrow}", due=morning)


def _tell_sender(connection: Connection, desk: Desk, event: str, sender: str, listed: bool) -> None:
    person = find_person(connection, slack_id=sender) if listed else None
    address = known_as(person) if person else sender
    owe(
        connection, desk.now(), kind=YOURS, subject=f"{YOURS}:{event}", recipient=address,
        channel=channel_for(address, list_people(connection), desk), about={"event": event},
    )  # fmt: skip
