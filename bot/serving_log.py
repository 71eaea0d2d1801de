"""gunicorn's own log, as a line of ours: where in gunicorn and which kind of error. Its words quote what was sent."""

from __future__ import annotations

import logging
import sys
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from bot.logs import keep_quiet, log, set_up_logs, where_of


class _Lines(logging.Handler):
    """Writes each of gunicorn's records as a line of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        error = sys.exc_info()[1]  # also of what is told without it
        place = where_of(error) if error else ""
        said = record.msg if record.args and isinstance(record.msg, str) else ""  # a form of words, nothing filled in
        level = record.levelname.lower() if record.levelno >= logging.WARNING else "info"
        getattr(log, level)("gunicorn", where=place, error=type(error).__name__ if error else "", call=said)


class QuietLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """What gunicorn takes for its logger. There is no log of requests: addresses hold tokens."""

    def setup(self, cfg: Any) -> None:
        """Begins logging, in the master process too."""
        super().setup(cfg)
        set_up_logs(cfg.loglevel)
        keep_quiet()
        self.error_log.handlers = [_Lines()]
        self.access_log.handlers = []

    def access(self, *_: Any, **__: Any) -> None:
        """Nothing."""
