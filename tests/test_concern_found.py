"""A Member's concern in chat: the contract it is about, who would get it, and to whom nothing is said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import cast
import pytest
from click.testing import CliRunner

from bot.commands.routing import route
from bot.wiring import Wiring
from handlers.messages import Outcome
from knowledge.conversations import recent
from knowledge.models import Person, Role
from knowledge.register.contacts import contact_for
from knowledge.register.contract import Contract

DAY = date(2026, 11, 20)
CARER = "the carer hasn't come to an old chap in Gullhaven three mornings running"


def test_a_member_reads_which_contract_it_is_and_who_would_get_it(marlshire: Wiring) -> None:
    reply = cast.ask(marlshire, CARER, cast.MO)
    assert reply.outcome is Outcome.CONTRACT
    assert "Home care: Brenmouth (MCC-0002), run by Harbourlight Homecare Ltd" in reply.text
    assert "Priya Venn (priya.venn@example.org), contract manager" in reply.text
    assert "Nothing has been raised yet" in " ".join(reply.notes)


def test_a_provider_is_told_nothing_of_contacts(marlshire: Wiring) -> None:
    reply = cast.ask(marlshire, CARER, cast.PRUE)
    assert reply.outcome is not Outcome.CONTRACT
    assert "priya.venn" not in cast.words_of(reply)


def test_what_a_member_writes_of_a_constituent_is_kept_in_no_conversation(marlshire: Wiring) -> None:
    cast.ask(marlshire, CARER, cast.MO, thread="T1")
    with marlshire.store.reading() as connection:
        assert recent(connection, "T1", 5) == []


def test_another_bodys_matter_is_said_to_be_theirs_and_who_decides_otherwise(marlshire: Wiring) -> None:
    reply = cast.ask(marlshire, "bins not emptied in Gullhaven for three weeks, resident furious", cast.MO)
    assert reply.outcome is Outcome.NOT_OURS
    assert reply.text.startswith("That is for Brenmouth Council")
    assert "wendy.larkspur@example.org" in reply.notes[0]


def test_a_vague_concern_is_asked_where(marlshire: Wiring) -> None:
    reply = cast.ask(marlshire, "home carer late again for a lady", cast.MO)
    assert (reply.outcome, reply.text.startswith("Where is it?")) == (Outcome.TOO_VAGUE, True)


def test_somebody_at_risk_is_signposted_at_once(marlshire: Wiring) -> None:
    reply = cast.ask(marlshire, "ex kicking at her door now, says he'll kill her, kids inside, Winnersea", cast.MO)
    assert reply.outcome is Outcome.SAFEGUARDING
    assert "999" in reply.text
    assert "colin.amadi@example.org" in reply.text


def test_an_officers_question_goes_to_the_papers_as_before(marlshire: Wiring) -> None:
    reply = cast.ask(marlshire, "Who signs off a contract worth £600,000?", cast.OLIVE)
    assert (reply.outcome, bool(reply.citations)) == (Outcome.ANSWERED, True)


@pytest.mark.parametrize(
    ("contract", "email", "role"),
    [
        ({"manager": "Ann", "manager_email": "ann@example.org"}, "ann@example.org", "contract manager"),
        ({"manager": "Vacant - recruiting", "manager_email": "pool@example.org", "director": "Di",
          "director_email": "di@example.org"}, "di@example.org", "lead director"),
        ({"manager": "Bea", "manager_email": "bea@example.org"}, "dep@example.org", "deputy"),
        ({"manager": "Ann", "manager_email": "ring me"}, "tri@example.org", "triage contact"),
        ({}, "tri@example.org", "triage contact"),
    ],
)  # fmt: skip
def test_a_concern_goes_to_the_manager_else_deputy_else_director_else_triage(
    contract: dict[str, str], email: str, role: str
) -> None:
    people = [
        Person(email="bea@example.org", roles=frozenset({Role.MANAGER}), deputy="dep@example.org",
               away_from="2026-11-20", away_to="2026-11-20"),
        Person(email="tri@example.org", roles=frozenset({Role.TRIAGE})),
    ]  # fmt: skip
    found = contact_for(Contract(reference="R", title="T", **contract), people, DAY)
    assert found is not None
    assert (found.email, found.role) == (email, role)


def test_with_nobody_at_all_nobody_is_named() -> None:
    assert contact_for(Contract(reference="R", title="T"), [], DAY) is None


def test_desk_route_prints_a_line_a_message_and_names_those_that_are_none(
    marlshire: Wiring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in cast.environment(marlshire.settings.home).items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "concerns.jsonl"
    lines = [{"id": 1, "text": CARER}, {"id": 2, "text": "bins not emptied in Gullhaven for three weeks"}, {"id": 3}]
    file.write_text("\n".join([*map(json.dumps, lines), "not json"]), encoding="utf-8")
    done = CliRunner().invoke(route, ["--file", str(file), "--json", "--as-of", "2026-11-20"])
    assert done.exit_code == 0
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["outcome"] == "contract"
    assert first["contracts"][0]["contact"] == "priya.venn@example.org"
    assert (second["body"], second["body_name"]) == ("district council", "Brenmouth Council")
    assert "line 3: not a message" in done.stderr
    assert "line 4: no JSON" in done.stderr


def test_the_day_is_londons(marlshire: Wiring) -> None:
    late = replace(marlshire.desk, now=lambda: datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert late.day == date(2026, 7, 1)
