"""A sentence becomes criteria."""

from __future__ import annotations

from knowledge.subscriptions.understanding.nouns import Teller, Wished


def understand(text: str, teller: Teller) -> Wished:
    """What somebody who writes this wants to hear of. Never fails: what is not understood is in `left`."""
    raise NotImplementedError
