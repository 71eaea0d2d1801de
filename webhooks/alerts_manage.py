"""My alerts, by a signed link from any e-mail: pause, take up, change, delete. Looking changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from flask import Blueprint, current_app, render_template, request
from sqlalchemy.engine import Connection

from bot.alert_links import Stop, manager_in, numbers_in, unsubscribe_path
from handlers.intentions.saying import day_words
from knowledge.parties import address_of
from knowledge.subscriptions import pace, record
from knowledge.subscriptions.lately import brought_since, passed_by
from knowledge.subscriptions.nouns import State, Subscription
from knowledge.subscriptions.stopping import is_known, sent_to, stop
from knowledge.subscriptions.understanding.telling import one_line
from knowledge.workdays import day_of
from webhooks.alerts_showing import masked, with_titles
from webhooks.safety import current_wiring, limiter, public

blueprint = Blueprint("alerts_manage", __name__)

Page = str | tuple[str, int]
_OLD = "Links to your alerts work for a year. Use the link of a newer e-mail we sent you, or have one sent."
GONE = "That one has been stopped."
_LATELY = timedelta(days=30)


class Line(NamedTuple):
    """A subscription on the page. `state`: in words, "" where nothing is to be said; `brought`: plans it brought in the
    last 30 days."""

    id: int
    reference: str
    about: str
    often: str
    channel: str
    paused: bool
    state: str
    brought: int


@blueprint.get("/alerts/manage/<token>")
@limiter.limit("600/minute")
@public
def page(token: str) -> Page:
    """All that is sent to whoever holds the link."""
    party = party_in(token)
    if party is None:
        return spent()
    with current_wiring().store.reading() as connection:
        return page_of(connection, token, party)


@blueprint.post("/alerts/manage/<token>")
@limiter.limit("60/minute")
@public
def press(token: str) -> Page:
    """Pauses one, takes it up, deletes it, or deletes all. Doing it again changes nothing."""
    party = party_in(token)
    if party is None:
        return spent()
    with current_wiring().store.writing() as connection:
        theirs = {one.id: one for one in sent_to(connection, party)}
        numbers = [id for id in numbers_in(request.form.get("id", "")) if id in theirs]
        wanted = list(theirs) if request.form.get("do") == "delete_all" else numbers
        told = _do(connection, party, wanted)
        return page_of(
            connection, token, party, told=told, gone=wanted if "delete" in request.form.get("do", "") else []
        )


def _do(connection: Connection, party: int, numbers: list[int]) -> str:
    """Does what was pressed. Returns what to say of it."""
    now, do = current_wiring().desk.now(), request.form.get("do", "")
    if not numbers:
        return GONE
    named = " and ".join(one.reference for one in record.numbered(connection, numbers))
    if do == "pause":
        record.pause(connection, numbers[0], now)
        return f"{named} is paused: nothing is sent until you resume it."
    if do == "resume":
        return _resume(connection, numbers[0])
    if do in ("delete", "delete_all"):
        stop(connection, party, numbers, now)
        return f"{named} {'is' if len(numbers) == 1 else 'are'} deleted. Nothing more is sent."
    return ""


def _resume(connection: Connection, id: int) -> str:
    now = current_wiring().desk.now()
    found = record.numbered(connection, [id])[0]
    if not record.resume(connection, id, now):
        return f"{found.reference} is on."
    missed = len(passed_by(connection, found, found.paused_at or found.since, day_of(now)))
    passed = f"{missed or 'No'} plan{'' if missed == 1 else 's'} passed by meanwhile"
    return f"{found.reference} is on again. {passed}{', and none of that is sent' if missed else ''}."


def page_of(connection: Connection, token: str, party: int, *, told: str = "", gone: list[int] | None = None) -> Page:
    if not is_known(connection, party):
        return spent()
    now = current_wiring().desk.now()
    undo = unsubscribe_path(_secret(), Stop(party, tuple(gone or ())), now).replace("/unsubscribe/", "/again/", 1)
    theirs = sent_to(connection, party)
    brought = brought_since(connection, [one.id for one in theirs], now - _LATELY)
    return render_template(
        "alerts_manage.html", token=token, told=told, undo=undo, address=masked(address_of(connection, party)),
        lines=[_line(connection, one, len(brought.get(one.id, ()))) for one in theirs],
    )  # fmt: skip


def _line(connection: Connection, one: Subscription, brought: int) -> Line:
    state = f"Paused since {day_words(day_of(one.paused_at))}" if one.paused_at else ""
    where = {"email": "by e-mail", "slack": "in Slack", "webhook": "to a program"}.get(one.channel, "on the screen")
    paused, about = one.state is State.PAUSED, with_titles(connection, one.criteria, one_line(one.criteria))
    return Line(one.id, one.reference, about, pace.in_words(one.every), where, paused, state, brought)


def party_in(token: str) -> int | None:
    return manager_in(_secret(), token, current_wiring().desk.now())


def spent() -> Page:
    return render_template("alerts_spent.html", text=_OLD), 410


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
