"""Criteria as the fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.understanding.nouns import Teller

FIELDS = ("about", "cpv", "area", "low", "high", "kinds", "suited", "every")
"""The fields of a form. `kinds`: values of Offer, joined by commas; `suited`: sme, vcse; `every`: see `pace`."""


def fields_of(criteria: Criteria, every: str = "") -> dict[str, str]:
    """What the fields hold for these criteria."""
    raise NotImplementedError


def read_fields(fields: Mapping[str, str], teller: Teller) -> tuple[Criteria, str, dict[str, str]]:
    """The criteria of a form as it was filled in, how often ("at once" where it does not say), and what is wrong with
    it by field. What is wrong is left out of the criteria."""
    raise NotImplementedError
