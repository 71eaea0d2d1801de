"""The coming quarters in numbers, for more intentions than a picture of rows takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from knowledge.services import catalogue
from knowledge.timeline.overview import Busy
from webhooks.timeline_filters import Asked
from webhooks.timeline_quarters import Quarter
from webhooks.timeline_services import group_of, groups_of

_SHADES = 4


class Cell(NamedTuple):
    """`number`: of how many intentions something happens; `shade`: 0 for none, up to 4 for the most."""

    number: int
    shade: int
    link: str


class Numbers(NamedTuple):
    """The picture of many intentions: a row a group, its cells and its name; `totals`: of each quarter."""

    quarters: tuple[Quarter, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    totals: tuple[Cell, ...]
    summary: str


def numbers_of(found: Sequence[Busy], quarters: Sequence[Quarter], asked: Asked) -> Numbers:
    """The picture of many intentions. `found`: what happens in these quarters."""
    totals = tuple(len({one.intention for one in found if one.at == at}) for at in range(len(quarters)))
    counted, groups = _counted(found), {group.slug: group.name for group in groups_of(catalogue())}
    most = max((len(ids) for ids in counted.values()), default=1)
    rows = []
    for slug in sorted({slug for _, slug in counted}, key=groups.__getitem__):
        cells = (len(counted.get((at, slug), ())) for at in range(len(quarters)))
        links = (asked.link(service=slug, quarter=quarter.slug) for quarter in quarters)
        rows.append((groups[slug], tuple(_cell(*one, most) for one in zip(cells, links, strict=True))))
    whole = (asked.link(quarter=quarter.slug) for quarter in quarters)
    most = max(totals, default=1)
    fullest = quarters[totals.index(max(totals))]
    return Numbers(
        tuple(quarters), tuple(rows), tuple(_cell(*one, most) for one in zip(totals, whole, strict=True)),
        f"Most happens in {fullest.months}: {max(totals):,} intentions.",
    )  # fmt: skip


def _counted(found: Sequence[Busy]) -> dict[tuple[int, str], set[int]]:
    """The intentions by place of the quarter and slug of the group."""
    counted: dict[tuple[int, str], set[int]] = {}
    groups = {kind: group_of(catalogue(), (kind,)) for kind in {one.kind for one in found}}
    for one in found:
        if group := groups[one.kind]:
            counted.setdefault((one.at, group.slug), set()).add(one.intention)
    return counted


def _cell(count: int, link: str, most: int) -> Cell:
    shade = 0 if not count else 1 + min(_SHADES - 1, (count * _SHADES - 1) // max(most, 1))
    return Cell(count, shade, link if count else "")
