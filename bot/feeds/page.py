"""One answer of a feed: whether it is whole, and where the next one is.

What its releases say is read elsewhere, release by release. Here only the frame counts, and a number that is no JSON in
one release may not lose the link to the next page.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from bot.feeds.errors import FeedError, Silent
from knowledge.timeline.nouns import Read
from knowledge.timeline.reading.errors import TimelineFileError
from knowledge.timeline.reading.jsonfile import read_json_text

_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_COLON = re.compile(r"\s*:\s*")
_NOT_WHOLE = "it gave an answer that is no whole package of releases"


class Page(NamedTuple):
    """An answer. `text`: a package as it came; `cursor`: what asks for the next page, "" for none; `empty`: it has no
    release."""

    text: bytes
    cursor: str
    empty: bool


def page_of(text: bytes) -> Page:
    """The frame of an answer. Raises Silent where it is not whole, FeedError where its link leads nowhere."""
    frame = _frame(text)
    releases, links = frame.get("releases"), frame.get("links")
    if not isinstance(releases, list):
        raise Silent(_NOT_WHOLE)
    link = links.get("next") if isinstance(links, dict) else None
    return Page(text, _cursor(link), not releases)


def read_page(page: Page, name: str) -> Read:
    """What a page says. `name`: what to call it. Raises FeedError where nobody knows its format."""
    if page.empty:
        return Read(records=0)
    try:
        return read_json_text(page.text, name)
    except TimelineFileError:
        raise FeedError("it gave a package that cannot be read") from None


def _frame(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = _outline(text.decode("utf-8", "replace"))
    return found if isinstance(found, dict) else {}


def _outline(text: str) -> dict[str, Any]:
    """The outermost keys of a package that is broken somewhere within, with what can be read of them; of the releases
    only that there are some. Nothing where its brackets do not close."""
    found: dict[str, Any] = {}
    depth, end = 0, 0
    for token in _TOKENS.finditer(text):
        if token[0] in "{[":
            depth += 1
        elif token[0] in "}]":
            depth, end = depth - 1, token.end()
        elif depth == 1 and (colon := _COLON.match(text, token.end())):
            found[token[0].strip('"')] = _value(text, colon.end())
    whole = depth == 0 and text.lstrip("\ufeff \t\r\n").startswith("{") and not text[end:].strip()
    return found if whole else {}


def _value(text: str, start: int) -> Any:
    try:
        return json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return ["broken"] if text[start : start + 1] == "[" else None


def _cursor(link: Any) -> str:
    """Only the cursor is taken from a link: where to ask is for the settings to say."""
    if link is None or link == "":
        return ""
    try:
        [cursor] = parse_qs(urlsplit(str(link)).query)["cursor"]
    except (KeyError, ValueError):
        raise FeedError("it names a next page without a cursor") from None
    return cursor
