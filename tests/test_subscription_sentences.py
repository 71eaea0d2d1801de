"""How well sentences are understood that people write who want to hear of coming work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import cast
import marlshire_timeline as marlshire
import pytest
from counties import load_county, open_county

from knowledge.register.index import build_index
from knowledge.register.reader import RegisterReader
from knowledge.services import catalogue
from knowledge.store import Store, open_store
from knowledge.subscriptions.understanding.forms import fields_of, read_fields
from knowledge.subscriptions.understanding.nouns import Preview, Teller, Wished
from knowledge.subscriptions.understanding.preview import would_have_matched
from knowledge.subscriptions.understanding.understanding import understand
from knowledge.timeline.asking.parts import Known
from knowledge.timeline.selecting import select
from knowledge.timeline.titled import titled
from knowledge.timeline.wishing import Wish

DAY = date(2026, 11, 21)
SENTENCES = Path(__file__).parent / "data" / "subscription_sentences.jsonl"
FIELDS = ("services", "words", "cpv", "follows", "areas", "regions", "low", "high", "kinds", "suited", "every")


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines() if line.strip()]


def wrong_fields(row: dict[str, Any], wished: Wished) -> list[str]:
    """The fields that are not as expected: of services, codes and words all that must be there and nothing else but
    what may be; of all other fields exactly what is expected."""
    return [field for field, right in _compared(row, wished) if not right]


def _compared(row: dict[str, Any], wished: Wished) -> Iterator[tuple[str, bool]]:
    got = wished.criteria
    yield "services", _between(_keys(row.get("services", [])), set(got.services), _keys(row.get("may", [])))
    yield "words", _between(set(row.get("words", [])), set(got.words), set(row.get("may_words", [])))
    yield "cpv", _between(set(row.get("cpv", [])), set(got.cpv), set(row.get("may_cpv", [])))
    yield "follows", list(got.follows) == row.get("follows", [])
    yield "areas", {f"{one.name}/{one.district}" for one in got.areas} == set(row.get("areas", []))
    yield "regions", set(got.regions) == set(row.get("regions", []))
    yield "low", got.low == row.get("low")
    yield "high", got.high == row.get("high")
    yield "kinds", {kind.value for kind in got.kinds} == set(row.get("kinds", []))
    yield "suited", (got.sme, got.vcse) == (row.get("sme", False), row.get("vcse", False))
    yield "every", wished.every == row.get("every")


def _between(must: set[str], got: set[str], may: set[str]) -> bool:
    return must <= got <= must | may


def _keys(names: list[str]) -> set[str]:
    groups = {name.removeprefix("group:") for name in names if name.startswith("group:")}
    plain = {name for name in names if not name.startswith("group:")}
    return plain | {one.key for one in catalogue().services if one.ours and one.group in groups}


# --- measured -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Teller]:
    """The sample council with its places and register, and a council that has imported nothing."""
    own = frozenset({"county", "council"})
    home, known = tmp_path_factory.mktemp("sentences"), marlshire_references()
    full = open_county(cast.SAMPLE, home)
    store, _ = open_store(f"sqlite:///{home / 'empty.db'}")
    build_index(store, catalogue(), home / "empty-index.db")
    full.store.close()
    store.close()
    return {
        "marlshire": Teller(full.reader, DAY, known, own | {"marlshire", "mcc"}),
        "bare": Teller(RegisterReader(home / "empty-index.db"), DAY, known, own | {"kent", "kcc"}),
    }  # fmt: skip


def marlshire_references() -> Known:
    ours = {f"MCI-{number:03}" for number in range(1, 43)}
    return lambda said: [one.upper() for one in said if one.upper() in ours]


def test_sentences_are_understood(desks: dict[str, Teller]) -> None:
    """Of 196 sentences 193 have every field right: held there. At first sight, before anything was tuned on them, 59 of
    72 of the first set had (98.0 % of the fields), 42 of 68 of the second (95.2 %), 21 of 35 of the third (94.5 %), 8
    of 21 of the fourth (92.2 %), each written to be harder than the one before it."""
    several = ((row, desks[row.get("desk", "marlshire")]) for row in rows())
    wrong = [row["text"] for row, teller in several if wrong_fields(row, understand(row["text"], teller))]
    assert len(rows()) == 196
    assert len(wrong) <= 3, wrong


def test_what_was_understood_survives_the_form(desks: dict[str, Teller]) -> None:
    for row in rows():
        teller = desks[row.get("desk", "marlshire")]
        wished = understand(row["text"], teller)
        read, every, wrong = read_fields(fields_of(wished.criteria, wished.every or "daily"), teller)
        assert wrong == {}, row["text"]
        assert every == (wished.every or "daily")
        assert read == wished.criteria, row["text"]


def test_what_a_title_or_a_lot_names_is_told_beside_what_its_officer_chose(
    desks: dict[str, Teller], sqlite_store: Store
) -> None:
    """The officer may choose one service: highways maintenance has a lot for bridges, and school nursing stands in a
    title behind health visiting."""
    load_county(sqlite_store, cast.SAMPLE)
    marlshire.load_timeline(sqlite_store)
    with sqlite_store.reading() as connection:
        for text, reference in (("bridge works under £25m", "MCI-020"), ("school nursing", "MCI-010")):
            found = would_have_matched(connection, understand(text, desks["marlshire"]).criteria, DAY)
            assert [one.shown.reference for one in found.newest] == [reference]


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("Health visiting and school nursing", {"health-visiting", "school-nursing"}),
        ("Highways: Bridge Works", {"bridges-structures"}),
        ("Adult carers: information, advice & advocacy service", {"advocacy", "childrens-advocacy"}),
        ("Programme monitoring, evaluation and learning", set()),
        ("Curtains, blinds and associated products", set()),
    ],
)
def test_titles_name_kinds_of_service(title: str, keys: set[str]) -> None:
    assert titled([title], catalogue()) == keys


def test_what_is_named_by_its_title_is_told(desks: dict[str, Teller], sqlite_store: Store) -> None:
    """An alert for what an intention is called brings that intention, and few others."""
    load_county(sqlite_store, cast.SAMPLE)
    marlshire.load_timeline(sqlite_store)
    with sqlite_store.reading() as connection:
        public = select(connection, Wish(past=True), DAY, count=None).shown
        missed, told = [], 0
        for one in public:
            wished = understand(f"let me know of {one.terms.title.partition(':')[0]} contracts", desks["marlshire"])
            found = would_have_matched(connection, wished.criteria, DAY)
            missed += [] if one.reference in _references(found, one.reference) else [one.terms.title]
            told += found.total
    assert len(public) > 40
    assert missed == []
    assert told < 2 * len(public)


def _references(found: Preview, wanted: str) -> set[str]:
    """All that were found, as far as few were."""
    return {one.shown.reference for one in found.newest} | ({wanted} if found.total > len(found.newest) else set())
