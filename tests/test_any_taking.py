"""Files, forms and their undoing in any order: the timeline, the register, places and people, beside a small model of
what the record should then say, and of who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import cast
import hypothesis.strategies as st
import sqlalchemy as sa
from hypothesis import given
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy.engine import Connection
from strategies import tried
from subscribing import FIRM, matches, owed, subscribe
from test_any_order import walked
from test_takings import put, take_in_rows, taken
from timeline import NOW, OURS, row, statement, take, tender, terms

from knowledge import tables
from knowledge.people import read_people
from knowledge.places import read_places
from knowledge.register.correcting import correct
from knowledge.register.holding import contract, register_date
from knowledge.register.reading.file import read_register
from knowledge.store import Store
from knowledge.subscriptions.nouns import Criteria
from knowledge.takings.lists import take_people, take_places
from knowledge.takings.nouns import CannotUndo
from knowledge.takings.registers import take_register
from knowledge.takings.timelines import take_timeline
from knowledge.takings.undoing import undo
from knowledge.timeline import changing
from knowledge.timeline.changing import CannotChange, NoSuchIntention
from knowledge.timeline.differing import unexplained
from knowledge.timeline.history import everything, whole
from knowledge.timeline.nouns import Read, State
from knowledge.timeline.rows import ReasonMissing
from knowledge.timeline.when import read_when

AT = st.integers(0, 99)
REFERENCES = st.sampled_from(("ASC-01", "ASC-02", "CYP-07"))
TITLES = st.sampled_from(("Home care", "Day care", "Night care"))
SUMS = st.sampled_from((None, 200_000, 900_000))
TENDERS = st.sampled_from((None, "March 2029", "Q2 2030"))
KEYS = st.sampled_from(("a", "b", ""))
WHY = st.sampled_from(("", "", "Dearer."))
ROWS = st.dictionaries(REFERENCES, st.tuples(TITLES, SUMS, TENDERS, WHY), min_size=1, max_size=3)


def empty(store: Store) -> None:
    """Takes everything out of a record, so that the next walk begins with nothing."""
    with store.writing() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            if table.name not in ("audit", "party"):  # the one cannot be emptied, and names the other
                connection.execute(sa.delete(table))


def said_by(title: str, high: int | None, tendered: str | None) -> Any:
    """Terms with these."""
    more: dict[str, Any] = {"high": high} if high else {}
    return terms(title, **more, **({"tender": tendered} if tendered else {}))


# --- the timeline -------------------------------------------------------------------------------------------------


def timeline_machine(store: Store) -> type[RuleBasedStateMachine]:
    class Timeline(RuleBasedStateMachine):
        """Intentions written by files, notices and forms. The model: what each says, and what each file found and
        left."""

        def __init__(self) -> None:
            super().__init__()
            empty(store)
            self.now = NOW
            self.everything = subscribe(store, Criteria(), at=NOW)
            subscribe(store, Criteria(words=("day care",)), FIRM, at=NOW)
            self.files: dict[int, dict[str, tuple[Any, Any]]] = {}
            self.undone: set[int] = set()

        def _stands(self) -> dict[str, Any]:
            """What each intention says, with the number of its version."""
            with store.reading() as connection:
                found = [one.intention for one in everything(connection, self.now)]
            return {one.reference: (one.version, one.terms.said()) for one in found}

        def _later(self) -> None:
            self.now += timedelta(hours=1)

        @rule(rows=ROWS)
        def file(self, rows: dict[str, tuple[str, int | None, str | None, str]]) -> None:
            self._later()
            before, held = self._stands(), {one.id for one in taken(store)}
            made = [row(name, said_by(*said[:3]), reason=said[3]) for name, said in rows.items()]
            take_in_rows(store, *made, now=self.now)
            after = self._stands()
            self._keep(held, before, after)
            for name, (title, high, tendered, _) in rows.items():
                if name in after.keys() - before.keys():  # else it is a notice's, or repeats what the desk knows better
                    now = after[name][1]
                    assert now["title"] == title
                    assert high is None or now["high"] == Decimal(high)
                    assert tendered is None or now["tender"] == read_when(tendered)
            own = [name for name in before if not name.startswith("INT-")]  # a row may speak of a notice's, as its twin
            assert all(before[name] == after[name] for name in own if name not in rows)

        def _keep(self, held: set[int], before: dict[str, Any], after: dict[str, Any]) -> None:
            for number in {one.id for one in taken(store)} - held:
                moved = [name for name in after if before.get(name) != after[name]]
                self.files[number] = {name: (before.get(name), after[name]) for name in moved}

        @rule(id=st.integers(1, 3), day=st.integers(1, 20), title=TITLES, high=SUMS, key=KEYS)
        def notice(self, id: int, day: int, title: str, high: int | None, key: str) -> None:
            self._later()
            before, held = self._stands(), {one.id for one in taken(store)}
            said = statement(f"01234{id}-2026", said_by(title, high, None), day=f"2026-12-{day:02}", kind="UK2",
                             keys=(f"ocid:ocds-{key}",) if key else ())  # fmt: skip
            with store.writing() as connection:
                read = Read(records=1, statements=((1, said),))
                take_timeline(connection, read, self.now, OURS, source="feed.json")
            self._keep(held, before, self._stands())

        def _form(self, name: str, do: Callable[[Connection], Any], wanted: Callable[[Any], bool]) -> None:
            self._later()
            before = self._stands()
            try:
                with store.writing() as connection:
                    do(connection)
            except NoSuchIntention:
                assert name not in before
            except (CannotChange, ReasonMissing):
                assert self._stands() == before, "what is refused changes nothing"
            else:
                after = self._stands()
                assert after[name][0] == before[name][0] + 1
                assert wanted(after[name][1])

        @rule(name=REFERENCES, title=TITLES, why=WHY)
        def change(self, name: str, title: str, why: str) -> None:
            self._form(name, lambda one: changing.change(one, name, {"title": title}, why, self.now, OURS),
                       lambda said: said["title"] == title)  # fmt: skip

        @rule(name=REFERENCES, high=st.sampled_from((300_000, 900_000)), why=WHY)
        def revalue(self, name: str, high: int, why: str) -> None:
            said = {"high": Decimal(high)}
            self._form(name, lambda one: changing.change(one, name, said, why, self.now, OURS),
                       lambda now: now["high"] == high)  # fmt: skip

        @rule(name=REFERENCES, why=WHY)
        def withdraw(self, name: str, why: str) -> None:
            self._form(name, lambda one: changing.withdraw(one, name, why, self.now, OURS),
                       lambda said: said["state"] is State.WITHDRAWN and why != "")  # fmt: skip

        @rule(name=REFERENCES, why=WHY)
        def restore(self, name: str, why: str) -> None:
            self._form(name, lambda one: changing.restore(one, name, why, self.now, OURS),
                       lambda said: said["state"] is not State.WITHDRAWN and why != "")  # fmt: skip

        @precondition(lambda self: self.files)
        @rule(at=AT)
        def undo(self, at: int) -> None:
            self._later()
            number = list(self.files)[at % len(self.files)]
            before, file = self._stands(), self.files[number]
            whole_still = all(before.get(name) == after for name, (_, after) in file.items())
            try:
                with store.writing() as connection:
                    undo(connection, number, self.now, OURS, kept=30)
            except CannotUndo:
                assert number in self.undone or not whole_still, "nothing has changed since, and it cannot be undone"
                assert self._stands() == before
                return
            assert number not in self.undone
            assert whole_still, "what was changed since is lost"
            self.undone.add(number)
            now = self._stands()
            for name, (was, _) in file.items():
                if was is None:
                    assert now[name][1]["state"] is State.WITHDRAWN
                else:
                    assert now[name][1] == was[1], "just what was there"
            assert all(before[name] == now.get(name) for name in before if name not in file)

        @invariant()
        def every_version_has_its_reason_and_is_told_of_once(self) -> None:
            with store.reading() as connection:
                found = [whole(connection, name, self.now) for name in self._stands()]
                joined = set(connection.execute(sa.select(tables.intention.c.id).where(
                    tables.intention.c.joined_to.is_not(None))).scalars())  # fmt: skip
            versions = set()
            for one in found:
                assert one
                assert [each.number for each in one.versions] == list(range(one.intention.version, 0, -1))
                assert all(each.reason for each in one.versions if unexplained(each.changes)), one.intention.reference
                versions |= {(one.intention.id, each.number) for each in one.versions if each.released_at}
            mine = [(id, number) for id, number, subscription, _ in matches(store) if subscription == self.everything]
            assert len(set(mine)) == len(mine)
            mine = [one for one in mine if one[0] not in joined]
            assert sorted(mine) == sorted(versions)
            subjects = [(one.address, one.subject) for one in owed(store)]
            assert len(set(subjects)) == len(subjects)
            owing = {subject for address, subject in subjects if address != FIRM}
            assert owing >= {f"intention:{id}:{number}" for id, number in versions}

    return Timeline


def test_whatever_files_and_forms_say_each_version_is_told_once_and_a_file_is_undone_whole(store: Store) -> None:
    walked(timeline_machine(store), few=5, steps=10)


# --- lists --------------------------------------------------------------------------------------------------------

NUMBERS = ("C-1", "C-2", "C-3")
CONTRACTS = st.dictionaries(
    st.sampled_from(NUMBERS), st.tuples(TITLES, st.sampled_from(("", "1000", "2500.50"))), min_size=1
)
PLACES = st.dictionaries(st.sampled_from(("Marl", "Gull", "Oldmere")), st.sampled_from(("North", "South")), min_size=1)
PEOPLE = st.sets(st.sampled_from(cast.LISTED), min_size=1)
SOURCES = st.sampled_from(("a", "b"))


def list_machine(store: Store, folder: Path) -> type[RuleBasedStateMachine]:
    class Lists(RuleBasedStateMachine):
        """A register, places and people. The model: of each list what it held before every file that stands, and what
        was put right by hand."""

        def __init__(self) -> None:
            super().__init__()
            empty(store)
            self.now = NOW
            self.stack: dict[str, list[tuple[int, Any]]] = {"register": [], "places": [], "people": []}
            self.gone: list[int] = []

        def _held(self, kind: str) -> Any:
            with store.reading() as connection:
                if kind == "register":
                    columns = [one for one in tables.contract.c if one.name != "corrected"]
                    rows = connection.execute(sa.select(*columns).order_by(tables.contract.c.key)).all()
                    return list(map(tuple, rows)), self._unread(connection, kind), register_date(connection)
                if kind == "places":
                    p = tables.place.c
                    rows = connection.execute(sa.select(p.name, p.kind, p.district).order_by(p.id)).all()
                    return list(map(tuple, rows)), self._unread(connection, kind)
                p = tables.person.c
                query = sa.select(p.email, p.slack_id, p.role, p.about)
                return sorted(map(repr, connection.execute(query).all()))

        def _unread(self, connection: Connection, kind: str) -> list[Any]:
            u = tables.unread_row.c
            query = sa.select(u.source, u.line, u.reason, u.read_at).where(u.list == kind).order_by(u.source, u.line)
            return list(map(tuple, connection.execute(query).all()))

        def _take(self, kind: str, name: str, text: str, do: Callable[[Connection, Path], Any]) -> None:
            self.now += timedelta(hours=1)
            before, path = self._held(kind), put(folder, f"{kind}-{name}.csv", text)
            known = {one.id for one in taken(store)}
            with store.writing() as connection:
                do(connection, path)
            (number,) = {one.id for one in taken(store)} - known
            self.stack[kind].append((number, before))

        @rule(rows=CONTRACTS, name=SOURCES, bad=st.booleans(), complete=st.booleans())
        def register(self, rows: dict[str, tuple[str, str]], name: str, bad: bool, complete: bool) -> None:
            lines = [f"{one},{title},{value}" for one, (title, value) in rows.items()]
            text = "\n".join(["Reference,Title,Value", *lines, *([",,broken"] if bad else [])]) + "\n"
            self._take("register", name, text, lambda connection, path: take_register(
                connection, read_register(path), path.name, self.now, complete=complete))  # fmt: skip

        @rule(rows=PLACES, name=SOURCES)
        def places(self, rows: dict[str, str], name: str) -> None:
            text = "\n".join(["place,district", *(f"{place},{district}" for place, district in rows.items())]) + "\n"
            self._take("places", name, text, lambda connection, path: take_places(
                connection, read_places(path), path.name, self.now))  # fmt: skip

        @rule(people=PEOPLE, name=SOURCES)
        def people(self, people: set[cast.Somebody], name: str) -> None:
            listed = sorted({*people, *cast.ALWAYS_LISTED}, key=lambda one: one.email)
            self._take("people", name, cast.people_csv(*listed), lambda connection, path: take_people(
                connection, read_people(path), path.name, self.now))  # fmt: skip

        @rule(reference=st.sampled_from(NUMBERS))
        def put_right(self, reference: str) -> None:
            with store.writing() as connection:
                if contract(connection, reference):
                    correct(connection, reference, "supplier", "Kindly Hours Ltd")

        @precondition(lambda self: any(self.stack.values()))
        @rule(kind=st.sampled_from(("register", "places", "people")), at=AT, newest=st.booleans())
        def undo(self, kind: str, at: int, newest: bool) -> None:
            self.now += timedelta(hours=1)
            if not self.stack[kind]:
                return
            place = -1 if newest else at % len(self.stack[kind])
            number, was = self.stack[kind][place]
            last, before = number == self.stack[kind][-1][0], {one: self._held(one) for one in self.stack}
            try:
                with store.writing() as connection:
                    undo(connection, number, self.now, OURS, kept=30)
            except CannotUndo as error:
                wrong = str(error)
                assert not last or "corrected since" in wrong or "names no" in wrong
                assert {one: self._held(one) for one in self.stack} == before
                return
            assert last, "the newest first"
            self.stack[kind].pop()
            self.gone.append(number)
            assert {one: self._held(one) for one in self.stack} == {**before, kind: was}, "just what was there"

        @precondition(lambda self: self.gone)
        @rule(at=AT)
        def undo_again(self, at: int) -> None:
            try:
                with store.writing() as connection:
                    undo(connection, self.gone[at % len(self.gone)], self.now, OURS, kept=30)
            except CannotUndo:
                return
            raise AssertionError("it was undone before")

    return Lists


def test_a_list_that_is_put_back_is_just_what_it_was(store: Store, tmp_path: Path) -> None:
    walked(list_machine(store, tmp_path), few=6, steps=12)


# --- in any order -------------------------------------------------------------------------------------------------

NOTICES = tuple(
    statement(f"01234{n}-2026", tender(title=title, high=high), day=f"2026-11-{n + 1:02}", keys=(key,))
    for n, (title, high, key) in enumerate((
        ("Home care", 100_000, "ocid:ocds-a"), ("Home care", 300_000, "ocid:ocds-a"), ("Night care", 5, "ocid:ocds-b"),
        ("Home care again", 700_000, "ocid:ocds-a"), ("Day care", 9, "ocid:ocds-c"), ("Night care", 7, "ocid:ocds-b"),
    ))
)  # fmt: skip


def test_notices_say_the_same_in_whatever_order_and_however_often_they_come(store: Store) -> None:
    def held() -> list[Any]:
        with store.reading() as connection:
            table = tables.intention.c
            rows = connection.execute(sa.select(table.about).where(table.joined_to.is_(None))).scalars()
            return sorted(map(repr, (sorted(one.items(), key=lambda item: item[0]) for one in rows)))

    empty(store)
    take(store, *NOTICES)
    wanted = held()

    @tried(8, 0.1)
    @given(st.permutations(NOTICES), st.integers(1, 5), st.integers(0, 6))
    def holds(given: list[Any], first: int, again: int) -> None:
        empty(store)
        take(store, *given[:first])
        take(store, *given[first:])
        assert held() == wanted
        assert take(store, *given[:again]).counts == {"added": 0, "changed": 0, "problems": 0}
        assert held() == wanted

    holds()
