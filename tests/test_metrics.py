"""What Prometheus is told, and who may hear it."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import cast
import pytest
from fake_slack import until
from flask.testing import FlaskClient
from processes import ROOT, answers, child_environment, free_port, start_desk, stopped
from prometheus_client.parser import text_string_to_metric_families

from bot.settings import SettingsError
from bot.wiring import Wiring
from knowledge.outbox.heartbeats import beat
from knowledge.outbox.owing import owe
from webhooks import create_app

TOKEN = "a token of tests, long enough"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def told(home: Path) -> Iterator[tuple[Wiring, FlaskClient]]:
    """A desk that tells Prometheus, and a client of its."""
    made = Wiring(cast.settings(home, DESK_METRICS_TOKEN=TOKEN))
    yield made, create_app(made).test_client()
    made.store.close()


def samples(text: str) -> Samples:
    """What Prometheus' own parser reads."""
    found = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            found[one.name, tuple(sorted(one.labels.items()))] = one.value
    return found


def asked(client: FlaskClient) -> Samples:
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    return samples(answer.get_data(as_text=True))


def test_without_a_token_in_the_settings_nothing_is_told(home: Path) -> None:
    wiring = Wiring(cast.settings(home))
    client = create_app(wiring).test_client()
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer"}, BEARER):
        assert client.get("/metrics", headers=headers).status_code == 404
    wiring.store.close()


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Authorization": TOKEN}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": "Bearer "}, {"Authorization": "Bearer \xe9"}, {"X-Forwarded-For": "127.0.0.1"},
    ],
)  # fmt: skip
def test_whoever_does_not_hold_the_token_is_told_nothing(
    told: tuple[Wiring, FlaskClient], headers: dict[str, str]
) -> None:
    answer = told[1].get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert b"desk_" not in answer.get_data()
    assert told[1].get(f"/metrics?token={TOKEN}").status_code == 401, "a token in an address ends in logs"


def test_a_short_token_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DESK_METRICS_TOKEN"):
        cast.settings(tmp_path, DESK_METRICS_TOKEN="short")


def test_the_gauges_come_from_the_record(told: tuple[Wiring, FlaskClient]) -> None:
    wiring, client = told
    before = asked(client)
    assert before["desk_record_up", ()] == 1
    assert before["desk_workers_alive", ()] == 0
    assert before["desk_index_edition_here", (("index", "papers"),)] == 1
    beat(wiring.store, "gullhaven:7:ab")
    with wiring.store.writing() as connection:
        now = wiring.store.now(connection)
        assert owe(connection, now, kind="raised", subject="event:1", recipient="max@example.org", channel="email",
                   urgent=True)  # fmt: skip
    after = asked(client)
    assert after["desk_workers_alive", ()] == 1
    assert after["desk_processes_alive", (("kind", "work"), ("machine", "gullhaven"))] == 1
    assert after["desk_notifications_waiting", (("channel", "email"),)] == 1
    assert after["desk_notifications_urgent", (("channel", "email"),)] == 1


def test_requests_are_counted_by_template_never_by_path(told: tuple[Wiring, FlaskClient]) -> None:
    client = told[1]
    client.get("/timeline/T-77-private")
    client.get("/no/such/page/somebody@example.org")
    client.open("/healthz", method="BREW")
    text = client.get("/metrics", headers=BEARER).get_data(as_text=True)
    found = samples(text)
    assert found["desk_requests_total", (("method", "GET"), ("route", "none"), ("status", "404"))] == 1
    assert found["desk_requests_total", (("method", "other"), ("route", "none"), ("status", "405"))] == 1
    assert not re.search("T-77|somebody|BREW", text)
    routes = [dict(labels)["route"] for (name, labels) in found if name == "desk_request_seconds_count"]
    assert "/timeline/<path:ref>" in routes or any(route.startswith("/timeline/<") for route in routes)


def test_where_the_record_is_away_that_is_told(told: tuple[Wiring, FlaskClient]) -> None:
    wiring, client = told
    asked(client)
    wiring.store.close()
    for path in wiring.settings.home.glob("record.db*"):
        path.unlink()
    (wiring.settings.home / "record.db").write_bytes(b"this is no record" * 1_000)
    found = asked(client)
    assert found["desk_record_up", ()] == 0
    assert ("desk_requests_total", (("method", "GET"), ("route", "/metrics"), ("status", "200"))) in found


def test_every_figure_of_the_alerting_rules_is_told(told: tuple[Wiring, FlaskClient]) -> None:
    client = told[1]
    text = client.get("/metrics", headers=BEARER).get_data(as_text=True)
    rules = (ROOT / "docs/alerts.yml").read_text(encoding="utf-8")
    wanted = set(re.findall(r"\bdesk_[a-z_]+", rules))
    declared = set(re.findall(r"^# HELP (\S+)", text, re.MULTILINE)) | {"desk_request_seconds_bucket"}
    assert wanted <= declared, wanted - declared
    assert len(wanted) > 10


def test_any_process_of_the_web_server_tells_what_all_of_them_counted(home: Path) -> None:
    port = free_port()
    environment = child_environment(home, DESK_METRICS_TOKEN=TOKEN, DESK_WEB_WORKERS="2")
    child = start_desk(home / "log.txt", environment, "serve", "--port", str(port))
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the web server", 60)
        asking = [_asked(port) for _ in range(12)]
        counts = [one.get(_METRICS_ASKED, 0.0) for one in asking]
        assert counts == [float(number) for number in range(12)], "each sees all that were asked before it"
        until(lambda: _web_processes(port) == 2, "both processes are heard of", 30)
    finally:
        stopped(child)
    wiring = Wiring(cast.settings(home))
    with wiring.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM heartbeat").scalar() == 0, "both said that they stop"
    wiring.store.close()


_METRICS_ASKED = ("desk_requests_total", (("method", "GET"), ("route", "/metrics"), ("status", "200")))


def _web_processes(port: int) -> float:
    alive = (
        n for (name, labels), n in _asked(port).items() if name == "desk_processes_alive" and ("kind", "web") in labels
    )
    return sum(alive)


def _asked(port: int) -> Samples:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers=BEARER)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return samples(answer.read().decode())
