"""`python -m tests.bench.fit_journeys`: fits the weights by which a message's words say which journey it is for, and
writes them to knowledge/data/journeys/weights.csv. Logistic regression in plain Python (AdaGrad), on the messages of
tests/data/journeys/examples and own.jsonl, ways of asking from the digests, and messages of the other tests' data (of
questions/fitting.jsonl those that the papers answer, of held_out.jsonl and sample.jsonl there none);
`--check` only prints how many messages of own.jsonl and held_out.jsonl the weights that ship get right by their words
alone, by journey. A minute."""

from __future__ import annotations

import csv
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.journeys.weighing import Journey, Weights, load_weights, terms, values, weigh
from knowledge.services import load_services

DATA = Path(__file__).resolve().parents[1] / "data"
PACKS = DATA.parents[1] / "knowledge" / "data"
WEIGHTS = PACKS / "journeys" / "weights.csv"
EPOCHS, RATE, STRENGTH = 25, 0.5, 0.004
SELDOM = 2
"""Messages a term must stand in."""
SMALL = 0.08
"""A term whose every weight is smaller is left out."""
ASKS, ASK = 1_500, 0.4
"""Ways of asking from the digests, and what one counts beside a message: they are many, and of one journey."""
CONCERNS, CONCERN = 500, 0.4
SENTENCE, QUESTION = 0.5, 0.7
NAME = 0.25
"""What the bare name of a kind of service counts: said alone, the papers are searched for it."""
_RAISED = {"contract", "not_ours", "too_vague", "safeguarding"}


class Example(NamedTuple):
    """A message's terms, the journey it is for, and what it counts."""

    terms: list[str]
    journey: Journey
    counts: float


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def texts() -> Iterator[tuple[str, str, float]]:
    """Everything that is fitted on: the message, its journey, what it counts."""
    for journey in Journey:
        written = (DATA / "journeys" / "examples" / f"{journey}.txt").read_text(encoding="utf-8")
        yield from ((line, journey, 1.0) for line in written.splitlines() if line.strip())
    others = (DATA / "journeys" / "examples" / "nothing.txt").read_text(encoding="utf-8")
    yield from ((line, Journey.DOCUMENTS, 1.0) for line in others.splitlines())
    for row in lines(DATA / "journeys" / "own.jsonl"):
        yield row["message"], row["journey"], 1.0
    asked = [row["question"] for row in lines(DATA / "questions" / "fitting.jsonl") if row.get("gold")]
    yield from ((text, Journey.DOCUMENTS, 1.0) for text in asked)
    for row in lines(DATA / "subscription_sentences.jsonl"):
        yield row["text"], Journey.SUBSCRIPTION, SENTENCE
    for row in lines(DATA / "timeline_questions.jsonl"):
        yield row["question"], row["journey"], QUESTION
    asks = [ask for path in sorted(PACKS.glob("*/digest/*.jsonl")) for row in lines(path) for ask in row["asks"]]
    yield from ((ask, Journey.DOCUMENTS, ASK) for ask in random.Random(1).sample(asks, min(ASKS, len(asks))))
    yield from ((service.name, Journey.DOCUMENTS, NAME) for service in load_services())
    told = [row["text"] for path in sorted(DATA.glob("safeguarding/plain_*.jsonl")) for row in lines(path)]
    raised = lines(DATA / "counties" / "fenwold" / "concerns.jsonl")
    told += [row["text"] for row in raised if row["expect"] in _RAISED]
    yield from ((text, Journey.CONCERN, CONCERN) for text in random.Random(1).sample(told, CONCERNS))


def fit(given: Sequence[Example]) -> Weights:
    """The weights that make the examples likely, and no larger than they need be."""
    held = Counter(term for one in given for term in one.terms)
    tells = {term: math.log(len(given) / count) + 1 for term, count in held.items() if count >= SELDOM}
    rows = [(values(one.terms, tells), list(Journey).index(one.journey), one.counts) for one in given]
    size = len(Journey)
    weights = {term: [0.0] * size for term in tells}
    seen = {term: [1e-8] * size for term in tells}
    bias, turned = [0.0] * size, [1e-8] * size
    for epoch in range(EPOCHS):
        random.Random(epoch).shuffle(rows)
        for counted, right, counts in rows:
            for place, wrong in enumerate(_wrong(counted, right, weights, bias)):
                wrong *= counts
                turned[place] += wrong * wrong
                bias[place] -= RATE * wrong / math.sqrt(turned[place])
                for term, value in counted:
                    slope = wrong * value + weights[term][place] * STRENGTH / held[term]
                    seen[term][place] += slope * slope
                    weights[term][place] -= RATE * slope / math.sqrt(seen[term][place])
    kept = {term: (tells[term], tuple(found)) for term, found in weights.items() if max(map(abs, found)) >= SMALL}
    return Weights(kept, tuple(bias))


def _wrong(
    counted: Sequence[tuple[str, float]], right: int, weights: dict[str, list[float]], bias: list[float]
) -> list[float]:
    """How far each journey's likelihood is from what is right."""
    scores = [base + sum(weights[term][place] * value for term, value in counted) for place, base in enumerate(bias)]
    powers = [math.exp(score - max(scores)) for score in scores]
    return [power / sum(powers) - (place == right) for place, power in enumerate(powers)]


def write(weights: Weights) -> None:
    """Writes the weights, by term. A row without a term is the bias."""
    with WEIGHTS.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["term", "tells", *Journey])
        out.writerow(["", 1, *(round(one, 2) for one in weights.bias)])
        for term, (told, found) in sorted(weights.terms.items()):
            out.writerow([term, round(told, 1), *(round(one, 1) for one in found)])


def check() -> None:
    """Prints totals by journey, and never a message."""
    for name in ("own", "held_out"):
        right: Counter[str] = Counter()
        for row in lines(DATA / "journeys" / f"{name}.jsonl"):
            found = weigh(row["message"])
            best = max(found, key=lambda journey: found[journey].weighs)
            right[row["journey"]] += best in (row["journey"], *row.get("also", ()))
        print(f"{name}: {right.total()} right; {dict(right)}")


def main() -> None:
    """Fits and writes, or checks."""
    if "--check" in sys.argv:
        check()
        return
    write(fit([Example(terms(text), Journey(journey), counts) for text, journey, counts in texts()]))
    load_weights.cache_clear()


if __name__ == "__main__":
    main()
