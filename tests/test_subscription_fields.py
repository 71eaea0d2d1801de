"""Criteria as people read them, and as the fields of a form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import cast
import pytest
from counties import open_county

from knowledge.services import catalogue
from knowledge.subscriptions.nouns import Area, Criteria, Offer
from knowledge.subscriptions.understanding.forms import FIELDS, fields_of, read_fields
from knowledge.subscriptions.understanding.nouns import Teller
from knowledge.subscriptions.understanding.telling import in_words, one_line

HIGHWAYS = tuple(one.key for one in catalogue().services if one.ours and one.group == "Highways")
TWO_PLACES = (Area(name="Gullhaven", district="Brenmouth"), Area(name="High Marl", district="High Marl"))
EVERYTHING_SAID = Criteria(
    words=("drone surveys", "home care"), services=("museums-and-arts", *HIGHWAYS, "home-care"), cpv=("853", "45"),
    follows=("MCI-001",), areas=TWO_PLACES,
    regions=("E22",), low=20_000, high=500_000, kinds=(Offer.TENDER, Offer.SUBCONTRACT), sme=True, vcse=True,
)  # fmt: skip


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    county = open_county(cast.SAMPLE, tmp_path_factory.mktemp("county"))
    yield Teller(county.reader, date(2026, 11, 21), lambda said: [one for one in said if one == "MCI-001"])
    county.store.close()


def test_criteria_are_read_back_in_one_line() -> None:
    thanet = Criteria(services=("home-care",), areas=(Area(name="Thanet"),), high=500_000)
    assert one_line(thanet) == "Home care, in Thanet, up to £500,000"
    assert one_line(Criteria()) == "Anything"
    assert one_line(Criteria(kinds=(Offer.GRANT,), vcse=True)) == "Grants, suited to charities and social enterprises"
    assert one_line(Criteria(services=HIGHWAYS, kinds=(Offer.ENGAGEMENT,))) == (
        f"Highways (all {len(HIGHWAYS)} services), only market engagement"
    )
    assert one_line(Criteria(cpv=("853",), regions=("E22",))) == "CPV 853, in region UKE22"


def test_every_criterion_has_its_line_and_no_key_is_shown() -> None:
    lines = dict(in_words(EVERYTHING_SAID, "mon,thu"))
    assert list(lines) == ["About", "Area", "Region", "Value", "Kinds", "Suited to", "How often"]
    assert lines["About"] == (
        f"Highways (all {len(HIGHWAYS)} services), Museums, arts and culture, Home care, CPV 853, CPV 45, "
        "“drone surveys”, “home care” or changes of MCI-001"
    )
    assert lines["Area"] == "Gullhaven (Brenmouth) or High Marl"
    assert lines["Value"] == "£20,000 to £500,000"
    assert lines["How often"] == "every Monday and Thursday"
    assert in_words(Criteria()) == [("About", "anything")]


def test_a_round_trip_through_the_form_loses_nothing(teller: Teller) -> None:
    fields = fields_of(EVERYTHING_SAID, "mon,thu")
    assert tuple(fields) == FIELDS
    read, every, wrong = read_fields(fields, teller)
    assert (every, wrong) == ("mon,thu", {})
    assert set(read.services) == set(EVERYTHING_SAID.services)
    assert read.model_copy(update={"services": ()}) == EVERYTHING_SAID.model_copy(update={"services": ()})
    assert read_fields(fields_of(Criteria()), teller) == (Criteria(), "at once", {})


def test_every_service_is_read_back_from_its_name(teller: Teller) -> None:
    for service in catalogue().services:
        criteria = Criteria(services=(service.key,))
        assert read_fields(fields_of(criteria), teller)[0] == criteria, service.name


def test_a_form_is_filled_in_with_people_s_own_words(teller: Teller) -> None:
    fields = {
        "about": "dom care, tree work, drone surveys",
        "area": "gullhaven or High Marl",
        "low": "20k",
        "high": "£1m",
    }
    read, _, wrong = read_fields(fields, teller)
    assert wrong == {}
    assert read == Criteria(
        words=("drone surveys",), services=("home-care", "highway-trees"), cpv=("7721",), low=20_000, high=1_000_000,
        areas=TWO_PLACES,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("cpv", "853, 85x", "“85x” is no CPV code: two to eight digits."),
        ("area", "Foo, Brenmouth", "No place called Foo is known: name a town or district."),
        ("low", "abc", "'abc' is no sum of money: write 500000 or 500k"),
        ("kinds", "grant,gift", "“gift” is no kind of opportunity: "),
        ("suited", "big", "“big” is neither sme nor vcse."),
        ("every", "never", "'never': say at once, daily, weekly, or days such as mon,thu"),
        ("about", "follow MCI-999", "No intention MCI-999 is on the timeline."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(field: str, value: str, said: str, teller: Teller) -> None:
    _, _, wrong = read_fields({field: value}, teller)
    assert list(wrong) == [field]
    assert wrong[field].startswith(said)


def test_a_band_upside_down_is_said_beside_its_upper_end(teller: Teller) -> None:
    _, _, wrong = read_fields({"low": "100k", "high": "20k"}, teller)
    assert wrong == {"high": "The highest value is below the lowest."}


@pytest.mark.parametrize(
    ("field", "value"),
    [("about", ",".join(f'"w{number}"' for number in range(101))), ("cpv", " ".join(map(str, range(100, 201)))),
     ("area", ",".join(["Gullhaven"] + [f"UKJ{number:02}" for number in range(100)]))],
)  # fmt: skip
def test_nobody_asks_for_everything_one_by_one(teller: Teller, field: str, value: str) -> None:
    criteria, _, wrong = read_fields({field: value}, teller)
    assert wrong == {field: "At most 100 at a time."}
    assert max(map(len, (criteria.words, criteria.cpv, criteria.areas, criteria.regions))) <= 100


def test_an_expression_is_short(teller: Teller) -> None:
    criteria, _, wrong = read_fields({"about": f'"{"night " * 100}"'}, teller)
    assert (len(criteria.words[0]), wrong) == (120, {})
