"""The figures as Prometheus reads them. Names, help and labels stay: alerts and dashboards are built on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client.core import GaugeMetricFamily

from knowledge.status.nouns import Figures, Machine

Samples = Mapping[Any, float | None]
"""Values by their labels' tuples."""


def gauges(figures: Figures, machine: Machine) -> Iterator[GaugeMetricFamily]:
    """All of them. Of the whole desk, but those that say "here"."""
    yield from _sending(figures)
    yield from _promises(figures)
    yield from _running(figures)
    yield from _here(figures, machine)


def _sending(figures: Figures) -> Iterator[GaugeMetricFamily]:
    queues = figures.queues.items()
    told = (
        ("waiting", "Notifications that have not left", "waiting"),
        ("due", "Notifications that could leave now", "due"),
        ("again", "Notifications tried again after a failure", "again"),
        ("urgent", "Urgent notifications that could leave now", "urgent"),
        ("oldest_seconds", "For how long the first notification has been due", "oldest"),
        ("urgent_oldest_seconds", "For how long the first urgent notification has been due", "oldest_urgent"),
        ("parked", "Notifications left to a person", "parked"),
    )
    for name, about, field in told:
        samples = {(channel,): getattr(queue, field) for channel, queue in queues}
        yield _gauge(f"notifications_{name}", f"{about}, by channel", samples, ("channel",))


def _promises(figures: Figures) -> Iterator[GaugeMetricFamily]:
    came, asked, levels = figures.intake, figures.enquiries, figures.concerns.items()
    for field in ("open", "unacknowledged", "unanswered"):
        about = "open" if field == "open" else f"open, {field} past their time"
        samples = {(level,): getattr(one, field) for level, one in levels}
        yield _gauge(f"concerns_{field}", f"Concerns that are {about}, by service level", samples, ("level",))
    yield _one("incoming_waiting", "Messages that came in and are not handled", came.waiting)
    yield _one("incoming_oldest_seconds", "Since when the first of them waits", came.oldest)
    yield _one("incoming_parked", "Messages that could not be handled", came.parked)
    yield _one("enquiries_waiting", "Questions that wait for a person", asked.waiting)
    yield _one("enquiries_overdue", "Those of them past the day promised", asked.overdue)
    yield _one("enquiries_oldest_seconds", "Since when the first of them waits", asked.oldest)
    yield _one("postings_waiting", "Postings that wait for an officer", figures.postings)
    states = {(state,): count for state, count in figures.subscriptions.items()}
    yield _gauge("subscriptions", "Subscriptions, by state; active: confirmed", states, ("state",))
    yield _one("endpoints", "Endpoints that webhooks go to", figures.endpoints)
    yield _one("endpoints_failing", "Those of them at which the last sending did not arrive", figures.failing)


def _running(figures: Figures) -> Iterator[GaugeMetricFamily]:
    alive = {(kind, where): n for kind, one in figures.processes.items() for where, n in one.machines.items()}
    yield _gauge("processes_alive", "Processes heard of within a minute", alive, ("kind", "machine"))
    kinds = figures.processes.items()
    lost = {(kind,): one.lost for kind, one in kinds}
    yield _gauge("processes_lost", "Processes that fell silent in the last quarter of an hour", lost, ("kind",))
    silence = {(kind,): one.silence for kind, one in kinds}
    yield _gauge("heartbeat_age_seconds", "Since when no process of the kind was heard of", silence, ("kind",))
    workers = figures.processes.get("work")
    yield _one("workers_alive", "Workers heard of within a minute", workers.alive if workers else 0)
    yield _one("timed_late_seconds", "By how much timed work is late", figures.timed_late)
    poll, assured = figures.poll, figures.assured
    yield _one("poll_age_seconds", "Since when no poll of the feed of notices has ended", poll.silence)
    yield _one("poll_behind_seconds", "For how long the feed of notices has not been read", poll.behind)
    yield _one("poll_failed", "Whether the last poll failed", float(bool(poll.problem)))
    yield _one(
        "assurance_age_seconds", "Since when it was not checked who was told", assured.silence if assured else None
    )
    yield _one("assurance_holes", "People whom the last check found not told", assured.holes if assured else None)
    yield _one("record_version", "The record's version", float(figures.version or 0))


def _here(figures: Figures, machine: Machine) -> Iterator[GaugeMetricFamily]:
    papers, register = machine.papers, machine.register_index
    wanted = {("papers",): figures.papers, ("register",): figures.register_edition}
    yield _gauge("index_edition_wanted", "The edition an index made now would have", wanted, ("index",))
    here = {("papers",): papers.edition, ("register",): register.edition}
    yield _gauge("index_edition_here", "The edition of this machine's index", here, ("index",))
    behind = {("papers",): float(papers.behind), ("register",): float(register.behind)}
    yield _gauge("index_behind_here", "Whether this machine's index is behind", behind, ("index",))
    yield _one("disk_free_bytes_here", "Bytes free where this machine keeps its files", machine.free)


def _one(name: str, about: str, value: float | None) -> GaugeMetricFamily:
    return _gauge(name, about, {(): value}, ())


def _gauge(name: str, about: str, samples: Samples, labels: tuple[str, ...]) -> GaugeMetricFamily:
    """What is not known has no sample."""
    family = GaugeMetricFamily(f"desk_{name}", about, labels=labels)
    for said, value in samples.items():
        if value is not None:
            family.add_metric(said, float(value))
    return family
