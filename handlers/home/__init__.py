"""What somebody finds when they open the desk, beside their concerns and their alerts: by what they are to it."""

from handlers.home.gathering import parts
from handlers.home.nouns import Part, Row

__all__ = ["Part", "Row", "parts"]
