"""For officers: questions that wait for a person, contracts that end and nothing follows, what the register lacks."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.home.nouns import SHOWN, Part, Row
from handlers.intentions.ending import drafting, end_words, value_words
from handlers.intentions.times import day_words
from handlers.messages import Choice
from knowledge.register.gaps import Lack, gaps
from knowledge.register.holding import contracts
from knowledge.tables import enquiry, question
from knowledge.timeline.ending import Ending, ending

_MONTHS = 12
_OPEN = ("waiting", "claimed")
_LONGEST = 150
_LACKS = {"manager": "contract manager", "director": "lead director", "review": "review date"}


def waiting(connection: Connection, desk: Desk) -> Part:
    """The questions that were passed on and are not answered, the soonest due first."""
    count = connection.execute(sa.select(sa.func.count()).where(enquiry.c.state.in_(_OPEN))).scalar_one()
    query = (
        sa.select(enquiry.c.id, enquiry.c.state, enquiry.c.due_on, question.c.text)
        .join(question, question.c.id == enquiry.c.question)
        .where(enquiry.c.state.in_(_OPEN))
        .order_by(enquiry.c.due_on, enquiry.c.id)
        .limit(SHOWN)
    )
    return Part(
        title="Questions waiting for a person", rows=tuple(_question(row, desk) for row in connection.execute(query)),
        more=max(0, count - SHOWN), empty="No question waits.",
    )  # fmt: skip


def _question(row: sa.Row, desk: Desk) -> Row:  # type: ignore[type-arg]
    reference, text = f"E-{row.id}", " ".join(row.text.split())
    due = f"was due by {day_words(row.due_on)}" if row.due_on < desk.day else f"answer by {day_words(row.due_on)}"
    opens = Choice(label="Open", action="open_enquiry", about=reference)
    short = text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"
    taken = "somebody has it" if row.state == "claimed" else "nobody has it yet"
    return Row(f"{reference} {short or '(its words are not kept any more)'}", f"{due} · {taken}", opens)


def ending_soon(connection: Connection, desk: Desk) -> Part:
    """The contracts that end within a year and that no intention follows, the soonest first."""
    found = ending(connection, desk.day, _MONTHS)
    return Part(
        title="Ending within a year, and nothing follows", rows=tuple(map(_ending, found[:SHOWN])),
        more=max(0, len(found) - SHOWN), page="/timeline/ending",
        empty="Something follows every contract that ends within a year.",
    )  # fmt: skip


def _ending(one: Ending) -> Row:
    said = (one.contract.supplier, end_words(one), value_words(one))
    return Row(
        f"{one.contract.reference} {one.contract.title.strip()}", " · ".join(filter(None, said)),
        drafting(one, "Draft what follows"),
    )  # fmt: skip


def register_gaps(connection: Connection, desk: Desk) -> Part:
    """How many contracts over £50,000 lack a manager, a director or a review date, and the first of them."""
    found = gaps(contracts(connection), desk.day)
    share = found.share
    note = f"Of {share.contracts:,} contracts over £50,000 in force, {share.whole:,} name all that they should."
    return Part(
        title="Gaps in the register", rows=tuple(map(_gap, found.lacking[:SHOWN])),
        note=note if share.contracts else "", more=max(0, len(found.lacking) - SHOWN),
        empty="The register lacks nothing." if share.contracts else "No contract over £50,000 is in force.",
    )  # fmt: skip


def _gap(one: Lack) -> Row:
    lacks = "lacks " + ", ".join(_LACKS[name] for name in one.lacks)
    asks = Choice(label="Show", text=f"Who manages {one.reference}?")
    return Row(f"{one.reference} {one.title.strip()}", f"{lacks} · {one.department}".strip(" ·"), asks)
