"""HTTP as bytes: what a client library would never send."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import NamedTuple


class Answer(NamedTuple):
    """What came back. `ended`: the other side closed."""

    status: int
    head: str
    body: bytes
    ended: bool

    def header(self, name: str) -> str:
        """A header's value, "" for none."""
        lines = [line.partition(":") for line in self.head.split("\r\n")[1:]]
        return next((value.strip() for one, _, value in lines if one.lower() == name.lower()), "")


def exchange(port: int, *parts: bytes, patience: float = 10.0) -> Answer:
    """Sends bytes, and reads until the other side closes or says nothing more."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as there:
        for part in parts:
            try:
                there.sendall(part)
            except (BrokenPipeError, ConnectionResetError):
                break
        return read(there)


def read(there: socket.socket) -> Answer:
    """What comes on a connection until it ends."""
    came, ended = b"", True
    try:
        while more := there.recv(65_536):
            came += more
    except TimeoutError:
        ended = False
    except ConnectionResetError:
        pass
    head, _, body = came.partition(b"\r\n\r\n")
    first = head.split(b"\r\n", 1)[0].split(b" ")
    status = int(first[1]) if len(first) > 1 and first[1].isdigit() else 0
    return Answer(status, head.decode("latin-1"), body, ended)


def request(
    method: str, path: bytes, headers: Iterable[bytes] = (), body: bytes = b"", version: bytes = b"1.1"
) -> bytes:
    """A request after which the connection ends."""
    lines = [method.encode() + b" " + path + b" HTTP/" + version, b"Host: desk", b"Connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
