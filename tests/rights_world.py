"""A desk in which everybody of the table of rights has something of their own, and somebody at each role's browser and
in Slack who tries what is another's."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlencode

import cast
import sqlalchemy as sa
from click.testing import CliRunner
from council import CARE, CARER, COLIN, DANIEL, DOREEN, FARAH, HELEN, IMRAN, MARCUS, PRIYA, TOM, WENDY, Council
from fake_slack import CHANNEL, FakeSlack, command_body
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from hooks import live, subscribed
from rights import Rule
from test_postings import FILLED as OFFER
from test_timeline_forms import FILLED as PLAN
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse
from workspace import slack_settings

from bot import alert_links, links
from bot.slack.events import event_of, form_asked
from bot.slack.payloads import payload
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from knowledge import sign_in_links, tokens
from knowledge.attachments import Attachment, keep
from knowledge.concerns.drafts import keep_draft
from knowledge.models import Role
from knowledge.parties import party_of
from knowledge.people import Row, list_people, replace_people
from knowledge.register.holding import contract as held_contract
from knowledge.subscriptions import confirming, record
from knowledge.subscriptions.nouns import Criteria
from knowledge.tables import own_entry
from knowledge.takings.jobs import State
from knowledge.takings.nouns import Kind
from knowledge.takings.staging import Staging
from webhooks import create_app

FIRM = "bids@larkfield.example.org"
"""A provider; known by their links only."""
LISTED = {
    "officer": DANIEL, "member": DOREEN, "other_member": IMRAN, "manager": PRIYA, "other_manager": TOM,
    "director": HELEN, "other_director": MARCUS, "triage": WENDY, "safeguarding": COLIN, "administrator": FARAH,
}  # fmt: skip
ABROAD = "T0ABROAD"
ABROAD_AND_UNLISTED = ("provider", "connect")
_numbers = count(1)
_QUESTIONS = frozenset(
    {
        Outcome.ANSWERED, Outcome.NOT_IN_DOCUMENTS, Outcome.CLARIFY, Outcome.REGISTER, Outcome.TIMELINE,
        Outcome.CONTRACT, Outcome.TOO_VAGUE, Outcome.NOT_OURS,
    }
)  # fmt: skip
_LOGS = frozenset({"audit", "conversation", "turn"})
"""Tables in which what was refused or looked at leaves a line."""


@dataclass
class Seen:
    """What came of a try. `reply`: what the desk said, None where a page said it."""

    status: int
    text: str
    changed: set[str]
    reply: Reply | None = None

    def word(self, kind: str) -> str:
        """As the table says it."""
        if self.changed:
            return "does"
        if self.reply is not None:
            if kind == "command" and self.reply.outcome in _QUESTIONS:
                return "question"
            return "no" if self.reply.outcome is Outcome.REFUSED else "sees"
        words = {401: "sign in", 403: "no", 404: "hidden", 409: "no", 410: "no", 303: "goes on", 415: "no"}
        return words.get(self.status, "sees" if self.status in (200, 422, 202, 503) else f"{self.status}!")


@dataclass
class World:
    """The desk. `names`: what the table calls things, as they are called in this record."""

    app: Flask
    wiring: Wiring
    names: dict[str, str]
    path: Path
    nowhere: dict[str, str]
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._raw = sqlite3.connect(self.path, timeout=10)
        pristine = self.path.with_name("pristine.db")
        with sqlite3.connect(pristine) as copy:
            self._raw.backup(copy)
        copy.close()
        self._raw.execute("ATTACH DATABASE ? AS pristine", (str(pristine),))
        listed = self._raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self._tables = [name for (name,) in listed if name not in _LOGS and not name.startswith(("sqlite_", "alembic"))]
        self._digests = self._take_digests()
        self._version = self._data_version()

    def close(self) -> None:
        """Ends everything that was begun for it."""
        self.app.extensions["slack_intake"].stop()
        self.wiring.store.close()
        self._raw.close()

    # --- trying -------------------------------------------------------------------------------------------------

    def tries(self, role: str, rule: Rule, **instead: str) -> Seen:
        """Somebody does what a row of the table says. `instead`: other things than it is about."""
        kept, self.names = self.names, {**self.names, **instead}
        try:
            if rule.kind == "button":
                return self.presses(role, rule.what, rule.on, rule.given)
            if rule.kind == "command":
                return self.says(role, rule.what)
            return self.opens(role, *rule.what.split(" ", 1), rule.given)
        finally:
            self.names = kept

    def runs(self, role: str, rule: Rule) -> str:
        """What becomes of a command of the terminal that somebody's address is given to."""
        from bot.__main__ import desk

        arguments = f"{rule.what} {rule.on} --as {LISTED.get(role, 'nobody@example.org')}".format(**self.names).split()
        more = rule.given.split(" ", 1) if rule.given else []
        done = CliRunner(env=cast.environment(self.path.parent)).invoke(desk, [*arguments, *more])
        changed = self._changed() - {"fact", "heartbeat"}
        self.restore(self._changed() | changed)
        return "does" if changed else "no" if done.exit_code else "sees"

    def taken_for(self, role: str, what: str) -> str:
        """As whom the desk takes the sender of one of Slack's deliveries, which names workspaces as Slack does."""
        user, team = slack_id_of(role), team_of(role)
        by = {"user": {"id": user, "team_id": team}, "team": {"id": team}}
        ours = [{"team_id": cast.HOME_TEAM, "user_id": "U0DESK", "is_bot": True}]
        body: dict[str, Any] = by
        if what.startswith("event"):
            event = {"type": what.split()[1], "user": user, "team": team, "channel": f"D0{user}", "text": "hello"}
            body = {"team_id": team, "authorizations": ours, "event": event}
        elif what.startswith("command"):
            body = {"team_id": team, "user_id": user}
        made = payload(user=user, channel=f"D0{user}", body=body, public=False, thread="", text="")
        message = self.app.extensions["slack_intake"].intake._answering.message("x", made)
        assert bool(message.addresses) == (role in LISTED)
        return "+".join(sorted(one.value for one in message.roles))

    def headers(
        self, role: str, method: str, path: str, given: str = "", more: Mapping[str, str] | None = None
    ) -> Headers:
        """The headers of an answer."""
        cookies = dict(self.clients[role]._cookies or {})
        answer = self._ask(role, method, path.format(**self.names), given.format(**self.names), more or {})
        answer.close()
        self.clients[role]._cookies = cookies
        self.restore(self._changed())
        return answer.headers

    def opens(self, role: str, method: str, path: str, given: str = "") -> Seen:
        """Somebody's browser asks for a page, or sends a form to it."""
        replies: list[Reply] = []

        def listen(sender: object, template: object, context: dict[str, Any], **_: object) -> None:
            turn = context.get("turn") or (context.get("turns") or [{}])[-1]
            found = turn.get("reply") if isinstance(turn, dict) else None
            replies.extend([found] if isinstance(found, Reply) else [])

        cookies = dict(self.clients[role]._cookies or {})  # a session that is signed out, or renewed, is used again
        with template_rendered.connected_to(listen, self.app):
            answer = self._ask(role, method, path.format(**self.names), given.format(**self.names))
        said = answer.get_data().decode(errors="replace")
        answer.close()
        self.clients[role]._cookies = cookies
        seen = Seen(answer.status_code, said, self._changed(), replies[-1] if replies else None)
        if answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in"):
            seen = replace(seen, status=401)
        self.restore(seen.changed)
        return seen

    def presses(self, role: str, action: str, about: str, given: str) -> Seen:
        """Somebody presses a button or sends a form: on the web, and those without an account there in Slack."""
        about, given = about.format(**self.names), given.format(**self.names)
        if role in ABROAD_AND_UNLISTED:
            told = {"action": action, "about": unquote(about), "fields": _fields(given), "text": ""}
            return self._in_slack(role, self.payload(role, **told))
        more = "&".join(filter(None, (given, f"action={action}&about={about}")))
        return self.opens(role, "POST", "/do", more.replace("{", "{{").replace("}", "}}"))

    def says(self, role: str, text: str) -> Seen:
        """Somebody types `/desk ...` in a Slack channel; a stranger the same on the web."""
        text = text.format(**self.names)
        if role == "stranger":
            seen = self.opens(role, "POST", "/ask", f"text={text}")
        else:
            somebody = cast.Somebody(role, "", slack_id_of(role), Role.PROVIDER)
            body = {**dict(parse_qsl(command_body(somebody, text))), "team_id": team_of(role)}
            asked = form_asked(body)
            event = None if asked else event_of(body)
            more = {"action": asked.action, "about": asked.about, "text": "", "said_in": CHANNEL} if asked else {}
            seen = self._in_slack(role, event[1] if event else self.payload(role, **more))
        return replace(seen, changed=seen.changed - {"question", "incoming", "party"})

    def payload(self, role: str, **told: Any) -> dict[str, Any]:
        """What is written down of what somebody does in their messages with the desk."""
        user, team = slack_id_of(role), team_of(role)
        body = {"user": {"id": user, "team_id": team}, "team": {"id": team}}
        return payload(user=user, channel=f"D0{user}", body=body, public=False, thread="", **told)

    def _in_slack(self, role: str, made: dict[str, Any]) -> Seen:
        reply = self.app.extensions["slack_intake"].intake._answering.reply(f"slack:{next(_numbers)}", made)
        seen = Seen(200, reply.model_dump_json(), self._changed(), reply)
        self.restore(seen.changed)
        return seen

    def _ask(
        self, role: str, method: str, path: str, given: str, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        data = {"csrf_token": self.tokens.get(role, ""), **_fields(given)} if method == "POST" else None
        return self.clients[role].open(
            path, method=method, data=data, headers={"X-Fragment": "turn", **(headers or {})}
        )

    # --- the record ---------------------------------------------------------------------------------------------

    def restore(self, tables: set[str]) -> None:
        """Makes tables of the record again what they were."""
        if not tables:
            return
        self._raw.execute("PRAGMA foreign_keys = OFF")
        with self._raw:
            for table in tables:
                self._raw.execute(f'DELETE FROM main."{table}"')
                self._raw.execute(f'INSERT INTO main."{table}" SELECT * FROM pristine."{table}"')

    def _changed(self) -> set[str]:
        """The tables in which anything is that was not, or is otherwise, but a line that says who looked."""
        version = self._data_version()
        if version == self._version:
            return set()
        self._version = version
        now = self._take_digests()
        return {table for table in self._tables if now[table] != self._digests[table]}

    def _data_version(self) -> int:
        return int(self._raw.execute("PRAGMA main.data_version").fetchone()[0])

    def _take_digests(self) -> dict[str, str]:
        return {table: self._digest(table) for table in self._tables}

    def _digest(self, table: str) -> str:
        rows = self._raw.execute(f'SELECT * FROM main."{table}"').fetchall()
        return hashlib.sha256(repr(rows).encode()).hexdigest()


def team_of(role: str) -> str:
    """The workspace whose user somebody is."""
    return ABROAD if role == "connect" else cast.HOME_TEAM


def _fields(text: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}


# --- making it ----------------------------------------------------------------------------------------------------


def make_world(home: Path, fake: FakeSlack) -> World:
    """The desk with everything in it. `home`: of a council with its register and people."""
    wiring = Wiring(cast.settings(home, DESK_NOTICES_SECRET=SECRET, DESK_NOTIFY_TOKEN="t" * 32, **slack_settings(fake)))
    _list_in_slack(wiring, fake)
    vars(wiring)["desk"] = replace(wiring.desk, kick=lambda: None)  # nothing is sent meanwhile, which would be a change
    council = Council(wiring.store, wiring.desk, datetime.now(UTC))
    council.with_desk(now=wiring.desk.now)
    names = _concerns(council) | _others(council) | _of_providers(council, wiring)
    app = create_app(wiring)
    clients = {role: app.test_client() for role in ("stranger", *LISTED)}
    for role, address in LISTED.items():
        _signs_in(clients[role], wiring, address)
    names |= _links(wiring, names) | {"import": _import(wiring)}
    tokens = {role: _token(client) for role, client in clients.items()}
    return World(app, wiring, names, wiring.settings.home / "record.db", NOWHERE, clients, tokens)


NOWHERE = {
    "concern": "C-0999",
    "asked": "C-0998",
    "closed": "C-0997",
    "draft": "0" * 16,
    "checklist": "999",
    "alert": "S-999",
    "number": "998",
    "posting": "P-999",
    "confirm": "A" * 32,
}
"""What is not there, by the names of what is, and is not everybody's to know of."""


SECRET = "whsec_" + "c2VjcmV0IG9mIHRlc3Rz" * 2


def _list_in_slack(wiring: Wiring, fake: FakeSlack) -> None:
    """Everybody on the list has the one role of theirs, and a Slack id. Somebody abroad goes by all that is Imran's."""
    names = ("name", "division", "directorate", "deputy")
    with wiring.store.writing() as connection:
        people = {one.email: one for one in list_people(connection)}
        rows = [
            Row(address, slack_id_of(role), Role(role.removeprefix("other_")),
                {name: getattr(people[address], name) for name in names})
            for role, address in LISTED.items()
        ]  # fmt: skip
        replace_people(connection, rows)
    for id, team, email in (
        (slack_id_of("other_member"), ABROAD, IMRAN),
        (slack_id_of("provider"), cast.HOME_TEAM, FIRM),
    ):
        fake.people[id] = {"id": id, "team_id": team, "profile": {"email": email}}


def slack_id_of(role: str) -> str:
    """A role's id in Slack: of who is abroad, a Member's."""
    return f"U0{'OTHERMEMBER' if role == 'connect' else role.upper().replace('_', '')}"


def _concerns(council: Council) -> dict[str, str]:
    """One just raised, one with a provider, one closed; and a draft."""
    fresh, asked, closed = council.raised(), council.raised(), council.raised()
    assert council.press(PRIYA, "ask_provider", asked, to=FIRM, text="Were calls missed?").concern
    assert council.press(PRIYA, "close", closed, outcome="explained", text="It was the snow.").concern
    now = council.desk.now()
    with council.store.writing() as connection:
        about = {"contracts": {CARE: "home-care"}, "service": "home-care", "lacks": "", "member": "", "district": ""}
        draft = keep_draft(connection, DOREEN, "", CARER, about, now)
        number = int(fresh.partition("-")[2])
        png = Attachment(name="photo.png", type="image/png", content=b"\x89PNG\r\n\x1a\n", checksum="0" * 64)
        file = keep(connection, png, concern=number, draft=None, now=now)
    request = council.requests(asked)[0].id
    return {
        "concern": fresh, "asked": asked, "closed": closed, "draft": draft, "file": str(file), "request": str(request),
        "contract": CARE,
    }  # fmt: skip


def _others(council: Council) -> dict[str, str]:
    """Daniel's checklist, alert, intention and question; a review of Priya's; an entry of the desk's own."""
    checklist = council.press(DANIEL, "open_checklist", "specification").checklist
    assert checklist
    plan = council.press(DANIEL, "new_intention", "", **{**PLAN, "tender": "", "start": ""})
    assert plan.outcome is Outcome.TIMELINE, plan
    gone = council.press(DANIEL, "new_intention", "", **{**PLAN, "title": "Meals", "tender": "", "start": ""})
    assert council.press(DANIEL, "withdraw_intention", "INT-2", reason="No money.").outcome is Outcome.TIMELINE, gone
    asked = [council.say(DANIEL, f"How many daffodils may a {one} plant?") for one in ("warden", "keeper", "ranger")]
    for one in asked:
        assert one.question, one
        assert council.press(DANIEL, "ask_person", str(one.question)).outcome is Outcome.ENQUIRY
    told = {"answer": "Forty a year.", "access": "internal", "teach": "yes", "asks": "How many daffodils?"}
    assert council.press(WENDY, "answer_enquiry", "E-2", **told).outcome is Outcome.ENQUIRY
    assert council.press(WENDY, "answer_enquiry", "E-3", **{**told, "teach": "no"}).outcome is Outcome.ENQUIRY
    reply = council.press(PRIYA, "record_review", CARE, outcome="met", changes="", next_on=in_days(200))
    assert reply.outcome is Outcome.REVIEW, reply
    return {
        "checklist": str(checklist.id), "intention": "INT-1", "withdrawn": "INT-2", "question": str(asked[0].question),
        "enquiry": "E-1", "answered": "E-3", "entry": "officer-2", "review": reply.choices[0].about,
    }  # fmt: skip


def _of_providers(council: Council, wiring: Wiring) -> dict[str, str]:
    """A posting, an alert, one that waits to be confirmed and an endpoint of the firm's; and Daniel's alert."""
    sent = Message(text="", action="new_posting", fields={**OFFER, "closes": in_days(30), "email": FIRM}, surface="web")
    assert handle(sent, council.desk).outcome is Outcome.POSTING
    endpoint = live(council.store, owner=FIRM)
    own = subscribed(council.store, DANIEL, DANIEL, "screen")
    firm = subscribed(council.store, FIRM, FIRM, "email")
    now = council.desk.now()
    with council.store.writing() as connection:
        waits = record.propose(
            connection, now, recipient=FIRM, owner=FIRM, channel="email", sentence="roads", every="at once",
            criteria=Criteria(words=("roads",)),
        )  # fmt: skip
        proposed = record.by_number(connection, waits)
        assert proposed
        confirm = confirming.make(connection, proposed, now)
        party, held = party_of(connection, FIRM), held_contract(connection, CARE)
        connection.execute(sa.update(own_entry).values(review_on=now.date()))
    assert held
    return {
        "posting": "P-1", "endpoint": str(endpoint.id), "alert": f"S-{own}", "firms": f"S-{firm}",
        "offer": urlencode({**OFFER, "closes": in_days(30), "email": FIRM}),
        "later": in_days(300), "supplier": quote(held.contract.supplier),
        "number": str(own), "firms_number": str(firm), "confirm": confirm, "party": str(party),
    }  # fmt: skip


def _links(wiring: Wiring, names: dict[str, str]) -> dict[str, str]:
    """A working link of each purpose."""
    secret, now = wiring.settings.secret_key.get_secret_value(), wiring.desk.now()
    with wiring.store.writing() as connection:
        sign_in, priya = sign_in_links.make(connection, DOREEN, now), party_of(connection, PRIYA)
    firm = int(names["party"])
    act: dict[str, str | int] = {"party": priya, "action": "acknowledge", "about": names["concern"]}
    stop = alert_links.Stop(firm, (int(names["firms_number"]),))
    paths = {
        "act": tokens.sign(secret, links.ACT, act, now),
        "answer": tokens.sign(secret, links.ANSWER, {"request": int(names["request"])}, now),
        "own": links.own_posting(secret, names["posting"], now),
        "confirm_link": alert_links.confirm_path(secret, names["confirm"], now),
        "stop": alert_links.unsubscribe_path(secret, stop, now),
        "manage": alert_links.manage_path(secret, firm, now),
        "sign_in": sign_in_links.path_of(secret, sign_in, now),
    }
    return {name: path.rpartition("/")[2] for name, path in paths.items()}


def _import(wiring: Wiring) -> str:
    """A file that Farah has sent."""
    with wiring.store.writing() as connection:
        farah = party_of(connection, FARAH)
    staging = Staging(wiring.settings.home)
    job = staging.begin(farah, Kind.REGISTER, wiring.desk.now())
    return staging.write(job.model_copy(update={"state": State.SHOWN, "digest": "shown"})).id


def _signs_in(client: FlaskClient, wiring: Wiring, address: str) -> None:
    """By a link to their address, as people do."""
    secret, now = wiring.settings.secret_key.get_secret_value(), wiring.desk.now()
    with wiring.store.writing() as connection:
        link = sign_in_links.make(connection, address, now)
    path = sign_in_links.path_of(secret, link, now)
    token = token_in(client.get(path).get_data(as_text=True))
    assert client.post(path, data={"csrf_token": token}).status_code == 303


def _token(client: FlaskClient) -> str:
    return token_in(client.get("/").get_data(as_text=True))


def in_days(days: int) -> str:
    """A day so many days from now."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def token_in(page: str) -> str:
    """The token of a page's forms."""
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]
