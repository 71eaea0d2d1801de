"""Writing a concern on the web: the form, and what the desk found of it to confirm."""

from __future__ import annotations

from flask import Blueprint, abort, request

from handlers.dispatch import handle
from handlers.messages import Form, Outcome, Reply
from webhooks.presses import LIMITS, fields, files, message_of
from webhooks.replies import DRAFTED, Page, after, filling
from webhooks.safety import accepts, current_wiring, limiter, signed_in

blueprint = Blueprint("new_concern", __name__)

_MOST = LIMITS.files * LIMITS.bytes + 1_000_000
_TOO_MUCH = f"Send up to {LIMITS.files} files of {LIMITS.bytes // 1_000_000} MB each. Go back: what you wrote is there."
_FILES_AGAIN = "The files have to be chosen again."


@blueprint.get("/concerns/new")
@signed_in
def page() -> Page:
    """The form, empty."""
    reply = handle(message_of(action="new_concern"), current_wiring().desk)
    return filling(reply) if reply.form else after(reply)


@blueprint.post("/concerns/new")
@limiter.limit(lambda: f"{current_wiring().settings.questions_per_minute}/minute")
@signed_in
@accepts(_MOST, _TOO_MUCH)
def write() -> Page:
    """Takes what was written, and shows what the desk found of it. Nothing is raised yet, unless somebody is at risk
    or the contract is named."""
    given, sent, desk = fields(), files(), current_wiring().desk
    reply = handle(message_of(action="new_concern", fields=given, files=sent, thread=_thread()), desk)
    if reply.form:
        return filling(reply, note=_FILES_AGAIN if sent else "")
    again = handle(message_of(action="new_concern"), desk).form if reply.outcome is not Outcome.ERROR else None
    kept = [one.name for one in sent if not any(note.startswith(f"{one.name}: ") for note in reply.notes)]
    return after(reply, again=_filled_in(again, given) if again else None, lacking=_lacking(reply), kept=kept)


@blueprint.post("/concerns/new/<action>")
@limiter.limit(lambda: f"{current_wiring().settings.questions_per_minute}/minute")
@signed_in
def press(action: str) -> Page:
    """Confirms what was written: raises it, or follows one that is open already."""
    if action not in DRAFTED:
        abort(404)
    about = request.form.get("about", "")
    return after(handle(message_of(action=action, about=about, fields=fields()), current_wiring().desk))


def _thread() -> str:
    """What was written first is forgotten once the same form, shown again, says all of it and more."""
    mark = request.form.get("thread", "")[:100]
    return f"form:{mark}" if mark else ""


def _filled_in(form: Form, given: dict[str, str]) -> Form:
    """A form with what was written before."""
    entries = tuple(entry.model_copy(update={"value": given.get(entry.name, "")}) for entry in form.entries)
    return form.model_copy(update={"entries": entries})


def _lacking(reply: Reply) -> bool:
    return reply.outcome is Outcome.TOO_VAGUE
