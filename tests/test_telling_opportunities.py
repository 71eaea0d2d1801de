"""What people are told of coming work: the same words for all, below them why it came to the reader."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from council import at
from subscribing import CHARITY, FIRM, HOME_CARE, subscribe
from telling import HOME, Telling, as_mail

from bot.blocks import blocks_of
from handlers.letters import Letter
from handlers.telling import compose
from knowledge.outbox.owed import owed_of
from knowledge.store import Store
from knowledge.subscriptions import confirming, record
from knowledge.subscriptions.confirming import Wanted
from knowledge.subscriptions.nouns import Area, Criteria, Offer
from knowledge.tables import notification
from knowledge.timeline.nouns import Route, Stage, State

CARE: dict[str, Any] = {
    "title": "Home care: six district contracts", "description": "Personal care visits. Six lots, one a district.",
    "stage": Stage.PLAN, "route": Route.LIGHT_TOUCH, "low": 300_000, "high": 480_000, "tender": "January 2027",
    "start": "2027-10-01", "area": ("Gullhaven",), "contact_email": "care@example.org",
}  # fmt: skip
BEFORE, MONDAY, TUESDAY = at("2026-11-13"), at("2026-11-16"), at("2026-11-17")
WANTED = Criteria(services=("home-care",), areas=(Area(name="Gullhaven"),), high=500_000)
WHY = "Providers asked for more time to form partnerships."


@pytest.fixture
def desk(sqlite_store: Store) -> Telling:
    return Telling(sqlite_store, MONDAY)


def told(desk: Telling, criteria: Criteria = WANTED, **before: Any) -> Letter:
    """The charity's letter about home care."""
    subscribe(desk.store, criteria, at=BEFORE)
    desk.says(**{**CARE, **before})
    return desk.one()


def changed(desk: Telling, reason: str = WHY, **said: Any) -> Letter:
    """Its letter about a change."""
    told(desk)
    desk.says(reason=reason, at=TUESDAY, **{**CARE, **said})
    return desk.one()


def test_a_new_intention_says_what_it_is_its_value_its_area_and_when(desk: Telling) -> None:
    letter = told(desk)
    assert letter.subject == "New: Home care: six district contracts"
    text = as_mail(letter)[0]
    for line in ("Value: £300,000 to £480,000", "Area: Gullhaven", "Tender: January 2027", "Start: 1 October 2027"):
        assert line in text
    assert "Personal care visits." in text
    assert "Contact: care@example.org" in text
    assert f"{HOME}/open_intention/ASC-01" in text


def test_a_change_says_what_was_what_is_and_why(desk: Telling) -> None:
    letter = changed(desk, tender="March 2027")
    assert letter.subject == "Changed: Home care: six district contracts – the tender moves to March 2027"
    text = as_mail(letter)[0]
    assert "Tender\n  was: January 2027\n  is now: March 2027" in text
    assert f"The reason given: “{WHY}”" in text


@pytest.mark.parametrize(
    ("said", "headline"),
    [
        ({"high": 900_000}, "the value is now £300,000 to £900,000"),
        ({"low": None, "high": None}, "the value is no longer said"),
        ({"tender": None}, "no date is given any more for the tender"),
        ({"closes": "2027-02-12"}, "bids now close on 12 February 2027"),
        ({"engagement": "2026-12-03"}, "market engagement is planned for 3 December 2026"),
        ({"route": Route.GRANT}, "the route is now grant"),
        ({"stage": Stage.DO}, "it is now at the stage do"),
        ({"tender": "May 2027", "high": 900_000, "start": "2028"}, "the tender moves to May 2027, and 2 more changes"),
        ({"title": "Care at home in six districts"}, "it has a new name"),
        ({"description": "Other words."}, "description changed"),
    ],
)  # fmt: skip
def test_the_subject_line_names_the_change_that_matters_most(
    desk: Telling, said: dict[str, Any], headline: str
) -> None:
    assert changed(desk, **said).subject.partition(" – ")[2] == headline


def test_a_change_without_a_reason_says_that_none_is_given(desk: Telling) -> None:
    assert "No reason is given." in changed(desk, "", description="Other words.").reply.text


def test_withdrawn_awarded_and_taken_up_again_are_told_for_what_they_are(desk: Telling) -> None:
    told(desk)
    steps = (
        ({"state": State.WITHDRAWN}, "No money.", "Withdrawn: ", "It will not go ahead as planned."),
        ({"state": State.PLANNED}, "There is money.", "Taken up again: ", "taken up again what it had withdrawn"),
        ({"state": State.CLOSED}, "", "Closed: ", "what came in is being looked at"),
        ({"state": State.AWARDED, "awarded_to": ("Kind Hours Ltd",)}, "", "Awarded: ", "awarded to Kind Hours Ltd."),
    )  # fmt: skip
    for number, (said, reason, begins, words) in enumerate(steps):
        desk.says(reason=reason, at=TUESDAY + timedelta(hours=number), **{**CARE, **said})
        letter = desk.one()
        assert letter.subject == f"{begins}{CARE['title']}"
        assert words in letter.reply.text
        assert ("The reason given" in letter.reply.text) is bool(reason)


def test_whoever_hears_of_a_tender_reads_until_when_it_is_open(desk: Telling) -> None:
    told(desk)
    desk.says(at=TUESDAY, notices=("040112-2026",), **{**CARE, "state": State.OPEN, "closes": "2027-01-15"})
    letter = desk.one()
    assert letter.subject == "Open now: Home care: six district contracts, until 15 January 2027"
    assert "open for bids until 15 January 2027" in letter.reply.text
    assert "No reason is given" not in letter.reply.text


def test_what_a_provider_posted_is_not_said_to_be_the_councils(desk: Telling) -> None:
    posted = {"title": "Home care nights for a partner", "posted_by": "Larkfield Care Ltd", "subcontract": True,
              "closes": "2027-06-01"}  # fmt: skip
    subscribe(desk.store, Criteria(), at=BEFORE)
    for said, begins in (
        ({}, "Posted by Larkfield Care Ltd, not by the council: Home care nights for a partner (ASC-01)."),
        ({"closes": "2027-07-01"}, "Larkfield Care Ltd has changed what it posted: "),
        ({"closes": "2027-07-01", "state": State.WITHDRAWN}, "Larkfield Care Ltd has taken back what it posted: "),
    ):
        desk.says(reason=begins, **{**posted, **said})
        letter = desk.one()
        assert letter.reply.text.startswith(begins)
        assert "Changed" not in letter.subject or letter.subject.endswith("answers are now wanted by 1 July 2027")


def test_entering_analysis_says_that_options_are_not_fixed_and_whom_to_tell(desk: Telling) -> None:
    letter = changed(desk, stage=Stage.ANALYSE)
    assert letter.subject == "Enters analysis: Home care: six district contracts"
    assert "The options are not fixed yet" in letter.reply.text
    assert "Tell care@example.org." in letter.reply.text


def test_what_is_new_in_analysis_says_so_and_a_contact_only_where_the_timeline_has_one(desk: Telling) -> None:
    letter = told(desk, stage=Stage.ANALYSE, contact_email="", directorate="Adults")
    assert letter.subject.startswith("New, options still open: ")
    assert "Tell Adults at the council." in letter.reply.text
    assert "@" not in as_mail(letter)[0].replace(HOME, "")


def test_everybody_reads_the_same_words_however_late(desk: Telling) -> None:
    subscribe(desk.store, WANTED, at=BEFORE)
    subscribe(desk.store, HOME_CARE, FIRM, at=BEFORE)
    desk.says(**CARE)
    with desk.store.reading() as connection:
        late = owed_of(connection, connection.execute(sa.select(notification)).all())
    first = desk.sent()
    desk.says(reason=WHY, at=at("2027-06-01"), **{**CARE, "tender": "June 2027", "title": "Another name"})
    later = [letter for one in late if (letter := compose(one, desk.desk))]
    assert len(first) == len(later) == 2
    assert len({(one.subject, one.reply.text, one.reply.table, one.words) for one in later}) == 1
    assert later[0].reply.text == first[0].letter.reply.text
    assert later[0].words == first[0].letter.words
    assert len({one.letter.reply.notes for one in first}) == 2


def test_another_version_has_other_words(desk: Telling) -> None:
    assert changed(desk, tender="March 2027").words != desk.post.sent[0].letter.words


def test_below_it_stands_which_alert_brought_it_and_what_matched(desk: Telling) -> None:
    note = told(desk).reply.notes[0]
    assert note == (
        "You hear of this because of your alert S-1: home care, in Gullhaven, up to £500,000. "
        "What fits: Home care; Gullhaven; £300,000 to £480,000."
    )


def test_what_fits_is_said_in_everyday_words(desk: Telling) -> None:
    notes = told(desk, Criteria(kinds=(Offer.INTENTION, Offer.TENDER))).reply.notes
    assert notes[0].endswith("your alert S-1: planned work or tenders. What fits: planned work or tenders.")


def test_of_what_is_followed_nothing_more_is_said_than_that(desk: Telling) -> None:
    notes = told(desk, Criteria(follows=("ASC-01",))).reply.notes
    assert notes == ("You hear of this because of your alert S-1: changes of ASC-01.",)


def test_whoever_was_told_before_hears_that_it_no_longer_fits(desk: Telling) -> None:
    letter = changed(desk, high=2_000_000, low=1_000_000)
    assert letter.reply.notes == (
        "You were told of this before, because of your alert S-1: home care, in Gullhaven, up to £500,000. "
        "It no longer fits that (value: £1,000,000 to £2,000,000).",
    )


def test_a_value_that_is_not_said_is_no_match_but_no_miss_either(desk: Telling) -> None:
    assert "no value is said, so it may fit" in told(desk, low=None, high=None).reply.notes[0]


def test_several_alerts_of_one_person_bring_one_letter_that_names_them_all(desk: Telling) -> None:
    subscribe(desk.store, Criteria(areas=(Area(name="Gullhaven"),)), at=BEFORE)
    letter = told(desk)
    assert [note.partition(":")[0][-3:] for note in letter.reply.notes] == ["S-1", "S-2"]
    assert letter.unsubscribe == "1,2"
    assert [one.label for one in letter.reply.choices] == [
        "Open it on the timeline", "My alerts", "Stop these alerts",
    ]  # fmt: skip


@pytest.mark.parametrize("stop", ["pause", "end"])
def test_an_alert_that_has_ended_or_paused_meanwhile_tells_nothing(desk: Telling, stop: str) -> None:
    id = subscribe(desk.store, WANTED, at=BEFORE)
    desk.says(**CARE)
    with desk.store.writing() as connection:
        if stop == "pause":
            assert record.pause(connection, id, MONDAY)
        else:
            assert record.end(connection, id, "unsubscribed", MONDAY)
    assert desk.sent() == []
    assert desk.states() == [("intention", "moot")]


def test_of_two_alerts_the_one_that_is_left_is_named(desk: Telling) -> None:
    first = subscribe(desk.store, WANTED, at=BEFORE)
    subscribe(desk.store, HOME_CARE, at=BEFORE)
    desk.says(**CARE)
    with desk.store.writing() as connection:
        record.end(connection, first, "deleted", MONDAY)
    assert desk.one().unsubscribe == "2"


def test_what_waited_for_its_notice_is_told_with_all_its_reasons_once(desk: Telling) -> None:
    told(desk)
    big = {**CARE, "high": 9_000_000, "low": 8_000_000}
    desk.says(reason="More districts join.", at=TUESDAY, **{**big, "state": State.OPEN, "closes": "2027-02-01"})
    assert desk.sent() == []
    out = {**big, "state": State.OPEN, "closes": "2027-02-08"}
    desk.says(reason="A week more.", at=at("2026-11-18"), notices=("040112-2026",), **out)
    letter = desk.one()
    text = as_mail(letter)[0]
    assert "£300,000 to £480,000" in text
    assert "“More districts join.”; “A week more.”" in text
    assert letter.subject.endswith("until 8 February 2027")


def test_what_is_taken_back_before_it_leaves_is_not_told(desk: Telling) -> None:
    subscribe(desk.store, WANTED, at=BEFORE)
    desk.says(**CARE)
    with desk.store.writing() as connection:
        connection.execute(sa.text("UPDATE intention_version SET released_at = NULL"))
    assert desk.sent() == []


def test_an_event_for_a_webhook_is_thin(desk: Telling) -> None:
    letter = changed(desk, description="word " * 9_000, tender="March 2027", title="Home care " + "x" * 5_000)
    event, data = letter.event, letter.event["data"]
    assert event["type"] == "commissioning_intention.changed"
    assert (data["reference"], data["version"], data["subscriptions"]) == ("ASC-01", 2, ["S-1"])
    assert data["url"] == f"{HOME}/timeline/ASC-01"
    assert data["reason"] == WHY
    before = {one["field"]: one["before"]["said"] for one in data["changes"] if one["field"] == "tender"}
    assert before == {"tender": "January 2027"}
    assert len(json.dumps(event)) < 20_000


def test_an_event_stays_thin_whatever_changes(desk: Telling) -> None:
    long = {"area": ("Ä" * 900,) * 9, "lots": tuple({"title": "Ö" * 400} for _ in range(30)), "duration": "Ü" * 900}
    event = changed(desk, "W" * 9_000, description="Ä" * 9_000, title="Home care " + "Ö" * 900, **long).event
    assert len(json.dumps(event)) < 20_000
    assert {one["field"] for one in event["data"]["changes"]} >= {"area", "lots", "duration", "description", "title"}


def test_in_slack_the_buttons_act_there_and_what_changed_stands_side_by_side(desk: Telling) -> None:
    subscribe(desk.store, WANTED, "U0PRUE", channel="slack", at=BEFORE)
    desk.says(**CARE)
    desk.sent()
    desk.says(reason="<@U1> & co", at=TUESDAY, **{**CARE, "tender": "March 2027"})
    letter = desk.one()
    text, blocks = blocks_of(letter.reply, HOME)
    said = json.dumps(blocks, ensure_ascii=False)
    assert "*Tender*\\nwas: January 2027\\nis now: March 2027" in said
    assert "<@U1>" not in said + text
    assert f"<{HOME}/timeline/ASC-01|see it on the timeline>" in said
    actions = [one["action_id"] for block in blocks for one in block.get("elements", ()) if "action_id" in one]
    assert actions == ["form:open_intention:0", "do:manage_alerts:1", "do:stop_alert:2"]
    assert (letter.slack_id, letter.email) == ("U0PRUE", "")


def test_a_confirmation_says_what_was_asked_and_is_moot_once_it_is_agreed_to(desk: Telling) -> None:
    with desk.store.writing() as connection:
        assert confirming.ask_for(connection, Wanted(CHARITY, "home care", WANTED, "weekly"), MONDAY)
        owed = owed_of(connection, connection.execute(sa.select(notification)).all())
    letter = compose(owed[0], desk.desk)
    assert letter is not None
    assert "Home care, in Gullhaven, up to £500,000." in letter.reply.text
    assert "every Monday morning" in letter.reply.text
    assert [(one.action, one.about) for one in letter.reply.choices] == [("confirm_alert", owed[0].about["link"])]
    assert letter.unsubscribe == ""
    assert "unsubscribe" not in as_mail(letter)[0]
    with desk.store.writing() as connection:
        assert confirming.use(connection, owed[0].about["link"], MONDAY)
    assert compose(owed[0], desk.desk) is None
