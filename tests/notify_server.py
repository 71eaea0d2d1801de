"""GOV.UK Notify on a free port of 127.0.0.1: its tokens, its answers, its refusals, its receipts.

It checks the token of each request with the secret as Notify does, keeps what it is given, and answers by a fault first
where one is queued.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from local_server import LocalServer
from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

SERVICE = "14a03569-d26b-4496-92e5-dfe8cb1855fe"
SECRET = "096d3737-42f9-4039-8320-a4737c2b3abe"
KEY = f"desk-{SERVICE}-{SECRET}"
TEMPLATE = "9623d7cf-a9ae-4a34-a544-99c7001d9a88"
REPLY_TO = "bc1e3ac1-c27d-44ec-b72c-2c2678629522"
TOKEN = "what Notify shows when it calls"


@dataclass(frozen=True)
class Fault:
    """What one request gets in the place of its answer. `kind`: Notify's type of error; `taken`: what is asked is done
    all the same; `gate`: what must happen before anything is said; `text`: said in the place of JSON."""

    status: int = 500
    kind: str = "Exception"
    words: str = "Internal server error"
    taken: bool = False
    gate: threading.Event | None = None
    text: str | None = None


@dataclass
class Mail:
    """A letter that Notify has taken. `given`: the request's body."""

    id: str
    given: dict[str, Any]
    status: str = "created"

    @property
    def says(self) -> dict[str, str]:
        """What the placeholders hold."""
        return dict(self.given["personalisation"])

    def shown(self) -> dict[str, Any]:
        """As Notify gives it when it is asked for."""
        return {"id": self.id, "reference": self.given.get("reference"), "status": self.status, "type": "email",
                "email_address": self.given["email_address"], "completed_at": None}  # fmt: skip


@dataclass
class Template:
    """The template of the service."""

    type: str = "email"
    subject: str = "((subject))"
    body: str = "((body))\n\n((links))"


@dataclass
class NotifyServer(LocalServer):
    """The server. Use as a context manager. `trial`: it sends to these only, as in trial mode; None: to anybody."""

    arrived: list[Mail] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    template: Template = field(default_factory=Template)
    trial: set[str] | None = None
    tokens: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._open()

    @property
    def url(self) -> str:
        """For DESK_NOTIFY_URL."""
        return self.address

    @property
    def settings(self) -> dict[str, str]:
        """A desk that sends by it."""
        return {"DESK_NOTIFY_KEY": KEY, "DESK_NOTIFY_TEMPLATE": TEMPLATE, "DESK_NOTIFY_URL": self.url}

    @property
    def references(self) -> list[str]:
        """What was taken, by the desk's ids."""
        return [one.given["reference"] for one in self.arrived]

    def will(self, *faults: Fault) -> None:
        """What the next requests get."""
        self.faults.extend(faults)

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        given = json.loads(body or b"{}")
        path = urlsplit(handler.path)
        with self._lock:
            self.asked.append(f"{handler.command} {path.path}")
            fault = self.faults.popleft() if self.faults else None
            if fault is None or fault.taken:
                status, answer = self._answer(handler, path.path, dict(parse_qsl(path.query)), given)
        if fault:
            if fault.gate:
                fault.gate.wait(20)
            status, answer = fault.status, _error(fault.status, fault.kind, fault.words)
        text = fault.text if fault and fault.text is not None else json.dumps(answer)
        with suppress(OSError):
            handler.send_response(status)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(text.encode())))
            handler.end_headers()
            handler.wfile.write(text.encode())

    def _answer(
        self, handler: BaseHTTPRequestHandler, path: str, query: dict[str, str], given: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        token = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        self.tokens.add(token)
        try:
            known = get_token_issuer(token) == SERVICE and decode_jwt_token(token, SECRET)
        except TokenError:
            known = False
        if not known:
            return 403, _error(403, "AuthError", "Invalid token: API key not found")
        if path == "/v2/notifications/email" and handler.command == "POST":
            return self._take(given)
        if path == "/v2/notifications":
            found = [one.shown() for one in self.arrived if one.given.get("reference") == query.get("reference")]
            return 200, {"notifications": found, "links": {"current": path}}
        if path.startswith("/v2/notifications/"):
            one = next((one for one in self.arrived if path.endswith(one.id)), None)
            return (200, one.shown()) if one else (404, _error(404, "NoResultFound", "No result found"))
        if path == f"/v2/template/{TEMPLATE}":
            t = self.template
            return 200, {"id": TEMPLATE, "type": t.type, "subject": t.subject, "body": t.body, "version": 1}
        return 404, _error(404, "NoResultFound", "No result found")

    def _take(self, given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The checks that Notify makes, in its order and with its types."""
        address, held = str(given.get("email_address", "")), given.get("personalisation") or {}
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address) or ".." in address:
            return 400, _error(400, "ValidationError", "email_address Not a valid email address")
        unsubscribe = given.get("one_click_unsubscribe_url", "https://")
        if not unsubscribe.startswith("https://"):
            return 400, _error(400, "ValidationError", "one_click_unsubscribe_url is not a valid https url")
        if given.get("template_id") != TEMPLATE:
            return 400, _error(400, "BadRequestError", "Template not found")
        if given.get("email_reply_to_id", REPLY_TO) != REPLY_TO:
            return 400, _error(400, "BadRequestError", "email_reply_to_id does not exist in database")
        wanted = set(re.findall(r"\(\((\w+)\)\)", self.template.subject + self.template.body))
        if lacking := wanted - set(held):
            return 400, _error(400, "BadRequestError", f"Missing personalisation: {', '.join(sorted(lacking))}")
        if self.trial is not None and address not in self.trial:
            return 400, _error(400, "BadRequestError", "Can't send to this recipient when service is in trial mode")
        mail = Mail(str(uuid.uuid4()), given)
        self.arrived.append(mail)
        return 201, {
            "id": mail.id,
            "reference": given.get("reference"),
            "uri": f"{self.url}/v2/notifications/{mail.id}",
        }


def _error(status: int, kind: str, words: str) -> dict[str, Any]:
    return {"status_code": status, "errors": [{"error": kind, "message": words}]}


def receipt(mail: Mail, status: str) -> dict[str, Any]:
    """What Notify posts when it knows what became of a letter."""
    return {
        "id": mail.id, "reference": mail.given.get("reference"), "to": mail.given["email_address"], "status": status,
        "created_at": "2026-11-21T09:00:00.000000Z", "completed_at": "2026-11-21T09:00:05.000000Z",
        "sent_at": "2026-11-21T09:00:01.000000Z", "notification_type": "email", "template_id": TEMPLATE,
        "template_version": 1,
    }  # fmt: skip
