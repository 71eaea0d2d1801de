"""Pages for those who keep the timeline: a new intention, contracts nothing follows, tenders too near."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.dispatch import handle
from handlers.intentions import clashes as clash_words
from handlers.intentions import ending as ending_words
from handlers.intentions.keeping import KEEPERS
from handlers.messages import Outcome, Reply
from knowledge.timeline.clashing import clashes as find_clashes
from knowledge.timeline.ending import ending as find_ending
from webhooks.presses import fields, message_of
from webhooks.safety import current_wiring, limiter, signed_in
from webhooks.visitors import visitor

blueprint = Blueprint("planning", __name__)

Page = str | AnyResponse | tuple[str, int]

MOST = 200
"""Contracts, or clashes, of a page; the command lists them all."""
_STATUS = {Outcome.ERROR: 500, Outcome.REFUSED: 409}


@blueprint.get("/timeline/new")
@signed_in
def form() -> Page:
    """The form of a new intention; `?about=follows:MCC-0002`: begun with what the register has of a contract."""
    _only_keepers()
    about = request.args.get("about", "")
    return _page(handle(message_of(action="new_intention", about=about), current_wiring().desk))


@blueprint.post("/timeline/new")
@limiter.limit(lambda: f"{current_wiring().settings.questions_per_minute}/minute")
@signed_in
def write() -> Page:
    """Publishes what was filled in."""
    _only_keepers()
    return _page(handle(message_of(action="new_intention", fields=fields() or {"title": ""}), current_wiring().desk))


@blueprint.get("/timeline/ending")
@signed_in
def ending() -> Page:
    """Contracts that end soon and that nothing on the timeline follows."""
    _only_keepers()
    desk = current_wiring().desk
    with desk.store.reading() as connection:
        found = find_ending(connection, desk.day, desk.ending_within)
    return render_template(
        "ending.html", found=found[:MOST], total=len(found), months=desk.ending_within, words=ending_words
    )


@blueprint.get("/timeline/clashes")
@signed_in
def clashes() -> Page:
    """Tenders for the same market that come out within six weeks of each other."""
    _only_keepers()
    desk = current_wiring().desk
    with desk.store.reading() as connection:
        found = find_clashes(connection, desk.day)
    return render_template("clashes.html", found=found[:MOST], total=len(found), words=clash_words)


def _page(reply: Reply) -> Page:
    if reply.form:
        page = render_template("planning_form.html", form=reply.form, goes=url_for("planning.write"))
        return page, 422 if reply.form.errors else 200
    if reply.outcome is Outcome.TIMELINE and reply.citations:
        return redirect(url_for("timeline.intention", reference=reply.citations[0].locator), code=303)
    return render_template("opportunity.html", reply=reply), _STATUS.get(reply.outcome, 200)


def _only_keepers() -> None:
    if not visitor().roles & KEEPERS:
        abort(404)
