"""One file on its way: being read, shown, taken in, or a taking being undone."""

from __future__ import annotations

import time

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.importing.starting import give_up, start, stuck
from handlers.administration import NAMES
from knowledge.parties import address_of, parties_of, party_of
from knowledge.register.reading.headings import FIELDS, OTHER
from knowledge.takings.jobs import Job, State
from knowledge.takings.nouns import Kind
from knowledge.takings.staging import Staging
from webhooks.administration import administrators
from webhooks.safety import current_wiring, limiter
from webhooks.visitors import visitor

blueprint = Blueprint("import_jobs", __name__)

Page = str | AnyResponse | tuple[str, int]

TRIES = "120/hour"
_PATIENCE, _STEP = 4.0, 0.1
"""Seconds for which a page waits for a file to be read before it says that this goes on."""
_AGAIN = 3
"""Seconds after which a page that says so loads itself again."""
_COLUMNS = 80
_TWICE = "Two columns were said to be the same: choose again."


@blueprint.get("/administration/imports/<id>")
@administrators
def page(id: str) -> Page:
    """How one stands: being read, shown, being taken in, done."""
    job = _settled(_mine(id))
    effect = staging_of().effect(id)
    with current_wiring().store.reading() as connection:
        told = [address_of(connection, one) for one in effect.told[:100]]
    fields = list(FIELDS)
    shown = render_template(
        "import.html", job=job, effect=effect, told=[one for one in told if one], names=NAMES, fields=fields,
        other=OTHER, columns=_unknown(job, effect.unknown), again=_AGAIN,
    )  # fmt: skip
    answer = make_response(shown, 422 if job.state is State.FAILED else 200)
    if job.working:
        answer.headers["Refresh"] = str(_AGAIN)
    return answer


@blueprint.post("/administration/imports/<id>/columns")
@limiter.limit(TRIES)
@administrators
def columns(id: str) -> Page:
    """Reads a register again, with what somebody said its columns mean."""
    job = _mine(id)
    if job.kind is not Kind.REGISTER or job.working or job.state is State.DONE:
        return redirect(url_for("import_jobs.page", id=id), code=303)
    pairs = [(request.form.get(f"heading-{n}", ""), request.form.get(f"field-{n}", "")) for n in range(_COLUMNS)]
    maps = {heading: field for heading, field in pairs if heading and field in (*FIELDS, OTHER)}
    given = [field for field in {**job.maps, **maps}.values() if field != OTHER]
    if len(set(given)) < len(given):
        failed = {"state": State.FAILED, "reason": "Two columns were said to be the same: choose again."}
        staging_of().write(
            job.model_copy(update={**failed, "headings": tuple(heading for heading, _ in pairs if heading)})
        )
        return redirect(url_for("import_jobs.page", id=id), code=303)
    return begin(job.model_copy(update={"maps": {**job.maps, **maps}, "headings": (), "reason": ""}))


@blueprint.post("/administration/imports/<id>/take")
@limiter.limit(TRIES)
@administrators
def take(id: str) -> Page:
    """Takes in what was shown."""
    job, staging = _mine(id), staging_of()
    shown = job.state in (State.SHOWN, State.CHANGED) and request.form.get("digest") == job.digest
    if shown and staging.hold(id):
        job = staging.write(job.model_copy(update={"state": State.TAKING, "since": current_wiring().desk.now()}))
        start(current_wiring().settings, job)
    return redirect(url_for("import_jobs.page", id=id), code=303)


@blueprint.post("/administration/imports/<id>/drop")
@limiter.limit(TRIES)
@administrators
def drop(id: str) -> Page:
    """Leaves everything as it is, and deletes the file."""
    if not _mine(id).working:
        staging_of().drop(id)
    return redirect(url_for("imports.listing"), code=303)


def begin(job: Job) -> Page:
    """Has a job read and tried, and leads to its page."""
    job = job.model_copy(update={"state": State.READING, "since": current_wiring().desk.now()})
    start(current_wiring().settings, staging_of().write(job))
    return redirect(url_for("import_jobs.page", id=job.id), code=303)


def _unknown(job: Job, unknown: dict[str, tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    """Headings to choose a meaning for; columns without one cannot be named."""
    found = dict.fromkeys(job.headings, ()) if job.headings else unknown
    if job.kind is not Kind.REGISTER or job.undoes:
        return []
    named = [(heading, fields) for heading, fields in found.items() if not heading.startswith("column ")]
    return named[:_COLUMNS]


def _settled(job: Job) -> Job:
    """A job once it is done, or after some seconds as it stands then."""
    end = time.monotonic() + _PATIENCE
    while job.working and time.monotonic() < end:
        if stuck(job):
            return give_up(staging_of(), job)
        time.sleep(_STEP)
        job = staging_of().read(job.id, current_wiring().desk.now()) or abort(404)
    return job


def _mine(id: str) -> Job:
    """A job of this visitor's. Of others it is not said that there are any."""
    job = staging_of().read(id, current_wiring().desk.now())
    return job if job and job.owner in _owners() else abort(404)


def new_owner() -> int:
    """The number of whoever asks, given to them now where they have none."""
    with current_wiring().store.writing() as connection:
        return party_of(connection, visitor().addresses[0])


def _owners() -> set[int]:
    """The same, looked up: a page that shows how a file stands must not wait for what writes it down."""
    with current_wiring().store.reading() as connection:
        return parties_of(connection, visitor().addresses[:1])


def staging_of() -> Staging:
    """Where files wait."""
    return Staging(current_wiring().settings.home)
