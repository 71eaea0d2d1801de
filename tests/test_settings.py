"""Settings: what an administrator can set, and what is said of a wrong one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import cast
import pytest
from notify_server import KEY as KEY_OF_NOTIFY
from notify_server import TEMPLATE
from processes import child_environment, run_desk

from bot.settings import PLAIN, PREFIX, Settings, SettingsError, load_settings, variable
from bot.wiring import Wiring
from knowledge import service_levels

KEY = "k" * 16


def complaint(environment: dict[str, str], needs: tuple[str, ...] = ()) -> str:
    with pytest.raises(SettingsError) as raised:
        load_settings(environment, needs)
    return str(raised.value)


def test_no_setting_is_needed_to_ask() -> None:
    settings = load_settings({})
    assert settings.home == Path(".desk")
    assert settings.store_url.startswith("sqlite:////")
    assert settings.index_path == Path(".desk/index.db")
    assert not settings.demo


def test_every_setting_has_one_variable_and_a_description() -> None:
    names = [variable(field) for field in Settings.model_fields]
    assert len(set(names)) == len(names)
    assert all(name in PLAIN or name.startswith(PREFIX) for name in names)
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_can_be_given_by_its_variable_and_an_empty_one_is_not_given(field: str) -> None:
    default = getattr(load_settings({}), field)
    assert getattr(load_settings({variable(field): ""}), field) == default
    given = {
        "url": "https://desk.example.org", "demo": "1", "host": "0.0.0.0", "web_workers": "3", "log_level": "DEBUG",
        "database_url": "sqlite:////tmp/x.db", "slack_api_url": "http://127.0.0.1:9/api", "port": "9000",
        "ocid_prefix": "ocds-abc123", "slack_mode": "off",
        "trusted_proxies": "1",
        "max_question": "500", "max_file_bytes": "2000", "max_pages": "7", "max_read_seconds": "0.5",
        "max_read_memory": "200000000", "max_unpacked_bytes": "5000", "questions_per_minute": "5", "secret_key": KEY,
        "slack_team": "T01MARL", "slack_issuer": "http://127.0.0.1:9", "closure_days": "2026-12-29",
        "review_days": "45", "pattern_concerns": "5", "pattern_days": "60",
        "ending_within": "24", "questions_kept": "30", "concerns_kept": "24", "drafts_kept": "2",
        "conversations_kept": "7", "incoming_kept": "14", "notifications_kept": "60", "unconfirmed_kept": "5",
        "addresses_kept": "14", "postings_kept": "14", "links_kept": "2", "undo_kept": "7", "backups_kept": "14",
        "enquiry_days": "5", "officers_channel": "C0OFFICERS",
        "notices_url": "http://127.0.0.1:9", "notices_since": "2026-04-01", "notices_every": "60",
        "notices_secret": "whsec_YSBzZWNyZXQgb2YgdGhlIHRlc3Rz", "max_notices_bytes": "5000",
        "smtp_port": "25", "smtp_security": "TLS", "mail_from": "Desk <desk@example.org>",
        "notify_key": KEY_OF_NOTIFY, "notify_template": TEMPLATE, "notify_reply_to": TEMPLATE, "notify_token": KEY,
        "metrics_token": KEY,
        "notify_url": "http://127.0.0.1:9", "webhook_loopback": "1",
        "contact": "desk@example.org", "data_protection": "dpo@example.org",
    }.get(field, "/somewhere")  # fmt: skip
    slack = {"DESK_SLACK_CLIENT_SECRET": "x", "DESK_SLACK_TEAM": "T01MARL", "DESK_URL": "https://desk.example.org"}
    beside = {
        "slack_client_id": slack,
        "smtp_host": {"DESK_MAIL_FROM": "desk@example.org"},
        "smtp_user": {"DESK_SMTP_PASSWORD": "x"},
        "notify_key": {"DESK_NOTIFY_TEMPLATE": TEMPLATE},
        "notices_every": {"DESK_BUYERS": "Marlshire"},
        "smtp_password": {"DESK_SMTP_USER": "x"},
    }.get(field, {})
    assert getattr(load_settings({**beside, variable(field): given}), field) != default


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_COUNCIL", "Marlshire")
    assert load_settings().council == "Marlshire"


def test_only_what_was_handed_over_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_COUNCIL", "Marlshire")
    assert load_settings({}).council == "the council"


def test_a_variable_that_is_no_setting_is_told_with_the_likely_one() -> None:
    said = complaint({"DESK_COUNCL": "x"})
    assert "DESK_COUNCL: there is no such setting" in said
    assert "did you mean DESK_COUNCIL?" in said


def test_variables_of_others_are_not_ours() -> None:
    assert load_settings({"PATH": "/bin", "HOME": "/root", "SLACK_SOMETHING": "x"}) == load_settings({})


def test_every_wrong_setting_is_told_a_line_each() -> None:
    said = complaint({"PORT": "none", "DESK_WEB_WORKERS": "99", "DESK_MAX_PAGES": "0", "DESK_X": "1"}).split("\n")
    assert [line.split(":")[0] for line in said] == ["DESK_MAX_PAGES", "DESK_WEB_WORKERS", "DESK_X", "PORT"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DESK_URL", "http://desk.example.org"),
        ("DESK_URL", "desk.example.org"),
        ("DESK_URL", "javascript:alert(1)"),
        ("SLACK_API_URL", "http://slack.example.org"),
        ("DESK_SECRET_KEY", "k" * 15),
        ("DESK_LOG_LEVEL", "loud"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "postgres://x"),
        ("DESK_DEMO", "perhaps"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("DESK_MAX_QUESTION", "99"),
        ("DESK_MAX_READ_SECONDS", "0"),
        ("DESK_MAX_READ_MEMORY", "1"),
        ("DESK_TRUSTED_PROXIES", "-1"),
        ("DESK_OUT_OF_HOURS", "01632 960 123\nBcc: x"),
        ("DESK_OUT_OF_HOURS", "1" * 201),
    ],
)
def test_a_wrong_value_is_told_by_its_variable(name: str, value: str) -> None:
    assert complaint({name: value}).startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DESK_URL", "http://127.0.0.1:8000"), ("DESK_URL", "http://localhost"), ("DESK_SECRET_KEY", KEY),
        ("DATABASE_URL", "postgresql+psycopg://a:b@c/d"), ("PORT", "65535"), ("DESK_WEB_WORKERS", "32"),
    ],
)  # fmt: skip
def test_a_value_just_within_its_bounds_is_taken(name: str, value: str) -> None:
    assert load_settings({name: value}) != load_settings({})


def test_closure_days_are_days_and_the_bad_one_is_named() -> None:
    assert load_settings({}).closures == frozenset()
    given = load_settings({"DESK_CLOSURE_DAYS": " 2026-12-29, 2026-12-30,"}).closures
    assert given == {date(2026, 12, 29), date(2026, 12, 30)}
    for bad in ("2026-02-30", "20261229", "2026-W53-2", "29/12/2026"):
        said = complaint({"DESK_CLOSURE_DAYS": f"2026-12-29,{bad}"})
        assert said == f"DESK_CLOSURE_DAYS: {bad!r} is not a day like 2026-12-29"


def test_the_wiring_hands_the_council_s_times_to_the_desk(home: Path, tmp_path: Path) -> None:
    levels = tmp_path / "levels.toml"
    shipped = Path(service_levels.__file__).parent / "data" / "service_levels.toml"
    levels.write_text(shipped.read_text(encoding="utf-8").replace('"10 working days"', '"7 working days"'), "utf-8")
    more = {"DESK_OUT_OF_HOURS": "01632 960 123.", "DESK_CLOSURE_DAYS": "2026-12-29"}
    desk = Wiring(cast.settings(home, **more, DESK_SERVICE_LEVELS=str(levels))).desk
    assert desk.levels.named("standard").answer.working_days == 7
    assert not desk.calendar.is_working(date(2026, 12, 29))
    assert desk.calendar.is_working(date(2026, 12, 30))
    assert desk.out_of_hours == "01632 960 123"


def test_a_file_of_service_levels_that_cannot_be_used_is_told_and_not_traced(home: Path, tmp_path: Path) -> None:
    (tmp_path / "levels.toml").write_text("[[level]]\nname = 'standard'\n", encoding="utf-8")
    environment = child_environment(home, DESK_SERVICE_LEVELS="levels.toml")
    done = run_desk(environment, "ask", "who is accountable for the principles?", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "desk: levels.toml, standard: acknowledge is lacking\n"


def test_no_secret_is_told_in_a_complaint_or_shown() -> None:
    for name, value in [("DESK_SECRET_KEY", "hunter2"), ("DATABASE_URL", "mysql://desk:hunter2@db")]:
        assert "hunter2" not in complaint({name: value})
    settings = load_settings({"DESK_SECRET_KEY": "hunter2" * 3, "SLACK_BOT_TOKEN": "xoxb-hunter2"})
    assert "hunter2" not in repr(settings)


def test_what_a_command_needs_is_told_with_what_it_is() -> None:
    said = complaint({}, needs=("secret_key", "slack_bot_token"))
    assert "DESK_SECRET_KEY: is needed here. " in said
    assert "SLACK_BOT_TOKEN: is needed here. xoxb-" in said
    assert load_settings({"DESK_SECRET_KEY": KEY}, needs=("secret_key",)).secret_key.get_secret_value() == KEY


@pytest.mark.parametrize("other", [{"SLACK_BOT_TOKEN": "xoxb-1"}, {"DATABASE_URL": "postgresql+psycopg://a:b@c/d"}])
def test_a_demonstration_never_serves_the_real_thing(other: dict[str, str]) -> None:
    assert complaint({"DESK_DEMO": "1", **other}).startswith("DESK_DEMO: ")
    assert load_settings({"DESK_DEMO": "1"}).demo
    assert load_settings(other)


def test_an_address_ends_as_its_user_expects() -> None:
    settings = load_settings({"DESK_URL": "https://desk.example.org/", "SLACK_API_URL": "http://127.0.0.1:9/api"})
    assert settings.url == "https://desk.example.org"
    assert settings.slack_api_url == "http://127.0.0.1:9/api/"


def test_a_given_database_goes_before_the_home_folder() -> None:
    assert load_settings({"DESK_HOME": "/h"}).store_url == "sqlite:////h/record.db"
    assert load_settings({"DESK_HOME": "/h", "DATABASE_URL": "sqlite:////d.db"}).store_url == "sqlite:////d.db"


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError):
        load_settings({}).council = "x"
