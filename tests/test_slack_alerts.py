"""Alerts in Slack: asked for in words and by a form, shown in App Home, told to a Slack channel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cast
import coming_work
import pytest
from cast import PRUE, Somebody
from fake_slack import (
    BOT_TOKEN,
    CHANNEL,
    Answer,
    FakeSlack,
    click_body,
    direct,
    event_body,
    home_opened,
    mention,
    until,
)
from marlshire import RUTH, Marlshire, Seat, buttons, opened, with_timeline
from workspace import FORM, viewed, within_limits, words

from bot.blocks.inputs import input_block, values_of
from bot.channels import Again, Never
from bot.channels.slack import SlackChannel
from handlers.letters import Letter
from handlers.messages import Entry, Outcome, Reply
from knowledge.models import Role
from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import State, Subscription

HOME_CARE = "tell me about home care work in Brenmouth under £500k"
PARTNERS = "T0PARTNER"
LENA = Somebody("Lena Orchard", "lena@charity.example.org", "U0LENA", Role.PROVIDER, listed=False)
"""Of another workspace, with which the council shares a Slack channel."""


@pytest.fixture(scope="module")
def home_with_timeline(county_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample council's desk with its coming work. Made once: copy it."""
    return with_timeline(county_home, tmp_path_factory.mktemp("slack-alerts") / "desk")


@pytest.fixture
def council(home_with_timeline: Path, tmp_path: Path, fake: FakeSlack) -> Iterator[Marlshire]:
    with opened(
        cast.copy_home(home_with_timeline, tmp_path / "desk"), fake, DESK_URL="https://desk.example.org"
    ) as council:
        council.now[0] = coming_work.TODAY
        yield council


def held(council: Marlshire) -> list[Subscription]:
    with council.wiring.store.reading() as connection:
        return record.every_subscription(connection, ended=True)


def only_to(council: Marlshire, who: Somebody) -> list[dict[str, Any]]:
    """What only somebody saw in a Slack channel."""
    return [one for one in council.fake.made("chat.postEphemeral") if one["user"] == who.slack_id]


# --- in words -----------------------------------------------------------------------------------------------------


def test_a_provider_starts_an_alert_in_direct_messages_and_stops_it_again(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    prue.writes(HOME_CARE)
    [offer] = prue.sees()
    assert "About: Home care. Area: Brenmouth. Value: up to £500,000." in words(offer["blocks"])
    assert buttons(offer["blocks"]) == ["Start: at once", "Daily round-up", "Weekly round-up", "Change", "No"]
    within_limits(offer["blocks"])
    assert held(council)[0].state is State.UNCONFIRMED

    prue.presses("Daily round-up")
    [now] = prue.sees()
    assert "S-1 is on: you hear every morning, in your direct messages" in words(now["blocks"])
    assert buttons(now["blocks"]) == ["Pause", "Change", "Delete"]
    [one] = held(council)
    assert (one.state, one.every, one.recipient, one.channel) == (State.ACTIVE, "daily", PRUE.slack_id, "slack")

    prue.presses("Delete")
    assert held(council)[0].state is State.ENDED
    assert buttons(prue.sees()[-1]["blocks"]) == ["Start S-1 again"]


def test_help_tells_of_alerts_once(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    prue.writes("help")
    said = words(prue.sees()[-1]["blocks"])
    assert said.count("tell me about home care work") == 1
    assert "/desk new alert" in said


def test_the_intentions_that_would_have_come_lead_to_their_pages(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    prue.writes("keep me posted on befriending grants")
    assert "<https://desk.example.org/timeline/INT-09|Befriending grants>" in str(prue.sees()[-1]["blocks"])


def test_slack_alerts_lists_them_for_their_owner_only(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    prue.writes(HOME_CARE)
    prue.presses("Start: at once")
    prue.types("alerts")
    [seen] = only_to(council, PRUE)
    assert "S-1" in str(seen["blocks"])
    assert "New alert" in str(seen["blocks"])
    Seat(RUTH, council).types("alerts")
    [others] = only_to(council, RUTH)
    assert "S-1" not in str(others["blocks"])
    assert "You have no alerts." in str(others["blocks"])


def test_in_a_channel_nobody_reads_along(council: Marlshire) -> None:
    council.says(mention(PRUE, "my alerts"))
    [said] = council.fake.await_calls("chat.postEphemeral")
    assert (said["channel"], said["user"]) == (CHANNEL, PRUE.slack_id)
    assert "write to me in a direct message" in words(said["blocks"])
    assert held(council) == []


def test_the_same_press_delivered_twice_is_one(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    prue.writes(HOME_CARE)
    body = prue.presses("Start: at once")
    before = held(council)
    council.deliver(body, FORM)
    council.settled()
    assert held(council) == before


def test_somebody_elses_button_does_nothing_to_it(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    prue.writes(HOME_CARE)
    prue.presses("Start: at once")
    body = click_body(RUTH, "do:pause_alert:0", "S-1", channel=f"D0{RUTH.slack_id}")
    assert council.deliver(body, FORM).status_code == 200
    council.settled()
    assert held(council)[0].state is State.ACTIVE
    assert "There is no such alert of yours" in words(Seat(RUTH, council).sees()[-1]["blocks"])


def test_what_only_shows_something_leaves_the_message_as_it_is(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    prue.writes("any grants for charities")
    before = len(prue.sees())
    prue.presses("Tell me of such work")
    assert len(prue.sees()) == before + 1
    assert buttons(prue.sees()[-2]["blocks"]) == ["Tell me of such work"]
    prue.presses("Start: at once")
    told = {"blocks": [{"type": "actions", "block_id": "acts::0:", "elements": [
        {"type": "button", "text": {"text": "Open it"}, "action_id": "do:open_intention:0", "value": "INT-33"},
        {"type": "button", "text": {"text": "My alerts"}, "action_id": "do:manage_alerts:1", "value": "1"},
    ]}], "ts": "1.1"}  # fmt: skip
    prue.presses("Open it", told)
    assert "Arts and festivals grants (INT-33), as it stands now." in words(prue.sees()[-1]["blocks"])
    prue.presses("My alerts", told)
    assert "S-1" in words(prue.sees()[-1]["blocks"])


# --- by the form --------------------------------------------------------------------------------------------------


def filled(**more: str) -> dict[str, str]:
    return {"what": "home care", "area": "", "low": "", "high": "", "cpv": "", "every": "weekly", **more}


def test_the_form_of_a_new_alert_opens_and_starts_it(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    prue.types("new alert", channel=f"D0{PRUE.slack_id}")
    view = prue.modal(1)
    assert view["title"]["text"] == "New alert"
    inputs = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    assert {name: inputs[name]["element"]["type"] for name in ("kinds", "suited", "days")} == {
        "kinds": "checkboxes", "suited": "checkboxes", "days": "checkboxes",
    }  # fmt: skip
    assert "where" not in inputs, "there is no Slack channel to choose"
    wrong = prue.sends(view, **filled(high="lots", kinds="tender,grant"))
    assert set(wrong["errors"]) == {"high"}
    assert prue.sends(view, **filled(kinds="tender,grant", every="days", days="tue,fri")) == {}
    [one] = held(council)
    assert (one.state, one.every, [kind.value for kind in one.criteria.kinds]) == (
        State.ACTIVE, "tue,fri", ["tender", "grant"],
    )  # fmt: skip
    assert "S-1 is on" in words(prue.sees()[-1]["blocks"])


def test_an_alert_for_a_slack_channel_is_made_where_it_is_told(council: Marlshire) -> None:
    ruth = Seat(RUTH, council)
    ruth.types("new alert", channel=CHANNEL)
    view = ruth.modal(1)
    [where] = [block for block in view["blocks"] if block.get("block_id") == "where"]
    assert [one["value"] for one in where["element"]["options"]] == ["me", CHANNEL]
    ruth.sends(view, **filled(where="C0ELSEWHERE"))
    assert "only tell the Slack channel in which you opened the form" in words(ruth.sees()[-1]["blocks"])
    assert held(council) == []
    assert ruth.sends(view, **filled(where=CHANNEL)) == {}
    [one] = held(council)
    assert (one.recipient, one.owner) == (CHANNEL, RUTH.email)
    assert council.fake.made("chat.postMessage")[-1]["channel"] == RUTH.slack_id, "its maker is told that it is on"


def test_changing_begins_with_what_it_asks_for_now(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    prue.writes("let me know of any grants for charities every monday and thursday")
    prue.presses("Start: every Monday and Thursday")
    view = prue.opens("Change")
    chosen = {
        block["block_id"]: [one["value"] for one in block["element"].get("initial_options", ())]
        for block in view["blocks"] if block["type"] == "input"
    }  # fmt: skip
    assert (chosen["kinds"], chosen["days"]) == (["grant"], ["mon", "thu"])
    assert prue.sends(view, **filled()) == {}
    assert held(council)[0].every == "weekly"


# --- App Home -----------------------------------------------------------------------------------------------------


def test_app_home_shows_everybody_their_alerts_to_pause_and_change(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    assert buttons(prue.opens_home()["blocks"]) == ["New alert"]
    prue.writes(HOME_CARE)
    prue.presses("Start: at once")
    view = prue.opens_home()
    assert "S-1" in words(view["blocks"])
    assert "Home care, in Brenmouth, up to £500,000" in words(view["blocks"])
    assert buttons(view["blocks"]) == ["Pause", "Change", "New alert"]
    within_limits(view["blocks"], most=100)
    body = click_body(PRUE, "do:pause_alert:0", "S-1", view={"id": "VHOME", "type": "home"})
    assert council.deliver(body, FORM).status_code == 200
    council.settled()
    assert held(council)[0].state is State.PAUSED
    until(lambda: "Paused since" in str(council.fake.made("views.publish")[-1]), "App Home shows it")


def test_a_provider_of_another_workspace_has_alerts_of_their_own(council: Marlshire) -> None:
    lena = Seat(LENA, council)
    council.deliver(event_body({**direct(LENA, HOME_CARE), "user_team": PARTNERS}))
    council.settled()
    body = click_body(LENA, "do:start_alert:0", "S-1|weekly", channel=f"D0{LENA.slack_id}", team=PARTNERS)
    assert council.deliver(body, FORM).status_code == 200
    council.settled()
    [one] = held(council)
    assert (one.state, one.recipient) == (State.ACTIVE, LENA.slack_id)
    council.deliver(event_body({**home_opened(LENA), "user_team": PARTNERS}))
    until(lambda: "every Monday morning" in str(council.fake.made("views.publish")[-1:]), "App Home shows it")
    assert lena.sees()


def test_somebody_of_another_workspace_cannot_have_a_slack_channel_told(council: Marlshire) -> None:
    view = {"id": "VX", "callback_id": "form", "private_metadata": "{}"}
    asked = click_body(LENA, "form:new_alert:0", "", channel=CHANNEL, team=PARTNERS)
    assert council.deliver(asked, FORM).status_code == 200
    view = viewed(council.fake.await_calls("views.open")[-1])
    assert "where" not in {block.get("block_id") for block in view["blocks"]}


# --- several of a form's options ----------------------------------------------------------------------------------


def several(count: int, value: str = "") -> Entry:
    options = tuple((f"v{number}", f"Option {number}") for number in range(count))
    return Entry(name="kinds", label="Which?", kind="several", options=options, value=value, required=False)


def test_several_options_are_boxes_and_many_a_menu() -> None:
    few, many = (input_block(several(count, "v1,v3"))["element"] for count in (10, 11))
    assert (few["type"], many["type"]) == ("checkboxes", "multi_static_select")
    for element in (few, many):
        assert [one["value"] for one in element["initial_options"]] == ["v1", "v3"]
    assert "initial_options" not in input_block(several(3, "gone"))["element"], "Slack refuses an empty list"
    assert input_block(several(101))["element"]["type"] == "plain_text_input"


def test_what_is_ticked_comes_back_with_commas() -> None:
    def given(*values: str) -> dict[str, Any]:
        chosen = [{"value": one} for one in values]
        return {"values": {"kinds": {"value": {"type": "checkboxes", "selected_options": chosen}}}}

    assert values_of(given("a", "b"))[0] == {"kinds": "a,b"}
    assert values_of(given())[0] == {"kinds": ""}


# --- told to a Slack channel --------------------------------------------------------------------------------------


def letter(address: str) -> Letter:
    reply = Reply(outcome=Outcome.SUBSCRIPTION, text="Home care: new")
    return Letter(id="a" * 32, kind="intention", address=address, slack_id=address, subject="New", reply=reply)


def refusal(fake: FakeSlack, error: str, address: str = CHANNEL) -> Again | Never:
    fake.will("chat.postMessage", Answer({"ok": False, "error": error}))
    with pytest.raises((Again, Never)) as told:
        SlackChannel(BOT_TOKEN, fake.url, "", pace=0).send(letter(address), again=False)
    found = told.value
    assert isinstance(found, Again | Never)
    return found


def test_a_slack_channel_is_written_to_and_nobody_looked_up(fake: FakeSlack) -> None:
    place = SlackChannel(BOT_TOKEN, fake.url, "", pace=0).send(letter(CHANNEL), again=False)
    assert place["channel"] == CHANNEL
    assert fake.made("users.info") == []
    assert SlackChannel(BOT_TOKEN, fake.url, "", pace=0).send(letter(CHANNEL), again=True) == place
    assert len(fake.made("chat.postMessage")) == 1, "what stands there is not sent again"


@pytest.mark.parametrize("error", ["not_in_channel", "channel_not_found", "is_archived", "restricted_action"])
def test_a_slack_channel_the_desk_cannot_write_in_is_not_tried_again(fake: FakeSlack, error: str) -> None:
    problem = refusal(fake, error)
    assert isinstance(problem, Never)
    assert problem.unreachable
    assert error in problem.reason


def test_a_lost_token_holds_up_everything_and_unsubscribes_no_channel(fake: FakeSlack) -> None:
    problem = refusal(fake, "invalid_auth")
    assert isinstance(problem, Again)
    assert problem.whole_channel
