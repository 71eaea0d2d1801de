"""Whom and what a question names: contracts by reference, providers and schemes, the people who look after them."""

from __future__ import annotations

import re
from collections.abc import Collection

from rapidfuzz import fuzz, process, utils

from knowledge.register.asking.phrases import phrases
from knowledge.register.asking.reading import Reading
from knowledge.register.choosing import by_reference
from knowledge.register.contract import key_of
from knowledge.register.reader import RegisterReader

_REFERENCE = re.compile(
    r"(?<![\w£])(?=[\w/.-]*\d)[A-Za-z]{0,6}[-/]?[\w/.-]*\w(?![\w£])|\b[A-Z]{2,6}(?:-[A-Z0-9]{1,6})+\b"
)
_LIKE_ONE = re.compile(
    r"\b[A-Za-z]{2,6}\d{2,}(?:[-/]\w+)+|\b[A-Za-z]{2,6}[-/]?\d{3,}[\w/-]*|\b[A-Z]{2,6}-[A-Z]{2,6}-\d+"
)
_SURE = 0.75
"""From here on a name is meant."""
_FAIR = 0.7
"""From here on it is where it is written as a name: all its words are ordinary ones."""
_WITH = re.compile(
    r"(?:with|from|by|does|do|is|are|use|using|called|named|to)\s+((?:[A-Z][\w&'-]*)(?:\s+(?:[A-Z&][\w&'-]*|and|of|the))*)"
)
_NEAR = 55.0


def references_in(reading: Reading, reader: RegisterReader) -> tuple[set[int], str, tuple[str, ...]]:
    """The contracts whose references the text has, and what was said; else, for something like a reference that no
    contract has, what was said and the nearest there are."""
    for one in _REFERENCE.finditer(reading.text):
        said = one.group().strip(".")
        found = by_reference(reader, key_of(said))
        if found:
            reading.cut(one.start(), one.end())
            return found, said, ()
    if match := _LIKE_ONE.search(reading.text):
        reading.cut(match.start(), match.end())
        keys = {row[0].casefold(): row[0] for row in reader.select("SELECT reference FROM contract")}
        near = process.extract(match.group().casefold(), list(keys), scorer=fuzz.ratio, limit=3, score_cutoff=_NEAR)
        return set(), match.group(), tuple(keys[one] for one, _, _ in near)
    return set(), "", ()


def person_in(reading: Reading, reader: RegisterReader) -> tuple[str, str]:
    """A manager, deputy or director whom the text names in full, and as which of them alone, "" for any."""
    plain = " ".join(word for word in _bare(reading.text).split() if word != "s")
    found: dict[str, list[str]] = {}
    for column in ("manager", "deputy", "director"):
        for name in reader.labels[column]:
            bare = _bare(name)
            if " " in bare and f" {bare} " in f" {plain} ":
                found.setdefault(name, []).append(column)
    if not found:
        return "", ""
    name = max(found, key=len)
    reading.cut_text(name)
    return name, found[name][0] if len(found[name]) == 1 else ""


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w ]", " ", text.casefold()).split())


def name_in(reading: Reading, reader: RegisterReader) -> tuple[set[int], str, bool]:
    """The contracts of the name the text says most surely, the name, and whether it is a provider's."""
    said = [one for one in reader.names.find(reading.left) if not _is_asking(one.words)]
    sure = [one for one in said if one.sure >= _SURE or (one.sure >= _FAIR and _is_written_so(one.words, reading.left))]
    if not sure:
        return set(), "", False
    best = [one for one in sure if one.words == sure[0].words]
    found: set[int] = set()
    provider = ""
    for one in best:
        for number, source in reader.named(one.name):
            found.add(number)
            provider = provider or (one.name if source == "provider" else "")
    reading.cut_words(sure[0].words.split())
    reading.cut_words([part for part in _rest_of(provider) if part not in sure[0].words.split()])
    return found, provider or best[0].name, bool(provider)


def _is_written_so(said: str, text: str) -> bool:
    """Whether words that may be a name are written as one."""
    return " " in said and bool(re.search(r"\b" + r"\W+".join(re.escape(word.title()) for word in said.split()), text))


def _is_asking(said: str) -> bool:
    """Whether a word that stands in a name is one that people ask with: "total", "current"."""
    if " " in said:
        return False
    sections = ("little", "state", "order", "delivered", "size", "weak", "want")
    return said == "total" or any(
        pattern.fullmatch(said) for section in sections for pattern in phrases(section).values()
    )


def _rest_of(name: str) -> list[str]:
    return [token.lower() for token in re.findall(r"\w+", name)]


def unknown_name(reading: Reading, reader: RegisterReader, own: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """A name after "with" or "from", or a company's full name, that no contract has, and the nearest providers there
    are."""
    spans = [match.span(1) for match in _WITH.finditer(reading.text)]
    spans += [match.span() for match in phrases("near")["company"].finditer(reading.text)]
    for start, end in spans:
        said = reading.text[start:end].strip()
        plain = [word.lower() for word in said.split()]
        if len(said) > 2 and not all(word in reader.ordinary for word in plain) and not set(plain) & set(own):
            reading.cut(start, end)
            return said, nearest_names(said, reader)
    return "", ()


def nearest_names(said: str, reader: RegisterReader) -> tuple[str, ...]:
    """Providers with names like this."""
    given = [row[0] for row in reader.select("SELECT DISTINCT name FROM named WHERE source = 'provider'")]
    near = process.extract(
        said, given, scorer=fuzz.WRatio, processor=utils.default_process, limit=2, score_cutoff=_NEAR
    )
    return tuple(name for name, _, _ in near)
