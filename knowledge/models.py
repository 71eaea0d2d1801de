"""The nouns of the desk. Frozen: what has been read is never changed in place."""

from __future__ import annotations

import re
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

LEFT_OUT = " … "
"""What stands in a quotation for text that was left out of it."""


class Noun(BaseModel):
    """A value that is compared by what it holds and cannot be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Access(StrEnum):
    """Who may read a document."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"


class Role(StrEnum):
    """What a person is to the desk. Whoever is not on the people list is a provider."""

    PROVIDER = "provider"
    OFFICER = "officer"
    MEMBER = "member"
    MANAGER = "manager"
    DIRECTOR = "director"
    TRIAGE = "triage"
    SAFEGUARDING = "safeguarding"
    ADMINISTRATOR = "administrator"


SEES_CONFIDENTIAL = frozenset({Role.MANAGER, Role.DIRECTOR, Role.ADMINISTRATOR})


def readable_by(roles: frozenset[Role]) -> frozenset[Access]:
    """The documents people with these roles may read: public for all, internal for anyone listed."""
    seen = {Access.PUBLIC}
    if roles - {Role.PROVIDER}:
        seen.add(Access.INTERNAL)
    if roles & SEES_CONFIDENTIAL:
        seen.add(Access.CONFIDENTIAL)
    return frozenset(seen)


class Document(Noun):
    """A paper the desk holds. `published` is text as given: "2015", "2014-05-15"."""

    id: str
    title: str
    file: str = ""
    publisher: str = ""
    published: str = ""
    kind: str = ""
    status: str = ""
    supersedes: str = ""
    access: Access = Access.INTERNAL
    note: str = ""
    checksum: str = ""
    pages: int | None = None


class Part(Noun):
    """A run of a document's own words. `joined`: nothing was left out between it and the part before."""

    text: str
    label: str = ""
    page: int | None = None
    joined: bool = False


class Passage(Noun):
    """The piece of a document an answer cites. `locator` is unique in its document."""

    document: str
    locator: str
    position: int
    headings: tuple[str, ...] = ()
    parts: tuple[Part, ...]

    @property
    def anchor(self) -> str:
        """The passage's name in a link."""
        return slug(self.locator)

    @property
    def id(self) -> str:
        """Document and locator: the same however often the document is indexed again."""
        return f"{self.document}#{self.anchor}"

    @property
    def text(self) -> str:
        """The exact words, an ellipsis standing where the source has something between two parts."""
        return join_parts(self.parts)

    @property
    def page(self) -> int | None:
        """The page on which the passage begins, where the file has pages."""
        return self.parts[0].page if self.parts else None

    def labelled(self, label: str) -> str:
        """The words of one cell or section of the passage, or ""."""
        return join_parts(tuple(part for part in self.parts if part.label == label))


class DigestEntry(Noun):
    """Our own words on a passage, with ways of asking for it."""

    id: str
    document: str
    locator: str
    digest: str
    asks: tuple[str, ...] = ()


class Unsaid(Noun):
    """What people ask beside a passage, and no paper says: near it, and no answer."""

    id: str
    document: str
    locator: str
    asks: tuple[str, ...]


class Person(Noun):
    """Somebody on the people list, with every role the list gives them."""

    email: str = ""
    slack_id: str = ""
    name: str = ""
    roles: frozenset[Role]
    division: str = ""
    directorate: str = ""
    deputy: str = ""
    away_from: str = ""
    away_to: str = ""

    @property
    def listed(self) -> bool:
        """Whether the council knows them as one of its own: whoever is no more than a provider is not."""
        return bool(self.roles - {Role.PROVIDER})


def join_parts(parts: tuple[Part, ...]) -> str:
    """The parts' words in order, an ellipsis between two that do not follow each other in the source."""
    return "".join((glue(part) if place else "") + part.text for place, part in enumerate(parts))


def glue(part: Part) -> str:
    """What stands between a part and the one before: a new line, or an ellipsis where something was left out."""
    if part.joined:
        return "\n"
    return LEFT_OUT.rstrip() + "\n" if part.text.startswith("• ") else LEFT_OUT


def slug(locator: str) -> str:
    """A locator as a link fragment: "Principle 6: our goal" -> "principle-6-our-goal"."""
    return re.sub(r"[^a-z0-9.]+", "-", locator.lower()).strip("-.") or "passage"
