"""The one table of what may happen to a concern: from which states, to which, and at whose hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from knowledge.concerns.nouns import IN_HAND, OPEN, UNACKNOWLEDGED, Concern, Ending, Move, Relation, Sight, State

TAKE_BACK_WITHIN = timedelta(minutes=10)
REOPEN_WITHIN = timedelta(days=28)

_CARRIERS = frozenset({Relation.MANAGER, Relation.DIRECTOR, Relation.TRIAGE, Relation.SAFEGUARDING})
"""Those who can carry a concern to its end."""
_RAISER = frozenset({Relation.RAISER})
_ENDED = frozenset({State.ANSWERED, State.CLOSED})
_ANY = frozenset(State)
_OF_AN_END = frozenset({Move.NOT_FIXED, Move.PUT_RIGHT})


class Rule(NamedTuple):
    """A move: the states it starts from, the state it leads to (None: as before), who may make it."""

    before: frozenset[State]
    after: State | None
    by: frozenset[Relation]


RULES: dict[Move, Rule] = {
    Move.ACKNOWLEDGE: Rule(UNACKNOWLEDGED, State.ACKNOWLEDGED, _CARRIERS),
    Move.ASK_PROVIDER: Rule(OPEN, State.WITH_PROVIDER, _CARRIERS),
    Move.PROVIDER_ANSWERS: Rule(OPEN | {State.ANSWERED}, None, frozenset({Relation.PROVIDER})),
    Move.REPLY: Rule(OPEN | {State.ANSWERED}, State.ANSWERED, _CARRIERS),
    Move.ASK_MEMBER: Rule(OPEN, State.ACKNOWLEDGED, _CARRIERS),
    Move.TELL_MORE: Rule(OPEN, None, _RAISER),
    Move.PASS_ON: Rule(OPEN, State.TRANSFERRED, _CARRIERS),
    Move.WRONG_CONTRACT: Rule(OPEN | {State.ANSWERED}, State.TRANSFERRED, _RAISER | {Relation.ENTERER}),
    Move.AT_RISK: Rule(_ANY, None, _RAISER | {Relation.ENTERER} | _CARRIERS),
    Move.CLOSE: Rule(OPEN | {State.ANSWERED}, State.CLOSED, _CARRIERS),
    Move.TAKE_BACK: Rule(UNACKNOWLEDGED, State.CLOSED, _RAISER | {Relation.ENTERER}),
    Move.WITHDRAW: Rule(OPEN | {State.ANSWERED}, State.CLOSED, _RAISER),
    Move.NOT_FIXED: Rule(_ENDED, State.REOPENED, _RAISER),
    Move.PUT_RIGHT: Rule(_ENDED, State.CLOSED, _RAISER),
}
"""`follow` and the desk's own moves need no rule. Two of those without a state to lead to may change it all the same:
the last answer of a provider who was waited for, and danger told of what had ended (see `after`)."""

SIGHTS: dict[Relation, Sight] = {
    Relation.RAISER: Sight.WHOLE,
    Relation.MANAGER: Sight.WHOLE,
    Relation.DIRECTOR: Sight.WHOLE,
    Relation.TRIAGE: Sight.WHOLE,
    Relation.SAFEGUARDING: Sight.WHOLE,
    Relation.ENTERER: Sight.STATE,
    Relation.FOLLOWER: Sight.STATE,
    Relation.PROVIDER: Sight.RELEASED,
}

_ORDER = (Sight.WHOLE, Sight.STATE, Sight.RELEASED)


def sight(relations: frozenset[Relation]) -> Sight:
    """How much of a concern somebody sees who stands to it in these ways."""
    seen = {SIGHTS[one] for one in relations}
    return next((one for one in _ORDER if one in seen), Sight.NOTHING)


def allowed(concern: Concern, relations: frozenset[Relation], now: datetime) -> list[Move]:
    """What somebody may do to a concern now, in the table's order."""
    return [move for move in RULES if refusal(concern, move, relations, now) == ""]


def refusal(concern: Concern, move: Move, relations: frozenset[Relation], now: datetime) -> str:
    """Why a move may not be made: "who" (not theirs to make), "state" (not as it stands), "late"; "" where it may."""
    rule = RULES[move]
    if not rule.by & relations:
        return "who"
    if concern.state not in rule.before:
        return "state"
    if move in _OF_AN_END and concern.outcome is Ending.WITHDRAWN:  # the Member ended it, and may raise it again
        return "state"
    if move is Move.TAKE_BACK and now - concern.raised_at > TAKE_BACK_WITHIN:
        return "late"
    if move is Move.NOT_FIXED and now - ended_at(concern) > REOPEN_WITHIN:
        return "late"
    return ""


def after(concern: Concern, move: Move) -> State:
    """How a concern stands once a move is made."""
    if move is Move.PROVIDER_ANSWERS and concern.state is State.WITH_PROVIDER:
        return State.ACKNOWLEDGED
    if move is Move.AT_RISK and concern.state in _ENDED:
        return State.REOPENED
    return RULES[move].after or concern.state


def ended_at(concern: Concern) -> datetime:
    """Since when the 28 days run within which a Member may say that it is not fixed: the last answer or close, or the
    desk's own question whether it is."""
    moments = (concern.answered_at, concern.closed_at, concern.asked_fixed_at, concern.raised_at)
    return max(moment for moment in moments if moment)


def in_hand(concern: Concern) -> bool:
    """Whether somebody has said that they carry it."""
    return concern.state in IN_HAND
