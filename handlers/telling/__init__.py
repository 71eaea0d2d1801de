"""SENDING, its words: what each kind of notification says, rendered from the record when it is sent.

A notification carries the reference, the service and the dates; never what anybody wrote, unless the council allows it
for that service and nothing in it looks personal.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers.accounting import saw_text
from handlers.concerns import saying
from handlers.concerns.case import Case, open_case, somebody
from handlers.desk import Desk
from handlers.letters import Letter
from handlers.messages import Choice, Outcome, Reply, Written
from handlers.telling import (
    agreeing,
    carriers,
    ending,
    enquiries,
    members,
    opportunities,
    own_entries,
    parked,
    postings,
    providers,
    reviews,
    round_ups,
)
from handlers.telling.assured import assured
from handlers.telling.endpoints import endpoint_failed
from handlers.telling.parts import Said, Word
from knowledge.concerns.texts import texts_of
from knowledge.models import Person
from knowledge.outbox.owed import Owed, as_known_now
from knowledge.parties import normal
from knowledge.people import list_people
from knowledge.personal import personal
from knowledge.sign_in_links import works


def compose(owed: Owed, desk: Desk) -> Letter | None:
    """A notification as a letter; None where there is nothing left to say. One that carries a concern's text is
    accounted for: whom it is sent to sees it."""
    letter = _composed(owed, desk)
    if letter and letter.reply.written and owed.concern is not None:
        saw_text(desk, owed.concern, owed.recipient, {"texts": 1, "sent": 1})
    return letter


def _composed(owed: Owed, desk: Desk) -> Letter | None:
    with desk.store.reading() as connection:
        if as_known_now(connection, owed) != owed:  # erased since it was taken up
            return None
        case = open_case(connection, desk, owed.concern) if owed.concern is not None else None
        person = somebody(owed.recipient, case.people if case else list_people(connection))
        if owed.kind in _OF_ALERTS:
            return _OF_ALERTS[owed.kind](connection, owed, person, desk)
        if made_of := _OF_QUESTIONS.get(owed.kind):
            word = made_of(connection, owed, desk)
            return _of_question(owed, person, word) if word else None
        if owed.concern is None:
            said = _about_the_desk(owed, desk, person)
            reply = Reply(outcome=Outcome.CONCERN, text=said[1], choices=said[2]) if said else None
            return _letter(owed, person, said, reply) if said and reply else None
        made = _MAKERS.get(owed.kind)
        if case is None or made is None:
            return None
        said = made(case, owed, person)
        if said is None:
            return None
        return _letter(owed, person, said, _reply(case, owed, said), _origin(case, owed))


def _letter(
    owed: Owed, person: Person | None, said: Said, reply: Reply, origin: dict[str, str] | None = None
) -> Letter:
    is_mail = "@" in owed.recipient
    return Letter(
        id=owed.id, kind=owed.kind, address=owed.recipient,
        email=owed.recipient if is_mail else person.email if person else "",
        slack_id=person.slack_id if person else "" if is_mail else owed.recipient, name=person.name if person else "",
        subject=said[0], reply=reply, origin=origin or {}, urgent=owed.urgent,
    )  # fmt: skip


def _of_question(owed: Owed, person: Person | None, word: Word) -> Letter:
    """A letter about a question, or an answer of the desk's own."""
    reply = Reply(outcome=Outcome.ENQUIRY, text=word.said[1], choices=word.said[2])
    letter = _letter(owed, person, word.said, reply, dict(word.origin))
    return letter.model_copy(update={"replaces": dict(word.replaces)})


def _reply(case: Case, owed: Owed, said: Said) -> Reply:
    return Reply(
        outcome=Outcome.CONCERN, text=said[1], choices=said[2], concern=case.concern.reference,
        written=_text_in_slack(case, owed),
    )  # fmt: skip


def _text_in_slack(case: Case, owed: Owed) -> tuple[Written, ...]:
    """The concern's text, where the council allows it for this service and it does not look personal."""
    if owed.kind != "raised" or owed.channel != "slack" or not case.clock.level.text_in_slack or case.concern.at_risk:
        return ()
    found = texts_of(case.connection, case.concern.id)[:1]
    if not found or personal(found[0].body):
        return ()
    return (Written(what="What was raised", by="", when=saying.when(found[0].written_at), body=found[0].body),)


def _origin(case: Case, owed: Owed) -> dict[str, str]:
    """The Member hears in the thread where it was raised; whoever follows, where they began to."""
    if normal(owed.recipient) == normal(case.concern.raised_by):
        return case.concern.origin
    return case.followers.get(owed.recipient, {})


_MAKERS: dict[str, Callable[[Case, Owed, Person | None], Said | None]] = {
    "raised": carriers.raised,
    "at_risk": carriers.at_risk,
    "reminded": carriers.reminded,
    "escalated": carriers.escalated,
    "provider_answered": carriers.provider_answered,
    "told_more": carriers.told_more,
    "taken_back": carriers.taken_back,
    "put_right": carriers.put_right,
    "provider_late": carriers.provider_late,
    "provider_unreachable": carriers.provider_unreachable,
    "undelivered": carriers.undelivered,
    "provider_asked": providers.provider_asked,
    "provider_chased": providers.provider_asked,
    "news": members.news,
    "followed": members.followed,
    "raised_for_you": members.raised_for_you,
    "was_it_fixed": members.was_it_fixed,
    "waited_for": members.waited_for,
}

_OF_ALERTS: dict[str, Callable[[Connection, Owed, Person | None, Desk], Letter | None]] = {
    "intention": opportunities.intention,
    "closing": opportunities.closing,
    "roundup": round_ups.round_up,
    "confirm": agreeing.confirm,
}

_OF_QUESTIONS = enquiries.MAKERS | own_entries.MAKERS


def _about_the_desk(owed: Owed, desk: Desk, person: Person | None) -> Said | None:
    if owed.kind == "sign_in":
        with desk.store.reading() as connection:
            if not works(connection, str(owed.about.get("link", "")), desk.now()):
                return None
        text = "Somebody, we hope you, asked to sign in to the Commissioning Desk. The link works once, for 30 minutes."
        link = Choice(label="Sign in", action="sign_in", about=str(owed.about.get("link", "")), style="primary")
        return "Your link to sign in", text, (link,)
    if owed.kind == "my_alerts":
        text = (
            "Somebody, we hope you, asked for the link to your alerts of coming work: to see, pause, change or delete "
            "them.\nWhoever has the link can change them, so please pass it on to nobody. If you did not ask, do "
            "nothing."
        )
        link = Choice(label="See and change your alerts", action="manage_alerts", style="primary")
        return "The link to your alerts", text, (link,)
    if owed.kind == "parked":
        text = (
            "Notifications could not be sent and wait for a person: `desk notifications` lists them with reasons, "
            "and `desk notifications --retry` tries them again."
        )
        return "Notifications are waiting", text, ()
    if owed.kind == "assurance":
        return "The desk has not told everybody", assured(owed), ()
    if owed.kind == "endpoint_failed":
        return endpoint_failed(owed, desk)
    made = {
        "posting": postings.posting, "posting_decided": postings.posting_decided, "ending": ending.ending,
        "came_parked": parked.came_parked, "yours_parked": parked.yours_parked, **reviews.MAKERS,
    }  # fmt: skip
    return made[owed.kind](owed, desk, person) if owed.kind in made else None
