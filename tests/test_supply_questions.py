"""Questions about the supply chain: thirty written before anything understood them, and what strangers are not told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cast
import pytest

from bot.wiring import Wiring
from handlers.desk import Desk
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from knowledge.models import Role

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
OFFICER, STRANGER = (frozenset({role}) for role in (Role.OFFICER, Role.PROVIDER))
FILE = Path(__file__).parent / "data" / "supply_questions.jsonl"
QUESTIONS: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
UNDERSTOOD = 28
"""Of the thirty: a floor."""


@pytest.fixture(scope="module")
def sample_desk(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The sample council's desk with all it holds. Only read."""
    wiring = Wiring(cast.settings(cast.copy_home(demonstration, tmp_path_factory.mktemp("supply") / "desk")))
    yield replace(wiring.desk, now=lambda: NOW)
    wiring.store.close()


def ask(desk: Desk, text: str, roles: frozenset[Role] = OFFICER) -> Reply:
    return handle(Message(text=text, roles=roles, trial=True), desk)


def is_understood(asked: dict[str, Any], reply: Reply) -> bool:
    """Whether a reply is what a question expects: figures of the right sort, a contract's own cell, or contracts."""
    if reply.outcome is not Outcome.REGISTER or not reply.table:
        return False
    if asked["expect"] == "share":
        told = ("SME" in reply.text or not asked.get("sme")) and ("VCSE" in reply.text or not asked.get("vcse"))
        return " a year in " in reply.text and told and asked.get("district", "") in reply.text
    if asked["expect"] == "contracts":
        return bool(reply.table.contracts) and any(said in reply.text for said in ("sub-contractors", "pa"))
    return asked["expect"] in reply.table.contracts and asked["says"] in reply.text + str(reply.table.rows)


def test_of_thirty_questions_about_the_supply_chain_nearly_all_are_understood(sample_desk: Desk) -> None:
    lost = [asked["text"] for asked in QUESTIONS if not is_understood(asked, ask(sample_desk, asked["text"]))]
    assert len(QUESTIONS) - len(lost) >= UNDERSTOOD, lost
