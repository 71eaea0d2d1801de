"""What the web processes count of themselves: requests and how long they took. Several share a folder, in which each
keeps a file, so that any of them can say it for all; without one, a process counts for itself."""

from __future__ import annotations

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that names the folder."""
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds. Slack waits three."""


class Counts:
    """The counters of one process, and what is told of them."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._own = CollectorRegistry()
        self._requests = Counter(
            "desk_requests", "Requests, by route and status", ("route", "method", "status"), registry=self._own
        )
        self._seconds = Histogram(
            "desk_request_seconds", "How long a request took", ("route",), buckets=_BUCKETS, registry=self._own
        )

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request. `route`: a template, never a path, which may hold what is private and has no end."""
        known = method if method in _METHODS else "other"
        self._requests.labels(route, known, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def told(self) -> CollectorRegistry:
        """What to tell: of all processes that share the folder, where there is one."""
        if FOLDER not in os.environ:
            return self._own
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return registry


def connect(app: Flask) -> None:
    """Has an application count its requests."""
    counts = app.extensions["counts"] = Counts()

    def begin() -> None:
        g.began = time.perf_counter()

    def end(response: Response) -> Response:
        began = g.pop("began", None)
        if began is not None:
            route = request.url_rule.rule if request.url_rule else "none"
            counts.count(route, request.method, response.status_code, time.perf_counter() - began)
        return response

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(end)
