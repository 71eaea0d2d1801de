"""Own entries: what the council has added to the digest. Adding, changing or retiring one raises the edition, so that
the next question finds it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.library import raise_edition
from knowledge.models import Access, DigestEntry, Noun, Role
from knowledge.parties import address_of, party_of
from knowledge.people import find_person
from knowledge.store import aware
from knowledge.tables import own_entry


class Standing(StrEnum):
    """How an own entry stands. RETIRED: nobody is answered with it any more."""

    LIVE = "live"
    RETIRED = "retired"


class OwnEntry(Noun):
    """A digest entry the council has added. `document`, `locator`: what it rests on, "" where that is an officer's
    answer; `asks`: ways of asking for it; `access`: who may read it; `made_by`: the address of whoever wrote it, ""
    where it came from a file, and `by` what the people list says of them ("Jo Lee (officer)"); `review_on`: when
    somebody looks at it again, None for never."""

    id: str
    document: str = ""
    locator: str = ""
    digest: str
    asks: tuple[str, ...] = ()
    access: Access
    standing: Standing = Standing.LIVE
    made_by: str = ""
    by: str = ""
    made_at: datetime
    review_on: date | None = None

    @property
    def entry(self) -> DigestEntry:
        """What it has in common with the pack's."""
        return DigestEntry(id=self.id, document=self.document, locator=self.locator, digest=self.digest, asks=self.asks)


def live(connection: Connection) -> list[OwnEntry]:
    """Those that answer, the oldest first."""
    return _read(connection, own_entry.c.state == Standing.LIVE.value)


def due_for_review(connection: Connection, day: date) -> list[OwnEntry]:
    """Those that answer and that somebody is to look at by a day."""
    return _read(connection, sa.and_(own_entry.c.state == Standing.LIVE.value, own_entry.c.review_on <= day))


def by_id(connection: Connection, id: str) -> OwnEntry | None:
    """One, whether it answers or not."""
    return next(iter(_read(connection, own_entry.c.id == id)), None)


def add(
    connection: Connection, now: datetime, *, digest: str, asks: Sequence[str], access: Access, made_by: str = "",
    document: str = "", locator: str = "", review_on: date | None = None, id: str = "",
) -> OwnEntry:  # fmt: skip
    """Adds one. `made_by`: an address; `id`: one of its own where it is left out."""
    one = OwnEntry(
        id=id or f"own-{secrets.token_hex(5)}", document=document, locator=locator, digest=digest,
        asks=tuple(dict.fromkeys(asks)), access=access, made_by=made_by, made_at=now, review_on=review_on,
    )  # fmt: skip
    row = {
        "id": one.id, "document": document, "locator": locator, "digest": digest, "asks": list(one.asks),
        "access": access.value, "state": Standing.LIVE.value, "made_at": now, "review_on": review_on,
        "made_by": party_of(connection, made_by) if made_by else None,
    }  # fmt: skip
    connection.execute(sa.insert(own_entry).values(**row))
    raise_edition(connection)
    return one


def change(connection: Connection, id: str, values: Mapping[str, Any]) -> bool:
    """Writes other values in the place of what an entry said (digest, asks, access ...). False where there is none that
    answers."""
    which = sa.and_(own_entry.c.id == id, own_entry.c.state == Standing.LIVE.value)
    changed = connection.execute(sa.update(own_entry).where(which).values(**values)).rowcount == 1
    if changed:
        raise_edition(connection)
    return changed


def keep(connection: Connection, id: str, review_on: date) -> bool:
    """Somebody has looked at it, and it is good until another day. False where there is none that answers."""
    return change(connection, id, {"review_on": review_on})


def retire(connection: Connection, id: str) -> bool:
    """Nobody is answered with it any more. False where nobody was."""
    return change(connection, id, {"state": Standing.RETIRED.value})


def _read(connection: Connection, where: sa.ColumnElement[bool]) -> list[OwnEntry]:
    rows = connection.execute(sa.select(own_entry).where(where).order_by(own_entry.c.made_at, own_entry.c.id)).all()
    makers = {number: address_of(connection, number) for number in {row.made_by for row in rows}}
    words = {address: by_words(connection, address) for address in makers.values()}
    return [
        OwnEntry(
            id=row.id, document=row.document, locator=row.locator, digest=row.digest, asks=tuple(row.asks),
            access=Access(row.access), standing=Standing(row.state), made_by=makers[row.made_by],
            by=words[makers[row.made_by]], made_at=aware(row.made_at), review_on=row.review_on,
        )
        for row in rows
    ]  # fmt: skip


def by_words(connection: Connection, address: str) -> str:
    """Who somebody of the council is, by name and role; "an officer" for whoever is not on the list, or has no name
    there."""
    if not address:
        return ""
    person = find_person(connection, email=address if "@" in address else "", slack_id=address)
    if person is None or not person.name:
        return "an officer"
    roles = ["Member" if role is Role.MEMBER else role.value for role in Role if role in person.roles]
    return f"{person.name} ({roles[0]})"
