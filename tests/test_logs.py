"""Every line that the desk's processes log on its journeys: no text of anybody, no address, no token, no secret."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import cast
import log_journeys
import pytest
from cast import MO, OLIVE
from fake_slack import Answer, FakeSlack, command_body, direct, event_body, mention, signed, until
from feed_server import Fault, FeedServer
from flask import Flask
from flask import session as flask_session
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]
from itsdangerous import URLSafeTimedSerializer
from mail import MailServer
from planting import SPOKEN
from processes import ROOT, answers, child_environment, free_port, start_desk, stopped, while_alive
from socket_slack import SocketSlack
from workspace import FORM, slack_settings

from bot.logs import _ALLOWED, where_of
from knowledge import tokens

DOREEN, PRIYA = "doreen.haspell@example.org", "priya.venn@example.org"
FIRM, ROSA, LOST = "xylophone@carefirm.example.org", "rosa.marimba@example.org", "bassoon@lost.example.org"
CARER = f"the carer hasn't come to {SPOKEN} three mornings running, her NHS number is 4857773456"
FOR_PEOPLE = ("desk: ", "Connected to Slack. Ctrl-C stops.")
"""How lines begin that are for whoever started it."""
WORDS = (
    "quillfeather", "zanzibar", "4857773456", "marzipan", "saskatoon", "periwinkle", "tintinnabulum", "bumblebroth",
    "flugelhorn", "xylophone", "marimba", "bassoon", "glockenspiel",
)  # fmt: skip
"""What people say and send, in no log."""
SECRETS = {
    "DESK_NOTICES_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "DESK_NOTIFY_TOKEN": "glockenspiel-of-the-receipts-0123",
    "DESK_METRICS_TOKEN": "glockenspiel-of-the-figures-01234",
    "SLACK_APP_TOKEN": "xapp-1-glockenspiel-of-the-socket",
    "DESK_SECRET_KEY": "a key of these tests, glockenspiel, long enough",
}  # fmt: skip
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w|\b\d{1,3}(?:\.\d{1,3}){3}\b")
_SIGNED = re.compile(r"/(?:do|answer|manage|confirm|unsubscribe|link|mine|webhooks)/([\w.~-]{16,})")
_BROKEN = "the flugelhorn broke: bumblebroth"


class Town(NamedTuple):
    """A desk at work: its web server's port, what people are sent, Slack, and every log."""

    port: int
    mail: MailServer
    slack: FakeSlack
    feed: FeedServer
    logs: Path
    secret: str
    environment: dict[str, str]

    def said(self) -> str:
        """All that was logged so far."""
        return "".join(log.read_text(encoding="utf-8", errors="replace") for log in sorted(self.logs.glob("*.log")))


class Browser:
    """Somebody at a browser, over HTTP: signed in with an address, or a stranger."""

    def __init__(self, town: Town, address: str = "") -> None:
        app, now = Flask("elsewhere"), int(datetime.now(UTC).timestamp())
        app.secret_key = town.secret
        with app.test_request_context():
            self.token = generate_csrf()
            held = {
                **flask_session,
                **({"address": address, "way": "link", "since": now, "seen": now} if address else {}),
            }
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        assert isinstance(serializer, URLSafeTimedSerializer)
        self.cookie, self.town = str(serializer.dumps(held)), town

    def open(self, path: str, **headers: str) -> str:
        """A page."""
        return self._ask(path, None, headers)

    def send(self, path: str, **fields: str) -> str:
        """What comes of a form."""
        return self._ask(path, urllib.parse.urlencode({"csrf_token": self.token, **fields}).encode(), {})

    def post(self, path: str, body: bytes, **headers: str) -> str:
        """What comes of any body."""
        return self._ask(path, body, headers)

    def _ask(self, path: str, body: bytes | None, headers: Mapping[str, str]) -> str:
        address = f"http://127.0.0.1:{self.town.port}{path}"
        given = {"Cookie": f"session={self.cookie}", **{name.replace("_", "-"): it for name, it in headers.items()}}
        try:
            with _OPENER.open(urllib.request.Request(address, body, given), timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return error.read().decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """The cookie is in our hand, so nothing is followed."""


_OPENER = urllib.request.build_opener(_Stay)


@pytest.fixture(scope="module")
def town(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("logs")
    home, port = cast.copy_home(demonstration, folder / "desk"), free_port()
    with ExitStack() as kept:
        mail, slack = kept.enter_context(MailServer()), kept.enter_context(FakeSlack())
        feed = kept.enter_context(FeedServer())
        slack.people = {}
        settings = {
            "DESK_LOG_LEVEL": "debug", "DESK_WEB_WORKERS": "1", "DESK_URL": "https://desk.example.org",
            "DESK_SMTP_HOST": "127.0.0.1", "DESK_SMTP_PORT": str(mail.port), "DESK_SMTP_SECURITY": "none",
            "DESK_MAIL_FROM": "The desk <desk@marl.example.org>", "DESK_NOTICES_URL": feed.url,
            "DESK_NOTICES_EVERY": "1", **slack_settings(slack), **SECRETS,
        }  # fmt: skip
        environment = child_environment(home, **settings)
        mail.refuses = {LOST: "550 bassoon is bumblebroth", FIRM: "451 later, xylophone of bumblebroth"}
        feed.will(*[Fault(status=500, body=_BROKEN), Fault(body=f'{{"{_BROKEN}": ', cut=True)] * 2)
        for name in ("serve", "work"):
            more = ("--port", str(port)) if name == "serve" else ()
            child = start_desk(folder / f"{name}.log", environment, name, *more)
            kept.callback(stopped, child)
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the desk serves", 60)
        yield Town(port, mail, slack, feed, folder, SECRETS["DESK_SECRET_KEY"], environment)


def hidden(page: str, name: str) -> str:
    """The value of a page's last hidden field of a name."""
    found = re.findall(rf'name="{name}" value="([^"]*)"', page)
    assert found, page[:3_000]
    return unescape(found[-1])


def concern_goes_its_way(town: Town) -> None:
    """Raised, acknowledged, asked of a provider whose letters are refused at first, answered, closed."""
    doreen, priya = Browser(town, DOREEN), Browser(town, PRIYA)
    page = doreen.send("/concerns/new", text=CARER, contract="MCC-0002", at_risk="no")
    if 'name="about"' in page:
        doreen.send("/concerns/new/raise_new", about=hidden(page, "about"))
    until(lambda: "C-0001" in doreen.open("/concerns"), "the concern is raised", 20)
    priya.send("/concerns/C-0001/acknowledge")
    priya.send("/concerns/C-0001/ask_member", text="Which tintinnabulum rang?")
    doreen.send("/concerns/C-0001/tell_more", text="The flugelhorn did.")
    priya.send("/concerns/C-0001/ask_provider", to=FIRM, text="Why did nobody bring marzipan?")
    priya.send("/concerns/C-0001/reply", text="They will bring a periwinkle.")
    doreen.send("/concerns/C-0001/close", outcome="put_right", text="Done, with a periwinkle.")
    doreen.send("/concerns/new", text=f"{SPOKEN} is being beaten by her son now", at_risk="yes")


def everybody_asks(town: Town) -> None:
    stranger = Browser(town)
    for path in (
        "/?q=flugelhorn", "/timeline?words=flugelhorn", "/timeline.json?from=flugelhorn", "/documents/flugelhorn",
        "/do/flugelhorn-token-0123456789", "/answer/flugelhorn", "/sign-in/link/flugelhorn",
        "/alerts/manage/flugelhorn",
        f"/sign-in?next=/concerns/{LOST}", "/flugelhorn/nowhere", "/concerns/C-0001",
    ):  # fmt: skip
        stranger.open(path, User_Agent="flugelhorn/1", Referer=f"https://{LOST}/", Authorization="Bearer flugelhorn")
    stranger.send("/ask", text=f"what do the papers say of {SPOKEN}")
    Browser(town, DOREEN).send("/ask", text=CARER)
    for address in (DOREEN, LOST):
        stranger.send("/sign-in", email=address)


def alerts_are_asked_for(town: Town) -> None:
    stranger = Browser(town)
    for address in (ROSA, LOST):
        page = stranger.send("/alerts", say="home care under £500k, flugelhorn")
        fields = {name: hidden(page, name) for name in ("criteria", "sentence", "shown") if f'name="{name}"' in page}
        stranger.send("/alerts", **fields, every="at once", email=address, do="ask")


def slack_stumbles(town: Town) -> None:
    """Messages, a command, a press; Slack answers with what cannot be used; and others send what is not Slack's."""
    broken = [
        Answer(status=500, body=_BROKEN),
        Answer(body={"ok": False, "error": "bumblebroth"}),
        Answer(body=_BROKEN),
    ]
    town.slack.will("chat.postMessage", *broken, *broken)
    town.slack.will("users.info", *broken)
    stranger = Browser(town)
    sent = [
        (event_body(direct(MO, CARER)), "application/json"), (event_body(mention(OLIVE, CARER)), "application/json"),
        (command_body(OLIVE, CARER), FORM), (event_body({"type": "flugelhorn", "user": SPOKEN}), "application/json"),
        (f"payload={urllib.parse.quote(json.dumps({'type': 'block_actions', 'actions': [{'value': SPOKEN}]}))}", FORM),
        ("payload=flugelhorn", FORM), ('{"flugelhorn": ', "application/json"),
    ]  # fmt: skip
    for body, kind in sent:
        stranger.post("/slack/events", body.encode(), **signed(body, kind=kind))
        stranger.post(
            "/slack/events", body.encode(), **{**signed(body, kind=kind), "X-Slack-Signature": "v0=flugelhorn"}
        )


def others_send(town: Town) -> None:
    stranger = Browser(town)
    for kind in ("application/json", "text/flugelhorn"):
        stranger.post(
            "/notices", _BROKEN.encode(), Content_Type=kind, webhook_id="flugelhorn", webhook_signature="v1,f"
        )
    for token in ("flugelhorn", SECRETS["DESK_NOTIFY_TOKEN"]):
        body = json.dumps({"reference": "flugelhorn", "id": SPOKEN, "status": "permanent-failure", "to": LOST})
        given = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
        stranger.post("/receipts/notify", body.encode(), **given)


def an_administrator_looks_after_it(town: Town) -> None:
    """Files sent to its pages, its standing, and what programs read of it with a token and without."""
    ruth = Browser(town, log_journeys.RUTH)
    for kind, name in log_journeys.KINDS.items():
        fields = {"csrf_token": ruth.token, "kind": kind, "title": "Of the flugelhorn", "id": "FLUGELHORN"}
        body, sort = log_journeys.as_form(fields, name, log_journeys.FILES[name])
        ruth.post("/administration/imports", body, Content_Type=sort)
    until(lambda: "still" not in ruth.open("/administration/imports"), "the files are read", 60)
    for path in ("/administration/status", "/administration/audit?words=Quillfeather", "/reports/provider/Flugelhorn"):
        ruth.open(path)
    for token in ("flugelhorn", SECRETS["DESK_METRICS_TOKEN"]):
        ruth.open("/metrics", Authorization=f"Bearer {token}")


def officers_do_their_work(town: Town) -> None:
    """A question passed on, a review, a posting, a search for reports."""
    doreen, priya, stranger = Browser(town, DOREEN), Browser(town, PRIYA), Browser(town)
    doreen.send("/ask", text="who may play the flugelhorn in the market of Zanzibar")
    doreen.send("/do", action="ask_person", about="1")
    priya.send("/reviews/MCC-0002", outcome="partly", changes="Marzipan for xylophone@x.example.org", about="MCC-0002")
    stranger.send("/opportunities/new", **log_journeys.POSTING)
    Browser(town, log_journeys.RUTH).send("/opportunities/waiting/P-1/publish", **log_journeys.POSTING)
    priya.open("/reports/contract/MCC-0002?from=flugelhorn")


def slack_comes_by_socket(town: Town) -> None:
    """As it does where no address of the desk's can be reached from outside."""
    bodies = [event_body(direct(MO, CARER)), event_body(mention(OLIVE, CARER))]
    with SocketSlack(log_journeys.envelopes(bodies)) as there:
        opened = Answer(body={"ok": True, "url": f"{there.url}?ticket=glockenspiel"})
        town.slack.will("apps.connections.open", Answer(body=_BROKEN), *[opened] * 6)
        child = start_desk(town.logs / "slack.log", town.environment, "slack")
        try:
            while_alive([child], lambda: b"\x81" in there.came or b"\x8a" in there.came, "it connects")
            with suppress(AssertionError):
                until(lambda: False, "what came is answered", 1.5)
        finally:
            stopped(child)


def test_no_line_of_any_log_tells_of_anybody(town: Town) -> None:
    for journey in (
        concern_goes_its_way,
        everybody_asks,
        alerts_are_asked_for,
        slack_stumbles,
        others_send,
        officers_do_their_work,
        an_administrator_looks_after_it,
        slack_comes_by_socket,
    ):
        journey(town)
    town.mail.await_mail(3, 30)
    until(lambda: "lost" not in str(town.mail.refuses) or '"again"' in town.said(), "a letter is put off", 30)
    until(lambda: '"notices"' in town.said() or len(town.feed.asked) >= 3, "the feed was polled", 30)
    for mail in list(town.mail.arrived):
        for path in re.findall(r"https://desk\.example\.org(/[^\s\"<>]+)", str(mail.get_body(("plain",)))):
            Browser(town).open(path)
            Browser(town).send(path, text="Our van broke down in Saskatoon.")
    done = log_journeys.run_all(town.environment, town.logs)
    assert sum(code == 0 for code in done.values()) > len(done) // 2, done
    with suppress(AssertionError):
        until(lambda: False, "what is in hand is settled", 1.0)
    held_clean(town.said(), town)


def held_clean(said: str, town: Town) -> None:
    """Nothing of anybody in it, and it is the whole log: of requests refused, notifications, Slack and errors."""
    lower = said.lower()
    assert [word for word in WORDS if word in lower] == []
    assert _ADDRESS.findall(said) == []
    tokens = {token for mail in town.mail.arrived for token in _SIGNED.findall(mail.as_string().replace("=\n", ""))}
    assert len(tokens) >= 3, "there were links"
    assert [one for one in (*tokens, *SECRETS.values(), town.slack.url) if one in said] == []
    lines = [json.loads(line) for line in said.splitlines() if not line.startswith(FOR_PEOPLE)]
    assert {name for line in lines for name in line} <= _ALLOWED
    told = {(line["event"], line.get("state") or line["level"]) for line in lines}
    assert told >= {("refused", "info"), ("notification", "sent"), ("worker", "started")}, told
    assert any(line.get("error") for line in lines), "errors are told"


ENDS = {
    "a process": f"raise ValueError({_BROKEN!r})",
    "a thread": f"import threading; t = threading.Thread(target=int, args=({_BROKEN!r},)); t.start(); t.join()",
    "a warning": f"import warnings; warnings.warn({_BROKEN!r})",
    "a clean-up": f"class A:\n    def __del__(self): raise ValueError({_BROKEN!r})\nA()",
    "a library's log": f"import logging; logging.getLogger('urllib3').error({_BROKEN!r})",
}


@pytest.mark.parametrize("code", ENDS.values(), ids=list(ENDS))
def test_what_nobody_caught_is_told_by_kind_and_place(code: str) -> None:
    begun = "from bot.logs import keep_quiet, set_up_logs\nset_up_logs('debug')\nkeep_quiet()\n"
    command = [sys.executable, "-c", begun + code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    said = done.stdout + done.stderr
    assert "flugelhorn" not in said
    assert all(json.loads(line)["level"] in ("critical", "warning") for line in said.splitlines())
    assert bool(said) is ("urllib3" not in code), "it is told"


def test_a_command_that_fails_unexpectedly_quotes_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, bot.__main__ as b\n"
        f"def broken(**_): raise ValueError({_BROKEN!r})\n"
        "b.desk = broken\nb.main()"
    )  # fmt: skip
    environment = child_environment(tmp_path / "desk")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "flugelhorn" not in done.stdout + done.stderr
    assert "ValueError" in done.stderr


def test_a_place_in_the_log_is_one_in_the_desks_own_code() -> None:
    with pytest.raises(AttributeError) as told:
        tokens.sign("secret", "a purpose", {"about": 1}, None)  # type: ignore[arg-type]
    assert re.fullmatch(r"tokens\.py:\d+ get_timestamp", where_of(told.value)), "the library's own is not the last"
    with pytest.raises(json.JSONDecodeError) as other:
        json.loads("{")
    assert " > " not in where_of(other.value), "nothing of ours was on the way"
