"""A round-up: what has happened since the last one, each intention once, sorted by what happens next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.intentions.saying import next_event
from handlers.letters import Letter
from handlers.messages import Group, Item
from handlers.telling import events, reader, words
from handlers.telling.headlines import What, title_of, what_of
from handlers.telling.items import closing_lines, lines
from handlers.telling.opportunities import letter
from knowledge.models import Person
from knowledge.outbox.owed import Owed
from knowledge.subscriptions.bringing import Brought, Told, brought, gathered_in, recipient_of
from knowledge.subscriptions.closing import closes_still
from knowledge.subscriptions.releases import Newer, Release, newer, release
from knowledge.workdays import day_of

_HEADINGS = ("New", "Changed", "Awarded", "Withdrawn", "Closing soon")
_BY_WHAT = {What.NEW: "New", What.ANALYSE: "Changed", What.AWARDED: "Awarded", What.WITHDRAWN: "Withdrawn"}


class Line(NamedTuple):
    """One intention in a round-up. `closes`: the closing day it reminds of, None for none; `only_closes`: it tells
    nothing else; `found`: the alerts that brought it; `newest`: how it
    stands by now, None where it stands so."""

    told: Release
    closes: date | None
    only_closes: bool
    found: tuple[Brought, ...]
    newest: Newer | None

    @property
    def heading(self) -> str:
        """The group it stands in."""
        return "Closing soon" if self.only_closes else _BY_WHAT.get(what_of(self.told), "Changed")


def round_up(connection: Connection, owed: Owed, person: Person | None, desk: Desk) -> Letter | None:
    """All that was gathered and is still wanted; None where nothing is."""
    recipient = recipient_of(connection, owed.id) or 0
    found = brought(connection, recipient, owed.channel, gathered_in(connection, owed.id))
    told = _lines(connection, found, desk.day)
    if not told:
        return None
    alerts = reader.alerts_of(one for line in told for one in line.found)
    groups, said = _groups(told, alerts), _counted(told)
    since = since_words(str(owed.about["since"]), str(owed.about["due"]))
    subject = f"Your round-up of coming work: {said}"
    text = f"Coming work of {desk.council} that fits your alerts: {said}, since {since}."
    return letter(
        owed, person, subject, alerts, text=text, groups=groups, notes=reader.round_up_notes(alerts),
        choices=reader.choices(alerts, owed.channel),
        event=events.round_up_event(
            [_data(one, desk.address) for one in told], str(owed.about["since"]), owed.made_at, alerts, desk.address
        ),
        words=words.checksum(*(words.checksum(one.told.reference, one.told.version) for one in told)),
    )  # fmt: skip


def _lines(connection: Connection, found: Sequence[Brought], today: date) -> list[Line]:
    """An intention a line, whatever number of its versions came; what happens next first."""
    by_intention: dict[int, list[Brought]] = {}
    for one in found:
        by_intention.setdefault(one.told.intention, []).append(one)
    made = (_line(connection, brought_it, today) for brought_it in by_intention.values())
    return sorted((one for one in made if one), key=_next)


def _line(connection: Connection, found: Sequence[Brought], today: date) -> Line | None:
    versions = [one.told for one in found if not one.told.closes]
    days = [date.fromisoformat(one.told.closes) for one in found if one.told.closes]
    intention = found[0].told.intention
    closes = next((day for day in days if closes_still(connection, intention, day, today)), None)
    if not versions and closes is None:
        return None
    told = _release(connection, versions or [one.told for one in found], only_closes=not versions)
    return Line(told, closes, not versions, tuple(found), newer(connection, told)) if told else None


def _release(connection: Connection, told: Sequence[Told], *, only_closes: bool) -> Release | None:
    """From what was public before the first to the last of these; of a reminder, as it stood."""
    first, last = min(told, key=lambda one: one.version), max(told, key=lambda one: one.version)
    return release(connection, last.intention, last.version, None if only_closes else first.before)


def _next(one: Line) -> tuple[bool, date, int]:
    ahead = next_event(one.told.terms, day_of(one.told.at))
    return ahead is None, ahead.when.last if ahead else date.max, one.told.intention


def _groups(told: Sequence[Line], alerts: Sequence[object]) -> tuple[Group, ...]:
    groups = []
    for heading in _HEADINGS:
        items = tuple(_item(one, len(alerts) > 1) for one in told if one.heading == heading)
        if items:
            groups.append(Group(heading=heading, items=items))
    return tuple(groups)


def _item(one: Line, several: bool) -> Item:
    said = closing_lines(one.told, one.closes, only=one.only_closes)
    said = (*(() if one.only_closes else lines(one.told)), *said, *reader.overtaken(one.told, one.newest))
    said = (*said, *_because(one.found, several))
    return Item(title=title_of(one.told.terms), reference=one.told.reference, lines=tuple(filter(None, said)))


def _because(found: Iterable[Brought], several: bool) -> tuple[str, ...]:
    """What fitted, and of several alerts which."""
    said = {}
    for one in found:
        fitted = (reader.matched(one) or "anything") if one.fits else "told before; it no longer fits"
        said[one.subscription.id] = f"{one.subscription.reference} ({fitted})" if several else fitted
    return (f"What fits: {'; '.join(said.values())}",) if said else ()


def _counted(told: Sequence[Line]) -> str:
    """ "3 new, 1 changed"."""
    counts = {heading: sum(one.heading == heading for one in told) for heading in _HEADINGS}
    return ", ".join(f"{count} {heading.lower()}" for heading, count in counts.items() if count)


def since_words(since: str, due: str) -> str:
    """A day by its name: "Monday 16 November", with the year where that is another than the round-up's."""
    day, then = date.fromisoformat(since), date.fromisoformat(due)
    year = f" {day.year}" if day.year != then.year else ""
    return f"{day:%A} {day.day} {day:%B}{year}"


def _data(one: Line, address: str) -> dict[str, Any]:
    kind = "commissioning_intention.closing" if one.only_closes else events.type_of(one.told)
    closes = {"closes": one.closes.isoformat()} if one.closes else {}
    return {"type": kind, **events.release_data(one.told, address), **closes}
