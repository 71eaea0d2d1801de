"""One concern in hand, inside a transaction: who is who to it, its times, and telling people of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.messages import Message
from knowledge.concerns import record, standing
from knowledge.concerns.clock import Clock, next_moment, steps
from knowledge.concerns.nouns import Concern, Event, Move, Relation, Request, State
from knowledge.concerns.providers import requests_of
from knowledge.models import Person, Role
from knowledge.outbox.owing import owe
from knowledge.parties import address_of, normal, unreachable
from knowledge.people import list_people
from knowledge.register import contacts
from knowledge.register.contacts import Contact, ladder
from knowledge.register.contract import Contract
from knowledge.register.holding import contract as held_contract
from knowledge.register.named import find_known, people_of
from knowledge.workdays import day_of

_NOBODY = Person(roles=frozenset({Role.PROVIDER}))


@dataclass
class Case:
    """A concern in hand. `concern` is as it stands after what has been done so far."""

    connection: Connection
    desk: Desk
    concern: Concern
    now: datetime

    @cached_property
    def contract(self) -> Contract | None:
        """What the register has of its contract."""
        held = held_contract(self.connection, self.concern.contract) if self.concern.contract else None
        return held.contract if held else None

    @cached_property
    def people(self) -> list[Person]:
        """The people list, and whom else the contract names."""
        listed = list_people(self.connection)
        named = people_of(self.contract) if self.contract else []
        return [*listed, *(one for one in named if not somebody(one.email, listed))]

    @cached_property
    def ladder(self) -> list[Contact]:
        """Who gets it, one after the other, on the day when they see it."""
        return ladder(self.contract, self.people, self.day, self.deaf)

    @property
    def day(self) -> date:
        """The day on which whoever works its hours sees what is sent now."""
        return day_of(self.clock.seen_at(self.now))

    @cached_property
    def deaf(self) -> set[str]:
        """Addresses at which nothing arrives."""
        return set(unreachable(self.connection))

    @property
    def acting(self) -> str:
        """Whoever acts on it now: its holder, or where they are away their deputy, else the next on the ladder."""
        holder = self.concern.holder
        person = somebody(holder, self.people)
        if person is None or not contacts.is_away(person, self.day):
            return holder
        manages = self.contract is not None and normal(self.contract.manager_email) == normal(holder)
        deputy = "" if manages else contacts.stand_in(holder, self.people, self.day, self.deaf)
        return deputy or next((one.email for one in self.ladder), holder)

    @property
    def clock(self) -> Clock:
        """Its service level's times."""
        level = self.desk.levels.named(self.concern.level)
        if self.concern.at_risk and not level.at_risk:  # its level has gone from the file
            level = self.desk.levels.of(self.concern.service, at_risk=True)
        return Clock(level, self.desk.calendar)

    @property
    def events(self) -> list[Event]:
        """What has happened to it."""
        return record.events(self.connection, self.concern.id)

    @property
    def requests(self) -> list[Request]:
        """What providers were asked about it."""
        return requests_of(self.connection, self.concern.id)

    @property
    def followers(self) -> dict[str, dict[str, str]]:
        """Who follows it, and where."""
        return record.followers(self.connection, self.concern.id)

    def relations(self, person: Person) -> frozenset[Relation]:
        """How somebody on the people list stands to it."""
        up = (Move.ESCALATE, Move.UNDELIVERED)
        told = [address_of(self.connection, e.about.get("to")) for e in self.events if e.move in up]
        following = bool(standing.addresses(person) & {normal(one) for one in self.followers})
        told.append(self.acting)
        acts_for = contacts.stood_in_for(person, self.people, day_of(self.now))
        return standing.relations(self.concern, self.contract, person, told, following, acts_for)

    def change(
        self, move: Move, by: str, *, source: str = "", about: Mapping[str, Any] | None = None, **values: Any
    ) -> int:
        """Makes a move: changes what it changes and adds its event, whose number it gives."""
        if values:
            written = {**values, **({"state": values["state"].value} if "state" in values else {})}
            record.change(self.connection, self.concern.id, written)
            self.concern = record.concern(self.connection, self.concern.id) or self.concern
            for kept in ("contract", "people", "ladder"):
                self.__dict__.pop(kept, None)
        state: State = self.concern.state
        return record.add_event(
            self.connection, self.concern.id, move, by, state, self.now, about, source=source or None
        )

    def change_dates(self, values: Mapping[str, datetime]) -> None:
        """Changes its dates because of the event just made."""
        record.change(self.connection, self.concern.id, values)
        self.concern = record.concern(self.connection, self.concern.id) or self.concern

    def set_clock(self) -> None:
        """Has the clock look at it when the next thing is due."""
        found = steps(self.concern, self.events, self.requests, self.clock)
        when = next_moment(found, self.now) or record.FAR
        record.change(self.connection, self.concern.id, {"next_check_at": when})

    def tell(
        self,
        kind: str,
        address: str,
        subject: str,
        *,
        urgent: bool = False,
        at_once: bool = False,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        """Owes somebody a notification about it, in the hours of its service level. `at_once`: at whatever hour, for
        somebody has just done what they wait for; what is `urgent` has a lane of its own besides."""
        if not address:
            return
        when = self.now if urgent or at_once else self.clock.seen_at(self.now)
        owe(
            self.connection, self.now, kind=kind, subject=subject, recipient=address, urgent=urgent, due=when,
            channel=channel_for(address, self.people, self.desk), concern=self.concern.id, about=about,
        )  # fmt: skip

    def tell_holder(self, kind: str, event: int, **about: Any) -> None:
        """Owes whoever acts on it word of an event."""
        self.tell(kind, self.acting, f"event:{event}", about={"event": event, **about})

    def tell_member(self, event: int, *, but: Collection[str] = ()) -> None:
        """Owes the Member, and whoever follows or entered it, the news of an event, each once; not whoever brought it
        about."""
        told = {normal(one) for one in but}
        for number, address in enumerate((self.concern.raised_by, self.concern.entered_by, *self.followers)):
            if address and normal(address) not in told:
                told.add(normal(address))
                kind = "followed" if number else "news"
                self.tell(kind, address, f"event:{event}", at_once=True, about={"event": event})

    def tell_triage(self, kind: str, subject: str, about: Mapping[str, Any] | None = None) -> None:
        """Owes the triage contact something about it."""
        triage = next((one for one in self.ladder if contacts.rung(one.role) == contacts.TRIAGE), None)
        if triage:
            self.tell(kind, triage.email, subject, about=about)


def open_case(connection: Connection, desk: Desk, id: int, *, lock: bool = False) -> Case | None:
    """A concern in hand, None where there is none of this number."""
    found = record.concern(connection, id, lock=lock)
    return Case(connection, desk, found, desk.now()) if found else None


def sender(connection: Connection, message: Message) -> Person:
    """Who sent a message, as the people list has them now; nobody's role is provider."""
    for address in message.addresses:
        is_mail = "@" in address
        found = find_known(connection, email=address) if is_mail else find_known(connection, slack_id=address)
        if found:
            return found
    return _NOBODY


def goes_by(person: Person, message: Message) -> tuple[str, ...]:
    """Every address of the sender of a message: those it came with, and those that the people list knows."""
    return (*message.addresses, *standing.addresses(person))


def known_as(person: Person) -> str:
    """What a person is known by: their e-mail address, or Slack id."""
    return person.email or person.slack_id


def somebody(address: str, people: list[Person]) -> Person | None:
    """The person of an address."""
    wanted = normal(address)
    return next((one for one in people if wanted and wanted in standing.addresses(one)), None)


def channel_for(address: str, people: list[Person], desk: Desk) -> str:
    """The way to somebody: Slack for whoever is on the people list, else e-mail, else the screen."""
    listed = somebody(address, people)
    if "slack" in desk.channels and (listed or "@" not in address):
        return "slack"
    if "email" in desk.channels and "@" in address:
        return "email"
    return "screen"
