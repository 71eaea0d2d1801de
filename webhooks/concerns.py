"""Concerns on the web, for people who signed in: their list, each one's page, and what may be done to it."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, abort, render_template, send_file

from handlers.accounting import paper
from handlers.concerns.moving import MOVERS
from handlers.dispatch import handle
from knowledge.concerns.nouns import number_of
from knowledge.concerns.record import concern as concern_of
from webhooks import concern_list
from webhooks.presses import fields, message_of
from webhooks.replies import Page, after, seen, told
from webhooks.safety import current_wiring, limiter, signed_in

blueprint = Blueprint("concerns", __name__)

_SHOWN_IN_PLACE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""Files a browser may show by itself; any other is handed over to be kept."""
_FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@blueprint.get("/concerns")
@signed_in
def listing() -> str:
    """The concerns this visitor raised, follows or carries."""
    desk = current_wiring().desk
    return render_template("concerns.html", found=concern_list.listing(message_of(), desk))


@blueprint.get("/concerns/<reference>")
@signed_in
def card(reference: str) -> str:
    """One concern. To whoever may not see it, it does not exist."""
    reply = seen(reference) or abort(404)
    wiring = current_wiring()
    with wiring.store.reading() as connection:
        found = concern_of(connection, number_of(reply.concern) or 0) or abort(404)
    dues = concern_list.dues(found, wiring.desk.now())
    return render_template("concern.html", reply=reply, dues=dues, told=told(reply.concern))


@blueprint.post("/concerns/<reference>/<action>")
@limiter.limit(lambda: f"{current_wiring().settings.questions_per_minute}/minute")
@signed_in
def press(reference: str, action: str) -> Page:
    """Does something to a concern; what needs more asks for it with a form of its own first."""
    shown = seen(reference)
    if shown is None or action not in MOVERS:
        abort(404)
    message = message_of(action=action, about=shown.concern, fields=fields())
    return after(handle(message, current_wiring().desk), shown.concern)


@blueprint.get("/concerns/<reference>/files/<int:id>")
@signed_in
def file(reference: str, id: int) -> Response:
    """A file kept with a concern, for those who see all of it. A browser is to run nothing that is in it."""
    shown = seen(reference) or abort(404)
    if id not in {paper.id for paper in shown.papers}:
        abort(404)
    found = paper(message_of(), number_of(shown.concern) or 0, id, current_wiring().desk) or abort(404)
    in_place = found.type in _SHOWN_IN_PLACE
    kind = found.type if in_place or found.type == "application/pdf" else "application/octet-stream"
    answer = send_file(
        BytesIO(found.content),
        mimetype=kind,
        as_attachment=not in_place,
        download_name=found.name or "file",
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = _FILE_POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer
