"""The form of a new concern: what it begins with, what is wrong with it, and that sending it twice raises one."""

from __future__ import annotations

import sqlalchemy as sa

from bot.wiring import Wiring
from handlers.concerns.commands import unfinished
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from knowledge.models import Role
from knowledge.tables import concern

DOREEN = "doreen.haspell@example.org"
CARER = "No carer came to an old man in Gullhaven for three mornings"
FILLED_IN = {"text": CARER, "place": "", "contract": "MCC-0002", "at_risk": "no"}


def form(begins: str = "", /, **fields: str) -> Message:
    return Message(
        text=begins, id="form.1", surface="slack", roles=frozenset({Role.MEMBER}), addresses=(DOREEN,),
        action="new_concern", fields=fields,
    )  # fmt: skip


def values(reply: Reply) -> dict[str, str]:
    assert reply.form is not None
    return {entry.name: entry.value for entry in reply.form.entries}


def test_a_form_begins_with_the_text_it_was_opened_with(marlshire: Wiring) -> None:
    assert values(handle(form(CARER), marlshire.desk))["text"] == CARER


def test_a_form_asked_for_in_words_begins_empty(marlshire: Wiring) -> None:
    typed = form("raise a concern").model_copy(update={"action": ""})
    assert values(handle(typed, marlshire.desk))["text"] == ""


def test_what_is_wrong_with_a_form_is_known_before_anything_is_done(marlshire: Wiring) -> None:
    wrong = unfinished(form(**{**FILLED_IN, "contract": "ZZZ"}), marlshire.desk)
    assert wrong is not None
    assert wrong.form is not None
    assert list(wrong.form.errors) == ["contract"]
    assert unfinished(form(**FILLED_IN), marlshire.desk) is None


def test_a_form_sent_twice_raises_one_concern_and_gives_its_receipt_again(marlshire: Wiring) -> None:
    replies = [handle(form(**FILLED_IN), marlshire.desk) for _ in range(2)]
    assert [(one.outcome, one.concern) for one in replies] == [(Outcome.RAISED, "C-0001")] * 2
    with marlshire.store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(concern)).scalar() == 1
