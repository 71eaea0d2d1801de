"""What is held of a concern, or with a person, to be handed out: as an object, as a page, and its files."""

from __future__ import annotations

from typing import Any, NamedTuple

from handlers.desk import Desk
from handlers.subjects.pages import concern_page, person_page
from knowledge.audit import Deed, account
from knowledge.parties import normal
from knowledge.subjects.concern_file import concern_file, file_name, files_of
from knowledge.subjects.finding import concerns_naming, standing
from knowledge.subjects.person_file import person_file
from knowledge.subjects.somebody import somebody

_OF_CONCERNS = ("personal_text", "attachment")


class Bundle(NamedTuple):
    """What is handed out. `name`: what to call it ("C-0012", "person-7"); `held`: all of it, as JSON can hold it;
    `page`: the same in Markdown, to be read; `files`: name and content of each."""

    name: str
    held: dict[str, Any]
    page: str
    files: tuple[tuple[str, bytes], ...] = ()


def export_concern(desk: Desk, number: int, by: str = "") -> Bundle | None:
    """A concern with all that was written, and its files; None where there is none. It is accounted for."""
    with desk.store.writing() as connection:
        held = concern_file(connection, number)
        if held is None:
            return None
        files = tuple((file_name(one), one.content) for one in files_of(connection, number))
        counts = {"texts": len(held["texts"]), "files": len(files)}
        account(connection, Deed.EXPORTED, "concern", number, desk.now(), by=by, counts=counts)
    return Bundle(held["reference"], held, concern_page(held), files)


def export_person(desk: Desk, address: str, by: str = "") -> Bundle | None:
    """All the desk holds with somebody; None where that is nothing. It is accounted for."""
    with desk.store.writing() as connection:
        one = somebody(connection, normal(address))
        held = person_file(connection, one)
        if not any(value for name, value in held.items() if name != "addresses"):
            return None
        counts = {name: len(rows) for name, rows in held["record"].items()}
        for kind, about in one.accounted:
            account(connection, Deed.EXPORTED, kind, about, desk.now(), by=by, counts=counts)
    return Bundle(f"person-{one.numbers[0] if one.numbers else 'listed'}", held, person_page(held))


class Found(NamedTuple):
    """Where somebody is named. `concerns`: references; `elsewhere`: rows by column of the record ("turn.question")."""

    concerns: tuple[str, ...]
    elsewhere: dict[str, int]


def find(desk: Desk, text: str, by: str = "") -> Found:
    """Where somebody is named. That it was looked for is accounted for, not what."""
    with desk.store.reading() as connection:
        concerns, columns = concerns_naming(connection, text), standing(connection, [text])
    elsewhere = {name: count for name, count in columns.items() if name.split(".")[0] not in _OF_CONCERNS}
    with desk.store.writing() as connection:
        account(connection, Deed.SAW, "list", "texts", desk.now(), by=by, counts={"concerns": len(concerns)})
    return Found(tuple(concerns), elsewhere)
