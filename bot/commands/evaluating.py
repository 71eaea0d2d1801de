"""desk evaluate."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table as Grid

from bot.logs import set_up_logs
from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line, plain
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.evaluating import LESS_IS_BETTER, MEASURES, Asked, Result, differences, judge, measure, read_questions
from handlers.messages import Message
from knowledge.models import Role

Figures = dict[str, dict[str, float]]
_MOVED = 0.0005


@click.command()
@click.argument("questions", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "role", type=click.Choice([role.value for role in Role]), default="officer", show_default=True)
@click.option("--misses", is_flag=True, help="Also each question that went wrong: what was shown, what is right.")
@click.option("--json", "as_object", is_flag=True, help="The figures as one JSON object.")
@click.option("--dry-run", is_flag=True, help="Compare with the last run, and do not become it.")
def evaluate(questions: Path, role: str, misses: bool, as_object: bool, dry_run: bool) -> None:
    """Ask every question of QUESTIONS and count how well the desk answers, beside the last run.

    QUESTIONS is a file of JSON lines: id, question, kind (plain, list ...), source (the paper's id) and gold: words of
    the paper that the right passage holds, [] where the papers do not answer. See "Measuring answers" in the handbook.

    \b
    hit@1, hit@3   the first passage shown is right; one of the first three is
    place          it is named with its paper and its place
    silent         a question the papers answer was not answered
    whole          of a list, the share of its lines that came
    invented       a question the papers do not answer was "answered"
    """
    settings = load_settings()
    set_up_logs(settings.log_level)
    asked, problems = read_questions(questions)
    for number, reason in problems:
        complain(f"{questions.name}, line {number}: {clean(reason)}")
    if not asked:
        raise click.ClickException(f"{questions.name} holds no question")
    results, took = _ask(Wiring(settings), asked, Role(role))
    figures = measure(results)
    last = settings.home / "evaluations" / f"{questions.stem}.json"
    before = _last(last)
    if as_object:
        print(json_line({"figures": figures, "before": before or None, "took_ms": round(median(took), 1)}))
    else:
        _show(figures, before, took)
        _show_misses(results if misses else ())
    if not dry_run:
        last.parent.mkdir(parents=True, exist_ok=True)
        last.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    sys.exit(1 if problems else 0)


def _ask(wiring: Wiring, asked: Sequence[Asked], role: Role) -> tuple[list[Result], list[float]]:
    wiring.index.get()
    results, took = [], []
    for one in track(asked, description="asking", console=Console(stderr=True), transient=True):
        started = time.perf_counter()
        reply = handle(
            Message(text=one.question, roles=frozenset({role}), surface="evaluation", trial=True), wiring.desk
        )
        took.append((time.perf_counter() - started) * 1000)
        results.append(judge(one, reply))
    return results, took


def _last(path: Path) -> Figures:
    try:
        found: Figures = json.loads(path.read_text(encoding="utf-8"))
        return found
    except (OSError, json.JSONDecodeError):
        return {}


def _show(figures: Figures, before: Figures, took: Sequence[float]) -> None:
    table = Grid("", "n", *MEASURES, box=None, header_style="dim")
    for kind, found in figures.items():
        moved = differences(found, before.get(kind, {}))
        cells = [_cell(name, found, moved) for name in MEASURES]
        table.add_row(plain(kind), f"{found['n']:.0f}", *cells, style="bold" if kind.startswith("all ") else "")
    console.print(table)
    console.print(f"A question took {median(took):.0f} ms, the slowest {max(took):.0f} ms.", style="dim")
    if not before:
        console.print("The first run of these questions: the next is shown beside it.", style="dim")


def _cell(name: str, found: dict[str, float], moved: dict[str, float]) -> str:
    if name not in found:
        return ""
    change = moved.get(name, 0.0)
    if abs(change) < _MOVED:
        return f"{found[name]:.3f}"
    better = (change < 0) == (name in LESS_IS_BETTER)
    return f"{found[name]:.3f} [{'green' if better else 'red'}]{change:+.3f}[/]"


def _show_misses(results: Sequence[Result]) -> None:
    for result in results:
        if not result.missed:
            continue
        asked, shown = result.asked, result.reply.citations
        console.print(f"\n{clean(asked.id)} ({clean(asked.kind)}) {clean(asked.question)}", style="bold", markup=False)
        first = f"{shown[0].document}, {shown[0].locator}: {(shown[0].quote or '')[:160]}" if shown else ""
        console.print(f"  {result.reply.outcome.value} {clean(first)}", markup=False)
        right = f"right: {clean(asked.gold[0])}" if asked.gold else "the papers do not answer this"
        console.print(f"  {right}", style="dim", markup=False)
