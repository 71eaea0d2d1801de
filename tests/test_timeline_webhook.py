"""POST /notices: what is signed is written down and taken in once; what is not, or cannot be read, is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from feed_server import OURS, THEIRS, release
from processes import child_environment, run_desk
from werkzeug.test import TestResponse

from bot.logs import set_up_logs
from bot.notices import SMALL, take_up
from bot.wiring import Wiring
from handlers.parking import CAME
from knowledge.incoming import MOST_ATTEMPTS, parked, write_down
from knowledge.outbox.owing import is_owed
from knowledge.store import Store
from knowledge.tables import incoming
from webhooks import create_app
from webhooks.safety import limiter

SECRET = "whsec_" + base64.b64encode(b"a signing secret of the tests").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret, of somebody else").decode()
NOW = datetime.now(UTC)


def package(count: int = 3, **more: Any) -> str:
    """A release package."""
    releases = [release(number, NOW - timedelta(hours=number + 1), **more) for number in range(count)]
    return json.dumps({"version": "1.1", "releases": releases}, ensure_ascii=False)


def headers(
    body: str | bytes, *, id: str = "msg_1", secret: str = SECRET, at: datetime | None = None, **more: str
) -> dict[str, str]:
    """What a sender sends with it, signed by hand and not by the library that we check with."""
    raw = body.encode() if isinstance(body, str) else body
    stamp = str(int((at or datetime.now(UTC)).timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{id}.{stamp}.".encode() + raw, hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(digest).decode()
    given = {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": signature}
    return {**given, "Content-Type": "application/json", **{name.replace("_", "-"): one for name, one in more.items()}}


class Door:
    """A desk that takes notices, and senders at its door."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self.app = create_app(wiring)

    def send(self, body: str | bytes, given: dict[str, str] | None = None, **more: Any) -> TestResponse:
        """Sends something, signed unless headers are given."""
        return self.app.test_client().post("/notices", data=body, headers=given or headers(body, **more))

    def events(self) -> list[Any]:
        """What was written down."""
        with self.wiring.store.reading() as connection:
            return list(connection.execute(sa.select(incoming).order_by(incoming.c.id)).all())

    def expire(self) -> None:
        """As if every lease had run out."""
        with self.wiring.store.writing() as connection:
            connection.execute(sa.update(incoming).values(lease_until=datetime(2020, 1, 1, tzinfo=UTC)))


@pytest.fixture
def open_door(store: Store, tmp_path: Path) -> Iterator[Callable[..., Door]]:
    """Opens desks with the test's record."""
    cast.list_people(store, tmp_path)
    opened: list[Wiring] = []

    def make(**more: str) -> Door:
        url = store.url.render_as_string(hide_password=False)
        given = {"DATABASE_URL": url, "DESK_NOTICES_SECRET": SECRET, **more}
        opened.append(Wiring(cast.settings(tmp_path, **given)))
        return Door(opened[-1])

    limiter.enabled = True
    yield make
    limiter.reset()
    for one in opened:
        one.store.close()


@pytest.fixture
def door(open_door: Callable[..., Door]) -> Door:
    return open_door()


# --- taken in -----------------------------------------------------------------------------------------------------


def test_what_is_signed_is_taken_in_at_once_and_counted(door: Door) -> None:
    told = door.send(package(3))
    assert told.status_code == 200
    counts = {"records": 3, "added": 3, "changed": 0, "unchanged": 0, "problems": []}
    assert counts.items() <= told.get_json().items()
    [event] = door.events()
    assert (event.id, event.surface, event.state, event.payload) == ("notices:msg_1", "notices", "handled", None)


def test_a_repeat_is_acknowledged_and_does_nothing(door: Door) -> None:
    body = package(2)
    door.send(body)
    again = door.send(body)
    assert (again.status_code, again.get_json()) == (200, {"repeat": True})
    other = door.send(body, id="msg_2").get_json()
    assert (other["added"], other["changed"], other["unchanged"]) == (0, 0, 2), "under another id it changes nothing"
    assert len(door.events()) == 2


def test_many_repeats_at_once_are_taken_in_once(door: Door) -> None:
    body = package(4)
    told: list[Any] = []
    threads = [threading.Thread(target=lambda: told.append(door.send(body))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [one.status_code for one in told] == [200] * 6
    assert sorted(str(one.get_json().get("added", "repeat")) for one in told) == ["4"] + ["repeat"] * 5


def test_two_sendings_that_bring_the_same_notices_at_once_make_each_intention_once(door: Door) -> None:
    body = package(8)
    told: list[Any] = []
    threads = [
        threading.Thread(target=lambda number=number: told.append(door.send(body, id=f"m{number}")))
        for number in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [one.status_code for one in told] == [200] * 5
    assert sum(one.get_json()["added"] for one in told) == 8


def test_whoever_signs_chooses_what_to_send(door: Door) -> None:
    assert door.send(package(2, buyer=THEIRS)).get_json()["added"] == 2


def test_text_in_any_script_is_signed_as_its_bytes(door: Door) -> None:
    assert door.send(package(1, title="Cymorth i’r teulu – £5m, 日本")).get_json()["added"] == 1


def test_a_record_that_cannot_be_taken_is_named_and_the_rest_goes_on(door: Door) -> None:
    given = json.loads(package(3))
    given["releases"][1] = "no release"
    told = door.send(json.dumps(given)).get_json()
    assert (told["records"], told["added"]) == (3, 2)
    assert [one["record"] for one in told["problems"]] == [2]
    assert told["problems"][0]["reason"]


# --- refused ------------------------------------------------------------------------------------------------------


def test_without_a_secret_nothing_is_taken(open_door: Callable[..., Door]) -> None:
    door = open_door(DESK_NOTICES_SECRET="")
    told = door.send(package())
    assert told.status_code == 404
    assert "DESK_NOTICES_SECRET" in told.get_json()["error"]
    assert door.events() == []


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"}, {"webhook-signature": ""}, {"webhook-signature": "v1"},
        {"webhook-signature": "v1,é"}, {"webhook-signature": "v2,AAAA v1a,AAAA ,,, v1,"}, {"webhook-id": "msg_2"},
        {"webhook-id": ""}, {"webhook-id": "x" * 151}, {"webhook-timestamp": "soon"}, {"webhook-timestamp": ""},
        {"webhook-timestamp": "-5"}, {"webhook-timestamp": "nan"}, {"webhook-timestamp": "1e9"},
        {"webhook-timestamp": "9" * 11}, {"webhook-timestamp": "²"}, {"webhook-timestamp": "9" * 400},
    ],
)  # fmt: skip
def test_what_is_signed_wrongly_is_refused_and_leaves_no_trace(door: Door, change: dict[str, str]) -> None:
    body = package()
    told = door.send(body, {**headers(body), **change})
    assert told.status_code == 401
    assert told.get_json()["error"]
    assert door.events() == []


def test_headers_that_are_missing_are_refused(door: Door) -> None:
    body = package()
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        given = {key: value for key, value in headers(body).items() if key != name}
        assert door.send(body, given).status_code == 401


def test_another_body_or_another_secret_does_not_fit(door: Door) -> None:
    body = package()
    assert door.send(body.replace("bridges", "boats"), headers(body)).status_code == 401
    assert door.send(body, secret=OTHER).status_code == 401
    assert door.send(b"\xff" + body.encode()).status_code == 401, "no text at all, signed or not"


@pytest.mark.parametrize(("seconds", "status"), [(-310, 401), (-290, 200), (290, 200), (310, 401)])
def test_a_sending_is_good_for_five_minutes(door: Door, seconds: int, status: int) -> None:
    assert door.send(package(1), at=datetime.now(UTC) + timedelta(seconds=seconds)).status_code == status


def test_two_secrets_hold_while_one_takes_the_others_place(open_door: Callable[..., Door]) -> None:
    door = open_door(DESK_NOTICES_SECRET=f"{OTHER}, {SECRET}")
    body = package(1)
    assert door.send(body, id="a", secret=OTHER).status_code == 200
    assert door.send(body, id="b", secret=SECRET).status_code == 200
    several = headers(body, id="c")
    several["webhook-signature"] = f"v1,AAAA v1a,BBBB {several['webhook-signature']}"
    assert door.send(body, several).status_code == 200


def test_a_sending_that_is_too_large_is_refused(open_door: Callable[..., Door]) -> None:
    door = open_door(DESK_MAX_NOTICES_BYTES="2000")
    told = door.send(package(3))
    assert told.status_code == 413
    assert "2,000 bytes" in told.get_json()["error"]
    assert door.events() == []


def test_a_larger_sending_is_taken_where_the_setting_allows_it(open_door: Callable[..., Door]) -> None:
    door = open_door(DESK_MAX_NOTICES_BYTES="3000000")
    assert door.send(package(1, description="x" * 1_500_000)).status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        {"Content-Type": "text/csv"}, {"Content-Type": ""}, {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"}, {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Encoding": "gzip"},
    ],
)  # fmt: skip
def test_another_kind_of_body_is_refused(door: Door, given: dict[str, str]) -> None:
    body = package()
    told = door.send(body, {**headers(body), **given})
    assert told.status_code == 415
    assert "application/json" in told.get_json()["error"]


def test_json_may_name_its_charset(door: Door) -> None:
    body = package(1)
    assert door.send(body, {**headers(body), "Content-Type": "Application/JSON; charset=UTF-8"}).status_code == 200


@pytest.mark.parametrize("body", ["", "not json", "[]", "7", '{"hello": 1}', '{"a":' * 5_000], ids=range(6))
def test_what_is_no_package_is_refused_with_its_reason_each_time(door: Door, body: str) -> None:
    for _ in range(2):
        told = door.send(body)
        assert told.status_code == 422, told.get_data()
        assert told.get_json()["error"]
    assert door.events() == []


def test_other_methods_are_not_taken(door: Door) -> None:
    assert door.app.test_client().get("/notices").status_code == 405


def test_a_sender_who_sends_too_often_is_told_to_wait(door: Door) -> None:
    answers = [door.send("x", {"Content-Type": "application/json"}).status_code for _ in range(61)]
    assert answers == [401] * 60 + [429]


# --- not lost -----------------------------------------------------------------------------------------------------


def test_what_was_written_down_and_not_taken_in_is_taken_up_by_the_worker(door: Door) -> None:
    assert write_down(door.wiring.store, "notices:msg_9", "notices", {"body": package(3)})
    assert take_up(door.wiring) == 0, "it is in somebody's hands"
    door.expire()
    assert take_up(door.wiring) == 1
    assert [one.state for one in door.events()] == ["handled"]
    told = door.send(package(3), id="msg_9")
    assert told.get_json() == {"repeat": True}
    assert door.send(package(3), id="msg_10").get_json()["unchanged"] == 3


def test_a_large_sending_is_acknowledged_and_left_to_the_worker(open_door: Callable[..., Door]) -> None:
    door = open_door(DESK_MAX_NOTICES_BYTES="5000000")
    told = door.send(package(SMALL + 1))
    assert (told.status_code, told.get_json()) == (202, {"accepted": True})
    assert [one.state for one in door.events()] == ["received"]
    assert take_up(door.wiring) == 1
    assert door.send(package(SMALL), id="again").get_json()["unchanged"] == SMALL


def test_what_cannot_be_taken_in_now_is_acknowledged_and_tried_again_by_the_worker(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs("debug")
    with door.wiring.store.writing() as connection:
        connection.execute(sa.text("ALTER TABLE intention RENAME TO away"))
    told = door.send(package(1, title="SECRETTITLE"))
    assert (told.status_code, told.get_json()) == (202, {"accepted": True})
    with door.wiring.store.writing() as connection:
        connection.execute(sa.text("ALTER TABLE away RENAME TO intention"))
    door.expire()
    assert take_up(door.wiring) == 1
    assert [one.state for one in door.events()] == ["handled"]
    said = capsys.readouterr().err
    assert '"event": "notices"' in said
    assert "SECRET" not in said
    assert OURS not in said


def test_what_fails_every_time_is_parked_for_a_person(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("debug")
    assert write_down(door.wiring.store, "notices:msg_9", "notices", {"body": "SECRET"})
    for _ in range(MOST_ATTEMPTS):
        door.expire()
        take_up(door.wiring)
    assert [(one.id, one.attempts) for one in parked(door.wiring.store)] == [("notices:msg_9", MOST_ATTEMPTS)]
    with door.wiring.store.reading() as connection:
        assert is_owed(connection, CAME, f"{CAME}:{door.wiring.desk.day}"), "and that person is told"
    door.expire()
    assert take_up(door.wiring) == 0
    assert "SECRET" not in capsys.readouterr().err


def test_two_workers_take_up_each_sending_once(door: Door, open_door: Callable[..., Door]) -> None:
    for number in range(6):
        body = json.dumps({"releases": [release(number, NOW)]})
        write_down(door.wiring.store, f"notices:{number}", "notices", {"body": body})
    door.expire()
    wirings, counts = [door.wiring, open_door().wiring], []
    threads = [threading.Thread(target=lambda one=one: counts.append(take_up(one))) for one in wirings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(counts) == 6
    assert {(one.state, one.attempts) for one in door.events()} == {("handled", 2)}


def test_a_worker_that_does_all_that_is_due_takes_it_up_too(home: Path) -> None:
    wiring = Wiring(cast.settings(home, DESK_NOTICES_SECRET=SECRET))
    door = Door(wiring)
    write_down(wiring.store, "notices:msg_9", "notices", {"body": package(1)})
    door.expire()
    done = run_desk(child_environment(home), "work", "--once", cwd=home)
    assert done.returncode == 0, done.stderr
    assert [one.state for one in door.events()] == ["handled"]
    wiring.store.close()
