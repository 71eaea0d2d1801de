"""Pages behind signed links, for people outside Slack: a button for one thing. Looking changes nothing, for mail
scanners follow links; pressing does it."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

from flask import Blueprint, current_app, render_template

from bot.links import Act, act_in
from handlers.concerns import saying
from handlers.concerns.case import open_case, sender
from handlers.concerns.moving import MOVERS
from handlers.concerns.showing import choices
from handlers.dispatch import handle
from handlers.messages import Choice, Message, Outcome
from knowledge.concerns.nouns import number_of
from knowledge.models import Person
from knowledge.parties import address_of
from webhooks.presses import fields
from webhooks.safety import current_wiring, limiter, public

blueprint = Blueprint("links", __name__)

Page = tuple[str, int]

TRIES = "30/minute"
_OLD = "It is older than 30 days, or the mail program cut it short. Everything it was for can be done once you sign in."
_NOT_YOURS = "What it was for is with somebody else now, or its owner is not on the council’s list any more."
_DONE = "Nothing is left to do here: {reference} is {state}."


class Offer(NamedTuple):
    """What a link offers now. `choice`: the button, None where it cannot be done as the concern stands."""

    act: Act
    person: Person
    addresses: tuple[str, ...]
    reference: str
    service: str
    state: str
    choice: Choice | None


@blueprint.get("/do/<token>")
@public
def page(token: str) -> Page:
    """What the link does, and one button. Changes nothing."""
    offer = _offer(token)
    if not isinstance(offer, Offer):
        return offer
    return _page(offer, told="" if offer.choice else _DONE.format(reference=offer.reference, state=offer.state))


@blueprint.post("/do/<token>")
@limiter.limit(TRIES)
@public
def press(token: str) -> Page:
    """Does it, in the name of whoever the link was made for and with the rights they have now. What was written in the
    concern is not shown: it opens behind sign-in."""
    offer = _offer(token)
    if not isinstance(offer, Offer):
        return offer
    reply = handle(_message(offer, token), current_wiring().desk)
    if reply.form:
        return _page(offer, form=reply.form, status=422 if reply.form.errors else 200)
    status = {Outcome.ERROR: 500, Outcome.REFUSED: 409}.get(reply.outcome, 200)
    return _page(offer, told=reply.text, notes=reply.notes, done=status == 200, status=status)


def _page(offer: Offer, *, status: int = 200, **more: Any) -> Page:
    name = offer.person.name or offer.addresses[0]
    return render_template("link.html", offer=offer, name=name, wrong=status >= 400, **more), status


def _offer(token: str) -> Offer | Page:
    """What a link offers, or the page that says why it offers nothing."""
    desk = current_wiring().desk
    act = act_in(str(current_app.config["SECRET_KEY"]), token, desk.now())
    if act is None or act.action not in MOVERS:
        return spent(_OLD)
    with desk.store.reading() as connection:
        address = address_of(connection, act.party)
        person = sender(connection, Message(text="", addresses=(address,)))
        case = open_case(connection, desk, number_of(act.about) or 0)
        mine = case.relations(person) if case else frozenset()
        if case is None or not mine:
            return spent(_NOT_YOURS)
        offered = {one.action: one for one in choices(case, mine)}
        known_by = tuple(one for one in (person.email, person.slack_id) if one)
        return Offer(
            act, person, known_by, case.concern.reference, saying.in_passing(saying.service(case.concern)),
            saying.state(case.concern), offered.get(act.action),
        )  # fmt: skip


def _message(offer: Offer, token: str) -> Message:
    """The press as a message: the same link pressed with the same words is the same message."""
    given = fields()
    told = json.dumps([token, sorted(given.items())])
    return Message(
        text="", id=f"link:{hashlib.sha256(told.encode()).hexdigest()[:40]}", surface="link",
        roles=offer.person.roles, addresses=offer.addresses, name=offer.person.name, action=offer.act.action,
        about=offer.reference, fields=given,
    )  # fmt: skip


def spent(text: str) -> Page:
    """The page of a link that does not work."""
    title = "This link does not work any more"
    return render_template("error.html", title=title, text=text, again=True, onward="/concerns"), 410
