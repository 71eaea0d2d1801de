"""What gunicorn calls as one of its processes begins and ends (`--config python:bot.web_process`)."""

from __future__ import annotations

import threading
from typing import Any

from bot.logs import log, where_of


def post_worker_init(worker: Any) -> None:
    """It is about to take requests: what every question needs is opened before the first comes, by a thread, for an
    index may have to be built."""
    if wiring := getattr(getattr(worker, "wsgi", None), "extensions", {}).get("wiring"):
        threading.Thread(target=_open, args=(wiring,), name="opening", daemon=True).start()


def _open(wiring: Any) -> None:
    try:
        wiring.index.get()
        wiring.register.get()
    except Exception as error:  # the record may be away: the first question tries again
        log.warning("web", state="opening", error=type(error).__name__, where=where_of(error))


def worker_exit(server: Any, worker: Any) -> None:
    """Its requests are answered; what it does behind them is finished: answers to Slack, and letters that it sends
    itself because they are urgent. What it has not begun is left to another."""
    log.info("web", state="leaving")
    extensions: dict[str, Any] = getattr(getattr(worker, "wsgi", None), "extensions", {})
    if listening := extensions.get("slack_intake"):
        listening.stop()
    if wiring := extensions.get("wiring"):
        wiring.leave()
