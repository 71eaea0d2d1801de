"""Of what the sample council's invented concerns of a year are, and its reviews."""

from __future__ import annotations

from typing import NamedTuple

DISTRICTS = ("Marlchester", "Brenmouth", "Quillendale", "Pellingarth", "Saltmarl Coast", "High Marl", "")
ANYWHERE = (9, 7, 4, 5, 3, 2, 4)
"""How often a district is named by concerns about what the whole county has."""
REVIEWS = (("mcc-0009", "met", 40), ("mcc-0024", "partly", 120), ("mcc-0032", "not_met", 75), ("mcc-0015", "met", 200))
"""Reviews held: contract, what they found, how many days ago."""


class About(NamedTuple):
    """Concerns about one contract. `many`: how many; `late`: the part of them answered late; `asks`: the part about
    which its provider was asked; `fair`: the part of these that the provider answers in time."""

    contract: str
    service: str
    many: int
    district: str = ""
    late: float = 0.2
    asks: float = 0.5
    fair: float = 0.8


YEAR = (
    About("mcc-0001", "home-care", 62, "Marlchester", 0.3, 0.8, 0.6),
    About("mcc-0002", "home-care", 47, "Brenmouth", 0.15, 0.8, 0.9),
    About("mcc-0003", "home-care", 31, "Quillendale", 0.25, 0.7),
    About("mcc-0004", "home-care", 28, "Pellingarth", 0.2, 0.7),
    About("mcc-0005", "home-care", 21, "Saltmarl Coast", 0.3, 0.7),
    About("mcc-0010", "carers-support", 3),
    About("mcc-0012", "community-meals", 8, "", 0.1),
    About("mcc-0024", "school-coaches", 26, "", 0.35, 0.6, 0.5),
    About("mcc-0025", "send-transport-routes", 53, "", 0.4, 0.7, 0.5),
    About("mcc-0030", "school-meals", 4),
    About("mcc-0032", "pothole-repairs", 51, "", 0.25, 0.4),
    About("mcc-0032", "highway-drainage-repairs", 14, "", 0.4, 0.4),
    About("mcc-0032", "footway-repairs", 12, "", 0.1, 0.4),
    About("mcc-0033", "street-lighting", 25, "", 0.25, 0.4),
    About("mcc-0034", "winter-gritting", 7),
    About("mcc-0036", "recycling-centre-operation", 12, "", 0.0, 0.2),
    About("mcc-0038", "supported-buses", 19, "High Marl", 0.3, 0.5),
    About("mcc-0040", "libraries", 6, "", 0.0, 0.0),
    About("", "", 14, "", 0.4, 0.0),
)
