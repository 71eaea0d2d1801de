"""desk check."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby

import click
from rich.text import Text

from bot.channels import channels_of
from bot.checking.data import check_levels, check_papers
from bot.checking.mail import check_mail
from bot.checking.notices import check_notices
from bot.checking.notify import check_notify
from bot.checking.officers import check_officers
from bot.checking.settings import ABOUT, check_settings
from bot.checking.slack import check_slack
from bot.settings import Settings, SettingsError, load_settings
from bot.terminal import clean, console, json_line
from bot.wiring import Wiring
from handlers.checking import check_record
from handlers.checking.findings import Finding, Severity, counted, fine, missing
from handlers.desk import utc_now
from knowledge.away import StoreError
from knowledge.parties import unreachable
from knowledge.store import HEAD, safe_url
from knowledge.workdays import day_of

_MARKS = {Severity.MISSING: ("✗", "red"), Severity.WARNING: ("!", "yellow"), Severity.FINE: ("✓", "green")}


@click.command()
@click.option("--send-to", metavar="ADDRESS", default="", help="Send one letter there, to see that e-mail arrives.")
@click.option("--json", "as_object", is_flag=True, help="What was found as one JSON object.")
def check(send_to: str, as_object: bool) -> None:
    """Before going live: say what is missing for concerns to reach people, and what to do about each.

    With --json: `ready` (true where nothing is missing), `missing` and `warnings` (how many), `findings`: objects of
    `severity` (missing, warning or fine), `about`, `what` and `do`. Exit code 1 while something is missing, 0 where
    there are only warnings. Nothing is sent and nothing changed, but the letter that --send-to asks for.
    """
    found = _found(send_to)
    lacking = sum(one.severity is Severity.MISSING for one in found)
    warnings = sum(one.severity is Severity.WARNING for one in found)
    if as_object:
        findings = [{**one._asdict(), "severity": one.severity.value} for one in found]
        print(json_line({"ready": not lacking, "missing": lacking, "warnings": warnings, "findings": findings}))
    else:
        _show(found)
        console.print(f"\n{_summary(lacking, warnings)}", style="bold", markup=False)
    sys.exit(1 if lacking else 0)


def _found(send_to: str) -> list[Finding]:
    try:
        settings = load_settings()
    except SettingsError as error:
        what = "docs/handbook/settings.md says what each may be"
        return [missing(ABOUT, line, what) for line in str(error).splitlines()]
    if send_to and "email" not in channels_of(settings):
        what = "DESK_SMTP_HOST and DESK_MAIL_FROM, or DESK_NOTIFY_KEY and DESK_NOTIFY_TEMPLATE"
        raise click.UsageError(f"--send-to needs a way to send e-mail: set {what}")
    wiring, day = Wiring(settings), day_of(utc_now())
    found = [*check_settings(settings, day), *check_levels(wiring), *_record(settings, wiring)]
    return [*found, *check_slack(settings), *check_mail(settings, send_to), *check_notify(settings, send_to)]


def _record(settings: Settings, wiring: Wiring) -> list[Finding]:
    """What is in the record; where it cannot be opened, that."""
    try:
        store = wiring.store
    except StoreError as error:
        return [missing("Record", f"{error}.", "Nothing in it could be looked at: mend this first")]
    version = fine("Record", f"{safe_url(store.url)}, version {HEAD}")
    found = [*check_record(store, day_of(utc_now()), channels_of(settings)), *check_papers(wiring)]
    with store.reading() as connection:
        deaf = unreachable(connection)
    return [version, *found, *check_notices(settings, store), *check_officers(settings, deaf)]


def _show(found: Sequence[Finding]) -> None:
    """The findings under their headings, each with its mark; under what is not fine, what to do."""
    for about, group in groupby(found, key=lambda one: one.about):
        console.print(Text(about, style="bold"))
        for one in group:
            mark, colour = _MARKS[one.severity]
            console.print(Text(f"  {mark} ", style=colour), Text(clean(one.what)), sep="", soft_wrap=True)
            if one.do:
                console.print(Text(f"    → {clean(one.do)}", style="dim"), soft_wrap=True)


def _summary(lacking: int, warnings: int) -> str:
    rest = f"{counted(warnings, 'warning', 'warnings')}" if warnings else "no warnings"
    if lacking:
        return f"Not ready: {counted(lacking, 'thing is', 'things are')} missing, {rest}."
    return f"Ready, with {rest}."
