"""E-mail by GOV.UK Notify: what leaves, that it leaves once, and what a refusal means: again, or never."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from cast import MAX, OLIVE, Visitor
from click.testing import CliRunner
from mail import MailServer
from notify_server import KEY, REPLY_TO, SERVICE, TEMPLATE, Fault, NotifyServer
from processes import free_port

from bot.__main__ import desk as desk_command
from bot.channels import Again, Never, channels_of
from bot.channels.notify import PATIENCE, Notify, NotifyChannel
from bot.checking.mail import check_mail
from bot.checking.notify import check_notify
from bot.settings import SettingsError, load_settings
from bot.wiring import Wiring
from bot.worker import Worker
from handlers.checking.findings import Finding, Severity
from handlers.letters import Letter
from handlers.messages import Choice, Citation, Group, Item, Outcome, Reply, Table
from knowledge.outbox.claiming import LEASE, claim
from knowledge.outbox.listing import notifications
from knowledge.outbox.owing import owe
from knowledge.tables import notification
from webhooks import create_app

ID = "0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)
REPLY = Reply(
    outcome=Outcome.TIMELINE, text="The home care tender has moved.\nIt was to open in May, and opens in July.",
    choices=(Choice(label="Open the intention", action="open_intention", about="INT-7"),
             Choice(label="Stop these alerts", action="unsubscribe", about="3,7"),
             Choice(label="Nowhere", action="form", opens_form=True)),
    notes=("You asked for “home care in Thanet”.",),
)  # fmt: skip


@pytest.fixture
def server() -> Iterator[NotifyServer]:
    with NotifyServer() as opened:
        yield opened


def link_for(choice: Choice, letter: Letter) -> str:
    about = choice.about or letter.unsubscribe
    return "" if choice.action == "form" else f"https://desk.example.org/{choice.action}/{about}"


def letter(**more: Any) -> Letter:
    given = {"id": ID, "kind": "intention", "address": MAX.email, "name": MAX.name, "subject": "Home care: moved"}
    return Letter.model_validate({**given, "reply": REPLY, **more})


def channel_to(server: NotifyServer, **more: Any) -> NotifyChannel:
    given = {"key": KEY, "template": TEMPLATE, "url": server.url, "patience": 5.0, **more}
    return NotifyChannel(Notify(**given), link_for, lambda: NOW)


def refusal(channel: NotifyChannel, sent: Letter | None = None, again: bool = False) -> Again | Never:
    with pytest.raises((Again, Never)) as caught:
        channel.send(sent or letter(), again)
    assert isinstance(caught.value, Again | Never)
    assert "@" not in caught.value.reason, "reasons are stored and logged"
    return caught.value


# --- what leaves --------------------------------------------------------------------------------------------------


def test_a_letter_is_handed_over_with_the_notifications_id(server: NotifyServer) -> None:
    place = channel_to(server).send(letter(), again=False)
    [mail] = server.arrived
    assert place == {"notify": mail.id, "copies": 1}
    assert mail.given["reference"] == ID
    assert mail.given["email_address"] == MAX.email
    assert mail.given["template_id"] == TEMPLATE
    assert "email_reply_to_id" not in mail.given
    assert MAX.email not in mail.given["reference"]


def test_all_a_letter_says_is_in_its_three_places_and_links_in_one_of_their_own(server: NotifyServer) -> None:
    table = Table(columns=("Reference", "Title"), rows=(("INT-7", "Home care"), ("INT-8", "Day care")), total=2)
    quote = Citation(document="FW", title="The framework", locator="7.9", quote="Tell every provider at once.")
    reply = REPLY.model_copy(update={"table": table, "citations": (quote,)})
    channel_to(server).send(letter(reply=reply), again=False)
    says = server.arrived[0].says
    assert says["subject"] == "Home care: moved"
    assert says["body"].split("\n\n") == [
        "The home care tender has moved.", "It was to open in May, and opens in July.",
        "- Reference: INT-7; Title: Home care\n- Reference: INT-8; Title: Day care",
        "“Tell every provider at once.”\n7.9 · The framework · FW", "You asked for “home care in Thanet”.",
    ]  # fmt: skip
    assert says["links"] == (
        "Open the intention:\nhttps://desk.example.org/open_intention/INT-7\n\n"
        "Stop these alerts:\nhttps://desk.example.org/unsubscribe/3,7"
    )


def test_what_others_wrote_is_made_harmless_by_notify_and_our_links_are_not(server: NotifyServer) -> None:
    text = "[Click](https://evil.example.org) # now"
    channel_to(server).send(letter(reply=REPLY.model_copy(update={"text": text}), subject=text), again=False)
    given = server.arrived[0].given
    assert sorted(given["sanitise_content_for"]) == ["body", "subject"]
    assert "evil" not in given["personalisation"]["links"]


def test_a_label_that_quotes_somebody_is_made_harmless_by_us(server: NotifyServer) -> None:
    choice = Choice(label="Open [this](https://evil.example.org) *now*", action="open_intention", about="INT-7")
    channel_to(server).send(letter(reply=REPLY.model_copy(update={"choices": (choice,)})), again=False)
    assert server.arrived[0].says["links"] == "Open now:\nhttps://desk.example.org/open_intention/INT-7"


def test_a_round_up_has_its_words_in_one_place_and_its_links_in_the_other(server: NotifyServer) -> None:
    items = (Item(title="Home care", reference="INT-7", lines=("Opens in July, not in May.",)),)
    reply = REPLY.model_copy(update={"groups": (Group(heading="Changed", items=items),), "choices": ()})
    channel_to(server).send(letter(reply=reply), again=False)
    says = server.arrived[0].says
    assert "Home care (INT-7)\n  Opens in July, not in May." in says["body"]
    assert "https://" not in says["body"]
    assert says["links"] == "INT-7:\nhttps://desk.example.org/open_intention/INT-7"


def test_a_letter_without_links_fills_their_place_with_nothing(server: NotifyServer) -> None:
    channel_to(server).send(letter(reply=REPLY.model_copy(update={"choices": ()})), again=False)
    assert server.arrived[0].says["links"] == ""


def test_alerts_are_ended_with_one_click_and_letters_nobody_subscribes_to_are_not(server: NotifyServer) -> None:
    channel_to(server).send(letter(unsubscribe="3,7"), again=False)
    channel_to(server).send(letter(), again=False)
    first, second = (mail.given for mail in server.arrived)
    assert first["personalisation"]["links"].endswith(
        "Change or pause your alerts:\nhttps://desk.example.org/manage_alerts/3,7"
    )
    assert first["one_click_unsubscribe_url"] == "https://desk.example.org/unsubscribe/3,7"
    assert "one_click_unsubscribe_url" not in second


def test_one_click_is_left_out_where_the_desk_has_no_https_address(server: NotifyServer) -> None:
    """Notify refuses a letter with any other, and the visible link is there."""
    for address in ("http://127.0.0.1:8000/u/1", ""):
        service = Notify(KEY, TEMPLATE, server.url)
        NotifyChannel(service, lambda choice, letter, address=address: address).send(letter(unsubscribe="3"), False)
    assert [mail.given.get("one_click_unsubscribe_url") for mail in server.arrived] == [None, None]


def test_answers_go_where_the_council_reads_them(server: NotifyServer) -> None:
    channel_to(server, reply_to=REPLY_TO).send(letter(), again=False)
    assert server.arrived[0].given["email_reply_to_id"] == REPLY_TO


def test_the_real_channel_makes_the_letter_of_a_desk(server: NotifyServer, tmp_path: Path) -> None:
    more = {"DESK_URL": "https://desk.example.org", "DESK_NOTIFY_REPLY_TO": REPLY_TO, **server.settings}
    wiring = Wiring(cast.settings(tmp_path, **more))
    link = Choice(label="Sign in", action="sign_in", about="0" * 64)
    wiring.channels["email"].send(letter(reply=REPLY.model_copy(update={"choices": (link,)})), False)
    assert server.arrived[0].says["links"].startswith("Sign in:\nhttps://desk.example.org/sign-in/link/")
    wiring.store.close()


def test_each_thread_has_a_client_of_its_own(server: NotifyServer) -> None:
    """Notify's client is not to be shared."""
    channel = channel_to(server)
    seen: list[object] = []

    def send(number: int) -> None:
        channel.send(letter(id=f"{number:032x}"), again=False)
        seen.append(channel._clients.mine())
        assert channel._clients.mine() is seen[-1]

    for number in range(3):
        thread = threading.Thread(target=send, args=(number,))
        thread.start()
        thread.join()
    assert len({id(one) for one in seen}) == 3
    assert len(server.arrived) == 3


def test_a_letter_ends_within_its_lease() -> None:
    assert 2 * timedelta(seconds=PATIENCE) < LEASE


# --- once ---------------------------------------------------------------------------------------------------------


def test_what_left_before_a_crash_is_not_sent_again(server: NotifyServer) -> None:
    first = channel_to(server).send(letter(), again=False)
    assert channel_to(server).send(letter(), again=True) == first
    assert server.references == [ID]


def test_what_did_not_leave_is_sent(server: NotifyServer) -> None:
    channel_to(server).send(letter(id="f" * 32), again=False)
    channel_to(server).send(letter(), again=True)
    assert server.references == ["f" * 32, ID]


def test_what_notify_took_and_said_it_had_not_is_not_sent_again(server: NotifyServer) -> None:
    server.will(Fault(502, taken=True))
    assert isinstance(refusal(channel_to(server)), Again)
    channel_to(server).send(letter(), again=True)
    assert server.references == [ID]


@pytest.mark.parametrize("status", ["technical-failure", "temporary-failure", "permanent-failure"])
def test_a_copy_that_failed_at_notify_is_no_reason_not_to_send(server: NotifyServer, status: str) -> None:
    channel_to(server).send(letter(), again=False)
    server.arrived[0].status = status
    place = channel_to(server).send(letter(), again=True)
    assert place == {"notify": server.arrived[1].id, "copies": 2}
    assert channel_to(server).send(letter(), again=True) == place


def test_where_notify_cannot_be_asked_nothing_is_sent(server: NotifyServer) -> None:
    channel_to(server).send(letter(), again=False)
    server.will(Fault(500))
    assert isinstance(refusal(channel_to(server), again=True), Again)
    assert server.references == [ID]


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "reason", "whole", "after"),
    [
        (Fault(429, "RateLimitError", "Exceeded rate limit"), "asks to wait", True, None),
        (Fault(429, "TooManyRequestsError", "Exceeded send limits (250000) for today"), "limit of the day", True,
         timedelta(hours=2, minutes=35)),
        (Fault(500), "fails (500)", False, None),
        (Fault(503, text="<html>busy</html>"), "fails (503)", False, None),
        (Fault(403, "AuthError", "Error: Your system clock must be accurate"), "refuses us (403)", True, None),
        (Fault(401, "AuthError", "Unauthorized"), "refuses us (401)", True, None),
        (Fault(404, "NoResultFound", "No result found"), "refuses us (404)", True, None),
        (Fault(201, text="not JSON"), "cannot be read", False, None),
        (Fault(201, text="[]"), "cannot be read", False, None),
        (Fault(201, text="{}"), "cannot be read", False, None),
    ],
)  # fmt: skip
def test_what_is_tried_again(
    server: NotifyServer, fault: Fault, reason: str, whole: bool, after: timedelta | None
) -> None:
    server.will(fault)
    found = refusal(channel_to(server))
    assert isinstance(found, Again)
    assert reason in found.reason
    assert (found.whole_channel, found.after) == (whole, after)


@pytest.mark.parametrize(
    ("address", "unreachable"),
    [("max..x@example.org", True), ("max@example", True), ("no-reply@example.org", True), ("U0MANAGER", True),
     ("jörg@example.org", True), ("not.invited@example.org", False)],
)  # fmt: skip
def test_what_is_never_sent_and_whether_the_address_is_to_blame(
    server: NotifyServer, address: str, unreachable: bool
) -> None:
    server.trial = {MAX.email, "max..x@example.org"}
    found = refusal(channel_to(server), letter(address=address))
    assert isinstance(found, Never)
    assert found.unreachable is unreachable, "in trial mode everybody would seem gone"
    assert server.arrived == []


def test_a_template_that_lacks_something_is_the_letters_fault_and_nobodys_address(server: NotifyServer) -> None:
    server.template.body += " ((name))"
    found = refusal(channel_to(server))
    assert isinstance(found, Never)
    assert not found.unreachable


def test_a_wrong_key_stops_the_channel_and_blames_nobody(server: NotifyServer) -> None:
    other = f"desk-{SERVICE}-{SERVICE}"
    found = refusal(channel_to(server, key=other))
    assert isinstance(found, Again)
    assert found.whole_channel
    assert server.arrived == []


def test_a_server_that_hangs_or_is_not_there_is_tried_again(server: NotifyServer) -> None:
    gate = threading.Event()
    server.will(Fault(gate=gate))
    found = refusal(channel_to(server, patience=0.2))
    gate.set()
    assert (found.reason, getattr(found, "whole_channel", None)) == ("Notify does not answer", True)
    found = refusal(channel_to(server, url=f"http://127.0.0.1:{free_port()}"))
    assert isinstance(found, Again)
    assert found.whole_channel


def test_nothing_that_notify_says_is_logged(server: NotifyServer, caplog: pytest.LogCaptureFixture) -> None:
    server.will(Fault(400, "ValidationError", f"email_address {MAX.email} is no address"))
    with caplog.at_level(logging.DEBUG):
        refusal(channel_to(server))
    assert MAX.email not in caplog.text


# --- settings -----------------------------------------------------------------------------------------------------

SMTP = {"DESK_SMTP_HOST": "127.0.0.1", "DESK_MAIL_FROM": "desk@example.org", "DESK_SMTP_SECURITY": "none"}
BOTH = {"DESK_NOTIFY_KEY": KEY, "DESK_NOTIFY_TEMPLATE": TEMPLATE}


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"DESK_NOTIFY_KEY": KEY}, "DESK_NOTIFY_TEMPLATE: is needed"),
        ({**BOTH, "DESK_NOTIFY_KEY": SERVICE}, "DESK_NOTIFY_KEY: is an API key"),
        ({**BOTH, "DESK_NOTIFY_TEMPLATE": "alerts"}, "DESK_NOTIFY_TEMPLATE: is an id"),
        ({**BOTH, "DESK_NOTIFY_REPLY_TO": "desk@example.org"}, "DESK_NOTIFY_REPLY_TO: is an id"),
        ({**BOTH, "DESK_NOTIFY_TOKEN": "short"}, "DESK_NOTIFY_TOKEN: is shorter"),
        ({**BOTH, "DESK_NOTIFY_URL": "http://notify.example.org"}, "DESK_NOTIFY_URL: is an https address"),
    ],
)
def test_settings_of_notify_that_do_not_do_are_told(tmp_path: Path, more: dict[str, str], wrong: str) -> None:
    with pytest.raises(SettingsError, match=wrong):
        load_settings(cast.environment(tmp_path, **more))


def test_notify_is_used_where_a_mail_server_is_set_as_well(server: NotifyServer, tmp_path: Path) -> None:
    with MailServer() as mail:
        more = {**SMTP, "DESK_SMTP_PORT": str(mail.port), **server.settings}
        wiring = Wiring(cast.settings(tmp_path, **more))
        assert channels_of(wiring.settings) == {"email"}
        wiring.channels["email"].send(letter(), False)
        assert (len(server.arrived), mail.arrived) == (1, [])
        assert check_mail(wiring.settings) == []


# --- everything else the desk sends -------------------------------------------------------------------------------


def worker_of(wiring: Wiring) -> Worker:
    duties = wiring.duties
    return Worker(wiring, wiring.channels, duties.compose, duties.undeliverable, lambda: 0)


def test_a_link_to_sign_in_goes_by_notify(server: NotifyServer, sample_home: Path, tmp_path: Path) -> None:
    home = cast.copy_home(sample_home, tmp_path / "desk")
    wiring = Wiring(cast.settings(home, DESK_URL="https://desk.example.org", **server.settings))
    visitor = Visitor(create_app(wiring))
    visitor.send("/sign-in", email=OLIVE.email)
    worker_of(wiring).run_until_idle()
    [mail] = server.arrived
    assert mail.given["email_address"] == OLIVE.email
    assert "https://desk.example.org/sign-in/link/" in mail.says["links"]
    path = mail.says["links"].rpartition("https://desk.example.org")[2]
    assert "Olive" in visitor.send(path).get_data(as_text=True)
    wiring.store.close()


def test_a_concern_reaches_whoever_carries_it_by_notify(
    server: NotifyServer, county_home: Path, tmp_path: Path
) -> None:
    home = cast.copy_home(county_home, tmp_path / "desk")
    wiring = Wiring(cast.settings(home, DESK_URL="https://desk.example.org", **server.settings))
    with wiring.store.writing() as connection:
        for number in range(3):
            owe(connection, wiring.desk.now(), kind="parked", subject=f"parked:{number}", recipient=MAX.email,
                channel="email")  # fmt: skip
    worker_of(wiring).run_until_idle()
    assert [mail.given["email_address"] for mail in server.arrived] == [MAX.email] * 3
    assert len(set(server.references)) == 3
    assert [one.state for one in notifications(wiring.store, settled=True)] == ["sent"] * 3
    with wiring.store.reading() as connection:
        places = connection.execute(sa.select(notification.c.place, notification.c.receipt)).all()
    assert {row.receipt for row in places} == {""}, "only Notify knows whether they arrived"
    assert {row.place["notify"] for row in places} == {mail.id for mail in server.arrived}
    wiring.store.close()


def test_what_a_dead_worker_had_handed_over_is_not_handed_over_again(
    server: NotifyServer, sample_home: Path, tmp_path: Path
) -> None:
    wiring = Wiring(cast.settings(cast.copy_home(sample_home, tmp_path / "desk"), **server.settings))
    with wiring.store.writing() as connection:
        now = wiring.store.now(connection) - timedelta(seconds=1)
        owe(connection, now, kind="parked", subject="parked:1", recipient=MAX.email, channel="email")
    [held] = claim(wiring.store, "dead", "email", urgent=False)
    made = wiring.duties.compose(held)
    assert made
    wiring.channels["email"].send(made, False)
    with wiring.store.writing() as connection:
        connection.execute(sa.update(notification).values(lease_until=now))
    assert worker_of(wiring).run_until_idle() == 1
    assert server.references == [held.id]
    [standing] = notifications(wiring.store, settled=True)
    assert (standing.state, standing.attempts) == ("sent", 2)
    wiring.store.close()


# --- desk check ---------------------------------------------------------------------------------------------------


def found_by(server: NotifyServer, home: Path, **more: str) -> list[Finding]:
    return check_notify(cast.settings(home, **{**server.settings, **more}))


def test_check_says_that_the_key_works_and_the_template_is_whole(server: NotifyServer, tmp_path: Path) -> None:
    [found] = found_by(server, tmp_path, DESK_NOTIFY_TOKEN="a token of sixteen")
    assert found.severity is Severity.FINE
    assert "takes the key" in found.what
    assert server.arrived == []


@pytest.mark.parametrize(
    ("change", "says"),
    [({"subject": "News"}, "lacks ((subject))"), ({"body": "((body))"}, "lacks ((links))"),
     ({"body": "hello"}, "lacks ((body)), ((links))"), ({"type": "sms"}, "none for e-mail"),
     ({"body": "Dear ((name)), ((body)) ((links))"}, "does not send: name")],
)  # fmt: skip
def test_check_names_what_the_template_lacks(
    server: NotifyServer, tmp_path: Path, change: dict[str, str], says: str
) -> None:
    vars(server.template).update(change)
    [found] = [one for one in found_by(server, tmp_path) if one.severity is Severity.MISSING]
    assert says in found.what
    assert found.do


def test_check_says_that_the_key_or_the_clock_is_wrong(server: NotifyServer, tmp_path: Path) -> None:
    [found] = found_by(server, tmp_path, DESK_NOTIFY_KEY=f"desk-{SERVICE}-{SERVICE}")
    assert found.severity is Severity.MISSING
    assert "(403)" in found.what


def test_check_says_which_of_two_ways_is_used_and_that_receipts_are_asked_for(
    server: NotifyServer, tmp_path: Path
) -> None:
    doubtful = [one.what for one in found_by(server, tmp_path, **SMTP) if one.severity is Severity.WARNING]
    assert len(doubtful) == 2
    assert "Notify is used, the mail server is not" in doubtful[0]
    assert check_notify(cast.settings(tmp_path)) == []


def test_check_sends_one_letter_by_notify(server: NotifyServer, sample_home: Path, tmp_path: Path) -> None:
    home = cast.copy_home(sample_home, tmp_path / "desk")
    environment = cast.environment(home, **server.settings)
    done = CliRunner().invoke(desk_command, ["check", "--send-to", MAX.email, "--json"], env=environment)
    assert any("see that it arrives" in one["what"] for one in json.loads(done.stdout)["findings"])
    assert [mail.given["email_address"] for mail in server.arrived] == [MAX.email]
