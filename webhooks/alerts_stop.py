"""Stopping alerts by a link from a letter: a page with a button, and the same by one press in the mail program."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, current_app, render_template, url_for
from sqlalchemy.engine import Connection

from bot.alert_links import MANAGES_FOR, Stop, manage_path, stop_in
from knowledge.subscriptions import pace
from knowledge.subscriptions.nouns import Subscription
from knowledge.subscriptions.stopping import LIVE, of_those, sent_to, start_again, startable, stop
from knowledge.subscriptions.understanding.telling import one_line
from webhooks.alerts import origin
from webhooks.alerts_showing import with_titles
from webhooks.safety import csrf, current_wiring, limiter, public, signed

blueprint = Blueprint("alerts_stop", __name__)

RATE = "600/minute"
"""From one address: mail programs press for all their readers."""
Page = str | tuple[str, int]


class Line(NamedTuple):
    """A subscription on the page."""

    reference: str
    about: str
    often: str


@blueprint.get("/alerts/unsubscribe/<token>")
@limiter.limit(RATE)
@public
def page(token: str) -> Page:
    """What the link stops, and a button. Changes nothing."""
    with current_wiring().store.reading() as connection:
        asked = _asked(token)
        if asked is None:
            return _unknown()
        found = of_those(connection, asked.party, asked.numbers)
        if not any(one.state in LIVE for one in found):
            return _page(connection, token, asked, "stopped", found)
        return _page(connection, token, asked, "asks", [one for one in found if one.state in LIVE])


@blueprint.post("/alerts/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask_wtf has no types
@limiter.limit(RATE)
@signed
def press(token: str) -> Page:
    """Stops them: RFC 8058. No sign-in, no cookie, no token of a form, never a redirect; once more is as good."""
    wiring = current_wiring()
    asked = _asked(token)
    if asked is None:
        return _unknown()
    with wiring.store.writing() as connection:
        stop(connection, asked.party, asked.numbers, wiring.desk.now())
        found = of_those(connection, asked.party, asked.numbers)
        return _page(connection, token, asked, "stopped", found)


@blueprint.get("/alerts/again/<token>")
@limiter.limit(RATE)
@public
def again_page(token: str) -> Page:
    """What was stopped by the link, and a button to take it up. Changes nothing."""
    with current_wiring().store.reading() as connection:
        asked = _asked(token)
        if asked is None:
            return _unknown()
        found = startable(connection, asked.party, asked.numbers)
        return _page(connection, token, asked, "offers" if found else "again", found)


@blueprint.post("/alerts/again/<token>")
@limiter.limit("60/minute")
@public
def again(token: str) -> Page:
    """Takes up what was stopped by the same link."""
    wiring = current_wiring()
    asked = _asked(token)
    if asked is None:
        return _unknown()
    with wiring.store.writing() as connection:
        made = start_again(connection, asked.party, asked.numbers, wiring.desk.now(), asked_from=origin())
        return _page(connection, token, asked, "again", made)


def _asked(token: str) -> Stop | None:
    return stop_in(_secret(), token, current_wiring().desk.now())


def _page(connection: Connection, token: str, asked: Stop, what: str, found: list[Subscription]) -> str:
    lines = list({(line.about, line.often): line for line in (_line(connection, one) for one in found)}.values())
    others = [one for one in sent_to(connection, asked.party) if one.id not in {each.id for each in found}]
    return render_template(
        "alerts_stop.html", what=what, lines=lines, token=token, others=len(others),
        again=what == "stopped" and bool(startable(connection, asked.party, asked.numbers)),
        manage=_manage(token, asked),
    )  # fmt: skip


def _manage(token: str, asked: Stop) -> str:
    """Where its reader sees all they have. A letter as old as no link to that may be leads to where one is sent."""
    now = current_wiring().desk.now()
    young = stop_in(_secret(), token, now, longest=MANAGES_FOR) is not None
    return manage_path(_secret(), asked.party, now) if young else url_for("alerts_mine.page")


def _line(connection: Connection, one: Subscription) -> Line:
    about = with_titles(connection, one.criteria, one_line(one.criteria))
    return Line(one.reference, about, pace.in_words(one.every))


def _unknown() -> Page:
    text = (
        "The mail program may have cut it short. Use the link of another e-mail we sent you, or your mail program’s "
        "own button to unsubscribe."
    )
    return render_template("alerts_spent.html", text=text), 404


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
