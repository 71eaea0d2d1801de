"""Lists that come whole: the one a question names, the passages that together are one, and how many items are shown."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.citing import cite
from handlers.messages import Choice, Citation, Outcome, Reply
from handlers.understanding import Asked
from knowledge.checklists.sources import Source, named, words_left
from knowledge.documents.families import family, named_among
from knowledge.documents.found import Found
from knowledge.documents.listing import asks_for_list
from knowledge.documents.search import Index
from knowledge.models import Access
from knowledge.register.asking.phrases import phrases

OPEN = "open_checklist"
"""What pressing "Work through it" does, about the name of a checklist."""


def by_name(asked: Asked, index: Index, access: frozenset[Access]) -> Reply | None:
    """The list that a question names and asks nothing else of ("what must a specification answer?"), or None."""
    if asked.references or not asks_for_list(asked.text):
        return None
    source = named(asked.text, index.checklists)
    if source is None or not _nothing_else(asked.text, source):
        return None
    numbers = index.at(source.passages, access)
    if len(numbers) < len(source.locators):
        return None
    lists = [(number, index.passage(number)) for number in numbers]
    kept = set(named_among(lists, " ".join((source.name, *source.also)), asked.text))
    citations = [cite(asked, Found(n, 1.0, 1.0), one, index, access) for n, one in lists if n in kept]
    text = f"{source.title}: {_all_of(citations)}."
    choices = to_work_through(citations, index)
    return Reply(outcome=Outcome.ANSWERED, text=text, citations=tuple(citations), choices=choices)


def _nothing_else(text: str, source: Source) -> bool:
    """Whether a question asks for a list's items by its name, and for nothing that they might tell."""
    frame = phrases("frame", "lists.toml")
    bare = frame["little"].sub(" ", frame["asks"].sub(" ", text))
    if words_left(bare, source):
        return False
    return bool(frame["asks"].search(text)) or any(" " in name and name in text.lower() for name in source.also)


def together(asked: Asked, found: Sequence[Found], index: Index) -> list[Found]:
    """The passages that together are the list asked for, in the paper's order; [] where one passage is all of it."""
    if asked.references or not found or not asks_for_list(asked.text):
        return []
    known = {one.number: one for one in found}
    numbers = family(found[0].number, asked.text, index)
    return [known.get(number) or Found(number, found[0].score, found[0].cover) for number in numbers]


def counted(citations: Sequence[Citation]) -> str:
    """How many items are shown whole, in a sentence; "" where none are."""
    return f"Here are {_all_of(citations)}." if any(one.items for one in citations) else ""


def _all_of(citations: Sequence[Citation]) -> str:
    lists = [one.items for one in citations if one.items]
    of = f" of {len(lists)} lists" if len(lists) > 1 else ""
    return f"all {sum(lists)} items{of}, in the paper's order"


def to_work_through(citations: Sequence[Citation], index: Index) -> tuple[Choice, ...]:
    """A button that opens the first list shown as a checklist, where the pack knows it as one."""
    if not citations or not citations[0].items:
        return ()
    place = (citations[0].document, citations[0].locator)
    source: Source | None = next((one for one in index.checklists if place in one.passages), None)
    return (Choice(label="Work through it as a checklist", action=OPEN, about=source.name),) if source else ()
