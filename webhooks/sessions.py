"""The session: a signed cookie that holds an address, how and when its owner signed in, and which conversation is
theirs. What they may do is not in it: that is asked of the people list at every request."""

from __future__ import annotations

from datetime import timedelta

from flask import g, session

from knowledge.conversations import forget
from webhooks.safety import current_wiring

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
_SEEN_EVERY = 300
"""Seconds between two notes in the cookie that it is in use."""


def enter(address: str, way: str) -> str:
    """Signs an address in, in a session made new. `way`: link or slack. Returns the path that was wanted before."""
    onward, now = own_path(session.get("next")), _now()
    leave()
    session.update(address=address, way=way, since=now, seen=now)
    return onward


def leave() -> None:
    """Ends the session, and deletes the conversation held in it."""
    forget_conversation()
    session.clear()
    g.pop("visitor", None)


def signed_address() -> str:
    """The address this session is signed in with; "" for none, and where it is idle or old."""
    now, since, seen = _now(), session.get("since", 0), session.get("seen", 0)
    if now - since >= LONGEST.total_seconds() or now - seen >= IDLE.total_seconds():
        return ""
    if now - seen >= _SEEN_EVERY:
        session["seen"] = now
    return str(session.get("address", ""))


def want(path: str | None) -> None:
    """Notes where to go on to after signing in."""
    session["next"] = own_path(path)


def own_path(text: object) -> str:
    """A path of this desk to go on to; the start where the text leads elsewhere. A browser drops line ends in an
    address and takes a backslash for a slash, so neither may stand in it."""
    if not isinstance(text, str) or len(text) > 500 or not text.startswith("/"):
        return "/"
    strange = "\\" in text or any(ord(one) <= 32 or ord(one) == 127 for one in text)
    return "/" if strange or text.startswith(("//", "/sign-in", "/sign-out")) else text


def forget_conversation() -> None:
    """Deletes what was said in this session."""
    session.pop("asker", None)
    if thread := session.pop("thread", None):
        with current_wiring().store.writing() as connection:
            forget(connection, thread)


def _now() -> int:
    return int(current_wiring().desk.now().timestamp())
