"""Providers: whom to ask at them, what they were asked about a concern, and what they answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.concerns.nouns import Request
from knowledge.concerns.record import FAR
from knowledge.parties import address_of, party_of
from knowledge.register.contract import key_of
from knowledge.store import aware
from knowledge.tables import party, provider_contact, provider_request


class ProviderContact(NamedTuple):
    """Whom to ask at a provider. `contract`: for which, "" for all of theirs; `given_by`: who gave the address;
    `unreachable`: why nothing arrives there."""

    provider: str
    contract: str
    address: str
    name: str
    given_by: str
    given_at: datetime
    unreachable: str


def keep_contact(
    connection: Connection, provider: str, contract: str, address: str, name: str, given_by: str, now: datetime
) -> bool:
    """Keeps whom to ask at a provider, and who said so. False where it was known."""
    key, number = provider_key(provider), party_of(connection, address)
    c = provider_contact.c
    same = sa.and_(c.provider == key, c.contract == key_of(contract), c.party == number)
    known = connection.execute(sa.select(c.id).where(same)).first()
    connection.execute(sa.delete(provider_contact).where(same))
    row = {"provider": key, "contract": key_of(contract), "party": number, "name": name[:200], "given_at": now}
    by = party_of(connection, given_by) if given_by else None
    connection.execute(sa.insert(provider_contact).values(**row, given_by=by))
    return known is None


def contacts_of(connection: Connection, provider: str, contract: str = "") -> list[ProviderContact]:
    """Whom to ask at a provider, the likeliest first: given for this contract, reached so far, given last."""
    c = provider_contact.c
    where = sa.and_(c.provider == provider_key(provider), c.contract.in_({"", key_of(contract)}))
    found = _contacts(connection, where)
    return sorted(found, key=lambda one: (bool(one.unreachable), not one.contract, -one.given_at.timestamp()))


def all_contacts(connection: Connection) -> list[ProviderContact]:
    """Every contact the desk knows, by provider."""
    return sorted(_contacts(connection, sa.true()), key=lambda one: (one.provider, one.contract, one.address))


def provider_key(name: str) -> str:
    """A provider's name as it is compared."""
    return " ".join(name.casefold().split())[:300]


def ask(
    connection: Connection,
    *,
    concern: int,
    contract: str,
    asked_by: str,
    asked_of: str,
    question: int,
    now: datetime,
    answer_by: datetime,
) -> int:
    """Writes down what a provider is asked, and gives its number. `question`: the number of the text."""
    row = {
        "concern": concern, "contract": contract, "asked_by": party_of(connection, asked_by), "chased": 0,
        "asked_of": party_of(connection, asked_of), "asked_at": now, "answer_by": answer_by, "question": question,
        "state": "open",
    }  # fmt: skip
    inserted = sa.insert(provider_request).values(**row).returning(provider_request.c.id)
    return int(connection.execute(inserted).scalar_one())


def request(connection: Connection, id: int) -> Request | None:
    """One request by its number."""
    found = _requests(connection, provider_request.c.id == id)
    return found[0] if found else None


def requests_of(connection: Connection, concern: int) -> list[Request]:
    """What providers were asked about a concern, oldest first."""
    return _requests(connection, provider_request.c.concern == concern)


def requests_on(connection: Connection, contract: str) -> list[Request]:
    """What was asked about a contract in any concern: how its provider keeps its word."""
    return _requests(connection, provider_request.c.contract == contract)


def answer_request(connection: Connection, id: int, *, answer: int, promised: date | None, now: datetime) -> None:
    """Writes down a provider's answer; a later one takes the place of the first."""
    values = {"answer": answer, "promised": promised, "answered_at": now, "state": "answered"}
    connection.execute(sa.update(provider_request).where(provider_request.c.id == id).values(**values))


def end_requests(connection: Connection, concern: int) -> None:
    """Nobody waits any more for what providers were asked about a concern."""
    waiting = sa.and_(provider_request.c.concern == concern, provider_request.c.state == "open")
    connection.execute(sa.update(provider_request).where(waiting).values(state="ended"))


def end_request(connection: Connection, id: int) -> None:
    """Nobody waits any more for what a provider was asked."""
    connection.execute(sa.update(provider_request).where(provider_request.c.id == id).values(state="ended"))


def count_chase(connection: Connection, id: int) -> None:
    """Counts that a provider was late and was reminded."""
    r = provider_request.c
    connection.execute(sa.update(provider_request).where(r.id == id).values(chased=r.chased + 1))


def _requests(connection: Connection, where: sa.ColumnElement[bool]) -> list[Request]:
    rows = connection.execute(sa.select(provider_request).where(where).order_by(provider_request.c.id)).all()
    return [_request(connection, row) for row in rows]


def _request(connection: Connection, row: sa.Row[Any]) -> Request:
    return Request(
        id=row.id, concern=row.concern, contract=row.contract, asked_by=address_of(connection, row.asked_by),
        asked_of=address_of(connection, row.asked_of), asked_at=aware(row.asked_at), answer_by=aware(row.answer_by),
        promised=row.promised, answered_at=aware(row.answered_at) if row.answered_at else None,
        question=row.question, answer=row.answer, chased=row.chased, open=row.state == "open",
    )  # fmt: skip


def _contacts(connection: Connection, where: sa.ColumnElement[bool]) -> Sequence[ProviderContact]:
    c = provider_contact.c
    query = sa.select(provider_contact, party.c.address, party.c.unreachable).join(party, c.party == party.c.id)
    return [
        ProviderContact(
            row.provider, row.contract, row.address, row.name, address_of(connection, row.given_by),
            aware(row.given_at or FAR), row.unreachable,
        )
        for row in connection.execute(query.where(where))
    ]  # fmt: skip
