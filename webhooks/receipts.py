"""What carriers of e-mail say became of letters."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, request

from handlers.receipts import take_receipt
from webhooks.safety import csrf, current_wiring, limiter, signed

blueprint = Blueprint("receipts", __name__)

Answer = tuple[dict[str, Any], int]
_LONGEST = 100


@blueprint.post("/receipts/notify")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask_wtf has no types
@limiter.limit("3000/minute")
@signed
def from_notify() -> Answer:
    """A delivery receipt of GOV.UK Notify's, by the token that was typed in there. 200 for what we know nothing of
    too, and for a repeat: Notify is to keep it no longer. What goes wrong here is a 500, and Notify says it again."""
    wiring = current_wiring()
    token = wiring.settings.notify_token.get_secret_value()
    if not token:
        return {"error": "no receipts are taken here: DESK_NOTIFY_TOKEN is not set"}, 404
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return {"error": "the token does not fit"}, 401
    found = _sent()
    if not isinstance(found, dict):
        return {"error": "send a receipt as JSON"}, 422
    id, carried, status = (_text(found.get(name)) for name in ("reference", "id", "status"))
    taken = bool(id and carried) and take_receipt(wiring.desk, id, carried, status)
    return {"taken": taken}, 200


def _sent() -> object:
    """What was sent, None where it is no JSON."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets in brackets, thousands deep
        return None


def _text(value: object) -> str:
    """A short text, "" for anything else: no record could hold it, nor was it ever ours."""
    return value if isinstance(value, str) and len(value) <= _LONGEST and value.isprintable() else ""
