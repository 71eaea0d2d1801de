"""The whole HTTP surface, attacked by its own description: no 500, no trace, no hang, types and statuses as said, and
what makes a page safe on every answer."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import cast
import pytest
import schemathesis
from council import Council
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from openapi import QUERIES, UNSEEN, Seen, describe, posted
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance
from surface import PEOPLE, Surface, surface_of
from werkzeug.test import TestResponse

from bot.wiring import Wiring
from knowledge.away import Away
from webhooks import create_app
from webhooks.safety import limiter

EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "1"))
"""Requests for each route, method, role and way: that fit the description, and that do not."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
SAFE = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
}  # fmt: skip
LONGEST = 20.0
"""Seconds after which a request hangs, on whatever machine."""


@pytest.fixture(scope="module")
def surface(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surface]:
    with surface_of(cast.copy_home(demonstration, tmp_path_factory.mktemp("surface") / "desk")) as made:
        yield made


@pytest.fixture(scope="module")
def seen(surface: Surface) -> Seen:
    return surface.seen()


@pytest.fixture(scope="module")
def described(surface: Surface, seen: Seen) -> dict[str, Any]:
    return describe(surface.app, seen)


def test_the_description_has_every_route_and_every_form_is_known(
    surface: Surface, seen: Seen, described: dict[str, Any]
) -> None:
    operations = {one["operationId"] for path in described["paths"].values() for one in path.values()}
    rules = list(surface.app.url_map.iter_rules())
    assert {name.rpartition(".")[0] for name in operations} == {rule.endpoint for rule in rules}
    assert sum(len((rule.methods or set()) - {"HEAD", "OPTIONS"}) for rule in rules) == len(operations)
    unknown = {one for one in posted(surface.app) if not (seen.fields.get(one) or one in UNSEEN)}
    assert unknown == {"chat.new", "sign_in.out"}, "they alone have no field; others are to be seen, or in UNSEEN"
    assert {endpoint for endpoint, _ in seen.values} >= {"concerns.card", "documents.viewer", "alerts_manage.page"}


def test_no_request_of_anybody_breaks_anything(surface: Surface, described: dict[str, Any]) -> None:
    """Each request as a stranger, and as people of several roles, with the token of a form."""
    everybody = {who: signed_in(surface, who) for who in PEOPLE}
    assert found_wrong(surface, described, everybody) == []


def signed_in(surface: Surface, who: str) -> dict[str, Any]:
    """What somebody's browser sends with every request."""
    browser = surface.browser(who)
    cookie = browser.get_cookie("session")
    assert cookie
    token = browser.environ_base["HTTP_X_CSRFTOKEN"]
    return {"headers": {"X-CSRFToken": token}, "cookies": {"session": cookie.value}}


def found_wrong(surface: Surface, description: dict[str, Any], everybody: dict[str, dict[str, Any]]) -> list[str]:
    """What goes wrong with requests that fit a description, and with some that do not."""
    schema = schemathesis.openapi.from_dict(description)
    schema.app = whole(surface.app)
    ways = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    every = [(found.ok(), way) for found in schema.get_all_operations() for way in ways]
    return [one for operation, way in every for one in attacked(surface, operation, way, everybody)]


def whole(app: Flask) -> Callable[..., list[bytes]]:
    """The application, every answer of which is read to its end and closed."""

    def serve(environ: dict[str, Any], start: Any) -> list[bytes]:
        with closing(app(environ, start)) as answer:  # type: ignore[type-var]
            return [b"".join(answer)]

    return serve


def attacked(
    surface: Surface, operation: Any, way: GenerationMode, everybody: dict[str, dict[str, Any]]
) -> list[str]:  # fmt: skip
    """What goes wrong with requests to one route, in words."""
    wrong: list[str] = []

    @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=(Phase.generate,),
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=way))
    def attack(case: Any) -> None:
        for who, with_it in everybody.items():
            wrong.extend(f"{who}: {case.method} {case.formatted_path}: {one}" for one in faults(surface, case, with_it))

    with suppress(Unsatisfiable):  # nothing can be wrong in a request without parameters
        attack()
    return wrong


def faults(surface: Surface, case: Any, with_it: dict[str, Any]) -> list[str]:
    """What is wrong with the answer to one request."""
    began = time.monotonic()
    answer = case.call(**with_it)
    found = ["it hangs"] if time.monotonic() - began > LONGEST else []
    try:
        case.validate_response(answer, checks=CHECKS)
    except BaseExceptionGroup as failures:
        found += map(str, failures.exceptions)
    found += [f"no {name}" for name, value in SAFE.items() if answer.headers.get(name.lower()) != [value]]
    found += ["a trace"] * (b"Traceback" in answer.content) + list(map(repr, surface.errors))
    surface.errors.clear()
    return found


def test_the_public_description_is_true_of_what_it_names(surface: Surface) -> None:
    client = surface.app.test_client()
    public = client.get("/openapi.json").get_json()
    assert found_wrong(surface, public, {"a program": {"headers": {"Accept": "*/*"}}}) == []
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule): rule for rule in surface.app.url_map.iter_rules()}
    assert {path: [*methods] for path, methods in public["paths"].items() if path not in rules} == {}
    feeds = {path for path, rule in rules.items() if rule.endpoint.startswith(("feeds.", "health.", "notices."))}
    assert set(public["paths"]) == feeds - {"/metrics"}, "every feed is in it"
    for path in ("/timeline.csv", "/timeline.json"):
        named = {one["name"] for one in public["paths"][path]["get"]["parameters"]}
        assert set(QUERIES["feeds.csv"]) <= named


# --- what goes wrong ----------------------------------------------------------------------------------------------


def broken() -> str:
    raise RuntimeError("the secret words")


def away() -> str:
    raise Away("gone")


WRONG = {
    404: ("GET", "/nowhere"), 405: ("GET", "/ask"), 400: ("GET", "/timeline.csv?from=much"), 401: ("POST", "/do"),
    403: ("GET", "/administration"), 413: ("POST", "/ask"), 429: ("GET", "/often"), 500: ("GET", "/broken"),
    503: ("GET", "/away"),
}  # fmt: skip


@pytest.fixture
def errors(home: Path) -> Iterator[Surface]:
    """A desk on which everything can go wrong."""
    wiring, was = Wiring(cast.settings(home)), limiter.enabled
    limiter.enabled = True
    app = create_app(wiring)
    app.add_url_rule("/broken", view_func=broken)
    app.add_url_rule("/away", view_func=away)
    app.add_url_rule("/often", view_func=limiter.limit("1/hour")(lambda: ("", 204)), endpoint="often")
    limiter.reset()
    yield Surface(app, wiring, [], [])
    limiter.enabled = was
    limiter.reset()
    wiring.store.close()


def goes_wrong(errors: Surface, code: int, **headers: str) -> Any:
    """What comes of something that fails so."""
    method, path = WRONG[code]
    client = errors.browser("nobody")
    if code == 403:
        now = int(errors.wiring.desk.now().timestamp())
        with client.session_transaction() as session:
            session.update(address=cast.OLIVE.email, way="link", since=now, seen=now)
    if code == 429:
        client.get(path)
    body = b"a" * 1_100_000 if code == 413 else None
    answer = client.open(path, method=method, data=body, headers=headers, content_type="text/plain" if body else None)
    assert answer.status_code == code
    return answer


@pytest.mark.parametrize("code", WRONG)
def test_whatever_goes_wrong_has_a_page_that_says_what_to_do(
    errors: Surface, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = goes_wrong(errors, code, Accept="text/html")
    page = answer.get_data(as_text=True)
    assert answer.mimetype == "text/html"
    assert '<header class="top">' in page, "in the desk's own look"
    assert "secret words" not in page
    references = re.findall(r"<strong>([0-9a-f]{8})</strong>", page)
    assert len(references) == (code in (400, 413, 500, 503)), "where there is something to report"
    logged = "".join(capsys.readouterr())
    assert all(one in logged for one in references), "who quotes it is found in the log"
    assert all(answer.headers[name] == value for name, value in SAFE.items())
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert bool(answer.headers.get("Retry-After")) is (code in (429, 503))


@pytest.mark.parametrize("code", WRONG)
def test_a_program_is_told_the_same_in_json(errors: Surface, code: int) -> None:
    answer = goes_wrong(errors, code, Accept="application/json")
    said = answer.get_json()
    assert set(said) == {"error", "reference"}
    assert re.fullmatch("[0-9a-f]{8}", said["reference"])
    assert "secret words" not in said["error"]


def test_a_feed_that_cannot_be_read_says_which_filter(errors: Surface) -> None:
    told = errors.browser("nobody").get("/timeline.json?from=much").get_json()
    assert "“much” is no value" in told["error"]


def test_what_the_record_holds_back_on_the_page_of_an_error_breaks_no_page(errors: Surface) -> None:
    """The page of an error asks the record who reads it: where that is away the page is one for a stranger."""
    client = errors.browser("nobody")
    with client.session_transaction() as session:
        session.update(address="mo@example.org", way="link", since=2**31, seen=2**31)
    errors.wiring.store.close()
    for path in errors.wiring.settings.home.glob("record.db*"):
        path.unlink()
    (errors.wiring.settings.home / "record.db").mkdir()
    answer = client.get("/nowhere")
    assert answer.status_code in (404, 503)
    assert '<header class="top">' in answer.get_data(as_text=True)


# --- nasty texts --------------------------------------------------------------------------------------------------

MARKUP = "\"'><x-nasty onnasty=1></x-nasty><script>nasty</script><img src=x onerror=nasty>&lt;{{7*7}}"
INVISIBLE = "\u202e\u200d\ufeff\u2066\x1b[31m\r\n\tnasty\x7f\x85"
NO_TEXT = "a\0b\ud800\udfff\0"
NASTY = (MARKUP + INVISIBLE + NO_TEXT, "😀" * 20_000)


class Parsed(HTMLParser):
    """A page as a browser takes it: tags and names of attributes that we did not write."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.strange: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "x-nasty" or "onnasty" in names or "onerror" in names or (tag == "script" and "src" not in names):
            self.strange.append(f"{tag} {sorted(names)}")


def bodies(described: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Every address to which forms are posted, with their fields; places are filled with what was seen in them."""
    for path, operations in described["paths"].items():
        content = operations.get("post", {}).get("requestBody", {}).get("content", {})
        for shape in (content.get("application/x-www-form-urlencoded", {}).get("schema"),):
            if shape is None or path in ("/sign-out", "/new"):
                continue
            for place in operations["post"]["parameters"]:
                real = place["schema"].get("anyOf", [{}])[0].get("enum", ["1"])
                path = path.replace(f"{{{place['name']}}}", str(real[0]))
            yield path, list(shape["properties"])


def nasty_everywhere(surface: Surface, described: dict[str, Any], who: str, texts: Iterable[str]) -> list[str]:
    """What goes wrong where nasty texts stand in every field, and on every page after that."""
    browser, wrong = surface.browser(who), []
    for text in texts:
        sent = text.encode("utf-8", "surrogatepass")
        for path, fields in bodies(described):
            body = b"&".join(quote(name).encode() + b"=" + quote(sent).encode() for name in fields)
            answer = browser.post(path, data=body[:190_000], content_type="application/x-www-form-urlencoded")
            wrong += judged(path, answer)
        for path in ("/", "/alerts?follow=", "/timeline?words=", "/sign-in?next=", "/reports/committee?directorate="):
            wrong += judged(path, browser.get(path + quote(sent)[:3_000]))
    found = Seen(surface.app)
    found.walk(browser, ["/", *surface.begin], look=lambda path, answer: wrong.extend(judged(path, answer)))
    return [*wrong, *map(repr, surface.errors)]


def judged(path: str, answer: TestResponse) -> list[str]:
    page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    strange = Parsed(page).strange
    return [f"{path}: {answer.status_code} {strange}"] if strange or answer.status_code >= 500 else []


@pytest.mark.parametrize("who", ["nobody", "administrator"])
def test_nasty_texts_in_every_field_are_text(surface: Surface, described: dict[str, Any], who: str) -> None:
    assert nasty_everywhere(surface, described, who, NASTY) == []


def test_nasty_texts_in_every_field_are_text_on_postgresql(
    postgresql_council: Council, described: dict[str, Any], tmp_path: Path
) -> None:
    """Which refuses a NUL, in a question too."""
    url = postgresql_council.store.engine.url.render_as_string(hide_password=False)
    with surface_of(tmp_path / "desk", DATABASE_URL=url) as there:
        for who in ("nobody", "member"):
            assert nasty_everywhere(there, described, who, NASTY[:1]) == []
        browser = there.browser("administrator")
        for path in ("/documents/%00", "/timeline/a%00.ics", "/reports/contract/%00", "/reviews/%00", "/concerns/%00"):
            assert browser.get(path).status_code == 404, path
