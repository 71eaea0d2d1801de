"""How concerns look in a terminal, and in JSON; and how a command about one ends."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.table import Table
from sqlalchemy.engine import Connection

from bot.terminal import complain, plain
from bot.wiring import Wiring
from handlers.concerns import saying
from handlers.concerns.case import Case
from handlers.messages import Outcome, Reply
from knowledge.concerns import record
from knowledge.concerns.moves import sight
from knowledge.concerns.nouns import Concern, Sight, number_of
from knowledge.models import Person
from knowledge.register.holding import contracts_of

_MOMENTS = ("raised_at", "acknowledge_by", "answer_by", "acknowledged_at", "answered_at", "closed_at", "waiting_since")


def contract_names(connection: Connection, concerns: Sequence[Concern]) -> dict[str, str]:
    """The references of the contracts of these concerns as the register writes them, by key."""
    keys = sorted({one.contract for one in concerns if one.contract})
    return {held.contract.key: held.contract.reference for held in contracts_of(connection, keys)}


def sees_all(wiring: Wiring, connection: Connection, concern: Concern, person: Person) -> bool:
    """Whether somebody sees all of a concern, and not only how it stands."""
    case = Case(connection, wiring.desk, concern, wiring.desk.now())
    return sight(case.relations(person)) is Sight.WHOLE


def as_json(concern: Concern, names: Mapping[str, str], *, whole: bool = True) -> dict[str, Any]:
    """A concern as it stands, without anything anybody wrote:

    `reference`, `state`, `ending` (how it was closed, else null), `service` (a key of the catalogue, or null);
    `raised_at`, `acknowledge_by`, `answer_by`, `acknowledged_at`, `answered_at`, `closed_at`, `waiting_since`: moments
    in UTC, null for what has not come to pass; and, to whoever sees all of it, `at_risk`, `level`, `contract`, `holder`
    (an address) and `holder_role`, null for none.
    """
    ending = concern.outcome.value if concern.outcome else None
    told: dict[str, Any] = {"reference": concern.reference, "state": concern.state.value, "ending": ending}
    told |= {"service": concern.service or None, **{name: _moment(getattr(concern, name)) for name in _MOMENTS}}
    if whole:
        told |= {"at_risk": concern.at_risk, "level": concern.level}
        told |= {"contract": names.get(concern.contract, concern.contract) or None}
        told |= {"holder": concern.holder or None, "holder_role": concern.holder_role or None}
    return told


def standing(wiring: Wiring, reference: str, person: Person) -> dict[str, Any]:
    """How a concern stands now, for somebody: as `as_json` has it."""
    number = number_of(reference)
    with wiring.store.reading() as connection:
        found = record.concern(connection, number) if number is not None else None
        if found is None:
            return {}
        whole = sees_all(wiring, connection, found, person)
        return as_json(found, contract_names(connection, [found]), whole=whole)


def told_in(reply: Reply) -> dict[str, Any]:
    """What a reply tells of a concern beside how it stands: `written` (what, by, when, body), `happened` (when, what),
    `papers` (id, name, type), `may`: the moves that are theirs to make now."""
    return {
        "written": [one.model_dump() for one in reply.written],
        "happened": [one._asdict() for one in reply.happened],
        "papers": [one.model_dump() for one in reply.papers],
        "may": may(reply),
    }


def may(reply: Reply) -> list[str]:
    """The moves a reply offers."""
    return list(dict.fromkeys(choice.action for choice in reply.choices if choice.action))


def grid(concerns: Sequence[tuple[Concern, bool]], names: Mapping[str, str], people: list[Person]) -> Table:
    """Concerns a row each; with each, whether all of it may be seen."""
    table = Table(box=None, header_style="dim")
    for name in ("concern", "about", "state", "contract", "with", "raised", "answer by"):
        table.add_column(name, no_wrap=name in ("concern", "raised", "answer by"), overflow="fold")
    for one, whole in concerns:
        contract = names.get(one.contract, one.contract) or "none yet"
        about = saying.service(one) + (" (at risk)" if one.at_risk and whole else "")
        holder = saying.name(one.holder, people) if one.holder else "nobody"
        raised, answer_by = f"{one.raised_at:%d/%m/%Y}", f"{one.answer_by:%d/%m/%Y}" if one.open else ""
        seen = (contract, holder) if whole else ("", one.holder_role)
        table.add_row(one.reference, plain(about), _state(one), *map(plain, seen), raised, answer_by)
    return table


def _state(concern: Concern) -> str:
    """How it stands, in a word or two."""
    return concern.outcome.value.replace("_", " ") if concern.outcome else concern.state.value.replace("_", " ")


def stop_if_refused(reply: Reply) -> None:
    """Ends with the reason and exit code 1 where nothing was done."""
    if reply.outcome in (Outcome.REFUSED, Outcome.ERROR):
        complain(reply.text)
        sys.exit(1)


def stop_at_form(reply: Reply, options: Mapping[str, str]) -> None:
    """Ends with exit code 2 where a form comes back: it says what was not given, or not so that it can be taken.
    `options`: what its fields are called on the command line."""
    if reply.form is None:
        return
    for entry in reply.form.entries:
        if entry.error:
            complain(f"{options.get(entry.name, entry.name)}: {entry.error}")
            for value, label in entry.options if entry.kind == "choice" else ():
                complain(f"  {value}: {label}")
    sys.exit(2)


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
