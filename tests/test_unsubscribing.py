"""Stopping: one click in the mail program (RFC 8058), a button on a page, and what nobody reads any more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
from alerts import NOW, ROSA, Place, place_of, text_of
from cast import MO, Visitor, seen
from click.testing import CliRunner
from mail import MailServer
from marlshire_timeline import row, take_rows

from bot.alert_links import Stop, numbers_in, unsubscribe_path
from bot.channels.mail import mail_of
from bot.channels.unsubscribing import one_click
from bot.commands.suppression import allow, suppress
from bot.commands.working import worker_of
from handlers.letters import Letter
from handlers.messages import Choice, Outcome, Reply
from handlers.undelivered import undeliverable
from knowledge.outbox.owed import Owed
from knowledge.outbox.owing import owe
from knowledge.parties import party_of, unreachable
from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import Criteria, State
from knowledge.subscriptions.suppressing import Reason, why_suppressed
from knowledge.tables import notification, suppression
from knowledge.timeline.when import read_when

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
SENDER = Address("The desk", addr_spec="desk@marl.example.org")
FERRIES = Criteria(words=("ferries",))


@pytest.fixture
def place(home: Path) -> Iterator[Place]:
    with place_of(home) as made:
        yield made


def states(place: Place) -> list[State]:
    return [one.state for one in place.all()]


# --- one click ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [ONE_CLICK, {}])
def test_one_click_stops_at_once_without_cookie_token_or_redirect(place: Place, body: dict[str, str]) -> None:
    """Notify and some mail programs send an empty POST, others the line of the RFC."""
    place.subscribe()
    path = place.stopping(1)
    client = place.app.test_client(use_cookies=False)
    answer = client.post(path, data=body)
    assert (answer.status_code, answer.headers.get("Location"), answer.headers.get("Set-Cookie")) == (200, None, None)
    assert states(place) == [State.ENDED]
    assert (place.all()[0].ended_why, place.all()[0].ended_at) == ("unsubscribed", NOW)
    place.clock.now += DAY
    again = client.post(path, data=body)
    assert again.status_code == 200, "a repeat is as good"
    assert place.all()[0].ended_at == NOW


def test_looking_stops_nothing(place: Place) -> None:
    """Mail scanners follow every link."""
    place.subscribe()
    for method in ("GET", "HEAD", "OPTIONS"):
        assert place.app.test_client().open(place.stopping(1), method=method).status_code == 200
    assert states(place) == [State.ACTIVE]
    assert "Stop this alert?" in Visitor(place.app).open(place.stopping(1))


def test_a_link_stops_what_brought_the_letter_and_nothing_else(place: Place) -> None:
    for _ in range(2):
        place.subscribe()
    place.subscribe(criteria=FERRIES)
    place.subscribe("mina@example.org")
    answer = place.app.test_client().post(place.stopping(1, 3, 4))
    assert states(place) == [State.ENDED, State.ACTIVE, State.ENDED, State.ACTIVE]
    page = text_of(answer)
    assert "Home care" in page
    assert "ferries" in page
    assert "S-4" not in page
    assert "You have 1 other alert, which goes on." in page


def test_what_is_paused_can_be_stopped_too(place: Place) -> None:
    place.subscribe()
    with place.wiring.store.writing() as connection:
        record.pause(connection, 1, NOW)
    place.app.test_client().post(place.stopping(1))
    assert states(place) == [State.ENDED]


def test_whoever_is_told_can_stop_what_another_set_up(place: Place) -> None:
    with place.wiring.store.writing() as connection:
        id = record.propose(connection, NOW, recipient=ROSA, owner="U0PRUE", channel="email", sentence="x",
                            criteria=FERRIES, every="daily")  # fmt: skip
        record.agree(connection, id, NOW)
    place.app.test_client().post(place.stopping(1))
    assert states(place) == [State.ENDED]


@pytest.mark.parametrize("spoilt", ["x", "{}x", "{}"])
def test_a_link_that_the_desk_did_not_write_stops_nothing(place: Place, spoilt: str) -> None:
    place.subscribe()
    token = place.stopping(1).rsplit("/", 1)[1]
    if spoilt == "{}":
        token = place.managing().rsplit("/", 1)[1]
    answer = place.app.test_client().post(f"/alerts/unsubscribe/{spoilt.format(token)}")
    assert answer.status_code == 404
    assert answer.headers.get("Location") is None
    assert states(place) == [State.ACTIVE]


def test_a_link_works_as_long_as_anybody_keeps_the_letter(place: Place) -> None:
    place.subscribe()
    path = place.stopping(1)
    place.clock.now += 3_600 * DAY
    assert place.app.test_client().post(path).status_code == 200
    assert states(place) == [State.ENDED]


def test_an_old_letter_stops_what_it_brought_and_opens_nothing_else(place: Place) -> None:
    """The link to all alerts works for a year: that which stops, for ten, is no way round it."""
    place.subscribe()
    place.subscribe(criteria=FERRIES)
    path = place.stopping(1)
    place.clock.now += 367 * DAY
    for answer in (place.app.test_client().get(path), place.app.test_client().post(path)):
        page = answer.get_data(as_text=True)
        assert "/alerts/manage/" not in page
        assert 'href="/alerts/mine"' in page
    place.clock.now -= DAY
    assert "/alerts/manage/" in place.app.test_client().get(path).get_data(as_text=True)


def test_stopped_by_mistake_is_started_again_by_another_press(place: Place) -> None:
    place.subscribe()
    rosa, path = Visitor(place.app), place.stopping(1)
    page = rosa.client.post(path).get_data(as_text=True)
    again = re.search(r'href="(/alerts/again/[^"]+)"', page)
    assert again
    place.clock.now += DAY
    assert "Start again?" in rosa.open(again[1])
    assert states(place) == [State.ENDED]
    assert "From now on you hear of: Home care" in text_of(rosa.send(again[1]))
    old, new = place.all()
    assert (old.state, new.state, new.since, new.criteria) == (State.ENDED, State.ACTIVE, NOW + DAY, old.criteria)
    assert "Start again" not in seen(rosa.open(path)), "it is running"
    rosa.send(again[1])
    assert len(place.all()) == 2


def test_what_bounced_or_was_complained_of_is_not_started_again(place: Place) -> None:
    place.subscribe()
    with place.wiring.store.writing() as connection:
        record.end(connection, 1, "complaint", NOW)
    path = place.stopping(1)
    assert "Start again" not in seen(Visitor(place.app).open(path))
    Visitor(place.app).send(path.replace("unsubscribe", "again"))
    assert states(place) == [State.ENDED]


def test_only_numbers_are_read_from_a_link() -> None:
    assert numbers_in("3,7") == (3, 7)
    assert numbers_in(" 3, x,-1,9999999999,²,") == (3,)
    assert unsubscribe_path("a key of tests, long", Stop(1, ()), NOW) == ""


# --- letters ------------------------------------------------------------------------------------------------------


def letter(unsubscribe: str = "3,7", choices: tuple[Choice, ...] = ()) -> Letter:
    reply = Reply(outcome=Outcome.SUBSCRIPTION, text="Home care in Thanet is planned.", choices=choices)
    return Letter(id="0" * 32, kind="intention", address=ROSA, subject="New: home care", reply=reply,
                  unsubscribe=unsubscribe)  # fmt: skip


def headers(place: Place, given: Letter) -> bytes:
    mail = mail_of(given, SENDER, place.wiring.link_for, NOW)
    return mail.as_bytes().partition(b"\r\n\r\n")[0]


def test_a_letter_to_a_subscriber_says_how_to_stop_to_programs_and_to_people(place: Place) -> None:
    mail = mail_of(letter(), SENDER, place.wiring.link_for, NOW)
    address = str(mail["List-Unsubscribe"])
    assert re.fullmatch(r"<https://desk\.example\.org/alerts/unsubscribe/[\w.-]+>", address)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "Alerts <alerts.marl.example.org>"
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "bulk")
    plain, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    for body in (plain, page):
        assert address.strip("<>") in body
        assert "/alerts/manage/" in body
        assert "Stop these alerts" in body


def test_a_click_on_what_the_letter_says_stops_both_its_alerts(place: Place) -> None:
    for _ in range(7):
        place.subscribe()
    address = one_click(letter(), place.wiring.link_for)
    assert place.app.test_client().post(address.removeprefix("https://desk.example.org")).status_code == 200
    assert [one.id for one in place.all() if one.state is State.ENDED] == [3, 7]


def test_a_long_link_stays_whole(place: Place) -> None:
    """Python breaks long headers into encoded words, in which no mail program finds an address."""
    many = ",".join(str(number) for number in range(100_000, 100_050))
    found = re.search(rb"^List-Unsubscribe: <(https://[^>\s]+)>\r?$", headers(place, letter(many)), re.MULTILINE)
    assert found
    assert len(found[0]) < 998
    assert b"=?utf-8" not in headers(place, letter(many))


def test_other_letters_have_none_of_it(place: Place) -> None:
    told = headers(place, letter(""))
    for name in (b"List-", b"Precedence"):
        assert name not in told


def test_a_desk_without_a_public_address_leaves_the_headers_out(home: Path) -> None:
    with place_of(home, DESK_URL="") as place:
        told = headers(place, letter())
    assert b"List-Unsubscribe" not in told
    assert b"List-Id" in told


def test_the_letters_own_words_for_stopping_are_kept_and_stand_last(place: Place) -> None:
    choices = (
        Choice(label="Stop S-3", action="unsubscribe", about="3"),
        Choice(label="Open", action="open_intention", about="MCI-001"),
    )
    mail = mail_of(letter(choices=choices), SENDER, place.wiring.link_for, NOW)
    plain = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert plain.index("/timeline/MCI-001") < plain.index("Stop S-3:") < plain.index("Change or pause")
    assert "Stop these alerts" not in plain


def test_from_the_page_through_a_mail_server_and_out_again_by_one_click(home: Path) -> None:
    with MailServer() as server, place_of(home, DESK_SMTP_PORT=str(server.port)) as place:
        place.clock.now = now = datetime.now(UTC) - 10 * SECOND  # the outbox goes by the clock of the database
        rosa, worker = Visitor(place.app), worker_of(place.wiring)
        place.ask(rosa, "home care", ROSA)
        worker.run_until_idle()
        (asks,) = server.await_mail()
        assert asks["To"] == ROSA
        assert asks["List-Unsubscribe"] is None, "there is nothing to stop yet"
        assert "is confirmed" in text_of(rosa.send(_path(asks, "confirm"), do="confirm"))
        planned = {
            "title": "Home care in High Marl",
            "category": "Home care",
            "tender": read_when(f"{now.year + 2}-03"),
        }
        take_rows(place.wiring.store, [row("INT-900", **planned)], now + SECOND)
        worker.run_until_idle()
        told = server.await_mail(2)[1]
        assert "Home care in High Marl" in str(told["Subject"])
        assert str(told["List-Unsubscribe"]) == f"<https://desk.example.org{_path(told, 'unsubscribe')}>"
        assert "S-1" in rosa.open(_path(told, "manage"))
        stranger = place.app.test_client(use_cookies=False)
        assert stranger.post(_path(told, "unsubscribe"), data=ONE_CLICK).status_code == 200
        assert states(place) == [State.ENDED]
        moved = {**planned, "tender": read_when(f"{now.year + 2}-04")}
        take_rows(place.wiring.store, [row("INT-900", reason="The panel meets later.", **moved)], now + 2 * SECOND)
        worker.run_until_idle()
        assert len(server.arrived) == 2, "whoever has stopped hears of no change"


def _path(mail: EmailMessage, what: str) -> str:
    """Where a link of an e-mail leads, below the desk's address."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https://desk\.example\.org(/alerts/{what}/\S+)", body.get_content())
    assert found, body.get_content()
    return found[1]


# --- nothing arrives there ----------------------------------------------------------------------------------------


def owed_of(place: Place, kind: str, recipient: str, channel: str) -> Owed:
    with place.wiring.store.writing() as connection:
        owe(connection, NOW, kind=kind, subject=f"{kind}:1", recipient=recipient, channel=channel)
        row = connection.execute(sa.select(notification).where(notification.c.kind == kind)).one()
    return Owed(row.id, kind, row.subject, recipient, channel, None, {}, False, 1, NOW, "")


@pytest.mark.parametrize("kind", ["intention", "closing", "roundup", "confirm"])
def test_a_hard_bounce_ends_all_that_went_there_and_suppresses_the_address(place: Place, kind: str) -> None:
    place.subscribe()
    place.subscribe(criteria=FERRIES)
    place.subscribe("mina@example.org")
    for _ in range(2):  # a worker that dies here is followed by another
        undeliverable(owed_of(place, kind, ROSA, "email"), "no such mailbox", place.wiring.desk)
    assert states(place) == [State.ENDED, State.ENDED, State.ACTIVE]
    assert {one.ended_why for one in place.all()[:2]} == {"bounced"}
    with place.wiring.store.reading() as connection:
        assert why_suppressed(connection, ROSA) is Reason.BOUNCED
        assert unreachable(connection) == {ROSA: "no such mailbox"}
        assert ROSA not in str(connection.execute(sa.select(suppression)).all())
    place.ask(Visitor(place.app), "ferries", ROSA)
    assert [one.recipient for one in place.owed()] == ([place.party()] if kind == "confirm" else [])


@pytest.mark.parametrize("recipient", ["U0PRUE", "C0MARKET"])
def test_somebody_gone_from_slack_is_told_no_more(place: Place, recipient: str) -> None:
    with place.wiring.store.writing() as connection:
        id = record.propose(connection, NOW, recipient=recipient, owner="U0PRUE", channel="slack", sentence="x",
                            criteria=FERRIES, every="daily")  # fmt: skip
        record.agree(connection, id, NOW)
    undeliverable(owed_of(place, "roundup", recipient, "slack"), "no Slack user", place.wiring.desk)
    assert (place.all()[0].state, place.all()[0].ended_why) == (State.ENDED, "gone")
    with place.wiring.store.reading() as connection:
        assert connection.execute(sa.select(suppression)).all() == []


def test_a_bounce_of_another_kind_ends_no_alerts(place: Place) -> None:
    place.subscribe(MO.email)
    undeliverable(owed_of(place, "sign_in", MO.email, "email"), "no such mailbox", place.wiring.desk)
    assert states(place) == [State.ACTIVE]


# --- by command ---------------------------------------------------------------------------------------------------


def test_a_complaint_is_taken_in_by_command_and_taken_back(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in cast.environment(place.wiring.settings.home).items():
        monkeypatch.setenv(name, value)
    place.subscribe()
    done = CliRunner().invoke(suppress, [ROSA.upper(), "--reason", "complaint", "--json"])
    assert (done.exit_code, done.stdout) == (0, '{"suppressed": true, "new": true, "ended": 1}\n')
    assert (states(place), place.all()[0].ended_why) == ([State.ENDED], "complaint")
    place.ask(Visitor(place.app), "ferries", ROSA)
    assert place.owed() == []
    assert CliRunner().invoke(suppress, ["nobody"]).exit_code == 2
    done = CliRunner().invoke(allow, [ROSA, "--json"])
    assert done.stdout == '{"allowed": true, "was_suppressed": true}\n'
    place.ask(Visitor(place.app), "ferries", ROSA)
    assert len(place.owed()) == 1


def test_a_party_without_alerts_has_nothing_to_stop(place: Place) -> None:
    with place.wiring.store.writing() as connection:
        party_of(connection, ROSA)
    assert place.app.test_client().post(place.stopping(1)).status_code == 200
    assert states(place) == []
