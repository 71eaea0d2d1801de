"""A connection that waits for nobody for ever."""

from __future__ import annotations

import errno
import socket
import time
from typing import Any

_SLOWEST = 5_000
"""Bytes a second at which a large body has to come, and a large answer to be taken, after the first seconds."""


class PatientSocket(socket.socket):
    """A connection that is given up where the other side is too slow. `patience`: seconds it has at first."""

    patience = 10.0
    _began: float | None = None
    _got = 0

    def setblocking(self, flag: bool) -> None:
        """As ever; with this gunicorn begins on a request, whose time is counted from here."""
        super().setblocking(flag)
        self._began, self._got = (time.monotonic() if flag else None), 0

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        """What has come. Raises ConnectionResetError where it comes too slowly."""
        mine = self.gettimeout()
        if self._began is None or mine == 0:
            return super().recv(bufsize, flags)
        left = self._began + self.patience + self._got / _SLOWEST - time.monotonic()
        self.settimeout(max(0.001, left if mine is None else min(left, mine)))
        try:
            data = super().recv(bufsize, flags)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "it came too slowly") from None
        finally:
            self.settimeout(mine)
        self._got += len(data)
        return data

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Sends all of it. Raises ConnectionResetError where it is taken too slowly."""
        mine = self.gettimeout()
        self.settimeout(self.patience + len(data) / _SLOWEST)
        try:
            super().sendall(data, flags)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "it was taken too slowly") from None
        finally:
            self.settimeout(mine)
