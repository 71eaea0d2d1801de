"""Words: what was indexed and what is asked must meet."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import snowballstemmer

from knowledge.text import content, stem, stems, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("commissioning", "commissioned"),
        ("sub-contract", "subcontract"),
        ("sub- contracts", "subcontract"),
        ("co-production", "coproduction"),
        ("£50k", "50,000"),
        ("£50K", "£50,000"),
        ("£1.5m", "£1.5 million"),
        ("1.5 million", "1,500,000"),
        ("£2bn", "2 billion"),
        ("council’s", "council's"),
        ("Council's", "council"),
        ("don’t", "don't"),
        ("TENDER", "tenders"),
    ],
)
def test_two_ways_of_writing_a_word_are_the_same_word(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("7.9", "79"), ("7.9.1", "7.91"), ("R24", "R2"), ("£50k", "£50m"), ("policy", "police"), ("tender", "tendency")],
)
def test_two_different_words_stay_different(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_paragraph_numbers_stay_as_they_are_written() -> None:
    assert stems("7.9.1 and 6.2") == ["7.9.1", "and", "6.2"]


def test_a_full_stop_after_a_number_is_no_part_of_it() -> None:
    assert stems("in 2015.") == stems("in 2015")


def test_a_number_goes_on_only_to_a_whole_word_for_its_size() -> None:
    assert stems("5 minutes") == ["5", *stems("minutes")]
    assert stems("5 k") == ["5000"]


def test_words_know_where_they_stand() -> None:
    text = "Pay £1.5 million, sub-contractors!"
    assert [text[word.start : word.end] for word in words(text)] == ["Pay", "£1.5 million", "sub-contractors"]


def test_the_little_words_carry_no_meaning() -> None:
    assert [word.surface for word in content(words("What does the council's framework say about it, please?"))] == [
        "council's", "framework",
    ]  # fmt: skip
    assert content(words("don’t you")) == []


def test_no_text_has_no_words() -> None:
    assert stems(" …— !?\n") == []


def test_threads_stem_as_one_thread_does() -> None:
    ours = snowballstemmer.stemmer("english")
    asked = [
        f"{a}{b}{c}"
        for a in ("commission", "contract", "provid")
        for b in "abcdefghij"
        for c in ("ings", "edly", "ations")
    ]
    expected = [ours.stemWord(word) for word in asked]
    stem.cache_clear()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            for found in pool.map(lambda _: [stem.__wrapped__(word) for word in asked], range(16)):
                assert found == expected
    finally:
        sys.setswitchinterval(before)
