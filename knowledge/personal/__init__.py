"""Whether a message seems to hold personal data: who it is about, where they live, how to reach them, how they are."""

from knowledge.personal.finding import personal

__all__ = ["personal"]
