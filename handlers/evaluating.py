"""How good answers are: questions with the words that answer them, asked and counted. A council writes its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from handlers.messages import Citation, Outcome, Reply
from knowledge.jsonlines import NoJson, json_lines
from knowledge.models import Noun

READ = 900
"""Characters of a quotation that somebody is taken to read."""
_FIRST = 3
MEASURES = ("hit@1", "hit@3", "place", "silent", "whole", "invented")
"""What is measured of a kind of question, each a share from 0 to 1."""
LESS_IS_BETTER = frozenset({"silent", "invented"})
ANSWERABLE, UNANSWERABLE = "all answerable", "all unanswerable"


class Elsewhere(Noun):
    """Another place that answers as well."""

    source: str | list[str]
    gold: str | list[str]


class Asked(Noun, extra="ignore"):
    """A question with what answers it. `gold`: words of the papers, each of which marks a right passage; none where
    nothing in them answers; of a list, each of its lines. `source`: the papers they stand in; `alt`: further places."""

    id: str
    question: str = Field(min_length=1)
    kind: str = "plain"
    source: str | list[str] = ""
    gold: list[str]
    alt: tuple[Elsewhere, ...] = ()

    @property
    def right(self) -> list[str]:
        """Every run of words that marks a right passage, as they are compared."""
        return [bare(gold) for gold in (*self.gold, *(one for alt in self.alt for one in _several(alt.gold)))]

    @property
    def sources(self) -> frozenset[str]:
        """The papers with a right passage."""
        return frozenset(_several(self.source)).union(*(_several(alt.source) for alt in self.alt))


@dataclass(frozen=True)
class Result:
    """What became of one question. `rank`: of the first right passage, from 0, None for none; `place`: the first is
    right, of a right paper, and says where; `whole`: the share of a list that came."""

    asked: Asked
    reply: Reply
    rank: int | None
    place: bool
    whole: float

    @property
    def answered(self) -> bool:
        """Whether the reply claims an answer."""
        return self.reply.outcome is Outcome.ANSWERED

    @property
    def missed(self) -> bool:
        """Whether a person would have wished for another reply."""
        return self.rank != 0 if self.asked.gold else self.answered


def read_questions(path: Path) -> tuple[list[Asked], list[tuple[int, str]]]:
    """The questions of a file of JSON lines, and by line why others are none."""
    found, problems = [], []
    for number, value in json_lines(path):
        if isinstance(value, NoJson):
            problems.append((number, str(value)))
            continue
        try:
            found.append(Asked.model_validate(value))
        except ValidationError as error:
            first = error.errors()[0]
            problems.append((number, f"{'.'.join(map(str, first['loc'])) or 'the line'}: {first['msg'].lower()}"))
    return found, problems


def judge(asked: Asked, reply: Reply) -> Result:
    """How a reply does."""
    citations = reply.citations if reply.outcome is Outcome.ANSWERED else ()
    quotes = [bare(citation.quote or "")[:READ] for citation in citations]
    rank = next((at for at, quote in enumerate(quotes) if any(right in quote for right in asked.right)), None)
    place = rank == 0 and citations[0].document in asked.sources and bool(citations[0].locator)
    return Result(asked, reply, rank, place, _whole(asked, reply, citations))


def measure(results: Iterable[Result]) -> dict[str, dict[str, float]]:
    """By kind of question, and over all, each measure that there is, with `n`, how many were asked."""
    kinds: dict[str, list[Result]] = {}
    for result in results:
        for kind in (result.asked.kind, ANSWERABLE if result.asked.gold else UNANSWERABLE):
            kinds.setdefault(kind, []).append(result)
    ordered = sorted(kinds, key=lambda kind: (kind in (ANSWERABLE, UNANSWERABLE), kind))
    return {kind: dict(_measures(kinds[kind])) for kind in ordered}


def differences(now: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    """By how much each measure has changed since another run of the same questions."""
    return {name: now[name] - before[name] for name in MEASURES if name in now and name in before}


def bare(text: str) -> str:
    """Text as it is compared: small letters, white space as one space, no mark of bold."""
    return re.sub(r"\s+", " ", text.replace("**", "")).strip().lower()


def _measures(results: list[Result]) -> Iterator[tuple[str, float]]:
    yield "n", len(results)
    answerable = [result for result in results if result.asked.gold]
    if answerable:
        n = len(answerable)
        yield "hit@1", sum(result.rank == 0 for result in answerable) / n
        yield "hit@3", sum(result.rank is not None and result.rank < _FIRST for result in answerable) / n
        yield "place", sum(result.place for result in answerable) / n
        yield "silent", sum(not result.answered for result in answerable) / n
    if lists := [result for result in answerable if result.asked.kind == "list"]:
        yield "whole", sum(result.whole for result in lists) / len(lists)
    if others := [result for result in results if not result.asked.gold]:
        yield "invented", sum(result.answered for result in others) / len(others)


def _whole(asked: Asked, reply: Reply, citations: tuple[Citation, ...]) -> float:
    if not asked.gold:
        return 0.0
    said = bare(" ".join((reply.text if citations else "", *(citation.quote or "" for citation in citations))))
    return sum(bare(gold) in said for gold in asked.gold) / len(asked.gold)


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
