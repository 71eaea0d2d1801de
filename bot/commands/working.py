"""desk work, desk notifications."""

from __future__ import annotations

import signal
import sys

import click
from rich.table import Table

from bot.logs import log, set_up_logs
from bot.notices import take_up
from bot.polling import poll_when_due
from bot.receipts import poll_receipts
from bot.settings import load_settings
from bot.settings_kept import account_for_settings
from bot.terminal import console, json_line, plain
from bot.wiring import Wiring
from bot.worker import Worker
from handlers.desk import utc_now
from handlers.ticking import tick
from handlers.timed import run_due
from knowledge.outbox import listing
from knowledge.outbox.claiming import unpark
from knowledge.outbox.listing import Standing
from knowledge.outbox.owing import GATHERING
from knowledge.people import require_contacts
from knowledge.takings.staging import Staging


@click.command()
@click.option("--once", is_flag=True, help="Do everything that is due, and stop.")
def work(once: bool) -> None:
    """Send what is owed, and do what is timed, until Ctrl-C. Run as many as you like, on as many machines."""
    settings = load_settings(needs=("secret_key",))
    set_up_logs(settings.log_level)
    wiring = Wiring(settings)
    require_contacts(wiring.store)
    account_for_settings(wiring, "work")
    worker = worker_of(wiring)
    if once:
        print(f"desk: {worker.run_until_idle()} notifications taken up", file=sys.stderr)
        return
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda number, frame: worker.stop())
    log.info("worker", state="started")
    code = worker.run()
    log.info("worker", state="stopped")
    sys.exit(code)


def sweep(wiring: Wiring) -> int:
    """Deletes files that waited an hour to be taken in. Nothing waits for that, so it counts as nothing to do."""
    Staging(wiring.settings.home).sweep(utc_now())
    return 0


def worker_of(wiring: Wiring) -> Worker:
    """The worker of this desk."""
    duties = wiring.duties
    return Worker(
        wiring,
        wiring.channels,
        duties.compose,
        duties.undeliverable,
        lambda: tick(wiring.desk) + run_due(wiring.desk),
        tell_parked=duties.tell_parked,
        errands=(
            lambda wait: poll_when_due(wiring, wait),
            lambda wait: take_up(wiring),
            lambda wait: poll_receipts(wiring),
            lambda wait: sweep(wiring),
        ),
    )


@click.command()
@click.option("--all", "settled", is_flag=True, help="What was sent, stopped or passed on, too.")
@click.option(
    "--retry", "again", is_flag=False, flag_value="", default=None, metavar="[ID]",
    help="Try again what is parked or waits for another try, or only ID (see --json); and stop.",
)  # fmt: skip
@click.option("--json", "as_list", is_flag=True, help="The list as a JSON array.")
def notifications(settled: bool, again: str | None, as_list: bool) -> None:
    """List what is owed, to whom, why, and how it stands: what has not left, what is kept for a round-up,
    and what is parked."""
    wiring = Wiring(load_settings())
    if again is not None:
        _retry(wiring, again)
        return
    found = listing.notifications(wiring.store, settled=settled)
    if as_list:
        print(json_line([_as_json(one) for one in found]))
    elif found:
        console.print(_grid(found))
    else:
        console.print("Nothing is owed.")


def _retry(wiring: Wiring, id: str) -> None:
    count = unpark(wiring.store, id or None)
    print(f"desk: {count} to be tried again by the running desk", file=sys.stderr)
    sys.exit(0 if count or not id else 1)


def _grid(found: list[Standing]) -> Table:
    table = Table(box=None, header_style="dim")
    for name in ("due (UTC)", "kind", "concern", "to", "channel", "state", "tries", "problem"):
        table.add_column(name, overflow="fold", no_wrap=name in ("due (UTC)", "concern", "tries"))
    for one in found:
        kind = f"{one.kind} (urgent)" if one.urgent else one.kind
        due = f"{one.due_at:%d %b %H:%M}"
        cells = (due, kind, one.concern, one.recipient, one.channel, _state(one), str(one.attempts), one.problem)
        table.add_row(*map(plain, cells))
    return table


def _state(one: Standing) -> str:
    kept = "for a round-up" if one.state == GATHERING else one.state
    return "being sent" if one.in_hand else kept


def _as_json(one: Standing) -> dict[str, object]:
    moments = {name: value.isoformat() for name, value in one._asdict().items() if hasattr(value, "isoformat")}
    return {**one._asdict(), **moments}
