"""How well messages find their contracts, measured: on two invented counties that ship with the tests, and on the
casework beside the project. The floors are those the desk promises; figures now stand in the closing notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from counties import County, messages, open_county

from knowledge.register.finding.routing import Matter, Routed

HERE = Path(__file__).parent / "data" / "counties"


@pytest.fixture(scope="module", params=["casework", "fenwold", "derwentshire"])
def routed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[tuple[dict[str, Any], Routed]]]:
    folder = request.getfixturevalue("shared") / "casework" if request.param == "casework" else HERE / request.param
    county: County = open_county(folder, tmp_path_factory.mktemp(request.param))
    yield [(row, county.route(row["text"], row["member_division"] or "")) for row in messages(folder)]
    county.store.close()


Routings = list[tuple[dict[str, Any], Routed]]


def share(found: list[bool]) -> float:
    assert found
    return sum(found) / len(found)


def references(routed: Routed) -> list[str]:
    if routed.matter in (Matter.NOT_OURS, Matter.QUESTION):
        return []
    return [one.row.key for one in routed.contracts[:3]]


def test_contracts_are_found_first_and_among_three(routed: Routings) -> None:
    first, three = [], []
    for row, found in routed:
        if row["expect"] == "contract":
            right = {reference.strip().casefold() for reference in row["contracts"]}
            got = references(found)
            first.append(bool(got) and got[0] in right)
            three.append(right <= set(got) if row["match"] == "all" else bool(right & set(got)))
    assert share(first) >= 0.80
    assert share(three) >= 0.92


@pytest.mark.parametrize(
    ("expect", "floor"), [("contract", 0.85), ("not_ours", 0.85), ("question", 0.70), ("too_vague", 0.70)]
)
def test_kinds_of_message_are_told_apart(routed: Routings, expect: str, floor: float) -> None:
    assert share([found.matter.value == expect for row, found in routed if row["expect"] == expect]) >= floor


def test_the_responsible_body_is_named(routed: Routings) -> None:
    wrong: Counter[str] = Counter()
    right = []
    for row, found in routed:
        if row["expect"] == "not_ours":
            kind = row["body"].split(":")[0].replace("district council", "district")
            right.append(bool(found.body) and found.body.split()[0] == kind.split()[0])
            wrong[f"{row['body']} -> {found.body}"] += not right[-1]
    assert share(right) >= 0.84, wrong
