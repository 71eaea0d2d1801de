"""Forgetting: an address is nowhere in the record 28 days after its last alert ended, unless it is there for another
reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
from alerts import ROSA, WANTED
from council import DOREEN, Council

from bot.wiring import Wiring
from handlers.retention import clear
from handlers.timed import JOBS, run_due
from knowledge import tables
from knowledge.outbox.owing import PARKED, SENT, WAITING, owe
from knowledge.parties import address_of, parties_of, party_of
from knowledge.store import Store
from knowledge.subscriptions import confirming, record
from knowledge.subscriptions.confirming import Wanted, ask_for
from knowledge.subscriptions.forgetting import empty_ended, forget_addresses, remove_unconfirmed
from knowledge.subscriptions.nouns import Area, Criteria
from knowledge.subscriptions.stopping import is_known
from knowledge.subscriptions.suppressing import Reason, suppress, why_suppressed
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.changing import begin

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
MONTH = 28 * DAY
OTHER = "mina@charity.example.org"


def subscribe(store: Store, address: str = ROSA, sentence: str = "home care", owner: str = "") -> int:
    """Somebody who asked, confirmed, and was told something."""
    with store.writing() as connection:
        id = record.propose(connection, NOW, recipient=address, owner=owner or address, channel="email",
                            sentence=sentence, criteria=WANTED, every="at once")  # fmt: skip
        found = record.by_number(connection, id)
        assert found is not None
        assert confirming.use(connection, confirming.make(connection, found, NOW, asked_from="a" * 64), NOW) == id
        owe(connection, NOW, kind="intention", subject=f"intention:{id}:1", recipient=address, channel="email")
    settle(store, SENT)
    return id


def settle(store: Store, state: str) -> None:
    """Has everything that is owed stand so."""
    with store.writing() as connection:
        connection.execute(sa.update(tables.notification).values(state=state))


def end(store: Store, id: int, at: datetime = NOW, why: str = "unsubscribed") -> None:
    with store.writing() as connection:
        assert record.end(connection, id, why, at)


def forgotten(store: Store, at: datetime) -> int:
    """What is forgotten at a moment."""
    with store.writing() as connection:
        remove_unconfirmed(connection, at)
        empty_ended(connection, at)
        return forget_addresses(connection, at)


def everywhere(store: Store, what: str) -> list[str]:
    """The tables in which something stands, whatever the column."""
    with store.reading() as connection:
        rows = {table.name: connection.execute(sa.select(table)).all() for table in tables.metadata.sorted_tables}
    return [name for name, found in rows.items() if what.lower() in str(found).lower()]


def test_an_address_is_nowhere_28_days_after_its_last_alert_ended(store: Store) -> None:
    first = subscribe(store, sentence=f"home care, write to {ROSA}")
    second, others = subscribe(store), subscribe(store, OTHER)
    end(store, first)
    end(store, second, NOW + DAY)
    assert forgotten(store, NOW + DAY + MONTH - SECOND) == 0
    assert "party" in everywhere(store, ROSA)
    assert forgotten(store, NOW + DAY + MONTH) == 1
    assert everywhere(store, ROSA) == []
    assert everywhere(store, "rosa") == []
    assert everywhere(store, OTHER) == ["party"]
    with store.reading() as connection:
        kept = record.numbered(connection, [first, second, others])
        assert [one.sentence for one in kept] == ["", "", "home care"]
        assert [one.recipient.partition(":")[0] for one in kept[:2]] == ["forgotten", "forgotten"]
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.notification)).scalar() == 3
        assert not is_known(connection, int(kept[0].recipient.partition(":")[2]))


def test_forgetting_again_forgets_nobody_else(sqlite_store: Store) -> None:
    end(sqlite_store, subscribe(sqlite_store))
    assert [forgotten(sqlite_store, NOW + MONTH) for _ in range(2)] == [1, 0]
    end(sqlite_store, subscribe(sqlite_store), NOW + MONTH)
    assert forgotten(sqlite_store, NOW + 2 * MONTH) == 1, "who came back and went again"


def test_what_is_suppressed_stays_so_when_the_address_is_forgotten(store: Store) -> None:
    end(store, subscribe(store), why="bounced")
    with store.writing() as connection:
        suppress(connection, ROSA, Reason.BOUNCED, NOW)
    assert forgotten(store, NOW + MONTH) == 1
    assert everywhere(store, ROSA) == []
    with store.reading() as connection:
        assert why_suppressed(connection, ROSA) is Reason.BOUNCED


def test_what_was_asked_for_and_never_confirmed_is_gone_after_a_week(store: Store) -> None:
    with store.writing() as connection:
        assert ask_for(connection, Wanted(ROSA, f"home care for {ROSA}", WANTED, "daily"), NOW, asked_from="b" * 64)
    settle(store, SENT)
    assert forgotten(store, NOW + 7 * DAY - SECOND) == 0
    assert forgotten(store, NOW + 7 * DAY) == 1
    assert everywhere(store, "rosa") == []
    assert everywhere(store, "b" * 64) == []


def listed(store: Store, folder: Path) -> None:
    rosa = cast.Somebody("Rosa", ROSA.upper(), "U0ROSA", cast.Role.OFFICER)
    cast.list_people(store, folder, rosa)


def another_alert(store: Store, folder: Path) -> None:
    subscribe(store)


def owns_another(store: Store, folder: Path) -> None:
    subscribe(store, OTHER, owner=ROSA)


def waits(store: Store, folder: Path) -> None:
    settle(store, WAITING)


def parked(store: Store, folder: Path) -> None:
    settle(store, PARKED)


def contact(store: Store, folder: Path) -> None:
    with store.writing() as connection:
        connection.execute(
            sa.insert(tables.provider_contact).values(
                provider="Kindly Hours", contract="", party=party_of(connection, ROSA), name="", given_at=NOW
            )
        )


def posted(store: Store, folder: Path) -> None:
    with store.writing() as connection:
        connection.execute(
            sa.insert(tables.posting).values(
                kind="partner", posted_by=party_of(connection, ROSA), provider="Kindly Hours", contract="", said={},
                state="waiting", reason="", made_at=NOW,
            )
        )  # fmt: skip


def endpoint(store: Store, folder: Path) -> None:
    with store.writing() as connection:
        connection.execute(
            sa.insert(tables.endpoint).values(
                party=party_of(connection, "endpoint:1"), owner=party_of(connection, ROSA), secret="", old_secret="",
                url="https://example.org/", state="live", problem="", made_at=NOW + DAY,
            )
        )  # fmt: skip


USES = [listed, another_alert, owns_another, waits, parked, contact, posted, endpoint]


@pytest.mark.parametrize("use", USES, ids=lambda one: str(one.__name__))
def test_an_address_that_is_there_for_another_reason_stays(
    sqlite_store: Store, tmp_path: Path, use: Callable[[Store, Path], None]
) -> None:
    end(sqlite_store, subscribe(sqlite_store))
    use(sqlite_store, tmp_path)
    assert forgotten(sqlite_store, NOW + MONTH) == 0
    assert "party" in everywhere(sqlite_store, ROSA)


def test_who_has_paused_is_not_forgotten(sqlite_store: Store) -> None:
    end(sqlite_store, subscribe(sqlite_store))
    id = subscribe(sqlite_store)
    with sqlite_store.writing() as connection:
        assert record.pause(connection, id, NOW)
    assert forgotten(sqlite_store, NOW + 10 * MONTH) == 0


def test_every_table_that_names_somebody_keeps_their_address(sqlite_store: Store) -> None:
    """Of a table that is added later nobody may forget to think: it keeps addresses until somebody does."""
    naming = {
        table.name for table in tables.metadata.sorted_tables for column in table.columns
        if any(key.column is tables.party.c.id for key in column.foreign_keys)
    }  # fmt: skip
    assert {"concern", "follower", "provider_request", "posting", "endpoint", "subscription"} <= naming


def test_who_raised_a_concern_is_not_forgotten_though_no_longer_on_the_list(sqlite_council: Council) -> None:
    council = sqlite_council
    council.raised(DOREEN)
    end(council.store, subscribe(council.store, DOREEN))
    end(council.store, subscribe(council.store))
    council.list(**{DOREEN.partition("@")[0].replace(".", "_"): None})
    settle(council.store, SENT)
    assert forgotten(council.store, NOW + MONTH) == 1
    with council.store.reading() as connection:
        assert (len(parties_of(connection, [DOREEN])), parties_of(connection, [ROSA])) == (1, set())


def test_words_somebody_wrote_go_and_what_they_stood_for_stays(sqlite_store: Store) -> None:
    with sqlite_store.writing() as connection:
        criteria = Criteria(words=("my sister Ann",), services=("home-care",))
        id = record.propose(connection, NOW, recipient=ROSA, owner=ROSA, channel="email", sentence="my sister Ann",
                            criteria=criteria, every="daily")  # fmt: skip
        record.agree(connection, id, NOW)
        record.end(connection, id, "deleted", NOW)
    forgotten(sqlite_store, NOW + MONTH)
    assert everywhere(sqlite_store, "sister") == []
    with sqlite_store.reading() as connection:
        found = record.by_number(connection, id)
    assert found is not None
    assert found.criteria == Criteria(services=("home-care",))


def test_words_somebody_wrote_go_from_why_they_were_told_too(store: Store) -> None:
    own = Criteria(words=("my sister Ann", "a"), services=("home-care",), areas=(Area(name="Ann's house"),))
    why = [
        {"field": "about", "wanted": "Home care or “my sister Ann” or “a”", "found": "“my sister Ann”", "fits": True},
        {"field": "area", "wanted": "Ann's house", "found": "Ann's house", "fits": True},
    ]
    with store.writing() as connection:
        numbers = [
            record.propose(connection, NOW, recipient=one, owner=one, channel="email", sentence="Ann", criteria=own,
                           every="daily")
            for one in (ROSA, OTHER)
        ]  # fmt: skip
        entry = begin(connection, {"title": "Home care"}, NOW, Buyers.of("", "Marlshire"))
        for id in numbers:
            record.agree(connection, id, NOW)
            row = {"intention": entry.id, "version": 1, "subscription": id, "kind": "new", "why": why, "at": NOW}
            connection.execute(sa.insert(tables.subscription_match).values(**row))
        record.end(connection, numbers[0], "deleted", NOW)
    forgotten(store, NOW + MONTH)
    with store.reading() as connection:
        query = sa.select(tables.subscription_match.c.why).order_by(tables.subscription_match.c.subscription)
        first, second = connection.execute(query).scalars()
        emptied = record.by_number(connection, numbers[0])
    assert emptied is not None
    assert emptied.criteria == Criteria(services=("home-care",))
    assert [one["wanted"] for one in first] == ["Home care or … or …", "…"]
    assert "Ann" not in str(first)
    assert second == why, "who still hears can still see why"


def test_the_worker_forgets_in_its_own_time(wiring: Wiring) -> None:
    assert [job.name for job in JOBS if job.run is clear] == ["retention"]
    end(wiring.store, subscribe(wiring.store))
    clock = cast.Clock(NOW + MONTH)
    wiring.__dict__["desk"] = desk = replace(wiring.desk, now=clock)
    jobs = tuple(job for job in JOBS if job.name == "retention")
    assert (run_due(desk, jobs), run_due(desk, jobs)) == (2, 0)
    with wiring.store.reading() as connection:
        assert parties_of(connection, [ROSA]) == set()
        assert address_of(connection, 1).startswith("forgotten:") or everywhere(wiring.store, ROSA) == []
