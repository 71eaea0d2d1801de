"""What in a message looks personal, however it is said, and what only looks so."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from knowledge.personal import personal
from knowledge.personal.circumstances import load_circumstances

DATA = Path(__file__).parent / "data" / "personal"


def _messages(name: str) -> tuple[list[str], list[str]]:
    """The messages of a set: those with personal data, and those without."""
    rows = [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [row["text"] for row in rows if row["personal"]], [row["text"] for row in rows if not row["personal"]]


@pytest.mark.parametrize(("name", "least", "most"), [("development", 0.985, 0.02), ("heldout", 0.97, 0.03)])
def test_nearly_all_that_is_personal_is_found_and_hardly_anything_else(name: str, least: float, most: float) -> None:
    holding, plain = _messages(name)
    missed = [text for text in holding if not personal(text)]
    alarms = [text for text in plain if personal(text)]
    assert len(missed) <= len(holding) * (1 - least), missed
    assert len(alarms) <= len(plain) * most, alarms


def test_the_held_out_set_is_large_enough_to_say_something() -> None:
    holding, plain = _messages("heldout")
    assert len(holding) >= 150
    assert len(plain) >= 115


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Mrs Smith at 14 High Street, CT9 1AB", "a name with an address"),
        ("14 High Street, CT9 1AB: water in the porch", "an address"),
        ("the lady at number 14 can't get out", "an address"),
        ("my constituent John Smith has written", "a name"),
        ("mrs okafor rang", "a name"),
        ("call him on 07700 900143", "a telephone number"),
        ("tel: 0044 (0)7700-900.143", "a telephone number"),
        ("O77OO 900 l43", "a telephone number"),
        ("oh seven seven double oh nine double oh one four three", "a telephone number"),
        ("ring on 960143 after four", "a telephone number"),
        ("NHS 999 245 8076? no: 9999458076", "an NHS number"),
        ("9999458076 is on the card", "an NHS number"),
        ("999-945-8076", "an NHS number"),
        ("9 9 9 9 4 5 8 0 7 6", "an NHS number"),
        ("nhs no. 999 000 4417, as near as I can read it", "an NHS number"),
        ("QQ 12 34 56 C", "a National Insurance number"),
        ("write to jo@example.org", "an e-mail address"),
        ("jo at example dot com", "an e-mail address"),
        ("d.o.b. 3/2/51", "a date of birth"),
        ("on 14 June 1938", "a date of birth"),
        ("her case no is AR77120", "a case or client number"),
        ("sort code 12-34-56", "bank details"),
        ("the red one, GK15 XYA", "a car's number plate"),
        ("he has Parkinson's", "health"),
        ("she had tonsillitis", "health"),
        ("a refugee has asked", "somebody's private life"),
        ("her nephew was there", "somebody's family"),
    ],
)
def test_the_reason_is_in_plain_words(text: str, reason: str) -> None:
    assert reason in personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "pothole outside 14 High Street",
        "drain opposite number 31 and at no. 33 Mill Lane",
        "Dr Johnson Avenue, St John's Road, Florence Street and Lady Margaret Close",
        "the William Harvey Hospital bus stop",
        "Cllr Jane Ferris and Councillor Brown asked too",
        "wheelchair users cannot pass, nor can blind people",
        "disabled bay at the blind corner",
        "a depression in the carriageway, fills with water",
        "Contract HT24-022, job 4471882, column 0047, bus 155 at 7.42 on 12/09/2025",
        "the council's line, 0300 123 4567, is engaged",
        "write to highways@example.org",
        "you miss the bus if you stop",
        "an 8 year old bus",
        "the A2 1st exit",
        "TR 1234 5678",
    ],
)
def test_what_is_said_of_roads_every_day_is_not_personal(text: str) -> None:
    assert personal(text) == ()


def test_ten_figures_that_do_not_check_are_no_nhs_number() -> None:
    assert "an NHS number" in personal("reference 9999458076")
    assert "an NHS number" not in personal("reference 9999458077")
    assert "an NHS number" not in personal("reference 99994580761")


def test_an_age_counts_only_beside_a_name_or_an_address() -> None:
    assert personal("an 83 year old tree") == ()
    assert personal("Mr Cole (aged 83)") == ("a name", "an age")


def test_one_person_spoken_of_is_a_reason_only_where_there_is_no_other() -> None:
    assert personal("she would like it mended") == ("one person is spoken of",)
    assert personal("they would like it mended") == ()
    assert "one person is spoken of" not in personal("she has Parkinson's")


@pytest.mark.parametrize(
    "text",
    [
        "MRS OKAFOR HAS ASKED FOR A CALL ABOUT THE KERB",
        "Mrs\u00a0Okafor",
        "M\u200brs Okafor",
        "Ｍrs Okafor",
        "resident has dem\u00adentia",
        "resident has diabtes",
        "０７７００ ９００１４３",
        "07700\u2009900\u2009143",
    ],
)
def test_capitals_odd_letters_and_slips_do_not_hide_it(text: str) -> None:
    assert personal(text)


@pytest.mark.parametrize(
    "words", ["0 ", "a@", "Aa ", "CT9 1AB ", "his ", "at no 4 ", "1-", "a at ", "+44 ", "lady in the "]
)
def test_a_long_text_is_read_in_good_time(words: str) -> None:
    personal("ready")
    began = time.process_time()
    personal((words * 20_000)[:20_000])
    assert time.process_time() - began < 1


def test_twice_the_text_takes_about_twice_the_time() -> None:
    def taken(text: str) -> float:
        began = time.process_time()
        personal(text)
        return time.process_time() - began

    message = "Deep hole outside 14 High Street, reported 12/09/2025, job 4471882, cars swerve round it. "
    once, fourfold = (min(taken(message * count) for _ in range(3)) for count in (60, 240))
    assert fourfold < once * 10


def test_a_text_too_long_to_be_read_counts_as_personal() -> None:
    assert personal("pothole " * 10_000) == ("a text too long to be read",)


def test_every_reason_is_told_from_the_data() -> None:
    known = load_circumstances()
    assert known.lexicon.groups.keys() >= {*known.reasons, known.beside, known.otherwise}
    assert known.ended in known.reasons
