"""Members hear early: of what is being analysed for the services they chose, whatever kinds they limit an alert to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from council import DOREEN, MONDAY, PRIYA, Council

from knowledge.models import Role
from knowledge.subscriptions import record
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.nouns import Criteria, Offer, Subscription, fits
from knowledge.subscriptions.subject import Subject, kinds_of, subject_of
from knowledge.timeline.nouns import Route, Stage, State, Terms

PROVIDER = "bids@larkfield.example.org"


def subscribe(council: Council, owner: str, **wanted: object) -> Subscription:
    criteria = Criteria.model_validate({"services": ("home-care",), "kinds": (Offer.TENDER,), **wanted})
    with council.store.writing() as connection:
        id = record.propose(
            connection, MONDAY, recipient=owner, owner=owner, channel="email", sentence="", criteria=criteria,
            every="daily",
        )  # fmt: skip
        record.agree(connection, id, MONDAY)
        found = record.by_number(connection, id)
    assert found is not None
    return found


def analysed(route: Route | None = Route.GRANT, service: str = "home-care", stage: Stage = Stage.ANALYSE) -> Subject:
    terms = Terms(title="Care at home", stage=stage, route=route, state=State.PLANNED)
    return subject_of("INT-1", terms, {service: 1.0}, "", "care home", date(2026, 11, 23))


def hears(one: Subscription, subject: Subject) -> bool:
    return fits(judge(one.criteria, subject))


@pytest.mark.parametrize("route", [*Route, None])
def test_whatever_is_being_analysed_counts_as_an_intention(route: Route | None) -> None:
    for state in (State.PLANNED, State.OPEN, None):
        assert Offer.INTENTION in kinds_of(Terms(stage=Stage.ANALYSE, route=route, state=state))


def test_a_member_who_chose_its_service_hears_whatever_the_kind(council: Council) -> None:
    member, provider = subscribe(council, DOREEN), subscribe(council, PROVIDER)
    assert (hears(member, analysed()), hears(provider, analysed())) == (True, False)
    [kind] = [one for one in judge(member.criteria, analysed()) if one.field == "kind"]
    assert kind.found == "it is being analysed, of which a Member hears whatever the kind"
    assert not hears(member, analysed(service="street-lighting")), "another service"
    assert not hears(member, analysed(stage=Stage.PLAN)), "options are fixed"
    assert not hears(subscribe(council, DOREEN, low=1, areas=({"name": "Narnia"},), services=("x",)), analysed())


def test_what_else_they_ask_for_still_counts(sqlite_council: Council) -> None:
    member = subscribe(sqlite_council, DOREEN, sme=True)
    assert not hears(member, analysed())


def test_who_asks_by_words_alone_chose_no_service(sqlite_council: Council) -> None:
    assert not hears(subscribe(sqlite_council, DOREEN, services=(), words=("care",)), analysed())


def test_it_goes_by_who_is_a_member_when_an_alert_is_made_or_changed(council: Council) -> None:
    one = subscribe(council, PRIYA)
    assert not one.criteria.early
    council.add(PRIYA, Role.MEMBER)
    with council.store.writing() as connection:
        record.change(connection, one.id, every="weekly")
        assert not record.by_number(connection, one.id).criteria.early  # type: ignore[union-attr]
        record.change(connection, one.id, criteria=one.criteria)
        assert record.by_number(connection, one.id).criteria.early  # type: ignore[union-attr]


def test_nobody_claims_to_hear_early(sqlite_council: Council) -> None:
    assert not subscribe(sqlite_council, PROVIDER, early=True).criteria.early


def test_a_member_is_told_when_an_intention_enters_analyse_and_a_provider_who_wants_tenders_is_not(
    council: Council,
) -> None:
    for owner in (DOREEN, PROVIDER):
        subscribe(council, owner)
    council.clock = MONDAY + timedelta(days=1)
    said = {"title": "Care at home", "service": "Home care", "route": "grant", "stage": "plan"}
    council.press(PRIYA, "new_intention", "", **said)
    assert told(council) == []
    council.press(PRIYA, "change_intention", "INT-1", **{**said, "stage": "analyse", "reason": "We begin anew."})
    assert told(council) == [DOREEN]


def told(council: Council) -> list[str]:
    return [address for kind, address, _ in council.owed() if kind == "intention"]
