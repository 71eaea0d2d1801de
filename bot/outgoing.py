"""Sending something to a server that somebody named to us. It must be a public one, whatever its name leads to; it must
not lead us on to another; and it must not keep us waiting, nor send us more than we asked for."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, NamedTuple

import requests
from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession, Manager
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

LONGEST = 20.0
"""Seconds until a sending is cut off, once its connection is being made."""
_CONNECT, _SILENCE = 5.0, 15.0
"""Seconds to wait for a connection, and for the next byte."""
_MOST = 65_536
"""Bytes of an answer that are read."""
_NAME = "CommissioningDesk/1 (webhooks)"

logging.getLogger("requests_hardened").setLevel(logging.CRITICAL)  # it names the hosts it refuses


class Answer(NamedTuple):
    """What a server said. `retry_after`: its header of that name, "" for none; `size`: bytes of the body, as far as it
    was read. What is in the body is of no use to us."""

    status: int
    retry_after: str
    size: int


class Unsent(Exception):
    """No answer. Its text, a few fixed words, says why."""


class Inside(ValueError):
    """An address that is not public."""


class Outgoing:
    """Sends to public servers. Used by several threads at once. `loopback`: this machine counts as public."""

    def __init__(self, *, loopback: bool = False, longest: float = LONGEST) -> None:
        self._longest = longest
        self._manager = Manager(
            Config(
                default_timeout=(min(_CONNECT, longest), min(_SILENCE, longest)), never_redirect=True,
                ip_filter_enable=True, ip_filter_allow_loopback_ips=loopback, user_agent_override=_NAME,
            )
        )  # fmt: skip

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """What the server says to this, whatever it is; a redirect is an answer like any other. Raises Unsent."""
        cut = _Cut(self._longest)
        try:
            with cut, self._manager.get_session() as session:
                session.trust_env = False  # neither a proxy nor a password of this machine's is for strangers
                _watch(session, cut)
                with session.request("POST", url, data=body, headers=dict(headers), stream=True) as answer:
                    size = len(answer.raw.read(_MOST, decode_content=False))
                    return Answer(answer.status_code, answer.headers.get("Retry-After", ""), size)
        except Exception as error:
            if not isinstance(error, requests.RequestException | HTTPError | OSError | ValueError):
                raise
            raise Unsent("took too long" if cut.done else _why(error)) from None


def _why(error: Exception) -> str:
    if isinstance(error, InvalidIPAddress | Inside):
        return "its address is not public"
    if isinstance(error, requests.exceptions.SSLError):
        return "certificate or TLS fails"
    if isinstance(error, requests.Timeout | TimeoutError):
        return "took too long"
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema | ValueError):
        return "its address is none"
    return "does not answer"


def _public(host: str) -> None:
    """Refuses forms of addresses that the filter before us lets by: they hold another inside, or lead inside by
    themselves. `host`: the address that is connected to. Raises Inside, and ValueError where it is no address."""
    found = ip_address(host.strip("[]"))
    if not found.is_loopback and (found.is_reserved or getattr(found, "is_site_local", False)):
        raise Inside


class _Cut:
    """Ends a conversation after a while, whatever it is doing: a time-out counts from one byte to the next, and never
    runs out where they drip. `done`: it had to."""

    def __init__(self, seconds: float) -> None:
        self.done = False
        self._seconds = seconds
        self._timer: threading.Timer | None = None
        self._held: list[socket.socket] = []

    def hold(self, sock: socket.socket) -> None:
        """This connection is to be ended: now, where its name took so long to find that the time is over. A handle of
        our own, for TLS puts another in the place of the first."""
        self._held.append(sock.dup())
        if self.done:
            self._end()

    def __enter__(self) -> _Cut:
        self._timer = threading.Timer(self._seconds, self._end)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer.join()
        for sock in self._held:
            sock.close()

    def _end(self) -> None:
        self.done = True
        for sock in self._held:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def _watch(session: HTTPSession, cut: _Cut) -> None:
    """Has a session make connections that are cut off."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            _public(self._dns_host)
            return _held(super()._new_conn(), cut)

    class Safe(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            _public(self._dns_host)
            return _held(super()._new_conn(), cut)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SafePool(HTTPSConnectionPool):
        ConnectionCls = Safe

    for adapter in session.adapters.values():
        assert isinstance(adapter, HTTPAdapter)  # noqa: S101 - a session has no others
        pools: dict[str, Any] = {"http": PlainPool, "https": SafePool}
        adapter.poolmanager.pool_classes_by_scheme = pools


def _held(sock: socket.socket, cut: _Cut) -> socket.socket:
    cut.hold(sock)
    return sock
