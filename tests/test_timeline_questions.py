"""Questions about coming work: what is asked of the timeline, what it answers, to whom, and what it leaves alone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import cast
import coming_work
import pytest
from cast import MO, OLIVE, PRUE, Somebody, Visitor, words_of
from counties import load_county
from rich.console import Console

from bot.blocks import blocks_of
from bot.reply_json import as_json
from bot.settings import load_settings
from bot.terminal import show
from bot.wiring import Wiring
from handlers.desk import Desk
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from knowledge.documents.importing import index_documents
from knowledge.models import Role
from knowledge.periods import Period
from knowledge.register.asking.reading import Reading
from knowledge.timeline.asking.times import days_said, what_is_timed
from webhooks import create_app

QUESTIONS = Path(__file__).parent / "data" / "timeline_questions.jsonl"
LINK = "https://desk.example.org"
DAY = coming_work.TODAY.date()


def made(home: Path, *, register: bool = True, timeline: bool = True) -> Wiring:
    """The sample council's desk, with what it is to hold."""
    wiring = Wiring(cast.settings(home))
    if register:
        load_county(wiring.store, cast.SAMPLE)
    if timeline:
        coming_work.hold(wiring.store)
    return wiring


def at_noon(wiring: Wiring) -> Desk:
    return replace(wiring.desk, now=lambda: coming_work.TODAY)


@pytest.fixture(scope="module")
def desk(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with papers, a register and a timeline, that tests talk with; they do not change what it holds."""
    wiring = made(cast.copy_home(sample_home, tmp_path_factory.mktemp("timeline") / "desk"))
    yield at_noon(wiring)
    wiring.store.close()


def ask(desk: Desk, text: str, who: Somebody = PRUE, **more: Any) -> Reply:
    return handle(Message.model_validate({"text": text, "roles": frozenset({who.role}), **more}), desk)


def cited(reply: Reply) -> list[str]:
    assert reply.outcome is Outcome.TIMELINE, reply.text
    return [citation.locator for citation in reply.citations]


# --- measured -----------------------------------------------------------------------------------------------------


def _is_right(first: list[str], found: list[str], most: int) -> bool:
    """Whether one of the first `most` is one that answers; nothing at all where nothing is to be found."""
    if not first:
        return not found
    return bool(found) if first == ["*"] else bool(set(found[:most]) & set(first))


def test_people_find_what_is_coming_in_their_own_words(desk: Desk) -> None:
    """Of the 83 questions 82 are answered right at once: held there."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    wrong, ours = [], [row for row in rows if row["journey"] == "timeline"]
    for row in ours:
        reply = handle(Message(text=row["question"], roles=frozenset({Role(row["asker"])})), desk)
        if reply.outcome is not Outcome.TIMELINE or not _is_right(row["first"], cited(reply), 1):
            wrong.append(row["question"])
    assert len(ours) >= 80
    assert len(wrong) <= 1, wrong


def test_what_belongs_to_the_register_the_papers_and_concerns_stays_theirs(desk: Desk) -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    others = [row for row in rows if row["journey"] != "timeline"]
    assert len(others) >= 20
    for row in others:
        reply = handle(Message(text=row["question"], roles=frozenset({Role(row["asker"])})), desk)
        assert reply.outcome is not Outcome.TIMELINE, row["question"]
        assert (reply.outcome is Outcome.REGISTER) is (row["journey"] == "register"), row["question"]


@pytest.mark.parametrize(("register", "timeline"), [(False, False), (False, True), (True, True)])
def test_questions_about_the_papers_are_answered_as_without_a_timeline(
    shared: Path, tmp_path: Path, register: bool, timeline: bool
) -> None:
    wiring = Wiring(load_settings({"DESK_HOME": str(tmp_path / "desk"), "DESK_COUNCIL": "Kent County Council"}))
    index_documents(wiring.store, [shared / "documents"], wiring.pack, wiring.limits)
    if register:
        load_county(wiring.store, cast.SAMPLE)
    if timeline:
        coming_work.hold(wiring.store)
    lines = (shared / "eval" / "dev_questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    asked = [
        row["question"] for row in rows if row["gold"]
    ]  # what the papers do not answer may well be of the timeline
    desk = at_noon(wiring)
    moved = [text for text in asked if ask(desk, text, OLIVE).outcome is Outcome.TIMELINE]
    wiring.store.close()
    assert moved == []


# --- one intention ------------------------------------------------------------------------------------------------

ONE = (
    ("when does the highways tender come out", "INT-24", "the tender is planned for 1 February 2027."),
    ("when is the home care contract being retendered", "INT-01", "the tender is planned for January 2027."),
    ("when does INT-20 close?", "INT-20", "applications close on 11 January 2027."),
    ("when will you be tendering for school meals", "INT-21", "the tender is planned for April to June 2027."),
    ("any grants for arts groups", "INT-33", "applications open, 5 January 2027; value £5,000 to £120,000."),
    ("who do I talk to about the upcoming carers tender", "INT-04", "the contact is carers@example.org."),
    ("how much will the highways contract be worth when it is retendered", "INT-24", "£150 million to £190 million."),
    ("who won the street lighting tender", "INT-25", "it has been awarded on 30 September 2026."),
    ("whens the street lighting tender out?", "INT-25", "it has been awarded. The tender was on 13 April 2026."),
    ("how do I bid for the meals at home contract", "INT-07", "open for bids until 14 December 2026."),
    ("how do I bid for the fostering tender", "INT-18", "not open yet. The tender is planned for 8 February 2027."),
    ("how do I apply for the libraries tender", "INT-34", "there is nothing to bid for"),
    ("can small firms bid for the bridge inspections work", "INT-28", "it is said to be suited to small firms."),
    ("how long will the stop smoking contract last once tendered", "INT-15", "it is to last 36 months."),
    ("how will you be procuring supported living", "INT-08", "the route is framework"),
    (
        "has the school transport tender been delayed and why",
        "INT-12",
        "yes: tender moved from December 2026 to",
    ),
    ("why has the highways award slipped", "INT-24", "Reason: Bidders asked for eight more weeks to inspect bridges."),
    ("why was the verge cutting tender withdrawn", "INT-27", "withdrawn on 3 November 2026. Reason: Parish councils"),
    ("is the grass cutting tender still happening", "INT-27", "it was withdrawn on 3 November 2026. Reason: Parish"),
    ("why did the advocacy value go up", "INT-05", "from £700,000 to £950,000"),
    ("has the fostering tender been delayed", "INT-18", "no, no such change has been published since"),
    ("what happened to INT-12", "INT-12", "Reason: Operators asked for time to form partnerships."),
)


@pytest.mark.parametrize(("question", "reference", "said"), ONE)
def test_a_question_about_one_intention_is_answered_exactly(
    desk: Desk, question: str, reference: str, said: str
) -> None:
    reply = ask(desk, question)
    assert cited(reply)[0] == reference
    assert said in reply.text


def test_an_answer_names_its_version_and_where_it_stands(desk: Desk) -> None:
    citation = ask(desk, "when does the highways tender come out").citations[0]
    assert (citation.source, citation.document, citation.locator) == ("timeline", "timeline", "INT-24")
    assert (citation.published, citation.note) == ("2026-10-05", "version 2 of 5 October 2026")
    assert (citation.quote, citation.path) == (None, "/timeline/INT-24")


def test_the_card_of_an_intention_tells_what_a_provider_wants_to_know(desk: Desk) -> None:
    reply = ask(desk, "when does the highways tender come out")
    assert reply.table is not None
    card = dict(reply.table.rows)
    assert reply.table.card
    assert card["Tender"] == "1 February 2027"
    assert card["Award"] == "August 2027"
    assert card["Value"] == "£150 million to £190 million"
    assert card["Suited to"] == "small firms"
    assert card["Contact"] == "highways@example.org"
    assert card["Last change"].endswith("Reason: Bidders asked for eight more weeks to inspect bridges.")


def test_a_time_is_told_no_more_exactly_than_it_was_given(desk: Desk) -> None:
    assert "is planned for autumn 2027." in ask(desk, "solar panels tender when").text


# --- several ------------------------------------------------------------------------------------------------------

SEVERAL = (
    ("what tenders are open now", {"INT-07", "INT-20", "INT-39"}),
    ("what grants are open at the moment", {"INT-20"}),
    ("what closes in December", {"INT-07", "INT-39"}),
    ("pipeline for public health", {"INT-11", "INT-14", "INT-15", "INT-16"}),
    ("any sub-contracts coming up for local builders?", {"INT-37"}),
    ("which tenders start in September 2027", {"INT-09", "INT-12", "INT-18", "INT-31"}),
    ("upcoming grants for charities", {"INT-09", "INT-20", "INT-32", "INT-33"}),
    ("provider events in December", {"INT-05", "INT-06", "INT-41"}),
    ("any market engagement in the first quarter of 2027 for highways", set()),
    ("opportunities over £60m", {"INT-01", "INT-24"}),
    ("what's on the timeline for highways", {"INT-24", "INT-26", "INT-28"}),
)


@pytest.mark.parametrize(("question", "references"), SEVERAL)
def test_a_question_about_several_gets_all_that_fit(desk: Desk, question: str, references: set[str]) -> None:
    assert set(cited(ask(desk, question))) == references


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("what could a small charity do in Saltmarl Coast", "in Saltmarl Coast, suited to charities and social enterp"),
        ("we are a small charity, what can we bid for?", "suited to charities and social enterprises"),
        ("what is planned in Brenmouth", "in Brenmouth"),
        ("what are you planning for community transport", "Community transport grants"),
        ("what is open now?", "open now"),
        ("where can I see the timeline?", "intentions on the timeline"),
    ],
)
def test_newcomers_are_understood(desk: Desk, question: str, understood: str) -> None:
    reply = ask(desk, question)
    assert reply.outcome is Outcome.TIMELINE
    assert understood in reply.text


def test_at_most_ten_are_shown_and_the_page_has_the_others(desk: Desk) -> None:
    reply = ask(desk, "what's in the pipeline over £1m")
    assert len(cited(reply)) == 10
    assert reply.table is not None
    assert reply.table.total > 20
    assert reply.table.page == "/timeline?from=1000000"
    assert reply.text.startswith(f"{reply.table.total} intentions on the timeline fit: over £1,000,000.")


def test_a_place_has_what_names_it_first_and_what_serves_the_whole_county(desk: Desk) -> None:
    reply = ask(desk, "tenders in High Marl")
    assert cited(reply)[0] == "INT-31"
    assert "INT-26" not in reply.model_dump_json()
    assert "serve the whole county, or name no area." in " ".join(reply.notes)


def test_changes_are_told_the_newest_first_with_their_reasons(desk: Desk) -> None:
    reply = ask(desk, "what has changed since last month")
    assert cited(reply)[:4] == ["INT-12", "INT-19", "INT-27", "INT-05"]
    assert set(cited(reply)[4:]) == {"INT-24", "INT-29"}
    assert "Reason: Operators asked for time to form partnerships." in reply.text


def test_much_that_is_new_hides_no_change(sample_home: Path, tmp_path: Path) -> None:
    wiring = made(cast.copy_home(sample_home, tmp_path / "desk"), register=False)
    first = next(coming_work.rows())
    many = [
        first.model_copy(
            update={"reference": f"X-{n}", "terms": first.terms.model_copy(update={"title": f"Home care {n}"})}
        )
        for n in range(501)
    ]
    coming_work.take(wiring.store, many, coming_work.TODAY)
    assert cited(ask(at_noon(wiring), "what has changed since last month"))[0] == "INT-12"
    wiring.store.close()


def test_only_the_changes_asked_for_are_told(desk: Desk) -> None:
    assert cited(ask(desk, "has anything been withdrawn this month")) == ["INT-27"]
    assert set(cited(ask(desk, "which procurements have been delayed"))) == {"INT-12", "INT-24", "INT-29"}


def test_every_answer_says_of_which_day_it_is_and_that_plans_change(desk: Desk) -> None:
    notes = ask(desk, "open opportunities").notes
    assert notes[0] == "The timeline as of 12 November 2026."
    assert notes[-1] == "It is a plan, and may change."


# --- nothing found, nothing told ----------------------------------------------------------------------------------


def test_what_is_not_on_the_timeline_is_said_so_without_a_citation(desk: Desk) -> None:
    reply = ask(desk, "any tenders for horse riding lessons")
    assert reply.text == "Nothing on the timeline fits: “horse riding lessons”."
    assert cited(reply) == []
    assert reply.table is None


def test_the_nearest_is_named_where_only_the_time_does_not_fit(desk: Desk) -> None:
    reply = ask(desk, "any grants for arts groups in 2029")
    assert cited(reply) == []
    assert "The nearest: Arts and festivals grants (INT-33, Applications open: 5 January 2027)." in reply.notes


def test_a_reference_that_no_intention_has_is_said_so(desk: Desk) -> None:
    assert ask(desk, "what happened to INT-99").text == "Nothing on the timeline has the reference INT-99."


@pytest.mark.parametrize("question", ["is the security guarding tender out yet", "what happened to INT-42", "INT-42"])
def test_what_waits_for_its_notice_is_told_to_officers_only(desk: Desk, question: str) -> None:
    for who, more in ((PRUE, {}), (cast.MO, {}), (OLIVE, {"public": True})):
        reply = ask(desk, question, who, **more)
        assert "Security guarding" not in words_of(reply)
        assert "not public" not in words_of(reply)
    assert ask(desk, question, OLIVE).text.startswith("INT-42 is not public yet. Waits for its notice")


def test_an_empty_timeline_says_so_only_where_coming_work_is_plainly_asked_for(
    sample_home: Path, tmp_path: Path
) -> None:
    wiring = made(cast.copy_home(sample_home, tmp_path / "desk"), timeline=False)
    told = ask(at_noon(wiring), "what tenders are coming up in adult social care")
    assert (told.outcome, told.text) == (
        Outcome.TIMELINE, "The timeline of commissioning intentions holds nothing yet.",
    )  # fmt: skip
    assert ask(at_noon(wiring), "is there a grant for community transport").outcome is not Outcome.TIMELINE
    assert ask(at_noon(wiring), "when does the highways contract end").outcome is Outcome.REGISTER
    wiring.store.close()


def test_the_timeline_answers_without_a_register(sample_home: Path, tmp_path: Path) -> None:
    wiring = made(cast.copy_home(sample_home, tmp_path / "desk"), register=False)
    assert cited(ask(at_noon(wiring), "when is the home care contract being retendered")) == ["INT-01"]
    wiring.store.close()


@pytest.mark.parametrize(
    "text",
    [
        "she rang 4 times crying saying he's coming up the stairs",
        "Larkfield never turned up for my mother again this morning",
        "My constituent's bus pass hasn't arrived, who deals with that?",
        "grants over £50k",
        "what care contracts come up before May 2027",
        "who signs off a tender worth £600,000?",
        "what does TUPE mean",
        "hello",
    ],
)
def test_what_is_no_question_about_coming_work_is_left_to_others(desk: Desk, text: str) -> None:
    assert ask(desk, text, cast.MO).outcome is not Outcome.TIMELINE


# --- following up -------------------------------------------------------------------------------------------------


def test_a_conversation_keeps_its_subject(desk: Desk) -> None:
    assert cited(ask(desk, "any grants for arts groups", thread="arts")) == ["INT-33"]
    assert "applications close on 12 February 2027." in ask(desk, "when does it close?", thread="arts").text
    assert "grants@example.org" in ask(desk, "who do I contact?", thread="arts").text
    assert cited(ask(desk, "what about community transport", thread="arts")) == ["INT-32"]


def test_how_to_apply_goes_on_from_what_was_asked(desk: Desk) -> None:
    several = ask(desk, "any grants for us?", thread="newcomer")
    assert set(cited(several)) == {"INT-09", "INT-20", "INT-32", "INT-33"}
    when = ask(desk, "when can we apply?", thread="newcomer")
    assert set(cited(when)) == set(cited(several))
    assert "First: Youth club grants (INT-20), " in when.text
    how = ask(desk, "how do I apply?", thread="newcomer").text
    assert "ask “how do I apply for INT-20?”" in how
    assert "grants@example.org" in ask(desk, "how do I apply for INT-20?", thread="newcomer").text


def test_what_is_open_already_is_said_to_be_open(desk: Desk) -> None:
    ask(desk, "tell me about INT-20", thread="youth")
    assert "pen for applications until 11 January 2027." in ask(desk, "when can we apply?", thread="youth").text


def test_the_first_of_several_is_the_first_to_do_what_was_asked(desk: Desk) -> None:
    told = ask(desk, "when can we bid for a tender?").table or ask(desk, "when can we bid?").table
    assert told is not None
    steps = [row[2] for row in told.rows]
    assert "Market engagement" not in steps[:3], told.rows


def test_a_member_asks_what_is_planned_in_their_own_division(desk: Desk) -> None:
    reply = ask(desk, "what is planned in my division?", MO, division="Brenmouth Harbour")
    assert cited(reply)[0] == "INT-26"
    assert "in Brenmouth Harbour" in reply.text
    assert ask(desk, "what is planned in my division?", MO).outcome is not Outcome.TIMELINE


def test_a_conversation_keeps_its_conditions(desk: Desk) -> None:
    ask(desk, "what's coming up in adult social care", thread="adults")
    there = ask(desk, "and in Pellingarth?", thread="adults")
    assert "“adult social care”, in Pellingarth" in there.text
    later = ask(desk, "what about 2029?", thread="adults")
    assert "“adult social care”, in Pellingarth, from 1 January 2029" in later.text
    assert ask(desk, "who holds the street lighting contract", thread="adults").outcome is Outcome.REGISTER


def test_a_contract_just_spoken_of_is_what_it_means(desk: Desk) -> None:
    assert ask(desk, "when does the highways contract end", thread="roads").outcome is Outcome.REGISTER
    assert cited(ask(desk, "will it be retendered?", thread="roads")) == ["INT-24"]
    assert ask(desk, "will it be retendered?", thread="nothing before").outcome is not Outcome.TIMELINE


# --- times --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("tenders this autumn", date(2026, 9, 1), date(2026, 11, 30)),
        ("tenders in Q1 2027", date(2027, 1, 1), date(2027, 3, 31)),
        ("tenders in the first quarter of 2027/28", date(2027, 4, 1), date(2027, 6, 30)),
        ("grants closing in the new year", date(2027, 1, 1), date(2027, 3, 31)),
        ("tenders in 2027/28", date(2027, 4, 1), date(2028, 3, 31)),
        ("changed since last month", date(2026, 10, 1), None),
        ("tenders coming soon", date(2026, 11, 21), date(2027, 5, 31)),
    ],
)
def test_times_are_understood_as_people_say_them(text: str, first: date, last: date | None) -> None:
    span = days_said(Reading(text), DAY)
    assert span is not None
    assert (span.first, span.last) == (first, last)


@pytest.mark.parametrize("text", ["we may bid", "how much a year", "for 6 months"])
def test_what_is_no_time_by_itself_is_none(text: str) -> None:
    found = days_said(Reading(text), DAY)
    assert found is None or Period(DAY, DAY) != (found.first, found.last)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("when do bids close", "closes"), ("when is the market engagement", "engagement"),
        ("when does it start", "start"), ("when is it out to tender", "tender"), ("who runs it", ""),
    ],
)  # fmt: skip
def test_the_time_that_is_asked_for_is_told_from_others(text: str, what: str) -> None:
    assert what_is_timed(text) == what


# --- drawn --------------------------------------------------------------------------------------------------------


def test_programs_read_intentions_with_their_source(desk: Desk) -> None:
    told = as_json(ask(desk, "any frameworks we could join"), LINK)
    assert told["outcome"] == "timeline"
    assert told["table"]["source"] == "timeline"
    assert told["table"]["intentions"][0] == told["citations"][0]["locator"]
    assert told["table"]["page"].startswith(f"{LINK}/timeline")
    assert {citation["source"] for citation in told["citations"]} == {"timeline"}
    assert told["citations"][0]["url"].startswith(f"{LINK}/timeline/INT-")


def test_slack_links_titles_to_their_pages(desk: Desk) -> None:
    _, blocks = blocks_of(ask(desk, "any frameworks we could join"), LINK)
    assert f"*<{LINK}/timeline/INT-18|Fostering by independent agencies>* (INT-18)" in str(blocks)
    _, card = blocks_of(ask(desk, "when does the highways tender come out"), LINK)
    assert f"version 2 of 5 October 2026 · <{LINK}/timeline/INT-24|see it on the timeline>" in str(card)


def test_slack_says_where_all_of_many_are(desk: Desk) -> None:
    _, blocks = blocks_of(ask(desk, "what's in the pipeline over £1m"), LINK)
    assert f"All of them: <{LINK}/timeline?from=1000000|on the timeline>." in str(blocks)


def test_a_terminal_says_where_an_intention_stands(desk: Desk) -> None:
    out = io.StringIO()
    show(ask(desk, "when does the highways tender come out"), to=Console(file=out, width=200), link=LINK)
    assert f"INT-24 · version 2 of 5 October 2026 · {LINK}/timeline/INT-24" in out.getvalue()
    show(ask(desk, "what's in the pipeline over £1m"), to=Console(file=out, width=200), link=LINK)
    assert f"All: {LINK}/timeline?from=1000000" in out.getvalue()
    assert "--csv" not in out.getvalue()


def test_the_page_links_intentions_to_their_pages(sample_home: Path, tmp_path: Path) -> None:
    wiring = made(cast.copy_home(sample_home, tmp_path / "desk"), register=False)
    wiring.__dict__["desk"] = at_noon(wiring)
    visitor = Visitor(create_app(wiring))
    page = visitor.send("/ask", text="any frameworks we could join").get_data(as_text=True)
    assert '<a href="/timeline/INT-18">Fostering by independent agencies</a>' in page
    page = visitor.send("/ask", text="what's in the pipeline over £1m").get_data(as_text=True)
    assert '<a href="/timeline?from=1000000">all of them on the timeline</a>' in page
    assert "see it on the timeline" in visitor.ask("when does the highways tender come out")
    wiring.store.close()


# --- places, and seasons that have begun --------------------------------------------------------------------------


def test_a_place_is_kept_whatever_else_is_asked(desk: Desk) -> None:
    whole = ask(desk, "anything in Quillendale under £500k for a small charity")
    assert whole.text.count("Quillendale") >= 1
    anywhere = cited(ask(desk, "anything under £500k for a small charity"))
    assert set(cited(whole)) < set(anywhere)


def test_a_place_and_a_sum_alone_ask_for_what_is_coming_there(desk: Desk) -> None:
    assert "INT-33" in cited(ask(desk, "anything in Brenmouth under £500k"))
    assert ask(desk, "anything in Brenmouth ending this year").outcome is not Outcome.TIMELINE


@pytest.mark.parametrize("text", ["anything in Brenmouth ending this year", "how long are tenders open"])
def test_what_is_asked_of_contracts_there_are_or_of_the_rules_is_left_to_them(desk: Desk, text: str) -> None:
    assert ask(desk, text, OLIVE).outcome is not Outcome.TIMELINE


PAST = (
    ("What has slipped since September?", "from 1 September 2026"),
    ("List the changes to the timeline since 1 October", "from 1 October 2026"),
    ("any new opportunities added in the last fortnight", "from 7 November 2026 to 21 November 2026"),
)


@pytest.mark.parametrize(("text", "days"), PAST)
def test_what_has_changed_is_looked_for_in_days_that_have_been(desk: Desk, text: str, days: str) -> None:
    assert days in ask(desk, text).text or cited(ask(desk, text))


SPANS = (
    ("which tenders are planned for early 2027", date(2027, 1, 1), date(2027, 4, 30)),
    ("what comes out in mid 2027", date(2027, 5, 1), date(2027, 8, 31)),
    ("anything late in 2027", date(2027, 9, 1), date(2027, 12, 31)),
)


@pytest.mark.parametrize(("text", "first", "last"), SPANS)
def test_a_part_of_a_year_is_a_time(text: str, first: date, last: date) -> None:
    span = days_said(Reading(text), DAY)
    assert span is not None
    assert (span.first, span.last) == (first, last)


SAID_OTHERWISE = (
    ("is the highways re-let on track or late", ["INT-24"]),
    ("Our firm grits roads. We missed the highways tender. When is it out again?", ["INT-24"]),
    ("are you about to change who runs school meals", ["INT-21"]),
)


@pytest.mark.parametrize(("text", "found"), SAID_OTHERWISE)
def test_coming_work_is_asked_of_in_other_words(desk: Desk, text: str, found: list[str]) -> None:
    assert cited(ask(desk, text))[:1] == found


def test_what_is_not_on_the_timeline_can_be_looked_for_elsewhere(desk: Desk) -> None:
    reply = ask(desk, "are there plans to recommission the wheelchair service")
    assert (reply.outcome, reply.citations) == (Outcome.TIMELINE, ())
    assert "wheelchair" in reply.text
    assert [one.about.partition("|")[0] for one in reply.choices if one.action == "journey"] == [
        "documents",
        "register",
    ]


def test_a_season_that_has_begun_is_what_is_left_of_it(desk: Desk) -> None:
    found = cited(ask(desk, "what's coming up in adult social care this autumn"))
    assert found[0] == "INT-07", "open until December"
    assert "INT-04" not in found, "it talked with providers in October, and its tender is in March"
