"""What a concern lacked, said in the next message: its place, or its service. Anything else said there is by itself."""

from __future__ import annotations

from enum import Enum, auto

from handlers.concerns.case import goes_by, sender
from handlers.concerns.proposing import PATIENCE
from handlers.desk import Desk
from handlers.messages import Message
from knowledge.concerns.drafts import Draft, waiting_draft
from knowledge.register.finding.clues import Clues, read_clues
from knowledge.register.finding.enquiring import asks, leaning
from knowledge.text import content, words

_LONGEST = 12
"""Words of a message that only says what was lacking."""
_TELLS = 1.0
"""How far a message must lean for telling of trouble of its own."""


class Says(Enum):
    """What the next message says of what was lacking."""

    NOTHING_ELSE = auto()
    """Only that, like the name of a village."""
    IT = auto()
    MAYBE = auto()
    """Perhaps, in words the desk does not know; unless the papers have an answer to them."""


def awaited(message: Message, desk: Desk) -> tuple[Message, Says] | None:
    """The concern that waits for what it lacked, with this message added, and what the message says of it. None where
    no concern waits, or this is something of its own."""
    short = len(message.text.split()) <= _LONGEST and not message.text.rstrip().endswith("?")
    if message.public or not message.thread or not short:
        return None
    with desk.store.reading() as connection:
        mine = goes_by(sender(connection, message), message)
        draft = waiting_draft(connection, mine, message.thread, desk.now() - PATIENCE)
    said = _says(message.text, draft, desk) if draft else None
    if draft is None or said is None:
        return None
    return message.model_copy(update={"text": f"{draft.body}\n{message.text}"}), said


def _says(text: str, draft: Draft, desk: Desk) -> Says | None:
    clues = read_clues(text, "", desk.register())
    placed = clues.where.source == "text"
    if asks(text, clues) or (placed and clues.services and leaning(text, clues) > _TELLS):
        return None
    if draft.about.get("lacks") == "place":
        return Says.MAYBE if not placed else Says.IT if _more(text, clues) else Says.NOTHING_ELSE
    return Says.IT if clues.services or clues.names else Says.MAYBE


def _more(text: str, clues: Clues) -> bool:
    """Whether a message has telling words beside the names of places."""
    places = {token for mention in clues.where.mentions for token in mention.name.split()}
    return any(word.surface.replace("’", "'").removesuffix("'s") not in places for word in content(words(text)))
