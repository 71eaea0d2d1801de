"""Cells that say how much of a contract's money goes to small firms or the voluntary sector."""

from __future__ import annotations

import re
from decimal import Decimal

_SHARE = re.compile(r"(?P<figure>\d{1,3}(?:\.\d+)?)\s*(?P<sign>%|per ?cent|percent|pc)?", re.IGNORECASE)
_MOST = Decimal(100)


def read_share(text: str) -> Decimal | None:
    """A share in per cent, 0 to 100: "18%", "18 per cent", "18". A figure below 1 without a sign is a part of 1, as
    spreadsheets write percentages ("0.18"). None where the cell says anything else ("about a fifth"): nothing is
    guessed."""
    found = _SHARE.fullmatch(" ".join(text.split()))
    if not found:
        return None
    figure = Decimal(found["figure"])
    share = figure * 100 if figure < 1 and "." in found["figure"] and not found["sign"] else figure
    return share.normalize() + 0 if share <= _MOST else None
