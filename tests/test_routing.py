"""The contract a message is about, in the sample council's register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from cast import SAMPLE
from counties import County, open_county

from knowledge.register.finding.routing import Matter


@pytest.fixture(scope="module")
def marlshire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = open_county(SAMPLE, tmp_path_factory.mktemp("marlshire"))
    yield county
    county.store.close()


def first(county: County, text: str, division: str = "", day: date = date(2026, 11, 20)) -> str:
    routed = county.route(text, division, day)
    assert routed.matter is Matter.CONTRACT, routed
    return routed.contracts[0].row.reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("the carer hasn't come to an old chap in Gullhaven three mornings running", "MCC-0002"),
        ("carers always late for a lady in Crossenby, she's still in her nightie at noon", "MCC-0004"),
        ("Kindlyhours carers rushing about in Astonmere", "MCC-0003"),
        ("lamp post out in Hobbersett since the clocks went back", "MCC-0033"),
        ("tip in Marlchester turned a pensioner away", "MCC-0036"),
        ("commode and hoist never delivered, Stavermoor", "MCC-0011"),
        ("brightmile taxi late for a lad in Winnersea again, missed registration at his special school", "MCC-0025"),
        ("verge in Tarrowdale not cut, can't see out of the junction", "MCC-0039"),
        ("what is MCC-0014 doing, nobody answers an old man in Overmarl", "MCC-0014"),
        ("library in Pellingarth shut early again, children turned away", "MCC-0040"),
        (
            "lunch cold again for an old lady in Fellcaster school canteen helpers say the school dinners are late",
            "MCC-0030",
        ),
    ],
)
def test_a_concern_finds_its_contract(marlshire: County, text: str, reference: str) -> None:
    assert first(marlshire, text) == reference


def test_the_place_decides_between_lots_and_the_text_wins_over_the_division(marlshire: County) -> None:
    text = "home carer never came this morning"
    assert first(marlshire, text, "Overmarl") == "MCC-0006"
    assert first(marlshire, f"{text}, gentleman in Saltmarl", "Overmarl") == "MCC-0005"


def test_the_contract_in_force_is_named_on_either_side_of_a_change(marlshire: County) -> None:
    text = "street lamps out all along the main road in Quillham, pitch dark for a week"
    assert first(marlshire, text, day=date(2026, 11, 20)) == "MCC-0033"
    assert first(marlshire, text, day=date(2027, 8, 1)) == "MCC-0048"
    assert first(marlshire, text, day=date(2027, 6, 30)) == "MCC-0033", "the last day is in force"
    assert first(marlshire, text, day=date(2027, 7, 1)) == "MCC-0048", "the first day too"


def test_what_has_ended_and_has_no_successor_is_still_named(marlshire: County) -> None:
    assert first(marlshire, "Quitwell stopped answering, chap in Saltmarl wants his patches") == "MCC-0018"


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("home carer late again", "place"),
        ("can someone ring her please", "service"),
        ("still not sorted!!", "service"),
    ],
)
def test_a_vague_message_is_asked_for_what_it_lacks(marlshire: County, text: str, lacks: str) -> None:
    routed = marlshire.route(text)
    assert (routed.matter, routed.lacks) == (Matter.TOO_VAGUE, lacks)


@pytest.mark.parametrize(
    ("text", "body", "district"),
    [
        ("bins not emptied for three weeks in Gullhaven", "district council", "Brenmouth"),
        ("council tax bill wrong for a widow in Crossenby", "district council", "Pellingarth"),
        ("nobody can get a GP appointment in Fellcaster", "NHS", "High Marl"),
        ("sewage coming up through the manhole in Astonmere", "water company", "Quillendale"),
        ("huge hole in the hard shoulder on the M45 near Amblegarth", "National Highways", "Marlchester"),
        ("train from Saltmarl cancelled every morning this week", "train operator", "Saltmarl Coast"),
        ("potholes all over Skelberry", "neighbouring unitary", "Dravenport"),
    ],
)
def test_what_is_not_the_countys_is_said_to_be_whose_it_is(
    marlshire: County, text: str, body: str, district: str
) -> None:
    routed = marlshire.route(text)
    assert (routed.matter, routed.body, routed.district) == (Matter.NOT_OURS, body, district)


ODD = {
    "empty": "",
    "mark": "?",
    "lines": "\n\n",
    "emoji": "🙄🙄🙄",
    "bidi": "\u202e\u202e",
    "long word": "a" * 20_000,
    "long": "the carer " * 2_000,
    "mentions": "<@U123> <!channel>",
    "sql": "'; DROP TABLE contract; --",
    "fts": '"""*()^AND OR NOT NEAR',
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_text_is_routed_without_a_fault(marlshire: County, text: str) -> None:
    assert marlshire.route(text).matter in set(Matter)
