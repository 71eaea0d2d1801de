"""Channels: what leaves, what it looks like, and what a refusal means: again, or never."""

from __future__ import annotations

import io
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import MAX, MO, environment, settings
from fake_slack import BOT_TOKEN, Answer, FakeSlack
from mail import MailServer, certificate
from processes import free_port

from bot.channels import Again, Never, channels_of, open_channels
from bot.channels.screen import ScreenChannel
from bot.channels.slack import SlackChannel
from bot.channels.smtp import Server, SmtpChannel
from bot.settings import SettingsError, load_settings
from handlers.letters import Letter
from handlers.messages import Choice, Citation, Outcome, Reply, Table

SENDER = "Marlshire County Council <desk@marl.example.org>"
ID = "0123456789abcdef0123456789abcdef"
ACKNOWLEDGE = Choice(label="Acknowledge", action="acknowledge", about="12")
PLAIN = Reply(
    outcome=Outcome.CONCERN, text="A concern about potholes is yours.\nAcknowledge it by Tuesday.",
    choices=(ACKNOWLEDGE, Choice(label="Pass on", action="pass", about="12", opens_form=True)),
    notes=("It was raised on Monday.",), concern="C-0012",
)  # fmt: skip


def letter(**more: Any) -> Letter:
    """A letter to Max."""
    given = {"id": ID, "kind": "raised", "address": MAX.email, "name": MAX.name, "subject": "C-0012: potholes"}
    return Letter.model_validate({**given, "reply": PLAIN, **more})


def link_for(choice: Choice, letter: Letter) -> str:
    return f"https://desk.example.org/{choice.action}/{choice.about}" if not choice.opens_form else ""


# --- which are on -------------------------------------------------------------------------------------------------

MAIL = {"DESK_SMTP_HOST": "127.0.0.1", "DESK_MAIL_FROM": SENDER, "DESK_SMTP_SECURITY": "none"}


@pytest.mark.parametrize(
    ("more", "on"),
    [
        ({}, {"screen"}),
        (MAIL, {"email"}),
        ({"SLACK_BOT_TOKEN": BOT_TOKEN}, {"slack"}),
        ({**MAIL, "SLACK_BOT_TOKEN": BOT_TOKEN}, {"slack", "email"}),
    ],
)
def test_settings_switch_channels_on_and_the_screen_is_for_where_there_is_none(
    tmp_path: Path, more: dict[str, str], on: set[str]
) -> None:
    these = settings(tmp_path, **more)
    assert channels_of(these) == on
    assert set(open_channels(these, link_for)) == on


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"DESK_SMTP_HOST": "mail.example.org"}, "DESK_MAIL_FROM: is needed"),
        ({**MAIL, "DESK_SMTP_HOST": "mail.example.org"}, "DESK_SMTP_SECURITY: none only"),
        ({**MAIL, "DESK_SMTP_HOST": "127.0.0.1.example.org"}, "DESK_SMTP_SECURITY: none only"),
        ({**MAIL, "DESK_SMTP_SECURITY": "ssl"}, "DESK_SMTP_SECURITY: is one of"),
        ({**MAIL, "DESK_SMTP_USER": "desk"}, "DESK_SMTP_USER: goes together"),
        ({**MAIL, "DESK_MAIL_FROM": "the desk"}, "DESK_MAIL_FROM: is an address"),
        ({**MAIL, "DESK_MAIL_FROM": "a@example.org\r\nBcc: b@example.org"}, "DESK_MAIL_FROM: is an address"),
        ({**MAIL, "DESK_SMTP_PORT": "0"}, "DESK_SMTP_PORT:"),
    ],
)
def test_settings_of_the_mail_server_that_do_not_do_are_told(tmp_path: Path, more: dict[str, str], wrong: str) -> None:
    with pytest.raises(SettingsError, match=wrong):
        load_settings(environment(tmp_path, **more))


# --- the screen ---------------------------------------------------------------------------------------------------


def test_the_screen_says_the_reference_and_the_subject_and_no_more() -> None:
    out = io.StringIO()
    ScreenChannel(out).send(letter(subject="A concern\x1b[2J is yours"), again=False)
    assert out.getvalue() == "notification: C-0012  A concern [2J is yours\n"


# --- e-mail -------------------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as opened:
        yield opened


def mail_to(server: MailServer, **more: Any) -> SmtpChannel:
    """The channel to a mail server of the tests."""
    tls = more.pop("tls", None)
    return SmtpChannel(
        Server("127.0.0.1", server.port, **{"security": "none", "patience": 5.0, **more}), SENDER, link_for, tls
    )


def refusal(channel: Any, sent: Letter, again: bool = False) -> Again | Never:
    with pytest.raises((Again, Never)) as caught:
        channel.send(sent, again)
    assert isinstance(caught.value, Again | Never)
    assert "@" not in caught.value.reason, "reasons are stored and logged"
    return caught.value


def test_an_email_carries_the_notifications_id_and_says_that_nobody_wrote_it(server: MailServer) -> None:
    place = mail_to(server).send(letter(), again=False)
    [mail] = server.await_mail()
    assert mail["Message-ID"] == f"<{ID}@marl.example.org>" == place["message_id"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "Marlshire County Council <desk@marl.example.org>"
    assert mail["To"] == "Max Ferris <max@example.org>"
    assert mail["Subject"] == "C-0012: potholes"
    assert mail["Date"].datetime.tzinfo


def test_a_repeat_carries_the_same_id(server: MailServer) -> None:
    for again in (False, True):
        mail_to(server).send(letter(), again)
    assert server.ids == [ID, ID]


def test_an_email_says_the_same_in_plain_text_and_on_its_page(server: MailServer) -> None:
    mail_to(server).send(letter(), again=False)
    [mail] = server.await_mail()
    text, page = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text
    assert page
    for part in (text.get_content(), page.get_content()):
        for said in ("A concern about potholes is yours.", "Acknowledge it by Tuesday.", "It was raised on Monday."):
            assert said in part
        assert "https://desk.example.org/acknowledge/12" in part
        assert "Pass on" not in part, "a button that leads nowhere is left out"
    assert "<p>Acknowledge it by Tuesday.</p>" in page.get_content()
    assert "<img" not in page.get_content()


def test_an_emails_page_escapes_what_it_says(server: MailServer) -> None:
    evil = "<script>alert(1)</script> & <b>"
    paper = Citation(document="FW", title=evil, locator="7.9", quote=evil)
    card = Table(columns=("", ""), rows=((evil, evil),), total=1, card=True)
    reply = Reply(outcome=Outcome.CONCERN, text=evil, notes=(evil,), citations=(paper,), table=card,
                  choices=(Choice(label=evil, action='"><script>', about="1"),))  # fmt: skip
    mail_to(server).send(letter(reply=reply, subject=evil), again=False)
    [mail] = server.await_mail()
    page = mail.get_body(("html",))
    assert page
    assert "<script" not in page.get_content()
    assert page.get_content().count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;") >= 7


def test_a_card_one_of_whose_headings_is_empty_can_be_sent(server: MailServer) -> None:
    """Its empty heading once left the others beside the wrong cells, or the whole letter unmade."""
    for columns, row in ((("", "What it says"), ("Title", "Laundry")), (("", "Was", "Is"), ("Start", "May", "June"))):
        card = Table(columns=columns, rows=(row,), total=1, card=True)
        mail_to(server).send(letter(reply=PLAIN.model_copy(update={"table": card})), again=False)
    first, second = server.await_mail(2)
    text, page = (first.get_body((kind,)) for kind in ("plain", "html"))
    assert text
    assert page
    assert "Title\n  what it says: Laundry" in text.get_content().replace("\r", "")
    assert page.get_content().count("<th") == 3, "two headings, and the row's"
    changed = second.get_body(("plain",))
    assert changed
    assert "Start\n  was: May\n  is: June" in changed.get_content().replace("\r", "")


def test_nothing_in_a_letter_becomes_another_header(server: MailServer) -> None:
    mail_to(server).send(letter(subject="Potholes\r\nBcc: olive@example.org", name='Max"\r\nX-Evil: yes'), again=False)
    [mail] = server.await_mail()
    assert mail["Subject"] == "Potholes Bcc: olive@example.org"
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None


def test_words_beyond_ascii_arrive_as_they_are(server: MailServer) -> None:
    reply = Reply(outcome=Outcome.CONCERN, text="Gŵyr — “naïve” £5")
    mail_to(server).send(letter(reply=reply, subject="Cyngor Gŵyr", name="Siân Ŵ"), again=False)
    [mail] = server.await_mail()
    assert mail["Subject"] == "Cyngor Gŵyr"
    assert mail["To"].addresses[0].display_name == "Siân Ŵ"
    body = mail.get_body(("plain",))
    assert body
    assert "Gŵyr — “naïve” £5" in body.get_content()


def test_an_email_goes_to_the_listed_address_of_somebody_known_by_slack(server: MailServer) -> None:
    mail_to(server).send(letter(address=MAX.slack_id, email="elsie@example.org"), again=False)
    assert server.await_mail()[0]["To"].addresses[0].addr_spec == "elsie@example.org"


@pytest.mark.parametrize(
    "address", ["noreply@example.org", "U0MANAGER", "max@@example.org", "two words@example.org", "mäx@example.org"]
)
def test_an_address_at_which_nobody_reads_is_never_written_to(server: MailServer, address: str) -> None:
    problem = refusal(mail_to(server), letter(address=address))
    assert isinstance(problem, Never)
    assert problem.unreachable
    assert server.conversations == 0


@pytest.mark.parametrize(
    ("command", "said", "kind", "whole", "unreachable"),
    [
        ("RCPT", "450 4.2.0 max@example.org: try later", Again, False, None),
        ("RCPT", "421 4.3.2 closing", Again, True, None),
        ("RCPT", "550 5.1.1 max@example.org: no such user", Never, None, True),
        ("RCPT", "550 no such user", Never, None, True),
        ("RCPT", "550 5.4.1 access denied", Never, None, True),
        ("RCPT", "554 5.7.1 relay access denied", Again, True, None),
        ("RCPT", "530 authentication required", Again, True, None),
        ("MAIL", "451 4.3.0 try later", Again, False, None),
        ("MAIL", "550 5.1.8 desk@marl.example.org is no sender here", Again, True, None),
        ("DATA", "452 4.3.1 full", Again, False, None),
        ("DATA", "554 5.6.0 looks like spam", Never, None, False),
    ],
)
def test_a_mail_servers_refusal_means_again_or_never(
    server: MailServer, command: str, said: str, kind: type, whole: bool | None, unreachable: bool | None
) -> None:
    server.refuses[command] = said
    problem = refusal(mail_to(server), letter())
    assert type(problem) is kind
    assert getattr(problem, "whole_channel", None) == whole
    assert getattr(problem, "unreachable", None) == unreachable
    assert said[:3] in problem.reason
    assert server.arrived == []


def test_a_mail_server_that_is_away_is_tried_again_and_nothing_else_meanwhile() -> None:
    nobody = SmtpChannel(Server("127.0.0.1", free_port(), security="none"), SENDER, link_for)
    problem = refusal(nobody, letter())
    assert isinstance(problem, Again)
    assert problem.whole_channel


@pytest.mark.parametrize("command", ["EHLO", "RCPT", "DATA"])
def test_a_mail_server_that_hangs_is_given_up_in_time(server: MailServer, command: str) -> None:
    server.hangs.add(command)
    problem = refusal(mail_to(server, patience=0.2), letter())
    assert isinstance(problem, Again)
    assert not problem.whole_channel


def test_a_mail_server_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.smtp.LONGEST", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = threading.Event()

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"220 hello\r\n")
                while not done.wait(0.05):
                    try:
                        connection.sendall(b"2")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        server = Server("127.0.0.1", listening.getsockname()[1], security="none", patience=5.0)
        problem = refusal(SmtpChannel(server, SENDER, link_for), letter())
        done.set()
        thread.join()
    assert isinstance(problem, Again)


def test_a_server_that_falls_silent_at_the_goodbye_has_the_letter(server: MailServer) -> None:
    class Silent(MailServer):
        async def handle_QUIT(self, *_: Any) -> str:
            await self._hang("QUIT")
            return "221 Bye"

    with Silent() as silent:
        silent.hangs.add("QUIT")
        assert mail_to(silent, patience=0.2).send(letter(), again=False)
        assert silent.ids == [ID]


def test_no_letter_leaves_in_the_clear_where_tls_is_asked_for(server: MailServer) -> None:
    problem = refusal(mail_to(server, security="starttls", user="desk", password="secret"), letter())
    assert isinstance(problem, Again)
    assert problem.whole_channel, "it is ours to mend"
    assert server.arrived == []


def test_letters_leave_by_starttls_with_a_password(tmp_path: Path) -> None:
    theirs, trusting = certificate(tmp_path)
    with MailServer(tls=theirs, login=("desk", "secret")) as server:
        options = {"security": "starttls", "user": "desk", "tls": trusting}
        mail_to(server, password="secret", **options).send(letter(), again=False)
        assert server.ids == [ID]
        problem = refusal(mail_to(server, password="wrong", **options), letter())
    assert isinstance(problem, Again)
    assert problem.whole_channel
    assert problem.reason == "password refused (535)"


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    theirs, _ = certificate(tmp_path)
    with MailServer(tls=theirs) as server:
        problem = refusal(mail_to(server, security="starttls", tls=ssl.create_default_context()), letter())
    assert isinstance(problem, Again)
    assert problem.whole_channel
    assert server.arrived == []


# --- Slack --------------------------------------------------------------------------------------------------------

ORIGIN = {"channel": f"D0{MO.slack_id}", "thread_ts": "1789000000.000001"}
TO_MO = {"address": MO.email, "name": MO.name, "origin": ORIGIN}


@pytest.fixture
def slack(fake: FakeSlack) -> FakeSlack:
    return fake


def slack_of(fake: FakeSlack, **more: Any) -> SlackChannel:
    return SlackChannel(BOT_TOKEN, fake.url, "https://desk.example.org", **{"pace": 0.0, **more})


def test_slack_gets_a_direct_message_with_the_notifications_id(slack: FakeSlack) -> None:
    place = slack_of(slack).send(letter(slack_id=MAX.slack_id), again=False)
    [given] = slack.made("chat.postMessage")
    assert given["channel"] == MAX.slack_id
    assert given["metadata"] == {"event_type": "desk_notification", "event_payload": {"notification": ID}}
    assert "A concern about potholes is yours." in given["text"]
    assert given["blocks"]
    assert place == {"channel": MAX.slack_id, "ts": slack.posted[0]["ts"]}
    assert slack.made("conversations.history") == [], "a first try has nowhere to look"


def test_slack_finds_the_user_of_an_address(slack: FakeSlack) -> None:
    slack_of(slack).send(letter(), again=False)
    assert slack.made("chat.postMessage")[0]["channel"] == MAX.slack_id


def test_somebody_known_by_a_slack_id_alone_needs_no_address(slack: FakeSlack) -> None:
    slack_of(slack).send(letter(address=MAX.slack_id), again=False)
    assert slack.made("users.lookupByEmail") == []
    assert slack.made("chat.postMessage")[0]["channel"] == MAX.slack_id


def test_the_member_hears_in_the_thread_where_it_was_raised(slack: FakeSlack) -> None:
    place = slack_of(slack).send(letter(**TO_MO), again=False)
    [given] = slack.made("chat.postMessage")
    assert (given["channel"], given["thread_ts"]) == (ORIGIN["channel"], ORIGIN["thread_ts"])
    assert place["thread_ts"] == ORIGIN["thread_ts"]


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel"])
def test_where_the_thread_is_gone_the_member_hears_directly(slack: FakeSlack, error: str) -> None:
    slack.will("chat.postMessage", Answer({"ok": False, "error": error}))
    place = slack_of(slack).send(letter(**TO_MO), again=False)
    assert [given["channel"] for given in slack.made("chat.postMessage")] == [ORIGIN["channel"], MO.slack_id]
    assert place["channel"] == MO.slack_id


@pytest.mark.parametrize("where", [{"slack_id": MAX.slack_id}, TO_MO])
def test_what_has_left_already_is_not_repeated(slack: FakeSlack, where: dict[str, Any]) -> None:
    """Slack took the message and its answer was lost: the next try finds it."""
    first = slack_of(slack).send(letter(**where), again=False)
    second = slack_of(slack).send(letter(**where), again=True)
    assert len(slack.made("chat.postMessage")) == 1
    assert second["ts"] == first["ts"]


def test_what_has_not_left_is_sent_whatever_stands_there(slack: FakeSlack) -> None:
    slack_of(slack).send(letter(slack_id=MAX.slack_id), again=False)
    slack.posted.append({"channel": MAX.slack_id, "ts": "1", "text": "no metadata"})
    slack_of(slack).send(letter(slack_id=MAX.slack_id, id="f" * 32), again=True)
    assert len(slack.made("chat.postMessage")) == 2


@pytest.mark.parametrize("method", ["conversations.open", "conversations.history"])
def test_a_look_back_that_fails_is_no_reason_not_to_send(slack: FakeSlack, method: str) -> None:
    slack.will(method, Answer({"ok": False, "error": "missing_scope"}))
    slack_of(slack).send(letter(slack_id=MAX.slack_id), again=True)
    assert len(slack.made("chat.postMessage")) == 1


def test_whoever_left_the_workspace_is_unreachable(slack: FakeSlack) -> None:
    slack.people[MAX.slack_id]["deleted"] = True
    for sent in (letter(slack_id=MAX.slack_id), letter(address="nobody@example.org"), letter(address="U0NOBODY")):
        problem = refusal(slack_of(slack), sent)
        assert isinstance(problem, Never)
        assert problem.unreachable
    assert slack.made("chat.postMessage") == []


@pytest.mark.parametrize(
    ("error", "kind", "whole", "unreachable"),
    [
        ("invalid_auth", Again, True, None),
        ("account_inactive", Again, True, None),
        ("missing_scope", Again, True, None),
        ("token_revoked", Again, True, None),
        ("internal_error", Again, False, None),
        ("user_disabled", Never, None, True),
        ("msg_too_long", Never, None, False),
        ("msg_blocks_too_long", Never, None, False),
        ("invalid_blocks", Never, None, False),
        ("Something @else", Again, False, None),
    ],
)
def test_slacks_errors_mean_again_or_never(
    slack: FakeSlack, error: str, kind: type, whole: bool | None, unreachable: bool | None
) -> None:
    slack.will("chat.postMessage", Answer({"ok": False, "error": error}))
    problem = refusal(slack_of(slack), letter(slack_id=MAX.slack_id))
    assert type(problem) is kind
    assert getattr(problem, "whole_channel", None) == whole
    assert getattr(problem, "unreachable", None) == unreachable
    assert len(slack.made("chat.postMessage")) == 1


@pytest.mark.parametrize("method", ["users.info", "chat.postMessage"])
def test_where_slack_asks_to_wait_the_whole_channel_waits_so_long(slack: FakeSlack, method: str) -> None:
    slack.will(method, Answer({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "30"}))
    problem = refusal(slack_of(slack), letter(slack_id=MAX.slack_id))
    assert isinstance(problem, Again)
    assert problem.whole_channel
    assert problem.after == timedelta(seconds=30)


@pytest.mark.parametrize("body", ["Bad gateway", '{"ok": false}'])
def test_a_slack_that_fails_is_tried_again(slack: FakeSlack, body: str) -> None:
    slack.will("chat.postMessage", Answer(body, status=502))
    problem = refusal(slack_of(slack), letter(slack_id=MAX.slack_id))
    assert isinstance(problem, Again)
    assert not problem.whole_channel


def test_a_slack_that_hangs_is_given_up_in_time_and_what_left_is_found(slack: FakeSlack) -> None:
    slack.hang("chat.postMessage")
    channel = slack_of(slack, patience=0.3)
    assert isinstance(refusal(channel, letter(slack_id=MAX.slack_id)), Again)
    slack.let_go()
    channel.send(letter(slack_id=MAX.slack_id), again=True)
    assert len(slack.posted) == 1


def test_a_slack_that_is_away_is_tried_again() -> None:
    gone = SlackChannel(BOT_TOKEN, f"http://127.0.0.1:{free_port()}/api/", "")
    assert isinstance(refusal(gone, letter(slack_id=MAX.slack_id)), Again)


def test_in_one_place_slack_gets_a_message_at_a_time_and_elsewhere_nobody_waits() -> None:
    from time import monotonic

    from bot.channels.slack import Turns

    turns = Turns(0.4)
    began = monotonic()
    for place in ("U1", "U2", "U3"):
        turns.take(place)
    assert monotonic() - began < 0.35
    turns.take("U1")
    turns.take("U1")
    assert 0.75 < monotonic() - began < 2.0
