"""What providers offer others: sub-contracts, partners wanted. On the timeline, and no work of the council's."""

from __future__ import annotations

from knowledge.timeline.nouns import Terms


def posted_words(terms: Terms) -> str:
    """Whose it is: "Posted by Larkfield Care Ltd, not by the council"; "" for what the council says itself."""
    return f"Posted by {terms.posted_by}, not by the council" if terms.posted_by else ""


def offer_words(terms: Terms) -> str:
    """What a provider offers, "" for what the council says itself."""
    if not terms.posted_by:
        return ""
    return "partner wanted" if terms.partner else "sub-contract available"
