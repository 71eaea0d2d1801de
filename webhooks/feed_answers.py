"""How a feed is answered: with what lets a program ask again cheaply, and where its other pages are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode

from flask import Response, request
from sqlalchemy.engine import Connection

from knowledge.timeline.publishing.released import last_release
from knowledge.timeline.publishing.site import Site
from knowledge.workdays import LONDON

_FRESH = 300
"""Seconds for which anybody may keep an answer."""
_LAST_PAGE = 10_000


def answer(
    connection: Connection, content: bytes, kind: str, name: str, day: date | None, *,
    links: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """The answer with a content, or that it is still the same. `kind`: its type; `name`: of the file; `day`: today,
    where the content changes with the day; `links`: other pages."""
    response = Response(content, content_type=kind)
    how = "attachment" if name.endswith((".csv", ".ics")) else "inline"
    response.headers["Content-Disposition"] = f"{how}; filename={name}"
    response.add_etag()
    response.last_modified = _changed(connection, day)
    response.cache_control.public, response.cache_control.max_age = True, _FRESH
    for rel, href in (links or {}).items():
        response.headers.add("Link", f'<{href}>; rel="{rel}"')
    response.make_conditional(request)
    return response


def _changed(connection: Connection, day: date | None) -> datetime | None:
    """When the content last changed, at the latest: with the last release, or as today began."""
    began = datetime.combine(day, time(0), LONDON).astimezone(UTC) if day else None
    return max((one for one in (last_release(connection), began) if one), default=None)


def page_asked() -> int:
    """The page that is asked for, from 1."""
    asked = request.args.get("page", 1, type=int)
    return min(max(asked, 1), _LAST_PAGE)


def page_links(site: Site, name: str, total: int, size: int) -> dict[str, str]:
    """Where the pages before and after this one are."""
    page = page_asked()
    links = {"prev": query_of(site, name, page - 1)} if page > 1 else {}
    return {**links, "next": query_of(site, name, page + 1)} if page * size < total else links


def query_of(site: Site, name: str, page: int | None = None) -> str:
    """The address of a feed with the filters that were asked for; `page`: another page of it."""
    asked = [(key, value) for key, value in request.args.items(multi=True) if page is None or key != "page"]
    query = urlencode([*asked, *([("page", str(page))] if page and page > 1 else [])])
    return f"{site.url}/{name}" + (f"?{query}" if query else "")
