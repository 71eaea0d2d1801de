"""What of the past year would have been told."""

from __future__ import annotations

from datetime import date

import cast
import marlshire_timeline as marlshire
import pytest
from counties import load_county

from handlers.subscriptions.saying import preview_words
from knowledge.store import Store
from knowledge.subscriptions.nouns import Area, Criteria, Offer
from knowledge.subscriptions.understanding.nouns import Preview
from knowledge.subscriptions.understanding.preview import NEWEST, would_have_matched
from knowledge.timeline.nouns import State

DAY = marlshire.TODAY


def preview(store: Store, criteria: Criteria, day: date = DAY, months: int = 12) -> Preview:
    with store.reading() as connection:
        return would_have_matched(connection, criteria, day, months)


def references(found: Preview) -> set[str]:
    return {one.shown.reference for one in found.newest}


@pytest.fixture
def full(store: Store) -> Store:
    load_county(store, cast.SAMPLE)
    marlshire.load_timeline(store)
    return store


def test_what_would_have_been_told_is_found_by_each_criterion(full: Store) -> None:
    assert references(preview(full, Criteria(services=("home-care",)))) == {"MCI-001"}
    assert references(preview(full, Criteria(cpv=("4523",)))) == {"MCI-020", "MCI-028"}
    assert references(preview(full, Criteria(follows=("mci-014",)))) == {"MCI-014"}
    assert references(preview(full, Criteria(words=("village halls",)))) == {"MCI-027", "MCI-042"}
    assert preview(full, Criteria(kinds=(Offer.GRANT,))).total == 5
    small = Criteria(areas=(Area(name="Brenmouth", district="Brenmouth"),), high=100_000)
    assert preview(full, small).total == 1


def test_everything_counts_all_and_shows_the_newest(full: Store) -> None:
    found = preview(full, Criteria())
    assert found.compared == found.total > 30
    assert found.coming < found.total
    assert len(found.newest) == NEWEST
    assert [one.shown.since for one in found.newest] == sorted((one.shown.since for one in found.newest), reverse=True)


def test_each_says_why_and_whether_it_is_over(full: Store) -> None:
    found = preview(full, Criteria(services=("street-lighting",), kinds=(Offer.TENDER,)))
    assert [(one.shown.reference, one.why, one.over) for one in found.newest] == [
        ("MCI-021", "Street lighting; tender", True)
    ]
    assert (found.total, found.coming) == (1, 0)


def test_what_is_not_public_is_not_compared(full: Store) -> None:
    assert marlshire.NEVER_SHOWN not in references(preview(full, Criteria(follows=(marlshire.NEVER_SHOWN,))))


def test_what_is_older_than_the_months_is_not_compared(full: Store) -> None:
    assert preview(full, Criteria(), date(2028, 6, 1)).compared == 0


def test_without_intentions_of_ones_own_there_is_nothing_to_compare_with(store: Store) -> None:
    assert preview(store, Criteria()) == Preview()
    other = marlshire.notice("04f1", "Another Council", title="Home care", state=State.PLANNED)
    marlshire.take_notices(store, [other])
    assert preview(store, Criteria()) == Preview()


@pytest.mark.parametrize(
    ("total", "coming", "said"),
    [(1, 1, "it is still to come"), (1, 0, "it is over"), (2, 2, "both are still to come"),
     (5, 5, "all of them are still to come"), (5, 1, "1 of them is still to come"),
     (5, 0, "none of them is still to come")],
)  # fmt: skip
def test_what_of_it_is_still_to_come_is_said_in_plain_words(total: int, coming: int, said: str) -> None:
    assert preview_words(Preview(compared=41, total=total, coming=coming)).endswith(f"would have fitted; {said}.")
