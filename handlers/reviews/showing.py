"""How a contract's reviews stand, for whoever asks: officers read outcome and date, those who carry it read all."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy.engine import Connection

from handlers.concerns.case import sender
from handlers.desk import Desk
from handlers.intentions.times import day_words
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.patterns.saying import pattern_lines
from handlers.reviews import saying
from handlers.reviews.who import INSIDERS, carries, manages
from knowledge.concerns.since import Since, since
from knowledge.models import Person
from knowledge.people import list_people
from knowledge.register.contract import Contract
from knowledge.register.holding import contract as held_contract
from knowledge.reviews import Review, due_on, reviews_of

_PAST = 6
"""Earlier reviews that are shown."""
NOBODYS = "There is no such contract, or its reviews are not yours to read."


class Sheet(NamedTuple):
    """A contract's reviews as somebody may see them. `due`: the day of the next; `reviews`: the last one first;
    `carries`: whether they may record one, and read what changes; `manages`: whether they carry it by the register,
    so that they see its concerns; `since`: None for those who do not carry it."""

    contract: Contract
    due: date | None
    reviews: tuple[Review, ...]
    carries: bool
    manages: bool
    since: Since | None
    patterns: tuple[str, ...]


def sheet(connection: Connection, reference: str, person: Person, desk: Desk) -> Sheet | None:
    """The reviews of a contract; None where there is none of this reference, or they are nothing to somebody."""
    held = held_contract(connection, reference) if len(reference) <= 200 else None
    if held is None or not person.roles & INSIDERS:
        return None
    contract, people, day = held.contract, list_people(connection), desk.day
    mine, own = carries(person, contract, people, day), manages(person, contract, people, day)
    reviews = reviews_of(connection, contract)
    lines = pattern_lines(connection, contract.key, desk) if own else []
    return Sheet(
        contract, due_on(contract, connection), tuple(reviews), mine, own,
        since_last(connection, contract, reviews, desk) if mine else None, tuple(lines),
    )  # fmt: skip


def since_last(connection: Connection, contract: Contract, reviews: list[Review], desk: Desk) -> Since:
    """The concerns since the last review; ever, where none is recorded."""
    return since(connection, contract.key, reviews[0].recorded_at if reviews else None, desk.now())


def beside(message: Message, contract: Contract, desk: Desk) -> list[str]:
    """What of it stands beside an answer about the contract: what the last review found, and patterns."""
    if message.public or not message.roles & INSIDERS:
        return []
    with desk.store.reading() as connection:
        found = sheet(connection, contract.reference, sender(connection, message), desk)
    if found is None:
        return []
    return [*(saying.found_words(one) for one in found.reviews[:1]), *found.patterns]


def show(message: Message, desk: Desk) -> Reply:
    """A contract's reviews."""
    with desk.store.reading() as connection:
        person = sender(connection, message)
        found = sheet(connection, message.about.strip(), person, desk)
    return said_of(found, desk) if found else Reply(outcome=Outcome.REFUSED, text=NOBODYS)


def said_of(found: Sheet, desk: Desk) -> Reply:
    """The same in words, with what may be done."""
    last = next(iter(found.reviews), None)
    told = [f"{saying.named(found.contract)}.", saying.due_words(found.due, desk.day)]
    told.append(_last(last, found.carries))
    told += [saying.since_words(found.since)] if found.since else []
    earlier = tuple(f"{day_words(one.due_on)}: {saying.FOUND[one.outcome]}." for one in found.reviews[1 : _PAST + 1])
    return Reply(
        outcome=Outcome.REVIEW, text=" ".join(told), notes=(*found.patterns, *earlier), choices=_choices(found),
        table=saying.since_table(found.since) if found.since else None,
    )  # fmt: skip


def _last(last: Review | None, whole: bool) -> str:
    if last is None:
        return "No review is recorded here yet."
    return saying.in_full(last) if whole else saying.found_words(last)


def _choices(found: Sheet) -> tuple[Choice, ...]:
    if not found.carries:
        return ()
    last = next(iter(found.reviews), None)
    undo = (undoing(found.contract, last),) if last else ()
    return (saying.recording(found.contract), *undo)


def undoing(contract: Contract, last: Review) -> Choice:
    """The button that takes a review back."""
    return Choice(label="Undo the last review", action="undo_review", about=f"{contract.reference}|{last.id}")
