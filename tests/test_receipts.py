"""Receipts: what GOV.UK Notify says became of a letter, by itself or when it is asked, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from cast import MAX
from flask import Flask
from notify_server import TOKEN, Fault, Mail, NotifyServer, receipt
from werkzeug.test import TestResponse

from bot.receipts import poll_receipts
from bot.wiring import Wiring
from bot.worker import Worker
from handlers.receipts import take_receipt
from knowledge.outbox.claiming import claim
from knowledge.outbox.owing import owe
from knowledge.parties import unreachable
from knowledge.store import Store
from knowledge.tables import notification, timed
from webhooks import create_app

HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[NotifyServer]:
    with NotifyServer() as opened:
        yield opened


@pytest.fixture
def desk(server: NotifyServer, sample_home: Path, tmp_path: Path) -> Iterator[Wiring]:
    home = cast.copy_home(sample_home, tmp_path / "desk")
    made = Wiring(cast.settings(home, DESK_NOTIFY_TOKEN=TOKEN, **server.settings))
    yield made
    made.store.close()


@pytest.fixture
def app(desk: Wiring) -> Flask:
    return create_app(desk)


def owe_one(desk: Wiring, subject: str = "parked:1", **more: Any) -> None:
    with desk.store.writing() as connection:
        now = desk.store.now(connection) - timedelta(seconds=1)
        given = {"kind": "parked", "recipient": MAX.email, "channel": "email", **more}
        assert owe(connection, now, subject=subject, **given)


def send(desk: Wiring) -> None:
    duties = desk.duties
    Worker(desk, desk.channels, duties.compose, duties.undeliverable, lambda: 0).run_until_idle()


def sent_one(desk: Wiring, server: NotifyServer) -> Mail:
    owe_one(desk)
    send(desk)
    return server.arrived[-1]


def rows(desk: Wiring, **which: Any) -> list[Any]:
    with desk.store.reading() as connection:
        wanted = [getattr(notification.c, name) == value for name, value in which.items()]
        return list(connection.execute(sa.select(notification).where(*wanted).order_by(notification.c.made_at)))


def row(desk: Wiring, subject: str = "parked:1") -> Any:
    [found] = rows(desk, subject=subject)
    return found


def change(desk: Wiring, **values: Any) -> None:
    with desk.store.writing() as connection:
        connection.execute(sa.update(notification).values(**values))


def bring_due(desk: Wiring) -> None:
    with desk.store.writing() as connection:
        gone = desk.store.now(connection) - timedelta(seconds=1)
    change(desk, due_at=gone, lease_until=gone)


def say(app: Flask, mail: Mail, status: str, token: str = TOKEN, **more: Any) -> TestResponse:
    """As Notify says it."""
    body = {**receipt(mail, status), **more.get("changed", {})}
    return app.test_client().post("/receipts/notify", json=body, headers={"Authorization": f"Bearer {token}"})


# --- who may say it -----------------------------------------------------------------------------------------------


def test_what_arrived_is_delivered_and_saying_so_twice_changes_nothing(
    app: Flask, desk: Wiring, server: NotifyServer
) -> None:
    mail = sent_one(desk, server)
    assert row(desk).receipt == ""
    first = say(app, mail, "delivered")
    assert (first.status_code, first.json) == (200, {"taken": True})
    found = row(desk)
    assert (found.state, found.receipt) == ("sent", "delivered")
    assert found.receipt_at >= found.settled_at
    again = say(app, mail, "delivered")
    assert (again.status_code, again.json) == (200, {"taken": False})
    assert row(desk) == found


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN,
                                    f"Basic {TOKEN}", "Bearer ünïcode"])  # fmt: skip
def test_whoever_does_not_know_the_token_is_turned_away(
    app: Flask, desk: Wiring, server: NotifyServer, header: str
) -> None:
    mail = sent_one(desk, server)
    given = {"Authorization": header.encode().decode("latin-1")} if header else {}
    answer = app.test_client().post("/receipts/notify", json=receipt(mail, "permanent-failure"), headers=given)
    assert answer.status_code == 401
    assert (row(desk).state, row(desk).receipt) == ("sent", "")


def test_where_no_token_is_set_nothing_is_taken(server: NotifyServer, sample_home: Path, tmp_path: Path) -> None:
    wiring = Wiring(cast.settings(cast.copy_home(sample_home, tmp_path / "desk"), **server.settings))
    mail = sent_one(wiring, server)
    for token in ("", TOKEN):
        assert say(create_app(wiring), mail, "delivered", token).status_code == 404
    wiring.store.close()


@pytest.mark.parametrize("body", ["", "[]", "null", "{", '"delivered"'])
def test_what_is_no_receipt_is_refused(app: Flask, body: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    assert app.test_client().post("/receipts/notify", data=body, headers=headers).status_code == 422


@pytest.mark.parametrize(
    "more",
    [{"reference": "f" * 32}, {"reference": None}, {"reference": ""}, {"reference": 7}, {"reference": "a\0b"},
     {"reference": ["x"]}, {"id": None}, {"id": "another"}, {"status": "sending"}, {"status": None},
     {"status": "lost"}, {"reference": "x" * 5_000}],
)  # fmt: skip
def test_what_is_not_ours_not_final_or_not_understood_is_answered_and_changes_nothing(
    app: Flask, desk: Wiring, server: NotifyServer, more: dict[str, Any]
) -> None:
    mail = sent_one(desk, server)
    before = row(desk)
    answer = say(app, mail, "permanent-failure", changed=more)
    assert (answer.status_code, answer.json) == (200, {"taken": False})
    assert row(desk) == before


# --- what follows -------------------------------------------------------------------------------------------------


def test_an_address_that_is_none_is_not_written_to_again(app: Flask, desk: Wiring, server: NotifyServer) -> None:
    mail = sent_one(desk, server)
    for taken in (True, False):
        assert say(app, mail, "permanent-failure").json == {"taken": taken}
    found = row(desk)
    assert (found.state, found.problem, found.receipt) == ("undeliverable", "permanent-failure", "permanent-failure")
    with desk.store.reading() as connection:
        assert unreachable(connection) == {MAX.email: "permanent-failure"}
    assert len(server.arrived) == 1


def test_where_notify_failed_it_is_sent_again_three_times_and_then_a_person_is_told(
    app: Flask, desk: Wiring, server: NotifyServer
) -> None:
    owe_one(desk, "word:1", kind="endpoint_failed", about={"endpoint": 1})  # not of the kind that is about parking
    letters = _of_a_kind(desk)
    for copies in range(1, 5):
        _send_by(desk, letters)
        assert len(server.arrived) == copies
        server.arrived[-1].status = "technical-failure"
        assert say(app, server.arrived[-1], "technical-failure").json == {"taken": True}
        say(app, server.arrived[-1], "technical-failure")
        bring_due(desk)
    found = row(desk, "word:1")
    assert (found.state, found.receipt) == ("parked", "technical-failure")
    assert len({one.given["reference"] for one in server.arrived}) == 1
    assert [one.kind for one in rows(desk, kind="parked")] == ["parked"], "triage hears of it"


def test_what_was_not_taken_for_three_days_is_sent_once_more(app: Flask, desk: Wiring, server: NotifyServer) -> None:
    owe_one(desk, "word:1", kind="endpoint_failed", about={"endpoint": 1})
    letters = _of_a_kind(desk)
    _send_by(desk, letters)
    server.arrived[0].status = "temporary-failure"
    assert say(app, server.arrived[0], "temporary-failure").json == {"taken": True}
    found = row(desk, "word:1")
    assert (found.state, found.settled_at, found.problem) == ("waiting", None, "temporary-failure")
    bring_due(desk)
    _send_by(desk, letters)
    assert say(app, server.arrived[0], "temporary-failure").json == {"taken": False}, "that is the first copy"
    assert say(app, server.arrived[1], "delivered").json == {"taken": True}
    assert (row(desk, "word:1").state, row(desk, "word:1").receipt) == ("sent", "delivered")
    with desk.store.reading() as connection:
        assert unreachable(connection) == {}


def _of_a_kind(desk: Wiring) -> Any:
    from hooks import letter_of

    return letter_of


def _send_by(desk: Wiring, compose: Any) -> None:
    only = {"email": desk.channels["email"]}

    def one(owed: Any) -> Any:
        return compose(owed) if owed.kind == "endpoint_failed" else None

    Worker(desk, only, one, desk.duties.undeliverable, lambda: 0).run_until_idle()


def test_word_that_comes_before_the_worker_has_written_down_that_it_left_counts(
    app: Flask, desk: Wiring, server: NotifyServer
) -> None:
    owe_one(desk)
    [owed] = claim(desk.store, "one", "email", urgent=False)
    mail = Mail("11111111-1111-4111-8111-111111111111", {"reference": owed.id, "email_address": MAX.email})
    assert say(app, mail, "delivered").json == {"taken": True}
    change(desk, state="sent", place={"notify": mail.id, "copies": 1})
    assert row(desk).receipt == "delivered"


def test_of_what_never_left_nothing_is_believed(app: Flask, desk: Wiring, server: NotifyServer) -> None:
    owe_one(desk)
    mail = Mail("1" * 8, {"reference": row(desk).id, "email_address": MAX.email})
    assert say(app, mail, "permanent-failure").json == {"taken": False}
    assert row(desk).state == "waiting"


# --- asking for it ------------------------------------------------------------------------------------------------


def left(desk: Wiring, ago: timedelta) -> None:
    """As if everything had left so long ago, and nobody had asked since."""
    with desk.store.writing() as connection:
        now = desk.store.now(connection)
        connection.execute(sa.update(notification).values(settled_at=now - ago))
        connection.execute(sa.delete(timed))


def test_what_notify_does_not_say_it_is_asked(desk: Wiring, server: NotifyServer) -> None:
    mail = sent_one(desk, server)
    mail.status = "delivered"
    left(desk, HOUR - timedelta(minutes=1))
    assert poll_receipts(desk) == 0, "it may still say so by itself"
    left(desk, HOUR + timedelta(minutes=1))
    assert poll_receipts(desk) == 1
    assert row(desk).receipt == "delivered"
    asked = len(server.asked)
    left(desk, 2 * HOUR)
    assert poll_receipts(desk) == 0
    assert len(server.asked) == asked, "nothing is asked of what is settled"


def test_it_is_asked_every_quarter_of_an_hour_by_one_of_all_workers(desk: Wiring, server: NotifyServer) -> None:
    sent_one(desk, server)
    left(desk, 2 * HOUR)
    for _ in range(3):
        assert poll_receipts(desk) == 0
    assert [one for one in server.asked if one.startswith("GET")] == [f"GET /v2/notifications/{server.arrived[0].id}"]


@pytest.mark.parametrize(("ago", "asks"), [(timedelta(hours=72), 1), (timedelta(hours=74), 0)])
def test_after_three_days_it_is_asked_no_more(desk: Wiring, server: NotifyServer, ago: timedelta, asks: int) -> None:
    sent_one(desk, server)
    left(desk, ago)
    poll_receipts(desk)
    assert sum(one.startswith("GET") for one in server.asked) == asks


def test_a_bounce_that_was_asked_for_is_one(desk: Wiring, server: NotifyServer) -> None:
    sent_one(desk, server).status = "permanent-failure"
    left(desk, 2 * HOUR)
    assert poll_receipts(desk) == 1
    assert row(desk).state == "undeliverable"


def test_a_letter_that_notify_has_forgotten_holds_up_no_other(desk: Wiring, server: NotifyServer) -> None:
    owe_one(desk, "parked:1")
    owe_one(desk, "parked:2")
    send(desk)
    for mail in server.arrived:
        mail.status = "delivered"
    forgotten = server.arrived.pop(0)
    left(desk, 2 * HOUR)
    assert poll_receipts(desk) == 1
    assert [one.receipt for one in rows(desk) if one.id != forgotten.given["reference"]] == ["delivered"]


def test_where_notify_does_not_answer_it_is_asked_next_time(desk: Wiring, server: NotifyServer) -> None:
    sent_one(desk, server).status = "delivered"
    left(desk, 2 * HOUR)
    server.will(Fault(500))
    assert poll_receipts(desk) == 0
    left(desk, 2 * HOUR)
    assert poll_receipts(desk) == 1


def test_a_desk_without_notify_asks_nobody(wiring: Wiring) -> None:
    assert poll_receipts(wiring) == 0


# --- on both engines ----------------------------------------------------------------------------------------------


def test_a_receipt_is_taken_on_either_engine(store: Store, tmp_path: Path) -> None:
    made = Wiring(cast.settings(tmp_path))
    vars(made)["store"] = store
    owe_one(made)
    change(made, state="sent", attempts=1, place={"notify": "one", "copies": 1}, settled_at=made.desk.now())
    id = row(made).id
    assert take_receipt(made.desk, id, "one", "technical-failure")
    assert row(made).state == "waiting"
    change(made, state="sent", place={"notify": "two", "copies": 2}, problem="")
    assert not take_receipt(made.desk, id, "one", "permanent-failure")
    assert take_receipt(made.desk, id, "two", "permanent-failure")
    assert row(made).state == "undeliverable"
    assert not take_receipt(made.desk, id, "two", "delivered")
