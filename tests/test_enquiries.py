"""A question for a person: passed on, claimed by one, answered in time, and known to the desk from then on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from cast import SAMPLE
from council import (
    DANIEL,
    DOREEN,
    FARAH,
    HELEN,
    IMRAN,
    PRIYA,
    RUTH,
    WENDY,
    Council,
    at,
)
from post import Sent

from handlers.messages import Form, Outcome, Reply
from handlers.questions.reviewing import tell_due
from handlers.questions.telling import tell_late
from handlers.timed import run_due
from knowledge.documents.current import current_index
from knowledge.documents.importing import index_documents
from knowledge.models import Role
from knowledge.pack import open_pack
from knowledge.questions.enquiries import Enquiry, by_number, number_of
from knowledge.questions.moves import MOST_OPEN
from knowledge.questions.reviewing import a_year_on
from knowledge.tables import enquiry, notification, own_entry

AISHA = "aisha.kettle@example.org"
OFFICERS = [AISHA, DANIEL, RUTH, WENDY]
ASKED = "Which parking permits do visiting inspectors use?"
ANSWER = "Inspectors leave the blue permit on the dashboard and sign the book at reception."
FILLED = {"answer": ANSWER, "rests_on": "own", "access": "internal", "teach": "yes", "asks": ASKED}
STRANGER = frozenset({Role.PROVIDER})
THREAD = {"channel": "D0DOREEN", "thread_ts": "12.34"}


def passed_on(council: Council, who: str = DOREEN, text: str = ASKED, **more: object) -> Reply:
    """Somebody asks the desk, and then a person."""
    number = council.say(who, text).question
    return council.send(who, action="ask_person", about=str(number), **more)


def stands(council: Council, reference: str = "E-1") -> Enquiry:
    with council.store.reading() as connection:
        found = by_number(connection, number_of(reference) or 0)
    assert found
    return found


def told(council: Council, *kinds: str) -> list[Sent]:
    """What was sent of these kinds since last time."""
    return [one for one in council.post.deliver() if one.kind in kinds]


def late(council: Council) -> list[str]:
    """Who is told now of what is late."""
    with council.store.writing() as connection:
        tell_late(connection, council.desk)
    return sorted(one.recipient for one in told(council, "enquiry_late"))


def form_of(reply: Reply) -> Form:
    assert reply.form, reply.text
    return reply.form


def entries(council: Council) -> list[tuple[object, ...]]:
    with council.store.reading() as connection:
        query = sa.select(own_entry.c.id, own_entry.c.digest, own_entry.c.asks, own_entry.c.access, own_entry.c.state)
        return [tuple(row) for row in connection.execute(query)]


# --- passing on ---------------------------------------------------------------------------------------------------


def test_a_question_is_passed_on_to_the_officers_with_what_the_desk_found(council: Council) -> None:
    reply = passed_on(council)
    assert reply.text.startswith("Passed on as E-1: one of the officers answers you")
    assert "by 25 November 2026" in reply.text
    sent = told(council, "enquiry")
    assert sorted(one.recipient for one in sent) == OFFICERS
    assert ASKED in sent[0].text
    assert "The desk found nothing in the papers" in sent[0].text
    assert "Doreen Haspell (Member) asks" in sent[0].text
    assert council.errors == []


def test_few_officers_are_named(sqlite_council: Council) -> None:
    sqlite_council.list(aisha_kettle=None, wendy_larkspur=None)
    assert "one of Ruth Calloway (officer) and Daniel Frome (officer)" in passed_on(sqlite_council).text


def test_what_was_found_is_named_by_its_place(wired: Council) -> None:
    passed_on(wired, text="What questions must a diagnostic report answer?")
    [first, *_] = told(wired, "enquiry")
    assert "The desk answered with " in first.text
    assert "iagnostic report" in first.text.split("The desk answered with")[1]


def test_pressing_twice_asks_once(council: Council) -> None:
    number = council.say(DOREEN, ASKED).question
    for _ in range(2):
        reply = council.press(DOREEN, "ask_person", str(number))
    assert "already" in reply.text
    assert len(told(council, "enquiry")) == len(OFFICERS)
    with council.store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(enquiry)).scalar() == 1


def test_with_an_officers_channel_that_is_told_and_nobody_else(sqlite_council: Council) -> None:
    council = sqlite_council
    council.with_desk(channels=frozenset({"slack"}), officers_channel="C0OFFICERS")
    assert "one of the officers answers you" in passed_on(council, origin=THREAD).text
    sent = told(council, "enquiry")
    assert [(one.recipient, one.channel) for one in sent] == [("C0OFFICERS", "slack")]
    assert sent[0].buttons == ("claim_enquiry", "answer_enquiry", "drop_enquiry")


def test_where_the_channel_is_gone_each_officer_is_told(sqlite_council: Council) -> None:
    council = sqlite_council
    council.with_desk(channels=frozenset({"slack"}), officers_channel="C0OFFICERS")
    council.post.dead[("slack", "C0OFFICERS")] = "channel is gone"
    passed_on(council)
    assert sorted(one.recipient for one in told(council, "enquiry")) == OFFICERS
    assert [one.recipient for one in told(council, "enquiry")] == []


def test_with_no_officer_it_is_with_triage_and_never_with_nobody(council: Council) -> None:
    council.list(aisha_kettle=None, daniel_frome=None, ruth_calloway=None, wendy_larkspur=None)
    council.add(WENDY, Role.TRIAGE, name="Wendy Larkspur")
    assert "Wendy Larkspur (triage contact)" in passed_on(council).text
    assert [one.recipient for one in told(council, "enquiry")] == [WENDY]


def test_with_nobody_on_the_list_nothing_is_promised(sqlite_council: Council) -> None:
    council = sqlite_council
    number = council.say("", ASKED, addresses=(), proved="U0PRUE", roles=STRANGER).question
    with council.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM person")
        connection.exec_driver_sql("DELETE FROM fact WHERE name = 'people_mark'")
    reply = council.send("", action="ask_person", about=str(number), addresses=(), proved="U0PRUE", roles=STRANGER)
    assert (reply.outcome, "nobody to pass it on to" in reply.text) == (Outcome.REFUSED, True)


def test_a_stranger_is_told_how(sqlite_council: Council) -> None:
    council = sqlite_council
    council.with_desk(contact="help@example.org")
    number = council.say("", ASKED, addresses=(), roles=STRANGER).question
    reply = council.send("", action="ask_person", about=str(number), addresses=(), roles=STRANGER)
    assert reply.outcome is Outcome.REFUSED
    assert "sign in" in reply.text
    assert "help@example.org" in reply.text


def test_a_provider_reads_no_names(council: Council) -> None:
    reply = passed_on(council, "prue@provider.example.org")
    assert "an officer of the council answers you" in reply.text
    council.press(RUTH, "answer_enquiry", "E-1", **FILLED)
    [answer] = told(council, "enquiry_settled")
    assert "Ruth" not in answer.everything
    assert "An officer of the council answers: " + ANSWER in answer.text


@pytest.mark.parametrize("about", ["2", "0", "", "E-1", "-1", "99999999999"])
def test_only_a_question_there_is_can_be_passed_on(sqlite_council: Council, about: str) -> None:
    sqlite_council.say(DOREEN, ASKED)
    assert sqlite_council.press(DOREEN, "ask_person", about).outcome is Outcome.REFUSED


def test_nobody_passes_on_anothers_question(sqlite_council: Council) -> None:
    number = sqlite_council.say(DOREEN, ASKED).question
    reply = sqlite_council.press(IMRAN, "ask_person", str(number))
    assert reply.outcome is Outcome.REFUSED
    assert ASKED not in reply.text


def test_nobody_asks_without_end(sqlite_council: Council) -> None:
    for n in range(MOST_OPEN):
        assert passed_on(sqlite_council, text=f"{ASKED} {n}").outcome is Outcome.ENQUIRY
    reply = passed_on(sqlite_council)
    assert (reply.outcome, "wait for a person already" in reply.text) == (Outcome.REFUSED, True)


# --- the deadline -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "days", "due"),
    [
        (at("2026-11-23", "10:00"), 2, date(2026, 11, 25)),
        (at("2026-11-23", "23:59"), 2, date(2026, 11, 25)),
        (at("2026-11-20", "16:59"), 2, date(2026, 11, 24)),
        (at("2026-11-21", "10:00"), 2, date(2026, 11, 24)),
        (at("2026-12-24", "10:00"), 2, date(2026, 12, 30)),
        (at("2026-12-24", "10:00"), 1, date(2026, 12, 29)),
        (at("2026-11-23", "10:00"), 5, date(2026, 11, 30)),
    ],
    ids=["Monday", "Monday at midnight", "Friday", "Saturday", "Christmas Eve", "one day", "a week"],
)
def test_it_is_due_in_working_days(sqlite_council: Council, made: object, days: int, due: date) -> None:
    council = sqlite_council
    council.with_desk(enquiry_days=days)
    council.clock = made  # type: ignore[assignment]
    passed_on(council)
    assert stands(council).due_on == due


def test_a_late_one_is_told_again_once_to_officers_and_administrators(council: Council) -> None:
    passed_on(council)
    told(council, "enquiry")
    council.clock = at("2026-11-25", "16:59")
    assert late(council) == []
    council.clock = at("2026-11-25", "17:00")
    assert late(council) == sorted({*OFFICERS, FARAH})
    council.clock = at("2026-11-30", "17:00")
    assert late(council) == []


def test_one_that_is_claimed_is_late_all_the_same_and_one_that_is_answered_is_not(council: Council) -> None:
    passed_on(council)
    passed_on(council, IMRAN)
    council.press(RUTH, "claim_enquiry", "E-1")
    council.press(RUTH, "answer_enquiry", "E-2", **FILLED)
    council.clock = at("2026-11-26")
    with council.store.writing() as connection:
        tell_late(connection, council.desk)
    sent = told(council, "enquiry_late")
    assert {one.letter.subject for one in sent} == {"E-1 is late"}
    assert "E-1 is with Ruth Calloway (officer)." in sent[0].text
    assert "it was due by 25 November 2026" in sent[0].text


# --- claiming -----------------------------------------------------------------------------------------------------


def test_one_person_has_it_and_the_second_reads_who(council: Council) -> None:
    passed_on(council)
    assert council.press(RUTH, "claim_enquiry", "E-1").text.startswith("You have E-1: answer by 25 November 2026.")
    assert council.press(RUTH, "claim_enquiry", "E-1").text.startswith("You have E-1")
    assert council.press(DANIEL, "claim_enquiry", "E-1").text == "E-1 is with Ruth Calloway (officer)."
    reply = council.press(DANIEL, "answer_enquiry", "E-1", **FILLED)
    assert (reply.text, reply.form) == ("E-1 is with Ruth Calloway (officer).", None)
    assert council.press(DANIEL, "drop_enquiry", "E-1", reason="No.").text == "E-1 is with Ruth Calloway (officer)."
    assert stands(council).claimed_by == RUTH


def test_it_is_given_back_by_whoever_has_it_or_an_administrator(council: Council) -> None:
    passed_on(council)
    council.press(DANIEL, "claim_enquiry", "E-1")
    council.press(AISHA, "return_enquiry", "E-1")
    assert stands(council).claimed_by == DANIEL
    council.press(DANIEL, "return_enquiry", "E-1")
    assert (stands(council).claimed_by, stands(council).state.value) == ("", "waiting")
    council.press(AISHA, "claim_enquiry", "E-1")
    council.press(FARAH, "return_enquiry", "E-1")
    assert stands(council).state.value == "waiting"


def test_the_officers_channel_reads_who_has_it(sqlite_council: Council) -> None:
    council = sqlite_council
    council.with_desk(channels=frozenset({"slack"}), officers_channel="C0OFFICERS")
    passed_on(council)
    [asked] = told(council, "enquiry")
    assert asked.text.splitlines()[1] == f"“{ASKED}”", "the question on a line of its own"
    for _ in range(2):
        council.press(RUTH, "claim_enquiry", "E-1")
    sent = told(council, "enquiry_claimed")
    assert [(one.recipient, one.text) for one in sent] == [("C0OFFICERS", "E-1 is with Ruth Calloway (officer).")]


def test_who_has_it_stands_below_the_question(sqlite_council: Council) -> None:
    council = sqlite_council
    council.with_desk(channels=frozenset({"slack"}), officers_channel="C0OFFICERS")
    passed_on(council)
    told(council, "enquiry")
    with council.store.writing() as connection:
        place = {"channel": "C0OFFICERS", "ts": "9.9"}
        connection.execute(sa.update(notification).where(notification.c.kind == "enquiry").values(place=place))
    council.press(RUTH, "claim_enquiry", "E-1")
    assert told(council, "enquiry_claimed")[0].letter.origin == {"channel": "C0OFFICERS", "thread_ts": "9.9"}


def test_officers_who_were_told_one_by_one_see_who_has_it_too(sqlite_council: Council) -> None:
    council = sqlite_council
    council.with_desk(channels=frozenset({"slack"}))
    passed_on(council)
    told(council, "enquiry")
    with council.store.writing() as connection:
        place = {"channel": "D0SOMEBODY", "ts": "9.9"}
        connection.execute(sa.update(notification).where(notification.c.kind == "enquiry").values(place=place))
    council.press(RUTH, "claim_enquiry", "E-1")
    buttons = {one.recipient: one.buttons for one in told(council, "enquiry_renewed")}
    assert sorted(buttons) == OFFICERS
    assert [who for who, offered in buttons.items() if offered] == [RUTH], "whoever has it, and nobody else"


def test_what_has_not_left_yet_needs_no_mending(sqlite_council: Council) -> None:
    council = sqlite_council
    council.with_desk(channels=frozenset({"slack"}), officers_channel="C0OFFICERS")
    passed_on(council)
    council.press(RUTH, "claim_enquiry", "E-1")
    assert told(council, "enquiry_renewed") == []
    assert [one.kind for one in council.post.moot] == ["enquiry_renewed"]


@pytest.mark.parametrize(
    ("action", "filled", "stands_so"),
    [("answer_enquiry", FILLED, "is answered"), ("drop_enquiry", {"reason": "It is no question."}, "was dropped")],
)
def test_the_officers_channel_reads_that_it_is_settled(
    sqlite_council: Council, action: str, filled: dict[str, str], stands_so: str
) -> None:
    council = sqlite_council
    council.with_desk(channels=frozenset({"slack"}), officers_channel="C0OFFICERS")
    passed_on(council)
    told(council, "enquiry")
    council.press(RUTH, action, "E-1", **filled)
    assert [one.text for one in told(council, "enquiry_claimed")] == [f"E-1 {stands_so} by Ruth Calloway (officer)."]


# --- answering ----------------------------------------------------------------------------------------------------


def test_an_answer_comes_back_to_the_askers_thread(council: Council) -> None:
    passed_on(council, origin=THREAD)
    told(council, "enquiry")
    council.press(RUTH, "claim_enquiry", "E-1")
    form = form_of(council.press(RUTH, "answer_enquiry", "E-1"))
    assert [one.name for one in form.entries] == ["answer", "rests_on", "place", "access", "teach", "asks"]
    assert ASKED in form.note
    reply = council.press(RUTH, "answer_enquiry", "E-1", **FILLED)
    assert reply.text.startswith("E-1 is answered.")
    [answer] = told(council, "enquiry_settled")
    assert (answer.recipient, answer.letter.origin) == (DOREEN, THREAD)
    assert answer.text == f"You asked “{ASKED}” (E-1). Ruth Calloway (officer) answers: {ANSWER}"


def test_an_answer_is_given_once(council: Council) -> None:
    passed_on(council)
    for who in (RUTH, RUTH, DANIEL):
        reply = council.press(who, "answer_enquiry", "E-1", **FILLED)
    assert reply.text == "E-1 is answered by Ruth Calloway (officer)."
    assert len(told(council, "enquiry_settled")) == 1
    assert len(entries(council)) == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answer": " "}, "answer"),
        ({"answer": "x" * 3_001}, "answer"),
        ({"asks": "\n".join("abcdefghijklmn")}, "asks"),
        ({"access": "confidential"}, "access"),
        ({"access": "secret"}, "access"),
        ({"rests_on": "place", "place": "002, Nowhere 9"}, "place"),
        ({"rests_on": "place", "place": "nonsense"}, "place"),
        ({"rests_on": "nothing|there"}, "place"),
        ({"answer": "Ring Beryl Okafor on 07700 900123."}, "teach"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(sqlite_council: Council, given: dict[str, str], field: str) -> None:
    passed_on(sqlite_council)
    form = form_of(sqlite_council.press(DANIEL, "answer_enquiry", "E-1", **{**FILLED, **given}))
    assert list(form.errors) == [field]
    assert stands(sqlite_council).open


def test_what_looks_personal_is_learnt_only_by_somebody_who_has_looked(sqlite_council: Council) -> None:
    council = sqlite_council
    passed_on(council)
    personal = {**FILLED, "answer": "Ring Beryl Okafor on 07700 900123."}
    form = form_of(council.press(RUTH, "answer_enquiry", "E-1", **personal))
    assert "anyway" in [value for one in form.entries for value, _ in one.options]
    council.press(RUTH, "answer_enquiry", "E-1", **{**personal, "teach": "anyway"})
    assert len(entries(council)) == 1


def test_dropping_tells_the_asker_why(council: Council) -> None:
    passed_on(council, origin=THREAD)
    told(council, "enquiry")
    assert form_of(council.press(RUTH, "drop_enquiry", "E-1")).errors == {}
    assert form_of(council.press(RUTH, "drop_enquiry", "E-1", reason=" ")).errors
    for _ in range(2):
        council.press(RUTH, "drop_enquiry", "E-1", reason="Ask the parking team.")
    [sent] = told(council, "enquiry_settled")
    assert "does not answer it: Ask the parking team." in sent.text
    assert sent.letter.origin == THREAD
    assert stands(council).state.value == "dropped"


def test_an_answer_that_does_not_arrive_is_told_to_an_administrator(sqlite_council: Council) -> None:
    council = sqlite_council
    passed_on(council)
    told(council, "enquiry")
    council.post.dead[("", DOREEN)] = "bounced"
    council.press(RUTH, "answer_enquiry", "E-1", **FILLED)
    sent = told(council, "enquiry_stuck")
    assert FARAH in {one.recipient for one in sent}
    assert ANSWER not in sent[0].everything


def test_an_erased_answer_is_not_sent(sqlite_council: Council) -> None:
    council = sqlite_council
    passed_on(council)
    told(council, "enquiry")
    council.press(RUTH, "answer_enquiry", "E-1", **FILLED)
    with council.store.writing() as connection:
        connection.execute(sa.update(enquiry).values(answer=""))
    assert told(council, "enquiry_settled") == []


# --- who may what -------------------------------------------------------------------------------------------------

MAY = {
    DOREEN: False, PRIYA: True, HELEN: True, RUTH: True, DANIEL: True, WENDY: True, FARAH: True,
    "colin.amadi@example.org": False, "prue@provider.example.org": False, "": False,
}  # fmt: skip
MOVES = {
    "waiting_enquiries": {}, "open_enquiry": {}, "claim_enquiry": {}, "return_enquiry": {}, "answer_enquiry": FILLED,
    "drop_enquiry": {"reason": "No."}, "teach_enquiry": {}, "open_entry": {}, "keep_entry": {}, "change_entry": FILLED,
    "retire_entry": {},
}  # fmt: skip


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("who", MAY, ids=lambda one: one.partition("@")[0] or "a stranger")
def test_who_may_do_what(sqlite_council: Council, who: str, move: str) -> None:
    council = sqlite_council
    passed_on(council)
    about = "E-1"
    if move.endswith("_entry"):
        council.press(RUTH, "answer_enquiry", "E-1", **FILLED)
        about = "officer-1"
    before = (stands(council), entries(council))
    more = {} if who else {"addresses": (), "roles": STRANGER}
    reply = council.send(who, action=move, about=about, fields=MOVES[move], **more)
    assert (reply.outcome is not Outcome.REFUSED) is MAY[who]
    if not MAY[who]:
        assert ASKED not in reply.text
        assert (stands(council), entries(council)) == before


@pytest.mark.parametrize("move", MOVES)
def test_nothing_of_it_is_done_where_others_read_along(sqlite_council: Council, move: str) -> None:
    passed_on(sqlite_council)
    reply = sqlite_council.send(RUTH, action=move, about="E-1", fields=MOVES[move], public=True)
    assert reply.outcome is Outcome.REFUSED


@pytest.mark.parametrize("about", ["E-2", "E-", "C-1", "", "E-1|x"])
def test_an_enquiry_that_is_not_there_is_refused(sqlite_council: Council, about: str) -> None:
    passed_on(sqlite_council)
    assert sqlite_council.press(RUTH, "claim_enquiry", about).outcome is Outcome.REFUSED


def test_officers_ask_for_them_in_words(council: Council) -> None:
    passed_on(council)
    reply = council.say(RUTH, "questions waiting")
    assert "1 question waits for a person." in reply.text
    assert ASKED in reply.text
    assert [one.label for one in reply.choices] == ["Open E-1"]
    card = council.press(RUTH, reply.choices[0].action, reply.choices[0].about)
    assert [one.label for one in card.choices] == ["I take it", "Answer", "Drop it"]
    assert council.say(RUTH, "claim E-1").text.startswith("You have E-1")
    assert "you hear by 25 November 2026" in council.say(DOREEN, "my questions").text
    assert "question waits" not in council.say(DOREEN, "questions waiting").text


# --- what the desk learns -----------------------------------------------------------------------------------------


@pytest.fixture
def wired(council: Council, tmp_path: Path) -> Council:
    """A council with the sample's papers in its own record, and an index of them."""
    pack = open_pack("sample")
    index_documents(council.store, [SAMPLE / "documents"], pack)
    current = current_index(council.store, pack, tmp_path / "own-index.db")
    council.with_desk(index=current.get, learn=lambda: current.settle(60))
    return council


def test_an_answer_answers_the_next_asker_at_once_and_after_a_restart(wired: Council, tmp_path: Path) -> None:
    passed_on(wired)
    wired.press(RUTH, "answer_enquiry", "E-1", **FILLED)
    reply = wired.say(IMRAN, "which permits are for inspectors who visit by car and want parking?")
    assert (reply.outcome, reply.text) == (Outcome.ANSWERED, ANSWER)
    assert "This is an officer's answer, not the papers' words: Ruth Calloway (officer)" in reply.notes[0]
    again = current_index(wired.store, open_pack("sample"), tmp_path / "another-machine.db")
    wired.with_desk(index=again.get)
    assert wired.say(IMRAN, ASKED).text == ANSWER
    stranger = wired.say("", ASKED, addresses=(), roles=STRANGER)
    assert stranger.outcome is Outcome.NOT_IN_DOCUMENTS


def test_with_one_press_the_desk_learns_an_answer_that_was_for_one(wired: Council) -> None:
    passed_on(wired)
    reply = wired.press(RUTH, "answer_enquiry", "E-1", **{**FILLED, "teach": "no", "asks": ""})
    assert [one.label for one in reply.choices] == ["Teach the desk"]
    assert entries(wired) == []
    for _ in range(2):
        said = wired.press(DANIEL, "teach_enquiry", "E-1").text
    assert said == "The desk knows the answer to E-1 already."
    assert entries(wired) == [("officer-1", ANSWER, [ASKED], "internal", "live")]
    assert stands(wired).entry == "officer-1"
    assert wired.say(IMRAN, ASKED).text == ANSWER


def test_an_answer_that_rests_on_a_place_is_shown_with_its_passage(wired: Council) -> None:
    asks = "What questions must a diagnostic report answer?"
    cited = wired.say(DOREEN, asks).citations[0]
    passed_on(wired, text=asks)
    form = form_of(wired.press(RUTH, "answer_enquiry", "E-1"))
    places = [value for value, _ in form.entries[1].options]
    assert f"{cited.document}|{cited.locator}" in places
    assert f"{cited.locator}, {cited.title}" in [label for _, label in form.entries[1].options], (
        "cut by nobody but Slack"
    )
    wired.press(RUTH, "answer_enquiry", "E-1", **{**FILLED, "rests_on": "place", "access": "public",
                "place": f"{cited.document}, {cited.locator}"})  # fmt: skip
    assert (stands(wired).document, stands(wired).locator) == (cited.document, cited.locator)
    [sent] = told(wired, "enquiry_settled")
    assert f"It rests on {cited.title}, {cited.locator}." in sent.text


def test_a_public_answer_is_everybodys(wired: Council) -> None:
    passed_on(wired)
    wired.press(RUTH, "answer_enquiry", "E-1", **{**FILLED, "access": "public"})
    assert wired.say("", ASKED, addresses=(), roles=STRANGER).text == ANSWER


# --- review -------------------------------------------------------------------------------------------------------


def due_reviews(council: Council) -> list[Sent]:
    with council.store.writing() as connection:
        tell_due(connection, council.desk)
    return told(council, "entry_review")


def learnt_one(council: Council, **more: str) -> None:
    passed_on(council)
    council.press(HELEN, "answer_enquiry", "E-1", **{**FILLED, **more})
    council.post.deliver()


def test_it_comes_up_for_review_after_a_year_and_is_kept_for_another(council: Council) -> None:
    learnt_one(council)
    council.clock = at("2027-11-22", "23:30")
    assert due_reviews(council) == []
    council.clock = at("2027-11-23", "00:30")
    sent = due_reviews(council)
    assert sorted(one.recipient for one in sent) == OFFICERS
    assert ANSWER in sent[0].text
    assert due_reviews(council) == []
    waits = council.say(RUTH, "questions waiting")
    assert "1 of the desk's own answers is up for review." in waits.text
    opened = council.press(RUTH, waits.choices[-1].action, waits.choices[-1].about)
    assert [one.label for one in opened.choices] == ["Keep for a year", "Change it", "Retire it"]
    for _ in range(2):
        assert council.press(RUTH, "keep_entry", "officer-1").text == "Kept until 23 November 2028."
    assert council.say(RUTH, "questions waiting").text == "No question waits for a person."
    council.clock = at("2028-11-23")
    assert len(due_reviews(council)) == len(OFFICERS)


def test_it_is_changed_or_retired(wired: Council) -> None:
    learnt_one(wired)
    form = form_of(wired.press(RUTH, "change_entry", "officer-1"))
    assert {one.name: one.value for one in form.entries} == {"answer": ANSWER, "access": "internal", "asks": ASKED}
    wired.press(RUTH, "change_entry", "officer-1", answer="The green permit.", access="internal", asks=ASKED)
    assert wired.say(IMRAN, ASKED).text == "The green permit."
    wired.press(RUTH, "retire_entry", "officer-1")
    assert wired.say(IMRAN, ASKED).outcome is Outcome.NOT_IN_DOCUMENTS
    assert wired.press(RUTH, "retire_entry", "officer-1").outcome is Outcome.REFUSED
    assert entries(wired)[0][-1] == "retired"


def test_a_review_that_somebody_did_meanwhile_is_not_asked_for(sqlite_council: Council) -> None:
    council = sqlite_council
    learnt_one(council)
    council.clock = at("2027-11-23")
    with council.store.writing() as connection:
        tell_due(connection, council.desk)
    council.press(RUTH, "keep_entry", "officer-1")
    assert told(council, "entry_review") == []


def test_what_few_may_read_is_reviewed_by_them(sqlite_council: Council) -> None:
    council = sqlite_council
    learnt_one(council, access="confidential")
    council.clock = at("2027-11-23")
    sent = due_reviews(council)
    assert ANSWER not in sent[0].everything
    assert council.press(DANIEL, "open_entry", "officer-1").outcome is Outcome.REFUSED
    assert ANSWER in council.press(HELEN, "open_entry", "officer-1").text


@pytest.mark.parametrize(
    ("day", "then"), [(date(2026, 11, 23), date(2027, 11, 23)), (date(2028, 2, 29), date(2029, 3, 1))]
)
def test_a_year_is_a_year(day: date, then: date) -> None:
    assert a_year_on(day) == then


def test_reviews_and_lateness_are_timed_work(sqlite_council: Council) -> None:
    council = sqlite_council
    learnt_one(council)
    passed_on(council, IMRAN)
    council.clock = at("2027-11-23")
    run_due(council.desk)
    kinds = {kind for kind, _, _ in council.owed("waiting")}
    assert {"enquiry_late", "entry_review"} <= kinds
    assert council.errors == []
