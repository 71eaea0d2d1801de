"""The places of the county, and their districts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cast import SAMPLE
from processes import child_environment, run_desk

from knowledge.places import Difference, Place, PlacesError, places, read_places, replace_places
from knowledge.register.holding import register_edition
from knowledge.store import Store

NOW = datetime(2026, 11, 20, tzinfo=UTC)
HEAD = "place,kind,district\n"
ROWS = "Ashford,town,Ashford\nMinster,village,Swale\nMinster,village,Thanet\n"


def filed(folder: Path, text: str) -> Path:
    path = folder / "places.csv"
    path.write_text(text, encoding="utf-8")
    return path


def take(store: Store, path: Path) -> Difference:
    with store.writing() as connection:
        return replace_places(connection, read_places(path), path.name, NOW)


def test_a_name_may_lie_in_two_districts_and_a_kind_may_be_new(tmp_path: Path) -> None:
    found = read_places(filed(tmp_path, HEAD + ROWS + "The Dene,holloway,Dover\n"))
    assert found.problems == []
    assert found.places[1:] == [
        Place("Minster", "village", "Swale"), Place("Minster", "village", "Thanet"),
        Place("The Dene", "holloway", "Dover"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        "Place,Kind,District",
        "PLACE NAME,type,Districts",
        "Plaec,kinds,Distrct",
        "name;place type;borough",
        "Town,,Distict",
    ],
)
def test_headings_may_be_near(tmp_path: Path, head: str) -> None:
    text = f"Our places\n{head}\nAshford{';' if ';' in head else ','}town{';' if ';' in head else ','}Kent\n"
    [place] = read_places(filed(tmp_path, text)).places
    assert (place.name, place.district) == ("Ashford", "Kent")


def test_a_bad_row_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    found = read_places(filed(tmp_path, HEAD + ROWS + ",town,Dover\n\nDeal,town,\nAshford,town,Ashford\nA,b,c,d\n"))
    assert len(found.places) == 3
    assert [(one.line, one.reason) for one in found.problems] == [
        (5, "no place"), (7, "no district"), (8, "the same row as line 2"), (9, "too many cells: 4 under 3 headings"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "colour,cheese\nred,Brie\n", "place,kind\nAshford,town\n", "<html></html>"])
def test_what_is_no_list_of_places_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PlacesError, match=r"places\.csv"):
        read_places(filed(tmp_path, text))


def test_a_new_list_replaces_the_old(store: Store, tmp_path: Path) -> None:
    assert take(store, filed(tmp_path, HEAD + ROWS)) == Difference(3, 0, 0, 0)
    with store.reading() as connection:
        before = register_edition(connection)
    assert take(store, filed(tmp_path, HEAD + ROWS)) == Difference(0, 0, 3, 0)
    with store.reading() as connection:
        assert register_edition(connection) == before
    after = HEAD + ROWS.replace("Ashford,town", "Ashford,district").replace("Swale", "Dover")
    assert take(store, filed(tmp_path, after)) == Difference(1, 1, 1, 1)
    with store.reading() as connection:
        assert register_edition(connection) == before + 1
        assert places(connection)[0] == Place("Ashford", "district", "Ashford")


def test_a_list_without_a_place_changes_nothing(store: Store, tmp_path: Path) -> None:
    take(store, filed(tmp_path, HEAD + ROWS))
    assert take(store, filed(tmp_path, HEAD + ",,x\n")) == Difference(0, 0, 0, 0)
    with store.reading() as connection:
        assert len(places(connection)) == 3


def test_the_sample_places_are_read_without_a_problem(store: Store) -> None:
    found = read_places(SAMPLE / "places.csv")
    assert (len(found.places), found.problems) == (63, [])


def test_the_places_of_a_real_county(shared: Path) -> None:
    found = read_places(shared / "casework/places.csv")
    assert (len(found.places), found.problems) == (260, [])


def test_the_commands(tmp_path: Path) -> None:
    environment = child_environment(tmp_path / "home")
    path = str(filed(tmp_path, HEAD + ROWS + "Deal,town,\n"))
    done = run_desk(environment, "places", "import", path, "--json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (done.returncode, [report[key] for key in ("rows", "added", "changed", "unchanged", "missing")]) == (
        0, [3, 3, 0, 0, 0],
    )  # fmt: skip
    assert [(one["line"], one["reason"]) for one in report["problems"]] == [(5, "no district")]
    listed = json.loads(run_desk(environment, "places", "--json", cwd=tmp_path).stdout)
    assert listed[0] == {"place": "Ashford", "kind": "town", "district": "Ashford"}
    assert "Thanet" in run_desk(environment, "places", cwd=tmp_path).stdout
    assert run_desk(environment, "places", "import", path, "--dry-run", cwd=tmp_path).returncode == 0
    path = str(filed(tmp_path, "nothing\n"))
    done = run_desk(environment, "places", "import", path, cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
