"""Whether a question is one for the timeline, by what was found."""

from __future__ import annotations

from knowledge.timeline.asking.finding import FAIR, Findings
from knowledge.timeline.asking.nouns import Cue, TimelineQuestion

_WORDS = 4
"""Words about which the timeline says that nothing is there; of more, something else is asked."""
_GOOD = 0.6
"""From here on an intention is meant where the question speaks of coming work less plainly."""
_SURE = 0.75
"""The same, where it has many words."""


def fits(question: TimelineQuestion, found: Findings, *, register: bool) -> bool:
    """Whether the timeline is what a question is put to, by what was found: one that speaks of coming work only
    faintly has to be about something that is on it. `register`: there is one, which has contracts and grants too."""
    about = question.about
    if about.references or about.unknown:
        return found.sure > 0
    if not question.asks:
        return False
    few = len(about.words) <= _WORDS
    if about.named and not found.total:
        strong, near = question.cue is Cue.STRONG, bool(found.nearest)
        return few and ((strong and (question.plain or near)) or (question.plain and near))
    if about.named:
        plainly = question.cue is Cue.STRONG and question.plain
        return (few or found.sure >= _SURE) and found.sure >= (FAIR if plainly else _GOOD)
    if question.cue is Cue.STRONG:
        return True
    return not register and (bool(question.limits) or bool(about.district))
