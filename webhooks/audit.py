"""The audit on the web, for administrators who signed in."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from flask import Blueprint, abort, render_template, request

from handlers.auditing import Asked, page, reader_of
from knowledge.audit import Deed
from knowledge.workdays import LONDON
from webhooks.presses import message_of
from webhooks.safety import current_wiring, limiter, signed_in

blueprint = Blueprint("audit", __name__)

SHOWN = 100
"""Rows of a page."""
_LONGEST = 254


class Field(NamedTuple):
    """A field of the filters. `kind`: day, words, choice."""

    name: str
    label: str
    hint: str = ""
    kind: str = "words"


_FIELDS = (
    Field("since", "From", kind="day"),
    Field("until", "Until", kind="day"),
    Field("deed", "What was done", kind="choice"),
    Field("about", "To what", "C-0012, E-3, MCC-0002, register"),
    Field("by", "By whom", "An address; desk: the command line and the desk itself"),
    Field("kind", "Kind of thing", "concern, attachment, list, setting"),
)


@blueprint.get("/administration/audit")
@limiter.limit("120/minute")
@signed_in
def listing() -> str:
    """Who did what, newest first; filters and `before` in the address. To anybody but an administrator it does not
    exist, and that they asked is written down."""
    desk = current_wiring().desk
    with desk.store.writing() as connection:
        by = reader_of(connection, message_of(), "audit", desk)
    if not by:
        abort(404)
    given = {one.name: request.args.get(one.name, "").strip()[:_LONGEST] for one in _FIELDS}
    asked = _asked(given)
    found = page(desk, asked, SHOWN, by=by)
    return render_template(
        "audit.html", found=found, given=given, fields=_FIELDS, deeds=[one.value for one in Deed], zone=LONDON,
        older={**{name: value for name, value in given.items() if value}, "before": found.older},
        paged=asked.before is not None,
    )  # fmt: skip


def _asked(given: dict[str, str]) -> Asked:
    """What the filters ask for; what cannot be understood of them is left out."""
    before = request.args.get("before", "")
    return Asked(
        since=_day(given["since"]),
        until=_day(given["until"]),
        deed=given["deed"] if given["deed"] in set(Deed) else "",
        kind=given["kind"],
        about=given["about"],
        by=given["by"],
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 9000 else None
