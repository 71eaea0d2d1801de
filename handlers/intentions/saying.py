"""How intentions are spoken of, the same on pages, in answers and in feeds: one place to take the words from."""

from __future__ import annotations

from handlers.intentions.changes import change_words
from handlers.intentions.standing import (
    NOT_SAID,
    band_words,
    kind_words,
    listed,
    pounds_words,
    route_name,
    route_words,
    stage_meaning,
    stage_name,
    stage_words,
    state_words,
    value_words,
)
from handlers.intentions.times import Event, day_words, events, next_event, next_words, time_label, when_words

__all__ = [
    "NOT_SAID", "Event", "band_words", "change_words", "day_words", "events", "kind_words", "listed", "next_event",
    "next_words", "pounds_words", "route_name", "route_words", "stage_meaning", "stage_name", "stage_words",
    "state_words", "time_label", "value_words", "when_words",
]  # fmt: skip
