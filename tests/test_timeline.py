"""The timeline in the record: what is said becomes intentions, every change a version with its reason."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from timeline import MARLSHIRE, NOW, OURS, references, row, seen, statement, take, tender, terms

from knowledge.periods import Period
from knowledge.store import Store
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.changing import CannotChange, NoSuchIntention, begin, change, restore, withdraw
from knowledge.timeline.history import newest_changes, versions_of
from knowledge.timeline.nouns import Kind, Read, Route, Row, Source, Stage, State, Statement, Terms
from knowledge.timeline.rows import ReasonMissing
from knowledge.timeline.selecting import choices, select, shown_of
from knowledge.timeline.when import read_when
from knowledge.timeline.wishing import Wish

FINDER = Source.CONTRACTS_FINDER
DAY = NOW.date()


def counts(report: object) -> tuple[int, int, int, int]:
    return (report.added, report.changed, report.unchanged, len(report.problems))  # type: ignore[attr-defined]


# --- in -----------------------------------------------------------------------------------------------------------


def test_a_notice_becomes_an_intention_and_the_same_again_changes_nothing(store: Store) -> None:
    assert counts(take(store, statement())) == (1, 0, 0, 0)
    assert counts(take(store, statement())) == (0, 0, 1, 0)
    found = seen(store, "INT-1")
    assert (found.intention.version, found.intention.own, found.intention.terms.title) == (1, True, tender().title)
    assert [one.id for one in found.notices] == ["012345-2026"]


def test_an_older_form_of_a_notice_changes_nothing(store: Store) -> None:
    take(store, statement(day="2026-11-05"))
    assert counts(take(store, statement(says=tender(title="Old title"), day="2026-11-01"))) == (0, 0, 1, 0)
    assert seen(store, "INT-1").intention.terms.title == tender().title


def test_of_two_exports_of_one_moment_the_one_that_is_further_on_counts_in_either_order(store: Store) -> None:
    live, over = (statement(says=tender(state=state)) for state in (State.OPEN, State.CLOSED))
    assert [counts(take(store, one)) for one in (live, over, live, over)] == [
        (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 1, 0),
    ]  # fmt: skip
    assert seen(store, "INT-1").intention.terms.state is State.CLOSED


def test_a_new_sum_takes_nothing_of_the_old_one(store: Store) -> None:
    take(store, statement(says=tender(low=300_000, high=360_000, gross=True), keys=("ocid:9",)))
    award = tender(state=State.AWARDED, high=260_000)
    take(store, statement("CF-1", award, source=FINDER, kind="CF-award", keys=("ocid:9",), day="2026-11-03"))
    found = seen(store, "INT-1").intention.terms
    assert (found.low, found.high, found.gross) == (None, 260_000, None)


def test_one_procurement_from_two_sources_is_one_intention_with_both_notices(store: Store) -> None:
    shared = ("ref:marlshire county council|dn123456",)
    take(store, statement(keys=shared))
    assert counts(take(store, statement("DN123456", source=FINDER, kind="CF-opportunity", keys=shared))) == (0, 1, 0, 0)
    assert {one.source for one in seen(store, "INT-1").notices} == {Source.FIND_A_TENDER, FINDER}


def test_without_a_number_in_common_buyer_title_and_time_have_to_agree(store: Store) -> None:
    take(store, statement())
    take(store, statement("CF-1", source=FINDER, kind="CF-opportunity"))
    take(store, statement("CF-2", tender(closes="2028-01-15", high=1), source=FINDER, kind="CF-opportunity"))
    take(store, statement("CF-3", source=FINDER, buyer="Fenwold County Council"))
    assert [len(seen(store, one).notices) for one in references(store)] == [2, 1, 1]


def test_with_the_same_title_and_sum_what_is_years_apart_is_two_and_what_was_moved_is_one(store: Store) -> None:
    take(store, statement(says=tender(start="2027-04-01")))
    take(store, statement("CF-1", tender(start="2030-04-01", closes="2029-11-15"), source=FINDER))
    assert list(references(store)) == ["INT-1", "INT-2"]
    take(store, statement("CF-2", tender(start="2027-06-01", closes="2027-02-15"), source=FINDER))
    assert [len(seen(store, one).notices) for one in references(store)] == [2, 1]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0), (2, 1, 0)])
def test_a_notice_that_was_named_joins_what_names_it_whenever_it_comes(store: Store, order: tuple[int, ...]) -> None:
    says = tender(title="Home care, see Find a Tender", related=("012345-2026",))
    given = (
        statement("012345-2026", keys=("ocid:9",)),
        statement("012399-2026", keys=("ocid:9",), day="2026-11-05"),
        statement("CF-1", says, source=FINDER, kind="CF-opportunity", day="2026-11-03"),
    )
    for at in order:
        take(store, given[at])
    [one] = references(store)
    assert len(seen(store, one).notices) == 3


def test_two_notices_of_one_source_with_the_same_title_are_two_procurements(store: Store) -> None:
    take(store, statement("1-2026"), statement("2-2026"))
    assert len(list(references(store))) == 2


def test_in_whatever_order_notices_come_the_intention_is_the_same(store: Store) -> None:
    key = ("ocid:ocds-h6vhtk-000001",)
    said = [
        statement("1-2026", terms(stage=Stage.PLAN, state=State.PLANNED, tender="2026-10"), kind="UK1", day="2026-01"),
        statement("2-2026", terms(engagement="2026-05-01", state=State.PLANNED), day="2026-04-01", kind="UK2"),
        statement("3-2026", tender(route=Route.TENDER), day="2026-10-01"),
        statement("4-2026", terms(state=State.AWARDED, awarded_to=("Acorn Care",)), day="2026-11-03", kind="UK6"),
    ]  # fmt: skip
    said = [one.model_copy(update={"keys": key}) for one in said]
    found: set[str] = set()
    for turn in range(6):
        mixed = random.Random(turn).sample(said, len(said))
        for one in mixed:
            renamed = f"ocid:turn-{turn}"
            take(store, one.model_copy(update={"id": f"{turn}-{one.id}", "keys": (renamed,)}))
        found.add(seen(store, f"INT-{turn + 1}").intention.terms.model_dump_json())
    assert len(found) == 1
    assert '"state":"awarded"' in found.pop()


def test_suppliers_of_several_awards_are_gathered(store: Store) -> None:
    key = ("ocid:1",)
    for number, name in enumerate(("Acorn Care", "Birch Homes"), start=1):
        take(store, statement(f"{number}", terms(state=State.AWARDED, awarded_to=(name,)), kind="UK6", keys=key))
    assert seen(store, "INT-1").intention.terms.awarded_to == ("Acorn Care", "Birch Homes")


def test_problems_are_kept_with_their_reason_and_records_count_once(store: Store) -> None:
    from knowledge.register.importing import unread_rows
    from knowledge.timeline.importing import LIST, take_in
    from knowledge.timeline.nouns import Problem

    read = Read(records=2, statements=((1, statement()),), problems=(Problem(record=2, reason="has no title"),))
    for _ in range(2):
        with store.writing() as connection:
            report = take_in(connection, read, NOW, OURS, source="feed.json")
        assert report.records == report.added + report.changed + report.unchanged + len(report.problems) == 2
    with store.reading() as connection:
        assert [(file, one.line, one.reason) for file, one in unread_rows(connection, LIST)] == [
            ("feed.json", 2, "has no title")
        ]


# --- whose --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "own"),
    [
        (MARLSHIRE, True),
        ("THE MARLSHIRE COUNTY COUNCIL", True),
        ("Marlshire  County Council ", True),
        ("Marlshire County Council (t/a MARLBUY)", True),
        ("Marlshire County Council - Adult Social Care", True),
        ("Marlshire County Council t/a Marlbuy", True),
        ("East Marlshire County Council", False),
        ("Marlshire County Council Pension Fund", False),
        ("Marlshire Borough Council", False),
        ("NHS Marlshire on behalf of Marlshire County Council", False),
        ("", False),
    ],
)
def test_the_council_is_known_however_it_is_written_and_lookalikes_are_not_taken(name: str, own: bool) -> None:
    assert OURS.own(name) is own


def test_a_buyer_number_says_whose_a_notice_is_whatever_the_name() -> None:
    assert OURS.own("MCC Strategic Commissioning", "GB-PPON-MARL-0001-CNTY")


def test_own_only_leaves_others_out_and_counts_them(store: Store) -> None:
    report = take(store, statement("1"), statement("2", buyer="Fenwold County Council"), own_only=True)
    assert (report.records, report.added, report.others) == (1, 1, 1)


def test_a_new_setting_tells_own_from_others_anew(store: Store) -> None:
    take(store, statement("1"), statement("2", buyer="Fenwold County Council"))
    take(store, buyers=Buyers.of("Fenwold County Council"))
    assert [seen(store, one).intention.own for one in references(store)] == [False, True]


# --- versions and reasons -----------------------------------------------------------------------------------------


def test_a_row_that_moves_a_date_needs_a_reason(store: Store) -> None:
    take(store, row(says=terms(tender="Q3 2026/27")))
    moved = row(says=terms(tender="Q4 2026/27"))
    report = take(store, moved)
    assert counts(report) == (0, 0, 0, 1)
    assert report.problems[0].reason == "needs a reason: tender was Q3 2026/27 and is Q4 2026/27"
    assert counts(take(store, moved.model_copy(update={"reason": "The market asked for more time."}))) == (0, 1, 0, 0)
    newest = seen(store, "ASC-01").versions[0]
    assert (newest.number, newest.reason) == (2, "The market asked for more time.")
    assert [(one.field, one.before["said"], one.after["said"]) for one in newest.changes] == [
        ("tender", "Q3 2026/27", "Q4 2026/27")
    ]


def test_what_is_said_for_the_first_time_needs_no_reason(store: Store) -> None:
    take(store, row())
    assert counts(take(store, row(says=terms(tender="2027-03")))) == (0, 1, 0, 0)


def test_an_unchanged_row_does_not_undo_what_was_changed_in_the_desk(store: Store) -> None:
    given = row(says=terms(tender="Q3 2026/27"))
    take(store, given)
    with store.writing() as connection:
        change(connection, "asc-01", {"tender": read_when("2027-02-01")}, "Legal advice.", NOW, OURS)
    assert counts(take(store, given)) == (0, 0, 1, 0)
    assert seen(store, "ASC-01").intention.terms.tender == read_when("2027-02-01")


def test_a_withdrawal_needs_a_reason_and_can_be_taken_back(store: Store) -> None:
    take(store, row())
    with pytest.raises(ReasonMissing), store.writing() as connection:
        withdraw(connection, "ASC-01", "", NOW, OURS)
    with store.writing() as connection:
        withdraw(connection, "ASC-01", "Made in-house instead.", NOW, OURS)
    with store.writing() as connection:
        restore(connection, "ASC-01", "The team could not be found.", NOW, OURS)
    assert [one.kind for one in seen(store, "ASC-01").versions] == [Kind.RESTORED, Kind.WITHDRAWN, Kind.ADDED]
    with pytest.raises(CannotChange), store.writing() as connection:
        restore(connection, "ASC-01", "Again.", NOW, OURS)
    with pytest.raises(NoSuchIntention), store.writing() as connection:
        withdraw(connection, "ASC-99", "None such.", NOW, OURS)


def test_a_notice_that_moves_a_date_without_a_reason_is_said_to_give_none(store: Store) -> None:
    key = ("ocid:1",)
    take(store, statement("1", keys=key))
    take(store, statement("2", tender(closes="2027-02-01"), keys=key, day="2026-11-10"))
    take(store, statement("3", tender(closes="2027-03-01"), keys=key, day="2026-11-12", reason="Bidders asked for it."))
    reasons = [one.reason for one in seen(store, "INT-1").versions]
    assert reasons == ["Bidders asked for it.", "Tender notice 2, Find a Tender, says so. It gives no reason.", ""]


def test_the_councils_own_words_stay_and_the_latest_times_count(store: Store) -> None:
    ours = row(says=terms("Help at home for older people", tender="Q3 2026/27"), notices=("012345-2026",))
    take(store, ours, now=NOW - timedelta(days=100))
    says = tender(title="Domiciliary care DPS lot 1", tender="2026-11-01")
    assert counts(take(store, statement(says=says))) == (0, 1, 0, 0)
    found = seen(store, "ASC-01").intention.terms
    assert (found.title, found.tender, found.state) == (
        "Help at home for older people",
        read_when("2026-11-01"),
        State.OPEN,
    )


# --- what may go out ----------------------------------------------------------------------------------------------


def live(**said: object) -> Statement:
    return statement("CF-9", tender(**said), source=FINDER, kind="CF-opportunity", keys=("ocid:9",))


def test_a_live_tender_waits_for_its_notice_and_then_goes_out_with_its_history(store: Store) -> None:
    report = take(store, live())
    assert report.held == ["INT-1"]
    found = seen(store, "INT-1")
    assert found.intention.held.startswith(
        "Waits for its notice on Find a Tender: begun on 1 November 2026, and £600,000"
    )
    with store.reading() as connection:
        assert select(connection, Wish(past=True, everyone=True), DAY).total == 0
        assert shown_of(connection, ["INT-1"]) == []
        assert newest_changes(connection, 10) == versions_of(connection, 1, released=True) == []
    take(store, statement("012345-2026", keys=("ocid:9",), day="2026-11-02"))
    assert (seen(store, "INT-1").intention.held, seen(store, "INT-1").necessity.there) == ("", True)
    with store.reading() as connection:
        assert [one.version for one in shown_of(connection, ["int-1"])] == [2]
        assert [one.number for one in versions_of(connection, 1, released=True)] == [2, 1]


def test_while_a_live_tender_waits_everybody_reads_what_was_public_before(store: Store) -> None:
    planned = statement("CF-8", terms(state=State.PLANNED, tender="Q3 2026/27"), source=FINDER, kind="CF-pipeline",
                        keys=("ocid:9",), day="2026-10-01")  # fmt: skip
    take(store, planned)
    take(store, live())
    with store.reading() as connection:
        [one] = shown_of(connection, ["INT-1"])
    assert (one.version, one.terms.state, one.terms.closes) == (1, State.PLANNED, None)


@pytest.mark.parametrize(
    ("said", "day", "why"),
    [
        ({"high": 24_999}, "2026-11-01", "£29,999 with VAT is below the £30,000 from which one is"),
        ({"high": 29_999, "gross": True}, "2026-11-01", "£29,999 with VAT is below the £30,000 from which one is"),
        ({}, "2025-02-23", "it was begun on 23 February 2025, and the Act counts from 24 February 2025"),
        ({"route": Route.GRANT}, "2026-11-01", "it is a grant, and grants are no procurement"),
        ({"route": Route.IN_HOUSE}, "2026-11-01", "it is provided in-house, so nothing is tendered"),
        (
            {"route": Route.FRAMEWORK},
            "2026-11-01",
            "it is awarded under a framework, which has its own",
        ),
    ],
)
def test_where_the_act_asks_for_no_notice_the_desk_says_why(
    sqlite_store: Store, said: dict[str, object], day: str, why: str
) -> None:
    take(sqlite_store, statement("CF-9", tender(**said), source=FINDER, kind="CF-opportunity", day=day))
    found = seen(sqlite_store, "INT-1")
    assert (found.intention.held, found.necessity.why) == ("", why)


@pytest.mark.parametrize(
    ("said", "day"), [({"high": 25_000}, "2025-02-24"), ({"high": 30_000, "gross": True}, "2026-11-01")]
)
def test_at_the_boundary_the_act_asks_for_the_notice(sqlite_store: Store, said: dict[str, object], day: str) -> None:
    take(sqlite_store, statement("CF-9", tender(**said), source=FINDER, kind="CF-opportunity", day=day))
    assert seen(sqlite_store, "INT-1").intention.held


@pytest.mark.parametrize("kind", ["UK12", "UK14"])
def test_what_find_a_tender_says_is_open_has_been_published_there(sqlite_store: Store, kind: str) -> None:
    take(sqlite_store, statement(says=tender(), kind=kind))
    assert (seen(sqlite_store, "INT-1").intention.held, seen(sqlite_store, "INT-1").necessity.there) == ("", True)


def test_a_tender_of_unknown_value_waits(store: Store) -> None:
    take(store, statement("CF-9", terms(state=State.OPEN), source=FINDER, kind="CF-opportunity"))
    assert "its value is not said" in seen(store, "INT-1").intention.held


def test_others_tenders_are_no_business_of_ours(store: Store) -> None:
    take(store, live().model_copy(update={"buyer": "Fenwold County Council"}))
    assert seen(store, "INT-1").intention.held == ""


def test_an_officer_may_name_the_notice(store: Store) -> None:
    with store.writing() as connection:
        said = {"title": "Home care", "state": State.OPEN, "related": ("012345-2026",)}
        entry = begin(connection, said, NOW, OURS)
    assert (entry.held, seen(store, "INT-1").necessity.there) == ("", True)
    assert counts(take(store, statement())) == (0, 1, 0, 0)


# --- choosing -----------------------------------------------------------------------------------------------------


@pytest.fixture
def chosen(store: Store) -> Store:
    """A few intentions of the council's, and one of another's."""
    take(
        store,
        row("A-1", terms("Home care in Gullhaven", tender="Q4 2026/27", high=400_000, directorate="Adults", vcse=True)),
        row(
            "A-2",
            terms("Street lighting columns", tender="2027-09", low=2_000_000, high=3_000_000, stage=Stage.ANALYSE),
        ),
        row(
            "A-3",
            terms("Grants for arts groups", start="2027-04-01", route=Route.GRANT, directorate="Growth", sme=True),
        ),
        row("A-4", terms("School transport", state=State.WITHDRAWN, tender="2027-02")),
        row("A-5", terms("Library vans", tender="2026-01", directorate="Growth")),
        statement("F-1", buyer="Fenwold County Council"),
    )
    return store


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (Wish(), ["A-1", "A-3", "A-2"]),
        (Wish(past=True), ["A-1", "A-3", "A-2", "A-4", "A-5"]),
        (Wish(everyone=True), ["INT-1", "A-1", "A-3", "A-2"]),
        (Wish(words="home carers"), []),
        (Wish(words="homes gullhaven"), ["A-1"]),
        (Wish(words="%"), ["A-1", "A-3", "A-2"]),
        (Wish(directorate="Growth"), ["A-3"]),
        (Wish(stage=Stage.ANALYSE), ["A-2"]),
        (Wish(routes=frozenset({Route.GRANT})), ["A-3"]),
        (Wish(low=500_000), ["A-2"]),
        (Wish(high=500_000), ["A-1"]),
        (Wish(period=Period(date(2027, 4, 1), date(2027, 6, 30))), ["A-3"]),
        (Wish(period=Period(date(2027, 1, 1), date(2027, 12, 31)), what=("tender",)), ["A-1", "A-2"]),
        (Wish(vcse=True), ["A-1"]),
        (Wish(sme=True), ["A-3"]),
        (Wish(kinds=frozenset({"street-lighting"})), ["A-2"]),
    ],
)
def test_a_wish_chooses(chosen: Store, wish: Wish, found: list[str]) -> None:
    with chosen.reading() as connection:
        result = select(connection, wish, DAY)
        pages = [one for at in range(result.total) for one in select(connection, wish, DAY, first=at, count=1).shown]
    assert sorted(one.reference for one in result.shown) == sorted(found)
    if not wish.past:
        assert [one.reference for one in result.shown] == found
    assert [one.reference for one in pages] == [one.reference for one in result.shown]


def test_there_is_to_choose_what_there_is(chosen: Store) -> None:
    with chosen.reading() as connection:
        found = choices(connection, Wish(), DAY)
    assert found.directorates == {"Adults": 1, "Growth": 1}
    assert found.stages == {"analyse": 1, "plan": 2}
    assert (found.first, found.last) == (date(2027, 1, 1), date(2027, 9, 30))


def test_an_import_at_once_by_two_processes_makes_no_twin(store: Store) -> None:
    from concurrent.futures import ThreadPoolExecutor

    given = [statement(f"{n}-2026", keys=(f"ocid:{n}",)) for n in range(1, 15)]
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: take(store, *given), range(4)))
    assert sorted(counts(one)[:3] for one in reports) == [(0, 0, 14)] * 3 + [(14, 0, 0)]


def test_terms_come_back_from_the_record_as_they_went_in(store: Store) -> None:
    said = tender(cpv=("85312400",), regions=("UKJ4",), area=("Gullhaven",), sme=False, duration="3 years")
    take(store, statement(says=said))
    assert seen(store, "INT-1").intention.terms == said
    with store.reading() as connection:
        [one] = shown_of(connection, ["INT-1"])
    assert one.terms == said
    assert isinstance(one.terms, Terms)


def test_a_row_names_the_notice_that_speaks_of_the_same(store: Store) -> None:
    take(store, statement())
    given = Row(reference="ASC-01", says=frozenset({"title", "notices"}), terms=terms("Help at home"),
                notices=("012345-2026",))  # fmt: skip
    assert counts(take(store, given)) == (0, 1, 0, 0)
    assert counts(take(store, given)) == (0, 0, 1, 0)
    assert list(references(store)) == ["INT-1"]


def test_a_notice_that_shows_two_intentions_to_be_one_joins_them(store: Store) -> None:
    take(store, statement("A", source=FINDER, kind="CF-opportunity", keys=("ref:a",), says=tender(title="Home care")))
    take(store, statement("B", source=FINDER, kind="CF-opportunity", keys=("cf:b",), says=tender(title="Care at home")))
    assert list(references(store)) == ["INT-1", "INT-2"]
    both = statement("C", keys=("ref:a", "cf:b"), says=tender(title="Home care lot"), day="2026-11-05")
    assert counts(take(store, both)) == (0, 1, 0, 0)
    assert list(references(store)) == ["INT-1"]
    assert {one.id for one in seen(store, "INT-2").notices} == {"A", "B", "C"}
    assert seen(store, "int-2").intention.reference == "INT-1"
    again = statement("B", source=FINDER, kind="CF-opportunity", keys=("cf:b",), says=tender(title="Care at home"))
    assert counts(take(store, both, again)) == (0, 0, 2, 0)
    with store.reading() as connection:
        assert [one.reference for one in select(connection, Wish(past=True), DAY).shown] == ["INT-1"]


def test_the_councils_own_intention_stays_when_two_are_joined(store: Store) -> None:
    take(store, statement("A", source=FINDER, kind="CF-opportunity", says=tender(title="Dom care")))
    take(store, row("ASC-01", terms("Help at home"), notices=("012345-2026",)))
    found = take(store, statement(keys=("contracts-finder:A",)))
    assert counts(found) == (0, 1, 0, 0)
    assert list(references(store)) == ["ASC-01"]
    assert seen(store, "INT-1").intention.terms.title == "Help at home"


@pytest.mark.parametrize(("route", "count"), [(Route.TENDER, 1), (Route.FRAMEWORK, 2)])
def test_a_notice_that_names_another_of_the_same_buyer_is_about_the_same_but_a_call_off(
    store: Store, route: Route, count: int
) -> None:
    take(store, statement())
    says = tender(title="Home care (Gullhaven), see Find a Tender", related=("012345-2026",), route=route)
    take(store, statement("CF-1", says, source=FINDER, kind="CF-opportunity", day="2026-11-03"))
    assert len(list(references(store))) == count


def test_the_reason_an_export_carries_is_no_reason_for_the_next_change(store: Store) -> None:
    take(store, row(says=terms(tender="2027-01")))
    take(store, row(says=terms(tender="2027-02"), reason="Legal advice."))
    assert counts(take(store, row(says=terms(tender="2027-03"), reason="Legal advice."))) == (0, 0, 0, 1)
    assert counts(take(store, row(says=terms(tender="2027-03"), reason="More legal advice."))) == (0, 1, 0, 0)


def test_another_buyers_intention_is_not_the_councils_to_change(store: Store) -> None:
    take(store, statement(buyer="Fenwold County Council"))
    report = take(store, row("INT-1", terms("Ours now")))
    assert "is an intention of Fenwold County Council" in report.problems[0].reason
    assert seen(store, "INT-1").intention.terms.title == tender().title
