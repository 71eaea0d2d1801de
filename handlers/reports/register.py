"""The section of a report that is of the register: how complete it is."""

from __future__ import annotations

from datetime import date

from handlers.reports.nouns import Cell, Section, Table
from handlers.reports.words import chart, columns, counted, day_words, number, share_of, text
from knowledge.register.gaps import Gaps, Share


def completeness(found: Gaps, as_of: date | None) -> Section:
    """How complete the register is."""
    rows = [(name or "Directorate not said", share) for name, share in found.departments.items()]
    lines = [_shares(name, share) for name, share in rows]
    if len(rows) > 1:
        lines.append(_shares("All", found.share))
    headings = columns(
        ("directorate", "Directorate"), ("contracts", "Contracts"), ("manager", "Have a contract manager"),
        ("director", "Have a lead director"), ("review", "Have a review date"), ("whole", "Have all three"),
    )  # fmt: skip
    bars = [(name, share_of(share.whole, share.contracts)) for name, share in rows]
    table = Table(
        name="register", caption="Contracts over £50,000 in force, and what the register has of them", columns=headings,
        rows=tuple(lines), chart=chart("register", "Contracts that have all three", bars, "directorate"),
    )  # fmt: skip
    says = (
        "Counted are contracts in force that are worth over £50,000. One without a named contract manager has nobody "
        "to whom a Member’s concern goes first." + _unvalued(found.unvalued),
    )
    tables = (table,) if found.share.contracts else ()
    return Section(name="register", title="How complete the register is", says=says, tables=tables,
                   source=source(as_of))  # fmt: skip


def _unvalued(count: int) -> str:
    if not count:
        return ""
    said = counted(count, "contract in force has", "contracts in force have")
    return f" {said} no value in the register and {'is' if count == 1 else 'are'} not counted."


def _shares(name: str, share: Share) -> tuple[Cell, ...]:
    counts = (share.manager, share.director, share.review, share.whole)
    return (text(name), number(share.contracts), *(share_of(count, share.contracts) for count in counts))


def source(as_of: date | None) -> str:
    """Where figures of the register come from, and as of when."""
    return f"Source: the contract register as of {day_words(as_of)}." if as_of else "Source: the contract register."
