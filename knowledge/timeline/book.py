"""The intentions a piece of work touches: found in the record, worked on in memory, written together."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.subscriptions.announcing import Told, announce
from knowledge.timeline import gathering, writing
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.entry import Entry, together
from knowledge.timeline.gathering import TEMPLATE, Known
from knowledge.timeline.ledger import Ledger
from knowledge.timeline.locking import lock
from knowledge.timeline.nouns import Statement
from knowledge.timeline.releasing import news_of
from knowledge.timeline.showing import Shower
from knowledge.timeline.writing import Released


def keys_of(statement: Statement) -> tuple[str, ...]:
    """What tells a statement's procurement from all others, the notice's own number included."""
    return (f"{statement.source.value}:{statement.id}", *filter(None, statement.keys))


def checksum(said: Any) -> str:
    """A sum over what a statement or a row says."""
    return hashlib.sha256(said.model_dump_json().encode()).hexdigest()


class Book:
    """A unit of work on the timeline, under the lock. `announce`: whoever wants to hear of what becomes public is owed
    it in the same transaction; `told`: how many were, so far; `ledger`: where what was there before is written down."""

    def __init__(
        self, connection: Connection, buyers: Buyers, shower: Shower, now: datetime, *, announce: bool = True,
        ledger: Ledger | None = None,
    ) -> None:  # fmt: skip
        lock(connection)
        self._announces, self.told, self._ledger = announce, Told(), ledger
        self._connection = connection
        self.buyers, self._shower, self.now = buyers, shower, now
        self._entries: dict[int, Entry] = {}
        self._by_reference: dict[str, Entry] = {}
        self._notices: dict[tuple[str, str], Known] = {}
        self._keys: dict[str, set[int]] = defaultdict(set)
        self._fresh: dict[tuple[str, str], dict[str, Any]] = {}
        self._again: dict[tuple[str, str], dict[str, Any]] = {}
        self._next = 1 + (connection.execute(sa.select(sa.func.max(tables.intention.c.id))).scalar() or 0)

    # --- finding --------------------------------------------------------------------------------------------------

    def gather(self, notices: Iterable[tuple[str, str]], keys: Iterable[str], references: Iterable[str] = ()) -> None:
        """Reads what the record holds of these notices, of whatever goes by these keys, and of these references."""
        self._notices.update(gathering.known_notices(self._connection, notices))
        wanted = {known.intention for known in self._notices.values()}
        wanted |= {id for _, id in gathering.owners(self._connection, map(_key, keys))}
        self._add(gathering.by_number(self._connection, wanted - self._entries.keys()))
        named = gathering.by_reference(self._connection, references)
        self._add({id: one for id, one in named.items() if id not in self._entries})

    def _add(self, found: Mapping[int, Entry]) -> None:
        self._entries.update(found)
        if self._ledger:
            self._ledger.met(found.values())
        self._by_reference.update({one.reference.casefold(): one for one in found.values()})
        for key, id in gathering.keys_held(self._connection, (id for id, one in found.items() if not one.fresh)):
            self._keys[key].add(id)

    def take_up(self, ids: Iterable[int]) -> list[Entry]:
        """Intentions by their numbers in the record."""
        found = gathering.by_number(self._connection, ids)
        self._add(found)
        return list(found.values())

    def notice(self, source: str, number: str) -> Known | None:
        """A notice the record holds, or that was kept since."""
        return self._notices.get((source, number))

    def entry(self, id: int) -> Entry:
        """An intention that was gathered or begun; of one that has been joined to another, the other."""
        found = self._entries[id]
        return self.entry(found.joined_to) if found.joined_to else found

    def by_reference(self, reference: str) -> Entry | None:
        """The intention of a reference, whatever its case."""
        found = self._by_reference.get(reference.casefold())
        return self.entry(found.id) if found else None

    def by_keys(self, keys: Iterable[str]) -> list[Entry]:
        """Every intention that goes by one of these keys, the oldest first."""
        found = {self.entry(id).id for key in keys for id in self._keys.get(_key(key), ())}
        return [self._entries[id] for id in sorted(found)]

    def last_reason(self, entry: Entry) -> str:
        """The reason of an intention's newest version that is written."""
        table = tables.intention_version
        query = sa.select(table.c.reason).where(table.c.intention == entry.id).order_by(table.c.number.desc()).limit(1)
        return str(self._connection.execute(query).scalar() or "")

    # --- working --------------------------------------------------------------------------------------------------

    def begin(self, buyer: str, buyer_id: str, *, own: bool, reference: str = "") -> Entry:
        """A new intention. Without a reference it gets one of the desk's: INT-7."""
        id, self._next = self._next, self._next + 1
        entry = Entry(id, reference or f"INT-{id}", buyer[:400], buyer_id[:100], own, fresh=True)
        self._add({id: entry})
        return entry

    def add_keys(self, entry: Entry, keys: Iterable[str]) -> None:
        """Has an intention go by these keys too."""
        for key in map(_key, keys):
            if entry.id not in self._keys[key]:
                self._keys[key].add(entry.id)
                entry.keys.add(key)

    def keep(self, entry: Entry, source: str, number: str, kind: str, at: datetime, said: Any) -> None:
        """Keeps what a notice, or a row of the template, says, in the place of what it said before."""
        place, about = (source, number), said.model_dump(mode="json", exclude_defaults=True)
        rows = self._again if place in self._notices and place not in self._fresh else self._fresh
        self._notices[place] = Known(entry.id, checksum(said), at, about)
        if source == TEMPLATE:
            entry.rows.add(number)
        rows[place] = {
            "source": source, "number": number, "intention": entry.id, "kind": kind, "at": at,
            "checksum": self._notices[place].checksum, "about": about,
        }  # fmt: skip

    def state(self, entry: Entry, statement: Statement) -> None:
        """Has a notice speak of an intention."""
        others = [one for one in entry.statements if (one.source, one.id) != (statement.source, statement.id)]
        entry.statements = [*others, statement]
        self.keep(entry, statement.source.value, statement.id, statement.kind, statement.at, statement)
        self.add_keys(entry, keys_of(statement))

    def join(self, found: list[Entry]) -> Entry:
        """Has several intentions, which a notice shows to be one, be one: the first that the council has spoken of,
        else the oldest. What the others said, and their notices and keys, are its own from now on. Two that the council
        keeps in rows of their own stay two, though one notice be about both."""
        stays = staying(found)
        for one in joining(stays, found):
            said = together(stays, [one])
            stays.statements, stays.own_terms = said.statements, said.own_terms
            stays.rows |= one.rows
            if one.own:
                stays.claim(one.buyer, one.buyer_id)
            self.add_keys(stays, [key for key, ids in self._keys.items() if one.id in ids])
            one.joined_to, one.shown, one.shown_version, one.shown_at = stays.id, None, None, None
            one.keys, one.touched = set(), True
        return stays

    def write(self) -> None:
        """Writes everything down that was worked on."""
        entries = list(self._entries.values())
        joined = [one for one in entries if one.joined_to and one.touched]
        for one in joined:
            one.joined_to = self.entry(one.id).id
        for one in entries:
            if one.turned and one.held:
                writing.take_back(self._connection, one)
        touched = [one for one in entries if one.touched]
        if self._ledger:
            self._ledger.wrote(touched)
            self._ledger.keeps(self._connection, self._fresh, self._again)
        released = writing.write_entries(self._connection, touched, self._shower, self.now)
        for row in (*self._fresh.values(), *self._again.values()):
            row["intention"] = self.entry(row["intention"]).id
        writing.write_notices(self._connection, self._fresh.values(), self._again.values())
        writing.write_joined(self._connection, joined)
        writing.write_keys(self._connection, entries)
        if self._announces:
            self._announce(released)
        self._fresh, self._again = {}, {}
        for one in entries:
            one.touched, one.fresh, one.versions, one.keys = False, False, [], set()
            one.turned, one.let_out, one.before = False, False, one.shown_version

    def _announce(self, released: Iterable[Released]) -> None:
        """Has everybody told who wants to hear of it. All that makes a version public comes through here."""
        told = announce(self._connection, filter(None, (news_of(one, self.now) for one in released)), self.now)
        for id, one in told.items():
            self._entries[id].told = one.notifications
            self.told.add(one)


def staying(found: Sequence[Entry]) -> Entry:
    """Of several intentions that are one, the one whose reference stays."""
    return next((one for one in found if one.own_terms), found[0])


def joining(stays: Entry, found: Iterable[Entry]) -> list[Entry]:
    """Those that can be joined to it."""
    rows, others = bool(stays.rows), []
    for one in found:
        if one is not stays and not (rows and one.rows):
            rows = rows or bool(one.rows)
            others.append(one)
    return others


def _key(key: str) -> str:
    """A key as it is compared and kept."""
    return key.casefold()[:500]
