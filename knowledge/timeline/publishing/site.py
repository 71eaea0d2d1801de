"""Where the timeline is published and by whom, and the words it is told in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from knowledge.timeline.nouns import Change, Route
from knowledge.timeline.when import When

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class Site(NamedTuple):
    """`url`: the desk's public address, without a slash at its end; `council`: its name; `prefix`: what identifiers of
    the council's own open contracting processes begin with ("ocds-desk00")."""

    url: str
    council: str
    prefix: str

    @property
    def host(self) -> str:
        """Whose identifiers are: of feeds, entries and events, the same on every machine."""
        return urlsplit(self.url).hostname or "localhost"

    def page(self, reference: str) -> str:
        """The address of an intention's page."""
        return f"{self.url}/timeline/{quote(reference)}"


class Words(NamedTuple):
    """How things are told to people. `when`: "July to September 2027"; `label`: what people call a time, by the route;
    `change`: a change as a clause; `kinds`: the names of kinds of service, by their keys."""

    when: Callable[[When], str]
    label: Callable[[str, Route | None], str]
    change: Callable[[Change], str]
    kinds: Callable[[Sequence[str]], str]


def plain(text: str) -> str:
    """A text without the characters that neither XML nor a calendar may hold."""
    return text if text.isprintable() else _NO_TEXT.sub("", text)
