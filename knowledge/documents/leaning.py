"""How a question leans by its wording alone: towards what papers say, or towards what people ask and no paper says.

"What percentage of", "how many staff", "which company", "phone number" are asked beside papers oftener than papers
answer them; "what do we have to", "should we", "recommendations on" are answered. The leanings
(knowledge/data/asking/leanings.csv: words, leaning) are counted by `python -m tests.bench.fit_leanings` from the
digest's ways of asking and from what it knows that no paper says. They are about asking, not about one council's
papers, so they serve any.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from itertools import pairwise

from knowledge.text import stems

_OPENS = "^"
"""Stands before the first word, so that how a question opens counts."""


def terms(question: str) -> list[str]:
    """The words of a question and the pairs of them, each once; one number is like another."""
    found = [_OPENS, *("#" if stem[0].isdigit() else stem for stem in stems(question))]
    return list(dict.fromkeys([*found[1:], *map(" ".join, pairwise(found))]))


def leaning(question: str) -> float:
    """How a question leans: above 0 towards what no paper says, below 0 towards what papers say, 0 for no wording
    that is known."""
    known = load_leanings()
    return sum(known.get(term, 0.0) for term in terms(question))


@cache
def load_leanings() -> dict[str, float]:
    """The leanings as they ship, by words."""
    text = files("knowledge").joinpath("data", "asking", "leanings.csv").read_text(encoding="utf-8")
    return {row["words"]: float(row["leaning"]) for row in csv.DictReader(text.splitlines())}
