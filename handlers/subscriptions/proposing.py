"""A sentence, or a form, becomes an alert that waits to be started: what was understood, and what would have come."""

from __future__ import annotations

import re

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from handlers.subscriptions import forms, saying
from handlers.subscriptions.asked import Asked
from handlers.subscriptions.strangers import elsewhere
from handlers.subscriptions.whose import Way, mine, way_to
from handlers.timeline import HERE
from knowledge.subscriptions import pace, record
from knowledge.subscriptions.nouns import Criteria, Subscription, reference_of
from knowledge.subscriptions.understanding.nouns import Preview, Teller, Wished
from knowledge.subscriptions.understanding.preview import would_have_matched
from knowledge.subscriptions.understanding.telling import one_line
from knowledge.subscriptions.understanding.understanding import understand
from knowledge.timeline.selecting import shown_of

MOST = 50
"""Alerts that somebody may have."""
TOO_MANY = f"You have {MOST} alerts, and that is as many as I keep for somebody. Delete one first: say “my alerts”."
_EVERYTHING = re.compile(r"\b(?:everything|anything|all (?:of it|work|intentions|opportunities)|any work)\b", re.I)


def teller_of(connection: Connection, desk: Desk) -> Teller:
    """What sentences and forms are read with."""
    return Teller(
        desk.register(),
        desk.day,
        lambda said: [one.reference for one in shown_of(connection, said)],
        desk.own_words,
    )


def asked_in(connection: Connection, text: str, desk: Desk, division: str = "") -> Asked | None:
    """What a sentence asks for; None where nothing in it says of what. `division`: a Member's own."""
    meant = HERE.sub(division, text) if division else text
    wished = understand(meant, teller_of(connection, desk))
    if wished.criteria == Criteria() and not _EVERYTHING.search(text):
        return None
    return Asked(text, wished.criteria, wished.every, _notes(wished))


def _notes(wished: Wished) -> tuple[str, ...]:
    left = [one for one in wished.left if not any(one in note for note in wished.notes)]
    unread = f"I made nothing of: {', '.join(left)}." if left else ""
    return (*wished.notes, *filter(None, (unread,)))


def perhaps(message: Message, desk: Desk) -> Reply | None:
    """The same, where the sentence says of what; None where it does not, or names one intention: that is asked of the
    timeline, which offers to tell of its changes."""
    return _proposed(message, desk, None)


def rather(message: Message, reply: Reply, desk: Desk) -> Reply:
    """The same in place of a reply that says nothing, where the sentence speaks of a kind of work, a code, a kind of
    opportunity or an intention; the reply itself where it has only words that nobody knows."""
    with desk.store.reading() as connection:
        asked = asked_in(connection, message.text, desk, message.division)
    wanted = asked.criteria if asked else Criteria(words=("",))
    firm = wanted.services or wanted.cpv or wanted.kinds or wanted.follows or wanted == Criteria()
    return _proposed(message, desk, reply) or reply if firm else reply


def propose(message: Message, desk: Desk) -> Reply:
    """The reply to a sentence that asks for alerts: something to start, for whom the surface knows; where to leave an
    address, for a stranger. Where it does not say of what, the form asks."""
    otherwise = forms.empty(message) if way_to(message, desk) else elsewhere(message, desk)
    return _proposed(message, desk, otherwise) or otherwise


def _proposed(message: Message, desk: Desk, otherwise: Reply | None) -> Reply | None:
    with desk.store.reading() as connection:
        asked = asked_in(connection, message.text, desk, message.division)
        found = would_have_matched(connection, asked.criteria, desk.day) if asked else Preview()
    way = way_to(message, desk)
    if asked is None or (otherwise is None and asked.criteria.follows):
        return otherwise
    return offer(asked, found, way, desk) if way else elsewhere(message, desk, asked, found)


def offer(asked: Asked, found: Preview, way: Way, desk: Desk) -> Reply:
    """Writes an alert down, which nobody is sent before it is started, and offers to start it."""
    with desk.store.writing() as connection:
        held = record.of_somebody(connection, (way.owner,))
        twin = same(held, asked, way)
        if twin is None and len(held) >= MOST:
            return Reply(outcome=Outcome.REFUSED, text=TOO_MANY)
        id = twin.id if twin else written(connection, asked, way, desk)
    if twin:
        return _has_it(twin, found, desk)
    return Reply(
        outcome=Outcome.SUBSCRIPTION,
        text=f"You would hear of this. {saying.criteria_words(asked.criteria, asked.every or '')} "
        f"{saying.preview_words(found)} Shall I tell you?",
        table=saying.preview_table(found, desk.day),
        choices=saying.starting(reference_of(id), asked.every),
        notes=(*asked.notes, "Nothing is sent before you press Start."),
    )


def written(connection: Connection, asked: Asked, way: Way, desk: Desk) -> int:
    """Writes an alert down, and gives its number."""
    return record.propose(
        connection, desk.now(), recipient=way.recipient, owner=way.owner, channel=way.channel,
        sentence=asked.sentence, criteria=asked.criteria, every=asked.every or pace.AT_ONCE,
    )  # fmt: skip


def same(held: list[Subscription], asked: Asked, way: Way) -> Subscription | None:
    """An alert that somebody has already of the same, to the same place."""
    wanted = _whoever_asks(asked.criteria)
    return next((one for one in held if _whoever_asks(one.criteria) == wanted and one.recipient == way.recipient), None)


def _whoever_asks(criteria: Criteria) -> Criteria:
    """Criteria less what the record adds to a Member's."""
    return criteria.model_copy(update={"early": False})


def _has_it(one: Subscription, found: Preview, desk: Desk) -> Reply:
    return Reply(
        outcome=Outcome.SUBSCRIPTION,
        text=f"You have an alert of that already: {one.reference}, {one_line(one.criteria)}, "
        f"{pace.in_words(one.every)}. {saying.state_words(one)}. {saying.preview_words(found)}",
        table=saying.preview_table(found, desk.day),
        choices=saying.minding(one),
    )


def again(message: Message, desk: Desk, one: Subscription) -> Reply:
    """Offers anew what an alert asked for that has ended."""
    way = way_to(message, desk)
    asked = Asked(one.sentence, one.criteria, one.every)
    with desk.store.reading() as connection:
        found = would_have_matched(connection, one.criteria, desk.day)
        if any(held.id == one.id for held in mine(connection, message)):
            return _has_it(one, found, desk)
    return offer(asked, found, way, desk) if way else elsewhere(message, desk, asked, found)
