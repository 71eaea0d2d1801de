"""How the desk does, as this process sees it."""

from __future__ import annotations

from datetime import timedelta

from bot.wiring import Wiring
from knowledge.services import catalogue
from knowledge.status.counting import figures
from knowledge.status.judging import lines
from knowledge.status.machine import machine
from knowledge.status.nouns import Figures, Line, Machine


def look(wiring: Wiring) -> tuple[Figures, Machine]:
    """The whole desk's figures, and this machine's."""
    return figures(wiring.store), machine_of(wiring)


def machine_of(wiring: Wiring) -> Machine:
    """What this machine holds of its own."""
    paths = wiring.settings.index_path, wiring.settings.register_index_path
    return machine(wiring.store, wiring.pack, catalogue(), *paths)


def judged(wiring: Wiring, found: tuple[Figures, Machine]) -> list[Line]:
    """A line about each thing, by the settings of this process."""
    return lines(*found, poll_every=timedelta(minutes=wiring.settings.notices_every))
