"""Slack's end of Socket Mode: hands out envelopes to whoever connects, and says which were acknowledged."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import struct
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Self

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class SocketSlack:
    """Use as a context manager. `envelopes`: what whoever connects is sent, in the same order."""

    def __init__(self, envelopes: Sequence[dict[str, Any]]) -> None:
        self._envelopes = envelopes
        self._server = socket.create_server(("127.0.0.1", 0))
        self._there: list[socket.socket] = []
        self.came = b""

    @property
    def url(self) -> str:
        """Where to connect to."""
        return f"ws://127.0.0.1:{self._server.getsockname()[1]}/link"

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._server, *self._there):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                there, _ = self._server.accept()
                self._there.append(there)
                threading.Thread(target=self._serve, args=(there,), daemon=True).start()

    def _serve(self, there: socket.socket) -> None:
        with suppress(OSError):
            asked = there.recv(65_536)
            key = next(line for line in asked.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key"))
            accept = base64.b64encode(hashlib.sha1(key.split(b":", 1)[1].strip() + _MAGIC).digest())
            said = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            there.sendall(said + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
            for one in ({"type": "hello", "num_connections": 1}, *self._envelopes):
                there.sendall(_frame(json.dumps(one).encode()))
            while more := there.recv(65_536):
                self.came += more


def _frame(text: bytes) -> bytes:
    """A text frame of a server: without a mask."""
    length = bytes([len(text)]) if len(text) < 126 else b"\x7e" + struct.pack(">H", len(text))
    return b"\x81" + length + text
