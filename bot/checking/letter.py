"""The letter that `desk check --send-to` sends."""

from __future__ import annotations

import secrets

from handlers.letters import Letter
from handlers.messages import Outcome, Reply


def letter_to(address: str, council: str) -> Letter:
    """A letter of which nothing follows."""
    text = f"E-mail from the Commissioning Desk of {council} arrives here. Nobody need do anything about it."
    return Letter(
        id=secrets.token_hex(16), kind="test", address=address, email=address,
        subject="A test of the Commissioning Desk", reply=Reply(outcome=Outcome.CONCERN, text=text),
    )  # fmt: skip
