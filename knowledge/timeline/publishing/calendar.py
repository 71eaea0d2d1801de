"""The timeline as a calendar (RFC 5545 and 7986): an event a milestone, which keeps its identity as it moves.

Of the library come the calendar's frame, the writing of texts and the folding of lines; the lines of an event are put
together here, since its own components take a second for every thousand events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, vText
from icalendar.parser import Contentline

from knowledge.timeline.posted import posted_words
from knowledge.timeline.publishing.milestones import Milestone
from knowledge.timeline.publishing.site import Site, Words, plain
from knowledge.timeline.when import When

EVERY = timedelta(hours=6)
"""How often a calendar program is asked to look again."""
_END = b"END:VCALENDAR\r\n"
_LONGEST_LINE = 75
_UNITS = ((31, "month"), (92, "quarter"), (184, "half-year"), (366, "year"))


def calendar(milestones: Iterable[Milestone], site: Site, words: Words, *, name: str = "") -> bytes:
    """The calendar of some milestones. `name`: what it is of; without one the council's whole timeline."""
    found, name = list(milestones), name or f"Commissioning timeline of {site.council}"
    changed = max((one.changed for one in found), default=None)
    frame: bytes = _frame(name, f"{site.url}/timeline", changed).to_ical()
    lines = [line for one in found for line in event(one, site, words)]
    return frame.removesuffix(_END) + b"".join(lines) + _END


def event(one: Milestone, site: Site, words: Words) -> Iterator[bytes]:
    """The lines of an event: all day, from its first day to the one after its last, in nobody's way."""
    shown, terms = one.shown, one.shown.terms
    yield b"BEGIN:VEVENT\r\n"
    yield _text("UID", f"{shown.reference}-{one.what}@{site.host}")
    for label, at in (("DTSTAMP", one.changed), ("CREATED", one.created), ("LAST-MODIFIED", one.changed)):
        yield _plainly(label, _moment(at))
    yield _plainly("SEQUENCE", str(one.sequence))
    yield _plainly("DTSTART;VALUE=DATE", _day(one.when.first))
    yield _plainly("DTEND;VALUE=DATE", _day(one.after))
    yield _text("SUMMARY", summary(one, words))
    yield _text("DESCRIPTION", description(one, site, words))
    yield _folded(f"URL:{site.page(shown.reference)}")
    yield _plainly("STATUS", "CANCELLED" if one.cancelled else "CONFIRMED" if one.when.is_day else "TENTATIVE")
    yield _plainly("TRANSP", "TRANSPARENT")
    if kind := words.kinds((terms.service or next(iter(shown.kinds), ""),)):
        yield _text("CATEGORIES", kind)
    if terms.area:
        yield _text("LOCATION", ", ".join(terms.area))
    yield b"END:VEVENT\r\n"


def summary(one: Milestone, words: Words) -> str:
    """An event's line: "Tender: Home care in Gullhaven"; "Withdrawn: Tender: Home care in Gullhaven"."""
    said = f"{_label(one, words)}: {one.shown.terms.title}"
    return f"{one.cancelled}: {said}" if one.cancelled else said


def description(one: Milestone, site: Site, words: Words) -> str:
    """An event's text: when, how sure that is, why it last changed, where to read more."""
    when = words.when(one.when)
    said = [f"{_label(one, words)}: {when}."]
    if not one.when.is_day:
        said.append(f"Only the {_unit(one.when)} is settled, no day yet.")
    if one.cancelled:
        said = [f"{one.cancelled}. It was planned for {when}."]
    if one.reason:
        said.append(f"Why it changed: {one.reason}")
    buyer = [] if one.shown.own else [f"Buyer: {one.shown.buyer}"]
    buyer = [f"{posted_words(one.shown.terms)}."] if one.shown.terms.posted_by else buyer
    return "\n".join([*said, *buyer, site.page(one.shown.reference)])


def _label(one: Milestone, words: Words) -> str:
    """What people call it; what a provider offers others is answered, and not bid for."""
    posted = one.what == "closes" and one.shown.terms.posted_by
    return "Answers by" if posted else words.label(one.what, one.shown.terms.route)


def _unit(when: When) -> str:
    if re.search("spring|summer|autumn|winter", when.said, re.I):
        return "season"
    return next((name for days, name in _UNITS if (when.last - when.first).days < days), "span of years")


def _frame(name: str, page: str, changed: datetime | None) -> Calendar:
    made = Calendar()
    for label, value in (
        ("VERSION", "2.0"), ("PRODID", "-//Commissioning Desk//Timeline//EN"), ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"), ("NAME", name), ("X-WR-CALNAME", name), ("URL", page),
    ):  # fmt: skip
        made.add(label, plain(value))
    made.add("REFRESH-INTERVAL", EVERY, parameters={"VALUE": "DURATION"})
    made.add("X-PUBLISHED-TTL", "PT6H")
    if changed:
        made.add("LAST-MODIFIED", changed)
    return made


def _text(name: str, text: str) -> bytes:
    return _folded(f"{name}:{vText(plain(text)).to_ical().decode()}")


def _folded(line: str) -> bytes:
    """A line, folded where it is longer than 75 octets: never within a character."""
    short = len(line) < _LONGEST_LINE and line.isascii()
    if short:
        return line.encode() + b"\r\n"
    folded: bytes = Contentline(line).to_ical()  # type: ignore[no-untyped-call]
    return folded + b"\r\n"


def _plainly(name: str, value: str) -> bytes:
    return f"{name}:{value}\r\n".encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")
