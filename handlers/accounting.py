"""Accounting for what people see: a concern's text wherever it is shown, a file kept with one, what is not theirs."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.concerns.case import known_as, sender
from handlers.desk import Desk
from handlers.messages import Message, Reply
from knowledge.attachments import Kept, attachment
from knowledge.audit import Deed, account, account_once, lately
from knowledge.concerns.nouns import number_of
from knowledge.models import Person


def saw_written(message: Message, reply: Reply, desk: Desk) -> None:
    """Accounts for a reply that shows what was written in a concern. Whatever cannot be accounted for is not shown:
    what goes wrong here is raised. At the terminal, where whoever has the machine speaks in somebody's name, each look
    is accounted for, and marked."""
    number = number_of(reply.concern) if reply.concern and reply.written else None
    if number is None:
        return
    with desk.store.reading() as connection:
        by = known_as(sender(connection, message))
    counts = {"texts": len(reply.written)}
    if message.surface != "terminal":
        return saw_text(desk, number, by, counts)
    with desk.store.writing() as connection:
        account(connection, Deed.SAW, "concern", number, desk.now(), by=by, counts={**counts, "terminal": 1})


def saw_text(desk: Desk, concern: int, by: str, counts: dict[str, int]) -> None:
    """Accounts for somebody (an address) being shown the text of a concern, once an hour."""
    with desk.store.reading() as connection:
        if lately(connection, Deed.SAW, "concern", concern, desk.now(), by):
            return
    with desk.store.writing() as connection:
        account_once(connection, Deed.SAW, "concern", concern, desk.now(), by=by, counts=counts)


def paper(message: Message, concern: int, id: int, desk: Desk) -> Kept | None:
    """A file kept with a concern, for its sender, whom the caller knows to see all of it; None where there is none."""
    with desk.store.writing() as connection:
        found = attachment(connection, id)
        if found is not None:
            by = known_as(sender(connection, message))
            account_once(connection, Deed.SAW, "attachment", id, desk.now(), by=by, counts={"concern": concern})
    return found


def refused(connection: Connection, person: Person, kind: str, about: str | int, desk: Desk) -> None:
    """Accounts for somebody on the people list asking for what is not theirs, once an hour."""
    if person.listed:
        account_once(connection, Deed.REFUSED, kind, about, desk.now(), by=known_as(person))
