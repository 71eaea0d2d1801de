"""A concern or a person is erased: tried first in a record in which nothing stays, then done, and looked for after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from handlers.desk import Desk
from knowledge import tables
from knowledge.concerns.nouns import State
from knowledge.parties import normal
from knowledge.retention.scrubbing import scrub
from knowledge.store import Rehearsal, Store
from knowledge.subjects import concern_erasing, person_erasing
from knowledge.subjects.finding import standing
from knowledge.subjects.somebody import holds, somebody

_WHY = {
    "contract": "the register: desk register correct, or the next import",
    "unread_row": "rows of an import that were not taken: the next import",
    "person": "the people list: desk people import",
    "personal_text": "texts of concerns: desk person find, then desk concern erase",
    "intention": "the timeline, as published: desk timeline change",
    "notice": "the timeline, as published",
    "passage": "a paper of the council's: desk documents",
    "own_entry": "what officers taught the desk: desk digest retire",
    "contract_review": "what a review changes: desk review undo, then record it anew",
    "taking": "what an import can be undone by: gone after DESK_UNDO_KEPT",
}
_UNREACHED = (
    "what people wrote in Slack themselves, and the desk's replies there: delete them there, or by Slack's retention",
    "letters and webhooks that were sent",
    "backups: DESK_BACKUPS_KEPT says how long they live; after one is restored, desk retention run erases this again",
)
_OF_A_PERSON = (
    *_UNREACHED,
    "what was done under another address of theirs that no people list joins with this one: erase that too",
    "files sent to the page for imports and not taken in: gone within the hour",
)
_UNTIL_FORGOTTEN = "while the address stays, a backup that is restored brings back what went now: erase them again then"
_WRITTEN_TO_SLACK = "slack"


class Post(NamedTuple):
    """A message of the desk's own in Slack."""

    channel: str
    ts: str


class Erasing(NamedTuple):
    """What came of it, or would. `counts`: how much went, by kind; `stays`: what stays, and why; `held`: why an address
    cannot be forgotten yet; `left`: where it still stands in the record, and what to do; `unreached`: what the desk
    cannot reach; `posts`: its own messages in Slack about it; `problem`: what could not be done, "" for nothing."""

    counts: dict[str, int]
    stays: tuple[str, ...]
    held: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    unreached: tuple[str, ...] = _UNREACHED
    posts: tuple[Post, ...] = ()
    problem: str = ""


def erase_concern(desk: Desk, number: int, *, dry: bool, by: str = "") -> Erasing | None:
    """Erases a concern; None where there is none. `dry`: says what would go, and changes nothing."""
    with _writing(desk, dry).writing() as connection:
        entry = concern_erasing.entry_of(connection, number, desk.now())
        if entry is None:
            return None
        if not dry:
            desk.erasures.add(entry)
        posts = _posts(connection, tables.notification.c.concern == number)
        stays = _of_concern(connection, number)
        done = concern_erasing.erase_concern(
            connection, number, desk.now(), by=by, knows=lambda s: desk.index().knows(s)
        )
        left = _left(standing(connection, done.looked_for))
    return Erasing(done.counts, stays, left=left, posts=posts, problem=_scrubbed(desk, dry))


def erase_person(desk: Desk, address: str, *, dry: bool, by: str = "") -> Erasing | None:
    """Erases somebody; None where the desk holds nothing with them. `dry`: see `erase_concern`."""
    with _writing(desk, dry).writing() as connection:
        one = somebody(connection, normal(address))
        if person_erasing.is_forgotten(address.strip()) or (not one.numbers and one.person is None):
            return None
        if not dry and not holds(connection, one):
            for entry in person_erasing.entries_of(connection, one, desk.now()):
                desk.erasures.add(entry)
        done = person_erasing.erase_person(connection, one, desk.now(), by=by)
        left = _left(standing(connection, one.looked_for), but=("party",) if done.held else ())
    unreached = (*_OF_A_PERSON, *([_UNTIL_FORGOTTEN] if done.held else []))
    return Erasing(done.counts, done.stays, done.held, left, unreached, problem=_scrubbed(desk, dry))


def _writing(desk: Desk, dry: bool) -> Store:
    return Rehearsal(desk.store) if dry else desk.store


def _scrubbed(desk: Desk, dry: bool) -> str:
    return "" if dry else scrub(desk.store, rewrite=True)


def _of_concern(connection: Connection, number: int) -> tuple[str, ...]:
    state = connection.execute(sa.select(tables.concern.c.state).where(tables.concern.c.id == number)).scalar()
    open = state not in (State.CLOSED.value, State.ANSWERED.value)
    still = ("it is still open, and whoever has it can read it no more: close it first, where that can wait",)
    return (
        *(still if open else ()),
        "its figures: reference, service, contract, states, moves and dates, by whose number",
        "what was asked of whom and when, and that they were told: without the words",
    )


def _posts(connection: Connection, which: sa.ColumnElement[bool]) -> tuple[Post, ...]:
    n = tables.notification
    rows = connection.execute(sa.select(n.c.place).where(which, n.c.channel == _WRITTEN_TO_SLACK)).scalars()
    found = (Post(str(place.get("channel", "")), str(place.get("ts", ""))) for place in rows if place)
    return tuple(one for one in found if one.channel and one.ts)


def _left(found: dict[str, int], but: Sequence[str] = ()) -> tuple[str, ...]:
    """Where it still stands, for people: column, rows, what to do."""
    return tuple(
        f"{column}, {count:,} {'row' if count == 1 else 'rows'}: {_WHY.get(table, 'look at it by hand')}"
        for column, count in found.items()
        if (table := column.partition(".")[0].partition("_version")[0]) not in but
    )
