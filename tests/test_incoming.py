"""What came in is handled once, or parked where a person sees it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from parked import park_one

from bot.commands.serving import slack
from knowledge.incoming import claim, parked, settle, unpark, write_down
from knowledge.store import Store, open_store

PAYLOAD = {"text": "what is a grant?", "user": "U1"}


def test_an_event_is_written_down_once(store: Store) -> None:
    assert write_down(store, "slack:Ev1", "slack", PAYLOAD)
    assert not write_down(store, "slack:Ev1", "slack", PAYLOAD)


def test_what_is_in_hand_is_not_taken_up(store: Store) -> None:
    write_down(store, "slack:Ev1", "slack", PAYLOAD)
    assert claim(store, "slack") == []


def test_what_is_parked_is_seen_and_can_be_tried_again(store: Store) -> None:
    write_down(store, "slack:Ev1", "slack", PAYLOAD)
    park_one(store, "slack:Ev1")
    assert [one.id for one in parked(store)] == ["slack:Ev1"]
    assert unpark(store) == 1
    [event] = claim(store, "slack")
    assert event.payload == PAYLOAD
    assert parked(store) == []


def test_what_is_handled_keeps_nothing_anybody_wrote(store: Store) -> None:
    write_down(store, "slack:Ev1", "slack", PAYLOAD)
    settle(store, "slack:Ev1")
    unpark(store)
    assert claim(store, "slack") == []
    assert parked(store) == []


def test_the_command_lists_what_is_parked_without_its_text(tmp_path: Path) -> None:
    store, _ = open_store(f"sqlite:///{tmp_path / 'record.db'}")
    write_down(store, "slack:Ev1", "slack", PAYLOAD)
    park_one(store, "slack:Ev1")
    store.close()
    told = CliRunner(env={"DESK_HOME": str(tmp_path)}).invoke(slack, ["--parked", "--json"])
    assert [row["id"] for row in json.loads(told.stdout)] == ["slack:Ev1"]
    assert "grant" not in told.output
