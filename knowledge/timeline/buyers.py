"""Whose a notice is: the council's own, by the names and numbers that feeds write for it, and no lookalike's."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from knowledge.timeline.reading.keys import plain_name
from knowledge.timeline.reading.mending import mend_text

_BESIDE = re.compile(r"\s*(\(|\bt/a\b|\btrading as\b|\bacting\b|\bon behalf of\b|,|:|;|/|\s[-–—]\s).*", re.I)
"""Where a name ends and what somebody put beside it begins: a department, a trading name."""


@dataclass(frozen=True)
class Buyers:
    """The council as feeds write it. None settled: whose a notice is cannot be told."""

    names: frozenset[str]
    ids: frozenset[str]

    @classmethod
    def of(cls, text: str, council: str = "") -> Buyers:
        """From a setting: names and buyer numbers with semicolons (or commas, where it has none) between them. Without
        any, the council's own name, where that is settled."""
        given = [part.strip() for part in text.split(";" if ";" in text else ",") if part.strip()]
        if not given and council.strip().lower() not in ("", "the council"):
            given = [council]
        ids = {one.casefold() for one in given if re.fullmatch(r"[A-Z]{2}-[A-Z]+-\S+", one)}
        return cls(frozenset(plain_name(one) for one in given if one.casefold() not in ids), frozenset(ids))

    @property
    def settled(self) -> bool:
        """Whether the council can be told from others."""
        return bool(self.names or self.ids)

    @property
    def fingerprint(self) -> str:
        """Changes when the setting does."""
        return hashlib.sha256("\n".join(sorted(self.names | self.ids)).encode()).hexdigest()[:16]

    def own(self, name: str, id: str = "") -> bool:
        """Whether a buyer is the council: by its number, or by its name, with or without a department or a trading
        name beside it. "Marlshire County Council Pension Fund" and "East Marlshire County Council" are others."""
        if id and id.casefold() in self.ids:
            return True
        name = mend_text(name)
        return plain_name(name) in self.names or plain_name(_BESIDE.sub("", name, count=1)) in self.names
