"""Several machines on one PostgreSQL: what is to be done once is done once, what several change at once is whole, and
each answers the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from cast import DEE, MAX, MO, OLIVE, SAM, TESS, people_csv
from subscribing import subscribe

from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message
from handlers.timed import JOBS, run_due
from knowledge.documents.importing import index_documents
from knowledge.facts import fact, fact_made_once, hold_fact, raise_number, set_fact
from knowledge.library import edition
from knowledge.pack import open_pack
from knowledge.people import list_people, read_people
from knowledge.places import read_places
from knowledge.register.holding import contracts
from knowledge.register.reading.file import read_register
from knowledge.store import Store
from knowledge.tables import audit, notification, person, place, taking
from knowledge.takings.lists import take_people, take_places
from knowledge.takings.record import before_of
from knowledge.takings.registers import take_register
from webhooks import create_app

MANY = 6
QUESTIONS = (
    "Who signs off a contract worth £600,000?", "what must a specification answer?", "is M4 done?", "grants",
    "who manages the street lighting contract", "what share of our spend goes to SMEs", "help", "is there a dragon",
)  # fmt: skip


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Does several things at the same moment, each in a thread. Gives what each gave; what one raises is raised."""
    gate, found, wrong = threading.Barrier(len(steps)), [None] * len(steps), []

    def do(number: int, step: Callable[[], Any]) -> None:
        gate.wait(20)
        try:
            found[number] = step()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=do, args=one) for one in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if wrong:
        raise wrong[0]
    return found


def written(store: Store, step: Callable[[Any], Any]) -> Callable[[], Any]:
    """A step in a transaction of its own."""

    def do() -> Any:
        with store.writing() as connection:
            return step(connection)

    return do


# --- single values ------------------------------------------------------------------------------------------------


def test_a_number_that_is_raised_by_many_at_once_counts_each(store: Store) -> None:
    given = at_once(*[written(store, lambda connection: raise_number(connection, "edition"))] * MANY)
    assert sorted(given) == list(range(1, MANY + 1))
    with store.reading() as connection:
        assert fact(connection, "edition") == str(MANY)


def test_a_value_that_many_write_at_once_is_one_of_theirs_and_nobody_fails(store: Store) -> None:
    steps = [written(store, lambda connection, n=n: set_fact(connection, "x", str(n))) for n in range(MANY)]
    at_once(*steps)
    with store.reading() as connection:
        assert fact(connection, "x") in {str(number) for number in range(MANY)}


def test_a_key_that_many_make_at_once_is_made_once(store: Store) -> None:
    steps = [written(store, lambda connection, n=n: fact_made_once(connection, "key", f"key {n}")) for n in range(MANY)]
    assert len(set(at_once(*steps))) == 1


def test_whoever_holds_a_value_keeps_others_from_it(store: Store) -> None:
    held, order = threading.Event(), []

    def first(connection: Any) -> None:
        hold_fact(connection, "x")
        held.set()
        order.append("first")
        threading.Event().wait(0.2)
        set_fact(connection, "x", "by the first")

    def second(connection: Any) -> None:
        order.append(hold_fact(connection, "x"))

    def waits() -> None:
        held.wait(20)
        written(store, second)()

    at_once(written(store, first), waits)
    assert order == ["first", "by the first"]


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(store: Store) -> None:
    with store.reading() as reader:
        before = fact(reader, "edition")
        written(store, lambda connection: raise_number(connection, "edition"))()
        assert fact(reader, "edition") == before
    with store.reading() as reader:
        assert fact(reader, "edition") == "1"


# --- lists that several machines take in ----------------------------------------------------------------------------


def test_two_people_lists_at_once_are_not_put_together(store: Store, tmp_path: Path) -> None:
    lists = []
    for number, people in enumerate(((OLIVE, MO, TESS, SAM), (MAX, DEE, TESS, SAM))):
        path = tmp_path / f"people{number}.csv"
        path.write_text(people_csv(*people), encoding="utf-8")
        lists.append(read_people(path))
    now = datetime.now(UTC)
    steps = [written(store, lambda connection, read=read: take_people(connection, read, "p", now)) for read in lists]
    at_once(*steps)
    with store.reading() as connection:
        emails = {one.email for one in list_people(connection)}
        assert emails in ({one.email for one in (OLIVE, MO, TESS, SAM)}, {one.email for one in (MAX, DEE, TESS, SAM)})
        assert connection.execute(sa.select(sa.func.count()).select_from(person)).scalar() == 4
        first, second = connection.execute(sa.select(taking.c.id).order_by(taking.c.id)).scalars()
        assert before_of(connection, first)["people"] == []
        assert len(before_of(connection, second)["people"]) == 4, "undoing the later brings back the earlier"


def test_two_registers_and_two_lists_of_places_at_once_are_whole(store: Store) -> None:
    register, found = read_register(cast.SAMPLE / "register.csv"), read_places(cast.SAMPLE / "places.csv")
    now = datetime.now(UTC)
    take = written(store, lambda connection: take_register(connection, register, "register.csv", now))
    lay = written(store, lambda connection: take_places(connection, found, "places.csv", now))
    at_once(take, lay, take, lay)
    with store.reading() as connection:
        assert len(contracts(connection)) == len(register.contracts)
        assert connection.execute(sa.select(sa.func.count()).select_from(place)).scalar() == len(found.places)


def test_the_same_papers_taken_in_by_several_at_once_are_there_once(store: Store) -> None:
    pack = open_pack("sample")
    at_once(*[lambda: index_documents(store, [cast.PAPERS], pack)] * 3)
    with store.reading() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM document")).scalar() == 5
        assert edition(connection) == 1, "the others found that nothing had changed"


# --- timed work -----------------------------------------------------------------------------------------------------


@pytest.fixture
def machines(postgresql_store: Store, tmp_path: Path) -> Iterator[list[Wiring]]:
    """Desks on several machines, each with a folder of its own, on one record."""
    url = postgresql_store.url.render_as_string(hide_password=False)
    index_documents(postgresql_store, [cast.PAPERS], open_pack("sample"))
    cast.list_people(postgresql_store, tmp_path, OLIVE, MO, MAX)
    made = [Wiring(cast.settings(tmp_path / f"machine{number}", DATABASE_URL=url)) for number in range(3)]
    yield made
    for one in made:
        one.store.close()


@pytest.mark.parametrize("job", [one.name for one in JOBS])
def test_each_timed_job_is_done_by_one_machine_only(machines: Sequence[Wiring], job: str) -> None:
    """Any of them: retention, round-ups, closing days, patterns, reviews, the officers' weekly word ..."""
    done: list[str] = []
    [wanted] = [one for one in JOBS if one.name == job]

    def run(connection: Any, desk: Any) -> int:
        found = wanted.run(connection, desk)
        done.append(job)
        return found

    counted = wanted._replace(run=run)
    for _ in range(2):
        at_once(*[lambda one=one: run_due(one.desk, (counted,)) for one in machines])
    assert done == [job]


def test_a_round_up_that_several_machines_gather_leaves_once(machines: Sequence[Wiring], tmp_path: Path) -> None:
    store = machines[0].store
    subscribe(store, every="daily", recipient="weekly@example.org", channel="screen")
    with store.writing() as connection:
        from knowledge.outbox.owing import GATHERING, row_of
        from knowledge.parties import party_of

        now = store.now(connection)
        who = party_of(connection, "weekly@example.org")
        rows = [
            row_of(now, kind="intention", subject=f"intention:{n}:1", recipient=who, channel="screen", about={},
                   state=GATHERING)
            for n in range(5)
        ]  # fmt: skip
        connection.execute(sa.insert(notification), rows)
    at_once(*[lambda one=one: run_due(one.desk) for one in machines])
    with store.reading() as connection:
        found = connection.execute(sa.select(notification).where(notification.c.kind == "roundup")).all()
        gathered = connection.execute(sa.select(notification.c.round_up).where(notification.c.kind == "intention"))
        assert [set(gathered.scalars())] == [{found[0].id}]
    assert len(found) == 1


# --- answers --------------------------------------------------------------------------------------------------------


def test_each_machine_builds_its_own_index_and_answers_the_same(machines: Sequence[Wiring], tmp_path: Path) -> None:
    """One made it anew as papers came, the other at the end."""
    machines = machines[:2]
    store, pack = machines[0].store, machines[0].pack
    machines[0].index.get()
    for number in range(2):
        paper = tmp_path / f"more{number}.md"
        paper.write_text(f"# More\n\n## Part {number}\n\nThe kettle ceiling is {number} pounds.\n", encoding="utf-8")
        index_documents(store, [paper], pack)
    machines[0].index.settle(20)
    paths = {one.settings.index_path for one in machines}
    assert len(paths) == 2, "each machine has a file of its own"
    for text in (*QUESTIONS, "what is the kettle ceiling"):
        said = {handle(Message(text=text, trial=True), one.desk).model_dump_json() for one in machines}
        assert len(said) == 1, text


def test_a_machine_that_is_behind_says_so_and_the_others_do_not(machines: Sequence[Wiring], tmp_path: Path) -> None:
    first, second = ({"app": create_app(one), "wiring": one} for one in machines[:2])
    for one in (first, second):
        assert one["app"].test_client().get("/readyz").status_code == 200
        one["wiring"].index.get()
    paper = tmp_path / "more.md"
    paper.write_text("# More\n\n## Part 1\n\nThe kettle ceiling is nine pounds.\n", encoding="utf-8")
    index_documents(machines[2].store, [paper], machines[2].pack)
    second["wiring"].index.settle(20)
    assert is_behind(first["app"].test_client().get("/readyz").get_json())
    assert not is_behind(second["app"].test_client().get("/readyz").get_json())
    first["wiring"].index.settle(20)
    assert not is_behind(first["app"].test_client().get("/readyz").get_json())


def is_behind(told: dict[str, Any]) -> bool:
    """Whether a machine says that its index is of an earlier edition."""
    return bool(told.get("behind", "behind" in str(told.get("index"))))


def test_only_one_of_several_that_start_otherwise_accounts_for_it(machines: Sequence[Wiring]) -> None:
    from bot.settings_kept import account_for_settings

    account_for_settings(machines[0], "work")
    changed = [Wiring(one.settings.model_copy(update={"council": "Elsewhere"})) for one in machines]
    at_once(*[lambda one=one: account_for_settings(one, "work") for one in changed])
    with machines[0].store.reading() as connection:
        rows = connection.execute(sa.select(audit.c.about).where(audit.c.kind == "setting")).scalars().all()
    assert rows.count("DESK_COUNCIL") == 1
    for one in changed:
        one.store.close()
