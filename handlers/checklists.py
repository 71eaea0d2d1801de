"""CHECKLIST: a list of the papers that somebody works through: opened, ticked, taken away, deleted. Their own only."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy.engine import Connection

from handlers.checklist_words import KEPT_FOR_NOBODY, as_markdown, listing, shown, theirs, what_there_is
from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply, Written
from knowledge import library
from knowledge.checklists import record
from knowledge.checklists.record import Checklist, Point
from knowledge.checklists.sources import Source, named
from knowledge.models import slug
from knowledge.register.asking.phrases import phrases

_GONE = "There is no such checklist of yours. “My checklists” shows those you have."
_JUST_NOW = timedelta(minutes=10)
_TOO_MANY = f"You have {record.MOST} checklists, which is as many as I keep. Delete one first: “my checklists”."


def read(message: Message, desk: Desk) -> Reply | None:
    """The reply to what is typed about checklists, None for anything else. Where others read along, and for whom
    nobody knows, the list itself is the answer."""
    said = phrases("checklists", "lists.toml")
    text = re.sub(r"\W+$", "", message.text).strip()
    if message.public:
        return None
    if said["mine"].fullmatch(text):
        return _act("my_checklists", "", message, desk)
    if number := said["number"].fullmatch(text):
        return _act("show_checklist", number["n"], message, desk)
    if said["all"].fullmatch(text):
        return _act("checklists", "", message, desk)
    match = said["name"].fullmatch(text)
    source = named(match["name"] or match["before"], desk.index().checklists) if match else None
    return _act("open_checklist", source.name, message, desk) if source and owner(message) else None


def act(message: Message, desk: Desk) -> Reply:
    """What a press does."""
    return ACTIONS[message.action](message, desk)


def owner(message: Message) -> str:
    """Whose a checklist is that this message opens, "" for nobody."""
    return message.address or message.proved


def _act(action: str, about: str, message: Message, desk: Desk) -> Reply:
    return act(message.model_copy(update={"action": action, "about": about, "text": ""}), desk)


def open_one(message: Message, desk: Desk) -> Reply:
    """Opens a checklist by its name; for whom nobody knows, its words to take away."""
    index = desk.index()
    source = named(message.about, index.checklists)
    points = points_now(source, message, desk) if source else ()
    if source is None or not points:
        return listing(index.checklists, f"There is no checklist called “{message.about[:80]}”.")
    if not owner(message):
        return _taken_away(source.title, as_markdown(source.title, points), (KEPT_FOR_NOBODY,))
    with desk.store.writing() as connection:
        theirs = record.mine(connection, _addresses(message))
        if made := _opened_just_now(theirs, source, points, desk):
            return _shown(connection, made, message, desk)
        if len(theirs) >= record.MOST:
            return Reply(outcome=Outcome.REFUSED, text=_TOO_MANY)
        made = record.open_checklist(connection, owner(message), source, points, desk.now())
        return _shown(connection, made, message, desk)


def _opened_just_now(
    theirs: Sequence[Checklist], source: Source, points: Sequence[Point], desk: Desk
) -> Checklist | None:
    """The same list opened a moment ago and not worked on yet: a press that comes twice opens one."""
    fresh = (one for one in theirs if one.name == source.name and not one.ticked and one.points == tuple(points))
    return next((one for one in fresh if timedelta() <= desk.now() - one.made_at < _JUST_NOW), None)


def points_now(source: Source, message: Message, desk: Desk) -> tuple[Point, ...]:
    """The points of a list as its paper has them now; none where the asker may not read it, or it is not held."""
    with desk.store.reading() as connection:
        about = library.document(connection, source.document)
        if about is None or about.access not in message.readable:
            return ()
        found = [library.find_passage(connection, source.document, slug(locator)) for locator in source.locators]
    passages = [passage for passage, there in found if passage and there]
    return record.points_of(passages) if len(passages) == len(source.locators) else ()


def _show(message: Message, desk: Desk) -> Reply:
    with desk.store.reading() as connection:
        found = record.of_number(connection, _number(message.about), _addresses(message))
        return _shown(connection, found, message, desk)


def _tick(message: Message, desk: Desk) -> Reply:
    """`about`: the number, and after points the first and last place of those that were shown together: "12.10.14"."""
    number, _, places = message.about.partition(".")
    ticked = {int(one) for one in message.fields.get("ticked", "").split(",") if one.isdecimal() and len(one) < 5}
    first, last = (int(one) for one in places.split(".")) if re.fullmatch(r"\d{1,4}\.\d{1,4}", places) else (0, 9_999)
    among = range(first, last + 1)
    with desk.store.writing() as connection:
        found = record.tick(connection, _number(number), _addresses(message), among, ticked, desk.now())
        return _shown(connection, found, message, desk)


def _markdown(message: Message, desk: Desk) -> Reply:
    with desk.store.reading() as connection:
        found = record.of_number(connection, _number(message.about), _addresses(message))
        reply = _shown(connection, found, message, desk)
    if found is None or reply.checklist is None:
        return reply
    return _taken_away(found.title, as_markdown(found.title, found.points, found.ticked), reply.notes)


def _delete(message: Message, desk: Desk) -> Reply:
    with desk.store.writing() as connection:
        gone = record.delete(connection, _number(message.about), _addresses(message))
    if not gone:
        return Reply(outcome=Outcome.REFUSED, text=_GONE)
    return Reply(outcome=Outcome.CHECKLIST, text=f"Checklist {message.about} is deleted.")


def _mine(message: Message, desk: Desk) -> Reply:
    with desk.store.reading() as connection:
        return theirs(record.mine(connection, _addresses(message)))


def _all(message: Message, desk: Desk) -> Reply:
    return what_there_is([one for one in desk.index().checklists if points_now(one, message, desk)])


def _shown(connection: Connection, found: Checklist | None, message: Message, desk: Desk) -> Reply:
    about = library.document(connection, found.document) if found else None
    if found is None or (about and about.access not in message.readable):
        return Reply(outcome=Outcome.REFUSED, text=_GONE)
    passages = [library.find_passage(connection, found.document, anchor) for anchor in found.anchors]
    now = record.points_of([passage for passage, there in passages if passage and there])
    return shown(found, about.title if about else "", changed=now != found.points)


def _taken_away(title: str, markdown: str, notes: tuple[str, ...]) -> Reply:
    written = Written(what=title, by="Markdown", when="", body=markdown)
    return Reply(outcome=Outcome.CHECKLIST, text="To copy and take away:", written=(written,), notes=notes)


def _addresses(message: Message) -> tuple[str, ...]:
    return tuple(filter(None, (*message.addresses, message.proved)))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


ACTIONS: dict[str, Callable[[Message, Desk], Reply]] = {
    "open_checklist": open_one, "show_checklist": _show, "tick_checklist": _tick, "checklist_markdown": _markdown,
    "delete_checklist": _delete, "my_checklists": _mine, "checklists": _all,
}  # fmt: skip
