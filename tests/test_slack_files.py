"""Files that come with a concern in Slack: fetched from Slack with the token, and the token shown to nobody else."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cast
import pytest
from cast import PRUE
from fake_slack import BOT_TOKEN, Answer, FakeSlack, command_body
from marlshire import CARER, DOREEN, Marlshire, Seat
from PIL import Image
from workspace import FORM, words

from bot.slack.files import Files, files_of


def photograph() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(made, "PNG")
    return made.getvalue()


PHOTO = photograph()
AT = "/files-pri/T01-F01/photo.png"


@pytest.fixture
def fake(fake: FakeSlack) -> FakeSlack:
    fake.files[AT] = Answer(PHOTO)
    return fake


@pytest.fixture
def council(county_home: Path, tmp_path: Path, fake: FakeSlack) -> Iterator[Marlshire]:
    opened = Marlshire(cast.copy_home(county_home, tmp_path / "desk"), fake)
    yield opened
    opened.intake.stop()
    opened.wiring.store.close()


def where(fake: FakeSlack, path: str = AT) -> str:
    return fake.url.removesuffix("/api/") + path


def file(url: str, **more: Any) -> dict[str, Any]:
    """What Slack tells of a file."""
    return {"id": "F01", "name": "photo.png", "size": len(PHOTO), "url_private_download": url, "mode": "hosted", **more}


def fetch(fake: FakeSlack, *files: dict[str, Any], most: int = 1_000) -> tuple[list[bytes], list[str]]:
    found, wrong = Files(BOT_TOKEN, fake.url, None, most).fetched(files_of(files))
    return [one.content for one in found], list(wrong)


def test_a_file_is_fetched_with_the_token(fake: FakeSlack) -> None:
    assert fetch(fake, file(where(fake))) == ([PHOTO], [])
    assert fake.asked_for == [(AT, f"Bearer {BOT_TOKEN}")]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/photo.png", "https://files.slack.com.evil.example/x", "http://files.slack.com/x",
        "https://files.slack.com@127.0.0.1:{port}/x", "https://evil\\@files.slack.com/x", "file:///etc/passwd",
        "https://files.slack.com:8443/x", "//files.slack.com/x", "https://[", "",
    ],
)  # fmt: skip
def test_the_token_goes_to_nobody_but_slack(fake: FakeSlack, url: str) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        stranger.settimeout(0.05)
        content, [wrong] = fetch(fake, file(url.format(port=stranger.getsockname()[1])))
        with pytest.raises(TimeoutError):
            stranger.accept()
    assert content == []
    assert wrong.startswith("photo.png: not kept")
    assert fake.asked_for == []


def test_a_redirect_is_not_followed(fake: FakeSlack) -> None:
    fake.files[AT] = Answer("", 302, {"Location": where(fake, "/elsewhere")})
    content, [wrong] = fetch(fake, file(where(fake)))
    assert (content, "Slack did not give it" in wrong) == ([], True)
    assert [path for path, _ in fake.asked_for] == [AT]


@pytest.mark.parametrize("told", [5_000, 10, 0], ids=["by what Slack says", "though Slack says less", "unsaid"])
def test_a_file_that_is_too_large_is_not_read_to_its_end(fake: FakeSlack, told: int) -> None:
    fake.files[AT] = Answer(b"x" * 5_000)
    content, [wrong] = fetch(fake, file(where(fake), size=told))
    assert (content, "larger than" in wrong) == ([], True)
    assert len(fake.asked_for) == (0 if told == 5_000 else 1)


def test_what_breaks_off_is_not_kept(fake: FakeSlack) -> None:
    fake.files[AT] = Answer(PHOTO, headers={"Content-Length": "900"})
    content, [wrong] = fetch(fake, file(where(fake)))
    assert (content, "Send it again" in wrong) == ([], True)


def test_of_seven_files_five_are_fetched_and_two_are_said(fake: FakeSlack) -> None:
    content, wrong = fetch(fake, *[file(where(fake), name=f"{number}.png") for number in range(7)])
    assert len(content) == 5
    assert wrong == [f"{n}.png: not kept, 5 files are the most for one concern." for n in (5, 6)]


def test_a_photograph_comes_with_a_concern_and_one_that_cannot_be_had_is_said(
    council: Marlshire, fake: FakeSlack
) -> None:
    doreen = Seat(DOREEN, council)
    gone = file(where(fake, "/files-pri/T01-F02/gone.png"), name="gone.png")
    doreen.writes(CARER, subtype="file_share", files=[file(where(fake)), gone])
    said = words(doreen.sees()[0]["blocks"])
    assert "gone.png: not kept, because Slack did not give it. Send it again." in said
    assert "photo.png: not kept, because" not in said
    doreen.presses("Raise it")
    assert len(council.concerns()) == 1, "a concern is never lost for a file"
    assert "Kept with it: photo.png" in words(doreen_opens(doreen)["blocks"]).replace("*", "")
    assert BOT_TOKEN not in str(fake.posted)


def doreen_opens(doreen: Seat) -> dict[str, Any]:
    doreen.writes("where is C-0001?")
    return doreen.opens("Open")


def test_a_form_with_files_is_checked_at_once_and_its_files_are_fetched_behind_it(
    council: Marlshire, fake: FakeSlack
) -> None:
    doreen = Seat(DOREEN, council)
    council.deliver(command_body(DOREEN, "raise"), FORM)
    form = doreen.modal(1)
    filled_in = {"text": CARER, "place": "", "contract": "MCC-0002", "at_risk": "no", "files": [file(where(fake))]}
    assert list(doreen.sends(form, **{**filled_in, "text": "x"})["errors"]) == ["text"]
    assert fake.asked_for == [], "nothing is fetched for a form that is sent again"
    assert doreen.sends(form, **filled_in) == {}
    assert [path for path, _ in fake.asked_for] == [AT]
    assert "C-0001 is raised" in words(doreen.sees()[-1]["blocks"])
    assert "Kept with it: photo.png" in words(doreen_opens(doreen)["blocks"]).replace("*", "")


def test_a_file_without_a_word_is_asked_what_it_is_about(council: Marlshire, fake: FakeSlack) -> None:
    doreen = Seat(DOREEN, council)
    doreen.writes("", subtype="file_share", files=[file(where(fake))])
    assert "Send it again with a sentence" in words(doreen.sees()[0]["blocks"])
    assert fake.asked_for == []


def test_a_strangers_files_are_not_fetched(council: Marlshire, fake: FakeSlack) -> None:
    Seat(PRUE, council).writes(CARER, subtype="file_share", files=[file(where(fake))])
    assert fake.asked_for == []
