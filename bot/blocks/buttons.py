"""Buttons: what the desk offers, and what a press of it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.blocks.text import Block, cut, plain
from handlers.messages import Choice

LABEL = 75
VALUE = 2_000
_IN_A_ROW = 5
_MOST = 25
_ACTS = "acts:"

OPEN_PASSAGE = "open_passage"
CHOOSE, DO, FORM = "choose", "do", "form"
"""What an action's id begins with: a question to ask, something to do at once, something that opens a modal first."""


class Press(NamedTuple):
    """A button that was pressed. `kind`: CHOOSE, DO or FORM; `value`: the question, or what the action is about."""

    kind: str
    action: str
    value: str


def choice_blocks(choices: Sequence[Choice], root: str = "", mark: str = "") -> list[Block]:
    """Buttons, five in a row, what is dangerous last. `root`: the message that began this conversation, told again at
    every press; `mark`: what tells these buttons from those that stood here before."""
    ordered = sorted(choices[:_MOST], key=lambda choice: choice.style == "danger")
    buttons = [choice_button(choice, number) for number, choice in enumerate(ordered)]
    rows = [buttons[at : at + _IN_A_ROW] for at in range(0, len(buttons), _IN_A_ROW)]
    return [
        {"type": "actions", "block_id": f"{_ACTS}{root}:{number}:{mark}", "elements": row}
        for number, row in enumerate(rows)
    ]


def choice_button(choice: Choice, number: int = 0) -> Block:
    """One button. A concern opens in a modal wherever it is offered."""
    if choice.text:
        return button(choice.label, f"{CHOOSE}:{number}", choice.text, choice.style)
    kind = FORM if choice.opens_form or choice.action == "open" else DO
    about = "" if choice.about in choice.label or "|" in choice.about else choice.about
    spoken = f"{choice.label}: {about}" if about else ""
    return button(choice.label, f"{kind}:{choice.action}:{number}", choice.about, choice.style, spoken)


def button(label: str, action_id: str, value: str, style: str = "", spoken: str = "") -> Block:
    """A button as Slack wants it. `spoken`: what a screen reader says in place of the label."""
    made: Block = {"type": "button", "text": plain(label, LABEL), "action_id": action_id}
    if value:
        made["value"] = value[:VALUE]
    if style:
        made["style"] = style
    if spoken:
        made["accessibility_label"] = cut(spoken, LABEL)
    return made


def is_buttons(block: Block) -> bool:
    """Whether a block of a message holds buttons of ours that do something."""
    return str(block.get("block_id", "")).startswith(_ACTS)


def root_of(block_id: str) -> str:
    """The message that began the conversation in which a button was pressed, "" where the button does not say."""
    return block_id.removeprefix(_ACTS).partition(":")[0] if block_id.startswith(_ACTS) else ""


def press_of(action: Block) -> Press | None:
    """What was pressed; None for what is no button of these."""
    kind, _, rest = str(action.get("action_id", "")).partition(":")
    if kind not in (CHOOSE, DO, FORM):
        return None
    name, _, last = ("", "", "") if kind == CHOOSE else rest.rpartition(":")
    boxes = action.get("type") == "checkboxes"  # which have no value of their own, even where none is ticked
    return Press(kind, name, last if boxes else str(action.get("value") or ""))
