"""What other programs send: nothing is taken without the secret, of another kind, too large, too old, or twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
from flask import Flask
from standardwebhooks import Webhook

from bot.wiring import Wiring
from knowledge.tables import incoming
from webhooks import create_app
from webhooks.safety import limiter

SECRET, TOKEN = "whsec_" + "c2VjcmV0IG9mIHRlc3Rz" * 2, "t" * 32
PACKAGE = '{"uri": "https://example.org/1", "version": "1.1", "publishedDate": "2026-11-01T00:00:00Z", "releases": []}'


@pytest.fixture(scope="module")
def app(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    home = cast.copy_home(sample_home, tmp_path_factory.mktemp("incoming") / "desk")
    wiring = Wiring(cast.settings(home, DESK_NOTICES_SECRET=SECRET, DESK_NOTIFY_TOKEN=TOKEN))
    limiter.enabled = False
    yield create_app(wiring)
    limiter.enabled = True
    wiring.store.close()


def notice(body: str = PACKAGE, id: str = "one", age: float = 0.0, secret: str = SECRET) -> dict[str, str]:
    moment = datetime.now(UTC) - timedelta(seconds=age)
    told = Webhook(secret).sign(id, moment, body)
    stamp = str(int(moment.timestamp()))
    kind = {"Content-Type": "application/json"}
    return {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": told, **kind}


WRONG: dict[str, tuple[Callable[[], dict[str, str]], int]] = {
    "unsigned": (lambda: {"Content-Type": "application/json"}, 401),
    "another secret": (lambda: notice(secret="whsec_" + "b3RoZXI=" * 4), 401),
    "another body": (lambda: notice(body="{}"), 401),
    "another id": (lambda: {**notice(), "webhook-id": "two"}, 401),
    "six minutes old": (lambda: notice(age=360), 401),
    "of six minutes hence": (lambda: notice(age=-360), 401),
    "no moment": (lambda: {**notice(), "webhook-timestamp": "soon"}, 401),
    "a moment of 5,000 digits": (lambda: {**notice(), "webhook-timestamp": "9" * 5_000}, 401),
    "a negative moment": (lambda: {**notice(), "webhook-timestamp": "-1"}, 401),
    "a signature that is no ASCII": (lambda: {**notice(), "webhook-signature": "v1,\xe9"}, 401),
    "an id of 1,000 letters": (lambda: notice(id="a" * 1_000), 401),
    "another kind": (lambda: {**notice(), "Content-Type": "text/plain"}, 415),
    "a form": (lambda: {**notice(), "Content-Type": "application/x-www-form-urlencoded"}, 415),
    "another encoding": (lambda: {**notice(), "Content-Type": "application/json; charset=utf-16"}, 415),
    "compressed": (lambda: {**notice(), "Content-Encoding": "gzip"}, 415),
}
"""The headers, signed when they are sent, and what comes back."""


@pytest.mark.parametrize("what", WRONG)
def test_a_notice_is_not_taken_that_is(app: Flask, what: str) -> None:
    headers, status = WRONG[what]
    before = rows(app)
    assert app.test_client().post("/notices", data=PACKAGE, headers=headers()).status_code == status
    assert rows(app) == before


def test_a_notice_is_taken_once_however_often_it_is_sent(app: Flask) -> None:
    body = PACKAGE.replace("[]", '[{"ocid": "ocds-1", "id": "1", "date": "2026-11-01T00:00:00Z", "tag": ["planning"]}]')
    client, headers = app.test_client(), notice(body)
    first = client.post("/notices", data=body, headers=headers)
    assert first.status_code in (200, 202), first.get_data(as_text=True)
    assert client.post("/notices", data=body, headers=headers).get_json() == {"repeat": True}
    assert client.post("/notices", data=body, headers=notice(body)).get_json() == {"repeat": True}, "signed anew, too"
    with app.extensions["wiring"].store.writing() as connection:
        connection.execute(sa.delete(incoming))


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer x", TOKEN, f"bearer {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xe9"]
)
def test_a_receipt_without_its_token_is_not_taken(app: Flask, given: str) -> None:
    answer = app.test_client().post("/receipts/notify", json={}, headers={"Authorization": given})
    assert answer.status_code == 401


@pytest.mark.parametrize("body", ["", "{", "[]", "3", "[" * 100_000, '{"a":' * 50_000], ids=lambda one: one[:4])
def test_a_receipt_that_is_no_json_object_is_not_taken(app: Flask, body: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    assert app.test_client().post("/receipts/notify", data=body, headers=headers).status_code == 422


@pytest.mark.parametrize(("path", "status"), [("/notices", 413), ("/receipts/notify", 413), ("/slack/events", 404)])
def test_more_than_may_be_sent_is_not_taken(app: Flask, path: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    answer = app.test_client().post(path, data=b"{" + b" " * 1_100_000, headers=headers)
    assert answer.status_code == status


def rows(app: Flask) -> int:
    with app.extensions["wiring"].store.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(incoming)).scalar_one())
