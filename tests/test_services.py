"""The catalogue of services: whole, and telling when it is not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from knowledge.councils import council_of
from knowledge.services import BODIES, CatalogueError, load_services

ONE = """
[[service]]
key = "{key}"
name = "Ferries"
group = "Transport"
body = "{body}"
why = "The county council runs the ferry."
"""


def catalogue(folder: Path, *texts: str) -> Path:
    for number, text in enumerate(texts):
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    return folder


def test_every_kind_says_whose_it_is_and_how_people_speak_of_it() -> None:
    services = load_services()
    assert len(services) > 300
    assert {service.body for service in services} == set(BODIES)
    assert [s.key for s in services if not (s.name and s.why.endswith(".") and s.called and s.signs)] == []
    assert [s.key for s in services if len(s.asks) < 10] == []
    assert [s.key for s in services if len(set(s.asks)) != len(s.asks)] == []


def test_every_cpv_code_exists(shared: Path) -> None:
    with (shared / "data" / "reference" / "cpv_2008.csv").open(encoding="utf-8-sig") as file:
        text = file.read()
    missing = {code for service in load_services() for code in service.cpv if code not in text}
    assert missing == set()
    assert list(csv.reader(text.splitlines()[:1]))


def test_no_kind_names_a_person_or_an_address() -> None:
    assert [s.key for s in load_services() if any("@" in text for text in (*s.asks, s.why))] == []


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (("[[service]\nkey = 1",), "0.toml"),
        ((ONE.format(key="ferry", body="parish"),), "0.toml, ferry: body is one of county"),
        ((ONE.format(key="ferry", body="county"), ONE.format(key="ferry", body="county")), "1.toml: ferry stands in"),
        (("[[service]]\nkey = 'ferry'\n",), "0.toml, service 1: name: Field required"),
    ],
)
def test_a_catalogue_that_cannot_be_used_says_where(tmp_path: Path, texts: tuple[str, ...], says: str) -> None:
    with pytest.raises(CatalogueError, match=says.replace("(", r"\(")):
        load_services(catalogue(tmp_path, *texts))


@pytest.mark.parametrize(
    ("area", "council"),
    [
        ("Thanet", "Thanet District Council"),
        ("lincoln", "City of Lincoln Council"),
        ("Medway", "Medway Council"),
        ("Marlshire", "Marlshire Council"),
        ("Marlshire Council", "Marlshire Council"),
        ("", ""),
    ],
)
def test_the_council_of_an_area_goes_by_its_full_name(area: str, council: str) -> None:
    assert council_of(area) == council
