"""Is it alive, and is it ready."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from bot.looking import machine_of
from knowledge.status.nouns import Held, Machine
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
    """The record can be read at its newest version. A machine whose indexes are an edition behind is ready, for it
    answers from what it has while it builds the others; it says that it is behind."""
    wiring = current_wiring()
    try:
        version = wiring.store.version()
        if version != HEAD:
            return jsonify(status="not ready", record=f"at version {version}, wants {HEAD}"), 503
        found = machine_of(wiring)
    except WrongVersion as error:
        return jsonify(status="not ready", record=str(error)), 503
    except Exception:
        return jsonify(status="not ready", record="cannot be reached"), 503
    wiring.index.get()  # what is behind begins to be built, at the latest now
    wiring.register.get()
    return jsonify(status="ready", record=f"at version {version}", **_editions(found)), 200


def _editions(found: Machine) -> dict[str, object]:
    behind = found.papers.behind or found.register_index.behind
    return {"behind": behind, "index": _said(found.papers), "register": _said(found.register_index)}


def _said(held: Held) -> dict[str, object]:
    return {"edition": held.edition, "wanted": held.wanted, "behind": held.behind}
