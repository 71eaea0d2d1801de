"""desk providers."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line
from bot.wiring import Wiring
from knowledge.audit import Deed, account
from knowledge.concerns.provider_file import Read, keep_provider_file, read_provider_file
from knowledge.concerns.providers import ProviderContact, all_contacts, provider_key
from knowledge.parties import is_slack_channel, mark_reachable, mark_unreachable, normal, party_of
from knowledge.parties import unreachable as unreachable_addresses
from knowledge.register.contract import Contract
from knowledge.register.holding import contracts

_ADDRESS = re.compile(r"^\S+@\S+\.\S+$")


@click.group(invoke_without_command=True)
@click.option("--json", "as_list", is_flag=True, help="The contacts as a JSON array.")
@click.pass_context
def providers(ctx: click.Context, as_list: bool) -> None:
    """List whom to ask at each provider, import such a list, or mark an address at which nothing arrives.

    With --json each contact is an object: `provider`, `contract` (null: for all of theirs), `email`, `name`, `given_by`
    (a file, or who typed it), `given_at` (a moment in UTC), `unreachable` (why nothing arrives there, or null).
    """
    if ctx.invoked_subcommand:
        return
    with Wiring(load_settings()).store.reading() as connection:
        found, held = all_contacts(connection), [one.contract for one in contracts(connection)]
    rows = [_as_json(one, _names(held)) for one in found]
    if as_list:
        print(json_line(rows))
    elif rows:
        _list(rows)
    else:
        console.print("No contacts of providers yet. Try: desk providers import FILE")


@providers.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", metavar="EMAIL", help="Who gave these contacts; else it is kept that FILE did.")
@click.option("--dry-run", is_flag=True, help="Say what would be taken, and take nothing.")
@click.option("--json", "as_object", is_flag=True, help="The report as one JSON object.")
def import_(file: Path, by: str | None, dry_run: bool, as_object: bool) -> None:
    """Take whom to ask at providers from FILE: a CSV with provider,email,name,contract; the last two may be empty.

    The provider's name is the register's. Contacts known before stay. A row that cannot be taken is named with its line
    and reason, and the rest is taken. With --json: `rows` (taken), `added` (not known before), `problems` (line,
    reason). Exit code 1 if no row could be taken.
    """
    if by and not _ADDRESS.match(by):
        raise click.BadParameter(f"{by!r} is no address", param_hint="--by")
    wiring = Wiring(load_settings())
    with wiring.store.writing() as connection:
        read = read_provider_file(file, [one.contract for one in contracts(connection)])
        now = wiring.store.now(connection)
        added = keep_provider_file(connection, read.rows, by or file.name, now)
        counts = {"rows": len(read.rows), "added": added, "problems": len(read.problems)}
        account(connection, Deed.IMPORTED, "list", "providers", now, counts=counts)
        if dry_run:
            connection.rollback()
    if as_object:
        problems = [{"line": line, "reason": reason} for line, reason in read.problems]
        print(json_line({"rows": len(read.rows), "added": added, "problems": problems}))
    else:
        _show(read, added, file.name, dry_run)
    if not read.rows:
        complain("no row could be taken")
    sys.exit(0 if read.rows else 1)


@providers.command()
@click.argument("address")
@click.option("--undo", is_flag=True, help="Something arrives there again.")
def unreachable(address: str, undo: bool) -> None:
    """Mark that nothing arrives at ADDRESS (or in a Slack channel, by its id), because a message came back: the next
    person is asked or told instead."""
    if not (_ADDRESS.match(address) or is_slack_channel(address)):
        raise click.BadParameter(f"{address!r} is no address", param_hint="ADDRESS")
    wiring = Wiring(load_settings())
    with wiring.store.writing() as connection:
        marked, now = normal(address) in unreachable_addresses(connection), wiring.store.now(connection)
        if undo:
            mark_reachable(connection, address)
        else:
            mark_unreachable(connection, address, "bounced", now)
        if marked or not undo:
            about = party_of(connection, address)
            account(connection, Deed.UNDID if undo else Deed.CHANGED, "party", about, now, counts={"unreachable": 1})
    if undo and not marked:
        complain(f"{address} is not marked")
        sys.exit(1)
    said = "something arrives again" if undo else "nothing arrives"
    console.print(f"{clean(normal(address))}: marked that {said} there.", markup=False)


def _show(read: Read, added: int, name: str, dry_run: bool) -> None:
    done = "Would take" if dry_run else "Took"
    known = len(read.rows) - added
    console.print(f"{done} {len(read.rows)} contacts: {added} new, {known} known before.")
    for line, reason in read.problems:
        console.print(f"{clean(name)}, line {line}: {clean(reason)}", style="red", markup=False)


def _names(held: Sequence[Contract]) -> dict[str, str]:
    """Providers and contracts as the register writes them, by what the record keeps of them."""
    return {**{provider_key(one.supplier): one.supplier for one in held}, **{one.key: one.reference for one in held}}


def _as_json(contact: ProviderContact, names: dict[str, str]) -> dict[str, Any]:
    return {
        "provider": names.get(contact.provider, contact.provider),
        "contract": names.get(contact.contract, contact.contract) or None,
        "email": contact.address, "name": contact.name or None, "given_by": contact.given_by or None,
        "given_at": contact.given_at.isoformat(), "unreachable": contact.unreachable or None,
    }  # fmt: skip


def _list(rows: Sequence[dict[str, Any]]) -> None:
    """Providers, under each whom to ask."""
    for number, row in enumerate(rows):
        if number == 0 or rows[number - 1]["provider"] != row["provider"]:
            console.print(clean(row["provider"]), style="bold", markup=False)
        given = f"given by {row['given_by']}" if row["given_by"] else ""
        more = [row["name"], row["contract"] or "all contracts", given]
        small = Text(clean(" · ".join(one for one in more if one)), style="dim")
        console.print(Text(f"  {clean(row['email'])} "), small, soft_wrap=True)
        if row["unreachable"]:
            console.print(f"    nothing arrives there: {clean(row['unreachable'])}", style="red", markup=False)
