"""desk report."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.reports import as_csv, as_html, as_json, show_report
from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line
from bot.whole_files import whole
from bot.wiring import Wiring
from handlers.reports.making import contracts_of, make, past_year
from handlers.reports.nouns import About, Report, Wish
from handlers.reports.seeing import NoSuchReport, account_for
from knowledge.reports.nouns import Period

_Command = Callable[..., None]
_DAY = click.DateTime(["%Y-%m-%d"])
_OPTIONS = (
    click.option("--from", "first", type=_DAY, metavar="DAY", help="Concerns raised from this day (2026-04-01)."),
    click.option("--to", "last", type=_DAY, metavar="DAY", help="Up to this day; else today."),
    click.option("--json", "as_object", is_flag=True, help="The figures as one JSON object."),
    click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures there."),
    click.option("--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a page there."),
)


@click.group()
def report() -> None:
    """Figures on concerns, reviews, the register and intentions: for a committee, on a contract, on a provider.

    The last year, unless --from and --to say otherwise. Figures under five by contract or area are not shown.
    """


def _with_options(command: _Command) -> _Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@report.command()
@click.option("--directorate", default="", metavar="NAME", help="Of this directorate's contracts only.")
@_with_options
def committee(directorate: str, **given: Any) -> None:
    """Report to a committee: concerns by contract, service and area, reviews, the register, intentions changed."""
    _report(About.COMMITTEE, directorate, **given)


@report.command()
@click.argument("reference")
@_with_options
def contract(reference: str, **given: Any) -> None:
    """Report on the contract REFERENCE: its concerns, its provider's answers, its reviews."""
    _report(About.CONTRACT, reference, **given)


@report.command()
@click.argument("name")
@_with_options
def provider(name: str, **given: Any) -> None:
    """Report on the provider NAME, as the register has it: the concerns and reviews of its contracts."""
    _report(About.PROVIDER, name, **given)


def _report(
    about: About,
    subject: str,
    first: datetime | None,
    last: datetime | None,
    as_object: bool,
    csv_file: Path | None,
    html_file: Path | None,
) -> None:
    wiring = Wiring(load_settings())
    made = _made(wiring, Wish(about=about, subject=subject, period=_period(wiring, first, last)), exported=bool(
        csv_file or html_file))  # fmt: skip
    for file, draw in ((csv_file, as_csv), (html_file, as_html)):
        if file:
            _write(file, draw(made))
    if as_object:
        print(json_line(as_json(made)))
    elif not (csv_file or html_file):
        show_report(made, console)


def _period(wiring: Wiring, first: datetime | None, last: datetime | None) -> Period:
    year = past_year(last.date() if last else wiring.desk.day)
    found = Period(first.date() if first else year.first, year.last)
    if found.first > found.last:
        raise click.UsageError("--from is after --to")
    return found


def _made(wiring: Wiring, wish: Wish, *, exported: bool) -> Report:
    desk = wiring.desk
    try:
        with desk.store.reading() as connection:
            made = make(wish, connection, desk)
            held = contracts_of(connection, wish)
    except NoSuchReport as error:
        complain(str(error))
        sys.exit(1)
    with desk.store.writing() as connection:
        account_for(wish, held, connection, desk, "", exported=exported)
    return made


def _write(file: Path, text: str) -> None:
    try:
        with whole(file, "utf-8-sig" if file.suffix == ".csv" else "utf-8") as stream:
            stream.write(text)
    except OSError as error:
        complain(f"{file}: {error.strerror or error}")
        sys.exit(1)
    console.print(f"Written to {clean(str(file))}.", markup=False)
