"""What is said of one intention in a sentence or two: exactly what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.intentions.saying import change_words, day_words
from handlers.timeline_cells import reason_words
from handlers.timeline_saying import SAYS, in_short, lower, sentence
from knowledge.timeline.asking.changes import first_of, telling
from knowledge.timeline.asking.nouns import HISTORY, TimelineQuestion, Want
from knowledge.timeline.nouns import Kind, State, Terms, Version
from knowledge.timeline.posted import posted_words
from knowledge.timeline.selecting import Shown
from knowledge.workdays import day_of


def of_one(question: TimelineQuestion, one: Shown, versions: Sequence[Version], day: date) -> str:
    """The sentences that answer a question about one intention. `versions`: those everybody may read, newest first."""
    terms, name = one.terms, f"{one.terms.title.strip()} ({one.reference})"
    said = [history(question, versions)] if question.of_history else []
    said += [_gone(terms, versions)] if terms.state is State.WITHDRAWN and not said else []
    if Want.STATE in question.wants and not said and first_of(versions, question.changes):
        said.append(f"last change: {history(question, versions)}")
    wants = [want for want in question.wants if want in SAYS and want not in HISTORY]
    if terms.state is not State.WITHDRAWN:
        said += [SAYS[want](terms, day, question.limits.what) for want in wants]
    if not said or (question.of_history and terms.state is not State.WITHDRAWN):
        said.append(in_short(terms, day))
    said.append(posted_words(terms))
    first, *rest = [sentence(one) for one in dict.fromkeys(said) if one]
    return " ".join((f"{name}: {first[:1].lower()}{first[1:]}" if first[1:2].islower() else f"{name}: {first}", *rest))


def history(question: TimelineQuestion, versions: Sequence[Version]) -> str:
    """What has changed of what was asked, when, and the reason given for it; or that nothing has."""
    version = first_of(versions, question.changes)
    if version is None:
        since = versions[-1].released_at if versions else None
        told = f" since it was first on the timeline on {day_words(day_of(since))}" if since else ""
        return f"{'No, no' if question.so else 'No'} such change has been published{told}."
    changes = "; ".join(change_words(one) for one in telling(version, question.changes)) or version.kind.value
    when = f" on {day_words(day_of(version.released_at))}" if version.released_at else ""
    reason = reason_words(version) or " No reason is given."
    yes = "yes: " if question.so and question.changes else ""
    return f"{yes}{lower(changes)}{when}.{reason}"


def _gone(terms: Terms, versions: Sequence[Version]) -> str:
    found = next((one for one in versions if one.kind is Kind.WITHDRAWN), None)
    when = f" on {day_words(day_of(found.released_at))}" if found and found.released_at else ""
    return f"it was withdrawn{when}.{reason_words(found) if found else ''}"
