"""All that somebody has to do with, at a glance: what they raised and follow, and what is theirs to carry."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from handlers.concerns import saying
from handlers.concerns.case import Case, sender
from handlers.concerns.showing import concerns_of
from handlers.desk import Desk
from handlers.intentions.keeping import KEEPERS
from handlers.messages import Message
from knowledge.concerns.moves import sight
from knowledge.concerns.nouns import UNACKNOWLEDGED, Concern, Sight
from knowledge.concerns.standing import addresses
from knowledge.models import Person, Role
from knowledge.parties import normal, parties_of
from knowledge.tables import follower

SHOWN = 18
"""Concerns shown of each kind: with everything else that somebody may have, Slack's App Home holds them all."""
_CARRIERS = frozenset({Role.MANAGER, Role.DIRECTOR, Role.TRIAGE, Role.SAFEGUARDING})


class Line(NamedTuple):
    """A concern in a list, in words. `due`: what must happen by when, "" once nothing must; `late`: it has not."""

    reference: str
    about: str
    state: str
    holder: str
    raised: str
    due: str
    late: bool
    at_risk: bool


class Overview(NamedTuple):
    """`listed`: whether they are on the people list, and may raise; `carries`: whether concerns come to them by their
    role; `raised`: the newest of those that are open, then of those that are not; `carried`: the soonest due first;
    `more_...`: how many are left out; `keeps`: whether they may write to the timeline."""

    listed: bool
    carries: bool = False
    raised: tuple[Line, ...] = ()
    more_raised: int = 0
    carried: tuple[Line, ...] = ()
    more_carried: int = 0
    keeps: bool = False


def overview(message: Message, desk: Desk) -> Overview:
    """What whoever sent a message has to do with."""
    with desk.store.reading() as connection:
        person = sender(connection, message)
        if not person.listed:
            return Overview(listed=False)
        found = concerns_of(connection, person, day=desk.day)
        theirs = _raised_or_followed(connection, person, found)
        raised = [one for one in found if one.id in theirs]
        carried = sorted((one for one in found if one.open and _carries(one, person, theirs)), key=_due)
        return Overview(
            True,
            bool(person.roles & _CARRIERS),
            tuple(_line(Case(connection, desk, one, desk.now()), person) for one in raised[:SHOWN]),
            max(0, len(raised) - SHOWN),
            tuple(_line(Case(connection, desk, one, desk.now()), person, carried=True) for one in carried[:SHOWN]),
            max(0, len(carried) - SHOWN),
            bool(person.roles & KEEPERS),
        )


def _raised_or_followed(connection: Connection, person: Person, found: list[Concern]) -> set[int]:
    mine = addresses(person)
    parties = parties_of(connection, (person.email, person.slack_id))
    followed = set(connection.execute(sa.select(follower.c.concern).where(follower.c.party.in_(parties))).scalars())
    return followed | {one.id for one in found if {normal(one.raised_by), normal(one.entered_by)} & mine}


def _carries(concern: Concern, person: Person, theirs: set[int]) -> bool:
    return concern.id not in theirs or normal(concern.holder) in addresses(person)


def _due(concern: Concern) -> datetime:
    return concern.acknowledge_by if concern.state in UNACKNOWLEDGED else concern.answer_by


def _line(case: Case, person: Person, *, carried: bool = False) -> Line:
    concern = case.concern
    whole = sight(case.relations(person)) is Sight.WHOLE
    return Line(
        reference=concern.reference, about=saying.service(concern), state=saying.state(concern),
        holder=saying.name(concern.holder, case.people) if whole and concern.holder else concern.holder_role,
        raised=saying.day(concern.raised_at), due=_by_when(concern, carried=carried),
        late=concern.open and not concern.waiting_since and _due(concern) < case.now,
        at_risk=concern.at_risk and whole,
    )  # fmt: skip


def _by_when(concern: Concern, *, carried: bool) -> str:
    """Whoever carries it reads the next thing they must do; whoever raised it, when they have their answer."""
    if not concern.open or concern.waiting_since:
        return ""
    if carried and concern.state in UNACKNOWLEDGED:
        return f"acknowledge by {saying.when(concern.acknowledge_by)}"
    return f"answer by {saying.day(concern.answer_by)}"
