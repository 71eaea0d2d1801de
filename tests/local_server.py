"""A server on a free port of 127.0.0.1, for tests that need somebody else's."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class LocalServer:
    """Use as a context manager. Whoever builds on it answers requests in `_serve`, several at once."""

    def _open(self) -> None:
        """To be called when everything that answering needs is there."""
        ours = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                ours._serve(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            do_GET = do_POST

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._let_go()
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def _let_go(self) -> None:
        """What hangs is let go of before the server ends."""

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        raise NotImplementedError
