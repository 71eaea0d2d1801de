"""A file on its way into the record, and how it stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from knowledge.models import Noun
from knowledge.takings.nouns import Kind


class State(StrEnum):
    """How it stands: being read, shown, being taken in, taken in; or it could not be; or the record has changed since
    it was shown, and it is shown again."""

    READING = "reading"
    SHOWN = "shown"
    TAKING = "taking"
    DONE = "done"
    FAILED = "failed"
    CHANGED = "changed"


class Job(Noun):
    """A file to take in, or a taking to undo. `owner`: the number of whoever sent it; `file`: its name in the folder,
    `name`: as it was called where it came from; `checksum`: SHA-256 of it; `undoes`: the number of a taking, 0 for a
    file; `digest`: of what was shown; `reason`: why it failed; `headings`: those among which to choose, where the
    columns could not be told."""

    id: str
    owner: int
    kind: Kind
    made_at: datetime
    since: datetime
    name: str = ""
    file: str = ""
    checksum: str = ""
    undoes: int = 0
    state: State = State.READING
    digest: str = ""
    reason: str = ""
    complete: bool = False
    own_only: bool = False
    announce: bool = False
    maps: dict[str, str] = Field(default_factory=dict)
    headings: tuple[str, ...] = ()
    paper: dict[str, str] = Field(default_factory=dict)

    @property
    def working(self) -> bool:
        """Whether somebody is at it."""
        return self.state in (State.READING, State.TAKING)
