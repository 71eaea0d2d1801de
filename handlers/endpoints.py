"""Webhooks, for whoever owns them: an endpoint is added, tested, given another secret, told of something, ended."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Any, NamedTuple

from handlers.desk import Desk
from knowledge.audit import Deed, account
from knowledge.parties import normal
from knowledge.subscriptions import endpoints, record
from knowledge.subscriptions.endpoint import WEBHOOK, Endpoint, EndpointState, by_number, made_since
from knowledge.subscriptions.endpoint import of_somebody as endpoints_of
from knowledge.subscriptions.hooks import BadUrl, hook_url
from knowledge.subscriptions.nouns import Criteria, State

MOST = 5
"""Endpoints that somebody may have."""
MOST_A_DAY = 10
"""Endpoints that somebody may make in a day."""
TOO_SOON = "It was tested a moment ago: wait 20 seconds between two tests."
ENDED = "It has ended: add the address anew."
BUSY = "Others are being tested: try again in a few seconds."
_TESTS = BoundedSemaphore(3)
"""Tests that one process makes at a time: each keeps a thread of it waiting, up to 20 seconds."""


class Tried(NamedTuple):
    """How a test went. `problem`: a sentence for its owner, "" where it was answered."""

    endpoint: Endpoint | None
    problem: str


def add(desk: Desk, owner: str, url: str) -> Endpoint:
    """A new endpoint of somebody's, to be tested before it is used. Its secret is to be shown now and never again.
    Raises BadUrl."""
    url = hook_url(url, loopback=desk.loopback_hooks)
    with desk.store.writing() as connection:
        now = desk.now()
        held = endpoints_of(connection, [owner], now)
        if any(one.url == url for one in held):
            raise BadUrl("You have added this address before.")
        if len(held) >= MOST:
            raise BadUrl(f"There are {MOST} addresses already: end one that you no longer use.")
        if made_since(connection, owner, now - timedelta(days=1)) >= MOST_A_DAY:
            raise BadUrl("These are many addresses for one day: try again tomorrow.")
        made = endpoints.make(connection, now, owner=owner, url=url)
        account(connection, Deed.CHANGED, "endpoint", made.id, now, by=owner, counts={"made": 1})
        return made


def owned(desk: Desk, owner: str) -> list[Endpoint]:
    """Somebody's endpoints, the oldest first, without what has ended."""
    with desk.store.reading() as connection:
        return endpoints_of(connection, [owner], desk.now())


def owned_one(desk: Desk, id: int, owner: str) -> Endpoint | None:
    """An endpoint, where it is this owner's."""
    return next((one for one in owned(desk, owner) if one.id == id), None)


def try_out(desk: Desk, id: int) -> Tried:
    """Sends the test event, and waits for the answer: 20 seconds at most. An endpoint that answers is live."""
    if not _TESTS.acquire(blocking=False):
        return Tried(None, BUSY)
    try:
        return _tried(desk, id)
    finally:
        _TESTS.release()


def _tried(desk: Desk, id: int) -> Tried:
    with desk.store.writing() as connection:
        may = endpoints.begin_test(connection, id, desk.now())
        found = by_number(connection, id, desk.now())
    if found is None or found.state is EndpointState.ENDED:
        return Tried(found, ENDED)
    if not may:
        return Tried(found, TOO_SOON)
    problem = desk.knock(found, f"test_{secrets.token_hex(12)}", test_event(found, desk.now()))
    with desk.store.writing() as connection:
        if problem:
            endpoints.failing(connection, id, problem, desk.now())
        else:
            endpoints.passed(connection, id)
        return Tried(by_number(connection, id, desk.now()), f"It did not pass: {problem}." if problem else "")


def test_event(endpoint: Endpoint, now: datetime) -> dict[str, Any]:
    """What a test sends."""
    said = "Answer this with a status from 200 to 299, and intentions are sent here too."
    return {"type": "webhook.test", "timestamp": now.isoformat(), "data": {"endpoint": endpoint.id, "message": said}}


def rotate(desk: Desk, id: int, seen: str = "", *, by: str = "") -> str | None:
    """A new secret, to be shown once; the old one counts beside it for 24 hours. None where it has ended. `seen`: the
    mark of the secret that the press was about: pressed twice, it gives the same one twice, for a third secret would
    put the first out of use at once."""
    with desk.store.writing() as connection:
        found = by_number(connection, id, desk.now())
        if found and seen and seen in [mark_of(one) for one in found.secrets[1:]]:
            return found.secrets[0]
        secret = endpoints.rotate(connection, id, desk.now())
        if found and secret:
            account(connection, Deed.CHANGED, "endpoint", id, desk.now(), by=by, counts={"secrets": 1})
        return secret


def mark_of(secret: str) -> str:
    """What tells a secret from others, and tells nobody what it is."""
    return hashlib.sha256(secret.encode()).hexdigest()[:12]


def end(desk: Desk, id: int, *, by: str = "") -> list[int] | None:
    """Its owner does not want it any more. Gives the subscriptions that end with it, None where it has ended."""
    with desk.store.writing() as connection:
        ended = endpoints.end(connection, id, "deleted", desk.now())
        if ended is not None:
            account(connection, Deed.CHANGED, "endpoint", id, desk.now(), by=by, counts={"ended": 1})
        return ended


def send_there(desk: Desk, endpoint: Endpoint, id: int) -> int | None:
    """What one of the owner's own subscriptions hears of, the endpoint hears of too. Gives the new one's number; None
    where either is not theirs or not live, or the endpoint hears of it already."""
    with desk.store.reading() as connection:
        found = record.by_number(connection, id)
    if found is None or found.state is not State.ACTIVE or normal(found.owner) != normal(endpoint.owner):
        return None
    return subscribe(desk, endpoint.id, found.sentence, found.criteria, found.every)


def subscribe(desk: Desk, id: int, sentence: str, criteria: Criteria, every: str) -> int | None:
    """Has an endpoint told of something, at once: it has answered its test. Gives the subscription's number; None where
    the endpoint is not live, or is told of it already."""
    with desk.store.writing() as connection:
        to = by_number(connection, id, desk.now())
        if to is None or to.state is not EndpointState.LIVE:
            return None
        theirs = record.of_somebody(connection, [to.owner])
        if any(one.recipient == to.address and one.criteria == criteria for one in theirs):
            return None
        made = record.propose(
            connection, desk.now(), recipient=to.address, owner=to.owner, channel=WEBHOOK, sentence=sentence,
            criteria=criteria, every=every,
        )  # fmt: skip
        record.agree(connection, made, desk.now())
        return made
