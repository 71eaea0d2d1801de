"""What providers offer others: anybody posts it, an officer decides, and whoever has its link changes it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.links import own_posting, posting_in
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from handlers.postings.showing import card
from handlers.postings.who import DECIDERS, contract_of
from knowledge.postings import Posting, by_number, number_of, waiting
from webhooks.links import TRIES, spent
from webhooks.presses import fields, message_of
from webhooks.safety import current_wiring, limiter, public, signed_in
from webhooks.visitors import visitor

blueprint = Blueprint("opportunities", __name__)

Page = str | AnyResponse | tuple[str, int]

_POSTS = "10/minute;60/day"
_STATUS = {Outcome.ERROR: 500, Outcome.REFUSED: 409}
_OLD = "It is older than 400 days, or the mail program cut it short."
_DECIDES = ("publish_posting", "refuse_posting")
_OWN = ("change_posting", "withdraw_posting")


@blueprint.get("/opportunities/new")
@public
def form() -> Page:
    """The form, empty."""
    return _page(handle(message_of(action="new_posting"), current_wiring().desk), url_for("opportunities.post"))


@blueprint.post("/opportunities/new")
@limiter.limit(_POSTS)
@public
def post() -> Page:
    """Takes what was filled in: it waits for an officer."""
    reply = handle(message_of(action="new_posting", fields=fields() or {"kind": ""}), current_wiring().desk)
    return _page(reply, url_for("opportunities.post"))


@blueprint.get("/opportunities/waiting")
@signed_in
def waiting_list() -> Page:
    """What waits for an officer."""
    _only_officers()
    desk = current_wiring().desk
    with desk.store.reading() as connection:
        found = [(one, card(one, contract_of(connection, one), desk, insider=True)) for one in waiting(connection)]
    return render_template("opportunities.html", found=found)


@blueprint.post("/opportunities/waiting/<reference>/<action>")
@limiter.limit(lambda: f"{current_wiring().settings.questions_per_minute}/minute")
@signed_in
def decide(reference: str, action: str) -> Page:
    """Publishes or refuses one; refusing asks for the reason first."""
    _only_officers()
    if action not in _DECIDES:
        abort(404)
    reply = handle(message_of(action=action, about=reference, fields=fields()), current_wiring().desk)
    return _page(reply, url_for("opportunities.decide", reference=reference, action=action), inside=True)


@blueprint.get("/opportunities/mine/<token>")
@public
def own(token: str) -> Page:
    """What somebody posted, and what they may do with it. Changes nothing."""
    found = _posting(token)
    if found is None:
        return spent(_OLD)
    return _page(_press(found, token, "open_posting", {}), "", token=token)


@blueprint.post("/opportunities/mine/<token>/<action>")
@limiter.limit(TRIES)
@public
def press(token: str, action: str) -> Page:
    """Changes it, or takes it back, once the form is filled in."""
    found = _posting(token)
    if found is None:
        return spent(_OLD)
    if action not in _OWN:
        abort(404)
    reply = _press(found, token, action, fields())
    return _page(reply, url_for("opportunities.press", token=token, action=action), token=token)


def _press(one: Posting, token: str, action: str, given: dict[str, str]) -> Reply:
    """A press in the name of whoever posted it: the link was sent to them alone."""
    told = json.dumps([token, action, sorted(given.items())])
    message = Message(
        text="", id=f"link:{hashlib.sha256(told.encode()).hexdigest()[:40]}", surface="link",
        addresses=(one.posted_by,), action=action, about=one.reference, fields=given,
    )  # fmt: skip
    return handle(message, current_wiring().desk)


def _posting(token: str) -> Posting | None:
    desk = current_wiring().desk
    number = number_of(posting_in(str(current_app.config["SECRET_KEY"]), token, desk.now()))
    with desk.store.reading() as connection:
        return by_number(connection, number) if number is not None else None


def _page(reply: Reply, goes: str, **more: Any) -> Page:
    """The page of a reply: a form, or what was done. What is published leads to its page."""
    if reply.form:
        page = render_template("opportunity_form.html", form=reply.form, goes=goes, **more)
        return page, 422 if reply.form.errors else 200
    if reply.outcome is Outcome.TIMELINE and reply.citations:
        return redirect(url_for("timeline.intention", reference=reply.citations[0].locator), code=303)
    keep = _link_to_keep(reply) if not more else ""
    return render_template("opportunity.html", reply=reply, keep=keep, **more), _STATUS.get(reply.outcome, 200)


def _link_to_keep(reply: Reply) -> str:
    """The address of the page on which what was just posted can be changed."""
    about = next((choice.about for choice in reply.choices if choice.action in _OWN), "")
    if not about:
        return ""
    wiring = current_wiring()
    path = own_posting(str(current_app.config["SECRET_KEY"]), about, wiring.desk.now())
    return wiring.link(path) or path


def _only_officers() -> None:
    if not visitor().roles & DECIDERS:
        abort(404)
