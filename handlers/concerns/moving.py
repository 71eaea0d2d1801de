"""What people do to a concern: each move checked against the one table, made once, and told to whom it concerns."""

from __future__ import annotations

from collections.abc import Callable

from handlers.concerns import carrying, member, safeguarding
from handlers.concerns.case import Case, open_case, sender
from handlers.concerns.showing import card, none_to_see
from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from knowledge.concerns import record
from knowledge.concerns.moves import refusal
from knowledge.concerns.nouns import Move, number_of
from knowledge.models import Person

_REFUSED = {
    "who": "That is not yours to do.",
    "state": "That cannot be done as it stands now.",
    "late": "It is too late for that.",
}


MOVERS: dict[Move, Callable[[Case, Person, Message], Reply | None]] = {
    Move.ACKNOWLEDGE: carrying.acknowledge,
    Move.ASK_PROVIDER: carrying.ask_provider,
    Move.REPLY: carrying.reply,
    Move.ASK_MEMBER: carrying.ask_member,
    Move.PASS_ON: carrying.pass_on,
    Move.CLOSE: carrying.close,
    Move.TELL_MORE: member.tell_more,
    Move.WRONG_CONTRACT: member.wrong_contract,
    Move.AT_RISK: member.at_risk,
    Move.TAKE_BACK: member.take_back,
    Move.WITHDRAW: member.withdraw,
    Move.NOT_FIXED: member.not_fixed,
    Move.PUT_RIGHT: member.put_right,
}
"""How each move is made: given the case, who makes it and what they sent; None where it is done, else what to ask."""


def move(message: Message, desk: Desk) -> Reply:
    """Makes the move a button or form asks for. A repeat of the same press does nothing twice."""
    number, wanted = number_of(message.about), Move(message.action)
    with desk.store.writing() as connection:
        case = open_case(connection, desk, number, lock=True) if number is not None else None
        person = sender(connection, message)
        if case is None or not case.relations(person):
            return none_to_see(connection, person, message.about, desk)
        was_at_risk = case.concern.at_risk
        repeated = bool(message.id and record.event_of_source(connection, message.id))
        asked = None if repeated else _moved(case, person, message)
    if asked is not None:
        return asked
    if case.concern.at_risk:
        desk.kick()
    in_danger = wanted is Move.AT_RISK or (case.concern.at_risk and not was_at_risk)
    return _done(case.concern.id, person, desk, None if repeated else wanted, in_danger=in_danger and not repeated)


def _moved(case: Case, person: Person, message: Message) -> Reply | None:
    """Makes the move; what to ask first, or why not, where it is not made."""
    wanted = Move(message.action)
    if why := refusal(case.concern, wanted, case.relations(person), case.now):
        return Reply(outcome=Outcome.REFUSED, text=f"{_REFUSED[why]} {case.concern.reference} is as it was.")
    asked = MOVERS[wanted](case, person, message)
    if asked is None:
        case.set_clock()
    return asked


def _done(number: int, person: Person, desk: Desk, done: Move | None, *, in_danger: bool) -> Reply:
    """How it stands now. Said after the move is written down, so that nobody else waits for the words."""
    with desk.store.reading() as connection:
        case = open_case(connection, desk, number)
        assert case is not None  # noqa: S101 - it was moved a moment ago
        shown = card(case, person, done=done)
        return _signposted(case, shown) if in_danger else shown


def _signposted(case: Case, done: Reply) -> Reply:
    notes = (*done.notes, *safeguarding.silence(case))
    return done.model_copy(update={"outcome": Outcome.SAFEGUARDING, "text": safeguarding.said(case), "notes": notes})
