"""Enquiries as officers and askers read them."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.messages import Choice, Outcome, Reply, Table
from knowledge import library
from knowledge.dates import in_words
from knowledge.documents.own import own_id
from knowledge.models import Access
from knowledge.parties import is_slack_channel, normal
from knowledge.questions.asked import ANSWERED
from knowledge.questions.enquiries import Enquiry, State, is_late
from knowledge.questions.learnt import by_words

_STATES = {
    State.WAITING: "waits for an officer", State.CLAIMED: "is with {who}", State.ANSWERED: "is answered by {who}",
    State.DROPPED: "was dropped by {who}",
}  # fmt: skip
_SEEN_BY_OFFICERS = frozenset({Access.PUBLIC, Access.INTERNAL})
"""The papers that may be named where several officers read."""
_LONGEST = 600
_SHOWN = 10


def standing(connection: Connection, one: Enquiry) -> str:
    """How it stands, in a sentence: "E-3 waits for an officer.", "E-3 is with Jo Lee (officer)."."""
    who = one.claimed_by if one.state is State.CLAIMED else one.settled_by
    return f"{one.reference} {_STATES[one.state].format(who=by_words(connection, who))}."


def question_words(one: Enquiry, longest: int = _LONGEST) -> str:
    """The question as it was written down, cut short where it is long."""
    text = " ".join(one.question.text.split())
    return f"“{text if len(text) <= longest else text[:longest].rsplit(' ', 1)[0] + ' …'}”"


def due_words(one: Enquiry, desk: Desk) -> str:
    """By when, and whether that has passed."""
    day = in_words(one.due_on.isoformat())
    return f"it was due by {day}" if is_late(one, desk.now()) else f"answer by {day}"


def found_words(connection: Connection, one: Enquiry) -> str:
    """What the desk found, of papers every officer may read."""
    if one.question.outcome != ANSWERED:
        return "The desk found nothing in the papers."
    places = [place for _, _, place in cited(connection, one, _SEEN_BY_OFFICERS)]
    officers = any(own_id(id.partition("#")[0]) for id in one.question.passages)
    places += ["an officer's answer given before"] if officers else []
    return f"The desk answered with {'; '.join(places[:3])}." if places else "The desk answered from other papers."


def cited(connection: Connection, one: Enquiry, access: frozenset[Access]) -> list[tuple[str, str, str]]:
    """The passages the desk answered with, of this access: document, locator, and both in words."""
    found = []
    for id in one.question.passages:
        document, _, anchor = id.partition("#")
        about = library.document(connection, document)
        passage, there = library.find_passage(connection, document, anchor)
        if about and passage and there and about.access in access:
            found.append((document, passage.locator, f"{passage.locator}, {about.title}"))
    return found


def choices(one: Enquiry, person: str) -> tuple[Choice, ...]:
    """What an officer (an address) may press now; in a Slack channel, what whoever has it may."""
    about = one.reference
    answer = Choice(label="Answer", action="answer_enquiry", about=about, opens_form=True, style="primary")
    drop = Choice(label="Drop it", action="drop_enquiry", about=about, opens_form=True, style="danger")
    if one.state is State.WAITING:
        return (Choice(label="I take it", action="claim_enquiry", about=about), answer, drop)
    if one.state is State.CLAIMED and (is_slack_channel(person) or normal(one.claimed_by) == normal(person)):
        return (answer, Choice(label="Give it back", action="return_enquiry", about=about), drop)
    if one.state is State.ANSWERED and not one.entry:
        return (teach(one),)
    return ()


def teach(one: Enquiry) -> Choice:
    """The button that has the desk know an answer."""
    return Choice(label="Teach the desk", action="teach_enquiry", about=one.reference, style="primary")


def card(connection: Connection, one: Enquiry, desk: Desk, person: str) -> Reply:
    """All of it, for somebody who may answer it."""
    rests = f"{one.document}, {one.locator}" if one.document else "our own answer" if one.answer else ""
    rows = [
        ("Question", question_words(one, 2_000)), ("Asked by", by_words(connection, one.asker) if one.asker else ""),
        ("Asked", in_words(one.made_at.date().isoformat())), ("Answer by", in_words(one.due_on.isoformat())),
        ("The desk", found_words(connection, one)),
        ("Reason" if one.state is State.DROPPED else "Answer", one.answer[:2_000]),
        ("It rests on", rests if one.state is State.ANSWERED else ""), ("The desk knows it as", one.entry),
    ]  # fmt: skip
    table = Table(
        columns=("", "What it says"), rows=tuple((name, said) for name, said in rows if said), total=1, card=True,
        source="enquiry",
    )  # fmt: skip
    return Reply(outcome=Outcome.ENQUIRY, text=standing(connection, one), table=table, choices=choices(one, person))


def listed(connection: Connection, found: list[Enquiry], desk: Desk) -> Reply:
    """Those that are open, the first due first, with what may be pressed of each."""
    if not found:
        return Reply(outcome=Outcome.ENQUIRY, text="No question waits for a person.")
    lines = [f"{len(found)} question{'s wait' if len(found) > 1 else ' waits'} for a person."]
    for one in found[:_SHOWN]:
        with_whom = f", with {by_words(connection, one.claimed_by)}" if one.claimed_by else ""
        lines.append(f"{one.reference}: {question_words(one, 120)} ({due_words(one, desk)}{with_whom})")
    lines += [f"{len(found) - _SHOWN} more wait."] if len(found) > _SHOWN else []
    opens = tuple(
        Choice(label=f"Open {one.reference}", action="open_enquiry", about=one.reference) for one in found[:_SHOWN]
    )
    return Reply(outcome=Outcome.ENQUIRY, text="\n".join(lines), choices=opens)


def own_line(one: Enquiry) -> str:
    """One of somebody's own, in a line."""
    how = {State.ANSWERED: "answered", State.DROPPED: "not answered"}.get(
        one.state, f"you hear by {in_words(one.due_on.isoformat())}"
    )
    return f"{one.reference}: {question_words(one, 120)} ({how})"
