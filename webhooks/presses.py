"""What a browser sends, as a message: a button pressed, a form filled in."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request

from handlers.messages import File, Message
from knowledge.attachments import AttachmentLimits
from webhooks.visitors import visitor

blueprint = Blueprint("presses", __name__)
"""Holds no route: only what templates use."""

LIMITS = AttachmentLimits()
_OURS = frozenset({"csrf_token", "press", "action", "about", "said", "thread"})
"""Fields of every form, which are not filled in."""
_LONGEST_ACTION, _LONGEST_ABOUT = 32, 2_000


@blueprint.app_template_global("press")
def press() -> str:
    """What marks one showing of a form: sending it twice is one press."""
    return secrets.token_urlsafe(12)


def fields() -> dict[str, str]:
    """What was filled in, a line's end as one character; of a field with several values, these with commas."""
    return {
        name: ",".join(values).replace("\r\n", "\n").replace("\r", "\n")
        for name, values in request.form.lists()
        if name not in _OURS
    }


def files() -> tuple[File, ...]:
    """The files that came, each read no further than shows that it is too large; one more than may come is enough to
    say so."""
    sent = [one for one in request.files.getlist("files") if one.filename][: LIMITS.files + 1]
    return tuple(File(name=one.filename or "", content=one.read(LIMITS.bytes + 1)) for one in sent)


def message_of(text: str = "", *, action: str = "", about: str = "", thread: str = "", **more: Any) -> Message:
    """A message of whoever makes this request. `more`: its `fields` and `files`."""
    who, about = visitor(), about[:_LONGEST_ABOUT]
    return Message(
        text=text, id=press_id(who.addresses, action, about, text, more.get("fields", {})), surface="web",
        thread=thread, roles=who.roles, division=who.division, addresses=who.addresses, name=who.name,
        action=action[:_LONGEST_ACTION], about=about, **more,
    )  # fmt: skip


def press_id(addresses: tuple[str, ...], action: str, about: str, text: str, filled_in: Mapping[str, str]) -> str:
    """The same for the same press by the same person, "" where the page gave no mark of it."""
    mark = request.form.get("press", "")
    if not mark:
        return ""
    told = json.dumps([mark, addresses, action, about, text, sorted(filled_in.items())])
    return f"web:{hashlib.sha256(told.encode()).hexdigest()[:40]}"
