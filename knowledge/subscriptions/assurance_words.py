"""What a check of the assurance has found, in words."""

from __future__ import annotations

from knowledge.subscriptions.assurance import Check

HOLES = {
    "untold": "{n} due over an hour ago and not sent, and nobody is trying: is a worker running (desk work)?",
    "ungathered": "{n} due for a round-up over an hour ago and in none: is a worker running (desk work)?",
    "lost": "{n} gathered into a round-up that is not there",
    "unowed": "{n} found to want to hear of something, and owed nothing",
    "parked_unseen": "{n} parked without anybody having been told",
}
_WELL = {"tried": "{n} being tried", "parked": "{n} parked, and a person told"}


def in_words(found: Check) -> list[str]:
    """What was found, a clause each; that everybody was told, where there is no hole."""
    counts = found.counts()
    said = [words.format(n=counts[name]) for name, words in {**HOLES, **_WELL}.items() if counts[name]]
    return said if found.holes else ["everybody was told or is about to be", *said]
