"""What is told of postings: to the officers who decide, and to whoever posted."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.intentions.saying import day_words
from handlers.postings.showing import contract_words, deciding_choices, own_choices, what
from handlers.postings.who import contract_of
from handlers.telling.parts import Said
from knowledge.models import Person
from knowledge.outbox.owed import Owed
from knowledge.postings import Posting, State, by_number
from knowledge.register.contract import Contract
from knowledge.workdays import day_of


def posting(owed: Owed, desk: Desk, person: Person | None) -> Said | None:
    """It waits for them. Nothing where it has been decided, or taken back."""
    one, contract = _found(owed, desk)
    if one is None or one.state is not State.WAITING:
        return None
    changes = f" It changes {one.on_timeline}, which everybody can read." if one.on_timeline else ""
    named = f" Contract: {contract_words(one.contract, contract)}." if one.contract else ""
    waits = f" It waits since {day_words(day_of(one.made_at))}." if owed.subject.endswith(":late") else ""
    text = (
        f"{one.provider} asks to publish {one.reference}. {what(one)}.{named}{changes}{waits} "
        "Nobody reads it until you, or another officer, publish it."
    )
    return f"{one.reference}: {what(one)}", text, deciding_choices(one)


def posting_decided(owed: Owed, desk: Desk, person: Person | None) -> Said | None:
    """What was decided, for whoever posted it."""
    one, _ = _found(owed, desk)
    if one is None or one.state not in (State.PUBLISHED, State.REFUSED):
        return None
    if one.state is State.REFUSED:
        text = f"The council does not publish {one.reference} ({what(one)}). The reason: {one.reason}"
        return f"{one.reference} is not published", text, ()
    text = (
        f"{one.reference} ({what(one)}) is published as {one.on_timeline}, marked as posted by {one.provider} and not "
        "by the council. It closes by itself. Tell us when it changes, or is no longer to be had."
    )
    return f"{one.reference} is published", text, own_choices(one)


def _found(owed: Owed, desk: Desk) -> tuple[Posting | None, Contract | None]:
    with desk.store.reading() as connection:
        one = by_number(connection, int(owed.about.get("posting", 0)))
        return one, contract_of(connection, one) if one else None
