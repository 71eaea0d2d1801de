"""What somebody may do here, by their role: for "help", and for what is suggested when they open the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest

from handlers.desk import Desk
from handlers.messages import Choice, Message
from knowledge.examples import Example, Kind, kinds_of
from knowledge.models import Role

_OF_THE_PACK = 2
"""Questions of the council's pack that come before the others for officers."""
_EACH = 3
"""Examples of each kind under "help"."""
_MOST = 10
_LABEL = 75


def suggested(message: Message, desk: Desk) -> tuple[str, tuple[Choice, ...]]:
    """A title and what the sender of a message may ask first, the best foremost. Of somebody with several roles each
    has its turn."""
    found = kinds_of(message.roles, public=message.public)
    return found[0].title, _choices(chain.from_iterable(_in_turn([_examples(one, desk) for one in found])))


def tried(message: Message, desk: Desk) -> tuple[tuple[str, ...], tuple[Choice, ...]]:
    """What the sender of a message may do, a line each, and three examples of each kind that they are."""
    found = kinds_of(message.roles, public=message.public)
    lines = tuple(dict.fromkeys(line for one in found for line in one.does))
    return lines, _choices(example for one in found for example in _examples(one, desk)[:_EACH])


def _examples(kind: Kind, desk: Desk) -> list[Example]:
    """A kind's, for officers after the first of the council's own questions."""
    own = [Example(label=_short(text), say=text) for text in desk.questions[:_OF_THE_PACK] if len(text) <= 300]
    return [*(own if Role.OFFICER in kind.roles else ()), *kind.try_]


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1].rsplit(" ", 1)[0] + "…"


def _in_turn(several: Sequence[Sequence[Example]]) -> Iterable[list[Example]]:
    return ([one for one in turn if one] for turn in zip_longest(*several))


def _choices(found: Iterable[Example]) -> tuple[Choice, ...]:
    """As choices, each question once, where it comes first."""
    asked: dict[str, Example] = {}
    for one in found:
        asked.setdefault(one.say, one)
    return tuple(Choice(label=one.label, text=one.say) for one in asked.values())[:_MOST]
