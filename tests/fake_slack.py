"""Slack's Web API, faked by hand on a free port of 127.0.0.1; and signed deliveries as Slack sends them.

It records every call and answers each method from a queue; where nothing is queued, as Slack does when all is well.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cast import EVERYBODY, HOME_TEAM, Somebody
from local_server import LocalServer

from bot.slack.payloads import is_direct

BOT_TOKEN = "xoxb-token-of-tests"
SIGNING_SECRET = "signing-secret-of-tests"
BOT = "U0DESK"
CHANNEL = "C0GENERAL"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Call:
    """A call the desk made."""

    method: str
    given: dict[str, Any]
    token: str


@dataclass(frozen=True)
class Answer:
    """What a method answers once. `body`: JSON, or text as it is; `wait`: what must happen first."""

    body: dict[str, Any] | str | bytes = field(default_factory=lambda: {"ok": True})
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: threading.Event | None = None


class FakeSlack(LocalServer):
    """The server. Use as a context manager."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.queued: dict[str, deque[Answer]] = defaultdict(deque)
        self.hanging: dict[str, threading.Event] = {}
        self.people = {one.slack_id: profile(one) for one in EVERYBODY}
        self.posted: list[dict[str, Any]] = []
        self.files: dict[str, Answer] = {}
        self.asked_for: list[tuple[str, str]] = []
        self.lacking: dict[str, str] = {}
        self._lock = threading.Lock()
        self._open()

    @property
    def url(self) -> str:
        """For SLACK_API_URL."""
        return f"{self.address}/api/"

    def _let_go(self) -> None:
        self.let_go()

    def will(self, method: str, *answers: Answer) -> None:
        """What the next calls of a method get."""
        self.queued[method].extend(answers)

    def lacks(self, *methods: str, error: str = "unknown_method") -> None:
        """From now on the workspace does not have these methods."""
        self.lacking |= dict.fromkeys(methods, error)

    def hang(self, *methods: str) -> None:
        """From now on calls of these methods wait until `let_go`."""
        for method in methods:
            self.hanging[method] = threading.Event()

    def let_go(self) -> None:
        """Lets what hangs be answered."""
        for event in self.hanging.values():
            event.set()
        self.hanging.clear()

    def made(self, method: str) -> list[dict[str, Any]]:
        """The arguments of every call of a method so far."""
        with self._lock:
            return [call.given for call in self.calls if call.method == method]

    def await_calls(self, method: str, count: int = 1, seconds: float = 10.0) -> list[dict[str, Any]]:
        """The same, once there are so many."""
        until(
            lambda: len(self.made(method)) >= count, f"{count} calls of {method}, not {len(self.made(method))}", seconds
        )
        return self.made(method)

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        if not handler.path.startswith("/api/"):
            self._give_file(handler)
            return
        method = handler.path.split("?")[0].removeprefix("/api/")
        raw = body.decode()
        as_json = "json" in handler.headers.get("Content-Type", "")
        given = json.loads(raw) if as_json and raw else dict(parse_qsl(raw))
        given |= dict(parse_qsl(handler.path.partition("?")[2]))
        token = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        with self._lock:
            self.calls.append(Call(method, given, token))
            answer = self.queued[method].popleft() if self.queued[method] else Answer(self._usual(method, given))
        for gate in (answer.wait, self.hanging.get(method)):
            if gate:
                gate.wait(20)
        body = _bytes(answer)
        try:
            handler.send_response(answer.status)
            for name, value in {"Content-Type": "application/json; charset=utf-8", **answer.headers}.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        except OSError:
            """The desk had stopped listening."""

    def _usual(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        if method in self.lacking:
            return {"ok": False, "error": self.lacking[method]}
        if "feedback_buttons" in self.lacking and "feedback_buttons" in json.dumps(given.get("blocks") or []):
            return {"ok": False, "error": self.lacking["feedback_buttons"]}
        if method.endswith("Stream"):
            return self._streamed(method, given)
        if method == "users.info":
            person = self.people.get(given["user"])
            return {"ok": True, "user": person} if person else {"ok": False, "error": "user_not_found"}
        if method == "users.lookupByEmail":
            found = [one for one in self.people.values() if one["profile"]["email"] == given["email"]]
            return {"ok": True, "user": found[0]} if found else {"ok": False, "error": "users_not_found"}
        if method == "chat.postMessage":
            self.posted.append({**given, "ts": f"1790000000.{next(_numbers):06}"})
            return {"ok": True, "channel": given["channel"], "ts": self.posted[-1]["ts"]}
        if method == "chat.update":
            mine = [one for one in self.posted if one["ts"] == given["ts"]]
            for one in mine:
                one.update({key: given[key] for key in ("text", "blocks", "metadata") if key in given})
                one.pop("streams", None)
            return {"ok": True, "ts": given["ts"]} if mine else {"ok": False, "error": "message_not_found"}
        if method == "chat.delete":
            self.posted = [one for one in self.posted if one["ts"] != given["ts"]]
            return {"ok": True}
        if method == "views.open":
            return {"ok": True, "view": {"id": f"V{next(_numbers):08}"}}
        if method == "conversations.open":
            return {"ok": True, "channel": {"id": f"D0{given['users']}"}}
        if method in ("conversations.history", "conversations.replies"):
            return {"ok": True, "messages": [one for one in self.posted if self._stands(one, given)]}
        if method == "auth.test":
            return {"ok": True, "team_id": HOME_TEAM, "user_id": BOT, "bot_id": "B0DESK"}
        return {"ok": True}

    def _streamed(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        """A message that is written bit by bit; at the end its blocks stand below what was written."""
        if method == "chat.startStream":
            if not given.get("thread_ts"):
                return {"ok": False, "error": "invalid_arguments"}
            if not is_direct(given["channel"]) and not (
                given.get("recipient_user_id") and given.get("recipient_team_id")
            ):
                return {"ok": False, "error": "missing_recipient_user_id"}
            ts, text = f"1790000000.{next(_numbers):06}", given["markdown_text"]
            about = {name: given[name] for name in ("channel", "thread_ts")}
            self.posted.append({**about, "ts": ts, "text": text, "blocks": [], "streams": True})
            return {"ok": True, "channel": given["channel"], "ts": ts}
        mine = [one for one in self.posted if one["ts"] == given["ts"] and one.get("streams")]
        if not mine:
            return {"ok": False, "error": "message_not_in_streaming_state"}
        mine[0]["text"] += given.get("markdown_text") or ""
        if method == "chat.stopStream":
            words = {"type": "markdown", "text": mine[0]["text"]}
            mine[0] |= {"blocks": [words, *(given.get("blocks") or [])], "metadata": given.get("metadata")}
            del mine[0]["streams"]
        return {"ok": True, "channel": given["channel"], "ts": given["ts"]}

    def _stands(self, message: dict[str, Any], asked: dict[str, Any]) -> bool:
        """Whether a message was posted where somebody looks: a direct message is posted to a user's id."""
        places = (message["channel"], f"D0{message['channel']}")
        return asked["channel"] in places and message.get("thread_ts") == asked.get("ts")

    def _give_file(self, handler: BaseHTTPRequestHandler) -> None:
        """A file that somebody has sent, to whoever shows the token."""
        shown = handler.headers.get("Authorization", "")
        self.asked_for.append((handler.path, shown))
        known = self.files.get(handler.path) if shown == f"Bearer {BOT_TOKEN}" else None
        answer = known or Answer("sign in first", 302, {"Location": "/sign-in"})
        body = _bytes(answer)
        with suppress(OSError):
            handler.send_response(answer.status)
            for name, value in {"Content-Length": str(len(body)), **answer.headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)


def _bytes(answer: Answer) -> bytes:
    body = answer.body
    return body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()


def profile(one: Somebody, team: str = HOME_TEAM, **more: object) -> dict[str, Any]:
    """What users.info says of somebody."""
    return {"id": one.slack_id, "team_id": team, "name": "x", "profile": {"email": one.email}, **more}


def until(true: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    """Waits for something to be true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"did not come to pass: {what}"
        time.sleep(0.01)


# --- what Slack sends ---------------------------------------------------------------------------------------------


def signed(
    body: str, *, at: float | None = None, secret: str = SIGNING_SECRET, kind: str = "application/json"
) -> dict[str, str]:
    """The headers of a delivery."""
    moment = str(int(time.time() if at is None else at))
    told = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={told}", "Content-Type": kind}


def event_body(event: dict[str, Any], *, event_id: str = "", team: str = HOME_TEAM) -> str:
    """An event's envelope."""
    return json.dumps(
        {
            "type": "event_callback", "team_id": team, "api_app_id": "A0DESK",
            "event_id": event_id or f"Ev{next(_numbers):08}",
            "event_time": int(time.time()), "event": event,
            "authorizations": [{"team_id": HOME_TEAM, "user_id": BOT, "is_bot": True, "enterprise_id": None}],
        }
    )  # fmt: skip


def moment() -> str:
    """A message's ts."""
    return f"17900{next(_numbers):05}.000100"


def mention(who: Somebody, text: str, *, thread: str = "", channel: str = CHANNEL, **more: Any) -> dict[str, Any]:
    """Somebody mentions the desk in a channel."""
    event = {
        "type": "app_mention",
        "user": who.slack_id,
        "text": f"<@{BOT}> {text}",
        "ts": moment(),
        "channel": channel,
    }
    return {**event, **({"thread_ts": thread} if thread else {}), **more}


def direct(who: Somebody, text: str, **more: Any) -> dict[str, Any]:
    """Somebody writes to the desk."""
    return {
        "type": "message", "channel_type": "im", "user": who.slack_id, "text": text, "ts": moment(),
        "channel": f"D0{who.slack_id}", **more,
    }  # fmt: skip


def command_body(who: Somebody, text: str, *, channel: str = CHANNEL, trigger: str = "") -> str:
    """Somebody types /desk."""
    return urlencode(
        {
            "command": "/desk", "text": text, "user_id": who.slack_id, "user_name": "x", "channel_id": channel,
            "channel_name": "general", "team_id": HOME_TEAM, "team_domain": "marl", "api_app_id": "A0DESK",
            "trigger_id": trigger or f"trigger.{next(_numbers)}", "response_url": "http://127.0.0.1:9/never",
        }
    )  # fmt: skip


def feedback_body(who: Somebody, element: dict[str, Any], verdict: str, *, channel: str = CHANNEL, **more: Any) -> str:
    """Somebody presses a thumb of Slack's own feedback buttons: `positive` or `negative`."""
    value = element[f"{verdict}_button"]["value"]
    return click_body(who, element["action_id"], value, channel=channel, kind="feedback_buttons", **more)


def click_body(
    who: Somebody, action_id: str, value: str, *, channel: str = CHANNEL, team: str = HOME_TEAM, **more: Any
) -> str:
    """Somebody presses a button under a reply. `kind` of button, `thread`, `ephemeral`, `trigger`, `block_id` say more;
    `message`: the reply, as it was posted; `view`: the modal or the home it stands in."""
    message, view = more.get("message") or {}, more.get("view")
    container = {
        "type": "message",
        "message_ts": message.get("ts") or moment(),
        "channel_id": channel,
        "is_ephemeral": bool(more.get("ephemeral")),
    }
    if thread := more.get("thread") or message.get("thread_ts"):
        container["thread_ts"] = thread
    kind = more.get("kind") or "button"
    action = {"type": kind, "action_id": action_id, "block_id": more.get("block_id") or "b", "action_ts": moment()}
    payload = {
        **_interaction("block_actions", who, team, more.get("trigger", "")),
        **({"view": view, "container": {"type": "view", "view_id": view["id"]}} if view else
           {"container": container, "channel": {"id": channel, "name": "general"}, "message": message}),
        "actions": [{**action, **({"value": value} if value else {})}],
    }  # fmt: skip
    return urlencode({"payload": json.dumps(payload)})


def submit_body(who: Somebody, view: dict[str, Any], values: dict[str, Any], *, trigger: str = "") -> str:
    """Somebody sends a form. `values`: by field, a text, or what Slack sends of an input."""
    inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    state = {name: {"value": _filled(inputs[name], values.get(name))} for name in inputs}
    whole = {**view, "state": {"values": state}, "hash": "1.x"}
    return urlencode({"payload": json.dumps({**_interaction("view_submission", who, trigger=trigger), "view": whole})})


def _filled(element: dict[str, Any], value: Any) -> dict[str, Any]:
    kind = element["type"]
    if isinstance(value, list):
        return {"type": kind, "files": value}
    if kind in ("static_select", "radio_buttons"):
        return {"type": kind, "selected_option": {"value": value} if value else None}
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": [{"value": one} for one in str(value or "").split(",") if one]}
    return {"type": kind, {"datepicker": "selected_date", "file_input": "files"}.get(kind, "value"): value}


def shortcut_body(who: Somebody, callback_id: str, message: dict[str, Any] | None = None, *, trigger: str = "") -> str:
    """Somebody uses a shortcut, on a message or anywhere."""
    about = {"channel": {"id": CHANNEL, "name": "general"}, "message": message, "message_ts": "1.1"} if message else {}
    kind = "message_action" if message else "shortcut"
    return urlencode(
        {"payload": json.dumps({**_interaction(kind, who, trigger=trigger), "callback_id": callback_id, **about})}
    )


def home_opened(who: Somebody, tab: str = "home", **more: Any) -> dict[str, Any]:
    """Somebody opens the desk's App Home, or the messages beside it."""
    return {"type": "app_home_opened", "user": who.slack_id, "channel": f"D0{who.slack_id}", "tab": tab, **more}


def looks_at(who: Somebody, *entities: dict[str, Any]) -> dict[str, Any]:
    """Somebody looks at something else beside the desk."""
    context = {"entities": list(entities)} if entities else {}
    return {"type": "app_context_changed", "user": who.slack_id, "channel": f"D0{who.slack_id}", "context": context}


def _interaction(kind: str, who: Somebody, team: str = HOME_TEAM, trigger: str = "") -> dict[str, Any]:
    return {
        "type": kind, "user": {"id": who.slack_id, "username": "x", "team_id": team},
        "team": {"id": HOME_TEAM, "domain": "marl"}, "api_app_id": "A0DESK",
        "trigger_id": trigger or f"trigger.{next(_numbers)}",
    }  # fmt: skip
