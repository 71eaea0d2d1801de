"""A review recorded in a local Slack, from the words that ask for the form to what it found."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import cast
import pytest
from fake_slack import until
from lab import Camera, Lab, open_lab, text_of
from marlshire import COUNCIL, PRIYA
from test_patterns import TEXTS
from test_review_pages import raises
from workspace import words

from bot.wiring import Wiring
from handlers.timed import run_due


@pytest.fixture
def council(county_home: Path, tmp_path: Path) -> Iterator[Lab]:
    """The sample council in a local Slack, with three concerns on one contract."""
    home = cast.copy_home(county_home, tmp_path / "made")
    wiring = Wiring(cast.settings(home))
    for text in TEXTS[:3]:
        raises(wiring, text)
    run_due(wiring.desk)
    wiring.store.close()
    with open_lab("events", home, tmp_path, COUNCIL) as lab:
        yield lab


def test_a_review_is_recorded_from_a_modal(council: Lab) -> None:
    """With pictures where TEST_SCREENSHOTS names a folder."""
    hers = council.direct_channel(PRIYA)
    with Camera(council, os.environ.get("TEST_SCREENSHOTS", "")) as camera:
        council.says(PRIYA, "record the review of MCC-0002", hers)
        [offer] = council.await_replies(hers)
        council.press(PRIYA, hers, offer, "Review MCC-0002")
        said = words(council.modal()["blocks"])
        assert "3 concerns so far: 0 late, 0 reopened." in said
        assert "*C-0003* raised" in said
        camera.takes("30-review-form", PRIYA, hers)
        wrong = council.send(PRIYA, outcome="not_met", changes="Mrs Okafor moves.", next_on="2035-03-31")
        assert set(wrong) == {"changes"}
        camera.takes("31-review-wrong", PRIYA, hers)
        until(lambda: council.send(PRIYA, outcome="not_met", changes="A new rota.", next_on="2035-03-31") == {}, "sent")
        until(lambda: "outcomes not met. The next is due on 31 March 2035" in text_of(council.replies(hers)), "told")
        camera.takes("32-review-recorded", PRIYA, hers)
        home = council.open_home(PRIYA)
        assert "Reviews coming up" in words(home["blocks"])
        assert "Several concerns on one contract" in words(home["blocks"])
    assert council.refused() == set()
