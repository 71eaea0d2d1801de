"""What a round-up says of one intention: a line or two."""

from __future__ import annotations

from datetime import date

from handlers.intentions.saying import change_words, day_words, listed, next_event, value_words
from handlers.telling.headlines import What, options_open, what_of
from handlers.telling.words import next_words, shortened, why
from handlers.timeline_saying import lower, sentence
from knowledge.subscriptions.releases import Release
from knowledge.timeline.nouns import Change, Route, State
from knowledge.timeline.posted import posted_words
from knowledge.workdays import day_of

_LONGEST = 180
_MOST_CHANGES = 6


def lines(told: Release) -> tuple[str, ...]:
    """What has happened to it, why, and how it stands."""
    what, terms = what_of(told), told.terms
    if what is What.WITHDRAWN:
        return "It will not go ahead as planned.", why(told)
    if what is What.AWARDED:
        return (
            f"Awarded to {listed(terms.awarded_to)}." if terms.awarded_to else "It does not say to whom.",
            why(told),
        )
    if told.before is None:
        since = f"It has been changed since it was new. {why(told)}" if told.reasons else ""
        return shortened(terms.description, _LONGEST), in_a_line(told), since, _options(told)
    return _changed(told), why(told), in_a_line(told), _options(told)


def _options(told: Release) -> str:
    return "The options are not fixed yet: this is the time to say what you think." if options_open(told) else ""


def _changed(told: Release) -> str:
    """Each change in a clause."""
    if not told.changes:
        return "It was changed, and changed back."
    said = [change_words(one) for one in told.changes[:_MOST_CHANGES] if _told(one)]
    more = len(told.changes) - _MOST_CHANGES
    return sentence("; ".join((*said, *((f"and {more} more changes",) if more > 0 else ()))))


def _told(one: Change) -> bool:
    return one.field != "gross"


def in_a_line(told: Release) -> str:
    """What happens next, what it is worth, where."""
    terms = told.terms
    ahead = next_event(terms, day_of(told.at))
    said = [f"next: {next_words(ahead)}"] if ahead else []
    said += [value] if (value := value_words(terms)) else []
    said += [", ".join(terms.area)] if terms.area else []
    said += [lower(posted)] if (posted := posted_words(terms)) else []
    return sentence(" · ".join(said)) if said else ""


def closing_lines(told: Release, closes: date | None, *, only: bool) -> tuple[str, ...]:
    """That it closes soon."""
    if closes is None or told.terms.state is State.WITHDRAWN:
        return ()
    what = "Applications close on" if told.terms.route is Route.GRANT else "Bids close on"
    said = f"{'Answers are wanted by' if told.terms.posted_by else what} {day_words(closes)}."
    return (said, shortened(told.terms.description, _LONGEST)) if only else (said,)
