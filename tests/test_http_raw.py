"""Raw HTTP against a real `desk serve`: whatever bytes come, it answers or hangs up, goes on serving others, and what
it logs quotes nothing of them."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import cast
import pytest
from processes import ROOT, answers, child_environment, free_port, start_desk, stopped
from raw import Answer, exchange, read, request

from bot.patience import PatientSocket
from bot.serving import is_there

MARK = "xylograph"
"""Stands in everything that is sent, and must not stand in the log."""
FORM = b"Content-Type: application/x-www-form-urlencoded"
SAFE = ("X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy")


class Served(NamedTuple):
    """A desk that serves: its port and its log."""

    port: int
    log: Path

    def ask(self, *parts: bytes) -> Answer:
        return exchange(self.port, *parts)

    def alive(self) -> bool:
        return answers(f"http://127.0.0.1:{self.port}/healthz")


def waited_for(port: int, child: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while not answers(f"http://127.0.0.1:{port}/healthz"):
        assert child.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)


@pytest.fixture(scope="module")
def served(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("raw")
    home, port, log = cast.copy_home(sample_home, folder / "desk"), free_port(), folder / "log"
    environment = child_environment(home, DESK_WEB_WORKERS="1", DESK_LOG_LEVEL="debug")
    child = start_desk(log, environment, "serve", "--port", str(port))
    try:
        waited_for(port, child, log)
        yield Served(port, log)
    finally:
        stopped(child)


@pytest.fixture(scope="module")
def quick(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """gunicorn as `desk serve` starts it, with a second's patience."""
    folder = tmp_path_factory.mktemp("quick")
    home, port, log = cast.copy_home(sample_home, folder / "desk"), free_port(), folder / "log"
    command = [
        sys.executable, "-m", "gunicorn", "webhooks:create_app()", "--bind", f"127.0.0.1:{port}", "--workers", "1",
        "--worker-class", "quick_server.QuickWorker", "--threads", "8", "--logger-class", "bot.serving_log.QuietLog",
        "--log-level", "warning", "--timeout", "60", "--graceful-timeout", "2",
    ]  # fmt: skip
    environment = {**child_environment(home), "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    with log.open("ab") as out:
        child = subprocess.Popen(command, env=environment, cwd=folder, stdout=out, stderr=out)
    try:
        waited_for(port, child, log)
        yield Served(port, log)
    finally:
        stopped(child)


M = MARK.encode()
CHUNKS = b"0\r\n\r\n"
HEADS = {
    "no request": M + b"\r\n\r\n",
    "a space in the address": b"GET /do/" + M + b" here HTTP/1.1\r\nHost: a\r\n\r\n",
    "a header with a space": request("GET", b"/", (b"Bad Header: " + M,)),
    "a header without a colon": request("GET", b"/", (M,)),
    "a folded header": request("GET", b"/", (b"X-A: 1", b" " + M)),
    "a NUL in a header": request("GET", b"/", (b"X-A: " + M + b"\0",)),
    "no such version": request("GET", b"/" + M, version=b"9.9"),
    "a long address": request("GET", b"/" + M + b"a" * 9_000),
    "many headers": request("GET", b"/", [b"X-%d: " % n + M for n in range(300)]),
    "a long header": request("GET", b"/", (b"X-A: " + M * 20_000,)),
    "a large cookie": request("GET", b"/", (b"Cookie: session=" + M * 2_000,)),
    "two lengths": request("POST", b"/ask", (b"Content-Length: 5", b"Content-Length: 6"), M),
    "a length below nothing": request("POST", b"/ask", (b"Content-Length: -5",), M),
    "a length in words": request("POST", b"/ask", (b"Content-Length: " + M,), M),
    "a length and chunks": request("POST", b"/ask", (b"Content-Length: 5", b"Transfer-Encoding: chunked"), CHUNKS),
    "a bad chunk": request("POST", b"/ask", (FORM, b"Transfer-Encoding: chunked"), b"zz\r\n" + M),
    "a coding nobody knows": request("POST", b"/ask", (b"Transfer-Encoding: " + M,), b"0\r\n\r\n"),
    "a lower method": request("get", b"/"),
}  # fmt: skip


@pytest.mark.parametrize("bytes_", HEADS.values(), ids=list(HEADS))
def test_whatever_is_no_http_is_refused_and_the_desk_goes_on(served: Served, bytes_: bytes) -> None:
    answer = served.ask(bytes_)
    assert answer.ended, "it waits for nothing"
    assert answer.status in (0, 200, 400, 405, 413, 414, 417, 431, 501, 505), answer.head
    assert b"Traceback" not in answer.body
    assert served.alive()


PATHS = (
    b"/%", b"/%zz", b"/%ff%fe", b"/\xff\xfe", b"/documents/%c3%28", b"/documents/%00", b"/timeline/%ed%a0%80",
    b"//evil.example.org/", b"/../../etc/passwd", b"/static/../../bot/settings.py", b"/static/%2e%2e/%2e%2e/etc/passwd",
    b"/?a=%zz&a=%ff", b"/timeline?words=%00&page=%ff", b"/timeline.json?from=%ff", b"/alerts?follow=%00",
    b"http://desk/healthz", b"*", b"/reports/contract/%00", b"/concerns/%F0%9F%98%80",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_an_address_of_any_bytes_is_answered(served: Served, path: bytes) -> None:
    answer = served.ask(request("GET", path + (b"" if b"?" in path or path == b"*" else b"?x=" + M)))
    assert 200 <= answer.status < 500, answer.head
    assert b"root:" not in answer.body
    if answer.header("Server"):  # gunicorn's own refusals have no header but their type and length
        assert all(answer.header(name) for name in SAFE), answer.head


METHODS = ("HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND")


@pytest.mark.parametrize("method", METHODS)
def test_other_methods_do_nothing_and_echo_nothing(served: Served, method: str) -> None:
    for path in (b"/", b"/timeline.json", b"/ask", b"/nowhere"):
        answer = served.ask(request(method, path, (b"X-A: " + M, b"Cookie: a=" + M)))
        assert answer.status in (200, 400, 404, 405), answer.head
        assert M not in answer.body
        if method == "HEAD":
            assert answer.body == b""
        if answer.status == 405:
            assert answer.header("Allow")


HEADERS = (
    b"Accept: */*;q=" + M, b"Accept: ,,,;;;=", b"Accept-Language: \xff\xff, " + M, b"Accept-Encoding: " + M,
    b"Range: bytes=0-1", b"Range: bytes=9-1,2-", b"Range: " + M, b"If-None-Match: " + M, b'If-None-Match: W/"a", *',
    b"If-Modified-Since: " + M, b"If-Range: " + M, b"X-Forwarded-For: " + M, b"X-Forwarded-Proto: " + M,
    b"Cookie: session=" + M, b"Cookie: ;;;=;\xff", b"Content-Length: 0", b"Expect: 100-continue", b"Expect: " + M,
    b"Upgrade: h2c", b"Referer: \xff", b"Authorization: Basic " + M,
)  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_an_odd_header_breaks_nothing(served: Served, header: bytes) -> None:
    for path in (b"/timeline.json", b"/static/desk.css"):
        answer = served.ask(request("GET", path, (header,)))
        assert answer.status in (100, 200, 206, 304, 400, 416, 417), answer.head


def test_a_feed_that_is_the_same_is_not_sent_again(served: Served) -> None:
    etag = served.ask(request("GET", b"/timeline.ics")).header("ETag")
    again = served.ask(request("GET", b"/timeline.ics", (b"If-None-Match: " + etag.encode(),)))
    assert (again.status, again.body) == (304, b"")


def test_http_1_0_and_requests_one_behind_another_are_answered(served: Served) -> None:
    old = served.ask(b"GET /healthz HTTP/1.0\r\n\r\n")
    assert (old.status, old.ended) == (200, True)
    both = served.ask(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 3 + request("GET", b"/healthz"))
    assert both.head.count("HTTP/1.1 200") + both.body.count(b"HTTP/1.1 200") == 4
    halves = (
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /hea",
        b"lthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as there:
        there.sendall(halves[0])
        time.sleep(0.2)
        there.sendall(halves[1])
        found = read(there)
    assert found.body.count(b"HTTP/1.1 200") == 1


def form(body: bytes, *headers: bytes, kind: bytes = FORM) -> bytes:
    return request("POST", b"/ask", (kind, b"Content-Length: %d" % len(body), *headers), body)


PART = b'--a\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
MULTIPART = b"Content-Type: multipart/form-data; boundary="
BODIES = {
    "bad percents": form(b"text=%&%zz=%ff&text=%00"),
    "no UTF-8": form(b"text=\xff\xfe\x00" + M),
    "the same field a thousand times": form(b"&".join([b"text=" + M] * 900)),
    "ten thousand fields": form(b"&".join(b"f%d=1" % n for n in range(10_000))),
    "no boundary": form(M, kind=b"Content-Type: multipart/form-data"),
    "an endless boundary": form(b"--a", kind=MULTIPART + b"a" * 1_000),
    "a part without an end": form(PART + M, kind=MULTIPART + b"a"),
    "a part without a name": form(PART.replace(b"; name", b"; nome") + b"x\r\n--a--\r\n", kind=MULTIPART + b"a"),
    "a part with endless headers": form(b"--a\r\nX: " + M * 50_000 + b"\r\n\r\nx\r\n--a--", kind=MULTIPART + b"a"),
    "two thousand parts": form((PART + b"1\r\n") * 2_000 + b"--a--\r\n", kind=MULTIPART + b"a"),
    "a charset nobody knows": form(b"text=1", kind=FORM + b"; charset=" + M),
    "JSON": form(b'{"text": "' + M + b'"}', kind=b"Content-Type: application/json"),
    "said to be compressed": form(b"\x1f\x8b" + M, b"Content-Encoding: gzip"),
}  # fmt: skip


@pytest.mark.parametrize("bytes_", BODIES.values(), ids=list(BODIES))
def test_a_body_of_any_bytes_is_refused_with_a_page(served: Served, bytes_: bytes) -> None:
    answer = served.ask(bytes_)
    assert answer.status in (400, 413), answer.head
    assert all(answer.header(name) for name in SAFE)
    assert b"<title>" in answer.body
    assert answer.ended


def test_a_body_larger_than_is_taken_is_refused_before_it_has_come(served: Served) -> None:
    for path in (b"/ask", b"/notices", b"/slack/events", b"/administration/imports"):
        head = request("POST", path, (FORM, b"Content-Length: 999999999999"))
        answer = exchange(served.port, head + b"a" * 70_000)
        assert answer.status in (400, 401, 404, 413, 415), (path, answer.head)


def test_chunks_are_a_body_like_any_other(served: Served) -> None:
    answer = served.ask(request("POST", b"/ask", (FORM, b"Transfer-Encoding: chunked"), b"6\r\ntext=a\r\n0\r\n\r\n"))
    assert answer.status == 400
    assert b"That form has expired" in answer.body


# --- slow ones ----------------------------------------------------------------------------------------------------


def connections(port: int, count: int, *parts: bytes) -> ExitStack:
    """Connections on which something was begun and not ended."""
    kept = ExitStack()
    for _ in range(count):
        there = kept.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
        for part in parts:
            there.sendall(part)
    return kept


SLOW = {
    "nothing at all": (),
    "half a head": (b"GET / HTTP/1.1\r\nHost: a\r\nX-",),
    "half a body": (b"POST /ask HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\ntext=",),
    "half of the next": (b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET / HT",),
}  # fmt: skip


@pytest.mark.parametrize("parts", SLOW.values(), ids=list(SLOW))
def test_many_who_never_finish_hold_up_nobody(served: Served, parts: tuple[bytes, ...]) -> None:
    """More of them than there are threads: with gunicorn's own worker nobody else was answered."""
    began = time.monotonic()
    with connections(served.port, 24, *parts):
        time.sleep(0.3)
        assert served.alive()
        assert time.monotonic() - began < PatientSocket.patience, "others did not wait for them to be given up"


def test_who_never_finishes_is_given_up(quick: Served) -> None:
    with socket.create_connection(("127.0.0.1", quick.port), timeout=20) as there:
        there.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
        assert read(there).ended


def test_a_large_body_that_stops_coming_is_given_up_too(quick: Served) -> None:
    head = b"POST /ask HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n" + FORM + b"\r\n\r\n"
    with connections(quick.port, 9, head + b"a" * 70_000):
        end = time.monotonic() + 30
        while not quick.alive():
            assert time.monotonic() < end
    assert quick.alive()


def test_who_does_not_hang_up_after_an_error_stops_nobody_from_coming_in(served: Served) -> None:
    """gunicorn's loop waited two seconds for each of them."""
    with connections(served.port, 20, b"\r\nnothing\r\n\r\n"):
        began = time.monotonic()
        assert served.alive()
        assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("head", "there"),
    [
        (b"", False), (b"GET / HTTP/1.1\r\n", False), (b"GET / HTTP/1.1\r\n\r\n", True), (b"a" * 65_536, True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\ncontent-length:3\r\n\r\nabc", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 999999\r\n\r\n" + b"a" * 65_500, True),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", True),
    ],
)  # fmt: skip
def test_a_thread_is_given_what_is_there(head: bytes, there: bool) -> None:
    assert is_there(head) is there


# --- the log ------------------------------------------------------------------------------------------------------


def test_the_log_of_all_this_quotes_nothing_of_it(served: Served, quick: Served) -> None:
    """The last of this file: whatever was sent above is told by where and which error, in lines of JSON."""
    served.ask(HEADS["a space in the address"])
    for log in (served.log, quick.log):
        said = log.read_text(encoding="utf-8")
        assert MARK not in said
        assert "Traceback" not in said
        assert not re.search(r"\b127\.0\.0\.1\b", said), "nobody's address"
        assert all(isinstance(json.loads(line), dict) for line in said.splitlines())
    assert "InvalidRequestLine" in served.log.read_text(encoding="utf-8") or "InvalidHTTPVersion" in said
