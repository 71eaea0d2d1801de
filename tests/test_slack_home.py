"""App Home by role: what officers and providers find there beside concerns and alerts, and all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import cast
import coming_work
import pytest
import sqlalchemy as sa
from cast import PRUE, Somebody
from fake_slack import FakeSlack, click_body, until
from marlshire import DOREEN, PRIYA, RUTH, Marlshire, Seat, buttons, opened, with_timeline
from workspace import FORM, harmless, mrkdwn_of, within_limits, words

from bot.blocks.home import home_view
from handlers.concerns.overview import SHOWN, Line, Overview
from handlers.home import Part, Row, parts
from handlers.messages import Choice, Message
from handlers.subscriptions.overview import Alert, Alerts
from knowledge.models import Role
from knowledge.parties import party_of
from knowledge.store import Store
from knowledge.tables import enquiry, question, subscription

NASTY = "<!channel> & <https://evil.example.org|look> " + "long " * 80
OFFICERS_PARTS = ["Questions waiting for a person", "Ending within a year, and nothing follows", "Gaps in the register"]


@pytest.fixture(scope="module")
def home_with_timeline(county_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample council's desk with its coming work. Made once: copy it."""
    return with_timeline(county_home, tmp_path_factory.mktemp("slack-home") / "desk")


@pytest.fixture
def council(home_with_timeline: Path, tmp_path: Path, fake: FakeSlack) -> Iterator[Marlshire]:
    with opened(
        cast.copy_home(home_with_timeline, tmp_path / "desk"), fake, DESK_URL="https://desk.example.org"
    ) as council:
        council.now[0] = coming_work.TODAY
        yield council


def headings(view: dict[str, Any]) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]


def ask_a_person(store: Store, text: str, due: date, state: str = "waiting") -> int:
    """A question that waits for a person."""
    with store.writing() as connection:
        asker, now = party_of(connection, PRUE.slack_id), coming_work.TODAY
        values = {"asker": asker, "text": text, "outcome": "not_in_documents", "surface": "slack", "asked_at": now}
        row = sa.insert(question).values(message=f"m:{text}", readable=[], passages=[], entry="", **values)
        number = connection.execute(row.returning(question.c.id)).scalar_one()
        more = {"made_at": now, "due_on": due, "answer": "", "document": "", "locator": "", "entry": "", "access": ""}
        made = sa.insert(enquiry).values(question=number, asker=asker, origin={}, state=state, **more)
        return int(connection.execute(made.returning(enquiry.c.id)).scalar_one())


# --- officers -----------------------------------------------------------------------------------------------------


def test_an_officer_finds_questions_gaps_and_contracts_that_end(council: Marlshire) -> None:
    ask_a_person(council.wiring.store, "Who pays for <b>snow</b>?", date(2026, 11, 25))
    ask_a_person(council.wiring.store, "Is there a late one?", date(2026, 11, 18), "claimed")
    ask_a_person(council.wiring.store, "This is answered", date(2026, 11, 17), "answered")
    view = Seat(RUTH, council).opens_home()
    within_limits(view["blocks"], most=100)
    assert [one for one in headings(view) if one in OFFICERS_PARTS] == OFFICERS_PARTS
    said = words(view["blocks"])
    assert said.index("E-2 Is there a late one?") < said.index("E-1 Who pays"), "the first due first"
    assert "was due by 18 November 2026 · somebody has it" in said
    assert "answer by 25 November 2026 · nobody has it yet" in said
    assert "This is answered" not in said
    assert "contracts over £50,000 in force" in said
    assert "Draft what follows" in buttons(view["blocks"])
    assert all(harmless(text) for text in mrkdwn_of(view))


def test_what_an_officer_presses_there_is_answered_in_their_direct_messages(council: Marlshire) -> None:
    ruth = Seat(RUTH, council)
    view = ruth.opens_home()
    row = next(one for one in view["blocks"] if (one.get("accessory") or {}).get("text", {}).get("text") == "Show")
    press = row["accessory"]
    body = click_body(RUTH, press["action_id"], press["value"], view={"id": "VHOME", "type": "home"})
    assert council.deliver(body, FORM).status_code == 200
    council.settled()
    assert len(ruth.sees()) == 1
    drafts = next(one for one in view["blocks"] if "Draft" in str(one.get("accessory")))["accessory"]
    body = click_body(RUTH, drafts["action_id"], drafts["value"], view={"id": "VHOME", "type": "home"})
    assert council.deliver(body, FORM).status_code == 200
    assert "input" in {block["type"] for block in ruth.modal(1)["blocks"]}, "the form of the intention that follows"


@pytest.mark.parametrize("who", [DOREEN, PRIYA, PRUE])
def test_nobody_else_reads_what_is_for_officers(council: Marlshire, who: Somebody) -> None:
    ask_a_person(council.wiring.store, "Who pays for snow?", date(2026, 11, 25))
    view = Seat(who, council).opens_home()
    assert not set(headings(view)) & set(OFFICERS_PARTS)
    assert "snow" not in str(view)


# --- providers ----------------------------------------------------------------------------------------------------


def alert(council: Marlshire, text: str) -> None:
    """Prue starts an alert."""
    prue = Seat(PRUE, council)
    prue.writes(text)
    prue.presses("Start: at once")


def test_a_provider_finds_what_closes_soon_of_what_they_asked_for(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    assert "Closing soon" not in headings(prue.opens_home()), "without alerts nothing is asked for"
    alert(council, "alert me about meals at home")
    view = prue.opens_home()
    within_limits(view["blocks"], most=100)
    said = words(view["blocks"])
    assert "INT-07 Meals at home" in said
    assert "closes in 23 days, 14 December 2026 · for S-1" in said
    assert "INT-20" not in said, "it closes later than in six weeks, and was not asked for"
    council.now[0] += timedelta(days=22)
    # what the press published may come late, as of the day before
    until(lambda: "closes tomorrow" in words(prue.opens_home()["blocks"]), "App Home of that day")
    council.now[0] += timedelta(days=2)
    assert "Nothing that your alerts ask for closes" in words(prue.opens_home()["blocks"])


def test_an_alert_that_asks_for_something_else_or_is_paused_shows_nothing_of_it(council: Marlshire) -> None:
    alert(council, "tell me about highways work")
    prue = Seat(PRUE, council)
    assert "INT-07" not in str(prue.opens_home())
    with council.wiring.store.writing() as connection:
        connection.execute(sa.update(subscription).values(state="paused"))
    assert "Nothing that your alerts ask for closes" in words(prue.opens_home()["blocks"])


# --- everything at once -------------------------------------------------------------------------------------------


def test_somebody_who_is_everything_has_each_part_once(council: Marlshire) -> None:
    alert(council, "alert me about meals at home")
    everything = Message(
        text="", roles=frozenset(Role), addresses=("ruth.calloway@example.org", RUTH.slack_id), proved=PRUE.slack_id
    )
    titles = [one.title for one in parts(everything, council.wiring.desk)]
    assert titles == [*OFFICERS_PARTS, "Closing soon"]


def pauses(number: int) -> Choice:
    return Choice(label="Pause", action="pause_alert", about=f"S-{number}")


def test_the_fullest_home_stays_within_slacks_limits() -> None:
    line = Line("C-0001", NASTY, "in hand", NASTY, "Friday", "answer by Monday", late=True, at_risk=True)
    seen = Overview(True, True, (line,) * SHOWN, 480, (line,) * SHOWN, 480, keeps=True)
    row = Row(NASTY, NASTY, Choice(label="Open", action="open_enquiry", about="E-1"))
    full = Part("A part", (row,) * 5, note=NASTY, more=4_000, page="/timeline")
    owned = Alerts(tuple(Alert(f"S-{n}", NASTY, "at once", "active", "none", (pauses(n),)) for n in range(10)), 3)
    for one in (seen, seen._replace(listed=False)):
        view = home_view(one, NASTY, "https://desk.example.org", owned, (full,) * 4)
        within_limits(view["blocks"], most=100)
        for text in mrkdwn_of(view):
            assert harmless(text), text
        assert buttons(view["blocks"])[-1] == "New alert"
        assert ("divider" in {block["type"] for block in view["blocks"]}) is one.listed, "nothing is cut off at the end"
