"""For those who carry contracts: reviews that come up, and patterns in the concerns about them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.home.nouns import SHOWN, Part, Row
from handlers.patterns.saying import head, in_common
from handlers.reviews.coming import coming, when
from handlers.reviews.saying import opening, recording
from handlers.reviews.who import acting_for, is_theirs
from knowledge.models import Person
from knowledge.patterns import Pattern, latest, standing
from knowledge.people import list_people
from knowledge.register.contract import Contract
from knowledge.register.holding import contracts_of
from knowledge.reviews import Due


def of_contracts(connection: Connection, person: Person, desk: Desk) -> list[Part]:
    """Reviews that come up, and patterns where there are some."""
    found = patterns(connection, person, desk)
    return [reviews(connection, person, desk), *([found] if found.rows else [])]


def reviews(connection: Connection, person: Person, desk: Desk) -> Part:
    """The reviews of somebody's contracts within three months, and those that were missed, the longest due first."""
    found = coming(connection, person, desk)
    return Part(
        title="Reviews coming up", rows=tuple(_review(one, desk) for one in found[:SHOWN]), page="/reviews",
        more=max(0, len(found) - SHOWN), empty="No review of a contract of yours is due within three months.",
    )  # fmt: skip


def _review(one: Due, desk: Desk) -> Row:
    said = when(one, desk.day)
    return Row(
        f"{one.contract.reference} {one.contract.title.strip()}", f"{said[:1].upper()}{said[1:]}",
        recording(one.contract, "Record"),
    )  # fmt: skip


def patterns(connection: Connection, person: Person, desk: Desk) -> Part:
    """Several concerns on a contract of theirs, found lately."""
    acting = acting_for(person, list_people(connection), desk.day)
    found = latest(connection, desk.now() - timedelta(days=desk.pattern_days))
    held = {one.contract.key: one.contract for one in contracts_of(connection, list(found))}
    mine = {key: one for key, one in held.items() if is_theirs(one, acting)}
    rows = [row for key, one in mine.items() if (row := _pattern(connection, one, found[key], desk))]
    return Part(title="Several concerns on one contract", rows=tuple(rows[:SHOWN]), more=max(0, len(rows) - SHOWN))


def _pattern(connection: Connection, contract: Contract, found: Pattern, desk: Desk) -> Row | None:
    concerns = standing(connection, found)
    if len(concerns) < desk.pattern_concerns:
        return None
    what = f"{contract.reference} {contract.title.strip()}: {head(concerns, desk)}"
    return Row(what, in_common(found, concerns), opening(contract))
