"""Files taken in from a page: chosen, shown before anything changes, taken in, undone. Without JavaScript."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.administration import NAMES
from handlers.concerns.saying import when
from knowledge import library
from knowledge.models import Access, Document
from knowledge.parties import address_of
from knowledge.takings.nouns import CannotUndo, Kind, Taking
from knowledge.takings.record import taking_of, takings, why_not
from knowledge.takings.staging import TooLarge
from webhooks.administration import administrators
from webhooks.import_jobs import TRIES, begin, new_owner, staging_of
from webhooks.safety import accepts, current_wiring, limiter

blueprint = Blueprint("imports", __name__)

Page = str | AnyResponse | tuple[str, int]

_MOST = 50_000_000
"""Bytes of a file."""
_TOO_MUCH = (
    "A file may have 50 MB at most here. Larger ones are for the command line (desk register import, and so on)."
)
_PAPER = ("title", "published", "access")


class Row(NamedTuple):
    """A file that was taken in. `why_not`: why it cannot be undone."""

    taking: Taking
    by: str
    why_not: str


@blueprint.get("/administration/imports")
@administrators
def listing() -> Page:
    """What was taken in, and the form for another file."""
    return _listing()


@blueprint.post("/administration/imports")
@limiter.limit(TRIES)
@accepts(_MOST + 100_000, _TOO_MUCH)
@administrators
def send() -> Page:
    """Takes a file, and has it read."""
    sent, kind = request.files.get("file"), _kind(request.form.get("kind", ""))
    if kind is None or sent is None or not sent.filename:
        return _listing("Choose what the file is." if kind is None else "Choose a file."), 422
    staging, now = staging_of(), current_wiring().desk.now()
    job = staging.begin(new_owner(), kind, now)
    try:
        job = staging.keep_file(job, sent.filename, sent.stream, _MOST)
    except TooLarge:
        return _listing(_TOO_MUCH), 413
    finally:
        sent.close()
    ticked = {name: name in request.form for name in ("complete", "own_only", "announce")}
    paper = _paper() if kind is Kind.DOCUMENT else {}
    return begin(job.model_copy(update={**ticked, "paper": paper}))


@blueprint.post("/administration/imports/undo/<int:number>")
@limiter.limit(TRIES)
@administrators
def undo(number: int) -> Page:
    """Has undoing tried, to show what it does."""
    wiring = current_wiring()
    with wiring.store.reading() as connection:
        try:
            one = taking_of(connection, number)
        except CannotUndo:
            abort(404)
    job = staging_of().begin(new_owner(), one.kind, wiring.desk.now(), undoes=number)
    return begin(job.model_copy(update={"name": one.source}))


def _listing(problem: str = "") -> str:
    wiring, now = current_wiring(), current_wiring().desk.now()
    staging_of().sweep(now)
    with wiring.store.reading() as connection:
        kept = wiring.settings.undo_kept
        rows = [
            Row(one, address_of(connection, one.made_by), why_not(connection, one, now, kept))
            for one in takings(connection)
        ]
        papers = library.documents(connection)
    return render_template(
        "imports.html", rows=rows, papers=papers, names=NAMES, when=when, problem=problem, kept=kept,
        given=request.form, accesses=[one.value for one in Access], most=_MOST // 1_000_000,
    )  # fmt: skip


def _paper() -> dict[str, str]:
    """What is said of a paper: of one that takes another's place, what was said of that, where nothing else is."""
    with current_wiring().store.reading() as connection:
        former = library.document(connection, request.form.get("replaces", "")[:200])
    about = former or Document(id="", title="")
    names = ("id", "title", "publisher", "published", "kind", "status", "supersedes", "note", "access")
    said = {name: str(getattr(about, name)) for name in names}
    given = {name: " ".join(request.form.get(name, "").split())[:300] for name in _PAPER}
    return {name: value for name, value in {**said, **{n: v for n, v in given.items() if v}}.items() if value}


def _kind(text: str) -> Kind | None:
    return Kind(text) if text in {one.value for one in Kind} else None
