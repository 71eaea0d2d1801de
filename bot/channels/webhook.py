"""Webhooks: an event as JSON to an endpoint of the recipient's, signed by the Standard Webhooks scheme."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook

from bot.channels import Again, Never
from bot.outgoing import Answer, Outgoing, Unsent
from bot.retry_after import asked_to_wait
from handlers.letters import Letter
from knowledge.store import Store
from knowledge.subscriptions import endpoints
from knowledge.subscriptions.endpoint import Endpoint, EndpointState, by_number, number_of

LONGEST_WAIT = timedelta(hours=24)
"""What a server may ask for at the most."""
_BUSY = frozenset({429, 502, 503, 504})


def utc() -> datetime:
    """The moment, in UTC: `standardwebhooks` takes any other zone's hours for UTC's."""
    return datetime.now(UTC)


class WebhookChannel:
    """Sends to endpoints. What becomes of one that fails is noted with it; what is done about it, others decide."""

    def __init__(self, store: Callable[[], Store], http: Outgoing, now: Callable[[], datetime] = utc) -> None:
        self._store, self._http, self._now = store, http, now

    def send(self, letter: Letter, again: bool) -> dict[str, Any]:
        """Sends the letter's event. A repeat carries the same webhook-id, by which the receiver knows it."""
        endpoint = self._endpoint(letter.address)
        if not letter.event:
            raise Never("no webhook carries this", unreachable=False)
        try:
            answer = self._http.post(endpoint.url, *signed(endpoint, letter.id, letter.event, self._now()))
            judge(answer, self._now())
        except Unsent as problem:
            raise self._failed(endpoint, Again(str(problem))) from None
        except (Again, Never) as problem:
            raise self._failed(endpoint, problem) from None
        if endpoint.problem:
            with self._store().writing() as connection:
                endpoints.passed(connection, endpoint.id)
        return {"endpoint": endpoint.id, "status": answer.status}

    def _endpoint(self, address: str) -> Endpoint:
        store = self._store()
        with store.reading() as connection:
            number = number_of(address)
            found = by_number(connection, number, store.now(connection)) if number is not None else None
        if found is None or found.state is EndpointState.ENDED:
            raise Never("endpoint has ended", unreachable=True)
        if found.state is EndpointState.UNTESTED:
            raise Again("endpoint has not answered its test yet")
        return found

    def _failed(self, endpoint: Endpoint, problem: Again | Never) -> Again | Never:
        store = self._store()
        with store.writing() as connection:
            endpoints.failing(connection, endpoint.id, problem.reason, store.now(connection))
        return problem


def knock(http: Outgoing, endpoint: Endpoint, id: str, event: Mapping[str, Any], now: datetime) -> str:
    """Sends one event at once, once. Gives "" where it was answered with a 2xx, otherwise why not."""
    try:
        judge(http.post(endpoint.url, *signed(endpoint, id, event, now)), now)
    except (Again, Never) as problem:
        return problem.reason
    except Unsent as problem:
        return str(problem)
    return ""


def signed(endpoint: Endpoint, id: str, event: Mapping[str, Any], now: datetime) -> tuple[bytes, dict[str, str]]:
    """The body, and the headers that sign these very bytes with each of the endpoint's secrets. `now`: in UTC."""
    body = json.dumps(event, separators=(",", ":"))
    now = now.astimezone(UTC)
    signatures = (Webhook(secret).sign(id, now, body) for secret in endpoint.secrets)
    headers = {
        "Content-Type": "application/json", "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": " ".join(signatures),
    }  # fmt: skip
    return body.encode("ascii"), headers


def judge(answer: Answer, now: datetime) -> None:
    """What an answer means: nothing for a 2xx. Raises Again or Never for any other."""
    if 200 <= answer.status < 300:
        return
    if answer.status == 410:
        raise Never(endpoints.GONE, unreachable=True)
    busy = answer.status in _BUSY
    wait = asked_to_wait(answer.retry_after, now, LONGEST_WAIT) if busy else None
    raise Again(f"endpoint answered {answer.status}", after=wait)
