"""A concern in Slack: raised, carried and followed by buttons, forms and shortcuts."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
from cast import PRUE
from fake_slack import CHANNEL, Answer, FakeSlack, click_body, command_body, direct, event_body, shortcut_body, until
from marlshire import CARER, COLIN, DOREEN, IMRAN, PRIYA, RUTH, Marlshire, Seat, button_of, buttons
from workspace import FORM, lease_left, viewed, within_limits, words

from bot.slack.events import event_of
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message
from knowledge.concerns.providers import requests_of
from knowledge.incoming import write_down

ASKED = {"to": "help@provider.example.org", "text": "Why were three calls missed?"}
NEW = {"text": CARER, "place": "", "contract": "MCC-0002", "at_risk": "no", "files": []}


@pytest.fixture
def home(county_home: Path, tmp_path: Path) -> Path:
    return cast.copy_home(county_home, tmp_path / "desk")


@pytest.fixture
def open_council(home: Path, fake: FakeSlack) -> Iterator[Callable[..., Marlshire]]:
    """Opens desks of the sample council in Slack, and closes them."""
    opened: list[Marlshire] = []

    def make(**more: Any) -> Marlshire:
        opened.append(Marlshire(home, fake, **more))
        return opened[-1]

    yield make
    fake.let_go()
    for one in opened:
        one.intake.stop()
        one.wiring.store.close()


@pytest.fixture
def council(open_council: Callable[..., Marlshire]) -> Iterator[Marlshire]:
    opened = open_council()
    yield opened
    assert opened.failures == []


def raised(council: Marlshire) -> tuple[Seat, Seat]:
    """Doreen has raised C-0001, and Priya has had word of it."""
    doreen, priya = Seat(DOREEN, council), Seat(PRIYA, council)
    doreen.writes(CARER)
    doreen.presses("Raise it")
    council.post()
    return doreen, priya


# --- raised -------------------------------------------------------------------------------------------------------


def test_what_may_be_done_about_a_concern_is_offered_as_buttons(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    written = doreen.writes(CARER)
    [reply] = doreen.sees()
    assert "Home care: Brenmouth (MCC-0002)" in words(reply["blocks"])
    [row] = [block for block in reply["blocks"] if block["type"] == "actions"]
    assert [one["action_id"] for one in row["elements"]] == ["do:raise:0", "do:raise:1", "do:at_risk:2"]
    assert [one.get("style") for one in row["elements"]] == ["primary", None, "danger"]
    assert written in row["block_id"], "the thread under what was written is where news come"
    within_limits(reply["blocks"])


def test_raise_it_brings_the_message_up_to_date_so_that_it_invites_no_second_press(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    written = doreen.writes(CARER)
    doreen.presses("Raise it")
    [message] = doreen.sees()
    said = words(message["blocks"])
    assert "It would go to Priya Venn" in said, "what it said is kept"
    assert "C-0001 is raised: Home care: Brenmouth (MCC-0002)" in said
    assert "C-0001 is raised" in message["text"]
    assert "Nothing has been raised yet" not in said
    assert buttons(message["blocks"]) == ["Take back", "Not this contract", "Somebody is at risk now"]
    [row] = council.concerns()
    assert row.origin == {"channel": f"D0{DOREEN.slack_id}", "thread_ts": written}


def test_a_press_delivered_twice_and_pressed_twice_raises_one_concern(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    doreen.writes(CARER)
    before = {**doreen.sees()[0], "blocks": list(doreen.sees()[0]["blocks"])}
    body = doreen.presses("Raise it", before)
    assert council.deliver(body, FORM).status_code == 200
    doreen.presses("Raise it", before)
    assert len(council.concerns()) == 1
    assert len(council.fake.made("chat.update")) == 2, "the delivery twice, once; the second press, the same receipt"
    assert "C-0001 is raised" in words(doreen.sees()[0]["blocks"])


def test_where_the_message_is_gone_the_reply_is_posted(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    doreen.writes(CARER)
    council.fake.will("chat.update", Answer({"ok": False, "error": "message_not_found"}))
    doreen.presses("Raise it")
    assert "C-0001 is raised" in words(doreen.sees()[-1]["blocks"])
    assert len(doreen.sees()) == 2


def test_a_refused_press_says_why_and_leaves_what_applies_now(council: Marlshire) -> None:
    doreen, _ = raised(council)
    council.now[0] += timedelta(minutes=11)
    doreen.presses("Take back", doreen.sees()[0])
    message = doreen.sees()[0]
    assert "It is too late for that. C-0001 is as it was." in words(message["blocks"])
    assert "Take back" not in buttons(message["blocks"])
    assert "Withdraw" in buttons(message["blocks"])


def test_two_concerns_written_in_a_row_can_both_be_raised(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    doreen.writes(CARER)
    doreen.writes("the pothole on the road to Pellingarth is as big as a bath and a cyclist came off on Sunday")
    for message in doreen.sees():
        doreen.presses("Raise it", message)
    assert [row.contract for row in council.concerns()] == ["mcc-0002", "mcc-0032"]


def test_what_a_concern_lacks_can_be_said_in_the_next_message(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    doreen.writes("the bus hasn't turned up again")
    doreen.writes("Pellingarth")
    doreen.presses("Raise it")
    assert [row.contract for row in council.concerns()] == ["mcc-0024"]


def test_an_officer_is_asked_for_which_member_in_a_form(council: Marlshire) -> None:
    ruth = Seat(RUTH, council)
    ruth.writes("a Member says the carer hasn't come to an old chap in Gullhaven three mornings running")
    form = ruth.opens("Raise it for a Member")
    [member] = [block for block in form["blocks"] if block["type"] == "input"]
    assert [one["value"] for one in member["element"]["options"]] == [DOREEN.email, IMRAN.email]
    ruth.sends(form, member=DOREEN.email)
    assert "C-0001 is raised" in words(ruth.sees()[-1]["blocks"])
    assert len(ruth.sees()) == 1, "in the message that offered it"
    council.post()
    assert "has raised C-0001 for you" in words(Seat(DOREEN, council).sees()[-1]["blocks"])


def test_somebody_at_risk_is_told_999_and_safeguarding_is_owed_word_at_once(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    doreen.writes(CARER)
    doreen.presses("Somebody is at risk now")
    assert "call 999 now" in words(doreen.sees()[-1]["blocks"])
    urgent = [letter.email for letter in council.post() if letter.urgent]
    assert urgent == [COLIN.email]


# --- carried ------------------------------------------------------------------------------------------------------


def test_acknowledging_stands_in_the_managers_message_with_what_applies_now(council: Marlshire) -> None:
    _, priya = raised(council)
    assert "Acknowledge" in buttons(priya.sees()[-1]["blocks"])
    priya.presses("Acknowledge")
    message = priya.sees()[-1]
    assert "a Member's concern about home care is with you" in words(message["blocks"])
    assert "You have C-0001 in hand; the Member is told." in words(message["blocks"])
    assert "Acknowledge" not in buttons(message["blocks"])
    assert {"Open", "Ask the provider", "Reply to the Member"} <= set(buttons(message["blocks"]))
    within_limits(message["blocks"])


def test_the_member_hears_in_the_thread_under_what_they_wrote(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    written = doreen.writes(CARER)
    doreen.presses("Raise it")
    council.post()
    Seat(PRIYA, council).presses("Acknowledge")
    council.post()
    news = doreen.sees()[-1]
    assert news["thread_ts"] == written
    assert "Priya Venn has C-0001 in hand." in words(news["blocks"])


def test_a_forms_errors_stand_in_its_fields_and_right_it_is_sent_once(council: Marlshire) -> None:
    _, priya = raised(council)
    form = priya.opens("Ask the provider")
    assert form["title"]["text"] == "Ask the provider"
    assert {block.get("block_id"): block.get("element", {}).get("type") for block in form["blocks"]} == {
        None: None, "to": "email_text_input", "text": "plain_text_input",
    }  # fmt: skip
    answer = priya.sends(form, to="x", text="")
    assert answer == {
        "response_action": "errors",
        "errors": {"to": "An e-mail address, please: name@firm.example.org", "text": "Write something first."},
    }
    assert council.concerns()[0].state == "raised"
    assert priya.sends(form, **ASKED) == {}
    assert priya.sends(form, **ASKED) == {}, "the same form once more, as after a lost connection"
    with council.wiring.store.reading() as connection:
        assert len(requests_of(connection, 1)) == 1
    message = priya.sees()[-1]
    assert "The provider is asked about C-0001" in words(message["blocks"])
    assert len(priya.sees()) == 1, "in the message whose button opened the form"


def test_where_a_forms_message_cannot_be_seen_any_more_the_reply_is_posted(council: Marlshire) -> None:
    _, priya = raised(council)
    form = priya.opens("Reply to the Member")
    council.fake.will("conversations.history", Answer({"ok": False, "error": "channel_not_found"}))
    assert priya.sends(form, text="They come from Monday.") == {}
    assert "Your answer to C-0001 is with the Member." in words(priya.sees()[-1]["blocks"])
    assert len(priya.sees()) == 2


def test_what_was_written_opens_in_a_modal_and_stands_in_no_message(council: Marlshire) -> None:
    doreen, priya = raised(council)
    card = priya.opens("Open")
    assert card["title"]["text"] == "C-0001"
    assert CARER in words(card["blocks"])
    assert "submit" not in card
    within_limits(card["blocks"], most=100)
    doreen.writes("where is C-0001?")
    shown = doreen.sees()[-1]
    assert "C-0001 is raised, not acknowledged yet." in words(shown["blocks"])
    assert CARER in words(doreen.opens("Open", shown)["blocks"])
    assert CARER not in json.dumps([council.fake.made(one) for one in ("chat.postMessage", "chat.update")])


def test_a_press_in_a_concerns_modal_renews_the_modal_and_the_message_behind_it(council: Marlshire) -> None:
    _, priya = raised(council)
    card = priya.presses_in(priya.opens("Open"), "Acknowledge")
    assert "You have C-0001 in hand" in words(card["blocks"])
    assert "Acknowledge" not in buttons(card["blocks"])
    assert "You have C-0001 in hand" in words(priya.sees()[-1]["blocks"])
    assert len(priya.sees()) == 1


def test_a_form_inside_a_concerns_modal_comes_back_to_the_concern(council: Marlshire) -> None:
    _, priya = raised(council)
    form = priya.presses_in(priya.opens("Open"), "Ask the provider")
    assert form["callback_id"] == "form"
    assert priya.sends(form, to="x", text="y")["response_action"] == "errors"
    answer = priya.sends(form, **ASKED)
    assert answer["response_action"] == "update"
    assert ASKED["text"] in words(answer["view"]["blocks"])
    assert "The provider is asked" in words(priya.sees()[-1]["blocks"])


def test_a_press_in_a_modal_that_was_closed_is_answered_by_message(council: Marlshire) -> None:
    _, priya = raised(council)
    view = Seat(PRIYA, council).opens_home()
    card = priya.opens("Open", {"blocks": view["blocks"], "ts": ""}, view={**view, "id": "VHOME"})
    council.fake.will("views.update", Answer({"ok": False, "error": "not_found"}))
    priya.presses_in(card, "Acknowledge")
    assert "You have C-0001 in hand" in words(priya.sees()[-1]["blocks"])
    assert len(priya.sees()) == 2


def test_a_modal_that_opens_too_late_is_said_to(council: Marlshire) -> None:
    _, priya = raised(council)
    council.fake.will("views.open", Answer({"ok": False, "error": "expired_trigger_id"}))
    priya.opens("Ask the provider")
    until(lambda: "took too long" in priya.sees()[-1]["text"], "word of it")


def test_a_card_is_brought_up_to_date_as_a_whole(council: Marlshire) -> None:
    doreen, _ = raised(council)
    council.now[0] += timedelta(minutes=11)
    doreen.writes("where is C-0001?")
    doreen.presses("Withdraw")
    said = words(doreen.sees()[-1]["blocks"])
    assert "C-0001 is withdrawn." in said
    assert "closed: withdrawn" in said
    assert "not acknowledged yet" not in said


# --- forms of a new concern ---------------------------------------------------------------------------------------


def opened_form(council: Marlshire, body: str) -> dict[str, Any]:
    assert council.deliver(body, FORM).status_code == 200
    return Seat(DOREEN, council).modal(1)


def test_desk_raise_opens_the_form_at_once(council: Marlshire) -> None:
    form = opened_form(council, command_body(DOREEN, "raise"))
    kinds = {block["block_id"]: block["element"]["type"] for block in form["blocks"] if block["type"] == "input"}
    assert kinds == {
        "text": "plain_text_input", "place": "plain_text_input", "contract": "plain_text_input",
        "files": "file_input", "at_risk": "radio_buttons",
    }  # fmt: skip
    assert form["blocks"][0]["type"] == "context"
    assert "Please type no names" in words(form["blocks"][:1])
    assert council.rows() == [], "opening a form promises nothing"


def test_a_message_becomes_a_concern_with_its_words_filled_in(council: Marlshire) -> None:
    message = {"text": "<@U0X> no carer for &lt;three&gt; mornings", "user": "U0X", "ts": "1.1"}
    form = opened_form(council, shortcut_body(DOREEN, "raise_concern", message))
    [text] = [block for block in form["blocks"] if block.get("block_id") == "text"]
    assert text["element"]["initial_value"] == "no carer for <three> mornings"


def test_the_shortcut_that_is_everywhere_opens_an_empty_form(council: Marlshire) -> None:
    form = opened_form(council, shortcut_body(DOREEN, "new_concern"))
    [text] = [block for block in form["blocks"] if block.get("block_id") == "text"]
    assert "initial_value" not in text["element"]


def test_whoever_asks_for_the_form_in_words_gets_a_button_for_it(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    doreen.writes("raise a concern")
    form = doreen.opens("Raise a concern")
    assert form["title"]["text"] == "Raise a concern"


def test_a_form_without_a_contract_is_answered_by_what_the_desk_found_and_raised_from_there(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    form = opened_form(council, command_body(DOREEN, "raise"))
    assert doreen.sends(form, **{**NEW, "contract": ""}) == {}
    [post] = doreen.sees()
    assert post["channel"] == DOREEN.slack_id, "nowhere but in their direct messages"
    doreen.presses("Raise it")
    [row] = council.concerns()
    assert row.origin["thread_ts"] == post["ts"]


def test_one_form_raises_one_concern_however_often_it_is_sent(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    form = opened_form(council, command_body(DOREEN, "raise"))
    for text in (CARER, CARER, f"{CARER} and on Sunday too"):
        assert doreen.sends(form, **{**NEW, "text": text}) == {}
    assert len(council.concerns()) == 1
    assert all("C-0001 is raised" in words(post["blocks"]) for post in doreen.sees())
    assert council.concerns()[0].origin == {"channel": DOREEN.slack_id}


def test_the_same_errors_are_said_as_often_as_the_form_is_sent(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    form = opened_form(council, command_body(DOREEN, "raise"))
    for _ in range(2):
        answer = doreen.sends(form, **{**NEW, "contract": "ZZZ"})
        assert list(answer["errors"]) == ["contract"]
    assert doreen.sees() == []


def test_a_stranger_gets_no_form(council: Marlshire) -> None:
    assert council.deliver(command_body(PRUE, "raise"), FORM).status_code == 200
    [opened] = council.fake.await_calls("views.open")
    assert "Only people on the council's list raise concerns." in words(viewed(opened)["blocks"])


def test_a_desk_that_is_slow_says_so_in_the_form_and_raises_once(open_council: Callable[..., Marlshire]) -> None:
    gate = threading.Event()
    council = open_council(changes={"at_risk": lambda text: str(gate.wait(10) or "")[:0]})
    doreen = Seat(DOREEN, council)
    form = opened_form(council, command_body(DOREEN, "raise"))
    answer = doreen.sends(form, **NEW)
    assert "slow" in answer["errors"]["text"]
    gate.set()
    assert doreen.sends(form, **NEW) == {}
    assert len(council.concerns()) == 1


def test_what_goes_wrong_inside_leaves_the_form_open_with_what_was_written(
    open_council: Callable[..., Marlshire],
) -> None:
    def breaks(text: str) -> str:
        raise RuntimeError("of the test")

    council = open_council(changes={"at_risk": breaks})
    form = opened_form(council, command_body(DOREEN, "raise"))
    answer = Seat(DOREEN, council).sends(form, **NEW)
    assert "Something went wrong on our side" in answer["errors"]["text"]
    assert council.failures


# --- nobody reads along -------------------------------------------------------------------------------------------


def test_a_command_in_a_channel_lists_concerns_to_its_asker_only(council: Marlshire) -> None:
    doreen, _ = raised(council)
    before = len(council.fake.made("chat.postMessage"))
    doreen.types("concerns")
    [given] = council.fake.await_calls("chat.postEphemeral")
    assert (given["channel"], given["user"]) == (CHANNEL, DOREEN.slack_id)
    assert buttons(given["blocks"]) == ["Open"]
    within_limits(given["blocks"])
    card = doreen.opens("Open", given, ephemeral=True)
    assert CARER in words(card["blocks"])
    doreen.presses_in(card, "Take back")
    assert len(council.fake.made("chat.postMessage")) == before, "the modal says it"


def test_a_press_where_others_read_along_is_answered_to_whoever_pressed(council: Marlshire) -> None:
    raised(council)
    before = len(council.fake.made("chat.postMessage"))
    body = click_body(PRIYA, "do:acknowledge:0", "C-0001", channel=CHANNEL)
    assert council.deliver(body, FORM).status_code == 200
    [given] = council.fake.await_calls("chat.postEphemeral")
    assert given["user"] == PRIYA.slack_id
    assert "You have C-0001 in hand" in words(given["blocks"])
    assert CARER not in json.dumps(given)
    assert len(council.fake.made("chat.postMessage")) == before
    assert len(council.fake.made("chat.update")) == 1, "Doreen's, when she raised it"


def test_a_concern_told_in_a_channel_is_raised_from_a_direct_message_only(council: Marlshire) -> None:
    council.says({"type": "app_mention", "user": DOREEN.slack_id, "text": f"<@U0DESK> {CARER}", "ts": "1.1",
                  "channel": CHANNEL})  # fmt: skip
    [post] = council.fake.await_calls("chat.postEphemeral")
    council.settled()
    assert (post["channel"], post["user"]) == (CHANNEL, DOREEN.slack_id)
    assert "thread_ts" not in post, "Slack shows nobody a reply of that kind in a thread that has not begun"
    assert council.fake.made("chat.postMessage") == []
    assert buttons(post["blocks"]) == []
    assert "write to me in a direct message" in words(post["blocks"])


@pytest.mark.parametrize("who", [IMRAN, RUTH, PRUE])
def test_nobody_else_opens_a_concern_or_moves_it(council: Marlshire, who: cast.Somebody) -> None:
    raised(council)
    council.deliver(click_body(who, "form:open:0", "C-0001", channel=f"D0{who.slack_id}"), FORM)
    [opened] = council.fake.await_calls("views.open")
    assert "There is no concern C-0001 that you may see." in words(viewed(opened)["blocks"])
    assert CARER not in json.dumps(opened)
    council.deliver(click_body(who, "do:acknowledge:0", "C-0001", channel=f"D0{who.slack_id}"), FORM)
    council.settled()
    assert council.concerns()[0].state == "raised"


def test_a_users_address_in_another_workspace_opens_nothing(council: Marlshire) -> None:
    raised(council)
    council.deliver(click_body(PRIYA, "form:open:0", "C-0001", channel=f"D0{PRIYA.slack_id}", team="T0OTHER"), FORM)
    [opened] = council.fake.await_calls("views.open")
    assert CARER not in json.dumps(opened)


# --- App Home -----------------------------------------------------------------------------------------------------


def test_app_home_shows_a_member_their_concerns_and_what_has_become_of_them(council: Marlshire) -> None:
    doreen, priya = raised(council)
    said = words(doreen.opens_home()["blocks"])
    assert "C-0001" in said
    assert "raised, not acknowledged yet · carried by Priya Venn · answer by Friday 4 December 2026" in said
    assert "Yours to carry" not in said
    priya.presses("Acknowledge")
    view = doreen.opens_home()
    assert "in hand · carried by Priya Venn" in words(view["blocks"])
    assert buttons(view["blocks"]) == ["Raise a concern", "Open", "New alert"]
    within_limits(view["blocks"], most=100)


def test_app_home_shows_a_manager_what_is_theirs_soonest_due_first(council: Marlshire) -> None:
    doreen, priya = raised(council)
    council.now[0] += timedelta(days=7)
    doreen.writes("the carer never came to a lady in Gullhaven on Wednesday")
    doreen.presses("Raise it")
    view = priya.opens_home()
    said = words(view["blocks"])
    assert "Yours to carry" in said
    assert said.index("C-0001") < said.index("C-0002")
    assert "late" in said
    assert "acknowledge by Monday 23 November 2026 at 17:00" in said


def test_app_home_follows_what_its_owner_does(council: Marlshire) -> None:
    _, priya = raised(council)
    priya.presses("Acknowledge")
    published = council.fake.await_calls("views.publish", 2)[-1]
    assert published["user_id"] == PRIYA.slack_id
    assert "answer by Friday 4 December 2026" in words(viewed(published)["blocks"])


def test_app_home_tells_a_stranger_what_the_desk_is(council: Marlshire) -> None:
    raised(council)
    view = Seat(PRUE, council).opens_home()
    assert "Marlshire County Council's commissioning papers" in words(view["blocks"])
    assert buttons(view["blocks"]) == ["New alert"]
    assert "C-0001" not in json.dumps(view)


def test_the_messages_tab_publishes_nothing(council: Marlshire) -> None:
    council.deliver(event_body({"type": "app_home_opened", "user": DOREEN.slack_id, "tab": "messages"}))
    Seat(DOREEN, council).opens_home()
    assert len(council.fake.made("views.publish")) == 1


def test_raise_a_concern_and_open_work_from_app_home(council: Marlshire) -> None:
    doreen, _ = raised(council)
    view = {"id": "VHOME", **doreen.opens_home()}
    _, opens = button_of(view["blocks"], "Open")
    council.deliver(click_body(DOREEN, opens["action_id"], opens["value"], view=view), FORM)
    assert CARER in words(doreen.modal(1)["blocks"])
    _, raises = button_of(view["blocks"], "Raise a concern")
    council.deliver(click_body(DOREEN, raises["action_id"], "", view=view), FORM)
    assert doreen.modal(2)["callback_id"] == "form"


# --- through a crash ----------------------------------------------------------------------------------------------


def crashed(home: Path, body: dict[str, Any]) -> None:
    """A process wrote something down, did it, and died before it answered."""
    wiring = Wiring(cast.settings(home))
    found = event_of(body)
    assert found
    id, payload = found
    assert write_down(wiring.store, id, "slack", payload)
    message = Message(
        text=payload["text"], id=payload.get("id") or id, surface="slack", thread=payload["thread"],
        addresses=(DOREEN.email, DOREEN.slack_id), roles=frozenset({DOREEN.role}), action=payload["action"],
        about=payload["about"], fields=payload.get("fields") or {}, origin=payload["origin"],
    )  # fmt: skip
    assert handle(message, wiring.desk).concern == "C-0001"
    wiring.store.close()


def parsed(body: str) -> dict[str, Any]:
    from urllib.parse import parse_qs

    found: dict[str, Any] = json.loads(parse_qs(body)["payload"][0])
    return found


def test_a_press_whose_process_died_before_it_answered_is_answered_by_the_next_and_done_once(
    open_council: Callable[..., Marlshire], home: Path
) -> None:
    council = open_council()
    doreen = Seat(DOREEN, council)
    doreen.writes(CARER)
    [message] = doreen.sees()
    block, button = button_of(message["blocks"], "Raise it")
    body = click_body(DOREEN, button["action_id"], button["value"], channel=message["channel"], message=message,
                      block_id=block["block_id"])  # fmt: skip
    council.intake.stop()
    crashed(home, parsed(body))
    after = open_council()
    after.expire()
    until(lambda: after.intake.take_up() or after.fake.made("chat.update"), "taken up")
    after.settled()
    assert "C-0001 is raised" in words(doreen.sees()[0]["blocks"])
    assert len(after.concerns()) == 1
    assert after.deliver(body, FORM).status_code == 200
    after.settled()
    assert len(after.fake.made("chat.update")) == 1


def test_a_form_whose_process_died_before_it_answered_raises_once_and_is_answered(
    open_council: Callable[..., Marlshire], home: Path
) -> None:
    from fake_slack import submit_body

    council = open_council()
    form = opened_form(council, command_body(DOREEN, "raise"))
    crashed(home, parsed(submit_body(DOREEN, form, NEW)))
    doreen = Seat(DOREEN, council)
    assert doreen.workspace.deliver(submit_body(DOREEN, form, NEW), FORM).status_code == 200, "sent once more"
    council.fake.await_calls("chat.postMessage")
    council.expire()
    council.intake.take_up()
    council.settled()
    assert len(council.concerns()) == 1
    assert all("C-0001 is raised" in words(post["blocks"]) for post in doreen.sees())


def test_an_update_that_slack_is_too_busy_for_is_made_later(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    doreen.writes(CARER)
    council.fake.will("chat.update", Answer("<html>maintenance</html>"))
    block, button = button_of(doreen.sees()[0]["blocks"], "Raise it")
    body = click_body(DOREEN, button["action_id"], button["value"], channel=f"D0{DOREEN.slack_id}",
                      message=doreen.sees()[0], block_id=block["block_id"])  # fmt: skip
    assert council.deliver(body, FORM).status_code == 200
    until(lambda: [row for row in council.rows() if row.state == "received" and abs(lease_left(row) - 60) > 5], "later")
    council.expire()
    council.intake.take_up()
    council.settled()
    assert len(council.concerns()) == 1
    assert len(doreen.sees()) == 1
    assert words(doreen.sees()[0]["blocks"]).count("C-0001 is raised") == 1


# --- help ---------------------------------------------------------------------------------------------------------


def test_help_tells_people_on_the_list_how_to_raise_a_concern(council: Marlshire) -> None:
    Seat(DOREEN, council).types("help")
    Seat(PRUE, council).types("help")
    for_doreen, for_prue = council.fake.await_calls("chat.postEphemeral", 2)
    assert "`/desk raise` opens a form" in words(for_doreen["blocks"])
    assert words(for_doreen["blocks"]).count("I find the contract and who has it") == 1
    assert "/desk raise" not in words(for_prue["blocks"])
    council.says(direct(DOREEN, "hello"))
