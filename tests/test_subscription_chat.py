"""Alerts in chat: a charity says what it wants to hear of, starts it, changes it, pauses it, and ends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import cast
import coming_work
import pytest
import sqlalchemy as sa
from cast import Clock, Visitor, seen
from council import Council

from bot.filling import fill
from bot.wiring import Wiring
from handlers.desk import Desk
from handlers.dispatch import handle
from handlers.messages import Choice, Entry, Form, Message, Outcome, Reply
from handlers.subscriptions.overview import alerts
from handlers.subscriptions.proposing import MOST
from knowledge.models import Role
from knowledge.store import Store
from knowledge.subscriptions import confirming, record
from knowledge.subscriptions.lately import brought_since
from knowledge.subscriptions.nouns import Area, Criteria, State, Subscription
from knowledge.tables import subscription_match
from knowledge.timeline.selecting import shown_of
from webhooks import create_app

CHARITY, FIRM = "U0CHARITY", "U0FIRM"
"""Providers in Slack: the council's people list has neither."""
OLIVE, FARAH, DOREEN = "olive@example.org", "farah.lindqvist@example.org", "doreen.haspell@example.org"
RUTH = "ruth.calloway@example.org"
HOME_CARE = "tell me about home care work in Brenmouth under £500k"
MEALS = "let me know of any meals at home tenders every monday and thursday"


@dataclass
class Talk:
    """People who talk with a desk whose clock stands where a test puts it."""

    desk: Desk
    clock: Clock
    errors: list[Exception] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def says(self, who: str, text: str, **more: object) -> Reply:
        return self._send(who, text=text, **more)

    def presses(self, who: str, reply: Reply, label: str, **more: object) -> Reply:
        return self._send(who, **_pressed(button(reply, label)), **more)

    def acts(self, who: str, action: str, about: str = "", /, **fields: str) -> Reply:
        return self._send(who, action=action, about=about, fields=fields)

    def held(self, *, ended: bool = True) -> list[Subscription]:
        with self.desk.store.reading() as connection:
            return record.every_subscription(connection, ended=ended)

    def _send(self, who: str, **given: object) -> Reply:
        here = {"addresses": (who,)} if "@" in who else {"proved": who, "surface": "slack"} if who else {}
        values = {"text": "", "id": f"m{next(self._numbers)}", "thread": f"dm-{who}", **here, **given}
        reply = handle(Message.model_validate(values), self.desk)
        assert self.errors == []
        return reply


def _pressed(choice: Choice) -> dict[str, str]:
    return {"action": choice.action, "about": choice.about}


def button(reply: Reply, label: str) -> Choice:
    found = [one for one in reply.choices if one.label == label]
    assert found, f"no button {label}: {labels(reply)}"
    return found[0]


def labels(reply: Reply) -> list[str]:
    return [one.label for one in reply.choices]


def talk_at(desk: Desk, store: Store, *channels: str) -> Talk:
    clock, errors, on = Clock(coming_work.TODAY), list[Exception](), frozenset(channels or ("slack",))
    told = {"now": clock, "channels": on, "on_error": lambda _, error: errors.append(error)}
    return Talk(replace(desk, store=store, **told), clock, errors)


@pytest.fixture(scope="module")
def home_with_timeline(county_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample council's desk with its coming work. Made once: copy it."""
    home = cast.copy_home(county_home, tmp_path_factory.mktemp("alerts") / "desk")
    wiring = Wiring(cast.settings(home))
    coming_work.hold(wiring.store)
    wiring.store.close()
    return home


@pytest.fixture
def talk(home_with_timeline: Path, tmp_path: Path) -> Iterator[Talk]:
    wiring = Wiring(cast.settings(cast.copy_home(home_with_timeline, tmp_path / "desk")))
    yield talk_at(wiring.desk, wiring.store)
    wiring.store.close()


def changed(talk: Talk, reference: str, **said: object) -> None:
    """The council changes an intention now."""
    [row] = [one for one in coming_work.rows() if one.reference == reference]
    terms = row.terms.model_validate({**dict(row.terms), **said})
    says = frozenset(row.says | said.keys())
    given = row.model_copy(update={"terms": terms, "says": says, "reason": "More is needed."})
    coming_work.take(talk.desk.store, [given], talk.clock.now)


def started(talk: Talk, who: str = CHARITY, text: str = HOME_CARE, label: str = "Start: at once") -> Subscription:
    talk.presses(who, talk.says(who, text), label)
    return talk.held()[-1]


# --- from a sentence to an alert ----------------------------------------------------------------------------------


def test_what_cannot_be_left_out_is_said_once(council: Council) -> None:
    coming_work.hold(council.store)
    offer = talk_at(council.desk, council.store).says(CHARITY, "let me know about meals work not in Brenmouth")
    assert sum("in Brenmouth" in note for note in offer.notes) == 1


def test_a_charity_subscribes_in_chat_changes_pauses_resumes_and_deletes(council: Council) -> None:
    coming_work.hold(council.store)
    talk = talk_at(council.desk, council.store)
    offer = talk.says(CHARITY, "tell me about befriending grants in High Marl")
    assert offer.outcome is Outcome.SUBSCRIPTION
    assert "Area: High Marl" in offer.text
    assert "In the past year 1 intention would have fitted; it is still to come." in offer.text
    assert offer.table
    assert [row[1] for row in offer.table.rows] == ["INT-09"]
    assert labels(offer) == ["Start: at once", "Daily round-up", "Weekly round-up", "Change", "No"]
    [waits] = talk.held()
    assert (waits.state, waits.recipient, waits.owner, waits.channel) == (State.UNCONFIRMED, CHARITY, CHARITY, "slack")

    on = talk.presses(CHARITY, offer, "Weekly round-up")
    assert "S-1 is on: you hear every Monday morning, in your direct messages" in on.text
    form = talk.presses(CHARITY, on, "Change").form
    assert form
    given = {entry.name: entry.value for entry in form.entries}
    assert (given["area"], given["kinds"], given["every"]) == ("High Marl", "grant", "weekly")
    now = talk.acts(CHARITY, "change_alert", form.about, **{**given, "area": "", "every": "days", "days": "mon,thu"})
    assert "S-1 is changed." in now.text
    assert "How often: every Monday and Thursday." in now.text

    assert "paused" in talk.says(CHARITY, "pause my alerts").text
    talk.clock.now += timedelta(days=3)
    changed(talk, "INT-09", high=Decimal(200_000))
    again = talk.says(CHARITY, "resume my alerts")
    assert "One intention that fits was published or changed while it was paused" in again.text
    assert again.table
    assert again.table.rows[0][1] == "INT-09"
    gone = talk.says(CHARITY, "stop my alerts")
    assert gone.text == "S-1 is deleted. Nothing more is sent of it."
    [ended] = talk.held()
    assert (ended.state, ended.ended_why, ended.every) == (State.ENDED, "deleted", "mon,thu")
    assert talk.says(CHARITY, "my alerts").text.startswith("You have no alerts.")


def test_the_same_press_twice_starts_one_alert(talk: Talk) -> None:
    offer = talk.says(CHARITY, HOME_CARE)
    assert "S-1 is on:" in talk.presses(CHARITY, offer, "Start: at once").text
    began = talk.held()[0].since
    talk.clock.now += timedelta(hours=1)
    assert "S-1 is already on:" in talk.presses(CHARITY, offer, "Start: at once").text
    assert [(one.state, one.since) for one in talk.held()] == [(State.ACTIVE, began)]


def test_another_of_the_buttons_changes_how_often(talk: Talk) -> None:
    offer = talk.says(CHARITY, HOME_CARE)
    talk.presses(CHARITY, offer, "Start: at once")
    assert "S-1 is on: you hear every morning" in talk.presses(CHARITY, offer, "Daily round-up").text
    assert [(one.state, one.every) for one in talk.held()] == [(State.ACTIVE, "daily")]


def test_no_leaves_nothing_behind(talk: Talk) -> None:
    offer = talk.says(CHARITY, HOME_CARE)
    assert talk.presses(CHARITY, offer, "No").text == "Nothing is set up, and nothing will be sent."
    assert talk.held(ended=False) == []
    late = talk.presses(CHARITY, offer, "Start: at once")
    assert "S-1 has ended" in late.text, "a button of what was turned down starts nothing"


def test_days_that_are_asked_for_are_the_first_button(talk: Talk) -> None:
    offer = talk.says(CHARITY, MEALS)
    assert labels(offer)[0] == "Start: every Monday and Thursday"
    talk.presses(CHARITY, offer, labels(offer)[0])
    assert talk.held()[0].every == "mon,thu"


def test_the_same_asked_for_again_is_the_alert_one_has(talk: Talk) -> None:
    started(talk)
    again = talk.says(CHARITY, HOME_CARE)
    assert again.text.startswith("You have an alert of that already: S-1, Home care, in Brenmouth, up to £500,000")
    assert labels(again) == ["Pause", "Change", "Delete"]
    assert len(talk.held()) == 1


def test_nobody_has_more_alerts_than_can_be_kept(talk: Talk) -> None:
    with talk.desk.store.writing() as connection:
        for number in range(MOST):
            id = record.propose(
                connection, talk.clock.now, recipient=CHARITY, owner=CHARITY, channel="slack", sentence="",
                criteria=Criteria(words=(f"word{number}",)), every="daily",
            )  # fmt: skip
            record.agree(connection, id, talk.clock.now)
    assert talk.says(CHARITY, HOME_CARE).outcome is Outcome.REFUSED
    assert talk.acts(CHARITY, "new_alert", what="home care", every="daily").outcome is Outcome.REFUSED
    assert talk.acts(CHARITY, "follow_intention", "INT-05").outcome is Outcome.REFUSED
    assert len(talk.held()) == MOST


def test_a_sentence_that_says_nothing_gets_the_form(talk: Talk) -> None:
    asked = talk.says(CHARITY, "set up an alert")
    assert asked.form
    assert asked.form.title == "New alert"
    assert talk.held() == []


@pytest.mark.parametrize("text", ["any grants for charities", "what is coming up in adult social care"])
def test_a_question_is_answered_and_alerts_are_offered_beside(talk: Talk, text: str) -> None:
    told = talk.says(CHARITY, text)
    assert told.outcome is Outcome.TIMELINE
    assert talk.held() == []
    offer = talk.presses(CHARITY, told, "Tell me of such work")
    assert offer.outcome is Outcome.SUBSCRIPTION
    assert len(talk.held()) == 1
    assert labels(talk.says("", text)) == [], "a stranger cannot be told"


@pytest.mark.parametrize(
    "text",
    [
        "pls tell me abt clening contracts in marlchester",
        "can you drop me an email whenever theres school transport work going",
        "solicitors here. tell us of legal services panels",
        "home care excluding Dravenport - please alert me",
        "Any print and mailing work? Sign me up",
        "notify me re health visiting + school nursing",
    ],
)
def test_who_asks_to_be_told_in_other_words_is_not_sent_away(talk: Talk, text: str) -> None:
    """Where the register, the timeline, the papers and concerns have no answer, and a kind of work is named."""
    offer = talk.says(CHARITY, text)
    assert offer.outcome is Outcome.SUBSCRIPTION
    assert "No" in labels(offer), "nothing is sent before a button is pressed"


def test_a_question_without_an_answer_stays_one(talk: Talk) -> None:
    text = "tell me about the risks in the highways report"
    assert talk.says(CHARITY, text).outcome is Outcome.NOT_IN_DOCUMENTS
    assert talk.held() == []


def test_a_company_that_has_no_contract_is_asked_of_the_register_and_gets_no_alert(talk: Talk) -> None:
    reply = talk.says(CHARITY, "tell me of Thornfield Limited")
    assert (reply.outcome, talk.held()) == (Outcome.REGISTER, [])
    assert reply.text == "There is no contract with Thornfield Limited in the register."


def test_where_nothing_is_planned_yet_alerts_are_offered(talk: Talk) -> None:
    told = talk.says(CHARITY, "any tenders coming up for extra care housing")
    assert told.text.startswith("Nothing on the timeline fits")
    assert talk.presses(CHARITY, told, "Tell me of such work").outcome is Outcome.SUBSCRIPTION


def test_somebody_at_risk_is_not_asked_what_they_want_to_hear_of(talk: Talk) -> None:
    text = "tell me about home care work: she has been hit by her carer and is bleeding now"
    desk = replace(talk.desk, at_risk=lambda text: "hurt")
    assert handle(Message(text=text, proved=CHARITY), desk).outcome is not Outcome.SUBSCRIPTION
    assert talk.held() == []


# --- whose it is --------------------------------------------------------------------------------------------------


def test_a_stranger_is_told_where_to_leave_an_address(talk: Talk) -> None:
    on_page = talk.says("", HOME_CARE, surface="web")
    assert "Home care" in on_page.text
    assert "Leave an e-mail address" in on_page.text
    assert [(one.label, one.action, one.about) for one in on_page.choices] == [
        ("Leave an e-mail address", "alerts_page", HOME_CARE)
    ]
    assert f'desk subscribe --email ADDRESS "{HOME_CARE}"' in talk.says("", HOME_CARE).text
    talk.desk = replace(talk.desk, address="https://desk.example.org")
    assert "https://desk.example.org/alerts" in talk.says("", HOME_CARE).text
    assert talk.held() == [], "nothing is kept of somebody who cannot be reached"


@pytest.mark.parametrize("action", ["start_alert", "change_alert", "pause_alert", "delete_alert", "again_alert",
                                    "unsubscribe", "stop_alert", "no_alert", "resume_alert"])  # fmt: skip
def test_nobody_else_may_touch_an_alert(talk: Talk, action: str) -> None:
    before = started(talk)
    about = f"{before.reference}|daily" if action == "start_alert" else before.reference
    for stranger in (FIRM, "", DOREEN):
        reply = talk.acts(stranger, action, about)
        assert before.sentence not in reply.text
        assert "Brenmouth" not in reply.model_dump_json()
    assert talk.held() == [before]


def test_what_there_is_not_and_what_is_not_ones_own_sound_alike(talk: Talk) -> None:
    started(talk)
    assert talk.acts(FIRM, "pause_alert", "S-1").text == talk.acts(FIRM, "pause_alert", "S-99").text
    for nonsense in ("", "S-", "x", "S-1'--", "9" * 40, "S-1|whenever"):
        assert talk.acts(FIRM, "delete_alert", nonsense).outcome is Outcome.REFUSED
        assert talk.acts(CHARITY, "start_alert", f"{nonsense}|whenever").outcome is Outcome.REFUSED


def test_an_administrator_may_end_anybodys_and_change_nobodys(talk: Talk) -> None:
    one = started(talk)
    assert talk.acts(FARAH, "pause_alert", one.reference).outcome is Outcome.REFUSED
    assert talk.acts(FARAH, "delete_alert", one.reference).text.startswith(f"S-1, of {CHARITY}, is deleted")
    assert talk.held(ended=False) == []


def test_whoever_is_told_may_stop_it_whoever_made_it(talk: Talk) -> None:
    with talk.desk.store.writing() as connection:
        id = record.propose(
            connection, talk.clock.now, recipient=CHARITY, owner=OLIVE, channel="slack", sentence="home care",
            criteria=Criteria(services=("home-care",)), every="daily",
        )  # fmt: skip
        record.agree(connection, id, talk.clock.now)
    assert talk.says(CHARITY, "my alerts").table
    assert "S-1 is stopped." in talk.acts(CHARITY, "unsubscribe", "1").text


def test_an_alert_that_has_ended_meanwhile_is_told_in_plain_words_and_can_be_started_again(talk: Talk) -> None:
    offer = talk.says(CHARITY, HOME_CARE)
    on = talk.presses(CHARITY, offer, "Start: at once")
    talk.presses(CHARITY, on, "Delete")
    for label in ("Pause", "Change", "Delete"):
        assert "S-1 has ended" in talk.presses(CHARITY, on, label).text
    again = talk.presses(CHARITY, talk.presses(CHARITY, on, "Pause"), "Start again")
    assert "Area: Brenmouth" in again.text
    talk.presses(CHARITY, again, "Start: at once")
    assert [one.state for one in talk.held()] == [State.ENDED, State.ACTIVE]


def test_a_member_subscribes_like_anyone_and_my_division_is_theirs(talk: Talk) -> None:
    offer = talk.says(
        DOREEN, "tell me about road repair work in my division", division="Brenmouth", roles=frozenset({Role.MEMBER})
    )
    assert offer.outcome is Outcome.SUBSCRIPTION
    assert [area.name for area in talk.held()[0].criteria.areas] == ["Brenmouth"]
    talk.presses(DOREEN, offer, "Start: at once")
    assert labels(talk.says(DOREEN, "tell me about road repair work in Brenmouth")) == ["Pause", "Change", "Delete"]
    assert len(talk.held()) == 1, "a Member who asks again has it already"
    assert (talk.held()[0].recipient, talk.held()[0].channel) == (DOREEN, "slack")


def test_on_a_desk_that_sends_mail_who_signed_in_hears_by_mail(talk: Talk) -> None:
    talk.desk = replace(talk.desk, channels=frozenset({"slack", "email"}))
    talk.says(OLIVE, HOME_CARE, surface="web")
    talk.says(CHARITY, HOME_CARE)
    talk.desk = replace(talk.desk, channels=frozenset({"screen"}))
    talk.says(OLIVE, MEALS)
    assert [(one.recipient, one.channel) for one in talk.held()] == [
        (OLIVE, "email"), (CHARITY, "slack"), (OLIVE, "screen"),
    ]  # fmt: skip


# --- those one has ------------------------------------------------------------------------------------------------


def test_my_alerts_says_how_each_stands_and_what_came(talk: Talk) -> None:
    started(talk)
    started(talk, text=MEALS, label="Start: every Monday and Thursday")
    talk.acts(CHARITY, "pause_alert", "S-2")
    mine = talk.says(CHARITY, "my alerts")
    assert mine.table
    assert [row[:4] for row in mine.table.rows] == [
        ("Home care, in Brenmouth, up to £500,000", "S-1", "On", "at once, in your direct messages"),
        ("Meals in the community", "S-2", "Paused since 21 November 2026",
         "every Monday and Thursday, in your direct messages"),
    ]  # fmt: skip
    assert labels(mine) == [
        "Pause S-1", "Change S-1", "Delete S-1", "Resume S-2", "Change S-2", "Delete S-2", "New alert",
    ]  # fmt: skip
    assert mine.table.rows[0][5] == "nothing in 30 days"


def test_my_alerts_names_what_came_in_the_last_month_and_no_more(talk: Talk) -> None:
    one = started(talk)
    with talk.desk.store.writing() as connection:
        ids = [found.id for found in shown_of(connection, ["INT-05", "INT-07", "INT-09", "INT-12"])]
        days = (1, 3, 10, 31)
        rows = [
            {"intention": id, "version": version, "subscription": one.id, "kind": "new", "why": [],
             "at": talk.clock.now - timedelta(days=day)}
            for id, day in zip(ids, days, strict=True) for version in (1, 2)
        ]  # fmt: skip
        connection.execute(sa.insert(subscription_match), rows)
        last = brought_since(connection, [one.id], talk.clock.now - timedelta(days=30))[one.id][0]
    assert last.at == talk.clock.now - timedelta(days=1)
    mine = talk.says(CHARITY, "my alerts")
    assert mine.table
    assert mine.table.rows[0][5] == (
        "3 in 30 days: Independent advocacy (INT-05), Meals at home (INT-07) and 1 more"
    )  # fmt: skip


def test_a_press_in_the_list_leaves_the_buttons_of_the_others(talk: Talk) -> None:
    started(talk)
    started(talk, text=MEALS, label="Daily round-up")
    mine = talk.says(CHARITY, "my alerts")
    paused = talk.presses(CHARITY, mine, "Pause S-1")
    assert labels(paused) == ["Resume S-1", "Change S-1", "Delete S-1", "Pause S-2", "Change S-2", "Delete S-2"]
    gone = talk.presses(CHARITY, paused, "Delete S-2")
    assert "Start S-2 again" in labels(gone)
    assert "Resume" in labels(gone)


def test_of_several_it_is_asked_which_is_to_be_stopped(talk: Talk) -> None:
    started(talk)
    started(talk, text=MEALS, label="Daily round-up")
    assert talk.says(CHARITY, "unsubscribe").text.startswith("Which of them?")
    assert talk.says(CHARITY, "pause S-2").text.startswith("S-2 is paused")
    assert "S-1 is paused" in talk.says(CHARITY, "pause my alerts").text, "one of them is still on"
    both = talk.says(CHARITY, "stop S-1 and S-2")
    assert "S-1 is stopped. S-2 is stopped." in both.text
    assert talk.held(ended=False) == []


def test_resuming_sends_nothing_of_what_passed_by(talk: Talk) -> None:
    one = started(talk, text="let me know of any independent advocacy contracts")
    assert "Nothing that fits" not in talk.acts(CHARITY, "resume_alert", one.reference).text, "it was not paused"
    talk.acts(CHARITY, "pause_alert", one.reference)
    talk.clock.now += timedelta(days=1)
    changed(talk, "INT-05", high=Decimal(1_500_000))
    changed(talk, "INT-07", high=Decimal(2_000_000))
    again = talk.acts(CHARITY, "resume_alert", one.reference)
    assert "One intention that fits was published or changed while it was paused. I send none of that now" in again.text
    with talk.desk.store.reading() as connection:
        found = record.by_number(connection, one.id)
    assert found
    assert (found.state, found.since) == (State.ACTIVE, talk.clock.now)


def test_the_overview_tells_what_somebody_has(talk: Talk) -> None:
    assert alerts(Message(text="", proved=CHARITY), talk.desk).shown == ()
    started(talk)
    [one] = alerts(Message(text="", proved=CHARITY), talk.desk).shown
    assert (one.reference, one.what, one.state) == ("S-1", "Home care, in Brenmouth, up to £500,000", "On")
    assert [choice.label for choice in one.buttons] == ["Pause", "Change"]
    assert alerts(Message(text="", proved=FIRM), talk.desk).shown == ()


# --- forms --------------------------------------------------------------------------------------------------------

FILLED = {
    "what": "home care", "cpv": "", "area": "Brenmouth", "low": "", "high": "£500k", "kinds": "tender,grant",
    "suited": "vcse", "every": "days", "days": "mon,thu",
}  # fmt: skip


def test_a_form_starts_an_alert_and_sent_twice_starts_one(talk: Talk) -> None:
    first, second = (talk.acts(CHARITY, "new_alert", "", **FILLED) for _ in range(2))
    assert "S-1 is on, in your direct messages. About: Home care." in first.text
    assert second.outcome is Outcome.SUBSCRIPTION
    [one] = talk.held()
    assert (one.state, one.every, one.criteria.vcse) == (State.ACTIVE, "mon,thu", True)
    assert one.criteria.areas == (Area(name="Brenmouth", district="Brenmouth"),)


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"high": "a lot"}, {"high"}),
        ({"cpv": "cats"}, {"cpv"}),
        ({"area": "Atlantis"}, {"area"}),
        ({"every": "days", "days": ""}, {"days"}),
        ({"low": "£2m"}, {"high"}),
        ({"kinds": "bribes"}, {"kinds"}),
    ],
)
def test_what_is_wrong_in_a_form_is_said_in_its_fields(talk: Talk, wrong: dict[str, str], names: set[str]) -> None:
    reply = talk.acts(CHARITY, "new_alert", "", **{**FILLED, **wrong})
    assert reply.form
    assert set(reply.form.errors) == names
    assert {entry.name: entry.value for entry in reply.form.entries}[min(names)] == {**FILLED, **wrong}[min(names)]
    assert talk.held() == []


def test_changing_asks_nothing_again_of_who_agreed(talk: Talk) -> None:
    before = started(talk)
    talk.acts(CHARITY, "change_alert", "S-1", **FILLED)
    [now] = talk.held()
    assert (now.state, now.since, now.confirmed_at) == (State.ACTIVE, before.since, before.confirmed_at)
    assert now.criteria.kinds


# --- one intention ------------------------------------------------------------------------------------------------


def test_a_button_under_one_intention_tells_of_its_changes(talk: Talk) -> None:
    told = talk.says(CHARITY, "when does INT-05 go to tender?")
    assert labels(told) == ["Tell me of changes"]
    assert labels(talk.says("", "when does INT-05 go to tender?")) == [], "a stranger cannot be told"
    assert "S-1 is on: you hear at once" in talk.presses(CHARITY, told, "Tell me of changes").text
    assert "S-1 is already on" in talk.presses(CHARITY, told, "Tell me of changes").text
    [one] = talk.held()
    assert (one.state, one.criteria) == (State.ACTIVE, Criteria(follows=("INT-05",)))


def test_what_everybody_may_not_read_cannot_be_followed(talk: Talk) -> None:
    assert talk.acts(CHARITY, "follow_intention", "INT-42").outcome is Outcome.REFUSED
    assert talk.acts(CHARITY, "open_intention", "INT-42").outcome is Outcome.REFUSED
    assert talk.acts(CHARITY, "open_intention", "INT-05").table
    assert talk.held() == []


# --- in the open, and confirmed by a button -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["my alerts", MEALS, "stop my alerts", "new alert"])
def test_nobody_reads_along_what_somebody_wants_to_hear_of(talk: Talk, text: str) -> None:
    started(talk)
    reply = talk.says(CHARITY, text, public=True)
    assert reply.outcome is Outcome.REFUSED
    assert len(talk.held(ended=False)) == 1


def proposed(talk: Talk, recipient: str) -> str:
    """Asked for in somebody's name, at the terminal. Gives what the link holds."""
    criteria = Criteria(services=("home-care",))
    with talk.desk.store.writing() as connection:
        id = record.propose(
            connection, talk.clock.now, recipient=recipient, owner=recipient, channel="slack", sentence="home care",
            criteria=criteria, every="daily",
        )  # fmt: skip
        found = record.by_number(connection, id)
        assert found
        return confirming.make(connection, found, talk.clock.now)


def test_what_was_asked_for_in_ones_name_starts_by_ones_own_press(talk: Talk) -> None:
    link = proposed(talk, CHARITY)
    assert talk.acts(FIRM, "confirm_alert", link).outcome is Outcome.REFUSED
    assert talk.held()[0].state is State.UNCONFIRMED
    assert "S-1 is on:" in talk.acts(CHARITY, "confirm_alert", link).text
    assert "S-1 is already on:" in talk.acts(CHARITY, "confirm_alert", link).text
    assert talk.acts(CHARITY, "confirm_alert", "guessed").outcome is Outcome.REFUSED


def test_what_a_slack_channel_is_to_be_told_is_confirmed_in_it(talk: Talk) -> None:
    link = proposed(talk, "C0CARE")
    message = Message(text="", proved=FIRM, action="confirm_alert", about=link)
    assert handle(message, talk.desk).outcome is Outcome.REFUSED
    there = handle(message.model_copy(update={"said_in": "C0CARE"}), talk.desk)
    assert "S-1 is on: you hear every morning, into the Slack channel" in there.text


def test_only_the_slack_channel_in_which_it_is_asked_can_be_told(talk: Talk) -> None:
    form = talk.says(CHARITY, "", action="new_alert", said_in="C0CARE").form
    assert form
    assert [value for value, _ in form.entries[-1].options] == ["me", "C0CARE"]
    fields = {**FILLED, "where": "C0CARE"}
    assert talk.acts(CHARITY, "new_alert", "", **fields).outcome is Outcome.REFUSED
    assert talk.says(CHARITY, "", action="new_alert", fields=fields, said_in="C0OTHER").outcome is Outcome.REFUSED
    assert talk.held() == []
    done = talk.says(CHARITY, "", action="new_alert", fields=fields, said_in="C0CARE")
    assert "into the Slack channel" in done.text
    assert [(one.recipient, one.owner) for one in talk.held()] == [("C0CARE", CHARITY)]
    assert datetime(2026, 11, 21, 12, tzinfo=UTC) == talk.held()[0].since


# --- on the page, and in a terminal -------------------------------------------------------------------------------


@pytest.fixture
def page(home_with_timeline: Path, tmp_path: Path) -> Iterator[Visitor]:
    """Somebody at the chat page."""
    wiring = Wiring(cast.settings(cast.copy_home(home_with_timeline, tmp_path / "desk")))
    wiring.__dict__["desk"] = replace(wiring.desk, now=Clock(coming_work.TODAY))
    yield Visitor(create_app(wiring))
    wiring.store.close()


def signed_in(page: Visitor, address: str) -> None:
    now = int(coming_work.TODAY.timestamp())
    with page.client.session_transaction() as session:
        session.update(address=address, way="link", since=now, seen=now)


def everything(page: Visitor) -> list[Subscription]:
    wiring: Wiring = page.client.application.extensions["wiring"]
    with wiring.store.reading() as connection:
        return record.every_subscription(connection, ended=True)


def test_a_stranger_on_the_page_goes_on_to_the_page_of_alerts_with_what_was_understood(page: Visitor) -> None:
    shown = page.send("/ask", text=HOME_CARE).get_data(as_text=True)
    assert "About: Home care. Area: Brenmouth." in seen(shown)
    assert f'<button class="primary" name="say" value="{HOME_CARE}">Leave an e-mail address</button>' in shown
    onward = page.send("/alerts", say=HOME_CARE).get_data(as_text=True)
    assert "Brenmouth" in seen(onward)
    assert everything(page) == []


def test_whoever_signed_in_starts_one_on_the_page(page: Visitor) -> None:
    signed_in(page, RUTH)
    shown = page.send("/ask", text=HOME_CARE).get_data(as_text=True)
    assert 'value="S-1|daily"' in shown
    done = page.send("/do", action="start_alert", about="S-1|daily", said="Daily round-up", press="x")
    assert f"S-1 is on: you hear every morning, to {RUTH}" in seen(done.get_data(as_text=True))
    assert [(one.state, one.recipient, one.channel) for one in everything(page)] == [(State.ACTIVE, RUTH, "screen")]


def test_a_form_on_the_page_takes_several_ticks(page: Visitor) -> None:
    signed_in(page, RUTH)
    form = page.send("/do", action="new_alert", said="New alert", press="x").get_data(as_text=True)
    assert form.count('type="checkbox"') == 15
    assert "<fieldset aria-describedby=" in form
    given = {**FILLED, "action": "new_alert", "about": "", "said": "New alert", "press": "y"}
    data = {**given, "csrf_token": page.token(), "kinds": ["tender", "grant"], "days": ["mon", "thu"]}
    wrong = page.client.post("/do", data={**data, "high": "lots"}).get_data(as_text=True)
    assert 'value="grant" checked' in wrong, "what was ticked is still ticked"
    assert 'value="partner" checked' not in wrong
    assert "S-1 is on" in seen(page.client.post("/do", data=data).get_data(as_text=True))
    [one] = everything(page)
    assert ([kind.value for kind in one.criteria.kinds], one.every) == (["tender", "grant"], "mon,thu")


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("2, 3", "b,c"), ("a,c", "a,c"), ("", "b"), ("-", ""), ("3,3", "c"), ("9", "9")],
)
def test_in_a_terminal_several_are_chosen_by_their_numbers(
    monkeypatch: pytest.MonkeyPatch, typed: str, chosen: str
) -> None:
    options = (("a", "Apples"), ("b", "Bread"), ("c", "Cheese"))
    entry = Entry(name="food", label="Which?", kind="several", options=options, value="b")
    monkeypatch.setattr("builtins.input", lambda prompt: typed)
    filled = fill(Form(action="x", title="Food", entries=(entry,)), 1_000)
    assert filled
    assert filled.fields == {"food": chosen}
