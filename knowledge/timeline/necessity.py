"""Whether a live tender may go out: the Procurement Act 2023 wants its notice on Find a Tender first.

Sources: Procurement Act 2023, sections 21, 84 to 87 and Schedule 1; its transitional provisions leave what was begun
before 24 February 2025 under the law before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from knowledge.dates import in_words
from knowledge.timeline.notice_types import notice_type
from knowledge.timeline.nouns import Route, Source, State, Statement, Terms
from knowledge.timeline.reading.keys import is_notice_number
from knowledge.timeline.thresholds import VAT, all_thresholds, thresholds_on

_NONE_BY_ROUTE = {
    Route.IN_HOUSE: "it is provided in-house, so nothing is tendered",
    Route.GRANT: "it is a grant, and grants are no procurement",
    Route.FRAMEWORK: "it is awarded under a framework, which has its own",
    Route.DIRECT: "it is a direct award, so no bids are invited",
}


class Necessity(NamedTuple):
    """Whether a notice on Find a Tender is needed, whether it is there, and why, in a sentence's second half."""

    needed: bool
    there: bool
    why: str

    @property
    def held(self) -> str:
        """Why a live tender may not go out yet, "" where it may."""
        return f"Waits for its notice on Find a Tender: {self.why}" if self.needed and not self.there else ""


def tender_notice(terms: Terms, statements: Sequence[Statement], today: date, named: Sequence[str] = ()) -> Necessity:
    """Whether an intention's live tender needs its notice on Find a Tender. A value that nobody said may be above.
    `named`: notices an officer has named, for which the council answers."""
    if terms.posted_by:
        return Necessity(False, False, f"{terms.posted_by} offers it to others, and the council tenders nothing")
    numbers = [one.id for one in statements if _is_tender_notice(one)]
    numbers += [one for one in named if is_notice_number(one)]
    if numbers:
        return Necessity(True, True, f"Find a Tender has it as notice {numbers[0]}")
    if terms.route in _NONE_BY_ROUTE:
        return Necessity(False, False, _NONE_BY_ROUTE[terms.route])
    since = begun(terms, statements, today)
    rules = thresholds_on(since)
    if rules is None:
        begun_on, act = in_words(since.isoformat()), in_words(all_thresholds()[0].since.isoformat())
        return Necessity(False, False, f"it was begun on {begun_on}, and the Act counts from {act}")
    value = _with_vat(terms)
    if value is not None and value < rules.notifiable:
        return Necessity(False, False, f"£{value:,.0f} with VAT is below the £{rules.notifiable:,} from which one is")
    above = f"with VAT is at or above the £{rules.notifiable:,} from which one is needed"
    said = f"£{value:,.0f} {above}" if value is not None else "its value is not said"
    return Necessity(True, False, f"begun on {in_words(since.isoformat())}, and {said}")


def held_back(terms: Terms, statements: Sequence[Statement], today: date, named: Sequence[str] = ()) -> str:
    """Why an intention of the council's may not be shown as it stands, "" where it may: only live tenders wait."""
    return tender_notice(terms, statements, today, named).held if terms.state is State.OPEN else ""


def begun(terms: Terms, statements: Sequence[Statement], today: date) -> date:
    """The day a procurement began: with its first notice, else with its tender, else now."""
    if statements:
        return min(one.at for one in statements).date()
    return min(terms.tender.first, today) if terms.tender else today


def _is_tender_notice(one: Statement) -> bool:
    """Whatever Find a Tender says is open was published there: a dynamic market, what is left of its lots."""
    kind = notice_type(one.kind)
    tenders = one.terms.state is State.OPEN or (kind is not None and kind.tenders)
    return one.source is Source.FIND_A_TENDER and tenders


def _with_vat(terms: Terms) -> Decimal | None:
    value = terms.high if terms.high is not None else terms.low
    return value if value is None or terms.gross else value * VAT
