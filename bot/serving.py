"""How gunicorn serves: nobody who sends or reads slowly keeps others waiting, and its log says nothing of anybody.

Of itself gunicorn gives each connection a thread while its request is still on the way, so that eight people who never
finish theirs stop a process. Here the loop that waits for connections gathers what comes, and a thread is only given a
request that is there: its head, and of its body as much as most forms have. What comes later has to come at a pace.
"""

from __future__ import annotations

import errno
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from bot.patience import PatientSocket

_HEAD = 65_536
"""Bytes of a request that are gathered before a thread has it."""
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_ASKS_FIRST = re.compile(rb"\r\nexpect:", re.IGNORECASE)


def is_there(head: bytes) -> bool:
    """Whether so much of a request has come that a thread may have it: all of its head, and of its body what there is
    to gather. One that asks whether to go on sending, or is too long, is."""
    end = head.find(b"\r\n\r\n")
    if len(head) >= _HEAD or (end >= 0 and _ASKS_FIRST.search(head, 0, end + 2)):
        return True
    length = _LENGTH.search(head, 0, end + 2) if end >= 0 else None
    return end >= 0 and len(head) >= min(_HEAD, end + 4 + (int(length[1]) if length else 0))


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection, with what has come of its next request. It is closed where nothing waits for that."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any, closers: ThreadPoolExecutor) -> None:
        super().__init__(cfg, sock, client, server)
        self.head, self.is_there = b"", False
        self._closers = closers

    def close(self, graceful: bool = False) -> None:
        """Ends it; with grace another thread waits for the other side to end it too."""
        if not graceful:
            super().close()
            return
        try:
            self._closers.submit(super().close, graceful=True)
        except RuntimeError:  # this process is ending
            super().close()


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, which gives a thread only what is there."""

    socket_type = PatientSocket

    def init_process(self) -> None:
        """Begins; it returns when the process ends."""
        self._closers = ThreadPoolExecutor(8, "closing")
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Takes a connection on, and waits for its request."""
        try:
            taken, client = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        ours = self.socket_type(fileno=taken.detach())
        self._wait(Connection(self.cfg, ours, client, listener.getsockname(), self._closers))

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        """The next request of a connection that was kept begins to come."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait(conn)

    def on_pending_socket_readable(self, conn: Connection, client: Any) -> None:
        """More of a request has come."""
        try:
            came = client.recv(_HEAD)
        except BlockingIOError:
            return
        except OSError:
            came = b""
        conn.head += came
        conn.is_there = not came or is_there(conn.head)
        if conn.is_there:
            super().on_pending_socket_readable(conn, client)

    def enqueue_req(self, conn: Connection) -> None:
        """Gives a request to a thread; one that came behind another once it is there."""
        if not conn.is_there:
            conn.head = conn.parser.unreader.take_buffered()
            conn.is_there = is_there(conn.head)
        super().enqueue_req(conn) if conn.is_there else self._wait(conn)

    def handle(self, conn: Connection) -> object:
        """Answers a request, in a thread."""
        conn.sock.setblocking(True)
        conn.init()
        conn.parser.unreader.unread(conn.head)
        conn.head, conn.is_there = b"", False
        return super().handle(conn)

    def _wait(self, conn: Connection) -> None:
        conn.sock.setblocking(False)
        conn.data_ready = True
        conn.timeout = time.monotonic() + self.socket_type.patience
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))
