"""The journeys: which one a message is taken for, with reasons, what the reply says of it, and the others it offers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from council import DOREEN
from counties import load_county

from bot.blocks.buttons import VALUE
from bot.reply_json import as_json
from bot.settings import load_settings
from bot.wiring import Wiring
from handlers.choosing import choose
from handlers.desk import Desk
from handlers.dispatch import handle
from handlers.journeys import ACTION
from handlers.messages import Choice, Message, Outcome, Reply
from knowledge.conversations import recent
from knowledge.documents.found import Found
from knowledge.documents.importing import index_documents
from knowledge.documents.index import ensure_index
from knowledge.documents.search import Index
from knowledge.journeys import Journey, weigh
from knowledge.models import Role
from knowledge.tables import draft
from knowledge.timeline.importing import take_in
from knowledge.timeline.reading.file import read_timeline

FOLDER = Path(__file__).parent / "data" / "journeys"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MEMBER, OFFICER, PROVIDER = (frozenset({role}) for role in (Role.MEMBER, Role.OFFICER, Role.PROVIDER))


def rows_of(name: str) -> list[dict[str, Any]]:
    """The messages of a file."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def kent(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk of the real papers, with the casework's register and places and the sample's timeline. Only read."""
    environment = {"DESK_HOME": str(tmp_path_factory.mktemp("kent")), "DESK_PACKS": "kent",
                   "DESK_COUNCIL": "Kent County Council", "DESK_SECRET_KEY": "a key of tests, long enough"}  # fmt: skip
    wiring = Wiring(load_settings(environment))
    index_documents(wiring.store, [shared / "documents"], wiring.pack, wiring.limits)
    ensure_index(wiring.store, wiring.pack, wiring.settings.index_path)
    load_county(wiring.store, shared / "casework")
    with wiring.store.writing() as connection:
        read = read_timeline(cast.SAMPLE / "timeline.csv", wiring.limits)
        take_in(connection, read, NOW, wiring.buyers, source="timeline.csv", announce=False)
    yield replace(wiring.desk, now=lambda: NOW)
    wiring.store.close()


@pytest.fixture(scope="module")
def marlshire_desk(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The sample council's desk with all it holds, on a day of its own."""
    wiring = Wiring(cast.settings(cast.copy_home(demonstration, tmp_path_factory.mktemp("journeys") / "desk")))
    yield replace(wiring.desk, now=lambda: NOW)
    wiring.store.close()


def say(desk: Desk, text: str, roles: frozenset[Role] = OFFICER, **more: object) -> Reply:
    return handle(Message.model_validate({"text": text, "roles": roles, **more}), desk)


def press(desk: Desk, choice: Choice, roles: frozenset[Role] = OFFICER, **more: object) -> Reply:
    return say(desk, "", roles, action=choice.action, about=choice.about, **more)


def offers(reply: Reply) -> dict[str, Choice]:
    """What a reply offers of other journeys, by the journey."""
    return {one.about.replace("#", "|").partition("|")[0]: one for one in reply.choices if one.action == ACTION}


# --- measured -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "floor"), [("own.jsonl", 0.98), ("held_out.jsonl", 0.92)])
def test_messages_are_taken_for_the_right_journey(kent: Desk, name: str, floor: float) -> None:
    rows, wrong = rows_of(name), Counter[str]()
    rows = rows[::5] if len(rows) > 1_000 else rows  # a fifth of what is fitted on says enough
    for row in rows:
        message = Message(text=row["message"], roles=frozenset({Role(row["role"])}))
        found = choose(message, kent).journey
        if found not in (row["journey"], *row.get("also", ())):
            wrong[f"{row['journey']} as {found}"] += 1
    count, right = len(rows), 1 - wrong.total() / len(rows)
    totals = str(dict(wrong))
    del rows, row, message  # what is held out stays unread: a failure prints totals only
    assert count >= 150
    assert right >= floor, totals


def test_the_words_alone_tell_most_of_the_examples() -> None:
    right = []
    for journey in Journey:
        examples = (FOLDER / "examples" / f"{journey}.txt").read_text(encoding="utf-8").splitlines()
        found = [weigh(text) for text in examples]
        right += [max(one, key=lambda name, one=one: one[name].weighs) is journey for one in found]  # type: ignore[misc]
    assert sum(right) / len(right) >= 0.95


SAID = (
    ("What does the framework say about social value?", OFFICER, Journey.DOCUMENTS),
    ("do you listen to people like us before the specification is written", PROVIDER, Journey.DOCUMENTS),
    ("Who manages the street lighting contract?", OFFICER, Journey.REGISTER),
    ("which firms do home care in Gullhaven", MEMBER, Journey.REGISTER),
    ("what's coming up in adult social care", PROVIDER, Journey.TIMELINE),
    ("has the home care tender slipped", OFFICER, Journey.TIMELINE),
    ("let me know whenever a tender for home care is published", PROVIDER, Journey.SUBSCRIPTION),
    ("once a week is enough, thanks", OFFICER, Journey.SUBSCRIPTION),
    ("carers always late for a lady in Crossenby, she's still in her nightie at noon", MEMBER, Journey.CONCERN),
    ("Cllr Bewley asks that this be logged: street light out in Hobbersett since Monday", OFFICER, Journey.CONCERN),
)


@pytest.mark.parametrize(("text", "roles", "journey"), SAID)
def test_the_reply_names_its_journey(marlshire_desk: Desk, text: str, roles: frozenset[Role], journey: Journey) -> None:
    reply = say(marlshire_desk, text, roles)
    told = as_json(reply, "")
    assert (reply.journey, told["journey"]) == (journey, journey.value)
    assert told["detail"] == reply.outcome.value
    if journey is not Journey.DOCUMENTS:
        assert told["outcome"] == journey.value


def test_a_greeting_is_on_no_journey(marlshire_desk: Desk) -> None:
    assert as_json(say(marlshire_desk, "hello"), "")["journey"] == ""


# --- why ------------------------------------------------------------------------------------------------------------


def test_the_choice_gives_its_reasons(marlshire_desk: Desk) -> None:
    chosen = choose(Message(text="Who manages the street lighting contract?", roles=OFFICER), marlshire_desk)
    assert chosen.journey is Journey.REGISTER
    assert "all of it can be asked of the register" in [reason.says for reason in chosen.claims[0].reasons]
    assert chosen.claims[0].reasons[0].says.startswith("its words (“")
    assert sum(chosen.sure.values()) == pytest.approx(1.0)
    assert [claim.weighs for claim in chosen.claims] == sorted((one.weighs for one in chosen.claims), reverse=True)


def test_a_provider_is_never_taken_to_raise_a_concern(marlshire_desk: Desk) -> None:
    text = "carers always late for a lady in Crossenby, she's still in her nightie at noon"
    assert choose(Message(text=text, roles=PROVIDER), marlshire_desk).claims[-1].journey is Journey.CONCERN


def test_somebody_at_risk_comes_before_every_other_journey(marlshire_desk: Desk) -> None:
    text = "Who manages home care? My resident says the carer hit her and she is frightened he will come back tonight"
    assert say(marlshire_desk, text, MEMBER).outcome is Outcome.SAFEGUARDING


# --- the others -----------------------------------------------------------------------------------------------------

DOUBTFUL = "what is happening with home care in Crossenby"
"""What may be asked of the register and of the timeline."""
TROUBLE = "who do my residents complain to about home care in Crossenby"
"""What may be asked of the register and may be a concern."""


def kept_drafts(desk: Desk) -> int:
    with desk.store.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(draft)).scalar_one()


def test_a_reply_between_two_journeys_says_which_it_is_and_offers_the_other(marlshire_desk: Desk) -> None:
    reply = say(marlshire_desk, DOUBTFUL)
    assert reply.journey is Journey.TIMELINE
    assert "I took this as a question about coming work." in reply.notes
    other = press(marlshire_desk, offers(reply)["register"])
    assert (other.journey, offers(other)) == (Journey.REGISTER, {})


def test_a_sure_reply_offers_nothing_else(marlshire_desk: Desk) -> None:
    reply = say(marlshire_desk, "Who manages the street lighting contract?")
    assert offers(reply) == {}
    assert not any(note.startswith("I took this") for note in reply.notes)


def test_what_is_offered_fits_a_button(marlshire_desk: Desk) -> None:
    long = f"{DOUBTFUL} {'and so on ' * 210}"
    assert all(len(one.about) <= VALUE for one in offers(say(marlshire_desk, long)).values())


def test_what_may_be_a_concern_stands_in_no_button(marlshire_desk: Desk) -> None:
    before = kept_drafts(marlshire_desk)
    reply = say(marlshire_desk, TROUBLE, MEMBER, addresses=(DOREEN,))
    other = offers(reply)["register"]
    assert not any("residents" in choice.about + choice.text for choice in reply.choices)
    assert kept_drafts(marlshire_desk) == before + 1
    pressed = press(marlshire_desk, other, MEMBER, addresses=(DOREEN,))
    assert pressed.journey is Journey.REGISTER


def test_nobody_else_can_press_what_holds_a_members_words(marlshire_desk: Desk) -> None:
    other = offers(say(marlshire_desk, TROUBLE, MEMBER, addresses=(DOREEN,)))["register"]
    assert press(marlshire_desk, other, MEMBER, addresses=("else@example.org",)).outcome is Outcome.REFUSED


def test_in_the_open_what_may_be_a_concern_is_offered_nowhere_and_kept_nowhere(marlshire_desk: Desk) -> None:
    before = kept_drafts(marlshire_desk)
    reply = say(marlshire_desk, TROUBLE, MEMBER, addresses=(DOREEN,), public=True)
    assert (offers(reply), kept_drafts(marlshire_desk)) == ({}, before)


def test_a_conversation_keeps_what_was_asked_once(marlshire_desk: Desk) -> None:
    reply = say(marlshire_desk, DOUBTFUL, thread="once")
    assert offers(reply)
    with marlshire_desk.store.reading() as connection:
        [turn] = recent(connection, "once", 5)
    assert turn.question == DOUBTFUL
    assert turn.reply["choices"] == []


class Counting:
    """An index that counts how often it is searched."""

    def __init__(self, index: Index) -> None:
        self.index, self.searches = index, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.index, name)

    def search(self, *asked: Any, **more: Any) -> Sequence[Found]:
        self.searches += 1
        return self.index.search(*asked, **more)


@pytest.mark.parametrize("text", ["who approves a new home care contract", "approval of contracts over a million"])
def test_the_papers_are_searched_once_for_a_message_to_choose_its_journey_and_to_answer(
    marlshire_desk: Desk, text: str
) -> None:
    counting = Counting(marlshire_desk.index())
    desk = replace(marlshire_desk, index=lambda: counting)  # type: ignore[arg-type,return-value]
    says = [one.says for claim in choose(Message(text=text, roles=OFFICER), desk).claims for one in claim.reasons]
    assert (sum("papers have" in one for one in says), counting.searches) == (1, 1), "they are, to choose"
    reply = say(desk, text)
    assert (reply.journey, counting.searches) == (Journey.DOCUMENTS, 2), "once more for another handling"
    assert reply.citations == say(marlshire_desk, text).citations


@pytest.mark.parametrize("about", ["", "timeline", "timeline|", "elsewhere|home care", "concern#nothing", "|"])
def test_a_button_that_says_nothing_is_refused(marlshire_desk: Desk, about: str) -> None:
    assert press(marlshire_desk, Choice(label="?", action=ACTION, about=about)).outcome is Outcome.REFUSED
