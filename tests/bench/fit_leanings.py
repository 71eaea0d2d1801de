"""`python -m tests.bench.fit_leanings`: counts how questions lean by their wording and writes
knowledge/data/asking/leanings.csv: how much oftener a word or a pair of words stands in what people ask and no paper
says than in the digest's ways of asking, as the logarithm of the ratio."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from knowledge.documents.leaning import terms
from knowledge.pack import Pack

PACKS = Path(__file__).parents[2] / "knowledge" / "data"
LEANINGS = PACKS / "asking" / "leanings.csv"
MET = 4
"""How often words must have been met to count."""
DOUBT = 1.0
"""How many questions of no leaning are added to those counted."""
MOST, LEAST = 3.0, -1.0
"""No words lean further: what no paper says was written by fewer people, and chattily worded questions hardly occur
there, which says nothing of them."""
NOTHING = 0.1
"""A leaning below this is none."""


def main() -> None:
    """Writes the leanings and says how many."""
    text = leanings()
    LEANINGS.write_text(text, encoding="utf-8", newline="")
    print(f"{LEANINGS.relative_to(PACKS.parents[1])}: {text.count(chr(10)) - 1} leanings")


def leanings() -> str:
    """The file's text, counted anew."""
    pack = Pack(PACKS / "kent")
    said, unsaid = ([ask for one in part for ask in one.asks] for part in (pack.digest, pack.unsaid))
    share = len(unsaid) / (len(unsaid) + len(said))
    beside, answered = _counted(unsaid), _counted(said)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("words", "leaning"))
    for term in sorted({*beside, *answered}):
        if beside[term] + answered[term] < MET:
            continue
        ratio = (beside[term] + DOUBT * share) / (answered[term] + DOUBT * (1 - share)) * len(said) / len(unsaid)
        leans = round(min(MOST, max(LEAST, math.log(ratio))), 1)
        if abs(leans) >= NOTHING:
            table.writerow((term, f"{leans:g}"))
    return out.getvalue()


def _counted(questions: Iterable[str]) -> Counter[str]:
    return Counter(term for question in questions for term in terms(question))


if __name__ == "__main__":
    main()
