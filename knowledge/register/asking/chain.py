"""What a question asks of the supply chain: sub-contractors, when who is paid, what goes on to small firms."""

from __future__ import annotations

import re

from knowledge.register.asking.nouns import Paid, Want
from knowledge.register.asking.phrases import phrases
from knowledge.register.asking.reading import Reading

_BY = {"below": "subcontractor_terms", "council": "payment_terms"}
_LATEST = 999


def asks(text: str) -> bool:
    """Whether a message has words of the supply chain at all."""
    return any(pattern.search(text) for pattern in phrases("chain").values())


def having(reading: Reading) -> frozenset[str]:
    """The fields in which contracts must have something."""
    return frozenset(field for field, pattern in phrases("having").items() if reading.take(pattern))


def paid(reading: Reading) -> Paid | None:
    """Within how many days must be paid, and by whom."""
    for who, pattern in phrases("paid").items():
        if match := reading.take(pattern):
            return _paid(_BY[who], match)
    return None


def _paid(by: str, match: re.Match[str]) -> Paid:
    given = {name: value for name, value in match.groupdict().items() if value}
    days = int(next(value for name, value in given.items() if name.startswith("n")))
    how = next((value.lower() for name, value in given.items() if name.startswith("how")), "")
    if re.match(r"later|after|over|more|longer|beyond", how):
        return Paid(by, days + 1, _LATEST, f"{_WHO[by]} later than {days} days")
    if re.match(r"with?in|in|inside|under|up|no later|by|less", how):
        return Paid(by, 0, days, f"{_WHO[by]} within {days} days")
    return Paid(by, days, days, f"{_WHO[by]} in {days} days")


_WHO = {"subcontractor_terms": "paying sub-contractors", "payment_terms": "paid"}


def wants(reading: Reading) -> list[Want]:
    """What a question wants to know of a contract's supply chain."""
    found = [Want(name) for name, pattern in phrases("chain").items() if reading.take_all(pattern)]
    if found:
        reading.take_all(phrases("chain_lost")["words"])
    return found


def names_below(reading: Reading) -> list[Want]:
    """Whether the sub-contractors are wanted, where they are merely named in the question."""
    return [Want.SUBCONTRACTORS] if reading.take_all(phrases("chain_named")["subcontractors"]) else []
