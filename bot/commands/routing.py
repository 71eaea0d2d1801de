"""desk route."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from bot.settings import load_settings
from bot.terminal import complain, console, json_line, plain, show
from bot.wiring import Wiring
from handlers.contract import body_name, contact_of, look
from handlers.messages import Message
from knowledge.jsonlines import NoJson, json_lines
from knowledge.models import Role
from knowledge.register.finding.routing import Matter, Routed

_SHOWN = 3


@click.command()
@click.argument("message", nargs=-1)
@click.option("--division", default="", metavar="NAME", help="The Member's division, for messages without a place.")
@click.option(
    "--as-of",
    "as_of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day for which contracts are in force; today where it is not given.",
)
@click.option("--json", "as_lines", is_flag=True, help="One JSON line a message, and nothing else on stdout.")
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Messages to route: JSON lines with id, text and, where known, member_division.",
)
def route(message: tuple[str, ...], division: str, as_of: datetime | None, as_lines: bool, file: Path | None) -> None:
    """Say which contract a Member's MESSAGE is about and who would get it, and what spoke for it. Raises nothing."""
    wiring = Wiring(load_settings())
    day = as_of.date() if as_of else wiring.desk.day
    if file:
        _route_file(wiring, file, day)
        return
    text = " ".join(message).strip()
    if not text:
        raise click.UsageError('Say what happened: desk route "the carer has not come to a man in Herne Bay"')
    if as_lines:
        print(json_line(_as_json(wiring, "", text, division, day)))
        return
    routed = look(text, division, wiring.desk, day)
    _explain(routed, wiring, text, division, day)


def _route_file(wiring: Wiring, file: Path, day: date) -> None:
    """Routes line by line. A line that is no message is named on stderr, and the rest goes on."""
    for number, row in _rows(file):
        text, id = row.get("text"), row.get("id")
        if not isinstance(text, str) or id is None:
            complain(f"{file.name}, line {number}: not a message: it needs id and text")
            continue
        division = row.get("member_division") or ""
        print(json_line(_as_json(wiring, id, text, str(division), day)), flush=True)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, row in json_lines(file):
        if isinstance(row, NoJson):
            complain(f"{file.name}, line {number}: {row}")
        else:
            yield number, row if isinstance(row, dict) else {}


def _as_json(wiring: Wiring, id: Any, text: str, division: str, day: date) -> dict[str, Any]:
    wiring.desk.register()  # opened before the clock starts: a process does that once
    started = time.perf_counter()
    routed = look(text, division, wiring.desk, day)
    contracts = [] if routed.matter in (Matter.NOT_OURS, Matter.QUESTION) else routed.contracts[:_SHOWN]
    rows = [
        {
            "reference": one.row.reference,
            "title": one.row.title.strip(),
            "supplier": one.row.supplier,
            "contact": contact.email if (contact := contact_of(one.row.reference, wiring.desk, day)) else None,
        }
        for one in contracts
    ]
    return {
        "id": id,
        "outcome": routed.matter.value,
        "contracts": rows,
        "body": routed.body or None,
        "body_name": body_name(routed) or None if routed.body else None,
        "took_ms": round((time.perf_counter() - started) * 1000, 1),
    }


# --- for people -----------------------------------------------------------------------------------------------------


def _explain(routed: Routed, wiring: Wiring, text: str, division: str, day: date) -> None:
    from handlers.contract import answer

    reply = answer(Message(text=text, division=division, roles=frozenset({Role.MEMBER})), wiring.desk)
    if reply:
        show(reply)
    else:
        console.print("This asks a question: it goes to the register or the documents, and to nobody.")
    console.print()
    _show_clues(routed)
    if routed.contracts:
        console.print(_candidates(routed, wiring, day))


def _show_clues(routed: Routed) -> None:
    clues, where = routed.clues, routed.clues.where
    services = ", ".join(f"{service.name} ({score:.0f})" for service, score in clues.services[:4])
    lines = {
        "kind of message": routed.matter.value,
        "services": services,
        "names": ", ".join(f"{name.name} ({name.sure:.2f}, from “{name.words}”)" for name in clues.names[:4]),
        "place": ", ".join(mention.name.title() for mention in where.mentions),
        "district": f"{', '.join(sorted(where.districts))} (from the {where.source})" if where.districts else "",
        "at risk": routed.danger,
    }
    for label, value in lines.items():
        if value:
            console.print(f"[dim]{label:16}[/]{plain(value)}")


def _candidates(routed: Routed, wiring: Wiring, day: date) -> Table:
    table = Table("contract", "", "score", "kind", "words", "name", "area", "contact", box=None, header_style="dim")
    for one in routed.contracts[:5]:
        contact = contact_of(one.row.reference, wiring.desk, day)
        state = one.state.value + (f", for {one.instead_of}" if one.instead_of else "")
        table.add_row(
            plain(f"{one.row.reference} {one.row.title.strip()}"), plain(state), f"{one.score:.2f}",
            f"{one.kind:.2f}", f"{one.words:.2f}", f"{one.name:.2f}", f"{one.area:.2f}",
            plain(contact.email if contact else "nobody"),
        )  # fmt: skip
    return table
