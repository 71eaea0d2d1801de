"""How long each kind of personal text is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from knowledge.models import Noun
from knowledge.periods import months_on
from knowledge.workdays import LONDON


class Periods(Noun):
    """Days, and of concerns months, for which each kind is kept: the settings DESK_..._KEPT. `backups`: how long the
    council keeps a copy of the whole, in which nothing can be erased."""

    concerns: int = 12
    drafts: int = 1
    conversations: int = 14
    questions: int = 90
    incoming: int = 30
    notifications: int = 90
    unconfirmed: int = 7
    addresses: int = 28
    postings: int = 28
    links: int = 1
    undo: int = 30
    backups: int = 35

    def span(self, name: str) -> timedelta:
        """So many days, for all but concerns."""
        return timedelta(days=int(getattr(self, name)))

    def before(self, name: str, now: datetime) -> datetime:
        """What is older than this moment is cleared."""
        if name != "concerns":
            return now - self.span(name)
        here = now.astimezone(LONDON)
        return datetime.combine(months_on(here.date(), -self.concerns), here.timetz())

    def words(self, name: str) -> str:
        """How long something is kept, for people: "12 months", "1 day"."""
        number = int(getattr(self, name))
        return f"{number:,} {'month' if name == 'concerns' else 'day'}{'' if number == 1 else 's'}"
