"""The house: arrows that do not turn back, routes declared, commands and settings told, a package that is whole."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from typing import cast as cast_to

import cast
import click
import pytest
import sqlalchemy as sa
from cast import settings
from conftest import lacking
from processes import ROOT
from slack_bolt import App

from bot.blocks import blocks_of
from bot.blocks.modals import form_modal
from bot.commands import MODULES
from bot.settings import Settings, variable
from bot.slack.app import attach
from bot.slack.listening import Listening
from bot.wiring import Wiring
from handlers.messages import Choice, Citation, Entry, Form, Outcome, Reply
from knowledge import tables
from knowledge.store import HEAD
from webhooks import create_app

ROOMS = ("webhooks", "bot", "handlers", "knowledge")
"""In the order of the arrow: a room may import those after it."""


def python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found, folders
    return found


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Every module a file imports, wherever in the file: inside functions and by name in words too."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package[: len(package) - node.level + 1]) + "." if node.level else ""
            yield node.lineno, above + (node.module or "")
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "import_module":
            first = node.args[0]
            text = first.value if isinstance(first, ast.Constant) else ""
            if isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                text = first.values[0].value
            yield node.lineno, str(text)


# --- rooms --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_do_not_turn_back(room: str) -> None:
    behind = ROOMS[: ROOMS.index(room)]
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in python_files(room)
        for line, module in imported(path)
        if module.split(".")[0] in (*behind, "tests")
    ]
    assert wrong == []


def test_the_search_for_imports_sees_what_it_should() -> None:
    seen = {module.split(".")[0] for path in python_files("webhooks", "bot") for _, module in imported(path)}
    assert {"bot", "handlers", "knowledge", "flask", "slack_bolt"} <= seen
    assert any(module.startswith("bot.commands.") for _, module in imported(ROOT / "bot" / "__main__.py"))


@pytest.mark.parametrize(
    ("rooms", "strangers"),
    [
        (
            ("knowledge", "handlers"),
            ("flask", "slack_bolt", "slack_sdk", "gunicorn", "click", "rich", "pydantic_settings"),
        ),
        (("knowledge", "handlers"), ("socket", "urllib.request", "http", "requests", "httpx", "smtplib")),
        (("knowledge", "handlers", "bot"), ("flask", "werkzeug")),
        (("webhooks",), ("slack_sdk", "click", "rich")),
    ],
)
def test_a_room_keeps_strangers_out(rooms: tuple[str, ...], strangers: tuple[str, ...]) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in python_files(*rooms)
        for line, module in imported(path)
        if any(module == one or module.startswith(f"{one}.") for one in strangers)
    ]
    assert wrong == []


# --- routes -------------------------------------------------------------------------------------------------------

MARKS = ("is_public", "is_signed", "is_signed_in")


def test_every_route_is_declared_public_signed_or_for_people_who_signed_in(home: Path) -> None:
    wiring = Wiring(settings(home))
    app = create_app(wiring)
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    declared = {}
    for rule in rules:
        view = app.view_functions[rule.endpoint]
        declared[rule.endpoint] = [mark for mark in MARKS if getattr(view, mark, False)]
    assert len(declared) >= 15
    assert [name for name, marks in declared.items() if len(marks) != 1] == []
    assert sorted(name for name, marks in declared.items() if marks == ["is_signed"]) == [
        "alerts_stop.press", "metrics.page", "notices.take", "receipts.from_notify", "slack.events",
    ]  # fmt: skip


def test_only_signed_routes_go_without_a_token(home: Path) -> None:
    from webhooks.safety import csrf

    app = create_app(Wiring(settings(home)))
    exempt = {name.rpartition(".")[0].rpartition(".")[2] + "." + name.rpartition(".")[2] for name in csrf._exempt_views}
    signed = {name for name, view in app.view_functions.items() if getattr(view, "is_signed", False)}
    assert exempt == signed
    assert csrf._exempt_blueprints == set()


def test_every_form_that_changes_something_carries_a_token() -> None:
    """One that only asks (a filter) is sent as an address, in which a token has no place."""
    forms = 0
    for path in sorted((ROOT / "webhooks" / "templates").glob("*.html")):
        for form in re.findall(r"<form\b.*?</form>", path.read_text(encoding="utf-8"), re.DOTALL):
            if 'method="get"' in form:
                assert "csrf_token" not in form, path.name
                continue
            forms += 1
            assert 'method="post"' in form, path.name
            assert 'name="csrf_token" value="{{ csrf_token() }}"' in form, path.name
    assert forms >= 4


def test_no_template_puts_text_in_unescaped() -> None:
    for path in sorted((ROOT / "webhooks").rglob("*")):
        if path.suffix in (".html", ".py"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(|render_template_string", text), path.name


# --- what is told -------------------------------------------------------------------------------------------------


def commands_and_more() -> list[str]:
    """Every command as one types it, those of groups too."""
    from importlib import import_module

    found = []
    for name, module in MODULES.items():
        command = getattr(import_module(f"bot.commands.{module}"), name.replace("-", "_"))
        found.append(name)
        if isinstance(command, click.Group):
            found += [f"{name} {below}" for below in command.commands]
    return found


def handbook() -> str:
    """The README, and the pages it leads to for everything that it does not tell itself."""
    pages = sorted((ROOT / "docs" / "handbook").glob("*.md"))
    return "\n".join(page.read_text(encoding="utf-8") for page in [ROOT / "README.md", *pages])


def test_every_command_is_in_the_handbook() -> None:
    text = handbook()
    assert [name for name in commands_and_more() if not re.search(rf"`desk {name}\b", text)] == []


def test_every_setting_is_in_the_handbook_and_the_handbook_names_no_other() -> None:
    text = handbook()
    names = {variable(field) for field in Settings.model_fields}
    assert sorted(name for name in names if f"`{name}`" not in text) == []
    assert sorted(set(re.findall(r"`(DESK_[A-Z_]+)`", text)) - names) == []


def test_the_handbook_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"`desk ([a-z]+)", handbook()))
    assert sorted(named - set(MODULES)) == []


def test_every_line_of_the_procfile_is_a_command() -> None:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").split("\n")
    commands = [line.partition(": ")[2].split() for line in lines if line]
    assert len(commands) >= 3
    for words in commands:
        assert words[0] == "desk"
        assert words[1] in MODULES
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words[1:], "--help"], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


def test_every_setting_says_what_it_is() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith((".", "...")) or "https://" in field.description, name


def slack_code() -> str:
    """All that speaks with Slack: the surface, and the channel by which notifications go there."""
    channel = ROOT / "bot" / "channels" / "slack.py"
    paths = [*python_files("bot/slack"), *([channel] if channel.is_file() else [])]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


EVENTS = {"app_mention": "app_mention", "message": "message.im", "app_home_opened": "app_home_opened",
          "app_context_changed": "app_context_changed"}  # fmt: skip
"""Events as Bolt names them, and as the manifest does."""
EVENT_SCOPES = {"app_mention": {"app_mentions:read"}, "message": {"im:history"}}
CALLS: dict[str, set[str]] = {
    "chat_postMessage": {"chat:write"}, "chat_postEphemeral": {"chat:write"}, "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"}, "chat_startStream": {"chat:write"}, "chat_appendStream": {"chat:write"},
    "chat_stopStream": {"chat:write"}, "assistant_threads_setStatus": {"assistant:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"}, "views_open": set(), "views_update": set(),
    "views_publish": set(), "conversations_history": {"im:history"}, "conversations_replies": {"im:history"},
    "conversations_open": {"im:write"}, "users_info": {"users:read", "users:read.email"},
    "users_lookupByEmail": {"users:read.email"},
}  # fmt: skip
"""Every method of the Web API that is called, and what it needs."""
_METHOD = r"\b_?(?:client|hasty|look)\w*\.((?:assistant|chat|views|users|conversations|files|reactions|pins)_\w+)"


class Recorder:
    """Takes down what is listened for, as Bolt is told."""

    def __init__(self) -> None:
        self.heard: dict[str, list[Any]] = defaultdict(list)

    def __getattr__(self, kind: str) -> Callable[[Any], Callable[[Any], None]]:
        def listens(what: Any) -> Callable[[Any], None]:
            self.heard[kind].append(what)
            return lambda listener: None

        return listens


class Ears:
    """Has every listener that is asked for."""

    def __getattr__(self, name: str) -> Any:
        return Ears()


@pytest.fixture
def heard() -> dict[str, list[Any]]:
    """What the desk listens for in Slack, by kind."""
    recorder = Recorder()
    attach(cast_to(App, recorder), cast_to(Listening, Ears()))
    return recorder.heard


@pytest.fixture
def manifest() -> dict[str, Any]:
    found = json.loads((ROOT / "bot" / "data" / "slack-manifest.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_manifest_asks_for_what_the_desk_uses_and_no_more(
    manifest: dict[str, Any], heard: dict[str, list[Any]]
) -> None:
    features, events = manifest["features"], heard["event"]
    assert [one["command"] for one in features["slash_commands"]] == heard["command"]
    assert [one["callback_id"] for one in features["shortcuts"]] == heard["shortcut"]
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == {EVENTS[one] for one in events}
    code = slack_code()
    assert set(re.findall(_METHOD, code)) == set(CALLS), "a call nobody asked a scope for, or the other way round"
    assert "url_private_download" in code
    scopes = {"commands", "files:read"}.union(*(EVENT_SCOPES.get(one, set()) for one in events), *CALLS.values())
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == scopes
    assert manifest["settings"]["interactivity"]["is_enabled"], "buttons are used"
    assert features["app_home"]["home_tab_enabled"]
    assert "agent_view" in features, "or Slack never says what somebody looks at"
    assert "assistant_view" not in features, "Slack takes one of the two"


def test_every_button_and_every_form_is_listened_for(heard: dict[str, list[Any]]) -> None:
    reply = Reply(
        outcome=Outcome.ANSWERED, text="t", question=3,
        citations=(Citation(document="d", title="t", locator="l", quote="q", passage="d#l"),),
        choices=(Choice(label="a", text="b"), Choice(label="c", action="open", about="C-0001"),
                 Choice(label="d", action="new_alert", opens_form=True)),
    )  # fmt: skip
    drawn = [*blocks_of(reply, native=True)[1], *blocks_of(reply)[1]]
    ids = {one["action_id"] for block in drawn for one in block.get("elements", ()) if "action_id" in one}
    patterns = [re.compile(one["action_id"]) if isinstance(one, dict) else one for one in heard["action"]]
    assert len(ids) >= 6
    assert [id for id in ids if sum(bool(one.search(id)) for one in patterns) != 1] == []
    form = form_modal(Form(action="a", title="t", entries=(Entry(name="n", label="l"),)), {})
    assert heard["view"] == [form["callback_id"]]


def test_the_manifest_keeps_slacks_limits(manifest: dict[str, Any]) -> None:
    display = manifest["display_information"]
    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    assert 174 <= len(display["long_description"]) <= 4_000
    assert re.fullmatch(r"#[0-9a-f]{6}", display["background_color"])
    for shortcut in manifest["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    agent = manifest["features"]["agent_view"]
    assert 0 < len(agent["agent_description"]) <= 300
    assert 0 < len(agent["suggested_prompts"]) <= 4
    assert all(set(one) == {"title", "message"} and all(one.values()) for one in agent["suggested_prompts"])


# --- the record ---------------------------------------------------------------------------------------------------


def test_the_newest_migration_is_the_one_the_program_wants() -> None:
    numbers = [path.name[1:5] for path in sorted((ROOT / "knowledge" / "migrations" / "versions").glob("v*.py"))]
    assert numbers[-1] == HEAD
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_the_tables_are_what_the_migrations_make(wiring: Wiring) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with wiring.store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
        assert set(tables.metadata.tables) < set(sa.inspect(connection).get_table_names())


# --- the package --------------------------------------------------------------------------------------------------


def test_an_installed_desk_keeps_its_data_and_answers_from_another_folder(tmp_path: Path) -> None:
    """`pip install .` of what git holds, in an empty environment."""
    source, venv = tmp_path / "source", tmp_path / "venv"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        lacking("this is no checkout of git")
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True, timeout=60)
    python = venv / "bin" / "python"
    told = subprocess.run(  # neither a pip of its own nor every module compiled: both take longer than all the rest
        [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile", "--constraint",
         source / "constraints.txt", source],
        capture_output=True, text=True, timeout=300, cwd=tmp_path,
    )  # fmt: skip
    if told.returncode and re.search(
        r"No matching distribution|connection|Temporary failure|Max retries|No module named pip", told.stderr,
        re.IGNORECASE,
    ):  # fmt: skip
        lacking("the package index does not answer, or there is no pip")
    assert told.returncode == 0, told.stderr
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")},
        **cast.environment(tmp_path / "home"),
    }

    def desk(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [venv / "bin" / "desk", *arguments], env=environment, cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done

    where = subprocess.run(
        [python, "-c", "import knowledge, webhooks, bot; print(*(m.__path__[0] for m in (knowledge, webhooks, bot)))"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    installed = [Path(one) for one in where.stdout.split()]
    for room in installed:
        assert venv in room.parents
        in_git = {
            Path(name).relative_to(room.name)
            for name in listed.stdout.decode().split("\0")
            if name.startswith(f"{room.name}/") and not name.endswith(".py")
        }
        assert in_git, room.name
        assert [name for name in sorted(in_git) if not (room / name).is_file()] == [], room.name
    assert not (installed[0].parent / "tests").exists(), "tests are not installed"
    papers = installed[0] / "data" / "sample" / "documents"
    assert "5 read" in desk("index", str(papers)).stdout
    assert "9.5 From £250,000 and under £1 million" in desk("ask", "Who signs off a contract worth £600,000?").stdout
    assert '"/desk"' in desk("slack", "--manifest").stdout
    assert "Took 18 rows" in desk("people", "import", str(papers.parent / "people.csv")).stdout
    told = subprocess.run(
        [python, "-c", "from webhooks import create_app; print(create_app().test_client().get('/').status_code)"],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert told.stdout == "200\n", told.stderr


# --- the repository -----------------------------------------------------------------------------------------------


def tracked() -> list[Path]:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if told.returncode:
        lacking("this is no checkout of git")
    return [ROOT / name for name in told.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_line_names_a_registry_or_a_machines_folder() -> None:
    hosts = "|".join(
        ("pypi" + r"\.org", "registry" + r"\.npmjs", "pythonhosted" + r"\.org", "index" + "-url", "extra" + "-index")
    )
    folders = "|".join(
        (
            r"/wo" + "rk/",
            r"/ro" + "ot/",
            r"/ho" + r"me/\w",
            r"/Us" + "ers/",
            "C" + r":\\\\",
            r"/opt/whe" + "els",
            r"/tmp/la" + "b",
        )
    )
    wrong = []
    for path in tracked():
        if path.suffix in (".pdf", ".docx", ".png", ".svg"):
            continue
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").split("\n"), start=1):
            if re.search(f"{hosts}|{folders}", line):
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    assert wrong == []


def test_no_line_holds_a_secret() -> None:
    shapes = r"xox[bp]-\d{6,}|xapp-\d-[A-Z0-9]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{20,}"
    assert [path.name for path in tracked() if re.search(shapes, path.read_bytes().decode("utf-8", "replace"))] == []


def test_every_person_of_the_sample_and_of_the_tests_is_at_example_org() -> None:
    address = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
    wrong = []
    for path in [*python_files("tests"), *sorted((ROOT / "knowledge" / "data" / "sample").rglob("*.csv"))]:
        for host in address.findall(path.read_text(encoding="utf-8")):
            if not host.lower().endswith(("example.org", "example.com")) and not host.startswith("127."):
                wrong.append(f"{path.name}: {host}")
    assert wrong == []


def test_no_test_sleeps_longer_than_two_seconds() -> None:
    sleeps = []
    for path in (one for one in python_files("tests") if "bench" not in one.parts):  # what measures keeps a pace
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "sleep":
                given = node.args[0]
                seconds = given.value if isinstance(given, ast.Constant) else None
                sleeps.append((path.name, node.lineno, seconds))
    assert sleeps, "the search finds the sleeps there are"
    assert [one for one in sleeps if not isinstance(one[2], int | float) or one[2] > 2] == []


def test_tests_are_flat_and_use_no_mocks() -> None:
    for path in sorted((ROOT / "tests").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not [
            node.name for node in tree.body if isinstance(node, ast.ClassDef) and node.name.startswith("Test")
        ], path.name
        assert not [module for _, module in imported(path) if module.startswith(("unittest", "mock"))], path.name
