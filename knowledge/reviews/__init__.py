"""Scheduled reviews of contracts: when the next one is due, what each found, which were missed.

In-house services and grants have them as contracts do. The day of the next review is put into the register as a
correction, so that whatever reads the register has it too.
"""

from knowledge.reviews.due import (
    Due,
    Finding,
    Review,
    due_on,
    last_of,
    last_reviews,
    missed,
    recorded_between,
    reviews_of,
    scheduled,
)
from knowledge.reviews.recording import KIND, LONGEST, CannotRecord, record, undo

__all__ = [
    "KIND", "LONGEST", "CannotRecord", "Due", "Finding", "Review", "due_on", "last_of", "last_reviews", "missed",
    "record", "recorded_between", "reviews_of", "scheduled", "undo",
]  # fmt: skip
