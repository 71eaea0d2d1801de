"""The timeline for other programs: /timeline.csv, .json (OCDS), .atom, .ics. Public; the same filters as the page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, Response, abort, request
from sqlalchemy.engine import Connection

from handlers.intentions.saying import change_words, kind_words, time_label, when_words
from knowledge.timeline.history import newest_changes
from knowledge.timeline.publishing import atom, calendar, releases, table
from knowledge.timeline.publishing.milestones import milestones
from knowledge.timeline.publishing.newest import newest_of
from knowledge.timeline.publishing.released import reasons_of, steps_of, told_of
from knowledge.timeline.publishing.site import Site, Words, plain
from knowledge.timeline.selecting import held_own, select, shown_of
from knowledge.timeline.wishing import Wish
from webhooks.failures import Unreadable
from webhooks.feed_answers import answer, page_asked, page_links, query_of
from webhooks.safety import current_wiring, limiter, public
from webhooks.timeline_filters import read_filters

blueprint = Blueprint("feeds", __name__)

MOST_ROWS, MOST_RELEASES, MOST_IN_CALENDAR, MOST_CHANGES = 10_000, 1_000, 2_000, 100
"""Intentions on a page of the table and of the releases, intentions in the calendar, entries of the feed of changes."""
_OVER_FOR = timedelta(days=365)
"""How long the calendar keeps what is over."""
_RATE = "60/minute"
_WORDS = Words(when=when_words, label=time_label, change=change_words, kinds=kind_words)


@blueprint.get("/timeline.csv")
@limiter.limit(_RATE)
@public
def csv() -> Response:
    """What there is with these filters, over or not, as the desk's own template has it."""
    day = _today()
    with current_wiring().store.reading() as connection:
        first = MOST_ROWS * (page_asked() - 1)
        found = select(connection, _wish(connection), day, first=first, count=MOST_ROWS)
        lines = table.lines(found.shown, reasons_of(connection, [one.id for one in found.shown]), _site())
        content = "".join(lines).encode()
        links = page_links(_site(), "timeline.csv", found.total, MOST_ROWS)
        return answer(connection, content, "text/csv; charset=utf-8; header=present", "timeline.csv", day, links=links)


@blueprint.get("/timeline.json")
@limiter.limit(_RATE)
@public
def ocds() -> Response:
    """What there is with these filters, over or not, as OCDS releases: the newest of each intention, or with
    `?history=1` all of them. What providers offer others is no procurement of the council's, and not among them."""
    site, first = _site(), MOST_RELEASES * (page_asked() - 1)
    with current_wiring().store.reading() as connection:
        wish = replace(_wish(connection), posted=False)
        found = select(connection, wish, _today(), first=first, count=MOST_RELEASES, newest=True)
        ids = [one.id for one in found.shown]
        told, steps = told_of(connection, ids), steps_of(connection, ids)
        history = request.args.get("history") == "1"
        made = releases.releases(found.shown, steps, told, site, _WORDS, history=history)
        links = page_links(site, "timeline.json", found.total, MOST_RELEASES)
        newest = max((one.since for one in found.shown), default=_midnight(_today()))
        package = releases.package(made, site, query_of(site, "timeline.json"), newest, links)
        content = json.dumps(package, ensure_ascii=False).encode()
        day = _today() if wish.period else None
        return answer(connection, content, "application/json", "timeline.json", day, links=links)


@blueprint.get("/timeline.atom")
@limiter.limit(_RATE)
@public
def changes() -> Response:
    """The last changes of what there is with these filters."""
    site, day = _site(), _today()
    with current_wiring().store.reading() as connection:
        wish = _wish(connection)
        if wish == Wish(past=True, everyone=wish.everyone):
            newest = newest_changes(connection, MOST_CHANGES, everyone=wish.everyone)
        else:
            ids = [one.id for one in select(connection, wish, day, count=None).shown]
            newest = newest_of(connection, ids, MOST_CHANGES)
        shown = {one.reference: one for one in shown_of(connection, [one.reference for one in newest])}
        content = atom.feed(newest, shown, site, _WORDS, query=plain(request.query_string.decode("ascii", "ignore")))
        changes_with = day if wish.period else None
        return answer(connection, content, "application/atom+xml; charset=utf-8", "timeline.atom", changes_with)


@blueprint.get("/timeline.ics")
@limiter.limit(_RATE)
@public
def diary() -> Response:
    """When what is to happen, with these filters; what was withdrawn stays in, as cancelled."""
    site, day = _site(), _today()
    with current_wiring().store.reading() as connection:
        wish = _wish(connection)
        shown = select(connection, wish, day, count=MOST_IN_CALENDAR).shown
        steps = steps_of(connection, [one.id for one in shown])
        found = (stone for one in shown for stone in milestones(one, steps.get(one.id, ()), wish.what))
        recent = (stone for stone in found if stone.when.last >= day - _OVER_FOR)
        content = calendar.calendar(recent, site, _WORDS)
        return answer(connection, content, "text/calendar; charset=utf-8; method=PUBLISH", "timeline.ics", day)


@blueprint.get("/timeline/<path:reference>.ics")
@limiter.limit(_RATE)
@public
def one(reference: str) -> Response:
    """The calendar of one intention."""
    site = _site()
    with current_wiring().store.reading() as connection:
        found = shown_of(connection, [reference]) if reference.isprintable() else []
        if not found:
            abort(404)
        steps = steps_of(connection, [found[0].id]).get(found[0].id, [])
        content = calendar.calendar(milestones(found[0], steps), site, _WORDS, name=found[0].terms.title)
        return answer(connection, content, "text/calendar; charset=utf-8; method=PUBLISH", "intention.ics", None)


def _wish(connection: Connection) -> Wish:
    """What the address asks for, over or not; as on the page everybody's, where nothing is the council's own. A filter
    that cannot be read is refused: a program would not see a note on it."""
    asked = read_filters(request.args, _today())
    if asked.notes:
        raise Unreadable(" ".join(asked.notes))
    wish = asked.wish(_today())
    return replace(wish, past=True, everyone=wish.everyone or not held_own(connection))


def _site() -> Site:
    settings = current_wiring().settings
    return Site(settings.url or f"http://localhost:{settings.port}", settings.council, settings.ocid_prefix)


def _today() -> date:
    return current_wiring().desk.day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)
