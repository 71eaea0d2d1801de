"""The house keeps its accounts: every command, route, move and writing function is in one table with its deed or with
the reason why none, and none is forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from accounted import COMMANDS, MOVES, READERS, ROUTES, WRITERS, Kept
from cast import settings
from processes import ROOT

from bot.commands import MODULES
from bot.wiring import Wiring
from knowledge.concerns.nouns import Move
from webhooks import create_app

_PRIVATE = {
    "knowledge.concerns.texts": {"text", "texts_of", "first_texts"},
    "knowledge.attachments": {"attachment", "attachments_of"},
    "knowledge.attachments.keeping": {"attachment", "attachments_of"},
    "knowledge.subjects.concern_file": {"concern_file", "files_of"},
    "knowledge.subjects.finding": {"concerns_naming"},
    "knowledge.subjects.person_file": {"person_file"},
}
"""What reads private text, by its module."""
_ROOMS = ("knowledge", "knowledge.concerns", "knowledge.subjects")
_WHOLE = {"attachments", "texts", "concern_file", "finding", "person_file"}
"""The same modules, taken whole."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module outside `knowledge`, by its path."""
    for room in ("webhooks", "bot", "handlers"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def writers() -> set[str]:
    """Every function that opens a transaction which writes, by its module's path and its name."""
    found = set()
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and any(_opens(one) for one in ast.walk(node)):
                found.add(f"{path}:{node.name}")
    return found


def _opens(node: ast.AST) -> bool:
    called = isinstance(node, ast.Call) and not node.args and isinstance(node.func, ast.Attribute)
    return called and node.func.attr == "writing"  # type: ignore[attr-defined]


def readers() -> set[str]:
    """Every module that reads private text."""
    found = set()
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and {one.name for one in node.names} & _PRIVATE.get(
                node.module or "", set()
            ):
                found.add(path)
            named = isinstance(node, ast.ImportFrom) and node.module in _ROOMS
            if named and {one.name for one in node.names} & _WHOLE:  # type: ignore[attr-defined]
                found.add(path)
    return found


def commands() -> set[str]:
    """Every command that does something, those of groups too."""
    found = set()
    for name, module in MODULES.items():
        command = getattr(import_module(f"bot.commands.{module}"), name.replace("-", "_"))
        if not isinstance(command, click.Group) or command.invoke_without_command:
            found.add(name)
        if isinstance(command, click.Group):
            found |= {f"{name} {below}" for below in command.commands}
    return found


def routes(home: Path) -> set[str]:
    """Every route by its endpoint."""
    app = create_app(Wiring(settings(home)))
    return {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint != "static"}


def test_every_command_accounts_for_what_it_does_or_says_why_not() -> None:
    assert commands() == set(COMMANDS)


def test_every_route_accounts_for_what_it_does_or_says_why_not(home: Path) -> None:
    assert routes(home) == set(ROUTES)


def test_every_move_is_accounted_for() -> None:
    assert set(Move) == set(MOVES)
    assert all(isinstance(one, Kept) for one in MOVES.values()), "there is no move nobody accounts for"


def test_every_function_that_writes_accounts_for_it_or_says_why_not() -> None:
    assert writers() == set(WRITERS)


def test_whatever_reads_what_people_wrote_accounts_for_it_or_says_why_not() -> None:
    assert readers() == set(READERS)


def test_no_surface_draws_a_concern_but_through_the_way_in_that_accounts_for_it() -> None:
    drawn = set()
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and not path.startswith("handlers/"):
                drawn |= {(path, one.name) for one in node.names if node.module == "handlers.concerns.showing"}
    assert {name for _, name in drawn} == {"choices", "concerns_of", "holder"}, "none of these gives a text"


def test_the_walk_sees_what_it_should() -> None:
    assert {"handlers/concerns/moving.py:move", "bot/commands/people.py:import_"} <= writers()
    assert {"handlers/concerns/showing.py", "handlers/telling/__init__.py"} <= readers()
    assert {"audit", "register export", "concern move"} <= commands()


def _all() -> list[tuple[str, Kept | str]]:
    tables = (COMMANDS, ROUTES, WRITERS, READERS, {move.value: kept for move, kept in MOVES.items()})
    return [(name, kept) for table in tables for name, kept in table.items()]


@pytest.mark.parametrize("kept", sorted({kept for _, kept in _all() if isinstance(kept, Kept)}))
def test_a_deed_is_accounted_for_where_the_table_says(kept: Kept) -> None:
    tree = ast.parse((ROOT / kept.where).read_text(encoding="utf-8"))
    named = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "Deed"
    }
    calls = {getattr(node.func, "id", "") for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert kept.deed.name in named
    assert calls & {"account", "account_once"}


def test_a_reason_is_a_sentence() -> None:
    reasons = {kept for _, kept in _all() if isinstance(kept, str)}
    assert len(reasons) >= 8
    assert [one for one in reasons if len(one.split()) < 4 or not one.endswith(".")] == []
