"""What is said of reviews, in words for people."""

from __future__ import annotations

from datetime import date

from handlers.concerns import saying as of_concerns
from handlers.intentions.times import day_words
from handlers.messages import Choice, Table
from knowledge.concerns.nouns import Concern
from knowledge.concerns.since import Since
from knowledge.register.contract import Contract
from knowledge.reviews import Finding, Review
from knowledge.workdays import day_of

FOUND: dict[Finding, str] = {
    Finding.MET: "outcomes met", Finding.PARTLY: "outcomes partly met", Finding.NOT_MET: "outcomes not met",
}  # fmt: skip
_SHOWN = 25
"""Concerns that stand beside a form."""


def named(contract: Contract) -> str:
    """A contract: "Home care: Brenmouth (MCC-0002)"."""
    return f"{' '.join(contract.title.split())} ({contract.reference})"


def due_words(due: date | None, day: date) -> str:
    """When the next review is, in a sentence."""
    if due is None:
        return "No review is scheduled."
    if due < day:
        return f"Its review was due on {day_words(due)} and is not recorded."
    return "Its review is due today." if due == day else f"Its next review is due on {day_words(due)}."


def found_words(one: Review) -> str:
    """What a review found, and when: for every officer."""
    recorded = day_of(one.recorded_at)
    of = "" if recorded == one.due_on else f", the one due on {day_words(one.due_on)}"
    return f"The last review, recorded on {day_words(recorded)}{of}, found its {FOUND[one.outcome]}."


def in_full(one: Review) -> str:
    """The same with what changes: for those who carry the contract."""
    changes = " ".join(one.changes.split())
    return found_words(one) + (f" What changes: {changes}" if changes else " Nothing changes.")


def since_words(found: Since) -> str:
    """How many concerns there were since the last review, how many late, how many reopened."""
    after = f"since the last review ({day_words(day_of(found.moment))})" if found.moment else "so far"
    count = len(found.concerns)
    if not count:
        return f"No concern {after}."
    return (
        f"{count} concern{'' if count == 1 else 's'} {after}: {len(found.late)} late, {len(found.reopened)} reopened."
    )


def since_table(found: Since, *, most: int = _SHOWN) -> Table | None:
    """Those concerns by number, state and date; nothing of what was written in them. None where there are none."""
    rows = tuple(_row(one, found) for one in found.concerns[:most])
    names = tuple(one.reference for one in found.concerns[:most])
    columns = ("Concern", "How it stands", "Raised")
    return (
        Table(columns=columns, rows=rows, total=len(found.concerns), contracts=names, source="concerns")
        if rows
        else None
    )


def _row(one: Concern, found: Since) -> tuple[str, ...]:
    marks = [of_concerns.state_in_short(one)]
    marks += ["late"] if one.id in found.late else []
    marks += ["reopened"] if one.id in found.reopened else []
    return one.reference, ", ".join(dict.fromkeys(marks)), day_words(day_of(one.raised_at))


def recording(contract: Contract, label: str = "Record the review") -> Choice:
    """The button that opens the form."""
    return Choice(label=label, action="record_review", about=contract.reference, opens_form=True, style="primary")


def opening(contract: Contract, label: str = "Open") -> Choice:
    """The button that shows a contract's reviews."""
    return Choice(label=label, action="open_review", about=contract.reference)
