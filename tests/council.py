"""A council at work: the sample county's register and people on a desk whose clock is moved by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import cast
import sqlalchemy as sa
from counties import load_county
from post import Post

from handlers.concerns.answering import answer
from handlers.desk import Desk
from handlers.dispatch import handle
from handlers.messages import Message, Reply
from handlers.ticking import tick
from knowledge.concerns import record
from knowledge.concerns.nouns import Concern, Event, Request, number_of
from knowledge.concerns.providers import requests_of
from knowledge.models import Person, Role
from knowledge.outbox.heartbeats import beat
from knowledge.people import Row, list_people, read_people, replace_people
from knowledge.store import Store
from knowledge.tables import concern, heartbeat, notification
from knowledge.workdays import LONDON

DOREEN, IMRAN = "doreen.haspell@example.org", "imran.thackley@example.org"
"""Members."""
PRIYA, SUNITA = "priya.venn@example.org", "sunita.marwood@example.org"
"""Managers in Adults and Public Health, each the other's deputy in the people list."""
TOM, GARETH = "tom.arkell@example.org", "gareth.pelham@example.org"
"""Managers in Place and Resources, each the other's deputy."""
HELEN, MARCUS, JOANNA = "helen.straker@example.org", "marcus.oyelaran@example.org", "joanna.thwaite@example.org"
"""Directors: Adults and Public Health; Children and Education; Place and Resources."""
RUTH, DANIEL = "ruth.calloway@example.org", "daniel.frome@example.org"
"""Officers; Ruth administers the desk as well."""
WENDY, COLIN, FARAH = "wendy.larkspur@example.org", "colin.amadi@example.org", "farah.lindqvist@example.org"
"""Triage; safeguarding; an administrator."""
CARE = "MCC-0002"
"""Home care in Brenmouth: Priya manages it, Helen directs it, the register names no deputy."""
CARERS, ROADS = "MCC-0010", "MCC-0032"
"""Support for carers (Sunita); highways maintenance (Tom, Joanna)."""
CARER = "the carer hasn't come to an old chap in Gullhaven three mornings running"
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def at(day: str, clock: str = "10:00") -> datetime:
    """A moment by London's clocks: at("2026-12-22", "16:30")."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON).astimezone(UTC)


@dataclass
class Council:
    """A desk and its people. `clock`: what time it is; `errors`: what went wrong inside the desk."""

    store: Store
    desk: Desk
    clock: datetime = MONDAY
    errors: list[Exception] = field(default_factory=list)
    post: Post = field(init=False)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.with_desk()

    def with_desk(self, **changes: object) -> None:
        """The same desk, otherwise set."""
        values = {"now": lambda: self.clock, "on_error": lambda _, error: self.errors.append(error), **changes}
        self.desk = replace(self.desk, **values)  # type: ignore[arg-type]
        self.post = replace(self.post, desk=self.desk) if hasattr(self, "post") else Post(self.desk)

    # --- people -------------------------------------------------------------------------------------------------------

    def roles(self, who: str) -> frozenset[Role]:
        """Somebody's roles, as a surface finds them: whoever is not on the list is a provider."""
        with self.store.reading() as connection:
            found = [one for one in list_people(connection) if who in (one.email, one.slack_id)]
        return found[0].roles if found else frozenset({Role.PROVIDER})

    def list(self, **changes: dict[str, str] | None) -> None:
        """Changes the people list: `priya_venn={"away_from": ...}` by the part before the @, None takes them off."""
        wanted = {f"{name.replace('_', '.')}@example.org": change for name, change in changes.items()}
        with self.store.writing() as connection:
            rows = _rows(list_people(connection))
            kept = [row for row in rows if wanted.get(row.email, {}) is not None]
            kept = [replace(row, about={**row.about, **(wanted.get(row.email) or {})}) for row in kept]
            replace_people(connection, kept)

    def add(self, email: str, *roles: Role, slack_id: str = "", **about: str) -> None:
        """Puts somebody on the people list."""
        with self.store.writing() as connection:
            rows = _rows(list_people(connection))
            replace_people(connection, [*rows, *(Row(email, slack_id, role, about) for role in roles)])

    # --- doing --------------------------------------------------------------------------------------------------------

    def say(self, who: str, text: str, **more: object) -> Reply:
        """What the desk replies to something typed in a direct message."""
        return self._handle(who, {"text": text, **more})

    def press(self, who: str, action: str, about: str = "", /, **fields: str) -> Reply:
        """What the desk replies to a button, or to a form with these fields."""
        return self._handle(who, {"text": "", "action": action, "about": about, "fields": fields})

    def send(self, who: str, **more: object) -> Reply:
        """The same with everything said."""
        return self._handle(who, {"text": "", **more})

    def raised(self, who: str = DOREEN, contract: str = CARE, text: str = CARER, **fields: str) -> str:
        """A concern raised by the form. Gives its reference."""
        given = {"text": text, "contract": contract, "at_risk": "no", **fields}
        reply = self.press(who, "new_concern", "", **given)
        if not reply.concern:
            reply = self.press(who, "raise_new", reply.choices[-1].about)
        assert reply.concern, reply.text
        return reply.concern

    def answer(self, request: int, text: str = "Two of our staff were ill.", promised: str = "") -> Reply:
        """A provider's answer by their link."""
        fields = {"text": text, "promised": promised}
        return answer(Message(text="", id=self._id(), fields=fields), request, self.desk)

    def _handle(self, who: str, given: dict[str, object]) -> Reply:
        values = {"id": self._id(), "thread": f"dm-{who}", "roles": self.roles(who), "addresses": (who,), **given}
        return handle(Message.model_validate(values), self.desk)

    def _id(self) -> str:
        return f"m{next(self._numbers)}"

    # --- time ---------------------------------------------------------------------------------------------------------

    def tick(self) -> int:
        """The timed work that is due, and the post."""
        done = tick(self.desk)
        self.post.deliver()
        return done

    def until(self, moment: datetime) -> None:
        """Lets time pass with a worker alive: each thing is done the moment it is due."""
        while (following := self._next()) <= moment:
            self.clock = max(self.clock, following)
            self.tick()
        self.clock = moment
        self.tick()

    def sleep_until(self, moment: datetime) -> None:
        """Lets time pass while nothing runs, and then once."""
        self.clock = moment
        self.tick()

    def _next(self) -> datetime:
        with self.store.reading() as connection:
            check = connection.execute(sa.select(sa.func.min(concern.c.next_check_at))).scalar()
            waiting = notification.c.state == "waiting"
            due = connection.execute(sa.select(sa.func.min(notification.c.due_at)).where(waiting)).scalar()
        found = [one.replace(tzinfo=UTC) if one.tzinfo is None else one for one in (check, due) if one]
        return min(found, default=record.FAR)

    def worker_alive(self) -> None:
        """A worker was heard of just now."""
        beat(self.store, "worker")
        with self.store.writing() as connection:
            connection.execute(sa.update(heartbeat).values(at=self.clock))

    # --- looking ------------------------------------------------------------------------------------------------------

    def concern(self, reference: str) -> Concern:
        """How a concern stands."""
        with self.store.reading() as connection:
            found = record.concern(connection, number_of(reference) or 0)
        assert found, f"{reference} is in the record"
        return found

    def events(self, reference: str) -> list[Event]:
        """What has happened to it."""
        with self.store.reading() as connection:
            return record.events(connection, number_of(reference) or 0)

    def moves(self, reference: str) -> list[str]:
        """The same, by name."""
        return [event.move.value for event in self.events(reference)]

    def requests(self, reference: str) -> list[Request]:
        """What providers were asked about it."""
        with self.store.reading() as connection:
            return requests_of(connection, number_of(reference) or 0)

    def owed(self, *states: str) -> list[tuple[str, str, str]]:
        """Kind, recipient and state of what is in the outbox."""
        with self.store.reading() as connection:
            from knowledge.tables import party

            n = notification.c
            query = sa.select(n.kind, party.c.address, n.state).join(party, n.recipient == party.c.id)
            rows = connection.execute(query.order_by(n.made_at, n.kind, party.c.address))
            return [(row.kind, row.address, row.state) for row in rows if not states or row.state in states]


def _rows(people: Sequence[Person]) -> list[Row]:
    names = ("name", "division", "directorate", "deputy", "away_from", "away_to")
    return [
        Row(one.email, one.slack_id, role, {name: getattr(one, name) for name in names})
        for one in people
        for role in sorted(one.roles)
    ]


def fill(store: Store) -> None:
    """Puts the sample county's register, places and people into a record."""
    load_county(store, cast.SAMPLE)
    with store.writing() as connection:
        replace_people(connection, read_people(cast.SAMPLE / "people.csv").rows)


def open_council(store: Store, desk: Desk) -> Council:
    """The council of a record that was filled. `desk`: its indexes are used."""
    return Council(store, replace(desk, store=store, out_of_hours="01632 960 999"))


def minutes(number: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)
