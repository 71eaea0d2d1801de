"""Cells as they mean: text, yes or no, and suppliers packed with their addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.register.reading.days import looks_like_a_day

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b\ud800-\udfff]|_x000[Dd]_")
_YES = frozenset(
    (
        "y", "yes", "true", "t", "1", "1.0", "x", "✓", "✔", "sme", "small", "medium", "micro", "fixed", "vcse", "vcs",
        "vco", "charity", "both", "voluntary", "community", "small or medium", "fixed cost", "fixed price", "cic",
        "social enterprise", "voluntary sector", "community sector", "community interest company",
        "registered charity", "not for profit", "third sector",
    )
)  # fmt: skip
_NO = frozenset(
    (
        "n", "no", "false", "f", "0", "0.0", "✗", "✘", "large", "neither", "none", "estimated", "estimate", "variable",
        "not sme", "non-sme", "non sme", "not an sme", "large enterprise", "estimated cost", "not fixed",
    )
)  # fmt: skip
_STRANGER = re.compile(r"\S+@\S+\.\w+|https?://.*|[-£]?\s?\d[\d,.]+|£.*", re.I)
_PACKED = re.compile(r"\[([^|\]]*)\|([^|]*)\|([A-Z_ ]*)\|([^|\]]*)\|\s*(\w*)\s*\|\s*(\w*)\s*\]")
_FORMULA = re.compile(r"'(?='*(?:\s*[=+\-@]|[\t\r\n]))")


class NotYesOrNo(ValueError):
    """A cell for yes or no that holds something else altogether."""


def read_text(cell: str) -> str:
    """A cell's text: trimmed, without what no database takes and no reader sees. The mark by which spreadsheets are
    told that a cell is no formula comes off."""
    if not cell.isprintable() or "_x000" in cell:
        cell = _CONTROLS.sub("", cell)
    cell = cell.strip()
    return cell[1:].strip() if _FORMULA.match(cell) else cell


@lru_cache(maxsize=10_000)
def read_yes_no(text: str) -> bool | None:
    """Yes or no; None where the cell does not say. Raises NotYesOrNo for a day, a sum or an address."""
    word = " ".join(text.lower().split())
    if word in _YES or re.match(r"(yes|y)\b(?!.*\bno\b)", word):
        return True
    if word in _NO or re.match(r"(no|n)\b(?![/t])", word):
        return False
    if looks_like_a_day(word) or _STRANGER.fullmatch(word):
        raise NotYesOrNo(f"{text[:60]!r} is neither yes nor no")
    return None


def read_sme_vcse(text: str) -> tuple[bool | None, bool | None]:
    """One cell for both: "SME", "VCS", "SME: Y, VCS: N", "Both", "Neither". A mere "Yes" does not say which."""
    word = " ".join(text.lower().split())
    if word in ("both", "sme and vcs", "sme and vcse", "sme & vcs", "sme & vcse", "sme/vcs", "sme/vcse"):
        return True, True
    if word in ("n", "no", "neither", "none", "false", "0"):
        return False, False
    return _told(word, r"sme"), _told(word, r"vcs?e?|vco|voluntary|charity|community|social enterprise")


def _told(text: str, what: str) -> bool | None:
    """Whether the text says this of a supplier: with a yes or no behind it, or a "not" before, or merely named."""
    found = re.search(rf"(\bnot? (?:an? )?|\bnon-?\s?)?\b(?:{what})\b[\s:=(-]*(yes|no|y|n|true|false)?\b", text)
    if not found:
        return None
    return not found[1] and found[2] not in ("no", "n", "false")


@dataclass(frozen=True)
class Suppliers:
    """What a supplier cell says. Several names and numbers are joined with "; "; `sme` and `vcse`: whether any is."""

    names: str
    company_number: str = ""
    charity_number: str = ""
    other_id: str = ""
    sme: bool | None = None
    vcse: bool | None = None
    packed: bool = False


def read_suppliers(text: str) -> Suppliers:
    """A supplier cell: plain text as it stands, or one or more of [Name|Address|Ref type|Ref|SME|VCSE]."""
    found = _PACKED.findall(text) if text.startswith("[") and "|" in text else []
    if not found:
        return Suppliers(text)
    ids: dict[str, list[str]] = {"company": [], "charity": [], "other": []}
    for _, _, kind, number, _, _ in found:
        if number.strip():
            place = "company" if "COMPAN" in kind else "charity" if "CHARIT" in kind else "other"
            ids[place].append(number.strip() if place != "other" else f"{kind.strip()} {number.strip()}".strip())
    names = dict.fromkeys(" ".join(one[0].split()) for one in found)
    return Suppliers(
        "; ".join(name for name in names if name), "; ".join(dict.fromkeys(ids["company"])),
        "; ".join(dict.fromkeys(ids["charity"])), "; ".join(dict.fromkeys(ids["other"])),
        _any(one[4] for one in found), _any(one[5] for one in found), True,
    )  # fmt: skip


def _any(words: object) -> bool | None:
    said = [read_yes_no(word) for word in words if word]  # type: ignore[attr-defined]
    return True if True in said else False if False in said else None
