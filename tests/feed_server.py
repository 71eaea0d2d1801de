"""Find a Tender on a free port of 127.0.0.1: its windows, pages and cursors, its limit of requests, its bad days.

It answers as the OCDS API does, from releases that are put in, and each request by a fault first where one is queued.
"""

from __future__ import annotations

import base64
import json
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from local_server import LocalServer

OURS = "Marlshire County Council"
OURS_ID = "GB-PPON-PMAR-1234-SHIR"
THEIRS = "East Marlshire County Council"
PATH = "/api/1.0/ocdsReleasePackages"
_STEP = timedelta(hours=6)


@dataclass(frozen=True)
class Asked:
    """A request that came. `at`: by the server's clock; `status`: what it got."""

    at: datetime
    query: dict[str, str]
    headers: dict[str, str]
    status: int


@dataclass(frozen=True)
class Fault:
    """What one request gets in the place of its answer. `cut`: the connection closes when half of it is out; `gate`:
    what must happen before anything is."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    cut: bool = False
    gate: threading.Event | None = None


class FeedServer(LocalServer):
    """The server. Use as a context manager. `limit`: whether it counts requests; `retry_after`: what it says with a 429
    of its own; `page`: the most releases it gives at once, whatever is asked."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.releases: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.faults: deque[Fault] = deque()
        self.limit, self.retry_after, self.page = True, "", 100
        self.next_host = ""
        self._clock, self._lock = clock, threading.Lock()
        self._open()

    @property
    def url(self) -> str:
        """For DESK_NOTICES_URL."""
        return self.address

    def put(self, *releases: dict[str, Any]) -> None:
        """Publishes releases."""
        self.releases += releases

    def will(self, *faults: Fault) -> None:
        """What the next requests get."""
        self.faults.extend(faults)

    def windows(self) -> list[tuple[datetime, datetime]]:
        """The windows that were asked for, each once, in their order."""
        found = [(moment(one.query["updatedFrom"]), moment(one.query["updatedTo"])) for one in self.asked]
        return list(dict.fromkeys(found))

    def most_in_two_minutes(self) -> int:
        """The most requests that came in any two minutes."""
        times = [one.at for one in self.asked]
        return max((sum(at <= one < at + timedelta(minutes=2) for one in times) for at in times), default=0)

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        query = dict(parse_qsl(urlsplit(handler.path).query))
        with self._lock:
            fault = self.faults.popleft() if self.faults else self._answer(urlsplit(handler.path).path, query)
            self.asked.append(Asked(self._clock(), query, dict(handler.headers), fault.status))
        if fault.body is None:
            fault = Fault(fault.status, fault.headers, self._answer(PATH, query, free=True).body, fault.cut, fault.gate)
        if fault.gate:
            fault.gate.wait(20)
        body = (fault.body or "").encode()
        with suppress(OSError):
            handler.send_response(fault.status)
            for name, value in {"Content-Type": "application/json", **fault.headers}.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body[: len(body) // 2] if fault.cut else body)

    def _answer(self, path: str, query: dict[str, str], *, free: bool = False) -> Fault:
        if path != PATH:
            return Fault(404, body="{}")
        if not free and self.limit and self._spent() >= 12:
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            return Fault(429, headers, '{"message": "12 request limit in 2 minute exceeded"}')
        if not 1 <= int(query.get("limit", "100")) <= 100:
            return Fault(400, body='{"message": "limit"}')
        return Fault(body=self._package(query))

    def _spent(self) -> int:
        return sum(one.at > self._clock() - timedelta(minutes=2) for one in self.asked if one.status != 429)

    def _package(self, query: dict[str, str]) -> str:
        start, end = moment(query["updatedFrom"]), moment(query["updatedTo"])
        end = min(end, start + _STEP)  # it leaves releases out where the step is longer
        found = [one for one in self.releases if start <= _date(one) < end and _appears(one) <= self._clock()]
        found.sort(key=lambda one: (_date(one), str(one["id"])))
        first = int(base64.b64decode(query["cursor"])) if "cursor" in query else 0
        size = min(int(query.get("limit", "100")), self.page)
        package = {**_FRAME, "releases": [_shown(one) for one in found[first : first + size]]}
        if first + size < len(found):
            cursor = base64.b64encode(str(first + size).encode()).decode()
            link = f"{self.next_host or self.url}{PATH}?{urlencode({**query, 'cursor': cursor})}"
            package["links"] = {"next": link}
        return json.dumps(package).replace(f'"{BROKEN}"', " 000,")


_FRAME: dict[str, Any] = {
    "uri": "https://feed.example.org/package", "version": "1.1",
    "publisher": {"name": "Cabinet Office"}, "license": "https://licence.example.org/",
    "extensions": ["https://extensions.example.org/ocds_uk_extension/extension.json"],
}  # fmt: skip
BROKEN = "BROKEN-NUMBER"
"""A value in whose place the feed writes what is no JSON."""


def moment(text: str) -> datetime:
    """A moment as the API takes it. Raises ValueError for any other form."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)


def release(
    number: int, at: datetime, *, buyer: str = OURS, appears: datetime | None = None, **more: Any
) -> dict[str, Any]:
    """A release that was published then. `appears`: when it comes into the feed, where that is later; `more`: into its
    tender, and `id` and `ocid` beside it."""
    own = buyer == OURS
    ocid = more.pop("ocid", f"ocds-h6vhtk-{number:06x}")
    id = more.pop("id", f"{number:06}-2026")
    buyer_id = OURS_ID if own else "GB-PPON-PEAS-9999-MARL"
    return {
        "ocid": ocid, "id": id, "date": at.isoformat(), "tag": ["tender"], "initiationType": "tender",
        "parties": [{"id": buyer_id, "name": buyer, "roles": ["buyer"]}],
        "buyer": {"id": buyer_id, "name": buyer},
        "tender": {
            "id": f"{ocid}-T", "title": f"Works number {number} of {WORDS[number % len(WORDS)]}",
            "description": f"What lot {number} is about.", "status": "planned", "aboveThreshold": True,
            "value": {"amount": 300_000 + number, "amountGross": 360_000 + number, "currency": "GBP"},
            "documents": [{"id": id, "documentType": "plannedProcurementNotice", "noticeType": "UK3",
                           "url": f"https://feed.example.org/Notice/{id}"}],
            "mainProcurementCategory": "services", **more,
        },
        "appears": (appears or at).isoformat(),
    }  # fmt: skip


WORDS = ("bridges", "home care", "school meals", "gritting", "libraries", "archives", "allotments", "ferries")


def _shown(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name != "appears"}


def _date(one: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(one["date"])


def _appears(one: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(one["appears"])
