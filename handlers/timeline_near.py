"""How near a message comes to what is asked of the timeline, where it is not read as a question for it."""

from __future__ import annotations

from typing import NamedTuple

from handlers.desk import Desk
from handlers.messages import Message
from handlers.timeline import teller_of
from knowledge.timeline.asking.nouns import Cue
from knowledge.timeline.asking.phrases import said
from knowledge.timeline.asking.understanding import understand_anyway


class Nearness(NamedTuple):
    """Whether a message speaks plainly of coming work; whether it says of what, where or when; whether it names an
    intention there is; whether it asks how things are done, or of contracts there are."""

    plain: bool = False
    named: bool = False
    known: bool = False
    elsewhere: bool = False


def nears(message: Message, desk: Desk) -> Nearness:
    """How near a message comes."""
    with desk.store.reading() as connection:
        question = understand_anyway(message.text, teller_of(desk.register(), desk, connection))
    if question is None:
        return Nearness()
    named = question.about.named or bool(question.about.district or question.limits)
    never = said("never")
    there_is = bool(never["present"].search(message.text)) and not question.plain
    elsewhere = there_is or bool(never["how"].search(message.text))
    return Nearness(question.cue is Cue.STRONG, named, bool(question.about.references), elsewhere)
