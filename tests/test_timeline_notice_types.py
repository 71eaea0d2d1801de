"""The table of notice types: every kind has its stage and state, and no name means two things."""

from collections import Counter

import pytest

from knowledge.timeline.notice_types import notice_type, notice_types
from knowledge.timeline.nouns import Stage, State


def test_every_notice_of_the_act_is_in_the_table():
    assert [key for key in notice_types() if key.startswith("UK")] == [f"UK{number}" for number in range(1, 18)]


def test_no_name_stands_for_two_kinds():
    names = Counter(name.casefold() for one in notice_types().values() for name in (one.key, *one.also))
    assert [name for name, count in names.items() if count > 1] == []


def test_only_what_tells_of_no_procurement_says_nothing_of_it():
    assert [one.key for one in notice_types().values() if not one.about] == ["UK17"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("uk4", "UK4"),
        ("Pipeline notice", "UK1"),
        ("Pipeline notice on Contracts Finder", "CF-pipeline"),
        ("Awarded contract notice on Contracts Finder", "CF-award"),
        ("Contracts Finder: PreProcurement", "CF-engagement"),
        ("Contract award notice", "UK6"),
        ("F3", "F03"),
        ("VEAT", "F15"),
        ("32014L0024 tenderNotice", "F02"),
        ("contract", "contract"),
        ("tenderamendment", "tenderAmendment"),
    ],
)
def test_a_kind_is_found_by_what_feeds_call_it(name, key):
    found = notice_type(name)
    assert found is not None
    assert found.key == key


def test_a_name_nobody_knows_is_no_kind():
    assert notice_type("UK99") is None
    assert notice_type("") is None


def test_forms_that_can_be_notice_or_award_say_neither():
    assert (notice_types()["F21"].stage, notice_types()["F21"].state) == (None, None)


@pytest.mark.parametrize(
    ("key", "stage", "state"),
    [
        ("UK2", Stage.PLAN, State.PLANNED),
        ("UK4", Stage.DO, State.OPEN),
        ("UK10", Stage.REVIEW, State.AWARDED),
        ("UK12", Stage.DO, State.WITHDRAWN),
        ("F20", Stage.REVIEW, State.AWARDED),
        ("CF-future", Stage.PLAN, State.PLANNED),
    ],
)
def test_a_kind_says_where_its_procurement_stands(key, stage, state):
    assert (notice_types()[key].stage, notice_types()[key].state) == (stage, state)
