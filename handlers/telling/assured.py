"""What an administrator reads when the desk finds that it has not told everybody."""

from __future__ import annotations

from knowledge.outbox.owed import Owed
from knowledge.subscriptions.assurance_words import HOLES

_FIRST = "The desk checks every 15 minutes that everybody was told of coming work who asked to be. This time it found:"
_LAST = "`desk assurance` checks again and says how it stands; `desk notifications` lists what is owed."


def assured(owed: Owed) -> str:
    """What was found, line by line. Counts only."""
    counts = {name: int(owed.about.get(name) or 0) for name in HOLES}
    return "\n".join((_FIRST, *(HOLES[name].format(n=count) for name, count in counts.items() if count), _LAST))
