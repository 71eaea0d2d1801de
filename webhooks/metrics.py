"""The desk's figures for Prometheus: to whoever holds the token, and without one to nobody."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.looking import look
from bot.wiring import Wiring
from webhooks.gauges import gauges
from webhooks.safety import csrf, current_wiring, limiter, signed

blueprint = Blueprint("metrics", __name__)


class _Gauges(Collector):
    """Counted from the record whenever they are asked for, so that any process is right."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Whether the record answers, and what it says."""
        try:
            figures, machine = look(self._wiring)
        except Exception:  # what the process counts itself is told all the same
            yield GaugeMetricFamily("desk_record_up", "Whether the record answers", value=0)
            return
        yield GaugeMetricFamily("desk_record_up", "Whether the record answers", value=1)
        yield from gauges(figures, machine)


@blueprint.get("/metrics")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask_wtf has no types
@limiter.exempt
@signed
def page() -> ResponseReturnValue:
    """Figures, by the token of the settings."""
    wiring = current_wiring()
    token = wiring.settings.metrics_token.get_secret_value()
    if not token:
        return jsonify(error="nothing is told here: DESK_METRICS_TOKEN is not set"), 404
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return jsonify(error="the token does not fit"), 401, {"WWW-Authenticate": "Bearer"}
    registry = CollectorRegistry()
    registry.register(_Gauges(wiring))
    told = generate_latest(registry) + generate_latest(current_app.extensions["counts"].told())
    return told, 200, {"Content-Type": CONTENT_TYPE_LATEST}
