"""A desk with something behind every address of it, and browsers of several people with their form's token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import cast
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]
from openapi import Seen

from bot import alert_links, links
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message, Reply
from knowledge import sign_in_links, tokens
from knowledge.models import Role
from knowledge.parties import party_of
from knowledge.people import find_person
from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import Criteria
from webhooks import create_app
from webhooks.safety import limiter

DOREEN, PRIYA, TOM = "doreen.haspell@example.org", "priya.venn@example.org", "tom.arkell@example.org"
RUTH, FARAH, PRUE = "ruth.calloway@example.org", "farah.lindqvist@example.org", "prue@provider.example.org"
PEOPLE = {"nobody": "", "member": DOREEN, "manager": PRIYA, "officer": RUTH, "administrator": FARAH}
"""Who asks, by role."""
CARER = "The carer has not come to an old chap in Gullhaven three mornings running"
SETTINGS = {
    "DESK_NOTICES_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "DESK_NOTIFY_TOKEN": "a token of tests, long enough",
    "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "a signing secret",
}  # fmt: skip


@dataclass
class Surface:
    """An application. `begin`: addresses that no page links to, signed ones among them; `errors`: what went wrong."""

    app: Flask
    wiring: Wiring
    begin: list[str]
    errors: list[Exception]

    def browser(self, who: str) -> FlaskClient:
        """Somebody of PEOPLE at a browser; what they send carries the token of a form."""
        client, now = self.app.test_client(), int(datetime.now(UTC).timestamp())
        with self.app.test_request_context():
            from flask import session as made

            token = generate_csrf()
            raw = made["csrf_token"]
        with client.session_transaction() as session:
            session["csrf_token"] = raw
            if PEOPLE[who]:
                session.update(address=PEOPLE[who], way="link", since=now, seen=now)
        client.environ_base["HTTP_X_CSRFTOKEN"] = token
        return client

    def seen(self) -> Seen:
        """A walk through all its pages by everybody."""
        found = Seen(self.app)
        for who in PEOPLE:
            found.walk(self.browser(who), ["/", "/alerts", *self.begin])
        return found


@contextmanager
def surface_of(home: Path, **more: str) -> Iterator[Surface]:
    """The sample council's desk, with a concern, an alert, a checklist, a posting and their links."""
    wiring = Wiring(cast.settings(home, **{**SETTINGS, **more}))
    errors: list[Exception] = []
    wiring.__dict__["desk"] = replace(wiring.desk, on_error=lambda _, error: errors.append(error), kick=lambda: None)
    app, was = create_app(wiring), limiter.enabled
    limiter.enabled = False
    try:
        yield Surface(app, wiring, _furnished(wiring), errors)
    finally:
        limiter.enabled = was
        wiring.store.close()


def _furnished(wiring: Wiring) -> list[str]:
    reference = _concern(wiring)
    _said(wiring, PRIYA, "ask_provider", reference, to=PRUE, text="Why did nobody come?")
    _said(wiring, RUTH, "open_checklist", "specification")
    posting = {
        "kind": "sub-contract", "provider": "Marl Trust", "title": "Night sitting", "description": "Two nights a week.",
        "closes": "15/03/2027", "contact_email": PRUE, "email": PRUE,
    }  # fmt: skip
    _said(wiring, "", "new_posting", **posting)
    return [f"/concerns/{reference}", "/documents/FW", *_signed(wiring, reference)]


def _concern(wiring: Wiring) -> str:
    fields = {"text": CARER, "contract": "MCC-0002", "at_risk": "no"}
    reply = _said(wiring, DOREEN, "new_concern", **fields)
    if not reply.concern:
        reply = _said(wiring, DOREEN, "raise_new", reply.choices[-1].about)
    assert reply.concern, reply.text
    return reply.concern


def _said(wiring: Wiring, who: str, action: str, about: str = "", **fields: str) -> Reply:
    with wiring.store.reading() as connection:
        person = find_person(connection, email=who) if who else None
    roles = person.roles if person else frozenset({Role.PROVIDER})
    addresses = (who,) if who else ()
    message = Message(text="", action=action, about=about, fields=fields, addresses=addresses, roles=roles)
    return handle(message, wiring.desk)


def _signed(wiring: Wiring, reference: str) -> list[str]:
    """An address with a token of each kind."""
    secret, now = wiring.settings.secret_key.get_secret_value(), wiring.desk.now()
    with wiring.store.writing() as connection:
        prue, priya = party_of(connection, PRUE), party_of(connection, PRIYA)
        alert = record.propose(
            connection, now, recipient=PRUE, owner=PRUE, channel="email", sentence="home care",
            criteria=Criteria(words=("care",)), every="at once",
        )  # fmt: skip
        record.agree(connection, alert, now)
        link = sign_in_links.make(connection, DOREEN, now)
    act = {"party": priya, "action": "acknowledge", "about": reference}
    manage = alert_links.manage_path(secret, prue, now)
    stop = alert_links.unsubscribe_path(secret, alert_links.Stop(prue, (alert,)), now)
    return [
        manage, f"{manage}/{alert}", manage.replace("/manage/", "/webhooks/"), stop,
        stop.replace("unsubscribe", "again"),
        alert_links.confirm_path(secret, "made-up", now), links.own_posting(secret, "P-1", now),
        f"/do/{tokens.sign(secret, links.ACT, act, now)}",
        f"/answer/{tokens.sign(secret, links.ANSWER, {'request': 1}, now)}",
        sign_in_links.path_of(secret, link, now),
    ]  # fmt: skip
