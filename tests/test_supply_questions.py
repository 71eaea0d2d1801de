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

from bot.blocks import blocks_of
from bot.wiring import Wiring
from handlers import supply
from handlers.desk import Desk
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from knowledge.models import Role
from knowledge.register.holding import contracts
from knowledge.supply.gathering import gather
from knowledge.supply.sections import sections
from knowledge.supply.words import money, note_of

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


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("what share of our spend goes to SMEs", {}), ("VCSE spend by district", {}),
        ("how much do we spend with charities in Quillendale", {"district": "Quillendale"}),
        ("share of SME spend in Children and Education", {"directorate": "Children and Education"}),
    ],
)  # fmt: skip
def test_a_conversation_and_the_command_give_the_same_figures(
    sample_desk: Desk, asked: str, named: dict[str, str]
) -> None:
    with sample_desk.store.reading() as connection:
        found = gather(contracts(connection), sample_desk.register(), NOW.date(), **named)
    reply = ask(sample_desk, asked)
    assert reply.table
    shown = [tuple(tuple(one.said for one in row) for row in section.rows) for section in sections(found)]
    assert reply.table.rows in shown
    assert money(found.whole.pence) in reply.text
    assert note_of(found) in reply.notes


@pytest.mark.parametrize(
    "asked", ["who are the sub-contractors of MCC-0032", "payment terms of MCC-0032", "which contracts is Tipwell on",
              "which contracts have sub-contractors", "contracts with payment terms of 14 days",
              "which contracts pay sub-contractors within 30 days", "tell me about MCC-0032"]
)  # fmt: skip
def test_strangers_read_no_sub_contractors_and_no_terms(sample_desk: Desk, asked: str) -> None:
    reply = ask(sample_desk, asked, STRANGER)
    told = reply.model_dump_json()
    assert not any(said in told for said in ("Harrowgate", "30 days", "14 days from", "Haulage", "MCC-0036"))


def test_strangers_read_the_shares_that_councils_publish(sample_desk: Desk) -> None:
    assert "with SMEs" in ask(sample_desk, "what share of our spend goes to SMEs", STRANGER).text
    assert "22%" in ask(sample_desk, "what share of MCC-0032 goes to SMEs", STRANGER).text


def test_a_card_shows_the_supply_chain(sample_desk: Desk) -> None:
    reply = ask(sample_desk, "tell me about MCC-0032")
    assert reply.table
    assert {"Sub-contractors", "Payment terms", "Sub-contractors paid", "Goes to SMEs"} <= {
        r[0] for r in reply.table.rows
    }


@pytest.mark.parametrize(
    "asked",
    ["what should the share of spend with SMEs be", "what does the framework say of paying sub-contractors",
     "will there be opportunities for charities in Brenmouth",
     "what do you expect of your main contractors towards sub-contractors", "is there a target for SME spend"],
)  # fmt: skip
def test_questions_about_rules_and_coming_work_are_none_of_these(sample_desk: Desk, asked: str) -> None:
    assert supply.answer(Message(text=asked, roles=OFFICER), sample_desk) is None
    assert ask(sample_desk, asked).outcome is not Outcome.REGISTER


def test_a_share_of_anything_but_spending_is_none_of_these(sample_desk: Desk) -> None:
    message = Message(text="what share of concerns come from Brenmouth", roles=OFFICER)
    assert supply.answer(message, sample_desk) is None


def test_slack_draws_the_shares(sample_desk: Desk) -> None:
    reply = ask(sample_desk, "SME spend by district")
    blocks = blocks_of(reply)
    assert "High Marl" in json.dumps(blocks)
    assert len(blocks) <= 50
