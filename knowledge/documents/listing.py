"""Lists: where a passage holds one, and whether a question asks for one. A list that is asked for comes whole."""

from __future__ import annotations

import re
from typing import NamedTuple

from knowledge.documents.query import Query
from knowledge.documents.units import Unit, join_units
from knowledge.models import Passage, glue
from knowledge.register.asking.phrases import phrases
from knowledge.text import stems

WHOLE = 2_500
"""Characters up to which a passage with a list is shown whole: what a message in Slack holds of one quotation."""
_FEWEST = 2
"""Items from which lines are a list."""
_MARKED = re.compile(r"^(?:[•▪‣◦*]|[-–—](?=\s)|\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})[.)](?=\s))\s*", re.IGNORECASE)
_NAMED = re.compile(r"^[A-Z][a-z]+ (?:\d{1,2}|[A-Z]|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten):?$")
"""A line that only names an item ("Principle 1:"), whose words follow on the next."""


class Item(NamedTuple):
    """An item of a list. `text`: its words without the mark before them; `first`, `last`: its places among the
    passage's parts."""

    text: str
    first: int
    last: int


class Run(NamedTuple):
    """Items one after the other. `lead`: the place of what leads into them, None where nothing does."""

    lead: int | None
    items: tuple[Item, ...]


def asks_for_list(text: str) -> bool:
    """Whether a question asks for a list."""
    return any(pattern.search(text) for pattern in phrases("list", "lists.toml").values())


def items_of(passage: Passage) -> tuple[Item, ...]:
    """Every item of every list in a passage, in order; none where it holds no list."""
    return tuple(item for run in runs_of(passage) for item in run.items)


def has_bare_lines(passage: Passage) -> bool:
    """Whether a passage leads into lines that bear no mark, as a list does whose bullets were lost: such a list is
    shown whole where one is asked for, and not counted."""
    leads = [place for place, part in enumerate(passage.parts) if part.text.endswith(":")]
    return any(len(passage.parts) - place > _FEWEST for place in leads) and len(passage.text) <= WHOLE


def runs_of(passage: Passage) -> list[Run]:
    """The lists of a passage, in order."""
    runs: list[Run] = []
    found: list[Item] = []
    for item in [*_items(passage), None]:
        if item is None or (found and not _follows(passage, found[-1], item)):
            if len(found) >= _FEWEST:
                runs.append(Run(found[0].first - 1 if found[0].first else None, tuple(found)))
            found = []
        if item:
            found.append(item)
    return runs


def quote_list(passage: Passage, query: Query) -> str:
    """A passage's list with what leads into it; all of the passage where that is short enough, else of several lists
    the one that holds most of what was asked. What is left out is an ellipsis."""
    if len(passage.text) <= WHOLE:
        return passage.text
    run = max(runs_of(passage), key=lambda one: _fit(passage, one, query))
    pieces = [Unit(part.text, part.label, glue(part) if n else "") for n, part in enumerate(passage.parts)]
    start = run.items[0].first if run.lead is None else run.lead
    return join_units(pieces[start : run.items[-1].last + 1])


def _items(passage: Passage) -> list[Item]:
    found = []
    for place, part in enumerate(passage.parts):
        following = passage.parts[place + 1].text if place + 1 < len(passage.parts) else ""
        if _NAMED.match(part.text) and following and not _NAMED.match(following):
            found.append(Item(f"{part.text} {following}", place, place + 1))
        elif mark := _MARKED.match(part.text):
            found.append(Item(part.text[mark.end() :].strip(), place, place))
    return [item for item in found if item.text]


def _follows(passage: Passage, before: Item, item: Item) -> bool:
    """Whether an item belongs to the list of the one before: right after it, in the same cell or section."""
    return item.first == before.last + 1 and passage.parts[item.first].label == passage.parts[before.last].label


def _fit(passage: Passage, run: Run, query: Query) -> tuple[float, int]:
    start = run.items[0].first if run.lead is None else run.lead
    held = set(stems(" ".join(part.text for part in passage.parts[start : run.items[-1].last + 1])))
    return query.told_by(held), len(run.items)
