"""From what was written down to a reply: who asks, with which files, and what of the reply a message may hold."""

from __future__ import annotations

import re
from contextlib import nullcontext
from threading import BoundedSemaphore

from bot.slack.files import Files
from bot.slack.looking import Looking
from bot.slack.payloads import Payload, said_in
from bot.slack.people import People, addresses_of
from handlers.concerns.commands import unfinished
from handlers.desk import Desk
from handlers.dispatch import handle
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.slack_channels import SETTERS
from knowledge.concerns.nouns import number_of
from knowledge.models import Role

SURFACE = "slack"
_AT_ONCE = 2
"""Replies that are made at the same time. They compute, so more of them are made no sooner, and what must be written
down and acknowledged meanwhile would wait for its turn behind each of them at every step."""
_COMMANDS = (
    "`/desk raise` opens a form for a constituent's trouble, `/desk concerns` lists your concerns, and “where is "
    "C-0012?” shows one."
)
_ALERTS = "`/desk alerts` shows your alerts as well, and `/desk new alert` opens a form for one."
_CHANNELS = "What I answer in a Slack channel you say there: `/desk channel off`, `documents` or `all`."
_TRIAL = "The carer never came to an old man on Tuesday morning"
"""Said in the open, where nothing is raised or kept."""
_ONLY_A_FILE = "I have your file, and not a word with it. Send it again with a sentence on what has happened."


class Answering:
    """Makes replies."""

    def __init__(self, desk: Desk, people: People, files: Files, looking: Looking) -> None:
        self._desk, self._people = desk, people
        self._files, self._looking = files, looking
        self._at_once = BoundedSemaphore(_AT_ONCE)

    def make_ready(self) -> None:
        """Reads in what replies are made from, so that the first message does not wait for it."""
        with self._at_once:
            handle(
                Message(text=_TRIAL, surface=SURFACE, roles=frozenset({Role.MEMBER}), public=True, trial=True),
                self._desk,
            )

    def reply(self, id: str, payload: Payload) -> Reply:
        """The reply to what was written down under an id."""
        message = self.message(id, payload)
        if payload.get("files") and not re.search(r"\w", message.text) and not message.action:
            return Reply(outcome=Outcome.CLARIFY, text=_ONLY_A_FILE)
        message, wrong = self._with_files(message, payload)
        with nullcontext() if message.files else self._at_once:
            reply = handle(message, self._desk)
        if reply.outcome is Outcome.HELP and not message.public:
            told = (_COMMANDS, _ALERTS) if message.addresses else (_ALERTS,)
            reply = _with_notes(reply, (*told, _CHANNELS) if message.roles & SETTERS else told)
        return _with_notes(self._with_what_applies(reply, message), wrong)

    def errors(self, id: str, payload: Payload) -> Reply | None:
        """What is wrong with a form that was sent with files, before these are fetched; None where nothing is."""
        message = self.message(id, payload)
        return unfinished(message, self._desk) if message.action == "new_concern" else None

    def message(self, id: str, payload: Payload) -> Message:
        """The message, without its files."""
        person = self._people.person(payload["user"], payload)
        here = "" if self._people.is_stranger(payload) else str(payload.get("said_in") or "")
        return Message(
            text=payload["text"], id=payload.get("id") or id, surface=SURFACE, thread=payload["thread"],
            below=payload.get("below") or "", roles=person.roles,
            division=person.division, public=payload["public"], name=person.name,
            addresses=addresses_of(person, payload["user"]), proved=payload["user"],
            said_in=here, action=payload.get("action") or "",
            about=payload.get("about") or "", fields=payload.get("fields") or {}, origin=payload.get("origin") or {},
            slack_channel=said_in(payload["channel"]),
            viewing="" if payload["public"] else self._looking.of(payload["user"]),
        )  # fmt: skip

    def _with_files(self, message: Message, payload: Payload) -> tuple[Message, tuple[str, ...]]:
        """The message with its files, fetched for people on the list who may raise a concern there; and what is said of
        those that could not be had."""
        if not payload.get("files") or message.public or not message.roles - {Role.PROVIDER}:
            return message, ()
        files, wrong = self._files.fetched(payload["files"])
        return message.model_copy(update={"files": files}), wrong

    def _with_what_applies(self, reply: Reply, message: Message) -> Reply:
        """A press that is refused leaves the buttons that its presser has now."""
        about_one = "|" not in message.about and number_of(message.about) is not None
        if reply.outcome is not Outcome.REFUSED or not message.action or message.action == "open" or not about_one:
            return reply
        seen = handle(message.model_copy(update={"action": "open", "fields": {}}), self._desk)
        return reply if seen.outcome is Outcome.REFUSED else reply.model_copy(update={"choices": seen.choices})


def _with_notes(reply: Reply, notes: tuple[str, ...]) -> Reply:
    return reply.model_copy(update={"notes": (*reply.notes, *notes)}) if notes else reply


def as_message(reply: Reply) -> Reply:
    """What of a reply a message may hold: a concern's state and dates, never what was written in it, which opens in a
    modal; of a form, the button that opens it."""
    if form := reply.form:
        opens = Choice(label=form.title, action=form.action, about=form.about, opens_form=True, style="primary")
        text = reply.text or "There is a form for it."
        return reply.model_copy(update={"text": text, "choices": (opens,), "form": None})
    if not (reply.concern and reply.table):
        return reply
    opens = Choice(label="Open", action="open", about=reply.concern, opens_form=True)
    choices = (*reply.choices[:1], opens, *reply.choices[1:])
    return reply.model_copy(update={"written": (), "papers": (), "choices": choices})
