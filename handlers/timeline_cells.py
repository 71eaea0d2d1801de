"""What the timeline says of intentions, cell by cell: a card, a table, citations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote, urlencode

from handlers.intentions.saying import (
    change_words,
    day_words,
    events,
    kind_words,
    next_event,
    route_words,
    stage_words,
    state_words,
    value_words,
    when_words,
)  # fmt: skip
from handlers.messages import Citation, Table
from knowledge.timeline.nouns import State, Terms, Version
from knowledge.timeline.posted import offer_words, posted_words
from knowledge.timeline.selecting import Shown
from knowledge.timeline.wishing import Wish
from knowledge.workdays import day_of

SHOWN = 10
"""Intentions a reply shows; more stand on the page."""
_LONGEST = 600
_COLUMNS = ("Intention", "Reference", "Next step", "When", "Value", "Closes")
_CHANGES = ("Intention", "Reference", "Change", "Reason", "Published")


def page_of(reference: str) -> str:
    """The path of an intention's page."""
    return f"/timeline/{quote(reference, safe='/')}"


def citation(one: Shown) -> Citation:
    """The intention as what an answer rests on."""
    released = day_of(one.since)
    return Citation(
        source="timeline", document="timeline", title=one.terms.title, locator=one.reference, quote=None,
        path=page_of(one.reference), published=released.isoformat(),
        note=f"version {one.version} of {day_words(released)}",
    )  # fmt: skip


def card(one: Shown, last: Version | None, day: date) -> Table:
    """Everything of one intention that a provider wants to know. `last`: its newest version."""
    terms = one.terms
    rows = [
        ("Intention", terms.title), ("Description", terms.description[:_LONGEST]),
        ("Service", terms.category or kind_words(one.kinds[:1])), ("Directorate", terms.directorate),
        ("Buyer", "" if one.own else one.buyer), ("Offered", offer_words(terms)), ("Whose", posted_words(terms)),
        ("State", state_words(terms, day)),
        ("Stage", stage_words(terms.stage)), ("Route", route_words(terms.route) if terms.route else ""),
        ("Value", value_words(terms)),
    ]  # fmt: skip
    rows += [(event.label, when_words(event.when)) for event in events(terms)]
    rows += [
        ("How long", terms.duration), ("Area", ", ".join(terms.area)), ("Lots", lots_words(terms)),
        ("Suited to", suits_words(terms)), ("Contact", contact_words(terms)), ("Follows", terms.follows),
        ("Last change", last_words(last)), ("Reference", one.reference),
    ]  # fmt: skip
    shown = tuple((name, " ".join(said.split())) for name, said in rows if said.strip())
    return _table(("", "What the timeline says"), shown, [one], 1, card=True)


def table(shown: Sequence[Shown], total: int, day: date, since: date, page: str) -> Table:
    """Intentions in a table, with what happens next from a day on. `page`: where all of them stand."""
    return _table(_COLUMNS, tuple(_row(one, day, since) for one in shown[:SHOWN]), shown[:SHOWN], total, page=page)


def changes_table(told: Sequence[tuple[str, str, Version]], total: int, page: str) -> Table:
    """Versions in a table: reference, title, version."""
    rows = tuple(
        (title, reference, "; ".join(change_words(one) for one in version.changes) or version.kind.value,
         version.reason, _released(version))
        for reference, title, version in told
    )  # fmt: skip
    references = tuple(reference for reference, _, _ in told)
    return Table(columns=_CHANGES, rows=rows, total=total, contracts=references, source="timeline", page=page)


def page_for(wish: Wish) -> str:
    """The path of the page that shows what a wish finds, as far as the page can be asked for it."""
    given = {
        "words": wish.words, "area": wish.district, "from": wish.low or "", "to": wish.high or "",
        "small": "yes" if wish.sme else "", "charity": "yes" if wish.vcse else "",
        "buyers": "all" if wish.everyone else "", "past": "yes" if wish.past else "",
    }  # fmt: skip
    asked = urlencode({name: value for name, value in given.items() if value})
    return f"/timeline?{asked}" if asked else "/timeline"


def _table(
    columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], shown: Sequence[Shown], total: int, *,
    card: bool = False, page: str = "",
) -> Table:  # fmt: skip
    references = tuple(one.reference for one in shown)
    return Table(columns=columns, rows=rows, total=total, card=card, contracts=references, source="timeline", page=page)


def _row(one: Shown, day: date, since: date) -> tuple[str, ...]:
    terms, ahead = one.terms, next_event(one.terms, since)
    step = ahead.label if ahead else state_words(terms, day)
    if terms.state is State.OPEN and since == day:
        step = state_words(terms, day).split(" until ")[0]
    when, closes = when_words(ahead.when) if ahead else "", when_words(terms.closes) if terms.closes else ""
    return (" ".join(terms.title.split()), one.reference, step, when, value_words(terms), closes)


def suits_words(terms: Terms) -> str:
    """Whom it suits, as far as that is said."""
    given = (
        ("small firms", terms.sme), ("charities and social enterprises", terms.vcse),
        ("sub-contractors", terms.subcontract),
    )  # fmt: skip
    return ", ".join(who for who, suited in given if suited)


def lots_words(terms: Terms) -> str:
    """Its lots by name, as far as a line holds them."""
    return "; ".join(lot.title for lot in terms.lots)[:_LONGEST]


def contact_words(terms: Terms) -> str:
    """Whom to ask."""
    return f"{terms.contact} ({terms.contact_email})" if terms.contact and terms.contact_email else (
        terms.contact or terms.contact_email
    )  # fmt: skip


def last_words(version: Version | None) -> str:
    """The last change with its reason and its day, "" where there is none."""
    if version is None or not version.changes:
        return ""
    said = "; ".join(change_words(one) for one in version.changes)
    return f"{said} ({_released(version)}).{reason_words(version)}"


def reason_words(version: Version) -> str:
    """The reason of a version, in its own words."""
    return f" Reason: {version.reason}" if version.reason else ""


def _released(version: Version) -> str:
    return day_words(day_of(version.released_at)) if version.released_at else ""
