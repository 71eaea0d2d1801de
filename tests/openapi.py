"""The whole HTTP surface as an OpenAPI 3.1 description, for tests: every route of the application, the fields of the
forms that its pages really show, and the few answers and bodies that are no pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

HTML, JSON = "text/html", "application/json"
OTHER_TYPES = {
    "feeds.csv": "text/csv", "feeds.ocds": JSON, "feeds.changes": "application/atom+xml",
    "feeds.diary": "text/calendar",
    "feeds.one": "text/calendar", "health.alive": JSON, "health.ready": JSON, "metrics.page": "text/plain",
    "reports.style": "text/css", "chat.contracts_csv": "text/csv", "checklists.markdown": "text/markdown",
    "notices.take": JSON, "receipts.from_notify": JSON, "slack.events": JSON, "described.openapi": JSON,
    "static": "*/*", "concerns.file": "*/*", "reports.committee": "*/*", "reports.contract": "*/*",
    "reports.provider": "*/*",
}  # fmt: skip
"""What answers with something else than a page."""
_FILTERS = (
    "words", "service", "quarter", "directorate", "area", "stage", "from", "to", "open", "small", "charity", "past",
    "buyers", "page",
)  # fmt: skip
_REPORTS = ("directorate", "from", "to", "as")
QUERIES: dict[str, tuple[str, ...]] = {
    "timeline.listing": _FILTERS, "feeds.csv": _FILTERS, "feeds.ocds": (*_FILTERS, "history"),
    "feeds.changes": _FILTERS,
    "feeds.diary": _FILTERS, "alerts.start": ("follow",), "sign_in.page": ("next",), "sign_in_slack.start": ("next",),
    "sign_in_slack.back": ("code", "state", "error"), "reports.committee": _REPORTS, "reports.contract": _REPORTS[1:],
    "reports.provider": _REPORTS[1:], "reviews.page": ("done",), "checklists.page": ("kept",),
    "audit.listing": ("who", "what", "kind", "deed", "from", "to", "page", "before"), "planning.form": ("about",),
}  # fmt: skip
"""What addresses may ask for."""
UNSEEN: dict[str, tuple[str, ...]] = {
    "chat.contracts_csv": ("text",), "import_jobs.columns": ("heading-0", "field-0"), "imports.undo": (),
    "import_jobs.drop": (), "import_jobs.take": ("digest",), "chat.role": ("role",), "links.press": ("text", "press"),
    "alerts_stop.press": ("List-Unsubscribe",), "alerts_confirm.press": (), "alerts_stop.again": (),
    "sign_in.use_link": (), "concerns.press": ("text", "outcome", "to", "promised", "press"),
    "opportunities.decide": ("reason",), "opportunities.press": ("title", "text", "reason"),
    "new_concern.press": ("about", "press"), "alerts_change.change": ("criteria", "every", "do"),
    "alerts_mine.send": ("email",), "chat.do": ("action", "about", "said", "text", "press"),
    "alert_endpoints.press": ("do", "id", "url", "mark", "alert"), "answers.send": ("text", "promised"),
    "alerts_manage.press": ("do", "id"), "checklists.press": ("ticked", "do"), "imports.send": ("kind", "file"),
    "alerts.go_on": ("say", "criteria", "email", "do", "every", "follows"),
}  # fmt: skip
"""Fields of forms that stand on a page only at times, by endpoint; those that pages show are added to them."""
BODIES: dict[str, dict[str, Any]] = {
    "slack.events": {"type": "object"},
    "notices.take": {"type": "object", "properties": {"releases": {"type": "array"}, "uri": {"type": "string"}}},
    "receipts.from_notify": {
        "type": "object", "properties": {name: {"type": "string"} for name in ("reference", "id", "status")},
    },
}  # fmt: skip
"""What programs send."""
_OURS = {"csrf_token"}
_STATUSES = {
    "GET": ("200", "302", "303", "304", "308", "400", "401", "403", "404", "409", "410", "413", "422", "429"),
    "POST": ("200", "202", "204", "303", "400", "401", "403", "404", "409", "410", "413", "415", "422", "429"),
}
_SAYS_NOT = {"sign_in_slack.start": ("503",), "sign_in_slack.back": ("503",), "health.ready": ("503",)}


class Forms(HTMLParser):
    """The forms and links of a page: `forms` as method, address and fields; `links` as paths."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, set[str]]] = []
        self.links: set[str] = set()
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and found.get("href", "").startswith("/"):
            self.links.add(found["href"].partition("#")[0])
        if tag == "form":
            self.forms.append((found.get("method", "get").upper(), found.get("action", ""), set()))
            self._inside = True
        if self._inside and found.get("name") and tag in ("input", "select", "textarea", "button"):
            self.forms[-1][2].add(found["name"])

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


class Seen:
    """What a walk through the pages found. `fields`: of forms that are posted, by endpoint; `values`: what stands in
    the places of addresses, by endpoint and place."""

    def __init__(self, app: Flask) -> None:
        self._map = app.url_map.bind("localhost")
        self.fields: dict[str, set[str]] = {}
        self.values: dict[tuple[str, str], set[str]] = {}
        self.pages = 0

    def walk(
        self, client: FlaskClient, begin: Iterable[str], most: int = 60,
        look: Callable[[str, TestResponse], object] = lambda path, answer: None,
    ) -> None:  # fmt: skip
        """Follows links from some pages, one of each kind of address. `look`: is shown every answer."""
        waiting, met, kinds = list(begin), set[str](), set[str]()
        while waiting and len(met) < most:
            path = waiting.pop(0)
            endpoint = self._match("GET", path)
            if path in met or not endpoint or endpoint in kinds:
                continue
            met.add(path)
            kinds.add(endpoint)
            answer = client.get(path)
            look(path, answer)
            if answer.mimetype == HTML and answer.status_code < 400:
                waiting += sorted(self._look(answer.get_data(as_text=True), path))
            answer.close()
        self.pages += len(met)

    def _look(self, page: str, path: str) -> set[str]:
        found = Forms(page)
        for method, action, fields in found.forms:
            endpoint = self._match(method, action or path)
            if method == "POST" and endpoint:
                self.fields.setdefault(endpoint, set()).update(fields - _OURS)
        return found.links

    def _match(self, method: str, path: str) -> str:
        try:
            endpoint, given = self._map.match(unquote(urlsplit(path).path), method=method)
        except HTTPException:
            return ""
        for name, value in given.items():
            self.values.setdefault((endpoint, name), set()).add(str(value))
        return str(endpoint)


def describe(app: Flask, seen: Seen) -> dict[str, Any]:
    """The description: every route with each of its methods."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _operation(rule, method, seen)
    return {"openapi": "3.1.0", "info": {"title": "Commissioning Desk", "version": "tests"}, "paths": paths}


def posted(app: Flask) -> Iterator[str]:
    """The endpoints to which forms are posted."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint not in BODIES:
            yield rule.endpoint


def _operation(rule: Rule, method: str, seen: Seen) -> dict[str, Any]:
    places = [_place(rule, name, seen) for name in sorted(rule.arguments)]
    asked = [_asked(name) for name in QUERIES.get(rule.endpoint, ()) if method == "GET"]
    found = {
        "operationId": f"{rule.endpoint}.{method}", "parameters": [*places, *asked],
        "responses": _responses(rule.endpoint, method),
    }  # fmt: skip
    return {**found, **({"requestBody": _body(rule.endpoint, seen)} if method == "POST" else {})}


def _place(rule: Rule, name: str, seen: Seen) -> dict[str, Any]:
    number = f"<int:{name}>" in rule.rule
    shape: dict[str, Any] = {"type": "integer", "minimum": 0} if number else {"type": "string", "minLength": 1}
    real = sorted({value for (_, other), values in seen.values.items() if other == name for value in values})
    examples = [int(one) if number else one for one in real if one.isdecimal() or not number][:40]
    shape = {"anyOf": [{"enum": examples}, shape]} if examples else shape
    return {"name": name, "in": "path", "required": True, "schema": shape}


def _asked(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}


def _body(endpoint: str, seen: Seen) -> dict[str, Any]:
    if endpoint in BODIES:
        return {"required": True, "content": {JSON: {"schema": BODIES[endpoint]}}}
    names = sorted(seen.fields.get(endpoint, set()) | set(UNSEEN.get(endpoint, ())))
    fields: Mapping[str, Any] = {name: {"type": "string"} for name in names}
    shape = {"type": "object", "properties": fields, "additionalProperties": False}
    return {"required": False, "content": {"application/x-www-form-urlencoded": {"schema": shape}}}


def _responses(endpoint: str, method: str) -> dict[str, Any]:
    kinds = dict.fromkeys((OTHER_TYPES.get(endpoint, HTML), HTML, JSON))
    content: dict[str, Any] = {kind: {} for kind in kinds}
    wrong = {HTML: {}, JSON: {}}
    return {
        status: {"description": "", **_content(status, content, wrong)}
        for status in (*_STATUSES[method], *_SAYS_NOT.get(endpoint, ()))
    }


def _content(status: str, content: dict[str, Any], wrong: dict[str, Any]) -> dict[str, Any]:
    if status in ("204", "304"):
        return {}
    return {"content": wrong if status >= "300" and status != "410" else content}
