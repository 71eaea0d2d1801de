"""Text, figures and days that feeds break, and what must be left as it is."""

import json
import time
from datetime import date
from decimal import Decimal

import pytest

from knowledge.timeline.reading.mending import mend_line, mend_text, plausible_day, plausible_sum


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("circa Â£131,000", "circa £131,000"),
        ("the Councilâ€™s â€œbestâ€\x9d offer", "the Council’s “best” offer"),
        ("â€œhelloâ€ they said", "“hello” they said"),
        ("the Councilâ€™s â€“ own", "the Council’s – own"),
        ("the CouncilÃ¢â‚¬â„¢s", "the Council’s"),
        ("cafÃ©", "café"),
        ("framework.â€¯ The", "framework. The"),
        ("AcusorbÂ® line", "Acusorb® line"),
        ("the Council\ufffds", "the Council’s"),
    ],
)
def test_text_read_in_the_wrong_alphabet_is_put_right(broken, meant):
    assert mend_text(broken) == meant


@pytest.mark.parametrize(
    "text", ["Café à la Âge CHÂTEAU", "naïve façade", "£5 – £6", "Zoë’s “own”", "½ m²", "Ynys Môn"]
)
def test_letters_with_accents_stay(text):
    assert mend_text(text) == text


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("A&amp;G Landscapes", "A&G Landscapes"),
        ("O&#039;Callaghan &amp;amp; Sons", "O'Callaghan & Sons"),
        ("St Bede&apos;s", "St Bede's"),
        ("worth &#xA3;4.5m", "worth £4.5m"),
        ("&lt;p&gt;Care&lt;/p&gt; at home", "Care\nat home"),
        ("https://x.example.org/?a=1&region=2&copy=3", "https://x.example.org/?a=1&region=2&copy=3"),
        ("R&D; done", "R&D; done"),
    ],
)
def test_entities_are_undone_and_addresses_left_alone(broken, meant):
    assert mend_text(broken) == meant


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("the region.rnrnPhase one", "the region.\n\nPhase one"),
        ("RequirementrnPre-Qualification", "Requirement\nPre-Qualification"),
        ("9 yearsrnrnTo access", "9 years\n\nTo access"),
        ("2.1 ends.rn2.2 begins", "2.1 ends.\n2.2 begins"),
        ("accessible to:rnâ€¢tChildren andrnâ€¢tAdults", "accessible to:\n• Children and\n• Adults"),
        ("in a rule return. rnrnWe envisage", "in a rule return.\n\nWe envisage"),
        ("by returnrnrnWe envisage", "by return\n\nWe envisage"),
        ("we must learnrnThe next", "we must learn\nThe next"),
        ("follow this linkrnto apply", "follow this link\nto apply"),
        ("AwardedrnrnrnIs it", "Awarded\n\nIs it"),
        ("materialrn      o one", "material\no one"),
        ("at 12:00rn        Instead", "at 12:00\nInstead"),
        ("the end.rn", "the end."),
        ("https://tenders.example.org/nncrnPlease note", "https://tenders.example.org/nnc\nPlease note"),
    ],
)
def test_line_breaks_that_lost_their_backslashes_come_back(broken, meant):
    assert mend_text(broken) == meant


@pytest.mark.parametrize(
    "text",
    [
        "The barn in Southern Kent will return to modern use",
        "Learn to govern; turn left. Concern at Redbourn and Blackburn",
        "Internal and external furniture for Barnsley",
        "See www.rnib.org.uk or rnib.org.uk, or the RNLI",
        "Hepburn-Smith, Cllr Osborn (the firm) and J Hearn",
        "learnDirect and eLearn2Go at https://barn.example.org/BarnOwls",
        "Burn\nTurn\nlearn",
        "EASTERN",
    ],
)
def test_words_with_rn_in_them_stay(text):
    assert mend_text(text) == text


def test_what_nobody_sees_goes_and_blanks_become_blanks():
    assert mend_text("a\u200bb\xa0c\x00d \u00ad\u202ee") == "ab cd e"
    assert mend_text("one\r\n\r\n\r\n\r\ntwo  \r\n three") == "one\n\ntwo\nthree"
    assert mend_line("one\r\n two\u2003three") == "one two three"


def test_a_text_that_was_mended_needs_no_mending():
    for text in ("Â£5.rnrnThe Councilâ€™s &amp;amp; own", "returnrnrnWe", "â€¢tChildrenrnâ€¢t12", "a\xa0\n\n\n\nb"):
        assert mend_text(mend_text(text)) == mend_text(text)


def test_mending_a_long_text_takes_no_long_time():
    start = time.monotonic()
    for text in ("rn " * 50_000, "â€" * 50_000, "&amp;" * 50_000, "<p " * 50_000, "www." * 20_000 + "rnA" * 20_000):
        mend_text(text)
    assert time.monotonic() - start < 5


def test_the_real_notices_keep_their_words(shared):
    path = shared / "data/notices/cf_ocds_releases_2025-01.json"
    texts = [one["tender"]["description"] for one in json.loads(path.read_text("utf-8"))["releases"]]
    mended = [mend_text(text) for text in texts]
    assert not [text for text in mended if "rnrn" in text or "â€" in text or "Â" in text or "&amp;" in text]
    for before, after in zip(texts, mended, strict=True):
        for word in ("learning", "internal", "external", "government", "return", "concern", "modern"):
            assert before.lower().count(word) == after.lower().count(word)


@pytest.mark.parametrize(
    "sum_", ["0", "1", "0.01", "-5", "1e12", "9999999", "99999999.99", "12345678", "NaN", "Infinity"]
)
def test_figures_that_stand_for_nothing_are_none(sum_):
    assert plausible_sum(Decimal(sum_)) is None


@pytest.mark.parametrize("sum_", ["2", "75000", "999999", "663540.50", "543000000", "99000000000"])
def test_figures_that_may_be_are_kept(sum_):
    assert plausible_sum(Decimal(sum_)) == Decimal(sum_)


def test_placeholder_days_are_none():
    assert [plausible_day(date(year, 12, 31)) for year in (1, 1899, 2099, 2199, 9999)] == [None] * 5
    assert plausible_day(date(2039, 12, 31)) == date(2039, 12, 31)
