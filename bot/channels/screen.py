"""The channel of a desk that has neither Slack nor a mail server: a line on the worker's terminal. The reader finds the
words on the desk's own page."""

from __future__ import annotations

import sys
from typing import Any, TextIO

from bot.terminal import clean
from handlers.letters import Letter


class ScreenChannel:
    """Prints the reference and the subject, and nothing of what anybody wrote."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    def send(self, letter: Letter, again: bool) -> dict[str, Any]:
        """Prints a line, which always arrives."""
        said = "  ".join(part for part in (letter.reply.concern, letter.subject) if part)
        print(f"notification: {clean(said)}", file=self._out or sys.stdout, flush=True)
        return {"screen": "worker"}
