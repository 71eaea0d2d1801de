"""Timed work beside concerns' own: each job once in the whole cluster, as often as it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy.engine import Connection

from handlers.assuring import assure
from handlers.desk import Desk
from handlers.intentions.ending import tell_ending
from handlers.patterns.finding import find
from handlers.postings.who import ask_again
from handlers.questions.reviewing import tell_due
from handlers.questions.round_up import tell_weekly
from handlers.questions.telling import tell_late
from handlers.retention import clean_up, clear
from handlers.reviews.reminding import remind
from knowledge.subscriptions.gathering import gather
from knowledge.subscriptions.reminding import tell_closing
from knowledge.timed import claim, is_due


class Job(NamedTuple):
    """Some work, in one transaction. `run` gives how much there was to do; `every`: how often it is looked for;
    `after`: what follows once that is committed, where there was anything."""

    name: str
    every: timedelta
    run: Callable[[Connection, Desk], int]
    after: Callable[[Desk], None] = lambda desk: None


JOBS: tuple[Job, ...] = (
    Job("retention", timedelta(hours=6), clear, clean_up),
    Job("closing", timedelta(minutes=1), lambda connection, desk: tell_closing(connection, desk.now())),
    Job("round-ups", timedelta(minutes=1), lambda connection, desk: gather(connection, desk.now())),
    Job("assurance", timedelta(minutes=15), assure),
    Job("ending", timedelta(hours=1), tell_ending),
    Job("contract reviews", timedelta(hours=1), remind),
    Job("patterns", timedelta(minutes=5), find),
    Job("late postings", timedelta(hours=1), ask_again),
    Job("late enquiries", timedelta(minutes=5), tell_late),
    Job("reviews", timedelta(hours=1), tell_due),
    Job("questions", timedelta(minutes=5), tell_weekly),
)
"""Every job there is."""


def run_due(desk: Desk, jobs: tuple[Job, ...] = JOBS) -> int:
    """Does what is due. Returns how much there was to do. A job that goes wrong is reported, and holds up no other."""
    done = 0
    for job in jobs:
        try:
            done += _run(job, desk)
        except Exception as error:
            desk.on_error(f"timed:{job.name}", error)
    return done


def _run(job: Job, desk: Desk) -> int:
    with desk.store.reading() as connection:
        if not is_due(connection, job.name, desk.now(), job.every):
            return 0
    with desk.store.writing() as connection:
        done = job.run(connection, desk) if claim(connection, job.name, desk.now(), job.every) else 0
    if done:
        job.after(desk)
    return done
