"""A receiver of webhooks on a free port of 127.0.0.1, as a provider would write one: it verifies each signature with
the standardwebhooks package, keeps what was right, and answers as a test says."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from local_server import LocalServer
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError


@dataclass(frozen=True)
class Got:
    """A sending that came. `event`: its body, None where no secret fits."""

    path: str
    id: str
    headers: dict[str, str]
    event: Any
    at: float


@dataclass(frozen=True)
class Answers:
    """What a sending gets. `drip`: an endless answer, a byte now and then, from the first line on; `gate`: what must
    happen before anything is said; `endless`: a body that never ends."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: bool = False
    endless: bool = False
    gate: threading.Event | None = None


class HookServer(LocalServer):
    """The receiver. Use as a context manager. `secrets`: what it takes as signatures; `will`: the answers to come,
    after which `otherwise` is said."""

    def __init__(self, *secrets: str) -> None:
        self.secrets = list(secrets)
        self.got: list[Got] = []
        self.will: deque[Answers] = deque()
        self.otherwise = Answers()
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._open()

    @property
    def url(self) -> str:
        """Where it takes webhooks."""
        return f"{self.address}/hook"

    @property
    def ids(self) -> list[str]:
        """What came and was signed rightly, by id."""
        return [one.id for one in self.got if one.event is not None]

    def _let_go(self) -> None:
        self._over.set()

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        headers = dict(handler.headers)
        got = Got(handler.path, handler.headers.get("webhook-id", ""), headers, self._event(body, headers), time.time())
        with self._lock:
            self.got.append(got)
            answer = self.will.popleft() if self.will else self.otherwise
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if answer.gate:
                answer.gate.wait(20)
            with suppress(OSError):
                self._say(handler, answer)
        finally:
            with self._lock:
                self.at_once -= 1

    def _event(self, body: bytes, headers: dict[str, str]) -> Any:
        for secret in self.secrets:
            with suppress(WebhookVerificationError):
                return Webhook(secret).verify(body, headers)
        return None

    def _say(self, handler: BaseHTTPRequestHandler, answer: Answers) -> None:
        if answer.drip:
            while not self._over.wait(0.05):
                handler.wfile.write(b"H")
            return
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(b"thank you")
        while answer.endless and not self._over.is_set():
            handler.wfile.write(b"x" * 65_536)
