"""What is told once a month of contracts that end, to those who manage them."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.intentions.ending import drafting, line
from handlers.telling.parts import Said
from knowledge.models import Person
from knowledge.outbox.owed import Owed
from knowledge.register.holding import contracts_of
from knowledge.timeline.ending import Ending, ending_of, followed_keys, is_followed

_SHOWN = 10


def ending(owed: Owed, desk: Desk, person: Person | None) -> Said | None:
    """Their contracts that end and that nothing follows; nothing where by now something follows each of them."""
    found = _still(owed, desk)
    if not found:
        return None
    one = len(found) == 1
    head = f"{len(found)} contract{' ends' if one else 's end'} within {desk.ending_within} months"
    text = f"{head}, and nothing on the timeline follows {'it' if one else 'them'}. Providers wait to hear what comes."
    more = [f"and {len(found) - _SHOWN} more: see /timeline/ending."] if len(found) > _SHOWN else []
    shown = found[:_SHOWN]
    return head, "\n".join([text, *map(line, shown), *more]), tuple(drafting(each) for each in shown)


def _still(owed: Owed, desk: Desk) -> list[Ending]:
    with desk.store.reading() as connection:
        followed = followed_keys(connection)
        held = contracts_of(connection, list(owed.about.get("contracts", ())))
    found = [one for each in held if (one := ending_of(each, desk.day)) and not is_followed(one.contract, followed)]
    return sorted(found, key=lambda one: (one.ends, one.contract.key))
