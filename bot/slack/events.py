"""What Slack sends that is written down: an event's id, who asks what, where the reply goes."""

from __future__ import annotations

import re

from bot.slack.files import files_of
from bot.slack.payloads import Payload, conversation, payload, said_in
from bot.slack.presses import messages_of, press, submission
from handlers.intentions.words import Wanted, wanted
from handlers.postings.words import wanted as posting_wanted
from handlers.reviews.words import Asks
from handlers.reviews.words import wanted as review_wanted
from handlers.subscriptions.typed import CHANGE, NEW

_RAISE = re.compile(r"^\W*(raise|report|new)(\W+(a|an|the))?(\W+new)?(\W+concern)?\W*$", re.IGNORECASE)
_CONCERN = re.compile(r"C-?\d{1,9}", re.IGNORECASE)
_REFERENCE = re.compile(r"\S*\d\S*")
_CHECKLIST = re.compile(r"^\W*(?:my )?checklists?\b", re.IGNORECASE)


def event_of(body: Payload) -> tuple[str, Payload] | None:
    """The id of what Slack sent and what is needed to answer it; None for what the desk does not answer, or answers by
    opening a modal: nothing is promised by that."""
    if "event" in body:
        return _message_event(body)
    if "command" in body:
        return None if form_asked(body) else _command(body)
    if body.get("type") == "block_actions":
        return press(body)
    if body.get("type") == "view_submission":
        return submission(body)
    return None


def form_asked(body: Payload) -> Wanted | None:
    """The form a command asks for: of a concern, of an alert, of what a provider offers, of a contract's review, or of
    the timeline."""
    text = without_mention(body.get("text") or "")
    if _RAISE.match(text):
        return Wanted("new_concern")
    if NEW.match(text):
        return Wanted("new_alert")
    if change := CHANGE.match(text):
        return Wanted("change_alert", change["reference"])
    if (posting := posting_wanted(text)) and posting.action != "waiting_postings":
        return Wanted(*posting)
    if (review := review_wanted(text)) and review.asks is Asks.RECORD and _REFERENCE.fullmatch(review.what):
        return Wanted("record_review", review.what)
    asked = wanted(text)
    if asked is None or _CONCERN.fullmatch(asked.about):  # a concern is withdrawn without a form
        return None
    return asked if not asked.about or re.search(r"\d", asked.about) else None


def _command(body: Payload) -> tuple[str, Payload]:
    user, channel = body["user_id"], body["channel_id"]
    text = without_mention(body.get("text") or "")
    if _CHECKLIST.match(text):  # a message that only its asker sees cannot change later
        place = messages_of(user, said_in(channel))
        return f"slack:{body.get('trigger_id')}", payload(
            user=user, channel=user, text=text, body=body, public=False, thread=conversation(user, "", user),
            origin=place["origin"], said_in=place["said_in"],
        )  # fmt: skip
    return f"slack:{body.get('trigger_id')}", payload(
        user=user, channel=channel, text=text or "help", body=body, public=False,
        thread=conversation(channel, "", user), only_to_asker=True, origin={"channel": user}, said_in=said_in(channel),
    )  # fmt: skip


def _message_event(body: Payload) -> tuple[str, Payload] | None:
    event = body["event"]
    direct = event.get("type") == "message" and event.get("channel_type") == "im"
    if not _from_somebody(body) or not (direct or event.get("type") == "app_mention"):
        return None
    user, channel = event["user"], event["channel"]
    root = event.get("thread_ts") or ("" if direct else event["ts"])
    told: Payload = {"files": files_of(event.get("files") or ())} if event.get("files") else {}
    if not direct and not event.get("thread_ts"):
        told["begins"] = True  # a thread in which nobody has answered yet
    if direct:  # the thread under what was written: whoever began a thread is told of what comes into it
        told["origin"] = {"channel": channel, "thread_ts": root or event["ts"]}
        told["root"] = root or event["ts"]
        told["below"] = "" if root else conversation(channel, event["ts"], user)
    return f"slack:{body.get('event_id') or event['ts']}", payload(
        user=user, channel=channel, text=without_mention(event.get("text") or ""), body=body, public=not direct,
        thread=conversation(channel, root, user), reply_in=root, **told,
    )  # fmt: skip


def _from_somebody(body: Payload) -> bool:
    """Whether an event is a message that somebody wrote, and neither a bot nor ourselves."""
    event = body["event"]
    us = {one.get("user_id") for one in body.get("authorizations") or () if one.get("is_bot")}
    if event.get("bot_id") or not event.get("user") or event["user"] in us:
        return False
    return event.get("subtype") in (None, "file_share")


def without_mention(text: str) -> str:
    """What was said, less every mention of people and groups, and with Slack's escapes undone."""
    bare = re.sub(r"[\s,:]*<[@!][^>]*>[\s,:]*", " ", text)
    bare = re.sub(r"<#\w+\|([^>]*)>", r"\1", bare)
    bare = re.sub(r"<(?:https?://|mailto:)[^|>]*\|([^>]*)>", r"\1", bare)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
