"""COMING WORK: what is on the timeline? Which intentions, when, for how much, and what changed and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.intentions.keeping import KEEPERS
from handlers.intentions.saying import day_words
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.threads import asked_before
from handlers.timeline_absent import absent, not_public
from handlers.timeline_cells import SHOWN, card, changes_table, citation, page_for, table
from handlers.timeline_one import of_one
from handlers.timeline_several import of_changes, of_several
from knowledge.facts import fact
from knowledge.register.reader import RegisterReader
from knowledge.timeline.asking.finding import Findings, find
from knowledge.timeline.asking.fitting import fits
from knowledge.timeline.asking.nouns import Cue, TimelineQuestion, Want
from knowledge.timeline.asking.telling import Told, told
from knowledge.timeline.asking.understanding import Teller, about_that, understand, understand_anyway, understand_parts
from knowledge.timeline.history import versions_of
from knowledge.timeline.overview import held_others
from knowledge.timeline.selecting import Shown, held_own, select, shown_of
from knowledge.timeline.wishing import Wish
from knowledge.workdays import day_of

HERE = re.compile(r"\bmy (?:own )?(?:division|ward|patch|area)\b", re.IGNORECASE)
"""Where a Member means the division that the people list gives."""
_A_PLAN = "It is a plan, and may change."
_EMPTY = "The timeline of commissioning intentions holds nothing yet."


def answer(message: Message, desk: Desk) -> Reply | None:
    """The reply to a question about coming work; None where it is none, or not about anything on the timeline."""
    reader, asked = desk.register(), (*asked_before(message, desk, Outcome.TIMELINE), message.text)
    asked = tuple(HERE.sub(message.division, text) for text in asked) if message.division else asked
    contracts = asked_before(message, desk, Outcome.REGISTER)[-1:]
    with desk.store.reading() as connection:
        question = _understood(asked, contracts, reader, desk, connection)
        reply = _answered(connection, question, message, desk) if question else None
        if reply is None and (parts := understand_parts(asked[-1], teller_of(reader, desk, connection))):
            reply = _answered(connection, parts, message, desk)
        return reply


def _answered(connection: Connection, question: TimelineQuestion, message: Message, desk: Desk) -> Reply | None:
    reader = desk.register()
    if not question.plain and desk.at_risk(message.text):
        return None
    if not (held_own(connection) or held_others(connection)):
        plainly = question.cue is Cue.STRONG and question.plain and question.asks
        return Reply(outcome=Outcome.TIMELINE, text=_EMPTY) if plainly else None
    found = find(connection, question, reader, desk.day)
    insider = not message.public and bool(message.roles & KEEPERS)
    if insider and not found.total and (held := not_public(connection, question)):
        return _said(connection, held, ())
    fitting = fits(question, found, register=bool(reader.size))
    known = bool(message.address or message.proved)
    return _reply(connection, question, found, desk.day, known=known) if fitting else None


def answer_anyway(message: Message, desk: Desk) -> Reply:
    """The reply to what is meant for the timeline, in whatever words: what fits, or that nothing does and what is
    nearest."""
    reader = desk.register()
    text = HERE.sub(message.division, message.text) if message.division else message.text
    with desk.store.reading() as connection:
        if not (held_own(connection) or held_others(connection)):
            return Reply(outcome=Outcome.TIMELINE, text=_EMPTY)
        question = understand_anyway(text, teller_of(reader, desk, connection))
        if question is None:
            return Reply(outcome=Outcome.TIMELINE, text="Nothing on the timeline fits.")
        found = find(connection, question, reader, desk.day)
        return _reply(connection, question, found, desk.day, known=bool(message.address or message.proved))


def card_of(message: Message, desk: Desk) -> Reply:
    """One intention, by its reference: the button of a message that told of it."""
    with desk.store.reading() as connection:
        found = shown_of(connection, [message.about])
        if not found:
            return Reply(outcome=Outcome.REFUSED, text=f"There is no intention {message.about} on the timeline.")
        versions = versions_of(connection, found[0].id, released=True)
        text = f"{found[0].terms.title.strip()} ({found[0].reference}), as it stands now."
        return _said(connection, text, (), found, table=card(found[0], versions[0] if versions else None, desk.day))


def _understood(
    asked: Sequence[str], contracts: Sequence[str], reader: RegisterReader, desk: Desk, connection: Connection
) -> TimelineQuestion | None:
    """The last of these questions, each read with the one before it behind it. `contracts`: what was asked of the
    register before: "will it be retendered?" is about that."""
    teller, question = teller_of(reader, desk, connection), None
    for text in asked:
        question = understand(text, teller, earlier=question)
    if question is None or not question.points_back:
        return question
    return about_that(question, contracts[0], teller) if contracts else None


def teller_of(reader: RegisterReader, desk: Desk, connection: Connection) -> Teller:
    """What questions about coming work are read with."""
    known = lambda said: [one.reference for one in shown_of(connection, said)]  # noqa: E731
    return Teller(reader, desk.day, known, desk.own_words)


# --- replying -----------------------------------------------------------------------------------------------------


def _reply(
    connection: Connection, question: TimelineQuestion, found: Findings, day: date, *, known: bool
) -> Reply:  # fmt: skip
    """`known`: whether whoever asks can be told of changes."""
    if question.of_history and not (question.about.named and not found.total):
        one, rows = told(connection, question, found)
        return _one(connection, question, one, day, known=known) if one else _changes(connection, question, rows)
    if not found.total:
        text, near = absent(question, found, day)
        return _said(connection, text, near)
    if found.total == 1 and Want.COUNT not in question.wants:
        return _one(connection, question, found.shown[0], day, known=known)
    page = page_for(found.wish)
    several = found.shown[:SHOWN]
    notes = _wide(question, found)
    text = of_several(question, found.total, several, day)
    return _said(
        connection, text, notes, several, table=table(several, found.total, day, question.since(day), page)
    )  # fmt: skip


def _one(connection: Connection, question: TimelineQuestion, one: Shown, day: date, *, known: bool) -> Reply:
    versions = versions_of(connection, one.id, released=True)
    text = of_one(question, one, versions, day)
    follow = Choice(label="Tell me of changes", action="follow_intention", about=one.reference)
    shown = card(one, versions[0] if versions else None, day)
    return _said(connection, text, (), [one], table=shown, choices=(follow,) if known and one.own else ())


def _changes(connection: Connection, question: TimelineQuestion, rows: Sequence[Told]) -> Reply:
    text = of_changes(question, rows)
    shown = shown_of(connection, list(dict.fromkeys(row[0] for row in rows[:SHOWN])))
    made = changes_table(rows[:SHOWN], len(rows), "/timeline") if rows else None
    return _said(connection, text, (), shown, table=made)


def _said(
    connection: Connection, text: str, notes: Sequence[str], shown: Sequence[Shown] = (), **more: object
) -> Reply:
    as_of = f"The timeline as of {_as_of(connection)}."
    cited = tuple(citation(one) for one in shown)
    plan = (_A_PLAN,) if shown else ()
    reply = Reply(outcome=Outcome.TIMELINE, text=text, citations=cited, notes=(as_of, *notes, *plan))
    return reply.model_copy(update=more)


def _as_of(connection: Connection) -> str:
    """The day of the timeline: when it was last taken in, or last changed by an officer."""
    newest = select(connection, Wish(past=True, everyone=True), date.min, count=1, newest=True).shown
    days = [day_of(one.since) for one in newest]
    if taken := fact(connection, "timeline_date"):
        days.append(day_of(datetime.fromisoformat(taken)))
    return day_words(max(days)) if days else "an unknown day"


def _wide(question: TimelineQuestion, found: Findings) -> list[str]:
    if not question.about.district:
        return []
    wide = sum(not any(place.strip() and place != "Countywide" for place in one.terms.area) for one in found.shown)
    serve = "serves the whole county, or names" if wide == 1 else "serve the whole county, or name"
    return [f"{wide} of {found.total:,} {serve} no area."] if wide else []
