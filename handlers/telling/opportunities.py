"""What is told of coming work to those who asked to hear of it. Above what everybody reads alike, below it which of the
reader's alerts brought it. What none of them asks for any more is not told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.letters import Letter
from handlers.messages import Choice, Citation, Group, Outcome, Reply, Table
from handlers.telling import events, reader, words
from handlers.telling.headlines import headline, title_of
from handlers.timeline_cells import page_of
from knowledge.dates import in_words
from knowledge.models import Person
from knowledge.outbox.owed import Owed
from knowledge.subscriptions.bringing import brought, recipient_of, told_in
from knowledge.subscriptions.closing import closes_still
from knowledge.subscriptions.nouns import Subscription
from knowledge.subscriptions.releases import Release, newer, release
from knowledge.workdays import day_of


def intention(connection: Connection, owed: Owed, person: Person | None, desk: Desk) -> Letter | None:
    """A version that has become public."""
    told = told_in(owed.about)
    found = brought(connection, recipient_of(connection, owed.id) or 0, owed.channel, [told])
    made = release(connection, told.intention, told.version, told.before) if found else None
    if made is None:
        return None
    alerts, subject, text = reader.alerts_of(found), headline(made), "\n".join(words.paragraphs(made, desk.council))
    table = words.table_of(made)
    return letter(
        owed, person, subject, alerts, text=text, table=table, citations=(_citation(made),),
        notes=(*reader.overtaken(made, newer(connection, made)), *reader.because(found)),
        choices=reader.choices(alerts, owed.channel, made.reference),
        event=events.release_event(made, alerts, desk.address), words=words.checksum(subject, text, table),
    )  # fmt: skip


def closing(connection: Connection, owed: Owed, person: Person | None, desk: Desk) -> Letter | None:
    """That an intention closes in two weeks. Nothing where that has changed meanwhile, or has passed."""
    told = told_in(owed.about)
    day = date.fromisoformat(told.closes)
    found = brought(connection, recipient_of(connection, owed.id) or 0, owed.channel, [told])
    made = release(connection, told.intention, told.version, None) if found else None
    if made is None or not closes_still(connection, told.intention, day, desk.day):
        return None
    alerts, subject = reader.alerts_of(found), f"Closes on {in_words(told.closes)}: {title_of(made.terms)}"
    text = "\n".join((words.closing_lead(made.terms, made.reference, day), _once(made)))
    table = words.facts(made)
    return letter(
        owed, person, subject, alerts, text=text, table=table, citations=(_citation(made),),
        notes=(*reader.overtaken(made, newer(connection, made)), *reader.because(found)),
        choices=reader.choices(alerts, owed.channel, made.reference),
        event=events.closing_event(made, told.closes, owed.made_at, alerts, desk.address),
        words=words.checksum(subject, text, table),
    )  # fmt: skip


def _once(made: Release) -> str:
    description = words.shortened(made.terms.description)
    return f"{description}\nThis reminder comes once, two weeks before." if description else (
        "This reminder comes once, two weeks before."
    )  # fmt: skip


def letter(
    owed: Owed, person: Person | None, subject: str, alerts: Sequence[Subscription], *, text: str,
    table: Table | None = None, groups: tuple[Group, ...] = (), citations: tuple[Citation, ...] = (),
    notes: tuple[str, ...] = (), choices: tuple[Choice, ...] = (), event: dict[str, Any] | None = None,
    words: str = "",
) -> Letter:  # fmt: skip
    """A letter to somebody who has asked for it."""
    reply = Reply(
        outcome=Outcome.SUBSCRIPTION, text=text, table=table, groups=groups, citations=citations, notes=notes,
        choices=choices,
    )  # fmt: skip
    is_mail, is_endpoint = "@" in owed.recipient, owed.recipient.startswith("endpoint:")
    return Letter(
        id=owed.id, kind=owed.kind, address=owed.recipient,
        email=owed.recipient if is_mail else person.email if person else "",
        slack_id=person.slack_id if person else "" if is_mail or is_endpoint else owed.recipient,
        name=person.name if person else "", subject=subject, reply=reply,
        unsubscribe=",".join(str(one.id) for one in alerts), event=event or {}, words=words,
    )  # fmt: skip


def _citation(made: Release) -> Citation:
    released = day_of(made.at).isoformat()
    return Citation(
        source="timeline", document="timeline", title=made.terms.title, locator=made.reference, quote=None,
        path=page_of(made.reference), published=released, note=f"version {made.version} of {in_words(released)}",
    )  # fmt: skip
