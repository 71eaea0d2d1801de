"""How often somebody hears: at once, or in a round-up on some days."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from knowledge.workdays import LONDON

AT_ONCE, DAILY, WEEKLY = "at once", "daily", "weekly"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOUR = time(8)
"""When round-ups leave, in England."""
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ONCE = frozenset({"at once", "atonce", "once", "immediately", "immediate", "now", "straight away", "instant"})


def read_every(text: str) -> str:
    """How often, in one form: "at once", "daily", "weekly" (Mondays), or days as "mon,thu". Raises ValueError."""
    said = re.sub(r"[\s_-]+", " ", text.strip().casefold())
    if said in _ONCE or not said:
        return AT_ONCE
    if re.fullmatch(r"daily|(?:every|each) (?:day|morning)", said):
        return DAILY
    if re.fullmatch(r"weekly|(?:every|each|once a) week", said):
        return WEEKLY
    words = re.findall(r"[a-z]+", re.sub(r"\b(?:every|each|on|and|days?)\b", " ", said))
    days = [next((i for i, day in enumerate(DAYS) if word.startswith(day)), None) for word in words]
    if not days or None in days:
        raise ValueError(f"{text.strip()[:40]!r}: say at once, daily, weekly, or days such as mon,thu")
    return ",".join(DAYS[i] for i in sorted({day for day in days if day is not None}))


def in_words(every: str) -> str:
    """How often, for people: "every Monday and Thursday"."""
    if every == AT_ONCE:
        return "at once"
    if every == DAILY:
        return "every morning"
    names = [_NAMES[number] for number in _days(every)]
    said = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"every {said} morning" if len(names) == 1 else f"every {said}"


def due(every: str, now: datetime) -> datetime:
    """When somebody is to hear of what happens now: now, or at the hour of the next of their days, in UTC's terms."""
    if every == AT_ONCE:
        return now
    here, days = now.astimezone(LONDON), _days(every)
    for ahead in range(8):
        day = here.date() + timedelta(days=ahead)
        moment = datetime.combine(day, HOUR, LONDON)
        if day.weekday() in days and moment > here:
            return moment.astimezone(now.tzinfo)
    raise ValueError(f"no day in {every!r}")


def _days(every: str) -> list[int]:
    if every == DAILY:
        return list(range(7))
    return [0] if every == WEEKLY else [DAYS.index(day) for day in every.split(",")]
