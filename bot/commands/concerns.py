"""desk concern."""

from __future__ import annotations

import click
from sqlalchemy.engine import Connection

from bot.commands.concern_raising import raise_
from bot.commands.concern_words import (
    as_json,
    contract_names,
    grid,
    may,
    sees_all,
    standing,
    stop_at_form,
    stop_if_refused,
    told_in,
)
from bot.commands.starting import as_somebody, wired
from bot.speaking import person_of, speaker_of
from bot.terminal import console, json_line, show
from bot.wiring import Wiring
from handlers.concerns.moving import MOVERS
from handlers.concerns.showing import concerns_of
from knowledge.concerns import record
from knowledge.concerns.nouns import Concern, reference_of
from knowledge.models import Person
from knowledge.people import list_people

_OPTIONS = {"text": "--text", "to": "--to", "contract": "--contract", "outcome": "--outcome"}
_json = click.option("--json", "as_object", is_flag=True, help="The concern as one JSON object.")


@click.group()
def concern() -> None:
    """Raise a concern, list concerns, show one, move one on: what is done in Slack and on the web, from a terminal."""


concern.add_command(raise_)


@concern.command(name="list")
@click.option("--as", "who", default="", metavar="EMAIL", help="Theirs only: raised, followed, or to carry.")
@click.option("--open", "only_open", is_flag=True, help="Only those whose Member is owed an answer.")
@click.option("--json", "as_list", is_flag=True, help="The concerns as a JSON array.")
def list_(who: str, only_open: bool, as_list: bool) -> None:
    """List concerns, those that are open first: reference, state, dates, contract and who has them, never a text.

    With --json each is an object: `reference`, `state`, `ending`, `service`, the moments `raised_at`, `acknowledge_by`,
    `answer_by`, `acknowledged_at`, `answered_at`, `closed_at`, `waiting_since` (in UTC, or null), and `at_risk`,
    `level`, `contract`, `holder`, `holder_role`: not of those that somebody only follows or entered.
    """
    wiring = wired()
    person = person_of(wiring, who) if who else None
    with wiring.store.reading() as connection:
        found = _listed(wiring, connection, person)
        rows = [(one, whole) for one, whole in found if one.open or not only_open]
        names, people = contract_names(connection, [one for one, _ in rows]), list_people(connection)
    if as_list:
        print(json_line([as_json(one, names, whole=whole) for one, whole in rows]))
    else:
        console.print(grid(rows, names, people) if rows else "There are none.")


@concern.command(name="show")
@click.argument("reference")
@as_somebody
@_json
def show_(reference: str, who: str, as_object: bool) -> None:
    """Show the concern REFERENCE (C-0012, or 12) as that person may see it.

    With --json what `desk concern list --json` has of it, and `written` (what, by, when, body), `happened` (when,
    what), `papers` (id, name, type) and `may`: the moves that are theirs to make now.
    """
    wiring = wired()
    speaker = speaker_of(wiring, who)
    reply = speaker.act("open", _reference(reference))
    stop_if_refused(reply)
    if as_object:
        print(json_line({**standing(wiring, reply.concern, speaker.person), **told_in(reply)}))
        return
    show(reply.model_copy(update={"choices": ()}))
    if moves := may(reply):
        console.print(f"desk concern move {reply.concern} --as {who} {' | '.join(moves)}", style="dim", markup=False)


@concern.command(name="move")
@click.argument("reference")
@click.argument("action", type=click.Choice([move.value for move in MOVERS]), metavar="ACTION")
@as_somebody
@click.option("--text", default="", help="What is written: the reply, the question, what the provider is asked.")
@click.option("--to", default="", help="Whom: the provider's address, or to whom it is passed on.")
@click.option("--contract", default="", metavar="REF", help="The contract it belongs to.")
@click.option("--outcome", default="", help="How it ended, for close: put_right, explained, not_upheld, not_ours.")
@_json
def move_(
    reference: str, action: str, who: str, text: str, to: str, contract: str, outcome: str, as_object: bool
) -> None:
    """Make a move with the concern REFERENCE: acknowledge, ask_provider, reply, ask_member, pass_on, close; and its
    Member's tell_more, wrong_contract, at_risk, take_back, withdraw, not_fixed, put_right.

    With --json what `desk concern list --json` has of it, `text` (what was done) and `may`, the moves that are theirs
    to make now. Exit code 1 where the move is refused, 2 where something is still to be filled in.
    """
    wiring = wired()
    speaker = speaker_of(wiring, who)
    fields = {"text": text, "to": to, "contract": contract, "outcome": outcome}
    reply = speaker.act(action, _reference(reference), fields)
    stop_at_form(reply, _OPTIONS)
    stop_if_refused(reply)
    if as_object:
        told = standing(wiring, reply.concern, speaker.person)
        print(json_line({**told, "text": reply.text, "may": may(reply)}))
    else:
        console.print(reply.text, markup=False)


def _reference(text: str) -> str:
    """A concern as it is named: "12" is C-0012."""
    return reference_of(int(text)) if text.isdecimal() and len(text) < 10 else text


def _listed(wiring: Wiring, connection: Connection, person: Person | None) -> list[tuple[Concern, bool]]:
    """Concerns, those that are open first, each with whether it is shown with its contract and who has it: always to
    an administrator at the terminal, who reads no texts here."""
    if person is None:
        return sorted(((one, True) for one in record.concerns(connection)), key=lambda pair: not pair[0].open)
    found = concerns_of(connection, person, day=wiring.desk.day)
    return [(one, sees_all(wiring, connection, one, person)) for one in found]
