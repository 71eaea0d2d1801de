"""Forms as Slack sends them, filled in without ever having been opened."""

from __future__ import annotations

import json
from itertools import count

from cast import Somebody
from fake_slack import submit_body

_triggers = count(1)


def form_body(who: Somebody, id: str, action: str, about: str, fields: dict[str, str], *, trigger: str = "") -> str:
    """Somebody sends a form of the desk's, opened in their direct messages. `id`: of the modal, the same for the same
    form however often it is sent."""
    place = {"channel": f"D0{who.slack_id}", "thread": "", "ts": "", "alone": False, "root": "", "origin": {}}
    blocks = [
        {"type": "input", "block_id": name, "element": {"type": "plain_text_input"}, "label": {"text": name}}
        for name in fields
    ]
    view = {
        "id": id, "type": "modal", "callback_id": "form", "blocks": blocks,
        "private_metadata": json.dumps({"action": action, "about": about, "place": place, "inside": False}),
    }  # fmt: skip
    return submit_body(who, view, fields, trigger=trigger or f"filled.{next(_triggers)}")
