"""What each kind of notice means for the timeline: a table, `knowledge/data/timeline/notice_types.toml`.

Source: the list of notices on Find a Tender (Procurement Act 2023), the forms of the regimes before it, and the
values seen in real feeds.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from knowledge.models import Noun
from knowledge.timeline.nouns import Stage, State


class NoticeType(Noun):
    """A kind of notice. `name`: as its readers know it; `regime`: the law it is published under; `stage`, `state`: what
    it says of its procurement, None where nothing; `tenders`: it invites bids; `about`: false for what tells of no
    procurement at all (payments, markets that exist already); `also`: other names feeds have for it."""

    key: str
    name: str
    regime: str
    stage: Stage | None = None
    state: State | None = None
    tenders: bool = False
    about: bool = True
    also: tuple[str, ...] = ()


@cache
def notice_types() -> dict[str, NoticeType]:
    """Every kind of notice by its key."""
    text = files("knowledge").joinpath("data", "timeline", "notice_types.toml").read_text(encoding="utf-8")
    found = [NoticeType(key=key, **entry) for key, entry in tomllib.loads(text).items()]
    return {one.key: one for one in found}


@cache
def _by_name() -> dict[str, NoticeType]:
    """Kinds by key, else by other name, else by name; of two regimes with one name the newer, which comes first."""
    found: dict[str, NoticeType] = {}
    for names in (lambda one: (one.key,), lambda one: one.also, lambda one: (one.name,)):
        for one in notice_types().values():
            for name in names(one):
                found.setdefault(name.casefold(), one)
    return found


def notice_type(name: str) -> NoticeType | None:
    """The kind of notice of a key or of another name feeds have for it, whatever its case; None for none."""
    return _by_name().get(" ".join(name.split()).casefold())
