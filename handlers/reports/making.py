"""REPORT: somebody wants a report -> may they see it -> what was counted, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.reports.changes import changed
from handlers.reports.concerns import sections
from handlers.reports.nouns import About, Report, Section, Wish
from handlers.reports.register import completeness, source
from handlers.reports.reviewing import reviewed
from handlers.reports.seeing import NoSuchReport
from handlers.reports.supply import supply_sections
from handlers.reports.words import day_words, number, part, period_words
from handlers.reviews.saying import named
from knowledge.concerns.providers import provider_key
from knowledge.register.gaps import gaps
from knowledge.register.holding import Held, contract, contracts, register_date
from knowledge.reports.counting import count
from knowledge.reports.intentions import intentions
from knowledge.reports.nouns import Period, Scope, Tables
from knowledge.reports.reviewing import reviews
from knowledge.reports.tallying import tables
from knowledge.services import service_names

_SMALL = (
    "Figures of fewer than five concerns, by contract, service or district, are not shown, nor are those from which "
    "they could be worked out: both are marked “not shown”. A nought is shown. Several reports put side by side "
    "(of periods that overlap, of a directorate and of the whole, of a provider and of its contracts) may tell more "
    "than each of them: each is guarded by itself alone."
)
_NO_PEOPLE = "No person is named here, and nothing that anybody wrote about a concern is quoted."


def past_year(day: date) -> Period:
    """The year that ends on a day."""
    following = day + timedelta(days=1)
    leap = (following.month, following.day) == (2, 29)
    return Period(following.replace(year=following.year - 1, day=28 if leap else following.day), day)


def make(wish: Wish, connection: Connection, desk: Desk) -> Report:
    """The report that is wanted. Raises NoSuchReport where the contract, the provider or the directorate is not in the
    register."""
    held = contracts_of(connection, wish)
    keys = tuple(one.contract.key for one in held)
    scope = Scope(wish.period, keys if wish.subject else None)
    counted = count(connection, scope, desk.calendar, desk.now())
    every = {one.contract.key: one for one in contracts(connection)}
    suppliers = {key: one.contract.supplier.strip() for key, one in every.items()}
    found = tables(counted, suppliers, guarded=wish.about is not About.COMMITTEE)
    return Report(
        wish=wish, council=desk.council, title=_title(wish, held), made_on=desk.day, key_figures=_key_figures(found),
        sections=(
            *sections(found, _naming(every), _service),
            *_of_register(wish, connection, desk, held, list(every.values())),
        ),
        notes=(_SMALL, _NO_PEOPLE),
    )  # fmt: skip


def contracts_of(connection: Connection, wish: Wish) -> list[Held]:
    """The contracts a report is of. Raises NoSuchReport."""
    if wish.about is About.CONTRACT:
        one = contract(connection, wish.subject)
        found = [one] if one else []
    else:
        found = [one for one in contracts(connection) if _is_of(one, wish)]
    if not found and (wish.subject or wish.about is not About.COMMITTEE):
        raise NoSuchReport(f"the register has no {wish.about if wish.about != 'committee' else 'directorate'} "
                           f"{wish.subject!r}")  # fmt: skip
    return found


def _is_of(held: Held, wish: Wish) -> bool:
    if not wish.subject:
        return True
    mine = held.contract.supplier if wish.about is About.PROVIDER else held.contract.department
    return provider_key(mine) == provider_key(wish.subject)


def _of_register(
    wish: Wish, connection: Connection, desk: Desk, held: Sequence[Held], every: Sequence[Held]
) -> Iterator[Section]:
    day, as_of = desk.day, register_date(connection)
    if wish.about is not About.CONTRACT:
        yield completeness(gaps(held, day), as_of)
    yield reviewed(reviews(connection, held, wish.period, day), held, day, as_of)
    yield from supply_sections(wish.about, held, every, desk.register(), day, source(as_of))
    if wish.about is About.COMMITTEE:
        yield changed(intentions(connection, wish.period, wish.subject))


def _title(wish: Wish, held: Sequence[Held]) -> str:
    if wish.about is About.CONTRACT:
        return named(held[0].contract)
    if wish.about is About.PROVIDER:
        return held[0].contract.supplier.strip()
    return held[0].contract.department.strip() if wish.subject else "Commissioned services"


def _key_figures(found: Tables) -> tuple[tuple[str, str], ...]:
    whole = found.whole
    middle = "–" if whole.median_days is None else f"{whole.median_days:g}"
    raised = "Concerns answered or due" if found.only_due else "Concerns raised"
    return (
        (raised, number(found.raised).said), ("Acknowledged in time", part(whole.acknowledged).said),
        ("Answered in time", part(whole.answered).said), ("Working days to the answer, median", middle),
    )  # fmt: skip


def _naming(every: dict[str, Held]) -> Callable[[str], str]:
    def name(key: str) -> str:
        one = every.get(key)
        if one is None:
            return "No contract yet" if not key else f"A contract no longer in the register ({key})"
        return named(one.contract)

    return name


def _service(key: str) -> str:
    return service_names().get(key, "Kind of service not known")


def subtitle(report: Report) -> str:
    """What stands under a report's title."""
    kinds = {About.COMMITTEE: "Report to the committee", About.CONTRACT: "Report on a contract",
             About.PROVIDER: "Report on a provider"}  # fmt: skip
    period = f"Concerns raised, reviews and changes from {period_words(report.wish.period)}"
    return f"{kinds[report.wish.about]} · {report.council} · {period} · made on {day_words(report.made_on)}"
