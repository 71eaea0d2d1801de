"""Confirmed opt-in: a link that works once, for a week, and limits that hold for everybody together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from alerts import ROSA, WANTED

from knowledge.parties import party_of
from knowledge.store import Store
from knowledge.subscriptions import confirming, record
from knowledge.subscriptions.confirming import Wanted, ask, ask_for, evidence, make, use, used_for, works
from knowledge.subscriptions.forgetting import remove_unconfirmed
from knowledge.subscriptions.limits import MOST_SUBSCRIPTIONS, origin_of
from knowledge.subscriptions.nouns import Criteria, State
from knowledge.subscriptions.suppressing import Reason, allow, suppress, why_suppressed
from knowledge.tables import confirmation, notification, party, subscription

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SECRET = "a key of tests, long enough"
OTHER = Criteria(words=("school buses",))


def wanted(address: str = ROSA, criteria: Criteria = WANTED) -> Wanted:
    return Wanted(address, "home care under £500k", criteria, "at once")


def asked(store: Store, what: Wanted | None = None, at: datetime = NOW, asked_from: str = "") -> int | None:
    with store.writing() as connection:
        return ask_for(connection, what or wanted(), at, asked_from=asked_from)


def links(store: Store) -> list[str]:
    """What the links hold that people were sent, oldest first."""
    with store.reading() as connection:
        query = sa.select(notification.c.about).where(notification.c.kind == confirming.KIND)
        return [one["link"] for one in connection.execute(query.order_by(notification.c.made_at)).scalars()]


def used(store: Store, link: str, at: datetime = NOW) -> int | None:
    with store.writing() as connection:
        return use(connection, link, at)


def count(store: Store, table: sa.Table) -> int:
    with store.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def state(store: Store, id: int | None) -> State | None:
    with store.reading() as connection:
        found = record.by_number(connection, id or 0)
        return found.state if found else None


def test_what_is_asked_for_counts_when_the_link_is_used(store: Store) -> None:
    id = asked(store)
    assert state(store, id) is State.UNCONFIRMED
    assert used(store, links(store)[0], NOW + HOUR) == id
    assert state(store, id) is State.ACTIVE
    with store.reading() as connection:
        assert record.by_number(connection, id or 0).since == NOW + HOUR  # type: ignore[union-attr]


def test_a_link_works_once_and_whoever_presses_twice_can_be_told(store: Store) -> None:
    id, link = asked(store), links(store)[0]
    with store.reading() as connection:
        assert used_for(connection, link) is None
    assert (used(store, link), used(store, link)) == (id, None)
    with store.reading() as connection:
        assert works(connection, link, NOW) is None
        assert used_for(connection, link) == id


@pytest.mark.parametrize(("after", "good"), [(7 * DAY - SECOND, True), (7 * DAY, False)])
def test_a_link_works_for_seven_days(sqlite_store: Store, after: timedelta, good: bool) -> None:
    id = asked(sqlite_store)
    assert used(sqlite_store, links(sqlite_store)[0], NOW + after) == (id if good else None)


def test_a_newer_link_of_the_same_voids_the_older_and_no_other(store: Store) -> None:
    first, other = asked(store), asked(store, wanted(criteria=OTHER), NOW + SECOND)
    again = asked(store, at=NOW + 2 * SECOND)
    assert first == again != other
    old, others, new = links(store)
    assert used(store, old, NOW + 3 * SECOND) is None
    assert used(store, others, NOW + 3 * SECOND) == other
    assert used(store, new, NOW + 3 * SECOND) == first


def test_the_record_alone_opens_nothing(sqlite_store: Store) -> None:
    asked(sqlite_store)
    with sqlite_store.reading() as connection:
        kept = connection.execute(sa.select(confirmation.c.id)).scalar_one()
    assert kept not in links(sqlite_store)
    assert used(sqlite_store, kept) is None


def test_of_four_letters_a_day_an_address_is_sent_three(store: Store) -> None:
    every = [wanted(criteria=Criteria(words=(word,))) for word in ("one", "two", "three", "four")]
    ids = [asked(store, one, NOW + number * SECOND) for number, one in enumerate(every)]
    assert [id is not None for id in ids] == [True, True, True, False]
    assert (len(links(store)), count(store, subscription)) == (3, 3), "nothing is kept of what is not sent"
    assert asked(store, wanted("else@example.org"), NOW + HOUR) is not None, "others are not held up"
    assert asked(store, every[3], NOW + DAY - SECOND) is None
    assert asked(store, every[3], NOW + DAY) is not None


def test_the_case_of_an_address_gets_round_no_limit(sqlite_store: Store) -> None:
    for address in (ROSA, ROSA.upper(), ROSA.title()):
        assert asked(sqlite_store, wanted(address)) is not None
    assert asked(sqlite_store, wanted(" " + ROSA)) is None


def test_what_stands_behind_a_plus_gets_round_no_limit(store: Store) -> None:
    """jo+news@ and jo@ are read by the same person: whoever is sent a letter for each is sent any number."""
    same = ["jo+1@example.org", "jo@example.org", "Jo+alerts_at.home@example.org", "jo+2@example.org"]
    assert [asked(store, wanted(one)) is not None for one in same] == [True, True, True, False]
    others = ["joan@example.org", "j_@example.org", "jo@elsewhere.example.org", "jo+@example.com", "+jo@example.org"]
    assert all(asked(store, wanted(one)) for one in others), "others are not held up"
    assert asked(store, wanted("jo+3@example.org"), NOW + DAY) is not None


def test_of_eleven_letters_an_hour_ten_are_sent_for_one_network_address(store: Store) -> None:
    here, there = origin_of(SECRET, "192.0.2.7"), origin_of(SECRET, "192.0.2.8")
    sent = [asked(store, wanted(f"p{n}@example.org"), NOW, here) is not None for n in range(11)]
    assert sent == [True] * 10 + [False]
    assert asked(store, wanted("p10@example.org"), NOW, there) is not None
    assert asked(store, wanted("p11@example.org"), NOW + HOUR - SECOND, here) is None
    assert asked(store, wanted("p11@example.org"), NOW + HOUR, here) is not None
    assert count(store, party) == 12, "no address is kept that was sent nothing"


def test_a_network_address_is_kept_as_a_code_and_of_ipv6_the_network_counts() -> None:
    code = origin_of(SECRET, "192.0.2.7")
    assert len(code) == 64
    assert "192" not in code[:3]
    assert code != origin_of("another key of tests", "192.0.2.7")
    assert origin_of(SECRET, "2001:db8::1") == origin_of(SECRET, "2001:db8:0:0:ffff::2")
    assert origin_of(SECRET, "2001:db8::1") != origin_of(SECRET, "2001:db8:0:1::1")
    assert origin_of(SECRET, "::ffff:192.0.2.7") == code, "a server that takes both writes IPv4 so"
    assert origin_of(SECRET, "nowhere") == ""


def test_many_at_once_are_sent_no_more_than_one_after_the_other(postgresql_store: Store) -> None:
    """SQLite has one writer; with PostgreSQL each counts before the others have added."""
    barrier, found = Barrier(8), list[int | None]()

    def one(number: int) -> None:
        barrier.wait()
        found.append(asked(postgresql_store, wanted(criteria=Criteria(words=(f"w{number}",)))))

    with postgresql_store.writing() as connection:
        party_of(connection, ROSA)
    threads = [Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([id for id in found if id is not None]) == 3
    assert len(links(postgresql_store)) == 3


def test_of_two_presses_at_once_one_confirms(store: Store) -> None:
    asked(store)
    link, barrier, found = links(store)[0], Barrier(2), list[int | None]()

    def press() -> None:
        barrier.wait()
        found.append(used(store, link))

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(id is not None for id in found) == [False, True]


@pytest.mark.parametrize("reason", list(Reason))
def test_a_suppressed_address_is_sent_nothing_until_it_is_allowed(sqlite_store: Store, reason: Reason) -> None:
    with sqlite_store.writing() as connection:
        assert suppress(connection, ROSA.upper(), reason, NOW)
        assert not suppress(connection, ROSA, Reason.BOUNCED, NOW)
    assert asked(sqlite_store) is None
    with sqlite_store.writing() as connection:
        assert why_suppressed(connection, ROSA) is reason
        assert allow(connection, ROSA)
        assert not allow(connection, ROSA)
    assert asked(sqlite_store) is not None


def test_an_address_has_no_more_subscriptions_than_fit_into_a_letter(sqlite_store: Store) -> None:
    with sqlite_store.writing() as connection:
        for n in range(MOST_SUBSCRIPTIONS):
            what = wanted(criteria=Criteria(words=(f"w{n}",)))
            id = record.propose(connection, NOW, recipient=ROSA, owner=ROSA, channel="email",
                                sentence=what.sentence, criteria=what.criteria, every="at once")  # fmt: skip
            record.agree(connection, id, NOW)
    assert asked(sqlite_store) is None


def test_it_is_kept_when_and_from_where_somebody_agreed_to_what(store: Store) -> None:
    here = origin_of(SECRET, "192.0.2.7")
    id = asked(store, asked_from=here) or 0
    with store.reading() as connection:
        assert evidence(connection, id) is None
    used(store, links(store)[0], NOW + HOUR)
    with store.reading() as connection:
        found = evidence(connection, id)
    assert found is not None
    assert (found.asked_from, found.wording) == (here, record.WORDING)
    assert found.confirmed_at - found.asked_at == HOUR


def test_what_nobody_confirms_is_removed_after_seven_days(store: Store) -> None:
    old, newer = asked(store), asked(store, wanted(criteria=OTHER), NOW + DAY)
    confirmed = asked(store, wanted("else@example.org"))
    used(store, _link_of(store, confirmed), NOW + HOUR)
    with store.writing() as connection:
        assert remove_unconfirmed(connection, NOW + 7 * DAY - SECOND) == 0
        assert remove_unconfirmed(connection, NOW + 7 * DAY) == 1
    assert [state(store, id) for id in (old, newer, confirmed)] == [None, State.UNCONFIRMED, State.ACTIVE]


def test_a_newer_link_keeps_what_is_asked_for_as_long_as_it_works(sqlite_store: Store) -> None:
    id = asked(sqlite_store)
    asked(sqlite_store, at=NOW + 6 * DAY)
    with sqlite_store.writing() as connection:
        assert remove_unconfirmed(connection, NOW + 8 * DAY) == 0
    assert used(sqlite_store, links(sqlite_store)[-1], NOW + 8 * DAY) == id


def test_a_link_of_what_has_ended_confirms_nothing(sqlite_store: Store) -> None:
    id = asked(sqlite_store) or 0
    with sqlite_store.writing() as connection:
        record.end(connection, id, "unsubscribed", NOW)
        assert not ask(connection, id, NOW)
    assert used(sqlite_store, links(sqlite_store)[0]) is None
    assert state(sqlite_store, id) is State.ENDED


def test_a_link_can_be_made_without_a_letter(sqlite_store: Store) -> None:
    id = asked(sqlite_store) or 0
    with sqlite_store.writing() as connection:
        found = record.by_number(connection, id)
        assert found is not None
        link = make(connection, found, NOW + SECOND)
    assert len(links(sqlite_store)) == 1
    assert used(sqlite_store, links(sqlite_store)[0], NOW + SECOND) is None
    assert used(sqlite_store, link, NOW + SECOND) == id


def _link_of(store: Store, id: int | None) -> str:
    with store.reading() as connection:
        rows = connection.execute(sa.select(notification.c.about)).scalars()
        return next(str(one["link"]) for one in rows if one["subscription"] == id)
