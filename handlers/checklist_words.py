"""How checklists are said: one with its progress, somebody's own, those there are, and one as Markdown."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import groupby

from handlers.messages import Choice, Outcome, Reply, Table, Tick, Worklist
from knowledge.checklists.record import Checklist, Point
from knowledge.checklists.sources import Source
from knowledge.workdays import day_of

KEPT_FOR_NOBODY = "I keep checklists for people I know. Sign in, or write to me in Slack, and you can tick it there."
_MARKS = re.compile(r"([\\`*_\[\]<>#|])")
_OFFERED = 8
"""Checklists that are offered as buttons."""


def shown(found: Checklist, paper: str, *, changed: bool) -> Reply:
    """A checklist to work through. `paper`: its paper's title, "" where that is gone; `changed`: the paper says it
    otherwise now."""
    points = (Tick(text=one.text, under=one.under, done=n in found.ticked) for n, one in enumerate(found.points))
    worklist = Worklist(id=found.id, title=found.title, points=tuple(points))
    opened = _day(found)
    notes = [f"Checklist {found.id}, opened on {opened}, from “{paper}” ({found.document})." if paper else ""]
    if changed:
        notes.append(f"The paper has changed since {opened}. These are its words as they stood then.")
    number = str(found.id)
    choices = (
        Choice(label="Take it away as Markdown", action="checklist_markdown", about=number),
        Choice(label="My checklists", action="my_checklists"),
        Choice(label="Delete it", action="delete_checklist", about=number, style="danger"),
    )
    text = f"{found.title}: {progress(found)}."
    return Reply(
        outcome=Outcome.CHECKLIST, text=text, checklist=worklist, choices=choices, notes=tuple(filter(None, notes))
    )


def progress(found: Checklist) -> str:
    """ "7 of 12 done"."""
    return f"{len(found.ticked)} of {len(found.points)} done"


def theirs(found: Sequence[Checklist]) -> Reply:
    """Somebody's checklists, with a button for each of the first."""
    if not found:
        return Reply(outcome=Outcome.CHECKLIST, text="You have no checklists. “Checklists” shows those there are.")
    rows = tuple((one.title, str(one.id), progress(one), _day(one)) for one in found)
    table = Table(
        columns=("Checklist", "Number", "Progress", "Opened"), rows=rows, total=len(rows), source="checklists",
        contracts=tuple(row[1] for row in rows),
    )  # fmt: skip
    choices = tuple(
        Choice(label=f"Open {one.id}: {one.name}", action="show_checklist", about=str(one.id))
        for one in found[:_OFFERED]
    )
    text = f"You have {len(found)} checklist{'' if len(found) == 1 else 's'}, the one last worked on first."
    return Reply(outcome=Outcome.CHECKLIST, text=text, table=table, choices=choices)


def what_there_is(sources: Sequence[Source]) -> Reply:
    """The checklists that can be opened, by stage."""
    return listing(sources, "These lists of the papers open as checklists." if sources else "No paper has a checklist.")


def listing(sources: Sequence[Source], text: str) -> Reply:
    """The same under another sentence."""
    rows = tuple((one.name, one.stage or "any stage", one.title) for one in sources)
    columns, names = ("Name", "Stage", "What it asks"), tuple(one.name for one in sources)
    table = Table(columns=columns, rows=rows, total=len(rows), source="checklists", contracts=names) if rows else None
    choices = tuple(Choice(label=one.name, action="open_checklist", about=one.name) for one in sources[:_OFFERED])
    return Reply(outcome=Outcome.CHECKLIST, text=text, table=table, choices=choices)


def as_markdown(title: str, points: Sequence[Point], ticked: Collection[int] = ()) -> str:
    """A list as Markdown that shows boxes, its words as they stand in the paper."""
    lines = [f"# {_literal(title)}", ""]
    numbered = list(enumerate(points))
    for under, run in groupby(numbered, key=lambda one: one[1].under):
        lines += [f"## {_literal(under)}", ""] if under else []
        lines += [f"- [{'x' if n in ticked else ' '}] {_literal(point.text)}" for n, point in run]
        lines.append("")
    return "\n".join(lines)


def _literal(text: str) -> str:
    """Text in which Markdown finds no marks."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _day(found: Checklist) -> str:
    return f"{day_of(found.made_at):%-d %B %Y}"
