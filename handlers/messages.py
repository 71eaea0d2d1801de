"""What comes in and what goes back, the same for every surface."""

from __future__ import annotations

from enum import StrEnum

from knowledge.models import Access, Noun, Role, readable_by


class Outcome(StrEnum):
    """What became of a message. Every reply has one."""

    ANSWERED = "answered"
    REGISTER = "register"
    CONTRACT = "contract"
    NOT_OURS = "not_ours"
    TOO_VAGUE = "too_vague"
    SAFEGUARDING = "safeguarding"
    CLARIFY = "clarify"
    NOT_IN_DOCUMENTS = "not_in_documents"
    SMALLTALK = "smalltalk"
    HELP = "help"
    TOO_LONG = "too_long"
    ERROR = "error"


PRIVATE = frozenset({Outcome.CONTRACT, Outcome.NOT_OURS, Outcome.TOO_VAGUE, Outcome.SAFEGUARDING})
"""Outcomes of messages that may tell of a constituent: no conversation keeps them."""


class Message(Noun):
    """Something somebody said to the desk. `thread`: the conversation it belongs to, "" for none; `public`: others
    read the reply, so only public documents may be quoted in it; `division`: the Member's own."""

    text: str
    surface: str = "terminal"
    thread: str = ""
    roles: frozenset[Role] = frozenset({Role.PROVIDER})
    public: bool = False
    division: str = ""

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
    shows it; `note`: what a reader must know of the paper ("superseded by ..."); `also_in`: where else it stands."""

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


class Table(Noun):
    """Rows of the register, as text. `total`: how many rows there would be; `card`: one contract, a field a row;
    `contracts`: references, row by row; `as_of`: the register's day; `asked`: the questions that ask for it again,
    with what the last of them leaves unsaid first."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    card: bool = False
    contracts: tuple[str, ...] = ()
    as_of: str = ""
    asked: tuple[str, ...] = ()

    @property
    def more(self) -> bool:
        """Whether rows are left out that a file would have."""
        return not self.card and self.total > len(self.rows)


class Choice(Noun):
    """A reading the desk offers: a button's label, and the question it stands for."""

    label: str
    text: str


class Reply(Noun):
    """What the desk says. `text`: a sentence or two in plain words; `notes`: smaller print under it."""

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...] = ()
    choices: tuple[Choice, ...] = ()
    notes: tuple[str, ...] = ()
    table: Table | None = None
