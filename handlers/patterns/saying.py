"""What concerns have in common, in words: service, districts, weeks and how they stand; nothing of what was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from handlers.concerns import saying
from handlers.desk import Desk
from handlers.intentions.times import day_words
from knowledge.concerns.nouns import Concern
from knowledge.patterns import Pattern, patterns_of, standing
from knowledge.services import service_names

_NAMED = 12
"""Concerns of a pattern that are named."""


def references(concerns: Sequence[Concern]) -> str:
    """Their references, the first one first: "C-0001, C-0002 and 3 more"."""
    names = [one.reference for one in sorted(concerns, key=lambda one: one.id)]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def in_common(found: Pattern, concerns: Sequence[Concern]) -> str:
    """What they have in common: "All about home care; in Brenmouth (3); in the weeks of ...; now 2 raised, 1
    answered"."""
    states = Counter(saying.state_in_short(one) for one in concerns)
    parts = [
        _services(found.common.get("services", {})), _places(found.common.get("districts", {})),
        _weeks(found.common.get("weeks", {})), "now " + _counts(states),
    ]  # fmt: skip
    said = "; ".join(filter(None, parts))
    return f"{said[:1].upper()}{said[1:]}."


def _services(counts: Mapping[str, int]) -> str:
    names = {saying.in_passing(service_names().get(key, "a council service")): n for key, n in counts.items()}
    return f"all about {next(iter(names))}" if len(names) == 1 else f"about {_numbered(names)}"


def _places(counts: Mapping[str, int]) -> str:
    return f"in {_numbered(counts)}" if counts else "their places are not known"


def _weeks(counts: Mapping[str, int]) -> str:
    days = {day_words(date.fromisoformat(week)): number for week, number in sorted(counts.items())}
    one = len(days) == 1
    return f"all in the week of {next(iter(days))}" if one else f"in the weeks of {_numbered(days)}"


def _numbered(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({number})" for name, number in counts.items())


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def pattern_lines(connection: Connection, contract: str, desk: Desk) -> list[str]:
    """The patterns found lately in a contract's concerns (its key), a line each, for those who carry it."""
    lines = []
    for one in patterns_of(connection, contract, desk.now() - timedelta(days=desk.pattern_days)):
        concerns = standing(connection, one)
        if len(concerns) >= desk.pattern_concerns:
            lines.append(f"{head(concerns, desk)}: {references(concerns)}. {in_common(one, concerns)}")
    return lines[:1]


def head(concerns: Sequence[Concern], desk: Desk) -> str:
    """How many there are: "3 concerns in 30 days"."""
    return f"{len(concerns)} concerns in {desk.pattern_days} days"
