"""What is sent to somebody who did not just ask: a reply with an address on it."""

from __future__ import annotations

from pydantic import Field

from handlers.messages import Reply
from knowledge.models import Noun


class Letter(Noun):
    """A notification, rendered. `id`: the notification's, the same on every try; `address`: what the recipient is
    known by (an e-mail address or a Slack id), `email` and `slack_id` what the people list knows beside it ("" for
    none); `origin`: the thread in which the recipient raised what this is about, to answer there."""

    id: str
    kind: str
    address: str
    email: str = ""
    slack_id: str = ""
    name: str = ""
    subject: str
    reply: Reply
    origin: dict[str, str] = Field(default_factory=dict)
    urgent: bool = False
