"""desk timeline poll."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from bot.commands.timeline_words import as_json, show_report
from bot.feeds.errors import FeedError
from bot.feeds.poller import Poller
from bot.polling import first_of, poller_of
from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line
from bot.wiring import Wiring
from handlers.checking.findings import counted


@click.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Look again from this day: 2026-04-01.")
@click.option("--all", "everybody", is_flag=True, help="Take in every buyer's notices, not this council's only.")
@click.option("--dry-run", is_flag=True, help="Say what each page would change, and change nothing.")
@click.option("--announce", is_flag=True, help="Tell those who subscribed, though it is the first poll.")
@click.option("--json", "as_object", is_flag=True, help="The report as one JSON object.")
def poll(since: datetime | None, everybody: bool, dry_run: bool, announce: bool, as_object: bool) -> None:
    """Take notices from Find a Tender: those published since the last poll, and at first those of two days (--since,
    DESK_NOTICES_SINCE: from an earlier day).

    It keeps to the feed's pace, 12 requests in two minutes, together with every other process of this desk: a month
    takes some twenty minutes. Whoever subscribed hears of what is new to them; the first poll of an empty timeline
    tells nobody unless asked to (--announce). Exit code 1 where the feed did not
    answer: the next poll goes on from there.
    """
    settings = load_settings()
    poller = poller_of(Wiring(settings), everybody=everybody, dry=dry_run, announce=announce, tell=_progress)
    problem = ""
    try:
        poller.poll(since.replace(tzinfo=UTC) if since else None, first_of(settings.notices_first))
    except FeedError as error:
        problem = f"the poll of {settings.notices_url} ended early: {error}."
    except KeyboardInterrupt:
        problem = "stopped."
    _progress("")
    _show(poller, dry_run, as_object)
    if problem:
        complain(f"{problem} {_reached(poller)}")
        sys.exit(1)


def _progress(words: str) -> None:
    """One line on a terminal, written over and over."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{clean(words)[:100]}")
        sys.stderr.flush()


def _show(poller: Poller, dry_run: bool, as_object: bool) -> None:
    done = poller.summary
    if as_object:
        until = done.until.isoformat() if done.until else None
        told = {**as_json(done.report), "windows": done.windows, "requests": poller.requests, "until": until}
        print(json_line(told))
        return
    show_report(done.report, (), "the feed", dry_run=dry_run)
    asked = counted(poller.requests, "request", "requests")
    console.print(f"{counted(done.windows, 'window', 'windows')} read, in {asked}.")


def _reached(poller: Poller) -> str:
    until = poller.summary.until
    if until is None:
        return "No window is whole yet; the next poll begins anew."
    return f"Everything up to {until:%d/%m/%Y %H:%M} UTC is in; the next poll goes on from there."
