"""Criteria as people say them."""

from __future__ import annotations

from knowledge.subscriptions.nouns import Criteria


def in_words(criteria: Criteria, every: str = "") -> list[tuple[str, str]]:
    """Criteria line by line: a label ("Area") and what is wanted ("Thanet or Dover"); with how often, if given. What
    asks for nothing has the one line ("About", "anything")."""
    raise NotImplementedError


def one_line(criteria: Criteria) -> str:
    """Criteria as one phrase: "Home care, in Thanet, up to £500,000"; "Anything" where nothing is asked for."""
    raise NotImplementedError
