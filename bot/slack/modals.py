"""Forms and concerns in modals. Opening one promises nothing, so nothing of it is written down."""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks.buttons import press_of
from bot.blocks.modals import card_modal, form_modal, passage_modal
from bot.blocks.text import Block
from bot.slack.answering import Answering
from bot.slack.client import said
from bot.slack.events import form_asked, without_mention
from bot.slack.payloads import Payload, conversation, home_of, is_stranger, payload, said_in, team_of
from bot.slack.people import People
from bot.slack.presses import card_of, messages_of, place_of
from handlers.messages import Reply
from knowledge import library
from knowledge.models import readable_by
from knowledge.store import Store

_TOO_LATE = "That took too long to open. Press again, please."


class Modals:
    """Opens modals. `client`: one that does not wait, for a modal that comes late does not open."""

    def __init__(self, client: WebClient, answering: Answering, people: People, store: Store, link: str) -> None:
        self._client, self._answering, self._people = client, answering, people
        self._store, self._link = store, link

    def pressed(self, body: Payload) -> None:
        """A button that asks for more first, or opens a concern."""
        press = press_of(body["actions"][0])
        assert press is not None  # noqa: S101 - the listener is told of these only
        inside = card_of(body)
        asked = self._asked(body, place_of(body), action=press.action, about=press.value)
        view = self._view(asked, place_of(body), inside=bool(inside))
        if inside:
            self._client.views_update(view_id=inside, view=view)
        else:
            self._open(body, view)

    def new_concern(self, body: Payload) -> None:
        """The form of a new concern, asked for by a shortcut; one on a message begins with its words."""
        place = messages_of(_sender(body))
        begins = without_mention((body.get("message") or {}).get("text") or "")
        self._open(body, self._view(self._asked(body, place, action="new_concern", text=begins), place))

    def asked(self, body: Payload) -> None:
        """A form asked for by a command."""
        form = form_asked(body)
        assert form is not None  # noqa: S101 - the listener is told of these only
        place = messages_of(_sender(body), said_in(str(body.get("channel_id") or "")))
        self._open(body, self._view(self._asked(body, place, action=form.action, about=form.about), place))

    def passage(self, body: Payload) -> None:
        """The words of a passage, for whoever may read them."""
        document, _, anchor = str(body["actions"][0].get("value", "")).partition("#")
        with self._store.reading() as connection:
            about = library.document(connection, document)
            passage, there = library.find_passage(connection, document, anchor)
        told = {"stranger": is_stranger(body), "home": home_of(body), "team": team_of(body)}
        asker = self._people.person(_sender(body), told)
        if about is None or passage is None or about.access not in readable_by(asker.roles):
            text, locator, title = "This passage is not in the papers you may read.", "Not found", ""
        else:
            gone = "" if there else f"{anchor} is no longer in this paper. The nearest passage is this.\n\n"
            text, locator, title = gone + passage.text, passage.locator, about.title
        self._client.views_open(trigger_id=body["trigger_id"], view=passage_modal(locator, title, text))

    def _asked(self, body: Payload, place: Payload, *, action: str, about: str = "", text: str = "") -> Reply:
        user, id = _sender(body), f"slack:{body.get('trigger_id')}"
        thread = conversation(place["channel"], place["thread"], user)
        return self._answering.reply(
            id, payload(user=user, channel=place["channel"], text=text, body=body, public=False, thread=thread,
                        action=action, about=about, origin=place["origin"], said_in=place.get("said_in", "")),
        )  # fmt: skip

    def _view(self, reply: Reply, place: Payload, *, inside: bool = False) -> Block:
        if reply.form:
            return form_modal(reply.form, place, inside=inside)
        return card_modal(reply, place, self._link)

    def _open(self, body: Payload, view: Block) -> None:
        try:
            self._client.views_open(trigger_id=body["trigger_id"], view=view)
        except SlackApiError as error:
            if said(error) != "expired_trigger_id":
                raise
            self._client.chat_postMessage(channel=_sender(body), text=_TOO_LATE)


def _sender(body: Payload) -> str:
    return str((body.get("user") or {}).get("id") or body.get("user_id") or "")
