"""The sections of a report that are of the register, of reviews and of intentions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.intentions.changes import change_words
from handlers.reports.nouns import Cell, Column, Section, Table
from handlers.reports.words import chart, columns, counted, day_words, number, on, sentence, share_of, text
from knowledge.register.gaps import Gaps, Share
from knowledge.register.holding import Held
from knowledge.reports.intentions import Intentions, Told
from knowledge.reports.reviewing import Review, Reviews
from knowledge.timeline.nouns import Kind
from knowledge.workdays import day_of

OUTCOMES = {"met": "Outcomes met", "partly": "Partly met", "not_met": "Not met"}
_KINDS = {
    Kind.ADDED: "Published for the first time", Kind.CHANGED: "Changed", Kind.WITHDRAWN: "Withdrawn",
    Kind.RESTORED: "Taken up again",
}  # fmt: skip
_PERSONAL = frozenset({"contact", "contact_email", "posted_by"})
"""Fields of an intention that name somebody."""
_MOST = 50
"""Contracts of a table of reviews."""


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
                   source=_register(as_of))  # fmt: skip


def _unvalued(count: int) -> str:
    if not count:
        return ""
    said = counted(count, "contract in force has", "contracts in force have")
    return f" {said} no value in the register and {'is' if count == 1 else 'are'} not counted."


def _shares(name: str, share: Share) -> tuple[Cell, ...]:
    counts = (share.manager, share.director, share.review, share.whole)
    return (text(name), number(share.contracts), *(share_of(count, share.contracts) for count in counts))


def _register(as_of: date | None) -> str:
    return f"Source: the contract register as of {day_words(as_of)}." if as_of else "Source: the contract register."


def reviewed(found: Reviews, contracts: Sequence[Held], day: date, as_of: date | None) -> Section:
    """Reviews held and missed, and the next to come."""
    named = {one.contract.key: one for one in contracts}
    tables = (_held(found.held, named), _missed(found.missed, day), _coming(found.scheduled))
    says = (
        sentence(f"{counted(len(found.held), 'review was', 'reviews were')} held in this period. ")
        + sentence(f"{counted(len(found.missed), 'review was', 'reviews were')} due before the day of this report and ")
        + f"{'has' if len(found.missed) == 1 else 'have'} not been recorded. "
        + sentence(f"{counted(len(found.scheduled), 'contract has', 'contracts have')} a review to come, ")
        + f"{counted(found.unscheduled, 'contract', 'contracts')} in force "
        f"{'has' if found.unscheduled == 1 else 'have'} none scheduled.",
        "A review that was held and not recorded counts as missed. What was written in a review is not part of this "
        "report.",
    )
    return Section(
        name="reviews", title="Scheduled reviews of contracts", says=says,
        tables=tuple(one for one in tables if one.rows), source=f"{_register(as_of)} Reviews: the desk’s record.",
    )  # fmt: skip


def _called(held: Held | None, key: str = "") -> Cell:
    return text(f"{held.contract.title.strip()} ({held.contract.reference})" if held else key)


def _held(found: Sequence[Review], named: dict[str, Held]) -> Table:
    rows = [
        (_called(named.get(one.contract), one.contract), on(one.due_on), text(OUTCOMES.get(one.outcome, one.outcome)),
         on(one.next_on, "none set"))
        for one in found[-_MOST:]
    ]  # fmt: skip
    headings = columns(("contract", "Contract"), ("due_on", "Was due"), ("outcome", "Found"), ("next_on", "Next"))
    return Table(name="reviews_held", caption="Reviews held", columns=_words(headings), rows=tuple(rows))


def _missed(found: Sequence[tuple[Held, date]], day: date) -> Table:
    rows = [
        (_called(one), text(one.contract.department), on(due), number((day - due).days)) for one, due in found[:_MOST]
    ]  # fmt: skip
    headings = _words(columns(("contract", "Contract"), ("directorate", "Directorate"), ("due_on", "Was due")))
    ago = Column(name="days_late", heading="Days ago", number=True)
    caption = _capped("Reviews missed", found)
    return Table(name="reviews_missed", caption=caption, columns=(*headings, ago), rows=tuple(rows))


def _coming(found: Sequence[tuple[Held, date]]) -> Table:
    rows = [(_called(one), text(one.contract.department), on(due)) for one, due in found[:10]]
    headings = columns(("contract", "Contract"), ("directorate", "Directorate"), ("due_on", "Due"))
    caption = "The next reviews to come" if len(found) > 10 else "Reviews to come"
    return Table(name="reviews_to_come", caption=caption, columns=_words(headings), rows=tuple(rows))


def _capped(caption: str, found: Sequence[object]) -> str:
    return f"{caption}: the {_MOST} longest due of {len(found):,}" if len(found) > _MOST else caption


def _words(headings: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(one.model_copy(update={"number": False}) for one in headings)


def changed(found: Intentions) -> Section:
    """Intentions changed or withdrawn, and why."""
    counts = [(name, number(found.counts.get(kind, 0))) for kind, name in _KINDS.items()]
    summary = Table(
        name="intentions", caption="What was published of the council’s commissioning intentions",
        columns=columns(("what", "What"), ("versions", "Times")),
        rows=tuple((text(name), cell) for name, cell in counts),
        chart=chart("intentions", "What was published", counts, "kind of news"),
    )  # fmt: skip
    headings = _words(columns(("day", "Day"), ("intention", "Intention"), ("what", "What changed"), ("why", "Why")))
    rows = tuple(_told(one) for one in found.told)
    table = Table(name="intentions_changed", caption="What changed, and why", columns=headings, rows=rows)
    total = sum(count for kind, count in found.counts.items() if kind is not Kind.ADDED)
    says = [
        "An intention is a planned commissioning exercise. Each change is published with its reason; this is what "
        "everybody can read on the timeline.",
    ]
    if found.without_reason:
        says.append(f"{counted(found.without_reason, 'change gives', 'changes give')} no reason.")
    if total > len(rows):
        says.append(f"The newest {len(rows)} of {total:,} are listed.")
    tables = (summary, table) if rows else (summary,)
    return Section(name="intentions", title="Intentions changed, and why", says=tuple(says), tables=tables,
                   source="Source: the council’s published timeline of commissioning intentions.")  # fmt: skip


def _told(one: Told) -> tuple[Cell, ...]:
    version = one.version
    changes = [change_words(change) for change in version.changes if change.field not in _PERSONAL]
    what = "; ".join(changes) or _KINDS[version.kind]
    released = version.released_at or version.at
    return on(day_of(released)), text(f"{one.title} ({one.reference})"), text(what), text(version.reason or "not said")
