"""The rest of the world at both webs: providers who answer by the link in their letter, senders of notices, people who
subscribe, readers; and time, which is brought forward."""

from __future__ import annotations

import http.cookiejar
import json
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import cast
from feed_server import release
from test_timeline_webhook import headers as signed_headers

from bot.links import request_in
from knowledge.store import Store
from knowledge.subscriptions.nouns import Criteria
from tests.soak.ground import NOTICES_SECRET, Ground
from tests.soak.ledger import Ledger

_LINK = re.compile(r"/answer/[\w.=-]+")
_SECRET = cast.environment(Path("."))["DESK_SECRET_KEY"]
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """Somebody at a browser."""

    def __init__(self) -> None:
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def send(self, url: str, **fields: str) -> tuple[int, str]:
        """Fills in the form of a page, and gives status and page; (0, "") where nobody answers."""
        status, page = self._open(url)
        found = _TOKEN.search(page)
        if not found:
            return status, page
        return self._open(url, urllib.parse.urlencode({"csrf_token": found[1], **fields}).encode())

    def asks(self, web: str, text: str) -> str:
        """What the web answers to a question, as a reader sees it."""
        _, page = self._open(web)
        found = _TOKEN.search(page)
        data = urllib.parse.urlencode({"csrf_token": found[1] if found else "", "text": text}).encode()
        return self._open(f"{web}/ask", data, {"X-Fragment": "turn"})[1]

    def _open(self, url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
        try:
            with self._opener.open(urllib.request.Request(url, data, headers or {}), timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""


class WebLoad:
    """What it does, one thing at a time. `store`: for what the soak itself writes."""

    def __init__(self, ground: Ground, ledger: Ledger, seed: int, over: threading.Event, store: Store) -> None:
        self._ground, self._ledger, self._over, self._store = ground, ledger, over, store
        self._random = random.Random(seed)
        self._read = 0
        self._numbers = count(1)
        self._mark = f"{seed}x{int(time.time()) % 100_000}"

    def answer(self) -> None:
        """A provider whose letter has arrived answers by its link, at whichever web, until it is taken."""
        letters = self._ground.mail.arrived[self._read :]
        self._read += len(letters)
        for letter in letters:
            body = letter.get_body(("plain",))
            found = _LINK.search(body.get_content()) if body and "provider.example.org" in str(letter["To"]) else None
            if found:
                self._answer(found[0])

    def _answer(self, path: str) -> None:
        number = request_in(_SECRET, path.rsplit("/", 1)[-1], datetime.now(UTC))
        assert number is not None, "a link of the desk's"
        for _ in range(20):
            web = self._random.choice(self._ground.webs)
            status, page = Browser().send(f"{web}{path}", text="Two of our staff were ill.", promised="")
            self._ledger.told("answer", status)
            if status == 200 and ("Thank you" in page or "you have answered" in page.lower()):
                self._ledger.answers.add(number)
                return
            if self._over.wait(0.5):
                return

    def notice(self) -> None:
        """A sender of notices sends one, to both webs, until it is taken."""
        number = next(self._numbers)
        id, ocid = f"{self._mark}-{number}", f"ocds-soak00-{self._mark}{number:05}"
        told = release(number, datetime.now(UTC), ocid=ocid, id=f"{number:06}-2027")
        told["tender"]["title"] = f"Home care round {number} of {self._mark}"
        body = json.dumps({"version": "1.1", "releases": [{k: v for k, v in told.items() if k != "appears"}]})
        taken = False
        for attempt in range(40):
            taken = self._send_notice(self._ground.webs[attempt % 2], body, id) or taken
            if taken and attempt:
                break
            if not taken:
                time.sleep(0.3)
        if taken:
            self._ledger.notices[f"notices:{id}"] = ocid

    def _send_notice(self, web: str, body: str, id: str) -> bool:
        given = signed_headers(body, id=id, secret=NOTICES_SECRET)
        try:
            with urllib.request.urlopen(
                urllib.request.Request(f"{web}/notices", body.encode(), given), timeout=15
            ) as answer:
                self._ledger.told("notice", answer.status)
                return True
        except urllib.error.HTTPError as error:
            self._ledger.told("notice", error.code)
        except OSError:
            self._ledger.told("notice", 0)
        return False

    def publish(self) -> None:
        """Find a Tender publishes something, for the next poll."""
        number = 500_000 + next(self._numbers)
        self._ground.feed.put(release(number, datetime.now(UTC)))

    def subscribe(self) -> None:
        """Somebody else begins to want to hear of home care."""
        from subscribing import subscribe

        address = f"later{next(self._numbers)}@example.org"
        at = datetime.now(UTC)
        try:
            number = subscribe(self._store, Criteria(services=("home-care",)), address, at=at)
        except Exception:  # the record was away: nothing was promised
            return
        self._ledger.subscribed.append(number)

    def hurry(self) -> None:
        """Time passes: what is to leave later leaves now, and timed work is looked for again."""
        ground = self._ground
        ground.change(
            "UPDATE notification SET due_at = now() WHERE state IN ('waiting', 'gathering') AND due_at > now() "
            "AND problem = ''"
        )
        ground.change("UPDATE timed SET next_at = now() WHERE next_at > now()")
