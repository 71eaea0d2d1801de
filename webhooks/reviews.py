"""Reviews of contracts on the web: those that come up or were missed, and a page for each contract."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.concerns.case import sender
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from handlers.reviews import saying
from handlers.reviews.coming import AHEAD, coming, when
from handlers.reviews.forms import NOTE, parts
from handlers.reviews.showing import Sheet, sheet
from handlers.reviews.who import INSIDERS
from knowledge.register.contract import key_of
from knowledge.reviews import missed
from webhooks.presses import fields, message_of
from webhooks.safety import current_wiring, limiter, signed_in
from webhooks.visitors import visitor

blueprint = Blueprint("reviews", __name__)

Page = str | AnyResponse | tuple[str, int]
_TRIES = "60/minute"
_MOST = 200
"""Contracts of a page; the command lists them all."""
_SAID = {"recorded": "The review is recorded.", "undone": "The review is taken back."}


@blueprint.get("/reviews")
@signed_in
def listing() -> Page:
    """The reviews of the visitor's contracts, and every one that was missed."""
    _only_insiders()
    desk = current_wiring().desk
    with desk.store.reading() as connection:
        mine = coming(connection, sender(connection, message_of()), desk)
        late = missed(connection, desk.day)
    return render_template("reviews.html", mine=mine, late=late[:_MOST], total=len(late), when=when, day=desk.day)


@blueprint.get("/reviews/<path:reference>")
@signed_in
def page(reference: str) -> Page:
    """A contract's reviews, and for those who carry it the form."""
    found = _sheet(reference)
    reply = handle(_about(found.contract.reference), current_wiring().desk) if found.carries else None
    return _page(found, reply, told=_SAID.get(request.args.get("done", ""), ""))


@blueprint.post("/reviews/<path:reference>")
@limiter.limit(_TRIES)
@signed_in
def press(reference: str) -> Page:
    """Records a review, or takes the last one back."""
    found = _sheet(reference)
    undoing = request.form.get("do") == "undo"
    reply = handle(_press(found.contract.reference, undoing=undoing), current_wiring().desk)
    if reply.outcome is Outcome.REVIEW:
        done = "undone" if undoing else "recorded"
        return redirect(url_for("reviews.page", reference=reference, done=done), code=303)
    if reply.form:
        return _page(found, reply), 422
    return _page(found, None, refused=reply.text), 500 if reply.outcome is Outcome.ERROR else 409


def _press(reference: str, *, undoing: bool) -> Message:
    """What was sent, as a message. What a form was made for is told by the form, and which contract by the page."""
    about = request.form.get("about", "")
    if key_of(parts(about)[0]) != key_of(reference):
        about = reference
    if undoing:
        return message_of(action="undo_review", about=about)
    return _about(about, {name: said for name, said in fields().items() if name != "do"} or {"outcome": ""})


def _about(about: str, filled_in: dict[str, str] | None = None) -> Message:
    return message_of(action="record_review", about=about, fields=filled_in or {})


def _page(found: Sheet, reply: Reply | None, *, told: str = "", refused: str = "") -> str:
    day = current_wiring().desk.day
    form = reply.form.model_copy(update={"note": NOTE}) if reply and reply.form else None
    early = found.due is not None and found.due > day + AHEAD and not (form and form.errors)
    return render_template(
        "review.html", found=found, form=form, early=early, told=told, refused=refused, words=saying, day=day
    )


def _sheet(reference: str) -> Sheet:
    """A contract's reviews as the visitor may see them; for those to whom they are nothing there is no such page."""
    _only_insiders()
    desk = current_wiring().desk
    with desk.store.reading() as connection:
        found = sheet(connection, reference, sender(connection, message_of()), desk)
    if found is None:
        abort(404)
    return found


def _only_insiders() -> None:
    if not visitor().roles & INSIDERS:
        abort(404)
