"""Webhooks on the web, by the signed link to one's alerts: added, tested, given another secret, ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import cast
import pytest
from cast import Visitor, seen
from hook_server import Answers, HookServer
from hooks import HAL, HOOK, PRUE, live, now_of, subscribed
from werkzeug.test import TestResponse

from bot.alert_links import MANAGES_FOR, manage_path
from bot.wiring import Wiring
from handlers import endpoints as journey
from knowledge.parties import party_of
from knowledge.subscriptions import record
from knowledge.subscriptions.endpoint import EndpointState
from webhooks import create_app


@pytest.fixture
def desk(sample_home: Path, tmp_path: Path) -> Iterator[Wiring]:
    made = Wiring(cast.settings(cast.copy_home(sample_home, tmp_path / "desk"), DESK_WEBHOOK_LOOPBACK="1"))
    yield made
    made.store.close()


@pytest.fixture
def server() -> Iterator[HookServer]:
    with HookServer() as opened:
        yield opened


@pytest.fixture
def visitor(desk: Wiring) -> Visitor:
    return Visitor(create_app(desk))


def path_of(desk: Wiring, owner: str = PRUE, ago: timedelta = timedelta()) -> str:
    with desk.store.writing() as connection:
        number = party_of(connection, owner)
    key = desk.settings.secret_key.get_secret_value()
    return manage_path(key, number, desk.desk.now() - ago).replace("/manage/", "/webhooks/")


def secret_in(page: str) -> str:
    [found] = re.findall(r"whsec_[A-Za-z0-9+/=]+", page.replace("&#43;", "+"))
    return str(found)


def press(visitor: Visitor, path: str, do: str, **fields: str) -> TestResponse:
    return visitor.send(path, do=do, **fields)


def text_of(answer: TestResponse) -> str:
    return seen(answer.get_data(as_text=True))


def mark_in(page: str) -> str:
    found = re.search(r'name="mark" value="([0-9a-f]{12})"', page)
    assert found
    return found[1]


def test_an_address_is_added_tested_and_hears_of_an_alert(desk: Wiring, visitor: Visitor, server: HookServer) -> None:
    alert = subscribed(desk.store, PRUE, channel="email")
    path = path_of(desk)
    manage = visitor.open(path.replace("/webhooks/", "/manage/"))
    assert path in manage, "the page of alerts leads here"
    added = press(visitor, path, "add", url=server.url).get_data(as_text=True)
    server.secrets = [secret_in(added)]
    assert "whsec_" not in visitor.open(path), "it is shown once"
    assert "Not tested yet" in visitor.open(path)
    assert "It has answered: it is live." in text_of(press(visitor, path, "test", id="1"))
    assert len(server.ids) == 1
    assert f"Send S-{alert} there too" in seen(visitor.open(path))
    sent = text_of(press(visitor, path, "send_there", id="1", alert=str(alert)))
    assert "That is sent there too" in sent
    assert f"Sent there: S-{alert + 1}" in sent
    assert "there too: " not in sent, "it is offered no more"
    with desk.store.reading() as connection:
        theirs = record.of_somebody(connection, [PRUE])
    assert [(one.channel, one.recipient) for one in theirs] == [("email", PRUE), ("webhook", "endpoint:1")]


def test_looking_changes_nothing(desk: Wiring, visitor: Visitor, server: HookServer) -> None:
    made = live(desk.store, server.url)
    before = now_of(desk.store, made.id)
    for query in ("", "?do=end&id=1", "?do=rotate&id=1", "?do=test&id=1"):
        assert visitor.client.get(path_of(desk) + query).status_code == 200
    assert now_of(desk.store, made.id) == before
    assert server.got == []


def test_without_the_pages_token_nothing_is_done(desk: Wiring, visitor: Visitor) -> None:
    made = live(desk.store)
    assert visitor.client.post(path_of(desk), data={"do": "end", "id": "1"}).status_code == 400
    assert now_of(desk.store, made.id).state is EndpointState.LIVE


def test_an_address_that_is_refused_is_shown_with_the_reason_and_kept_for_mending(
    desk: Wiring, visitor: Visitor
) -> None:
    path = path_of(desk)
    answer = press(visitor, path, "add", url="https://10.0.0.1/<b>")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'value="https://10.0.0.1/&lt;b&gt;"' in page
    assert "<title>Error: " in page
    assert press(visitor, path, "add", url="").status_code == 422
    assert journey.owned(desk.desk, PRUE) == []


def test_a_new_secret_pressed_twice_is_one_new_secret(desk: Wiring, visitor: Visitor) -> None:
    """A third secret would put the first out of use at once, which the receiver still holds."""
    made, path = live(desk.store), path_of(desk)
    mark = mark_in(visitor.open(path))
    first, second = (
        secret_in(press(visitor, path, "rotate", id="1", mark=mark).get_data(as_text=True)) for _ in range(2)
    )
    assert first == second != made.secrets[0]
    assert now_of(desk.store, made.id).secrets == (first, made.secrets[0])
    third = secret_in(
        press(visitor, path, "rotate", id="1", mark=mark_in(visitor.open(path))).get_data(as_text=True)
    )  # fmt: skip
    assert now_of(desk.store, made.id).secrets == (third, first)


def test_what_fails_is_told(desk: Wiring, visitor: Visitor, server: HookServer) -> None:
    live(desk.store, server.url)
    server.otherwise = Answers(500)
    path = path_of(desk)
    answer = press(visitor, path, "test", id="1")
    assert (answer.status_code, "endpoint answered 500" in text_of(answer)) == (422, True)
    assert "wait 20 seconds" in text_of(press(visitor, path, "test", id="1"))
    assert "The last time: endpoint answered 500, failing since" in seen(visitor.open(path))


def test_an_endpoint_ends_with_what_was_sent_there(desk: Wiring, visitor: Visitor) -> None:
    made = live(desk.store)
    there, mine = subscribed(desk.store, made.address), subscribed(desk.store, PRUE, channel="email")
    path = path_of(desk)
    assert "Nothing is sent there any more." in text_of(press(visitor, path, "end", id="1"))
    assert press(visitor, path, "end", id="1").status_code == 422
    with desk.store.reading() as connection:
        found = {id: record.by_number(connection, id) for id in (there, mine)}
    assert [one.state.value for one in found.values() if one] == ["ended", "active"]


@pytest.mark.parametrize("do", ["test", "rotate", "end", "send_there"])
def test_what_is_somebody_elses_is_out_of_reach(desk: Wiring, visitor: Visitor, server: HookServer, do: str) -> None:
    theirs = live(desk.store, server.url, HAL)
    alert = subscribed(desk.store, HAL, HAL, "email")
    answer = press(visitor, path_of(desk), do, id=str(theirs.id), alert=str(alert))
    assert answer.status_code == 422
    assert server.url not in answer.get_data(as_text=True)
    assert now_of(desk.store, theirs.id) == theirs
    assert server.got == []


@pytest.mark.parametrize("fields", [{"do": ""}, {"do": "shout", "id": "1"}, {"do": "end", "id": "1' or 1=1"},
                                    {"do": "end", "id": "9" * 30}, {"do": "send_there", "id": "1", "alert": "x"},
                                    {"do": "add", "url": "\0"}])  # fmt: skip
def test_what_no_form_sends_does_nothing(desk: Wiring, visitor: Visitor, fields: dict[str, str]) -> None:
    live(desk.store, HOOK)
    answer = visitor.send(path_of(desk), **fields)
    assert answer.status_code == 422
    assert now_of(desk.store, 1).state is EndpointState.LIVE


def test_a_link_that_is_old_forged_or_of_somebody_forgotten_opens_nothing(desk: Wiring, visitor: Visitor) -> None:
    live(desk.store)
    old = path_of(desk, ago=MANAGES_FOR + timedelta(days=1))
    forgotten = path_of(desk, "forgotten:9")
    for path in (old, path_of(desk)[:-3] + "abc", forgotten, "/alerts/webhooks/x"):
        assert visitor.client.get(path).status_code == 410
        assert press(visitor, path, "end", id="1").status_code == 410
    assert now_of(desk.store, 1).state is EndpointState.LIVE
