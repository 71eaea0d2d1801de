"""`python -m tests.bench.fit_answers`: fits what each sign counts by which the desk knows whether a passage answers,
and tries what each voice counts by which passages are ranked, on questions about the real papers: those of
tests/data/questions/fitting.jsonl and the development set. Whole passages are left out of the fitting by turns, with
all questions about them, and what was fitted without them is tried on them. Prints what it found; changes nothing."""

from __future__ import annotations

import hashlib
import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings import load_settings
from bot.wiring import Wiring
from handlers.evaluating import Asked, bare, read_questions
from handlers.messages import Message
from handlers.sought import words_on
from handlers.understanding import understand
from knowledge.documents import deciding
from knowledge.documents.found import Found
from knowledge.documents.importing import index_documents
from knowledge.documents.index import ensure_index
from knowledge.documents.search import Index
from knowledge.documents.voices import WEIGHTS
from knowledge.models import Access, Role
from tests.bench.fit_routing import SHARED

QUESTIONS = (Path(__file__).parents[1] / "data/questions/fitting.jsonl", SHARED / "eval/dev_questions.jsonl")
READABLE = frozenset({Access.PUBLIC})
FOLDS = 8
ROUNDS = 1_500
STIFFNESS = 4.0
"""How strongly weights are held near nothing, in questions' worth."""
AGAINST = frozenset({"single", "missing", "unknown", "names", "lacking", "unsaid", "leaning"})
"""Signs that may only speak against answering, whatever the questions at hand say; all others only for it."""
SHARES = (0.1, 0.15, 0.2, 0.25, 0.3)


@dataclass
class Case:
    """A question, what was found for it, and what is right. `fold`: which part of the passages it is about."""

    asked: Asked
    found: Sequence[Found]
    right: set[int]
    signs: dict[str, float]
    fold: int

    @property
    def hit(self) -> bool:
        return bool(self.found) and self.found[0].number in self.right


def main() -> None:
    """Prints figures and weights."""
    with tempfile.TemporaryDirectory() as home:
        wiring = Wiring(load_settings({"DESK_HOME": home}))
        index_documents(wiring.store, [SHARED / "documents"], wiring.pack, wiring.limits, lambda *_: None)
        ensure_index(wiring.store, wiring.pack, wiring.settings.index_path)
        cases = list(_cases(wiring))
    print(f"{len(cases)} questions; the first passage is right for {_hits(cases):.3f} of those the papers answer")
    _voices([case for case in cases if case.asked.gold])
    cases = [case for case in cases if case.signs]
    unseen = [0.0] * len(cases)
    for fold in range(FOLDS):
        fitted = _fit([case for case in cases if case.fold != fold])
        for place, case in enumerate(cases):
            if case.fold == fold:
                unseen[place] = _evidence(fitted, case)
    _table("left out of the fitting", cases, unseen)
    fitted = _fit(cases)
    told = [_evidence(fitted, case) for case in cases]
    _table("fitted on all", cases, told)
    print("WEIGHTS = {" + ", ".join(f'"{name}": {value:.3f}' for name, value in fitted.items() if name) + "}")
    print(f"BAR = {-fitted['']:.3f} for even odds")


def _cases(wiring: Wiring) -> Iterator[Case]:
    index = wiring.index.get()
    texts = {number: bare(index.passage(number).text) for (number,) in index.rows("SELECT n FROM passage")}
    for file in QUESTIONS:
        for asked in read_questions(file)[0]:
            right = {number for number, text in texts.items() if any(gold in text for gold in asked.right)}
            yield _case(asked, right if asked.gold else set(), wiring, index)


def _case(asked: Asked, right: set[int], wiring: Wiring, index: Index) -> Case:
    said = understand(Message(text=asked.question, roles=frozenset({Role.OFFICER})), wiring.desk, index)
    found = index.search(said.query, READABLE) if not said.references else []
    signs = {}
    if found and said.query.telling:
        unsaid = index.unsaid(said.query, READABLE)
        signs = deciding.signs(said.query, found, words_on(found, index), unsaid)
    about = min(right) if right else found[0].number if found else 0
    fold = int(hashlib.sha256(str(about).encode()).hexdigest(), 16) % FOLDS
    return Case(asked, found, right, signs, fold)


def _voices(cases: Sequence[Case]) -> None:
    """What becomes of the first place where a voice counts half or double."""

    def first(body: float, head: float, digest: float, broad: float) -> float:
        def score(one: Found) -> float:
            voices = one.voices
            spoken = broad * voices["broad"] + (1 - broad) * voices["close"] if "broad" in voices else voices["digest"]
            return body * voices["body"] + head * voices["head"] + digest * spoken

        best = [max(case.found, key=score).number if case.found else 0 for case in cases]
        return sum(number in case.right for number, case in zip(best, cases, strict=True)) / len(cases)

    now = {"body": WEIGHTS.body, "head": WEIGHTS.head, "digest": WEIGHTS.digest, "broad": WEIGHTS.broad}
    print(f"voices as they are: {first(**now):.3f}")
    for name in now:
        tries = ", ".join(f"x{by:g} {first(**{**now, name: now[name] * by}):.3f}" for by in (0.5, 0.75, 1.33, 1.8))
        print(f"  {name}: {tries}")


def _fit(cases: Sequence[Case]) -> dict[str, float]:
    """Logistic regression by gradient, on signs brought to one scale; the weights are given for the signs as they are,
    and under "" what is added to their sum."""
    names = list(cases[0].signs)
    middle = {name: sum(case.signs[name] for case in cases) / len(cases) for name in names}
    spread = {
        name: math.sqrt(sum((case.signs[name] - middle[name]) ** 2 for case in cases) / len(cases)) or 1.0
        for name in names
    }
    rows = [[(case.signs[name] - middle[name]) / spread[name] for name in names] + [1.0] for case in cases]
    answers = [bool(case.asked.gold) for case in cases]
    weights = [0.0] * (len(names) + 1)
    for _ in range(ROUNDS):
        slope = [-STIFFNESS * weight for weight in weights[:-1]] + [0.0]
        for row, answer in zip(rows, answers, strict=True):
            off = answer - _odds(sum(map(float.__mul__, weights, row)))
            slope = [one + off * value for one, value in zip(slope, row, strict=True)]
        weights = [weight + 0.5 * one / len(rows) for weight, one in zip(weights, slope, strict=True)]
        weights = [*map(_bounded, names, weights), weights[-1]]
    fitted = {name: weight / spread[name] for name, weight in zip(names, weights, strict=False)}
    return {**fitted, "": weights[-1] - sum(fitted[name] * middle[name] for name in names)}


def _bounded(name: str, weight: float) -> float:
    return min(0.0, weight) if name in AGAINST else max(0.0, weight)


def _odds(sum_: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, sum_))))


def _evidence(fitted: dict[str, float], case: Case) -> float:
    return fitted[""] + sum(fitted[name] * value for name, value in case.signs.items())


def _hits(cases: Sequence[Case]) -> float:
    answerable = [case for case in cases if case.asked.gold]
    return sum(case.hit for case in answerable) / len(answerable)


def _table(title: str, cases: Sequence[Case], evidence: Sequence[float]) -> None:
    print(title)
    others = sorted((told for case, told in zip(cases, evidence, strict=True) if not case.asked.gold), reverse=True)
    told_of = [(case, told) for case, told in zip(cases, evidence, strict=True) if case.asked.gold]
    for share in SHARES:
        bar = others[int(share * len(others))]
        silent = sum(told <= bar for _, told in told_of) / len(told_of)
        hits = sum(case.hit and told > bar for case, told in told_of) / len(told_of)
        print(f"  invented {share:.2f}: silent {silent:.3f}, first right {hits:.3f} (bar {bar:.2f})")


if __name__ == "__main__":
    main()
