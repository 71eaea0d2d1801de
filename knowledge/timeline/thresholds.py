"""From what value, and since when, the Procurement Act 2023 asks for notices: a dated table."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from pydantic import Field

from knowledge.models import Noun

VAT = Decimal("1.20")
"""What a value without VAT is raised by before it is compared: the Act's thresholds are with VAT."""


class Thresholds(Noun):
    """The values that count from a day on, in pounds with VAT."""

    since: date = Field(alias="from")
    notifiable: int
    goods_and_services: int
    works: int
    light_touch: int
    concession: int


@cache
def all_thresholds() -> tuple[Thresholds, ...]:
    """Every row of the table, oldest first."""
    text = files("knowledge").joinpath("data", "timeline", "thresholds.toml").read_text(encoding="utf-8")
    rows = [Thresholds.model_validate(row) for row in tomllib.loads(text)["row"]]
    return tuple(sorted(rows, key=lambda row: row.since))


def thresholds_on(day: date) -> Thresholds | None:
    """The values that count for a procurement begun on a day; None for one begun before the Act."""
    return next((row for row in reversed(all_thresholds()) if row.since <= day), None)
