"""The header Retry-After, as servers write it."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime


def asked_to_wait(header: str, now: datetime, most: timedelta) -> timedelta | None:
    """How long a server asks to be left alone: seconds, whole or not, or a date as HTTP writes it; `most` at the most,
    None where it does not say."""
    seconds = _seconds(header.strip(), now)
    if seconds is None or math.isnan(seconds):
        return None
    return timedelta(seconds=min(max(seconds, 0.0), most.total_seconds()))


def _seconds(header: str, now: datetime) -> float | None:
    try:
        return float(header)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return (moment.replace(tzinfo=moment.tzinfo or now.tzinfo) - now).total_seconds()
