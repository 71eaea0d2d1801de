"""The same trouble told again: an open concern that a new one resembles, offered to be followed."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.concerns import saying
from handlers.messages import Choice, Outcome, Reply
from knowledge import tables
from knowledge.concerns import record
from knowledge.concerns.alike import most_alike
from knowledge.concerns.drafts import Draft
from knowledge.concerns.nouns import OPEN, Concern
from knowledge.concerns.texts import first_texts
from knowledge.register.contract import key_of
from knowledge.register.holding import contract as held_contract

_COMPARED = 200
"""The newest of the open concerns on a contract."""


def twin_of(connection: Connection, draft: Draft, reference: str) -> Concern | None:
    """An open concern on the same contract that tells of the same."""
    key = key_of(reference)
    if not key:
        return None
    c = tables.concern.c
    others = record.concerns(connection, c.contract == key, c.state.in_(one.value for one in OPEN), limit=_COMPARED)
    written = first_texts(connection, [one.id for one in others])
    held = held_contract(connection, key)
    common = [held.contract.title, held.contract.area] if held else []
    number = most_alike(draft.body, list(written.items()), common)
    return next((one for one in others if one.id == number), None)


def offer_to_follow(about: str, twin: Concern, own: bool) -> Reply:
    """Reference and service only: who raised it and what it says stay hidden. `own`: the same Member raised it."""
    what = f"{twin.reference} about {saying.in_passing(saying.service(twin))} on this contract is open already"
    if own:
        text, label, action, subject = f"Your {what}, and may be the same.", "Open", "open", twin.reference
    else:
        text = f"{what}, and may be the same. Following it, you hear how it goes."
        label, action, subject = "Follow", "follow", f"{twin.reference}|{about.partition('|')[0]}"
    follow = Choice(label=f"{label} {twin.reference}", action=action, about=subject, style="primary")
    again = Choice(label="Raise it all the same", action="raise_new", about=about)
    return Reply(outcome=Outcome.CONTRACT, text=text, choices=(follow, again))
