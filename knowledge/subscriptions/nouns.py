"""The nouns of subscriptions: what somebody wants to hear of, how, and why a change touches it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import field_validator, model_validator

from knowledge.models import Noun
from knowledge.subscriptions.codes import cpv_prefix, region_code


class Offer(StrEnum):
    """A kind of opportunity. INTENTION: planned work of any route; ENGAGEMENT: the market is asked before a tender;
    TENDER: what is, or is going to be, tendered; SUBCONTRACT, PARTNER: what a provider offers others."""

    INTENTION = "intention"
    ENGAGEMENT = "engagement"
    TENDER = "tender"
    GRANT = "grant"
    SUBCONTRACT = "sub-contract"
    PARTNER = "partner"


class Area(Noun):
    """A place. `name`: as people call it; `district`: one of the county's, "" where the council's places do not know
    it."""

    name: str
    district: str = ""


class Criteria(Noun):
    """What somebody wants to hear of. Empty: anything.

    What it is about, any of which is enough: `words`: phrases, of one of which all words must stand in the intention;
    `services`: keys of the catalogue; `cpv`: openings of CPV codes, two to eight digits without the noughts behind
    ("853"); `follows`: references of intentions.
    What it must be beside, each of which must hold: `areas`, any of them; `regions`: codes without the country's
    letters ("J4"), any of them; `low`, `high`: whole pounds, None for no limit; `kinds`, any of them; `sme`, `vcse`:
    said to be suited to small firms, to charities and social enterprises: either, where both are wanted.
    `early`: it is a Member's, who hears of what is being analysed for the services they chose, whatever the kinds.

    A code written another way is the same code: it is brought into one form here. Raises pydantic's ValidationError
    for a code that is none, and for a lowest value above the highest.
    """

    words: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()
    regions: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    kinds: tuple[Offer, ...] = ()
    sme: bool = False
    vcse: bool = False
    early: bool = False

    @field_validator("cpv")
    @classmethod
    def _one_form_of_codes(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(cpv_prefix, codes)))

    @field_validator("regions")
    @classmethod
    def _one_form_of_regions(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(region_code, codes)))

    @model_validator(mode="after")
    def _a_band(self) -> Criteria:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the lowest value is above the highest")
        return self

    @property
    def about_something(self) -> bool:
        """Whether it says what the work is."""
        return bool(self.words or self.services or self.cpv or self.follows)


class State(StrEnum):
    """How a subscription stands. UNCONFIRMED: nobody has agreed to it yet."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Subscription(Noun):
    """Somebody's wish to hear. `recipient`, `owner`: addresses ("jo@example.org", "U012", "C034", "endpoint:7");
    `every`: see `pace`; `since`: from when on it counts; `ended_why`: unsubscribed, deleted, bounced, complaint, gone
    (the endpoint said so), failing, expired, erased."""

    id: int
    recipient: str
    owner: str
    channel: str
    sentence: str
    criteria: Criteria
    every: str
    state: State
    since: datetime
    made_at: datetime
    confirmed_at: datetime | None = None
    paused_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""

    @property
    def reference(self) -> str:
        """What people call it: S-12."""
        return reference_of(self.id)


def reference_of(id: int) -> str:
    """What people call a subscription."""
    return f"S-{id}"


def number_of(reference: str) -> int | None:
    """The number of "S-12", "s12" or "12"; None for anything else."""
    digits = reference.strip().upper().removeprefix("S").lstrip("-").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


class Verdict(NamedTuple):
    """One field of a comparison. `field`: about, area, region, value, kind, suited; `wanted`, `found`: in words."""

    field: str
    wanted: str
    found: str
    fits: bool


def fits(verdicts: tuple[Verdict, ...]) -> bool:
    """Whether all of a comparison holds."""
    return all(one.fits for one in verdicts)
