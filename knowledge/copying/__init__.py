"""A whole record, copied from one engine to another, into a file, and back."""

from knowledge.copying.nouns import Copied, CopyError, Sum

__all__ = ["Copied", "CopyError", "Sum"]
