"""A server on 127.0.0.1 that answers as no server should: with less than it says, with something that is not HTTP, with
a page in place of JSON, or not at all."""

from __future__ import annotations

import socket
import socketserver
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Self

from local_server import LocalServer


def _answer(status: str, body: bytes, *headers: str, longer: int = 0) -> bytes:
    """An answer in bytes. `longer`: by how much it says to be longer than it is."""
    lines = (f"HTTP/1.1 {status}", "Connection: close", *headers, f"Content-Length: {len(body) + longer}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


JSON, PAGE = "Content-Type: application/json", "Content-Type: text/html; charset=utf-8"
_PAGE = b"<html><h1>Down for maintenance</h1></html>"
BROKEN: dict[str, bytes] = {
    "says nothing and hangs up": b"",
    "breaks off in the headers": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "breaks off in the body": _answer("200 OK", b'{"ok": tr', JSON, longer=40),
    "breaks off in a chunk": b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"ok',
    "half of its JSON": _answer("200 OK", b'{"ok": tr', JSON),
    "nothing in its body": _answer("200 OK", b"", JSON),
    "not text": _answer("200 OK", b"\xff\xfe\x00\x81", JSON),
    "a page in place of JSON": _answer("200 OK", _PAGE, PAGE),
    "a page with 502": _answer("502 Bad Gateway", _PAGE, PAGE),
    "a page with 429": _answer("429 Too Many Requests", _PAGE, PAGE, "Retry-After: 7"),
    "a list": _answer("200 OK", b"[]", JSON),
    "a number": _answer("200 OK", b"7", JSON),
    "no HTTP": b"220 mail.example.org ESMTP\r\n",
    "a status that is none": b"HTTP/1.1 abc\r\n\r\n",
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"X-Much: more\r\n" * 200 + b"\r\n",
}  # fmt: skip
"""What is said, by what is wrong with it."""


class BrokenServer(LocalServer):
    """The server. Use as a context manager. `says`: its answer to everything."""

    def __init__(self, says: bytes = b"") -> None:
        self.says = says
        self.asked = 0
        self._open()

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        self.asked += 1
        with suppress(OSError):
            handler.wfile.write(self.says)
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True


class BrokenMail:
    """A mail server that hangs up. Use as a context manager. `breaks`: where it does so ("the greeting", "DATA", "the
    letter", which it has by then, "half a reply" to it), "" for nowhere; `ids`: of the letters it has."""

    def __init__(self, breaks: str) -> None:
        self.breaks = breaks
        self.ids: list[str] = []
        ours = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError, StopIteration):
                    ours._converse(self)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = int(self.server.server_address[1])
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def _converse(self, with_whom: socketserver.StreamRequestHandler) -> None:
        self._say(with_whom, "220 here", "the greeting")
        for line in iter(with_whom.rfile.readline, b""):
            command = line.decode("latin-1").strip().upper()
            if command == "DATA":
                self._say(with_whom, "354 go on", "DATA")
                self._take(with_whom)
                if self.breaks == "half a reply":
                    with_whom.wfile.write(b"25")
                self._say(with_whom, "250 taken", "the letter", "half a reply")
            else:
                self._say(with_whom, "221 bye" if command == "QUIT" else "250 yes")

    def _say(self, with_whom: socketserver.StreamRequestHandler, text: str, *points: str) -> None:
        if self.breaks and self.breaks in points:
            raise StopIteration
        with_whom.wfile.write(text.encode() + b"\r\n")

    def _take(self, with_whom: socketserver.StreamRequestHandler) -> None:
        for line in iter(with_whom.rfile.readline, b".\r\n"):
            name, _, value = line.decode("latin-1").partition(":")
            if name.lower() == "message-id":
                self.ids.append(value.strip().strip("<>").partition("@")[0])
