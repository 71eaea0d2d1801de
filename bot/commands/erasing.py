"""What an erasure would do, the word for it, and what came of it."""

from __future__ import annotations

import sys
from typing import Any

import click

from bot.terminal import clean, complain, console, json_line
from bot.wiring import Wiring
from handlers.subjects.erasing import Erasing


def confirmed(found: Erasing, name: str, yes: bool, as_object: bool) -> bool:
    """Says what would go, and whether it is to. `name`: what must be typed for it. Ends the command where not."""
    if yes:
        return True
    if as_object:
        print(json_line(_as_json(found, done=False)))
        sys.exit(1)
    _show(found, "Would be erased")
    typed = click.prompt(f"\nIt cannot be had back. Type {name} to erase it", default="", show_default=False)
    if typed.strip().casefold() != name.strip().casefold():
        complain("nothing was erased")
        sys.exit(1)
    return True


def erased(wiring: Wiring, found: Erasing | None, as_object: bool) -> None:
    """Says what came of it, once the desk's own messages in Slack are taken back."""
    if found is None:  # somebody else was first
        raise click.ClickException("there is nothing to erase any more")
    from bot.slack.taking_back import take_back  # which takes its time to load

    left = take_back(wiring.settings, found.posts)
    if left:
        more = f"{left:,} messages of the desk's own in Slack could not be deleted: they name the reference"
        found = found._replace(problem="; ".join(filter(None, (found.problem, more))))
    if as_object:
        print(json_line(_as_json(found, done=True)))
        return
    _show(found, "Erased")
    if found.problem:
        complain(found.problem)


def _as_json(found: Erasing, *, done: bool) -> dict[str, Any]:
    lists = {name: list(getattr(found, name)) for name in ("stays", "held", "left", "unreached")}
    posts = {"slack_posts": len(found.posts), "problem": found.problem or None}
    return {"done": done, "counts": found.counts, **lists, **posts}


def _show(found: Erasing, head: str) -> None:
    some = ", ".join(f"{name}: {count:,}" for name, count in found.counts.items() if count)
    console.print(f"{head}: {some or 'nothing'}", style="bold", markup=False)
    if found.posts:
        console.print(f"Messages of the desk's own in Slack, deleted with it: {len(found.posts):,}", markup=False)
    for title, lines in (
        ("The address stays for now", found.held), ("What stays", found.stays),
        ("It still stands in", found.left), ("What the desk cannot reach", found.unreached),
    ):  # fmt: skip
        if lines:
            console.print(f"\n{title}:", style="bold", markup=False)
        for line in lines:
            console.print(f"  {clean(line)}", markup=False, soft_wrap=True)
