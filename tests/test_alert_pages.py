"""The pages of alerts: asked for in a sentence, shown back, changed, confirmed; and what one has, by a signed link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
from alerts import NOW, ROSA, WANTED, Place, as_filled, place_of, text_of
from cast import Visitor, seen
from counties import settle_county
from marlshire_timeline import load_timeline

from bot.wiring import Wiring
from handlers.telling import compose
from knowledge.outbox.owed import owed_of
from knowledge.parties import parties_of
from knowledge.subscriptions.nouns import Criteria, State
from knowledge.subscriptions.suppressing import Reason, suppress, why_suppressed

DAY = timedelta(days=1)
INBOX = "If we may write to"


@pytest.fixture(scope="module")
def timeline_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample council with its timeline."""
    home = cast.copy_home(sample_home, tmp_path_factory.mktemp("timeline") / "desk")
    wiring = Wiring(cast.settings(home))
    settle_county(wiring, cast.SAMPLE)
    load_timeline(wiring.store)
    wiring.store.close()
    return home


@pytest.fixture
def place(timeline_home: Path, tmp_path: Path) -> Iterator[Place]:
    """The desk of the sample council, which sends e-mail."""
    with place_of(cast.copy_home(timeline_home, tmp_path / "desk")) as made:
        yield made


@pytest.fixture(scope="module")
def window(timeline_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The same, for all that look and ask for nothing in the end. Made once: the index takes half a second to read."""
    with place_of(cast.copy_home(timeline_home, tmp_path_factory.mktemp("window") / "desk")) as made:
        yield made


@pytest.fixture
def passer(window: Place) -> Visitor:
    """Somebody who only looks."""
    return Visitor(window.app)


@pytest.fixture
def rosa(place: Place) -> Visitor:
    """Somebody at a browser."""
    return Visitor(place.app)


def shown(visitor: Visitor, said: str) -> str:
    """The page that shows a sentence back."""
    answer = visitor.send("/alerts", say=said)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def lines(page: str) -> dict[str, str]:
    """What a page says was understood."""
    part = page.partition('<dl class="facts wish">')[2].partition("</dl>")[0]
    return {seen(name): seen(said) for name, said in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", part)}


# --- asking -------------------------------------------------------------------------------------------------------


def test_a_sentence_is_shown_back_with_what_of_the_past_year_would_have_come(passer: Visitor) -> None:
    page = shown(passer, "bus services under £2m every Tuesday and Friday")
    assert "Supported local bus services" in lines(page)["About"]
    assert lines(page)["Value"] == "up to £2,000,000"
    assert "1 of 41 plans, and it is still to come." in seen(page)
    assert "Tender: 25 January 2027 · Supported local bus services" in seen(page)
    assert sorted(as_filled(page)["day"]) == ["fri", "tue"]
    assert as_filled(page)["every"] == "days"


def test_a_charity_asks_confirms_and_has_its_alert(place: Place, rosa: Visitor) -> None:
    answer = place.ask(rosa, "home care under £500k", ROSA)
    assert answer.status_code == 200
    assert INBOX in text_of(answer)
    assert [one.state for one in place.all()] == [State.UNCONFIRMED]
    path = place.confirming()
    assert "Confirm your alerts" in rosa.open(path)
    assert [one.state for one in place.all()] == [State.UNCONFIRMED], "looking changes nothing"
    place.clock.now += DAY
    done = rosa.send(path, do="confirm")
    assert "S-1 is confirmed. You will hear at once" in text_of(done)
    (made,) = place.all()
    assert (made.recipient, made.owner, made.channel, made.sentence) == (ROSA, ROSA, "email", "home care under £500k")
    assert made.criteria == WANTED
    assert (made.state, made.since) == (State.ACTIVE, NOW + DAY)
    assert "is confirmed" in text_of(rosa.send(path, do="confirm")), "pressing twice is no mistake"
    assert "See, change or pause" in text_of(done)


def test_what_is_changed_is_shown_once_more_before_an_address_counts(place: Place, rosa: Visitor) -> None:
    form = as_filled(shown(rosa, "home care"))
    page = rosa.send("/alerts", **{**form, "high": "300,000", "do": "ask", "email": ROSA}).get_data(as_text=True)
    assert "Shown again with your changes" in page
    assert lines(page)["Value"] == "up to £300,000"
    assert f'value="{ROSA}"' in page, "nobody types their address twice"
    assert place.all() == []
    sent = rosa.send("/alerts", **as_filled(page), do="ask", email=ROSA)
    assert INBOX in text_of(sent)
    assert place.all()[0].criteria.high == 300_000


def test_enter_in_the_address_sends_even_where_another_button_stands_first(place: Place, rosa: Visitor) -> None:
    assert INBOX in text_of(place.ask(rosa, "home care", ROSA, do="show"))


def test_each_part_can_be_changed(place: Place, rosa: Visitor) -> None:
    form = as_filled(shown(rosa, "home care"))
    new = {"about": "school transport", "area": "Brenmouth", "low": "£10k", "high": "2m", "kinds": ["grant", "tender"],
           "suited": ["vcse"], "cpv": "85.31.24.00-8", "every": "days", "day": ["mon", "thu"]}  # fmt: skip
    page = rosa.send("/alerts", **{**form, **new, "do": "show"}).get_data(as_text=True)
    assert INBOX in text_of(rosa.send("/alerts", **as_filled(page), do="ask", email=ROSA))
    (made,) = place.all()
    found = made.criteria
    assert "home-care" not in found.services
    assert (found.low, found.high, found.vcse, found.sme) == (10_000, 2_000_000, True, False)
    assert ({*found.kinds}, found.cpv, made.every) == ({"grant", "tender"}, ("853124",), "mon,thu")
    assert [area.district for area in found.areas] == ["Brenmouth"]
    assert made.sentence != "home care", "what was changed is called by what it is now"


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"area": "Nowhere at all"}, "area", "Nowhere at all"),
        ({"high": "lots"}, "high", ""),
        ({"cpv": "carers"}, "cpv", ""),
        ({"every": "days", "day": []}, "every", "Choose one day at least"),
        ({"email": "rosa"}, "email", "Type your e-mail address"),
        ({"email": "no-reply@example.org"}, "email", "Nobody reads"),
        ({"email": "rósa@example.org"}, "email", "Type your e-mail address"),
        ({"email": "rosa@example.org\r\nBcc: x@example.org"}, "email", "Type your e-mail address"),
        ({"email": "ro\x07sa@example.org"}, "email", "Type your e-mail address"),
        ({"email": "#@[^{-|~.-!"}, "email", "Type your e-mail address"),
        ({"email": "rosa@example.org(x.example.org)"}, "email", "Type your e-mail address"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    window: Place, passer: Visitor, wrong: dict[str, str], field: str, said: str
) -> None:
    form = as_filled(shown(passer, "home care"))
    answer = passer.send("/alerts", **{**form, "do": "ask", "email": ROSA, **wrong})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert f'id="{field}-error"' in page
    assert said in page
    assert re.search(rf'href="#{field}', page)
    assert window.all() == []


def test_nothing_said_is_asked_for_again(passer: Visitor) -> None:
    answer = passer.send("/alerts", say="  ")
    assert answer.status_code == 422
    assert "Say what you want to hear of" in text_of(answer)


def test_an_example_is_one_press(passer: Visitor) -> None:
    page = passer.open("/alerts")
    example = re.findall(r'name="example" value="([^"]+)"', page)[0]
    assert lines(passer.send("/alerts", example=example).get_data(as_text=True)) == {"About": "Home care"}


def test_everything_is_said_to_be_everything(passer: Visitor) -> None:
    page = shown(passer, "everything")
    assert "That is everything" in page
    assert 'class="change" open' in page


def test_what_is_hostile_stays_text(passer: Visitor) -> None:
    page = shown(passer, '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ 7*7 }}')
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "49" not in lines(page).get("About", "")


_MANY = json.dumps([f"{number:03}" for number in range(100, 1_000)])


@pytest.mark.parametrize(
    "forged",
    ["", "{", '{"low": 9, "high": 1}', '{"cpv": ["x"]}', "[" * 9_000, f'{{"cpv": {_MANY}}}',
     f'{{"words": {_MANY}}}', f'{{"words": ["{"x" * 400}"]}}', '{"words": ["a\\u0000b"]}', '{"high": 9%s}' % ("9" * 20),
     '{"low": -5}'],
)  # fmt: skip
def test_a_forged_form_is_read_as_it_was_filled_in(window: Place, passer: Visitor, forged: str) -> None:
    form = as_filled(shown(passer, "home care"))
    answer = passer.send("/alerts", **{**form, "criteria": forged, "do": "ask", "email": ROSA})
    assert answer.status_code == 200
    assert "Shown again" in text_of(answer)
    assert window.all() == []


# --- nothing is learnt --------------------------------------------------------------------------------------------


def test_the_reply_is_the_same_for_everybody(place: Place) -> None:
    place.subscribe("known@example.org")
    with place.wiring.store.writing() as connection:
        suppress(connection, "bounced@example.org", Reason.BOUNCED, NOW)
    for words in ("bridges", "gritting", "ferries"):
        place.ask(Visitor(place.app), words, "often@example.org")
    found = {}
    for name in ("known", "bounced", "often", "stranger", cast.OLIVE.email.partition("@")[0]):
        answer = place.ask(Visitor(place.app), "home care", f"{name}@example.org")
        found[name] = answer.get_data(as_text=True).replace(f"{name}@", "somebody@")
        assert answer.status_code == 200
    assert len(set(found.values())) == 1
    assert {one.recipient.partition("@")[0] for one in place.all()} == {"known", "often", "stranger", "olive"}
    assert len(place.owed()) == 6


def test_the_same_is_done_whether_or_not_a_letter_is_sent(place: Place) -> None:
    """What tells is time, and of that mostly what the record is asked."""
    with place.wiring.store.writing() as connection:
        suppress(connection, "bounced@example.org", Reason.BOUNCED, NOW)
    counted = []
    for name in ("first", "bounced", "second"):
        browser, told = Visitor(place.app), list[str]()
        form = as_filled(shown(browser, "home care"))

        def note(connection: object, cursor: object, statement: str, *_: object, told: list[str] = told) -> None:
            told.append(statement)

        sa.event.listen(place.wiring.store.engine, "before_cursor_execute", note)
        browser.send("/alerts", **form, do="ask", email=f"{name}@example.org")
        sa.event.remove(place.wiring.store.engine, "before_cursor_execute", note)
        counted.append(len([one for one in told if one.split()[0] in ("INSERT", "UPDATE", "SELECT")]))
    assert counted[0] == counted[1] == counted[2]


def test_nobody_has_words_of_theirs_sent_to_others_in_the_councils_name(place: Place, rosa: Visitor) -> None:
    win = '"You have won.\r\n\r\nGo to https://evil.example.org/win or evil.example.org, or write to evil@example.org"'
    form = as_filled(shown(rosa, "home care"))
    page = rosa.send("/alerts", **{**form, "about": f'home care, {win}, "{"now " * 200}"', "do": "show"})
    rosa.send("/alerts", **as_filled(page.get_data(as_text=True)), do="ask", email=ROSA)
    with place.wiring.store.reading() as connection:
        letter = compose(owed_of(connection, place.owed())[0], place.wiring.desk)
    assert letter is not None
    said = letter.reply.text.splitlines()
    assert said[1].startswith("Home care, “You have won. Go to … or … or write to …”")
    assert "evil" not in letter.reply.text
    assert len(said) == 4
    assert len(said[1]) < 210


def test_ten_letters_an_hour_are_sent_for_one_browser(place: Place) -> None:
    for number in range(12):
        assert INBOX in text_of(place.ask(Visitor(place.app), "home care", f"p{number}@example.org"))
    assert len(place.owed()) == 10
    with place.wiring.store.reading() as connection:
        kept = connection.execute(sa.text("SELECT DISTINCT asked_from FROM confirmation")).scalars().all()
    assert len(kept) == 1
    assert "127.0.0.1" not in str(kept)


# --- confirming ---------------------------------------------------------------------------------------------------


def test_whoever_did_not_ask_is_left_alone(place: Place, rosa: Visitor) -> None:
    place.ask(rosa, "home care", ROSA)
    path = place.confirming()
    assert "Nothing will be sent" in text_of(rosa.send(path, do="refuse"))
    assert [one.state for one in place.all()] == [State.ENDED]
    assert rosa.send(path, do="confirm").status_code == 410
    place.ask(rosa, "school transport", ROSA)
    assert len(place.owed()) == 1
    with place.wiring.store.reading() as connection:
        assert why_suppressed(connection, ROSA) is Reason.ASKED


def test_who_has_alerts_and_drops_another_keeps_those(place: Place, rosa: Visitor) -> None:
    place.subscribe()
    place.ask(rosa, "school transport", ROSA)
    assert "go on" in text_of(rosa.send(place.confirming(), do="refuse"))
    assert [one.state for one in place.all()] == [State.ACTIVE, State.ENDED]
    with place.wiring.store.reading() as connection:
        assert why_suppressed(connection, ROSA) is None


def test_a_link_that_is_old_or_forged_confirms_nothing(place: Place, rosa: Visitor) -> None:
    place.ask(rosa, "home care", ROSA)
    path = place.confirming()
    for bad in (path[:-2], "/alerts/confirm/x", path.replace("/confirm/", "/manage/")):
        assert rosa.client.get(bad).status_code == 410
    place.clock.now += 7 * DAY
    assert rosa.client.get(path).status_code == 410
    assert rosa.send(path, do="confirm").status_code == 410
    assert [one.state for one in place.all()] == [State.UNCONFIRMED]


def test_no_link_holds_an_address(place: Place, rosa: Visitor) -> None:
    import base64

    place.ask(rosa, "home care", ROSA)
    for path in (place.confirming(), place.managing(), place.stopping(1)):
        body = path.rsplit("/", 1)[1].split(".")[0]
        assert "rosa" not in path
        assert b"rosa" not in base64.urlsafe_b64decode(body + "==")


# --- following one intention --------------------------------------------------------------------------------------


def test_an_intention_can_be_followed_from_its_page(place: Place, rosa: Visitor) -> None:
    assert 'href="/alerts?follow=MCI-001"' in rosa.open("/timeline/MCI-001")
    page = rosa.open("/alerts?follow=MCI-001")
    assert "Home care: six district contracts" in page
    rosa.send("/alerts", **as_filled(page), do="ask", email=ROSA)
    assert place.all()[0].criteria == Criteria(follows=("MCI-001",))
    assert "Home care: six district contracts (MCI-001)" in rosa.open(place.confirming())


@pytest.mark.parametrize("reference", ["MCI-999", "MCI-030", "%00", "x" * 300])
def test_what_is_not_public_cannot_be_followed(passer: Visitor, reference: str) -> None:
    answer = passer.client.get(f"/alerts?follow={reference}")
    assert answer.status_code == (200 if reference == "%00" else 404)
    assert "Youth" not in answer.get_data(as_text=True)


def test_the_timeline_leads_to_alerts(passer: Visitor) -> None:
    assert 'href="/alerts">Get alerts</a>' in passer.open("/timeline")


# --- my alerts ----------------------------------------------------------------------------------------------------


def state(place: Place, id: int = 1) -> State:
    return next(one.state for one in place.all() if one.id == id)


def test_my_alerts_are_listed_paused_taken_up_and_deleted(place: Place, rosa: Visitor) -> None:
    place.subscribe()
    place.subscribe(criteria=Criteria(words=("ferries",)), every="weekly")
    path = place.managing()
    page = seen(rosa.open(path))
    assert "Home care, up to £500,000" in page
    assert "S-2 · every Monday morning · by e-mail" in page
    assert ROSA not in page, "the page tells nobody whose it is"
    assert state(place) is State.ACTIVE
    assert "S-1 is paused" in text_of(rosa.send(path, do="pause", id="1"))
    assert "S-1 is paused" in text_of(rosa.send(path, do="pause", id="1"))
    assert state(place) is State.PAUSED
    assert "Paused since 23 November 2026" in seen(rosa.open(path))
    place.clock.now += DAY
    assert "S-1 is on again. No plans passed by" in text_of(rosa.send(path, do="resume", id="1"))
    assert (state(place), place.all()[0].since) == (State.ACTIVE, NOW + DAY), "what happened meanwhile is not told"
    assert "S-1 is deleted" in text_of(rosa.send(path, do="delete", id="1"))
    assert (state(place), state(place, 2)) == (State.ENDED, State.ACTIVE)
    assert "has been stopped" in text_of(rosa.send(path, do="pause", id="1"))


def test_all_can_be_deleted_and_taken_back(place: Place, rosa: Visitor) -> None:
    place.subscribe()
    place.subscribe(criteria=Criteria(words=("ferries",)))
    answer = rosa.send(place.managing(), do="delete_all")
    assert "S-1 and S-2 are deleted" in text_of(answer)
    assert {state(place, 1), state(place, 2)} == {State.ENDED}
    again = re.search(r'href="(/alerts/again/[^"]+)"', answer.get_data(as_text=True))
    assert again
    assert "Start again?" in rosa.open(again[1])
    assert {one.id for one in place.all()} == {1, 2}, "looking changes nothing"
    assert "Started again" in text_of(rosa.send(again[1]))
    assert [one.state for one in place.all()] == [State.ENDED, State.ENDED, State.ACTIVE, State.ACTIVE]
    assert "You have these alerts already" in text_of(rosa.send(again[1]))
    assert len(place.all()) == 4


def test_one_can_be_changed_and_is_shown_before_it_counts(place: Place, rosa: Visitor) -> None:
    place.subscribe()
    path = f"{place.managing()}/1"
    form = as_filled(rosa.open(path))
    assert form["high"] == "500,000"
    page = rosa.send(path, **{**form, "high": "900000", "do": "save"}).get_data(as_text=True)
    assert "Not saved yet" in page
    assert place.all()[0].criteria.high == 500_000
    assert "S-1 is changed" in text_of(rosa.send(path, **as_filled(page), do="save"))
    assert place.all()[0].criteria.high == 900_000
    often = {**as_filled(rosa.open(path)), "every": "weekly"}
    assert "S-1 is changed" in text_of(rosa.send(path, **often, do="save"))
    assert place.all()[0].every == "weekly"
    assert rosa.send(path, **{**often, "every": "days"}, do="save").status_code == 422


def test_nobody_changes_what_is_somebody_elses(place: Place, rosa: Visitor) -> None:
    place.subscribe("mina@example.org")
    place.subscribe()
    mine = place.managing()
    assert "S-1" not in rosa.open(mine)
    for do in ("pause", "delete"):
        assert "has been stopped" in text_of(rosa.send(mine, do=do, id="1"))
    assert "has been stopped" in seen(rosa.open(f"{mine}/1"))
    rosa.send(f"{mine}/1", **as_filled(rosa.open(f"{mine}/2")), do="save")
    rosa.send(mine, do="delete_all")
    assert [one.state for one in place.all()] == [State.ACTIVE, State.ENDED]
    assert place.all()[0].every == "at once"


def test_the_link_to_my_alerts_wears_out(place: Place, rosa: Visitor) -> None:
    place.subscribe()
    path = place.managing()
    place.clock.now += 367 * DAY
    assert rosa.client.get(path).status_code == 410
    assert rosa.client.get("/alerts/manage/nonsense").status_code == 410
    assert rosa.client.post(path, data={"do": "delete_all"}).status_code == 400, "a form carries its token"


def test_the_link_to_my_alerts_is_sent_again_and_nobody_learns_who_has_any(place: Place) -> None:
    place.subscribe()
    with place.wiring.store.writing() as connection:
        suppress(connection, "bounced@example.org", Reason.BOUNCED, NOW)
    place.subscribe("bounced@example.org")
    said = {
        text_of(Visitor(place.app).send("/alerts/mine", email=address)).replace(address, "somebody")
        for address in (ROSA, "stranger@example.org", "bounced@example.org", ROSA, ROSA, ROSA)
    }
    assert len(said) == 1
    assert [one.recipient for one in place.owed("my_alerts")] == [place.party()] * 3
    with place.wiring.store.reading() as connection:
        assert parties_of(connection, ["stranger@example.org"]) == set()
        owed = owed_of(connection, place.owed("my_alerts"))[0]
    letter = compose(owed, place.wiring.desk)
    assert letter is not None
    path = place.wiring.link_for(letter.reply.choices[0], letter).removeprefix("https://desk.example.org")
    assert "Home care, up to £500,000" in seen(Visitor(place.app).open(path))
    assert Visitor(place.app).send("/alerts/mine", email="rosa").status_code == 422


# --- desks without e-mail -----------------------------------------------------------------------------------------


def test_a_desk_without_e_mail_says_so(timeline_home: Path, tmp_path: Path) -> None:
    home = cast.copy_home(timeline_home, tmp_path / "desk")
    with place_of(home, DESK_SMTP_HOST="", DESK_MAIL_FROM="") as place:
        answer = place.ask(Visitor(place.app), "home care", ROSA)
        assert "not connected to e-mail yet" in text_of(answer)
        assert [(one.channel, one.state) for one in place.all()] == [("screen", State.UNCONFIRMED)]
    more = {"DESK_SMTP_HOST": "", "DESK_MAIL_FROM": "", "SLACK_BOT_TOKEN": "xoxb-1-test"}
    with place_of(home, **more) as place:
        page = Visitor(place.app).open("/alerts")
        assert "not switched on" in page
        assert len(place.all()) == 1
        place.ask(Visitor(place.app), "school transport", ROSA)
        assert len(place.all()) == 1


def test_the_privacy_notice_speaks_of_alerts(passer: Visitor) -> None:
    text = seen(passer.open("/privacy"))
    assert "forgotten 28 days after your last alert ended" in text
    assert "consent" in text
