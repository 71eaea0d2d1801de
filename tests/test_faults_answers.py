"""Other people's servers answering as none should: a letter waits for them, whatever they say, and is neither lost nor
parked for it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import cast
import pytest
from broken_server import BROKEN, BrokenMail, BrokenServer
from cast import MAX, PRUE
from fake_slack import BOT_TOKEN, Answer, FakeSlack, mention, until
from notify_server import KEY, TEMPLATE
from test_worker import Post, owe_some, running, states, worker_of
from workspace import Workspace

from bot.channels import Again
from bot.channels.notify import Notify, NotifyChannel
from bot.channels.slack import SlackChannel
from bot.channels.smtp import Server, SmtpChannel
from bot.outgoing import Outgoing, Unsent
from bot.slack.retries import LONGEST, wait_asked
from bot.wiring import Wiring
from handlers.letters import Letter
from handlers.messages import Outcome, Reply
from knowledge.outbox.retrying import most_attempts, wait_after

LETTER = Letter(
    id="0123456789abcdef0123456789abcdef", kind="raised", address=MAX.email, slack_id=MAX.slack_id, subject="The desk",
    reply=Reply(outcome=Outcome.CONCERN, text="Something for you."),
)  # fmt: skip


@pytest.fixture
def broken() -> Iterator[BrokenServer]:
    with BrokenServer() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Wiring]:
    """A desk that owes nobody anything."""
    made = Wiring(cast.settings(tmp_path))
    yield made
    made.store.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # slack_sdk leaves what it cannot read
@pytest.mark.parametrize("what", BROKEN)
def test_whatever_stands_in_slacks_place_a_letter_waits(broken: BrokenServer, what: str) -> None:
    broken.says = BROKEN[what]
    channel = SlackChannel(BOT_TOKEN, f"{broken.address}/api/", "", pace=0.0, patience=2)
    for again in (False, True):
        with pytest.raises(Again):
            channel.send(LETTER, again)
    assert broken.asked
    gc.collect()


@pytest.mark.parametrize("what", BROKEN)
def test_whatever_stands_in_notifys_place_a_letter_waits(broken: BrokenServer, what: str) -> None:
    broken.says = BROKEN[what]
    service = Notify(KEY, TEMPLATE, broken.address, patience=2.0)
    channel = NotifyChannel(service, lambda choice, letter: "", lambda: datetime.now(UTC))
    for again in (False, True):
        with pytest.raises(Again):
            channel.send(LETTER, again)
    assert broken.asked


@pytest.mark.parametrize("what", [one for one in BROKEN if "200 OK" not in BROKEN[one].decode("latin-1")])
def test_what_a_subscribers_server_did_not_answer_for_is_sent_again(broken: BrokenServer, what: str) -> None:
    broken.says = BROKEN[what]
    try:
        answer = Outgoing(loopback=True, longest=2.0).post(f"{broken.address}/hook", b"{}", {})
    except Unsent:
        return
    assert answer.status in (429, 502)


@pytest.mark.parametrize("what", ["breaks off in the body", "half of its JSON", "no HTTP"])
def test_what_somebody_asked_is_kept_while_slack_gives_half_answers(
    open_workspace: Callable[..., Workspace],
    broken: BrokenServer,
    what: str,
) -> None:
    broken.says = BROKEN[what]
    workspace = open_workspace(SLACK_API_URL=f"{broken.address}/api/")
    workspace.says(mention(PRUE, "Who signs off a contract worth £600,000?"))
    row = workspace.released()
    for _ in range(2):
        workspace.expire()
        workspace.intake.take_up()
    [row] = workspace.rows()
    assert (row.state, row.attempts) == ("received", 3), "it is no poison, and waits for Slack"


# --- how long to wait ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("1.5", 1.5), ("30", 30), ("0", 0), ("-5", 0), ("3600", 3600), ("86400", 3600), ("1e400", 3600), ("inf", 3600),
     ("99999999999999999999", 3600), ("nan", 1), ("soon", 1), ("", 1), (None, 1)],
)  # fmt: skip
def test_however_slack_asks_to_wait_it_is_understood_and_never_longer_than_an_hour(
    fake: FakeSlack, header: str | None, seconds: float
) -> None:
    headers = {} if header is None else {"Retry-After": header}
    fake.will("users.info", Answer({"ok": False, "error": "ratelimited"}, 429, headers))
    with pytest.raises(Again) as caught:
        SlackChannel(BOT_TOKEN, fake.url, "", pace=0.0).send(LETTER, False)
    assert caught.value.after == timedelta(seconds=seconds)
    assert caught.value.whole_channel


def test_slack_may_name_a_moment() -> None:
    moment = datetime.now(UTC) + timedelta(seconds=100)
    assert 90 < wait_asked({"Retry-After": format_datetime(moment, usegmt=True)}, 0) <= 100
    assert wait_asked({"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}, 0) == LONGEST.total_seconds()


@pytest.mark.parametrize("urgent", [False, True])
def test_a_channel_that_is_busy_for_a_night_and_always_says_in_a_second_does_not_use_up_the_tries(urgent: bool) -> None:
    waits = [wait_after(n, urgent, "slack", asked=timedelta(seconds=1)) for n in range(1, most_attempts(urgent))]
    assert waits[:3] == [timedelta(seconds=1)] * 3, "at first it is taken at its word"
    assert sum(waits, timedelta()) > timedelta(hours=15)
    assert wait_after(4, urgent, "slack", asked=timedelta(hours=1)) == timedelta(hours=1)


def test_an_event_that_slack_puts_off_for_ever_comes_back_within_the_hour(
    open_workspace: Callable[..., Workspace],
    fake: FakeSlack,
) -> None:
    fake.will("chat.postMessage", Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1e99"}))
    workspace = open_workspace()
    workspace.says(mention(PRUE, "Who signs off a contract worth £600,000?"))
    workspace.released()
    workspace.expire()
    assert workspace.intake.take_up() == 1
    workspace.posts(2)


# --- mail servers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["the greeting", "DATA", "the letter", "half a reply"])
def test_a_mail_server_that_hangs_up_gets_the_letter_again_with_the_id_it_had(at: str) -> None:
    with BrokenMail(at) as server:
        channel = SmtpChannel(Server("127.0.0.1", server.port, security="none", patience=2.0), "desk@example.org",
                              lambda choice, letter: "")  # fmt: skip
        for again in (False, True):
            with pytest.raises(Again):
                channel.send(LETTER, again)
        server.breaks = ""
        channel.send(LETTER, True)
    assert set(server.ids) == {LETTER.id}
    assert len(server.ids) == (3 if at in ("the letter", "half a reply") else 1), "repeated only where it had arrived"


# --- one beside another -------------------------------------------------------------------------------------------


def test_a_fast_channel_keeps_its_pace_beside_a_slow_one_and_a_dead_one(desk: Wiring) -> None:
    for channel, count in (("slow", 3), ("dead", 3), ("post", 40)):
        owe_some(desk.store, count, channel, kind=channel)
    fast, slow, dead = Post(), Post(), Post(*(Again("away", whole_channel=True),) * 9)
    slow.gate = threading.Event()
    with running(worker_of(desk, {"slow": slow, "dead": dead, "post": fast})):
        until(lambda: len(fast.sent) == 40, "the fast one is through")
        assert (slow.tries, slow.sent) == (1, []), "while the slow one is at its first"
        assert dead.tries == 1, "and the dead one rests"
        slow.gate.set()
        until(lambda: len(slow.sent) == 3, "the slow one goes on")
    assert states(desk.store).count("sent") == 43
