"""Where letters go in measures of sending: a server that takes a line, waits as long as a mail server would, answers.
It writes down when each came."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import Counter
from contextlib import suppress

LATENCY = 0.005
"""Seconds for which each letter is kept waiting."""


class Sink:
    """The server, in a thread of its own. Use as a context manager."""

    def __init__(self, latency: float = LATENCY) -> None:
        self.arrived: Counter[str] = Counter()
        self.times: list[float] = []
        self.port = 0
        self._latency = latency
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._listening = threading.Event()

    def __enter__(self) -> Sink:
        self._thread.start()
        self._listening.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def forget(self) -> None:
        """What came so far is forgotten."""
        self.arrived, self.times = Counter(), []

    def rate(self) -> float:
        """Letters a second, from the first that came to the last."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0])

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), self._latency)
            self.arrived[line.decode().strip()] += 1
            self.times.append(time.perf_counter())
            writer.write(b"250 OK\n")


class Sending:
    """The other end: sends one letter at a time over a connection that stays, one for each thread."""

    def __init__(self, port: int) -> None:
        self._port, self._local = port, threading.local()

    def send(self, id: str) -> None:
        """Sends, and returns when it is taken."""
        stream = getattr(self._local, "stream", None)
        if stream is None:
            stream = self._local.stream = socket.create_connection(("127.0.0.1", self._port)).makefile("rwb")
        stream.write(id.encode() + b"\n")
        stream.flush()
        assert stream.readline() == b"250 OK\n"
