"""The contract a message is about, in the sample council's register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from cast import SAMPLE
from counties import County, open_county

from knowledge.register.roads import trunk_road
from knowledge.register.routing import Matter


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


@pytest.mark.parametrize(
    "text",
    [
        "who manages the street lighting contract?",
        "how many contracts over £1m are with charities?",
        "hi, I'm a new councillor - do I just type the problem?",
        "who can see a resident's name if I put it in here?",
        "is weeding pavements us or the districts? general question",
    ],
)
def test_a_question_is_no_concern(marlshire: County, text: str) -> None:
    assert marlshire.route(text).matter is Matter.QUESTION


def test_somebody_at_risk_comes_first_with_the_contract_where_one_fits(marlshire: County) -> None:
    routed = marlshire.route("Fellside carer was seen hitting an old lady in Overmarl, she's covered in bruises")
    assert routed.matter is Matter.SAFEGUARDING
    assert routed.contracts[0].row.reference == "MCC-0006"


def test_two_concerns_in_one_message_both_find_theirs(marlshire: County) -> None:
    routed = marlshire.route(
        "Two things from my surgery in Quillham: (1) street lamp flashing all night like a disco "
        "(2) grass verge waist high by the crossroads"
    )
    assert [one.row.reference for one in routed.contracts[:2]] == ["MCC-0033", "MCC-0039"]


@pytest.mark.parametrize(
    ("text", "road"),
    [
        ("lorry on the M20 coastbound", "M20"),
        ("barrier down on the a249", "A249"),
        ("A1(M) slip road", "A1(M)"),
        ("hole on the A2999", ""),
        ("a 20 minute wait", ""),
        ("6 m 20 deep", ""),
    ],
)
def test_trunk_roads_are_known_by_their_numbers(text: str, road: str) -> None:
    assert trunk_road(text) == road


@pytest.mark.parametrize(
    "text",
    [
     "", "?", "\n\n", "🙄🙄🙄", "‮‮", "a" * 20_000, "the carer " * 2_000, "<@U123> <!channel>", "'; DROP TABLE contract; --",
     '"""*()^AND OR NOT NEAR'],
    ids=["empty", "mark", "lines", "emoji", "bidi", "long word", "long", "mentions", "sql", "fts"],
)  # fmt: skip
def test_odd_text_is_routed_without_a_fault(marlshire: County, text: str) -> None:
    assert marlshire.route(text).matter in set(Matter)
