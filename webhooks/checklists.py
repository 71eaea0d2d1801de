"""Checklists on the web, for people who signed in: theirs, those there are, and one to tick. Without JavaScript."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.dispatch import handle
from handlers.messages import Outcome, Reply
from webhooks.presses import message_of
from webhooks.safety import current_wiring, limiter, signed_in

blueprint = Blueprint("checklists", __name__)

Page = str | AnyResponse | tuple[str, int]
_TRIES = "60/minute"
_MOST = 1_000
"""Ticks of one form that are read."""


@blueprint.get("/checklists")
@signed_in
def listing() -> str:
    """The visitor's checklists, and those that can be opened."""
    return _listing()


@blueprint.post("/checklists")
@limiter.limit(_TRIES)
@signed_in
def begin() -> Page:
    """Opens one by its name."""
    reply = _said("open_checklist", request.form.get("name", ""))
    if reply.checklist is None:
        return _listing(reply.text), 422
    return redirect(url_for("checklists.page", id=reply.checklist.id), code=303)


@blueprint.get("/checklists/<int:id>")
@signed_in
def page(id: int) -> str:
    """One, with its boxes."""
    return _page(_said("show_checklist", str(id)))


@blueprint.post("/checklists/<int:id>")
@limiter.limit(_TRIES)
@signed_in
def press(id: int) -> Page:
    """Keeps the ticks, or deletes the checklist."""
    if request.form.get("do") == "delete":
        _said("delete_checklist", str(id))
        return redirect(url_for("checklists.listing"), code=303)
    ticked = ",".join(request.form.getlist("ticked")[:_MOST])
    reply = _said("tick_checklist", str(id), ticked=ticked)
    if reply.checklist is None:
        abort(404)
    return redirect(url_for("checklists.page", id=id, kept=1), code=303)


@blueprint.get("/checklists/<int:id>.md")
@signed_in
def markdown(id: int) -> Response:
    """One as a file of Markdown."""
    reply = _said("checklist_markdown", str(id))
    if reply.outcome is not Outcome.CHECKLIST or not reply.written:
        abort(404)
    headers = {"Content-Disposition": f'attachment; filename="checklist-{id}.md"'}
    return Response(reply.written[0].body, mimetype="text/markdown", headers=headers)


def _listing(problem: str = "") -> str:
    mine, there_is = _said("my_checklists"), _said("checklists")
    return render_template("checklists.html", mine=mine, there_is=there_is, problem=problem)


def _page(reply: Reply) -> str:
    if reply.checklist is None:
        abort(404)
    return render_template("checklist.html", reply=reply, found=reply.checklist, kept="kept" in request.args)


def _said(action: str, about: str = "", **fields: str) -> Reply:
    return handle(message_of(action=action, about=about, fields=fields), current_wiring().desk)
