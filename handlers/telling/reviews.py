"""What is told of a contract's review, and of a pattern in its concerns."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers.concerns.case import somebody
from handlers.desk import Desk
from handlers.intentions.times import day_words
from handlers.patterns.saying import head, in_common, references
from handlers.reviews.reminding import BEFORE, MISSED, TODAY
from handlers.reviews.saying import found_words, named, opening, recording, since_words
from handlers.reviews.showing import since_last
from handlers.reviews.who import carries, everybody
from handlers.telling.parts import Said
from knowledge.models import Person
from knowledge.outbox.owed import Owed
from knowledge.patterns import pattern_of, standing
from knowledge.register.contract import Contract, State
from knowledge.register.holding import contract as held_contract
from knowledge.reviews import due_on, reviews_of

_HEADS = {BEFORE: "{} is to be reviewed by {}", TODAY: "{} is to be reviewed today, {}",
          MISSED: "The review of {} was due on {} and is not recorded"}  # fmt: skip


def review(owed: Owed, desk: Desk, person: Person | None) -> Said | None:
    """That a contract's review is due, or was missed. Nothing where it is recorded, or put off, meanwhile."""
    with desk.store.reading() as connection:
        contract = _contract(connection, owed, desk)
        due = due_on(contract, connection) if contract else None
        if contract is None or due is None or due.isoformat() != owed.about.get("due"):
            return None
        kind = MISSED if due < desk.day else TODAY if due == desk.day else BEFORE
        subject = _HEADS[kind].format(contract.reference, day_words(due))
        past = reviews_of(connection, contract)
        said = [f"{_HEADS[kind].format(named(contract), day_words(due))}."]
        said += [found_words(past[0])] if past else []
        said.append(since_words(since_last(connection, contract, past, desk)))
        return subject, " ".join(said), (recording(contract),) if _may(connection, contract, owed, desk) else ()


def pattern(owed: Owed, desk: Desk, person: Person | None) -> Said | None:
    """Several concerns on a contract: references, and what they have in common. Nothing where too few of them count
    still."""
    with desk.store.reading() as connection:
        contract, found = _contract(connection, owed, desk), pattern_of(connection, int(owed.about.get("pattern", 0)))
        concerns = standing(connection, found) if found else []
        if contract is None or found is None or len(concerns) < desk.pattern_concerns:
            return None
        subject = f"{contract.reference}: {head(concerns, desk)}"
        text = f"{head(concerns, desk)} on {named(contract)}: {references(concerns)}. {in_common(found, concerns)}"
        known = somebody(owed.recipient, everybody(connection, contract))
        return subject, text, (opening(contract, "Reviews and concerns"),) if known else ()


def _contract(connection: Connection, owed: Owed, desk: Desk) -> Contract | None:
    """The contract it is about, while it runs."""
    held = held_contract(connection, str(owed.about.get("contract", "")))
    return held.contract if held and held.state(desk.day) is not State.ENDED else None


def _may(connection: Connection, contract: Contract, owed: Owed, desk: Desk) -> bool:
    """Whether whoever is told may record it, on the people list or only named by the contract."""
    people = everybody(connection, contract)
    who = somebody(owed.recipient, people)
    return who is not None and carries(who, contract, people, desk.day)


MAKERS: dict[str, Callable[[Owed, Desk, Person | None], Said | None]] = {
    BEFORE: review, TODAY: review, MISSED: review, "pattern": pattern,
}  # fmt: skip
