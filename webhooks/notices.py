"""Notices that others send, signed: an OCDS package into the timeline."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot.commands.timeline_words import as_json
from bot.logs import log, where_of
from bot.notices import SMALL, SURFACE, leave, take_read
from bot.wiring import Wiring
from knowledge.incoming import write_down
from knowledge.timeline.nouns import Read
from knowledge.timeline.reading.errors import TimelineFileError
from knowledge.timeline.reading.jsonfile import read_json_text
from webhooks.safety import csrf, current_wiring, limiter, signed
from webhooks.signatures import BadSignature, signed_id

blueprint = Blueprint("notices", __name__)

Answer = tuple[dict[str, Any], int]
_OFF = "no notices are taken here: DESK_NOTICES_SECRET is not set"
_NOT_JSON = "send an OCDS package as application/json, in UTF-8 and not compressed"


@blueprint.post("/notices")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask_wtf has no types
@limiter.limit("60/minute")
@signed
def take() -> Answer:
    """A release or record package, signed by the Standard Webhooks scheme. 200: what became of its records, or that it
    was here before; 202: it is written down, and taken in by the worker."""
    wiring = current_wiring()
    if not wiring.settings.notices_secrets:
        return _refused(404, _OFF)
    if not _is_json():
        return _refused(415, _NOT_JSON)
    try:
        request.max_content_length = wiring.settings.max_notices_bytes
        body = request.get_data()
        id = signed_id(request.headers, body, wiring.settings.notices_secrets, wiring.desk.now())
    except RequestEntityTooLarge:
        return _refused(413, f"send {wiring.settings.max_notices_bytes:,} bytes at most")
    except BadSignature as error:
        return _refused(401, str(error))
    return _take_signed(wiring, f"{SURFACE}:{id}", body)


def _take_signed(wiring: Wiring, id: str, body: bytes) -> Answer:
    """Read first: a sender hears of a package that cannot be taken in, and may mend it. What can is written down before
    anything else happens to it."""
    try:
        read = read_json_text(body, id)
    except (TimelineFileError, RecursionError) as error:
        return _refused(422, str(error))
    if not write_down(wiring.store, id, SURFACE, {"body": body.decode()}):
        return {"repeat": True}, 200
    return _take_in(wiring, read, id) if read.records <= SMALL else _later(wiring, id)


def _take_in(wiring: Wiring, read: Read, id: str) -> Answer:
    try:
        return as_json(take_read(wiring, read, id)), 200
    except Exception as error:  # it is written down: the worker tries again
        log.error("notices", state="again", error=type(error).__name__, where=where_of(error))
        return {"accepted": True}, 202


def _later(wiring: Wiring, id: str) -> Answer:
    leave(wiring, id)
    return {"accepted": True}, 202


def _is_json() -> bool:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    plain = request.headers.get("Content-Encoding", "identity") == "identity"
    return request.mimetype == "application/json" and charset in ("utf-8", "utf8") and plain


def _refused(status: int, reason: str) -> Answer:
    return {"error": reason}, status
