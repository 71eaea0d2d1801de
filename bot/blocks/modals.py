"""Modals: the words of a passage, a concern with what was written in it, a form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.blocks.buttons import choice_blocks
from bot.blocks.concerns import happened_blocks, paper_blocks
from bot.blocks.inputs import input_block
from bot.blocks.quoting import written_blocks
from bot.blocks.tables import table_blocks
from bot.blocks.text import SECTION, Block, context, cut, escaped, plain, section
from handlers.messages import Form, Outcome, Reply

FORM_ID, CARD_ID = "form", "card"
"""Names of the two kinds of modal that people act in."""
_TITLE = 24
_TITLES = {
    Outcome.TIMELINE: "Timeline",
    Outcome.POSTING: "Offered by a provider",
    Outcome.REFUSED: "Not done",
    Outcome.SUBSCRIPTION: "Alerts",
    Outcome.REVIEW: "Review",
}
_MOST_BLOCKS = 100
_LONGEST_METADATA = 3_000


def passage_modal(locator: str, title: str, text: str) -> Block:
    """A modal with the whole words of a passage."""
    chunks = [text[at : at + SECTION] for at in range(0, len(text), SECTION)][:90]
    return {
        "type": "modal",
        "title": plain(locator, _TITLE),
        "close": plain("Close", _TITLE),
        "blocks": [context(f"*{escaped(cut(locator, 200))}* · {escaped(cut(title, 300))}")]
        + [{"type": "section", "text": {"type": "plain_text", "text": chunk, "emoji": False}} for chunk in chunks],
    }


def form_modal(form: Form, place: Mapping[str, Any], *, inside: bool = False) -> Block:
    """A form to fill in. `place`: where it was asked for, kept with it; `inside`: it takes the place of a concern's
    modal, which comes back once it is sent."""
    blocks = [context(escaped(form.note))] if form.note else []
    blocks += [input_block(entry) for entry in form.entries]
    blocks += [section(f"*{escaped(form.heading)}*")] if form.heading else []
    blocks += table_blocks(form.beside, "") if form.beside else []
    kept = {"action": form.action, "about": form.about, "place": dict(place), "inside": inside}
    return {
        "type": "modal", "callback_id": FORM_ID, "title": plain(form.title, _TITLE), "submit": plain(form.send, _TITLE),
        "close": plain("Cancel", _TITLE), "private_metadata": _metadata(kept), "blocks": blocks[:_MOST_BLOCKS],
    }  # fmt: skip


def card_modal(reply: Reply, place: Mapping[str, Any], link: str = "", mark: str = "") -> Block:
    """A concern with everything its reader may see of it, and what they may do. `mark`: tells it from what stood there
    before."""
    first = [section(escaped(reply.text))] if reply.text else []
    first += table_blocks(reply.table, link) if reply.table else []
    written = [block for one in reply.written for block in written_blocks(one)]
    title = reply.concern or _TITLES.get(reply.outcome, "Concerns")
    last = [*choice_blocks(reply.choices, mark=mark), *happened_blocks(reply.happened), *paper_blocks(reply, link)]
    last += [context("\n".join(escaped(note) for note in reply.notes))] if reply.notes else []
    return {
        "type": "modal", "callback_id": CARD_ID, "title": plain(title, _TITLE),
        "close": plain("Close", _TITLE), "private_metadata": _metadata({"place": dict(place)}),
        "blocks": first + _fitted(written, _MOST_BLOCKS - len(first) - len(last), reply, link) + last,
    }  # fmt: skip


def _fitted(blocks: list[Block], most: int, reply: Reply, link: str) -> list[Block]:
    """So many of the blocks that the modal holds them, the latest; and where the rest is."""
    if len(blocks) <= most:
        return blocks
    where = f"<{link}/concerns/{reply.concern}|on the web>" if link else "on the desk's web page"
    return [context(f"What was written before stands {where}."), *blocks[len(blocks) - most + 1 :]]


def _metadata(kept: Mapping[str, Any]) -> str:
    """What a modal keeps; where that is too much, without the place it was opened from."""
    said = json.dumps(kept, separators=(",", ":"))
    return said if len(said) <= _LONGEST_METADATA else json.dumps({**kept, "place": {}}, separators=(",", ":"))
