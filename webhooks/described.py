"""What other programs may ask of the desk, and send it, as an OpenAPI description: the timeline's feeds, signed
notices, and whether it is there. Pages are for people, and not in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from webhooks.feeds import MOST_CHANGES, MOST_IN_CALENDAR, MOST_RELEASES, MOST_ROWS
from webhooks.safety import current_wiring, limiter, public
from webhooks.timeline_filters import BANDS, LONGEST, MOST_PAGES, NAMES

blueprint = Blueprint("described", __name__)

_FLAGS = ("open", "small", "charity", "past", "buyers")
_FEEDS = {
    "/timeline.csv": ("text/csv", f"As a table, {MOST_ROWS:,} intentions a page"),
    "/timeline.json": ("application/json", f"As OCDS releases, {MOST_RELEASES:,} intentions a page"),
    "/timeline.atom": ("application/atom+xml", f"The last {MOST_CHANGES} changes"),
    "/timeline.ics": ("text/calendar", f"When what is to happen, of {MOST_IN_CALENDAR:,} intentions at most"),
}
_HISTORY = "1 for every release of each intention, not only the newest"


@blueprint.get("/openapi.json")
@limiter.limit("60/minute")
@public
def openapi() -> Response:
    """The description, with this desk's address and its council."""
    settings = current_wiring().settings
    about = {"title": f"{settings.council}: coming work", "version": "1", "description": __doc__}
    servers = {"servers": [{"url": settings.url}]} if settings.url else {}
    return jsonify(openapi="3.1.0", info=about, **servers, paths=_paths(), components=_components())


def _paths() -> dict[str, Any]:
    feeds = {path: {"get": _feed(path, kind, says)} for path, (kind, says) in _FEEDS.items()}
    one = _answers("text/calendar", 304, 404, 429)
    place = {"name": "reference", "in": "path", "required": True, "schema": {"type": "string"}}
    calendar = {"get": {"summary": "The calendar of one intention", "parameters": [place], "responses": one}}
    asked = {
        path: {"get": {"summary": says, "responses": _answers("application/json", *more)}}
        for path, says, more in (("/healthz", "Whether it answers", ()), ("/readyz", "Whether it can work", (503,)))
    }
    return {**feeds, "/timeline/{reference}.ics": calendar, "/notices": {"post": _notices()}, **asked}


def _feed(path: str, kind: str, says: str) -> dict[str, Any]:
    history = [{"name": "history", "in": "query", "description": _HISTORY, "schema": {"enum": ["1"]}}]
    return {
        "summary": f"{says}; with an ETag, and links to the pages before and after",
        "parameters": [*map(_filter, NAMES), _page(), *(history if path == "/timeline.json" else [])],
        "responses": _answers(kind, 304, 400, 429),
    }


def _filter(name: str) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "string", "maxLength": LONGEST}
    if name in ("from", "to"):
        shape = {"type": "integer", "minimum": 0, "maximum": 10 * BANDS[-1], "description": "Pounds"}
    if name in _FLAGS:
        shape = {"enum": ["yes", "all"]}
    return {"name": name, "in": "query", "description": f"Only by: {NAMES[name]}", "schema": shape}


def _page() -> dict[str, Any]:
    return {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": MOST_PAGES}}


def _notices() -> dict[str, Any]:
    headers = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ]
    return {
        "summary": "Take in an OCDS release or record package, signed by the Standard Webhooks scheme",
        "parameters": headers,
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": _answers("application/json", 202, 401, 404, 413, 415, 422, 429),
    }


def _answers(kind: str, *others: int) -> dict[str, Any]:
    """The statuses of an answer: 200 of a kind, and others."""
    told = {"200": {"description": "What was asked for", "content": {kind: {}}}}
    return {**told, **{str(status): _other(status) for status in others}}


def _other(status: int) -> dict[str, Any]:
    if status == 304:
        return {"description": "It is still the same"}
    said = {"$ref": "#/components/schemas/Said"} if status >= 400 else {"type": "object"}
    return {"description": _SAYS[status], "content": {"application/json": {"schema": said}}}


_SAYS = {
    202: "It is written down, and will be taken in", 400: "A filter cannot be read; which, is said",
    401: "The signature does not fit", 404: "There is nothing there, or it is not switched on",
    413: "It is too large", 415: "It is not JSON", 422: "It is no such package",
    429: "Too often: come back after Retry-After seconds", 503: "Not now",
}  # fmt: skip


def _components() -> dict[str, Any]:
    """What an error says to whoever asks for JSON; `reference` is in the desk's log."""
    said = {name: {"type": "string"} for name in ("error", "reference")}
    return {"schemas": {"Said": {"type": "object", "properties": said}}}
