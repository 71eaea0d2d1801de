"""desk index, desk documents."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line, plain
from bot.wiring import Wiring
from knowledge import library
from knowledge.documents.importing import Report
from knowledge.documents.index import ensure_index
from knowledge.takings.papers import take_papers


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_object", is_flag=True, help="The report as one JSON object.")
def index(paths: tuple[Path, ...], as_object: bool) -> None:
    """Read files and folders (PATHS) into the record: TXT, Markdown, HTML, PDF, DOCX, and a documents.csv beside them.

    Exit code 1 if any file could not be read; the rest is read all the same.
    """
    wiring = Wiring(load_settings())
    errors = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=errors, transient=True
    ) as bar:
        task = bar.add_task("reading", total=None)

        def progress(done: int, of: int, name: str) -> None:
            bar.update(task, completed=done, total=of, description=clean(name)[:50] or "writing")

        report, _ = take_papers(wiring.store, paths, wiring.pack, wiring.limits, progress)
        ensure_index(wiring.store, wiring.pack, wiring.settings.index_path)
    if as_object:
        print(json_line(_report(report)))
    else:
        _show(report)
    sys.exit(1 if report.problems or not report.taken else 0)


def _report(report: Report) -> dict[str, object]:
    return {
        "edition": report.edition,
        "documents": [
            {
                "file": t.file,
                "id": t.id,
                "state": t.state,
                "passages": t.passages,
                "pages": t.pages,
                "notes": list(t.notes),
            }
            for t in report.taken
        ],
        "problems": [{"file": problem.file, "reason": problem.reason} for problem in report.problems],
    }


def _show(report: Report) -> None:
    if report.taken:
        table = Table("id", "file", "", "passages", "pages", box=None, header_style="dim")
        for taken in report.taken:
            table.add_row(taken.id, plain(taken.file), taken.state, str(taken.passages), str(taken.pages or ""))
        console.print(table)
    for taken in report.taken:
        for note in taken.notes:
            console.print(f"note: {clean(taken.file)}: {clean(note)}", markup=False)
    for problem in report.problems:
        console.print(f"not read: {clean(problem.file)}: {clean(problem.reason)}", style="red", markup=False)
    total = sum(taken.passages for taken in report.taken)
    console.print(
        f"{len(report.taken)} read with {total:,} passages, {len(report.problems)} not. Edition {report.edition}."
    )


@click.group(invoke_without_command=True)
@click.option("--json", "as_list", is_flag=True, help="The documents as a JSON array.")
@click.pass_context
def documents(ctx: click.Context, as_list: bool) -> None:
    """List the documents the desk holds, or remove one."""
    if ctx.invoked_subcommand:
        return
    with Wiring(load_settings()).store.reading() as connection:
        held = [(about, len(cut)) for about, cut in library.everything(connection)]
    if as_list:
        print(json_line([{**a.model_dump(mode="json"), "passages": n} for a, n in held]))
        return
    if not held:
        console.print("No documents yet. Try: desk index FOLDER")
        return
    table = Table("id", "title", "published", "status", "access", "passages", box=None, header_style="dim")
    for about, count in held:
        table.add_row(
            about.id, *map(plain, (about.title, about.published, about.status)), about.access.value, str(count)
        )
    console.print(table)


@documents.command()
@click.argument("id")
@click.option("--json", "as_object", is_flag=True, help="What was removed, as JSON.")
def remove(id: str, as_object: bool) -> None:
    """Remove the document ID and its passages. To bring it back, index its file again."""
    wiring = Wiring(load_settings())
    removed = library.remove(wiring.store, id)
    if removed:
        ensure_index(wiring.store, wiring.pack, wiring.settings.index_path)
    if as_object:
        print(json_line({"id": id, "removed": removed}))
    elif removed:
        console.print(f"Removed {clean(id)}.", markup=False)
    if not removed:
        complain(f"there is no document {id!r}; `desk documents` lists them")
        sys.exit(1)
