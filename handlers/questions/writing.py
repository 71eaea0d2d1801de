"""A question about the papers is written down with what became of it, once its reply is made."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from handlers.questions.who import asker_of
from knowledge.questions.asked import write_down
from knowledge.questions.masking import masked

_ABOUT_PAPERS = (Outcome.ANSWERED, Outcome.NOT_IN_DOCUMENTS)


def written_down(message: Message, reply: Reply, desk: Desk) -> Reply:
    """The reply with the number of its question; as it was where it is of something else. That a question cannot be
    written down is reported, and keeps nobody from the answer."""
    if reply.outcome not in _ABOUT_PAPERS or message.trial or message.action:
        return reply
    try:
        return reply.model_copy(update={"question": _number(message, reply, desk)})
    except Exception as error:
        desk.on_error("question", error)
        return reply


def _number(message: Message, reply: Reply, desk: Desk) -> int:
    cited = [citation for citation in reply.citations if citation.passage]
    text = masked(message.text[: desk.longest_question], desk.index().knows)
    with desk.store.writing() as connection:
        return write_down(
            connection, desk.now(), message=message.id, asker=asker_of(message), text=text,
            outcome=reply.outcome.value, surface=message.surface, readable=message.readable,
            passages=[citation.passage for citation in cited], entry=cited[0].entry if cited else "",
        )  # fmt: skip
