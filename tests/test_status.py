"""How the desk does: counted from the record, judged line by line, drawn for a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
from cast import Visitor
from click.testing import CliRunner, Result
from council import Council
from fake_slack import until

from bot.beating import Beating
from bot.commands.status import status
from bot.wiring import Wiring
from knowledge.indexfile import stamp_of, stamp_said, write_index
from knowledge.outbox.claiming import claim
from knowledge.outbox.heartbeats import SLACK, WEB, alive, beat, forget, last_beat
from knowledge.outbox.owing import owe
from knowledge.status.counting import figures
from knowledge.status.judging import all_well, lines
from knowledge.status.nouns import Held, Line, Machine
from knowledge.status.words import ago
from knowledge.store import HEAD, Store
from knowledge.subscriptions.assurance import Check, keep
from knowledge.tables import (
    concern,
    endpoint,
    enquiry,
    heartbeat,
    incoming,
    notification,
    party,
    question,
    subscription,
    timed,
)
from knowledge.timeline.polling import claim as poll
from knowledge.timeline.polling import let_go
from webhooks import create_app

NEWEST = Held(edition=1, wanted=1, behind=False)
MACHINE = Machine(papers=NEWEST, register_index=NEWEST, free=50_000_000_000)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def line(store: Store, name: str, machine: Machine = MACHINE, every: timedelta = timedelta()) -> Line:
    """The line of a name, the first that is not well before one that is."""
    found = [one for one in lines(figures(store), machine, every) if one.name == name]
    assert found, f"there is a line called {name}"
    return min(found, key=lambda one: one.well)


def now_of(store: Store) -> datetime:
    with store.reading() as connection:
        return store.now(connection)


def owe_one(
    store: Store, number: int = 1, *, urgent: bool = False, ago: timedelta = MINUTE, channel: str = "email"
) -> None:
    with store.writing() as connection:
        now = store.now(connection) - ago
        given = {"kind": "raised", "recipient": "max@example.org", "channel": channel, "urgent": urgent}
        assert owe(connection, now, subject=f"event:{number}", **given)


def put(store: Store, table: sa.Table, **values: object) -> None:
    with store.writing() as connection:
        connection.execute(sa.insert(table).values(**values))


def someone(store: Store) -> None:
    put(store, party, id=77, address="somebody@example.org", unreachable="")


def test_a_desk_at_which_a_worker_is_alive_and_nothing_waits_is_well(store: Store) -> None:
    beat(store, "gullhaven:7:ab")
    found = lines(figures(store), MACHINE)
    assert all_well(found)
    assert not any(one.do for one in found), "where all is well there is nothing to do"
    assert figures(store).version == HEAD


def test_a_desk_without_a_worker_says_what_to_start(store: Store) -> None:
    found = line(store, "workers")
    assert (found.well, "desk work" in found.do) == (False, True)
    beat(store, "gullhaven:7:ab", WEB)
    assert not line(store, "workers").well, "the web server sends nothing"


def test_what_waits_is_counted_by_channel_with_the_oldest(store: Store) -> None:
    owe_one(store, 1, ago=3 * MINUTE)
    owe_one(store, 2, ago=2 * MINUTE, urgent=True)
    owe_one(store, 3, ago=-HOUR)
    owe_one(store, 4, channel="slack")
    email = figures(store).queues["email"]
    assert (email.waiting, email.due, email.urgent, email.again, email.parked) == (3, 2, 1, 0, 0)
    assert 180 <= email.oldest < 200
    assert 120 <= email.oldest_urgent < 140
    assert figures(store).queues["slack"].waiting == 1
    assert figures(store).queues["slack"].oldest_urgent == 0


@pytest.mark.parametrize(("urgent", "late", "well"), [
    (False, 4, True), (False, 6, False), (True, 0.5, True), (True, 2, False),
])  # fmt: skip
def test_what_is_due_too_long_is_not_well(store: Store, urgent: bool, late: float, well: bool) -> None:
    owe_one(store, urgent=urgent, ago=late * MINUTE)
    assert line(store, "sending by email").well is well


def test_what_is_due_later_is_not_late(store: Store) -> None:
    owe_one(store, ago=-DAY)
    assert line(store, "sending by email") == Line(name="sending by email", said="1 waiting")


def test_what_is_parked_or_tried_again_is_said(store: Store) -> None:
    owe_one(store, 1)
    owe_one(store, 2)
    [first, _] = claim(store, "w", "email", urgent=False)
    with store.writing() as connection:
        n = notification.c
        connection.execute(sa.update(notification).where(n.id == first.id).values(state="parked"))
        connection.execute(sa.update(notification).where(n.id != first.id).values(problem="451"))
    found = line(store, "sending by email")
    assert found.said == "1 notification is parked: those people were not told"
    assert "desk notifications --retry" in found.do
    assert figures(store).queues["email"].again == 1


def test_what_came_in_is_counted_until_it_is_handled(store: Store) -> None:
    now = now_of(store)
    for number, state in enumerate(("received", "received", "parked", "handled")):
        put(store, incoming, id=f"E{number}", surface="slack", received_at=now - number * 10 * MINUTE - MINUTE,
            lease_until=now, attempts=1, state=state, payload={})  # fmt: skip
    intake = figures(store).intake
    assert (intake.waiting, intake.parked, 660 <= intake.oldest < 680) == (2, 1, True)
    assert not line(store, "messages in").well


def _late(council: Council, *, answer: bool = False, **values: object) -> None:
    """Sets a concern's times by the record's clock."""
    now = now_of(council.store)
    times = {"acknowledge_by": now - HOUR, "answer_by": now - HOUR if answer else now + HOUR, **values}
    with council.store.writing() as connection:
        connection.execute(sa.update(concern).values(times))


def test_a_concern_past_its_time_is_counted_by_its_level_until_it_is_acknowledged(council: Council) -> None:
    council.raised()
    _late(council, acknowledge_by=now_of(council.store) + HOUR)
    assert line(council.store, "concerns") == Line(name="concerns", said="1 open")
    _late(council)
    found = figures(council.store).concerns
    assert [(one.open, one.unacknowledged, one.unanswered) for one in found.values()] == [(1, 1, 0)]
    assert "1 not acknowledged, 0 not answered" in line(council.store, "concerns").said


def test_a_concern_whose_member_is_waited_for_is_not_past_its_answer(council: Council) -> None:
    council.raised()
    _late(council, answer=True)
    assert [one.unanswered for one in figures(council.store).concerns.values()] == [1]
    _late(council, answer=True, waiting_since=now_of(council.store) - DAY)
    assert [one.unanswered for one in figures(council.store).concerns.values()] == [0]


def test_questions_for_a_person_are_counted_by_the_day_promised(store: Store) -> None:
    now = now_of(store)
    for number, days in enumerate((-3, 3), start=1):
        put(store, question, id=number, message=f"m{number}", text="what of it", outcome="not found", surface="web",
            readable=[], passages=[], entry="", asked_at=now)  # fmt: skip
        put(store, enquiry, question=number, origin={}, state="waiting", made_at=now - number * HOUR,
            due_on=(now + days * DAY).date(), answer="", document="", locator="", access="", entry="")  # fmt: skip
    found = figures(store).enquiries
    assert (found.waiting, found.overdue, 7_200 <= found.oldest < 7_300) == (2, 1, True)
    assert line(store, "questions for a person").do == "See them: desk enquiries"


def test_processes_are_told_apart_by_kind_and_machine(store: Store) -> None:
    for name, kind in (("gullhaven:7:ab", "work"), ("saltmere:9:cd", "work"), ("saltmere:3:ef", WEB)):
        beat(store, name, kind)
    found = figures(store).processes
    assert (found["work"].machines, found["web"].machines) == ({"gullhaven": 1, "saltmere": 1}, {"saltmere": 1})
    assert line(store, "web processes").said == "1 alive (1 on saltmere)"
    forget(store, "saltmere:3:ef", WEB)
    assert "web" not in figures(store).processes


def test_only_workers_count_as_workers(store: Store) -> None:
    beat(store, "saltmere:3:ef", WEB)
    beat(store, "saltmere:4:ef", SLACK)
    assert not alive(store)
    assert last_beat(store) is None


def _silent(store: Store, name: str, since: timedelta) -> None:
    with store.writing() as connection:
        at = store.now(connection) - since
        connection.execute(sa.update(heartbeat).where(heartbeat.c.name == name).values(at=at))


@pytest.mark.parametrize(
    ("since", "lost"), [(30 * MINUTE / 60, 0), (2 * MINUTE, 1), (14 * MINUTE, 1), (16 * MINUTE, 0)]
)
def test_a_worker_that_fell_silent_is_lost_for_a_quarter_of_an_hour(store: Store, since: timedelta, lost: int) -> None:
    beat(store, "gullhaven:7:ab")
    beat(store, "gullhaven:8:ab")
    _silent(store, "gullhaven:7:ab", since)
    assert figures(store).processes["work"].lost == lost
    assert line(store, "workers").well is not bool(lost)


def test_a_clock_that_was_set_back_makes_no_dead_worker_alive(store: Store) -> None:
    beat(store, "gullhaven:7:ab")
    _silent(store, "gullhaven:7:ab", -HOUR)
    assert not alive(store)
    assert figures(store).processes["work"].alive == 0


def test_a_process_beats_from_its_start_to_its_end(store: Store) -> None:
    beating = Beating(store, WEB, every=0.01)
    beating.start()
    until(lambda: "web" in figures(store).processes, "the web process is heard of")
    beating.stop()
    assert "web" not in figures(store).processes
    beating.stop()


def test_a_poll_that_failed_or_is_silent_is_not_well(store: Store) -> None:
    assert not any(one.name == "notices" for one in lines(figures(store), MACHINE)), (
        "where none is wanted none is lacking"
    )
    assert line(store, "notices", every=HOUR).said == "never polled"
    with store.writing() as connection:
        now = store.now(connection)
        assert poll(connection, now - 5 * HOUR, "me", "http://feed")
        let_go(connection, now - 4 * HOUR, "me")
    assert not line(store, "notices", every=HOUR).well
    assert line(store, "notices", every=2 * HOUR).well
    with store.writing() as connection:
        assert poll(connection, now, "me", "http://feed")
        let_go(connection, now, "me", "refused")
    assert line(store, "notices", every=2 * HOUR).said.endswith("which failed: refused")


def test_people_who_were_not_told_are_said(store: Store) -> None:
    with store.writing() as connection:
        keep(connection, Check(store.now(connection), untold=2))
    found = line(store, "alerts")
    assert (found.well, found.said.endswith("2 were not told"), "desk assurance" in found.do) == (False, True, True)


def test_nobody_having_checked_for_two_days_is_not_well(store: Store) -> None:
    with store.writing() as connection:
        keep(connection, Check(store.now(connection) - 3 * DAY))
    assert not line(store, "alerts").well


def test_subscriptions_and_endpoints_are_counted_by_their_state(store: Store) -> None:
    someone(store)
    now = now_of(store)
    for state in ("active", "active", "ended"):
        put(store, subscription, recipient=77, owner=77, channel="email", sentence="", criteria={}, every="at once",
            state=state, since=now, made_at=now, ended_why="", wording="")  # fmt: skip
    for state, problem in (("live", ""), ("live", "500"), ("ended", "500")):
        put(store, endpoint, party=77, owner=77, url="https://x.example.org", secret="", old_secret="", state=state,
            problem=problem, made_at=now)  # fmt: skip
    found = figures(store)
    assert (dict(found.subscriptions), found.endpoints, found.failing) == ({"active": 2, "ended": 1}, 2, 1)
    assert line(store, "alerts").said == "2 alerts are confirmed"
    assert not line(store, "webhooks").well


def test_timed_work_that_nobody_does_is_not_well(store: Store) -> None:
    beat(store, "gullhaven:7:ab")
    put(store, timed, name="round-ups", next_at=now_of(store) - HOUR)
    assert line(store, "timed work").said == "should have been done 1 hour ago"


def test_a_disk_that_is_nearly_full_is_not_well(store: Store) -> None:
    assert not line(store, "disk here", MACHINE.model_copy(update={"free": 900_000_000})).well


def test_an_index_that_is_behind_says_which_edition_it_has_and_which_is_wanted(store: Store) -> None:
    behind = MACHINE.model_copy(update={"papers": Held(edition=3, wanted=4, behind=True)})
    assert line(store, "papers' index here", behind).said == "edition 3; edition 4 is built with the next question"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "less than a second"), (1, "1 second"), (119, "1 minute"), (7_200, "2 hours"), (200_000, "2 days")],
)
def test_spans_of_time_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert ago(seconds) == words


def test_figures_hold_no_text_and_nobodys_address(council: Council) -> None:
    council.worker_alive()
    council.raised()
    said = figures(council.store).model_dump_json()
    assert "@" not in said
    assert "carer" not in said


def test_a_look_at_an_index_from_time_to_time_does_not_read_it_all(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    write_index(
        path, "1:2:x", lambda db: db.table("filler").insert_all({"n": n, "of": "x" * 900} for n in range(2_000))
    )
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 8_192] = b"\xff" * 8_192
    path.write_bytes(bytes(damaged))
    assert (stamp_of(path), stamp_said(path)) == ("", "1:2:x"), (
        "the whole file is read when it is opened, not each time"
    )


def _status(home: Path, *options: str) -> Result:
    return CliRunner(env=cast.environment(home)).invoke(status, options)


# --- drawn --------------------------------------------------------------------------------------------------------


def test_the_command_shows_a_screen_and_its_exit_code_says_whether_all_is_well(home: Path) -> None:
    shown = _status(home)
    assert shown.exit_code == 1, shown.output
    assert "none has been heard of" in " ".join(shown.output.split())
    assert "Start one, and keep it running: desk work" in " ".join(shown.output.split())
    wiring = Wiring(cast.settings(home))
    beat(wiring.store, "gullhaven:7:ab")
    wiring.store.close()
    said = _status(home, "--json")
    found = json.loads(said.output)
    assert (said.exit_code, found["well"]) == (0, True), said.output
    assert found["figures"]["processes"]["work"]["machines"] == {"gullhaven": 1}


def test_what_is_said_of_a_channel_is_no_markup(wiring: Wiring) -> None:
    owe_one(wiring.store, channel="[red]x[/red]")
    wiring.store.close()
    assert "sending by [red]x[/red]" in _status(wiring.settings.home).output


def test_administrators_see_the_same_on_a_page_and_nobody_else_does(marlshire: Wiring) -> None:
    app, now = create_app(marlshire), datetime.now(UTC)
    page = Visitor(app).signs_in("farah.lindqvist@example.org", now).client.get("/administration/status")
    assert page.status_code == 200
    assert "none has been heard of in the last day" in page.get_data(as_text=True)
    assert "Start one, and keep it running" in page.get_data(as_text=True)
    officer = Visitor(app).signs_in("daniel.frome@example.org", now).client.get("/administration/status")
    assert officer.status_code == 403
    assert Visitor(app).client.get("/administration/status").status_code == 303


# --- ready --------------------------------------------------------------------------------------------------------


def test_a_machine_that_is_an_edition_behind_is_ready_and_says_so(wiring: Wiring) -> None:
    client = create_app(wiring).test_client()
    newest = client.get("/readyz").get_json()
    assert (newest["behind"], newest["index"]["edition"]) == (False, newest["index"]["wanted"])
    with wiring.store.writing() as connection:
        connection.execute(sa.text("UPDATE fact SET value = '12' WHERE name = 'edition'"))
    found = client.get("/readyz")
    assert found.status_code == 200
    assert found.get_json()["behind"] is True
    assert found.get_json()["index"] == {"edition": newest["index"]["edition"], "wanted": 12, "behind": True}
    until(lambda: client.get("/readyz").get_json()["behind"] is False, "the machine has caught up")


def test_workers_have_no_part_in_being_ready(wiring: Wiring) -> None:
    assert not alive(wiring.store)
    assert create_app(wiring).test_client().get("/readyz").status_code == 200
