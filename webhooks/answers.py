"""A provider's page: what the council asks of them, and their answer. Behind a signed link, without an account."""

from __future__ import annotations

import hashlib
import json

from flask import Blueprint, current_app, render_template

from bot.links import request_in
from handlers.concerns.answering import answer, asked
from handlers.dispatch import cleaned
from handlers.messages import Message, Outcome, Reply
from webhooks.links import TRIES, Page, spent
from webhooks.presses import fields
from webhooks.safety import current_wiring, limiter, public

blueprint = Blueprint("answers", __name__)

_OLD = "It is older than 60 days, or the mail program cut it short. Ask whoever sent it to you to send it again."


@blueprint.get("/answer/<token>")
@public
def page(token: str) -> Page:
    """What is asked, and the form to answer it."""
    number = _number(token)
    return _page(asked(number, current_wiring().desk)) if number is not None else spent(_OLD)


@blueprint.post("/answer/<token>")
@limiter.limit(TRIES)
@public
def send(token: str) -> Page:
    """Takes the answer."""
    number, given = _number(token), fields()
    if number is None:
        return spent(_OLD)
    told = json.dumps([token, sorted(given.items())])
    id = f"answer:{hashlib.sha256(told.encode()).hexdigest()[:40]}"
    message = cleaned(Message(text="", id=id, surface="link", fields=given))
    return _page(answer(message, number, current_wiring().desk))


def _page(reply: Reply) -> Page:
    if reply.outcome is Outcome.REFUSED:
        return spent(reply.text)
    wrong = bool(reply.form and reply.form.errors)
    return render_template("answer.html", reply=reply), 422 if wrong else 200


def _number(token: str) -> int | None:
    return request_in(str(current_app.config["SECRET_KEY"]), token, current_wiring().desk.now())
