"""Messages on the screen: what people were sent, on a desk that has neither Slack nor a mail server. In the
demonstration the provider reads here too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, abort, g, render_template, session

from bot.alert_links import ACTIONS
from bot.links import path_for
from handlers.concerns import saying
from handlers.letters import Letter
from handlers.messages import Choice
from handlers.telling import compose
from knowledge.concerns.nouns import reference_of
from knowledge.models import Role
from knowledge.outbox.shown import SCREEN, For, Shown, count_since, shown
from knowledge.subscriptions.forgetting import ALERTS
from webhooks.demonstration import played_role
from webhooks.safety import current_wiring, public, signed_in
from webhooks.visitors import visitor

blueprint = Blueprint("inbox", __name__)

_MOST = 50
_LEADS = ("open", "provider_answers", "sign_in", *ACTIONS)
_TO_PROVIDERS = For(kinds=("provider_asked", "provider_chased", *ALERTS))


class Item(NamedTuple):
    """A message on the page. `letter`: None where there is nothing left to say; `when`: in words; `early`: it has not
    left yet; `links`: where some of the buttons lead, by action."""

    letter: Letter | None
    reference: str
    when: str
    early: bool
    choices: tuple[Choice, ...] = ()
    links: Mapping[str, str] = {}


@blueprint.get("/messages")
@signed_in
def page() -> str:
    """What this visitor was sent."""
    return _page(For(addresses=visitor().addresses))


@blueprint.get("/messages/to-providers")
@public
def of_providers() -> str:
    """What providers were sent: in the demonstration only, for whoever plays one."""
    if not _plays_provider():
        abort(404)
    return _page(_TO_PROVIDERS)


@blueprint.app_template_global()
def unread() -> dict[str, Any] | None:
    """Where this visitor's messages are, and how many came since they last looked; None where they have none."""
    whose = _whose()
    if whose is None or g.get("failed"):
        return None
    with current_wiring().store.reading() as connection:
        count = count_since(connection, whose, _until(), _looked(whose))
    return {"page": "inbox.of_providers" if whose.kinds else "inbox.page", "count": count}


def _whose() -> For | None:
    who = visitor()
    if who.known and SCREEN in current_wiring().desk.channels:
        return For(addresses=who.addresses)
    return _TO_PROVIDERS if _plays_provider() else None


def _plays_provider() -> bool:
    played = played_role() is Role.PROVIDER and not visitor().known
    return current_wiring().settings.demo and played


def _until() -> datetime | None:
    """In the demonstration nobody waits for Monday: what leaves then is shown now, and said to be early."""
    return None if current_wiring().settings.demo else current_wiring().desk.now()


def _page(whose: For) -> str:
    wiring, now = current_wiring(), current_wiring().desk.now()
    with wiring.store.reading() as connection:
        found = shown(connection, whose, _until(), _MOST)
    items = _without_repeats([item for one in found if (item := _item(one, now))])
    session["looked"] = {**session.get("looked", {}), _key(whose): now.isoformat()}
    return render_template("messages.html", items=items, to_providers=bool(whose.kinds))


def _item(one: Shown, now: datetime) -> Item | None:
    """None where a worker will find nothing left to say, so that it never leaves."""
    letter = compose(one.owed, current_wiring().desk)
    if letter is None and not one.sent:
        return None
    reference = reference_of(one.owed.concern) if one.owed.concern is not None else ""
    when, early = saying.when(one.at), one.at > now
    if letter is None:
        return Item(None, reference, when, early)
    return Item(letter, reference, when, early, letter.reply.choices, _links(letter))


def _links(letter: Letter) -> dict[str, str]:
    """Where buttons lead that are no press on a concern; those are made where the reader has signed in."""
    wiring, choices = current_wiring(), letter.reply.choices
    return {one.action: path_for(one, letter, wiring) for one in choices if one.action in _LEADS}


def _without_repeats(items: list[Item]) -> list[Item]:
    """Messages are written anew when they are read, so two may have come to say the same; and only the newest about a
    concern offers more than to open it."""
    found: list[Item] = []
    said: set[tuple[str, ...]] = set()
    newest: set[str] = set()
    for item in items:
        words = (item.letter.subject, item.letter.reply.text) if item.letter else (item.reference, item.when)
        about = tuple(one.about for one in item.choices)
        if (*words, *about) in said:
            continue
        older = item.reference in newest
        offered = tuple(one for one in item.choices if one.action in _LEADS) if older else item.choices
        found.append(item._replace(choices=offered))
        said.add((*words, *about))
        newest |= {item.reference} if item.letter else set()
    return found


def _key(whose: For) -> str:
    return whose.addresses[0] if whose.addresses else "providers"


def _looked(whose: For) -> datetime | None:
    found = session.get("looked", {}).get(_key(whose))
    return datetime.fromisoformat(found) if found else None
