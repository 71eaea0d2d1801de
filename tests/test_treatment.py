"""Equal treatment: of each public version, who was entitled to hear, when each did, and that all read the same."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import cast
import sqlalchemy as sa
from click.testing import CliRunner
from subscribing import CHARITY, FIRM, settle, subscribe
from timeline import NOW, OURS, row, take, tender

from bot.__main__ import desk
from bot.wiring import Wiring
from knowledge.store import Store
from knowledge.subscriptions.treatment import Release, treatment
from knowledge.tables import notification
from knowledge.timeline.changing import change
from knowledge.timeline.nouns import Route

MINUTE = timedelta(minutes=1)


def releases(store: Store, reference: str = "ASC-01") -> tuple[Release, ...]:
    with store.reading() as connection:
        found = treatment(connection, reference)
    assert found
    return found.releases


def test_everybody_who_was_entitled_is_shown_with_what_they_chose(store: Store) -> None:
    subscribe(store)
    subscribe(store, recipient=FIRM, every="weekly")
    subscribe(store, recipient="U012", channel="slack")
    take(store, row())
    settle(store, NOW + MINUTE, "abc")
    (one,) = releases(store, "asc-01")
    assert [(each.subscription, each.channel, each.every) for each in one.entitled] == [
        ("S-1", "email", "at once"), ("S-2", "email", "weekly"), ("S-3", "slack", "at once"),
    ]  # fmt: skip
    assert dict(one.states) == {"sent": 2, "gathering": 1}
    assert (one.released_at, one.sent, one.same_words) == (NOW, [NOW + MINUTE, NOW + MINUTE], True)
    delivered = [each.delivery.delivered_at for each in one.entitled if each.delivery]
    assert delivered == [None, None, NOW + MINUTE], "a mail server's yes is no delivery, Slack's is"


def test_a_receipt_says_when_it_arrived(store: Store) -> None:
    subscribe(store)
    take(store, row())
    settle(store, NOW + MINUTE)
    with store.writing() as connection:
        said = {"receipt": "delivered", "receipt_at": NOW + 2 * MINUTE}
        connection.execute(sa.update(notification).values(**said))
    (each,) = releases(store)[0].entitled
    assert each.delivery
    assert each.delivery.delivered_at == NOW + 2 * MINUTE


def test_a_round_up_counts_as_sent_when_it_left(store: Store) -> None:
    subscribe(store, every="weekly")
    take(store, row())
    with store.writing() as connection:
        (kept,) = connection.execute(sa.select(notification)).mappings().all()
        left = {"id": "r1", "kind": "roundup", "subject": "roundup:1", "state": "sent", "settled_at": NOW + MINUTE}
        connection.execute(sa.insert(notification).values(**{**kept, **left}))
        gathered = {"state": "gathered", "round_up": "r1", "settled_at": NOW}
        connection.execute(sa.update(notification).where(notification.c.id == kept["id"]).values(**gathered))
    (one,) = releases(store)
    assert (dict(one.states), one.sent) == ({"sent": 1}, [NOW + MINUTE])
    assert one.entitled[0].delivery
    assert one.entitled[0].delivery.in_words() == "sent 21 November 2026 09:01 in a round-up"


def test_other_words_for_somebody_are_seen(store: Store) -> None:
    subscribe(store)
    subscribe(store, recipient=FIRM)
    take(store, row())
    settle(store, NOW, "abc", only=CHARITY)
    settle(store, NOW, "xyz", only=FIRM)
    assert releases(store)[0].same_words is False


def test_whoever_was_told_before_the_public_page_or_is_owed_nothing_is_seen(store: Store) -> None:
    subscribe(store)
    subscribe(store, recipient=FIRM)
    take(store, row())
    settle(store, NOW - MINUTE, only=CHARITY)
    with store.writing() as connection:
        connection.execute(sa.delete(notification).where(notification.c.state == "waiting"))
    (one,) = releases(store)
    assert (one.early, one.unowed) == (1, 1)


def test_what_waits_for_its_notice_has_been_released_to_nobody(store: Store) -> None:
    subscribe(store)
    take(store, row(says=tender(route=Route.TENDER)))
    assert releases(store) == ()


def test_two_alerts_of_somebody_are_two_entitled_and_one_letter(store: Store) -> None:
    subscribe(store)
    subscribe(store)
    take(store, row())
    settle(store, NOW)
    (one,) = releases(store)
    assert (len(one.entitled), len(one.sent), one.unowed) == (2, 1, 0)


def test_the_command_shows_each_version_and_no_address(home: Path) -> None:
    wiring = Wiring(cast.settings(home))
    subscribe(wiring.store)
    take(wiring.store, row())
    settle(wiring.store, NOW, "abc")
    with wiring.store.writing() as connection:
        change(connection, "ASC-01", {"title": "Care at home"}, "Clearer", NOW + MINUTE, OURS)
    wiring.store.close()
    run = CliRunner(env={**cast.environment(home), "COLUMNS": "200"})
    said = run.invoke(desk, ["treatment", "asc-01"]).output
    assert "1 alert entitled: 1 sent; released 21 November 2026 09:00:00; first sent 21 November 2026 09:00:00" in said
    assert "all the same words" in said
    raw = run.invoke(desk, ["treatment", "ASC-01", "--json"]).output
    found = json.loads(raw)
    assert [(one["version"], one["states"]) for one in found["releases"]] == [(2, {"waiting": 1}), (1, {"sent": 1})]
    assert "@" not in said + raw
    assert run.invoke(desk, ["treatment", "NOWHERE"]).exit_code == 1
