"""Whoever asks for alerts and cannot be reached: what is understood, and where to leave an address."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.subscriptions import saying
from handlers.subscriptions.asked import Asked
from knowledge.subscriptions.understanding.nouns import Preview

_LONGEST_ABOUT = 200


def elsewhere(message: Message, desk: Desk, asked: Asked | None = None, found: Preview | None = None) -> Reply:
    """What a stranger is told: what was understood, and where to leave an address."""
    understood = f"{saying.criteria_words(asked.criteria, asked.every or '')} " if asked else ""
    would = f"{saying.preview_words(found)} " if found else ""
    about = asked.sentence[:_LONGEST_ABOUT] if asked else ""
    leave = Choice(label="Leave an e-mail address", action="alerts_page", about=about, style="primary")
    return Reply(
        outcome=Outcome.SUBSCRIPTION,
        text=f"{understood}{would}{_where_to_leave_it(message, desk, about)}",
        table=saying.preview_table(found, desk.day) if found else None,
        choices=(leave,) if message.surface == "web" else (),
        notes=asked.notes if asked else (),
    )


def _where_to_leave_it(message: Message, desk: Desk, sentence: str) -> str:
    if message.surface == "web":
        return "Leave an e-mail address, and it starts once you have pressed the link that is sent there."
    if desk.address:
        return f"Leave an e-mail address at {desk.address}/alerts: it starts once you have pressed the link sent there."
    quoted = sentence.replace('"', "'") or "home care in Thanet"
    return f'I do not know where to reach you. At this terminal: desk subscribe --email ADDRESS "{quoted}"'
