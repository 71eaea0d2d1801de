"""Files that came with a message: what is written down of them, and their bytes, fetched from Slack and nobody else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from bot.blocks.inputs import MOST_FILES
from bot.slack.payloads import Payload
from handlers.messages import File

MOST_BYTES = 10_000_000
"""Bytes of one file; Slack's own forms take no more."""
_HOST = "files.slack.com"
_PATIENCE = 10.0
_ALL_IN = 25.0
"""Seconds all files of a message may take: an event's lease is longer."""
_CHUNK = 64 * 1024


class NotFetched(Exception):
    """Why a file could not be had."""


def files_of(files: Sequence[Payload]) -> list[Payload]:
    """What is written down of files: name, size, and where Slack keeps them."""
    return [
        {
            "name": str(file.get("name") or file.get("title") or "a file")[:255],
            "size": file.get("size") if isinstance(file.get("size"), int) else 0,
            "url": str(file.get("url_private_download") or file.get("url_private") or ""),
        }
        for file in files
        if isinstance(file, dict)
    ]


class Files:
    """Fetches files. `proxy`: the way out, None for none."""

    def __init__(self, token: str, api_url: str, proxy: str | None, most_bytes: int = MOST_BYTES) -> None:
        self._token, self._most = token, most_bytes
        api = urlsplit(api_url)
        self._hosts = {("https", _HOST), (api.scheme, api.netloc)}
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}

    def fetched(self, files: Sequence[Payload]) -> tuple[tuple[File, ...], tuple[str, ...]]:
        """The files, and for each that could not be had a sentence why: a concern is raised without it."""
        found, wrong, end = [], [], time.monotonic() + _ALL_IN
        for number, file in enumerate(files):
            try:
                if number >= MOST_FILES:
                    raise NotFetched(f"{MOST_FILES} files are the most for one concern")
                found.append(File(name=file["name"], content=self._fetch(file, end)))
            except NotFetched as error:
                wrong.append(f"{file['name']}: not kept, {error}.")
            except (requests.RequestException, HTTPError, OSError):
                wrong.append(f"{file['name']}: not kept, because Slack did not give it. Send it again.")
        return tuple(found), tuple(wrong)

    def _fetch(self, file: Payload, end: float) -> bytes:
        if not self._is_slacks(file["url"]):
            raise NotFetched("because Slack does not hold it: send the file itself")
        if file["size"] > self._most:
            raise NotFetched(f"because it is larger than {self._most // 1_000_000} MB")
        headers = {"Authorization": f"Bearer {self._token}", "Accept-Encoding": "identity"}
        with requests.Session() as session:
            session.trust_env = False  # no password of a .netrc in place of the token
            session.proxies.update(self._proxies)
            with session.get(
                file["url"], headers=headers, stream=True, allow_redirects=False, timeout=_PATIENCE
            ) as answer:
                if answer.status_code != 200:
                    raise NotFetched("because Slack did not give it. Send it again")
                return self._read(answer, end)

    def _read(self, answer: requests.Response, end: float) -> bytes:
        """The bytes as they come, no more than allowed and no longer than there is time."""
        content = bytearray()
        while chunk := answer.raw.read(_CHUNK, decode_content=False):
            content += chunk
            if len(content) > self._most:
                raise NotFetched(f"because it is larger than {self._most // 1_000_000} MB")
            if time.monotonic() > end:
                raise NotFetched("because Slack took too long. Send it again")
        return bytes(content)

    def _is_slacks(self, url: str) -> bool:
        """Whether the token may be sent there: to Slack's files, or to where Slack's Web API is."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return (parts.scheme, parts.netloc) in self._hosts
