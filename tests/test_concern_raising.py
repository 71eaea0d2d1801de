"""Raising a concern: by a Member, by an officer for one, of danger, of what is raised already; and taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from council import (
    CARE,
    CARER,
    CARERS,
    COLIN,
    DANIEL,
    DOREEN,
    FARAH,
    HELEN,
    IMRAN,
    PRIYA,
    ROADS,
    RUTH,
    SUNITA,
    TOM,
    WENDY,
    Council,
    at,
    minutes,
)

from handlers.concerns import words
from handlers.messages import Choice, Outcome, Reply
from handlers.telling import _MAKERS, compose
from handlers.timed import run_due
from knowledge.concerns.nouns import Move, State
from knowledge.models import Role
from knowledge.outbox.owed import owed_of
from knowledge.service_levels import Level
from knowledge.tables import draft, notification, personal_text
from knowledge.workdays import Span

HIT = "old lady in Gullhaven, daughter shouting and hitting her right now, screams"
AGAIN = "No carer came again to the old man in Gullhaven, three mornings running"
POTHOLE = "There is a pothole as big as a bath outside the school in Winnersea"


@pytest.fixture
def council(sqlite_council: Council) -> Council:
    """One engine: what differs between the two is in the tests of `both`."""
    return sqlite_council


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest) -> Council:
    """Each engine in turn."""
    made: Council = request.getfixturevalue(f"{request.param}_council")
    return made


def button(reply: Reply, action: str) -> Choice:
    """The first button of a reply that does this."""
    return next(choice for choice in reply.choices if choice.action == action)


def press(council: Council, who: str, reply: Reply, action: str, /, **fields: str) -> Reply:
    """The press of it."""
    choice = button(reply, action)
    return council.press(who, choice.action, choice.about, **fields)


def count(council: Council, table: sa.Table) -> int:
    """How many rows a table has."""
    with council.store.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


# --- once ---------------------------------------------------------------------------------------------------------


def test_pressing_raise_twice_raises_one_concern(both: Council) -> None:
    found = both.say(DOREEN, CARER)
    first, second = press(both, DOREEN, found, "raise"), press(both, DOREEN, found, "raise")
    assert (first.concern, second.concern) == ("C-0001", "C-0001")
    assert second.text == first.text
    assert both.owed() == [("raised", PRIYA, "waiting")]


def test_the_same_message_of_danger_twice_raises_one_concern(both: Council) -> None:
    replies = [both.say(DOREEN, HIT, id="Ev1") for _ in range(2)]
    assert [one.concern for one in replies] == ["C-0001", "C-0001"]
    assert [kind for kind, *_ in both.owed()].count("at_risk") == 1


def test_the_same_form_twice_raises_one_concern(council: Council) -> None:
    fields = {"text": CARER, "contract": CARE, "at_risk": "yes"}
    replies = [council.send(DOREEN, action="new_concern", fields=fields, id="view1") for _ in range(2)]
    assert [one.concern for one in replies] == ["C-0001", "C-0001"]


def test_the_same_press_of_a_move_twice_moves_once(council: Council) -> None:
    reference = council.raised()
    for _ in range(2):
        reply = council.send(PRIYA, action="reply", about=reference, fields={"text": "Mended."}, id="press1")
        assert reply.concern == reference
    assert council.moves(reference) == ["raise", "reply"]


def test_two_concerns_written_one_after_the_other_can_both_be_raised(council: Council) -> None:
    first, second = council.say(DOREEN, CARER), council.say(DOREEN, POTHOLE)
    assert press(council, DOREEN, first, "raise").concern == "C-0001"
    assert press(council, DOREEN, second, "raise").concern == "C-0002"


def test_a_draft_is_only_its_writers(council: Council) -> None:
    found = council.say(DOREEN, CARER)
    for who in (IMRAN, RUTH, WENDY):
        for action in ("raise", "raise_new"):
            assert council.press(who, action, button(found, "raise").about).outcome is Outcome.REFUSED
        signpost = press(council, who, found, "at_risk")
        assert (signpost.concern, "999" in signpost.text) == ("", True)
    assert count(council, draft) == 1
    press(council, DOREEN, found, "raise")
    told = press(council, IMRAN, found, "raise")
    assert told.outcome is Outcome.REFUSED
    assert CARE not in told.model_dump_json()
    assert council.moves("C-0001") == ["raise"]


def test_a_draft_is_known_by_a_slack_id_as_by_an_address(council: Council) -> None:
    council.add("ingrid@example.org", Role.MEMBER, slack_id="U0INGRID", name="Cllr Ingrid Sole")
    found = council.say("U0INGRID", "the bus hasn't turned up again", thread="D1")
    assert found.outcome is Outcome.TOO_VAGUE
    placed = council.say("U0INGRID", "Pellingarth", thread="D1")
    assert press(council, "U0INGRID", placed, "raise").concern == "C-0001"
    assert council.concern("C-0001").raised_by == "ingrid@example.org"


@pytest.mark.parametrize("action", ["raise", "at_risk"])
def test_whoever_was_taken_off_the_list_raises_nothing(council: Council, action: str) -> None:
    found = council.say(DOREEN, CARER)
    council.list(doreen_haspell=None)
    reply = press(council, DOREEN, found, action)
    assert reply.concern == ""
    assert "Only people on the council's list" in reply.text
    assert ("999" in reply.text) == (action == "at_risk")
    assert council.errors == []


# --- what it says -------------------------------------------------------------------------------------------------


def test_out_of_hours_the_member_reads_when_it_is_seen(council: Council) -> None:
    council.clock = at("2026-11-21", "11:00")
    seen = "They see it on Monday 23 November 2026 at 09:00, when their hours begin."
    assert seen in press(council, DOREEN, council.say(DOREEN, CARER), "raise").text
    council.clock = at("2026-11-23", "11:00")
    assert "They see it on" not in press(council, IMRAN, council.say(IMRAN, POTHOLE), "raise").text


def test_where_no_worker_is_heard_of_the_member_is_told(council: Council) -> None:
    council.worker_alive()
    assert "not been heard of" not in " ".join(press(council, DOREEN, council.say(DOREEN, CARER), "raise").notes)
    council.clock += timedelta(seconds=61)
    late = press(council, DOREEN, council.say(DOREEN, POTHOLE), "raise")
    assert "not been heard of for a minute" in late.notes[0]
    danger = council.say(DOREEN, HIT)
    assert "Do not wait for it: ring." in danger.notes[0]
    marked = council.press(DOREEN, "at_risk", "C-0001")
    assert "Do not wait for it: ring." in marked.notes[0]


def test_a_concern_nobody_knows_the_contract_of_goes_to_triage(council: Council) -> None:
    found = council.say(DOREEN, CARER)
    other = next(choice for choice in found.choices if choice.label == "Not this contract")
    reply = council.press(DOREEN, other.action, other.about)
    assert "Wendy Larkspur (wendy.larkspur@example.org), triage contact, has it." in reply.text
    assert council.press(WENDY, "pass_on", reply.concern, contract=CARE).concern == reply.concern
    assert council.concern(reply.concern).holder == PRIYA


# --- too vague ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["Pellingarth", "in Pellingarth", "it's Pellingarth", "Sorry, Pellingarth."])
def test_a_place_in_the_next_message_makes_a_vague_concern_whole(council: Council, place: str) -> None:
    assert council.say(DOREEN, "the bus hasn't turned up again").text.startswith("Where is it?")
    found = council.say(DOREEN, place)
    raised = press(council, DOREEN, found, "raise")
    assert "School coaches (MCC-0024)" in raised.text
    shown = council.press(DOREEN, "open", raised.concern)
    assert shown.written[0].body == f"the bus hasn't turned up again\n{place}"
    assert count(council, draft) == 0


@pytest.mark.parametrize(
    ("between", "outcome"),
    [
        ("what does principle 6 say?", Outcome.ANSWERED),
        ("principle 6", Outcome.ANSWERED),
        ("what is social value", Outcome.ANSWERED),
        ("who manages MCC-0002", Outcome.REGISTER),
        ("show me contracts in Pellingarth", Outcome.REGISTER),
        ("thanks", Outcome.SMALLTALK),
        ("help", Outcome.HELP),
        ("my concerns", Outcome.CONCERN),
    ],
)
def test_something_else_said_in_between_is_answered_and_the_concern_still_waits(
    council: Council, between: str, outcome: Outcome
) -> None:
    council.say(DOREEN, "the bus hasn't turned up again")
    assert council.say(DOREEN, between).outcome is outcome
    assert "School coaches (MCC-0024)" in council.say(DOREEN, "Pellingarth").text


def test_another_concern_in_between_is_a_concern_of_its_own(council: Council) -> None:
    council.say(DOREEN, "the bus hasn't turned up again")
    assert "bus" not in press(council, DOREEN, council.say(DOREEN, POTHOLE), "raise").text
    assert council.press(DOREEN, "open", "C-0001").written[0].body == POTHOLE


def test_after_half_an_hour_a_place_is_only_a_place(council: Council) -> None:
    council.say(DOREEN, "the bus hasn't turned up again")
    council.clock += minutes(31)
    assert "School coaches" not in council.say(DOREEN, "Pellingarth").text


def test_the_place_of_somebody_else_or_of_another_thread_is_not_taken(council: Council) -> None:
    council.say(DOREEN, "the bus hasn't turned up again", thread="T1")
    assert "School coaches" not in council.say(IMRAN, "Pellingarth", thread="T1").text
    assert "School coaches" not in council.say(DOREEN, "Pellingarth", thread="T2").text


# --- for a Member -------------------------------------------------------------------------------------------------


def test_an_officer_raises_for_a_member_who_is_told_and_has_it(both: Council) -> None:
    found = both.say(DANIEL, CARER)
    if found.outcome is not Outcome.CONTRACT:
        found = both.press(DANIEL, "new_concern", "", text=CARER, contract="", member=DOREEN, at_risk="no")
    asked = press(both, DANIEL, found, "raise")
    raised = asked if asked.concern else press(both, DANIEL, found, "raise", member=DOREEN)
    made = both.concern(raised.concern)
    assert (made.raised_by, made.entered_by, made.origin) == (DOREEN, DANIEL, {})
    both.post.deliver()
    assert [(one.kind, one.recipient) for one in both.post.sent] == [("raised", PRIYA), ("raised_for_you", DOREEN)]
    both.press(PRIYA, "acknowledge", raised.concern)
    both.post.deliver()
    assert sorted((one.kind, one.recipient) for one in both.post.sent[2:]) == [
        ("followed", DANIEL),
        ("news", DOREEN),
    ]


@pytest.mark.parametrize("member", ["", "nobody@example.org", PRIYA])
def test_an_officer_must_name_a_member(council: Council, member: str) -> None:
    reply = council.press(DANIEL, "new_concern", "", text=CARER, contract="", member=member, at_risk="no")
    assert reply.form
    assert list(reply.form.errors) == ["member"]


def test_danger_that_an_officer_writes_down_for_a_member_is_the_members_concern(council: Council) -> None:
    reply = council.press(DANIEL, "new_concern", "", text=CARER, contract=CARE, member=DOREEN, at_risk="yes")
    made = council.concern(reply.concern)
    assert (made.raised_by, made.entered_by, made.at_risk) == (DOREEN, DANIEL, True)
    council.post.deliver()
    assert ("raised_for_you", DOREEN) in [(one.kind, one.recipient) for one in council.post.sent]


def test_an_officer_can_raise_what_is_raised_already_or_have_the_member_follow_it(council: Council) -> None:
    first = council.raised(IMRAN)
    form = {"text": AGAIN, "contract": CARE, "member": DOREEN, "at_risk": "no"}
    offered = council.press(DANIEL, "new_concern", "", **form)
    assert [choice.label for choice in offered.choices] == [f"Follow {first}", "Raise it all the same"]
    again = press(council, DANIEL, offered, "raise_new")
    assert (again.concern, council.concern(again.concern).raised_by) == ("C-0002", DOREEN)
    offered = council.press(DANIEL, "new_concern", "", **form)
    told = press(council, DANIEL, offered, "follow")
    assert told.text.startswith("Cllr Doreen Haspell follows C-000")
    assert (told.written, told.table) == ((), None)


# --- raised already -----------------------------------------------------------------------------------------------


def test_the_same_trouble_is_offered_to_be_followed_and_nothing_of_it_is_shown(both: Council) -> None:
    first = both.raised(DOREEN)
    offered = press(both, IMRAN, both.say(IMRAN, AGAIN), "raise")
    said = offered.model_dump_json()
    assert offered.text == (
        f"{first} about home care on this contract is open already, and may be the same. Following it, you hear how it "
        "goes."
    )
    assert "Doreen" not in said
    assert "doreen" not in said
    assert "Gullhaven" not in said
    followed = press(both, IMRAN, offered, "follow")
    assert followed.text.startswith(f"You follow {first} now")
    assert (followed.written, followed.papers) == ((), ())
    assert count(both, draft) == 0
    again = both.press(IMRAN, "follow", button(offered, "follow").about)
    assert again.concern == first
    assert press(both, IMRAN, both.say(IMRAN, AGAIN), "raise").concern == ""


def test_one_may_raise_it_all_the_same(council: Council) -> None:
    council.raised(DOREEN)
    offered = press(council, IMRAN, council.say(IMRAN, AGAIN), "raise")
    assert press(council, IMRAN, offered, "raise_new").concern == "C-0002"


def test_what_is_answered_or_closed_is_not_offered(council: Council) -> None:
    first = council.raised(DOREEN)
    council.press(PRIYA, "reply", first, text="Mended.")
    assert press(council, IMRAN, council.say(IMRAN, AGAIN), "raise").concern == "C-0002"


def test_ones_own_concern_is_opened_and_not_followed(council: Council) -> None:
    first = council.raised(DOREEN)
    offered = press(council, DOREEN, council.say(DOREEN, AGAIN), "raise")
    assert [choice.label for choice in offered.choices] == [f"Open {first}", "Raise it all the same"]
    draft_id = button(offered, "raise_new").about.partition("|")[0]
    council.press(DOREEN, "follow", f"{first}|{draft_id}")
    council.press(PRIYA, "acknowledge", first)
    council.post.deliver()
    assert [one.kind for one in council.post.to(DOREEN)] == ["news"]


def test_only_what_was_offered_can_be_followed(both: Council) -> None:
    other = both.raised(DOREEN, ROADS, POTHOLE)
    mine = both.say(IMRAN, AGAIN)
    draft_id = button(mine, "raise").about.partition("|")[0]
    for about in (f"{other}|{draft_id}", other, f"{other}|", "C-0999|x"):
        reply = both.press(IMRAN, "follow", about)
        assert reply.outcome is Outcome.REFUSED
    assert both.press(IMRAN, "open", other).outcome is Outcome.REFUSED


# --- taking back --------------------------------------------------------------------------------------------------


def test_taken_back_before_it_left_nobody_hears_of_it(council: Council) -> None:
    council.clock = at("2026-11-22", "12:00")
    reference = council.raised()
    council.clock += minutes(9)
    reply = council.press(DOREEN, "take_back", reference)
    assert reply.text.startswith(f"{reference} is taken back.")
    council.until(at("2027-02-01"))
    assert council.post.sent == []
    assert {state for *_, state in council.owed()} == {"stopped"}


def test_taken_back_after_it_left_whoever_was_told_is_told(both: Council) -> None:
    reference = both.raised(at_risk="yes")
    both.post.deliver()
    both.press(DOREEN, "take_back", reference)
    both.until(at("2027-02-01"))
    told = sorted((one.kind, one.recipient) for one in both.post.sent[2:])
    assert told == [("taken_back", COLIN), ("taken_back", PRIYA)]


def test_taken_back_while_half_of_it_had_left_only_those_who_were_told_are_told(council: Council) -> None:
    council.clock = at("2026-11-22", "12:00")
    reference = council.raised()
    council.press(DOREEN, "at_risk", reference)
    council.post.deliver()
    assert {one.kind for one in council.post.sent} == {"at_risk"}
    council.press(DOREEN, "take_back", reference)
    council.until(at("2027-02-01"))
    assert "raised" not in {one.kind for one in council.post.sent}
    assert {one.recipient for one in council.post.sent if one.kind == "taken_back"} == {COLIN, PRIYA}


def test_what_a_worker_has_in_hand_counts_as_told(both: Council) -> None:
    reference = both.raised()
    with both.store.writing() as connection:
        lease = {"lease_until": both.clock + minutes(1), "worker": "w1", "attempts": 1}
        connection.execute(sa.update(notification).values(**lease))
    both.press(DOREEN, "take_back", reference)
    assert both.owed("waiting") == [("raised", PRIYA, "waiting"), ("taken_back", PRIYA, "waiting")]


def test_a_member_for_whom_it_was_raised_hears_that_it_was_taken_back_only_if_they_heard_of_it(
    council: Council,
) -> None:
    form = {"text": CARER, "contract": CARE, "member": DOREEN, "at_risk": "no"}
    first = council.press(DANIEL, "new_concern", "", **form).concern
    council.press(DANIEL, "take_back", first)
    council.post.deliver()
    assert council.post.to(DOREEN) == []
    second = council.press(DANIEL, "new_concern", "", **form).concern
    council.post.deliver()
    council.press(DANIEL, "take_back", second)
    council.post.deliver()
    assert [one.kind for one in council.post.to(DOREEN)] == ["raised_for_you", "news"]


def test_withdrawn_before_the_office_opened_nobody_hears_of_it(council: Council) -> None:
    council.clock = at("2026-11-21", "12:00")
    reference = council.raised()
    council.clock = at("2026-11-22", "12:00")
    council.press(DOREEN, "withdraw", reference)
    council.until(at("2026-12-01"))
    assert council.post.sent == []


# --- not this contract --------------------------------------------------------------------------------------------


def test_not_this_contract_gives_it_to_whoever_has_the_other(both: Council) -> None:
    reference = both.raised()
    assert both.press(DOREEN, "wrong_contract", reference).form
    reply = both.press(DOREEN, "wrong_contract", reference, contract=ROADS.lower())
    assert reply.text == f"{reference} is with Tom Arkell (tom.arkell@example.org) now."
    made = both.concern(reference)
    assert (made.state, made.contract, made.holder) == (State.TRANSFERRED, ROADS.casefold(), TOM)
    both.post.deliver()
    assert [(one.kind, one.recipient) for one in both.post.sent] == [("raised", TOM)], "Priya's was moot"


def test_not_this_contract_and_no_other_gives_it_to_triage(council: Council) -> None:
    reference = council.raised()
    council.press(DOREEN, "wrong_contract", reference, contract="")
    made = council.concern(reference)
    assert (made.contract, made.holder, made.holder_role) == ("", WENDY, "triage contact")


@pytest.mark.parametrize(
    ("contract", "says"), [("ZZZ", "The register has no contract ZZZ."), (CARE, "It is with this contract already.")]
)
def test_a_contract_it_cannot_go_to_is_said_in_the_form(council: Council, contract: str, says: str) -> None:
    reference = council.raised()
    for who, action in ((DOREEN, "wrong_contract"), (PRIYA, "pass_on")):
        reply = council.press(who, action, reference, contract=contract)
        assert reply.form
        assert reply.form.errors == {"contract": says}
    assert council.moves(reference) == ["raise"]


def test_it_is_passed_on_to_nobody_who_is_away_has_it_or_is_not_listed(council: Council) -> None:
    reference = council.raised()
    council.list(tom_arkell={"away_from": "2026-11-01", "away_to": "2026-12-01"})
    for to in (TOM, PRIYA, "nobody@example.org", DOREEN):
        reply = council.press(PRIYA, "pass_on", reference, to=to)
        assert reply.form
        assert list(reply.form.errors) == ["to"]
    assert council.moves(reference) == ["raise"]


# --- somebody at risk ---------------------------------------------------------------------------------------------


def signposted(council: Council, reply: Reply) -> None:
    """The reply begins with the signpost, and safeguarding is told at once whatever the hour."""
    assert reply.outcome is Outcome.SAFEGUARDING
    assert reply.text.startswith("If anyone is in danger, call 999 now. Out of hours: 01632 960 999.")
    assert "Colin Amadi (safeguarding) is being told at once" in reply.text
    council.post.deliver()
    urgent = [one for one in council.post.sent if one.urgent and one.recipient == COLIN]
    assert len(urgent) == 1
    assert council.concern(reply.concern).at_risk
    assert council.errors == []


def test_danger_told_of_in_a_message_is_raised_at_once(council: Council) -> None:
    council.clock = at("2026-11-22", "03:00")
    signposted(council, council.say(DOREEN, HIT))


def test_the_button_beside_a_draft_raises_it_as_danger(council: Council) -> None:
    council.clock = at("2026-11-22", "03:00")
    signposted(council, press(council, DOREEN, council.say(DOREEN, CARER), "at_risk"))


def test_the_button_beside_a_draft_that_was_raised_meanwhile_marks_the_concern(council: Council) -> None:
    council.clock = at("2026-11-22", "03:00")
    found = council.say(DOREEN, CARER)
    press(council, DOREEN, found, "raise")
    signposted(council, press(council, DOREEN, found, "at_risk"))
    assert council.moves("C-0001") == ["raise", "at_risk"]


def test_the_button_after_raising_tells_safeguarding_and_whoever_has_it(council: Council) -> None:
    council.clock = at("2026-11-22", "03:00")
    reference = council.raised()
    signposted(council, council.press(DOREEN, "at_risk", reference))
    assert sorted(one.recipient for one in council.post.sent if one.urgent) == [COLIN, PRIYA]
    assert council.concern(reference).acknowledge_by == at("2026-11-22", "04:00")


@pytest.mark.parametrize("ended", ["reply", "close"])
def test_danger_told_of_what_had_ended_opens_it_again(both: Council, ended: str) -> None:
    reference = both.raised()
    both.press(PRIYA, ended, reference, text="Mended.", outcome="put_right")
    both.clock = at("2026-11-28", "03:00")
    signposted(both, both.press(DOREEN, "at_risk", reference))
    assert both.concern(reference).state is State.REOPENED
    both.until(at("2026-11-28", "04:00"))
    assert ("escalated", SUNITA) in [(one.kind, one.recipient) for one in both.post.sent]


def test_danger_in_the_form_counts_whatever_was_chosen(council: Council) -> None:
    fields = {"text": HIT, "contract": CARE, "at_risk": "no"}
    signposted(council, council.press(DOREEN, "new_concern", "", **fields))


@pytest.mark.parametrize("action", ["tell_more", "not_fixed"])
def test_danger_told_later_counts_as_danger(council: Council, action: str) -> None:
    reference = council.raised()
    if action == "not_fixed":
        council.press(PRIYA, "reply", reference, text="Mended.")
    signposted(council, council.press(DOREEN, action, reference, text=HIT))


def test_danger_named_beside_a_reference_is_danger(council: Council) -> None:
    council.raised()
    reply = council.say(DOREEN, "C-0001 her daughter is hitting her right now, screams")
    assert reply.outcome is Outcome.SAFEGUARDING
    assert council.concern(reply.concern).at_risk


def test_with_the_safeguarding_contact_away_their_deputy_is_told_too(council: Council) -> None:
    council.list(colin_amadi={"away_from": "2026-11-01"})
    council.say(DOREEN, HIT)
    council.post.deliver()
    assert sorted(one.recipient for one in council.post.sent if one.urgent) == [COLIN, HELEN]


def test_with_nobody_there_for_safeguarding_triage_is_told_and_may_open_it(council: Council) -> None:
    council.list(colin_amadi={"away_from": "2026-11-01", "deputy": ""})
    reply = council.say(DOREEN, HIT)
    council.post.deliver()
    assert sorted(one.recipient for one in council.post.sent if one.urgent) == [COLIN, WENDY]
    assert council.press(WENDY, "open", reply.concern).written
    council.list(colin_amadi=None)
    reply = council.say(IMRAN, HIT)
    assert "Nobody for safeguarding is on the council's list: ring yourself." in reply.text


def test_in_the_open_only_the_signpost_is_given(council: Council) -> None:
    reply = council.say(DOREEN, HIT, public=True)
    assert "999" in reply.text
    assert reply.choices == ()
    assert council.owed() == []


# --- typed words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("C-0012", "show"),
        ("where is c-12", "show"),
        ("is C-0012 fixed?", "show"),
        ("has C-0012 been fixed yet", "show"),
        ("when will C-0012 be put right", "show"),
        ("I hope C-0012 gets fixed soon", "show"),
        ("C-0012 should be fixed by Friday", "show"),
        ("can I withdraw C-0012?", "show"),
        ("do not withdraw C-0012", "show"),
        ("they cancelled the visits again C-0012", "show"),
        ("the firm acknowledged that C-0012 was late", "show"),
        ("C-0012 fixed", "put_right"),
        ("C-0012 is fixed now, thank you", "put_right"),
        ("C-0012 has been put right", "put_right"),
        ("C-0012 isn't fixed", "not_fixed"),
        ("C-0012 hasn’t been fixed", "not_fixed"),
        ("C-0012 was never put right", "not_fixed"),
        ("C-0012 is still not fixed", "not_fixed"),
        ("C-0012 still broken", "not_fixed"),
        ("C-0012 was fixed but is broken again", "not_fixed"),
        ("reopen C-0012", "not_fixed"),
        ("take back C-0012", "take_back"),
        ("please take C-0012 back", "take_back"),
        ("withdraw C-0012", "withdraw"),
        ("I'd like to withdraw C-0012 please", "withdraw"),
        ("cancel C-0012", "withdraw"),
        ("acknowledge C-0012", "acknowledge"),
        ("C-0012 wrong contract", "wrong_contract"),
        ("concerns", "mine"),
        ("show me my open concerns", "mine"),
        ("raise a concern", "new"),
        ("what does principle 6 say about a concern", None),
        ("MCC-0002", None),
    ],
)
def test_only_a_plain_order_moves_a_concern(text: str, wanted: str | None) -> None:
    assert words.wanted(text) == wanted


def test_a_question_about_a_concern_moves_nothing(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "reply", reference, text="Mended.")
    assert council.say(DOREEN, f"is {reference} fixed?").concern == reference
    assert council.concern(reference).state is State.ANSWERED
    assert council.say(DOREEN, f"{reference} isn't fixed").concern == reference
    assert council.concern(reference).state is State.REOPENED


def test_what_cannot_be_written_down_is_left_out_of_forms_too(both: Council) -> None:
    reference = both.raised(text="No carer came\0 to an old man in Gullhaven \ud800 again")
    both.press(PRIYA, "reply", reference, text="Men\0ded.")
    assert both.errors == []
    assert [one.body for one in both.press(DOREEN, "open", reference).written][1] == "Men ded."


@pytest.mark.parametrize("action", ["reply", "ask_member", "close", "ask_provider"])
def test_a_text_too_long_or_empty_is_said_in_the_form(council: Council, action: str) -> None:
    reference = council.raised()
    for text, says in (("x" * 4001, "the desk keeps up to 4,000"), ("  ", "Write something first.")):
        fields = {"text": text, "to": "a@firm.example.org", "outcome": "explained"}
        reply = council.press(PRIYA, action, reference, **fields)
        assert reply.form
        assert says in reply.form.errors["text"]
    assert council.moves(reference) == ["raise"]


# --- what leaves --------------------------------------------------------------------------------------------------

SECRET = {
    "concern": "Zebedee Quillfeather of 4 Larkmoor Terrace found no carer, three mornings running, in Gullhaven",
    "more": "Marmaduke says the lilac ambulance came",
    "question": "Which periwinkle bungalow was it",
    "reply": "The saffron rota was wrong",
    "request": "Was the crimson round missed",
    "answer": "Our vermilion van broke down",
}
TELLTALE = (
    "Zebedee",
    "Quillfeather",
    "Larkmoor",
    "Marmaduke",
    "lilac",
    "periwinkle",
    "saffron",
    "crimson",
    "vermilion",
)


def every_kind(council: Council) -> Iterator[str]:
    """Has every kind of notification owed. Gives the references."""
    provider = "help@firm.example.org"
    reference = council.raised(DANIEL, text=SECRET["concern"], member=DOREEN)
    found = council.press(IMRAN, "new_concern", "", text=SECRET["concern"], contract=CARE, at_risk="no")
    press(council, IMRAN, found, "follow")
    council.until(at("2026-11-27", "12:00"))  # reminded, escalated
    council.press(PRIYA, "ask_member", reference, text=SECRET["question"])
    council.until(at("2026-12-07", "12:00"))  # waited for
    council.press(DOREEN, "tell_more", reference, text=SECRET["more"])
    council.press(PRIYA, "ask_provider", reference, to=provider, text=SECRET["request"])
    council.until(at("2026-12-15", "12:00"))  # chased
    council.answer(1, SECRET["answer"], promised="2026-12-16")
    council.until(at("2026-12-18", "12:00"))  # the promise
    council.press(PRIYA, "ask_provider", reference, to="dead@firm.example.org", text=SECRET["request"])
    council.post.dead["", "dead@firm.example.org"] = "bounced"
    council.post.deliver()
    council.press(PRIYA, "reply", reference, text=SECRET["reply"])
    council.until(at("2027-01-20", "12:00"))  # was it fixed
    council.press(DOREEN, "not_fixed", reference, text=SECRET["more"])
    council.press(DOREEN, "at_risk", reference)
    council.post.deliver()
    council.press(PRIYA, "close", reference, outcome="explained", text=SECRET["reply"])
    council.press(DOREEN, "put_right", reference)
    council.post.deliver()
    yield reference
    second = council.raised(DOREEN, CARERS, SECRET["concern"])
    council.post.deliver()
    council.press(DOREEN, "take_back", second)
    council.post.deliver()
    yield second


def test_no_notification_of_any_kind_holds_a_word_of_what_was_written(both: Council) -> None:
    list(every_kind(both))
    assert both.errors == []
    assert {one.kind for one in both.post.sent} >= set(_MAKERS) - {"undelivered"}
    leaks = [f"{word} in {one}" for one in both.post.sent for word in TELLTALE if word in one.everything]
    assert leaks == []


def test_a_notification_composed_again_later_holds_no_word_either(council: Council) -> None:
    list(every_kind(council))
    with council.store.reading() as connection:
        owed = owed_of(connection, connection.execute(sa.select(notification)).all())
    letters = [letter for one in owed if (letter := compose(one, council.desk))]
    assert len(letters) > 10
    assert not [word for letter in letters for word in TELLTALE if word in letter.model_dump_json()]


def test_events_hold_no_text(council: Council) -> None:
    for reference in every_kind(council):
        about = " ".join(str(event.about) for event in council.events(reference))
        assert not [word for word in TELLTALE if word in about]


def in_slack(council: Council, **changes: object) -> None:
    """Slack is switched on, and the council allows the text of potholes there."""
    allowed = Level("potholes", Span(1), Span(5), text_in_slack=True, groups=frozenset({"Highways"}))
    levels = council.desk.levels
    council.with_desk(
        channels=frozenset({"slack", "email"}), levels=replace(levels, all=(allowed, *levels.all)), **changes
    )


def written_to(council: Council, kind: str) -> list[str]:
    """What was written in letters of a kind."""
    return [part.body for one in council.post.sent if one.kind == kind for part in one.letter.reply.written]


def test_the_text_is_shown_in_slack_where_the_council_allows_it_for_the_service(council: Council) -> None:
    in_slack(council)
    council.raised(DOREEN, ROADS, POTHOLE)
    council.raised(DOREEN, CARE, CARER)
    council.post.deliver()
    assert written_to(council, "raised") == [POTHOLE]


def test_the_text_is_not_shown_in_an_email(council: Council) -> None:
    in_slack(council)
    council.raised(DOREEN, ROADS, POTHOLE)
    council.post.dead["slack", TOM] = "no such user"
    council.post.deliver()
    assert [(one.channel, one.recipient) for one in council.post.sent] == [("email", TOM)]
    assert written_to(council, "raised") == []


def test_the_text_of_danger_is_not_shown_in_slack(council: Council) -> None:
    in_slack(council)
    council.raised(DOREEN, ROADS, POTHOLE, at_risk="yes")
    council.post.deliver()
    assert written_to(council, "raised") == written_to(council, "at_risk") == []


@pytest.mark.parametrize(
    "personal",
    [
        "Mrs Edna Thistlewood of 14 Quay Street, Winnersea fell into the pothole outside her house",
        "A pothole in Winnersea; ring her on 01632 960 123 or 07700 900 456",
        "Pothole in Winnersea. She has dementia and her NHS number is 943 476 5919, born 3 May 1941",
    ],
)
def test_a_text_that_looks_personal_is_not_shown_in_slack_even_there(council: Council, personal: str) -> None:
    in_slack(council)
    council.raised(DOREEN, ROADS, personal)
    council.post.deliver()
    assert written_to(council, "raised") == []


def test_a_cleared_draft_leaves_no_text_behind(both: Council) -> None:
    both.say(DOREEN, CARER)
    both.clock += timedelta(days=1, seconds=1)
    run_due(both.desk)
    assert (count(both, draft), count(both, personal_text)) == (0, 0)


def test_an_administrator_reads_of_a_bounce_without_the_contract(council: Council) -> None:
    council.list(wendy_larkspur={"deputy": ""})
    council.post.dead["", WENDY] = "bounced"
    council.post.dead["", PRIYA] = "bounced"
    council.raised()
    council.post.deliver()
    told = [one for one in council.post.sent if one.recipient in (FARAH, RUTH)]
    assert {one.kind for one in told} == {"undelivered"}
    assert "Home care" not in " ".join(one.everything for one in told)
    assert Move.UNDELIVERED.value in council.moves("C-0001")
