"""What the desk answers in Slack channels: everything, questions about the papers, nothing; and who says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cast
import pytest
from cast import ELSIE, MAX, MO, OLIVE, PRUE, Somebody
from click.testing import CliRunner
from council import Council
from fake_slack import CHANNEL, FakeSlack, click_body, command_body, direct, event_body, looks_at, mention
from workspace import FORM, Workspace, slack_settings, words

from bot.__main__ import desk as command
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import PRIVATE, Message, Outcome, Reply
from knowledge.models import Role
from knowledge.slack_channels import Mode, mode_of, set_mode, settings_made
from webhooks import create_app

QUESTION = "Who signs off a contract worth £600,000?"
ANSWER = "9.5 From £250,000"
OFF = "I am switched off in this Slack channel"


# --- on both engines ----------------------------------------------------------------------------------------------


def test_what_is_set_holds_for_that_slack_channel_and_says_who_set_it(council: Council) -> None:
    now = council.desk.now()
    with council.desk.store.writing() as connection:
        assert mode_of(connection, CHANNEL, Mode.DOCUMENTS) is Mode.DOCUMENTS, "as the settings say"
        assert set_mode(connection, CHANNEL, Mode.OFF, OLIVE.email, now)
        assert not set_mode(connection, CHANNEL, Mode.OFF, "", now), "it was so"
        assert set_mode(connection, "C0OTHER", Mode.ALL, "", now)
    with council.desk.store.reading() as connection:
        assert mode_of(connection, CHANNEL, Mode.ALL) is Mode.OFF
        assert [(one.channel, one.mode, one.by) for one in settings_made(connection)] == [
            (CHANNEL, Mode.OFF, OLIVE.email), ("C0OTHER", Mode.ALL, ""),
        ]  # fmt: skip


# --- who may ------------------------------------------------------------------------------------------------------


def says(wiring: Wiring, who: Somebody, text: str, **more: Any) -> Reply:
    addresses = (who.email, who.slack_id) if who.role is not Role.PROVIDER else ()
    given = {"surface": "slack", "slack_channel": CHANNEL, "addresses": addresses, "roles": {who.role}, **more}
    return handle(Message.model_validate({"text": text, **given}), wiring.desk)


@pytest.mark.parametrize("who", [MO, MAX, ELSIE, PRUE])
def test_nobody_but_officers_and_administrators_sets_it(wiring: Wiring, who: Somebody) -> None:
    assert says(wiring, who, "channel off").outcome is Outcome.REFUSED
    pressed = says(wiring, who, "", action="channel_mode", about=f"{CHANNEL}|off")
    assert pressed.outcome is Outcome.REFUSED
    assert says(wiring, who, "channel").choices == (), "anybody may read what holds"
    with wiring.store.reading() as connection:
        assert settings_made(connection) == []


@pytest.mark.parametrize(
    ("text", "mode"),
    [("channel off", Mode.OFF), ("Channel: documents", Mode.DOCUMENTS), ("this channel papers", Mode.DOCUMENTS),
     ("channel all", Mode.ALL), ("channel on", Mode.ALL)],
)  # fmt: skip
def test_an_officer_sets_it_in_a_few_words(wiring: Wiring, text: str, mode: Mode) -> None:
    with wiring.store.writing() as connection:
        set_mode(connection, CHANNEL, Mode.OFF if mode is not Mode.OFF else Mode.ALL, "", wiring.desk.now())
    reply = says(wiring, OLIVE, text)
    assert reply.text.startswith("Done")
    assert [one.about for one in reply.choices] == [f"{CHANNEL}|{one}" for one in Mode if one is not mode]
    with wiring.store.reading() as connection:
        assert mode_of(connection, CHANNEL, Mode.ALL) is mode


@pytest.mark.parametrize("about", ["", CHANNEL, f"{CHANNEL}|loud", "U0OLIVE|off", "|off"])
def test_a_button_that_says_nothing_sensible_sets_nothing(wiring: Wiring, about: str) -> None:
    assert says(wiring, OLIVE, "", action="channel_mode", about=about).outcome is Outcome.REFUSED


@pytest.mark.parametrize("text", ["the channel of communication", "which channel is off", "channel tunnel"])
def test_other_words_about_channels_are_questions(wiring: Wiring, text: str) -> None:
    assert says(wiring, OLIVE, text).outcome in (Outcome.ANSWERED, Outcome.NOT_IN_DOCUMENTS)


def test_in_a_terminal_a_channel_is_no_slack_channel(wiring: Wiring) -> None:
    reply = says(wiring, OLIVE, "channel off", surface="terminal", slack_channel="")
    assert reply.outcome is not Outcome.SETTING


def test_elsewhere_a_slack_channel_is_named_by_its_id(wiring: Wiring) -> None:
    notes = says(wiring, OLIVE, "channel").notes
    assert notes[0].startswith(f"The Slack channel is {CHANNEL}.")


# --- in Slack -----------------------------------------------------------------------------------------------------


@pytest.fixture
def open_workspace(home: Path, fake: FakeSlack) -> Iterator[Callable[..., Workspace]]:
    """Opens desks in Slack, and closes them."""
    opened: list[Workspace] = []

    def make(**more: str) -> Workspace:
        opened.append(Workspace(create_app(Wiring(cast.settings(home, **slack_settings(fake, **more)))), fake))
        return opened[-1]

    yield make
    fake.let_go()
    for workspace in opened:
        workspace.intake.stop()
        workspace.wiring.store.close()


@pytest.fixture
def workspace(open_workspace: Callable[..., Workspace]) -> Workspace:
    return open_workspace()


def aside(workspace: Workspace, count: int = 1) -> dict[str, Any]:
    """The last of so many replies to their askers only."""
    given = workspace.fake.await_calls("chat.postEphemeral", count)
    workspace.settled()
    assert len(given) == count
    return given[-1]


def test_an_officer_switches_the_desk_off_in_a_slack_channel_and_on_again(workspace: Workspace) -> None:
    workspace.deliver(command_body(OLIVE, "channel off"), FORM)
    given = aside(workspace)
    assert "I answer nobody there from now on" in words(given["blocks"])
    workspace.says(mention(PRUE, QUESTION))
    refused = aside(workspace, 2)
    assert (refused["user"], refused["channel"]) == (PRUE.slack_id, CHANNEL)
    assert OFF in words(refused["blocks"])
    workspace.says(mention(PRUE, QUESTION, channel="C0OTHER"))
    assert workspace.posts()[0]["channel"] == "C0OTHER", "off there, and nowhere else"
    workspace.says(direct(PRUE, QUESTION))
    workspace.deliver(command_body(PRUE, QUESTION), FORM)
    assert ANSWER in words(aside(workspace, 3)["blocks"]), "what nobody else sees is answered"
    [row] = [block for block in given["blocks"] if block["type"] == "actions"]
    button = row["elements"][0]
    assert button["text"]["text"] == "Answer everything"
    workspace.deliver(click_body(OLIVE, button["action_id"], button["value"], ephemeral=True), FORM)
    aside(workspace, 4)
    workspace.says(mention(PRUE, QUESTION))
    assert workspace.posts(3)[-1]["channel"] == CHANNEL


def test_where_only_papers_are_answered_nothing_else_is(open_workspace: Callable[..., Workspace]) -> None:
    workspace = open_workspace(DESK_SLACK_MODE="documents")
    workspace.says(mention(PRUE, QUESTION))
    assert ANSWER in words(workspace.posts()[0]["blocks"])
    workspace.says(mention(PRUE, "What is coming up in adult social care?"))
    workspace.says(mention(PRUE, "help"))
    for post in workspace.posts(3)[1:]:
        assert "intentions" not in words(post["blocks"])
    assert workspace.fake.made("chat.postEphemeral") == []


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.DOCUMENTS])
def test_somebody_at_risk_is_answered_everywhere(marlshire: Wiring, mode: Mode) -> None:
    desk = replace(marlshire.desk, slack_mode=mode)
    told = Message(
        text="an old man in Gullhaven has collapsed and is not breathing, the carer never came", public=True,
        roles=frozenset({Role.MEMBER}), slack_channel=CHANNEL, surface="slack",
    )  # fmt: skip
    reply = handle(told, desk)
    assert reply.outcome in PRIVATE, "seen by nobody but its asker"
    assert "999" in cast.words_of(reply)


def test_a_stranger_is_not_answered_either_where_the_desk_is_off(open_workspace: Callable[..., Workspace]) -> None:
    workspace = open_workspace(DESK_SLACK_MODE="off")
    workspace.says(mention(PRUE, QUESTION, user_team="T0OTHER"))
    assert OFF in words(aside(workspace)["blocks"])


def test_in_a_direct_message_the_slack_channel_in_view_is_meant_and_rights_stay_as_they_are(
    workspace: Workspace,
) -> None:
    for who in (OLIVE, MO):
        seen = {"type": "slack#/types/channel_id", "value": CHANNEL, "team_id": cast.HOME_TEAM}
        assert workspace.deliver(event_body(looks_at(who, {"type": "x", "value": 7}, seen))).status_code == 200
    workspace.says(direct(MO, "channel off"))
    assert "for officers and administrators" in words(workspace.posts()[0]["blocks"])
    workspace.says(direct(OLIVE, "channel off"))
    assert "The Slack channel is <#C0GENERAL>." in words(workspace.posts(2)[-1]["blocks"]), "drawn as Slack draws one"
    workspace.deliver(event_body(looks_at(OLIVE)))
    workspace.says(direct(OLIVE, "channel all"))
    assert "Type it in the Slack channel" in words(workspace.posts(3)[-1]["blocks"]), "they look at nothing now"
    with workspace.wiring.store.reading() as connection:
        assert mode_of(connection, CHANNEL, Mode.ALL) is Mode.OFF


# --- the command --------------------------------------------------------------------------------------------------


def test_an_administrator_lists_and_sets_it_by_command(home: Path) -> None:
    def runs(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(command, ["channels", *words], env=cast.environment(home))
        return done.exit_code, done.output

    assert runs() == (0, "Any other Slack channel: all (DESK_SLACK_MODE).\n")
    assert runs(CHANNEL, "off")[0] == 0
    [one] = json.loads(runs("--json")[1])
    assert (one["channel"], one["mode"], one["by"]) == (CHANNEL, "off", "")
    assert "command line" in runs()[1]
    assert [runs(*wrong)[0] for wrong in ((CHANNEL,), ("general", "off"), (CHANNEL, "loud"))] == [2, 2, 2]
