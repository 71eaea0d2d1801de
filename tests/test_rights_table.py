"""The one table of who may do what, tried row by row through the front doors; and that it leaves nothing out."""

from __future__ import annotations

import ast
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import cast
import click
import pytest
from fake_slack import FakeSlack
from processes import ROOT
from rights import LEGEND, PAGE, ROLES, Rule, as_page, rules
from rights_world import LISTED, World, make_world
from test_house import Ears, Recorder

from bot.commands import MODULES
from bot.slack.app import attach
from handlers import checklists, journeys, slack_channels
from handlers.concerns import commands
from handlers.concerns.moving import MOVERS
from handlers.intentions import keeping
from handlers.postings import deciding
from handlers.questions import enquiries
from handlers.reviews import recording
from handlers.subscriptions import typed
from webhooks.safety import limiter

EVERYBODY = os.environ.get("TEST_RIGHTS") == "all"
FEW = ("stranger", "provider", "connect", "member", "administrator")
"""Who tries what is alike for all who sign in, unless TEST_RIGHTS=all."""


@pytest.fixture(scope="module")
def world(county_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    limiter.enabled = False
    home = cast.copy_home(county_home, tmp_path_factory.mktemp("rights") / "desk")
    with FakeSlack() as fake:
        made = make_world(home, fake)
        yield made
        made.close()
    limiter.enabled = True


# --- row by row ---------------------------------------------------------------------------------------------------


def test_everybody_finds_the_pages_that_the_table_says(world: World) -> None:
    assert wrong(world, "page") == []


def test_a_signed_link_does_what_it_is_for_whoever_holds_it(world: World) -> None:
    assert wrong(world, "link", "signed") == []


def test_everybody_presses_what_the_table_says_and_nothing_else(world: World) -> None:
    assert wrong(world, "button") == []


def test_everybody_types_what_the_table_says_and_nothing_else(world: World) -> None:
    assert wrong(world, "command") == []


@pytest.mark.parametrize("rule", [one for one in rules("terminal") if "no" in one.cells.values()], ids=str)
def test_a_command_of_the_terminal_does_no_more_than_whom_it_acts_as_may(world: World, rule: Rule) -> None:
    words = [rule.cells[role] for role in LISTED]
    few = {list(LISTED)[words.index(word)] for word in set(words)} | {"stranger"}
    found = {role: world.runs(role, rule) for role in ROLES if (EVERYBODY and rule.cells[role] != "-") or role in few}
    assert found == {role: rule.cells[role] for role in found}


@pytest.mark.parametrize("rule", rules("slack"), ids=lambda rule: rule.what)
def test_slack_delivers_in_the_name_of_whom_the_table_says(world: World, rule: Rule) -> None:
    assert {role: world.taken_for(role, rule.what) for role in ROLES[1:]} == {r: rule.cells[r] for r in ROLES[1:]}


def wrong(world: World, *kinds: str) -> list[str]:
    """Every cell of these kinds that is not as the table says."""
    found = []
    for rule in rules(*kinds):
        for role in tried(rule):
            word = world.tries(role, rule).word(rule.kind)
            if word != rule.cells[role]:
                found.append(f"{rule.what} {rule.on} as {role}: {word}, not {rule.cells[role]}")
    return found


def tried(rule: Rule) -> list[str]:
    """Who tries a row: everybody who may do otherwise than others."""
    alike = len({rule.cells[role] for role in LISTED}) == 1
    return [role for role in ROLES if rule.cells[role] != "-" and (EVERYBODY or not alike or role in FEW)]


def test_what_one_may_not_see_is_spoken_of_like_what_is_not_there(world: World) -> None:
    """Of concerns, drafts, alerts, checklists and postings: not even that there is one."""
    told = []
    for rule in rules("button"):
        names = set(re.findall(r"{(\w+)}", rule.on)) & set(world.nowhere)
        for role in tried(rule) if names else ():
            if rule.cells[role] != "no" or any(role in KNOWN.get(name, ()) for name in names):
                continue
            there, not_there = world.tries(role, rule), world.tries(role, rule, **{n: world.nowhere[n] for n in names})
            if plain(there.text, world, names) != plain(not_there.text, world, names):
                told.append(f"{rule.what} {rule.on} as {role}")
    assert told == []


_CONCERN = ("member", "manager", "director")
KNOWN = {
    "concern": _CONCERN, "asked": _CONCERN, "closed": _CONCERN, "draft": ("member",), "checklist": ("officer",),
    "alert": ("officer",), "number": ("officer",),
    "posting": ("officer", "manager", "other_manager", "director", "other_director", "triage", "administrator"),
}  # fmt: skip
"""Who knows of each anyway."""


def plain(text: str, world: World, names: set[str]) -> str:
    """What is said, whatever it is said of."""
    for name in names:
        for one in (world.names[name], world.nowhere[name]):
            text = text.replace(one, "THIS")
    return re.sub(r't[0-9a-f]{8}|value="[^"]*"', "", text)


def test_looking_changes_nothing(world: World) -> None:
    """Neither by GET, nor by what a mail scanner or a browser sends ahead of it."""
    looks = [rule for rule in rules("page", "link") if rule.what.startswith("GET ")]
    assert len(looks) > 50
    assert [rule.what for rule in looks if "does" in rule.cells.values()] == []
    changed = [
        f"{method} {rule.what}"
        for rule in looks
        for method in ("HEAD", "OPTIONS")
        for role in ("administrator", "member")
        if world.opens(role, method, rule.what.split(" ", 1)[1]).changed
    ]
    assert changed == []


def test_no_page_is_kept_by_a_cache_framed_or_guessed_at(world: World) -> None:
    found = defaultdict(list)
    for rule in rules("page", "link"):
        method, path = rule.what.split(" ", 1)
        headers = world.headers("administrator", method, path, rule.given)
        policy = headers["Content-Security-Policy"]
        if "no-store" not in headers.get("Cache-Control", "") and not path.startswith("/static/"):
            found["cache"].append(rule.what)
        if "frame-ancestors 'none'" not in policy or headers.get("X-Frame-Options") != "DENY":
            found["frame"].append(rule.what)
        if "unsafe" in policy or "default-src 'none'" not in policy:
            found["policy"].append(rule.what)
        if (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) != ("nosniff", "no-referrer"):
            found["sniffed"].append(rule.what)
    assert found.pop("cache", []) == PUBLIC_FOR_A_WHILE
    assert dict(found) == {}


PUBLIC_FOR_A_WHILE = [
    f"GET {path}"
    for path in ("/timeline/{intention}.ics", "/timeline.atom", "/timeline.csv", "/timeline.ics", "/timeline.json",
                 "/reports.css")
]  # fmt: skip
"""What programs ask for again and again, and everybody may read."""


def test_nothing_is_taken_of_a_session_without_its_forms_token(world: World) -> None:
    """And no other way of sending stands in for it."""
    taken = []
    for rule in rules("page", "link"):
        method, path = rule.what.split(" ", 1)
        if method == "POST":
            seen = world.opens("administrator", "POST", path, f"{rule.given}&csrf_token=forged".strip("&"))
            taken += [rule.what] if seen.changed or seen.status != 400 else []
    assert taken == ["POST /alerts/unsubscribe/{stop}"], (
        "RFC 8058: the signed link stands for it, and no session counts"
    )
    for method in ("PUT", "PATCH", "DELETE", "TRACE"):
        assert world.opens("manager", method, "/concerns/{concern}/acknowledge").status == 405
    overridden = world.headers("manager", "GET", "/concerns/{concern}", "", {"X-HTTP-Method-Override": "POST"})
    assert overridden["Content-Type"].startswith("text/html")


# --- nothing is left out ------------------------------------------------------------------------------------------


def test_every_route_has_its_row(world: World) -> None:
    routes = {
        (method, rule.endpoint)
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    matcher = world.app.url_map.bind("desk.example.org")
    rows = set()
    for rule in rules("page", "link", "signed"):
        method, path = rule.what.split(" ", 1)
        rows.add((method, matcher.match(path.format(**world.names).partition("?")[0], method)[0]))
    assert rows == routes


def test_every_action_of_a_button_or_a_form_has_its_row() -> None:
    tables = (checklists, keeping, deciding, enquiries, recording, typed, slack_channels)
    known = {action for table in tables for action in table.ACTIONS} | {journeys.ACTION}
    known |= {str(move.value) for move in MOVERS} | set(commands._ACTIONS)
    rows = {rule.what for rule in rules("button")}
    assert rows - {"sign_in", "provider_answers", "alerts_page"} == known, (
        "those are links' only, and do nothing pressed"
    )
    assert drawn() <= rows


def drawn() -> set[str]:
    """The actions that the code draws as buttons and forms."""
    found = set()
    for room in ("handlers", "bot"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Choice", "Form"):
                    found |= {
                        str(one.value.value)
                        for one in node.keywords
                        if one.arg == "action" and isinstance(one.value, ast.Constant) and one.value.value
                    }
    assert len(found) > 30
    return found


def test_everything_that_slack_delivers_has_its_row() -> None:
    recorder: Any = Recorder()
    ears: Any = Ears()
    attach(recorder, ears)
    heard = {
        f"{kind} {getattr(one, 'pattern', one) if not isinstance(one, dict) else one['action_id']}"
        for kind, listened in recorder.heard.items()
        for one in listened
        if kind in ("event", "command", "shortcut", "action", "view")
    }
    assert {rule.what for rule in rules("slack")} == heard


def test_every_command_that_acts_as_somebody_has_its_row() -> None:
    found = set()
    for name, module in MODULES.items():
        command = getattr(import_module(f"bot.commands.{module}"), name.replace("-", "_"))
        below = command.commands if isinstance(command, click.Group) else {}
        found |= {name for one in command.params if "--as" in one.opts}
        found |= {f"{name} {sub}" for sub, one in below.items() for option in one.params if "--as" in option.opts}
    assert {rule.what for rule in rules("terminal")} == found


def test_the_page_says_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_page(), "python tests/rights.py makes it anew"


def test_the_table_knows_its_words() -> None:
    words = {word for rule in rules("page", "link", "signed", "button", "command") for word in rule.cells.values()}
    assert words == set(LEGEND)
