"""What could not be delivered: it goes another way, else to the next person, and a person hears of it."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.concerns.case import Case, known_as, open_case
from handlers.concerns.member import TO_CARRIERS
from handlers.desk import Desk
from handlers.ended_endpoints import give_up
from handlers.patterns.finding import KIND as PATTERN
from handlers.patterns.finding import pass_on as pass_pattern_on
from handlers.questions.telling import pass_on
from handlers.reviews.reminding import KINDS as OF_REVIEWS
from handlers.reviews.reminding import pass_on as pass_review_on
from knowledge.concerns import record
from knowledge.concerns.clock import ANEW
from knowledge.concerns.moves import after
from knowledge.concerns.nouns import UNACKNOWLEDGED, Move, State
from knowledge.concerns.providers import end_request, request
from knowledge.models import Role
from knowledge.outbox.owed import Owed, as_known_now
from knowledge.outbox.owing import owe
from knowledge.parties import mark_unreachable, normal, party_of
from knowledge.register import contacts
from knowledge.subscriptions.endpoint import WEBHOOK
from knowledge.subscriptions.forgetting import ALERTS
from knowledge.subscriptions.stopping import stop_all
from knowledge.subscriptions.suppressing import Reason, suppress

_TO_PROVIDERS = frozenset({"provider_asked", "provider_chased"})


def undeliverable(owed: Owed, reason: str, desk: Desk) -> None:
    """Nothing arrives at an address on a channel: e-mail in place of Slack, else the next person; and triage is told.
    Doing it again does nothing twice. An endpoint of somebody's ends instead."""
    if owed.channel == WEBHOOK:
        return give_up(owed, reason, desk)
    with desk.store.writing() as connection:
        owed = as_known_now(connection, owed)
        if owed.channel == "slack" and "@" in owed.recipient and "email" in desk.channels:
            _owe_by_email(connection, owed, desk)
            return
        mark_unreachable(connection, owed.recipient, reason, desk.now())
        if owed.kind in ALERTS:
            _end_alerts(connection, owed, desk)
            return
        if owed.kind in ("enquiry", "enquiry_late", "enquiry_settled"):
            pass_on(connection, owed, desk)
            return
        if owed.kind in OF_REVIEWS:
            pass_review_on(connection, owed, desk)
            return
        if owed.kind == PATTERN:
            pass_pattern_on(connection, owed, desk)
            return
        case = open_case(connection, desk, owed.concern, lock=True) if owed.concern is not None else None
        if case is None or record.event_of_source(connection, _source(owed)):
            return
        to = _to_somebody_else(case, owed, reason)
        _tell_watchers(case, owed, {"reason": reason, "whose": party_of(connection, owed.recipient), "to": to})
        case.set_clock()


def _end_alerts(connection: Connection, owed: Owed, desk: Desk) -> None:
    """Nobody hears at that address any more. Nobody else is owed it: it was for them alone."""
    is_mail = "@" in owed.recipient
    stop_all(connection, owed.recipient, "bounced" if is_mail else "gone", desk.now())
    if is_mail:
        suppress(connection, owed.recipient, Reason.BOUNCED, desk.now())


def _source(owed: Owed) -> str:
    return f"undelivered:{owed.id}"


def _owe_by_email(connection: Connection, owed: Owed, desk: Desk) -> None:
    case = open_case(connection, desk, owed.concern) if owed.concern is not None else None
    due = case.clock.seen_at(case.now) if case and not owed.urgent else desk.now()
    owe(
        connection, desk.now(), kind=owed.kind, subject=owed.subject, recipient=owed.recipient, channel="email",
        concern=owed.concern, about=owed.about, urgent=owed.urgent, due=due,
    )  # fmt: skip


def _to_somebody_else(case: Case, owed: Owed, reason: str) -> int | None:
    """Tells the next person what somebody was not told. Gives their number, None where there is nobody."""
    if owed.kind in _TO_PROVIDERS:
        return _to_manager(case, owed, reason)
    if owed.kind in TO_CARRIERS and case.concern.open:
        if normal(case.concern.holder) == normal(owed.recipient):
            return _to_next_holder(case, owed)
        return _to_next_told(case, owed)
    case.change(Move.UNDELIVERED, "", source=_source(owed))
    return None


def _to_manager(case: Case, owed: Owed, reason: str) -> int | None:
    """A provider's address does not work: whoever has the concern gives another."""
    found = request(case.connection, int(owed.about["request"]))
    if found is None or not found.open:
        case.change(Move.UNDELIVERED, "", source=_source(owed))
        return None
    end_request(case.connection, found.id)
    waited_for = any(one.open for one in case.requests)
    state = case.concern.state if waited_for else after(case.concern, Move.PROVIDER_ANSWERS)
    number = party_of(case.connection, case.acting) if case.acting else None
    about = {"to": number, "request": found.id}
    event = case.change(Move.UNDELIVERED, "", source=_source(owed), about=about, state=state)
    case.tell_holder("provider_unreachable", event, request=found.id, reason=reason)
    return number


def _to_next_holder(case: Case, owed: Owed) -> int | None:
    """The next live person has the concern now, and says so anew where it was in hand before."""
    following = next((one for one in case.ladder if normal(one.email) not in case.deaf), None)
    if following is None:  # never nobody: it stays where it is, and whoever watches over the desk is told
        case.change(Move.UNDELIVERED, "", source=_source(owed))
        return None
    number = party_of(case.connection, following.email)
    values: dict[str, object] = {"holder": following.email, "holder_role": following.role}
    about: dict[str, object] = {"to": number}
    if case.concern.state not in UNACKNOWLEDGED:
        values |= {"state": State.TRANSFERRED, "acknowledge_by": case.clock.acknowledge_by(case.now)}
        about |= {ANEW: True}
    event = case.change(Move.UNDELIVERED, "", source=_source(owed), about=about, **values)
    case.tell("raised", following.email, f"event:{event}")
    if owed.kind == "at_risk":
        case.tell("at_risk", following.email, f"event:{event}", urgent=True)
    case.tell_member(event)
    return number


def _to_next_told(case: Case, owed: Owed) -> int | None:
    """What was for somebody other than the holder goes to the next of the ladder who has not had it."""
    had = {normal(one) for one in record.told_of(case.connection, case.concern.id, (owed.kind,), case.now)}
    passed = {*had, *case.deaf, normal(case.concern.holder)}
    wanted = (contacts.TRIAGE,) if owed.kind == "at_risk" else (contacts.DEPUTY, contacts.DIRECTOR, contacts.TRIAGE)
    above = [one.email for one in case.ladder if contacts.rung(one.role) in wanted and normal(one.email) not in passed]
    to = next(iter(above), "")
    number = party_of(case.connection, to) if to else None
    event = case.change(Move.UNDELIVERED, "", source=_source(owed), about={"to": number})
    if to:
        case.tell(owed.kind, to, f"event:{event}", urgent=owed.urgent, about={**owed.about, "event": event})
    return number


def _tell_watchers(case: Case, owed: Owed, about: dict[str, object]) -> None:
    """Tells triage that an address does not work, once for a concern; where triage's own does not, an administrator."""
    triage = [one.email for one in case.ladder if contacts.rung(one.role) == contacts.TRIAGE]
    administrators = [known_as(one) for one in case.people if Role.ADMINISTRATOR in one.roles]
    there = [one for one in (*triage, *administrators) if normal(one) not in case.deaf]
    for address in there[:1]:
        case.tell("undelivered", address, f"undelivered:{case.concern.id}:{about['whose']}", about=about)
        if owed.kind == "undelivered":
            case.tell("undelivered", address, owed.subject, about=owed.about)
