"""What is well and what is not, a line each, and what to do about what is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from knowledge.outbox.heartbeats import WORK
from knowledge.status.nouns import Figures, Held, Line, Machine, Processes
from knowledge.status.promises import concerns, enquiries, intake, polling, sending, telling
from knowledge.status.words import ago

_TIMED_LATE = 120.0
_FREE = 1_000_000_000
"""Bytes free below which a disk is nearly full."""


def lines(figures: Figures, machine: Machine, poll_every: timedelta = timedelta()) -> list[Line]:
    """One screen. `poll_every`: how often the feed of notices is polled; 0: never."""
    return [
        *_processes(figures), *sending(figures), *intake(figures), *concerns(figures), *enquiries(figures),
        *polling(figures, poll_every), *telling(figures), *_timed(figures), *_machine(figures, machine),
    ]  # fmt: skip


def all_well(found: list[Line]) -> bool:
    """Whether there is nothing to do."""
    return all(line.well for line in found)


def _processes(figures: Figures) -> Iterator[Line]:
    workers = figures.processes.get(WORK, Processes())
    if not workers.alive:
        when = "in the last day" if workers.silence is None else f"for {ago(workers.silence)}"
        yield Line(
            name="workers", said=f"none has been heard of {when}: nothing is sent, no reminder, no warning", well=False,
            do="Start one, and keep it running: desk work (or desk serve --all)",
        )  # fmt: skip
    for kind, some in sorted(figures.processes.items()):
        if some.alive or some.lost:
            yield _kind("workers" if kind == WORK else f"{kind} processes", some)


def _kind(name: str, some: Processes) -> Line:
    where = ", ".join(f"{count} on {machine}" for machine, count in sorted(some.machines.items()))
    said = f"{some.alive} alive ({where})" if some.alive else "none alive"
    if not some.lost:
        return Line(name=name, said=said)
    do = (
        "It ended without saying so. See its log, and that something starts it again; forgotten in a quarter of an hour"
    )
    return Line(name=name, said=f"{said}, {some.lost} lost in the last quarter of an hour", well=False, do=do)


def _timed(figures: Figures) -> Iterator[Line]:
    if figures.timed_late > _TIMED_LATE and figures.processes.get(WORK, Processes()).alive:
        said = f"should have been done {ago(figures.timed_late)} ago"
        yield Line(name="timed work", said=said, well=False, do="See the worker's log, then start it again: desk work")


def _machine(figures: Figures, machine: Machine) -> Iterator[Line]:
    yield _held("papers' index here", machine.papers)
    yield _held("register's index here", machine.register_index)
    full = machine.free < _FREE
    do = "Make room: where nothing can be written down, nothing is taken in" if full else ""
    yield Line(name="disk here", said=f"{machine.free / 1e9:,.1f} GB free", well=not full, do=do)
    yield Line(name="record", said=f"version {figures.version}")


def _held(name: str, held: Held) -> Line:
    """One that is behind still answers, and is built anew by whatever asks it next."""
    if not held.behind:
        return Line(name=name, said=f"edition {held.wanted}, the newest")
    has = "none yet" if held.edition is None else f"edition {held.edition}"
    return Line(name=name, said=f"{has}; edition {held.wanted} is built with the next question")
