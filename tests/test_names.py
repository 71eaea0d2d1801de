"""Names in the register as people write them."""

from __future__ import annotations

import pytest

from knowledge.register.finding.names import Names, named_in

NAMES = Names(
    ["Isle Hearth Care Ltd", "Quillmead Care Services Ltd", "Three Spoons Catering Ltd", "Marshlight Care Ltd",
     "Penhallow Mobility Stores Ltd", "Damson Court", "Wolds Edge School", "Oxenfold Care Ltd", "Swift Response Ltd"],
    ordinary={"court", "three", "care", "wolds", "edge", "school", "services", "response", "swift", "carers", "lot"},
    places=["Wolds", "Oxford"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Isle Harth carers again", "Isle Hearth Care Ltd"),
        ("Islehearth never came", "Isle Hearth Care Ltd"),
        ("Quilly Mead care, sandwich", "Quillmead Care Services Ltd"),
        ("'3 spoons' running out", "Three Spoons Catering Ltd"),
        ("Marshlite lot", "Marshlight Care Ltd"),
        ("Penhallow still haven't collected it", "Penhallow Mobility Stores Ltd"),
        ("heating off at Damson Court", "Damson Court"),
        ("minibus to wolds edge", "Wolds Edge School"),
        ("oxenfold's rota is wrong", "Oxenfold Care Ltd"),
    ],
)
def test_a_name_is_found_in_spite_of_typos_and_nicknames(text: str, name: str) -> None:
    assert NAMES.find(text)[0].name == name


@pytest.mark.parametrize("text", ["a swift reply please", "the court case", "three carers came", "care at home", ""])
def test_ordinary_words_are_no_names(text: str) -> None:
    assert NAMES.find(text) == []


def test_names_are_taken_from_titles_and_descriptions() -> None:
    text = "SEN route 24: Herne Bay to Stourmead School. Taxi with escort. Wheelchair users only."
    assert "Stourmead School" in named_in(text, {"taxi", "wheelchair", "users", "only", "escort", "school", "route"})
    assert named_in("Repair of roads. Emergency call out.", {"repair", "roads", "emergency", "call", "out"}) == []
