"""desk channels."""

from __future__ import annotations

import sys

import click
from rich.table import Table

from bot.settings import load_settings
from bot.terminal import complain, console, json_line, plain
from bot.wiring import Wiring
from knowledge.audit import Deed, account
from knowledge.parties import is_slack_channel
from knowledge.slack_channels import Mode, Setting, set_mode, settings_made
from knowledge.subscriptions.delivery import moment_in_words


@click.command()
@click.argument("channel", required=False)
@click.argument("mode", required=False, type=click.Choice([one.value for one in Mode]))
@click.option("--json", "as_json", is_flag=True, help="The settings as a JSON array.")
def channels(channel: str | None, mode: str | None, as_json: bool) -> None:
    """List what the desk answers in each Slack channel, or set it for CHANNEL (an id, C...): all; documents, questions
    about the papers only; off, nothing.

    Of a Slack channel that is not listed DESK_SLACK_MODE holds. With --json each is an object: `channel`, `mode`, `by`
    (who set it, "" for this command), `at` (a moment in UTC). Exit code 2 where CHANNEL is no Slack channel's id, or no
    mode is given with it.
    """
    wiring = Wiring(load_settings())
    if channel:
        _set(channel, mode, wiring)
    with wiring.store.reading() as connection:
        found = settings_made(connection)
    if as_json:
        print(json_line([{**one._asdict(), "at": one.at.isoformat()} for one in found]))
    else:
        _list(found, wiring.settings.slack_mode)


def _set(channel: str, mode: str | None, wiring: Wiring) -> None:
    if mode is None or not is_slack_channel(channel):
        complain("give a Slack channel's id (C...) and what is answered there: all, documents or off")
        sys.exit(2)
    with wiring.store.writing() as connection:
        set_mode(connection, channel, Mode(mode), "", wiring.desk.now())
        account(connection, Deed.CHANGED, "slack_channel", channel, wiring.desk.now())


def _list(found: list[Setting], usual: Mode) -> None:
    if found:
        table = Table("Slack channel", "answers", "set by", "at", box=None, header_style="dim")
        for one in found:
            table.add_row(*map(plain, (one.channel, one.mode, one.by or "command line", moment_in_words(one.at))))
        console.print(table)
    console.print(f"Any other Slack channel: {usual} (DESK_SLACK_MODE).", markup=False)
