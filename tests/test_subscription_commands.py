"""`desk subscribe` and `desk subscriptions`: alerts set up, listed and ended from a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cast
import coming_work
import pytest
from click.testing import CliRunner, Result

from bot.__main__ import desk as desk_command
from bot.wiring import Wiring
from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import State
from knowledge.subscriptions.suppressing import Reason, suppress
from knowledge.timeline.importing import take_in
from knowledge.timeline.nouns import Read

JO = "jo@charity.example.org"
SENTENCE = "grants for befriending in High Marl, weekly"
MAIL = {"DESK_SMTP_HOST": "127.0.0.1", "DESK_SMTP_SECURITY": "none", "DESK_MAIL_FROM": "desk@example.org"}
SLACK = {"SLACK_BOT_TOKEN": "xoxb-token-of-tests"}
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def home_with_timeline(county_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample council's desk with its coming work, put in today: what is compared is the past year's."""
    home = cast.copy_home(county_home, tmp_path_factory.mktemp("subscribing") / "desk")
    wiring = Wiring(cast.settings(home))
    rows = list(enumerate(coming_work.rows(), start=1))
    with wiring.store.writing() as connection:
        read = Read(records=len(rows), rows=tuple(rows))
        take_in(connection, read, wiring.store.now(connection), coming_work.BUYERS, source="timeline.csv")
    wiring.store.close()
    return home


@pytest.fixture
def home(home_with_timeline: Path, tmp_path: Path) -> Path:
    return cast.copy_home(home_with_timeline, tmp_path / "desk")


@pytest.fixture
def run(home: Path) -> Run:
    """Runs a command of the desk: settings by name, the rest as they are typed."""

    def run(*said: str, **settings: str) -> Result:
        env = {**cast.environment(home), "COLUMNS": "200", **settings}
        return CliRunner(env=env).invoke(desk_command, list(said))

    return run


def subscribed(run: Run, *more: str, **settings: str) -> dict[str, Any]:
    done = run("subscribe", "--email", JO, SENTENCE, "--json", *more, **settings)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


# --- subscribe ----------------------------------------------------------------------------------------------------


def test_subscribe_tells_programs_what_was_understood_and_what_would_have_come(run: Run) -> None:
    made = subscribed(run)
    assert (made["id"], made["reference"], made["state"]) == (1, "S-1", "unconfirmed")
    assert (made["recipient"], made["channel"], made["every"], made["sentence"]) == (JO, "screen", "weekly", SENTENCE)
    assert made["criteria"]["areas"] == [{"name": "High Marl", "district": "High Marl"}]
    assert made["criteria"]["kinds"] == ["grant"]
    assert "Area: High Marl." in made["in_words"]
    would = made["would_have_matched"]
    assert (would["total"], would["coming"]) == (1, 1)
    assert [(one["reference"], one["over"]) for one in would["examples"]] == [("INT-09", False)]
    assert would["compared"] == 41
    assert made["confirm"] == "Not on yet: desk subscriptions confirm S-1"


def test_subscribe_tells_people_on_a_card(run: Run) -> None:
    done = run("subscribe", "--email", JO, "--every", "mon,thu", *SENTENCE.split())
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert f"S-1, for {JO}." in said
    assert "How often: every Monday and Thursday." in said, "what the option says comes before what the sentence says"
    assert "INT-09" in said
    assert "desk subscriptions confirm S-1" in said


def test_a_dry_run_writes_nothing(run: Run, home: Path) -> None:
    made = subscribed(run, "--dry-run")
    assert (made["id"], made["state"], made["confirm"]) == (None, None, None)
    assert made["would_have_matched"]["total"] == 1
    assert json.loads(run("subscriptions", "--all", "--json").stdout) == []
    assert json.loads(run("notifications", "--all", "--json").stdout) == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (["--email", JO], "Say of what"),
        (["home care"], "Say who is to be told"),
        (["--email", JO, "--slack", "U0PRUE", "home care"], "Say who is to be told"),
        (["--email", "jo", "home care"], "is no e-mail address"),
        (["--email", "no-reply@charity.example.org", "home care"], "nobody reads"),
        (["--slack", "prue", "home care"], "is no Slack id"),
        (["--email", JO, "--every", "sometimes", "home care"], "say at once, daily, weekly"),
        (["--email", JO, "home care " * 300], "2,000 characters"),
    ],
)
def test_called_wrongly_it_says_what_to_do(run: Run, said: list[str], why: str) -> None:
    done = run("subscribe", *said)
    assert done.exit_code == 2
    assert why in done.output
    assert "Traceback" not in done.output


def test_where_no_channel_carries_it_it_says_so(run: Run) -> None:
    only_slack = run("subscribe", "--email", JO, SENTENCE, **SLACK)
    assert only_slack.exit_code == 1
    assert "this desk sends no e-mail: set DESK_SMTP_HOST" in only_slack.output
    no_slack = run("subscribe", "--slack", "U0PRUE", SENTENCE, **MAIL)
    assert no_slack.exit_code == 1
    assert "set SLACK_BOT_TOKEN" in no_slack.output
    assert json.loads(run("subscriptions", "--all", "--json").stdout) == []


def test_a_sentence_that_says_nothing_sets_up_nothing(run: Run) -> None:
    done = run("subscribe", "--email", JO, "--json", "please")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "nothing in that says what to tell of" in done.stderr


def test_an_address_that_came_back_is_not_written_to(run: Run, home: Path) -> None:
    wiring = Wiring(cast.settings(home))
    with wiring.store.writing() as connection:
        suppress(connection, JO, Reason.BOUNCED, wiring.desk.now())
    wiring.store.close()
    done = run("subscribe", "--email", JO, SENTENCE)
    assert done.exit_code == 1
    assert "messages to it came back" in done.output


def test_somebody_in_slack_is_asked_in_slack(run: Run) -> None:
    done = run("subscribe", "--slack", "U0PRUE", SENTENCE, "--json", **SLACK)
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert (made["recipient"], made["channel"]) == ("U0PRUE", "slack")
    assert "a button in Slack" in made["confirm"]
    [owed] = json.loads(run("notifications", "--json").stdout)
    assert (owed["kind"], owed["recipient"], owed["channel"]) == ("confirm", "U0PRUE", "slack")


# --- subscriptions ------------------------------------------------------------------------------------------------


def test_one_is_confirmed_paused_resumed_and_ended(run: Run) -> None:
    subscribed(run)
    for said, answer, state in (
        (("confirm", "S-1"), "S-1 is on.", "active"),
        (("confirm", "1"), "S-1 is on already.", "active"),
        (("pause", "s1"), "S-1 is paused.", "paused"),
        (("pause", "1"), "S-1 is paused.", "paused"),
        (("resume", "1"), "S-1 is on again. 0 passed by meanwhile, and none of that is sent.", "active"),
        (("resume", "1"), "S-1 is on already.", "active"),
        (("end", "S-1"), "S-1 is ended.", "ended"),
        (("end", "S-1"), "S-1 has ended before.", "ended"),
    ):
        done = run("subscriptions", *said)
        assert (done.exit_code, done.output.strip()) == (0, answer)
        [one] = json.loads(run("subscriptions", "--all", "--json").stdout)
        assert one["state"] == state
    assert run("subscriptions", "confirm", "S-1").exit_code == 1
    assert run("subscriptions", "pause", "S-1").exit_code == 1
    assert json.loads(run("subscriptions", "--json").stdout) == []


def test_programs_read_how_it_stands_after_each_step(run: Run) -> None:
    subscribed(run)
    for step, state in (("confirm", "active"), ("pause", "paused"), ("resume", "active"), ("end", "ended")):
        one = json.loads(run("subscriptions", step, "S-1", "--json").stdout)
        assert (one["reference"], one["state"]) == ("S-1", state)
        assert one["said"].startswith("S-1 is ")


def test_programs_read_the_link_that_confirms(run: Run) -> None:
    subscribed(run, **MAIL)
    done = run("subscriptions", "confirm-link", "S-1", "--json", DESK_URL="https://desk.example.org", **MAIL)
    one = json.loads(done.stdout)
    assert (one["reference"], one["state"]) == ("S-1", "unconfirmed")
    assert one["link"].startswith("https://desk.example.org/alerts/confirm/")


def test_the_list_and_one_of_it_are_shown(run: Run) -> None:
    assert "Nobody has asked for anything yet" in run("subscriptions").output
    subscribed(run)
    listed = run("subscriptions").output
    for said in ("S-1", "unconfirmed", JO, "screen", "every Monday morning", "in High Marl"):
        assert said in listed
    shown = run("subscriptions", "show", "S-1").output
    for said in ("S-1", "Not started", JO, SENTENCE, "nothing in 30 days"):
        assert said in shown
    told = json.loads(run("subscriptions", "show", "1", "--json").stdout)
    assert (told["reference"], told["brought"], told["ended_why"]) == ("S-1", [], None)


def test_what_there_is_not_is_said_plainly(run: Run) -> None:
    for action in ("show", "confirm", "pause", "resume", "end", "confirm-link"):
        for id, code in (("S-9", 1), ("9", 1), ("nine", 2), ("S-", 2), ("C-0001", 2)):
            done = run("subscriptions", action, id, DESK_URL="https://desk.example.org")
            assert done.exit_code == code, (action, id, done.output)
            assert "Traceback" not in done.output


def test_nobody_agrees_in_anothers_place_where_letters_leave(run: Run) -> None:
    subscribed(run, **MAIL)
    done = run("subscriptions", "confirm", "S-1", **MAIL)
    assert done.exit_code == 1
    assert "desk subscriptions confirm-link S-1" in done.output
    [one] = json.loads(run("subscriptions", "--json").stdout)
    assert (one["state"], one["channel"]) == ("unconfirmed", "email")


def test_the_link_that_is_printed_confirms_once(run: Run, home: Path) -> None:
    from webhooks import create_app

    subscribed(run, **MAIL)
    assert run("subscriptions", "confirm-link", "S-1", **MAIL).exit_code == 2, "it needs the desk's address"
    done = run("subscriptions", "confirm-link", "S-1", DESK_URL="https://desk.example.org", **MAIL)
    assert done.exit_code == 0, done.output
    path = done.stdout.strip().removeprefix("https://desk.example.org")
    assert path.startswith("/alerts/confirm/")
    wiring = Wiring(cast.settings(home, **MAIL))
    visitor = cast.Visitor(create_app(wiring))
    assert visitor.client.get(path).status_code == 200
    assert visitor.send(path).status_code == 200
    with wiring.store.reading() as connection:
        found = record.by_number(connection, 1)
    wiring.store.close()
    assert found
    assert found.state is State.ACTIVE
    late = run("subscriptions", "confirm-link", "S-1", DESK_URL="https://desk.example.org", **MAIL)
    assert late.exit_code == 1
    assert "S-1 waits for nobody: on" in late.output


def test_notifications_that_are_about_no_concern_are_listed(run: Run) -> None:
    subscribed(run)
    done = run("notifications")
    assert done.exit_code == 0, done.output
    assert "confirm" in done.output
    assert JO in done.output
