"""How well sentences are understood that people write who want to hear of coming work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.services import catalogue
from knowledge.subscriptions.understanding.nouns import Wished

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
