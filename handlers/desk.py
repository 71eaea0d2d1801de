"""What handlers work with: the record, the index, the clock, and what the council has settled. Handed in by the
wiring, so that every rule can be tested at its boundary."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from knowledge.documents.search import Index
from knowledge.register.reader import RegisterReader
from knowledge.retention.erasures import Erasures
from knowledge.retention.periods import Periods
from knowledge.service_levels import Levels, load_levels
from knowledge.slack_channels import Mode
from knowledge.store import Store
from knowledge.subscriptions.endpoint import Endpoint
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.overview import held_any
from knowledge.workdays import Calendar, day_of

if TYPE_CHECKING:
    from handlers.sought import Key, Sought


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """One council's desk, wired up. `questions`: what the council's pack says to try first; `slack_mode`: what is
    answered in Slack channels of which nobody has said anything else; `buyers`: the
    council as feeds write it; `channels`: the ways of
    delivery that are switched on (slack, email, screen); `out_of_hours`: whom to ring when somebody is at risk, in the
    council's words; `ending_within`: months before its end from which on a contract needs something to follow it;
    `kick`: has what is urgent and was just written down sent at once; `address`: the desk's public one, "" for none;
    `count`: writes counts into the log; `knock`: sends an endpoint one event with an id, at once, and gives why it was
    not taken, "" where it was; `loopback_hooks`: endpoints may be on this machine; `kept`: how long each kind of
    personal text is kept; `erasures`: the list of what was erased, beside the record; `enquiry_days`: working days
    within which officers answer a question; `officers_channel`: the Slack channel in which they are told of it, "" for
    none; `contact`: an e-mail address for strangers, "" for none;
    `review_days`: days before a contract's review from which its manager is reminded; `pattern_concerns`,
    `pattern_days`: so many concerns on a contract in so many days are a pattern; `learn`: has what was just
    added to the papers found by the next who asks; `holds`: whether a record has anything on the timeline; `sought`:
    what the handling of one message has asked of the papers so far, None outside of that."""

    store: Store
    index: Callable[[], Index]
    register: Callable[[], RegisterReader]
    council: str = "the council"
    questions: tuple[str, ...] = ()
    slack_mode: Mode = Mode.ALL
    buyers: Buyers = field(default_factory=lambda: Buyers.of(""))
    longest_question: int = 4_000
    now: Callable[[], datetime] = utc_now
    at_risk: Callable[[str], str] = lambda text: ""
    on_error: Callable[[str, Exception], None] = lambda reference, error: None
    levels: Levels = field(default_factory=load_levels)
    calendar: Calendar = field(default_factory=Calendar)
    channels: frozenset[str] = frozenset({"screen"})
    out_of_hours: str = ""
    ending_within: int = 18
    kick: Callable[[], None] = lambda: None
    address: str = ""
    count: Callable[[str, Mapping[str, int]], None] = lambda what, counts: None
    knock: Callable[[Endpoint, str, Mapping[str, Any]], str] = lambda endpoint, id, event: "nothing is sent from here"
    loopback_hooks: bool = False
    kept: Periods = field(default_factory=Periods)
    erasures: Erasures = field(default_factory=Erasures)
    enquiry_days: int = 2
    officers_channel: str = ""
    contact: str = ""
    review_days: int = 30
    pattern_concerns: int = 3
    pattern_days: int = 30
    learn: Callable[[], None] = lambda: None
    holds: Callable[[Store], bool] = held_any
    sought: dict[Key, Sought] | None = None

    def for_one_message(self) -> Desk:
        """The same desk for the handling of a message: what one part of it works out, the next need not."""
        index, register, at_risk = cache(self.index), cache(self.register), cache(self.at_risk)
        return replace(self, sought={}, index=index, register=register, at_risk=at_risk, holds=cache(self.holds))

    @property
    def own_words(self) -> frozenset[str]:
        """The words of the council's name and its initials, in lower case: they tell nothing of its own apart."""
        name = self.council.lower()
        return frozenset(re.findall(r"\w+", name)) | {"".join(word[0] for word in name.split())}

    @property
    def day(self) -> date:
        """The day it is in England."""
        return day_of(self.now())
