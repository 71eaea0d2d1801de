"""Whether a message tells of somebody at risk now: its words and its signs, weighed together.

The weights (knowledge/data/danger/weights.csv: term, weight) were fitted by `python -m tests.bench.fit_danger` to
thousands of messages that invented Members wrote, half of them near misses. A term is a word's stem, two stems in a
row, or a sign of signs.toml by its danger ("sign ..." or, where it is sure, "sure ..."). A sure sign raises an alarm
unless the words speak strongly against it. What raised an alarm is shown, so that a person can judge it."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from knowledge.danger.finding import LONGEST, Sign, signs_in
from knowledge.text import words

BAR = 0.4
"""From here on a message raises an alarm: about one in a hundred ordinary complaints does."""
SURE_BAR = -2.5
"""From here on it does where a sure sign stands in it."""
SIGN = 0.3
"""What a sign counts beside the words, which together count 1."""
UNKNOWN = "what is said may mean that somebody is at risk"
_SHOWN = 3
"""Words shown for an alarm that no sign explains."""


@dataclass(frozen=True)
class Danger:
    """Why somebody may be at risk now, in words for a person, and the words of the message that say so."""

    reason: str
    seen: tuple[str, ...]


def danger(text: str) -> Danger | None:
    """What danger a message tells of somebody being in now, or None."""
    signs = signs_in(text)
    said = terms(text)
    weights, bias = load_weights()
    if not alarms(weigh(said, signs, weights, bias), signs):
        return None
    if signs:
        sure = (sign for sign in signs if sign.sure)
        best = next(sure, None) or max(signs, key=lambda sign: weights.get(sign.term, (0.0, 0.0))[1])
        return Danger(best.reason, best.seen)
    return Danger(UNKNOWN, tuple(_loudest(said, weights)))


def alarms(score: float, signs: Iterable[Sign]) -> bool:
    """Whether a text of this weight and with these signs raises an alarm."""
    return score >= (SURE_BAR if any(sign.sure for sign in signs) else BAR)


def terms(text: str) -> list[str]:
    """The terms of a text, each once: stems, and stems in a row joined by a space."""
    found = [word.stem for word in words(text[:LONGEST])]
    return list(dict.fromkeys([*found, *(f"{one} {other}" for one, other in pairwise(found))]))


Weights = dict[str, tuple[float, float]]
"""By term: what it tells (the rarer, the more), and what it weighs for danger."""


def weigh(said: Sequence[str], signs: Iterable[Sign], weights: Weights, bias: float) -> float:
    """How far the words and signs of a text speak of danger: 0 where it is as likely as not."""
    known = [weights[term] for term in said if term in weights]
    length = math.sqrt(sum(told**2 for told, _ in known)) or 1.0
    spoken = sum(told * weight for told, weight in known) / length
    return bias + spoken + SIGN * sum(weights.get(sign.term, (0.0, 0.0))[1] for sign in signs)


def _loudest(said: Sequence[str], weights: Weights) -> list[str]:
    known = [term for term in said if term in weights]
    return sorted(known, key=lambda term: -weights[term][0] * weights[term][1])[:_SHOWN]


@cache
def load_weights() -> tuple[Weights, float]:
    """The weights as they ship, and the bias: how unlikely danger is before a word is said."""
    text = files("knowledge").joinpath("data", "danger", "weights.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    weights = {row["term"]: (float(row["tells"]), float(row["weight"])) for row in rows}
    _, bias = weights.pop("")
    return weights, bias
