"""What is done about a message on the journey that takes it. Where others are near, it is said which, and they are
offered."""

from __future__ import annotations

from collections.abc import Callable

from handlers import contract, question, register, register_gaps, timeline
from handlers.choosing import Chosen, choose
from handlers.concerns.case import goes_by, sender
from handlers.concerns.lacking import Says, awaited
from handlers.concerns.proposing import keep
from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.subscriptions import typed as alerts
from handlers.timeline_absent import NOTHING
from knowledge.concerns.drafts import draft_of
from knowledge.journeys import Journey

ACTION = "journey"
"""What a button does that has the same message answered on another journey. It is about "documents|" and the message,
or, of what may be a concern, "documents#" and the draft that holds it: a concern's text stands in no button."""
OFFERED = 2
"""Journeys that are offered beside a reply."""
_ELSEWHERE = (Journey.DOCUMENTS, Journey.REGISTER)
"""Where else to look for what is not on the timeline."""
_ASKS_BACK = (Outcome.CLARIFY, Outcome.REFUSED)
"""Replies that wait for an answer of their own, or say no."""
_LONGEST = 1_900
"""Characters of a message that a button can hold: Slack's are 2,000."""
_TOOK: dict[Journey, str] = {
    Journey.DOCUMENTS: "a question about the papers",
    Journey.REGISTER: "a question about the contract register",
    Journey.TIMELINE: "a question about coming work",
    Journey.CONCERN: "a concern about a service",
    Journey.SUBSCRIPTION: "a message about alerts",
}
_OFFERS: dict[Journey, str] = {
    Journey.DOCUMENTS: "Look in the papers instead",
    Journey.REGISTER: "Look in the contract register",
    Journey.TIMELINE: "Look at what is planned",
    Journey.CONCERN: "Raise it as a concern",
    Journey.SUBSCRIPTION: "Tell me when there is news",
}
_OF_OUTCOME: dict[Outcome, Journey] = {
    Outcome.ANSWERED: Journey.DOCUMENTS, Outcome.CLARIFY: Journey.DOCUMENTS,
    Outcome.NOT_IN_DOCUMENTS: Journey.DOCUMENTS, Outcome.REGISTER: Journey.REGISTER,
    Outcome.TIMELINE: Journey.TIMELINE, Outcome.SUBSCRIPTION: Journey.SUBSCRIPTION, Outcome.CONTRACT: Journey.CONCERN,
    Outcome.NOT_OURS: Journey.CONCERN, Outcome.TOO_VAGUE: Journey.CONCERN, Outcome.SAFEGUARDING: Journey.CONCERN,
    Outcome.RAISED: Journey.CONCERN, Outcome.CONCERN: Journey.CONCERN,
}  # fmt: skip


def named(reply: Reply) -> Reply:
    """A reply with its journey, by what became of the message, where nothing has said it yet."""
    journey = reply.journey or _OF_OUTCOME.get(reply.outcome)
    return reply.model_copy(update={"journey": journey})


def answer(message: Message, desk: Desk) -> Reply:
    """The reply to a message that asks or tells something."""
    if message.journey:
        return _on(message.journey, message, desk)
    whole, said = awaited(message, desk) or (None, None)
    if whole and said is Says.NOTHING_ELSE:
        return contract.answer(whole, desk, answers=True) or question.answer(message, desk)
    chosen = choose(message, desk)
    if whole and not chosen.plain and _is_lacking(said, message, desk):
        return contract.answer(whole, desk, answers=True) or question.answer(message, desk)
    return _offering(_on(chosen.journey, message, desk), chosen, message, desk)


def _is_lacking(said: Says | None, message: Message, desk: Desk) -> bool:
    """Whether a message says what a concern lacked, rather than asks what the papers answer."""
    return said is Says.IT or question.answer(message, desk).outcome is not Outcome.ANSWERED


def act(message: Message, desk: Desk) -> Reply:
    """The same message on the journey that was pressed."""
    name, kept, given = message.about.partition("#")
    name, _, text = (name, "", "") if kept else message.about.partition("|")
    if kept:
        with desk.store.reading() as connection:
            draft = draft_of(connection, given, goes_by(sender(connection, message), message))
        text = draft.body if draft else ""
    if name not in set(Journey) or not text:
        return Reply(outcome=Outcome.REFUSED, text="That button has run out. Write your message again.")
    said = message.model_copy(update={"text": text, "action": "", "about": "", "journey": Journey(name)})
    return answer(said, desk)


# --- on each journey ----------------------------------------------------------------------------------------------


def _on(journey: Journey, message: Message, desk: Desk) -> Reply:
    reply = _ANSWERS[journey](message, desk)
    return reply if reply.journey else reply.model_copy(update={"journey": journey})


def _documents(message: Message, desk: Desk) -> Reply:
    return alerts.rather(message, question.answer(message, desk), desk)


def _register(message: Message, desk: Desk) -> Reply:
    reply = register_gaps.answer(message, desk) or register.answer(message, desk)
    return reply or register.answer_anyway(message, desk)


def _timeline(message: Message, desk: Desk) -> Reply:
    return alerts.offered(timeline.answer(message, desk) or timeline.answer_anyway(message, desk), message)


def _concern(message: Message, desk: Desk) -> Reply:
    """One too vague to be about a contract may be in the papers' words."""
    reply = contract.answer(message, desk) or contract.answer_anyway(message, desk)
    if reply.outcome is Outcome.TOO_VAGUE and not (message.journey or contract.tells(message, desk)):
        papers = question.answer(message, desk)
        if papers.outcome is Outcome.ANSWERED:
            return papers.model_copy(update={"journey": Journey.DOCUMENTS})
    return reply


def _subscription(message: Message, desk: Desk) -> Reply:
    return alerts.plainly(message, desk) or alerts.perhaps(message, desk) or alerts.answer_anyway(message, desk)


_ANSWERS: dict[Journey, Callable[[Message, Desk], Reply]] = {
    Journey.DOCUMENTS: _documents,
    Journey.REGISTER: _register,
    Journey.TIMELINE: _timeline,
    Journey.CONCERN: _concern,
    Journey.SUBSCRIPTION: _subscription,
}


# --- the others ---------------------------------------------------------------------------------------------------


def _offering(reply: Reply, chosen: Chosen, message: Message, desk: Desk) -> Reply:
    """A reply that says which journey it is of, with those that were near as choices."""
    taken = reply.journey or chosen.journey
    nothing = _ELSEWHERE if reply.outcome is Outcome.TIMELINE and reply.text.startswith(NOTHING) else ()
    near = dict.fromkeys((chosen.journey, *chosen.near, *nothing))
    others = [journey for journey in near if journey is not taken][:OFFERED]
    if not others or reply.form or reply.outcome in _ASKS_BACK:
        return reply
    hold = _hold(reply, Journey.CONCERN in (taken, *others), message, desk)
    offers = tuple(Choice(label=_OFFERS[one], action=ACTION, about=f"{one}{hold}") for one in others if hold)
    notes = (*reply.notes, f"I took this as {_TOOK[taken]}.")
    return reply.model_copy(update={"notes": notes, "choices": (*reply.choices, *offers)})


def _hold(reply: Reply, may_be_concern: bool, message: Message, desk: Desk) -> str:
    """What a button holds of the message, "" where it can hold none. The text of what may be a concern is kept where
    those of concerns are, and in the open not at all."""
    if not may_be_concern:
        return f"|{message.text}" if len(message.text) <= _LONGEST else ""
    if message.public:
        return ""
    kept = next((one.about.partition("|")[0] for one in reply.choices if one.action == "raise"), "")
    if kept:
        return f"#{kept}"
    with desk.store.writing() as connection:
        person = sender(connection, message)
        return f"#{keep(connection, message, person, {}, desk, ())}" if person.listed else ""
