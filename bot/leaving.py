"""What gunicorn calls as one of its processes ends (`--config python:bot.leaving`)."""

from __future__ import annotations

from typing import Any

from bot.logs import log


def worker_exit(server: Any, worker: Any) -> None:
    """Its requests are answered; what it does behind them is finished: answers to Slack, and letters that it sends
    itself because they are urgent. What it has not begun is left to another."""
    log.info("web", state="leaving")
    extensions: dict[str, Any] = getattr(getattr(worker, "wsgi", None), "extensions", {})
    if listening := extensions.get("slack_intake"):
        listening.stop()
    if wiring := extensions.get("wiring"):
        wiring.leave()
