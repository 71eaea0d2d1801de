"""Places named in words: "R24", "principle 6", "table 2", "7.9", "section 6". In questions and in locators alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_KINDS = {
    "principle": "principle",
    "recommendation": "recommendation",
    "rec": "recommendation",
    "table": "table",
    "figure": "figure",
    "fig": "figure",
    "diagram": "diagram",
    "section": "section",
    "item": "item",
    "appendix": "appendix",
    "annex": "annex",
    "paragraph": "paragraph",
    "para": "paragraph",
    "page": "page",
}
_NAMED = re.compile(
    rf"\b(?P<kind>{'|'.join(_KINDS)})s?\.?\s*(?:no\.?\s*|number\s*)?(?P<number>\d{{1,3}}(?:\.\d{{1,2}})*)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(?P<letter>[A-Z]{1,2})\s?(?P<number>\d{1,3})\b")
_PARAGRAPH = re.compile(
    r"(?<![£\d.])\b(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})\b(?!\s*(?:%|per cent|million|m\b|bn\b|k\b))"
)


class Reference(NamedTuple):
    """A numbered place. kind: principle, recommendation, table, paragraph ..., or letters that number rows ("M")."""

    kind: str
    number: str

    @property
    def name(self) -> str:
        """For people: "R24", "principle 6", "paragraph 7.9"."""
        if self.kind.isupper():
            return f"{self.kind}{self.number}"
        return f"{self.kind} {self.number}"


def in_locator(locator: str) -> set[Reference]:
    """The numbered places a locator stands for."""
    found = {Reference(_KINDS[match["kind"].lower()], match["number"]) for match in _NAMED.finditer(locator)}
    for part in locator.split(", "):
        bare = part.split(" (")[0]
        if row := re.fullmatch(r"([A-Z]{1,2})\s?(\d{1,3})", bare):
            found.add(Reference(row[1], row[2]))
            if row[1] == "R":
                found.add(Reference("recommendation", row[2]))
        elif re.fullmatch(r"\d{1,2}(\.\d{1,2})*", bare):
            found.add(Reference("paragraph", bare))
            if not any(reference.kind == "section" for reference in found):  # "Section 6, 1.2" is not in section 1
                found.add(Reference("section", bare.split(".")[0]))
    return found


def in_question(text: str, letters: frozenset[str]) -> list[Reference]:
    """The numbered places a question names. `letters`: those by which some document numbers its rows ("R", "M")."""
    found: list[Reference] = []
    covered: list[tuple[int, int]] = []
    for match in _NAMED.finditer(text):
        number = match["number"]
        kind = _KINDS[match["kind"].lower()]
        found.append(Reference("paragraph" if "." in number else kind, number))
        covered.append(match.span())
    for match in _COUNTED.finditer(text.upper()):
        if match["letter"] in letters and not _inside(match.start(), covered):
            found.append(Reference(match["letter"], match["number"]))
    for match in _PARAGRAPH.finditer(text):
        if not _inside(match.start(), covered):
            found.append(Reference("paragraph", match["number"]))
    return list(dict.fromkeys(found))


def without_references(text: str, letters: frozenset[str]) -> str:
    """The question less the places it names."""
    text = _PARAGRAPH.sub(" ", _NAMED.sub(" ", text))
    if letters:
        text = re.sub(rf"\b(?:{'|'.join(sorted(letters))})\s?\d{{1,3}}\b", " ", text, flags=re.IGNORECASE)
    return text


def what_there_is(kind: str, numbers: Iterable[str]) -> str:
    """The places of a kind that exist, for people: "R1 to R27", "principles 1 to 10"."""
    whole = sorted({int(number) for number in numbers if number.isdigit()})
    if not whole:
        return ""
    first, last = Reference(kind, str(whole[0])).name, Reference(kind, str(whole[-1])).name
    if kind.isupper():
        return first if first == last else f"{first} to {last}"
    return first if first == last else f"{kind}s {whole[0]} to {whole[-1]}"


def _inside(at: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)
