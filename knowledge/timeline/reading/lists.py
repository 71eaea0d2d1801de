"""Cells of the desk's own template that hold several things: codes, places, lots, notices."""

from __future__ import annotations

import re
from typing import Any

from knowledge.timeline.nouns import Lot
from knowledge.timeline.reading.bands import NoBand, read_band
from knowledge.timeline.reading.mending import mend_line

MOST_LOTS = 200
_MOST_NUMBERED = 99
_CPV = re.compile(r"(\d{8})(?:-\d)?")
_REGION = re.compile(r"(?:UK|TL)[A-Z0-9]{0,4}|[EWSN]\d{8}")
_NOTICE = re.compile(r"\b\d{6}-20\d\d\b|\bocds-[a-z0-9]{6}-[\w.:-]+", re.I)
_FINDER = re.compile(r"contractsfinder\S*/notice/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.I)


class BadCell(ValueError):
    """A cell that cannot be read. Its text names the cell and what would be read."""


def _listed(text: str, between: str = r"[,;|\n]") -> list[str]:
    """The entries of a list, each once, without the mark by which a spreadsheet is told that one is no formula."""
    parts = (mend_line(part.strip().lstrip("'")) for part in re.split(between, text))
    return list(dict.fromkeys(part for part in parts if part))


def read_places(name: str, text: str, heading: str) -> dict[str, Any]:
    return {name: tuple(_listed(text))}


def read_cpv(name: str, text: str, heading: str) -> dict[str, Any]:
    codes = _listed(text, r"[\s,;|]+")
    if wrong := [code for code in codes if not _CPV.fullmatch(code)]:
        raise BadCell(f"{wrong[0][:60]!r} is no CPV code: eight digits, zeros in front included (85312400, 85312400-9)")
    return {name: tuple(dict.fromkeys(code[:8] for code in codes))}


def read_regions(name: str, text: str, heading: str) -> dict[str, Any]:
    codes = [code.upper() for code in _listed(text, r"[\s,;|]+")]
    if wrong := [code for code in codes if not _REGION.fullmatch(code)]:
        raise BadCell(f"{wrong[0][:60]!r} is no region code (UKJ4, TLJ4, E10000016); names of places go under Area")
    return {name: tuple(dict.fromkeys(codes))}


def read_lots(name: str, text: str, heading: str) -> dict[str, Any]:
    """One lot a line, or "; " between two. A mere number is so many lots that nobody has named."""
    if re.fullmatch(r"\d{1,4}", text.strip()):
        count = int(text)
        if count > _MOST_NUMBERED:
            raise BadCell(f"{text!r} is more lots than can be: one on each line is read (North (£100k-£200k))")
        return {name: tuple(Lot(title=f"Lot {number}") for number in range(1, count + 1)) if count > 1 else ()}
    parts = [part.strip().lstrip("•*'").strip() for part in re.split(r"\n|;(?=\s|$)", text)]
    lots = tuple(_lot(part) for part in parts if part)
    if len(lots) > MOST_LOTS:
        raise BadCell(f"{len(lots)} lots are more than the {MOST_LOTS} that are kept")
    return {name: lots}


def _lot(text: str) -> Lot:
    """A lot's title, and its value where brackets behind it hold one."""
    found = re.fullmatch(r"(?P<title>.*\S)\s*\((?P<band>[^()]*\d[^()]*)\)", text)
    if found:
        try:
            band = read_band(found["band"])
            return Lot(title=mend_line(found["title"]), low=band.low, high=band.high)
        except NoBand as error:
            if "£" in found["band"]:
                raise BadCell(str(error)) from None
    return Lot(title=mend_line(text))


def read_notices(name: str, text: str, heading: str) -> dict[str, Any]:
    found: dict[str, None] = {}
    for part in _listed(text, r"[,;|\n]|\s(?=\d{6}-|ocds-|https?:)"):
        if finder := _FINDER.search(part):
            found[f"cf:{finder[1].lower()}"] = None
        elif notice := _NOTICE.search(part):
            found[notice[0]] = None
        else:
            raise BadCell(f"{part[:60]!r} is no notice's number or OCID (012345-2027, ocds-h6vhtk-012345)")
    return {name: tuple(found)}
