"""A checklist as boxes to tick in a message: ten to a block, as Slack allows, its words as they stand in the paper."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.blocks.buttons import DO
from bot.blocks.text import Block, context, escaped, plain, section
from handlers.messages import Tick, Worklist

_IN_A_BLOCK = 10
_LABEL = 75
_TICK = "tick_checklist"
_MOST = 100
"""Points that a message holds; a list of more is worked through on its page."""

Numbered = tuple[int, Tick]


def checklist_blocks(found: Worklist, link: str) -> list[Block]:
    """Every point with its box. One whose words are longer than Slack lets a box say stands beneath in full. `link`:
    the desk's public address, "" for none."""
    blocks: list[Block] = []
    for under, run in found.parts:
        points = [one for one in run if one[0] < _MOST]
        if under and points:
            blocks.append(section(f"*{escaped(under)}*"))
        for tens in _tens(points):
            blocks += _boxes(found.id, tens)
    if link:
        blocks.append(context(f"<{link}/checklists/{found.id}|As a page, to print>"))
    return blocks


def _tens(points: Sequence[Numbered]) -> list[list[Numbered]]:
    """Points in groups that one block holds; a group ends where the next ten of the whole list begin."""
    return [list(run) for _, run in groupby(points, key=lambda one: one[0] // _IN_A_BLOCK)]


def _boxes(id: int, points: list[Numbered]) -> list[Block]:
    options = [_option(place, point) for place, point in points]
    boxes: Block = {
        "type": "checkboxes", "options": options,
        "action_id": f"{DO}:{_TICK}:{id}.{points[0][0]}.{points[-1][0]}",
    }  # fmt: skip
    if ticked := [option for option, (_, point) in zip(options, points, strict=True) if point.done]:
        boxes["initial_options"] = ticked
    block = {"type": "actions", "block_id": f"boxes:{id}:{points[0][0]}", "elements": [boxes]}
    whole = [f"{place + 1}. {escaped(point.text)}" for place, point in points if not _fits(place, point)]
    return [block, *([context("\n".join(whole))] if whole else [])]


def _option(place: int, point: Tick) -> Block:
    first, rest = _halves(f"{place + 1}. {point.text}")
    option: Block = {"text": plain(first, _LABEL), "value": str(place)}
    return {**option, "description": plain(rest, _LABEL)} if rest else option


def _fits(place: int, point: Tick) -> bool:
    return len(_halves(f"{place + 1}. {point.text}")[1]) <= _LABEL


def _halves(text: str) -> tuple[str, str]:
    """What a box's label holds, and what is left for the line under it."""
    if len(text) <= _LABEL:
        return text, ""
    at = text.rfind(" ", 0, _LABEL + 1)
    at = at if at > 0 else _LABEL
    return text[:at].rstrip(), text[at:].strip()
