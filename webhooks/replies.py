"""What becomes of a reply on the pages of concerns: a form, a page of its own, or the concern with what was said."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.concerns.moving import MOVERS
from handlers.dispatch import handle
from handlers.messages import Choice, Outcome, Reply
from handlers.timeline_cells import page_of as timeline_page
from knowledge.concerns.nouns import number_of, reference_of
from webhooks.presses import message_of
from webhooks.safety import current_wiring

blueprint = Blueprint("replies", __name__)
"""Holds no route: only what templates use."""

Page = str | AnyResponse | tuple[str, int]

DRAFTED = ("raise", "raise_new", "at_risk", "follow")
"""What may be done with a concern that is written and not raised yet."""
_STATUS = {Outcome.ERROR: 500, Outcome.REFUSED: 409}


@blueprint.app_template_global()
def goes_to(action: str, about: str) -> str:
    """Where a button or a form of the pages of concerns is sent."""
    number = number_of(about)
    if action in MOVERS and number is not None and "|" not in about:
        return url_for("concerns.press", reference=reference_of(number), action=action)
    if action in DRAFTED:
        return url_for("new_concern.press", action=action)
    return url_for("new_concern.write")


@blueprint.app_template_global()
def page_of(choice: Choice) -> str:
    """The page of something that only is to be looked at, "" for what does something."""
    if choice.action == "open":
        return url_for("concerns.card", reference=choice.about)
    if choice.action in ("open_review", "record_review"):
        return url_for("reviews.page", reference=choice.about)
    if choice.action == "open_posting":
        return url_for("opportunities.waiting_list", _anchor=choice.about)
    if choice.action == "waiting_enquiries":
        return url_for("chat.enquiries", _anchor="latest")
    if choice.action in ("show_checklist", "checklist_markdown"):
        page = "checklists.page" if choice.action == "show_checklist" else "checklists.markdown"
        return url_for(page, id=int(choice.about))
    pages = {
        "my_checklists": "checklists.listing",
        "my_concerns": "concerns.listing", "new_concern": "new_concern.page", "new_posting": "opportunities.form",
    }  # fmt: skip
    return url_for(pages[choice.action]) if choice.action in pages else ""


@blueprint.app_template_global()
def intention_path(reference: str) -> str:
    """The page of an intention of the timeline."""
    return timeline_page(reference)


def seen(reference: str) -> Reply | None:
    """A concern as this visitor sees it; None where there is none that they may see."""
    reply = handle(message_of(action="open", about=reference), current_wiring().desk)
    return reply if reply.outcome is Outcome.CONCERN else None


def after(reply: Reply, reference: str = "", **more: Any) -> Page:
    """The answer to a press. `reference`: the concern it was on; `more`: for the page of a reply that asks on."""
    if reply.form:
        return filling(reply, reference)
    back = reply.concern or (reference if reply.outcome is Outcome.REFUSED else "")
    if back and seen(back):
        _tell(back, reply)
        return redirect(url_for("concerns.card", reference=back), code=303)
    page = render_template("concern_reply.html", reply=reply, reference=reference, **more)
    return page, _STATUS.get(reply.outcome, 200)


def filling(reply: Reply, reference: str = "", note: str = "") -> Page:
    """A form's page. `note`: said above it."""
    wrong = bool(reply.form and reply.form.errors)
    page = render_template("concern_form.html", form=reply.form, reference=reference, note=note)
    return page, 422 if wrong else 200


def told(reference: str) -> dict[str, Any] | None:
    """What was last done to a concern in this session, for its page to say once."""
    found = session.pop("told", None)
    return found if found and found["concern"] == reference else None


def _tell(reference: str, reply: Reply) -> None:
    urgent = reply.outcome in (Outcome.SAFEGUARDING, Outcome.REFUSED)
    session["told"] = {"concern": reference, "text": reply.text, "notes": list(reply.notes), "urgent": urgent}
