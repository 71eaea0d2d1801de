"""What the council adds to the digest: found at once by those who may read it, on this desk and after a restart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import cast
import pytest

from bot.wiring import Wiring
from handlers.messages import Outcome, Reply
from knowledge.models import Access
from knowledge.questions import learnt
from knowledge.questions.learnt import OwnEntry
from knowledge.store import Store

ASKED = "Which parking permits do visiting inspectors use?"
ANSWER = "Inspectors leave the blue permit on the dashboard and sign the book at reception."
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def teach(wiring: Wiring, access: Access = Access.INTERNAL, document: str = "", locator: str = "") -> OwnEntry:
    """An officer's answer is added."""
    with wiring.store.writing() as connection:
        made = learnt.add(
            connection, NOW, digest=ANSWER, asks=(ASKED,), access=access, made_by=cast.OLIVE.email,
            document=document, locator=locator, review_on=date(2027, 11, 23),
        )  # fmt: skip
    wiring.index.settle(30)
    return made


def ask(wiring: Wiring, who: cast.Somebody) -> Reply:
    return cast.ask(wiring, ASKED, who)


def test_an_officers_answer_answers_the_next_asker_and_is_said_to_be_one(wiring: Wiring) -> None:
    assert ask(wiring, cast.MO).outcome is Outcome.NOT_IN_DOCUMENTS
    made = teach(wiring)
    reply = ask(wiring, cast.MO)
    assert (reply.outcome, reply.text) == (Outcome.ANSWERED, ANSWER)
    first = reply.citations[0]
    assert (first.quote, first.title, first.entry) == (None, "Officer's answer", made.id)
    assert first.locator == "Olive Tanner (officer), 23 November 2026"
    assert "to be looked at again by 23 November 2027" in reply.notes[0]


def test_it_answers_after_a_restart(wiring: Wiring, home: Path) -> None:
    teach(wiring)
    again = Wiring(cast.settings(home))
    assert ask(again, cast.OLIVE).text == ANSWER
    again.store.close()


@pytest.mark.parametrize(
    ("access", "who", "finds"),
    [
        (Access.PUBLIC, cast.PRUE, True),
        (Access.INTERNAL, cast.PRUE, False),
        (Access.INTERNAL, cast.MO, True),
        (Access.CONFIDENTIAL, cast.MO, False),
        (Access.CONFIDENTIAL, cast.OLIVE, False),
        (Access.CONFIDENTIAL, cast.DEE, True),
    ],
    ids=lambda one: getattr(one, "name", str(one)),
)
def test_only_its_readers_are_answered_with_it(wiring: Wiring, access: Access, who: cast.Somebody, finds: bool) -> None:
    teach(wiring, access)
    assert (ANSWER in cast.words_of(ask(wiring, who))) is finds


def test_strangers_read_no_officers_name(wiring: Wiring) -> None:
    teach(wiring, Access.PUBLIC)
    said = cast.words_of(ask(wiring, cast.PRUE))
    assert "an officer of the council" in said
    assert "Olive" not in said


def test_an_answer_that_rests_on_a_paper_is_shown_with_its_passage(wiring: Wiring) -> None:
    index = wiring.index.get()
    about = next(one for one in index.documents.values() if one.access is Access.INTERNAL)
    (number,) = index.rows("SELECT min(n) FROM passage WHERE document = ?", [about.id])[0]
    passage = index.passage(number)
    teach(wiring, about.access, about.id, passage.locator)
    reply = ask(wiring, cast.OLIVE)
    assert reply.text == ANSWER
    assert reply.citations[0].passage == passage.id
    assert reply.citations[0].quote
    assert "was added by Olive Tanner (officer)" in reply.notes[0]
    assert ANSWER not in cast.words_of(ask(wiring, cast.PRUE))


def test_an_answer_for_fewer_than_read_its_paper_is_theirs_alone(wiring: Wiring) -> None:
    index = wiring.index.get()
    about = next(one for one in index.documents.values() if one.access is Access.PUBLIC)
    (number,) = index.rows("SELECT min(n) FROM passage WHERE document = ?", [about.id])[0]
    teach(wiring, Access.INTERNAL, about.id, index.passage(number).locator)
    assert ANSWER not in cast.words_of(ask(wiring, cast.PRUE))
    assert f"resting on {about.title}" in ask(wiring, cast.OLIVE).notes[0]


def test_a_retired_entry_answers_nobody(wiring: Wiring) -> None:
    made = teach(wiring)
    with wiring.store.writing() as connection:
        assert learnt.retire(connection, made.id)
        assert not learnt.retire(connection, made.id)
    wiring.index.settle(30)
    assert ask(wiring, cast.OLIVE).outcome is Outcome.NOT_IN_DOCUMENTS


def test_entries_are_kept_changed_and_come_up_for_review(store: Store) -> None:
    with store.writing() as connection:
        one = learnt.add(
            connection, NOW, digest=ANSWER, asks=(ASKED, ASKED), access=Access.PUBLIC, made_by="jo@example.org",
            review_on=date(2027, 11, 23),
        )  # fmt: skip
        assert (one.asks, learnt.live(connection)[0].by) == ((ASKED,), "an officer")
        assert learnt.due_for_review(connection, date(2027, 11, 22)) == []
        assert [due.id for due in learnt.due_for_review(connection, date(2027, 11, 23))] == [one.id]
        assert learnt.keep(connection, one.id, date(2028, 11, 23))
        assert learnt.due_for_review(connection, date(2027, 11, 23)) == []
        assert learnt.change(connection, one.id, {"digest": "Another."})
        assert learnt.live(connection)[0].digest == "Another."
        assert not learnt.change(connection, "nothing", {"digest": "Another."})
