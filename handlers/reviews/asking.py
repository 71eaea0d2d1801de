"""What is typed about reviews: to record one, what the last one found, when the next is, which were missed."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.concerns.case import sender
from handlers.desk import Desk
from handlers.intentions.times import day_words
from handlers.messages import Choice, Message, Outcome, Reply, Table
from handlers.reviews import recording, saying
from handlers.reviews.coming import coming, mine_words
from handlers.reviews.showing import said_of, sheet
from handlers.reviews.who import INSIDERS, carries
from handlers.reviews.words import Asks, Wanted, wanted
from knowledge.models import Person
from knowledge.people import list_people
from knowledge.register.answering import evaluate
from knowledge.register.asking.understanding import understand
from knowledge.register.contract import Contract
from knowledge.register.holding import contract as held_contract
from knowledge.register.holding import contracts_of
from knowledge.reviews import missed

_SEVERAL = 8
"""Contracts to choose from; a name that fits more is about none in particular."""
_SHOWN = 20


def read(message: Message, desk: Desk) -> Reply | None:
    """The reply to what asks about reviews, for officers; None where it asks for something else, or names no contract
    that the register has."""
    asked = wanted(message.text)
    if asked is None or message.public or not message.roles & INSIDERS or desk.at_risk(message.text):
        return None
    with desk.store.reading() as connection:
        person = sender(connection, message)
        if not person.roles & INSIDERS:
            return None
        if asked.asks is Asks.MISSED:
            return missed_said(connection, desk)
        if asked.asks is Asks.MINE:
            return mine_words(coming(connection, person, desk), desk.day)
        found = _meant(connection, asked.what, desk)
        if len(found) > 1:
            return _several(connection, found, asked, person, desk)
        if found and asked.asks is not Asks.RECORD:
            seen = sheet(connection, found[0].reference, person, desk)
            return said_of(seen, desk) if seen else None
    if not found:
        return None
    about = {"text": "", "action": "record_review", "about": found[0].reference, "fields": {}}
    return recording.act(message.model_copy(update=about), desk)


def _meant(connection: Connection, what: str, desk: Desk) -> list[Contract]:
    """The contracts that a reference or a name means; none where it fits too many, or none."""
    if held := held_contract(connection, what[:200]):
        return [held.contract]
    reader = desk.register()
    question = understand(f"who manages {what}", reader, desk.day, own=desk.own_words) if reader.size else None
    if question is None:
        return []
    chosen = evaluate(question, reader, desk.day).chosen
    if len(chosen) > _SEVERAL:
        return []
    return [one.contract for one in contracts_of(connection, [one.key for one in chosen])]


def _several(connection: Connection, found: list[Contract], asked: Wanted, person: Person, desk: Desk) -> Reply | None:
    """Which of several contracts is meant. Of days alone the register's own table tells."""
    if asked.asks is Asks.WHEN:
        return None
    if asked.asks is Asks.FOUND:
        return Reply(outcome=Outcome.REVIEW, text="Which of these?", choices=tuple(map(_opens, found)))
    people = list_people(connection)
    own = [one for one in found if carries(person, one, people, desk.day)] or found
    offers = tuple(saying.recording(one, f"Review {one.reference}, {one.title.strip()}"[:75]) for one in own)
    return Reply(outcome=Outcome.REVIEW, text="The review of which of these?", choices=offers)


def _opens(one: Contract) -> Choice:
    return saying.opening(one, f"{one.reference}, {one.title.strip()}"[:75])


def missed_said(connection: Connection, desk: Desk) -> Reply:
    """The contracts whose review is not recorded though its day has passed."""
    found = missed(connection, desk.day)
    if not found:
        return Reply(outcome=Outcome.REVIEW, text="No contract in force has missed its review.")
    rows = tuple(
        (one.contract.title.strip(), one.contract.reference, day_words(one.on), one.contract.manager.strip())
        for one in found[:_SHOWN]
    )
    text = "1 contract in force has missed its review." if len(found) == 1 else (
        f"{len(found):,} contracts in force have missed their review."
    )  # fmt: skip
    columns = ("Contract", "Reference", "Was due", "Contract manager")
    shown = Table(columns=columns, rows=rows, total=len(rows), contracts=tuple(row[1] for row in rows))
    rest = f"{len(found) - _SHOWN:,} more are in `desk review list --missed`. " if len(found) > _SHOWN else ""
    return Reply(outcome=Outcome.REVIEW, text=text, table=shown, notes=(f"{rest}The longest missed stands first.",))
