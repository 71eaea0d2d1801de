"""`python -m tests.bench.fit_danger`: fits the weights by which somebody at risk now is found, and writes them to
knowledge/data/danger/weights.csv. Logistic regression in plain Python (AdaGrad), on the messages of
tests/data/safeguarding (`train_*`, `plain_*`), the concerns of one invented county, and what the catalogue of services
has people say; `--check` only says how the weights that ship do on what they were not fitted on. Half a minute."""

from __future__ import annotations

import csv
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from knowledge.danger.finding import signs_in
from knowledge.danger.weighing import SIGN, Weights, danger, load_weights, terms
from knowledge.services import load_services

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data" / "safeguarding"
WEIGHTS = ROOT.parent / "knowledge" / "data" / "danger" / "weights.csv"
EPOCHS, RATE, STRENGTH = 60, 0.3, 6.0
SELDOM = 3
"""Texts a term must stand in."""
SMALL = 0.05
"""Weights smaller than this are left out."""
ASKS, ASK = 2_500, 0.3
"""Ways of asking from the catalogue, and what one counts beside a message: they are short."""
RISKY = {
    "safeguarding-adults", "childrens-front-door", "domestic-abuse-refuge", "domestic-abuse-outreach", "camhs",
    "suicide-prevention", "suicide-bereavement", "childrens-counselling", "missing-exploitation", "police-crime",
    "adult-mental-health", "adult-front-door-edt",
}  # fmt: skip
"""Kinds of service whose ways of asking may speak of danger."""


class Example(NamedTuple):
    """A text's terms and signs, whether somebody is at risk in it, and what it counts."""

    terms: list[str]
    signs: list[str]
    risk: bool
    counts: float


def read(path: Path) -> Iterator[tuple[str, bool]]:
    """The messages of a file, and whether somebody is at risk in them."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            yield row["text"], row.get("expect") == "safeguarding"


def examples() -> list[Example]:
    """Everything that is fitted on."""
    texts = [(text, risk, 1.0) for path in sorted(DATA.glob("[tp][rl]a*_*.jsonl")) for text, risk in read(path)]
    texts += [(text, risk, 1.0) for text, risk in read(ROOT / "data" / "counties" / "fenwold" / "concerns.jsonl")]
    asks = [ask for service in load_services() if service.key not in RISKY for ask in service.asks]
    texts += [(ask, False, ASK) for ask in random.Random(1).sample(asks, ASKS)]
    return [Example(terms(text), [sign.term for sign in signs_in(text)], risk, n) for text, risk, n in texts]


def fit(given: list[Example]) -> tuple[Weights, float]:
    """Weights and bias: those that make the examples likely, and no larger than they need be."""
    held = Counter(term for one in given for term in one.terms)
    tells = {term: math.log(len(given) / count) + 1 for term, count in held.items() if count >= SELDOM}
    rows = [(_values(one, tells), one) for one in given]
    weights: dict[str, float] = {}
    seen: dict[str, float] = {}
    bias = turned = 0.0
    order = list(range(len(rows)))
    for one in given:
        held.update(one.signs)
    for epoch in range(EPOCHS):
        random.Random(epoch).shuffle(order)
        for at in order:
            values, one = rows[at]
            score = bias + sum(weights.get(name, 0.0) * value for name, value in values)
            wrong = (1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) - one.risk) * one.counts
            for name, value in values:
                slope = wrong * value + weights.get(name, 0.0) / (STRENGTH * held[name])
                seen[name] = seen.get(name, 0.0) + slope * slope
                weights[name] = weights.get(name, 0.0) - RATE * slope / math.sqrt(seen[name] + 1e-8)
            turned += wrong * wrong
            bias -= RATE * wrong / math.sqrt(turned + 1e-8)
    kept = {name: (tells.get(name, 1.0), weight) for name, weight in weights.items() if abs(weight) >= SMALL}
    return {**{name: (told, 0.0) for name, told in tells.items()}, **kept}, bias


def _values(one: Example, tells: dict[str, float]) -> list[tuple[str, float]]:
    known = [(term, tells[term]) for term in one.terms if term in tells]
    length = math.sqrt(sum(told**2 for _, told in known)) or 1.0
    return [*((term, told / length) for term, told in known), *((sign, SIGN) for sign in one.signs)]


def write(weights: Weights, bias: float) -> None:
    """Writes the weights, the heaviest first. A row without a term is the bias."""
    with WEIGHTS.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["term", "tells", "weight"])
        out.writerow(["", 1, round(bias, 3)])
        for term, (told, weight) in sorted(weights.items(), key=lambda item: (-abs(item[1][1]), item[0])):
            out.writerow([term, round(told, 2), round(weight, 2)])


def check() -> None:
    """How the weights do: on what they were fitted on, and (from the first blank line on) on what they were not."""
    shared = ROOT.parent.parent / "shared" / "casework"
    for path in sorted(DATA.glob("train_*.jsonl")) + sorted(DATA.glob("plain_*.jsonl")):
        tell(path)
    print()
    for path in (DATA / "unseen.jsonl", DATA / "dev.jsonl", ROOT / "data/counties/derwentshire/concerns.jsonl",
                 shared / "concerns.jsonl"):  # fmt: skip
        if path.is_file():
            tell(path)


def tell(path: Path) -> None:
    """Prints how many of a file's messages raise an alarm, at both levels."""
    alarms = [(bool(danger(text)), any(sign.sure for sign in signs_in(text)), risk) for text, risk in read(path)]
    risks = [(alarm, sure) for alarm, sure, risk in alarms if risk]
    others = [(alarm, sure) for alarm, sure, risk in alarms if not risk]
    by_sign = sum(alarm and sure for alarm, sure in risks)
    false, false_by_sign = sum(alarm for alarm, _ in others), sum(alarm and sure for alarm, sure in others)
    found = f"{sum(alarm for alarm, _ in risks)} of {len(risks)} found ({by_sign} with a sure sign)"
    print(f"{path.parent.name}/{path.name}: {found}, {false} false of {len(others)} ({false_by_sign})")


def main() -> None:
    """Fits and writes, or checks."""
    if "--check" not in sys.argv:
        write(*fit(examples()))
        load_weights.cache_clear()
    check()


if __name__ == "__main__":
    main()
