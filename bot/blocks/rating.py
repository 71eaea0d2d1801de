"""What stands under an answer about the papers: whether it was any good, and a person to ask."""

from __future__ import annotations

from bot.blocks.buttons import DO, button
from bot.blocks.text import Block, plain
from handlers.messages import Choice, Reply

_RATE = "rate"
_GOOD, _BAD = "good", "bad"
_LABELS = {_GOOD: "Good answer", _BAD: "Not a good answer"}
_SPOKEN = {_GOOD: "Say that this was a good answer", _BAD: "Say that this was not a good answer"}
_ASK = "ask_person"


def rating_blocks(reply: Reply, mark: str, *, native: bool) -> list[Block]:
    """The two thumbs under an answer that was written down; none under anything else. `native`: as Slack's own feedback
    buttons, else as two plain ones, which mean the same."""
    if reply.question is None:
        return []
    id = f"rating:{mark}"
    if native:
        element = {"type": "feedback_buttons", "action_id": f"{DO}:{_RATE}:0", **_native(reply.question)}
        return [{"type": "context_actions", "block_id": id, "elements": [element]}]
    buttons = [_button(reply.question, verdict, number) for number, verdict in enumerate((_GOOD, _BAD))]
    return [{"type": "actions", "block_id": id, "elements": buttons}]


def _native(question: int) -> Block:
    return {
        f"{name}_button": {
            "text": plain(_LABELS[verdict], 75), "value": _value(question, verdict),
            "accessibility_label": _SPOKEN[verdict],
        }
        for name, verdict in (("positive", _GOOD), ("negative", _BAD))
    }  # fmt: skip


def _button(question: int, verdict: str, number: int) -> Block:
    return button(_LABELS[verdict], f"{DO}:{_RATE}:{number}", _value(question, verdict), spoken=_SPOKEN[verdict])


def _value(question: int, verdict: str) -> str:
    return f"{question}|{verdict}"


def rated(action: str, value: str) -> tuple[str, dict[str, str]]:
    """What a press is about and what it fills in: of a thumb the question's number and the verdict; of any other button
    its value and nothing."""
    question, mark, verdict = value.partition("|")
    return (question, {"verdict": verdict}) if action == _RATE and mark else (value, {})


def with_person(reply: Reply) -> Reply:
    """The reply with the button that asks a person, where its question was written down."""
    if reply.question is None or any(choice.action == _ASK for choice in reply.choices):
        return reply
    asks = Choice(label="Ask a person", action=_ASK, about=str(reply.question))
    return reply.model_copy(update={"choices": (*reply.choices, asks)})
