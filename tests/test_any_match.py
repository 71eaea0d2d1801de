"""Whoever wants to hear of an intention is found: what is looked up in the index is what a comparison with everybody
would find."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
import sqlalchemy as sa
from hypothesis import given
from strategies import NASTY, tried, whole_text
from subscribing import matches, subscribe
from test_any_taking import empty
from test_subscription_judging import subject as judged
from timeline import NOW, statement, take, terms

from knowledge.services import service_names
from knowledge.store import Store
from knowledge.subscriptions.explaining import subject_in_record
from knowledge.subscriptions.filing import places_for, places_of
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.nouns import Area, Criteria, Offer, fits
from knowledge.tables import intention
from knowledge.timeline.nouns import Route, Stage, State

DISTRICTS = ("Wexcombe", "Oldmere", "Gullhaven")
WORDS = (
    "home care", "the", "of the", "services for the public", "didn't", "what's new", "£1.5m", "7.9.1", "isn't it",
    "health and safety", "not", "SEND", "county", "local", "work", "sub-contract", "re-ablement", "aren’t", "IT",
    "don't go", "care’s", "2026", "x" * 200, "-", "", "İstanbul", "ﬃ", "home  care\n", "having", "using", "goes",
    "everybody's", "night-time", "sub contract work", "used needles", "mines", "ours truly", "their's",
)  # fmt: skip
NOTHING_HALF = [one for one in NASTY if "?" not in one.encode("utf-8", "replace").decode() and "\0" not in one]
said = st.one_of(st.sampled_from(WORDS), st.sampled_from(NOTHING_HALF), whole_text)
titles = st.lists(said, min_size=1, max_size=3).map(" ".join)
codes = st.sampled_from(("85312400", "85310000", "85", "60000000", "6010", "98000000"))
sums = st.one_of(st.none(), st.integers(0, 5_000_000))
SERVICES = st.sampled_from(sorted(service_names()))
REFERENCES = st.sampled_from(("INT-1", "int-1", "INT-2", "İNT-1"))


@st.composite
def criteria(draw: st.DrawFn) -> Criteria:
    """What somebody may want."""
    low, high = draw(sums), draw(sums)
    if low is not None and high is not None and low > high:
        low, high = high, low
    area = st.builds(lambda district, known: Area(name=district, district=district if known else ""),
                     st.sampled_from(DISTRICTS), st.booleans())  # fmt: skip
    few: dict[str, Any] = {"max_size": 2}
    return Criteria(
        words=tuple(draw(st.lists(said, **few))), services=tuple(draw(st.lists(SERVICES, **few))),
        cpv=tuple(draw(st.lists(codes, **few))), follows=tuple(draw(st.lists(REFERENCES, **few))),
        areas=tuple(draw(st.lists(area, **few))),
        regions=tuple(draw(st.lists(st.sampled_from(("UKJ4", "J", "D3")), **few))),
        kinds=tuple(draw(st.lists(st.sampled_from(list(Offer)), **few))), low=low, high=high, sme=draw(st.booleans()),
        vcse=draw(st.booleans()), early=draw(st.booleans()),
    )  # fmt: skip


def maybe(given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), given)


def fields() -> st.SearchStrategy[dict[str, Any]]:
    """What an intention may say."""
    return st.fixed_dictionaries(
        {
            "description": titles, "cpv": st.lists(codes, max_size=2).map(tuple),
            "state": maybe(st.sampled_from(list(State))),
            "stage": maybe(st.sampled_from(list(Stage))), "route": maybe(st.sampled_from(list(Route))),
            "area": st.lists(st.sampled_from((*DISTRICTS, "countywide", "London")), max_size=2).map(tuple),
            "regions": st.lists(st.sampled_from(("UKJ4", "UK", "TLD3")), max_size=2).map(tuple),
            "low": maybe(st.just(5)),
            "high": maybe(st.integers(5, 5_000_000)), "sme": maybe(st.booleans()), "vcse": maybe(st.booleans()),
            "partner": maybe(st.booleans()), "subcontract": maybe(st.booleans()),
            "posted_by": st.sampled_from(("", "Us")),
        }
    )  # fmt: skip


@tried(250)
@given(criteria(), titles, fields(), st.lists(st.sampled_from(DISTRICTS), max_size=2), st.lists(SERVICES, max_size=2))
def test_whoever_would_be_told_is_filed_where_it_is_looked_for(
    wanted: Criteria, title: str, more: dict[str, Any], districts: list[str], services: list[str]
) -> None:
    about = judged("|".join(districts), tuple(services), **{**more, "title": title})
    if fits(judge(wanted, about)):
        assert places_of(wanted) & places_for(about), (wanted, about)


@tried(100)
@given(st.lists(said, min_size=1, max_size=2), st.lists(said, max_size=2), titles)
def test_a_phrase_that_stands_in_it_is_found(phrases: list[str], before: list[str], after: str) -> None:
    """The phrase itself is in the title, whatever is beside it: it fits, and it is looked for."""
    about = judged(title=" . ".join([*before, *phrases, after]))
    wanted = Criteria(words=tuple(phrases[:1]))
    assert fits(judge(wanted, about))
    assert places_of(wanted) & places_for(about)


def test_what_the_record_finds_is_what_comparing_everybody_finds(store: Store) -> None:
    @tried(6, 0.1)
    @given(st.lists(criteria(), min_size=1, max_size=12), titles, fields())
    def holds(wanted: list[Criteria], title: str, more: dict[str, Any]) -> None:
        empty(store)
        clean = {name: value for name, value in more.items() if value is not None}
        clean |= {name: Decimal(clean[name]) for name in ("low", "high") if name in clean}
        says = terms(f"Care {title}".replace("\0", "")[:200], **clean)
        held = {subscribe(store, one, f"p{n}@example.org"): one for n, one in enumerate(wanted)}
        take(store, statement(says=says, day="2026-11-21"), now=NOW + timedelta(hours=1))
        found = {subscription for _, _, subscription, _ in matches(store)}
        with store.reading() as connection:
            row = connection.execute(sa.select(intention)).one()
            about = subject_in_record(connection, row, NOW)
        assert found == {id for id, one in held.items() if about.live and fits(judge(one, about))}

    holds()
