"""Logs: one JSON line an event on stderr. No text, address or token of anybody ever goes in; a processor sees to it."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO, cast

import structlog

_ALLOWED = frozenset(
    {"event", "level", "timestamp", "reference", "error", "where", "outcome", "surface", "took_ms", "edition",
     "documents", "passages", "problems", "event_id", "state", "attempts", "status", "path", "method", "port", "count",
     "seconds", "kind", "call"}
)  # fmt: skip
"""Only these keys are ever written: a key nobody thought of cannot carry a message's text."""

_ROOMS = tuple(
    f"{Path(__file__).resolve().parents[1]}/{room}/" for room in ("bot", "handlers", "knowledge", "webhooks")
)
"""Where the desk's own code is."""


def _only_allowed(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in _ALLOWED}


class _Told:
    """A stream of log lines. Where they cannot be written, for the disk is full or nobody reads them any more, the work
    that is told of goes on all the same."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Writes what can be written."""
        with suppress(OSError, ValueError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        """Sends on what can be sent on."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def set_up_logs(level: str = "info") -> None:
    """Turns on logging to stderr. Libraries' own logs are kept to warnings without their arguments."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Told(sys.stderr))),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.CRITICAL, stream=sys.stderr)


def where_of(error: BaseException) -> str:
    """Where an exception arose, without what it says: messages may quote what people wrote. The last place in the
    desk's own code, and the one in a library where it went on to that."""
    places = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [one for one in places if one[0].co_filename.startswith(_ROOMS)]
    last = [*ours[-1:], *([places[-1]] if places and places[-1] not in ours[-1:] else [])]
    return " > ".join(f"{code.co_filename.rsplit('/', 2)[-1]}:{line} {code.co_name}" for code, line in last)


log = structlog.get_logger()


def keep_quiet() -> None:
    """Has what nobody caught logged as everything else: Python's own words quote what an error says, and a library's
    warning what it warns of. For a whole process."""
    if not structlog.is_configured():
        set_up_logs("warning")  # of itself it would write to where a command's answer goes
    sys.excepthook = lambda kind, error, trace: _uncaught("process", error)
    threading.excepthook = lambda given: _uncaught("thread", given.exc_value)
    sys.unraisablehook = lambda given: _uncaught("clean-up", given.exc_value)
    warnings.showwarning = _warned


def _uncaught(call: str, error: BaseException | None) -> None:
    if error is not None and not isinstance(error, (SystemExit, KeyboardInterrupt)):
        log.critical("failed", call=call, error=type(error).__name__, where=where_of(error))


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: object = None,
    line: object = None,
) -> None:
    log.warning("warned", error=category.__name__, where=f"{filename.rsplit('/', 2)[-1]}:{lineno}")
