"""The week's questions: counted once a week, told to officers on Monday morning."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.questions.who import officers, tell
from knowledge.facts import fact, set_fact
from knowledge.questions.enquiries import is_late
from knowledge.questions.listing import Report, report
from knowledge.questions.ratings import REASONS
from knowledge.subscriptions.pace import WEEKLY, due

_TOLD = "questions_told"
_WEEK = timedelta(days=7)
_SHOWN = 5
_LONGEST = 150


def tell_weekly(connection: Connection, desk: Desk) -> int:
    """Timed: from Monday at eight on officers are owed the week's round-up, once. Returns how many were told. A desk
    that has never told anything begins with the next Monday."""
    monday = due(WEEKLY, desk.now()) - _WEEK
    before = fact(connection, _TOLD)
    if before is not None and datetime.fromisoformat(before) >= monday:
        return 0
    set_fact(connection, _TOLD, monday.isoformat())
    if before is None or report(connection, monday - _WEEK, monday).empty:
        return 0
    until = monday.isoformat()
    return tell(connection, desk, officers(connection, desk), "questions", f"questions:{until}", {"until": until})


def round_up(connection: Connection, until: str) -> str:
    """The round-up of the week before a moment, "" where there is nothing to do about it any more."""
    try:
        end = datetime.fromisoformat(until)
    except ValueError:
        return ""
    found = report(connection, end - _WEEK, end)
    return "" if found.empty else "\n".join(lines_of(found))


def lines_of(found: Report) -> list[str]:
    """What a report says, in lines."""
    lines = [
        f"{found.asked} asked about the papers, {found.answered} answered; {found.good} rated good, {found.bad} bad."
    ]
    if found.not_found:
        lines.append("Asked and not found:")
        lines += [f"• {_short(one.text)}{_times(one.count)}" for one in found.not_found[:_SHOWN]]
        lines += _more(len(found.not_found))
    if found.rated_badly:
        lines.append("Rated badly:")
        lines += [f"• {_short(one.question.text)}{_why(one.reasons)}" for one in found.rated_badly[:_SHOWN]]
        lines += _more(len(found.rated_badly))
    if found.silent:
        titles = [about.title for about in found.silent[:_SHOWN]]
        lines += [f"Papers that answered nothing: {'; '.join(titles)}.", *_more(len(found.silent))]
    if found.waiting:
        late = sum(is_late(one, found.until) for one in found.waiting)
        lines.append(f"Waiting for a person: {len(found.waiting)}{f', {late} of them late' if late else ''}.")
    return lines


def _short(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(' ', 1)[0] + ' …'}”"


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""


def _why(reasons: tuple[str, ...]) -> str:
    said = [REASONS[one].removeprefix("It is ").lower() for one in reasons if one in REASONS]
    return f" ({', '.join(said)})" if said else ""


def _more(count: int) -> list[str]:
    return [f"and {count - _SHOWN} more: `desk questions`."] if count > _SHOWN else []
