"""When what is due: deadlines, reminders, the ladder, the standing clock; each once, and nobody woken without need."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from council import DOREEN, HELEN, MONDAY, PRIYA, SUNITA, WENDY, Council, at, minutes

from handlers.ticking import tick
from handlers.timed import run_due
from knowledge.concerns import record
from knowledge.concerns.nouns import State
from knowledge.service_levels import Level
from knowledge.tables import concern as concern_table
from knowledge.workdays import LONDON, Calendar, Hours, Span

PROVIDER = "help@firm.example.org"


def dated(council: Council, reference: str) -> tuple[str, str]:
    """By when it must be acknowledged and answered."""
    found = council.concern(reference)
    return f"{found.acknowledge_by.astimezone(LONDON):%d %b %H:%M}", f"{found.answer_by.astimezone(LONDON):%d %b}"


def woken(council: Council) -> list[str]:
    """What was sent when nobody works, and was not urgent."""
    office, calendar = Hours(), Calendar()
    return [
        str(one)
        for one in council.post.sent
        if not one.urgent
        and not (
            calendar.is_working(one.at.astimezone(LONDON).date())
            and office.opens <= one.at.astimezone(LONDON).time() < office.closes
        )
    ]


# --- deadlines ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raised", "acknowledge_by", "answer_by"),
    [
        (at("2026-11-23", "10:00"), "24 Nov 17:00", "07 Dec"),
        (at("2026-11-23", "23:59"), "24 Nov 17:00", "07 Dec"),
        (at("2026-11-20", "16:59"), "23 Nov 17:00", "04 Dec"),
        (at("2026-11-21", "12:00"), "23 Nov 17:00", "04 Dec"),
        (at("2026-12-22", "16:30"), "23 Dec 17:00", "08 Jan"),  # 25 and 28 December and 1 January are holidays
        (at("2026-12-24", "16:30"), "29 Dec 17:00", "12 Jan"),
        (at("2027-03-25", "10:00"), "30 Mar 17:00", "12 Apr"),  # Good Friday the 26th, Easter Monday the 29th
        (at("2027-03-27", "01:30"), "30 Mar 17:00", "12 Apr"),
        (at("2026-10-24", "12:00"), "26 Oct 17:00", "06 Nov"),  # the clocks go back in the night
    ],
)
def test_acknowledged_by_the_end_of_the_next_working_day_and_answered_in_ten(
    sqlite_council: Council, raised: datetime, acknowledge_by: str, answer_by: str
) -> None:
    sqlite_council.clock = raised
    assert dated(sqlite_council, sqlite_council.raised()) == (acknowledge_by, answer_by)


def test_closure_days_of_the_council_do_not_count(sqlite_council: Council) -> None:
    closed = frozenset(date(2026, 12, day) for day in (24, 29, 30, 31))
    sqlite_council.with_desk(calendar=Calendar(closed))
    sqlite_council.clock = at("2026-12-23", "10:00")
    assert dated(sqlite_council, sqlite_council.raised()) == ("04 Jan 17:00", "15 Jan")


def test_children_have_three_working_days(sqlite_council: Council) -> None:
    reference = sqlite_council.raised(contract="MCC-0024", text="The school bus left my pupil behind in Pellingarth.")
    assert sqlite_council.concern(reference).level == "children"
    assert dated(sqlite_council, reference) == ("24 Nov 17:00", "26 Nov")


def test_a_concern_keeps_its_clock_when_its_service_level_has_gone_from_the_file(sqlite_council: Council) -> None:
    reference = sqlite_council.raised(contract="MCC-0024", text="The school bus left my pupil behind in Pellingarth.")
    levels = sqlite_council.desk.levels
    sqlite_council.with_desk(levels=replace(levels, all=tuple(one for one in levels.all if one.name != "children")))
    sqlite_council.until(at("2026-12-01"))
    assert sqlite_council.errors == []
    assert sqlite_council.moves(reference).count("escalate") == 4


# --- reminders and the ladder -------------------------------------------------------------------------------------

LADDER = [
    "Mon 23 Nov 10:00 priya raised: C-0001: Home care",
    "Tue 24 Nov 09:30 priya reminded: C-0001: reminder",
    "Tue 24 Nov 14:00 priya reminded: C-0001: reminder",
    "Wed 25 Nov 09:00 sunita escalated: C-0001 is late",
    "Thu 26 Nov 09:00 helen escalated: C-0001 is late",
    "Fri 27 Nov 09:00 wendy escalated: C-0001 is late",
    "Mon 30 Nov 13:30 priya reminded: C-0001: reminder",
    "Thu 3 Dec 15:36 priya reminded: C-0001: reminder",
    "Tue 8 Dec 09:00 helen escalated: C-0001 is late",
]


def test_nobody_acknowledges_and_the_ladder_is_climbed_once(council: Council) -> None:
    council.raised()
    council.until(at("2027-02-01"))
    assert council.post.lines() == LADDER
    assert woken(council) == []


def test_acknowledging_ends_the_ladder_and_not_the_reminders_of_the_answer(council: Council) -> None:
    reference = council.raised()
    council.until(at("2026-11-25", "10:00"))
    council.press(SUNITA, "acknowledge", reference)
    council.until(at("2027-01-15"))
    assert [line for line in council.post.lines() if "news" not in line] == [
        *LADDER[:4],
        "Mon 30 Nov 13:30 sunita reminded: C-0001: reminder",
        "Thu 3 Dec 15:36 sunita reminded: C-0001: reminder",
        "Tue 8 Dec 09:00 helen escalated: C-0001 is late",
    ]


def test_a_reminder_that_was_overtaken_by_the_acknowledgement_is_not_sent(council: Council) -> None:
    reference = council.raised()
    council.until(at("2026-11-24", "09:29"))
    council.clock = at("2026-11-24", "09:30")
    tick(council.desk)
    council.press(PRIYA, "acknowledge", reference)
    council.post.deliver()
    assert "reminded" not in [one.kind for one in council.post.sent]
    assert [one.kind for one in council.post.moot] == ["reminded"]


def test_answering_in_time_ends_every_reminder(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "reply", reference, text="The rota was wrong; it is mended.")
    sqlite_council.until(at("2026-12-20"))
    assert [one.kind for one in sqlite_council.post.sent] == ["news"]


def test_whoever_it_is_passed_on_to_has_a_ladder_of_their_own_and_the_old_day_of_the_answer(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.until(at("2026-12-01", "10:00"))
    council.press(PRIYA, "pass_on", reference, to="tom.arkell@example.org")
    assert dated(council, reference) == ("02 Dec 17:00", "07 Dec")
    council.until(at("2026-12-04", "12:00"))
    told = [
        (one.kind, one.recipient.partition(".")[0]) for one in council.post.sent if one.at > at("2026-12-01", "10:01")
    ]
    assert told == [
        ("reminded", "tom"), ("reminded", "tom"), ("escalated", "priya"), ("reminded", "tom"), ("escalated", "sunita"),
    ]  # fmt: skip


def test_a_reminder_goes_to_whoever_acts_for_somebody_who_went_away_meanwhile(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.list(priya_venn={"away_from": "2026-11-25", "away_to": "2026-12-04"})
    council.until(at("2026-11-30", "17:00"))
    assert [one.recipient for one in council.post.sent if one.kind == "reminded"] == [SUNITA]
    assert council.press(SUNITA, "reply", reference, text="Mended.").concern == reference


def test_a_concern_raised_on_a_friday_night_goes_to_whoever_is_there_on_monday(council: Council) -> None:
    council.list(priya_venn={"away_from": "2026-11-23", "away_to": "2026-11-27"})
    council.clock = at("2026-11-20", "19:00")
    reference = council.raised()
    assert (council.concern(reference).holder, council.concern(reference).holder_role) == (SUNITA, "deputy")
    council.until(at("2026-11-23", "09:00"))
    assert council.post.lines() == ["Mon 23 Nov 09:00 sunita raised: C-0001: Home care"]


def test_at_night_at_weekends_and_on_holidays_only_what_somebody_has_just_done_arrives(
    council: Council,
) -> None:
    council.clock = at("2026-12-24", "22:00")
    reference = council.raised()
    council.until(at("2026-12-28", "12:00"))
    assert council.post.sent == []
    council.press(PRIYA, "acknowledge", reference)
    council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="What happened?")
    council.answer(1)
    council.press(PRIYA, "reply", reference, text="Sorted.")
    at_once = [(one.recipient, one.kind) for one in council.post.deliver()]
    assert at_once == [(DOREEN, "news")] * 4, "the Member has waited for it; the manager's letter keeps to her hours"
    council.until(at("2026-12-29", "08:59"))
    assert len(council.post.sent) == 4
    council.until(at("2026-12-29", "09:00"))
    assert {one.recipient for one in council.post.sent[4:]} == {PRIYA}


def test_somebody_at_risk_is_told_of_at_any_hour_and_climbs_the_ladder_by_the_hour(council: Council) -> None:
    council.clock = at("2026-12-25", "02:00")
    reference = council.raised(at_risk="yes")
    council.until(at("2026-12-25", "09:00"))
    assert council.post.lines() == [
        "Fri 25 Dec 02:00 colin at_risk: URGENT C-0001: somebody may be at risk",
        "Fri 25 Dec 02:00 priya raised: C-0001: Home care",
        "Fri 25 Dec 02:30 priya reminded: C-0001: reminder",
        "Fri 25 Dec 02:48 priya reminded: C-0001: reminder",
        "Fri 25 Dec 03:00 sunita escalated: C-0001 is late",
        "Fri 25 Dec 04:00 helen escalated: C-0001 is late",
        "Fri 25 Dec 05:00 wendy escalated: C-0001 is late",
    ]
    assert [one.kind for one in council.post.sent if one.urgent] == ["at_risk"]
    assert dated(council, reference) == ("25 Dec 03:00", "27 Dec")


def test_a_level_of_other_hours_is_kept(sqlite_council: Council) -> None:
    hours = Hours(time(6), time(0), every_day=True)
    early = Level("early", Span(hours=2), Span(3), hours, services=frozenset({"home-care"}))
    levels = sqlite_council.desk.levels
    sqlite_council.with_desk(levels=replace(levels, all=(early, *levels.all)))
    sqlite_council.clock = at("2026-11-22", "05:00")  # a Sunday
    sqlite_council.raised()
    sqlite_council.until(at("2026-11-22", "12:00"))
    assert sqlite_council.post.lines()[:4] == [
        "Sun 22 Nov 06:00 priya raised: C-0001: Home care",
        "Sun 22 Nov 07:00 priya reminded: C-0001: reminder",
        "Sun 22 Nov 07:36 priya reminded: C-0001: reminder",
        "Sun 22 Nov 08:00 sunita escalated: C-0001 is late",
    ]


def test_a_level_that_is_safeguardings_first_gives_it_to_them_in_its_hours(sqlite_council: Council) -> None:
    theirs = Level("theirs", Span(1), Span(5), first="safeguarding", services=frozenset({"home-care"}))
    sqlite_council.with_desk(levels=replace(sqlite_council.desk.levels, all=(theirs, *sqlite_council.desk.levels.all)))
    sqlite_council.clock = at("2026-11-21", "12:00")
    reference = sqlite_council.raised()
    found = sqlite_council.concern(reference)
    assert (found.holder, found.holder_role) == ("colin.amadi@example.org", "safeguarding contact")
    sqlite_council.until(at("2026-11-23", "09:00"))
    assert sqlite_council.post.lines() == ["Mon 23 Nov 09:00 colin raised: C-0001: Home care"]
    assert sqlite_council.press("colin.amadi@example.org", "acknowledge", reference).concern == reference


@pytest.mark.parametrize(
    ("raised", "half"),
    [
        (at("2026-10-24", "12:00"), "Mon 26 Oct 13:00"),  # the hour that the clocks go back is a Sunday's
        (at("2027-03-27", "12:00"), "Tue 30 Mar 13:00"),
        (at("2026-10-23", "16:00"), "Mon 26 Oct 12:30"),
    ],
)
def test_half_the_time_is_half_the_working_time_though_the_clocks_change(
    sqlite_council: Council, raised: datetime, half: str
) -> None:
    sqlite_council.clock = raised
    sqlite_council.raised()
    sqlite_council.until(raised + timedelta(days=5))
    reminded = [line for line in sqlite_council.post.lines() if "reminded" in line]
    assert reminded[0].startswith(half)


@pytest.mark.parametrize(("night", "hours"), [("2026-10-24", 25), ("2027-03-27", 23)])
def test_a_day_at_any_hour_is_as_long_as_it_is(sqlite_council: Council, night: str, hours: int) -> None:
    sqlite_council.clock = at(night, "23:30")
    reference = sqlite_council.raised(at_risk="yes")
    found = sqlite_council.concern(reference)
    assert found.acknowledge_by - found.raised_at == timedelta(hours=1)
    assert found.answer_by - at(night, "23:30") == timedelta(hours=hours, minutes=30)


# --- the clock stands ---------------------------------------------------------------------------------------------


def test_the_clock_stands_while_the_member_is_waited_for(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.until(at("2026-11-26", "12:00"))
    council.press(PRIYA, "ask_member", reference, text="Which street?")
    council.until(at("2026-12-11", "12:00"))
    told = [line for line in council.post.lines() if "news" not in line]
    assert told[1:] == ["Fri 4 Dec 09:00 doreen waited_for: C-0001 waits for you"]
    council.press(DOREEN, "tell_more", reference, text="Quay Street.")
    assert (
        dated(council, reference)[1] == "22 Dec"
    )  # eleven working days later: 26 November, noon, to 11 December, noon
    assert council.moves(reference) == ["raise", "acknowledge", "ask_member", "remind", "tell_more"]
    council.until(at("2026-12-31"))
    later = [str(one) for one in council.post.sent if one.kind in ("reminded", "escalated")]
    assert later == [
        "Tue 15 Dec 13:30 priya reminded: C-0001: reminder",  # half, and four fifths, of the time that it ran
        "Fri 18 Dec 15:36 priya reminded: C-0001: reminder",
        "Wed 23 Dec 09:00 helen escalated: C-0001 is late",
    ]


def test_the_member_is_reminded_once_that_the_desk_waits(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "ask_member", reference, text="Which street?")
    sqlite_council.until(at("2027-02-01"))
    kinds = Counter(one.kind for one in sqlite_council.post.sent)
    assert kinds == {"raised": 1, "news": 1, "waited_for": 1}
    assert woken(sqlite_council) == []


def test_a_second_question_gives_the_member_as_long_as_the_first(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "ask_member", reference, text="Which street?")
    sqlite_council.until(at("2026-11-27", "10:00"))
    sqlite_council.press(PRIYA, "ask_member", reference, text="And which house?")
    sqlite_council.until(at("2026-12-04", "16:59"))
    assert "waited_for" not in [one.kind for one in sqlite_council.post.sent]
    sqlite_council.until(at("2026-12-07", "09:00"))
    assert [one.kind for one in sqlite_council.post.sent].count("waited_for") == 1


def test_waiting_over_a_weekend_moves_the_day_by_working_time_only(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "acknowledge", reference)
    sqlite_council.clock = at("2026-11-27", "17:00")
    sqlite_council.press(PRIYA, "ask_member", reference, text="Which street?")
    sqlite_council.clock = at("2026-11-30", "09:00")
    sqlite_council.press(DOREEN, "tell_more", reference, text="Quay Street.")
    assert dated(sqlite_council, reference)[1] == "07 Dec"


def test_more_told_unasked_moves_no_date(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.clock += timedelta(days=2)
    sqlite_council.press(DOREEN, "tell_more", reference, text="It happened again.")
    assert dated(sqlite_council, reference)[1] == "07 Dec"


# --- the provider -------------------------------------------------------------------------------------------------


def test_a_late_provider_is_chased_three_times_and_counted(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="What happened?")
    council.until(at("2027-01-15"))
    lines = [line for line in council.post.lines() if " provider_" in line]
    assert lines == [
        "Mon 23 Nov 10:00 help provider_asked: C-0001: please answer",
        "Tue 1 Dec 09:00 help provider_chased: C-0001: an answer is overdue",
        "Tue 1 Dec 09:00 priya provider_late: C-0001: the provider is late",
        "Thu 3 Dec 09:00 help provider_chased: C-0001: an answer is overdue",
        "Mon 7 Dec 09:00 help provider_chased: C-0001: an answer is overdue",
        "Mon 7 Dec 09:00 priya provider_late: C-0001: the provider is late",
    ]
    assert council.requests(reference)[0].chased == 3
    assert "for the last time" in [one.text for one in council.post.to(PRIYA) if one.kind == "provider_late"][-1]


def test_an_answer_ends_the_chase(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="What happened?")
    sqlite_council.until(at("2026-12-01", "12:00"))
    sqlite_council.answer(1)
    sqlite_council.until(at("2027-01-15"))
    assert [one.kind for one in sqlite_council.post.to(PROVIDER)] == ["provider_asked", "provider_chased"]


def test_two_providers_asked_are_chased_each(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="What happened?")
    council.clock += minutes(60)
    council.press(PRIYA, "ask_provider", reference, to="other@firm.example.org", text="And you?")
    council.until(at("2026-12-01", "09:00"))
    late = [one.recipient for one in council.post.sent if one.kind == "provider_chased"]
    assert sorted(late) == [PROVIDER, "other@firm.example.org"]
    council.answer(1)
    assert council.concern(reference).state is State.WITH_PROVIDER, "the other is waited for"
    council.answer(2)
    assert council.concern(reference).state is State.ACKNOWLEDGED


def test_two_providers_whose_time_ran_out_while_the_desk_was_away_are_chased_each(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="What happened?")
    council.clock += timedelta(days=1)
    council.press(PRIYA, "ask_provider", reference, to="other@firm.example.org", text="And you?")
    council.sleep_until(at("2026-12-02", "09:30"))
    late = [one.recipient for one in council.post.sent if one.kind == "provider_chased"]
    assert sorted(late) == [PROVIDER, "other@firm.example.org"]
    assert [one.chased for one in council.requests(reference)] == [1, 1]


def test_a_promise_is_brought_back_the_morning_after_its_day(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="What happened?")
    sqlite_council.answer(1, promised="2026-11-27")
    sqlite_council.until(at("2026-12-02"))
    told = [line for line in sqlite_council.post.lines() if "priya reminded" in line]
    assert told[0] == "Mon 30 Nov 09:00 priya reminded: C-0001: reminder"


def test_a_promise_is_held_though_the_member_was_answered(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="What happened?")
    council.answer(1, promised="2026-12-10")
    council.press(PRIYA, "reply", reference, text="They mend it by 10 December.")
    council.until(at("2026-12-12"))
    last = council.post.to(PRIYA)[-1]
    assert str(last) == "Fri 11 Dec 09:00 priya reminded: C-0001: reminder"
    assert "The day has passed" in last.text


def test_a_promise_of_a_concern_that_is_closed_troubles_nobody(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="What happened?")
    sqlite_council.answer(1, promised="2026-12-10")
    sqlite_council.press(PRIYA, "close", reference, outcome="put_right", text="Mended.")
    sqlite_council.until(at("2026-12-14"))
    assert "reminded" not in [one.kind for one in sqlite_council.post.sent]


@pytest.mark.parametrize("promised", ["2026-11-22", "2028-01-01", "9999-12-31", "soon", "2026-13-01"])
def test_a_promise_must_be_a_day_that_can_be_kept(sqlite_council: Council, promised: str) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="What happened?")
    reply = sqlite_council.answer(1, promised=promised)
    assert reply.form
    assert list(reply.form.errors) == ["promised"]
    assert sqlite_council.requests(reference)[0].open


# --- after the end ------------------------------------------------------------------------------------------------


def test_the_member_is_asked_once_after_four_weeks(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "reply", reference, text="Mended.")
    council.until(at("2027-04-01"))
    assert [line for line in council.post.lines() if "was_it_fixed" in line] == [
        "Mon 21 Dec 10:00 doreen was_it_fixed: C-0001: was it put right?"
    ]
    assert "Not fixed" in [choice.label for choice in council.post.sent[-1].letter.reply.choices]


def test_what_is_not_fixed_after_all_is_asked_about_again_once(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "reply", reference, text="Mended.")
    council.until(at("2026-12-22", "10:00"))
    assert council.press(DOREEN, "not_fixed", reference, text="").concern == reference
    council.press(PRIYA, "reply", reference, text="Mended again.")
    council.until(at("2027-06-01"))
    asked = [str(one)[:16] for one in council.post.sent if one.kind == "was_it_fixed"]
    assert asked == ["Mon 21 Dec 10:00", "Tue 19 Jan 10:00"]


@pytest.mark.parametrize("outcome", ["not_upheld", "not_ours"])
def test_the_member_is_not_asked_whether_it_was_put_right_where_nothing_was_to_be(
    sqlite_council: Council, outcome: str
) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "close", reference, outcome=outcome, text="Not so.")
    sqlite_council.until(at("2027-02-01"))
    assert [one.kind for one in sqlite_council.post.sent] == ["news"]


def test_the_member_who_said_that_it_was_put_right_is_not_asked(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "reply", reference, text="Mended.")
    sqlite_council.press(DOREEN, "put_right", reference)
    sqlite_council.until(at("2027-02-01"))
    assert "was_it_fixed" not in [one.kind for one in sqlite_council.post.sent]


def test_a_reopened_concern_has_all_its_times_anew(council: Council) -> None:
    reference = council.raised()
    council.until(at("2026-12-08", "12:00"))  # the whole ladder
    council.press(PRIYA, "reply", reference, text="Mended.")
    council.until(at("2026-12-14", "10:00"))
    before = len(council.post.sent)
    council.press(DOREEN, "not_fixed", reference, text="")
    assert dated(council, reference) == ("15 Dec 17:00", "30 Dec")
    council.until(at("2027-01-04", "12:00"))
    assert [line.split(" ", 4)[4] for line in council.post.lines(before)] == [line.split(" ", 4)[4] for line in LADDER]


def test_a_concern_given_to_another_contract_after_its_answer_has_its_times_anew(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "reply", reference, text="Not us.")
    sqlite_council.clock = at("2026-12-14", "10:00")
    sqlite_council.press(DOREEN, "wrong_contract", reference, contract="MCC-0032")
    assert dated(sqlite_council, reference) == ("15 Dec 17:00", "30 Dec")
    sqlite_council.until(at("2026-12-15", "17:00"))
    assert {one.recipient for one in sqlite_council.post.sent if one.at > at("2026-12-14", "10:01")} == {
        "tom.arkell@example.org"
    }


# --- away, twice, at once, and gone wrong -------------------------------------------------------------------------


def test_a_desk_that_was_away_for_a_week_sends_one_reminder_and_not_three(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.post.deliver()
    before = len(council.post.sent)
    council.sleep_until(at("2026-12-04", "20:00"))
    assert council.post.lines(before) == []
    council.until(at("2026-12-07", "09:00"))
    assert council.post.lines(before) == ["Mon 7 Dec 09:00 priya reminded: C-0001: reminder"]
    happened = [one.what for one in council.press(PRIYA, "open", reference).happened]
    assert happened.count("A reminder was sent") == 1


def test_a_desk_that_was_away_past_every_step_tells_each_of_the_ladder_once(council: Council) -> None:
    council.raised()
    council.post.deliver()
    council.sleep_until(at("2026-11-30", "08:00"))
    council.until(at("2026-11-30", "09:00"))
    told = [(one.kind, one.recipient) for one in council.post.sent[1:]]
    assert sorted(told) == [("escalated", HELEN), ("escalated", SUNITA), ("escalated", WENDY)]


def test_a_tick_run_again_does_nothing_twice(council: Council) -> None:
    reference = council.raised()
    council.clock = at("2026-11-25", "09:00")
    assert tick(council.desk) == 1
    before = (council.moves(reference), council.owed())
    assert tick(council.desk) == 0
    assert (council.moves(reference), council.owed()) == before


def test_eight_ticks_at_once_do_each_thing_once(council: Council) -> None:
    references = [council.raised(text=f"No carer came for the {number}th time.", contract=f"MCC-000{number}")
                  for number in range(1, 6)]  # fmt: skip
    council.clock = at("2026-11-30", "14:00")
    failed: list[BaseException] = []

    def run() -> None:
        try:
            tick(council.desk)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert council.errors == []
    for reference in references:
        steps = Counter(event.about["step"] for event in council.events(reference)[1:])
        assert set(steps.values()) == {1}
        assert len(steps) == 6


def test_a_concern_that_goes_wrong_holds_up_no_other(council: Council) -> None:
    broken, sound = council.raised(), council.raised(contract="MCC-0032", text="A pothole as big as a bath.")
    with council.store.writing() as connection:
        values = {"next_check_at": council.clock - timedelta(days=1), "service": "home-care"}
        record.change(connection, 1, values)
        event = sa.text(
            "INSERT INTO concern_event (concern, at, move, state, about) VALUES (1, :at, 'raise', 'raised', '1')"
        )
        connection.execute(event, {"at": council.clock})
    council.clock = at("2026-11-24", "09:30")
    tick(council.desk)
    assert council.moves(sound) == ["raise", "remind"]
    assert len(council.errors) == 1
    with council.store.reading() as connection:
        query = sa.select(concern_table.c.next_check_at).where(concern_table.c.id == 1)
        put_off = connection.execute(query).scalar_one()
    assert (put_off if put_off.tzinfo else put_off.replace(tzinfo=UTC)) == council.clock + minutes(5)
    assert broken


def test_old_concerns_are_not_raised_from_the_dead(council: Council) -> None:
    ended = [council.raised(contract=f"MCC-000{number}") for number in range(1, 4)]
    council.press(DOREEN, "withdraw", ended[0])
    council.press(PRIYA, "close", ended[1], outcome="not_ours", text="The district's.")
    council.press(PRIYA, "reply", ended[2], text="Mended.")
    council.press(DOREEN, "put_right", ended[2])
    council.post.deliver()
    before = len(council.post.sent)
    council.sleep_until(at("2028-06-01", "10:00"))
    assert council.post.lines(before) == []
    assert all(not council.concern(one).open for one in ended)
    with council.store.reading() as connection:
        assert record.to_check(connection, council.clock) is None


def test_a_draft_is_cleared_after_a_day(sqlite_council: Council) -> None:
    reply = sqlite_council.say(DOREEN, "the carer hasn't come to an old chap in Gullhaven three mornings running")
    sqlite_council.clock = MONDAY + timedelta(days=1)
    sqlite_council.tick()
    assert "raised" in sqlite_council.press(DOREEN, "raise", reply.choices[0].about).text
    reply = sqlite_council.say(DOREEN, "the carer shouted at an old lady in Marlchester and left early")
    sqlite_council.clock += timedelta(days=1, minutes=1)
    run_due(sqlite_council.desk)
    assert "no longer here" in sqlite_council.press(DOREEN, "raise", reply.choices[0].about).text
    with sqlite_council.store.reading() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM personal_text WHERE kind = 'draft'")).scalar() == 0
