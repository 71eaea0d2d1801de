"""Replies as Slack shows them: Block Kit within its limits, and a plain text for notifications and screen readers.

Quotations are rich text, whose words Slack takes literally: nothing in a paper, a question or a concern can become a
mention, a link or a format. Text that Slack does parse is escaped.
"""

from bot.blocks.buttons import CHOOSE, DO, FORM, OPEN_PASSAGE
from bot.blocks.modals import passage_modal
from bot.blocks.replies import blocks_of, fallback
from bot.blocks.text import Block, escaped

__all__ = ["CHOOSE", "DO", "FORM", "OPEN_PASSAGE", "Block", "blocks_of", "escaped", "fallback", "passage_modal"]
