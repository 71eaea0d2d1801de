"""What is sent to somebody who did not just ask: a reply with an address on it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from handlers.messages import Reply
from knowledge.models import Noun


class Letter(Noun):
    """A notification, rendered. `id`: the notification's, the same on every try; `address`: what the recipient is known
    by (an e-mail address or a Slack id), `email` and `slack_id` what the people list knows beside it ("" for none);
    `origin`: the thread in which the recipient raised what this is about, to answer there; `replaces`: the message in
    Slack that this one is put in the place of (`channel`, `ts`), empty for a message of its own; `unsubscribe`: the
    subscriptions that brought it ("3,7"), "" for what nobody subscribes to; `event`: it as a webhook's body (type,
    timestamp, data), empty for what no webhook carries; `words`: a checksum of what everybody is told alike."""

    id: str
    kind: str
    address: str
    email: str = ""
    slack_id: str = ""
    name: str = ""
    subject: str
    reply: Reply
    origin: dict[str, str] = Field(default_factory=dict)
    replaces: dict[str, str] = Field(default_factory=dict)
    urgent: bool = False
    unsubscribe: str = ""
    event: dict[str, Any] = Field(default_factory=dict)
    words: str = ""
