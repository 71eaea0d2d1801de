"""Told once, and of how things stand: what several versions, alerts and processes together do."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.engine import Connection
from subscribing import CHARITY, HOME_CARE, subscribe, told
from timeline import NOW, OURS, row

from knowledge.store import Store
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.record import agree, change, pause, propose, resume
from knowledge.timeline.importing import take_in
from knowledge.timeline.nouns import Read

Wants = Callable[[Connection], object]


def proposed(store: Store) -> Wants:
    with store.writing() as connection:
        id = propose(
            connection, NOW, recipient=CHARITY, owner=CHARITY, channel="email", sentence="tell me", every="at once",
            criteria=HOME_CARE,
        )  # fmt: skip
    return lambda connection: agree(connection, id, NOW)


def paused(store: Store) -> Wants:
    id = subscribe(store)
    with store.writing() as connection:
        pause(connection, id, NOW)
    return lambda connection: resume(connection, id, NOW)


def wanting_something_else(store: Store) -> Wants:
    id = subscribe(store, Criteria(services=("libraries",)))
    return lambda connection: change(connection, id, criteria=HOME_CARE)


@pytest.mark.parametrize("before", [proposed, paused, wanting_something_else])
def test_whoever_begins_to_want_it_while_an_import_is_at_work_begins_after_it_or_is_told(
    postgresql_store: Store, before: Callable[[Store], Wants]
) -> None:
    store = postgresql_store
    wants, wanted = before(store), threading.Event()

    def begins() -> None:
        with store.writing() as connection:
            assert wants(connection)
        wanted.set()

    with store.writing() as connection:
        take_in(connection, Read(records=1, rows=((1, row()),)), NOW, OURS, source="test")
        somebody = threading.Thread(target=begins)
        somebody.start()
        earlier = wanted.wait(0.3)  # than the public page shows it
    somebody.join()
    assert wanted.is_set()
    assert not earlier or told(store) == [(CHARITY, "intention:1:1")]
