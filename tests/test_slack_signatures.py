"""Slack over HTTP: what is not signed as Slack signs is turned away with 401, whatever it is, and leaves nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import cast
import pytest
from cast import MAX, PRUE
from fake_slack import BOT, CHANNEL, FakeSlack, click_body, command_body, direct, event_body, mention, signed
from workspace import FORM, Workspace, slack_settings, words

from bot.slack.payloads import home_of, is_stranger, team_of
from bot.slack.people import People
from bot.wiring import Wiring
from knowledge.models import Role
from webhooks import create_app

ABROAD = "T0ABROAD"


@pytest.fixture(scope="module")
def place(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    home = cast.copy_home(sample_home, tmp_path_factory.mktemp("signatures") / "desk")
    with FakeSlack() as fake:
        wiring = Wiring(cast.settings(home, **slack_settings(fake)))
        made = Workspace(create_app(wiring), fake)
        yield made
        made.intake.stop()
        wiring.store.close()


@pytest.mark.parametrize(
    "moment",
    ["", " ", "x", "-1", "+1", "1.5", "1e9", "nan", "inf", "0", "9" * 12, "9" * 13, "9" * 4_000, "9" * 5_000,
     "١٧٦٣٠٠٠٠٠٠", "1763000000,1763000001", "0x69", "²"],
    ids=lambda one: one[:14] or "empty",
)  # fmt: skip
def test_a_moment_that_is_none_is_turned_away(place: Workspace, moment: str) -> None:
    """Five thousand digits are more than Python makes a number of."""
    body = event_body(direct(PRUE, "hello"))
    headers = {**signed(body), "X-Slack-Request-Timestamp": moment.encode().decode("latin-1")}
    assert place.app.test_client().post("/slack/events", data=body, headers=headers).status_code == 401
    assert place.rows() == []


@pytest.mark.parametrize("signature", ["", "v0=", "v1=" + "0" * 64, "v0=é", "\xff" * 64, "v0=" + "0" * 6_000])
def test_a_signature_that_is_none_is_turned_away(place: Workspace, signature: str) -> None:
    body = event_body(direct(PRUE, "hello"))
    headers = {**signed(body), "X-Slack-Signature": signature}
    assert place.app.test_client().post("/slack/events", data=body, headers=headers).status_code == 401
    assert place.rows() == []


@pytest.mark.parametrize("seconds", [-3_600, -303, 303, 3_600])
def test_five_minutes_either_way_and_no_longer(place: Workspace, seconds: int) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "here"})
    client = place.app.test_client()
    far, near = time.time() + seconds, time.time() + (295 if seconds > 0 else -295)
    assert client.post("/slack/events", data=body, headers=signed(body, at=far)).status_code == 401
    answer = client.post("/slack/events", data=body, headers=signed(body, at=near))
    assert (answer.status_code, answer.get_json(silent=True) or answer.get_data(as_text=True)) in (
        (200, {"challenge": "here"}), (200, "here"),
    )  # fmt: skip


def test_a_body_is_signed_whole_and_by_one_secret(place: Workspace) -> None:
    body, client = event_body(direct(PRUE, "hello")), place.app.test_client()
    for data, headers in (
        (body + " ", signed(body)), (body[:-1], signed(body)), ("", signed(body)),
        (body.encode() + b"\xff", signed(body)),
        (body, signed(body, secret="another")), (body, signed("")), (body, {}),
        (urlencode({"payload": body}), signed(body, kind=FORM)),
    ):  # fmt: skip
        assert client.post("/slack/events", data=data, headers=headers).status_code == 401
    assert place.rows() == []


@pytest.mark.parametrize("body", ["{", "[]", "3", "null", "[" * 50_000], ids=lambda one: one[:4])
def test_what_slack_signed_and_is_no_json_object_is_turned_away_too(place: Workspace, body: str) -> None:
    assert place.app.test_client().post("/slack/events", data=body, headers=signed(body)).status_code == 400


def test_slacks_check_of_its_certificate_does_nothing(place: Workspace) -> None:
    """Bolt answers it unsigned, so nothing else may ride along with it."""
    body = f"{command_body(MAX, 'concerns')}&ssl_check=1"
    answer = place.app.test_client().post("/slack/events", data=body, headers={"Content-Type": FORM})
    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert place.rows() == []


def test_what_is_delivered_again_is_answered_once(place: Workspace) -> None:
    before = len(place.fake.made("chat.postMessage"))
    body = place.says(direct(PRUE, "hello"))
    for number in ("1", "2"):
        more = {"X-Slack-Retry-Num": number, "X-Slack-Retry-Reason": "http_timeout"}
        assert place.deliver(body, **more).status_code == 200
    place.settled()
    assert len(place.fake.made("chat.postMessage")) == before + 1


@pytest.mark.parametrize(
    "more",
    [{"bot_id": "B0OTHER"}, {"subtype": "bot_message"}, {"subtype": "message_changed"}, {"subtype": "message_deleted"},
     {"subtype": "channel_join"}, {"user": BOT}, {"user": None}],
    ids=str,
)  # fmt: skip
def test_bots_the_desk_itself_and_what_was_changed_or_deleted_are_not_answered(
    place: Workspace, more: dict[str, str]
) -> None:
    before = len(place.rows())
    for event in (direct(PRUE, "hello"), mention(PRUE, "hello")):
        assert place.deliver(event_body({**event, **more})).status_code == 200
    assert len(place.rows()) == before


# --- users of other workspaces ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["user_team", "source_team", "team"])
def test_a_message_from_another_workspace_is_a_strangers_wherever_slack_says_so(mark: str) -> None:
    for others in ({}, {"user_team": cast.HOME_TEAM}, {"source_team": cast.HOME_TEAM}):
        body = json.loads(event_body({**direct(MAX, "hello"), **others, mark: ABROAD}))
        assert (is_stranger(body), team_of(body), home_of(body)) == (True, ABROAD, cast.HOME_TEAM)
    assert not is_stranger(json.loads(event_body({**direct(MAX, "hello"), mark: cast.HOME_TEAM})))


def test_a_press_that_names_only_its_pressers_workspace_gives_no_rights_here(place: Workspace) -> None:
    """Max is on the list, by this very id. Of another workspace he is a provider, and reads no paper of ours."""
    abroad = click_body(MAX, "open_passage", "CM#2.2", team=ABROAD).replace(cast.HOME_TEAM, ABROAD)
    for body, shown in ((abroad, False), (click_body(MAX, "open_passage", "CM#2.2"), True)):
        before = len(place.fake.made("views.open"))
        assert place.deliver(body, FORM).status_code == 200
        view = place.fake.await_calls("views.open", before + 1)[-1]["view"]
        assert ("tier A contract" in words(view["blocks"])) == shown


def test_a_command_that_names_only_its_senders_workspace_gives_no_rights_here(place: Workspace) -> None:
    body = command_body(MAX, "affordability ceiling", channel=CHANNEL).replace(cast.HOME_TEAM, ABROAD)
    before = len(place.fake.made("chat.postEphemeral"))
    assert place.deliver(body, FORM).status_code == 200
    told = place.fake.await_calls("chat.postEphemeral", before + 1)[-1]
    assert cast.CEILING not in words(told["blocks"])


@pytest.mark.parametrize(
    ("team", "told", "home"),
    [("", {"team_id": cast.HOME_TEAM}, cast.HOME_TEAM), (cast.HOME_TEAM, {}, cast.HOME_TEAM),
     ("", {"team_id": "E0GRID"}, ""), ("", {"team_id": "T0X", "is_enterprise_install": True}, "")],
)  # fmt: skip
def test_which_workspace_is_ours_is_set_or_asked_for_once(
    place: Workspace, team: str, told: dict[str, object], home: str
) -> None:
    client = Told(told)
    people = People(place.wiring.store, client, team)  # type: ignore[arg-type]
    assert [people.home(), people.home()] == [home, home]
    assert client.asked == (0 if team else 1)
    stranger = people.person(MAX.slack_id, {"team": ABROAD, "home": ABROAD})
    assert (Role.MANAGER in stranger.roles) == (home == ""), "installed in many, there is only what a delivery says"


class Told:
    """A client of Slack's that says which workspace its token is of."""

    def __init__(self, told: dict[str, object]) -> None:
        self.told, self.asked = told, 0

    def auth_test(self) -> dict[str, object]:
        """The workspace."""
        self.asked += 1
        return self.told
