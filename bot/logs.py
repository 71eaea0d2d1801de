"""Logs: one JSON line an event on stderr. No text, address or token of anybody ever goes in; a processor sees to it."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

_ALLOWED = frozenset(
    {"event", "level", "timestamp", "reference", "error", "where", "outcome", "surface", "took_ms", "edition",
     "documents", "passages", "problems", "event_id", "state", "attempts", "status", "path", "method", "port", "count",
     "seconds", "kind", "call"}
)  # fmt: skip
"""Only these keys are ever written: a key nobody thought of cannot carry a message's text."""


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
    """Where an exception arose, without what it says: messages may quote what people wrote."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return place


log = structlog.get_logger()
