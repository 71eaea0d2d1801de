"""What comes in and what goes back, the same for every surface."""

from __future__ import annotations

from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from pydantic import Field

from knowledge.journeys import Journey
from knowledge.models import Access, Noun, Role, readable_by


class Outcome(StrEnum):
    """What became of a message. Every reply has one."""

    ANSWERED = "answered"
    REGISTER = "register"
    TIMELINE = "timeline"
    SUBSCRIPTION = "subscription"
    POSTING = "posting"
    CONTRACT = "contract"
    NOT_OURS = "not_ours"
    TOO_VAGUE = "too_vague"
    SAFEGUARDING = "safeguarding"
    RAISED = "raised"
    CONCERN = "concern"
    FORM = "form"
    REFUSED = "refused"
    CLARIFY = "clarify"
    NOT_IN_DOCUMENTS = "not_in_documents"
    ENQUIRY = "enquiry"
    CHECKLIST = "checklist"
    REVIEW = "review"
    SMALLTALK = "smalltalk"
    HELP = "help"
    TOO_LONG = "too_long"
    SETTING = "setting"
    ERROR = "error"


PRIVATE = frozenset(
    {
        Outcome.SETTING,
        Outcome.CONTRACT, Outcome.NOT_OURS, Outcome.TOO_VAGUE, Outcome.SAFEGUARDING, Outcome.RAISED, Outcome.CONCERN,
        Outcome.FORM, Outcome.REFUSED, Outcome.SUBSCRIPTION,
        Outcome.POSTING, Outcome.ENQUIRY, Outcome.CHECKLIST, Outcome.REVIEW,
    }
)  # fmt: skip
"""Outcomes of messages that may tell of a constituent, or of what somebody wants to hear of: no conversation keeps
them."""


class File(Noun):
    """A file that came with a message, as it came."""

    name: str
    content: bytes


class Message(Noun):
    """Something somebody said to the desk, or pressed, or filled in.

    `id`: what brought it, unique, so that a repeat does nothing twice; `thread`: the conversation it belongs to, "" for
    none; `below`: the one to which what is written below it will belong, "" for the same; `public`: others read the
    reply, so only public documents may be quoted in it; `division`: the Member's own; `addresses`: what the sender goes
    by, e-mail address first, Slack id after it, none for a stranger; `proved`: who the surface knows it comes from
    though no list has them (a Slack id), "" for nobody in particular; `said_in`: the Slack channel in which somebody of
    the council's workspace said it, "" for none; `slack_channel`: the same, whoever said it; `viewing`: the Slack
    channel beside which they have the desk open, as Slack says, "" for none: a hint to what they mean, and no right;
    `action`, `about`, `fields`: for a button or a form, what it does, to what, and what was filled in; `journey`: the
    one that was asked for, None where the desk chooses; `origin`: where an answer that comes later belongs; `trial`: it
    is asked to see what the desk would say, and no question is written down.
    """

    text: str
    id: str = ""
    surface: str = "terminal"
    thread: str = ""
    below: str = ""
    roles: frozenset[Role] = frozenset({Role.PROVIDER})
    public: bool = False
    division: str = ""
    addresses: tuple[str, ...] = ()
    proved: str = ""
    said_in: str = ""
    slack_channel: str = ""
    viewing: str = ""
    name: str = ""
    action: str = ""
    about: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    files: tuple[File, ...] = ()
    journey: Journey | None = None
    origin: dict[str, str] = Field(default_factory=dict)
    trial: bool = False

    @property
    def address(self) -> str:
        """What the sender is known by, "" for a stranger."""
        return self.addresses[0] if self.addresses else ""

    @property
    def readable(self) -> frozenset[Access]:
        """The documents that may be quoted in the reply, and spoken of."""
        return frozenset({Access.PUBLIC}) if self.public else readable_by(self.roles)


class Mark(Noun):
    """A run of a quotation to be marked, in characters."""

    start: int
    end: int


class Citation(Noun):
    """A passage an answer rests on. `quote`: its words, None where the paper is not at hand; `path`: where the viewer
    shows it; `note`: what a reader must know of the paper ("superseded by ..."); `also_in`: where else it stands;
    `entry`: the digest entry that spoke for it, "" for none; `items`: of how many it is a list that comes whole, 0 for
    none."""

    source: str = "documents"
    document: str
    title: str
    locator: str
    quote: str | None
    path: str | None = None
    marks: tuple[Mark, ...] = ()
    published: str = ""
    status: str = ""
    note: str = ""
    also_in: tuple[str, ...] = ()
    page: int | None = None
    headings: tuple[str, ...] = ()
    passage: str = ""
    entry: str = ""
    items: int = 0


class Table(Noun):
    """Rows of the register or the timeline, as text. `total`: how many rows there would be; `card`: one contract or
    intention, a field a row; `contracts`: references, row by row; `as_of`: the register's day; `asked`: the questions
    that ask for it again, with what the last of them leaves unsaid first; `source`: register, timeline, documents (rows
    of a paper's table, `contracts` being their places), checklists (`contracts` being their names or numbers),
    concerns (by their references), or
    change (what was and what is now, a field a row); `page`: the path of the page that has all rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    card: bool = False
    contracts: tuple[str, ...] = ()
    as_of: str = ""
    asked: tuple[str, ...] = ()
    source: str = "register"
    page: str = ""

    @property
    def more(self) -> bool:
        """Whether rows are left out that a file would have."""
        return not self.card and self.total > len(self.rows)


class Choice(Noun):
    """Something the desk offers: a button. Either the question it stands for (`text`), or what it does (`action`) and
    to what (`about`). `opens_form`: pressing it asks for more before anything is done; `style`: primary, danger, ""."""

    label: str
    text: str = ""
    action: str = ""
    about: str = ""
    opens_form: bool = False
    style: str = ""


class Entry(Noun):
    """One field of a form. `kind`: text, long, choice, several, person, date, email, files; `options`: for a choice, or
    for several of them (their values with commas between), values and labels; `error`: what is wrong with what was
    filled in."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    value: str = ""
    required: bool = True
    options: tuple[tuple[str, str], ...] = ()
    error: str = ""


class Form(Noun):
    """What the desk asks to be filled in. Sending it is a message with its `action` and `about`, and `fields`.
    `heading`, `beside`: what whoever fills it in should have before them."""

    action: str
    about: str = ""
    title: str
    note: str = ""
    entries: tuple[Entry, ...]
    send: str = "Send"
    heading: str = ""
    beside: Table | None = None

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by field."""
        return {entry.name: entry.error for entry in self.entries if entry.error}


class Written(Noun):
    """Something somebody wrote in a concern, for those who may read it."""

    what: str
    by: str
    when: str
    body: str


class Happening(NamedTuple):
    """Something that happened, and when, in words."""

    when: str
    what: str


class Paper(Noun):
    """A file kept with a concern, by its number."""

    id: int
    name: str
    type: str


class Item(Noun):
    """One intention in a list. `lines`: what is said of it."""

    title: str
    reference: str
    lines: tuple[str, ...] = ()


class Group(Noun):
    """Intentions of which the same can be said: those that are new, those that have changed."""

    heading: str
    items: tuple[Item, ...]


class Tick(Noun):
    """A point of a checklist. `under`: the part of the list it stands in, "" for a list of one part."""

    text: str
    under: str = ""
    done: bool = False


class Worklist(Noun):
    """Somebody's checklist, to be ticked where it is shown."""

    id: int
    title: str
    points: tuple[Tick, ...]

    @property
    def done(self) -> int:
        """How many points are ticked."""
        return sum(point.done for point in self.points)

    @property
    def parts(self) -> list[tuple[str, list[tuple[int, Tick]]]]:
        """The parts of the list, each with its points and their places in the whole, from 0."""
        runs = groupby(enumerate(self.points), key=lambda one: one[1].under)
        return [(under, list(run)) for under, run in runs]


class Reply(Noun):
    """What the desk says. `text`: a sentence or two in plain words; `notes`: smaller print under it; `concern`: the
    reference of the concern it is about, `written`, `happened`, `papers`: what was written in it, what happened to it,
    and the files kept with it; `groups`: what a round-up tells of; `checklist`: one to be ticked; `question`: the
    number under which a question about the papers was written down, by which it is rated and given to a person, None
    for whatever else was said; `journey`: the one that the desk took the message for, None for what is on none (a
    greeting, help); `slack_channel`: the id of a Slack channel that its notes name, "" for none."""

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...] = ()
    choices: tuple[Choice, ...] = ()
    notes: tuple[str, ...] = ()
    table: Table | None = None
    form: Form | None = None
    concern: str = ""
    written: tuple[Written, ...] = ()
    happened: tuple[Happening, ...] = ()
    papers: tuple[Paper, ...] = ()
    groups: tuple[Group, ...] = ()
    checklist: Worklist | None = None
    question: int | None = None
    journey: Journey | None = None
    slack_channel: str = ""
