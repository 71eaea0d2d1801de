"""Officers keep the timeline by form: written, changed with a reason, withdrawn, taken up again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cast import DEE, MAX, MO, OLIVE, PRUE, Somebody
from timeline import NOW, OURS, references, seen

from bot.slack.events import form_asked
from bot.wiring import Wiring
from handlers.desk import Desk
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from knowledge.timeline.nouns import Route, Stage
from knowledge.timeline.when import read_when

FILLED = {
    "title": "Home care in Gullhaven", "description": "Help at home.", "stage": "plan", "route": "tender",
    "value": "£200k to £500k", "tender": "Q4 2026/27", "start": "September 2027", "area": "Gullhaven, Saltmere",
    "vcse": "yes", "contact_email": "commissioning@example.org",
}  # fmt: skip


@pytest.fixture
def desk(wiring: Wiring) -> Desk:
    return replace(wiring.desk, now=lambda: NOW, buyers=OURS)


def does(who: Somebody, action: str, desk: Desk, about: str = "", **fields: str) -> Reply:
    return handle(pressed(who, action, about, **fields), desk)


def pressed(who: Somebody, action: str, about: str = "", **fields: str) -> Message:
    return Message(
        text="", action=action, about=about, fields=fields, addresses=(who.email,), roles=frozenset({who.role})
    )


def says(who: Somebody, text: str, desk: Desk, **more: Any) -> Reply:
    return handle(Message(text=text, addresses=(who.email,), roles=frozenset({who.role}), **more), desk)


def test_an_officer_writes_an_intention_and_everybody_can_read_it(desk: Desk) -> None:
    asked = says(OLIVE, "new intention", desk)
    assert asked.form is not None
    assert asked.form.action == "new_intention"
    reply = does(OLIVE, "new_intention", desk, **FILLED)
    assert (reply.outcome, "INT-1" in reply.text) == (Outcome.TIMELINE, True)
    found = seen(desk.store, "INT-1")
    terms = found.intention.terms
    assert (terms.stage, terms.route, terms.low, terms.high) == (Stage.PLAN, Route.TENDER, 200_000, 500_000)
    assert (terms.tender, terms.area, terms.vcse) == (read_when("Q4 2026/27"), ("Gullhaven", "Saltmere"), True)
    assert found.versions[0].by is not None


def test_what_is_wrong_is_said_in_its_field_and_nothing_is_written(desk: Desk) -> None:
    reply = does(OLIVE, "new_intention", desk, **{**FILLED, "tender": "soonish", "title": " "})
    assert reply.form is not None
    assert set(reply.form.errors) == {"title", "tender"}
    assert "Q3 2026/27" in reply.form.errors["tender"]
    assert next(one.value for one in reply.form.entries if one.name == "value") == FILLED["value"]
    assert list(references(desk.store)) == []


def test_values_and_times_that_do_not_go_together_are_refused(desk: Desk) -> None:
    reply = does(OLIVE, "new_intention", desk, **{**FILLED, "closes": "2026-12-01", "value": "£5m to £1m"})
    assert reply.form is not None
    assert set(reply.form.errors) <= {"value", "tender"}
    assert reply.form.errors


def test_the_form_sent_twice_makes_one_intention_and_another_of_its_title_is_pointed_out(desk: Desk) -> None:
    for _ in range(2):
        assert does(OLIVE, "new_intention", desk, **FILLED).outcome is Outcome.TIMELINE
    again = does(MAX, "new_intention", desk, **{**FILLED, "value": "£1m"})
    assert again.form is not None
    assert again.form.errors["title"].startswith("INT-1 has this title already")
    assert list(references(desk.store)) == ["INT-1"]


def test_a_moved_date_needs_a_reason_which_everybody_then_reads(desk: Desk) -> None:
    does(OLIVE, "new_intention", desk, **FILLED)
    form = does(OLIVE, "change_intention", desk, "INT-1").form
    assert form is not None
    shown = {one.name: one.value for one in form.entries}
    assert (shown["tender"], shown["value"], shown["vcse"]) == ("Q4 2026/27", "£200,000 to £500,000", "yes")
    moved = {**shown, "tender": "2027-06"}
    refused = does(OLIVE, "change_intention", desk, "INT-1", **moved)
    assert refused.form is not None
    assert "tender was Q4 2026/27 and is 2027-06" in refused.form.errors["reason"]
    done = does(OLIVE, "change_intention", desk, "INT-1", **{**moved, "reason": "The market asked for time."})
    assert done.outcome is Outcome.TIMELINE
    newest = seen(desk.store, "INT-1").versions[0]
    assert ([one.field for one in newest.changes], newest.reason) == (["tender"], "The market asked for time.")


def test_a_form_sent_unchanged_says_so(desk: Desk) -> None:
    does(OLIVE, "new_intention", desk, **FILLED)
    form = does(OLIVE, "change_intention", desk, "INT-1").form
    assert form is not None
    again = does(OLIVE, "change_intention", desk, "INT-1", **{one.name: one.value for one in form.entries})
    assert again.form is not None
    assert again.form.errors["reason"] == "INT-1 says so already."


def test_withdrawn_with_a_reason_and_taken_up_again_with_one(desk: Desk) -> None:
    does(OLIVE, "new_intention", desk, **FILLED)
    asked = says(OLIVE, "withdraw INT-1", desk)
    assert asked.form is not None
    assert not asked.form.errors
    assert does(OLIVE, "withdraw_intention", desk, "INT-1", reason=" ").form is not None
    gone = does(OLIVE, "withdraw_intention", desk, "INT-1", reason="To be made in-house.")
    assert [one.action for one in gone.choices] == ["change_intention", "restore_intention"]
    back = does(OLIVE, "restore_intention", desk, "INT-1", reason="No team could be found.")
    assert "taken up again" in back.text
    assert [one.reason for one in seen(desk.store, "INT-1").versions][:2] == [
        "No team could be found.", "To be made in-house.",
    ]  # fmt: skip


@pytest.mark.parametrize("who", [MO, PRUE])
@pytest.mark.parametrize("action", ["new_intention", "change_intention", "withdraw_intention", "restore_intention"])
def test_members_and_providers_read_the_timeline_and_do_not_write_it(desk: Desk, who: Somebody, action: str) -> None:
    does(OLIVE, "new_intention", desk, **FILLED)
    before = seen(desk.store, "INT-1")
    reply = does(who, action, desk, "INT-1", **{**FILLED, "title": "Mine", "reason": "Because."})
    assert reply.outcome is Outcome.REFUSED
    assert seen(desk.store, "INT-1") == before
    assert list(references(desk.store)) == ["INT-1"]


@pytest.mark.parametrize("who", [OLIVE, MAX, DEE])
def test_officers_managers_and_directors_may_write_but_not_where_others_read_along(desk: Desk, who: Somebody) -> None:
    assert does(who, "new_intention", desk).outcome is Outcome.FORM
    public = pressed(who, "new_intention", **FILLED).model_copy(update={"public": True})
    assert handle(public, desk).outcome is Outcome.REFUSED
    assert list(references(desk.store)) == []


def test_whoever_claims_a_role_in_the_message_is_looked_up_all_the_same(desk: Desk) -> None:
    claimed = pressed(PRUE, "new_intention", **FILLED).model_copy(update={"roles": frozenset({OLIVE.role})})
    assert handle(claimed, desk).outcome is Outcome.REFUSED


def test_the_notice_an_officer_names_lets_a_live_tender_out(desk: Desk) -> None:
    does(OLIVE, "new_intention", desk, **{**FILLED, "notices": "012345-2026"})
    assert seen(desk.store, "INT-1").necessity.there


@pytest.mark.parametrize(
    ("text", "action", "about"),
    [
        ("new intention", "new_intention", ""),
        ("please add a commissioning intention", "new_intention", ""),
        ("change INT-12", "change_intention", "INT-12"),
        ("I want to withdraw the intention ASC/27-01.", "withdraw_intention", "ASC/27-01"),
        ("restore INT-3", "restore_intention", "INT-3"),
    ],
)
def test_a_command_in_slack_opens_the_form(text: str, action: str, about: str) -> None:
    asked = form_asked({"text": text})
    assert asked is not None
    assert (asked.action, asked.about) == (action, about)


@pytest.mark.parametrize(
    "text", ["change the world", "what has changed in INT-12", "cancel my alerts", "how do I add an intention", ""]
)
def test_other_words_open_none(text: str) -> None:
    assert form_asked({"text": text}) is None


def test_questions_of_officers_that_sound_like_orders_go_on_to_the_papers(desk: Desk) -> None:
    assert says(OLIVE, "change management", desk).outcome in (Outcome.ANSWERED, Outcome.NOT_IN_DOCUMENTS)


def test_a_form_that_was_open_while_somebody_else_changed_things_undoes_nothing_of_theirs(desk: Desk) -> None:
    does(OLIVE, "new_intention", desk, **FILLED)
    form = does(OLIVE, "change_intention", desk, "INT-1").form
    assert form is not None
    filled = {one.name: one.value for one in form.entries}
    theirs = {**filled, "tender": "May 2027", "description": "Help at home, day and night.", "reason": "More time."}
    assert does(DEE, "change_intention", desk, form.about, **theirs).outcome is Outcome.TIMELINE
    mine = {**filled, "title": "Home care near Gullhaven", "reason": "A plainer title."}
    assert does(OLIVE, "change_intention", desk, form.about, **mine).outcome is Outcome.TIMELINE
    terms = seen(desk.store, "INT-1").intention.terms
    assert (terms.title, terms.description) == ("Home care near Gullhaven", "Help at home, day and night.")
    assert terms.tender == read_when("May 2027")
