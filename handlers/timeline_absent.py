"""What is said where the timeline holds no such thing: that it does not, and what is nearest."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from handlers.intentions.saying import next_words
from handlers.timeline_several import conditions_of
from knowledge import tables
from knowledge.text import stems
from knowledge.timeline.asking.finding import Findings
from knowledge.timeline.asking.nouns import TimelineQuestion
from knowledge.timeline.nouns import Terms
from knowledge.timeline.selecting import Shown

NOTHING = "Nothing on the timeline fits: "


def absent(question: TimelineQuestion, found: Findings, day: date) -> tuple[str, list[str]]:
    """A sentence, and a note on what is nearest where anything is."""
    if question.about.unknown:
        return f"Nothing on the timeline has the reference {question.about.unknown}.", []
    said = conditions_of(question)
    text = f"{NOTHING}{', '.join(said)}." if said else "Nothing on the timeline is still to come."
    near = "; ".join(_named(one, day) for one in found.nearest)
    return text, [f"The nearest: {near}."] if near else []


def _named(one: Shown, day: date) -> str:
    ahead = next_words(one.terms, day)
    return f"{one.terms.title.strip()} ({one.reference}{', ' + ahead if ahead else ''})"


def not_public(connection: Connection, question: TimelineQuestion) -> str:
    """For officers: what is asked about and is not public yet, and why; "" where it is none of that."""
    table = tables.intention
    query = sa.select(table.c.reference, table.c.about, table.c.held).where(
        table.c.own.is_(True), table.c.shown_at.is_(None), table.c.held != ""
    )
    wanted = {stem for word in question.about.words for stem in stems(word)}
    for row in connection.execute(query):
        title = set(stems(Terms.model_validate(row.about).title))
        if question.about.unknown.casefold() == row.reference.casefold() or (wanted and wanted <= title):
            return f"{row.reference} is not public yet. {row.held}."
    return ""
