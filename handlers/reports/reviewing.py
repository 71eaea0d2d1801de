"""The section of a report that is of scheduled reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from handlers.reports.nouns import Column, Section, Table
from handlers.reports.register import source
from handlers.reports.words import columns, counted, number, on, sentence, text, wordy
from handlers.reviews.saying import FOUND, named
from knowledge.register.holding import Held
from knowledge.reports.reviewing import Reviews
from knowledge.reviews import Due, Review

_MOST = 50
"""Contracts of a table of reviews."""


def reviewed(found: Reviews, contracts: Sequence[Held], day: date, as_of: date | None) -> Section:
    """Reviews held and missed, and the next to come."""
    titles = {one.contract.key: named(one.contract) for one in contracts}
    tables = (_held(found.held, titles), _missed(found.missed, day), _coming(found.scheduled))
    says = (
        sentence(f"{counted(len(found.held), 'review was', 'reviews were')} held in this period. ")
        + sentence(f"{counted(len(found.missed), 'review was', 'reviews were')} due before the day of this report and ")
        + f"{'has' if len(found.missed) == 1 else 'have'} not been recorded. "
        + sentence(f"{counted(len(found.scheduled), 'contract has', 'contracts have')} a review to come.")
        + _unscheduled(found.unscheduled),
        "A review that was held and not recorded counts as missed. What was written in a review is not part of this "
        "report.",
    )
    return Section(
        name="reviews", title="Scheduled reviews of contracts", says=says,
        tables=tuple(one for one in tables if one.rows), source=f"{source(as_of)} Reviews: the desk’s record.",
    )  # fmt: skip


def _unscheduled(count: int) -> str:
    return f" {sentence(counted(count, 'contract', 'contracts'))} in force without a scheduled review." if count else ""


def _held(found: Sequence[Review], titles: Mapping[str, str]) -> Table:
    rows = [
        (text(titles.get(one.contract, one.contract)), on(one.due_on), text(sentence(FOUND[one.outcome])),
         on(one.next_on, "none set"))
        for one in found[-_MOST:]
    ]  # fmt: skip
    headings = columns(("contract", "Contract"), ("due_on", "Was due"), ("outcome", "Found"), ("next_on", "Next"))
    caption = _capped("Reviews held", "newest", found)
    return Table(name="reviews_held", caption=caption, columns=wordy(headings), rows=tuple(rows))


def _missed(found: Sequence[Due], day: date) -> Table:
    rows = [
        (text(named(one)), text(one.department), on(due), number((day - due).days)) for one, due in found[:_MOST]
    ]  # fmt: skip
    headings = wordy(columns(("contract", "Contract"), ("directorate", "Directorate"), ("due_on", "Was due")))
    ago = Column(name="days_late", heading="Days ago", number=True)
    caption = _capped("Reviews missed", "longest due", found)
    return Table(name="reviews_missed", caption=caption, columns=(*headings, ago), rows=tuple(rows))


def _coming(found: Sequence[Due]) -> Table:
    rows = [(text(named(one)), text(one.department), on(due)) for one, due in found[:10]]
    headings = columns(("contract", "Contract"), ("directorate", "Directorate"), ("due_on", "Due"))
    caption = "The next reviews to come" if len(found) > 10 else "Reviews to come"
    return Table(name="reviews_to_come", caption=caption, columns=wordy(headings), rows=tuple(rows))


def _capped(caption: str, which: str, found: Sequence[object]) -> str:
    return f"{caption}: the {_MOST} {which} of {len(found):,}" if len(found) > _MOST else caption
