"""The link of a confirmation: a page with a button, for mail scanners follow links; pressing it confirms, once."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from sqlalchemy.engine import Connection

from bot.alert_links import link_in, manage_path
from knowledge.parties import parties_of
from knowledge.subscriptions import pace, record
from knowledge.subscriptions.confirming import use, used_for, works
from knowledge.subscriptions.nouns import State, Subscription
from knowledge.subscriptions.stopping import stop_all
from knowledge.subscriptions.suppressing import Reason, suppress
from webhooks.alerts_showing import lines_of, masked
from webhooks.safety import current_wiring, limiter, public

blueprint = Blueprint("alerts_confirm", __name__)

Page = str | tuple[str, int]
_SPENT = "A link works once, for seven days, and only the newest one you were sent. Ask for the alerts again."


@blueprint.get("/alerts/confirm/<token>")
@limiter.limit("600/minute")
@public
def page(token: str) -> Page:
    """What was asked for, and a button. Changes nothing."""
    now = current_wiring().desk.now()
    with current_wiring().store.reading() as connection:
        link = link_in(_secret(), token, now)
        waiting = works(connection, link, now)
        found = record.by_number(connection, waiting) if waiting is not None else None
        return _page(connection, "asks", found) if found else _spent(connection, link)


@blueprint.post("/alerts/confirm/<token>")
@limiter.limit("60/minute")
@public
def press(token: str) -> Page:
    """Confirms; or, where whoever reads there did not ask for it, sees to it that nothing more is sent there."""
    now = current_wiring().desk.now()
    with current_wiring().store.writing() as connection:
        link = link_in(_secret(), token, now)
        if request.form.get("do") == "refuse":
            return _refuse(connection, link)
        id = use(connection, link, now)
        found = record.by_number(connection, id) if id is not None else None
        return _page(connection, "done", found) if found else _spent(connection, link)


def _refuse(connection: Connection, link: str) -> Page:
    now = current_wiring().desk.now()
    waiting = works(connection, link, now)
    found = record.by_number(connection, waiting) if waiting is not None else None
    if found is None:
        return _spent(connection, link)
    others = any(one.recipient == found.recipient for one in record.of_somebody(connection, [found.recipient]))
    if others:  # who has alerts here asked for these: the one is dropped, the others go on
        record.end(connection, found.id, "unsubscribed", now)
    else:
        stop_all(connection, found.recipient, "unsubscribed", now)
        suppress(connection, found.recipient, Reason.ASKED, now)
    return _page(connection, "others" if others else "refused", found)


def _spent(connection: Connection, link: str) -> Page:
    """Whoever presses twice reads that it is confirmed."""
    id = used_for(connection, link) if link else None
    found = record.by_number(connection, id) if id is not None else None
    if found and found.state in (State.ACTIVE, State.PAUSED):
        return _page(connection, "done", found)
    return render_template("alerts_spent.html", text=_SPENT), 410


def _page(connection: Connection, what: str, found: Subscription) -> str:
    manage = _manage(connection, found) if what == "done" else ""
    lines, often = lines_of(connection, found.criteria), pace.in_words(found.every)
    return render_template(
        "alerts_confirm.html", what=what, one=found, lines=lines, often=often, address=masked(found.recipient),
        manage=manage, at_once=found.every == pace.AT_ONCE,
        contact=current_wiring().settings.contact,
    )  # fmt: skip


def _manage(connection: Connection, found: Subscription) -> str:
    party = min(parties_of(connection, [found.recipient]))
    return manage_path(_secret(), party, current_wiring().desk.now())


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
