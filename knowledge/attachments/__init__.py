"""Photographs and papers that come with a concern: cleaned of where and with what they were made, and kept with it."""

from knowledge.attachments.cleaning import Attachment, AttachmentError, AttachmentLimits, clean_attachment
from knowledge.attachments.keeping import Kept, attachment, attachments_of, keep, move_to_concern

__all__ = [
    "Attachment",
    "AttachmentError",
    "AttachmentLimits",
    "Kept",
    "attachment",
    "attachments_of",
    "clean_attachment",
    "keep",
    "move_to_concern",
]
