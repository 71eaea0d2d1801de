"""What an alert is about as one field of a form: services by name, expressions, references, with commas between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.services import catalogue
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.understanding.naming import Subjects
from knowledge.subscriptions.understanding.nouns import Teller
from knowledge.subscriptions.understanding.subjects import of_part
from knowledge.subscriptions.understanding.telling import groups, services_in_words

LONGEST = 120
"""Characters of an expression."""
_QUOTED = re.compile(r"[\"“”]([^\"“”]+)[\"“”]")
_FOLLOW = re.compile(r"follow(?:ing|s)?[: ]+(\S+)", re.IGNORECASE)
_GROUP = re.compile(r"(.+) \(all \d+ services\)", re.IGNORECASE)


class About(NamedTuple):
    """What a form is about."""

    words: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()


def about_of(criteria: Criteria) -> str:
    """What the field holds. Expressions stand in quotation marks, so that they are read as they are."""
    named = services_in_words(criteria.services)
    quoted = (f'"{phrase}"' for phrase in criteria.words)
    return ", ".join((*named, *quoted, *(f"follow {one}" for one in criteria.follows)))


def read_about(text: str, teller: Teller) -> tuple[About, str]:
    """What the field says, and what is wrong with it."""
    quoted = [" ".join(one.split())[:LONGEST] for one in _QUOTED.findall(text)]
    rest, services = _named(_QUOTED.sub(",", text))
    follows, missing, found = list[str](), list[str](), Subjects()
    for part in filter(None, (one.strip() for one in re.split(r"[,;\n]", rest))):
        if reference := _FOLLOW.fullmatch(part):
            known = teller.known([reference[1]])
            follows += known
            missing += [] if known else [reference[1]]
        elif known := teller.known([part]) if re.fullmatch(r"[\w/.-]*\d[\w/.-]*", part) else ():
            follows += known
        else:
            found = found + _part(part, teller)
    about = About(
        tuple(dict.fromkeys((*quoted, *found.words))), tuple(dict.fromkeys((*services, *found.services))), found.cpv,
        tuple(dict.fromkeys(follows)),
    )  # fmt: skip
    return about, f"No intention {' or '.join(missing)} is on the timeline." if missing else ""


def _part(text: str, teller: Teller) -> Subjects:
    found = of_part(text, teller.reader, teller.own)
    if found:
        return found
    return Subjects(words=(" ".join(text.split())[:LONGEST],))


def _named(text: str) -> tuple[str, list[str]]:
    """A text without the names of services in it that stand between commas, and the keys of those."""
    keys = list[tuple[int, list[str]]]()
    for name, found in sorted(_names(), key=lambda item: -len(item[0])):
        pattern = re.compile(rf"(?:^|(?<=[,;\n])|(?<=[,;\n] )){re.escape(name)}(?=\s*(?:[,;\n]|$))", re.IGNORECASE)
        while at := pattern.search(text):
            keys.append((at.start(), found))
            text = text[: at.start()] + "," * len(at.group()) + text[at.end() :]
    return text, [key for _, found in sorted(keys) for key in found]


def _names() -> Iterator[tuple[str, list[str]]]:
    for service in catalogue().services:
        yield service.name, [service.key]
    for group, members in groups().items():
        yield f"{group} (all {len(members)} services)", [one.key for one in members]
