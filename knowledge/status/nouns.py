"""What there is to know of how the desk does. Numbers and moments only: nothing anybody wrote, nobody's address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from knowledge.models import Noun


class Queue(Noun):
    """What waits to leave on a channel. `waiting`: all of it; `due`: what could leave now; `again`: what is tried again
    after a failure; `urgent`: what of `due` is urgent; `oldest`, `oldest_urgent`: seconds for which the first has been
    due; `parked`: left to a person."""

    waiting: int = 0
    due: int = 0
    again: int = 0
    urgent: int = 0
    oldest: float = 0.0
    oldest_urgent: float = 0.0
    parked: int = 0


class Overdue(Noun):
    """The concerns of a service level. `open`: those whose Member is owed an answer; `unacknowledged`, `unanswered`:
    those of them past the moment by which they should have been."""

    open: int = 0
    unacknowledged: int = 0
    unanswered: int = 0


class Intake(Noun):
    """What came in and is not handled. `oldest`: seconds since the first of it came; `parked`: left to a person."""

    waiting: int = 0
    oldest: float = 0.0
    parked: int = 0


class Enquiries(Noun):
    """Questions that wait for a person. `overdue`: past the day they were promised for; `oldest`: seconds since the
    first was asked."""

    waiting: int = 0
    overdue: int = 0
    oldest: float = 0.0


class Processes(Noun):
    """Processes of a kind (work, web, slack). `alive`: heard of within a minute; `lost`: heard of in the last quarter
    of an hour, not since, and they have not said that they stop; `silence`: seconds since any was heard of, None where
    none was for a day; `machines`: how many of those alive are on each machine."""

    alive: int = 0
    lost: int = 0
    silence: float | None = None
    machines: Mapping[str, int] = {}


class Poll(Noun):
    """Polling of the feed of notices. `silence`: seconds since the last poll ended, None where there was none;
    `behind`: seconds that the feed has not been read for; `at_it`: somebody is polling now; `problem`: why the last
    failed, "" where it did not."""

    silence: float | None = None
    behind: float | None = None
    at_it: bool = False
    problem: str = ""


class Assured(Noun):
    """The last check that everybody was told. `silence`: seconds since; `holes`: people who were not."""

    silence: float
    holes: int


class Figures(Noun):
    """How the whole desk does, by its record at a moment. `queues` by channel; `concerns` by service level;
    `subscriptions` by state; `postings`: how many wait for an officer; `timed_late`: seconds by which timed work is
    late; `endpoints`: those in use, and `failing` those of them at which the last sending did not arrive; `papers`,
    `register_edition`: the editions wanted."""

    at: datetime
    version: str
    queues: Mapping[str, Queue]
    concerns: Mapping[str, Overdue]
    intake: Intake
    enquiries: Enquiries
    processes: Mapping[str, Processes]
    poll: Poll
    assured: Assured | None
    subscriptions: Mapping[str, int]
    endpoints: int
    failing: int
    postings: int
    timed_late: float
    papers: int
    register_edition: int


class Held(Noun):
    """An index of this machine. `edition`: None where there is none that can be read; `wanted`: that of one built now;
    `behind`: it is not what would be built now."""

    edition: int | None
    wanted: int | None
    behind: bool


class Machine(Noun):
    """What this machine holds of its own. `free`: bytes free where its files are."""

    papers: Held
    register_index: Held
    free: int


class Line(Noun):
    """One thing about the desk, for a person. `well`: nothing need be done; else `do` says what."""

    name: str
    said: str
    well: bool = True
    do: str = ""
