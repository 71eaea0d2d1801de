"""Webhooks of somebody's own, by the signed link to their alerts: an address is added, tested, given another secret,
ended, and alerts are sent there. Looking changes nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, render_template

from handlers import endpoints as journey
from handlers.dispatch import cleaned
from handlers.messages import Message
from knowledge.parties import address_of
from knowledge.subscriptions import record
from knowledge.subscriptions.endpoint import WEBHOOK, Endpoint, EndpointState
from knowledge.subscriptions.hooks import BadUrl
from knowledge.subscriptions.nouns import State, Subscription
from knowledge.subscriptions.stopping import is_known
from knowledge.subscriptions.understanding.telling import one_line
from webhooks.alerts_manage import Page, party_in, spent
from webhooks.alerts_showing import masked
from webhooks.presses import fields
from webhooks.safety import current_wiring, limiter, public

blueprint = Blueprint("alert_endpoints", __name__)

_LONGEST_ID = 9
_NOT_YOURS = "That address has ended, or is not yours."


class Alert(NamedTuple):
    """An alert in a list: what people call it, and what it is about."""

    id: int
    reference: str
    about: str


class Line(NamedTuple):
    """An endpoint on the page. `heard`: what is sent there; `more`: what its owner has besides, and might have sent
    there; `mark`: that of its secret."""

    endpoint: Endpoint
    live: bool
    heard: list[Alert]
    more: list[Alert]
    mark: str


class Told(NamedTuple):
    """What became of a press. `secret`: shown this once; `wrong`: it was not done."""

    text: str = ""
    secret: str = ""
    wrong: bool = False


@blueprint.get("/alerts/webhooks/<token>")
@limiter.limit("600/minute")
@public
def page(token: str) -> Page:
    """Where this owner's webhooks go, and a form to add an address."""
    owner = _owner(token)
    return _page(token, owner, Told()) if owner else spent()


@blueprint.post("/alerts/webhooks/<token>")
@limiter.limit("20/minute")
@public
def press(token: str) -> Page:
    """Adds an address, or does something to one: test, rotate, end, send_there (with a subscription)."""
    owner = _owner(token)
    if not owner:
        return spent()
    given = cleaned(Message(text="", fields=fields())).fields
    told = _add(owner, given.get("url", "")) if given.get("do") == "add" else _do(owner, given)
    url = given.get("url", "") if told.wrong and given.get("do") == "add" else ""
    return _page(token, owner, told, url), 422 if told.wrong else 200


def _owner(token: str) -> str:
    """Whose link it is, "" for nobody's any more."""
    party = party_in(token)
    if party is None:
        return ""
    with current_wiring().store.reading() as connection:
        return address_of(connection, party) if is_known(connection, party) else ""


def _add(owner: str, url: str) -> Told:
    try:
        made = journey.add(current_wiring().desk, owner, url)
    except BadUrl as error:
        return Told(str(error), wrong=True)
    text = "The address is added. Put this secret into your program, then press Test."
    return Told(text, made.secrets[0])


def _do(owner: str, given: dict[str, str]) -> Told:
    desk = current_wiring().desk
    found = journey.owned_one(desk, _number(given.get("id", "")), owner)
    if found is None:
        return Told(_NOT_YOURS, wrong=True)
    if given.get("do") == "test":
        problem = journey.try_out(desk, found.id).problem
        return Told(problem or "It has answered: it is live.", wrong=bool(problem))
    if given.get("do") == "rotate":
        secret = journey.rotate(desk, found.id, given.get("mark", ""), by=owner)
        return Told("This is the new secret. The old one counts for 24 hours more.", secret or "")
    if given.get("do") == "end":
        journey.end(desk, found.id, by=owner)
        return Told("Nothing is sent there any more.")
    if given.get("do") == "send_there" and journey.send_there(desk, found, _number(given.get("alert", ""))):
        return Told("That is sent there too, from now on.")
    return Told("That could not be done: look at what stands here now.", wrong=True)


def _page(token: str, owner: str, told: Told, url: str = "") -> str:
    desk = current_wiring().desk
    with desk.store.reading() as connection:
        theirs = [one for one in record.of_somebody(connection, [owner]) if one.state is State.ACTIVE]
    lines = [_line(one, theirs) for one in journey.owned(desk, owner)]
    return render_template(
        "alert_endpoints.html", token=token, address=masked(owner), lines=lines, told=told, url=url,
        full=len(lines) >= journey.MOST,
    )  # fmt: skip


def _line(endpoint: Endpoint, theirs: list[Subscription]) -> Line:
    heard = [one for one in theirs if one.recipient == endpoint.address]
    known = [one.criteria for one in heard]
    more = [one for one in theirs if one.channel != WEBHOOK and one.criteria not in known]
    live = endpoint.state is EndpointState.LIVE
    return Line(endpoint, live, _alerts(heard), _alerts(more) if live else [], journey.mark_of(endpoint.secrets[0]))


def _alerts(some: list[Subscription]) -> list[Alert]:
    return [Alert(one.id, one.reference, one_line(one.criteria)) for one in some]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID else 0


@blueprint.app_template_global()
def when(moment: Any) -> str:
    """A moment, for people."""
    from handlers.concerns import saying

    return saying.when(moment)
