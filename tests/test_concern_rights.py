"""Who may do what to a concern, and who sees what of it: one table, every cell of it tried through the front door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from council import (
    CARE,
    CARER,
    CARERS,
    COLIN,
    DANIEL,
    DOREEN,
    FARAH,
    HELEN,
    IMRAN,
    MARCUS,
    PRIYA,
    RUTH,
    SUNITA,
    TOM,
    WENDY,
    Council,
    at,
    minutes,
)

from handlers.concerns.answering import asked
from handlers.concerns.overview import overview
from handlers.messages import Message, Outcome, Reply
from knowledge.concerns import record
from knowledge.concerns.moves import RULES
from knowledge.concerns.nouns import Move, State
from knowledge.concerns.texts import write_text
from knowledge.models import Role
from knowledge.register.contract import key_of
from knowledge.register.correcting import correct

LETTERS = dict(zip("rawncot", State, strict=True))
"""r raised, a acknowledged, w with the provider, n answered, c closed, o reopened, t transferred."""

TABLE = """
                  raiser    enterer   carrier   nobody   leads to
acknowledge       -         -         rot       -        a
ask_provider      -         -         rawot     -        w
reply             -         -         rawnot    -        n
ask_member        -         -         rawot     -        a
pass_on           -         -         rawot     -        t
close             -         -         rawnot    -        c
tell_more         rawot     -         -         -        as before
wrong_contract    rawnot    rawnot    -         -        t
at_risk           rawncot   rawncot   rawncot   -        as before
take_back         rot       rot       -         -        c
withdraw          rawnot    -         -         -        c
not_fixed         nc        -         -         -        o
put_right         nc        -         -         -        c
provider_answers  -         -         -         -        -
"""
"""The states in which each may make each move. A carrier is whoever can carry it to its end."""

FIELDS: dict[str, dict[str, str]] = {
    "ask_provider": {"to": "help@firm.example.org", "text": "What happened?"},
    "reply": {"text": "It is mended."},
    "ask_member": {"text": "Which street?"},
    "pass_on": {"to": RUTH},
    "close": {"outcome": "explained", "text": "It was the snow."},
    "tell_more": {"text": "It happened again."},
    "wrong_contract": {"contract": CARERS},
    "not_fixed": {"text": ""},
}
NOBODYS = {"contract": "", "holder": WENDY, "role": "triage contact"}
"""A concern without an owner."""
SECOND_DIRECTOR, NAMED_DEPUTY = "ada.brook@example.org", "noor.ellis@example.org"


@dataclass(frozen=True)
class Who:
    """Somebody in a plight. `stands`: the column of the table; `sees`: whole, state or nothing; `concern`: what is
    peculiar to the concern; `plight`: what is so in the council."""

    name: str
    address: str
    stands: str
    sees: str
    concern: dict[str, object] = field(default_factory=dict)
    plight: Callable[[Council], None] = lambda council: None


def _register_deputy(council: Council) -> None:
    with council.store.writing() as connection:
        correct(connection, CARE, "deputy_email", NAMED_DEPUTY)


def _priya_away(council: Council) -> None:
    council.list(priya_venn={"away_from": "2026-11-01", "away_to": "2026-11-30"})


EVERYBODY = (
    Who("the Member who raised it", DOREEN, "raiser", "whole"),
    Who("another Member", IMRAN, "nobody", "nothing"),
    Who("a Member who follows it", IMRAN, "nobody", "state", {"follower": IMRAN}),
    Who("the officer who entered it", DANIEL, "enterer", "state", {"entered_by": DANIEL}),
    Who("an officer without a role", DANIEL, "nobody", "nothing"),
    Who("the manager of the contract", PRIYA, "carrier", "whole"),
    Who("whoever has it", TOM, "carrier", "whole", {"holder": TOM}),
    Who("the manager of another contract", TOM, "nobody", "nothing"),
    Who("the deputy in the register", NAMED_DEPUTY, "carrier", "whole", {}, _register_deputy),
    Who("the deputy in the people list, the manager there", SUNITA, "nobody", "nothing"),
    Who("the deputy in the people list, the manager away", SUNITA, "carrier", "whole", {}, _priya_away),
    Who("the lead director", HELEN, "carrier", "whole"),
    Who("another director of the directorate", SECOND_DIRECTOR, "carrier", "whole"),
    Who("the director of another directorate", MARCUS, "nobody", "nothing"),
    Who("triage, where it has an owner", WENDY, "nobody", "nothing"),
    Who("triage, where it has none", WENDY, "carrier", "whole", NOBODYS),
    Who("safeguarding, nobody at risk", COLIN, "nobody", "nothing"),
    Who("safeguarding, somebody at risk", COLIN, "carrier", "whole", {"at_risk": True}),
    Who("an administrator", FARAH, "nobody", "nothing"),
    Who("a provider", "help@firm.example.org", "nobody", "nothing"),
    Who("its Member, taken off the list", DOREEN, "nobody", "nothing", {}, lambda one: one.list(doreen_haspell=None)),
    Who("its manager, by the register only", PRIYA, "carrier", "whole", {}, lambda one: one.list(priya_venn=None)),
)  # fmt: skip


@pytest.fixture
def town(council: Council) -> Council:
    """The council with everybody of the table, on each engine in turn."""
    return _with_everybody(council)


@pytest.fixture
def sqlite_town(sqlite_council: Council) -> Council:
    """The same on one engine, for the table takes a while."""
    return _with_everybody(sqlite_council)


def _with_everybody(council: Council) -> Council:
    council.add(SECOND_DIRECTOR, Role.DIRECTOR, directorate="Adults and Public Health")
    council.add(NAMED_DEPUTY, Role.OFFICER)
    return council


def concern_in(council: Council, state: State, **peculiar: object) -> str:
    """A concern that stands so. Gives its reference."""
    given = {
        "contract": CARE,
        "holder": PRIYA,
        "role": "contract manager",
        "entered_by": "",
        "at_risk": False,
        **peculiar,
    }
    now = council.clock
    values = {
        "contract": key_of(str(given["contract"])), "service": "home-care", "level": "standard",
        "at_risk": given["at_risk"],
        "holder_role": given["role"], "origin": {}, "acknowledge_by": at("2026-11-24", "17:00"),
        "answer_by": at("2026-12-07", "17:00"),
    }  # fmt: skip
    with council.store.writing() as connection:
        made, _ = record.raise_concern(
            connection, source=council._id(), raised_by=DOREEN, entered_by=str(given["entered_by"]),
            holder=str(given["holder"]), now=now, values=values,
        )  # fmt: skip
        write_text(connection, "concern", CARER, DOREEN, now, concern=made.id)
        ended = (
            {"answered_at": now}
            if state is State.ANSWERED
            else {"answered_at": now, "closed_at": now, "outcome": "explained"}
        )
        changes = {} if state not in (State.ANSWERED, State.CLOSED) else ended
        record.change(connection, made.id, {"state": state.value, **changes})
        if state is not State.RAISED:
            record.add_event(connection, made.id, Move.REMIND, "", state, now)
        if follower := given.get("follower"):
            record.follow(connection, made.id, str(follower), {}, now)
    return made.reference


def cells() -> Iterator[tuple[str, str, str, str]]:
    """The table: move, column, the states' letters, what it leads to."""
    heading, *lines = TABLE.strip("\n").splitlines()
    columns = heading.split()[:4]
    for line in lines:
        move, *row = line.split(None, 5)
        for column, states in zip(columns, row[:4], strict=True):
            yield move, column, states.strip("-"), row[4]


def test_the_table_names_every_move_that_people_make() -> None:
    assert {move for move, *_ in cells()} == {move.value for move in RULES}


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_everybody_does_what_the_table_says_and_nothing_else(sqlite_town: Council, who: Who) -> None:
    every_cell(sqlite_town, who)


@pytest.mark.parametrize("who", [EVERYBODY[0], EVERYBODY[3], EVERYBODY[5], EVERYBODY[7]], ids=lambda who: who.name)
def test_the_table_holds_on_both_engines(town: Council, who: Who) -> None:
    every_cell(town, who)


def every_cell(council: Council, who: Who) -> None:
    """Tries every move in every state."""
    who.plight(council)
    wrong = []
    for letter, state in LETTERS.items():
        reference = concern_in(council, state, **who.concern)
        for move, column, states, leads_to in cells():
            if column != who.stands:
                continue
            before = council.moves(reference)
            reply = council.press(who.address, move, reference, **FIELDS.get(move, {}))
            done = council.moves(reference) != before
            wrong += _wrong(
                council, f"{move} when {letter}", reply, reference, done, letter in states, letter, leads_to
            )
            if done:
                reference = concern_in(council, state, **who.concern)
    assert wrong == []
    assert council.errors == []


def _wrong(
    council: Council, cell: str, reply: Reply, reference: str, done: bool, expected: bool, letter: str, leads_to: str
) -> list[str]:
    """What is not as the table says."""
    if done != expected:
        return [f"{cell}: {'done' if done else 'refused'}: {reply.text}"]
    if not expected:
        return [] if reply.outcome is Outcome.REFUSED else [f"{cell}: refused with {reply.outcome}: {reply.text}"]
    ended_by_danger = cell.startswith("at_risk") and letter in "nc"
    after = "o" if ended_by_danger else letter if leads_to == "as before" else leads_to
    stands = council.concern(reference).state
    return [] if stands is LETTERS[after] else [f"{cell}: it is {stands}"]


# --- sight --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_everybody_sees_as_much_as_the_table_says(sqlite_town: Council, who: Who) -> None:
    who.plight(sqlite_town)
    reference = concern_in(sqlite_town, State.ACKNOWLEDGED, **who.concern)
    seen = [sqlite_town.press(who.address, "open", reference), sqlite_town.say(who.address, f"where is {reference}")]
    listed = sqlite_town.press(who.address, "my_concerns")
    said = " ".join(one.model_dump_json() for one in (*seen, listed))
    assert (reference in listed.model_dump_json()) == (who.sees != "nothing")
    assert all((one.outcome is Outcome.CONCERN) == (who.sees != "nothing") for one in seen[:1])
    assert ("Gullhaven" in said) == (who.sees == "whole")
    assert ("Cllr Doreen" in said) == (who.sees == "whole")
    assert ("Harbourlight" in said) == (who.sees == "whole" and who.concern.get("contract") != "")
    if who.sees == "state":
        assert "Priya" not in said
        assert "Monday 7 December 2026" in said


def test_a_concern_that_is_not_theirs_is_spoken_of_like_one_that_is_not_there(council: Council) -> None:
    reference = council.raised()
    for action in ("open", "acknowledge", "withdraw"):
        there, not_there = council.press(RUTH, action, reference), council.press(RUTH, action, "C-0999")
        assert there.text == not_there.text.replace("C-0999", reference)
    assert "C-0001" not in council.press(RUTH, "my_concerns").model_dump_json()


def test_a_press_repeated_by_somebody_else_shows_them_nothing(council: Council) -> None:
    reference = council.raised()
    council.send(PRIYA, action="acknowledge", about=reference, id="press")
    assert council.send(RUTH, action="acknowledge", about=reference, id="press").outcome is Outcome.REFUSED


def test_a_provider_sees_only_what_they_were_asked(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "ask_provider", reference, to="help@firm.example.org", text="Were calls missed?")
    page = asked(council.requests(reference)[0].id, council.desk)
    assert [one.body for one in page.written] == ["Were calls missed?"]
    said = page.model_dump_json()
    assert "Gullhaven" not in said
    assert "Doreen" not in said
    assert page.happened == ()
    assert council.press("help@firm.example.org", "open", reference).outcome is Outcome.REFUSED


def test_the_link_of_one_request_answers_no_other(council: Council) -> None:
    council.raised()
    assert asked(77, council.desk).outcome is Outcome.REFUSED
    assert council.answer(77).outcome is Outcome.REFUSED


def test_roles_come_from_the_people_list_whatever_a_surface_says(council: Council) -> None:
    reference = council.raised()
    claims = council.send(RUTH, action="acknowledge", about=reference, roles=frozenset({Role.MANAGER, Role.TRIAGE}))
    assert claims.outcome is Outcome.REFUSED


def test_a_director_who_was_told_of_a_late_concern_may_see_it(council: Council) -> None:
    reference = council.raised(contract="MCC-0003")
    with council.store.writing() as connection:
        correct(connection, "MCC-0003", "director_email", MARCUS)
        correct(connection, "MCC-0003", "department", "Somewhere else")
    council.until(at("2026-11-26", "09:30"))
    assert "escalated" in [one.kind for one in council.post.to(MARCUS)]
    assert council.press(MARCUS, "open", reference).written
    with council.store.writing() as connection:
        correct(connection, "MCC-0003", "director_email", HELEN)
    assert council.press(MARCUS, "open", reference).written, "what somebody was told of they may look at"


# --- time ---------------------------------------------------------------------------------------------------------


def test_take_back_works_for_ten_minutes_and_then_withdraw_is_offered(council: Council) -> None:
    reference = council.raised()

    def offered() -> list[str]:
        return [choice.action for choice in council.press(DOREEN, "open", reference).choices]

    assert ("take_back" in offered(), "withdraw" in offered()) == (True, False)
    council.clock += minutes(10)
    assert "take_back" in offered()
    council.clock += minutes(0.1)
    assert ("take_back" in offered(), "withdraw" in offered()) == (False, True)
    assert "too late" in council.press(DOREEN, "take_back", reference).text
    assert council.moves(reference) == ["raise"]


def test_withdraw_is_offered_at_once_where_somebody_has_it_in_hand(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    offered = [choice.action for choice in council.press(DOREEN, "open", reference).choices]
    assert ("take_back" in offered, "withdraw" in offered) == (False, True)


def test_not_fixed_works_for_28_days(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "close", reference, outcome="not_upheld", text="It came on time.")
    council.clock += minutes(28 * 24 * 60)
    assert "not_fixed" in [choice.action for choice in council.press(DOREEN, "open", reference).choices]
    council.clock += minutes(1)
    assert "too late" in council.press(DOREEN, "not_fixed", reference, text="").text


def test_what_was_withdrawn_can_be_neither_put_right_nor_reopened(council: Council) -> None:
    reference = council.raised()
    council.press(DOREEN, "take_back", reference)
    for move in ("not_fixed", "put_right"):
        assert council.press(DOREEN, move, reference, text="").outcome is Outcome.REFUSED
    assert council.moves(reference) == ["raise", "take_back"]


def test_put_right_twice_is_told_once(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "reply", reference, text="Mended.")
    council.press(DOREEN, "put_right", reference)
    council.press(DOREEN, "put_right", reference)
    council.post.deliver()
    assert [one.kind for one in council.post.to(PRIYA)].count("put_right") == 1


def test_a_deputy_in_the_people_list_acts_only_while_somebody_is_away(council: Council) -> None:
    reference = council.raised()
    assert council.press(SUNITA, "acknowledge", reference).outcome is Outcome.REFUSED
    council.list(priya_venn={"away_from": "2026-11-24", "away_to": "2026-11-24"})
    assert council.press(SUNITA, "acknowledge", reference).outcome is Outcome.REFUSED
    council.clock = at("2026-11-24")
    assert council.press(SUNITA, "open", reference).written
    council.clock = at("2026-11-25")
    assert council.press(SUNITA, "open", reference).outcome is Outcome.REFUSED


@pytest.mark.parametrize(("role", "peculiar", "away", "stands_in"), [
    ("director", {}, "helen_straker", MARCUS),
    ("triage", NOBODYS, "wendy_larkspur", "aisha.kettle@example.org"),
    ("safeguarding", {"at_risk": True, "contract": "MCC-0032", "holder": TOM}, "colin_amadi", HELEN),
])  # fmt: skip
def test_the_deputies_of_everybody_act_while_they_are_away(
    council: Council, role: str, peculiar: dict[str, object], away: str, stands_in: str
) -> None:
    reference = concern_in(council, State.RAISED, **peculiar)
    assert council.press(stands_in, "open", reference).outcome is Outcome.REFUSED
    council.list(**{away: {"away_from": "2026-11-01"}})
    assert council.press(stands_in, "open", reference).written
    assert reference in council.press(stands_in, "my_concerns").model_dump_json()
    seen = overview(Message(text="", addresses=(stands_in,)), council.desk)
    assert [line.reference for line in seen.carried] == [reference]
