"""The same trouble told again by another Member, told apart from other trouble on the same contract: measured."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from counties import messages

from knowledge.concerns.alike import most_alike

DATA = Path(__file__).parent / "data"


def pairs() -> list[dict[str, Any]]:
    """Sixty of each kind, invented: same, title, area, first, second."""
    lines = (DATA / "alike.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def is_offered(pair: dict[str, Any]) -> bool:
    """Whether the first is offered to whoever tells the second."""
    return most_alike(pair["second"], [(1, pair["first"])], [pair["title"], pair["area"]]) is not None


def test_what_is_offered_is_nearly_always_the_same_and_most_that_is_the_same_is_offered() -> None:
    told = pairs()
    assert (len(told), sum(pair["same"] for pair in told)) == (120, 60)
    offered = [pair for pair in told if is_offered(pair)]
    right = sum(pair["same"] for pair in offered)
    precision, recall = right / len(offered), right / 60
    print(f"precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.92
    assert recall >= 0.87


@pytest.mark.parametrize("county", ["fenwold", "derwentshire"])
def test_different_concerns_of_a_county_are_hardly_ever_taken_for_one(county: str) -> None:
    texts = [one["text"] for one in messages(DATA / "counties" / county) if one["expect"] == "contract"]
    alike = sum(most_alike(one, [(1, other)]) is not None for one, other in combinations(texts, 2))
    assert alike <= 3


def test_the_most_alike_of_several_is_given() -> None:
    others = [
        (1, "Quay Street: bollard outside the bank has been knocked flat"),
        (2, "There's a deep hole in Quay Street by the chemist, two burst tyres this week"),
        (3, "a crater in Quay Street"),
    ]
    assert most_alike("Quay Street - crater next to the chemist, people bursting tyres", others) == 2


@pytest.mark.parametrize("text", ["", "the a of", "pothole", "the road", "!!!"])
def test_a_text_that_says_next_to_nothing_resembles_nothing(text: str) -> None:
    assert most_alike(text, [(1, text), (2, "There is a pothole in the road")]) is None


def test_words_that_every_concern_of_a_contract_has_do_not_count() -> None:
    first, second = "Home care in Brenmouth missed the visit again", "Home care in Brenmouth sent a rude carer"
    assert most_alike(second, [(1, first)], ["Home care: Brenmouth"]) is None
