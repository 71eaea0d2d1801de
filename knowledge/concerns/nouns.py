"""What a concern is, what can happen to it, and how people stand to it."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from knowledge.models import Noun


class State(StrEnum):
    """How a concern stands."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    WITH_PROVIDER = "with_provider"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    TRANSFERRED = "transferred"


UNACKNOWLEDGED = frozenset({State.RAISED, State.REOPENED, State.TRANSFERRED})
"""Nobody has said yet that they have it in hand."""
IN_HAND = frozenset({State.ACKNOWLEDGED, State.WITH_PROVIDER})
OPEN = UNACKNOWLEDGED | IN_HAND
"""The Member is owed an answer."""


class Ending(StrEnum):
    """Why a concern is closed."""

    PUT_RIGHT = "put_right"
    EXPLAINED = "explained"
    NOT_UPHELD = "not_upheld"
    NOT_OURS = "not_ours"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can happen to a concern. The last five are the desk's own."""

    RAISE = "raise"
    ACKNOWLEDGE = "acknowledge"
    ASK_PROVIDER = "ask_provider"
    PROVIDER_ANSWERS = "provider_answers"
    REPLY = "reply"
    ASK_MEMBER = "ask_member"
    TELL_MORE = "tell_more"
    PASS_ON = "pass_on"  # noqa: S105 - a move, not a password
    WRONG_CONTRACT = "wrong_contract"
    AT_RISK = "at_risk"
    CLOSE = "close"
    TAKE_BACK = "take_back"
    WITHDRAW = "withdraw"
    NOT_FIXED = "not_fixed"
    PUT_RIGHT = "put_right"
    FOLLOW = "follow"
    REMIND = "remind"
    ESCALATE = "escalate"
    CHASE = "chase"
    ASK_FIXED = "ask_fixed"
    UNDELIVERED = "undelivered"


class Relation(StrEnum):
    """How somebody stands to a concern."""

    RAISER = "raiser"
    ENTERER = "enterer"
    FOLLOWER = "follower"
    MANAGER = "manager"
    DIRECTOR = "director"
    TRIAGE = "triage"
    SAFEGUARDING = "safeguarding"
    PROVIDER = "provider"


class Sight(StrEnum):
    """How much of a concern somebody sees: all of it, its state and dates, what was released to them, nothing."""

    WHOLE = "whole"
    STATE = "state"
    RELEASED = "released"
    NOTHING = "nothing"


class Concern(Noun):
    """A concern as it stands. People are addresses; moments are UTC. `contract`: a key of the register, "" where
    nobody knows which; `district`: where what it is about is, "" where that is not plain; `waiting_since`: since when
    the clock stands because the Member was asked something; `asked_fixed_at`: when the desk asked whether it was put
    right."""

    id: int
    contract: str
    service: str
    district: str = ""
    level: str
    state: State
    outcome: Ending | None = None
    at_risk: bool
    raised_by: str
    entered_by: str = ""
    holder: str = ""
    holder_role: str = ""
    origin: dict[str, str] = Field(default_factory=dict)
    raised_at: datetime
    acknowledge_by: datetime
    answer_by: datetime
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    waiting_since: datetime | None = None
    asked_fixed_at: datetime | None = None

    @property
    def reference(self) -> str:
        """What people call it: C-0012."""
        return reference_of(self.id)

    @property
    def open(self) -> bool:
        """Whether the Member is owed an answer."""
        return self.state in OPEN


class Event(Noun):
    """Something that happened to a concern. `about`: numbers and dates, never text; `state`: how it stood after."""

    id: int
    concern: int
    at: datetime
    move: Move
    by: str = ""
    state: State
    about: dict[str, Any] = Field(default_factory=dict)


class Request(Noun):
    """What a provider was asked about a concern. `question`, `answer`: numbers of the texts; `promised`: the day by
    which the provider said it would be right; `chased`: how often they were reminded."""

    id: int
    concern: int
    contract: str
    asked_by: str
    asked_of: str
    asked_at: datetime
    answer_by: datetime
    promised: date | None = None
    answered_at: datetime | None = None
    question: int
    answer: int | None = None
    chased: int = 0
    open: bool


def reference_of(number: int) -> str:
    """A concern's number as people say it."""
    return f"C-{number:04}"


def number_of(text: str) -> int | None:
    """The number of the concern a text names ("where is c-12?"), None where it names none."""
    found = re.search(r"\bC\s?[-–— ]\s?0*(\d{1,9})\b", text, re.IGNORECASE)
    return int(found[1]) if found else None
