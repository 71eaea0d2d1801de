"""The chat page: for anyone, a stranger as a provider; it works without JavaScript and better with it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.dispatch import handle
from handlers.messages import PRIVATE, Outcome, Reply
from handlers.questions.offering import offered_under
from handlers.register import download
from knowledge.conversations import recent
from webhooks.demonstration import play
from webhooks.presses import fields, message_of
from webhooks.quotations import citations_for_page
from webhooks.safety import current_wiring, limiter, public, signed_in
from webhooks.sessions import forget_conversation
from webhooks.visitors import conversation

blueprint = Blueprint("chat", __name__)

_SHOWN_TURNS = 20
_LONGEST_LABEL = 100


@blueprint.get("/")
@public
def page() -> str:
    """The conversation so far, and a box for the next question."""
    return _page()


@blueprint.post("/ask")
@limiter.limit(lambda: f"{current_wiring().settings.questions_per_minute}/minute")
@public
def ask() -> str | AnyResponse | tuple[str, int]:
    """A question. Without JavaScript the whole page comes back, with it only the new turn."""
    text = request.form.get("text", "").strip()
    fragment = request.headers.get("X-Fragment") == "turn"
    if not text:
        return ("", 204) if fragment else (_page(problem="Type a question first"), 422)
    message = message_of(text, thread=conversation(begin=True))
    reply = handle(message, current_wiring().desk)
    if fragment:
        return render_template("turn.html", turn=_turn(text, reply))
    if reply.outcome is Outcome.ERROR or reply.outcome in PRIVATE:  # not remembered: a redirect would not show it
        return _with(text, reply)
    return redirect(url_for("chat.page") + "#latest", code=303)


@blueprint.post("/do")
@limiter.limit(lambda: f"{current_wiring().settings.questions_per_minute}/minute")
@signed_in
def do() -> str | tuple[str, int]:
    """A button or a form in the conversation. What comes of it is not remembered: it may tell of a constituent."""
    given = {name: request.form.get(name, "") for name in ("action", "about", "said")}
    message = message_of(action=given["action"], about=given["about"], fields=fields(), thread=conversation(begin=True))
    reply = handle(message, current_wiring().desk)
    said = given["said"][:_LONGEST_LABEL] or "(a button)"
    if request.headers.get("X-Fragment") == "turn":
        return render_template("turn.html", turn=_turn(said, reply))
    return _with(said, reply)


@blueprint.get("/enquiries")
@signed_in
def enquiries() -> str | tuple[str, int]:
    """What waits for an officer, in the conversation, where it is claimed and answered."""
    reply = handle(message_of(action="waiting_enquiries"), current_wiring().desk)
    return _with("questions waiting", reply)


@blueprint.post("/contracts.csv")
@limiter.limit(lambda: f"{current_wiring().settings.questions_per_minute}/minute")
@public
def contracts_csv() -> Response:
    """All the contracts a question is about, asked again with the rights of whoever asks now."""
    longest = current_wiring().settings.max_question
    asked = tuple(text[:longest] for text in request.form.getlist("text"))[-_SHOWN_TURNS:]
    text = download(asked, message_of(asked[-1] if asked else ""), current_wiring().desk)
    if text is None:
        abort(404)
    headers = {"Content-Disposition": 'attachment; filename="contracts.csv"'}
    return Response("\ufeff" + text, mimetype="text/csv", headers=headers)


@blueprint.post("/new")
@public
def new() -> AnyResponse:
    """Starts a new conversation; what was said in the old one is deleted."""
    forget_conversation()
    return redirect(url_for("chat.page"), code=303)


@blueprint.post("/role")
@public
def role() -> AnyResponse | Response:
    """The demonstration's choice of role."""
    play(request.form.get("role", ""))
    return redirect(url_for("chat.page"), code=303)


def _page(problem: str = "", more: Sequence[dict[str, Any]] = ()) -> str:
    wiring = current_wiring()
    turns: list[dict[str, Any]] = []
    if thread := conversation():
        with wiring.store.reading() as connection:
            turns = [_turn(t.question, Reply.model_validate(t.reply)) for t in recent(connection, thread, _SHOWN_TURNS)]
    return render_template(
        "chat.html",
        turns=[*turns, *more],
        problem=problem,
        questions=wiring.pack.questions,
    )


def _with(said: str, reply: Reply) -> tuple[str, int]:
    """The whole page with a turn that no conversation keeps."""
    wrong = 500 if reply.outcome is Outcome.ERROR else 422 if reply.form and reply.form.errors else 200
    return _page(more=[_turn(said, reply)]), wrong


def _turn(text: str, reply: Reply) -> dict[str, Any]:
    mark = f"t{secrets.token_hex(4)}"
    in_rows = reply.table is not None and reply.table.source == "documents"
    return {
        "question": text, "reply": reply, "citations": citations_for_page(reply.citations), "mark": mark,
        "under": offered_under(reply),
        "links": {one.locator: one.path or "" for one in reply.citations} if in_rows else {},
    }  # fmt: skip
