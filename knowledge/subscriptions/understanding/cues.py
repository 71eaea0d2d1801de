"""Whether a message asks for alerts, or is about those one has."""

from __future__ import annotations

import re

from knowledge.subscriptions.understanding.nouns import Cue, Do, Mine
from knowledge.subscriptions.understanding.phrases import said

_NUMBERS = re.compile(
    r"(?<![\w-])(?:S-?|(?:alerts?|subscriptions?|numbers?|nos?\.?) )(?P<several>\d{1,9}"
    r"(?:(?: ?, ?(?:and )?| and | or | ?& ?)(?:S-?)?\d{1,9})*)(?!\w)(?! (?:days?|weeks?|months?))",
    re.IGNORECASE,
)
_LONGEST = 60
"""Words of the longest message that may ask for alerts."""


def asks_for_alerts(text: str) -> Cue:
    """How plainly a message asks to be told of work to come. STRONG: "let me know of"; WEAK: "tell me about ... work
    in ..."; NONE, which is false, for any other."""
    plain = " ".join(text.replace("’", "'").split())
    cues = said("cue")
    if len(plain.split()) > _LONGEST or cues["never"].search(plain) or my_alerts(plain):
        return Cue.NONE
    if cues["alerts"].search(plain):
        return Cue.STRONG
    about = cues["work"].search(plain)
    if cues["strong"].search(plain) and about:
        return Cue.STRONG
    return Cue.WEAK if cues["weak"].search(plain) and about and "?" not in plain else Cue.NONE


def may_ask(text: str) -> bool:
    """Whether a message may ask to be told of what comes: for where nothing else has an answer to it."""
    plain, cues = " ".join(text.replace("’", "'").split()), said("cue")
    return len(plain.split()) <= _LONGEST and not cues["never"].search(plain) and bool(cues["may"].search(plain))


def my_alerts(text: str) -> Mine | None:
    """What a message wants with the alerts somebody has; None where it is about something else."""
    plain = " ".join(text.replace("’", "'").split())
    numbers = tuple(
        dict.fromkeys(int(one) for found in _NUMBERS.finditer(plain) for one in re.findall(r"\d+", found["several"]))
    )
    for name, pattern in said("mine").items():
        if pattern.search(plain):
            return Mine(Do(name), numbers)
    return None
