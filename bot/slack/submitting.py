"""A form that was sent: handled while Slack waits, so that what is wrong with it is said in its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from concurrent.futures import TimeoutError as Late

from bot.blocks.modals import card_modal, form_modal
from bot.blocks.text import Block, cut
from bot.slack.answering import Answering
from bot.slack.payloads import Payload
from bot.slack.posting import mark_of
from bot.slack.presses import place_of
from handlers.messages import Outcome, Reply
from knowledge.incoming import settle
from knowledge.store import Store

_SLACK_WAITS = 2.4
"""Seconds, of the three after which Slack tells its user that the app does not answer."""
_SLOW = "The desk is slow just now and may have it already. Wait a moment, then send it again: nothing is done twice."
_LONGEST_ERROR = 300

Sent = Callable[[str, Payload, Reply | None], None]
"""Has the rest done behind Slack's back: a reply is posted and settled; with none yet, the message is handled first."""


class Submitting:
    """Takes in forms. `later`: see Sent."""

    def __init__(self, pool: Executor, store: Store, answering: Answering, link: str, later: Sent) -> None:
        self._pool, self._store, self._answering = pool, store, answering
        self._link, self._later = link, later

    def answer(self, id: str, payload: Payload, body: Payload) -> Payload:
        """What Slack is answered: {} closes the form. Whatever takes longer than Slack waits goes on, and sending the
        form again does nothing twice."""
        try:
            return self._pool.submit(self._taken, id, payload, body).result(timeout=_SLACK_WAITS)
        except Late:
            return _errors(body, {"": _SLOW})

    def _taken(self, id: str, payload: Payload, body: Payload) -> Payload:
        reply = self._answering.errors(id, payload) if payload.get("files") else self._answering.reply(id, payload)
        if reply is None:  # the files are fetched behind Slack's back: that takes longer than it waits
            self._later(id, payload, None)
            return {}
        if reply.form or reply.outcome is Outcome.ERROR:
            settle(self._store, id)
            return self._again(reply, payload, body)
        inside = bool(payload.get("view"))
        self._later(id, {**payload, "shown": inside}, reply)
        return _update(card_modal(reply, place_of(body), self._link, mark_of(id))) if inside else {}

    def _again(self, reply: Reply, payload: Payload, body: Payload) -> Payload:
        """What is wrong, said in the form that was sent; another form in its place where that is asked for now."""
        if reply.form is None:
            return _errors(body, {"": reply.text})
        if reply.form.errors:
            return _errors(body, reply.form.errors)
        return _update(form_modal(reply.form, place_of(body), inside=bool(payload.get("view"))))


def _update(view: Block) -> Payload:
    return {"response_action": "update", "view": view}


def _errors(body: Payload, errors: Mapping[str, str]) -> Payload:
    """Errors by field; those of no field that is there, at the first."""
    names = [block["block_id"] for block in body["view"].get("blocks") or () if block.get("type") == "input"]
    names = names or list((body["view"].get("state") or {}).get("values") or {})
    found: dict[str, str] = {}
    for name, error in errors.items():
        place = name if name in names else names[0]
        found[place] = cut(f"{found[place]} {error}" if place in found else error, _LONGEST_ERROR)
    return {"response_action": "errors", "errors": found}
