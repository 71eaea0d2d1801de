"""What somebody may do here by their role: under "help", and suggested when they open the desk in Slack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cast
import pytest
from cast import DEE, ELSIE, MAX, MO, OLIVE, PRUE, Somebody
from fake_slack import Answer, FakeSlack, event_body, home_opened, until
from marlshire import COUNCIL, DOREEN, PRIYA, RUTH, Marlshire, Seat, buttons, opened
from workspace import within_limits, words

from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.examples import suggested, tried
from handlers.messages import Message, Outcome, Reply
from knowledge.examples import kinds, kinds_of
from knowledge.models import Role


def message(*roles: Role, text: str = "help", **more: Any) -> Message:
    return Message.model_validate({"text": text, "surface": "slack", "roles": frozenset(roles), **more})


def test_every_role_has_its_kind_and_nobody_has_two_of_one() -> None:
    for role in Role:
        assert len(kinds_of(frozenset({role}))) == 1, role
    assert [one.name for one in kinds_of(frozenset({Role.PROVIDER, Role.OFFICER}))] == ["officer"]
    assert [one.name for one in kinds_of(frozenset({Role.MANAGER, Role.DIRECTOR, Role.MEMBER}))] == [
        "member",
        "manager",
    ]
    assert [one.name for one in kinds_of(frozenset({Role.ADMINISTRATOR}), public=True)] == ["channel"]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_every_example_is_understood(demonstration: Path, kind: Any, tmp_path: Path) -> None:
    wiring = Wiring(cast.settings(cast.copy_home(demonstration, tmp_path / "desk")))
    person = {"addresses": ("olive@example.org", "U0OLIVE")} if kind.roles - {Role.PROVIDER} else {}
    for one in kind.try_:
        for role in kind.roles or {Role.PROVIDER}:
            asked = message(role, text=one.say, public=not kind.roles, proved="U0OLIVE", **person)
            reply = handle(asked, wiring.desk)
            assert reply.outcome not in (Outcome.NOT_IN_DOCUMENTS, Outcome.ERROR, Outcome.TOO_VAGUE), one.say
    wiring.store.close()


# --- help ---------------------------------------------------------------------------------------------------------


def helped(wiring: Wiring, *roles: Role, **more: Any) -> Reply:
    return handle(message(*roles, **more), wiring.desk)


@pytest.mark.parametrize(
    ("who", "says", "says_not"),
    [
        (MO, "constituent's trouble", "new intention"),
        (OLIVE, "You write the timeline", "constituent's trouble"),
        (MAX, "Concerns about your contracts come to you", "constituent's trouble"),
        (DEE, "Concerns about your contracts come to you", "You write the timeline"),
        (PRUE, "what you want to hear of", "Concerns about your contracts"),
    ],
    ids=lambda one: getattr(one, "name", ""),
)
def test_help_fits_the_role_with_three_examples_to_press(
    wiring: Wiring, who: Somebody, says: str, says_not: str
) -> None:
    reply = helped(wiring, who.role)
    assert any(says in note for note in reply.notes)
    assert not any(says_not in note for note in reply.notes)
    assert len(reply.choices) == 3
    assert all(one.text and len(one.label) <= 75 for one in reply.choices)


def test_somebody_with_several_roles_reads_of_each_and_each_example_once(wiring: Wiring) -> None:
    reply = helped(wiring, Role.MEMBER, Role.OFFICER, Role.MANAGER, Role.ADMINISTRATOR)
    said = " ".join(reply.notes)
    assert all(one.does[0] in said for one in kinds() if one.roles and one.name != "somebody")
    asked = [one.text for one in reply.choices]
    assert len(set(asked)) == len(asked) <= 10
    assert [one for one in asked if one == "my concerns"] == ["my concerns"], "a Member's and a manager's"


def test_where_others_read_along_nothing_of_ones_own_is_offered(wiring: Wiring) -> None:
    reply = helped(wiring, Role.MANAGER, public=True)
    assert not {one.text for one in reply.choices} & {"my concerns", "my alerts", "raise a concern"}


def test_officers_try_the_councils_own_questions_first(wiring: Wiring) -> None:
    own = wiring.pack.questions[:2]
    assert own, "the sample's pack has some"
    title, prompts = suggested(message(Role.OFFICER), wiring.desk)
    assert title
    assert tuple(one.text for one in prompts[:2]) == own
    long = replace(wiring.desk, questions=("How " + "very " * 30 + "long?", "x" * 301))
    assert tried(message(Role.OFFICER), long)[1][0].label.endswith("…")
    assert all(one.text != "x" * 301 for one in suggested(message(Role.OFFICER), long)[1])
    none = replace(wiring.desk, questions=())
    assert suggested(message(Role.OFFICER), none)[1][0].text == "Which contracts end in the next 12 months?"


# --- suggested in Slack -------------------------------------------------------------------------------------------


@pytest.fixture
def council(county_home: Path, tmp_path: Path, fake: FakeSlack) -> Iterator[Marlshire]:
    with opened(cast.copy_home(county_home, tmp_path / "desk"), fake) as council:
        yield council


def opens_messages(council: Marlshire, who: Somebody, count: int = 1) -> dict[str, Any]:
    """Somebody opens their messages with the desk. Gives what is suggested, the so many-th time."""
    assert council.deliver(event_body(home_opened(who, "messages"))).status_code == 200
    return council.fake.await_calls("assistant.threads.setSuggestedPrompts", count)[-1]


def test_who_opens_the_messages_is_suggested_what_fits_their_role(council: Marlshire) -> None:
    first = {}
    for count, who in enumerate((DOREEN, RUTH, PRIYA, PRUE), start=1):
        given = opens_messages(council, who, count)
        assert given["channel_id"] == f"D0{who.slack_id}"
        assert "thread_ts" not in given, "Slack drops a call of an agent that names a thread"
        assert 0 < len(given["prompts"]) <= 4
        assert all(one["title"] and one["message"] for one in given["prompts"])
        first[who.name] = (given["title"], given["prompts"][0]["message"])
    assert len(set(first.values())) == 4, first
    assert council.fake.made("views.publish") == [], "App Home is not what they opened"
    assert {one.slack_id for one in COUNCIL} >= {DOREEN.slack_id}


def test_where_a_workspace_suggests_nothing_it_is_asked_once_and_answers_as_ever(council: Marlshire) -> None:
    council.fake.lacks("assistant.threads.setSuggestedPrompts")
    opens_messages(council, DOREEN)
    Seat(DOREEN, council).writes("my concerns")
    council.deliver(event_body(home_opened(DOREEN, "messages")))
    Seat(DOREEN, council).opens_home()
    assert len(council.fake.made("assistant.threads.setSuggestedPrompts")) == 1
    assert "There are no concerns of yours" in words(council.fake.posted[0]["blocks"])


def test_a_busy_slack_suggests_nothing_now_and_is_asked_again(council: Marlshire) -> None:
    busy = Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "30"})
    council.fake.will("assistant.threads.setSuggestedPrompts", busy)
    opens_messages(council, DOREEN)
    until(lambda: opens_messages(council, DOREEN, 2), "asked again")


def test_what_help_offers_is_pressed_and_answered(council: Marlshire) -> None:
    ruth = Seat(RUTH, council)
    ruth.writes("help")
    [shown] = ruth.sees()
    within_limits(shown["blocks"])
    assert "`/desk channel off`" in words(shown["blocks"])
    assert len(buttons(shown["blocks"])) == 5, "she is an officer and an administrator"
    ruth.presses("Contracts that end within a year", shown)
    assert "contracts fit" in words(ruth.sees()[-1]["blocks"])
    Seat(ELSIE, council).writes("help")
    assert "`/desk channel off`" not in words(Seat(ELSIE, council).sees()[-1]["blocks"])
