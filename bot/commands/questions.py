"""desk questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from rich.table import Table

from bot.commands.enquiries import enquiry_as_json
from bot.settings import load_settings
from bot.terminal import console, json_line, plain
from bot.wiring import Wiring
from handlers.questions.showing import due_words
from knowledge.questions.enquiries import Enquiry
from knowledge.questions.likeness import Group
from knowledge.questions.listing import Bad, Report, report
from knowledge.questions.ratings import REASONS

_KINDS = ("not-found", "rated-badly", "silent-documents")
_DAYS = 7


@click.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Day from which on; without it, the last seven days.")
@click.option("--kind", "kinds", type=click.Choice(_KINDS), multiple=True, help="Only this; may be given again.")
@click.option("--waiting", is_flag=True, help="Only the questions that wait for a person.")
@click.option("--json", "as_object", is_flag=True, help="All of it as one JSON object.")
def questions(since: datetime | None, kinds: tuple[str, ...], waiting: bool, as_object: bool) -> None:
    """What people asked of the papers: not found, grouped by likeness; rated badly, with why; papers that answered
    nothing; and what waits for a person.

    With --json: `since`, `until`, `asked`, `answered`, `good`, `bad` (counts), and of what was wanted `not_found` (each
    `text`, `count`, `wordings`), `rated_badly` (each `question`, `text`, `times`, `reasons`), `silent_documents` (each
    `id`, `title`) and `waiting` (as `desk enquiries --json` has them).
    """
    wiring = Wiring(load_settings())
    until = wiring.desk.now()
    begins = since.replace(tzinfo=UTC) if since else until - timedelta(days=_DAYS)
    with wiring.store.reading() as connection:
        found = report(connection, begins, until)
    wanted = set(kinds) | ({"waiting"} if waiting else set()) or {*_KINDS, "waiting"}
    if as_object:
        print(json_line(_as_json(found, wanted)))
        return
    said = f"{found.asked} asked, {found.answered} answered; {found.good} rated good, {found.bad} bad."
    console.print(f"Since {begins:%d %B %Y}: {said}", markup=False)
    for kind, show in _SHOWS.items():
        if kind in wanted:
            show(found, wiring)


def _as_json(found: Report, wanted: set[str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "since": found.since.isoformat(), "until": found.until.isoformat(), "asked": found.asked,
        "answered": found.answered, "good": found.good, "bad": found.bad,
    }  # fmt: skip
    if "not-found" in wanted:
        told["not_found"] = [_group(one) for one in found.not_found]
    if "rated-badly" in wanted:
        told["rated_badly"] = [_bad(one) for one in found.rated_badly]
    if "silent-documents" in wanted:
        told["silent_documents"] = [{"id": one.id, "title": one.title} for one in found.silent]
    if "waiting" in wanted:
        told["waiting"] = [enquiry_as_json(one) for one in found.waiting]
    return told


def _group(one: Group) -> dict[str, Any]:
    return {"text": one.text, "count": one.count, "wordings": list(one.wordings)}


def _bad(one: Bad) -> dict[str, Any]:
    said = one.question
    return {"question": said.id, "text": said.text, "times": one.times, "reasons": list(one.reasons)}


def _show_not_found(found: Report, wiring: Wiring) -> None:
    rows = [(str(one.count), one.text) for one in found.not_found]
    _grid("Asked and not found", ("times", "question"), rows)


def _show_badly(found: Report, wiring: Wiring) -> None:
    rows = [(", ".join(REASONS.get(why, why) for why in one.reasons), one.question.text) for one in found.rated_badly]
    _grid("Rated badly", ("why", "question"), rows)


def _show_silent(found: Report, wiring: Wiring) -> None:
    _grid("Papers that answered nothing", ("id", "title"), [(one.id, one.title) for one in found.silent])


def _show_waiting(found: Report, wiring: Wiring) -> None:
    def row(one: Enquiry) -> tuple[str, ...]:
        return one.reference, due_words(one, wiring.desk), one.claimed_by or "nobody yet", one.question.text

    _grid("Waiting for a person", ("", "due", "with", "question"), [row(one) for one in found.waiting])


_SHOWS = {
    "not-found": _show_not_found, "rated-badly": _show_badly, "silent-documents": _show_silent,
    "waiting": _show_waiting,
}  # fmt: skip


def _grid(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    console.print(f"\n{title}: {len(rows) or 'none'}", style="bold", markup=False)
    if not rows:
        return
    table = Table(*columns, box=None, header_style="dim")
    for row in rows:
        table.add_row(*map(plain, row))
    console.print(table)
