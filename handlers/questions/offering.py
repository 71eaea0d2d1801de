"""What stands under every answer about the papers: whether it helped, and a person to ask."""

from __future__ import annotations

from handlers.messages import Choice, Reply
from knowledge.questions.ratings import BAD, GOOD

ASK_PERSON = "Ask a person"


def ask_person(question: int) -> Choice:
    """The button that passes a question on."""
    return Choice(label=ASK_PERSON, action="ask_person", about=str(question))


def offered_under(reply: Reply) -> tuple[Choice, ...]:
    """What a surface without feedback buttons of its own offers under a reply; nothing under one that is about
    something else."""
    if reply.question is None:
        return ()
    verdicts = (("This helped", GOOD), ("This did not help", BAD))
    rates = (Choice(label=label, action="rate", about=f"{reply.question}|{verdict}") for label, verdict in verdicts)
    return (*rates, ask_person(reply.question))
