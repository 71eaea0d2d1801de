"""The timeline for everybody: what is coming, and each intention with its history."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, current_app, make_response, redirect, render_template, request
from sqlalchemy.engine import Connection
from werkzeug.wrappers import Response as AnyResponse

from handlers.intentions import saying
from handlers.intentions.advising import now_short
from handlers.intentions.keeping import KEEPERS
from knowledge.facts import fact
from knowledge.timeline.overview import Answer, Kept, busy, count_of, edition_of, held_others
from knowledge.timeline.selecting import Found, held_own, select
from knowledge.timeline.wishing import Wish
from knowledge.workdays import day_of
from webhooks.safety import current_wiring, limiter, public
from webhooks.timeline_card import card_of
from webhooks.timeline_choices import fields_of, offer_of
from webhooks.timeline_filters import NAMES, Asked, read_filters
from webhooks.timeline_numbers import Numbers, numbers_of
from webhooks.timeline_picture import LETTERS, MOST_ROWS, Rows, rows_of
from webhooks.timeline_quarters import quarters_from
from webhooks.visitors import visitor

blueprint = Blueprint("timeline", __name__)

PAGE = 25
"""Intentions of a page."""
_RATE = "600/minute"
"""From one address: a council's whole office may stand behind one."""
_SECONDS = 60
"""How long a stranger's browser may show a page without asking again."""


@blueprint.get("/timeline")
@limiter.limit(_RATE)
@public
def listing() -> AnyResponse:
    """What is coming, chosen by the filters of the address, as a picture and as a table."""
    day = current_wiring().desk.day
    asked = read_filters(request.args, day)
    if any(not value.strip() for value in request.args.values()):  # an empty field of the form says nothing
        return redirect(asked.link(asked.page), code=302)
    with current_wiring().store.reading() as connection:
        return _for_everybody(_listing(connection, asked, day))


@blueprint.get("/timeline/<path:reference>")
@limiter.limit(_RATE)
@public
def intention(reference: str) -> AnyResponse | tuple[str, int]:
    """One intention as everybody may read it; who keeps the timeline sees what waits as well."""
    wiring = current_wiring()
    with wiring.store.reading() as connection:
        insider = _keeps()
        known = reference.isprintable()  # a NUL is more than PostgreSQL takes
        card = card_of(connection, reference, wiring.desk.now(), insider=insider) if known else None
    if card is None:
        return render_template("intention_missing.html", reference=reference[:200]), 404
    return _for_everybody(render_template("intention.html", card=card, saying=saying))


def _keeps() -> bool:
    return bool(visitor().roles & KEEPERS) and visitor().known


def _listing(connection: Connection, asked: Asked, day: date) -> str:
    council = current_wiring().settings.council
    own, others = held_own(connection), held_others(connection)
    everyone = bool(asked.given.get("buyers")) or not own
    wish = _also(asked.wish(day), everyone)
    found, picture = _found(connection, wish, asked, day)
    pages = _pages(found)
    base = Wish(past=wish.past, everyone=everyone)
    offer = _kept(connection, ("offer", base, day), lambda: offer_of(connection, base, day))
    return render_template(
        "timeline.html", asked=asked, found=found, picture=picture, day=day, saying=saying, now_short=now_short,
        fields=fields_of(offer, asked, day, others=others and own, council=council), letters=LETTERS,
        nobody=not own and others, everyone=everyone and others, pages=pages, number=min(asked.page, pages),
        loosen=_loosen(connection, asked, day, everyone=everyone) if not found.total else [],
        kind_of=_kind_of, open_now=offer.open, feeds=_feeds(asked, everyone=everyone), as_of=_as_of(connection),
        keeps=_keeps(),
    )  # fmt: skip


def _also(wish: Wish, everyone: bool) -> Wish:
    return replace(wish, everyone=everyone)


def _feeds(asked: Asked, *, everyone: bool) -> str:
    """The filters as they stand in the addresses of the feeds, "" for none."""
    given = {name: value for name, value in asked.given.items() if name != "buyers"}
    return "?" + urlencode({**given, **({"buyers": "all"} if everyone else {})}) if given or everyone else ""


def _found(connection: Connection, wish: Wish, asked: Asked, day: date) -> tuple[Found, Rows | Numbers | None]:
    """The page of what is found, and the picture of all of it."""
    found = select(connection, wish, day, first=(asked.page - 1) * PAGE, count=PAGE)
    if not found.total:
        return found, None
    first = (min(asked.page, _pages(found)) - 1) * PAGE
    quarters = quarters_from(day)
    if found.total <= MOST_ROWS:
        every = select(connection, wish, day, count=MOST_ROWS).shown if found.total > PAGE else found.shown
        every = every or select(connection, wish, day, count=PAGE).shown  # a page beyond the last was asked for
        return Found(found.total, every[first : first + PAGE]), rows_of(every, quarters, day)
    if not found.shown:
        found = select(connection, wish, day, first=first, count=PAGE)
    periods = [quarter.from_day(day) for quarter in quarters]
    happening = _kept(connection, ("busy", wish, day), lambda: busy(connection, wish, day, periods))
    return found, numbers_of(happening, quarters, asked)


def _pages(found: Found) -> int:
    """How many pages there are."""
    return max(1, -(-found.total // PAGE))


def _kept(connection: Connection, key: Hashable, make: Callable[[], Answer]) -> Answer:
    """An answer that is the same until the timeline changes, kept by the application."""
    kept: Kept = current_app.extensions["timeline"]
    return kept.get(edition_of(connection), key, make)


def connect(app: Flask) -> None:
    """Gives an application a place for answers that are kept."""
    app.extensions["timeline"] = Kept()


def _loosen(connection: Connection, asked: Asked, day: date, *, everyone: bool) -> list[tuple[str, str, int]]:
    """Which filters to leave out where nothing is found: the name of each, the link, and how many there are then."""
    less = [(name, asked.without(name)) for name in asked.given]
    told = [(name, one.link(), count_of(connection, _also(one.wish(day), everyone), day)) for name, one in less]
    called = NAMES | {"words": f"“{asked.given.get('words', '')}”"}
    return [(called[name], link, number) for name, link, number in told if number]


def _kind_of(shown: Any) -> str:
    return saying.kind_words(shown.kinds, most=1) or shown.terms.category


def _as_of(connection: Connection) -> str:
    """The day of the timeline: when a file or a feed was last taken in."""
    value = fact(connection, "timeline_date")
    return saying.day_words(day_of(datetime.fromisoformat(value))) if value else ""


def _for_everybody(page: str) -> AnyResponse:
    """A page that a stranger's browser may keep for a moment; whoever is known gets theirs anew each time."""
    response = make_response(page)
    if visitor().known or current_wiring().settings.demo:
        return response
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    response.vary.add("Cookie")
    response.add_etag()
    return response.make_conditional(request)
