"""Find a Tender's OCDS API: one request, one page of releases. No key is needed.

GET {address}/api/1.0/ocdsReleasePackages?updatedFrom=...&updatedTo=...&limit=100&cursor=...
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib.metadata import version
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from bot.feeds.errors import Busy, FeedError, Silent
from bot.feeds.page import Page, page_of
from knowledge.timeline.polling import Window

_PATH = "/api/1.0/ocdsReleasePackages"
_MOST_RELEASES = 100
_CONNECT = 10.0
_CHUNK = 64 * 1024
_LOCAL = ("127.0.0.1", "localhost", "::1")


class FindATender:
    """A feed. `url`: its address, without a path; `most_bytes`: of one answer; `patience`: seconds to wait for the next
    word of an answer; `all_in`: for the whole of it."""

    def __init__(self, url: str, most_bytes: int, *, patience: float = 30.0, all_in: float = 60.0) -> None:
        self.url = url
        self._most = most_bytes
        self._patience, self._all_in = patience, all_in

    def page(self, window: Window, cursor: str = "") -> Page:
        """The page of a window that a cursor names, "" for the first. Raises Busy, Silent, FeedError."""
        asked = {
            "updatedFrom": f"{window.start:%Y-%m-%dT%H:%M:%S}",
            "updatedTo": f"{window.end:%Y-%m-%dT%H:%M:%S}",
            "limit": str(_MOST_RELEASES),
        }
        try:
            return page_of(self._get({**asked, "cursor": cursor} if cursor else asked))
        except requests.exceptions.SSLError:
            raise FeedError("its certificate is not one that this machine trusts") from None
        except (requests.RequestException, HTTPError, OSError) as error:
            raise Silent(f"it did not answer ({type(error).__name__})") from None

    def _get(self, asked: Mapping[str, str]) -> bytes:
        end = time.monotonic() + self._all_in
        with requests.Session() as session:
            session.trust_env = urlsplit(self.url).hostname not in _LOCAL  # proxies are for servers elsewhere
            session.auth = _no_password
            with session.get(
                self.url + _PATH, params=asked, headers=_headers(), stream=True, allow_redirects=False,
                timeout=(_CONNECT, self._patience),
            ) as answer:  # fmt: skip
                _judge(answer)
                return self._read(answer, end)

    def _read(self, answer: requests.Response, end: float) -> bytes:
        """The bytes as they come, no more than allowed and no longer than there is time."""
        content = bytearray()
        while chunk := answer.raw.read1(_CHUNK, decode_content=True):
            content += chunk
            if len(content) > self._most:
                raise FeedError(f"it gave more than {self._most:,} bytes at once (DESK_MAX_FILE_BYTES)")
            if time.monotonic() > end:
                raise Silent("it took too long to answer")
        return bytes(content)


def _headers() -> dict[str, str]:
    agent = f"CommissioningDesk/{version('commissioning-desk')}"
    return {"User-Agent": agent, "Accept": "application/json", "Accept-Encoding": "identity"}


def _no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps a password that a .netrc may hold out of the request."""
    return request


def _judge(answer: requests.Response) -> None:
    status = answer.status_code
    if status == 200:
        return
    if status in (429, 503):
        raise Busy(status, answer.headers.get("Retry-After", ""))
    if 300 <= status < 400:
        raise FeedError("it sends us to another address: if it has moved, set DESK_NOTICES_URL")
    if status >= 500 or status == 408:
        raise Silent(f"it failed (HTTP {status})")
    raise FeedError(f"it refuses our request (HTTP {status}): look at DESK_NOTICES_URL")
