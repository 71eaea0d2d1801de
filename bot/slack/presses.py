"""Presses of buttons and forms that were sent, as they are written down; and where they were made."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bot.blocks.buttons import CHOOSE, DO, press_of, root_of
from bot.blocks.inputs import values_of
from bot.blocks.modals import CARD_ID, FORM_ID
from bot.blocks.rating import rated
from bot.slack.files import files_of
from bot.slack.payloads import Payload, conversation, is_direct, payload, said_in

SHOWS = frozenset(
    {
        "open_intention", "manage_alerts", "my_alerts", "propose_alert", "again_alert", "waiting_enquiries",
        "open_enquiry", "my_enquiries", "open_entry", "open_checklist", "show_checklist", "checklist_markdown",
        "my_checklists", "checklists", "open_review",
    }
)  # fmt: skip
"""Actions that show something else: below the message whose button was pressed, which stays as it is."""
ASIDE = frozenset({"rate", "rate_why"})
"""Actions answered to whoever pressed and nobody else, direct messages included: the answer above stays as it is."""
STAYS = frozenset({"open_checklist", "show_checklist", "my_checklists"})
"""Actions that show what its owner comes back to: in their direct messages, where a message stays and can change."""


def press(body: Payload) -> tuple[str, Payload] | None:
    """The id of a press and what is needed to answer it; None for what opens a modal, or is none of ours."""
    action = (body.get("actions") or [{}])[0]
    pressed = press_of(action)
    if pressed is None or pressed.kind not in (CHOOSE, DO):
        return None
    place, id, user = place_of(body), f"slack:{body.get('trigger_id')}", body["user"]["id"]
    if pressed.action in STAYS and _unseen(place):
        place = messages_of(user, place["said_in"])
    where = {"user": user, "channel": place["channel"], "body": body, "reply_in": place["thread"]}
    where["thread"] = conversation(place["channel"], place["thread"], user)
    if pressed.kind == CHOOSE:
        public = not (is_direct(place["channel"]) or place["alone"])
        return id, payload(**where, text=pressed.value, public=public, only_to_asker=place["alone"])
    about, fields = rated(pressed.action, pressed.value)
    aside = pressed.action in ASIDE
    return id, payload(
        **where, text="", public=False, only_to_asker=aside or _unseen(place), action=pressed.action, about=about,
        fields=fields or _ticked(action), origin=place["origin"], view=card_of(body), root=place["root"],
        said_in=place["said_in"], message=None if aside or pressed.action in SHOWS else _message(body, place),
    )  # fmt: skip


def _ticked(action: Payload) -> dict[str, str]:
    """Which boxes are ticked after a press of one; of a button nothing."""
    if action.get("type") != "checkboxes":
        return {}
    return {"ticked": ",".join(str(one.get("value")) for one in action.get("selected_options") or ())}


def place_of(body: Payload) -> Payload:
    """Where something was pressed: `channel`, `thread`, `ts` of the message, `alone` (only whoever pressed sees it),
    `root` (the message that began the conversation), `origin` (where the Member hears later), `said_in` (the Slack
    channel, "" for none). In a modal, where that was opened from; in App Home, somebody's direct messages."""
    user = str((body.get("user") or {}).get("id") or body.get("user_id") or "")
    if body.get("view"):
        kept = _kept(body["view"]).get("place") or {}
        return _in_private(kept, user)
    container, channel = body.get("container") or {}, str((body.get("channel") or {}).get("id") or user)
    thread = str(container.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or "")
    ts = str(container.get("message_ts") or "")
    block = str((body.get("actions") or [{}])[0].get("block_id") or "")
    root = thread or root_of(block) or ts
    origin = {"channel": channel, "thread_ts": root} if is_direct(channel) and root else {"channel": user}
    alone = bool(container.get("is_ephemeral"))
    return {
        "channel": channel, "thread": thread, "ts": ts, "alone": alone, "root": root, "origin": origin,
        "said_in": said_in(channel),
    }  # fmt: skip


def _in_private(place: Payload, user: str) -> Payload:
    """Where an answer goes to what was pressed in a modal: nobody but who pressed it reads along there."""
    unseen = place.get("alone") or not is_direct(str(place.get("channel") or ""))
    return messages_of(user, str(place.get("said_in") or "")) if unseen else {"said_in": "", **place}


def messages_of(user: str, said_in: str = "") -> Payload:
    """Somebody's direct messages, as a place. `said_in`: the Slack channel from which they are written to."""
    return {
        "channel": user, "thread": "", "ts": "", "alone": False, "root": "", "origin": {"channel": user},
        "said_in": said_in,
    }  # fmt: skip


def _unseen(place: Payload) -> bool:
    """Whether a reply about a concern must be shown to its asker only: where others would read along."""
    return bool(place["alone"]) or not is_direct(place["channel"])


def _message(body: Payload, place: Payload) -> Payload | None:
    """The message whose buttons a press has used up: its place, and its blocks where Slack sends them along."""
    if _unseen(place) or not place["ts"]:
        return None
    return {"ts": place["ts"], "blocks": (body.get("message") or {}).get("blocks")}


def card_of(body: Payload) -> str:
    """The id of the modal with a concern in which something was pressed, "" for none."""
    view = body.get("view") or {}
    return str(view.get("id") or "") if view.get("callback_id") == CARD_ID else ""


def submission(body: Payload) -> tuple[str, Payload] | None:
    """The id of a form that was sent and what is needed to answer it. The message's own id (`id`) is the same however
    often it is sent unchanged; of a new concern, however often it is sent at all."""
    view = body.get("view") or {}
    if view.get("callback_id") != FORM_ID:
        return None
    kept, place, user = {"about": "", **_kept(view)}, place_of(body), body["user"]["id"]
    if not isinstance(kept.get("action"), str):
        return None
    fields, files = values_of(view.get("state") or {})
    sent = f"slack:{view['id']}" + ("" if kept["action"] == "new_concern" else f":{_digest(fields)}")
    again = body.get("trigger_id") or f"{view.get('hash')}:{_digest(fields)}"
    return f"slack:{view['id']}:{again}"[:200], payload(
        user=user, channel=place["channel"], text="", body=body, public=False, reply_in=place["thread"],
        thread=conversation(place["channel"], place["thread"], user), action=kept["action"], about=kept["about"],
        fields=fields, files=files_of(files), origin=place["origin"], message=_message({}, place), id=sent,
        view=view["id"] if kept.get("inside") else "", root=place["root"], said_in=place["said_in"],
    )  # fmt: skip


def _digest(fields: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:32]


def _kept(view: Payload) -> dict[str, Any]:
    """What one of our modals keeps; nothing for App Home."""
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}
