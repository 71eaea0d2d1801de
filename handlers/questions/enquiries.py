"""Which messages are about questions for a person, ratings, and what the desk has learnt."""

from __future__ import annotations

from collections.abc import Callable

from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from handlers.questions import answering, asking, rating, reviewing, settling
from handlers.questions.who import SETTLERS
from handlers.questions.words import wanted

_ANYWHERE = frozenset({"rate", "rate_why", "ask_person"})
"""What may be pressed where others read along: the surface shows what comes of it to whoever pressed."""


def read(message: Message, desk: Desk) -> Reply | None:
    """What a typed message asks about enquiries; None where it asks for something else."""
    asked = wanted(message.text)
    if asked is None or message.public:
        return None
    if asked.action == "my_enquiries":
        return asking.mine(message, desk) if message.addresses or message.proved else None
    if not message.roles & SETTLERS:
        return None
    return act(message.model_copy(update={"text": "", "fields": {}, **asked._asdict()}), desk)


def act(message: Message, desk: Desk) -> Reply:
    """What a button or a form does."""
    if message.public and message.action not in _ANYWHERE:
        return Reply(outcome=Outcome.REFUSED, text="Not here, where everybody reads along: write to me directly.")
    return ACTIONS[message.action](message, desk)


ACTIONS: dict[str, Callable[[Message, Desk], Reply]] = {
    "rate": rating.rated,
    "rate_why": rating.rated_why,
    "ask_person": asking.ask_person,
    "my_enquiries": asking.mine,
    "waiting_enquiries": settling.waiting,
    "open_enquiry": settling.opened,
    "claim_enquiry": settling.claim,
    "return_enquiry": settling.give_back,
    "answer_enquiry": answering.answer,
    "drop_enquiry": settling.drop,
    "teach_enquiry": answering.taught,
    "open_entry": reviewing.opened,
    "keep_entry": reviewing.kept,
    "change_entry": reviewing.changed,
    "retire_entry": reviewing.retired,
}
