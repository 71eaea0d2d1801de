"""What providers offer others: a sub-contract, a partner wanted. Written down, and published once an officer says so.

A change of one is another posting that takes its place: an officer publishes what they have read, and nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.models import Noun
from knowledge.parties import address_of, parties_of, party_of
from knowledge.store import aware
from knowledge.subscriptions.forgetting import AFTER, forget_addresses
from knowledge.subscriptions.nouns import Offer
from knowledge.tables import intention, posting
from knowledge.timeline.differing import as_record
from knowledge.timeline.nouns import State as Standing
from knowledge.timeline.nouns import Terms
from knowledge.workdays import day_of

MOST_WAITING, MOST_WAITING_IN_ALL = 10, 300
"""Postings of one provider, and of all, that wait for an officer at a time."""
MOST_A_DAY = 20
"""Postings and changes of one provider in a day: an officer is written to for each."""
_AT_ONCE = 400
KEPT_FOR = timedelta(days=28)
"""How long what was refused or taken back is kept."""


class State(StrEnum):
    """How a posting stands. WITHDRAWN: taken back by its poster, or replaced by what they wrote later."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Posting(Noun):
    """What a provider offers. `posted_by`: the address of whoever wrote it; `contract`: a reference of the register, ""
    for none; `terms`: what it says; `why`: of a change, the reason; `reason`: why it was refused or taken back;
    `intention`: its number on the timeline, of one that is to be changed before it is published; `on_timeline`: its
    reference there, "" for none."""

    id: int
    kind: Offer
    posted_by: str
    provider: str
    contract: str
    terms: Terms
    why: str = ""
    state: State
    reason: str = ""
    made_at: datetime
    decided_by: int | None = None
    decided_at: datetime | None = None
    intention: int | None = None
    on_timeline: str = ""

    @property
    def reference(self) -> str:
        """What people call it: P-12."""
        return f"P-{self.id}"


class TooMany(Exception):
    """So much waits for an officer that nothing more is taken. Its text says so."""


def number_of(reference: str) -> int | None:
    """The number of "P-12" or "p12"; None for anything else."""
    digits = reference.strip().upper().removeprefix("P").lstrip("-").strip()
    found = reference.strip().upper().startswith("P") and digits.isascii() and digits.isdigit() and len(digits) < 10
    return int(digits) if found else None


# --- writing down -------------------------------------------------------------------------------------------------


def post(
    connection: Connection, now: datetime, *, posted_by: str, contract: str, terms: Terms,
    before: Posting | None = None, why: str = "",
) -> int:  # fmt: skip
    """Writes down what a provider offers, to wait for an officer; the same once more is the same posting. `terms`: with
    `posted_by`, and either `partner` or `subcontract`; `before`: the posting whose place it takes. Returns its number.
    Raises TooMany."""
    party, said = party_of(connection, posted_by), {"terms": as_record(terms), "why": why}
    held = [one for one in waiting(connection) if one.posted_by == address_of(connection, party)]
    wanted = (terms, contract, why, before.intention if before else None)
    if same := next((one for one in held if (one.terms, one.contract, one.why, one.intention) == wanted), None):
        _replace(connection, before, same.id, now)
        return same.id
    _check(connection, party, len(held), now)
    kind = Offer.PARTNER if terms.partner else Offer.SUBCONTRACT
    row = {
        "kind": kind.value, "posted_by": party, "provider": terms.posted_by[:300], "contract": contract[:200],
        "said": said, "state": State.WAITING.value, "reason": "", "made_at": now,
        "intention": before.intention if before else None,
    }  # fmt: skip
    number = int(connection.execute(sa.insert(posting).values(**row).returning(posting.c.id)).scalar_one())
    _replace(connection, before, number, now)
    return number


def _replace(connection: Connection, before: Posting | None, number: int, now: datetime) -> None:
    if before:
        take_back(connection, before, f"replaced by P-{number}", now, but=number)


def _check(connection: Connection, party: int, held: int, now: datetime) -> None:
    if held >= MOST_WAITING or _count(connection, posting.c.state == State.WAITING.value) >= MOST_WAITING_IN_ALL:
        raise TooMany("So much waits for an officer that nothing more is taken now. Try again in a day or two.")
    today = sa.and_(posting.c.posted_by == party, posting.c.made_at > now - timedelta(days=1))
    if _count(connection, today) >= MOST_A_DAY:
        raise TooMany("That is a lot for one day. Try again tomorrow.")


def _count(connection: Connection, which: sa.ColumnElement[bool]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(posting).where(which)).scalar_one())


def decide(
    connection: Connection, id: int, state: State, now: datetime, *, by: int | None = None, reason: str = ""
) -> bool:
    """Decides about a posting that waits. False where it does not, or does no more: the first who decides counts."""
    values: dict[str, Any] = {"state": state.value, "reason": reason, "decided_by": by, "decided_at": now}
    waits = sa.and_(posting.c.id == id, posting.c.state == State.WAITING.value)
    return connection.execute(sa.update(posting).where(waits).values(**values)).rowcount == 1


def place(connection: Connection, id: int, intention: int) -> None:
    """Notes which intention a posting has become."""
    connection.execute(sa.update(posting).where(posting.c.id == id).values(intention=intention))


def take_back(connection: Connection, one: Posting, reason: str, now: datetime, *, but: int = 0) -> None:
    """What waits of an offer, but one posting, waits no more."""
    same = posting.c.intention == one.intention if one.intention else posting.c.id == one.id
    waits = sa.and_(same, posting.c.state == State.WAITING.value, posting.c.id != but)
    values = {"state": State.WITHDRAWN.value, "reason": reason, "decided_at": now}
    connection.execute(sa.update(posting).where(waits).values(**values))


def forget_old(connection: Connection, now: datetime, kept: timedelta = KEPT_FOR, after: timedelta = AFTER) -> int:
    """Forgets who posted what, four weeks after it was refused or taken back, or closed: what was published stays on
    the timeline. `kept`: in place of four weeks; `after`: see `forget_addresses`. Returns how many."""
    before = now - kept
    over = posting.c.state.in_([State.REFUSED.value, State.WITHDRAWN.value])
    gone = sa.or_(intention.c.closes < day_of(before), intention.c.state == Standing.WITHDRAWN.value)
    closed = posting.c.intention.in_(sa.select(intention.c.id).where(gone))
    old = sa.and_(sa.or_(over, closed), posting.c.decided_at < before)
    rows = connection.execute(sa.delete(posting).where(old).returning(posting.c.posted_by)).scalars()
    posters = list(rows)
    forget_addresses(connection, now, sorted(set(posters))[:_AT_ONCE], after)
    return len(posters)


# --- reading ------------------------------------------------------------------------------------------------------


def by_number(connection: Connection, id: int) -> Posting | None:
    """A posting by its number."""
    return next(iter(_read(connection, posting.c.id == id)), None)


def waiting(connection: Connection) -> list[Posting]:
    """Those that wait for an officer, the oldest first."""
    return _read(connection, posting.c.state == State.WAITING.value)


def of_somebody(connection: Connection, addresses: tuple[str, ...]) -> list[Posting]:
    """Those of whoever goes by these addresses that wait or are published, the oldest first."""
    states = posting.c.state.in_([State.WAITING.value, State.PUBLISHED.value])
    return _read(connection, sa.and_(posting.c.posted_by.in_(parties_of(connection, addresses)), states))


def _read(connection: Connection, where: Any) -> list[Posting]:
    query = (
        sa.select(posting, intention.c.reference)
        .outerjoin(intention, intention.c.id == posting.c.intention)
        .where(where)
        .order_by(posting.c.id)
    )
    return [_posting(connection, row) for row in connection.execute(query).all()]


def _posting(connection: Connection, row: Any) -> Posting:
    return Posting(
        id=row.id, kind=Offer(row.kind), posted_by=address_of(connection, row.posted_by), provider=row.provider,
        contract=row.contract, terms=Terms.model_validate(row.said["terms"]), why=row.said["why"],
        state=State(row.state), reason=row.reason, made_at=aware(row.made_at), decided_by=row.decided_by,
        decided_at=aware(row.decided_at) if row.decided_at else None, intention=row.intention,
        on_timeline=row.reference or "",
    )  # fmt: skip
