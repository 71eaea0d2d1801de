"""Follow-ups: what a message leaves to what was asked before it."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.register.asking.taking import FOLLOWS
from knowledge.timeline.asking.nouns import Cue, TimelineQuestion, Want
from knowledge.timeline.asking.phrases import said

SHORT = 6
"""Words up to which a message without a question's form is a search, or follows up."""
BACK = re.compile(r"\b(it|its|they|them|their|that|this|those|these|ones?)\b", re.IGNORECASE)


def follows(whole: str, new: TimelineQuestion) -> bool:
    """Whether a message goes on from what was asked before."""
    short = len(whole.split()) <= SHORT
    if FOLLOWS.match(whole):
        return short or bool(new.limits or new.about.district)
    if said("follow")["bare"].match(whole):
        return True
    says = new.limits or new.limits.what or set(new.wants) != {Want.LIST} or new.about.district
    return not new.about.named and bool(says) and (bool(BACK.search(whole)) or (short and not new.cue))


def followed(earlier: TimelineQuestion, new: TimelineQuestion) -> TimelineQuestion:
    """What a follow-up asks, with what it leaves unsaid taken from before."""
    silent = new.wants in ((Want.LIST,), (Want.WHEN,)) and not new.limits.what
    about = new.about if new.about.named else earlier.about
    if new.about.district:
        about = replace(about, district=new.about.district, place=new.about.place)
    elif new.about.named:
        about = replace(about, district=earlier.about.district, place=earlier.about.place)
    return replace(
        new, about=about, wants=earlier.wants if silent else new.wants, limits=earlier.limits.with_more(new.limits),
        order=new.order or earlier.order, cue=Cue.STRONG, plain=True, points_back=False,
        definite=earlier.definite or (new.definite and not silent),
    )  # fmt: skip
