"""desk check: what it names before going live, what it says to do, and when it is content."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import cast
import pytest
import register
import sqlalchemy as sa
from click.testing import CliRunner, Result
from fake_slack import BOT_TOKEN, Answer, FakeSlack
from mail import MailServer, certificate
from parked import park_one

from bot.__main__ import desk as desk_command
from bot.checking.mail import check_mail
from bot.checking.officers import check_officers
from bot.checking.settings import check_settings
from bot.checking.slack import check_slack, wanted_scopes
from bot.settings import load_settings
from bot.wiring import Wiring
from handlers.checking import check_record
from handlers.checking.contracts import check_contracts
from handlers.checking.findings import Finding, Severity, some
from handlers.checking.people import check_people
from knowledge import tables
from knowledge.incoming import write_down
from knowledge.models import Person, Role
from knowledge.outbox.heartbeats import beat
from knowledge.outbox.owing import owe
from knowledge.parties import mark_unreachable
from knowledge.register.contract import Contract
from knowledge.register.holding import Held
from knowledge.store import Store

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BOTH = frozenset({"slack", "email"})
TESS = Person(name="Tess", email="tess@example.org", slack_id="U0TESS", roles=frozenset({Role.TRIAGE}))
SAM = Person(name="Sam", email="sam@example.org", slack_id="U0SAM", roles=frozenset({Role.SAFEGUARDING}))
MO = Person(name="Cllr Mo", email="mo@example.org", roles=frozenset({Role.MEMBER}))
MAX = Person(name="Max", email="max@example.org", roles=frozenset({Role.MANAGER}))
PEOPLE = [TESS, SAM, MO, MAX]
MAIL = {"DESK_SMTP_HOST": "127.0.0.1", "DESK_SMTP_SECURITY": "none", "DESK_MAIL_FROM": "desk@example.org"}


def named(found: list[Finding], severity: Severity) -> list[str]:
    """What is found of a severity."""
    return [one.what for one in found if one.severity is severity]


def lacking(found: list[Finding]) -> list[str]:
    return named(found, Severity.MISSING)


def doubtful(found: list[Finding]) -> list[str]:
    return named(found, Severity.WARNING)


def all_say_what_to_do(found: list[Finding]) -> bool:
    return all(one.do for one in found if one.severity is not Severity.FINE)


# --- people -------------------------------------------------------------------------------------------------------


def people(*listed: Person, on: frozenset[str] = BOTH, deaf: tuple[str, ...] = ()) -> list[Finding]:
    found = check_people(listed, DAY, on, deaf)
    assert all_say_what_to_do(found)
    return found


def test_a_list_with_everybody_on_it_is_fine() -> None:
    found = people(*PEOPLE)
    assert {one.severity for one in found} == {Severity.FINE}
    assert "Triage contact: Tess (tess@example.org)" in named(found, Severity.FINE)


@pytest.mark.parametrize(("gone", "role"), [(TESS, "triage"), (SAM, "safeguarding")])
def test_a_missing_contact_is_named(gone: Person, role: str) -> None:
    found = people(*(one for one in PEOPLE if one is not gone))
    assert lacking(found) == [f"No {role} contact is on the people list, so the desk does not serve Members."]
    assert f"role {role}" in next(one.do for one in found if one.severity is Severity.MISSING)


@pytest.mark.parametrize(
    ("change", "on", "deaf", "says"),
    [
        ({"email": "", "slack_id": "U0SAM"}, {"email"}, (), "only a Slack id"),
        ({"email": "no-reply@example.org"}, {"email"}, (), "nobody reads no-reply@example.org"),
        ({}, {"email"}, ("sam@example.org",), "messages to sam@example.org come back"),
        ({"email": ""}, {"slack"}, ("U0SAM",), "Slack does not reach it"),
    ],
)
def test_a_contact_whom_no_channel_reaches_is_named(
    change: dict[str, str], on: set[str], deaf: tuple[str, ...], says: str
) -> None:
    [what] = lacking(people(TESS, MO, SAM.model_copy(update=change), on=frozenset(on), deaf=deaf))
    assert what.startswith("No safeguarding contact can be reached (Sam")
    assert says in what
    second = SAM.model_copy(update={"email": "sue@example.org", "slack_id": "U0SUE"})
    others = [TESS, MO, SAM.model_copy(update=change), second]
    assert lacking(people(*others, on=frozenset(on), deaf=deaf)) == [], "another one can"


def test_a_contact_who_is_away_is_missing_from_the_first_day_to_the_last() -> None:
    def sam(**away: str) -> list[Finding]:
        return people(TESS, MO, SAM.model_copy(update=away))

    for away in (
        {"away_from": "2026-11-20", "away_to": "2026-11-20"},
        {"away_from": "2026-01-01"},
    ):
        assert lacking(sam(**away))[0].startswith("Every safeguarding contact is away: Sam (sam@example.org) until ")
        assert lacking(sam(**away, deputy="max@example.org")) == []
        assert doubtful(sam(**away, deputy="max@example.org"))[0].endswith(" Meanwhile: max@example.org.")
    for away in (
        {"away_from": "2026-11-21", "away_to": "2026-11-30"},
        {"away_from": "2026-11-01", "away_to": "2026-11-19"},
    ):
        assert lacking(sam(**away)) == []


def test_carriers_away_now_or_soon_without_a_deputy_are_named() -> None:
    def away(**more: Any) -> list[str]:
        return doubtful(people(*PEOPLE[:3], MAX.model_copy(update={"away_from": "2026-12-01", **more})))

    assert away()[0].startswith("Away without a deputy: Max (max@example.org) (2026-12-01 to open).")
    assert away(deputy="sam@example.org") == []
    assert away(away_from="2026-11-01", away_to="2026-11-19") == []
    assert away(roles=frozenset({Role.OFFICER})) == [], "nobody waits for them"


def test_addresses_nobody_reads_and_a_list_without_members_are_told() -> None:
    assert doubtful(people(TESS, SAM)) == ["No Member is on the people list, so nobody can raise a concern."]
    [what] = doubtful(people(*PEOPLE, MAX.model_copy(update={"email": "donotreply@example.org"})))
    assert "donotreply@example.org" in what


# --- contracts ----------------------------------------------------------------------------------------------------


def contracts(*given: Contract, listed: list[Person] = PEOPLE, deaf: tuple[str, ...] = ()) -> list[Finding]:
    found = check_contracts([Held(one) for one in given], listed, DAY, deaf)
    assert all_say_what_to_do(found)
    return found


def contract(reference: str = "C1", **more: Any) -> Contract:
    return Contract(reference=reference, title="Home care", **more)


def test_without_a_register_something_is_missing() -> None:
    assert lacking(contracts()) == ["There is no contract register, so every concern would go to triage."]


def test_a_contract_with_anybody_who_owns_it_is_fine() -> None:
    for field in ("manager_email", "deputy_email", "director_email"):
        [found] = contracts(contract(**{field: MAX.email}))
        assert found.severity is Severity.FINE
    away = [TESS, SAM, MAX.model_copy(update={"away_from": "2026-01-01"})]
    assert contracts(contract(manager_email=MAX.email), listed=away)[0].severity is Severity.FINE, "owned all the same"


@pytest.mark.parametrize(
    "about",
    [
        {}, {"manager": "Vacant", "manager_email": "max@example.org"}, {"manager": "Max Ferris"},
        {"manager_email": "no-reply@example.org"}, {"director_email": "gone@example.org"},
    ],
)  # fmt: skip
def test_a_contract_in_force_that_nobody_owns_is_named(about: dict[str, str]) -> None:
    found = contracts(contract(**about), contract("C2", manager_email=MAX.email), deaf=("gone@example.org",))
    assert lacking(found) == []
    assert doubtful(found)[0].startswith("1 of 2 contracts in force name no manager, deputy or lead director")
    assert doubtful(found)[0].endswith("concerns about them go to triage: C1.")


def test_a_contract_that_has_ended_or_not_begun_needs_nobody() -> None:
    ended, to_come = contract("C1", end=date(2026, 11, 19)), contract("C2", start=date(2026, 11, 21))
    [found] = contracts(ended, to_come, contract("C3", manager_email=MAX.email))
    assert found.what.startswith("1 contract in force")


def test_ten_are_named_and_the_rest_counted() -> None:
    assert some([f"C{number}" for number in range(10)]).endswith("C9")
    assert some([f"C{number}" for number in range(12)]).endswith("C9, and 2 more")
    [what] = doubtful(contracts(*(contract(f"C{number:02}") for number in range(25))))
    assert what.startswith("25 of 25 contracts")
    assert what.endswith("C09, and 15 more.")


def test_people_whom_the_register_names_and_the_list_does_not_are_told() -> None:
    given = contract(manager_email="Max@example.org", deputy_email="new@example.org", director_email="dee@example.org")
    [what] = doubtful(contracts(given))
    assert what.startswith("2 people whom the register names are not on the people list")
    assert what.endswith(": dee@example.org, new@example.org.")


def test_addresses_nobody_reads_or_that_come_back_are_told() -> None:
    given = contract(manager_email="noreply@example.org", director_email=MAX.email)
    told = doubtful(contracts(given, deaf=(MAX.email, "stranger@example.org")))
    assert any(what.startswith("Addresses in the register that nobody reads: noreply@example.org.") for what in told)
    assert "Messages have come back from: max@example.org." in told


# --- sending ------------------------------------------------------------------------------------------------------


def test_the_record_is_looked_at_on_both_engines(store: Store, tmp_path: Path) -> None:
    cast.list_people(store, tmp_path, cast.MO)
    register.hold(store, register.contracts())
    found = check_record(store, DAY, BOTH)
    assert all_say_what_to_do(found)
    [what] = lacking(found)
    assert what.startswith("No worker has been heard of for a minute")
    beat(store, "a worker of tests")
    with store.writing() as connection:
        mark_unreachable(connection, "tess@example.org", "bounced", NOW)
    found = check_record(store, DAY, frozenset({"email"}))
    [what] = lacking(found)
    assert "messages to tess@example.org come back" in what
    assert "Messages have come back from: tess@example.org." in doubtful(found)


def test_a_worker_not_heard_of_for_a_minute_is_missing(store: Store) -> None:
    beat(store, "a worker of tests")
    assert not any("worker" in what for what in lacking(check_record(store, DAY, BOTH)))
    with store.writing() as connection:
        connection.execute(sa.update(tables.heartbeat).values(at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert any("worker" in what for what in lacking(check_record(store, DAY, BOTH)))


def test_what_is_parked_is_counted(store: Store) -> None:
    beat(store, "a worker of tests")
    with store.writing() as connection:
        for number in range(3):
            owe(connection, NOW, kind="raised", subject=f"event:{number}", recipient="max@example.org", channel="email")
        connection.execute(sa.update(tables.notification).where(tables.notification.c.subject != "event:0").values(
            state="parked"))  # fmt: skip
    write_down(store, "Ev1", "slack", {"text": "x"})
    park_one(store, "Ev1")
    told = lacking(check_record(store, DAY, BOTH))
    assert "2 notifications are parked: those people have not been told." in told
    assert "1 message has come in that could not be answered." in told


# --- settings -----------------------------------------------------------------------------------------------------


def set_to(**more: str) -> list[Finding]:
    found = check_settings(
        load_settings({"DESK_SECRET_KEY": "k" * 16, "DESK_OUT_OF_HOURS": "01632 960 123", **more}), DAY
    )
    assert all_say_what_to_do(found)
    return found


def test_settings_that_fit_together_are_fine() -> None:
    found = set_to(**MAIL, SLACK_BOT_TOKEN="xoxb-x", DESK_URL="https://desk.example.org")
    assert {one.severity for one in found} == {Severity.FINE}


@pytest.mark.parametrize(
    ("more", "severity", "says"),
    [
        ({**MAIL, "DESK_URL": "https://d.example.org", "DESK_SECRET_KEY": ""}, Severity.MISSING, "DESK_SECRET_KEY is"),
        ({}, Severity.MISSING, "Neither Slack nor e-mail is switched on"),
        (MAIL, Severity.MISSING, "DESK_URL is not set"),
        ({**MAIL, "DESK_URL": "http://127.0.0.1:8000"}, Severity.WARNING, "opens on this machine only"),
        ({"SLACK_BOT_TOKEN": "xoxb-x"}, Severity.WARNING, "No e-mail is sent"),
        ({**MAIL, "DESK_URL": "https://d.example.org", "DESK_DEMO": "1"}, Severity.MISSING, "DESK_DEMO"),
        ({"SLACK_BOT_TOKEN": "xoxb-x", "DESK_OUT_OF_HOURS": ""}, Severity.WARNING, "DESK_OUT_OF_HOURS is empty"),
        ({"SLACK_BOT_TOKEN": "xoxb-x", "DESK_CLOSURE_DAYS": "2026-11-19"}, Severity.WARNING, "names no day to come"),
    ],
)
def test_what_the_settings_lack_is_named(more: dict[str, str], severity: Severity, says: str) -> None:
    assert any(says in what for what in named(set_to(**more), severity))


def test_a_demonstration_by_itself_is_only_doubtful() -> None:
    assert any("DESK_DEMO" in what for what in doubtful(set_to(DESK_DEMO="1")))
    assert not any("closure" in what.lower() for what in doubtful(set_to(DESK_CLOSURE_DAYS="2026-11-19,2026-11-20")))


# --- Slack --------------------------------------------------------------------------------------------------------


def slack(fake: FakeSlack, scopes: set[str] | None = None, **more: str) -> list[Finding]:
    headers = {"x-oauth-scopes": ",".join(sorted(wanted_scopes() if scopes is None else scopes))}
    fake.will("auth.test", Answer({"ok": True, "team_id": cast.HOME_TEAM}, headers=headers if scopes != set() else {}))
    tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": "x", "SLACK_API_URL": fake.url}
    found = check_slack(load_settings({**tokens, **more}))
    assert all_say_what_to_do(found)
    assert BOT_TOKEN not in str(found)
    return found


def test_slack_is_asked_once_and_is_fine_with_every_scope_of_the_manifest(fake: FakeSlack) -> None:
    found = slack(fake)
    assert {one.severity for one in found} == {Severity.FINE}
    assert len(fake.calls) == 1
    assert slack(fake, wanted_scopes() | {"more:than:that"})[0].severity is Severity.FINE


def test_scopes_that_lack_are_named(fake: FakeSlack) -> None:
    assert lacking(slack(fake, wanted_scopes() - {"chat:write", "users:read"})) == [
        "The bot token lacks scopes: chat:write, users:read."
    ]
    assert doubtful(slack(fake, set())) == ["The bot token works; Slack did not say which scopes it has."]


def test_nothing_is_asked_where_slack_is_not_switched_on() -> None:
    assert check_slack(load_settings({})) == []


def test_without_a_way_in_something_is_missing(fake: FakeSlack) -> None:
    assert lacking(slack(fake, SLACK_SIGNING_SECRET=""))[0].startswith("Nothing can come in from Slack")


def test_the_token_of_socket_mode_is_tried(fake: FakeSlack) -> None:
    assert "Messages come in by Socket Mode (desk slack)" in named(slack(fake, SLACK_APP_TOKEN="xapp-x"), Severity.FINE)
    assert [call.token for call in fake.calls if call.method == "apps.connections.open"] == ["xapp-x"]
    fake.will("apps.connections.open", Answer({"ok": False, "error": "invalid_auth"}))
    assert lacking(slack(fake, SLACK_APP_TOKEN="xapp-x")) == ["Slack refuses SLACK_APP_TOKEN (invalid_auth)."]


def test_another_workspace_than_that_of_signing_in_is_told(fake: FakeSlack) -> None:
    assert lacking(slack(fake, DESK_SLACK_TEAM=cast.HOME_TEAM)) == []
    assert lacking(slack(fake, DESK_SLACK_TEAM="T0OTHER"))[0].startswith("SLACK_BOT_TOKEN is of the workspace T01MARL")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer({"ok": False, "error": "invalid_auth"}), "Slack refuses SLACK_BOT_TOKEN (invalid_auth)."),
        (Answer({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "30"}), "(ratelimited)"),
        (Answer("<html>", status=503), "Slack"),
    ],
)
def test_a_token_that_slack_refuses_is_told_at_once(fake: FakeSlack, answer: Answer, says: str) -> None:
    fake.will("auth.test", answer)
    [what] = lacking(slack(fake))
    assert says in what
    assert len(fake.made("auth.test")) == 1, "nothing is tried again"


def test_a_slack_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, fake: FakeSlack) -> None:
    monkeypatch.setattr("bot.checking.slack.PATIENCE", 0.2)
    fake.hang("auth.test")
    [what] = lacking(slack(fake))
    assert what.startswith("Slack did not answer within")


# --- e-mail -------------------------------------------------------------------------------------------------------


def mail(server: MailServer, **more: str) -> list[Finding]:
    found = check_mail(load_settings({**MAIL, "DESK_SMTP_PORT": str(server.port), **more}))
    assert all_say_what_to_do(found)
    return found


def test_the_mail_server_is_greeted_and_nothing_is_sent() -> None:
    with MailServer() as server:
        [found] = mail(server)
        assert (found.severity, found.what.endswith("answers without encryption, on this machine")) == (
            Severity.FINE, True,
        )  # fmt: skip
        assert (server.conversations >= 1, server.arrived) == (True, [])


def test_starttls_and_the_log_in_are_tried(tmp_path: Path) -> None:
    theirs, ours = certificate(tmp_path)
    with MailServer(tls=theirs, login=("desk", "right")) as server:
        given = {**MAIL, "DESK_SMTP_PORT": str(server.port), "DESK_SMTP_SECURITY": "starttls", "DESK_SMTP_USER": "desk"}
        right = load_settings({**given, "DESK_SMTP_PASSWORD": "right"})
        [found] = check_mail(right, tls=ours)
        assert found.what.endswith("answers over STARTTLS, log-in works")
        [what] = lacking(check_mail(load_settings({**given, "DESK_SMTP_PASSWORD": "wrong"}), tls=ours))
        assert "password refused" in what
        assert "wrong" not in what
        [what] = lacking(check_mail(right))
        assert "certificate or TLS fails" in what, "a certificate this machine does not trust"
        assert server.arrived == []


def test_a_server_without_what_the_settings_ask_for_is_told() -> None:
    with MailServer() as server:
        [what] = lacking(mail(server, DESK_SMTP_SECURITY="starttls"))
        assert "lacks what the settings ask for" in what


def test_a_mail_server_that_is_not_there_or_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer() as server:
        pass
    assert "does not answer" in lacking(mail(server))[0]
    monkeypatch.setattr("bot.checking.mail.PATIENCE", 0.2)
    with MailServer() as server:
        server.hangs.add("EHLO")
        assert "broke off" in lacking(mail(server))[0]


def test_one_letter_is_sent_where_that_is_asked_for(desk: Callable[..., Result]) -> None:
    with MailServer() as server:
        done = desk("check", "--send-to", "olive@example.org", **MAIL, DESK_SMTP_PORT=str(server.port))
        [letter] = server.arrived
    assert (letter["To"], letter["Subject"]) == ("olive@example.org", "A test of the Commissioning Desk")
    assert "a letter is on its way to olive@example.org" in done.stdout
    refused = desk("check", "--send-to", "olive@example.org")
    assert (refused.exit_code, "DESK_SMTP_HOST" in refused.stderr) == (2, True)


def test_a_refused_letter_is_told() -> None:
    with MailServer() as server:
        server.refuses["RCPT"] = "550 no such mailbox"
        given = load_settings({**MAIL, "DESK_SMTP_PORT": str(server.port)})
        assert "recipient refused" in lacking(check_mail(given, "gone@example.org"))[0]


# --- the officers' channel ----------------------------------------------------------------------------------------

OFFICERS = "C0OFFICERS"


def officers(fake: FakeSlack, deaf: dict[str, str] | None = None, **more: str) -> list[Finding]:
    tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": fake.url, "DESK_OFFICERS_CHANNEL": OFFICERS}
    found = check_officers(load_settings({**tokens, **more}), deaf or {})
    assert all_say_what_to_do(found)
    return found


def test_an_officers_channel_that_slack_knows_is_fine_and_nothing_is_said_in_it(fake: FakeSlack) -> None:
    assert named(officers(fake), Severity.FINE) == [f"Slack knows the officers' channel {OFFICERS}"]
    assert fake.posted == []


@pytest.mark.parametrize("error", ["channel_not_found", "not_in_channel", "is_archived"])
def test_an_officers_channel_without_the_desk_in_it_is_missing(fake: FakeSlack, error: str) -> None:
    fake.will("chat.update", Answer({"ok": False, "error": error}))
    found = officers(fake)
    assert lacking(found) == [f"The desk has no way into the officers' channel {OFFICERS} ({error})."]
    assert "/invite" in found[0].do


def test_an_officers_channel_in_which_nothing_arrived_is_missing(fake: FakeSlack) -> None:
    found = officers(fake, {OFFICERS: "is_archived"})
    assert lacking(found)[0].startswith(f"Nothing arrives in the officers' channel {OFFICERS} (is_archived)")
    assert f"desk providers unreachable {OFFICERS} --undo" in found[0].do
    assert fake.calls == []


@pytest.mark.parametrize("answer", [Answer({"ok": False, "error": "invalid_auth"}), Answer("<html>", status=503)])
def test_what_says_nothing_of_the_officers_channel_is_a_warning(fake: FakeSlack, answer: Answer) -> None:
    fake.will("chat.update", answer)
    assert doubtful(officers(fake))[0].startswith("Slack does not say whether")


def test_without_an_officers_channel_each_officer_is_told_and_that_is_said(fake: FakeSlack) -> None:
    assert doubtful(officers(fake, DESK_OFFICERS_CHANNEL=""))[0].startswith("DESK_OFFICERS_CHANNEL is not set")
    assert doubtful(officers(fake, SLACK_BOT_TOKEN=""))[0].endswith("told of a question by themselves.")
    assert officers(fake, SLACK_BOT_TOKEN="", DESK_OFFICERS_CHANNEL="") == []


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(home: Path) -> Callable[..., Result]:
    """Runs `desk` on the sample council's papers, the cast and a register."""
    wiring = Wiring(cast.settings(home))
    register.hold(wiring.store, register.contracts())
    wiring.register.get()
    wiring.store.close()

    def run(*arguments: str, **more: str) -> Result:
        environment = {**cast.environment(home), "COLUMNS": "200", **more}
        return CliRunner(env=environment).invoke(desk_command, list(arguments))

    return run


def test_a_desk_that_is_ready_ends_with_0_in_spite_of_warnings(
    desk: Callable[..., Result], home: Path, fake: FakeSlack
) -> None:
    beat(Wiring(cast.settings(home)).store, "a worker of tests")
    scopes = {"x-oauth-scopes": ", ".join(wanted_scopes())}
    with MailServer() as server:
        ready = {
            **MAIL, "DESK_SMTP_PORT": str(server.port), "DESK_URL": "https://desk.example.org",
            "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": fake.url, "SLACK_SIGNING_SECRET": "hidden-signing",
        }  # fmt: skip
        fake.will("auth.test", *[Answer({"ok": True, "team_id": cast.HOME_TEAM}, headers=scopes)] * 3)
        done = desk("check", "--json", **ready)
        told = json.loads(done.stdout)
        assert (done.exit_code, told["ready"], told["missing"]) == (0, True, 0), told
        assert told["warnings"] == sum(one["severity"] == "warning" for one in told["findings"]) >= 2
        assert {one["about"] for one in told["findings"]} == {
            "Settings", "Service levels", "Record", "People", "Contracts", "Sending", "Papers", "Slack", "E-mail",
            "Questions for a person",
        }  # fmt: skip
        assert all(set(one) == {"about", "severity", "what", "do"} for one in told["findings"])
        shown = desk("check", **ready)
        assert "  ✓ Triage contact: Tess Okoye (tess@example.org)\n" in shown.stdout
        assert "  ! DESK_OUT_OF_HOURS is empty" in shown.stdout
        assert "\n    → " in shown.stdout
        assert "\nReady, with " in shown.stdout
        assert "hidden" not in done.output + shown.output
        assert BOT_TOKEN not in done.output + shown.output
        refused = desk("check", **{**ready, "DESK_URL": ""})
        assert (refused.exit_code, "  ✗ DESK_URL is not set" in refused.stdout) == (1, True)
        assert "Not ready: 1 thing is missing, " in refused.stdout


def test_a_new_desk_is_told_all_it_lacks(tmp_path: Path) -> None:
    done = CliRunner(env={"DESK_HOME": str(tmp_path / "new"), "DESK_PACKS": "sample"}).invoke(
        desk_command, ["check", "--json"]
    )
    told = json.loads(done.stdout)
    assert (done.exit_code, told["ready"]) == (1, False)
    said = " ".join(one["what"] for one in told["findings"] if one["severity"] == "missing")
    for part in (
        "DESK_SECRET_KEY",
        "Neither Slack",
        "No triage",
        "No safeguarding",
        "no contract register",
        "No worker",
    ):
        assert part in said


def test_settings_that_cannot_be_read_are_findings_too(desk: Callable[..., Result]) -> None:
    done = desk("check", "--json", DESK_COUNCL="x", PORT="none", DESK_CLOSURE_DAYS="2026-02-30")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["missing"]) == (1, 3)
    assert [one["what"].partition(":")[0] for one in told["findings"]] == ["DESK_CLOSURE_DAYS", "DESK_COUNCL", "PORT"]


def test_an_older_record_is_a_finding(desk: Callable[..., Result], home: Path) -> None:
    with Wiring(cast.settings(home)).store.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    done = desk("check")
    assert done.exit_code == 1
    assert "desk migrate" in done.stdout


def test_service_levels_and_a_pack_that_cannot_be_read_are_findings(
    desk: Callable[..., Result], tmp_path: Path
) -> None:
    done = desk("check", "--json", DESK_SERVICE_LEVELS=str(tmp_path / "none.toml"), DESK_PACKS=str(tmp_path / "pack"))
    found = {one["about"]: one for one in json.loads(done.stdout)["findings"]}
    assert found["Service levels"]["severity"] == found["Papers"]["severity"] == "missing"
    assert "none.toml" in found["Service levels"]["what"]


def test_an_index_behind_the_record_is_told(desk: Callable[..., Result], home: Path) -> None:
    def behind() -> list[str]:
        found = json.loads(desk("check", "--json").stdout)["findings"]
        return [one["what"] for one in found if "index" in one["what"] and one["about"] == "Papers"]

    assert behind() == []
    Wiring(cast.settings(home)).settings.register_index_path.unlink()
    assert behind() == ["The search index of the register on this machine is behind the record."]
    assert desk("ask", "who manages the street lighting contract").exit_code == 0
    assert behind() == []
