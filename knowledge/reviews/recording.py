"""Recording a review, with its account, and taking it back."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.audit import Deed, account
from knowledge.parties import party_of
from knowledge.register import correcting
from knowledge.register.contract import Contract
from knowledge.reviews.due import Finding, Review, due_on, last_of
from knowledge.tables import contract_review
from knowledge.workdays import day_of

LONGEST = 4_000
"""Characters of what changes."""
KIND = "review"
"""What the audit calls a review."""


class CannotRecord(Exception):
    """A review that cannot be recorded. Its text says why."""


def record(
    connection: Connection, contract: Contract, outcome: Finding, changes: str, next_on: date | None, now: datetime,
    *, by: str = "",
) -> Review:  # fmt: skip
    """Records the review that is due, and the day of the next. `by`: an address, "" for the command line. Raises
    CannotRecord where somebody else just has."""
    due = due_on(contract, connection) or day_of(now)
    row = {
        "contract": contract.key, "due_on": due, "outcome": outcome.value, "changes": changes, "next_on": next_on,
        "recorded_by": party_of(connection, by) if by else None, "recorded_at": now,
    }  # fmt: skip
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(contract_review).values(**row))
    except sa.exc.IntegrityError:
        raise CannotRecord(f"the review of {contract.reference} is recorded already") from None
    correcting.correct(connection, contract.reference, "review", next_on.isoformat() if next_on else "")
    account(connection, Deed.CHANGED, KIND, contract.key, now, by=by)
    made = last_of(connection, contract)
    assert made is not None  # noqa: S101 - it was written a few lines above
    return made


def undo(connection: Connection, contract: Contract, now: datetime, *, by: str = "") -> Review | None:
    """Takes the review recorded last back: what was due before it is due again, and what it said of changes is not
    kept, for nobody reads it any more. None where there is none."""
    last = last_of(connection, contract)
    if last is None:
        return None
    stands = sa.and_(contract_review.c.id == last.id, contract_review.c.undone_at.is_(None))
    if connection.execute(sa.update(contract_review).where(stands).values(undone_at=now, changes="")).rowcount != 1:
        return None
    if contract.review == last.next_on:  # nobody has put another day there since
        _give_back(connection, contract, last)
    account(connection, Deed.UNDID, KIND, contract.key, now, by=by)
    return last


def _give_back(connection: Connection, contract: Contract, last: Review) -> None:
    """Has the register schedule what was due before. Where nothing was, the review was recorded as of its own day, and
    what the file says counts again."""
    held = correcting.wanted(connection, contract.reference)
    if "review" in held.corrected:
        held = correcting.undo(connection, contract.reference, "review")
    before = last_of(connection, contract)
    planned = before is not None and before.next_on == last.due_on
    if held.contract.review != last.due_on and (planned or last.due_on != day_of(last.recorded_at)):
        correcting.correct(connection, contract.reference, "review", last.due_on.isoformat())
