"""Whether a passage answers: the kinds of thing wanted, sums in their bands, and the desk's own small set."""

from __future__ import annotations

import math

import pytest

from knowledge.documents.leaning import leaning
from knowledge.documents.query import Alternative, Query, Term
from knowledge.documents.quoting import quote
from knowledge.documents.sums import bands_in, falls_in, sums_in
from knowledge.documents.wanted import lacking, wanted
from knowledge.models import Part, Passage
from tests.bench.fit_leanings import LEANINGS, leanings


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("how much is the grant?", {"money"}),
        ("how much notice is given?", set()),
        ("how many contracts are there?", {"count"}),
        ("what is the number of contracts?", {"count"}),
        ("are we paid by the number of sessions?", set()),
        ("how long does a review take?", {"length"}),
        ("what % of spend is local?", {"share"}),
        ("when does it expire?", {"date"}),
        ("email for the procurement team", {"contact"}),
        ("what is happening right now?", {"present"}),
        ("can you write my bid?", {"deed"}),
        ("can you bid as a group?", set()),
    ],
)
def test_a_question_wants_a_kind_of_thing(question: str, kinds: set[str]) -> None:
    assert wanted(question) == kinds


@pytest.mark.parametrize(
    ("kind", "text", "holds"),
    [
        ("money", "up to £5,000 a year", True),
        ("money", "a fair price is agreed", False),
        ("count", "there are 12 contracts", True),
        ("count", "two contracts", True),
        ("count", "the contracts of 2015, by paragraph 7.9", False),
        ("length", "every year", True),
        ("date", "reviewed every second quarter", True),
        ("date", "reviewed with care", False),
        ("contact", "write to desk@example.org", True),
        ("present", "this is currently under review", True),
        ("deed", "the desk can write anything", False),
    ],
)
def test_a_text_holds_it_or_lacks_it(kind: str, text: str, holds: bool) -> None:
    assert lacking([kind], text) == (frozenset() if holds else {kind})


@pytest.mark.parametrize(
    ("question", "sums"),
    [
        ("a £20,000 purchase", [20_000]),
        ("worth £1.5 million", [1_500_000]),
        ("a 6k purchase", [6_000]),
        ("about 250,000 a year", [250_000]),
        ("in 2025, two quotes", []),
        ("principle 6", []),
    ],
)
def test_sums_are_read_as_people_write_them(question: str, sums: list[float]) -> None:
    assert sums_in(question) == sums


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("From £5,000 and under £30,000: three quotes", [5_000, 29_999], [4_999, 30_000]),
        ("between £10k and £20k", [10_000, 20_000], [9_999, 20_001]),
        ("under £8k without three quotes", [0, 7_999], [8_000]),
        ("up to £75,000 a year", [75_000], [75_001]),
        ("£1 million or more", [1_000_000, 5_000_000], [999_999]),
        ("over £50,000", [50_001], [50_000]),
        ("£10,000 or less", [10_000], [10_001]),
    ],
)
def test_a_band_holds_the_sums_it_says(text: str, inside: list[float], outside: list[float]) -> None:
    bands = bands_in(text)
    assert all(falls_in([value], bands) for value in inside)
    assert not any(falls_in([value], bands) for value in outside)


def test_a_band_without_an_end_has_none() -> None:
    assert bands_in("more than £5") == [(5.01, math.inf)]
    assert bands_in("no money is spoken of") == []


def test_what_is_asked_beside_papers_leans_away_from_an_answer() -> None:
    beside = "what percentage of staff phone which company on average"
    assert leaning(beside) > 2 > leaning("what do we have to think of before we start") < 0
    assert leaning("") == 0.0


def test_the_leanings_are_counted_from_the_digest_that_ships() -> None:
    same = LEANINGS.read_text(encoding="utf-8") == leanings()
    assert same, "the digest has changed: run `python -m tests.bench.fit_leanings`, then fit_answers"


def asked_for(*stems: str) -> Query:
    return Query(
        " ".join(stems), tuple(Term(stem, (Alternative((stem,), 1.0),), 0.5, 0.5, known=True) for stem in stems)
    )


def test_a_long_passage_is_shown_by_what_tells_most_wherever_it_stands() -> None:
    padding = [
        f"Sentence {number} speaks at some length of other matters altogether and of nothing else."
        for number in range(30)
    ]
    text = [
        *padding[:10],
        "The toolkit was promised.",
        *padding[10:25],
        "In the end the toolkit was never written.",
        *padding[25:],
    ]
    passage = Passage(
        document="p", locator="1", position=1, parts=(Part(text="Of toolkits."), Part(text=" ".join(text)))
    )
    shown = quote(passage, asked_for("toolkit", "written"))
    assert "never written." in shown
    assert "promised. … " in shown
    assert len(shown) < 950
    assert shown.startswith("Of toolkits. … ")
