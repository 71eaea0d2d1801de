"""What came in and cannot be taken is parked, and whoever looks after the desk and whoever sent it are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from cast import MO
from council import FARAH, RUTH, Council
from fake_slack import Answer, direct, until
from telling_sweep import writes
from workspace import Workspace

from handlers.parking import CAME, YOURS, park_event
from handlers.telling import compose
from knowledge.incoming import claim, parked, release, settle, unpark, write_down
from knowledge.models import Role
from knowledge.outbox.owed import owed_of
from knowledge.store import Store, aware
from knowledge.tables import notification

SAID = "Mrs Quillfeather's carer never came"
STRANGER = "U0FOREIGN"
NOW = timedelta(seconds=-1)


def came(council: Council, id: str, surface: str = "slack", user: str = "U0DOREEN") -> None:
    """Something came in, with what somebody wrote."""
    assert write_down(council.store, id, surface, {"text": SAID, "user": user})


def owed(store: Store, kind: str = "") -> list[Any]:
    """What is owed of it, by recipient."""
    with store.reading() as connection:
        which = notification.c.kind.in_([kind] if kind else [CAME, YOURS])
        rows = connection.execute(sa.select(notification).where(which))
        return sorted(owed_of(connection, rows.all()), key=lambda one: (one.kind, one.subject, one.recipient))


def said(council: Council, kind: str) -> list[str]:
    """What those who are owed it read."""
    letters = [compose(one, council.desk) for one in owed(council.store, kind)]
    return [f"{letter.subject}\n{letter.reply.text}" for letter in letters if letter]


@pytest.fixture
def in_slack(council: Council) -> Council:
    """A council whose desk speaks in Slack, and knows a Member there."""
    council.with_desk(channels=frozenset({"slack", "email"}))
    council.add("dot@example.org", Role.MEMBER, slack_id="U0DOT")
    return council


def test_whoever_looks_after_the_desk_is_told_once_a_day_what_came_and_when(council: Council) -> None:
    for number in range(200):
        came(council, f"Ev{number}")
        assert park_event(council.desk, f"Ev{number}", 1)
    came(council, "notices:1", "notices")
    assert park_event(council.desk, "notices:1", 1)
    assert [one.recipient for one in owed(council.store)] == [FARAH, RUTH], "once for hundreds, each administrator"
    for text in said(council, CAME):
        assert "200 messages or presses in Slack, the first on " in text
        assert "1 sending of notices, which came on " in text
        assert "desk slack --parked" in text
        assert "desk slack --retry" in text
        assert "Quillfeather" not in text


def test_where_there_is_no_administrator_triage_is_told(council: Council) -> None:
    council.list(**{one.partition("@")[0].replace(".", "_"): None for one in (RUTH, FARAH)})
    came(council, "Ev1")
    park_event(council.desk, "Ev1", 1)
    assert [one.recipient for one in owed(council.store)] == ["wendy.larkspur@example.org"]


def test_what_is_parked_after_the_days_word_has_left_is_told_the_next_morning_if_it_still_is(council: Council) -> None:
    came(council, "Ev1")
    park_event(council.desk, "Ev1", 1)
    with council.store.writing() as connection:
        connection.execute(sa.update(notification).values(state="sent"))
    for number in (2, 3):
        came(council, f"Ev{number}")
        park_event(council.desk, f"Ev{number}", 1)
    with council.store.reading() as connection:
        waiting = sa.select(notification.c.due_at).where(notification.c.state == "waiting")
        due = [aware(one) for one in connection.execute(waiting).scalars()]
    assert due == [datetime(2026, 11, 24, 8, tzinfo=UTC)] * 2, "each administrator once more"
    unpark(council.store)
    assert said(council, CAME) == [], "tried again meanwhile: there is nothing to tell"


def test_whoever_sent_it_in_slack_is_told_once_that_it_is_kept(in_slack: Council) -> None:
    came(in_slack, "Ev1")
    for _ in range(2):
        assert park_event(in_slack.desk, "Ev1", 1, "U0DOT")
        assert len(owed(in_slack.store, YOURS)) == 1
        unpark(in_slack.store)
        release(in_slack.store, "Ev1", NOW)
        claim(in_slack.store, "slack")
    assert said(in_slack, YOURS) == [], "it is being tried: there is nothing to tell"
    park_event(in_slack.desk, "Ev1", 1, "U0DOT")
    [one] = owed(in_slack.store, YOURS)
    assert (one.recipient, one.channel) == ("dot@example.org", "slack")
    [text] = said(in_slack, YOURS)
    assert "is kept" in text
    assert "999" in text
    assert "Quillfeather" not in text


def test_whoever_the_desk_does_not_know_is_told_by_their_slack_id(in_slack: Council) -> None:
    came(in_slack, "Ev1", user=STRANGER)
    park_event(in_slack.desk, "Ev1", 1, STRANGER)
    came(in_slack, "Ev2", user="U0DOT")
    park_event(in_slack.desk, "Ev2", 1, "U0DOT", listed=False)
    assert [(one.recipient, one.channel) for one in owed(in_slack.store, YOURS)] == [
        (STRANGER, "slack"), ("U0DOT", "slack"),
    ]  # fmt: skip


def test_nothing_is_told_where_it_is_handled_or_in_other_hands(in_slack: Council) -> None:
    came(in_slack, "Ev1")
    assert not park_event(in_slack.desk, "Ev1", 2, "U0DOT"), "that try does not hold it"
    settle(in_slack.store, "Ev1")
    assert not park_event(in_slack.desk, "Ev1", 1, "U0DOT")
    assert owed(in_slack.store) == []


class Killed(BaseException):
    """The process dies."""


def test_killed_in_between_it_is_parked_and_told_together_or_not_at_all(in_slack: Council) -> None:
    came(in_slack, "Ev1")
    points, deadly = 0, 0

    def pass_one(*event: Any) -> None:
        nonlocal points
        if len(event) == 1 or writes(event[2]):
            points += 1
            if points == deadly:
                raise Killed

    engine = in_slack.store.engine
    sa.event.listen(engine, "before_cursor_execute", pass_one)
    sa.event.listen(engine, "commit", pass_one)
    try:
        for deadly in range(1, 50):
            points = 0
            try:
                park_event(in_slack.desk, "Ev1", 1, "U0DOT")
            except Killed:
                assert (parked(in_slack.store), owed(in_slack.store)) == ([], []), deadly
            else:
                break
    finally:
        sa.event.remove(engine, "before_cursor_execute", pass_one)
        sa.event.remove(engine, "commit", pass_one)
    assert deadly > 4, "it writes the event, the parties and the notifications"
    assert [one.id for one in parked(in_slack.store)] == ["Ev1"]
    assert [one.recipient for one in owed(in_slack.store)] == [FARAH, RUTH, "dot@example.org"]


def test_a_message_that_slack_never_takes_the_answer_to_is_told_to_its_sender_and_to_triage(
    open_workspace: Callable[..., Workspace],
) -> None:
    workspace = open_workspace()
    workspace.fake.will("chat.postMessage", Answer({"ok": False, "error": "is_archived"}))
    workspace.says(direct(MO, SAID))
    until(lambda: [row.state for row in workspace.rows()] == ["parked"], "it is parked")
    store = workspace.wiring.store
    [mine] = owed(store, YOURS)
    assert (mine.recipient, mine.channel) == (MO.email, "slack")
    assert owed(store, CAME)
    assert "Quillfeather" not in repr(owed(store))
