"""Places in what people write."""

from __future__ import annotations

import pytest

from knowledge.gazetteer import Gazetteer
from knowledge.places import Place

PLACES = [
    Place("Deal", "town", "Dover"), Place("Sandwich", "town", "Dover"), Place("Loose", "village", "Maidstone"),
    Place("Maidstone", "town", "Maidstone"), Place("Maidstone", "district", "Maidstone"),
    Place("Herne Bay", "town", "Canterbury"), Place("Minster-in-Thanet", "village", "Thanet"),
    Place("Minster-on-Sea", "village", "Swale"), Place("Isle of Sheppey", "area", "Swale"),
    Place("West Malling", "town", "Tonbridge and Malling"), Place("Skegness", "town", "East Lindsey"),
    Place("Margate", "town", "Thanet"), Place("St Peter's", "village", "Thanet"),
    Place("Boston South", "division", "Boston"), Place("South Holland", "district", "South Holland"),
    Place("Boston", "town", "Boston"), Place("Gillingham", "town", "Medway"), Place("Medway", "unitary", "Medway"),
    Place("Newington (Ramsgate)", "village", "Thanet"),
]  # fmt: skip
ORDINARY = {"deal", "loose", "sandwich", "horses", "with", "hole", "in", "the"}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(PLACES, ORDINARY)


@pytest.mark.parametrize(
    ("text", "districts"),
    [
        ("carer late in Herne Bay", {"Canterbury"}),
        ("carer late in herne bay", {"Canterbury"}),
        ("pothole in Deal", {"Dover"}),
        ("who can deal with this", set()),
        ("loose horses again", set()),
        ("Deal with it please", set()),
        ("lady in Loose", {"Maidstone"}),
        ("cheese sandwich for lunch", set()),
        ("lamp out in skeg", {"East Lindsey"}),
        ("Margat seafront", {"Thanet"}),
        ("St. Peters church", {"Thanet"}),
        ("the Isle of Sheppey, sheppey I say", {"Swale"}),
        ("Newington library", {"Thanet"}),
        ("Boston; South Holland", {"Boston", "South Holland"}),
        ("from Margate to Deal by bus", {"Thanet", "Dover"}),
        ("", set()),
    ],
)
def test_a_place_is_found_as_people_write_it(gazetteer: Gazetteer, text: str, districts: set[str]) -> None:
    assert gazetteer.where(text).districts == districts


def test_the_text_wins_over_the_members_division(gazetteer: Gazetteer) -> None:
    assert gazetteer.where("bus stop in Margate", "Maidstone Rural").districts == {"Thanet"}
    where = gazetteer.where("bus stop broken", "Maidstone Rural")
    assert (where.districts, where.source) == ({"Maidstone"}, "division")
    assert gazetteer.where("bus stop broken", "Malling East").districts == {"Tonbridge and Malling"}


def test_a_name_in_two_districts_is_settled_by_what_stands_beside_it_or_by_the_division(gazetteer: Gazetteer) -> None:
    assert gazetteer.where("Minster, the one by Margate").districts == {"Thanet"}
    assert gazetteer.where("Minster lamp out", "Sheppey").districts == {"Swale"}
    assert gazetteer.where("Minster lamp out").districts == {"Thanet", "Swale"}


def test_a_street_named_for_a_place_is_not_there(gazetteer: Gazetteer) -> None:
    where = gazetteer.where("fallen tree on Margate Road, Deal")
    assert where.districts == {"Dover"}
    assert gazetteer.where("potholes all down Gillingham High St").outside == {"Medway"}
