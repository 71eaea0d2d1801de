"""Alerts in a local Slack with a real mail server beside it: asked for in chat and by a command, told at once and in
Monday's round-up, once each."""

from __future__ import annotations

import json
import os
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from cast import PRUE
from fake_slack import until
from lab import Camera, Lab, open_lab, text_of
from mail import MailServer
from marlshire import COUNCIL, PRIYA, button_of
from workspace import words

ROSA = "rosa@charity.example.org"
WISH = "tell me about home care work in Gullhaven under £500k"
GIVEN = {"title": "Home care in Gullhaven", "tender": "Q4 2026/27", "value": "£200k to £450k"}
WHY = "Providers asked for time to form partnerships."


@pytest.fixture
def post() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def council(county_home: Path, tmp_path: Path, post: MailServer) -> Iterator[Lab]:
    """The sample council with its register in a local Slack, a provider in it, and a mail server."""
    mail = {
        "DESK_SMTP_HOST": "127.0.0.1", "DESK_SMTP_PORT": str(post.port), "DESK_SMTP_SECURITY": "none",
        "DESK_MAIL_FROM": "The desk <desk@marl.example.org>", "DESK_URL": "{address}",
    }  # fmt: skip
    with open_lab("events", county_home, tmp_path, (*COUNCIL, PRUE), **mail) as lab:
        yield lab


def pressed_on_a_page(link: str) -> str:
    """What a page says after its button was pressed, by somebody with a browser."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with opener.open(link, timeout=10) as answer:
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    assert token
    body = urllib.parse.urlencode({"csrf_token": token[1], "do": "confirm"}).encode()
    with opener.open(link, body, timeout=10) as answer:
        return str(answer.read().decode())


def test_a_charity_and_a_provider_hear_of_a_plan_and_of_its_moved_date_once(council: Lab, post: MailServer) -> None:
    """With pictures where TEST_SCREENSHOTS names a folder."""
    hers, his = council.direct_channel(PRUE), council.direct_channel(PRIYA)
    with Camera(council, os.environ.get("TEST_SCREENSHOTS", "")) as camera:
        council.says(PRUE, WISH, hers)
        [offer] = council.await_replies(hers)
        assert "Home care" in words(offer["blocks"])
        camera.takes("20-alert-offered", PRUE, hers)
        council.press(PRUE, hers, offer, "Start: at once")
        until(lambda: "S-1" in text_of(council.replies(hers)), "the alert begun")
        camera.takes("21-alert-begun", PRUE, hers)

        made = json.loads(council.runs("subscribe", "--email", ROSA, "home care, every Monday", "--json"))
        council.work()
        [ask] = [mail for mail in post.arrived if mail["To"] == ROSA]
        link = re.search(r"http://127\.0\.0\.1:\d+/alerts/confirm/\S+", ask.get_body(("plain",)).get_content())
        assert link
        assert "is confirmed" in pressed_on_a_page(link[0])
        assert json.loads(council.runs("subscriptions", "show", made["reference"], "--json"))["state"] == "active"

        council.command(PRIYA, his, "new intention")
        until(lambda: council.send(PRIYA, **GIVEN) == {}, "published, though a busy desk may ask to send it again")
        published = council.last_reply(his)
        council.runs("work", "--once")
        [_, told] = council.await_replies(hers, 2)
        assert "Home care in Gullhaven" in words(told["blocks"])
        assert "S-1" in words(told["blocks"])
        assert button_of(told["blocks"], "Stop this alert")
        camera.takes("22-told", PRUE, hers)
        assert [mail for mail in post.arrived if mail["To"] == ROSA] == [ask], "she hears on Monday"

        council.press(PRIYA, his, published, "Change it")
        council.send(PRIYA, tender="June 2027", reason=WHY)
        until(lambda: "version 2" in text_of(council.replies(his)), "the change told", 15)
        council.work()
        told = council.await_replies(hers, 3)[-1]
        assert "June 2027" in words(told["blocks"])
        assert WHY in words(told["blocks"])
        camera.takes("23-changed", PRUE, hers)
        [_, round_up] = [mail for mail in post.arrived if mail["To"] == ROSA]
        body = round_up.get_body(("plain",)).get_content()
        assert "Home care in Gullhaven" in body
        assert "June 2027" in body
        assert WHY in body
        assert round_up["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

        council.work()
        assert len(council.replies(hers)) == 3
        assert len([mail for mail in post.arrived if mail["To"] == ROSA]) == 2
        treated = json.loads(council.runs("treatment", "INT-1", "--json"))
        camera.takes("24-home", PRUE)
        home = council.open_home(PRUE)
        assert "Your alerts" in words(home["blocks"])
    assert "INT-1" in json.dumps(treated)
    assert all(one["ms"] < 3_000 for one in council.deliveries()), "acknowledged within three seconds"
    assert council.refused() == set(), "nothing that Slack would refuse"
    folder = os.environ.get("TEST_SCREENSHOTS", "")
    if folder:
        Path(folder, "round-up.html").write_text(str(round_up.get_body(("html",)).get_content()), encoding="utf-8")
