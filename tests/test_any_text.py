"""Whatever text they are given, the parsers end, in time that grows with its length, with what they read or that they
read nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import EXAMPLES, NASTY, SAID, nasty, sayings, tried

from bot import alert_links
from handlers.concerns import words as concern_words
from handlers.intentions import words as intention_words
from handlers.postings import words as posting_words
from handlers.questions import words as question_words
from handlers.reviews import words as review_words
from knowledge import dates, models, parties, periods, postings
from knowledge.concerns import nouns as concerns
from knowledge.danger import danger
from knowledge.danger.finding import signs_in
from knowledge.documents import references, sums, wanted
from knowledge.journeys.weighing import weigh
from knowledge.personal import personal
from knowledge.questions import enquiries
from knowledge.register.asking import chain, spans, taking
from knowledge.register.contract import key_of
from knowledge.register.reading.days import looks_like_a_day, read_day
from knowledge.register.reading.money import read_money
from knowledge.register.reading.shares import read_share
from knowledge.register.reading.terms import days_in
from knowledge.register.reading.values import read_sme_vcse, read_suppliers, read_text, read_yes_no
from knowledge.subscriptions import nouns as alerts
from knowledge.subscriptions.understanding import codes, cues
from knowledge.subscriptions.understanding import phrases as alert_phrases
from knowledge.text import stems, words
from knowledge.timeline.asking import changes, times
from knowledge.timeline.reading import keys, mending, mojibake, packed, routes
from knowledge.timeline.reading import links as timeline_links
from knowledge.timeline.reading.bands import read_band
from knowledge.timeline.reading.cells import read_cell
from knowledge.timeline.reading.headings import load_template
from knowledge.timeline.reading.money import read_sum
from knowledge.timeline.reading.times import read_date, read_moment
from knowledge.timeline.when import read_when

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PARSERS: dict[str, Callable[[str], Any]] = {
    "a day": read_day, "whether a day": looks_like_a_day, "a sum": read_money, "a share": read_share,
    "days of payment": days_in, "a cell": read_text, "yes or no": read_yes_no, "SME or VCSE": read_sme_vcse,
    "suppliers": read_suppliers, "a time": read_when, "a band": read_band, "a feed's sum": read_sum,
    "a feed's day": read_date, "a feed's moment": read_moment, "a day in words": dates.in_words,
    "times in a question": lambda text: list(spans.times_in(text, DAY)),
    "a period": lambda text: [periods.period_at(text, at, DAY) for at in range(0, min(len(text), 40))],
    "a concern's number": concerns.number_of, "an alert's number": alerts.number_of,
    "a posting's number": postings.number_of, "an enquiry's number": enquiries.number_of, "a contract's key": key_of,
    "a place in a paper": references.in_locator, "an e-mail address": parties.is_email, "a slug": models.slug,
    "references": lambda text: references.in_question(text, frozenset("RP")), "sums asked": sums.sums_in,
    "bands in a text": sums.bands_in, "what is asked": wanted.wanted, "danger": danger, "signs": signs_in,
    "what is personal": personal, "journeys": weigh, "words": lambda text: list(words(text)), "stems": stems,
    "whether one asks on": chain.asks, "the register's question": taking.speaks, "a company": taking.names_company,
    "whether alerts are asked for": cues.asks_for_alerts, "my alerts": cues.my_alerts, "no code": codes.no_code,
    "codes": lambda text: codes.sort_codes(text.split()), "written out": alert_phrases.written_out,
    "changes asked": changes.kinds_asked, "what is timed": times.what_is_timed, "an OCID": keys.ocids,
    "notice numbers": keys.notice_numbers, "notices": keys.notices_named, "a notice's key": keys.notice_key,
    "a plain name": keys.plain_name, "a mended text": mending.mend_text, "a mended line": mending.mend_line,
    "entities": mojibake.mend_entities, "alphabets": mojibake.mend_alphabet, "packed names": packed.supplier_names,
    "a route": routes.route_named, "an address": timeline_links.safe_url, "a concern's command": concern_words.wanted,
    "what is told": concern_words.told, "an intention's command": intention_words.wanted,
    "a posting's command": posting_words.wanted, "an officer's command": question_words.wanted,
    "a review's command": review_words.wanted, "numbers in a link": alert_links.numbers_in,
    **{f"the column {one.field}": lambda text, one=one: read_cell(one.field, text, one.heading)
       for one in load_template().column},
}  # fmt: skip
"""Everything that reads a text by itself."""


def parsed(name: str, text: str) -> Any:
    """What a parser reads. One of the desk's own errors, each of which says for people why a text is none, is fine."""
    try:
        return PARSERS[name](text)
    except ValueError as error:
        if not type(error).__module__.startswith("knowledge.") or not str(error):
            raise
        return error


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_reads_any_text_or_says_why_not(name: str) -> None:
    @tried(12)
    @given(st.one_of(sayings, nasty))
    def holds(text: str) -> None:
        parsed(name, text)

    holds()


LONG = (
    "a ",
    "1",
    "1,",
    "£1 ",
    "(",
    "[a|",
    "a@",
    "a.b",
    "-",
    "and ",
    "1 to ",
    "C-",
    "12/",
    "\u0300",
    " \n",
    "not ",
    "'",
)


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_takes_no_longer_than_a_long_text_is_long(name: str) -> None:
    def took(text: str) -> float:
        begun = time.process_time()
        parsed(name, text)
        return time.process_time() - begun

    slow = []
    for piece in (*LONG, *(SAID + NASTY if EXAMPLES else ())):
        if piece and (short := took((piece * 1_000)[:1_000])) > 0.004:
            whole = min(took((piece * 4_000)[:4_000]) for _ in range(3))
            slow += [piece] if whole > 0.08 and whole > 9 * short else []
    assert slow == []
