"""Whoever wants to hear of a version is owed it in the transaction that makes it public: all of them, equally, once."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from subscribing import CHARITY, FIRM, HOME_CARE, matches, owed, subscribe, told
from timeline import MARLSHIRE, NOW, OURS, row, seen, statement, take, tender, terms

from knowledge.store import Store, aware
from knowledge.subscriptions.explaining import subject_in_record
from knowledge.subscriptions.filing import places_for, places_of
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.nouns import Area, Criteria, Offer, fits
from knowledge.subscriptions.record import change, end, pause, resume
from knowledge.subscriptions.subject import Subject
from knowledge.tables import intention, intention_version, subscription_match
from knowledge.timeline import changing
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.nouns import Route, State

LATER = NOW + timedelta(days=1)


def move(store: Store, reference: str, said: dict[str, object], now: object = LATER, why: str = "More time") -> int:
    """An officer changes an intention. Returns how many notifications were owed."""
    with store.writing() as connection:
        return changing.change(connection, reference, said, why, now, OURS).told  # type: ignore[arg-type]


def test_a_new_intention_is_owed_once_to_whoever_wants_it_and_to_nobody_else(store: Store) -> None:
    wanting = subscribe(store)
    subscribe(store, Criteria(services=("libraries",)), FIRM)
    report = take(store, row())
    assert matches(store) == [(1, 1, wanting, "new")]
    (one,) = owed(store)
    assert (one.address, one.channel, one.state, one.subject) == (CHARITY, "email", "waiting", "intention:1:1")
    assert one.about == {"intention": 1, "version": 1, "before": None}
    assert aware(one.due_at) == aware(one.made_at) == NOW
    assert re.fullmatch("[0-9a-f]{32}", one.id)
    assert (report.told.matches, report.told.notifications, len(report.told.people)) == (1, 1, 1)


def test_a_match_says_why_field_by_field(store: Store) -> None:
    subscribe(store, Criteria(services=("home-care",), high=600_000))
    take(store, row(says=terms(high=500_000)))
    with store.reading() as connection:
        (why,) = connection.execute(sa.select(subscription_match.c.why)).scalars()
    assert [(one["field"], one["fits"]) for one in why] == [("about", True), ("value", True)]
    assert why[1]["wanted"] == "up to £600,000"


def test_the_same_file_once_more_owes_nothing(store: Store) -> None:
    subscribe(store)
    take(store, row())
    before = owed(store)
    assert take(store, row()).told.matches == 0
    assert owed(store) == before


def test_several_subscriptions_of_somebody_make_one_notification_and_the_soonest_counts(store: Store) -> None:
    subscribe(store, every="weekly")
    subscribe(store, Criteria(words=("care",)), every="at once")
    subscribe(store, Criteria(), every="daily", channel="slack")
    take(store, row())
    assert len(matches(store)) == 3
    assert [(one.channel, one.state) for one in owed(store)] == [("email", "waiting"), ("slack", "gathering")]


def test_a_round_up_keeps_it_until_the_morning_it_is_for(store: Store) -> None:
    subscribe(store, every="mon")
    take(store, row())
    (one,) = owed(store)
    assert one.state == "gathering"
    assert f"{aware(one.due_at):%a %H:%M}" == "Mon 08:00"


def test_a_change_reaches_whoever_was_told_though_it_fits_no_more_and_whoever_it_fits_now(store: Store) -> None:
    cheap = subscribe(store, Criteria(services=("home-care",), high=600_000))
    dear = subscribe(store, Criteria(services=("home-care",), low=800_000), FIRM)
    take(store, row(says=terms(high=500_000)))
    assert move(store, "ASC-01", {"high": Decimal(900_000)}) == 2
    assert matches(store) == [(1, 1, cheap, "new"), (1, 2, cheap, "changed"), (1, 2, dear, "new")]
    assert {one.about["before"] for one in owed(store) if one.subject == "intention:1:2"} == {1}


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.AWARDED, State.CLOSED])
def test_what_is_over_is_told_to_whoever_was_told_and_to_nobody_new(store: Store, state: State) -> None:
    subscribe(store)
    take(store, row())
    subscribe(store, recipient=FIRM)
    move(store, "ASC-01", {"state": state})
    assert told(store) == [(CHARITY, "intention:1:1"), (CHARITY, "intention:1:2")]


def test_who_is_paused_or_gone_hears_nothing_and_what_was_missed_is_not_told_after(store: Store) -> None:
    paused, gone = subscribe(store), subscribe(store, recipient=FIRM)
    with store.writing() as connection:
        assert pause(connection, paused, NOW)
        assert end(connection, gone, "unsubscribed", NOW)
    take(store, row())
    with store.writing() as connection:
        assert resume(connection, paused, LATER)
    assert told(store) == []
    move(store, "ASC-01", {"high": Decimal(1)}, LATER + timedelta(hours=1))
    assert told(store) == [(CHARITY, "intention:1:2")]


def test_who_was_told_and_paused_hears_the_next_change_after_taking_it_up(store: Store) -> None:
    id = subscribe(store)
    take(store, row())
    with store.writing() as connection:
        pause(connection, id, NOW)
    move(store, "ASC-01", {"high": Decimal(1)})
    with store.writing() as connection:
        resume(connection, id, LATER)
    move(store, "ASC-01", {"high": Decimal(2)})
    assert matches(store) == [(1, 1, id, "new"), (1, 3, id, "changed")]


def test_what_was_said_before_somebody_subscribed_is_no_news_and_what_was_said_that_day_is(store: Store) -> None:
    subscribe(store, at=NOW)
    take(store, statement("1-2026", tender(), day="2026-11-20"))
    assert told(store) == []
    take(store, statement("2-2026", tender(title="Home care in Saltmere"), day="2026-11-21"))
    assert told(store) == [(CHARITY, "intention:2:1")]


def test_a_day_begins_at_midnight_in_england(store: Store) -> None:
    summer = NOW.replace(month=7, day=1, hour=22, minute=59)  # 23:59 on the first in England
    subscribe(store, at=summer + timedelta(minutes=1))
    subscribe(store, at=summer, recipient=FIRM)
    take(store, statement("1-2026", tender(), day=summer.isoformat()[:19]), now=summer + timedelta(hours=1))
    assert [address for address, _ in told(store)] == [FIRM]


def test_another_buyers_intention_is_told_to_nobody(store: Store) -> None:
    subscribe(store, Criteria())
    take(store, statement(buyer="Saltmere Town Council"), row("OTHER", says=terms(title="Libraries")))
    assert told(store) == [(CHARITY, "intention:2:1")]


def test_what_waits_for_its_notice_is_told_when_it_is_public(store: Store) -> None:
    subscribe(store)
    take(store, row(says=tender(route=Route.TENDER)))
    assert seen(store, "ASC-01").intention.held
    assert told(store) == []
    take(store, row(says=tender(route=Route.TENDER), notices=("012345-2026",)))
    assert not seen(store, "ASC-01").intention.held
    assert [address for address, _ in told(store)] == [CHARITY]


def test_a_waiting_version_after_a_public_one_leaves_the_public_one_told(store: Store) -> None:
    subscribe(store)
    take(store, row(), row("ASC-01", tender(route=Route.TENDER), reason="It is out"))
    assert told(store) == [(CHARITY, "intention:1:1")]


def test_whoever_was_told_of_either_of_two_hears_that_they_are_one(store: Store) -> None:
    first = subscribe(store, Criteria(words=("Gullhaven",)))
    second = subscribe(store, Criteria(words=("Saltmere",)), FIRM)
    take(store, statement("1-2026", terms(), kind="UK2", keys=("ocid:a",), day="2026-11-21"))
    take(store, statement("2-2026", terms(title="Care in Saltmere"), kind="UK2", keys=("ocid:b",), day="2026-11-21"))
    take(store, statement("3-2026", tender(), keys=("ocid:a", "ocid:b"), day="2026-11-22"), now=LATER)
    assert [one for one in matches(store) if one[1] == 2] == [(1, 2, first, "changed"), (1, 2, second, "changed")]
    move(store, "INT-1", {"high": Decimal(7)}, LATER)
    assert [one for one in matches(store) if one[1] == 3] == [(1, 3, first, "changed"), (1, 3, second, "changed")]


def test_a_setting_that_makes_an_intention_the_councils_own_is_no_news(store: Store) -> None:
    subscribe(store, Criteria())
    take(store, statement(buyer="Marlshire CC"))
    with_it = Buyers.of(f"{MARLSHIRE}; Marlshire CC")
    take(store, buyers=with_it)
    assert seen(store, "INT-1").intention.own
    assert told(store) == []


def test_an_import_that_is_to_tell_nobody_tells_nobody(store: Store) -> None:
    subscribe(store)
    assert take(store, row(), announce=False).quiet
    assert matches(store) == []


def test_nothing_is_owed_where_the_transaction_fails(store: Store) -> None:
    subscribe(store)
    with suppress(RuntimeError), store.writing() as connection:
        assert changing.begin(connection, {"title": "Home care"}, NOW, OURS).told == 1
        raise RuntimeError
    assert matches(store) == []
    assert told(store) == []


def test_every_public_version_of_the_councils_own_has_its_matches(store: Store) -> None:
    everybody = subscribe(store, Criteria())
    take(
        store,
        row(),
        row("ASC-02", terms(title="Meals")),
        statement("5-2026", tender(title="Bridges"), day="2026-11-21"),
    )
    move(store, "ASC-01", {"high": Decimal(1)})
    move(store, "ASC-02", {"title": "Hot meals"})
    with store.reading() as connection:
        table = intention_version.c
        public = connection.execute(sa.select(table.intention, table.number).where(table.released_at.is_not(None)))
        assert [(of, number, everybody) for of, number in sorted(map(tuple, public))] == [
            one[:3] for one in matches(store)
        ]


def test_every_recipient_has_an_id_and_a_row_of_their_own(store: Store) -> None:
    for number in range(30):
        subscribe(store, recipient=f"p{number}@example.org", every=("at once", "daily", "weekly")[number % 3])
    report = take(store, row())
    assert len({one.id for one in owed(store)}) == report.told.notifications == len(report.told.people) == 30


def test_a_subscription_whose_criteria_were_changed_is_told_by_the_new_ones(store: Store) -> None:
    id = subscribe(store, Criteria(services=("libraries",)))
    with store.writing() as connection:
        change(connection, id, criteria=HOME_CARE)
    take(store, row())
    assert matches(store) == [(1, 1, id, "new")]


def test_words_of_any_length_and_in_any_number_are_looked_up(store: Store) -> None:
    long = "x" * 500
    subscribe(store, Criteria(words=(long,)))
    many = " ".join(f"word{number}" for number in range(600))
    take(store, row(says=terms(description=f"{long} {many}")))
    assert len(matches(store)) == 1


WORDS = ("care", "home", "bridge", "library", "with the", "in", "school transport", "bus", "", "£50k")


def _criteria(some: random.Random) -> Criteria:
    def pick(values: tuple, most: int = 2) -> tuple:  # type: ignore[type-arg]
        return tuple(some.sample(values, some.randint(0, most))) if some.random() < 0.4 else ()

    areas = (
        Area(name="Brenmouth", district="Brenmouth"),
        Area(name="High Marl", district="High Marl"),
        Area(name="bus"),
    )
    return Criteria(
        words=pick(WORDS), services=pick(("home-care", "libraries")), cpv=pick(("85", "8531", "60000000", "853124")),
        follows=pick(("int-1", "ASC-9")), areas=pick(areas), regions=pick(("J4", "J", "K3")), kinds=pick(tuple(Offer)),
        high=some.choice((None, 100)), sme=some.random() < 0.1, vcse=some.random() < 0.1, early=some.random() < 0.2,
    )  # fmt: skip


def _subject(some: random.Random) -> Subject:
    districts = frozenset(some.sample(("Brenmouth", "High Marl", "Elsewhere"), some.randint(0, 2)))
    stems = frozenset(some.sample(("care", "home", "bridg", "librari", "school", "transport", "bus", "50000"), 4))
    return Subject(
        some.choice(("INT-1", "asc-9", "X")), frozenset(some.sample(("home-care", "libraries"), some.randint(0, 2))),
        tuple(some.sample(("85312400", "60100000", "45000000"), some.randint(0, 2))), stems, districts,
        bool(districts) or some.random() < 0.5, tuple(some.sample(("J4", "J42", "C1"), some.randint(0, 1))),
        some.choice(((), ((50, 200),))), frozenset(some.sample(tuple(Offer), some.randint(0, 3))),
        some.choice((None, True)), some.choice((None, True)), True, some.random() < 0.3,
    )  # fmt: skip


def test_whatever_is_wanted_is_filed_where_it_is_looked_for() -> None:
    some, fitting = random.Random(6), 0
    for _ in range(20_000):
        criteria, subject = _criteria(some), _subject(some)
        if fits(judge(criteria, subject)):
            fitting += 1
            assert places_of(criteria) & places_for(subject), (criteria, subject)
    assert fitting > 1_000


def test_what_is_told_is_what_a_loop_over_all_would_find(store: Store) -> None:
    some = random.Random(7)
    asked = [_criteria(some) for _ in range(250)]
    wanted = {subscribe(store, one, f"p{at}@example.org"): one for at, one in enumerate(asked)}
    titles = ("Care at home", "A bridge", "School transport", "Library buses", "Grants for youth work")
    take(store, *(row(f"ASC-{at}", terms(title, high=50 * at)) for at, title in enumerate(titles, start=1)))
    with store.reading() as connection:
        rows = connection.execute(sa.select(intention)).all()
        subjects = {one.id: subject_in_record(connection, one, NOW) for one in rows}
    expected = [
        (of, 1, id, "new") for of, one in subjects.items() for id, each in wanted.items() if fits(judge(each, one))
    ]
    assert len(expected) > 50
    assert matches(store) == sorted(expected)
