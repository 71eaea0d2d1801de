"""Whether an intention is what somebody wants to hear of, field by field."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from knowledge.subscriptions.codes import cpv_prefix, region_code
from knowledge.subscriptions.filing import places_for, places_of
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.nouns import Area, Criteria, Offer, fits
from knowledge.subscriptions.pace import read_every
from knowledge.subscriptions.subject import Subject, subject_of
from knowledge.text import stems
from knowledge.timeline.nouns import Route, State, Terms
from knowledge.timeline.when import read_when

DAY = date(2026, 11, 21)


def subject(districts: str = "", services: tuple[str, ...] = ("home-care",), **said: object) -> Subject:
    terms = Terms.model_validate({"title": "Care at home", **said})
    words = " ".join(stems(f"{terms.title} {terms.description} {' '.join(terms.area)}"))
    return subject_of("INT-1", terms, dict.fromkeys(services, 1.0), districts, words, DAY)


@pytest.mark.parametrize("code", ["85312400", "85312400-8", "85.31.24.00", "85 312 400", "853124"])
def test_a_cpv_code_written_another_way_is_the_same_code(code: str) -> None:
    assert cpv_prefix(code) == "853124"
    assert Criteria(cpv=(code, "85312400")).cpv == ("853124",)


@pytest.mark.parametrize("code", ["85000000", "85000000-9", "85"])
def test_a_division_keeps_its_two_digits(code: str) -> None:
    assert cpv_prefix(code) == "85"


def test_a_division_that_ends_in_a_nought_is_not_cut_to_one_digit() -> None:
    assert cpv_prefix("60000000") == "60"


@pytest.mark.parametrize("code", ["8", "853124001", "care", "", "85312400-88"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        Criteria(cpv=(code,))


@pytest.mark.parametrize("code", ["UKJ4", "TLJ4", "ukj4", "J4"])
def test_a_region_has_one_code_whatever_list_it_comes_from(code: str) -> None:
    assert region_code(code) == "J4"


def test_a_code_covers_what_is_below_it_and_not_what_is_beside_it() -> None:
    below, beside = subject(cpv=("85312400",)), subject(cpv=("85320000",))
    assert fits(judge(Criteria(cpv=("85310000",)), below))
    assert not fits(judge(Criteria(cpv=("85310000",)), beside))


def test_either_of_two_things_it_is_about_is_enough_and_every_condition_beside_must_hold() -> None:
    wanted = Criteria(services=("libraries",), words=("care at home",), high=500_000)
    assert fits(judge(wanted, subject(low=200_000, high=400_000)))
    assert [one.field for one in judge(wanted, subject(low=900_000)) if not one.fits] == ["value"]


def test_what_serves_the_whole_county_is_told_to_whoever_chose_a_district() -> None:
    wanted = Criteria(areas=(Area(name="Brenmouth", district="Brenmouth"),))
    assert fits(judge(wanted, subject()))
    assert fits(judge(wanted, subject("|Brenmouth|")))
    assert not fits(judge(wanted, subject("|High Marl|")))


def test_a_lot_within_the_band_is_enough() -> None:
    lots = [{"title": "North", "low": 100_000, "high": 200_000}]
    assert fits(judge(Criteria(high=300_000), subject(low=2_000_000, high=3_000_000, lots=lots)))
    assert not fits(judge(Criteria(high=300_000), subject(low=2_000_000, high=3_000_000)))


def test_what_has_no_value_yet_cannot_be_ruled_out() -> None:
    assert fits(judge(Criteria(low=1_000), subject()))


def test_kinds_of_opportunity_are_told_apart() -> None:
    grant = subject(route=Route.GRANT)
    engaged = subject(route=Route.UNDECIDED, engagement=read_when("2026-12"))
    assert fits(judge(Criteria(kinds=(Offer.GRANT,)), grant))
    assert not fits(judge(Criteria(kinds=(Offer.TENDER,)), grant))
    assert fits(judge(Criteria(kinds=(Offer.ENGAGEMENT, Offer.PARTNER)), engaged))


def test_suited_must_have_been_said() -> None:
    wanted = Criteria(sme=True, vcse=True)
    assert not fits(judge(wanted, subject()))
    assert fits(judge(wanted, subject(vcse=True)))


def test_what_is_over_is_not_live() -> None:
    assert subject().live
    assert not subject(state=State.CLOSED).live
    assert not subject(closes=read_when("2026-11-20")).live
    assert subject(closes=read_when("2026-11-21")).live


@pytest.mark.parametrize(
    "wanted",
    [
        Criteria(), Criteria(services=("home-care",)), Criteria(cpv=("85",)), Criteria(words=("at home",)),
        Criteria(areas=(Area(name="Brenmouth", district="Brenmouth"),)), Criteria(follows=("int-1",)),
        Criteria(kinds=(Offer.TENDER,)), Criteria(areas=(Area(name="Home"),)), Criteria(high=1_000),
    ],
)  # fmt: skip
def test_whatever_fits_is_filed_where_it_is_looked_for(wanted: Criteria) -> None:
    for districts in ("", "|Brenmouth|"):
        one = subject(districts, cpv=("85312400",), route=Route.TENDER)
        assert fits(judge(wanted, one))
        assert places_of(wanted) & places_for(one)


def test_how_often_is_read_however_it_is_put() -> None:
    assert [read_every(said) for said in ("At once", "every day", "weekly", "Thursday and Monday", "tue,sat")] == [
        "at once", "daily", "weekly", "mon,thu", "tue,sat",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="say at once"):
        read_every("fortnightly")


def test_little_words_of_a_phrase_need_not_stand_in_the_intention() -> None:
    wanted = Criteria(words=("health and safety training",))
    assert fits(judge(wanted, subject(title="Training in safety; health checks")))
    assert not fits(judge(wanted, subject(title="Training in health checks")))


def test_a_place_nobody_knows_fits_what_serves_the_whole_county_and_not_what_serves_another() -> None:
    wanted = Criteria(areas=(Area(name="Thanet"),))
    assert fits(judge(wanted, subject(area=("Countywide",))))
    assert fits(judge(wanted, subject(area=("Thanet",))))
    assert not fits(judge(wanted, subject(area=("Dover",))))
