"""Is it alive, and is it ready."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from knowledge.documents.index import wanted_stamp
from knowledge.indexfile import stamp_of
from knowledge.store import HEAD, WrongVersion
from webhooks.safety import current_wiring, limiter, public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@limiter.exempt
@public
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@limiter.exempt
@public
def ready() -> tuple[Response, int]:
    """The record can be read at its newest version, and this machine's index is of its edition."""
    wiring = current_wiring()
    try:
        version = wiring.store.version()
        behind = stamp_of(wiring.settings.index_path) != wanted_stamp(wiring.store, wiring.pack)
    except WrongVersion as error:
        return jsonify(status="not ready", record=str(error)), 503
    except Exception:
        return jsonify(status="not ready", record="cannot be reached"), 503
    if version != HEAD:
        return jsonify(status="not ready", record=f"at version {version}, wants {HEAD}"), 503
    if behind and wiring.settings.index_path.is_file():
        wiring.index.get()
        return jsonify(status="ready", index="an edition behind, being built"), 200
    wiring.index.get()
    return jsonify(status="ready", index="of this edition"), 200
